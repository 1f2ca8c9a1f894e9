#!/usr/bin/env bash
# run.sh BUILD MODEL: the end-to-end tests that need no systemd, on the binary in the folder BUILD.
here=$(dirname "$(realpath "$0")")
# shellcheck source=common.sh
. "$here/common.sh"
[ $# -eq 2 ] || { echo "usage: run.sh BUILD MODEL" >&2; exit 64; }
build=$(absolute "$1") || exit
bin=$(absolute "$1/elmond") || exit
model=$(absolute "$2") || exit
make_folder

# script NAME ARGUMENTS…: one script; 77 is a visible skip.
script() {
  local name=$1
  shift
  echo "== $name"
  "$here/$name" "$@"
  case $? in
    0) pass "$name" ;;
    77) echo "SKIP $name" ;;
    *) fail "$name" ;;
  esac
}

# A file for the kills, long enough to meet them: 5000 tweets over ten hours, a tenth of them twice.
for ((n = 0; n < 5000; n++)); do
  tweet_line "$n"
  if ((n % 10 == 9)); then tweet_line "$((n - 5))"; fi
done >"$folder/tweets.jsonl"

script sample.sh "$bin" "$model"
script commands.sh "$bin" "$model"
script pretrain.sh "$bin"
script article.sh "$bin" "$model"
script shares.sh "$bin" "$model"
script shapes.sh "$bin" "$model"
script spool.sh "$bin" "$model"
script readonly.sh "$bin" "$model"
script reload.sh "$bin" "$model"
script locked.sh "$bin" "$model"
script firststart.sh "$bin" "$model"
script kill9.sh "$bin" "$model" "$folder/tweets.jsonl" 5
script archives.sh "$bin" "$model" 4
script replace.sh "$bin" "$model"
script replay.sh "$bin" "$model"
script live.sh "$build" "$model"
script rules.sh "$build" "$model"
script silent.sh "$build" "$model"
script reload_live.sh "$build" "$model" 20
script kill9live.sh "$build" "$model" 5
script flood.sh "$build" "$model" 15
echo "== all"
finish

#!/usr/bin/env bash
# firststart.sh BIN MODEL [TIMES]: a kill −9 at any moment of the very first start leaves nothing that the next start refuses.
#
# TIMES (30) first starts are killed within 60 ms after the database's file appears; each next start must count the file.
# SEED=n repeats the moments of a run.
here=$(dirname "$(realpath "$0")")
# shellcheck source=common.sh
. "$here/common.sh"
[ $# -ge 2 ] || { echo "usage: firststart.sh BIN MODEL [TIMES]" >&2; exit 64; }
bin=$(absolute "$1") || exit
model=$(absolute "$2") || exit
times=${3:-30}
seed=${SEED:-$RANDOM}
RANDOM=$seed
make_folder
note "$times kills, seed $seed"

tweet_line 1 >"$folder/in.jsonl"
bad=0
for ((i = 1; i <= times; i++)); do
  state=$folder/state-$i
  mkdir "$state"
  {
    write_settings "$state" "$model"
    printf '[[source]]\nname = "in"\nkind = "file"\npath = "%s"\n' "$folder/in.jsonl"
  } >"$folder/settings.toml"
  start_daemon "$folder/killed.log" "$bin" run --config "$folder/settings.toml" --until-end
  until [ -e "$state/elmond.db" ] || ! daemon_runs; do :; done
  sleep "0.0$((RANDOM % 60 + 10))"
  stop_daemon KILL
  start_daemon "$folder/next.log" "$bin" run --config "$folder/settings.toml" --until-end
  wait "$daemon_pid"
  status=$?
  daemon_pid=""
  if [ "$status" -ne 0 ] || [ "$(total "$state/elmond.db")" != 1 ]; then
    bad=$((bad + 1))
    note "kill $i: the next start ended with $status, $(total "$state/elmond.db") tweets"
  fi
done
expect "first starts that the next one could not follow" "$bad" 0
finish

#!/usr/bin/env bash
# replace.sh BIN MODEL: files that are replaced by longer copies of themselves, packed in place, or emptied and
# written anew while the daemon runs or is stopped: each line counts once.
here=$(dirname "$(realpath "$0")")
# shellcheck source=common.sh
. "$here/common.sh"
[ $# -eq 2 ] || { echo "usage: replace.sh BIN MODEL" >&2; exit 64; }
bin=$(absolute "$1") || exit
model=$(absolute "$2") || exit
make_folder

# lines COUNT: plain text without ids, so that nothing but the place in the file tells a line that was counted.
lines() { for ((n = 1; n <= $1; n++)); do echo "sentence $n is a fine sentence of its own"; done; }

# settings NAME LINES…: the settings of one source in a state of its own; begins the daemon.
settings() {
  local name=$1
  shift
  mkdir -p "$folder/$name/in"
  db=$folder/$name/elmond.db
  { write_settings "$folder/$name" "$model"; printf '%s\n' '[[source]]' 'name = "s"' "$@"; } >"$folder/$name.toml"
}
start() { start_daemon "$folder/daemon.log" "$bin" run --config "$folder/$1.toml"; }
# replaced FILE COUNT: a longer copy is made beside it and renamed over it.
replaced() { lines "$2" >"$folder/copy" && mv "$folder/copy" "$1"; }
# counted WHAT WANTED: so many are counted, and stay so.
counted() {
  wait_for_total "$db" "$2" 30 || true
  sleep 3
  expect "$1" "$(total "$db")" "$2"
}

in=$folder/file/in/a.txt
settings file 'kind = "file"' "path = \"$in\"" 'follow = true'
lines 20 >"$in"
start file
counted "a followed file" 20
replaced "$in" 30
counted "  replaced by a longer copy" 30
replaced "$in" 35
counted "  and once more" 35
stop_daemon TERM
replaced "$in" 40
start file
counted "  replaced while the daemon was stopped" 40
{ lines 10; sleep 0.5; lines 50 | tail -n +11; } >"$in"
counted "  emptied and written anew with more" 50
stop_daemon TERM

in=$folder/spool/in
settings spool 'kind = "directory"' "path = \"$in\"" 'settle = "1s"'
lines 20 >"$in/a.txt"
start spool
counted "a file of a spool" 20
replaced "$in/a.txt" 30
counted "  replaced by a longer copy" 30
gzip "$in/a.txt"
counted "  packed in place" 30
stop_daemon TERM
start spool
counted "  after a restart" 30
gunzip "$in/a.txt.gz"
counted "  unpacked in place" 30
stop_daemon TERM
[ "$failures" -eq 0 ] || show_log
finish

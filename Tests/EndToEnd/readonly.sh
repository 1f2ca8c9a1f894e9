#!/usr/bin/env bash
# readonly.sh BIN MODEL: another user, who may only read, queries the database with plain sqlite3 while the
# daemon runs, after a clean stop and after kill −9. Needs root, to be those users.
here=$(dirname "$(realpath "$0")")
# shellcheck source=common.sh
. "$here/common.sh"
[ $# -eq 2 ] || { echo "usage: readonly.sh BIN MODEL" >&2; exit 64; }
bin=$(absolute "$1") || exit
model=$(absolute "$2") || exit
[ "$(id -u)" -eq 0 ] || { echo "SKIP needs root, to be another user"; exit 77; }
make_folder
chmod 755 "$folder"
state=$folder/state
live=$folder/live.jsonl
db=$state/elmond.db

# The daemon's user and the reader share one group: the reader's own.
reader=$(id -u nobody)
group=$(id -g nobody)
owner=$(id -u daemon)
mkdir "$state"
chown "$owner:$group" "$state"
chmod 2750 "$state"
as_owner=(setpriv "--reuid=$owner" "--regid=$group" --clear-groups)
if ! "${as_owner[@]}" "$bin" --help >/dev/null 2>&1 || ! "${as_owner[@]}" test -r "$model/model.json"; then
  note "user daemon cannot reach the binary or the model: root runs the daemon"
  as_owner=(env)
fi
for ((n = 0; n < 30; n++)); do tweet_line "$n"; done >"$live"
{
  write_settings "$state" "$model"
  printf '[[source]]\nname = "live"\nkind = "file"\npath = "%s"\nfollow = true\n' "$live"
} >"$folder/settings.toml"
chmod 644 "$live" "$folder/settings.toml"

run_daemon() {
  umask 027
  start_daemon "$folder/daemon.log" "${as_owner[@]}" "$bin" run --config "$folder/settings.toml"
  umask 022
}

# as_reader FILE: what the issue promises, word for word, as another user.
as_reader() {
  setpriv "--reuid=$reader" "--regid=$group" --clear-groups \
    sqlite3 -batch -cmd '.timeout 5000' "$1" "select * from hourly where topic='all'" 2>&1
}

# read_as_reader WHEN WANTED: both ways of opening; the tweets are the fourth column.
read_as_reader() {
  local name answer status
  for name in "$db" "file:$db?mode=ro"; do
    answer=$(as_reader "$name")
    status=$?
    if [ "$status" -ne 0 ]; then
      fail "$1, $name: sqlite3 ended with $status: $answer"
    else
      expect "$1, ${name##*/}: tweets" "$(echo "$answer" | awk -F'|' '{ sum += $4 } END { print sum + 0 }')" "$2"
    fi
  done
}

run_daemon
wait_for_total "$db" 30 60 || stop_here "the daemon counted $(total "$db") of 30 tweets in 60 s"
read_as_reader "while the daemon runs" 30
for ((n = 30; n < 50; n++)); do tweet_line "$n"; done >>"$live"
wait_for_total "$db" 50 60 || stop_here "the daemon counted $(total "$db") of 50 tweets in 60 s"
read_as_reader "while the daemon runs, after more tweets" 50

expect "mode of the state folder" "$(stat -c %a "$state" | grep -o '...$')" 750
for file in "$state"/*; do
  expect "mode of ${file##*/}" "$(stat -c %a "$file")" 640
  expect "group of ${file##*/}" "$(stat -c %g "$file")" "$group"
done

stop_daemon TERM
expect "exit status after SIGTERM" "$daemon_status" 0
read_as_reader "after a clean stop" 50

for ((n = 50; n < 60; n++)); do tweet_line "$n"; done >>"$live"
run_daemon
wait_for_total "$db" 60 60 || stop_here "the daemon counted $(total "$db") of 60 tweets in 60 s"
stop_daemon KILL
read_as_reader "after kill -9" 60

expect "files of the reader in the state folder" "$(find "$state" -user "$reader" | wc -l)" 0
run_daemon
for ((n = 60; n < 65; n++)); do tweet_line "$n"; done >>"$live"
if wait_for_total "$db" 65 60; then
  pass "the daemon starts again after the reader was there"
else
  fail "the daemon counted $(total "$db") of 65 tweets after the reader was there"
fi
read_as_reader "after the restart" 65
stop_daemon TERM
expect "exit status at the end" "$daemon_status" 0
[ "$failures" -eq 0 ] || show_log
finish

#!/usr/bin/env bash
# reload.sh BIN MODEL: SIGHUP takes new settings over while a source is being read, a bad file keeps the old ones.
here=$(dirname "$(realpath "$0")")
# shellcheck source=common.sh
. "$here/common.sh"
[ $# -eq 2 ] || { echo "usage: reload.sh BIN MODEL" >&2; exit 64; }
bin=$(absolute "$1") || exit
model=$(absolute "$2") || exit
make_folder
state=$folder/state
db=$state/elmond.db
live=$folder/live.jsonl
settings=$folder/settings.toml
mkdir "$state"
{
  write_settings "$state" "$model"
  printf '[[source]]\nname = "live"\nkind = "file"\npath = "%s"\nfollow = true\n' "$live"
} >"$settings"

# lines FROM COUNT: tweets with numbers of their own, appended to the followed file.
lines() {
  local n
  for ((n = $1; n < $1 + $2; n++)); do tweet_line "$n"; done >>"$live"
}
# log_says PATTERN: waits until the log has such a line.
log_says() {
  local end=$((SECONDS + 10))
  until grep -q "$1" "$folder/daemon.log"; do
    [ "$SECONDS" -lt "$end" ] || { fail "the log says: $1"; show_log; return 1; }
    sleep 0.1
  done
  pass "the log says: $1"
}

lines 0 40
start_daemon "$folder/daemon.log" "$bin" run --config "$settings"
wait_for_total "$db" 40 20 || fail "40 tweets before the reload"

# A bad file is refused and nothing stops.
cp "$settings" "$folder/good.toml"
printf '[stroe]\n' >>"$settings"
kill -HUP "$daemon_pid"
log_says "reload refused"
lines 40 20
if wait_for_total "$db" 60 20; then pass "tweets are counted under the old settings"; else fail "60 tweets"; fi

# A good file with a topic is taken over, in the same process, with nothing lost or read twice.
cp "$folder/good.toml" "$settings"
printf '[[topic]]\nname = "everything"\nmatch = ["tweet", "a", "the", "number"]\n' >>"$settings"
kill -HUP "$daemon_pid"
lines 60 25
log_says "reloading"
if wait_for_total "$db" 85 20; then pass "tweets are counted under the new settings"; else fail "85 tweets"; fi
kill -HUP "$daemon_pid"
kill -HUP "$daemon_pid"
lines 85 15
if wait_for_total "$db" 100 20; then pass "two reloads in a row lose nothing"; else fail "100 tweets"; fi
if kill -0 "$daemon_pid" 2>/dev/null; then pass "it is the same process"; else fail "the process is gone"; fi
stop_daemon TERM
expect "exit status after SIGTERM" "$daemon_status" 0
expect "tweets of topic all" "$(total "$db")" 100
[ "$failures" -eq 0 ] || show_log
finish

#!/usr/bin/env bash
# locked.sh BIN MODEL: another program holds the database for a while: nothing is lost, the report is written, the
# watchdog is told, and the log has one line that says so and one when it is over. Beside it: a flood of junk is a
# few lines in the log.
here=$(dirname "$(realpath "$0")")
# shellcheck source=common.sh
. "$here/common.sh"
[ $# -eq 2 ] || { echo "usage: locked.sh BIN MODEL" >&2; exit 64; }
bin=$(absolute "$1") || exit
model=$(absolute "$2") || exit
make_folder
state=$folder/state
db=$state/elmond.db
log=$folder/daemon.log
mkdir "$state"
seq -f 'line %g of the first ones' 3 >"$folder/in.txt"
{
  write_settings "$state" "$model"
  printf '[[source]]\nname = "s"\nkind = "file"\npath = "%s"\nformat = "text"\nfollow = true\n' "$folder/in.txt"
} >"$folder/settings.toml"

# The watchdog is due every second, and a piece of work may take as long.
WATCHDOG_USEC=2000000 start_daemon "$log" "$bin" run --config "$folder/settings.toml"
wait_for_total "$db" 3 30 || stop_here "the first lines are not counted"
says() { sed -n "s/.*$1.*/&/p" "$log" | wc -l; }

# lock SECONDS: holds the right to write.
lock() {
  (
    echo 'begin immediate;'
    sleep "$1"
    echo 'rollback;'
  ) | sqlite3 -batch "$db"
}

# A lock of a moment is nothing to tell of.
lock 1 &
locker=$!
sleep 0.2
seq -f 'line %g during the short lock' 3 >>"$folder/in.txt"
wait "$locker"
wait_for_total "$db" 6 10 || fail "the lines of the short lock are not counted"
expect "lines of the log about the lock of a moment" "$(says 'locked\|paused\|free again')" 0

# A long one.
lock 8 &
locker=$!
sleep 0.5
seq -f 'line %g during the lock' 3 >>"$folder/in.txt"
written=()
for _ in 1 2 3 4 5; do
  sleep 1.3
  written+=("$(head -n 1 "$state/status.txt")")
done
expect "tweets while the database is locked" "$(total "$db")" 6
expect "reports while the database is locked" "$(printf '%s\n' "${written[@]}" | sort -u | wc -l)" 5
expect_least "reports that name the trouble" "$(grep -c 'TROUBLE: locked by another program since' "$state/status.txt")" 1
wait "$locker"
wait_for_total "$db" 9 10 || fail "the lines of the lock are not counted"
pass "all lines are counted ($(total "$db"))"
sleep 1.5
expect "warnings that the database is locked" "$(says 'the database is locked by another program')" 1
expect "lines that it is free again" "$(says 'the database is free again')" 1
expect "reports that name a trouble now" "$(grep -c TROUBLE "$state/status.txt")" 0
expect "clock jumps in the log" "$(says 'clock jumped')" 0
expect "reports that were not written, in the log" "$(says 'not written')" 0
expect "late watchdogs in the log" "$(says 'watchdog is not told')" 0
expect "warnings and errors in the log" "$(grep -cE ' (warning|error) ' "$log")" 1

# A reload under a lock waits for it.
lock 3 &
locker=$!
sleep 0.3
kill -HUP "$daemon_pid"
wait "$locker"
seq -f 'line %g behind the reload' 3 >>"$folder/in.txt"
wait_for_total "$db" 12 20 || fail "the lines behind the reload are not counted"
if daemon_runs; then pass "the daemon runs after a reload under a lock"; else fail "the daemon does not run after a reload under a lock"; fi
stop_daemon TERM
expect "exit status after SIGTERM" "$daemon_status" 0
expect "sources that still follow after the stop" "$(grep -c ' following ' "$state/status.txt")" 0
expect "the report after the stop" "$(grep -c '^Stopped: SIGTERM, exit code 0' "$state/status.txt")" 1

# Junk: every line is counted, a few are told, and the summary tells how many more there were.
for ((n = 0; n < 20000; n++)); do echo "{\"number\": $n"; done >"$folder/junk.jsonl"
mkdir "$folder/junk"
{
  write_settings "$folder/junk" "$model"
  printf '[[source]]\nname = "s"\nkind = "file"\npath = "%s"\nformat = "jsonl"\n' "$folder/junk.jsonl"
} >"$folder/junk.toml"
"$bin" run --config "$folder/junk.toml" --until-end >"$folder/junk.log" 2>&1
expect "undecodable lines of junk" "$(read_database "$folder/junk/elmond.db" \
  "select value from counters where name = 'undecodable'")" 20000
told=$(grep -c ' record skipped ' "$folder/junk.log")
more=$(sed -n 's/.* records skipped .*[ ]count=\([0-9]*\).*/\1/p' "$folder/junk.log" | awk "{ sum += \$1 } END { print sum + 0 }")
expect "lines that are told, and those that the summaries count" "$((told + ${more:-0}))" 20000
lines=$(wc -l <"$folder/junk.log")
if [ "$lines" -lt 20 ]; then pass "lines of the log ($lines)"; else fail "the log has $lines lines"; fi
finish

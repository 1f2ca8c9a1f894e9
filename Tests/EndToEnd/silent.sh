#!/usr/bin/env bash
# silent.sh BUILD MODEL: a Jetstream that answers pings and sends nothing is left for the next server.
#
# The first server falls silent after 20 posts. The gap is open in the ledger, the second server is asked from the last
# post on, and every post is counted once.
here=$(dirname "$(realpath "$0")")
# shellcheck source=common.sh
. "$here/common.sh"
# shellcheck source=live_common.sh
. "$here/live_common.sh"
[ $# -eq 2 ] || { echo "usage: silent.sh BUILD MODEL" >&2; exit 64; }
bin=$(absolute "$1/elmond") || exit
server=$(absolute "$1/elmond-fault-server") || exit
model=$(absolute "$2") || exit
make_folder
# Posts of the last minute: a cursor that is older would be a gap.
now=$(date +%s)
for ((n = 0; n < 50; n++)); do
  printf '{"did":"did:plc:t","time_us":%s000000,"kind":"commit","commit":{"rev":"3l3qo2vuowo2b","operation":"create","collection":"app.bsky.feed.post","rkey":"k%s","record":{"text":"what a lovely train %s","langs":["en"]}}}\n' \
    "$((now - 50 + n))" "$n" "$n"
done >"$folder/frames.jsonl"
head -n 20 "$folder/frames.jsonl" >"$folder/begin.jsonl"
"$server" --protocol jetstream --file "$folder/begin.jsonl" --port-file "$folder/first.port" >"$folder/first.log" 2>&1 &
first_pid=$!
start_server "$folder/second" --protocol jetstream --file "$folder/frames.jsonl"
trap 'kill -9 $first_pid 2>/dev/null; stop_server; clean_up' EXIT
{
  write_settings "$folder" "$model"
  printf '[[source]]\nname = "sky"\nkind = "jetstream"\nidle = "2s"\nurls = ["ws://127.0.0.1:%s/subscribe", "ws://127.0.0.1:%s/"]\n' \
    "$(cat "$folder/first.port")" "$server_port"
} >"$folder/settings.toml"
database=$folder/elmond.db
start_daemon "$folder/daemon.log" "$bin" run --config "$folder/settings.toml"
wait_for_total "$database" 50 15 || true
expect "posts that are counted" "$(total "$database")" 50
expect "the gap in the ledger" \
  "$(read_database "$database" "select reason || ' ' || recovered_by || ' ' || (to_time is not null) from gaps limit 1")" \
  "stall cursor 1"
# The second server is silent too, and both are left in turn: at most one row is open at a time.
sleep 5
expect "at most one gap is open" "$(read_database "$database" "select count(*) <= 1 from gaps where to_time is null")" 1
expect_least "times that a server was left" "$(read_database "$database" "select value from counters where name = 'stalls'")" 2
stop_daemon TERM
expect "the daemon ends with" "$daemon_status" 0
expect "posts that are counted at the end" "$(total "$database")" 50
"$bin" doctor --config "$folder/settings.toml" >"$folder/doctor" 2>&1
expect "doctor opens both streams" "$(grep -c 'the stream opens' "$folder/doctor")" 2
finish

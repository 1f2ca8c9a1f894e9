#!/usr/bin/env bash
# kill9live.sh BUILD MODEL [TIMES]: kill −9 at random moments while live sources and a file are read at once.
#
# Four sources: a file that grows, a stream of X without recovery, one with backfill, and a Jetstream. Every record is
# written in a minute of its own, so that the buckets tell which were counted. After TIMES (10) kills:
# the file, the backfilled stream and Jetstream have every record once; of the stream without recovery every record that was
# handed over is counted once, or was handed over within a gap of the ledger. SEED=n repeats the moments of a run.
here=$(dirname "$(realpath "$0")")
# shellcheck source=common.sh
. "$here/common.sh"
# shellcheck source=live_common.sh
. "$here/live_common.sh"
[ $# -ge 2 ] || { echo "usage: kill9live.sh BUILD MODEL [TIMES]" >&2; exit 64; }
bin=$(absolute "$1/elmond") || exit
server=$(absolute "$1/elmond-fault-server") || exit
model=$(absolute "$2") || exit
times=${3:-10}
seed=${SEED:-$RANDOM}
RANDOM=$seed
make_folder
printf 'a-token\n' >"$folder/token"
rate=40
# What goes by while the kills last, and a little more.
records=$((times * rate * 9 / 10 + 200))
note "$times kills, seed $seed, $records records of each source at $rate a second"

# Every record in a minute of its own, and with an id of its own in each source.
for ((n = 0; n < records; n++)); do
  milliseconds=$((1788220800000 + n * 60000))
  id=$(((milliseconds - 1288834974657) << 22))
  text="line $n of the test, what a lovely train"
  printf '{"id_str":"%s","text":"%s","lang":"en","timestamp_ms":"%s"}\n' "$id" "$text" "$milliseconds" >&4
  printf '{"data":{"id":"%s","text":"%s","lang":"en"}}\n' "$((id | 1))" "$text" >&5
  printf '{"data":{"id":"%s","text":"%s","lang":"en"}}\n' "$((id | 2))" "$text" >&6
  printf '{"did":"did:plc:t","time_us":%s000,"kind":"commit","commit":{"rev":"3l3qo2vuowo2b","operation":"create","collection":"app.bsky.feed.post","rkey":"k%s","record":{"text":"%s","langs":["en"]}}}\n' \
    "$milliseconds" "$id" "$text" >&7
done 4>"$folder/records.jsonl" 5>"$folder/plain.jsonl" 6>"$folder/filled.jsonl" 7>"$folder/frames.jsonl"

servers=""
serve() { # serve NAME PROTOCOL FILE OPTIONS…
  local name=$1 protocol=$2 file=$3
  shift 3
  "$server" --protocol "$protocol" --file "$file" --port-file "$folder/$name.port" --rate "$rate" \
    --journal "$folder/$name.journal" "$@" >>"$folder/$name.server.log" 2>&1 &
  servers="$servers $!"
  local tries=0
  until [ -s "$folder/$name.port" ]; do
    sleep 0.05
    tries=$((tries + 1))
    [ "$tries" -lt 200 ] || stop_here "a server does not start: $(cat "$folder/$name.server.log")"
  done
}
trap 'kill -9 $servers $writer 2>/dev/null; wait 2>/dev/null; clean_up' EXIT
serve plain x "$folder/plain.jsonl"
serve filled x "$folder/filled.jsonl" --backfill
serve sky jetstream "$folder/frames.jsonl"

# The file grows as the streams go on.
head -n 1 "$folder/records.jsonl" >"$folder/growing.jsonl"
grow() {
  local line n=0
  while IFS= read -r line; do
    printf '%s\n' "$line"
    n=$((n + 1))
    [ $((n % 4)) -eq 0 ] && sleep 0.1
  done < <(tail -n +2 "$folder/records.jsonl")
}
grow >>"$folder/growing.jsonl" &
writer=$!

{
  write_settings "$folder" "$model"
  printf '[[source]]\nname = "file"\nkind = "file"\npath = "%s"\nfollow = true\n' "$folder/growing.jsonl"
  printf '[[source]]\nname = "plain"\nkind = "x"\nurl = "http://127.0.0.1:%s"\ntoken_file = "%s"\n' \
    "$(cat "$folder/plain.port")" "$folder/token"
  printf '[[source]]\nname = "filled"\nkind = "x"\nurl = "http://127.0.0.1:%s"\ntoken_file = "%s"\nrecover = "backfill"\n' \
    "$(cat "$folder/filled.port")" "$folder/token"
  printf '[[source]]\nname = "sky"\nkind = "jetstream"\nurls = ["ws://127.0.0.1:%s"]\n' "$(cat "$folder/sky.port")"
} >"$folder/live.toml"
database=$folder/elmond.db

# A kill before the first commit of a stream is met too: it has its place before it connects. Jetstream is left alone until
# its first commit: its posts here have times of their own, and it would ask for those of now.
by_source() { read_database "$database" "select coalesce(sum(tweets), 0) from hourly_detail where topic = 'all' and source = '$1'" 2>/dev/null || echo 0; }
start_daemon "$folder/live.log" "$bin" run --config "$folder/live.toml"
for source in file sky; do
  for ((try = 0; try < 200; try++)); do
    [ "$(by_source $source)" -gt 0 ] && break
    sleep 0.05
  done
done
stop_daemon KILL

kills=0
for ((i = 1; i <= times; i++)); do
  pause=$((250 + RANDOM % 900))
  start_daemon "$folder/live.log" "$bin" run --config "$folder/live.toml"
  sleep "$((pause / 1000)).$(printf %03d $((pause % 1000)))"
  if daemon_runs; then
    stop_daemon KILL
    kills=$((kills + 1))
  else
    fail "start $i ended by itself"
    show_log
    stop_daemon TERM
  fi
done
expect "kills that met a running daemon" "$kills" "$times"
note "$(total "$database") tweets counted after the kills"

# The last start, to the end of the streams and of the file.
start_daemon "$folder/live.log" "$bin" run --config "$folder/live.toml"
until=$((SECONDS + records / rate + 60))
while [ "$SECONDS" -lt "$until" ]; do
  [ "$(by_source file)" -ge "$records" ] && [ "$(by_source sky)" -ge "$records" ] &&
    [ "$(by_source filled)" -ge "$records" ] && break
  sleep 0.5
done
sleep 1
stop_daemon TERM
expect "the last start ends with" "$daemon_status" 0

expect "integrity of the database" "$(read_database "$database" 'pragma quick_check')" ok
for source in file filled sky; do
  expect "records of $source that are counted once" "$(read_database "$database" "select count(*) from minutely_detail
    where topic = 'all' and source = '$source' and tweets = 1")" "$records"
done
expect "records that are counted twice" "$(read_database "$database" "select count(*) from minutely_detail
  where topic = 'all' and tweets > 1")" 0

# The stream without recovery: what was handed over, less what the ledger names.
sqlite3 -batch "$folder/check.db" "create table journal (moment integer, what text, first integer, after integer)" \
  ".mode tabs" ".import $folder/plain.journal journal"
lost() { # lost CONDITION: records that were handed over, are not counted, and meet the condition
  sqlite3 -batch -cmd "attach 'file:$database?mode=ro' as elmond" "$folder/check.db" "
    with recursive record(n) as (select 0 union all select n + 1 from record where n + 1 < $records),
    handed as (select n, moment from record join journal on what = 'sent' and n >= first and n < after),
    counted as (select (bucket_start - 1788220800) / 60 as n from elmond.minutely_detail
      where topic = 'all' and source = 'plain')
    select count(*) from handed where n not in (select n from counted) and $1"
}
handed=$(sqlite3 -batch "$folder/check.db" "select sum(after - first) from journal where what = 'sent'")
gaps=$(read_database "$database" "select count(*) from gaps where source = 'plain'")
expect_least "records handed over by the stream without recovery" "$handed" 1
note "$(by_source plain) of $handed counted, $(lost 1) lost in $gaps gaps of the ledger"
# A record that was handed over in the last moment before a kill, or in the first after a start, is at the edge of its gap by
# the clocks of two programs: 20 ms.
expect "records that are missing outside of the ledger" "$(lost "not exists (select 1 from elmond.gap
  where source = 'plain' and moment between from_ms - 20 and to_ms + 20)")" 0
finish

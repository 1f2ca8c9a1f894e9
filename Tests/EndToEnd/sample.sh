#!/usr/bin/env bash
# sample.sh BIN MODEL: the bundled sample through the daemon, with the counts of config/sample/README.md.
here=$(dirname "$(realpath "$0")")
# shellcheck source=common.sh
. "$here/common.sh"
[ $# -eq 2 ] || { echo "usage: sample.sh BIN MODEL" >&2; exit 64; }
bin=$(absolute "$1") || exit
model=$(absolute "$2") || exit
sample=$(absolute "$here/../../config/sample") || exit
make_folder
mkdir "$folder/state"
db=$folder/state/elmond.db
{
  write_settings "$folder/state" "$model"
  for name in debate-v1.jsonl phone-v2.jsonl city.csv; do
    printf '[[source]]\nname = "%s"\nkind = "file"\ntags = true\npath = "%s"\n' "${name%%[-.]*}" "$sample/$name"
  done
} >"$folder/settings.toml"

for turn in first second; do
  start_daemon "$folder/$turn.log" "$bin" run --config "$folder/settings.toml" --until-end
  wait "$daemon_pid"
  status=$?
  daemon_pid=""
  expect "exit status of the $turn run" "$status" 0
  [ "$status" -eq 0 ] || stop_here "the run failed"
  expect "tweets of topic all after the $turn run" "$(total "$db")" 329
done
# One definition a word: what log, report and query say of the same numbers.
expect "the sum in the report" "$(grep -E '^ +decoded' "$folder/state/status.txt" | xargs)" \
  "decoded 338 = tweets 330 + corrected 2 + duplicates 6"
expect "what is counted, in the report" "$(grep -E '^ +counted now' "$folder/state/status.txt" | xargs)" \
  "counted now 329 = tweets 330 − deleted 1"
expect "the sums of query counters" "$("$bin" query counters --database "$db" | tail -n 2 | xargs)" \
  "decoded 338 = tweets 330 + corrected 2 + duplicates 6 counted now 329 = tweets 330 − deleted 1"
expect "the sum in the log" "$(grep -c 'sum="decoded 338 = tweets 330 + corrected 2 + duplicates 6"' "$folder/first.log")" 1
expect "what is counted, in the log" "$(grep -c 'database="counted now 329 = tweets 330 − deleted 1"' "$folder/first.log")" 1
expect "tweets of the first run in the log" "$(grep -c ' stopped .*tweets=330' "$folder/first.log")" 1
expect "tweets of the second run in the log" "$(grep -c ' stopped .*tweets=0' "$folder/second.log")" 1
expect "the report of a stopped daemon" "$(grep -c '^Stopped: all sources are read to their end, exit code 0' "$folder/state/status.txt")" 1
for pair in debate:157 phone:94 city:78; do
  expect "tweets of source ${pair%:*}" "$(read_database "$db" "select sum(tweets) from hourly_detail
    where topic = 'all' and source = '${pair%:*}'")" "${pair#*:}"
done
counter() { read_database "$db" "select coalesce(sum(value), 0) from counters where source = '$1' and name = '$2'"; }
while read -r name debate phone city; do
  expect "counter $name of debate" "$(counter debate "$name")" "$debate"
  expect "counter $name of phone" "$(counter phone "$name")" "$phone"
  expect "counter $name of city" "$(counter city "$name")" "$city"
done <<'COUNTERS'
records 169 113 80
blank 0 12 0
decoded 161 98 79
notices 5 1 0
undecodable 3 2 1
duplicates 3 2 1
corrected 0 2 0
deleted 1 0 0
uncorrectable 1 0 0
COUNTERS
expect "tweets of the stream rule's tag phone" "$(read_database "$db" "select sum(tweets) from hourly
  where topic = 'phone'")" 94
expect "the hour with most tweets" "$(read_database "$db" "select bucket from hourly where topic = 'all'
  order by tweets desc limit 1")" 2026-11-20T19:00:00Z
expect "hours with more labels than tweets" "$(read_database "$db" "select count(*) from hourly
  where negative + neutral + positive > tweets")" 0
expect "sum of the minutes" "$(read_database "$db" "select sum(tweets) from minutely where topic = 'all'")" 329
expect "sum of the days" "$(read_database "$db" "select sum(tweets) from daily where topic = 'all'")" 329
finish

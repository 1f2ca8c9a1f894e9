#!/usr/bin/env bash
# flood.sh BUILD MODEL [SECONDS (15)] [RATE]: a stream of X that is far faster than the classifier.
#
# RATE (60000) posts a second for SECONDS, which must be more than the five that a socket is left alone: memory stays flat, what finds no room is counted as shed and stands in the
# ledger, and every post that was handed over is counted, a duplicate, or shed.
here=$(dirname "$(realpath "$0")")
# shellcheck source=common.sh
. "$here/common.sh"
# shellcheck source=live_common.sh
. "$here/live_common.sh"
[ $# -ge 2 ] || { echo "usage: flood.sh BUILD MODEL [SECONDS] [RATE]" >&2; exit 64; }
bin=$(absolute "$1/elmond") || exit
server=$(absolute "$1/elmond-fault-server") || exit
model=$(absolute "$2") || exit
seconds=${3:-15}
rate=${4:-60000}
make_folder
printf 'a-token\n' >"$folder/token"
words=(train station delay lovely awful morning coffee rain sunny ticket seat window driver queue happy angry late early
  quiet crowded bridge river city line platform track music book phone news)
# A million posts and more, each with a text of its own; the file is played again when it ends.
for ((n = 0; n < 20000; n++)); do
  id=$(((1795132800000 + n * 1000 - 1288834974657) << 22))
  text="$n ${words[RANDOM % 30]} ${words[RANDOM % 30]} is ${words[RANDOM % 30]} and ${words[RANDOM % 30]} at the ${words[RANDOM % 30]}"
  printf '{"data":{"id":"%s","text":"%s, what a %s day for all of us here in this town","lang":"en","author_id":"77"},"includes":{"users":[{"id":"77","username":"x"}]},"matching_rules":[{"id":"1","tag":"rule"}]}\n' \
    "$id" "$text" "${words[RANDOM % 30]}"
done >"$folder/seed.jsonl"
for ((round = 0; round < 50; round++)); do
  # Other digits at the end of the id and at the beginning of the text.
  sed -E "s/\"id\":\"([0-9]+)[0-9]{3}\",\"text\":\"/\"id\":\"\\1$(printf %03d "$round")\",\"text\":\"$round /" "$folder/seed.jsonl"
done >"$folder/posts.jsonl"
rounds=$((seconds * rate / 1000000 + 1))
start_server "$folder/flood" --protocol x --file "$folder/posts.jsonl" --loop "$rounds" --rate "$rate" \
  --journal "$folder/journal"
{
  write_settings "$folder" "$model"
  live_source x "$server_port" "$folder/token"
} | sed -e 's/max_tweets = 32/max_tweets = 64/' >"$folder/flood.toml"
database=$folder/elmond.db
start_daemon "$folder/flood.log" "$bin" run --config "$folder/flood.toml"
memory() { awk '/VmRSS/ { print $2 }' "/proc/$daemon_pid/status"; }
until grep -q "connect" "$folder/journal" 2>/dev/null; do sleep 0.1; done
began=$(date +%s%N)
early=0
warm=$((seconds * 2 / 3))
for ((second = 1; second <= seconds; second++)); do
  sleep 1
  [ $((second % 10)) -eq 0 ] && note "after $second s: $(memory) KiB"
  # Once what waits is as much as may wait, and the caches are warm.
  [ "$second" -eq "$warm" ] && early=$(memory)
done
late=$(memory)
status=$(cat "$folder/status.txt")
# The server is stopped first: what it handed over is known to the end.
sleep 0.2
kill -STOP "$server_pid"
took=$((($(date +%s%N) - began) / 1000000))
# What lies in the socket is read, and what waits is classified, before the daemon stops.
before=-1
for ((try = 0; try < 30; try++)); do
  sleep 2
  now=$(total "$database")
  [ "$now" -eq "$before" ] && break
  before=$now
done
stop_daemon TERM
expect "the daemon ends with" "$daemon_status" 0
handed=$(awk '$2 == "sent" { sum += $4 - $3 } END { print sum + 0 }' "$folder/journal")
stop_server
value() { read_database "$database" "select coalesce(sum(value), 0) from counters where name = '$1'"; }
decoded=$(value decoded)
shed=$(value shed)
note "$handed posts handed over in $took ms: $(value tweets) counted, $(value duplicates) duplicates, $shed shed, $(value undecodable) undecodable"
note "memory $early KiB after $warm s, $late KiB at the end"
expect_least "posts handed over" "$handed" $((seconds * rate / 2))
expect_least "posts shed" "$shed" 1
expect "posts that are neither decoded nor shed" "$((handed - decoded - shed))" 0
expect "decoded posts that are neither counted nor duplicates" "$((decoded - $(value tweets) - $(value duplicates)))" 0
expect "posts shed by the ledger" "$(read_database "$database" "select sum(tweets) from gaps where reason = 'overload'")" "$shed"
expect "undecodable" "$(value undecodable)" 0
if [ "$late" -le $((early + early / 10)) ]; then
  pass "memory is flat ($early KiB, then $late KiB)"
else
  fail "memory grows: $early KiB, then $late KiB"
fi
case $status in
  *shedding*) pass "the report says that posts are shed" ;;
  *) fail "the report does not say that posts are shed" ;;
esac
finish

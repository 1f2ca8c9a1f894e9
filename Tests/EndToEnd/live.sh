#!/usr/bin/env bash
# live.sh BUILD MODEL [DATA]: every live source against the fault server: what it hands over is what is counted.
#
# The same posts come as X v1.1 and v2 lines, as statuses, as frames and as plain documents; each must give the rows that
# the file gives. DATA: a folder of real tweets, which are served too when it is there.
here=$(dirname "$(realpath "$0")")
# shellcheck source=common.sh
. "$here/common.sh"
# shellcheck source=live_common.sh
. "$here/live_common.sh"
[ $# -ge 2 ] || { echo "usage: live.sh BUILD MODEL [DATA]" >&2; exit 64; }
bin=$(absolute "$1/elmond") || exit
server=$(absolute "$1/elmond-fault-server") || exit
model=$(absolute "$2") || exit
data=${3:-}
make_folder
secret="canary-$RANDOM$RANDOM$RANDOM"
printf '%s\n' "$secret" >"$folder/token"

# compare_with_file NAME FILE PROTOCOL OPTIONS…: FILE by itself and as a live stream give the same rows; `extra` is a line
# for the source's settings, the options are the server's. The file is counted once for each name.
extra=""
runs=0
compare_with_file() {
  local name=$1 file=$2 protocol=$3 wanted run
  shift 3
  runs=$((runs + 1))
  run=$folder/$runs.$name
  if [ ! -e "$folder/$name.file.db" ]; then
    count_file "$name" "$file"
  fi
  wanted=$(total "$folder/$name.file.db")
  start_server "$run" --protocol "$protocol" --file "$file" "$@"
  mkdir -p "$run.state"
  {
    write_settings "$run.state" "$model"
    # Everything comes at once: what waits must not be shed.
    live_source "$protocol" "$server_port" "$folder/token" 'backlog = { records = 200000, bytes = "1GiB" }' ${extra:+"$extra"}
    topics
  } >"$run.toml"
  start_daemon "$run.log" "$bin" run --config "$run.toml"
  database=$run.state/elmond.db
  wait_for_total "$database" "$wanted" 120 || true
  sleep 0.5
  # A backfill is over with a heartbeat, which comes every second.
  [ -z "$extra" ] || sleep 2
  environment=$(tr '\0' '\n' <"/proc/$daemon_pid/environ")
  arguments=$(tr '\0' ' ' <"/proc/$daemon_pid/cmdline")
  stop_daemon TERM
  stop_server
  expect "$name as $protocol: the daemon ends with" "$daemon_status" 0
  expect "$name as $protocol: tweets" "$(total "$database")" "$wanted"
  expect "$name as $protocol: rows that differ" "$(differing_rows "$folder/$name.file.db" "$database")" 0
}

for ((n = 0; n < 400; n++)); do
  tweet_line "$n"
  if ((n % 10 == 9)); then tweet_line "$((n - 5))"; fi
done >"$folder/v1.jsonl"
to_v2 <"$folder/v1.jsonl" >"$folder/v2.jsonl"
to_statuses <"$folder/v1.jsonl" >"$folder/statuses.jsonl"
to_frames <"$folder/v1.jsonl" >"$folder/frames.jsonl"

compare_with_file v1 "$folder/v1.jsonl" x --token-file "$folder/token" --duplicate 0.2
compare_with_file v2 "$folder/v2.jsonl" x --token-file "$folder/token" --tls
compare_with_file v1 "$folder/v1.jsonl" http
compare_with_file v1 "$folder/v1.jsonl" http --token-file "$folder/token" --tls --duplicate 0.1

# In another order; torn down again and again, with what was missed sent again.
shuf --random-source=<(yes) "$folder/v1.jsonl" >"$folder/shuffled.jsonl"
compare_with_file v1 "$folder/shuffled.jsonl" x
extra='recover = "backfill"'
compare_with_file v2 "$folder/v2.jsonl" x --token-file "$folder/token" --drop-after 60 --backfill --rate 300 --duplicate 0.1
expect_least "gaps of the stream that was torn down, filled by backfill" \
  "$(read_database "$database" "select count(*) from gaps where recovered_by = 'backfill'")" 1
extra=""

rows_of() { read_database "$1" "select bucket, topic, tweets, negative, neutral, positive, score_mean from minutely order by 1, 2"; }

# Statuses and frames have ids and times of their own: what is compared are the sums by minute.
for protocol in mastodon jetstream; do
  # Jetstream goes on at its cursor after each break.
  faults="--duplicate 0.1"
  [ "$protocol" = jetstream ] && faults="$faults --drop-after 90 --rate 400"
  file=$folder/statuses.jsonl
  [ "$protocol" = jetstream ] && file=$folder/frames.jsonl
  start_server "$folder/$protocol" --protocol "$protocol" --file "$file" $faults # words of it
  mkdir -p "$folder/$protocol.state"
  {
    write_settings "$folder/$protocol.state" "$model"
    live_source "$protocol" "$server_port" "$folder/token"
    topics
  } >"$folder/$protocol.toml"
  start_daemon "$folder/$protocol.log" "$bin" run --config "$folder/$protocol.toml"
  wait_for_total "$folder/$protocol.state/elmond.db" 400 60 || true
  sleep 0.5
  stop_daemon TERM
  stop_server
  expect "$protocol: tweets" "$(total "$folder/$protocol.state/elmond.db")" 400
  expect "$protocol: minutes, topics and scores are those of the file" \
    "$(rows_of "$folder/$protocol.state/elmond.db" | cksum)" "$(rows_of "$folder/v1.file.db" | cksum)"
done

# Hostile records cost bounded time and memory, and are counted.
{
  tweet_line 1
  head -c 100000 /dev/zero | tr '\0' '['
  echo
  head -c 100000000 /dev/zero | tr '\0' 'a'
  echo
  printf '{"id_str":"2123750536770486352","text":"lone \\ud800 and nul \\u0000 here","lang":"en"}\n'
  printf '{"id_str":"2123750536770486353","text":"raw \001\002 here","lang":"en"}\n'
  printf '{"id":1e400,"id_str":"2123750536770486354","timestamp_ms":1e400,"text":"a number without end","lang":"en"}\n'
  printf '{"id_str":"2123750536770486355","text":"\377\376 broken","lang":"en"}\n'
  tweet_line 2
} >"$folder/hostile.jsonl"
start_server "$folder/hostile" --protocol x --file "$folder/hostile.jsonl"
mkdir -p "$folder/hostile.state"
{
  write_settings "$folder/hostile.state" "$model"
  live_source x "$server_port" "$folder/token"
} >"$folder/hostile.toml"
began=$(date +%s%N)
start_daemon "$folder/hostile.log" "$bin" run --config "$folder/hostile.toml"
wait_for_total "$folder/hostile.state/elmond.db" 5 60 || true
took=$((($(date +%s%N) - began) / 1000000))
peak=$(awk '/VmHWM/ { print $2 }' "/proc/$daemon_pid/status")
stop_daemon TERM
stop_server
expect "hostile records: tweets that could be read" "$(total "$folder/hostile.state/elmond.db")" 5
expect "hostile records: the others, counted" "$(counters "$folder/hostile.state/elmond.db" | grep undecodable)" \
  "archive/undecodable=3"
if [ "$took" -lt 20000 ] && [ "$peak" -lt 400000 ]; then
  pass "hostile records took $took ms and $peak KiB at most"
else
  fail "hostile records took $took ms and $peak KiB"
fi

# The real tweets, where they are.
if [ -n "$data" ] && [ -d "$data/tweet_json" ]; then
  for file in "$data"/tweet_json/v[12]/*.jsonl "$data"/btc/*.xz "$data"/stocknet/*.xz; do
    [ -e "$file" ] || continue
    name=$(basename "$file" | sed 's/\..*//')
    case $file in *.xz) xz -dc "$file" >"$folder/$name.jsonl" ;; *) cp "$file" "$folder/$name.jsonl" ;; esac
    one_a_line "$folder/$name.jsonl" || continue
    compare_with_file "$name" "$folder/$name.jsonl" x
  done
else
  note "SKIP real tweets: no folder of them was given"
fi

# The token is nowhere but in its file.
if grep -rqs --binary-files=text -e "$secret" "$folder" --include='*.log' --include='status.txt' --include='elmond.db*' ||
  printf '%s%s' "$environment" "$arguments" | grep -q -e "$secret"; then
  fail "the token stands in log, report, database, environment or arguments"
else
  pass "the token stands in no log, report, database, environment and arguments"
fi
finish

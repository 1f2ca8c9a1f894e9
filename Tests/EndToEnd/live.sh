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

# counts NAME FILE PROTOCOL SETTINGS…: FILE by itself and as a live stream give the same rows.
compare_with_file() {
  local name=$1 file=$2 protocol=$3
  shift 3
  local wanted
  if [ ! -e "$folder/$name.file.db" ]; then
    count_file "$name" "$file"
  fi
  wanted=$(total "$folder/$name.file.db")
  start_server "$folder/$name.$protocol" --protocol "$protocol" --file "$file" "$@"
  mkdir -p "$folder/$name.$protocol.state"
  {
    write_settings "$folder/$name.$protocol.state" "$model"
    # Everything comes at once: what waits must not be shed.
    live_source "$protocol" "$server_port" "$folder/token" 'backlog = { records = 200000, bytes = "1GiB" }'
    topics
  } >"$folder/$name.$protocol.toml"
  start_daemon "$folder/$name.$protocol.log" "$bin" run --config "$folder/$name.$protocol.toml"
  local database=$folder/$name.$protocol.state/elmond.db
  wait_for_total "$database" "$wanted" 120 || true
  sleep 0.5
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
rows_of() { read_database "$1" "select bucket, topic, tweets, negative, neutral, positive, score_mean from minutely order by 1, 2"; }

# Statuses and frames have ids and times of their own: what is compared are the sums by minute.
for protocol in mastodon jetstream; do
  file=$folder/statuses.jsonl
  [ "$protocol" = jetstream ] && file=$folder/frames.jsonl
  start_server "$folder/$protocol" --protocol "$protocol" --file "$file" --duplicate 0.1
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

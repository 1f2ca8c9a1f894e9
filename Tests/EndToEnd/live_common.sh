# shellcheck shell=bash
# What the end-to-end scripts of live sources share. Sourced behind common.sh, never run.
# shellcheck disable=SC2154  # folder, bin, server, model are the callers'
server_pid=""

# start_server NAME OPTIONS…: the fault server in the background; its port in $server_port.
start_server() {
  local name=$1
  shift
  server_name=$name
  rm -f "$name.port"
  "$server" --port-file "$name.port" "$@" >>"$name.server.log" 2>&1 &
  server_pid=$!
  local tries=0
  until [ -s "$name.port" ]; do
    sleep 0.05
    tries=$((tries + 1))
    [ "$tries" -lt 200 ] || stop_here "the fault server does not start: $(cat "$name.server.log")"
  done
  server_port=$(cat "$name.port")
  server_scheme=http
  [ -e "$name.port.pem" ] && server_scheme=https
  trap 'stop_server; clean_up' EXIT
}

stop_server() {
  [ -n "$server_pid" ] || return 0
  kill -9 "$server_pid" 2>/dev/null
  wait "$server_pid" 2>/dev/null
  server_pid=""
}

# live_source PROTOCOL PORT TOKEN [LINES…]: the table of a source; the lines are added.
live_source() {
  local kind=$1 port=$2 token=$3
  shift 3
  printf '[[source]]\nname = "archive"\nkind = "%s"\n' "$kind"
  case $kind in
    jetstream) printf 'urls = ["%s://127.0.0.1:%s"]\n' "$server_scheme" "$port" ;;
    http) printf 'url = "%s://127.0.0.1:%s/stream"\ntoken_file = "%s"\n' "$server_scheme" "$port" "$token" ;;
    *) printf 'url = "%s://127.0.0.1:%s"\ntoken_file = "%s"\n' "$server_scheme" "$port" "$token" ;;
  esac
  [ "$server_scheme" = https ] && printf 'ca_file = "%s.port.pem"\n' "$server_name"
  local line
  for line in "$@"; do printf '%s\n' "$line"; done
}

topics() {
  printf '[[topic]]\nname = "trains"\nmatch = ["train", "trains", "#saltwayline"]\n'
  printf '[[topic]]\nname = "money"\nmatch = ["price", "#aapl", "stock", "buy"]\n'
}

# count_file NAME FILE: FILE as a source of kind file, into NAME.file.db.
count_file() {
  mkdir -p "$folder/$1.file"
  {
    write_settings "$folder/$1.file" "$model"
    printf '[[source]]\nname = "archive"\nkind = "file"\npath = "%s"\nformat = "jsonl"\ntags = true\n' "$2"
    topics
  } >"$folder/$1.file.toml"
  "$bin" run --config "$folder/$1.file.toml" --until-end >>"$folder/$1.file.log" 2>&1 ||
    fail "$1: the file was not read"
  ln -sf "$folder/$1.file/elmond.db" "$folder/$1.file.db"
}

# differing_rows WANTED FOUND: rows of the aggregates, sums and histograms included, that only one of the two has.
differing_rows() {
  local figures="tweets, negative, neutral, positive, undecided, score_sum, score_square_sum, score_square_rest, negative_sum, neutral_sum, positive_sum, bin_0, bin_1, bin_2,
    bin_3, bin_4, bin_5, bin_6, bin_7, bin_8, bin_9"
  rows() {
    echo "select t.name, a.bucket_start, s.name, l.name, m.name, $figures from $1.aggregate a
      join $1.topic t on t.id = a.topic_id join $1.source s on s.id = a.source_id
      join $1.lang l on l.id = a.lang_id join $1.model m on m.id = a.model_id"
  }
  sqlite3 -batch -cmd "attach 'file:$(realpath "$1")?mode=ro' as wanted" "file:$2?mode=ro" \
    "select (select count(*) from ($(rows wanted) except $(rows main)))
      + (select count(*) from ($(rows main) except $(rows wanted)))" | sed 's/^$/no answer/'
}

# to_v2, to_statuses, to_frames: lines of tweet_line in other shapes, with the same texts and times.
to_v2() {
  sed -E 's/^\{"created_at":"[^"]*","id":[0-9]+,"id_str":"([0-9]+)","text":"([^"]*)","lang":"en","timestamp_ms":"[0-9]+"\}$/{"data":{"id":"\1","text":"\2","lang":"en","edit_history_tweet_ids":["\1"]},"matching_rules":[{"id":"1","tag":"rule"}]}/'
}

# iso MILLISECONDS: RFC 3339.
to_statuses() {
  local line milliseconds text number=0
  while read -r line; do
    milliseconds=$(printf '%s' "$line" | sed -E 's/.*"timestamp_ms":"([0-9]+)".*/\1/')
    text=$(printf '%s' "$line" | sed -E 's/.*"text":"([^"]*)".*/\1/')
    printf '{"id":"%s","uri":"https://mastodon.example/%s","created_at":"%s","language":"en","visibility":"public","content":"<p>%s</p>"}\n' \
      "$((milliseconds << 16))" "$milliseconds" "$(date -u -d "@$((milliseconds / 1000))" +%Y-%m-%dT%H:%M:%S).$(printf %03d $((milliseconds % 1000)))Z" "$text"
    number=$((number + 1))
  done
}

to_frames() {
  sed -E 's/^\{"created_at":"[^"]*","id":[0-9]+,"id_str":"([0-9]+)","text":"([^"]*)","lang":"en","timestamp_ms":"([0-9]+)"\}$/{"did":"did:plc:test","time_us":\3000,"kind":"commit","commit":{"rev":"3l3qo2vuowo2b","operation":"create","collection":"app.bsky.feed.post","rkey":"k\1","cid":"bafy","record":{"$type":"app.bsky.feed.post","text":"\2","createdAt":"2020-01-01T00:00:00Z","langs":["en"]}}}/'
}

# one_a_line FILE: true for a file of JSON objects, one a line.
one_a_line() { [ -s "$1" ] && ! grep -qv '^[[:space:]]*{.*}[[:space:]]*$' "$1"; }

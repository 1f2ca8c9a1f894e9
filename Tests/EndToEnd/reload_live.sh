#!/usr/bin/env bash
# reload_live.sh BUILD MODEL [TIMES]: reloads do not break the connections of live sources whose settings stay.
#
# Streams of X, Mastodon and Jetstream are reloaded TIMES (20) times, each time with another topic. Each server sees
# one connection, the ledger has no gap, and every post is counted once.
here=$(dirname "$(realpath "$0")")
# shellcheck source=common.sh
. "$here/common.sh"
# shellcheck source=live_common.sh
. "$here/live_common.sh"
[ $# -ge 2 ] || { echo "usage: reload_live.sh BUILD MODEL [TIMES]" >&2; exit 64; }
bin=$(absolute "$1/elmond") || exit
server=$(absolute "$1/elmond-fault-server") || exit
model=$(absolute "$2") || exit
times=${3:-20}
make_folder
printf 'a-token\n' >"$folder/token"
chmod 600 "$folder/token"
posts=600
for ((n = 0; n < posts; n++)); do tweet_line "$n"; done >"$folder/x.jsonl"
to_statuses <"$folder/x.jsonl" >"$folder/mastodon.jsonl"
to_frames <"$folder/x.jsonl" >"$folder/jetstream.jsonl"

servers=""
trap 'kill -9 $servers 2>/dev/null; clean_up' EXIT
for protocol in x mastodon jetstream; do
  "$server" --protocol "$protocol" --file "$folder/$protocol.jsonl" --port-file "$folder/$protocol.port" --rate 40 \
    --journal "$folder/$protocol.journal" >>"$folder/$protocol.server.log" 2>&1 &
  servers="$servers $!"
done
for protocol in x mastodon jetstream; do
  for ((try = 0; try < 200; try++)); do [ -s "$folder/$protocol.port" ] && break; sleep 0.05; done
done
settings() { # settings TOPIC
  write_settings "$folder" "$model"
  for protocol in x mastodon; do
    printf '[[source]]\nname = "%s"\nkind = "%s"\nurl = "http://127.0.0.1:%s"\ntoken_file = "%s"\n' \
      "$protocol" "$protocol" "$(cat "$folder/$protocol.port")" "$folder/token"
  done
  printf '[[source]]\nname = "jetstream"\nkind = "jetstream"\nurls = ["ws://127.0.0.1:%s"]\n' "$(cat "$folder/jetstream.port")"
  printf '[[topic]]\nname = "topic-%s"\nmatch = ["train"]\n' "$1"
}
settings 0 >"$folder/settings.toml"
database=$folder/elmond.db
start_daemon "$folder/daemon.log" "$bin" run --config "$folder/settings.toml"
wait_for_total "$database" 30 20 || fail "the streams are read"
for ((n = 1; n <= times; n++)); do
  settings "$n" >"$folder/settings.toml"
  # A signal that comes before the session listens for it is lost: it is sent again.
  for ((try = 0; try < 300; try++)); do
    ((try % 40 == 0)) && kill -HUP "$daemon_pid"
    [ "$(grep -c 'elmond started' "$folder/daemon.log")" -gt "$n" ] && break
    sleep 0.05
  done
  sleep 0.1
done
expect_least "sessions" "$(grep -c 'elmond started' "$folder/daemon.log")" $((times + 1))
wait_for_total "$database" $((3 * posts)) 60 || true
# The status says of each source that it is read, also after a reload that broke nothing.
being_read() { grep -cE '^ +(x|mastodon|jetstream) .*reading' "$folder/status.txt"; }
for ((try = 0; try < 100; try++)); do
  [ "$(being_read)" -eq 3 ] && break
  sleep 0.1
done
expect "sources that are being read" "$(being_read)" 3
stop_daemon TERM
expect "exit status" "$daemon_status" 0
for protocol in x mastodon jetstream; do
  expect "$protocol: connections that were opened" "$(awk -F '\t' '$2 == "connect"' "$folder/$protocol.journal" | wc -l)" 1
  expect "$protocol: posts that are counted" "$(read_database "$database" "select sum(tweets) from hourly_detail
    where topic = 'all' and source = '$protocol'")" "$posts"
done
expect "gaps in the ledger" "$(read_database "$database" "select count(*) from gaps")" 0
expect "topics with posts" "$(read_database "$database" "select count(distinct topic) > $((times / 2)) from hourly where topic <> 'all' and tweets > 0")" 1
finish

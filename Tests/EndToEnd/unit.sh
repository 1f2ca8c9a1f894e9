#!/usr/bin/env bash
# unit.sh BIN MODEL: installs elmond as a package would and lives through the life of its unit: start, READY,
# STATUS, work, kill −9 and restart, stop within 5 s, a bad configuration.
#
# Writes into /usr, /etc and /var: run it as root inside a throw-away machine whose first process is systemd.
here=$(dirname "$(realpath "$0")")
# shellcheck source=common.sh
. "$here/common.sh"
[ $# -eq 2 ] || { echo "usage: unit.sh BIN MODEL" >&2; exit 64; }
bin=$(absolute "$1") || exit
model=$(absolute "$2") || exit
project=$(realpath "$here/../..")
[ "$(id -u)" -eq 0 ] || { echo "SKIP needs root"; exit 77; }
[ -d /run/systemd/system ] || { echo "SKIP systemd is not running here"; exit 77; }

unit=elmond.service
state=/var/lib/elmond
db=$state/elmond.db
property() { systemctl show -p "$1" --value "$unit"; }
journal() { journalctl -u "$unit" -o cat --no-pager; }
stop_unit_here() {
  fail "$1"
  systemctl --no-pager status "$unit" | sed 's/^/     | /'
  journal | tail -n 30 | sed 's/^/     | /'
  finish
  exit
}
# wait_until SECONDS COMMAND…: true once the command is.
wait_until() {
  local until=$((SECONDS + $1))
  shift
  while ! "$@"; do
    [ "$SECONDS" -lt "$until" ] || return 1
    sleep 0.2
  done
}
counted() { [ "$(total "$db")" -ge "$1" ]; }
active() { [ "$(systemctl is-active "$unit")" = active ]; }

# Install.
program=$(sed -n 's/^ExecStart=\([^ ]*\).*/\1/p' "$project/systemd/$unit")
install -D -m 755 "$bin" "${program:-/usr/bin/elmond}"
mkdir -p /usr/share/elmond/models /usr/share/elmond/sample /etc/elmond
rm -rf /usr/share/elmond/models/default
cp -rL "$model" /usr/share/elmond/models/default
cp "$project"/config/sample/*.jsonl "$project"/config/sample/*.csv /usr/share/elmond/sample/
chmod -R u=rwX,go=rX /usr/share/elmond
for file in "$project"/systemd/*sysusers*; do
  [ -e "$file" ] || continue
  install -D -m 644 "$file" /usr/lib/sysusers.d/elmond.conf
  systemd-sysusers /usr/lib/sysusers.d/elmond.conf
done
for file in "$project"/systemd/*tmpfiles*; do
  [ -e "$file" ] || continue
  install -D -m 644 "$file" /usr/lib/tmpfiles.d/elmond.conf
  systemd-tmpfiles --create /usr/lib/tmpfiles.d/elmond.conf
done
install -D -m 644 "$project/systemd/$unit" "/etc/systemd/system/$unit"
if id elmond >/dev/null 2>&1; then pass "the user elmond is there"; else fail "sysusers made no user elmond"; fi
{
  write_settings "$state" /usr/share/elmond/models/default | sed 's/^tweets = "none"/tweets = "all"/'
  for name in debate-v1.jsonl phone-v2.jsonl city.csv; do
    printf '[[source]]\nname = "%s"\nkind = "file"\npath = "/usr/share/elmond/sample/%s"\nfollow = true\n' \
      "${name%%[-.]*}" "$name"
  done
} >/etc/elmond/elmond.toml
if grep -q User=elmond "/etc/systemd/system/$unit"; then
  chown root:elmond /etc/elmond/elmond.toml && chmod 640 /etc/elmond/elmond.toml
fi
systemctl daemon-reload
problems=$(systemd-analyze verify "/etc/systemd/system/$unit" 2>&1 | grep -i elmond)
expect "what systemd-analyze verify complains of" "$problems" ""

# Start: systemctl returns with 0 when READY=1 was heard.
expect "type of the unit" "$(property Type)" notify
systemctl start "$unit" || stop_unit_here "systemctl start ended with $?"
expect "state after the start" "$(systemctl is-active "$unit")" active
has_status() { [ -n "$(property StatusText)" ]; }
wait_until 10 has_status
status=$(property StatusText)
if [ -n "$status" ]; then pass "STATUS: $status"; else fail "no STATUS line"; fi
note "watchdog $(property WatchdogUSec)"

# Work. README.md beside the sample tells the counts.
wait_until 60 counted 329 || stop_unit_here "counted $(total "$db") of 329 tweets in 60 s"
expect "tweets of topic all" "$(total "$db")" 329
expect "tweets of source city" "$(read_database "$db" \
  "select sum(tweets) from hourly_detail where topic = 'all' and source = 'city'")" 78
expect_least "sentiment lines in the journal" "$(journal | grep -c 'sentiment label=')" 300
expect "journal lines with a control character" "$(journal | grep -cP '[\x00-\x08\x0b-\x1f\x7f]')" 0
expect "owner of the database" "$(stat -c %U "$db")" "$(property User)"
expect "mode of the state folder" "$(stat -c %a "$state")" 750
for file in "$db" "$db-wal" "$db-shm"; do expect "mode of ${file##*/}" "$(stat -c %a "$file")" 640; done
if [ -s "$state/status.txt" ]; then pass "the status report is there"; else fail "no status report"; fi

# A journal that is quiet about errors, priority 3 and graver.
expect "errors in the journal" "$(journalctl -u "$unit" -p 3 -o cat --no-pager | head -n 3)" ""

# One is left for each process: libdispatch asks for more than a user may have.
expect "journal lines of libdispatch about priorities" "$(journal | grep -c 'thread priority')" 1

# kill −9: the unit comes back by itself and counts nothing twice.
old=$(property MainPID)
kill -9 "$old"
other_process() { active && [ "$(property MainPID)" != "$old" ] && [ "$(property MainPID)" != 0 ]; }
if wait_until 30 other_process; then pass "restarted after kill -9"; else fail "not restarted within 30 s after kill -9"; fi
sleep 2
expect "tweets of topic all after the restart" "$(total "$db")" 329

# A reload: STATUS goes on from what is stored.
systemctl reload "$unit"
sleep 1
stored() { case $(property StatusText) in "330 tweets; "*"; 0 gaps; last commit "*) true ;; *) false ;; esac; }
if wait_until 10 stored; then pass "STATUS after a reload: $(property StatusText)"; else fail "STATUS after a reload: $(property StatusText)"; fi
check_sums "$db"

# Stop: drained within 5 s, with status 0.
began=$(date +%s%N)
systemctl stop "$unit"
took=$((($(date +%s%N) - began) / 1000000))
if [ "$took" -lt 5000 ]; then pass "stopped after $took ms"; else fail "the stop took $took ms, wanted under 5000"; fi
expect "result of the unit" "$(property Result)" success
expect "exit status of the daemon" "$(property ExecMainStatus)" 0
expect "tweets of topic all after the stop" "$(total "$db")" 329
expect "the report of the stopped unit" "$(grep -c '^Stopped: SIGTERM, exit code 0' "$state/status.txt")" 1

# A bad configuration: exit status 78, and no restart.
cp /etc/elmond/elmond.toml /etc/elmond/good.toml
printf '\n[stroe]\ndatabase = "x"\n' >>/etc/elmond/elmond.toml
if systemctl start "$unit" 2>/dev/null; then fail "the unit started with an unknown section"; else pass "an unknown section is refused"; fi
sleep 1
expect "exit status with a bad configuration" "$(property ExecMainStatus)" 78
expect "state with a bad configuration" "$(systemctl is-active "$unit")" failed
journal | tail -n 4 | sed 's/^/     | /'
cp /etc/elmond/good.toml /etc/elmond/elmond.toml
chown root:elmond /etc/elmond/elmond.toml 2>/dev/null
systemctl reset-failed "$unit"
if systemctl start "$unit"; then pass "starts again with the good one"; else fail "does not start again with the good one"; fi
systemctl stop "$unit"

# A live source in the sandbox: by name, with a token; its server goes and comes back.
server=$(dirname "$bin")/elmond-fault-server
if [ -x "$server" ]; then
  printf 'a-token\n' >/etc/elmond/x.token
  chown elmond /etc/elmond/x.token && chmod 600 /etc/elmond/x.token
  for ((n = 0; n < 500; n++)); do tweet_line "$((n + 10000))"; done >/run/posts.jsonl
  serve() {
    "$server" --protocol x --file /run/posts.jsonl --port "$1" --port-file /run/port --rate 20 \
      --token-file /etc/elmond/x.token 2>/dev/null &
    server_pid=$!
    wait_until 5 test -s /run/port
  }
  serve 0
  port=$(cat /run/port)
  printf '[[source]]\nname = "stream"\nkind = "x"\nurl = "http://localhost:%s"\ntoken_file = "/etc/elmond/x.token"\n' \
    "$port" >>/etc/elmond/elmond.toml
  systemctl start "$unit" || stop_unit_here "the unit does not start with a live source"
  has_word() { case $(property StatusText) in *"$1"*) true ;; *) false ;; esac; }
  if wait_until 20 counted 400; then pass "the live source counts ($(total "$db"))"; else fail "the live source does not count"; fi
  if wait_until 10 has_word "stream reading"; then pass "STATUS: $(property StatusText)"; else fail "STATUS: $(property StatusText)"; fi
  kill -9 "$server_pid"
  if wait_until 15 has_word "stream reconnecting"; then pass "STATUS: $(property StatusText)"; else fail "STATUS: $(property StatusText)"; fi
  rm /run/port
  serve "$port"
  if wait_until 30 has_word "stream reading"; then pass "it is read again when the server is back"; else fail "it is not read again"; fi
  expect "journal lines of reconnecting, one for the change" "$(journal | grep -c 'source reconnecting')" 1
  expect_least "gaps of the stream" "$(read_database "$db" "select count(*) from gaps where source = 'stream'")" 1
  # The unit stops at once with a stream open, and while it waits for a server.
  kill -9 "$server_pid"
  wait_until 15 has_word "stream reconnecting"
  began=$(date +%s%N)
  systemctl stop "$unit"
  took=$((($(date +%s%N) - began) / 1000000))
  if [ "$took" -lt 5000 ]; then pass "stopped after $took ms"; else fail "the stop took $took ms, wanted under 5000"; fi
  expect "the token in the journal" "$(journal | grep -c 'a-token')" 0
fi
finish

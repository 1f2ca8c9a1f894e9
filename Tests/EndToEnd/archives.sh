#!/usr/bin/env bash
# archives.sh BIN MODEL KILLS: tar and ZIP archives in a spool, the daemon killed with SIGKILL again and again: each
# line counts once, and what is no tweets is refused by name.
here=$(dirname "$(realpath "$0")")
# shellcheck source=common.sh
. "$here/common.sh"
[ $# -eq 3 ] || { echo "usage: archives.sh BIN MODEL KILLS" >&2; exit 64; }
bin=$(absolute "$1") || exit
model=$(absolute "$2") || exit
kills=$3
make_folder
state=$folder/state
inbox=$folder/in
db=$state/elmond.db
mkdir "$state" "$inbox" "$folder/data"

# Plain text without ids: nothing but the position keeps a line from being counted twice.
next=0
for member in 1 2 3 4 5 6; do
  mkdir -p "$folder/data/2026/$member"
  for ((n = 0; n < 700; n++)); do echo "line $((next + n)) of the archive is a lovely line"; done \
    >"$folder/data/2026/$member/minute.txt"
  next=$((next + 700))
done
bzip2 "$folder/data/2026/2/minute.txt"
printf '\xff\xd8\xff\xe0 a picture' >"$folder/data/photo.jpg"
echo "about the data" >"$folder/data/README.md"
tar -C "$folder" -czf "$inbox/a.data" data
total=$next
if command -v python3 >/dev/null; then
  (cd "$folder" && python3 - "$inbox/b.data" "$next" <<'PY'
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED) as z:
    for m in range(3):
        z.writestr(f"tweets/{m}.txt", "".join(f"text {m} {n} of the zip is a lovely text\n" for n in range(400)))
PY
  )
  total=$((total + 1200))
else
  note "no python3 here: no ZIP archive"
fi
touch -d '2026-11-20 12:00' "$inbox"/*
{
  write_settings "$state" "$model"
  printf '[[source]]\nname = "spool"\nkind = "directory"\npath = "%s"\n' "$inbox"
} >"$folder/settings.toml"

inside=0
for ((kill = 0; kill < kills; kill++)); do
  start_daemon "$folder/daemon.log" "$bin" run --config "$folder/settings.toml"
  before=$(total "$db")
  until [ "$(total "$db")" -gt "$before" ] || [ "$(total "$db")" -ge "$total" ]; do
    daemon_runs || stop_here "the daemon ended by itself"
    sleep 0.02
  done
  sleep "0.0$((RANDOM % 10))"
  stop_daemon KILL
  now=$(total "$db")
  if [ "$now" -gt 0 ] && [ "$now" -lt "$total" ]; then inside=$((inside + 1)); fi
done
expect_least "kills inside the archives" "$inside" 1
start_daemon "$folder/daemon.log" "$bin" run --config "$folder/settings.toml"
wait_for_total "$db" "$total" 60 || true
sleep 1
stop_daemon TERM
expect "exit status after SIGTERM" "$daemon_status" 0
expect "lines counted" "$(total "$db")" "$total"
expect "refused files" "$(counters "$db" | grep refused_files)" "spool/refused_files=1"
expect "tweets of the list of files" \
  "$(read_database "$db" "select sum(tweets) from files")" "$total"
expect "the refused member" "$("$bin" query files --database "$db" --source spool --format csv | grep -c 'photo.jpg,refused')" 1
expect "a member that was compressed" \
  "$(read_database "$db" "select state || ' ' || container || ' ' || tweets from files where path like '%2/minute.txt.bz2'")" \
  "finished tar.gzip+bzip2 700"
finish

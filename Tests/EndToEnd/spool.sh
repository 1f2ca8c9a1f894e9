#!/usr/bin/env bash
# spool.sh BIN MODEL: a directory that receives files and a followed file that is rotated and truncated,
# all while the daemon runs: each of the lines written counts exactly once.
here=$(dirname "$(realpath "$0")")
# shellcheck source=common.sh
. "$here/common.sh"
[ $# -eq 2 ] || { echo "usage: spool.sh BIN MODEL" >&2; exit 64; }
bin=$(absolute "$1") || exit
model=$(absolute "$2") || exit
make_folder
state=$folder/state
inbox=$folder/in
staging=$folder/staging
live=$folder/live/app.jsonl
db=$state/elmond.db
mkdir "$state" "$inbox" "$staging" "$folder/live"
{
  write_settings "$state" "$model"
  printf '[[source]]\nname = "spool"\nkind = "directory"\npath = "%s"\nsettle = "1s"\n' "$inbox"
  printf '[[source]]\nname = "live"\nkind = "file"\npath = "%s"\nfollow = true\n' "$live"
} >"$folder/settings.toml"

next=0    # the number of the next tweet, over both sources
spooled=0 # lines given to the directory
lived=0   # lines written to the followed file

# batch COUNT: so many lines with numbers of their own on standard output; the caller adds COUNT to `next`.
batch() {
  local n
  for ((n = next; n < next + $1; n++)); do tweet_line "$n"; done
}

# spool NAME COUNT: a whole file, moved into place.
spool() {
  batch "$2" >"$staging/$1"
  mv "$staging/$1" "$inbox/$1"
  next=$((next + $2))
  spooled=$((spooled + $2))
}

# live_lines COUNT: lines to the followed file through descriptor 3, as a logger holds it.
live_lines() {
  local n
  for ((n = 0; n < $1; n++)); do
    tweet_line "$next" >&3
    next=$((next + 1))
    lived=$((lived + 1))
    sleep 0.01
  done
}

# settled WHAT: waits until every line written so far is counted.
settled() {
  if wait_for_total "$db" "$next" 60; then
    pass "$1: all $next lines are counted"
  else
    fail "$1: $(total "$db") of $next lines are counted after 60 s"
    show_log
  fi
}

# Before the start: two files wait, and the followed file has lines already.
spool a-first.jsonl 20
spool b-second.jsonl 30
exec 3>>"$live"
live_lines 15
start_daemon "$folder/daemon.log" "$bin" run --config "$folder/settings.toml"
settled "files that were there before the start"

# Files come while the daemon runs: moved into place, one compressed, one growing slowly.
spool c-moved.jsonl 25
batch 40 | gzip -c >"$staging/d-packed.jsonl.gz"
mv "$staging/d-packed.jsonl.gz" "$inbox/d-packed.jsonl.gz"
next=$((next + 40))
spooled=$((spooled + 40))
for ((part = 0; part < 12; part++)); do
  batch 3 >>"$inbox/e-growing.jsonl"
  next=$((next + 3))
  spooled=$((spooled + 3))
  # Half a line, and its other half after a moment.
  line=$(tweet_line "$next")
  printf '%s' "${line:0:90}" >>"$inbox/e-growing.jsonl"
  sleep 0.2
  printf '%s\n' "${line:90}" >>"$inbox/e-growing.jsonl"
  next=$((next + 1))
  spooled=$((spooled + 1))
  live_lines 2
done
settled "files that came while the daemon ran"

# Rotation, three times: the writer keeps its descriptor for some lines after the move, as loggers do.
for turn in 1 2 3; do
  live_lines 40
  mv "$live" "$live.$turn"
  live_lines 5
  exec 3>>"$live"
  live_lines 30
  sleep 2
done
settled "a followed file that was rotated three times"

# Truncation in place: a copy is made, the file is emptied, the writer goes on from offset 0. Lines that are
# written between copy and truncation are lost by nature; so the writer waits for the reader, and pauses.
for turn in 1 2; do
  live_lines 25
  settled "the followed file before truncation $turn"
  cp "$live" "$live.copy.$turn"
  : >"$live"
  sleep 2
  live_lines 10
done
settled "a followed file that was truncated twice"

# A line whose end is still to come is no line yet.
line=$(tweet_line "$next")
printf '%s' "${line:0:100}" >&3
sleep 1
expect "tweets while a line is half written" "$(total "$db")" "$next"
printf '%s\n' "${line:100}" >&3
next=$((next + 1))
lived=$((lived + 1))
settled "the line when its end had come"

stop_daemon TERM
expect "exit status after SIGTERM" "$daemon_status" 0
expect "tweets of topic all" "$(total "$db")" "$next"
by_source="select coalesce(sum(tweets), 0) from hourly_detail where topic = 'all' and source ="
expect "tweets of source spool" "$(read_database "$db" "$by_source 'spool'")" "$spooled"
expect "tweets of source live" "$(read_database "$db" "$by_source 'live'")" "$lived"

# Once more over the same folders: nothing is read twice; what came meanwhile is.
spool f-meanwhile.jsonl 10
live_lines 10
start_daemon "$folder/daemon.log" "$bin" run --config "$folder/settings.toml"
settled "what came while the daemon was stopped"
sleep 2
stop_daemon TERM
expect "exit status after the second SIGTERM" "$daemon_status" 0
expect "tweets of topic all after a restart" "$(total "$db")" "$next"
exec 3>&-
[ "$failures" -eq 0 ] || show_log
finish

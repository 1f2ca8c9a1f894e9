# shellcheck shell=bash
# What the end-to-end scripts share. Sourced, never run.
#
# Every check prints one line, PASS or FAIL; `finish` prints the sum and is the script's exit status.

set -u
export LC_ALL=C.UTF-8
failures=0
checks=0
daemon_pid=""

# pass TEXT / fail TEXT: one check, done.
pass() { checks=$((checks + 1)); echo "PASS $*"; }
fail() { checks=$((checks + 1)); failures=$((failures + 1)); echo "FAIL $*"; }
note() { echo "     $*"; }

# expect TEXT FOUND WANTED: a check that two values are the same.
expect() {
  if [ "$2" = "$3" ]; then pass "$1 ($2)"; else fail "$1: found '$2', wanted '$3'"; fi
}

# expect_least TEXT FOUND LEAST: a check on a whole number.
expect_least() {
  if [ "${2:-0}" -ge "$3" ] 2>/dev/null; then pass "$1 ($2)"; else fail "$1: found '$2', wanted at least $3"; fi
}

# stop_here TEXT: nothing after this could be meant seriously.
stop_here() {
  fail "$*"
  show_log
  finish
  exit
}

# finish: the sum; returns 1 when a check failed. The counters of every database of the script must add up.
finish() {
  local database
  while read -r database; do
    [ -L "$database" ] || ! is_ours "$database" || check_sums "$database"
  done < <(find "${folder:-/nowhere}" -name '*.db' 2>/dev/null | sort)
  echo "$((checks - failures)) of $checks checks passed"
  [ "$failures" -eq 0 ]
}

# make_folder: a fresh folder in $folder, removed at exit unless KEEP=1 or a check failed.
make_folder() {
  folder=$(mktemp -d "${TMPDIR:-/var/tmp}/elmond-test.XXXXXX") || exit 1
  trap clean_up EXIT
}

clean_up() {
  if [ -n "$daemon_pid" ]; then kill -9 "$daemon_pid" 2>/dev/null; fi
  if [ "${KEEP:-0}" = 1 ] || [ "$failures" -gt 0 ]; then
    echo "     kept: $folder"
  else
    rm -rf "$folder"
  fi
}

# absolute PATH: the same path from the root; stops when nothing is there.
absolute() {
  realpath -e -- "$1" || { echo "not found: $1" >&2; exit 66; }
}

# write_settings STATE MODEL: settings without sources on standard output; the caller appends them.
# Everything is kept for ever, so that fixed dates never age out.
write_settings() {
  cat <<SETTINGS
[model]
path = "$2"
[batch]
max_tweets = 32
max_wait = "100ms"
[store]
database = "$1/elmond.db"
retain = { minutes = "forever", hours = "forever" }
dedup_horizon = "forever"
[report]
path = "$1/status.txt"
every = "1s"
[log]
tweets = "none"
SETTINGS
}

# start_daemon LOG COMMAND…: starts it in the background, its process in $daemon_pid.
start_daemon() {
  daemon_log=$1
  shift
  "$@" >>"$daemon_log" 2>&1 3>&- &
  daemon_pid=$!
}

# stop_daemon SIGNAL: sends it and waits; the exit status in $daemon_status.
stop_daemon() {
  kill "-$1" "$daemon_pid" 2>/dev/null
  # bash would say "Killed" to the terminal: that is what we asked for.
  wait "$daemon_pid" 2>/dev/null
  # shellcheck disable=SC2034  # read by the callers
  daemon_status=$?
  daemon_pid=""
}

# daemon_runs: true while it does.
daemon_runs() { [ -n "$daemon_pid" ] && kill -0 "$daemon_pid" 2>/dev/null; }

# show_log: the end of the daemon's own words.
show_log() {
  if [ -n "${daemon_log:-}" ] && [ -s "$daemon_log" ]; then
    echo "     last lines of the daemon:"
    tail -n 12 "$daemon_log" | sed 's/^/     | /'
  fi
}

# read_database DATABASE SQL: reads as a reader does, which never writes.
read_database() { sqlite3 -batch -cmd '.timeout 5000' "file:$1?mode=ro" "$2"; }

# total DATABASE: tweets counted under the topic `all`; 0 while there is no database.
total() {
  read_database "$1" "select coalesce(sum(tweets), 0) from hourly where topic = 'all'" 2>/dev/null || echo 0
}

# counters DATABASE: `source/name=value`, a line each; nothing when the database has no table of them.
counters() {
  read_database "$1" "select source || '/' || name || '=' || value from counters order by source, name" 2>/dev/null
}

# is_ours DATABASE: true for a sound database of this version of elmond.
is_ours() {
  [ "$(read_database "$1" "select application_id || '/' || user_version
    from pragma_application_id, pragma_user_version" 2>/dev/null)" = 1701604708/3 ]
}

# check_sums DATABASE: the counters add up as docs/Numbers.md says, and the views agree with each other.
check_sums() {
  local faults
  faults=$(read_database "$1" "
    with c(name, value) as materialized (select name, sum(value) from counters group by name),
      n(decoded, decoded_sum, counted, counted_sum, filled, items) as materialized (select
        coalesce((select value from c where name = 'decoded'), 0),
        coalesce((select sum(value) from c where name in ('tweets', 'corrected', 'duplicates', 'late_dropped',
          'untimed', 'language_dropped', 'dropped')), 0),
        coalesce((select sum(tweets) from hourly where topic = 'all'), 0),
        coalesce((select sum(iif(name = 'tweets', value, -value)) from c
          where name in ('tweets', 'deleted', 'forgotten', 'pruned')), 0),
        coalesce((select sum(iif(name = 'records', value, -value)) from c where name in ('records', 'blank')), 0),
        coalesce((select sum(value) from c where name in ('decoded', 'notices', 'undecodable')), 0))
    select 'decoded ' || decoded || ' is not ' || decoded_sum from n where decoded <> decoded_sum
    union all select 'counted now ' || counted || ' is not ' || counted_sum from n where counted <> counted_sum
    union all select 'records that are not blank ' || filled || ' gave ' || items from n where filled > items
    union all select name || ' is ' || value from c where value < 0
    union all select 'hour ' || bucket || ' of ' || topic from hourly
      where tweets <> negative + neutral + positive + undecided
    union all select 'days hold ' || coalesce(sum(tweets), 0) from daily where topic = 'all'
      having coalesce(sum(tweets), 0) <> (select counted from n)
    union all select 'sources hold ' || coalesce(sum(tweets), 0) from hourly_detail where topic = 'all'
      having coalesce(sum(tweets), 0) <> (select counted from n)" 2>&1)
  expect "what does not add up in ${1#"${folder:-}"/}" "$(printf %s "$faults" | head -n 5)" ""
}

# wait_for_total DATABASE WANTED SECONDS: true once so many tweets are counted.
wait_for_total() {
  local until=$((SECONDS + $3))
  while [ "$(total "$1")" -lt "$2" ]; do
    if [ "$SECONDS" -ge "$until" ] || ! daemon_runs; then return 1; fi
    sleep 0.2
  done
}

# agree FILE LINES: in so many lines of `classify` the label is the first of the largest printed probabilities, these sum to 1,
# and the score is p(positive) + p(neutral) / 2.
agree() {
  local found
  found=$(sqlite3 -batch :memory: 'create table t (line text)' '.mode ascii' '.separator "\037" "\n"' ".import $1 t" '
    with p as (select line ->> "$.label" as label, cast(round(1e6 * (line ->> "$.score")) as integer) as score,
        cast(round(1e6 * (line ->> "$.probabilities.negative")) as integer) as a,
        coalesce(cast(round(1e6 * (line ->> "$.probabilities.neutral")) as integer), 0) as b,
        cast(round(1e6 * (line ->> "$.probabilities.positive")) as integer) as c from t)
    select count(*) from p where a + b + c = 1000000 and score = c + (b + 1) / 2
      and label = case when a >= b and a >= c then "negative" when b >= c then "neutral" else "positive" end')
  expect "lines of $1 in which label, score and probabilities agree" "$found" "$2"
}

# tweet_line NUMBER: a v1.1 tweet with an id and a text of its own, all on 2026-11-20 from noon.
tweet_line() {
  local milliseconds=$((1795176000000 + $1 * 7000))
  local id=$((((milliseconds - 1288834974657) << 22) | ($1 & 0x3FFFFF)))
  printf '{"created_at":"Fri Nov 20 12:00:00 +0000 2026","id":%s,"id_str":"%s","text":"line %s of the test, what a lovely train","lang":"en","timestamp_ms":"%s"}\n' \
    "$id" "$id" "$1" "$milliseconds"
}

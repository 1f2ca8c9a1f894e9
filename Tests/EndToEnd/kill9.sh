#!/usr/bin/env bash
# kill9.sh BIN MODEL FILE [TIMES]: kill −9 at random moments changes no count.
#
# Runs FILE once without disturbance, then again with TIMES (10) kills and restarts, and compares the two
# databases row by row: counts exactly, sums of scores to 1e-6 a tweet. SEED=n repeats the moments of a run.
# Every tweet of FILE must carry its time: one without counts at its arrival, which no two runs share.
here=$(dirname "$(realpath "$0")")
# shellcheck source=common.sh
. "$here/common.sh"
[ $# -ge 3 ] || { echo "usage: kill9.sh BIN MODEL FILE [TIMES]" >&2; exit 64; }
bin=$(absolute "$1") || exit
model=$(absolute "$2") || exit
file=$(absolute "$3") || exit
times=${4:-10}
seed=${SEED:-$RANDOM}
RANDOM=$seed
make_folder
note "file $file, $times kills, seed $seed"

for run in reference killed; do
  mkdir "$folder/$run"
  {
    write_settings "$folder/$run" "$model"
    printf '[[source]]\nname = "archive"\nkind = "file"\npath = "%s"\nfollow = false\n' "$file"
    printf '[[topic]]\nname = "trains"\nmatch = ["train", "trains", "#saltwayline"]\n'
    printf '[[topic]]\nname = "money"\nmatch = ["price", "#aapl", "stock", "buy"]\n'
  } >"$folder/$run.toml"
done

# The reference.
began=$(date +%s%N)
start_daemon "$folder/reference.log" "$bin" run --config "$folder/reference.toml" --until-end
wait "$daemon_pid"
status=$?
daemon_pid=""
took=$((($(date +%s%N) - began) / 1000000)) # milliseconds
[ "$status" -eq 0 ] || stop_here "the undisturbed run ended with $status, wanted 0"
pass "the undisturbed run ended with 0 ($took ms)"
reference=$(total "$folder/reference/elmond.db")
expect_least "tweets of the undisturbed run" "$reference" 1

# The kills: between 0.3 s and what lets all of them fall into the run.
longest=$((2 * took / (times + 1) - 300))
[ "$longest" -ge 400 ] || longest=400
kills=0
killed_db=$folder/killed/elmond.db
ended=0
for ((i = 1; i <= times; i++)); do
  pause=$((300 + (RANDOM * 32768 + RANDOM) % (longest - 299)))
  start_daemon "$folder/killed.log" "$bin" run --config "$folder/killed.toml" --until-end
  sleep "$((pause / 1000)).$(printf %03d $((pause % 1000)))"
  if daemon_runs; then
    stop_daemon KILL
    kills=$((kills + 1))
    note "kill $i after $pause ms, $(total "$killed_db") tweets counted so far"
  else
    stop_daemon TERM
    ended=1
    [ "$daemon_status" -eq 0 ] || fail "restart $i ended by itself with $daemon_status, wanted 0"
  fi
done
[ "$ended" -eq 0 ] || note "the file was finished before the last kill; a longer FILE meets more of them"
expect_least "kills that met a running daemon" "$kills" 1

# The last run, to the end.
start_daemon "$folder/killed.log" "$bin" run --config "$folder/killed.toml" --until-end
wait "$daemon_pid"
status=$?
daemon_pid=""
expect "the last restart ends with" "$status" 0
[ "$status" -eq 0 ] || show_log

# The comparison.
compare() {
  sqlite3 -batch -cmd "attach 'file:$folder/reference/elmond.db?mode=ro' as wanted" \
    "file:$killed_db?mode=ro" "$1"
}
keys="bucket_start, source, topic, lang, model"
counts="$keys, tweets, negative, neutral, positive"
expect "integrity of the database" "$(read_database "$killed_db" 'pragma quick_check')" ok
expect "tweets of topic all" "$(total "$killed_db")" "$reference"
rows=$(compare "select count(*) from wanted.hourly_detail")
expect_least "rows of hourly_detail to compare" "$rows" 1
for view in minutely_detail hourly_detail; do
  expect "rows of $view that are missing or differ" "$(compare "select count(*) from
    (select $counts from wanted.$view except select $counts from main.$view)")" 0
  expect "rows of $view that should not be" "$(compare "select count(*) from
    (select $counts from main.$view except select $counts from wanted.$view)")" 0
done
# The difference of the sums by row, in one pass: a join of two views has no index to use.
sum="coalesce(score_mean, 0) * (negative + neutral + positive)"
differences="select sum(score) as difference, sum(tweets) as tweets from
  (select $keys, $sum as score, tweets from wanted.hourly_detail
   union all select $keys, -($sum), 0 from main.hourly_detail) group by $keys"
expect "rows whose sum of scores differs by more than 1e-6 a tweet" "$(compare "select count(*)
  from ($differences) where abs(difference) > 1e-6 * tweets")" 0
note "largest difference of a sum of scores: $(compare "select coalesce(max(abs(difference)), 0)
  from ($differences)")"
wanted=$(counters "$folder/reference/elmond.db")
found=$(counters "$killed_db")
if [ -z "$wanted" ]; then
  fail "the database tells no counters"
elif [ "$found" = "$wanted" ]; then
  pass "counters ($(echo "$wanted" | tr '\n' ' '))"
else
  fail "counters differ: found $(echo "$found" | tr '\n' ' '), wanted $(echo "$wanted" | tr '\n' ' ')"
fi
finish

#!/usr/bin/env bash
# replay.sh BIN MODEL: an archive replayed at three speeds gives the rows that the file gives.
here=$(dirname "$(realpath "$0")")
# shellcheck source=common.sh
. "$here/common.sh"
[ $# -eq 2 ] || { echo "usage: replay.sh BIN MODEL" >&2; exit 64; }
bin=$(absolute "$1") || exit
model=$(absolute "$2") || exit
make_folder
for ((n = 0; n < 300; n++)); do tweet_line "$n"; done >"$folder/tweets.jsonl"
export ELMOND_MODEL=$model

"$bin" replay "$folder/tweets.jsonl" --speed max --source archive --database "$folder/max.db" 2>"$folder/max.log"
expect "replay at full speed ends with" $? 0
expect "tweets of it" "$(total "$folder/max.db")" 300
# 299 intervals of 7 s are 2,093 s: at a thousand times the speed two seconds.
began=$(date +%s%N)
"$bin" replay "$folder/tweets.jsonl" --speed 1000x --source archive --database "$folder/paced.db" 2>"$folder/paced.log"
expect "replay at a thousand times the speed ends with" $? 0
took=$((($(date +%s%N) - began) / 1000000))
expect "tweets of it" "$(total "$folder/paced.db")" 300
if [ "$took" -ge 2000 ] && [ "$took" -lt 20000 ]; then pass "it took its time ($took ms)"; else fail "it took $took ms, wanted 2093 and a little more"; fi
for name in max paced; do
  expect "rows of $name that differ in figures" "$(sqlite3 -batch -cmd "attach 'file:$folder/max.db?mode=ro' as a" \
    "file:$folder/$name.db?mode=ro" "select count(*) from (select bucket, topic, tweets, negative, neutral, positive,
    score_mean, score_sd from main.minutely except select bucket, topic, tweets, negative, neutral, positive, score_mean,
    score_sd from a.minutely)")" 0
done
# An interrupted replay goes on where it was.
"$bin" replay "$folder/tweets.jsonl" --speed 500x --source archive --database "$folder/cut.db" 2>"$folder/cut.log" &
daemon_pid=$!
sleep 1.5
stop_daemon KILL
counted=$(total "$folder/cut.db")
expect_least "tweets counted before the kill" "$counted" 1
"$bin" replay "$folder/tweets.jsonl" --speed max --source archive --database "$folder/cut.db" 2>>"$folder/cut.log"
expect "tweets after going on" "$(total "$folder/cut.db")" 300
expect "duplicates" "$(read_database "$folder/cut.db" "select count(*) from counters where name = 'duplicates'")" 0

"$bin" replay "$folder/tweets.jsonl" --speed fast --database "$folder/x.db" 2>"$folder/bad.log"
expect "an unknown speed ends with" $? 64
"$bin" replay "$folder/nothing.jsonl" --database "$folder/x.db" 2>"$folder/bad.log"
expect "a missing archive ends with" $? 66
"$bin" replay "$folder/tweets.jsonl" 2>"$folder/bad.log"
expect "a replay without a database ends with" $? 64
finish

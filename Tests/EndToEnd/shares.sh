#!/usr/bin/env bash
# shares.sh BIN MODEL [FILE]: label, score, probabilities and shares of 10,000 tweets come from the same numbers. Without FILE
# the tweets are made here; FILE is one tweet a line as JSON, plain or packed, of which the first 10,000 are read.
here=$(dirname "$(realpath "$0")")
# shellcheck source=common.sh
. "$here/common.sh"
[ $# -ge 2 ] || { echo "usage: shares.sh BIN MODEL [FILE]" >&2; exit 64; }
bin=$(absolute "$1") || exit
model=$(absolute "$2") || exit
given=${3:+$(absolute "$3")} || exit
unset ELMOND_MODEL
make_folder
cd "$folder" || exit 1
mkdir state

case $given in
  '')
    awk 'BEGIN {
      count = split("I you we they love hate miss want this that the my your new old train phone game song rain good great bad awful" \
        " not never really so very today tomorrow again ! ? :) :( lol please thanks wow sad happy slow fast late", words, " ")
      state = 12345
      for (n = 0; n < 10000; n++) {
        text = ""
        for (k = 0; k < 2 + n % 13; k++) {
          state = (state * 16807) % 2147483647
          text = text " " words[1 + state % count]
        }
        second = n % 3600
        printf "{\"id\":\"2124%015d\",\"text\":\"%d%s\",\"created_at\":\"2026-11-20T%02d:%02d:%02dZ\",\"lang\":\"en\"}\n",
          n, n, text, 12 + n % 5, second / 60, second % 60
      }
    }'
    ;;
  *.xz) xz -dc "$given" ;;
  *) cat "$given" ;;
esac 2>/dev/null | head -n 10000 >tweets.jsonl
lines=$(wc -l <tweets.jsonl)

"$bin" classify --model "$model" --time tweets.jsonl >answers 2>classify.err
expect "exit status of classify" "$?" 0
note "$(tail -n 1 classify.err)"
unscored=$(grep -c '"label":"none","score":null,"probabilities":null' answers)
undecodable=$(grep -c '^{"error":' answers)
grep -vE '"label":"none"|^\{"error":' answers >scored
agree scored $((lines - unscored - undecodable))

write_settings "$folder/state" "$model" >settings.toml
printf '[[source]]\nname = "tweets"\nkind = "file"\npath = "%s"\n' "$folder/tweets.jsonl" >>settings.toml
"$bin" run --config settings.toml --until-end >run.log 2>&1
expect "exit status of run" "$?" 0
db=$folder/state/elmond.db

# Every tweet is counted once where ids differ: then the sums of the database are those of the printed probabilities.
sums='sum(a), sum(b), sum(c), count(*), sum(label = "negative"), sum(label = "neutral"), sum(label = "positive"), sum(score)'
wanted=$(sqlite3 -batch :memory: 'create table t (line text)' '.mode ascii' '.separator "\037" "\n"' '.import scored t' '.mode list' "
  with p as (select line ->> '$.label' as label, cast(round(1e6 * (line ->> '$.score')) as integer) as score,
    cast(round(1e6 * (line ->> '$.probabilities.negative')) as integer) as a,
    coalesce(cast(round(1e6 * (line ->> '$.probabilities.neutral')) as integer), 0) as b,
    cast(round(1e6 * (line ->> '$.probabilities.positive')) as integer) as c from t) select $sums from p")
found=$(read_database "$db" "select sum(negative_sum), sum(neutral_sum), sum(positive_sum), sum(negative + neutral + positive),
  sum(negative), sum(neutral), sum(positive), sum(score_sum) from aggregate where topic_id = 1")
counted=$(total "$db")
if [ "$counted" = "$((lines - undecodable))" ]; then
  expect "sums of probabilities, labels and scores" "$found" "$wanted"
else
  note "$counted of $lines tweets are counted, the others came twice: sums are not compared"
fi
expect "rows whose probabilities do not sum to their labelled tweets" "$(read_database "$db" "select count(*) from aggregate
  where negative_sum + neutral_sum + positive_sum <> 1000000 * (negative + neutral + positive)")" 0
for view in minutely hourly daily; do
  expect "rows of $view whose expected shares are not the mean probabilities" "$(read_database "$db" "
    with s as (select t.name as topic, a.bucket_start - a.bucket_start % case '$view' when 'minutely' then 60 when 'hourly' then 3600 else 86400 end
        as start, 1.0 * sum(negative_sum) as a, sum(neutral_sum) as b, sum(positive_sum) as c
      from aggregate a join topic t on t.id = a.topic_id group by 1, 2)
    select count(*) from $view v join s on s.topic = v.topic and s.start = v.bucket_start
    where abs(negative_expected - s.a / (s.a + s.b + s.c)) > 0.6e-6 or abs(negative_expected + neutral_expected + positive_expected - 1) > 2e-6
      or abs(score_mean - positive_expected - neutral_expected / 2) > 2e-6")" 0
done
expect "minutes of one tweet whose deviation is not 0" "$(read_database "$db" "select count(*) from minutely
  where negative + neutral + positive = 1 and score_sd <> 0")" 0
"$bin" query hourly --database "$db" --format csv >hourly.csv 2>query.err
expect "columns of query" "$(head -n 1 hourly.csv | tr -d '\r' | grep -c 'negative_expected,neutral_expected,positive_expected$')" 1
finish

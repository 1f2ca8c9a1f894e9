#!/usr/bin/env bash
# shapes.sh BIN MODEL: a table of file shapes (extension, content, encoding, form of time, container). Each file holds five
# tweets, one an hour from 2026-11-21 10:00 UTC, unless its row says otherwise. Each is counted right, or refused with a
# message that names the file, the reason and the remedy. The same bytes give the same figures under any extension.
here=$(dirname "$(realpath "$0")")
# shellcheck source=common.sh
. "$here/common.sh"
[ $# -eq 2 ] || { echo "usage: shapes.sh BIN MODEL" >&2; exit 64; }
bin=$(absolute "$1") || exit
model=$(absolute "$2") || exit
make_folder
export TZ=UTC
state=$folder/state
in=$folder/in
db=$state/elmond.db
mkdir "$state" "$in"
write_settings "$state" "$model" >"$folder/settings.toml"
start=1795255200 # 2026-11-21 10:00 UTC
five="5 2026-11-21T10 2026-11-21T14"

# --- writing tweets

# moment NUMBER FORMAT: the time of a tweet by a format of bash, or in units since 1970.
moment() {
  local seconds=$((start + $1 * 3600))
  case $2 in
    seconds) printf '%s' "$seconds" ;;
    milliseconds) printf '%s000' "$seconds" ;;
    microseconds) printf '%s000000' "$seconds" ;;
    nanoseconds) printf '%s000000000' "$seconds" ;;
    exponent) printf '%s.%se9' "${seconds:0:1}" "${seconds:1}" ;;
    cet) printf "%(%Y-%m-%d %H:%M:%S)T CET" $((seconds + 3600)) ;;
    new_york) printf "%(%Y-%m-%d %H:%M:%S)T" $((seconds - 5 * 3600)) ;;
    *) printf "%($2)T" "$seconds" ;;
  esac
}

# id NUMBER: an id of X that tells the tweet's time.
id() { printf '%s' $((((start + $1 * 3600) * 1000 - 1288834974657) << 22 | $1)); }

# text NUMBER: its text, without quotation marks.
text() { printf 'What a lovely morning, train %s is on time' "$1"; }

# csv SEPARATOR COLUMN FORMAT: a table with the columns text and COLUMN.
csv() {
  printf 'text%s%s\n' "$1" "$2"
  for n in 0 1 2 3 4; do printf '"%s"%s"%s"\n' "$(text $n)" "$1" "$(moment $n "$3")"; done
}

# json MEMBER FORMAT [BEFORE AFTER]: a document a line, the time between BEFORE and AFTER instead of quotation marks.
json() {
  for n in 0 1 2 3 4; do
    printf '{"text":"%s","%s":%s%s%s}\n' "$(text $n)" "$1" "${3-\"}" "$(moment $n "$2")" "${4-\"}"
  done
}

lines() { for n in 0 1 2 3 4; do printf '%s\n' "$(text $n)"; done; }
array() { printf '['; json created_at '%Y-%m-%dT%H:%M:%SZ' | paste -sd,; printf ']\n'; }
joined() { paste -sd, -; }

# --- the table

# shape NAME FILE WANTED [SETTING…]: a row; the file is written from standard input. WANTED is `COUNT FIRST LAST`, with
# `untimed N WORDS` for tweets that are not counted, `refused WORDS` for a file that is none, and `either WORDS` for one that is counted right or refused.
shape() {
  local name=$1 path=$in/$1/$2 want=$3
  shift 3
  mkdir -p "$in/$name"
  cat >"$path"
  add "$name" "$path" file "$want" "$@"
}

# add NAME PATH KIND WANTED [SETTING…]: a row for what is there.
add() {
  printf '%s %s\n' "$1" "$4" >>"$folder/table" # a shape is written in a pipe, where variables are lost
  {
    printf '[[source]]\nname = "%s"\nkind = "%s"\npath = "%s"\n' "$1" "$3" "$2"
    [ "$3" = directory ] && printf 'settle = "0s"\n'
    [ $# -lt 5 ] || printf '%s\n' "${@:5}"
  } >>"$folder/settings.toml"
}

# Forms of time.
csv , date '%Y-%m-%dT%H:%M:%SZ' | shape t-iso a.csv "$five"
csv , date '%Y-%m-%d %H:%M:%S' | shape t-blank a.csv "$five"
csv , Datetime '%Y-%m-%d %H:%M:%S+00:00' | shape t-offset a.csv "$five"
csv , date '%Y-%m-%d %H:%M:%S +0000' | shape t-offset-blank a.csv "$five"
csv , date '%Y-%m-%d %H:%M:%S UTC' | shape t-utc a.csv "$five"
csv , date cet | shape t-cet a.csv "$five"
csv , date '%Y-%m-%dT%H:%M:%S.123456+00:00' | shape t-fraction a.csv "$five"
csv , date '%Y/%m/%d %H:%M' | shape t-slashes a.csv "$five"
csv , 'Created At' '%a %b %d %H:%M:%S +0000 %Y' | shape t-x a.csv "$five"
csv , created_at '%a %b %d %H:%M:%S UTC %Y' | shape t-date a.csv "$five"
csv , date '%a, %d %b %Y %H:%M:%S +0000' | shape t-mail a.csv "$five"
csv , tweet_created '%d-%m-%Y %H:%M' | shape t-excel a.csv "$five"
csv , TweetAt '%d/%m/%Y %H:%M:%S' | shape t-day-first a.csv "$five"
csv , date '%m/%d/%Y %H:%M' | shape t-month-first a.csv "$five"
csv , date '%m/%d/%Y %I:%M %p' | shape t-half-day a.csv "$five"
csv , date '%d.%m.%Y %H:%M' | shape t-german a.csv "$five"
csv , tweet_creation_date '%b %d, %Y %I:%M %p' | shape t-named-month a.csv "$five"
csv , date '%d %b %Y' | shape t-day-only a.csv "5 2026-11-21T00 2026-11-21T00"
csv , date '%Y%m%dT%H%M%SZ' | shape t-compact a.csv "$five"
csv , timestamp seconds | shape t-seconds a.csv "$five"
csv , timestamp milliseconds | shape t-milliseconds a.csv "$five"
csv , timestamp microseconds | shape t-microseconds a.csv "$five"
csv , timestamp nanoseconds | shape t-nanoseconds a.csv "$five"
csv , timestamp exponent | shape t-exponent a.csv "$five"
json created_at milliseconds '' '' | shape t-number a.jsonl "$five"
json created_at '%Y-%m-%dT%H:%M:%SZ' '{"$date":"' '"}' | shape t-mongo a.jsonl "$five"
json created_at milliseconds '{"$date":{"$numberLong":"' '"}}' | shape t-mongo-long a.jsonl "$five"
json time seconds '"not a time","timestamp_ms":"' '000"' | shape t-second-field a.jsonl "$five"
csv , date,hour '%Y-%m-%d","%H' | shape t-two-columns a.csv "$five"
csv , when,at '%Y-%m-%d","%H:%M' | shape t-named-columns a.csv "$five" 'time_column = ["when", "at"]'
csv , date '%d/%m/%y %H:%M' | shape t-format a.csv "$five" 'time_format = "%d/%m/%y %H:%M"'
csv , date new_york | shape t-zone a.csv "$five" 'time_zone = "America/New_York"'

# Times that are not understood are not counted, and said so.
csv , date '03/04/2026 %H:%M' | shape u-ambiguous a.csv "untimed 5 time_format"
csv , date '%d/%m/%y %H:%M' | shape u-short-year a.csv "untimed 5 time_format"
csv , date 'in the morning of %d' | shape u-words a.csv "untimed 5 time_format"
csv , date '2096-%m-%d' | shape u-future a.csv "untimed 5 future"
csv , date '1970-01-01' | shape u-past a.csv "untimed 5 first tweet"
csv , date '' | sed 's/""$//' | shape u-empty a.csv "untimed 5 empty"
lines | shape u-skip a.txt "untimed 5 untimed" 'untimed = "skip"'

# Columns of the settings that a file does not have.
csv , date '%Y-%m-%dT%H:%M:%SZ' | shape r-column a.csv "untimed 5 posted" 'time_column = "posted"'

# Containers.
csv , date '%Y-%m-%dT%H:%M:%SZ' >"$folder/plain.csv"
gzip -c "$folder/plain.csv" | shape c-gzip a.csv.gz "$five"
bzip2 -c "$folder/plain.csv" | shape c-bzip2 a.csv.bz2 "$five"
xz -c "$folder/plain.csv" | shape c-xz a.csv.xz "$five"
zstd -qc "$folder/plain.csv" | shape c-zstd a.csv.zst "$five"

mkdir "$folder/packed" && cp "$folder/plain.csv" "$folder/packed/a.csv"
tar -C "$folder/packed" -cf - a.csv | shape c-tar a.tar "either tar"
tar -C "$folder/packed" -czf - a.csv | shape c-tar-gzip a.tar.gz "either tar"
if command -v zip >/dev/null; then
  (cd "$folder/packed" && zip -q - a.csv) | shape c-zip a.zip "either ZIP"
fi

# Encodings and dialects.
iconv -t utf-16 "$folder/plain.csv" | shape e-utf16 a.csv "$five"
iconv -t utf-16be "$folder/plain.csv" | shape e-utf16-no-mark a.csv "$five"
{ printf '\xef\xbb\xbf'; cat "$folder/plain.csv"; } | shape e-mark a.csv "$five"
sed 's/lovely/sch\xf6n/' "$folder/plain.csv" | shape e-windows a.csv "$five"
sed 's/$/\r/' "$folder/plain.csv" | shape d-crlf a.csv "$five"
tr '\n' '\r' <"$folder/plain.csv" | shape d-cr a.csv "$five"
csv ';' date '%Y-%m-%d %H:%M:%S' | shape d-semicolon a.csv "$five"
csv $'\t' date '%Y-%m-%d %H:%M:%S' | shape d-tab a.tsv "$five"
{ printf 'sep=;\n'; csv ';' date '%Y-%m-%d %H:%M:%S'; } | shape d-sep a.csv "$five"
sed 's/$/,,/' "$folder/plain.csv" | shape d-trailing a.csv "$five"
tail -n +2 "$folder/plain.csv" | shape d-no-heading a.csv "$five" 'header = false' 'text_column = 1' 'time_column = 2'

# Content that is not tweets.
{ printf '\x89PNG\r\n\x1a\n'; head -c 400 /dev/zero; } | shape b-png a.txt "refused PNG"
{ printf '%%PDF-1.4\n'; head -c 400 /dev/zero; } | shape b-pdf a.csv "refused PDF"
sqlite3 "$folder/x.db" 'create table t(a); insert into t values(1)' && shape b-sqlite a.jsonl "refused SQLite" <"$folder/x.db"
head -c 4000 "$bin" | shape b-program a.log "refused program"
head -c 4000 /dev/zero | shape b-zeros a.txt "refused"

# Extensions: the same bytes give the same figures.
json created_at '%Y-%m-%dT%H:%M:%SZ' >"$folder/lines"
array >"$folder/array"
{ printf 'window.YTD.tweets.part0 = ['; json created_at '%a %b %d %H:%M:%S +0000 %Y' | sed 's/.*/{"tweet":&}/' | joined; printf ']\n'; } >"$folder/export"
for content in plain.csv lines array export; do
  for extension in txt csv json jsonl js log none; do
    shape "x-${content%.csv}-$extension" "a.$extension" "$five" <"$folder/$content"
  done
  shape "x-${content%.csv}" a "$five" <"$folder/$content"
done

# --- one run over all of them
start_of_run=$(date +%s)
timeout 300 "$bin" run --config "$folder/settings.toml" --until-end >"$folder/log" 2>&1
note "the run took $(($(date +%s) - start_of_run)) s for $(wc -l <"$folder/table") shapes"

# figures NAME: tweets, first and last hour of a source.
figures() {
  read_database "$db" "select coalesce(sum(tweets), 0) || coalesce(' ' || min(substr(bucket, 1, 13)) || ' ' || max(substr(bucket, 1, 13)), '')
    from hourly_detail where topic = 'all' and source = '$1' and tweets > 0"
}

# counter NAME COUNTER
counter() { read_database "$db" "select coalesce(sum(value), 0) from counters where source = '$1' and name = '$2'"; }

# told NAME WORDS: a line of the log about the source's file says so, with a remedy.
told() {
  if grep -F "source=$1 " "$folder/log" | grep -F "$in/$1/" | grep -qF "$2"; then
    pass "$1: the log names the file and says '$2'"
  else
    fail "$1: the log does not say '$2'"
    grep -F "source=$1 " "$folder/log" | head -5
  fi
}

while read -r name first second rest; do
  case $first in
    untimed)
      expect "$name: counted" "$(figures "$name")" 0
      expect "$name: untimed" "$(counter "$name" untimed)" "$second"
      told "$name" "$rest"
      ;;
    either)
      if [ "$(counter "$name" refused_files)" = 1 ]; then
        expect "$name: counted" "$(figures "$name")" 0
        told "$name" "$second"
      else
        expect "$name" "$(figures "$name")" "$five"
      fi
      ;;
    refused)
      expect "$name: counted" "$(figures "$name")" 0
      expect "$name: refused files" "$(counter "$name" refused_files)" 1
      told "$name" "$second"
      ;;
    *) expect "$name" "$(figures "$name")" "$first $second $rest" ;;
  esac
done <"$folder/table"
finish

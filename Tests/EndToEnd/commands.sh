#!/usr/bin/env bash
# commands.sh BIN MODEL: every command but `run` and `bench`, as a person meets it: what it prints, what it refuses,
# and the exit codes of sysexits.h. Everything it reads is written here.
here=$(dirname "$(realpath "$0")")
# shellcheck source=common.sh
. "$here/common.sh"
[ $# -eq 2 ] || { echo "usage: commands.sh BIN MODEL" >&2; exit 64; }
bin=$(absolute "$1") || exit
model=$(absolute "$2") || exit
unset ELMOND_MODEL
make_folder
cd "$folder" || exit 1

# call ARGUMENTS…: the program with its output in out and err and its exit status in $status.
call() {
  timeout 20 "$bin" "$@" >out 2>err </dev/null
  status=$?
}

# ends WANTED ARGUMENTS…: a call and a check of its exit status.
ends() {
  local wanted=$1
  shift
  call "$@"
  expect "exit status of: ${*//$'\e'/^}" "$status" "$wanted"
}

# says FILE TEXT: a check that a file holds the text.
says() {
  if grep -qF -- "$2" "$1"; then pass "$1 says '$2'"; else fail "$1 does not say '$2': $(head -c 300 "$1" | cat -v)"; fi
}

# same TEXT FILE FILE: a check that two files hold the same bytes.
same() {
  if cmp -s "$2" "$3"; then pass "$1"; else fail "$1: $2 and $3 differ"; fi
}

# harmless TEXT FILE: no control but tab and line end, no C1, no bidi override, no U+2028 or U+2029.
harmless() {
  if LC_ALL=C grep -qaP '[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\xa8-\xae]|\xe2\x81[\xa6-\xa9]' "$2"; then
    fail "$1: raw control characters in $2"
  else
    pass "$1: no raw control characters"
  fi
}

# json FILE PATH: a value of a JSON file.
json() { sqlite3 -batch :memory: "select json_extract(cast(readfile('$1') as text), '$2')"; }

# header FILE: the JSON header of a safetensors file.
header() { tail -c +9 "$1" | head -c "$(od -An -tu8 -N8 "$1" | tr -d ' ')"; }

# --- the whole program
ends 0 --help
ends 0 --version
for command in run classify embed pretrain train evaluate "model import" "model export" "model random" "model info" "model verify" "model seal" "model quantize" "db prune" "db backup" "db check" query \
  report check-config doctor bench model; do
  # shellcheck disable=SC2086  # two words are two arguments
  call $command --help
  if [ "$status" -eq 0 ] && grep -q "^USAGE: elmond $command" out; then
    pass "help of $command"
  else
    fail "help of $command: exit status $status"
  fi
done
ends 64 frobnicate
ends 64 model frobnicate
ends 64 classify --frobnicate

# --- classify
cat >mixed.jsonl <<'TWEETS'
{"id":9007199254740993,"id_str":"9007199254740993","text":"what a lovely day","created_at":"Fri Nov 20 12:00:00 +0000 2026"}
{"id":18446744073709551615,"text":"the largest id there can be"}
{"id":5,"text":

{"data":{"id":"7","text":""}}
not a tweet at all
{"text":"nobody knows the id"}
{"delete":{"status":{"id":1,"id_str":"1"}}}
{"data":{"id":"8","text":"this is the end & it is \"good\""}}
TWEETS
ends 0 classify --model "$model" mixed.jsonl
cp out mixed.out
says err "2 records could not be decoded"
expect "lines for seven records" "$(wc -l <out)" 7
expect "lines that are JSON" "$(while read -r line; do printf '%s' "$line" >line.json; sqlite3 -batch :memory: \
  "select json_valid(cast(readfile('line.json') as text))"; done <out | paste -sd '')" 1111111
number='[01](\.[0-9]+)?'
expect "keys and their order" "$(grep -cE "^\{\"id\":(\"[0-9]+\"|null),\"label\":\"(negative|neutral|positive)\",\"score\":$number,\"probabilities\":\{\"negative\":$number,(\"neutral\":$number,)?\"positive\":$number\},\"lang\":\"[a-z]+\",\"clean\":\".*\"\}$" out)" 4
expect "the id beyond 2^53" "$(sed -n 1p out | cut -d, -f1)" '{"id":"9007199254740993"'
expect "the largest id" "$(sed -n 2p out | cut -d, -f1)" '{"id":"18446744073709551615"'
expect "place and line of the cut record" "$(sed -n 3p out | grep -oE '^."error":|"line":[0-9]+}$' | paste -sd '')" '{"error":"line":3}'
expect "an empty text" "$(sed -n 4p out)" '{"id":"7","label":"none","score":null,"probabilities":null,"lang":"und","reason":"no_words","clean":""}'
expect "place and line of the stray line" "$(sed -n 5p out | grep -oE '"line":[0-9]+}$')" '"line":6}'
expect "a tweet without id" "$(sed -n 6p out | cut -d, -f1)" '{"id":null'
expect "the last id" "$(sed -n 7p out | cut -d, -f1)" '{"id":"8"'
ends 0 classify --model "$model" --time mixed.jsonl
same "--time prints the same" out mixed.out
says err "elmond: 5 tweets in "
says err " tweets/s"
ends 65 classify --model "$model" --strict mixed.jsonl
same "--strict prints the same" out mixed.out

words=(sun rain tram love hate good bad never always train cake work song storm win lose)
for ((n = 0; n < 150; n++)); do
  text="number"
  for ((k = 0; k < n % 23; k++)); do text+=" ${words[(n * 7 + k * k + n / 3) % 16]}"; done
  printf '{"id":"%s","text":"%s"}\n' "$((7000 + n))" "$text"
done >many.jsonl
ends 0 classify --model "$model" many.jsonl
cp out many.out
expect "lines for 150 tweets" "$(wc -l <many.out)" 150
# The label is the largest of the printed probabilities, which sum to 1; the score is made of the same numbers.
agree "many.out" 150
for batch in 1 7 64; do
  call classify --model "$model" --batch "$batch" many.jsonl
  same "batches of $batch give the same lines" out many.out
done
shuf --random-source=many.jsonl many.jsonl >shuffled.jsonl
call classify --model "$model" shuffled.jsonl
sort out >shuffled.out
sort many.out >sorted.out
same "a shuffled file gives the same lines" shuffled.out sorted.out
for ((n = 1; n <= 150; n += 12)); do
  sed -n "${n}p" many.jsonl | timeout 20 "$bin" classify --model "$model"
done >alone.out 2>/dev/null
sed -n '1~12p' many.out >few.out
same "tweets alone give the same lines" alone.out few.out

for packer in "gzip gz" "bzip2 bz2" "xz xz" "zstd zst"; do
  read -r tool ending <<<"$packer"
  if ! command -v "$tool" >/dev/null; then note "SKIP .$ending: no $tool here"; continue; fi
  "$tool" -qc many.jsonl >"many.jsonl.$ending"
  call classify --model "$model" "many.jsonl.$ending"
  same ".$ending gives the same lines" out many.out
  timeout 20 "$bin" classify --model "$model" <"many.jsonl.$ending" >out 2>err
  same ".$ending on standard input gives the same lines" out many.out
done
timeout 20 "$bin" classify --model "$model" - <many.jsonl >out 2>err
same "- is standard input" out many.out
head -n 60 many.jsonl >first.jsonl
tail -n +61 many.jsonl >rest.jsonl
timeout 20 "$bin" classify --model "$model" first.jsonl - <rest.jsonl >out 2>err
same "a file and standard input, one after the other" out many.out

mkfifo pipe
timeout 20 "$bin" classify --model "$model" <pipe >filter.out 2>filter.err &
filter=$!
exec 5>pipe
for wanted in 1 2; do
  sed -n "${wanted}p" many.jsonl >&5
  for ((wait = 0; wait < 100; wait++)); do
    if [ "$(wc -l <filter.out)" -ge "$wanted" ]; then break; fi
    sleep 0.1
  done
  expect "answers before the pipe is closed" "$(wc -l <filter.out)" "$wanted"
done
exec 5>&-
wait "$filter"
expect "exit status of the filter" "$?" 0

printf 'number,words\n1,"one, two"\n2,\n3,"three\nfour"\n' >columns.csv
ends 0 classify --model "$model" --text-column words --id-column number columns.csv
expect "rows of a CSV file with named columns" "$(cut -d, -f1 out | paste -sd ' ')" '{"id":"1" {"id":"2" {"id":"3"'
expect "an empty CSV text" "$(sed -n 2p out | cut -d, -f2)" '"label":"none"'
# A column that a flag names and the file lacks is the caller's mistake, not every record's.
call classify --model "$model" --text-column wrods columns.csv
expect "exit status with a text column that is not there" "$status" 65
says err wrods
says err "number, words"
call classify --model "$model" --text-column words --id-column nmuber columns.csv
expect "exit status with an id column that is not there" "$status" 65
printf 'one line\n\ntwo words\n' >lines.txt
ends 0 classify --model "$model" lines.txt
expect "lines of plain text keep their numbers, an empty line is an empty record" \
  "$(grep -o '"label":"[a-z]*"' out | sed 's/"label":"none"/none/; s/"label":.*/label/' | paste -sd ' ')" "label none label"
# The bytes decide, and what they leave open is named by a flag.
printf '{"who":{"said":"so fine"},"n":7}\n' >other.txt
ends 0 classify --model "$model" --strict --text-field who.said --id-field n other.txt
expect "the id by its field" "$(cut -d, -f1 out)" '{"id":"7"'
ends 65 classify --model "$model" --strict other.txt
says out "text_field: who, n"
printf 'x,1,so fine\ny,2,so bad\n' >plain.csv
ends 0 classify --model "$model" --strict --no-header --text-column 3 --id-column 2 plain.csv
expect "ids of a table without heading" "$(cut -d, -f1 out | paste -sd ' ')" '{"id":"1" {"id":"2"'
printf 'so fine, is it not?\nso bad\n' >lines8.txt
for encoding in UTF-16 UTF-16LE UTF-32; do
  iconv -f UTF-8 -t "$encoding" lines8.txt >wide.txt
  ends 0 classify --model "$model" --strict wide.txt
  expect "lines of $encoding" "$(wc -l <out)" 2
done
printf 'caf\202 is open\n' >old.txt
ends 0 classify --model "$model" --strict --encoding cp437 old.txt
says out "café"
ends 0 classify --model "$model" --max-line 1KiB lines8.txt
ends 64 classify --model "$model" --max-line 1 lines8.txt
ends 64 classify --model "$model" --encoding utf-99 lines8.txt
ends 64 classify --model "$model" --id-field n other.txt

: >empty.jsonl
ends 0 classify --model "$model" empty.jsonl
expect "answers for an empty file" "$(wc -c <out)" 0
ends 66 classify --model "$model" not-there.jsonl
says err not-there.jsonl
ends 66 classify --model "$folder/no-model" mixed.jsonl
ends 64 classify --model "$model" --batch 0 mixed.jsonl
ends 64 classify --model "$model" --format xml mixed.jsonl
ends 66 classify --model "$model" first.jsonl not-there.jsonl
expect "answers before the file that is not there" "$(wc -l <out)" 60
gzip -qc many.jsonl | head -c 1200 >cut.jsonl.gz
ends 65 classify --model "$model" cut.jsonl.gz
expect_least "answers before the damage" "$(wc -l <out)" 1
timeout 20 "$bin" classify --model "$model" first.jsonl >/dev/full 2>err
expect "exit status of classify when the disk is full" "$?" 74
timeout 20 "$bin" classify --model "$model" many.jsonl 2>err | head -n 1 >out
case "${PIPESTATUS[0]}" in
  0 | 141) pass "a reader that leaves early ends it quietly" ;;
  *) fail "a reader that leaves early: $(cat err)" ;;
esac

# --- embed
ends 0 embed --model "$model" --tokens --output tokens.safetensors lines.txt
width=$(json "$model/model.json" '$.elmo.lstm.projection_dim')
header tokens.safetensors >header.json
for pair in "word_emb:[2,$width]" "lstm_outputs1:[2,$((2 * width))]" "lstm_outputs2:[2,$((2 * width))]" \
  "elmo:[2,$((2 * width))]" "default:[$((2 * width))]"; do
  for record in 0 2; do
    expect "shape of $record/${pair%%:*}" "$(json header.json "\$.\"$record/${pair%%:*}\".shape")" "${pair#*:}"
  done
done
expect "type of 0/elmo" "$(json header.json '$."0/elmo".dtype')" F32
expect "shape of the record of an empty line" "$(json header.json '$."1/elmo".shape')" "[0,$((2 * width))]"
expect "tensors of three records" "$(sqlite3 -batch :memory: "select count(*) from
  json_each(cast(readfile('header.json') as text)) where key <> '__metadata__'")" 15
ends 0 embed --model "$model" --tokens --output again.safetensors lines.txt
same "twice gives the same bytes" again.safetensors tokens.safetensors
ends 0 embed --model "$model" --tokens --stateful --output stateful.safetensors lines.txt
if cmp -s tokens.safetensors stateful.safetensors; then fail "--stateful changes nothing"; else pass "--stateful carries states"; fi
printf 'a &amp; b\n' >entity.txt
printf 'a & b\n' >sign.txt
call embed --model "$model" --tokens --output entity.safetensors entity.txt
call embed --model "$model" --tokens --output sign.safetensors sign.txt
if cmp -s entity.safetensors sign.safetensors; then fail "--tokens cleans: &amp; and & are the same"; else pass "--tokens does not clean"; fi
ends 0 embed --model "$model" --output mixed.safetensors mixed.jsonl
header mixed.safetensors >header.json
# The tweet with an empty text, and the two records that cannot be decoded, which keep their numbers.
expect "records without tokens" "$(sqlite3 -batch :memory: "select count(*) from
  json_each(cast(readfile('header.json') as text)) where json_extract(value, '\$.shape') = '[0,$width]'")" 3
printf '{"id":1,"text":"one"}\nnonsense\n{"id":2,"text":"two three"}\n' >numbers.jsonl
call embed --model "$model" --output numbers.safetensors numbers.jsonl
header numbers.safetensors >header.json
expect "a record after a broken one keeps its number" "$(json header.json '$."2/word_emb".shape')" "[2,$width]"
ends 64 embed --model "$model" lines.txt
# Token rows with an empty line, as JSON, and padded with lengths: the same records.
printf 'the cat sat\n\nthe dog ran away\n' >rows.txt
printf '["the","cat","sat"]\n[]\n["the","dog","ran","away"]\n' >rows.jsonl
printf '["the","cat","sat",""]\n["","","",""]\n["the","dog","ran","away"]\n' >padded.jsonl
printf '3\n0\n4\n' >lengths.txt
printf '3\n9\n4\n' >long.txt
ends 0 embed --model "$model" --tokens --output rows.safetensors rows.txt
header rows.safetensors >header.json
expect "an empty line is an empty record" "$(json header.json '$."1/word_emb".shape')" "[0,$width]"
expect "record N is line N" "$(json header.json '$."2/word_emb".shape')" "[4,$width]"
ends 0 embed --model "$model" --tokens --output other.safetensors rows.jsonl
same "rows of JSON are the same" other.safetensors rows.safetensors
ends 0 embed --model "$model" --tokens --lengths lengths.txt --output other.safetensors padded.jsonl
same "padded rows with lengths are the same" other.safetensors rows.safetensors
ends 0 embed --model "$model" --tokens --output - rows.txt
same "standard output gets the same bytes" out rows.safetensors
ends 65 embed --model "$model" --tokens --lengths long.txt --output other.safetensors padded.jsonl
ends 65 embed --model "$model" --tokens --lengths lengths.txt --output other.safetensors numbers.jsonl
ends 64 embed --model "$model" --lengths lengths.txt --output other.safetensors rows.txt
ends 66 embed --model "$model" --output none.safetensors not-there.txt
ends 73 embed --model "$model" --output "$folder/no/where.safetensors" lines.txt
cp tokens.safetensors kept.safetensors
call embed --model "$model" --output kept.safetensors cut.jsonl.gz
same "a failure leaves the old file" kept.safetensors tokens.safetensors
timeout 10 cat pipe >/dev/null &
drain=$!
call embed --model "$model" --output pipe lines.txt
kill "$drain" 2>/dev/null
wait "$drain" 2>/dev/null
if [ -p pipe ]; then pass "--output leaves a pipe a pipe"; else fail "--output replaced a pipe by a file"; fi
expect "unfinished files" "$(find . -name '*.partial*' | wc -l)" 0

# --- train
good=(lovely happy bright sweet kind warm funny brave)
bad=(awful sad broken rude bitter cold cruel ugly)
place=(tram street office kitchen garden market station bridge river school)
{
  echo "number,text,sentiment"
  for ((n = 0; n < 200; n++)); do
    where=${place[(n / 3) % 10]}
    case $((n % 5)) in
      0 | 1) echo "$n,\"a ${bad[n % 8]}, ${bad[n / 8 % 8]} morning in the $where\",Negative" ;;
      4) echo "$n,\"the $where ${good[n / 5 % 8]} opens at nine\",Neutral" ;;
      *) echo "$n,\"a ${good[n % 8]} and ${good[n / 8 % 8]} evening by the $where\",Positive" ;;
    esac
  done
} >rows.csv
ends 0 train --base "$model" --data rows.csv --drop Neutral --output trained
cp out train.out
for file in model.json weights.safetensors history.csv history.svg; do
  expect "$file is there" "$(find trained -name "$file" -size +0 | wc -l)" 1
done
for ((n = 1; n <= 5; n++)); do expect "lines of epoch $n" "$(grep -c "^Epoch $n/5" train.out)" 1; done
expect "figures of epochs" "$(grep -cE 'loss: [0-9.]+ - acc: [0-9.]+ - val_loss: [0-9.]+ - val_acc: [0-9.]+' train.out)" 5
says train.out "Train on 128 samples, validate on 32 samples"
expect "the head of history.csv" "$(head -n 1 trained/history.csv)" epoch,loss,accuracy,val_loss,val_accuracy
expect "rows of history.csv" "$(grep -cE '^[1-5](,[0-9]+\.[0-9]+){4}$' trained/history.csv)" 5
expect "lines of history.csv" "$(wc -l <trained/history.csv)" 6
expect "the frame of history.svg" "$(grep -cE '^<svg |^</svg>$' trained/history.svg)" 2
expect "elements of history.svg left open" "$(grep -oE '<[a-z]+[^>]*[^/]>|<[a-z]+>' trained/history.svg | wc -l)" \
  "$(grep -oE '</[a-z]+>' trained/history.svg | wc -l)"
expect "numbers that are none in history.svg" "$(grep -ciE 'nan|inf\b' trained/history.svg)" 0
for split in training validation; do expect "figures of the $split rows" "$(grep -c "^$split:" train.out)" 1; done
expect "majority rates" "$(grep -c '^majority rate  *0\.[0-9]' train.out)" 2
expect "accuracies" "$(grep -c '^accuracy  *[01]\.[0-9]' train.out)" 2
ends 0 model verify trained
ends 0 train --base "$model" --data rows.csv --drop Neutral --output again
same "the same seed gives the same weights" trained/weights.safetensors again/weights.safetensors
same "the same seed gives the same history" trained/history.csv again/history.csv
ends 0 train --base "$model" --data rows.csv --drop Neutral --seed 2 --output other
if cmp -s trained/weights.safetensors other/weights.safetensors; then fail "another seed changes nothing"; else pass "another seed, other weights"; fi
touch -d '2020-01-01' trained/model.json
ends 73 train --base "$model" --data rows.csv --drop Neutral --output trained
says err trained
expect "year of the refused output" "$(date -r trained/model.json +%Y)" 2020
ends 65 train --base "$model" --data rows.csv --text-column wrods --output refused
says err wrods
says err "number, text, sentiment"
ends 65 train --base "$model" --data rows.csv --label-column feeling --output refused
says err "number, text, sentiment"
{ cat rows.csv; echo '200,"who knows",Mixed'; } >mixed.csv
ends 65 train --base "$model" --data mixed.csv --drop Neutral --output refused
says err Mixed
says err "--label Mixed=neutral"
ends 0 train --base "$model" --data mixed.csv --drop Neutral --label Mixed=positive --output mapped
printf 'text,sentiment\nhm,"Mi\033[31mxed"\n' >coloured.csv
ends 65 train --base "$model" --data coloured.csv --output refused
harmless "a label with an escape" err
ends 66 train --base "$model" --data not-there.csv --output refused
ends 66 train --base "$folder/no-model" --data rows.csv --output refused
ends 64 train --base "$model" --data rows.csv --epochs 0 --output refused
ends 64 train --base "$model" --data rows.csv
expect "an output after refusals" "$(find . -maxdepth 1 -name 'refused*' | wc -l)" 0
ends 0 train --base "$model" --data rows.csv --cleaning tweet --keep-neutral --output three
expect "labels of a model of three" "$(json three/model.json '$.labels')" '["negative","neutral","positive"]'

# Several files, each in its own way; what is seen, repeated or dropped is counted.
printf '71\tpositive\t"Plus\\u002c a lovely evening"\t\n72\tnegative\ta rude morning at sea\n"\t\n73\tneutral\tthe tram\n' >lines.txt
printf 'tweet;mark\na Rude morning at SEA!;0\na day to praise;1\nsomething held back;0\nan advertisement;ad\n' >marks.csv
printf 'something held back\nthe last of all\n' >held.txt
printf '0\n1\n' >marks.txt
ends 0 train --base "$model" --output several --distinct \
  --data rows.csv lines.txt marks.csv:text=tweet,label=mark,0=negative,1=positive,ad=drop \
  --validation held.txt:labels=marks.txt,0=negative,1=positive
says out "Train on 163 samples, validate on 2 samples"
says err "rows.csv: 160 rows (negative 80, positive 80), 40 dropped"
says err "lines.txt: 2 rows (negative 1, positive 1), 1 dropped, 1 broken"
says err "marks.csv: 1 rows (negative 0, positive 1), 1 dropped, 1 excluded, 1 repeated"
says err "held.txt: 2 rows (negative 1, positive 1), 0 dropped, for validation"
ends 0 train --base "$model" --output excluding --data rows.csv lines.txt --exclude marks.csv:text=tweet
says err "lines.txt: 1 rows (negative 0, positive 1), 1 dropped, 1 excluded, 1 broken"
ends 64 train --base "$model" --output refused --data marks.csv:text=tweet,lable=mark
says err lable
ends 64 train --base "$model" --output refused --data rows.csv --validation 0.2 held.txt
ends 64 train --base "$model" --output refused --data rows.csv:weight=0.5
expect "an output after refusals" "$(find . -maxdepth 1 -name 'refused*' | wc -l)" 0

# --- evaluate
ends 0 evaluate --model trained --data rows.csv --drop Neutral --json
cp out metrics.json
expect "keys of evaluate --json" "$(sqlite3 -batch :memory: "select group_concat(key, ' ') from (select key from
  json_each(cast(readfile('metrics.json') as text)) limit 10)")" \
  "rows accuracy balanced_accuracy macro_f1 macro_recall roc_auc ece confusion labels majority_accuracy"
expect "rows measured" "$(json metrics.json '$.rows')" 160
expect "sum of the confusion" "$(sqlite3 -batch :memory: "select sum(value) from
  json_tree(cast(readfile('metrics.json') as text), '\$.confusion') where type = 'integer'")" 160
expect "the majority" "$(json metrics.json '$.majority_accuracy')" 0.5
ends 0 evaluate --model trained --data rows.csv --drop Neutral
says out "majority rate"
says out "balanced accuracy"
head -n 41 rows.csv >seen.csv
ends 0 evaluate --model trained --data rows.csv --drop Neutral --exclude-seen seen.csv --json
left=$(json out '$.rows')
excluded=$(grep -oE '^[0-9]+ rows left out' err | grep -oE '^[0-9]+')
expect_least "rows left out" "$excluded" 32
expect "rows left out and rows measured" "$((left + excluded))" 160
sed -n 's/^[0-9]*,\(".*"\),.*$/\1/p' seen.csv | sed '1i text' >texts.csv
ends 0 evaluate --model trained --data rows.csv --drop Neutral --exclude-seen texts.csv --json
# A model of two labels cannot answer neutral rows: they are left out, and said to be.
ends 0 evaluate --model trained --data rows.csv --json
expect "rows without the neutral ones" "$(json out '$.rows')" 160
says err "40 dropped"
ends 65 evaluate --model trained --data mixed.csv
says err Mixed
ends 0 evaluate --model three --data rows.csv --json
expect "rows of a model of three" "$(json out '$.rows')" 200
ends 65 evaluate --model trained --data rows.csv --text-column wrods
says err "number, text, sentiment"
ends 66 evaluate --model trained --data not-there.csv
ends 66 evaluate --model trained --data rows.csv --drop Neutral --exclude-seen not-there.csv
ends 64 evaluate --model trained

# Against another system on the same rows; what was answered, row by row.
awk -F, -v OFS=, 'NR == 1 { print $0, "other"; next } { print $0, NR % 4 ? $NF : "Neutral" }' rows.csv >others.csv
ends 0 evaluate --model three --data others.csv --against other --predictions answers.csv --json
expect "what another system reaches" "$(printf %.3f "$(json out '$.against.accuracy')")" \
  "$(awk -F, 'NR > 1 { n += $(NF - 1) == $NF } END { printf "%.3f", n / (NR - 1) }' others.csv)"
expect "lines of the predictions" "$(wc -l <answers.csv)" 201
expect "the head of the predictions" "$(head -n 1 answers.csv)" file,row,truth,answer,negative,neutral,positive
expect "right answers in the predictions" "$(awk -F, 'NR > 1 { n += $3 == $4 } END { printf "%.3f", n / (NR - 1) }' answers.csv)" \
  "$(printf %.3f "$(json out '$.accuracy')")"
ends 0 evaluate --model three --data others.csv --against other
says out "McNemar: statistic"
says out "right alone: the model on"
ends 65 evaluate --model three --data others.csv --against another
says err "number, text, sentiment, other"
cp others.csv others.kept
ends 64 evaluate --model three --data others.csv --predictions ./others.csv
same "an input that was named for the predictions" others.csv others.kept
ends 65 evaluate --model three --data rows.csv --parts co-head
says err "no co-head"
ends 64 evaluate --model three --data rows.csv --parts heads

# Network, head and co-head tuned; test rows choose nothing.
tune=(train --base "$model" --data rows.csv --recipe tune --cleaning tweet --epochs 2 --head-epochs 1 --unfreezing-epochs 0
  --hidden 8 --co-head-bits 10)
ends 0 "${tune[@]}" --test 0.2 --output tuned --json
cp out tuned.json
cp err tuned.err
expect "rows that train, validate and test" "$(json tuned.json '$.rows_training') $(json tuned.json '$.rows_validation') $(json tuned.json '$.rows_test')" "115 13 32"
expect "validation rows that repeat a text that trains" "$(json tuned.json '$.repeated_validation')" 0.0
expect "rows of the figures of a test" "$(json tuned.json '$.test.rows') $(json tuned.json '$.test_network.rows') $(json tuned.json '$.test_co_head.rows')" "32 32 32"
says tuned.err "chosen on 13 validation rows, none of which is a test row"
says tuned.json '"threshold":"'
ends 0 model verify tuned
says tuned/model.json '"rows_test" : "32"'
ends 0 "${tune[@]}" --output chosen
says out "whose figures flatter for it"
for parts in network co-head; do
  ends 0 evaluate --model tuned --data rows.csv --parts "$parts"
  says out "threshold          0.5000  from default"
done
ends 0 evaluate --model tuned --data rows.csv --parts network --calibrate rows.csv --decide threshold --metric accuracy
says err "160 of the measured rows have the text of a row that calibrates"
says out "from rows.csv"
ends 0 evaluate --model tuned --data rows.csv --parts network --calibrate rows.csv
says out "threshold          0.5000  from default"
# What training chose acts by choice alone, and then on the probabilities too.
ends 0 evaluate --model tuned --data rows.csv --json
expect "the decision without a choice" "$(json out '$.decision') $(json out '$.threshold')" "largest 0.5"
expect "figures by the largest probability" "$(json out '$.rows')" 160
expect_least "tweets a second" "$(json out '$.tweets_per_second' | cut -d. -f1)" 1
says err " tweets/s"
ends 0 evaluate --model tuned --data rows.csv --decide threshold
says out "  from model"
ends 65 evaluate --model tuned --data rows.csv --decide macro_recall
says err "label_offsets"
ends 64 evaluate --model tuned --data rows.csv --decide offsets
expect "figures of both decisions" "$(json tuned.json '$.test_largest.rows')" 32
ends 0 classify --model tuned --decide threshold many.jsonl
agree out 150
# A head of three labels gives way to one of two, with its calibration.
ends 0 "${tune[@]}" --keep-neutral --output tuned-three
says tuned-three/model.json label_offsets
ends 0 classify --model tuned-three many.jsonl
agree out 150
cp out largest.out
ends 0 classify --model tuned-three --decide macro_recall many.jsonl
agree out 150
ends 65 classify --model tuned-three --decide threshold many.jsonl
# Calibration alone: other numbers in model.json, the same weights.
calibrate=(train --recipe calibrate --base tuned-three --data rows.csv --keep-neutral --validation 0.2 --split group)
ends 0 "${calibrate[@]}" --output calibrated --json
cp out calibrated.json
same "the weights of a bundle that was calibrated" tuned-three/weights.safetensors calibrated/weights.safetensors
ends 0 model verify calibrated
expect "rows that calibrate" "$(json calibrated.json '$.validation.rows') $(json calibrated.json '$.validation_before.rows')" "40 40"
expect "figures by the offsets" "$(json calibrated.json '$.validation_macro_recall.rows')" 40
ends 0 classify --model calibrated many.jsonl
agree out 150
ends 64 "${calibrate[@]}" --epochs 3 --output refused
says err "--epochs means nothing to --recipe calibrate"
ends 65 train --recipe calibrate --base tuned-three --data rows.csv --output refused
says err "give --keep-neutral"
tune[2]=tuned-three
ends 0 "${tune[@]}" --output tuned-two
expect "labels after tuning for two" "$(json tuned-two/model.json '$.labels')" '["negative","positive"]'
if grep -q label_offsets tuned-two/model.json; then fail "offsets of three labels are left"; else pass "no offsets of three labels"; fi
ends 0 classify --model tuned-two first.jsonl
ends 64 "${tune[@]}" --test 0.2 rows.csv --output refused
ends 64 "${tune[@]}" --l2 0.1 --output refused
says err "--l2 means nothing to --recipe tune"
ends 64 train --base "$model" --data rows.csv --class-weights=balanced --output refused
says err "it goes with --recipe tune"
ends 64 "${tune[@]}" --confidence-weights --output refused
says err "--confidence-column"
ends 64 train --base "$model" --data rows.csv --test 0.2 --output refused
ends 64 "${tune[@]}" --test rows.csv --folds 2 --output refused
ends 65 "${tune[@]}" --test rows.csv --output refused
expect "an output after refusals" "$(find . -maxdepth 1 -name 'refused*' | wc -l)" 0

# --- run: what must never be touched, and what must never go unnoticed
cp -r "$model" nan-model && printf '\377\377\377\177' | dd of=nan-model/weights.safetensors bs=1 seek=1000000 conv=notrunc 2>/dev/null
ends 65 classify --model nan-model lines.txt
says err "NaN"
printf '[model]\npath = "%s"\n[[source]]\nname = "in"\nkind = "file"\npath = "many.jsonl"\nfollow = true\n[store]\ndatabase = "guard.db"\n[report]\npath = "guard.txt"\n' "$model" >guard.toml
sed 's/guard\.txt/many.jsonl/' guard.toml >over.toml
cp many.jsonl many.kept
ends 78 run --config over.toml --until-end
same "a report path that is an input leaves the input" many.jsonl many.kept
sed 's/guard\.db/rows.csv/' guard.toml >foreign.toml
cp rows.csv rows.kept
ends 78 run --config foreign.toml --until-end
same "a database path that is another file leaves the file" rows.csv rows.kept
start_daemon guard.err "$bin" run --config guard.toml
wait_for_total guard.db 150 20 || fail "150 tweets before the database is removed"
rm -f guard.db guard.db-wal guard.db-shm
for ((n = 0; n < 100; n++)); do daemon_runs || break; sleep 0.1; done
kill -TERM "$daemon_pid" 2>/dev/null
wait "$daemon_pid"
expect "exit status when the database is removed" "$?" 74
daemon_pid=""
says guard.err "was removed or replaced"

# --- model
ends 0 model info "$model"
says out labels
says out licence
says out storage
ends 0 model verify "$model"
for storage in fp16 bf16 int8; do
  engine=$storage
  [ "$storage" = fp16 ] && engine=fp32
  ends 0 model quantize --to "$storage" "$model" "quantized-$storage"
  ends 0 model verify "quantized-$storage"
  ends 0 model info "quantized-$storage"
  says out "$storage: "
  says out "$engine, here on "
  ends 0 classify --model "quantized-$storage" mixed.jsonl
  ends 73 model quantize --to "$storage" "$model" "quantized-$storage"
  says err "quantized-$storage is there already"
done
ends 0 classify --model "$model" --engine int8 mixed.jsonl
ends 64 classify --model "$model" --engine int4 mixed.jsonl
ends 64 model quantize --to int4 "$model" quantized-int4
ends 66 model quantize --to int8 "$folder/no-model" quantized-none
ends 66 model info "$folder/no-model"
ends 66 model verify "$folder/no-model"
says err no-model
cp -r "$model" edited
sed -i 's/"max_tokens" : 256/"max_tokens" : 255/' edited/model.json
ends 65 model verify edited
says err edited/model.json
says err "elmond model seal"
ends 0 model seal edited
ends 0 model verify edited
expect "lines that sealing changed" "$(diff "$model/model.json" edited/model.json | grep -c '^>')" 2
cp -r "$model" damaged
byte=$(od -An -tu1 -j 100000 -N 1 damaged/weights.safetensors | tr -d ' ')
# shellcheck disable=SC2059  # the format is the byte
printf "\\$(printf %o $((byte ^ 255)))" | dd of=damaged/weights.safetensors bs=1 seek=100000 conv=notrunc status=none
ends 65 model verify damaged
says err damaged/weights.safetensors
says err SHA-256
truncate -s 100000 damaged/weights.safetensors
ends 65 model verify damaged
says err "cut short"
ends 65 classify --model damaged mixed.jsonl
rm damaged/weights.safetensors
ends 66 model verify damaged
says err damaged/weights.safetensors
echo '{' >damaged/model.json
ends 65 model verify damaged
says err model.json
sqlite3 -batch :memory: "select json_extract(cast(readfile('$model/model.json') as text), '\$.elmo')" >options.json
ends 0 model random --options options.json --output random
ends 0 model verify random
ends 0 model random --options options.json --output random2
same "the same seed gives the same model" random/weights.safetensors random2/weights.safetensors
ends 73 model random --options options.json --seed 9 --output random2
same "a model that is there is kept" random/weights.safetensors random2/weights.safetensors
ends 65 classify --model random mixed.jsonl
says err "elmond train"
ends 66 model random --options not-there.json --output refused
echo '{}' >no-options.json
ends 65 model random --options no-options.json --output refused
says err lstm
ends 73 model random --options options.json --output /proc/elmond-refused
ends 64 model import
ends 66 model import --options not-there.json --weights not-there.hdf5 --output refused
says err not-there.json
ends 66 model import --options options.json --weights not-there.hdf5 --output refused
says err not-there.hdf5
ends 65 model import --options options.json --weights rows.csv --output refused
says err rows.csv
ends 0 model export random exported
ends 0 model import --options exported/options.json --weights exported/weights.hdf5 --output reimported
same "export and import give the same weights" random/weights.safetensors reimported/weights.safetensors
ends 0 model export "$model" exported-default
expect "files of an export" "$(find exported-default -type f -printf '%f\n' | sort | paste -sd ' ')" "options.json weights.hdf5"
# A bundle that kept its softmax, five words of it, made of numbers that are at hand.
cp -r random pretrained
shape="{\"softmax/W\":{\"dtype\":\"F32\",\"shape\":[5,$width],\"data_offsets\":[0,$((20 * width))]},"
shape+="\"softmax/b\":{\"dtype\":\"F32\",\"shape\":[5],\"data_offsets\":[$((20 * width)),$((20 * width + 20))]}}"
# shellcheck disable=SC2059  # the format is the byte
{ printf "\\$(printf %o "${#shape}")\0\0\0\0\0\0\0%s" "$shape"; tail -c +200001 random/weights.safetensors | head -c "$((20 * width + 20))"; } \
  >pretrained/softmax.safetensors
printf '<S>\n</S>\n<UNK>\nthe\ntram\n' >pretrained/vocabulary.txt
ends 0 model export pretrained exported-pretrained
same "the vocabulary goes along" pretrained/vocabulary.txt exported-pretrained/vocabulary.txt
expect "words of the softmax" "$(json exported-pretrained/options.json '$.n_tokens_vocab')" 5
if python3 -c 'import h5py, numpy' 2>/dev/null; then
  for pair in "random exported" "$model exported-default" "pretrained exported-pretrained"; do
    if python3 "$here/check_export.py" "${pair% *}" "${pair##* }" >out 2>&1; then
      pass "h5py reads ${pair##* }: $(cat out)"
    else
      fail "h5py reads ${pair##* }: $(head -c 600 out)"
    fi
  done
else
  note "SKIP the export read by h5py: no python3 with h5py and numpy here"
fi
ends 64 model export random
ends 66 model export "$folder/no-model" refused
says err no-model
ends 73 model export random exported
says err exported
ends 73 model export random /proc/elmond-refused
ends 65 model export damaged refused
expect "an output after refusals" "$(find . -maxdepth 1 -name 'refused*' | wc -l)" 0

# --- a database: ten tweets from 12:00, five from 13:00:05 and one at 23:30:05 of 2026-11-20, and an evil one
mkdir state
for n in 0 1 2 3 4 5 6 7 8 9 515 516 517 518 519 5915; do tweet_line "$n"; done >day.jsonl
printf '%s\n' '{"data":{"id":"2123922000000000000","text":"evil \u001b[31m red \u009b \u202e turned \u2028 line \u2066","created_at":"2026-11-20T23:30:30.000Z","lang":"en"},"matching_rules":[{"id":"1","tag":"tag \u001b[31m \u202e"}]}' >>day.jsonl
{
  write_settings "$folder/state" "$model" | sed 's/"none"/"all"/'
  printf '[[source]]\nname = "day"\nkind = "file"\npath = "%s"\n' "$folder/day.jsonl"
  printf '[[topic]]\nname = "train"\nmatch = ["train"]\n'
} >settings.toml
ends 0 run --config settings.toml --until-end
says err "sentiment label="
says err "evil"
cat out err >log.txt
harmless "the daemon's log" log.txt
cp state/status.txt status.txt
harmless "the report file" status.txt
db=$folder/state/elmond.db

# asks TEXT WANTED ARGUMENTS…: bucket=tweets of a query in CSV, topic all where there are topics.
asks() {
  local text=$1 wanted=$2
  shift 2
  call query "$@" --database "$db" --format csv
  expect "$text, exit status" "$status" 0
  expect "$text" "$(tr -d '\r' <out | awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; next }
    $column["topic"] == "all" { print $column["bucket"] "=" $column["tweets"] }' | paste -sd ' ')" "$wanted"
}
asks "hours" "2026-11-20T12:00:00Z=10 2026-11-20T13:00:00Z=5 2026-11-20T23:00:00Z=2" hourly
asks "minutes" "2026-11-20T12:00:00Z=9 2026-11-20T12:01:00Z=1 2026-11-20T13:00:00Z=5 2026-11-20T23:30:00Z=2" minutely
asks "days" "2026-11-20T00:00:00Z=17" daily
asks "days of Berlin" "2026-11-20T00:00:00+01:00=15 2026-11-21T00:00:00+01:00=2" daily --time-zone Europe/Berlin
asks "hours of Kathmandu" "2026-11-20T17:00:00+05:45=10 2026-11-20T18:00:00+05:45=5 2026-11-21T05:00:00+05:45=2" \
  hourly --time-zone Asia/Kathmandu
# A date is a day of the time zone that was asked for.
asks "days of Berlin since a date" "2026-11-21T00:00:00+01:00=2" daily --time-zone Europe/Berlin --since 2026-11-21
asks "days of Berlin until a date" "2026-11-20T00:00:00+01:00=15" daily --time-zone Europe/Berlin --until 2026-11-21
asks "hours since" "2026-11-20T13:00:00Z=5 2026-11-20T23:00:00Z=2" hourly --since 2026-11-20T13:00:00Z
asks "hours since, with an offset" "2026-11-20T13:00:00Z=5 2026-11-20T23:00:00Z=2" hourly --since 2026-11-20T14:00:00+01:00
asks "hours until" "2026-11-20T12:00:00Z=10" hourly --until 2026-11-20T13:00:00Z
asks "hours between dates" "" hourly --since 2026-11-21 --until 2026-11-22
asks "hours of a date" "2026-11-20T12:00:00Z=10 2026-11-20T13:00:00Z=5 2026-11-20T23:00:00Z=2" \
  hourly --since 2026-11-20 --until 2026-11-21
asks "rolling windows" "2026-11-20T23:30:00Z=2 2026-11-20T23:30:00Z=2 2026-11-20T23:30:00Z=17" rolling
call query hourly --topic train --database "$db" --format csv
expect "topics of --topic" "$(tr -d '\r' <out | tail -n +2 | cut -d, -f3 | sort | uniq -c | tr -s ' ')" " 3 train"
for subject in hourly minutely daily rolling gaps; do
  for format in table csv json; do
    ends 0 query "$subject" --database "$db" --format "$format"
    harmless "query $subject as $format" out
    case $format in
      table) expect_least "lines of $subject as a table" "$(wc -l <out)" 2 ;;
      csv) expect "quotes or blanks in the head of $subject" "$(head -n 1 out | grep -c '[ "]')" 0 ;;
      json) expect "$subject as JSON" "$(sqlite3 -batch :memory: "select json_type(cast(readfile('out') as text))")" array ;;
    esac
  done
done
call query hourly --topic all --database "$db" --format json
expect "a bucket as JSON" "$(json out '$[1].tweets') $(json out '$[1].bucket_start') $(json out '$[1].bucket')" \
  "5 1795179600 2026-11-20T13:00:00Z"
for time in yesterday 25 2026-13-01 2026-02-30 24x -5h 12:00 "" 99999999999999999999d; do
  ends 64 query hourly "--since=$time" --database "$db"
  ends 64 query hourly "--until=$time" --database "$db"
done
ends 0 query hourly --since 24h --until 1s --database "$db"
ends 0 query hourly --since 7d --database "$db"
ends 64 query hourly --time-zone Mars/Base --database "$db"
says err Mars/Base
ends 64 query hourly --format xml --database "$db"
ends 64 query weekly --database "$db"
ends 64 query --database "$db"
# A flag that a subject cannot follow is refused, not passed over.
ends 64 query rolling --since 2026-11-20 --database "$db"
ends 64 query gaps --topic train --database "$db"
for command in "query hourly" report; do
  # shellcheck disable=SC2086  # two words are two arguments
  timeout 20 "$bin" $command --database "$db" >/dev/full 2>err
  expect "exit status of $command when the disk is full" "$?" 74
  # shellcheck disable=SC2086  # two words are two arguments
  ends 66 $command --database "$folder/not-there.db"
  says err not-there.db
  says err remedy:
  # shellcheck disable=SC2086
  call $command --database "$folder"
  if [ "$status" -ne 0 ] && ! grep -q "check the device" err; then
    pass "$command of a folder is refused"
  else
    fail "$command of a folder, exit status $status: $(head -c 300 err)"
  fi
done
expect "a database made by asking" "$(find . -name 'not-there*' | wc -l)" 0
ends 0 query hourly --config settings.toml
ends 0 report --database "$db"
cp out report.txt
harmless "the report" report.txt
says report.txt "decoded 17"
says report.txt train
expect "report lines over 100 columns" "$(grep -cE '^.{101}' report.txt)" 0

# --- db: copies, checks, prunes
ends 0 db backup --database "$db" copy.db
ends 0 query hourly --database copy.db
cp out copied
ends 0 query hourly --database "$db"
same "a copy answers as the database does" out copied
ends 73 db backup --database "$db" copy.db
ends 66 db backup --database "$folder/not-there.db" other.db
ends 0 db check --database "$db"
says out good
sqlite3 -batch copy.db "update aggregate set score_sum = score_sum + 1 where topic_id = 1 and bucket_start = (select max(bucket_start) from aggregate)"
ends 65 db check --database copy.db
says err 2026-11-20
says err "elmond forget"
sed 's|^database = .*|database = "copy.db"|; s|^retain = .*|retain = { minutes = "2d", hours = "2d" }|' settings.toml >prune.toml
sqlite3 -batch copy.db "update state set value = value - 864000000 where name = 'last_commit_ms'"
ends 0 db prune --config prune.toml --database copy.db
says err "nothing was changed"
expect "tweets after a preview of pruning" "$(total copy.db)" 17
ends 66 db prune --config prune.toml --database "$folder/not-there.db"

# --- text that attacks a terminal, and the names of things
timeout 20 "$bin" classify --model three day.jsonl >out 2>err
harmless "classify" out
printf 'id,te\033[31mxt\342\200\256\n1,hello\n' >evil.csv
timeout 20 "$bin" classify --model three evil.csv >out 2>err
harmless "a CSV head" out
ends 65 train --base "$model" --data evil.csv --output refused
harmless "train on a CSV head" err
call classify --model three $'no\e[31mthere.jsonl'
expect "exit status of a coloured file name" "$status" 66
harmless "a file name" err

# --- what may not be read or written: only another user than root can be refused
other=(setpriv "--reuid=$(id -u nobody)" "--regid=$(id -g nobody)" --clear-groups)
chmod 755 "$folder"
if [ "$(id -u)" -eq 0 ] && "${other[@]}" "$bin" --help >out 2>err && "${other[@]}" test -r "$model/model.json"; then
  mkdir secret
  cp -r random "$db" settings.toml many.jsonl rows.csv secret
  chmod 600 secret/*.* secret/random/*
  chmod 755 secret secret/random
  # denied WANTED ARGUMENTS…: the same as `ends`, as another user.
  denied() {
    local wanted=$1
    shift
    timeout 20 "${other[@]}" "$bin" "$@" >out 2>err </dev/null
    expect "exit status as another user of: $*" "$?" "$wanted"
  }
  denied 77 classify --model "$model" "$folder/secret/many.jsonl"
  denied 77 classify --model "$folder/secret/random" "$folder/many.jsonl"
  denied 77 query hourly --database "$folder/secret/elmond.db"
  denied 77 report --database "$folder/secret/elmond.db"
  denied 77 evaluate --model "$model" --data "$folder/secret/rows.csv"
  denied 73 embed --model "$model" --output "$folder/denied.safetensors" "$folder/many.jsonl"
  denied 73 train --base "$model" --data "$folder/rows.csv" --drop Neutral --output "$folder/denied"
  denied 73 model random --options "$folder/options.json" --output "$folder/denied"
  denied 78 check-config "$folder/secret/settings.toml"
else
  note "SKIP permissions: needs root, and files that user nobody can reach"
fi

# --- doctor
mkdir doctor
cat >doctor/good.toml <<END
[model]
path = "$model"
[[source]]
name = "stdin"
kind = "stdin"
[store]
database = "elmond.db"
[report]
path = "status.txt"
END
ends 0 doctor --config doctor/good.toml
for word in settings model database disk report clock; do says out "good   $word"; done
says out 'int8 on '
says out 'not there yet'
sed 's|^path = ".*status.txt"|path = "nowhere/status.txt"|; s|^database = .*|database = "no/elmond.db"|' doctor/good.toml >doctor/bad.toml
ends 73 doctor --config doctor/bad.toml
says out 'good   model'
says out 'wrong  database'
says out 'wrong  report'
says out 'remedy: make it'
ends 78 doctor --config doctor/none.toml
says out 'wrong  settings'
printf 'text' >doctor/elmond.db
ends 65 doctor --config doctor/good.toml
says out 'wrong  database'
rm -r doctor

# --- languages
cat >languages.jsonl <<'TWEETS'
{"id_str":"1","text":"The train was late again and I am so tired of this","lang":"de"}
{"id_str":"2","text":"Heute war der Zug schon wieder zwanzig Minuten zu spät","lang":"en"}
{"id_str":"3","text":"電車がまた遅れてる、もう疲れた"}
{"id_str":"4","text":"ok then"}
{"id_str":"5","text":"Handy kaputt","lang":"de"}
TWEETS
known=("$here/../../models/default")
if [ -f "${known[0]}/model.json" ]; then
  ends 0 classify --model "${known[0]}" languages.jsonl
  expect "languages" "$(grep -o '"lang":"[a-z]*"' out | cut -d'"' -f4 | paste -sd ' ')" "en de ja und de"
  expect "tweets that are not scored" "$(grep -c '"label":"none","score":null,"probabilities":null,"lang":"..","reason":"other_language","clean":"..*"' out)" 3
  ends 0 classify --model "${known[0]}" --any-language languages.jsonl
  expect "any language is scored" "$(grep -c '"label":"none"' out)" 0
  # Counted once each: replayed, with and without a filter.
  for flags in "" "--languages en,und" "--drop ja"; do
    rm -f languages.db*
    # shellcheck disable=SC2086  # two words are two arguments
    ELMOND_MODEL=${known[0]} call replay languages.jsonl --speed max --database languages.db $flags
    expect "replay $flags" "$status" 0
    counter() { sqlite3 languages.db "select coalesce(sum(value), 0) from counters where name = '$1'"; }
    expect "decoded = tweets + language_dropped $flags" "$(counter decoded)" "$(($(counter tweets) + $(counter language_dropped)))"
    case $flags in
      "") expect "counted, not scored" "$(counter tweets) $(counter undecided) $(counter other_language)" "5 3 3" ;;
      --lang*) expect "kept" "$(counter tweets) $(counter language_dropped)" "2 3" ;;
      *) expect "dropped" "$(counter tweets) $(counter language_dropped)" "4 1" ;;
    esac
  done
  ends 0 query daily --database languages.db --lang de --format csv
  expect "tweets in German" "$(sed -n 2p out | cut -d, -f4)" 2
  ends 0 query daily --database languages.db --source replay --time-zone Europe/Berlin --format csv
  expect "tweets of the source" "$(sed -n 2p out | cut -d, -f4)" 4
  ends 0 query rolling --database languages.db --lang xx
  says err "known: de, en, und"
  ends 64 query gaps --database languages.db --lang de
  ends 64 replay languages.jsonl --speed max --database languages.db --languages nonsense!
else
  note "SKIP languages: models/default is not there"
fi
ends 0 model info --layers "$model"
expect "the layers add up" "$(awk '/^total/ { total = $2; next } NR > 2 { sum += $NF } END { print (sum == total) }' out)" 1

# --- check-config
ends 0 check-config settings.toml
says out good
ends 64 check-config
ends 78 check-config not-there.toml
says err not-there.toml
# wrong LINE PATTERN TEXT: settings with one line changed are refused, with file, line and text.
wrong() {
  sed "$2" settings.toml >wrong.toml
  ends 78 check-config wrong.toml
  says err "wrong.toml:$1:"
  says err "$3"
}
wrong 4 's/^max_tweets/max_twets/' max_tweets
wrong 5 's/"100ms"/"soon"/' max_wait
wrong 4 's/^max_tweets = .*/max_tweets = "many"/' max_tweets
wrong 3 's/^\[batch\]/[bacth]/' batch
wrong 1 's/^\[model\]/[model/' TOML
wrong "$(grep -n 'kind = ' settings.toml | cut -d: -f1)" 's/kind = "file"/kind = "flie"/' file
wrong "$(grep -n 'day.jsonl' settings.toml | cut -d: -f1)" 's/day\.jsonl/night.jsonl/' night.jsonl
call run --config wrong.toml
expect "exit status of run with bad settings" "$status" 78
finish

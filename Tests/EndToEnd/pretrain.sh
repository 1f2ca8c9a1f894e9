#!/usr/bin/env bash
# pretrain.sh BIN: `elmond pretrain` on a made-up language: what it learns, how it stops and goes on, what it refuses.
here=$(dirname "$(realpath "$0")")
# shellcheck source=common.sh
. "$here/common.sh"
[ $# -eq 1 ] || { echo "usage: pretrain.sh BIN" >&2; exit 64; }
bin=$(absolute "$1") || exit
make_folder
cd "$folder" || exit 1

# call ARGUMENTS…: the program with its output in out and err and its exit status in $status.
call() {
  timeout 120 "$bin" "$@" >out 2>err </dev/null
  status=$?
}

# ends WANTED ARGUMENTS…: a call and a check of its exit status.
ends() {
  local wanted=$1
  shift
  call "$@"
  expect "exit status of: $*" "$status" "$wanted"
  [ "$status" = "$wanted" ] || head -c 500 err
}

# says FILE TEXT: a check that a file holds the text.
says() {
  if grep -qF -- "$2" "$1"; then pass "$1 says '$2'"; else fail "$1 does not say '$2': $(head -c 300 "$1" | cat -v)"; fi
}

# same TEXT FILE FILE: a check that two files hold the same bytes.
same() {
  if cmp -s "$2" "$3"; then pass "$1"; else fail "$1: $2 and $3 differ"; fi
}

# A language of 50 words, each of which allows three next ones: a unigram model guesses among 50, a good one among 3.
awk 'BEGIN { srand(7); for (line = 0; line < 3000; line++) { word = int(rand() * 50); text = ""
  for (i = 0; i < 10; i++) { text = text sprintf("%s%c%c", i ? " " : "", 97 + word % 26, 97 + int(word / 26))
    word = (word * 7 + int(rand() * 3)) % 50 }
  print text } }' >text
cat >options.json <<'JSON'
{"lstm": {"dim": 64, "projection_dim": 32, "n_layers": 2, "cell_clip": 3, "proj_clip": 3, "use_skip_connections": true},
 "char_cnn": {"activation": "relu", "embedding": {"dim": 8}, "filters": [[1, 16], [2, 32]], "n_highway": 1,
  "max_characters_per_token": 50, "n_characters": 262}}
JSON
run=(pretrain --options options.json --corpus text --passes 4 --batch-tokens 220 --vocabulary 100 --negatives 40
  --learning-rate 0.005 --dropout 0 --held-out 100 --threads 2)

# --- what it learns, and what it leaves
ends 0 "${run[@]}" --output whole
for file in model.json weights.safetensors softmax.safetensors vocabulary.txt history.csv history.svg; do
  if [ -s "whole/$file" ]; then pass "whole/$file is there"; else fail "whole/$file is missing"; fi
done
expect "files under whole" "$(find whole -maxdepth 1 | wc -l)" 8
expect_least "checkpoints" "$(find whole/checkpoints -name '*.checkpoint' | wc -l)" 1
unigram=$(awk '{ for (i = 1; i <= NF; i++) { n[$i]++; all++ } all++; ends++ }
  END { h = -ends / all * log(ends / all); for (w in n) h -= n[w] / all * log(n[w] / all); printf "%.1f", exp(h) }' text)
reached=$(tail -n 1 whole/history.csv | cut -d, -f8)
note "unigram perplexity $unigram, reached $reached"
if awk -v u="$unigram" -v r="$reached" 'BEGIN { exit !(r > 1 && r < u / 4) }'; then
  pass "the held-out perplexity is far below the unigram's"
else
  fail "the held-out perplexity $reached is not far below the unigram's $unigram"
fi
expect "the vocabulary's first lines" "$(head -n 3 whole/vocabulary.txt | tr '\n' ' ')" "<S> </S> <UNK> "
expect "the vocabulary's lines" "$(wc -l <whole/vocabulary.txt)" 53
ends 0 model verify whole
ends 0 model info whole
says out "training perplexity"

# --- every compression, several files, any number of cores: the same sentences
head -n 1500 text >first && tail -n +1501 text >second
gzip -k first && bzip2 -k first && xz -k first && zstd -q -k first
short=(--options options.json --max-steps 1 --batch-tokens 220 --vocabulary 100 --negatives 40 --held-out 100)
call pretrain "${short[@]}" --threads 1 --corpus text --output plain
grep -F 'training:' err >plain.said
for codec in gz bz2 xz zst; do
  ends 0 pretrain "${short[@]}" --threads 2 --corpus "first.$codec" second --output "by-$codec"
  grep -F 'training:' err >said
  same "what is read of $codec" plain.said said
  same "the vocabulary of $codec" plain/vocabulary.txt "by-$codec/vocabulary.txt"
done

# --- stopped and resumed: the same bits
"$bin" "${run[@]}" --output parts --evaluate-every 100 --checkpoint-every 0 2>err &
pid=$!
for _ in $(seq 200); do
  [ -n "$(find parts/checkpoints -name '*.checkpoint' 2>/dev/null | head -n 1)" ] && break
  sleep 0.05
done
kill -TERM "$pid"
wait "$pid"
expect "exit status after SIGTERM" "$?" 75
says err "stopped by a signal after step"
says err "--resume"
ends 73 "${run[@]}" --output parts
says err "--resume"
ends 65 "${run[@]}" --output parts --resume --seed 2 --passes 5
says err "passes was 4, is 5, seed was 1, is 2"
tail -n +2 text >other
ends 65 "${run[@]}" --corpus other --output parts --resume
ends 0 "${run[@]}" --output parts --resume
says err "resumed after step"
same "the weights of a run that was stopped" whole/weights.safetensors parts/weights.safetensors
same "the softmax of a run that was stopped" whole/softmax.safetensors parts/softmax.safetensors
ends 0 "${run[@]}" --output parts --resume

# --- texts that stay out: the run of files from which they were taken by hand goes on
{ head -n 700 text; echo "$(sed -n 5p second | tr a-z A-Z) https://example.org/x"; echo '12 :)'; tail -n +701 text; } >with
printf 'tweet,mood\n"@some_one: %s!",1\n12 :),0\n' "$(sed -n 5p second)" >unseen.csv
{ grep -vixF "$(sed -n 5p second)" text | head -n 700; echo '12 :)'; grep -vixF "$(sed -n 5p second)" text | tail -n +701; } >by-hand
run[4]=by-hand
ends 0 "${run[@]}" --max-steps 30 --output unseen
ends 65 "${run[@]}" --max-steps 30 --output unseen --resume --corpus with
run[4]=with
ends 64 "${run[@]}" --max-steps 30 --output unseen --resume --exclude unseen.csv:txt=tweet
ends 0 "${run[@]}" --max-steps 30 --output unseen --resume --exclude unseen.csv:text=tweet,label=mood
says err "3000 lines without 2 excluded"
ends 0 "${run[@]}" --max-steps 30 --output excluding --exclude unseen.csv:text=tweet,label=mood
same "the weights without the texts, by hand and by --exclude" unseen/weights.safetensors excluding/weights.safetensors
says excluding/model.json '"lines_excluded" : "2"'
run[4]=text

# --- two processes at one run
exec 9>>parts/checkpoints/lock
flock -n 9 || fail "the lock of a finished run is free"
ends 75 "${run[@]}" --output parts --resume
says err "another process trains in --output parts"
exec 9>&-

# --- cores are no part of a run
ends 0 "${run[@]}" --output parts --resume --threads 1

# --- damaged checkpoints
last=$(find parts/checkpoints -name '*.checkpoint' | sort | tail -n 1)
printf 'x' | dd of="$last" bs=1 seek=5000 conv=notrunc status=none
ends 65 "${run[@]}" --output parts --resume
says err "$last"
says err "remove this file"
rm "$last"
ends 0 "${run[@]}" --output parts --resume
same "the weights after going back one checkpoint" whole/weights.safetensors parts/weights.safetensors

# --- from a bundle
ends 0 pretrain --init whole --corpus text --max-steps 2 --batch-tokens 220 --negatives 40 --held-out 100 --output on
says err "held-out perplexity before the first step"

# --- fewer bytes: the softmax goes along; without one, a new one is trained alone
for kind in fp16 int8; do
  ends 0 model quantize --to "$kind" whole "in-$kind"
  same "the vocabulary in $kind" whole/vocabulary.txt "in-$kind/vocabulary.txt"
  ends 0 pretrain --init "in-$kind" --corpus text --max-steps 2 --batch-tokens 220 --negatives 40 --held-out 100 --output "on-$kind"
done
rm in-fp16/softmax.safetensors
ends 0 pretrain --init in-fp16 --corpus text --max-steps 2 --batch-tokens 220 --negatives 40 --held-out 100 --output alone
says err "the first 1 steps train a new softmax alone"
echo word >in-int8/vocabulary.txt
ends 65 pretrain --init in-int8 --corpus text --max-steps 2 --batch-tokens 220 --negatives 40 --held-out 100 --output none
says err "in-int8/vocabulary.txt"

# --- a loss that is no number
ends 65 "${run[@]}" --output nan --learning-rate 1e30 --warm-up 0 --checkpoint-every 0
says err "the last good checkpoint is nan/checkpoints/step-"

# --- refusals
ends 64 pretrain --preset X --corpus text --output none
says err "A"
ends 64 pretrain --corpus text --output none
ends 64 pretrain --preset C --init whole --corpus text --output none
ends 64 "${run[@]}" --output none --hold 2
ends 66 pretrain --preset C --corpus nowhere --output none
: >empty
ends 65 pretrain --preset C --corpus empty --output none
head -c 200 first.gz >cut.gz
ends 65 pretrain --preset C --corpus cut.gz --output none
mkdir taken && : >taken/work
ends 73 "${run[@]}" --output taken
ends 73 "${run[@]}" --output taken --resume
if [ -e none ]; then fail "a refused run left something"; else pass "a refused run leaves nothing"; fi
finish

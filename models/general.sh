#!/usr/bin/env bash
# Tunes a pre-trained biLM for three labels and measures it on the two protocols of general tweets: `val` tests on the validation texts of
# TweetEval's sentiment task, `2016` on SemEval's test file of that year, each with all other labelled sets as training rows; and makes the
# model that is shipped, whose training rows leave out TweetEval's texts.
#
# usage: models/general.sh BIN_DIRECTORY BASE DATA_DIRECTORY OUTPUT_DIRECTORY val|2016|default [option of train …]
set -euo pipefail
if [ $# -lt 5 ]; then sed -n '2,7p' "$0" >&2; exit 64; fi
bin=$1 base=$2 data=$3 out=$4 protocol=$5
shift 5
semeval=("$data"/semeval_subtask_a/*A.txt)
others=("$data/tse/all_31014.csv:text=text,label=sentiment"
  "$data/sanders/full-corpus.csv:text=TweetText,label=Sentiment,irrelevant=drop")
val="$data/tweeteval/sentiment/val_text.txt"
val_rows="$val:format=lines,labels=$data/tweeteval/sentiment/val_labels.txt,0=negative,1=neutral,2=positive"
test2016="$data/semeval_subtask_a/twitter-2016test-A.txt"

case $protocol in
  val) train=("${semeval[@]}" "${others[@]}"); exclude=("$val:format=lines"); test=$val_rows ;;
  2016)
    train=()
    for file in "${semeval[@]}"; do [ "$file" = "$test2016" ] || train+=("$file"); done
    train+=("${others[@]}"); exclude=("$test2016"); test=$test2016 ;;
  default) train=("${semeval[@]}" "${others[@]}"); exclude=("$val:format=lines"); test=$val_rows ;;
  *) echo "$0: the protocol is val, 2016 or default, not $protocol" >&2; exit 64 ;;
esac

"$bin/elmond" train --recipe tune --base "$base" --keep-neutral --data "${train[@]}" --distinct --exclude "${exclude[@]}" \
  --split group --validation 0.04 --output "$out" --name "${NAME:-$protocol}" "$@"
echo
echo "$protocol, test:"
"$bin/elmond" evaluate --model "$out" --data "$test"

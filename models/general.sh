#!/usr/bin/env bash
# Tunes a pre-trained biLM for three labels and measures it on a protocol of general tweets: `val` tests on the validation texts of TweetEval's
# sentiment task, `2016` on SemEval's test file of that year. All other labelled rows train, but for a twentieth, by groups of equal text, that
# chooses epoch, factors and decision; texts of the test are in neither. The model of `val` is the one that is shipped.
#
# With BASE a bundle of three labels and `--recipe calibrate` the same rows calibrate it; its weights stay.
#
# usage: models/general.sh BIN_DIRECTORY BASE DATA_DIRECTORY OUTPUT_DIRECTORY val|2016 [option of train …]
set -euo pipefail
if [ $# -lt 5 ]; then sed -n '2,8p' "$0" >&2; exit 64; fi
bin=$1 base=$2 data=$3 out=$4 protocol=$5
shift 5
semeval=("$data"/semeval_subtask_a/*A.txt)
val="$data/tweeteval/sentiment/val_text.txt"
case $protocol in
  val) test="$val:format=lines,labels=$data/tweeteval/sentiment/val_labels.txt,escapes=semeval,0=negative,1=neutral,2=positive" ;;
  2016) test=$data/semeval_subtask_a/twitter-2016test-A.txt ;;
  *) echo "$0: the protocol is val or 2016, not $protocol" >&2; exit 64 ;;
esac
train=()
for file in "${semeval[@]}"; do [ "$file" = "$test" ] || train+=("$file"); done
train+=("$data/tse/all_31014.csv:text=text,label=sentiment"
  "$data/sanders/full-corpus.csv:text=TweetText,label=Sentiment,irrelevant=drop")

exec "$bin/elmond" train --recipe tune --base "$base" --keep-neutral --data "${train[@]}" --distinct \
  --validation 0.05 --validation-split group --test "$test" --output "$out" --name "${NAME:-$protocol}" "$@"

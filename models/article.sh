#!/usr/bin/env bash
# article.sh: the article's table on the First GOP Debate tweets: what others state of themselves, and what elmond
# reaches on the same rows. `make article` builds the program and calls it. From the environment:
#
#   ELMOND  the program                            .build/release/elmond
#   BASE    the bare language model that the article's recipe puts a head on   models/tweets
#   START   the bundle whose network is tuned      BASE where it is given, else MODEL
#   MODEL   the classifier that START defaults to  models/default
#   DATA    Sentiment.csv                          ../shared/data/gop_debate/Sentiment.csv
#   SEEDS   of starts, folds and order             1 2 3 4 5
#   FOLDS   by group                               5
#   TUNE    options of `train --recipe tune`       --pooling mean_max_attention --metric macro_f1 --epochs 4
#                                                  --confidence-weights --refit --validation-split last
#   WORK    bundles and figures of every run       .build/article
#
# Where START brings no softmax and BASE does, the loss of foretelling helps with BASE's. The annotators' confidence is
# read from the column sentiment_confidence where DATA has it.
#
# A run takes minutes, and there are FOLDS + 1 of them a seed. Those whose figures lie in WORK, made with the same base,
# data and options, are not repeated: remove WORK to begin anew, as a new program asks for.
set -euo pipefail
export LC_ALL=C.UTF-8
elmond=${ELMOND:-.build/release/elmond}
model=${MODEL:-models/default}
start=${START:-${BASE:-$model}}
base=${BASE:-models/tweets}
[ -n "${BASE:-}" ] || [ -r "$base/model.json" ] || base=$model
data=${DATA:-../shared/data/gop_debate/Sentiment.csv}
folds=${FOLDS:-5}
work=${WORK:-.build/article}
read -ra seeds <<<"${SEEDS:-1 2 3 4 5}"
read -ra tune <<<"${TUNE:---pooling mean_max_attention --metric macro_f1 --epochs 4 --confidence-weights --refit \
  --validation-split last}"

note() { echo "article: $*" >&2; }
for file in "$elmond" "$base/model.json" "$start/model.json" "$data"; do
  [ -r "$file" ] || { note "$file is not there"; exit 66; }
done

# json FILE PATH: a value of a JSON file.
json() { sqlite3 -batch :memory: "select json_extract(cast(readfile('${1//\'/\'\'}') as text), '$2')"; }

# train NAME BUNDLE OPTION…: one training from a bundle, its figures in $work/NAME.json and its bundle in $work/NAME.
train() {
  local name=$1 from=$2 result=$work/$1.json made
  shift 2
  made="$(json "$from/model.json" '$.weights.sha256') $rows $*"
  if [ -s "$result" ] && [ "$(cat "$work/$name.made" 2>/dev/null)" = "$made" ]; then
    note "$name: figures of an earlier run"
    return
  fi
  note "$name: train $*"
  rm -rf "${work:?}/$name" "$result"
  "$elmond" train --base "$from" --data "$data$columns" --output "$work/$name" --json "$@" >"$result.partial"
  mv "$result.partial" "$result"
  printf '%s' "$made" >"$work/$name.made"
}

# spread NAME PATH: a figure over all seeds, its mean and standard deviation.
spread() { values "$@" | awk "$statistics"' { add($1) } END { finish(); print (n > 1 ? sprintf("%.4f ± %.4f", mean, deviation) : sprintf("%.4f", mean)) }'; }

# bounds NAME PATH: the 95 % interval of that mean, by Student's t; nothing of one seed.
bounds() { values "$@" | awk "$statistics"' { add($1) } END { finish(); print (n > 1 ? sprintf("%.4f … %.4f", mean - half, mean + half) : "–") }'; }

values() { local seed; for seed in "${seeds[@]}"; do json "$work/$1-$seed.json" "$2"; done; }
# shellcheck disable=SC2016  # awk's own names
statistics='
  function add(x) { n++; sum += x; squares[n] = x }
  function finish(    i, s) {
    mean = sum / n
    for (i = 1; i <= n; i++) s += (squares[i] - mean) ^ 2
    deviation = n > 1 ? sqrt(s / (n - 1)) : 0
    split("12.706 4.303 3.182 2.776 2.571 2.447 2.365 2.306 2.262 2.228", t, " ")
    half = ((n - 1) in t ? t[n - 1] : 1.96) * deviation / sqrt(n)
  }'

# row NAME ACCURACY BALANCED MACRO_F1 ROC_AUC [NOTE]: a line of a table.
row() {
  local cell line
  line=$1$(printf '%*s' $((46 - ${#1})) '')
  for cell in "${@:2:4}"; do line+=$(printf '%*s' $((17 - ${#cell})) '')$cell; done
  echo "$line${6:+  $6}"
}
heading() { echo; echo "$1"; row "" accuracy balanced "macro F1" ROC-AUC; }
# figures FILE PATH: four figures of one run.
figures() { local key; for key in accuracy balanced_accuracy macro_f1 roc_auc; do printf '%.4f\n' "$(json "$1" "$2.$key")"; done; }
# ours NAME TITLE PATH [NOTE]: four figures over all seeds.
ours() { row "$2" "$(spread "$1" "$3.accuracy")" "$(spread "$1" "$3.balanced_accuracy")" "$(spread "$1" "$3.macro_f1")" "$(spread "$1" "$3.roc_auc")" "${4:-}"; }
interval() { printf '95 %% interval %.4f … %.4f' "$(json "$1" "$2.accuracy_low")" "$(json "$1" "$2.accuracy_high")"; }

mkdir -p "$work"
for bundle in "$base" "$start"; do
  case $(realpath "$bundle") in
    "$(realpath "$work")"/*)
      note "BASE $bundle lies in WORK, whose runs are replaced: copy it elsewhere"
      exit 64
      ;;
  esac
done
columns=
head -n 1 "$data" | grep -q sentiment_confidence && columns=:confidence=sentiment_confidence
if [ ! -r "$start/softmax.safetensors" ] && [ -r "$base/softmax.safetensors" ]; then
  rm -rf "${work:?}/start"
  mkdir "$work/start"
  cp "$start/model.json" "$start/weights.safetensors" "$base/softmax.safetensors" "$base/vocabulary.txt" "$work/start"
  start=$work/start
fi
rows=$(sha256sum <"$data" | cut -d' ' -f1)
cleaning=$(json "$base/model.json" '$.cleaning')
profiles=(article)
[ "$cleaning" = article ] || profiles+=("$cleaning")
for seed in "${seeds[@]}"; do
  for profile in "${profiles[@]}"; do
    train "frozen-$profile-$seed" "$base" --recipe article --cleaning "$profile" --seed "$seed" --folds "$folds"
  done
  train "tuned-$seed" "$start" --recipe tune "${tune[@]}" --test 0.2 --validation 0.1 --seed "$seed" --folds "$folds"
done

first=$work/tuned-${seeds[0]}.json
frozen=$work/frozen-article-${seeds[0]}.json
share() { awk -v s="$(json "$1" "$2")" 'BEGIN { printf "%.1f %%", 100 * s }'; }
{
  echo "First GOP Debate Twitter Sentiment, $(json "$frozen" '$.folds.rows') rows without the neutral ones, seeds ${seeds[*]}"
  echo "the article's recipe puts a head on $(json "$frozen" '$.base'), which stands still; tuned is the network of $(json "$first" '$.base')"
  echo "± is the standard deviation over seeds; intervals of one accuracy are by bootstrap over groups of equal text"

  heading "The article's split: the last $(json "$first" '$.rows_test') rows, of which $(share "$first" '$.repeated_test') have the text of an earlier row"
  row "always negative" "$(printf %.4f "$(json "$first" '$.test.majority_accuracy')")" 0.5000 – 0.5000
  row "article: ELMo" 0.8094 – – – "as stated there"
  row "article: word2vec" 0.7821 – – – "as stated there"
  row "article: GloVe" 0.7432 – – – "as stated there"
  row "article: own embedding" 0.7213 – – – "as stated there"
  row "TF-IDF n-grams, linear SVM" 0.877 0.801 0.806 0.903 "measured with scikit-learn"
  row "TF-IDF n-grams, logistic, balanced weights" 0.865 0.836 0.808 0.905 "measured with scikit-learn"
  for profile in "${profiles[@]}"; do
    ours "frozen-$profile" "elmond, the article's recipe, cleaning $profile" '$.validation' \
      "$(interval "$work/frozen-$profile-${seeds[0]}.json" '$.validation')"
  done
  ours tuned "elmond, tuned" '$.test' "$(interval "$first" '$.test')"
  if [ -n "$(json "$first" '$.test_co_head.accuracy')" ]; then
    ours tuned "  its network alone" '$.test_network'
    ours tuned "  its n-grams alone" '$.test_co_head'
  fi
  echo "The article's recipe chooses nothing: five epochs, a threshold of 0.5. Tuned: of the $(($(json "$first" '$.rows_training') + $(json "$first" '$.rows_validation'))) earlier"
  echo "rows $(json "$first" '$.rows_validation') chose the epoch, the factors of network and n-grams, and the threshold; the rest trained."

  heading "By group, $folds folds: no text is on both sides"
  row "always negative" "$(printf %.4f "$(json "$frozen" '$.folds.majority_accuracy')")" 0.5000 – 0.5000
  row "TF-IDF n-grams, linear SVM" "0.849 ± 0.001" "0.695 ± 0.006" "0.726 ± 0.005" "0.856 ± 0.004" "over 4 drawings, 5 folds"
  row "TF-IDF n-grams, logistic, balanced weights" "0.837 ± 0.004" "0.745 ± 0.006" "0.749 ± 0.006" "0.853 ± 0.004" "over 4 drawings, 5 folds"
  for profile in "${profiles[@]}"; do
    ours "frozen-$profile" "elmond, the article's recipe, cleaning $profile" '$.folds' \
      "$(interval "$work/frozen-$profile-${seeds[0]}.json" '$.folds')"
  done
  ours tuned "elmond, tuned" '$.folds' "$(interval "$first" '$.folds')"
  row "  within each fold, where one system ranks" "" "" "" "$(spread tuned '$.folds_roc_auc_mean')"
  row "  95 % interval of its mean over seeds" "$(bounds tuned '$.folds.accuracy')" "$(bounds tuned '$.folds.balanced_accuracy')" \
    "$(bounds tuned '$.folds.macro_f1')" "$(bounds tuned '$.folds.roc_auc')"
  echo "Within folds the 95 % interval of the mean over seeds is $(bounds tuned '$.folds_roc_auc_mean')."
  echo "Tuned: a tenth of each fold's training rows, by group, chose epoch, factors and threshold. A seed draws folds and starts."
  echo
  echo "train --recipe tune ${tune[*]} --test 0.2 --validation 0.1 --folds $folds; the bundle of seed ${seeds[0]} is $work/tuned-${seeds[0]}"
} | tee "$work/table.txt"

#!/usr/bin/env bash
# article.sh BIN MODEL: models/article.sh on made-up rows: the table, and that finished runs are not repeated.
here=$(dirname "$(realpath "$0")")
# shellcheck source=common.sh
. "$here/common.sh"
[ $# -eq 2 ] || { echo "usage: article.sh BIN MODEL" >&2; exit 64; }
bin=$(absolute "$1") || exit
model=$(absolute "$2") || exit
make_folder
cd "$folder" || exit 1

words=(tram street office kitchen garden market station bridge river school tower field library)
{
  echo "id,text,sentiment"
  for ((n = 0; n < 150; n++)); do
    where="${words[n % 13]} and ${words[n / 7 % 13]}"
    case $((n % 3)) in
      0) echo "$n,\"RT @somebody: an awful word, from $where\",Negative" ;;
      1) echo "$n,\"the next word comes from $where\",Neutral" ;;
      *) echo "$n,\"$where: what a lovely word, $where\",Positive" ;;
    esac
  done
} >rows.csv

# table OPTION=VALUE…: the script, its table in out.
table() {
  env ELMOND="$bin" MODEL="$model" DATA=rows.csv WORK=work FOLDS=2 SEEDS="1 2" \
    TUNE="--epochs 2 --head-epochs 1 --unfreezing-epochs 0 --hidden 8 --co-head-bits 10" "$@" \
    timeout 120 "$here/../../models/article.sh" >out 2>err </dev/null
}

table
expect "exit status of models/article.sh" "$?" 0
expect "our lines" "$(grep -c '^elmond, ' out)" "$(($(find work -name 'frozen-*-1.json' | wc -l) * 2 + 2))"
expect "figures over seeds" "$(grep -cE '^elmond, tuned( +[01]\.[0-9]{4} ± [0-9.]{6}){4}  95 % interval [01]\.[0-9]{4} … [01]\.[0-9]{4}$' out)" 2
expect "figures of others" "$(grep -cE '^(article: |TF-IDF )' out)" 8
expect "figures that are missing" "$(grep -ciE 'null|nan|inf' out)" 0
if cmp -s out work/table.txt; then pass "the table is kept"; else fail "work/table.txt is not what was printed"; fi
cp out first
table
expect "runs that were repeated" "$(grep -c ': train ' err)" 0
if cmp -s out first; then pass "the same table again"; else fail "another table of the same runs"; fi
table SEEDS=1 BASE=work/tuned-1
expect "exit status with a base that would be replaced" "$?" 64
mv work/tuned-1 base
table SEEDS=1 BASE=base
expect "exit status with one seed and another base" "$?" 0
expect "figures of one seed" "$(grep -cE '^elmond, tuned( +[01]\.[0-9]{4}){4}  95' out)" 2
table DATA=nowhere.csv
expect "exit status without data" "$?" 66
finish

#!/usr/bin/env bash
# thirty.sh [ELMOND [MODEL]]: the README's table of what a model answers to models/thirty.csv, as Markdown.
set -euo pipefail
here=$(dirname "$(realpath "$0")")
elmond=${1:-$here/../.build/release/elmond}
model=${2:-$here/default}
answers=$(mktemp)
trap 'rm -f "$answers"' EXIT
"$elmond" classify --model "$model" --text-column text "$here/thirty.csv" >"$answers"
sqlite3 -batch :memory: '.mode csv' ".import '$here/thirty.csv' tweets" 'create table answers (line text)' '.mode ascii' \
  '.separator "\037" "\n"' ".import '$answers' answers" '.mode list' "
  select '| ' || kind || ' | ' || text || ' | ' || label || ' | '
    || iif(answer = label, answer, '**' || answer || '**') || ' | ' || coalesce(printf('%.2f', score), '–') || ' |'
  from (select t.kind, t.text, t.label, a.line ->> '$.label' as answer, a.line ->> '$.score' as score
    from tweets t join answers a on a.rowid = t.rowid order by t.rowid)" |
  sed '1i | kind | tweet | meant | answer | score |\n|---|---|---|---|---|'

#!/usr/bin/env bash
# rules.sh BUILD MODEL: the rules of the settings against those of a server that keeps them like X does; doctor looks at
# tokens and servers.
here=$(dirname "$(realpath "$0")")
# shellcheck source=common.sh
. "$here/common.sh"
# shellcheck source=live_common.sh
. "$here/live_common.sh"
[ $# -eq 2 ] || { echo "usage: rules.sh BUILD MODEL" >&2; exit 64; }
bin=$(absolute "$1/elmond") || exit
server=$(absolute "$1/elmond-fault-server") || exit
model=$(absolute "$2") || exit
make_folder
umask 077
printf 'a-token\n' >"$folder/token"
echo '{}' >"$folder/nothing.jsonl"
start_server "$folder/x" --protocol x --file "$folder/nothing.jsonl" --token-file "$folder/token"
settings() {
  write_settings "$folder" "$model"
  live_source x "$server_port" "$folder/token"
  printf '%s\n' "$@"
}
run() { "$bin" "$@" --config "$folder/rules.toml" >"$folder/out" 2>"$folder/err"; }

settings '[[source.rule]]' 'value = "cats"' 'tag = "pets"' '[[source.rule]]' 'value = "dogs lang:en"' >"$folder/rules.toml"
run rules diff
expect "diff ends with" $? 0
expect "diff of two new rules" "$(cat "$folder/out")" $'+ cats  tag pets\n+ dogs lang:en'
run rules apply --dry-run
expect "a dry run ends with" $? 0
run rules diff
expect "a dry run changes nothing" "$(grep -c '^+' "$folder/out")" 2
run rules apply
expect "apply ends with" $? 0
run rules diff
expect "both rules are there" "$(cat "$folder/out")" $'= cats  tag pets\n= dogs lang:en'

settings '[[source.rule]]' 'value = "cats"' 'tag = "felines"' '[[source.rule]]' 'value = "birds"' >"$folder/rules.toml"
run rules diff
expect "diff of a new tag, a new rule and an old one" "$(cat "$folder/out")" \
  $'- cats  tag pets\n+ cats  tag felines\n+ birds\n- dogs lang:en'
run rules apply
expect "apply ends with" $? 0
run rules diff
expect "the rules are the wanted ones" "$(sort "$folder/out")" $'= birds\n= cats  tag felines'

settings '[[source.rule]]' 'value = "invalid("' >"$folder/rules.toml"
run rules apply
expect "a rule that X refuses ends with" $? 65
expect "and is named" "$(grep -c 'invalid(' "$folder/err")" 1
run rules diff
expect "nothing was changed" "$(grep -c '^- ' "$folder/out")" 2

settings >"$folder/rules.toml"
"$bin" run --config "$folder/rules.toml" --until-end >"$folder/out" 2>"$folder/err"
expect "run --until-end with nothing that ends" $? 64
run doctor
expect "doctor ends with" $? 0
expect "doctor sees token and server" "$(grep -cE '^good +(token|network)' "$folder/out")" 2
chmod 666 "$folder/token"
run doctor
expect "doctor with a token file that everybody may write ends with" $? 77
expect "doctor names the mode" "$(grep -c '^wrong  token .*its mode is 666' "$folder/out")" 1
chmod 600 "$folder/token"
printf 'another\n' >"$folder/token"
run rules diff
expect "a wrong token ends with" $? 77
rm "$folder/token"
run doctor
expect "doctor without the token file ends with" $? 78
stop_server
printf 'a-token\n' >"$folder/token"
run doctor
expect "doctor without the server ends with" $? 69
expect "no token is shown" "$(grep -c 'a-token' "$folder/out" "$folder/err" | grep -vc ':0')" 0
finish

#!/usr/bin/env bash
# The whole journey with curl and Net::EPP, with random names, numbers and
# picture, against a running `verinym demo` whose DIR/demo.json is given.
#
#   journey.sh DEMO_JSON PICTURE
set -euo pipefail
demo=$1 picture=$2
here=$(cd "$(dirname "$0")" && pwd)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

get() { jq -r "$1" "$demo"; }
api=$(get .api_url) mail=$(get .mail_url)
epp_host=$(get .epp_addr | cut -d: -f1) epp_port=$(get .epp_addr | cut -d: -f2)
epp() { perl "$here/existing.pl" "$epp_host" "$epp_port" "$(get .epp_ca_file)" "$(get .epp_login.client_id)" "$(get .epp_login.password)" "$@"; }

die() { echo "journey: $*" >&2; exit 1; }
say() { echo "✓ $*"; }

# call METHOD PATH [JSON] as $token: prints the body, keeps the status in $tmp/status.
token=
call() {
	local args=(-sS -X "$1" -H "Authorization: Bearer $token" -o "$tmp/body" -w '%{http_code}')
	[ $# -gt 2 ] && args+=(-H 'Content-Type: application/json' -d "$3")
	curl "${args[@]}" "$api$2" >"$tmp/status"
	cat "$tmp/body"
}
ok() { [[ $(cat "$tmp/status") == 2* ]] || die "$1: $(cat "$tmp/status") $(cat "$tmp/body")"; }
refused() { [ "$(cat "$tmp/status")" = "$2" ] && jq -e --arg c "$3" '[.code, .errors[]?.code, .findings[]?.code] | index($c)' "$tmp/body" >/dev/null || die "$1: want $2 $3, got $(cat "$tmp/status") $(cat "$tmp/body")"; }
# until WHAT COMMAND…: waits up to 60 s for a command to succeed.
until_true() {
	local what=$1 end=$((SECONDS + 60)); shift
	until "$@"; do [ $SECONDS -lt $end ] || die "waited 60 s for $what: $(cat "$tmp/body")"; sleep 0.2; done
}
sign_in() { token=; call POST /session "$(jq -n --arg e "$(get ".accounts[] | select(.role==\"$1\") | .email" | head -1)" --arg p "$(get ".accounts[] | select(.role==\"$1\") | .password" | head -1)" '{email:$e,password:$p}')" >/dev/null; ok "sign in as $1"; jq -r .token "$tmp/body"; }

# A random name and a random number of an unassigned region, with its check digit (GB 11643).
random_name() { local s=(赵 钱 孙 李 周 吴 郑 王) g=(一 二 三 木 水 火 山 石); echo "${s[RANDOM % 8]}${g[RANDOM % 8]}${g[RANDOM % 8]}"; }
random_number() {
	local n sum=0 i w=(7 9 10 5 8 4 2 1 6 3 7 9 10 5 8 4 2)
	n=$(printf '990000%04d%02d%02d%03d' $((1950 + RANDOM % 50)) $((1 + RANDOM % 12)) $((1 + RANDOM % 28)) $((RANDOM % 1000)))
	for i in {0..16}; do sum=$((sum + ${n:i:1} * w[i])); done
	echo "$n$(echo 10X98765432 | cut -c$((sum % 11 + 1)))"
}
# A picture whose bytes nobody has seen: a random comment is put behind the JPEG's first marker.
random_picture() { perl -e 'local $/; open F, "<:raw", $ARGV[0] or die; $_ = <F>; my $c = join "", map { chr(65 + rand 26) } 1..64; binmode STDOUT; print substr($_, 0, 2), "\xff\xfe", pack("n", length($c) + 2), $c, substr($_, 2)' "$picture" >"$tmp/id.jpg"; }
label() { tr -dc a-z0-9 </dev/urandom 2>/dev/null | head -c 10 || true; }

name=$(random_name) number=$(random_number) other=$(random_name)山 other_number=$(random_number) stranger=$(random_name)石 stranger_number=$(random_number)
address="out-$(label)@registrant.example"
same_domain="old-$(label).cn" other_domain="old-$(label).cn" new_cn="new-$(label).cn" new_com="new-$(label).com"
random_picture

# What the registrar's former system left behind.
old_contact=$(epp create "old$(label)" "$name" "$number" "$same_domain")
epp create "old$(label)" "$stranger" "$stranger_number" "$other_domain" >/dev/null
say "Net::EPP registered $same_domain ($name) and $other_domain ($stranger)"

me=$(sign_in registrant) reviewer=$(sign_in reviewer) operator=$(sign_in operator)
token=$me; account=$(call GET /account | jq -r .id); [ "$(jq -r .identity_state "$tmp/body")" = verified ] || die "the account is not verified"
say "signed in; account verified"

fields() { jq -n --arg n "$1" --arg d "$2" --arg e "$address" --arg k "$3" '{accreditation:"mainland",kind:$k,holder_type:"individual",name_zh:$n,country:"CN",province_zh:"浙江",city_zh:"杭州市",address_zh:"虚构路18号",postal_code:"310000",phone:"13800000000",email:$e,document_kind:"resident_id",document_number:$d}'; }
profile=$(call POST /profiles "$(fields "$name" "$number" cnnic)" | jq -r .id); ok "create profile"
[ "$(jq -r .fields.phone "$tmp/body")" = +8613800000000 ] || die "the phone is not E.164"
[ -n "$(jq -r .fields.name_en "$tmp/body")" ] || die "the English name is empty"
say "profile $profile: $(jq -r '.fields.name_zh + " / " + .fields.name_en + ", " + .fields.document_number' "$tmp/body")"

email=$(call POST /email-verifications "{\"email\":\"$address\"}" | jq -r .id); ok "request mail"
mailed() { curl -sS "$mail/messages" | jq -e -r --arg a "$address" '[.[] | select(.to==$a) | .links[0]][0] // empty' >"$tmp/link" && [ -s "$tmp/link" ]; }
until_true "the mail" mailed
link=$(cat "$tmp/link")
for _ in 1 2 3; do curl -sS -o /dev/null "$link"; curl -sS -I -o /dev/null "$link"; done
[ "$(call GET "/email-verifications/$email" | jq -r .state)" = pending ] || die "looking at the link changed something"
[ "$(curl -sS -o /dev/null -w '%{http_code}' -X POST "$link")" = 200 ] || die "the confirmation was not taken"
[ "$(call GET "/email-verifications/$email" | jq -r .state)" = verified ] || die "the address is not verified"
[ "$(curl -sS -o /dev/null -w '%{http_code}' -X POST "$link")" = 404 ] || die "the link worked twice"
say "$address verified; looking changed nothing, the link works once"

upload() { curl -sS -o "$tmp/body" -w '%{http_code}' -H "Authorization: Bearer $token" -F side=front -F "file=@$1" "$api/profiles/$profile/documents" >"$tmp/status"; }
cp "$tmp/id.jpg" "$tmp/renamed.png"
upload "$tmp/renamed.png"; refused "a renamed file" 422 extension_mismatch
head -c 60000 /dev/urandom >"$tmp/noise.jpg"
upload "$tmp/noise.jpg"; [ "$(cat "$tmp/status")" = 422 ] || die "noise was taken for a picture"
wrong=${number:0:17}$([ "${number:17:1}" = 0 ] && echo 1 || echo 0)
call PATCH "/profiles/$profile" "{\"document_number\":\"$wrong\"}" >/dev/null; refused "a wrong check digit" 422 number_checksum
call POST "/profiles/$profile/submission" '{}' >/dev/null; refused "a submission without a document" 422 document_missing
upload "$tmp/id.jpg"; ok "upload"
say "bad documents refused with codes; the good one kept"

decide() { # decide PROFILE BODY
	token=$reviewer
	local case; token=$me; case=$(call GET "/profiles/$1" | jq -r .review.id); token=$reviewer
	call POST "/reviews/$case/claim" >/dev/null; ok "claim"
	call GET "/reviews/$case" >/dev/null; ok "read case"
	local document; for document in $(jq -r '.unopened_documents[]?' "$tmp/body"); do call GET "/documents/$document/picture" >/dev/null; ok "open $document"; done
	call POST "/reviews/$case/decision" "$2" >/dev/null; ok "decide"
	token=$me
}
call POST "/profiles/$profile/submission" '{}' >/dev/null; ok "submit"
[ "$(jq -r .review.expected_day "$tmp/body")" != null ] || die "no expected day"
decide "$profile" '{"verdict":"fail","reasons":[{"code":"address_mismatch","note":"门牌号不同"}]}'
call GET "/profiles/$profile" >/dev/null
[ "$(jq -r '.state + " " + .review.reasons[0].field' "$tmp/body")" = "failed address_zh" ] || die "the failed review does not point at the address: $(cat "$tmp/body")"
call PATCH "/profiles/$profile" '{"address_zh":"虚构路19号"}' >/dev/null; ok "correct"
call POST "/profiles/$profile/submission" '{}' >/dev/null; ok "resubmit"
decide "$profile" '{"verdict":"pass"}'
[ "$(call GET "/profiles/$profile" | jq -r .state)" = verified ] || die "the profile is not verified"
say "failed at address_zh, corrected, verified"

verified_by_sandbox() { # KIND NAME NUMBER → id
	local p; p=$(call POST /profiles "$(fields "$2" "$3" "$1")" | jq -r .id); ok "create $1 profile"
	profile=$p upload "$tmp/id.jpg"; ok "upload"
	call POST "/profiles/$p/submission" '{"authority":"sandbox"}' >/dev/null; ok "submit to the sandbox"
	is_verified() { [ "$(call GET "/profiles/$p" | jq -r .state)" = verified ]; }
	until_true "the sandbox authority" is_verified
	made=$p
}
verified_by_sandbox common "$name" "$number"; common=$made
verified_by_sandbox cnnic "$other" "$other_number"; other_profile=$made
say "two more profiles verified by the sandbox authority"

is_normal() { [ "$(call GET "/domains/$1" | jq -r .status)" = normal ]; }
call POST /orders "{\"domain\":\"$new_cn\",\"profile\":\"$common\"}" >/dev/null; refused "a common profile for .cn" 422 profile_kind_mismatch
for pair in "$new_cn $profile" "$new_com $common"; do
	set -- $pair
	order=$(call POST /orders "{\"domain\":\"$1\",\"profile\":\"$2\"}" | jq -r .id); ok "order $1"
	token=$operator; call POST "/orders/$order/payment" >/dev/null; ok "pay $1"; token=$me
	until_true "$1 to be normal" is_normal "$1"
	say "$1 is normal: $(jq -r '"naming " + .naming_verdict + ", real name " + .real_name_verdict' "$tmp/body")"
done

import() { token=$operator; call POST /imports "{\"account\":\"$account\",\"accreditation\":\"mainland\",\"domains\":[\"$1\"]}" >/dev/null; ok "import $1"; token=$me; }
is_held() { call GET "/domains/$1" | jq -e '.real_name_verdict=="not_completed" and (.epp_statuses|index("serverHold"))' >/dev/null; }
associate() { # OPERATION PROFILE DOMAIN → prints state and code
	local t; t=$(call POST /associations "{\"operation\":\"$1\",\"profile\":\"$2\",\"domains\":[\"$3\"],\"consent\":true}" | jq -r .id); ok "$1 $3"
	is_finished() { [ "$(call GET "/associations/$t" | jq -r .state)" = finished ]; }
	until_true "$1 of $3" is_finished
	result=$(jq -r '.items[0].state + " " + (.items[0].code // "")' "$tmp/body")
}
import "$same_domain"; until_true "$same_domain to be held" is_held "$same_domain"
associate submit_verification "$profile" "$same_domain"; [ "$result" = "succeeded " ] || die "submit $same_domain: $result"
until_true "$same_domain to be normal" is_normal "$same_domain"
seen=$(epp info "$same_domain"); [[ $seen == "$old_contact $name"* && $seen != *serverHold* ]] || die "Net::EPP sees $seen"
say "$same_domain is normal; Net::EPP sees: $seen"

import "$other_domain"; until_true "$other_domain to be held" is_held "$other_domain"
associate submit_verification "$profile" "$other_domain"; [ "$result" = "failed contact_not_match" ] || die "submit $other_domain: $result"
associate change_holder "$other_profile" "$other_domain"; [ "$result" = "succeeded " ] || die "change holder of $other_domain: $result"
until_true "$other_domain to be normal" is_normal "$other_domain"
seen=$(epp info "$other_domain"); [[ $seen == *" $other"* && $seen != *serverHold* ]] || die "Net::EPP sees $seen"
say "$other_domain: contact_not_match, then a change of holder; Net::EPP sees: $seen"

call GET "/domains/$same_domain/diagnosis" >/dev/null; [ "$(jq -r '.status + " " + (.steps|length|tostring)' "$tmp/body")" = "normal 10" ] || die "diagnosis: $(cat "$tmp/body")"
token=$operator
audit_whole() { call GET /audit/verification | jq -e '.ok and .unsealed == 0 and .sealed > 0' >/dev/null; }
until_true "the audit record" audit_whole
say "diagnosis and audit verify: $(jq -r '.sealed' "$tmp/body") entries"
echo "journey: all of it was read back and right"

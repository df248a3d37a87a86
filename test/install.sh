#!/usr/bin/env bash
# Installs what the tests use and this machine lacks: PostgreSQL, Net::EPP,
# xmllint, xmlsec1, curl, jq, djpeg, heif-enc, cwebp, tesseract, Chromium, fonts.
# Only on Debian, and only what is missing.
set -euo pipefail

missing=()
need() { missing+=("$1"); }
compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null || command -v postgres >/dev/null || need postgresql
perl -MNet::EPP::Client -e 1 2>/dev/null || need libnet-epp-perl
command -v xmllint >/dev/null || need libxml2-utils
command -v xmlsec1 >/dev/null || need xmlsec1
command -v curl >/dev/null || need curl
command -v jq >/dev/null || need jq
command -v djpeg >/dev/null || need libjpeg-turbo-progs
command -v heif-enc >/dev/null || need libheif-examples
command -v cwebp >/dev/null || need webp
[ -d /usr/share/fonts/opentype/noto ] || need fonts-noto-cjk
[ -d /usr/share/fonts/truetype/dejavu ] || need fonts-dejavu
command -v chromium >/dev/null || need chromium
command -v tesseract >/dev/null || need tesseract-ocr
compgen -G '/usr/share/tesseract-ocr/*/tessdata/chi_sim.traineddata' >/dev/null || need tesseract-ocr-chi-sim

[ ${#missing[@]} -gt 0 ] || exit 0
if ! command -v apt-get >/dev/null; then
	echo "tools: this is no Debian; install ${missing[*]} by hand, or some tests are skipped"
	exit 0
fi
sudo=()
if [ "$(id -u)" -ne 0 ]; then
	command -v sudo >/dev/null || { echo "tools: ${missing[*]} are missing and need root to install; some tests are skipped"; exit 0; }
	sudo=(sudo)
fi
echo "tools: installing ${missing[*]}"
"${sudo[@]}" apt-get update -qq
DEBIAN_FRONTEND=noninteractive "${sudo[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null

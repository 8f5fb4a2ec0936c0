#!/usr/bin/env bash
# Trains with chapter 03's softmax as it is and with one sum over the whole batch instead of one a row (a wrong
# answer of tests/learn), and records how well each reads in docs/results/batch_sum.md:
#   tools/measure_batch_sum.sh   (some minutes; in a copy of the course in build/, so that my/ is not touched)
# Then:  cmake --build build/release --target rewrite_pages
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
result=docs/results/batch_sum.md
work=$PWD/build/batch_sum
mkdir -p "$work/my/03_softmax"
for each in *; do
  case $each in build | models | my) continue ;; esac
  rm -rf "${work:?}/$each"
  cp -Rp "$each" "$work"
done
cmake --build build/release --target wrong_answer >/dev/null

seeds="1 2 3 4 5"
adam="--data sample --epochs 1"
sgd="$adam --optimizer sgd --learning-rate"

# The test accuracy of a run, or nothing if digits says that it did not learn.
accuracy() {
  if "$work/learn" mine train --quiet "$@" --json "$work/run.json" >"$work/said" 2>&1; then
    sed -n 's/^ "test_accuracy": \([0-9.]*\),*$/\1/p' "$work/run.json"
  elif ! grep -q 'did not learn' "$work/said"; then
    cat "$work/said" >&2
    exit 1
  fi
}

# row WHICH OPTIONS: a row of the table, the mean of the seeds.
row() {
  local seed
  for seed in $seeds; do
    # shellcheck disable=SC2086 # words
    accuracy $2 --seed "$seed"
  done | awk -v row="| $1 | \`$2\` |" '
    { sum += $1; if (NR == 1 || $1 < low) low = $1; if (NR == 1 || $1 > high) high = $1 }
    END {
      if (NR == 5) printf "%s %.1f%% (%.1f to %.1f) |\n", row, 100 * sum / NR, 100 * low, 100 * high
      else print row, 5 - NR, "of 5 did not learn |"
    }'
}

with_one_sum_a_row() { cp chapters/03_softmax/softmax.hpp "$work/my/03_softmax"; }
with_one_sum_a_batch() {
  build/release/bin/wrong_answer tests/learn/wrong_answers/03_softmax.txt 'softmax: the sum of the whole batch' \
    chapters/03_softmax/softmax.hpp >"$work/my/03_softmax/softmax.hpp"
}

{
  echo "| the sum in softmax | \`./learn mine train\` with | test accuracy, mean of seeds 1 to 5 (lowest to highest) |"
  echo '|---|---|---|'
  with_one_sum_a_row
  row "per row" "$adam"
  row "per row" "$sgd 0.1"
  with_one_sum_a_batch
  row "over the whole batch" "$adam"
  row "over the whole batch" "$sgd 0.1"
  row "over the whole batch" "$sgd 6.4"
} >"$work/table"
mv "$work/table" "$result"
cat "$result"

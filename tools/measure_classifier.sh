#!/usr/bin/env bash
# Measures what chapter 10 says of the full-size classifier and records it in docs/results/classifier.md, and two recipes
# on the sample in docs/results/sample_recipes.md:
#   tools/measure_classifier.sh   (after ./learn; some minutes; needs the package dataset-fashion-mnist)
# Then:  cmake --build build/release --target rewrite_pages
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
digits=${DIGITS:-build/release/bin/digits}
clothes=/usr/share/datasets/fashion-mnist
result=docs/results/classifier.md
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# "98.20% ± 0.13" and "0.0707" of what train or evaluate printed; "35 of 55,000" own errors.
accuracy_in() { sed -n 's/^test accuracy \(.*\) (one standard error.*/\1/p' "$1"; }
loss_in() { sed -n 's/^test accuracy .*, loss \([0-9.]*\).*/\1/p' "$1"; }
own_in() { sed -n 's/^on the \([0-9]*\) images it learned from: .*, \([0-9]*\) errors.*/\2 of \1/p' "$1"; }

"$digits" train --quiet --save "$work/digits.safetensors" >"$work/digits"
grep -q '^on the 55000 images' "$work/digits" || { echo "not the full MNIST" >&2; exit 1; }
"$digits" train --quiet --data "$clothes" >"$work/clothes"
"$digits" evaluate --model "$work/digits.safetensors" --data "$clothes" >"$work/strangers"

{
  echo '| learned | asked about | errors on its own | right on unseen | loss on unseen | command |'
  echo '|---|---|---|---|---|---|'
  echo "| digits | digits | $(own_in "$work/digits") | $(accuracy_in "$work/digits") | $(loss_in "$work/digits") | \`./learn digits train\` |"
  echo "| clothes | clothes | $(own_in "$work/clothes") | $(accuracy_in "$work/clothes") | $(loss_in "$work/clothes") | \`./learn digits train --data $clothes\` |"
  echo "| digits | clothes | | $(accuracy_in "$work/strangers") | $(loss_in "$work/strangers") | \`./learn digits evaluate --model models/mnist.safetensors --data $clothes\` |"
} >"$work/table"
mv "$work/table" "$result"
cat "$result"

sample_recipe() {
  local seed right=()
  for seed in 1 2 3; do
    # shellcheck disable=SC2086 # options
    "$digits" train --quiet --data sample $1 --seed "$seed" >"$work/run"
    right+=("$(sed -n 's/^test accuracy .*(one standard error; \([0-9]*\) of 1000 images.*/\1/p' "$work/run")")
  done
  echo "| \`./learn digits train --data sample${1:+ $1}\` | ${right[0]} | ${right[1]} | ${right[2]} | $(((right[0] + right[1] + right[2] + 1) / 3)) |"
}
{
  echo '| recipe | right of 1,000, seed 1 | 2 | 3 | mean |'
  echo '|---|---|---|---|---|'
  sample_recipe ""
  sample_recipe "--hidden 512 --epochs 30 --batch 32"
} >"$work/table"
mv "$work/table" docs/results/sample_recipes.md
cat docs/results/sample_recipes.md

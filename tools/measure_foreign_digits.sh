#!/usr/bin/env bash
# Measures how well networks that were trained on MNIST, with and without augmentation, classify other people's digits, and
# records it in docs/results/foreign_digits.md:
#   tools/measure_foreign_digits.sh DIGITS.CSV.GZ DIGITS.PNG   (after ./learn; some minutes; SEEDS="1 2" trains with these)
# The files are those of Debian's packages python3-sklearn and opencv-doc: tools/foreign_digits.py says where they are.
# Then:  cmake --build build/release --target rewrite_pages
set -euo pipefail
[ $# -eq 2 ] || { echo "usage: tools/measure_foreign_digits.sh DIGITS.CSV.GZ DIGITS.PNG" >&2; exit 2; }
sheet_of_numbers=$(realpath "$1") sheet=$(realpath "$2")
cd "$(dirname "${BASH_SOURCE[0]}")/.."
digits=${DIGITS:-build/release/bin/digits}
work=build/foreign_digits
mkdir -p "$work"
tools/foreign_digits.py sklearn "$sheet_of_numbers" "$work/sklearn"
tools/foreign_digits.py opencv "$sheet" "$work/opencv"
seeds=${SEEDS:-1 2 3}

# The test accuracy in a JSON file.
accuracy_in() { sed -n 's/^ "test_accuracy": \([0-9.]*\),*$/\1/p' "$1"; }
# "98.20% (98.10 to 98.30)" of the accuracies in standard input.
summary() {
  awk '{ t += $1; if (NR == 1 || $1 < low) low = $1; if (NR == 1 || $1 > high) high = $1 }
    END { printf "%.2f%%", 100 * t / NR; if (NR > 1) printf " (%.2f to %.2f)", 100 * low, 100 * high }'
}

# Trains with every seed, unless that was done before, and evaluates on both sheets.
measure() {
  local seed file set
  for seed in $seeds; do
    file=$work/$1_$seed
    [ -s "$file.safetensors" ] || "$digits" train --quiet --hidden 128 --epochs 40 --batch 128 --learning-rate 0.003 \
      --augment "$1" --seed "$seed" --threads 1 --json "$file.mnist.json" --save "$file.safetensors" >"$file.log"
    for set in sklearn opencv; do
      "$digits" evaluate --model "$file.safetensors" --data "$work/$set" --json "$file.$set.json" >/dev/null
    done
  done
}
for augment in none shift affine elastic; do measure "$augment"; done

{
  # shellcheck disable=SC2016 # backquotes of Markdown
  echo '| 784-128-10, trained on MNIST with `--augment` | MNIST, test images | 1,797 digits, scikit-learn | 5,000 digits, OpenCV |'
  echo '|---|---:|---:|---:|'
  for augment in none shift affine elastic; do
    echo -n "| \`$augment\` |"
    for set in mnist sklearn opencv; do
      echo -n " $(for seed in $seeds; do accuracy_in "$work/${augment}_$seed.$set.json"; done | summary) |"
    done
    echo
  done
  echo
  echo "Accuracy, seeds: $seeds. Recorded by \`tools/measure_foreign_digits.sh\`, $(date +%Y-%m-%d)."
} >"$work/table"
mv "$work/table" docs/results/foreign_digits.md
cat docs/results/foreign_digits.md

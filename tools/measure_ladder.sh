#!/usr/bin/env bash
# Measures the ladder of chapter 08 on the full MNIST and records it in docs/results/ladder.md:
#   tools/measure_ladder.sh   (after ./learn; a quarter of an hour; JOBS=2 runs two trainings at a time)
#   tools/measure_ladder.sh table   only records the rungs whose runs are all in build/ladder
# A run that is there already is not repeated. Then:  cmake --build build/release --target rewrite_pages
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
digits=${DIGITS:-build/release/bin/digits}
work=build/ladder
mkdir -p "$work"

# name | options | seeds | what is published for such a network
rungs() {
  local narrow="--hidden 128 --epochs 40 --batch 128 --learning-rate 0.003"
  local wide="--hidden 800 --batch 128 --learning-rate 0.002"
  echo "784-128-10|$narrow|1 2 3|"
  echo "with weight decay|$narrow --weight-decay 0.1|1 2 3|"
  echo "with dropout|$narrow --dropout 0.1|1 2 3|"
  echo "with label smoothing|$narrow --label-smoothing 0.05|1 2 3|"
  echo "with shifts|$narrow --augment shift|1 2 3|"
  echo "with affine maps|$narrow --augment affine|1 2 3|"
  echo "with elastic deformations|$narrow --augment elastic|1 2 3|"
  echo "784-800-10 with affine maps|$wide --epochs 30 --augment affine|1|"
  echo "784-800-10 with elastic deformations|$wide --epochs 30 --augment elastic|1|99.3% (Simard et al. 2003)"
  echo "the same for 80 epochs|--recipe best|1|99.3% (Simard et al. 2003)"
}

# The file of a rung's run: its options as a name.
file_of() { echo "$work/$(echo "$1 --seed $2" | tr -s ' ' _ | tr -d -)"; }

# run FILE OPTIONS
run() {
  [ ! -s "$1.json" ] || return 0
  # shellcheck disable=SC2086 # options
  "$digits" train --quiet --threads 1 $2 --json "$1.new" >"$1.log" 2>&1
  mv "$1.new" "$1.json"
}
export -f run
export digits

runs() {
  rungs | while IFS='|' read -r _ options seeds _; do
    for seed in $seeds; do printf '%s\n%s\n' "$(file_of "$options" "$seed")" "$options --seed $seed"; done
  done
}
# shellcheck disable=SC2016 # the inner shell's
[ "${1:-}" = table ] || runs | xargs -d '\n' -n 2 -P "${JOBS:-1}" bash -c 'run "$0" "$1"'

# measured OPTIONS SEEDS: whether there is a run of every seed.
measured() {
  local seed
  for seed in $2; do [ -s "$(file_of "$1" "$seed").json" ] || return 1; done
}

test_accuracy() { sed -n 's/^ "test_accuracy": \([0-9.]*\),*$/\1/p' "$1"; }
validation_accuracy() { sed -n 's/^ *"accuracy": \([0-9.]*\),*$/\1/p' "$1" | tail -n 1; }

{
  # shellcheck disable=SC2016 # backquotes of Markdown
  echo '| network and remedy | options of `./learn digits train` | validation | test accuracy, mean (least to most) | seeds | published |'
  echo '|---|---|---:|---:|---:|---|'
  rungs | while IFS='|' read -r name options seeds published; do
    measured "$options" "$seeds" || { echo "not measured: $options" >&2; continue; }
    for seed in $seeds; do
      file=$(file_of "$options" "$seed")
      grep -q '"data": "MNIST.*original' "$file.json" || { echo "$file.json: not the full MNIST" >&2; exit 1; }
      echo "$(validation_accuracy "$file.json") $(test_accuracy "$file.json")"
    done | awk -v name="$name" -v options="$options" -v published="$published" '
      { v += $1; t += $2; if (NR == 1 || $2 < low) low = $2; if (NR == 1 || $2 > high) high = $2 }
      END { spread = NR > 1 ? sprintf(" (%.2f to %.2f)", 100 * low, 100 * high) : ""
            printf "| %s | `%s` | %.2f%% | %.2f%%%s | %d | %s |\n", name, options, 100 * v / NR, 100 * t / NR, spread, NR, published }'
  done
  echo
  echo "55,000 training and 5,000 validation images. Recorded by \`tools/measure_ladder.sh\`, $(date +%Y-%m-%d)."
} >"$work/table"
mv "$work/table" docs/results/ladder.md
cat docs/results/ladder.md

#!/usr/bin/env bash
# Measures what the activation functions cost and records it for chapter 02 in docs/results/activations.md:
#   tools/measure_activations.sh   (after ./learn; some seconds; leave the machine alone meanwhile)
# Then:  cmake --build build/release --target rewrite_pages
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cmake --preset release >/dev/null # the include root
"${CXX:-c++}" -std=c++20 -O3 -DNDEBUG -ffp-contract=off -Ibuild/release/include tools/measure_activations.cpp \
  -o "$work/measure" -lfmt
"$work/measure" >"$work/table"
mv "$work/table" docs/results/activations.md
cat docs/results/activations.md

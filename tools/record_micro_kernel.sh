#!/usr/bin/env bash
# What the compiler makes of chapter 06's micro-kernel, written with Highway and with AVX2's own words, in
# docs/results/micro_kernel.md:
#   tools/record_micro_kernel.sh   (after ./learn; x86-64 and g++ only; it compiles, and runs nothing)
# Then:  cmake --build build/release --target rewrite_pages
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
flags="-O3 -DNDEBUG -march=haswell -maes" # haswell: the first processors with AVX2 and FMA; Highway wants AES, too

cmake --preset release >/dev/null # the include root
cat >"$work/kernels.cpp" <<'END'
#include "06_simd_matmul/matmul_simd.hpp"
#include "06_simd_matmul/micro_kernel_avx2.hpp"
using Kernel = void (*)(nn::MatrixView<float>, const float*, std::size_t, float*, std::size_t);
using Eight = hwy::HWY_NAMESPACE::ScalableTag<float>;
void highway(nn::MatrixView<float> a, const float* b, std::size_t b_stride, float* out, std::size_t out_stride) {
  nn::HWY_NAMESPACE::micro_kernel<6, 2>(Eight(), a, b, b_stride, out, out_stride);
}
Kernel intrinsics = nn::micro_kernel_avx2;
END
# shellcheck disable=SC2086 # words
g++ -std=c++20 $flags -ffp-contract=off -masm=intel -fno-asynchronous-unwind-tables -Ibuild/release/include -I. \
  -S "$work/kernels.cpp" -o "$work/kernels.s"

# The loop over k in the function whose mangled name has these letters: the shortest one with the multiply-adds in it.
loop_of() {
  awk -v name="$1" '
    /^_Z/ { inside = index($0, name) > 0; label = "" }
    !inside { next }
    /^\.L[0-9]+:/ { label = $1; sub(/:/, "", label); count = fused = 0; text = "" }
    label == "" || /^[[:space:]]*\./ && !/^\.L/ { next }
    { count++; text = text $0 "\n"; fused += /vfmadd/ }
    $1 ~ /^j/ && $2 == label && fused && (!best || count < best) { best = count; loop = text }
    END { printf "%s", loop }' "$work/kernels.s"
}
count() { grep -c "$2" <<<"$1" || true; }

highway=$(loop_of 12micro_kernelI)
intrinsics=$(loop_of 17micro_kernel_avx2)
if [ -z "$highway" ] || [ -z "$intrinsics" ]; then
  echo "record_micro_kernel.sh: no such loop in what the compiler wrote" >&2
  exit 1
fi
{
  echo '```'
  printf '%s\n' "$highway" | expand -t 14 | sed 's/^ \{10\}//'
  echo '```'
  echo
  echo "| the loop over k, instructions | with Highway | with intrinsics |"
  echo "|---|---|---|"
  for each in "vfmadd, 8 multiply-adds:vfmadd" "vbroadcastss, a number of a into 8 lanes:vbroadcast" \
    "vmovups, load a vector of b:vmovups" "vmovaps, spill of a sum to memory:vmovaps"; do
    echo "| ${each%:*} | $(count "$highway" "${each#*:}") | $(count "$intrinsics" "${each#*:}") |"
  done
  echo "| all | $(($(count "$highway" '') - 1)) | $(($(count "$intrinsics" '') - 1)) |"
  echo
  echo "Recorded by \`tools/record_micro_kernel.sh\`: g++ $(g++ -dumpfullversion), \`$flags\`."
} >"$work/page"
mv "$work/page" docs/results/micro_kernel.md
cat docs/results/micro_kernel.md

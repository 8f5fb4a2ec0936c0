// What Highway spares us: the micro-kernel once more, in the words of one kind of processor. AVX2 has registers of
// eight floats, and FMA is its fused multiply-add; x86-64 only, and only where a program has asked for both.
#pragma once

#ifdef __x86_64__

#include <immintrin.h>

#include "01_matrix/matrix_view.hpp"

namespace nn {

// [show micro_kernel_avx2]
// A tile of out = A·B, 6 rows and 16 columns, as micro_kernel<6, 2> of matmul_simd.hpp: 12 of the 16 registers hold
// sums, two a row of b, one a number of a in all its places.
__attribute__((target("avx2,fma"))) inline void micro_kernel_avx2(MatrixView<float> a, const float* b,
                                                                  std::size_t b_stride, float* out,
                                                                  std::size_t out_stride) {
  __m256 sums[6][2];
  for (auto& row : sums) row[0] = row[1] = _mm256_setzero_ps();
  for (std::size_t k = 0; k < a.cols(); ++k, b += b_stride) {
    const __m256 left = _mm256_loadu_ps(b), right = _mm256_loadu_ps(b + 8);
    for (std::size_t r = 0; r < 6; ++r) {
      const __m256 same = _mm256_set1_ps(a(r, k));
      sums[r][0] = _mm256_fmadd_ps(same, left, sums[r][0]);
      sums[r][1] = _mm256_fmadd_ps(same, right, sums[r][1]);
    }
  }
  for (std::size_t r = 0; r < 6; ++r) {
    _mm256_storeu_ps(out + r * out_stride, sums[r][0]);
    _mm256_storeu_ps(out + r * out_stride + 8, sums[r][1]);
  }
}
// [/show]

}  // namespace nn

#endif

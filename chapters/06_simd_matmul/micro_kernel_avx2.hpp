// The micro-kernel without Highway, in the intrinsics of one SIMD instruction set: AVX2 has registers of eight floats,
// and FMA is its fused multiply-add. x86-64 only; call it only on a processor that has both.
#pragma once

#ifdef __x86_64__

#include <immintrin.h>

#include "01_matrix/matrix_view.hpp"

namespace nn {

// [show micro_kernel_avx2]
// A tile of out = A·B with 6 rows and 16 columns, as micro_kernel<6, 2> of matmul_simd.hpp. Of the 16 registers 12 hold
// sums, two a row of b, and one the broadcast number of a.
__attribute__((target("avx2,fma"))) inline void micro_kernel_avx2(MatrixView<float> a, const float* b,
                                                                  std::size_t b_stride, float* out,
                                                                  std::size_t out_stride) {
  __m256 sums[6][2];
  for (auto& row : sums) row[0] = row[1] = _mm256_setzero_ps();
  for (std::size_t k = 0; k < a.cols(); ++k, b += b_stride) {
    const __m256 left = _mm256_loadu_ps(b), right = _mm256_loadu_ps(b + 8);
    for (std::size_t r = 0; r < 6; ++r) {
      const __m256 broadcast = _mm256_set1_ps(a(r, k));
      sums[r][0] = _mm256_fmadd_ps(broadcast, left, sums[r][0]);
      sums[r][1] = _mm256_fmadd_ps(broadcast, right, sums[r][1]);
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

// New in this step: a micro-kernel. A tile of the result stays in registers until its sums are complete, and one
// instruction updates a whole vector of sums.
// (No #pragma once: targets/matmul_simd.cpp includes this file once for every SIMD target.)
#include <hwy/highway.h>

#include "06_simd_matmul/matmul_loop_order.hpp"

HWY_BEFORE_NAMESPACE();
namespace nn::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// [show micro_kernel]
// A tile of out = A·B, kRows rows high and kVectors vectors wide:
//   out[r][j] = sum over k of a[r][k] * b[k][j].
// d: the type of a vector, e.g. 8 floats. a: the tile's rows of A. b, out: pointers to the tile's first column, each with
// the stride from one row to the next. MulAdd rounds once if the processor has fused multiply-add, otherwise twice.
template <std::size_t kRows, std::size_t kVectors, class D, class T>
void micro_kernel(D d, MatrixView<T> a, const T* b, std::size_t b_stride, T* out, std::size_t out_stride) {
  // [write micro_kernel]
  hn::Vec<D> sums[kRows][kVectors], factors[kVectors];
  for (auto& row : sums) {
    for (auto& sum : row) sum = hn::Zero(d);
  }
  for (std::size_t k = 0; k < a.cols(); ++k) {
    for (std::size_t v = 0; v < kVectors; ++v) factors[v] = hn::LoadU(d, b + k * b_stride + v * hn::Lanes(d));
    for (std::size_t r = 0; r < kRows; ++r) {
      const auto broadcast = hn::Set(d, a(r, k));
      for (std::size_t v = 0; v < kVectors; ++v) sums[r][v] = hn::MulAdd(broadcast, factors[v], sums[r][v]);
    }
  }
  for (std::size_t r = 0; r < kRows; ++r) {
    for (std::size_t v = 0; v < kVectors; ++v)
      hn::StoreU(sums[r][v], d, out + r * out_stride + v * hn::Lanes(d));
  }
  // [/write]
}
// [/show]

// The columns of out from `out` on, as many as a tile is wide: tiles of four rows, then single rows.
template <std::size_t kVectors, class D, class T>
void column_of_tiles(D d, MatrixView<T> a, const T* b, std::size_t b_stride, T* out, std::size_t out_stride) {
  for (; a.row_count >= 4; a.row_count -= 4) {
    micro_kernel<4, kVectors>(d, a, b, b_stride, out, out_stride);
    a.data += 4 * a.row_stride, out += 4 * out_stride;
  }
  for (; a.row_count > 0; --a.row_count) {
    micro_kernel<1, kVectors>(d, a, b, b_stride, out, out_stride);
    a.data += a.row_stride, out += out_stride;
  }
}

// out = A·B: tiles two vectors wide; the remaining columns one at a time, with vectors of one entry.
template <class T>
void matmul_simd(MatrixView<T> a, MatrixView<T> b, Matrix<T>& out) {
  thread_local Matrix<T> buffer;
  b = detail::with_contiguous_rows(b, buffer);
  const hn::ScalableTag<T> d;
  const std::size_t width = 2 * hn::Lanes(d);
  std::size_t j = 0;
  for (; j + width <= out.cols(); j += width)
    column_of_tiles<2>(d, a, b.data + j, b.row_stride, out.data() + j, out.cols());
  for (; j < out.cols(); ++j)
    column_of_tiles<1>(hn::CappedTag<T, 1>(), a, b.data + j, b.row_stride, out.data() + j, out.cols());
}

}  // namespace nn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

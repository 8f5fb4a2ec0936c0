// New in this step: packing. Before the micro-kernel reads a strip of columns of B, the strip is copied to consecutive
// memory and padded with zeros to the width of a tile, so that no remainder is left.
// (No #pragma once: targets/matmul_packed.cpp includes this file once for every SIMD target.)
#include "06_simd_matmul/matmul_simd.hpp"

HWY_BEFORE_NAMESPACE();
namespace nn::HWY_NAMESPACE {

// [show pack_columns]
// packed[k][c] = b[k][begin + c] for c < width, and 0 where b has no such column; packed: b.rows() x width.
// b(k, j) works for a transposed b, too, so one packing serves A·B, Aᵀ·B and A·Bᵀ.
template <class T>
void pack_columns(MatrixView<T> b, std::size_t begin, std::size_t width, T* packed) {
  // [write pack_columns]
  for (std::size_t k = 0; k < b.rows(); ++k) {
    for (std::size_t c = 0; c < width; ++c)
      packed[k * width + c] = begin + c < b.cols() ? b(k, begin + c) : T(0);
  }
  // [/write]
}
// [/show]

// Rows begin .. end - 1 of out = A·B. The last strip is computed into a separate buffer, two vectors wide, and the
// columns that exist are copied to out.
template <class T>
void rows_packed(MatrixView<T> a, MatrixView<T> b, Matrix<T>& out, std::size_t begin, std::size_t end) {
  const hn::ScalableTag<T> d;
  const std::size_t width = 2 * hn::Lanes(d);
  thread_local Matrix<T> packed, buffer;
  packed.resize(b.rows(), width);
  buffer.resize(end - begin, width);
  a.data += begin * a.row_stride, a.row_count = end - begin;
  for (std::size_t j = 0; j < out.cols(); j += width) {
    pack_columns(b, j, width, packed.data());
    if (j + width <= out.cols()) {
      column_of_tiles<2>(d, a, packed.data(), width, out.data() + begin * out.cols() + j, out.cols());
    } else {
      column_of_tiles<2>(d, a, packed.data(), width, buffer.data(), width);
      for (std::size_t i = begin; i < end; ++i)
        std::copy_n(buffer.row(i - begin).data(), out.cols() - j, out.row(i).data() + j);
    }
  }
}

}  // namespace nn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

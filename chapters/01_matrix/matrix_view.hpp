// A matrix seen without a copy of its entries, as it is or transposed.
#pragma once

#include "01_matrix/matrix.hpp"

namespace nn {

// A read-only view of a matrix: a pointer to its first entry, and the distances in memory from one row to the next
// (row_stride) and from one column to the next (col_stride). Swapping the strides transposes it without a copy.
template <class T>
struct MatrixView {
  const T* data;
  std::size_t row_count, col_count;
  std::size_t row_stride, col_stride;

  std::size_t rows() const { return row_count; }
  std::size_t cols() const { return col_count; }
  const T& operator()(std::size_t r, std::size_t c) const {
    detail::check_index(r, c, row_count, col_count);
    return data[r * row_stride + c * col_stride];
  }
};

template <class T>
MatrixView<T> view(const Matrix<T>& m) {
  return {m.data(), m.rows(), m.cols(), m.cols(), 1};
}
template <class T>
MatrixView<T> transposed(const Matrix<T>& m) {
  return {m.data(), m.cols(), m.rows(), 1, m.cols()};
}

}  // namespace nn

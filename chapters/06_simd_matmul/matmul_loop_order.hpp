// New in this step: the loops over j and k are swapped, so that the innermost one walks along rows
// instead of down columns.
#pragma once

#include <algorithm>

#include "01_matrix/matrix_view.hpp"

namespace nn {

namespace detail {

// b with contiguous rows: b itself if its rows are contiguous, otherwise a copy in buffer.
template <class T>
MatrixView<T> with_contiguous_rows(MatrixView<T> b, Matrix<T>& buffer) {
  if (b.col_stride == 1) return b;
  buffer.resize(b.rows(), b.cols());
  for (std::size_t j = 0; j < b.cols(); ++j) {
    for (std::size_t k = 0; k < b.rows(); ++k) buffer(k, j) = b(k, j);
  }
  return view(buffer);
}

// [show rows_in_loop_order]
// Rows begin .. end - 1 of out = A·B; the rows of b are contiguous.
template <class T>
void rows_in_loop_order(MatrixView<T> a, MatrixView<T> b, Matrix<T>& out, std::size_t begin,
                        std::size_t end) {
  // [write rows_in_loop_order]
  for (std::size_t i = begin; i < end; ++i) {
    T* out_row = out.row(i).data();
    std::fill_n(out_row, out.cols(), T(0));
    for (std::size_t k = 0; k < a.cols(); ++k) {
      const T factor = a(i, k);
      const T* b_row = b.data + k * b.row_stride;
      for (std::size_t j = 0; j < out.cols(); ++j) out_row[j] += factor * b_row[j];
    }
  }
  // [/write]
}
// [/show]

}  // namespace detail

// out = A·B with the bits of matmul_plain: each entry gets the same additions in the same order.
// The inner loop reads and writes consecutive numbers. The processor prefetches these, and the compiler can
// vectorize the loop.
template <class T>
void matmul_loop_order(MatrixView<T> a, MatrixView<T> b, Matrix<T>& out) {
  thread_local Matrix<T> buffer;
  detail::rows_in_loop_order(a, detail::with_contiguous_rows(b, buffer), out, 0, out.rows());
}

}  // namespace nn

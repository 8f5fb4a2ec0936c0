// The matrix product as it is defined: three loops.
#pragma once

#include "01_matrix/matrix_view.hpp"

namespace nn {

// [show matmul_plain]
// out = A·B:  out[i][j] = sum over k of a[i][k] * b[k][j], k = 0, 1, 2, ...
// a: rows x inner; b: inner x cols; out: has its shape, rows x cols, already, and is neither a nor b.
template <class T>
void matmul_plain(MatrixView<T> a, MatrixView<T> b, Matrix<T>& out) {
  // [write matmul_plain]
  for (std::size_t i = 0; i < out.rows(); ++i) {
    for (std::size_t j = 0; j < out.cols(); ++j) {
      T sum(0);
      for (std::size_t k = 0; k < a.cols(); ++k) sum += a(i, k) * b(k, j);
      out(i, j) = sum;
    }
  }
  // [/write]
}
// [/show]

}  // namespace nn

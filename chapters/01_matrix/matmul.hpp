// The three matrix products that a network needs. None of them copies a matrix to transpose it: a transposed matrix is
// the same memory read with its strides swapped.
#pragma once

#include "01_matrix/current_product.hpp"

namespace nn {

namespace detail {

// Throws ShapeError if the shapes do not fit, and std::invalid_argument if out is one of the factors.
template <class T>
void multiply(const char* operation, MatrixView<T> a, MatrixView<T> b, Matrix<T>& out) {
  if (a.cols() != b.rows()) {
    throw ShapeError(std::string(operation) + ": (" + shape(a) + ") times (" + shape(b) +
                     "): the inner sizes " + std::to_string(a.cols()) + " and " + std::to_string(b.rows()) +
                     " must be equal");
  }
  const T* before = out.data();
  if (out.size() != 0 && (before == a.data || before == b.data)) {
    throw std::invalid_argument(std::string(operation) +
                                ": the result must not be stored in one of the factors");
  }
  out.resize(a.rows(), b.cols());
  current_product<T>(a, b, out);
}

}  // namespace detail

// out = A·B.  a: rows x inner; b: inner x cols; out becomes rows x cols.
template <class T>
void matmul(const Matrix<T>& a, const Matrix<T>& b, Matrix<T>& out) {
  detail::multiply("matmul", view(a), view(b), out);
}
// out = Aᵀ·B.  a: inner x rows; b: inner x cols; out becomes rows x cols.
template <class T>
void matmul_at_b(const Matrix<T>& a, const Matrix<T>& b, Matrix<T>& out) {
  detail::multiply("matmul_at_b", transposed(a), view(b), out);
}
// out = A·Bᵀ.  a: rows x inner; b: cols x inner; out becomes rows x cols.
template <class T>
void matmul_a_bt(const Matrix<T>& a, const Matrix<T>& b, Matrix<T>& out) {
  detail::multiply("matmul_a_bt", view(a), transposed(b), out);
}

template <class T>
Matrix<T> matmul(const Matrix<T>& a, const Matrix<T>& b) {
  Matrix<T> out;
  matmul(a, b, out);
  return out;
}
template <class T>
Matrix<T> matmul_at_b(const Matrix<T>& a, const Matrix<T>& b) {
  Matrix<T> out;
  matmul_at_b(a, b, out);
  return out;
}
template <class T>
Matrix<T> matmul_a_bt(const Matrix<T>& a, const Matrix<T>& b) {
  Matrix<T> out;
  matmul_a_bt(a, b, out);
  return out;
}

}  // namespace nn

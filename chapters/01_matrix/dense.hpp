// A dense layer: every neuron takes the dot product of the input with its weights and adds its bias.
#pragma once

#include "01_matrix/matmul.hpp"

namespace nn {

// [show dense]
// Y = X·W + b:  y[i][j] = sum over k of x[i][k] * w[k][j], plus b[0][j].
// x: batch x in, one example per row; w: in x out, one neuron per column; b: 1 x out; y becomes batch x out.
// Throws ShapeError.
template <class T>
void dense(const Matrix<T>& x, const Matrix<T>& w, const Matrix<T>& b, Matrix<T>& y) {
  if (b.rows() != 1 || b.cols() != w.cols()) {
    throw ShapeError("dense: weights (" + shape(w) + ") need a bias of (1 x " + std::to_string(w.cols()) +
                     "), one number per neuron; got (" + shape(b) + ")");
  }
  // [write dense]
  matmul(x, w, y);
  for (std::size_t i = 0; i < y.rows(); ++i) {
    for (std::size_t j = 0; j < y.cols(); ++j) y(i, j) += b(0, j);
  }
  // [/write]
}
// [/show]

template <class T>
Matrix<T> dense(const Matrix<T>& x, const Matrix<T>& w, const Matrix<T>& b) {
  Matrix<T> y;
  dense(x, w, b, y);
  return y;
}

}  // namespace nn

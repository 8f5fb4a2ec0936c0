// An activation function applied to a whole matrix, entry by entry.
#pragma once

#include "01_matrix/matrix.hpp"

namespace nn {

// y[i][j] = f(x[i][j]).  x: any shape; y becomes the same shape.
template <class T, class F>
void apply(const F& f, const Matrix<T>& x, Matrix<T>& y) {
  y.resize(x.rows(), x.cols());
  for (std::size_t i = 0; i < x.size(); ++i) y.values()[i] = f(x.values()[i]);
}

template <class T, class F>
Matrix<T> apply(const F& f, const Matrix<T>& x) {
  Matrix<T> y;
  apply(f, x, y);
  return y;
}

}  // namespace nn

// Products that leave out the zeros. Four of five pixels of MNIST are 0, and a term 0 * w adds exactly nothing as long as
// w is finite: so the sums keep their bits, and most of the work goes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "01_matrix/matrix.hpp"

namespace nn {

// The numbers of a row that are not 0, and the columns in which they stand, from left to right.
template <class T>
struct SparseRow {
  std::vector<std::uint32_t> columns;
  std::vector<T> numbers;  // as many
};

// Of a whole row. Uses the memory of result again.
template <class T>
void find_nonzero(std::span<const T> row, SparseRow<T>& result) {
  result.columns.clear(), result.numbers.clear();
  for (std::size_t p = 0; p < row.size(); ++p) {
    if (row[p] == T(0)) continue;
    result.columns.push_back(static_cast<std::uint32_t>(p));
    result.numbers.push_back(row[p]);
  }
}

// [show sparse_row_times]
// y = x·W for one example: the sum of the rows of W at the columns of x that are not 0, each times its number, in the
// order of the columns. So y[j] is the sum that matmul_plain forms, without the terms that are 0.
// w: in x width;  y: width numbers.
template <class T>
void sparse_row_times(const SparseRow<T>& x, const Matrix<T>& w, std::span<T> y) {
  // [write sparse_row_times]
  for (T& sum : y) sum = T(0);
  for (std::size_t n = 0; n < x.columns.size(); ++n) {
    const auto row = w.row(x.columns[n]);
    for (std::size_t j = 0; j < y.size(); ++j) y[j] += x.numbers[n] * row[j];
  }
  // [/write]
}
// [/show]

// [show add_sparse_gradient]
// grad += xᵀ·g for one example: dL/dW is the sum of these over the batch. Row p of grad changes only where x[p] is not 0.
// g: d loss / d y, width numbers;  grad: in x width.
template <class T>
void add_sparse_gradient(const SparseRow<T>& x, std::span<const T> g, Matrix<T>& grad) {
  // [write add_sparse_gradient]
  for (std::size_t n = 0; n < x.columns.size(); ++n) {
    const auto row = grad.row(x.columns[n]);
    for (std::size_t j = 0; j < g.size(); ++j) row[j] += x.numbers[n] * g[j];
  }
  // [/write]
}
// [/show]

}  // namespace nn

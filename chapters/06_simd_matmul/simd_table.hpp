// What simd_targets.hpp compiles for one kind of processor, as a table.
#pragma once

#include "01_matrix/current_product.hpp"

namespace nn {

// Rows begin .. end - 1 of out = A·B.
template <class T>
using RowsProduct = void (*)(MatrixView<T> a, MatrixView<T> b, Matrix<T>& out, std::size_t begin,
                             std::size_t end);

template <class T>
struct SimdTable {
  Product<T> simd;
  RowsProduct<T> rows_packed;
  Product<T> fast;
  const char* target;
  bool has_fma;
};

}  // namespace nn

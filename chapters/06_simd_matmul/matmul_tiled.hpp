// New in this step: tiles. The loops over j and k are cut into blocks, so that the block of B that they read is still
// in the cache when the next row of A needs it.
#pragma once

#include "06_simd_matmul/matmul_loop_order.hpp"

namespace nn {

namespace detail {

// A tile of B: 64 x 256 floats, 64 KiB, which fit into the second-level cache together with rows of A and out.
inline constexpr std::size_t kTileInner = 64, kTileCols = 256;

// [show add_tile]
// out[i][j] += sum over k of a[i][k] * b[k][j] for every row i, j_begin <= j < j_end, k_begin <= k < k_end;
// the rows of b are contiguous.
template <class T>
void add_tile(MatrixView<T> a, MatrixView<T> b, Matrix<T>& out, std::size_t j_begin, std::size_t j_end,
              std::size_t k_begin, std::size_t k_end) {
  // [write add_tile]
  for (std::size_t i = 0; i < out.rows(); ++i) {
    T* out_row = out.row(i).data();
    for (std::size_t k = k_begin; k < k_end; ++k) {
      const T factor = a(i, k);
      const T* b_row = b.data + k * b.row_stride;
      for (std::size_t j = j_begin; j < j_end; ++j) out_row[j] += factor * b_row[j];
    }
  }
  // [/write]
}
// [/show]

}  // namespace detail

// out = A·B, tile by tile. For the same columns the tiles come in the order of k, so every entry gets the same
// additions in the same order as in matmul_plain: the same bits.
template <class T>
void matmul_tiled(MatrixView<T> a, MatrixView<T> b, Matrix<T>& out) {
  thread_local Matrix<T> buffer;
  const MatrixView<T> rows_of_b = detail::with_contiguous_rows(b, buffer);
  out.fill(T(0));
  for (std::size_t j = 0; j < out.cols(); j += detail::kTileCols) {
    const std::size_t j_end = std::min(j + detail::kTileCols, out.cols());
    for (std::size_t k = 0; k < a.cols(); k += detail::kTileInner) {
      const std::size_t k_end = std::min(k + detail::kTileInner, a.cols());
      detail::add_tile(a, rows_of_b, out, j, j_end, k, k_end);
    }
  }
}

}  // namespace nn

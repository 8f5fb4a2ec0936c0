// How matmul_fast.cpp copies: the columns of b packed, transposed or not, and a with padding where its columns would evict
// each other from the cache.
// (No #pragma once: matmul_fast.cpp includes this file once for every SIMD target.)
#include <algorithm>
#include <hwy/cache_control.h>
#include <hwy/highway.h>

#include "01_matrix/matrix.hpp"

HWY_BEFORE_NAMESPACE();
namespace nn::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// [show pack_rows]
// packed[k][c] = b[k][c] for the columns of b, zeros from there to width: pack_columns of matmul_packed.hpp, a vector
// at a time. b: inner x at most width, its rows contiguous. The last vector of a row is read over the row's end,
// where the next row stands, and what is too much made 0; only at the end of b it is read number by number.
template <class T>
void pack_rows(MatrixView<T> b, std::size_t width, T* packed) {
  const hn::ScalableTag<T> d;
  const std::size_t lanes = hn::Lanes(d), size = b.rows() == 0 ? 0 : (b.rows() - 1) * b.row_stride + b.cols();
  for (std::size_t k = 0; k < b.rows(); ++k, packed += width) {
    for (std::size_t c = 0; c < width; c += lanes) {
      const T* from = b.data + k * b.row_stride + c;
      const std::size_t left = c < b.cols() ? std::min(b.cols() - c, lanes) : 0;
      if (left == lanes) {
        hn::StoreU(hn::LoadU(d, from), d, packed + c);
      } else if (k * b.row_stride + c + lanes <= size) {
        hn::StoreU(hn::IfThenElseZero(hn::FirstN(d, left), hn::LoadU(d, from)), d, packed + c);
      } else {
        for (std::size_t i = 0; i < lanes; ++i) packed[c + i] = i < left ? from[i] : T(0);
      }
    }
  }
}
// [/show]

#if HWY_TARGET != HWY_SCALAR
// Transposes a square of 4 x 4 whose columns are contiguous in b into packed, where its rows are: two rounds of
// interleaving, in registers.
//   a0 a1 a2 a3           a0 c0 a1 c1           a0 b0 c0 d0
//   b0 b1 b2 b3    ->     b0 d0 b1 d1    ->     a1 b1 c1 d1
//   ...                   ...                   ...
inline void transpose_square(const float* b, std::size_t col_stride, std::size_t width, float* packed) {
  const hn::CappedTag<float, 4> d;
  const auto a0 = hn::LoadU(d, b), b0 = hn::LoadU(d, b + col_stride), c0 = hn::LoadU(d, b + 2 * col_stride),
             d0 = hn::LoadU(d, b + 3 * col_stride);
  const auto low_ac = hn::InterleaveLower(d, a0, c0), low_bd = hn::InterleaveLower(d, b0, d0);
  const auto high_ac = hn::InterleaveUpper(d, a0, c0), high_bd = hn::InterleaveUpper(d, b0, d0);
  hn::StoreU(hn::InterleaveLower(d, low_ac, low_bd), d, packed);
  hn::StoreU(hn::InterleaveUpper(d, low_ac, low_bd), d, packed + width);
  hn::StoreU(hn::InterleaveLower(d, high_ac, high_bd), d, packed + 2 * width);
  hn::StoreU(hn::InterleaveUpper(d, high_ac, high_bd), d, packed + 3 * width);
}

// Rows k_begin .. k_end - 1, at least four of them, of four columns. The last square may overlap the one before.
inline void transpose_columns(MatrixView<float> b, std::size_t c, std::size_t k_begin, std::size_t k_end,
                              std::size_t width, float* packed) {
  if (k_begin + 32 < b.rows()) {
    for (std::size_t i = 0; i < 4; ++i) hwy::Prefetch(&b(k_begin + 32, c + i));
  }
  for (std::size_t k = k_begin; k < k_end; k += 4) {
    const std::size_t from = std::min(k, k_end - 4);
    transpose_square(&b(from, c), b.col_stride, width, packed + from * width + c);
  }
}
#endif

// The same where the columns of b are contiguous, not its rows. Sixteen rows at a time, a cache line of each column.
template <class T>
void pack_transposed(MatrixView<T> b, std::size_t width, T* packed) {
  std::size_t c = 0;
#if HWY_TARGET != HWY_SCALAR
  if constexpr (sizeof(T) == 4) {
    const std::size_t squares = b.rows() < 4 ? 0 : b.cols() / 4;
    for (std::size_t k = 0; k < b.rows(); k += 16) {
      const std::size_t end = std::min(k + 16, b.rows()),
                        begin = std::min(k, end - std::min<std::size_t>(end, 4));
      for (c = 0; c < 4 * squares; c += 4) transpose_columns(b, c, begin, end, width, packed);
    }
  }
#endif
  for (; c < width; ++c) {
    for (std::size_t k = 0; k < b.rows(); ++k) packed[k * width + c] = c < b.cols() ? b(k, c) : T(0);
  }
}

// Whether entries one stride apart conflict: a multiple of 2 KiB maps all of them to the same few sets of the first-level
// cache, where they evict each other.
template <class T>
bool has_conflicts(const MatrixView<T>& m) {
  return std::max(m.row_stride, m.col_stride) * sizeof(T) % 2048 == 0;
}

// A copy of m, whose columns are contiguous, with padding between them.
template <class T>
MatrixView<T> copy_with_padding(MatrixView<T> m) {
  thread_local AlignedBuffer<T> buffer;
  constexpr std::size_t kPadding = kAlignment / sizeof(T);
  const std::size_t stride = m.rows() % (2 * kPadding) == 0 ? m.rows() + kPadding : m.rows();
  if (buffer.size() < m.cols() * stride) buffer.resize(m.cols() * stride);
  for (std::size_t k = 0; k < m.cols(); ++k)
    std::copy_n(m.data + k * m.col_stride, m.rows(), buffer.data() + k * stride);
  return {buffer.data(), m.rows(), m.cols(), 1, stride};
}

}  // namespace nn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

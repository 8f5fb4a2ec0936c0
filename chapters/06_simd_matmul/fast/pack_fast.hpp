// How matmul_fast.cpp copies: the columns of b packed, transposed or not, and a with padding where its columns would evict
// each other from the cache.
// (No #pragma once: matmul_fast.cpp includes this file once for every SIMD target.)
#include <algorithm>
#include <hwy/cache_control.h>
#include <hwy/highway.h>

#include "01_matrix/matrix_view.hpp"

HWY_BEFORE_NAMESPACE();
namespace nn::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// [show pack_rows]
// packed[k][c] = b[k][c] for the columns of b, zeros from there to width: pack_columns of matmul_packed.hpp, a vector
// at a time. b: inner x at most width, its rows contiguous. The last vector of a row also reads the start of the
// next row, and those lanes are set to 0; only at the end of b the numbers are copied one by one.
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
// Entries k .. k + 3 of every fourth column, one column after the other in a vector.
template <class D>
HWY_INLINE hn::Vec<D> load_four_rows(D d, const float* const* columns, std::size_t k) {
  if constexpr (hn::MaxLanes(D()) == 4) {
    return hn::LoadU(d, columns[0] + k);
  } else {
    const hn::Half<D> half;
    return hn::Combine(d, load_four_rows(half, columns + hn::MaxLanes(half), k),
                       load_four_rows(half, columns, k));
  }
}

// Rows k .. k + 3 of as many columns as a vector has lanes, whose entries are contiguous, into packed, where those of a row
// are: squares of 4 x 4, side by side in a vector, are transposed by two rounds of interleaving.
//   a0 a1 a2 a3           a0 c0 a1 c1           a0 b0 c0 d0
//   b0 b1 b2 b3    ->     b0 d0 b1 d1    ->     a1 b1 c1 d1
//   ...                   ...                   ...
template <class D>
HWY_INLINE void transpose_four_rows(D d, const float* const* columns, std::size_t k, std::size_t width,
                                    float* packed) {
  const auto a = load_four_rows(d, columns, k), b = load_four_rows(d, columns + 1, k),
             c = load_four_rows(d, columns + 2, k), e = load_four_rows(d, columns + 3, k);
  const auto low_ac = hn::InterleaveLower(d, a, c), low_be = hn::InterleaveLower(d, b, e);
  const auto high_ac = hn::InterleaveUpper(d, a, c), high_be = hn::InterleaveUpper(d, b, e);
  hn::StoreU(hn::InterleaveLower(d, low_ac, low_be), d, packed);
  hn::StoreU(hn::InterleaveUpper(d, low_ac, low_be), d, packed + width);
  hn::StoreU(hn::InterleaveLower(d, high_ac, high_be), d, packed + 2 * width);
  hn::StoreU(hn::InterleaveUpper(d, high_ac, high_be), d, packed + 3 * width);
}

// pack_transposed for at least four rows. Beyond the last column of b it is repeated: the sums that it leads to are never
// used.
inline void pack_in_squares(MatrixView<float> b, std::size_t width, float* packed) {
  const hn::ScalableTag<float> d;
  constexpr std::size_t kLanes = hn::MaxLanes(hn::ScalableTag<float>());
  for (std::size_t c = 0; c < width; c += kLanes) {
    const float* columns[kLanes];
    for (std::size_t i = 0; i < kLanes; ++i) columns[i] = &b(0, std::min(c + i, b.cols() - 1));
    for (std::size_t k = 0; k < b.rows(); k += 4) {
      const std::size_t from = std::min(k, b.rows() - 4);  // the last squares may overlap those before
      transpose_four_rows(d, columns, from, width, packed + from * width + c);
    }
  }
}
#endif

// The same where the columns of b are contiguous, not its rows.
template <class T>
void pack_transposed(MatrixView<T> b, std::size_t width, T* packed) {
#if HWY_TARGET != HWY_SCALAR
  if constexpr (sizeof(T) == 4) {
    if (b.rows() >= 4) return pack_in_squares(b, width, packed);
  }
#endif
  for (std::size_t c = 0; c < width; ++c) {
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

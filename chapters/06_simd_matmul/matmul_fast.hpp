// The product that the classifier uses: the ideas of the rungs before, with the sizes and the splitting chosen
// by the shapes at hand.
// (No #pragma once: simd_targets.hpp has this file compiled once for every kind of processor.)
#include <algorithm>
#include <array>
#include <hwy/cache_control.h>
#include <hwy/highway.h>
#include <utility>

#include "01_matrix/current_product.hpp"
#include "06_simd_matmul/pack_fast.hpp"
#include "common/parallel/thread_pool.hpp"

HWY_BEFORE_NAMESPACE();
namespace nn::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// Rows of the micro-kernel's block at most; it is two vectors wide. All of its sums must fit into the registers, and two
// vectors of b and one factor of a beside them: 14 * 2 + 3 of 32 registers, 6 * 2 + 3 of 16.
// Vectors of 64 bytes come with 32 registers, and so does 64-bit Arm.
#if HWY_MAX_BYTES >= 64 || HWY_ARCH_ARM_A64
inline constexpr std::size_t kMostRows = 14;
#else
inline constexpr std::size_t kMostRows = 6;
#endif

// The same for rows of a that are a multiple of 512 bytes apart: they meet in the few places where a cache can keep them,
// often eight. (Measured on squares of 512 and 1024 and on 784 x 128 over 128: 3 to 4% faster than 14; where the rows
// do not meet, on 128 x 800 over 784, 14 are 3% faster.)
inline constexpr std::size_t kMostMeetingRows = std::min<std::size_t>(kMostRows, 8);

// What a thread does at a time: some columns of out, at most two vectors of them, for some rows.
template <class T>
struct Strip {
  MatrixView<T> a;  // the rows
  const T* b = {};  // the columns, row k at b + k * b_stride: packed, or where they stand
  std::size_t b_stride = 0;
  bool fetch_next = false;  // the next strip's columns stand beside these ones
  T* out = {};
  std::size_t out_stride = 0;
  std::size_t cols = 0;
};

// [show block]
// The micro-kernel: kRows rows, kVectors vectors of columns. The sums of a block and what they take are all that the
// loop over k knows, so that it all stays in registers.
// fetch_next: asks for the next strip's columns meanwhile, which may be far away; a processor guesses that a straight walk
// goes on, but not this.
// kTurned: the columns of a are contiguous, not its rows; known beforehand, it saves the kernel the multiplications.
template <std::size_t kRows, std::size_t kVectors, bool kTurned, class T>
HWY_INLINE void block(const Strip<T>& s, const T* a, T* out, std::size_t out_stride, bool fetch_next) {
  const hn::ScalableTag<T> d;
  const std::size_t lanes = hn::Lanes(d);
  const std::size_t row_stride = kTurned ? 1 : s.a.row_stride, col_stride = kTurned ? s.a.col_stride : 1;
  hn::Vec<decltype(d)> sums[kRows][kVectors], factors[kVectors];
  for (auto& row : sums) {
    for (auto& sum : row) sum = hn::Zero(d);
  }
  const T *b = s.b, *ahead = b + kVectors * lanes;
  const std::size_t ahead_stride = fetch_next ? s.b_stride : 0;
  for (std::size_t k = s.a.col_count; k > 0; --k, a += col_stride, b += s.b_stride, ahead += ahead_stride) {
    for (std::size_t v = 0; v < kVectors; ++v) hwy::Prefetch(ahead + v * lanes);
    for (std::size_t v = 0; v < kVectors; ++v) factors[v] = hn::LoadU(d, b + v * lanes);
    for (std::size_t r = 0; r < kRows; ++r) {
      const auto same = hn::Set(d, a[r * row_stride]);
      for (std::size_t v = 0; v < kVectors; ++v) sums[r][v] = hn::MulAdd(same, factors[v], sums[r][v]);
    }
  }
  for (std::size_t r = 0; r < kRows; ++r) {
    for (std::size_t v = 0; v < kVectors; ++v) hn::StoreU(sums[r][v], d, out + r * out_stride + v * lanes);
  }
}
// [/show]

// Where a block is wider than what is left of out, it goes into a tile first; this copies its columns from there.
template <class T>
void copy_columns(const T* tile, std::size_t width, std::size_t rows, std::size_t cols, T* out,
                  std::size_t out_stride) {
  const hn::ScalableTag<T> d;
  const std::size_t lanes = hn::Lanes(d);
  for (std::size_t r = 0; r < rows; ++r, tile += width, out += out_stride) {
    std::size_t c = 0;
    for (; c + lanes <= cols; c += lanes) hn::StoreU(hn::Load(d, tile + c), d, out + c);
    if (c < cols) hn::BlendedStore(hn::Load(d, tile + c), hn::FirstN(d, cols - c), d, out + c);
  }
}

// `count` blocks one under the other. One call for many: a call costs as much as a short sum.
template <std::size_t kRows, std::size_t kVectors, bool kTurned, class T>
HWY_NOINLINE void blocks(const Strip<T>& s, std::size_t first_row, std::size_t count) {
  const std::size_t width = kVectors * hn::Lanes(hn::ScalableTag<T>());
  const T* a = s.a.data + first_row * s.a.row_stride;
  T* out = s.out + first_row * s.out_stride;
  if (s.cols == width) {
    for (; count > 0; --count, a += kRows * s.a.row_stride, out += kRows * s.out_stride)
      block<kRows, kVectors, kTurned>(s, a, out, s.out_stride, s.fetch_next && a == s.a.data);
    return;
  }
  HWY_ALIGN T tile[kRows * kVectors * HWY_MAX_BYTES / sizeof(T)];
  for (; count > 0; --count, a += kRows * s.a.row_stride, out += kRows * s.out_stride) {
    block<kRows, kVectors, kTurned>(s, a, tile, width, false);
    copy_columns(tile, width, kRows, s.cols, out, s.out_stride);
  }
}

template <class T>
using Blocks = void (*)(const Strip<T>& s, std::size_t first_row, std::size_t count);

// blocks for every number of rows, 1 .. kMostRows, at index rows - 1.
template <std::size_t kVectors, bool kTurned, class T, std::size_t... kRowsLessOne>
constexpr std::array<Blocks<T>, kMostRows> blocks_of_rows(std::index_sequence<kRowsLessOne...>) {
  return {blocks<kRowsLessOne + 1, kVectors, kTurned, T>...};
}

// All rows of a strip, in blocks of nearly equal height: 64 rows are 4 x 13 and 12, not 4 x 14 and 8.
template <std::size_t kVectors, bool kTurned, class T>
void run_blocks(const Strip<T>& s) {
  static constexpr auto kOfRows = blocks_of_rows<kVectors, kTurned, T>(std::make_index_sequence<kMostRows>());
  const bool meet = s.a.row_stride * sizeof(T) % 512 == 0;
  const std::size_t most = meet ? kMostMeetingRows : kMostRows, count = (s.a.row_count + most - 1) / most;
  const std::size_t low = s.a.row_count / count, high_count = s.a.row_count % count;
  if (high_count > 0) kOfRows[low](s, 0, high_count);
  kOfRows[low - 1](s, high_count * (low + 1), count - high_count);
}

template <class T>
void run(const Strip<T>& s) {
  const bool turned = s.a.col_stride != 1;
  if (s.cols <= hn::Lanes(hn::ScalableTag<T>()))
    return turned ? run_blocks<1, true>(s) : run_blocks<1, false>(s);
  turned ? run_blocks<2, true>(s) : run_blocks<2, false>(s);
}

template <class T>
MatrixView<T> rows_of(MatrixView<T> m, std::size_t begin, std::size_t end) {
  return {m.data + begin * m.row_stride, end - begin, m.col_count, m.row_stride, m.col_stride};
}
template <class T>
MatrixView<T> columns_of(MatrixView<T> m, std::size_t begin, std::size_t end) {
  return {m.data + begin * m.col_stride, m.row_count, end - begin, m.row_stride, m.col_stride};
}

// Numbers of a that are worked on before the next rows get their turn: 512 KiB of floats, half of a usual second
// cache. Numbers of b that are packed at a time: 4 MiB.
inline constexpr std::size_t kRowsNumbers = 128 * 1024, kPackedNumbers = 1024 * 1024;

// The columns of b that a strip reads: where they stand, if that is as good, else packed.
template <class T>
void take_columns(MatrixView<T> b, std::size_t width, bool pack_again, T* packed, Strip<T>& s) {
  const bool as_they_stand =
      b.col_stride == 1 && b.cols() == width && (!collides(b) || s.a.row_count <= 2 * kMostRows);
  s.b = as_they_stand ? b.data : packed;
  s.b_stride = as_they_stand ? b.row_stride : width;
  s.fetch_next = as_they_stand;
  if (as_they_stand || !pack_again) return;
  if (b.col_stride == 1) {
    pack_rows(b, width, packed);
  } else {
    pack_turned(b, width, packed);
  }
}

// out = A·B on one thread, for columns of b whose packed form fits into kPackedNumbers; out: the first entry.
template <class T>
void multiply_columns(MatrixView<T> a, MatrixView<T> b, T* out, std::size_t out_stride) {
  thread_local AlignedBuffer<T> packed;
  const std::size_t lanes = hn::Lanes(hn::ScalableTag<T>());
  const std::size_t size = b.rows() * ((b.cols() + 2 * lanes - 1) / (2 * lanes) * 2 * lanes);
  if (packed.size() < size) packed.resize(size);
  // No part without a row: one long row alone may exceed kRowsNumbers.
  const std::size_t parts = std::min(a.rows() * a.cols() / kRowsNumbers + 1, a.rows());
  for (std::size_t part = 0; part < parts; ++part) {
    const std::size_t begin = a.rows() * part / parts, end = a.rows() * (part + 1) / parts;
    Strip<T> s{.a = rows_of(a, begin, end)};
    if (a.col_stride != 1 && collides(a) && b.cols() >= 4 * lanes) s.a = spread(s.a);
    for (std::size_t j = 0; j < b.cols(); j += s.cols) {
      s.cols = std::min(b.cols() - j, 2 * lanes);
      const std::size_t width = s.cols <= lanes ? lanes : 2 * lanes;
      take_columns(columns_of(b, j, j + s.cols), width, part == 0, packed.data() + j * b.rows(), s);
      s.out = out + begin * out_stride + j, s.out_stride = out_stride;
      run(s);
    }
  }
}

// [show matmul_fast]
// out = A·B. A thread that has some of the rows packs all of b; one that has some of the columns, whole vectors each, reads
// all of a. So the longer side is shared out: the rows as long as b is small, the columns if there are enough of them.
// A thread that looks for work all the time takes it up in about half a microsecond.
template <class T>
void matmul_fast(MatrixView<T> a, MatrixView<T> b, Matrix<T>& out) {
  if (out.size() == 0) return;
  constexpr std::size_t kWorthwhile = 40'000;  // multiplications a thread should get at least
  const std::size_t lanes = hn::Lanes(hn::ScalableTag<T>()), vectors = (out.cols() + lanes - 1) / lanes;
  const std::size_t inner = std::max<std::size_t>(a.cols(), 1), stride = out.cols();
  const std::size_t most = std::max(kPackedNumbers / inner / (2 * lanes), std::size_t{1}) * 2 * lanes;
  const bool small_b = b.rows() * b.cols() <= kRowsNumbers;
  const bool by_rows = (out.rows() >= stride && small_b) || vectors < 2 * thread_count();
  const auto multiply = [&](MatrixView<T> some_rows, std::size_t begin, std::size_t end, T* to) {
    for (std::size_t j = begin; j < end; j += most)
      multiply_columns(some_rows, columns_of(b, j, std::min(j + most, end)), to + j, stride);
  };
  if (by_rows) {
    parallel_for(out.rows(), kWorthwhile / (inner * stride) + 1, [&](std::size_t begin, std::size_t end) {
      multiply(rows_of(a, begin, end), 0, stride, out.row(begin).data());
    });
  } else {
    parallel_for(vectors, kWorthwhile / (out.rows() * inner * lanes) + 1,
                 [&](std::size_t begin, std::size_t end) {
                   multiply(a, begin * lanes, std::min(end * lanes, stride), out.data());
                 });
  }
}
// [/show]

}  // namespace nn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

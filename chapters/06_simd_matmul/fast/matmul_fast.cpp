// The product that the classifier uses: the ideas of the earlier steps, with tile sizes and the split among threads
// chosen by shape.
#include <algorithm>
#include <array>
#include <utility>

#include "06_simd_matmul/fast/cache_size.hpp"
#include "06_simd_matmul/simd_products.hpp"
#include "common/parallel/thread_pool.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "06_simd_matmul/fast/matmul_fast.cpp"
#include <hwy/cache_control.h>
#include <hwy/foreach_target.h>  // before highway.h: includes this file once for every other target
#include <hwy/highway.h>

#include "06_simd_matmul/fast/pack_fast.hpp"

HWY_BEFORE_NAMESPACE();
namespace nn::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// Rows of the micro-kernel's tile at most; it is two vectors wide. All of its sums must fit into the registers, and two
// vectors of b and one factor of a beside them: 14 * 2 + 3 of 32 registers, 6 * 2 + 3 of 16.
// Vectors of 64 bytes come with 32 registers, and so does 64-bit Arm.
#if HWY_MAX_BYTES >= 64 || HWY_ARCH_ARM_A64
inline constexpr std::size_t kMaxRows = 14;
#else
inline constexpr std::size_t kMaxRows = 6;
#endif

// The same for rows of a that are a multiple of 512 bytes apart: they conflict, since all of them map to a few sets of the
// first-level cache, which often hold eight lines each. (Measured on squares of 512 and 1024 and on 784 x 128 over 128: 3 to
// 4% faster than 14; where the rows do not conflict, on 128 x 800 over 784, 14 are 3% faster.)
inline constexpr std::size_t kMaxConflictingRows = std::min<std::size_t>(kMaxRows, 8);

// What a thread does at a time: some columns of out, at most two vectors of them, for some rows.
template <class T>
struct Strip {
  MatrixView<T> a;  // the rows
  const T* b = {};  // the columns, row k at b + k * b_stride: packed, or in place
  std::size_t b_stride = 0;
  bool fetch_next = false;  // the next strip's columns are beside these
  T* out = {};
  std::size_t out_stride = 0;
  std::size_t cols = 0;
  bool resumes = false;  // out holds the sums over the blocks of k before
};

// [show micro_kernel]
// The micro-kernel: a tile of kRows rows and kVectors vectors of columns. Its sums and their factors are all that the loop
// over k uses, so that all of it stays in registers.
// fetch_next: prefetches the next strip's columns meanwhile, which may be far away; the processor predicts that a sequential
// access continues, but not this jump.
// kTransposed: the columns of a are contiguous, not its rows; a stride of 1 known at compile time saves multiplications.
// kResumes: the sums go on from those in out instead of from 0: bit for bit as if they had never left the registers.
template <std::size_t kRows, std::size_t kVectors, bool kTransposed, bool kResumes, class T>
HWY_INLINE void micro_kernel(const Strip<T>& s, const T* a, T* out, std::size_t out_stride, bool fetch_next) {
  const hn::ScalableTag<T> d;
  const std::size_t lanes = hn::Lanes(d);
  const std::size_t row_stride = kTransposed ? 1 : s.a.row_stride,
                    col_stride = kTransposed ? s.a.col_stride : 1;
  hn::Vec<decltype(d)> sums[kRows][kVectors], factors[kVectors];
  for (std::size_t r = 0; r < kRows; ++r) {
    for (std::size_t v = 0; v < kVectors; ++v)
      sums[r][v] = kResumes ? hn::LoadU(d, out + r * out_stride + v * lanes) : hn::Zero(d);
  }
  const T *b = s.b, *ahead = b + kVectors * lanes;
  const std::size_t ahead_stride = fetch_next ? s.b_stride : 0;
  for (std::size_t k = s.a.col_count; k > 0; --k, a += col_stride, b += s.b_stride, ahead += ahead_stride) {
    for (std::size_t v = 0; v < kVectors; ++v) hwy::Prefetch(ahead + v * lanes);
    for (std::size_t v = 0; v < kVectors; ++v) factors[v] = hn::LoadU(d, b + v * lanes);
    for (std::size_t r = 0; r < kRows; ++r) {
      const auto broadcast = hn::Set(d, a[r * row_stride]);
      for (std::size_t v = 0; v < kVectors; ++v) sums[r][v] = hn::MulAdd(broadcast, factors[v], sums[r][v]);
    }
  }
  for (std::size_t r = 0; r < kRows; ++r) {
    for (std::size_t v = 0; v < kVectors; ++v) hn::StoreU(sums[r][v], d, out + r * out_stride + v * lanes);
  }
}
// [/show]

// Where a tile is wider than what is left of out, it is computed into a buffer first; this copies its columns from there.
template <class T>
void copy_columns(const T* buffer, std::size_t width, std::size_t rows, std::size_t cols, T* out,
                  std::size_t out_stride) {
  const hn::ScalableTag<T> d;
  const std::size_t lanes = hn::Lanes(d);
  for (std::size_t r = 0; r < rows; ++r, buffer += width, out += out_stride) {
    std::size_t c = 0;
    for (; c + lanes <= cols; c += lanes) hn::StoreU(hn::Load(d, buffer + c), d, out + c);
    if (c < cols) hn::BlendedStore(hn::Load(d, buffer + c), hn::FirstN(d, cols - c), d, out + c);
  }
}

// `count` tiles one below the other. One call for many: a call costs as much as a short sum.
template <std::size_t kRows, std::size_t kVectors, bool kTransposed, bool kResumes, class T>
HWY_NOINLINE void compute_tiles(const Strip<T>& s, std::size_t first_row, std::size_t count) {
  const std::size_t width = kVectors * hn::Lanes(hn::ScalableTag<T>());
  const T* a = s.a.data + first_row * s.a.row_stride;
  T* out = s.out + first_row * s.out_stride;
  if (s.cols == width) {
    for (; count > 0; --count, a += kRows * s.a.row_stride, out += kRows * s.out_stride)
      micro_kernel<kRows, kVectors, kTransposed, kResumes>(s, a, out, s.out_stride,
                                                           s.fetch_next && a == s.a.data);
    return;
  }
  HWY_ALIGN T buffer[kRows * kVectors * HWY_MAX_BYTES / sizeof(T)];
  for (; count > 0; --count, a += kRows * s.a.row_stride, out += kRows * s.out_stride) {
    for (std::size_t r = 0; kResumes && r < kRows; ++r)
      std::copy_n(out + r * s.out_stride, s.cols, buffer + r * width);
    micro_kernel<kRows, kVectors, kTransposed, kResumes>(s, a, buffer, width, false);
    copy_columns(buffer, width, kRows, s.cols, out, s.out_stride);
  }
}

template <class T>
using ComputeTiles = void (*)(const Strip<T>& s, std::size_t first_row, std::size_t count);

// compute_tiles for every number of rows, 1 .. kMaxRows, at index rows - 1.
template <std::size_t kVectors, bool kTransposed, bool kResumes, class T, std::size_t... kRowsLessOne>
constexpr std::array<ComputeTiles<T>, kMaxRows> compute_tiles_of_rows(std::index_sequence<kRowsLessOne...>) {
  return {compute_tiles<kRowsLessOne + 1, kVectors, kTransposed, kResumes, T>...};
}

// All rows of a strip, in tiles of nearly equal height: 64 rows are 4 x 13 and 12, not 4 x 14 and 8.
template <std::size_t kVectors, bool kTransposed, bool kResumes, class T>
void compute_strip_in_vectors(const Strip<T>& s) {
  static constexpr auto kOfRows =
      compute_tiles_of_rows<kVectors, kTransposed, kResumes, T>(std::make_index_sequence<kMaxRows>());
  const bool conflict = s.a.row_stride * sizeof(T) % 512 == 0;
  const std::size_t most = conflict ? kMaxConflictingRows : kMaxRows,
                    count = (s.a.row_count + most - 1) / most;
  const std::size_t low = s.a.row_count / count, high_count = s.a.row_count % count;
  if (high_count > 0) kOfRows[low](s, 0, high_count);
  kOfRows[low - 1](s, high_count * (low + 1), count - high_count);
}

template <std::size_t kVectors, bool kTransposed, class T>
void compute_strip_in_vectors(const Strip<T>& s) {
  s.resumes ? compute_strip_in_vectors<kVectors, kTransposed, true>(s)
            : compute_strip_in_vectors<kVectors, kTransposed, false>(s);
}

template <class T>
void compute_strip(const Strip<T>& s) {
  const bool transposed = s.a.col_stride != 1;
  if (s.cols <= hn::Lanes(hn::ScalableTag<T>()))
    return transposed ? compute_strip_in_vectors<1, true>(s) : compute_strip_in_vectors<1, false>(s);
  transposed ? compute_strip_in_vectors<2, true>(s) : compute_strip_in_vectors<2, false>(s);
}

template <class T>
MatrixView<T> rows_of(MatrixView<T> m, std::size_t begin, std::size_t end) {
  return {m.data + begin * m.row_stride, end - begin, m.col_count, m.row_stride, m.col_stride};
}
template <class T>
MatrixView<T> columns_of(MatrixView<T> m, std::size_t begin, std::size_t end) {
  return {m.data + begin * m.col_stride, m.row_count, end - begin, m.row_stride, m.col_stride};
}

// Numbers of b that are packed at a time: 4 MiB of floats.
inline constexpr std::size_t kPackedNumbers = 1024 * 1024;

// The columns of b that a strip reads: in place, if that is as good for so many rows of a, otherwise packed. pack_again: they are
// not in `packed` yet.
template <class T>
void take_columns(MatrixView<T> b, std::size_t width, std::size_t rows, bool pack_again, T* packed,
                  Strip<T>& s) {
  const bool in_place = b.col_stride == 1 && b.cols() == width && (!has_conflicts(b) || rows <= 2 * kMaxRows);
  s.b = in_place ? b.data : packed;
  s.b_stride = in_place ? b.row_stride : width;
  s.fetch_next = in_place;
  if (in_place || !pack_again) return;
  if (b.col_stride == 1) {
    pack_rows(b, width, packed);
  } else {
    pack_transposed(b, width, packed);
  }
}

// out = A·B on one thread, or out += A·B if the sums resume, for a block of k and for columns of b whose packed form fits
// into kPackedNumbers; out: the first entry. The rows of a go in parts of half the second-level cache, since every strip
// reads them again; no part without a row.
template <class T>
void multiply_block(MatrixView<T> a, MatrixView<T> b, T* out, std::size_t out_stride, bool resumes) {
  thread_local AlignedBuffer<T> packed;
  const std::size_t lanes = hn::Lanes(hn::ScalableTag<T>());
  const std::size_t size = b.rows() * ((b.cols() + 2 * lanes - 1) / (2 * lanes) * 2 * lanes);
  if (packed.size() < size) packed.resize(size);
  const std::size_t part_size = second_level_cache() / 2 / sizeof(T);
  const std::size_t parts = std::min(a.rows() * a.cols() / part_size + 1, a.rows());
  for (std::size_t part = 0; part < parts; ++part) {
    const std::size_t begin = a.rows() * part / parts, end = a.rows() * (part + 1) / parts;
    Strip<T> s{.a = rows_of(a, begin, end), .out_stride = out_stride, .resumes = resumes};
    if (a.col_stride != 1 && has_conflicts(a) && b.cols() >= 4 * lanes) s.a = copy_with_padding(s.a);
    for (std::size_t j = 0; j < b.cols(); j += s.cols) {
      s.cols = std::min(b.cols() - j, 2 * lanes);
      const std::size_t width = s.cols <= lanes ? lanes : 2 * lanes;
      take_columns(columns_of(b, j, j + s.cols), width, a.rows(), part == 0, packed.data() + j * b.rows(), s);
      s.out = out + begin * out_stride + j;
      compute_strip(s);
    }
  }
}

// out = A·B on one thread; out: the first entry. A long inner dimension goes in blocks of about 1024 (where the second-level
// cache has 1 MiB): else a strip of b and the rows of a that share it would not fit into that cache. The blocks come in the
// order of k, and between two of them the sums wait in out, where nothing is rounded: no bit changes.
template <class T>
void multiply(MatrixView<T> a, MatrixView<T> b, T* out, std::size_t out_stride) {
  const std::size_t inner = a.cols(), most = second_level_cache() / 256 / sizeof(T);
  const std::size_t blocks = std::max<std::size_t>((inner + most - 1) / most, 1);
  const std::size_t width = 2 * hn::Lanes(hn::ScalableTag<T>()),
                    most_cols = kPackedNumbers / most / width * width;
  for (std::size_t block = 0; block < blocks; ++block) {
    const std::size_t begin = inner * block / blocks, end = inner * (block + 1) / blocks;
    for (std::size_t j = 0; j < b.cols(); j += most_cols) {
      const std::size_t j_end = std::min(j + most_cols, b.cols());
      multiply_block(columns_of(a, begin, end), rows_of(columns_of(b, j, j_end), begin, end), out + j,
                     out_stride, block > 0);
    }
  }
}

// out in parts, one for each thread: so many rows of parts, and so many parts in each.
struct Grid {
  std::size_t rows = 1, cols = 1;
};

// A thread gets at least one tile of rows, one strip of columns and enough multiplications to be worth waking: one that looks
// for work all the time takes it up in about half a microsecond. All parts of the same columns pack the same part of b, all
// parts of the same rows read the same part of a. So out is split by columns first, but by rows if it has more of them and b
// is small.
template <class T>
Grid grid_for(std::size_t rows, std::size_t inner, std::size_t cols) {
  constexpr std::size_t kMinWorkPerThread = 60'000;  // multiplications
  const std::size_t most =
      std::clamp<std::size_t>(rows * inner * cols / kMinWorkPerThread, 1, thread_count());
  const std::size_t most_rows = std::max<std::size_t>(rows / kMaxRows, 1);
  const std::size_t most_cols = std::max<std::size_t>(cols / (2 * hn::Lanes(hn::ScalableTag<T>())), 1);
  const bool small_b = inner * cols * sizeof(T) <= second_level_cache() / 2;
  Grid grid;
  if (rows >= cols && small_b) {
    grid.rows = std::min(most, most_rows);
    grid.cols = std::min(most / grid.rows, most_cols);
  } else {
    grid.cols = std::min(most, most_cols);
    grid.rows = std::min(most / grid.cols, most_rows);
  }
  return grid;
}

// [show matmul_fast]
// out = A·B, split into parts with one thread each. All parts but the last have whole vectors of columns.
template <class T>
void matmul_fast(MatrixView<T> a, MatrixView<T> b, Matrix<T>& out) {
  if (out.size() == 0) return;
  const Grid grid = grid_for<T>(out.rows(), a.cols(), out.cols());
  const std::size_t lanes = hn::Lanes(hn::ScalableTag<T>()), vectors = (out.cols() + lanes - 1) / lanes;
  parallel_for(grid.rows * grid.cols, 1, [&](std::size_t part, std::size_t end) {
    for (; part < end; ++part) {
      const std::size_t row = part / grid.cols, col = part % grid.cols;
      const std::size_t i = out.rows() * row / grid.rows, i_end = out.rows() * (row + 1) / grid.rows;
      const std::size_t j = vectors * col / grid.cols * lanes,
                        j_end = std::min(vectors * (col + 1) / grid.cols * lanes, out.cols());
      multiply(rows_of(a, i, i_end), columns_of(b, j, j_end), &out(i, j), out.cols());
    }
  });
}
// [/show]

// HWY_EXPORT takes functions, not templates.
void fast_float(MatrixView<float> a, MatrixView<float> b, Matrix<float>& out) {
  HWY_NAMESPACE::matmul_fast(a, b, out);
}
void fast_double(MatrixView<double> a, MatrixView<double> b, Matrix<double>& out) {
  HWY_NAMESPACE::matmul_fast(a, b, out);
}

}  // namespace nn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace nn {

HWY_EXPORT(fast_float);
HWY_EXPORT(fast_double);

template <class T>
void matmul_fast(MatrixView<T> a, MatrixView<T> b, Matrix<T>& out) {
  if constexpr (sizeof(T) == sizeof(float)) {
    HWY_DYNAMIC_DISPATCH(fast_float)(a, b, out);
  } else {
    HWY_DYNAMIC_DISPATCH(fast_double)(a, b, out);
  }
}
template void matmul_fast(MatrixView<float>, MatrixView<float>, Matrix<float>&);
template void matmul_fast(MatrixView<double>, MatrixView<double>, Matrix<double>&);

}  // namespace nn
#endif

// What is new: the rows of the result are shared out among threads.
#pragma once

#include "06_simd_matmul/matmul_loop_order.hpp"
#include "common/thread_pool.hpp"

namespace nn {

// [show matmul_threads]
// out = A·B. A row of the result depends on no other, so the bits are the same for any number of threads;
// a split over k would add in another order. Waking a thread costs some microseconds: a small product stays
// on one.
template <class T>
void matmul_threads(MatrixView<T> a, MatrixView<T> b, Matrix<T>& out) {
  constexpr std::size_t kWorthwhile = 200'000;  // multiplications a thread should get at least
  thread_local Matrix<T> buffer;
  const MatrixView<T> rows_of_b = detail::with_contiguous_rows(b, buffer);
  const std::size_t per_row = std::max<std::size_t>(a.cols() * out.cols(), 1);
  parallel_for(out.rows(), kWorthwhile / per_row + 1, [&](std::size_t begin, std::size_t end) {
    detail::rows_in_loop_order(a, rows_of_b, out, begin, end);
  });
}
// [/show]

}  // namespace nn

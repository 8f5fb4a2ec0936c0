// What is new: threads. The rows of the result are split among them.
#pragma once

#include "06_simd_matmul/simd_products.hpp"
#include "common/parallel/thread_pool.hpp"

namespace nn {

// [show matmul_threads]
// out = A·B. A row of the result depends on no other, so the bits are the same for any number of threads;
// a split over k would add in another order. Each thread packs for itself, so that none waits for another.
// Waking a thread costs some microseconds: a small product stays on one.
template <class T>
void matmul_threads(MatrixView<T> a, MatrixView<T> b, Matrix<T>& out) {
  constexpr std::size_t kMinWorkPerThread = 500'000;  // multiplications a thread should get at least
  // [write matmul_threads]
  const std::size_t per_row = std::max<std::size_t>(a.cols() * out.cols(), 1);
  parallel_for(out.rows(), kMinWorkPerThread / per_row + 1,
               [&](std::size_t begin, std::size_t end) { rows_packed(a, b, out, begin, end); });
  // [/write]
}
// [/show]

}  // namespace nn

// New in this step: threads. The rows of the result are split among them.
#pragma once

#include "06_simd_matmul/simd_products.hpp"
#include "common/parallel/thread_pool.hpp"

namespace nn {

// [show matmul_threads]
// out = A·B. The rows of the result are independent, so the bits are the same for any number of threads; a split over k
// would add in another order. Each thread packs its own copy of b, so that no thread waits for another.
// Waking a thread costs some microseconds, so a small product runs on one thread.
template <class T>
void matmul_threads(MatrixView<T> a, MatrixView<T> b, Matrix<T>& out) {
  constexpr std::size_t kMinWorkPerThread = 500'000;  // multiplications
  // [write matmul_threads]
  const std::size_t per_row = std::max<std::size_t>(a.cols() * out.cols(), 1);
  parallel_for(out.rows(), kMinWorkPerThread / per_row + 1,
               [&](std::size_t begin, std::size_t end) { rows_packed(a, b, out, begin, end); });
  // [/write]
}
// [/show]

}  // namespace nn

// What a step does to whole matrices, entry by entry: each in one pass over memory, and distributed among the threads.
#pragma once

#include <algorithm>
#include <cstddef>

#include "01_matrix/argmax.hpp"
#include "01_matrix/matrix.hpp"
#include "01_matrix/scalar.hpp"
#include "03_softmax/row_sum.hpp"
#include "09_fast_training/bias_relu.hpp"
#include "09_fast_training/kernels/adam_update.hpp"
#include "common/parallel/thread_pool.hpp"

namespace nn {

// Numbers that a thread should get at least, for work that takes about a cycle each.
inline constexpr std::size_t kMinNumbersPerThread = 8'000;
inline constexpr std::size_t kNumbersPerLine = kAlignment / sizeof(float);  // of a cache line

// work(begin, end) for ranges of rows of about kMinNumbersPerThread numbers and more.
template <class Work>
void for_rows(const Matrix<float>& m, const Work& work) {
  parallel_for(m.rows(), kMinNumbersPerThread / std::max<std::size_t>(m.cols(), 1) + 1, work);
}

// work(begin, end) for ranges of whole cache lines of the numbers first .. last - 1, first on a cache line; cost: cycles a
// number.
template <class Work>
void for_lines(std::size_t first, std::size_t last, std::size_t cost, const Work& work) {
  const std::size_t lines = (last - first + kNumbersPerLine - 1) / kNumbersPerLine;
  parallel_for(lines, kMinNumbersPerThread / (std::max<std::size_t>(cost, 1) * kNumbersPerLine) + 1,
               [&](std::size_t begin, std::size_t end) {
                 work(first + begin * kNumbersPerLine, std::min(first + end * kNumbersPerLine, last));
               });
}

// y = y + b for one example, and its ReLU if there is one.
inline void add_bias(std::span<float> y, std::span<const float> b, bool relu) {
  if (relu) return add_bias_and_relu(y, b);
  for (std::size_t j = 0; j < y.size(); ++j) y[j] += b[j];
}

// The same for a batch. y: batch x width; b: 1 x width.
inline void add_bias(Matrix<float>& y, const Matrix<float>& bias, bool relu) {
  for_rows(y, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) add_bias(y.row(i), bias.row(0), relu);
  });
}

// Of one example: z becomes d loss / d z / batch; returns the loss. As cross_entropy_with_gradient computes them.
inline float loss_of_row(std::span<float> z, std::size_t label, float batch) {
  const std::size_t top = argmax(std::span<const float>(z));
  const float most = z[top], gap = most - z[label];
  float others = 0;
  for (std::size_t k = 0; k < z.size(); ++k) {
    z[k] = exp(z[k] - most);
    if (k != top) others += z[k];
  }
  const float sum = row_sum<float>(z);
  for (float& value : z) value /= sum;
  z[label] = 0;
  z[label] -= row_sum<float>(z);
  for (float& value : z) value /= batch;
  return gap + log1p(others);
}

// Columns begin .. end - 1 of grad = relu'(x) * grad, where y = relu(x), and of sums = the column sums of the result;
// without y only the sums. grad, y: batch x width; sums: 1 x width.
inline void mask_and_add_up(const Matrix<float>* y, Matrix<float>& grad, Matrix<float>& sums,
                            std::size_t begin, std::size_t end) {
  float* sum = sums.data();
  for (std::size_t j = begin; j < end; ++j) sum[j] = 0;
  for (std::size_t i = 0; i < grad.rows(); ++i) {
    float* g = grad.row(i).data();
    if (y != nullptr) {
      const float* out = y->row(i).data();
      for (std::size_t j = begin; j < end; ++j) g[j] = (out[j] > 0 ? 1.0f : 0.0f) * g[j];
    }
    for (std::size_t j = begin; j < end; ++j) sum[j] += g[j];
  }
}

// The same for all columns. A thread gets whole columns, since a sum has an order.
inline void mask_and_add_up(const Matrix<float>* y, Matrix<float>& grad, Matrix<float>& sums) {
  for_lines(0, grad.cols(), grad.rows(),
            [&](std::size_t begin, std::size_t end) { mask_and_add_up(y, grad, sums, begin, end); });
}

// The update of a whole tensor.
inline void update_all(const SliceUpdate& update, const ParameterSlice<float>& tensor) {
  for_lines(0, tensor.size(), 1, [&](std::size_t begin, std::size_t end) {
    update(tensor.range(begin, end - begin), end - begin < tensor.size());
  });
}

}  // namespace nn

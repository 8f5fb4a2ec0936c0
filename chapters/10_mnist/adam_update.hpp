// Adam's step (chapter 07), many weights at a time.
#pragma once

#include <cstddef>

#include "07_training/optimizer.hpp"

namespace nn {

// A tensor at work: weights, gradient, and what the optimizer remembers of each weight: nothing (nullptr), a velocity,
// or means of the gradient and of its square. Each begins on a cache line.
struct TensorAtWork {
  float* w = nullptr;
  const float* g = nullptr;
  float *first = nullptr, *second = nullptr;
};

namespace detail {
// The factors of Adam::step: w -= rate * m / (sqrt(v) + small), where rest1 = 1 - beta1.
struct AdamNumbers {
  float rate, beta1, rest1, beta2, rest2, small;
};
}  // namespace detail

// Moves the weights begin .. end - 1 as adam.step() does, to the last bit; adam has counted the step already.
// begin: at the beginning of a cache line.
// shared: the other weights are for other threads. All threads have read all weights then, and each core has copies of
// them; a core that writes what others have copies of must wait, line by line, until they have thrown them away. That
// takes longer than the computation. So the new weights go past the caches to memory, which nobody waits for.
void adam_update(const Adam<float>& adam, float learning_rate, const TensorAtWork& tensor, std::size_t begin,
                 std::size_t end, bool shared);

}  // namespace nn

// Adam's update (chapter 07), many weights at a time.
#pragma once

#include "07_training/optimizer.hpp"

namespace nn {

namespace detail {
// The factors of Adam::update: w -= rate * m / (sqrt(v) + small).
struct AdamFactors {
  float rate, beta1, one_minus_beta1, beta2, one_minus_beta2, small;
};
}  // namespace detail

// Does what adam.update() does, to the last bit. The slice begins on a cache line.
// shared: the rest of the tensor is for other threads. All threads have read all weights then, and each core has copies
// of them; a core that writes what others have copies of must wait, line by line, until they have thrown them away. That
// takes longer than the computation. So the new weights go past the caches to memory, which nobody waits for.
void adam_update(const Adam<float>& adam, const ParameterSlice<float>& slice, float learning_rate,
                 bool shared);

}  // namespace nn

// Adam's update (chapter 07), many weights at a time.
#pragma once

#include <optional>

#include "07_training/optimizer.hpp"

namespace nn {

// The factors of Adam::update: w -= rate * m / (sqrt(v) + small).
struct AdamFactors {
  float rate, beta1, one_minus_beta1, beta2, one_minus_beta2, small;
};
AdamFactors adam_factors(const Adam<float>& adam, float learning_rate);

// Does what Adam::update does, to the last bit. The slice begins on a cache line.
// shared: the rest of the tensor is for other threads. All threads have read all weights then, and each core has copies
// of them; a core that writes what others have copies of must wait, line by line, until they have thrown them away. That
// takes longer than the computation. So the new weights go past the caches to memory, which nobody waits for.
void adam_update(const AdamFactors& factors, const ParameterSlice<float>& slice, bool shared);

// The update of one step, for slices of any optimizer: Adam's by adam_update, every other one's by its own update.
class SliceUpdate {
 public:
  // The step is begun: optimizer.begin_step has counted it.
  SliceUpdate(const Optimizer<float>& optimizer, float learning_rate);
  void operator()(const ParameterSlice<float>& slice, bool shared) const;

 private:
  const Optimizer<float>& optimizer_;
  float learning_rate_;
  std::optional<AdamFactors> adam_;
};

}  // namespace nn

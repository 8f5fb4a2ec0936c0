#include "09_fast_training/adam_update.hpp"

#include <cmath>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "09_fast_training/adam_update_targets.hpp"
#include <hwy/foreach_target.h>

#include "09_fast_training/adam_update_targets.hpp"

namespace nn {

HWY_EXPORT(update_weights);

void adam_update(const Adam<float>& adam, const ParameterSlice<float>& slice, float learning_rate,
                 bool shared) {
  const auto [beta1, beta2, epsilon] = adam.options();
  const float root = std::sqrt(adam.bias_correction2());
  const detail::AdamFactors factors = {.rate = learning_rate * root / adam.bias_correction1(),
                                       .beta1 = static_cast<float>(beta1),
                                       .one_minus_beta1 = static_cast<float>(1 - beta1),
                                       .beta2 = static_cast<float>(beta2),
                                       .one_minus_beta2 = static_cast<float>(1 - beta2),
                                       .small = static_cast<float>(epsilon) * root};
  HWY_DYNAMIC_DISPATCH(update_weights)(factors, slice, shared);
}

}  // namespace nn

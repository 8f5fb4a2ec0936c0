#include "10_mnist/adam_update.hpp"

#include <cmath>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "10_mnist/adam_update_targets.hpp"
#include <hwy/foreach_target.h>

#include "10_mnist/adam_update_targets.hpp"

namespace nn {

HWY_EXPORT(move_weights);

void adam_update(const Adam<float>& adam, float learning_rate, const TensorAtWork& tensor, std::size_t begin,
                 std::size_t end, bool shared) {
  const auto [beta1, beta2, epsilon] = adam.options();
  const float root_share = std::sqrt(adam.square_share());
  const detail::AdamNumbers numbers = {.rate = learning_rate * root_share / adam.mean_share(),
                                       .beta1 = static_cast<float>(beta1),
                                       .rest1 = static_cast<float>(1 - beta1),
                                       .beta2 = static_cast<float>(beta2),
                                       .rest2 = static_cast<float>(1 - beta2),
                                       .small = static_cast<float>(epsilon) * root_share};
  HWY_DYNAMIC_DISPATCH(move_weights)(numbers, tensor, begin, end, shared);
}

}  // namespace nn

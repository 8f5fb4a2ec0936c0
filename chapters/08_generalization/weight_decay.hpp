// Decoupled weight decay: every step shrinks the weights a little, whatever the optimizer does.
#pragma once

#include <vector>

#include "05_backprop/layer.hpp"

namespace nn {

// Whether the tensor is a bias: "bias", "0.bias", ...
template <class T>
bool is_bias(const Parameter<T>& p) {
  return p.name.ends_with("bias");
}

// [show decay_weights]
// w -= learning_rate * weight_decay * w  for every weight and no bias; call it right before the optimizer's step.
// With Adam this is AdamW (Loshchilov, Hutter 2019).
template <class T>
void decay_weights(const std::vector<Parameter<T>>& parameters, T learning_rate, T weight_decay) {
  // [write decay_weights]
  const T keep = T(1) - learning_rate * weight_decay;
  for (const Parameter<T>& p : parameters) {
    if (is_bias(p)) continue;
    for (T& w : p.value->values()) w *= keep;
  }
  // [/write]
}
// [/show]

}  // namespace nn

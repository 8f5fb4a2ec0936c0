// Initialization: random weights, of a size that keeps the signals of every layer, and different for every neuron.
#pragma once

#include <cmath>

#include "05_backprop/network.hpp"
#include "common/random.hpp"

namespace nn {

enum class Initialization {
  kHe,      // uniform within sqrt(6 / fan_in): keeps the spread of activations through ReLUs (He et al. 2015)
  kXavier,  // uniform within sqrt(6 / (fan_in + fan_out)): for tanh and sigmoid (Glorot, Bengio 2010)
  kPyTorch  // uniform within 1 / sqrt(fan_in), biases too: what nn.Linear does
};

// [show initial_bound]
// The bound of the uniform distribution. Only a square root: it is exact, so the weights are the same on
// every machine.
inline double initial_bound(Initialization kind, std::size_t fan_in, std::size_t fan_out) {
  // [write initial_bound]
  const double in = static_cast<double>(fan_in), out = static_cast<double>(fan_out);
  if (kind == Initialization::kHe) return std::sqrt(6 / in);
  if (kind == Initialization::kXavier) return std::sqrt(6 / (in + out));
  return 1 / std::sqrt(in);
  // [/write]
}
// [/show]

// Draws all weights, from the first layer on; biases are zero except for kPyTorch. Real scalars only.
template <class T>
void initialize(Network<T>& network, Initialization kind, Random& random) {
  std::size_t fan_in = 0;
  for (const Parameter<T>& p : network.parameters()) {
    const bool is_bias = p.value->rows() == 1 && p.name.ends_with(".bias");
    if (!is_bias) fan_in = p.value->rows();
    if (is_bias && kind != Initialization::kPyTorch) {
      p.value->fill(T(0));
      continue;
    }
    const double bound = initial_bound(kind, fan_in, p.value->cols());
    for (T& value : p.value->values()) value = static_cast<T>(random.uniform(-bound, bound));
  }
}

}  // namespace nn

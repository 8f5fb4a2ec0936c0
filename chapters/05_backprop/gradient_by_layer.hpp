// The size of the gradient in every layer of a deep network.
#pragma once

#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

#include "04_from_logits/cross_entropy.hpp"
#include "05_backprop/network.hpp"
#include "common/random.hpp"

namespace nn {

// Dense layers of the given widths with the activation (Relu<double>, Sigmoid<float>, ...) after each but the last;
// all weights drawn uniformly within sqrt(6 / fan_in), the biases 0. widths: at least two.
template <class Activation, class T>
Network<T> stack_of(const std::vector<std::size_t>& widths, std::uint64_t seed) {
  Network<T> network;
  Random random(seed);
  for (std::size_t i = 0; i + 1 < widths.size(); ++i) {
    if (i > 0) network.template add<Activation>();
    auto& layer = network.template add<Dense<T>>(widths[i], widths[i + 1]);
    const double bound = std::sqrt(6 / static_cast<double>(widths[i]));
    for (T& w : layer.parameters()[0].value->values()) w = static_cast<T>(random.uniform(-bound, bound));
  }
  return network;
}

// The root mean square of the gradient of each weight matrix, from the first layer to the last.
// x: batch x in, to live until the next backward; labels: batch.
template <class T>
std::vector<double> gradient_by_layer(Network<T>& network, const Matrix<T>& x,
                                      std::span<const std::uint8_t> labels) {
  network.backward(cross_entropy_with_gradient(network.forward(x), labels).grad_logits);
  std::vector<double> sizes;
  for (const Parameter<T>& p : network.parameters()) {
    if (!p.name.ends_with("weight")) continue;
    double sum = 0;
    for (const T& g : p.grad->values()) sum += static_cast<double>(g) * static_cast<double>(g);
    sizes.push_back(std::sqrt(sum / static_cast<double>(p.grad->size())));
  }
  return sizes;
}

}  // namespace nn

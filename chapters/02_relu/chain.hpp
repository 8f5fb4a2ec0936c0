// A chain of neurons, each the input of the next: the derivative of the last output with respect to the first input.
#pragma once

#include <vector>

namespace nn {

// Each neuron has one input, weight 1 and bias 0: x, f(x), f(f(x)), ... By the chain rule the derivative of the chain is
// the product of the derivatives along it.  result[n]: the derivative after n neurons, n = 0 .. count.
template <class F, class D>
std::vector<double> chain_slopes(const F& f, const D& derivative, double x, std::size_t count) {
  std::vector<double> slopes = {1};
  for (std::size_t n = 0; n < count; ++n) {
    slopes.push_back(slopes.back() * derivative(x));
    x = f(x);
  }
  return slopes;
}

}  // namespace nn

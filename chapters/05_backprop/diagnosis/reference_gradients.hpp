// Backward once more, slow and plain and apart from every layer's own, and with the mistakes that people make in it:
// what a wrong backward would have said. The diagnosis compares what a backward did say with each.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "05_backprop/network.hpp"

namespace nn {

enum class Mistake {
  kNone,
  kNoLabel,             // the gradient of the logits is p, not p - y
  kNextLabel,           // the 1 of y is one class too far to the right
  kNoMask,              // an activation passes the gradient as if its derivative were 1
  kInvertedMask,        // ... where its derivative is 0, and not where it is 1
  kMaskByGradient,      // ... where the gradient is positive, not where the input is
  kDerivativeAtOutput,  // f'(f(x)) in the place of f'(x)
};

// The gradients of the mean cross-entropy, in the order of network.parameters(); nothing if a layer is neither dense
// (parameters in x out and 1 x out) nor an activation.  x: batch x in; labels: batch.
// only: the examples that contribute, all if it is empty; the mean is over the batch in any case.
// Calls the layers' forward, so that a forward of the network must follow before its backward.
std::optional<std::vector<Matrix<double>>> reference_gradients(Network<double>& network,
                                                               const Matrix<double>& x,
                                                               std::span<const std::uint8_t> labels,
                                                               Mistake mistake,
                                                               std::span<const std::size_t> only = {});

}  // namespace nn

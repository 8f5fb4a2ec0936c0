// The squared error of probabilities, to be compared with cross-entropy: its gradient vanishes for a grave mistake.
#pragma once

#include "02_relu/activations.hpp"

namespace nn {

struct SquaredError {
  double loss, derivative;  // the derivative with respect to the first logit
};

// Two classes with the logits (0, m), label 0. The loss is the mean of (p[j] - y[j])^2 over both classes, and
// p = sigmoid(-m) is the probability of the first, so loss = (p - 1)^2 and its derivative is 2 (p - 1) p (1 - p).
inline SquaredError squared_error_at(double m) {
  const double p = sigmoid(-m), rest = sigmoid(m);
  return {.loss = rest * rest, .derivative = -2 * rest * p * rest};
}

}  // namespace nn

// What is wrong with a backward pass, in words: which common mistake would give exactly these wrong numbers.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "05_backprop/diagnosis/check_subjects.hpp"

namespace nn {

// forward, loss and backward on one batch: afterwards the network's parameters have the gradients that it claims.
using BackwardUnderCheck = std::function<void(Network<double>& network, const Matrix<double>& x,
                                              std::span<const std::uint8_t> labels)>;

struct TensorVerdict {
  TensorCheck check;
  Verdict verdict;
  std::string explanation;  // of wrong numbers, or why none could be compared; empty if they are correct
};

struct Diagnosis {
  std::vector<TensorVerdict> tensors;  // in the order of network.parameters()
  bool correct = true;                 // all of them are correct
  bool wrong = false;                  // one of them is wrong; neither if some could not be compared
  std::string explanation;             // for the whole: a sentence or two that a beginner can act on
};

// Checks every parameter of a network against measured derivatives, and where they differ tests what would explain it.
// x: batch x in; labels: batch. A batch of 3 or more different examples distinguishes most mistakes.
Diagnosis diagnose(Network<double>& network, const Matrix<double>& x, std::span<const std::uint8_t> labels,
                   const BackwardUnderCheck& backward, const GradientCheckOptions& options = {});

// The course's own loss and the network's own backward.
void usual_backward(Network<double>& network, const Matrix<double>& x, std::span<const std::uint8_t> labels);

}  // namespace nn

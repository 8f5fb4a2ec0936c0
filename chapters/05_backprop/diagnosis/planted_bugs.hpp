// Backward with a bug in it, on purpose: for tests of the gradient check, and to practice on (digits gradcheck --plant).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "04_from_logits/cross_entropy.hpp"
#include "05_backprop/network.hpp"

namespace nn {

enum class Bug {
  kMissingMean,
  kMeanTwice,
  kSign,
  kNoLabel,
  kNextLabel,
  kNoMask,
  kInvertedMask,
  kMaskByGradient,
  kTransposed,
  kBiasNotSummed,
  kBiasMean,
  kBiasForgotten,
  kSecondExample,
  kLastExample,
  kLeftOver,
  kBlocked,
  kDoubled,
};

struct PlantedBug {
  Bug bug;
  std::string name;    // for --plant
  std::string breaks;  // what it does, in a sentence
};

const std::vector<PlantedBug>& planted_bugs();
// Throws std::invalid_argument that lists the names.
const PlantedBug& planted_bug_named(std::string_view name);

// As make_network, with the bug in every dense layer or every ReLU, if that is where it lives.
Network<double> make_network_with(Bug bug, const std::vector<std::size_t>& widths);

// forward, loss and backward on one batch, with the bug in the loss's gradient if that is where it lives.
// x: batch x in, to live until the next backward; labels: batch.
void backward_with(Bug bug, Network<double>& network, const Matrix<double>& x,
                   std::span<const std::uint8_t> labels);

}  // namespace nn

// What the course's explaining gradient check says of the layers as they are: with ./learn check 5 these are the
// reader's own, and a failed property is followed by the mistake that would give just these wrong numbers.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "05_backprop/diagnosis/diagnosis.hpp"
#include "inputs/test_networks.hpp"

namespace nn {

// Three dense layers with ReLU between them, on six examples; no two sizes are alike, so that no two products have one
// shape. Throws what the layers throw.
inline std::string gradient_verdict() {
  Network<double> network = make_network<double>({8, 7, 5, 4});
  fill(network, 1);
  const Matrix<double> x = random_matrix<double>(6, 8, 2);
  return diagnose(network, x, std::vector<std::uint8_t>{3, 0, 1, 2, 2, 1}, usual_backward).explanation;
}

// For the message of a check that failed. Nothing while another part of the chapter is unwritten or throws.
inline std::string checker_says() {
  try {
    return "\nthe gradient checker says: " + gradient_verdict();
  } catch (const std::exception&) {
    return "";
  }
}

}  // namespace nn

// The tiny network of chapter 01, differentiated once for all.
#pragma once

#include <vector>

#include "05_backprop/tiny_network.hpp"
#include "inputs/matrices.hpp"

namespace nn {

template <class T>
Network<T> tiny_network() {
  return tiny::network<T>();
}

// The loss of its two examples and the slope along each parameter: differences of the loss, computed with 40
// digits, without any backward (tests/data/reference_numbers.py).
inline constexpr double kTinyLoss = 2.1770758644978236;
inline const std::vector<Matrix<double>> kTinyGradients{
    {{-0.27252484319953527, -0.7107759018787385, 0.5}, {-0.13626242159976763, 2.0783554665079506, -1.0}},
    {{-0.13626242159976763, 1.1048580995290226, -0.5}},
    {{-0.27252484319953527, 0.26762315414986234, 0.004901689049672921},
     {-0.24602221017846319, 1.7146178881077182, -1.468595677929255},
     {0.017668422014048049, 0.9646631559719039, -0.98233157798595195}},
    {{-0.12742821059274361, 0.61614315506088312, -0.48871494446813951}}};

}  // namespace nn

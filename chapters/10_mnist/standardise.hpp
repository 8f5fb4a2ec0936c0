// Pixels around 0, for training only: a network learns faster when its inputs have mean 0 and deviation 1 (LeCun et
// al., "Efficient BackProp", 1998). A model is always one for value / 255: what the first layer was given more, it
// takes into its weights.
#pragma once

#include "05_backprop/network.hpp"

namespace nn {

// Of value / 255 over all pixels of MNIST's training images.
inline constexpr float kPixelMean = 0.1307f, kPixelDeviation = 0.3081f;

inline float standardised(float brightness) { return (brightness - kPixelMean) / kPixelDeviation; }

// The first layer, which has learned with standardised pixels s = (x - mean) / deviation, becomes the one that gives
// the same outputs for x:  s·W + b = x·(W / deviation) + (b - mean / deviation * column sums of W).
void take_in_standardisation(Network<float>& network);
// And back, to go on learning.
void give_back_standardisation(Network<float>& network);

}  // namespace nn

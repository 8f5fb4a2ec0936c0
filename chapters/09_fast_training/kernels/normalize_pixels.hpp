// Pixels as the numbers that a network takes, many at a time.
#pragma once

#include <cstddef>
#include <cstdint>

#include "07_training/input_transform.hpp"

namespace nn {

// out[i] = input(pixels[i] / 255), to the last bit what gather computes for one pixel after the other.
void normalize_pixels(const std::uint8_t* pixels, std::size_t count, const InputTransform& input, float* out);

}  // namespace nn

// Pixels as the numbers that a network gets, many at a time.
#pragma once

#include <cstddef>
#include <cstdint>

namespace nn {

// out[i] = pixels[i] / 255, standardised (standardise.hpp) if asked for; to the last bit what gather and standardised
// make of one pixel after the other.
void brightness(const std::uint8_t* pixels, std::size_t count, bool standardise, float* out);

}  // namespace nn

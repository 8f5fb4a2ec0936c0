// A picture of one digit from a file, as the network wants it.
#pragma once

#include <string>

#include "common/files/image.hpp"

namespace nn::digits {

// White on black, 28 x 28 for a network of 784 inputs. Throws Error for another size, and for a picture whose
// outermost pixels are on average brighter than 127 of 255: that one is black on white.
GrayImage read_digit(const std::string& file, std::size_t network_inputs);

}  // namespace nn::digits

// Pictures of digits from files, as the network wants them.
#pragma once

#include <string>

#include "10_mnist/handwriting/prepare.hpp"

namespace nn::digits {

// A picture that is prepared already: white on black, 28 x 28 for a network of 784 inputs. Throws Error for another size,
// and for a picture whose outermost pixels are on average brighter than 127 of 255: that one is black on white.
GrayImage read_prepared_digit(const std::string& file, std::size_t network_inputs);

struct PictureOfDigits {
  std::string file;
  GrayImage image;
  Preparation preparation;
};

// prepared: the one digit is the picture itself. Throws Error if the file is no picture, or the network does not take
// 28 x 28 pixels; a picture without digits is none.
PictureOfDigits read_digits(const std::string& file, std::size_t network_inputs, bool prepared,
                            const StepRecorder& record = {});

}  // namespace nn::digits

#include "picture.hpp"

#include <fmt/format.h>

#include "common/error.hpp"

namespace nn::digits {
namespace {

// The mean brightness of the outermost pixels.
double border_brightness(const GrayImage& image) {
  double sum = 0;
  std::size_t count = 0;
  for (std::size_t r = 0; r < image.height; ++r) {
    for (std::size_t c = 0; c < image.width; ++c) {
      if (r != 0 && c != 0 && r + 1 != image.height && c + 1 != image.width) continue;
      sum += image.pixels[r * image.width + c];
      ++count;
    }
  }
  return sum / static_cast<double>(count);
}

}  // namespace

GrayImage read_digit(const std::string& file, std::size_t network_inputs) {
  GrayImage image = read_gray_image(file);
  const bool fits = image.height == image.width && image.height * image.width == network_inputs;
  if (!fits && network_inputs == 784) {
    throw Error(fmt::format(
        "{}: is {} x {} pixels, expected 28 x 28: scale it so that the digit fills the middle 20 x 20", file,
        image.width, image.height));
  }
  if (!fits) {
    throw Error(fmt::format("{}: is {} x {} pixels, the model takes {} in a square", file, image.width,
                            image.height, network_inputs));
  }
  if (border_brightness(image) > 127) {
    throw Error(file +
                ": its border is bright; expected a white digit on a black ground: invert the picture");
  }
  return image;
}

}  // namespace nn::digits

#include "picture.hpp"

#include <fmt/format.h>

#include "10_mnist/like_mnist.hpp"
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

GrayImage read_prepared_digit(const std::string& file, std::size_t network_inputs) {
  GrayImage image = read_gray_image(file);
  const bool fits = image.height == image.width && image.height * image.width == network_inputs;
  if (!fits && network_inputs == 784) {
    throw Error(
        fmt::format("{}: is {} x {} pixels, and --prepared takes 28 x 28; without it, any picture is read",
                    file, image.width, image.height));
  }
  if (!fits) {
    throw Error(fmt::format("{}: is {} x {} pixels, the model takes {} in a square", file, image.width,
                            image.height, network_inputs));
  }
  if (border_brightness(image) > 127) {
    throw Error(
        file +
        ": its border is bright, and --prepared takes a white digit on black; without it, any is read");
  }
  return image;
}

PictureOfDigits read_digits(const std::string& file, std::size_t network_inputs, bool prepared,
                            const StepRecorder& record) {
  if (prepared) {
    const GrayImage image = read_prepared_digit(file, network_inputs);
    return {file, image, {{{{0, 0, image.width, image.height}, image}}}};
  }
  if (network_inputs != kDigitSide * kDigitSide) {
    throw Error(fmt::format("the model takes {} pixels, and digits are prepared as 28 x 28: use --prepared",
                            network_inputs));
  }
  const GrayImage image = read_gray_image(file);
  return {file, image, prepare_digits(image, {.record = record})};
}

}  // namespace nn::digits

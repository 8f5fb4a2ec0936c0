// MNIST's digits as if somebody had written them on paper and taken a photo: a seeded generator of test pictures. It
// shares no code with the preparation that it tests.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "common/random.hpp"

namespace nn::rendering {

// One picture of height x width pixels, red, green and blue of each.
struct Photo {
  std::size_t height = 0, width = 0;
  std::vector<std::uint8_t> rgb = {};
};

using Color = std::array<double, 3>;  // what of red, green and blue light is thrown back, 0 to 1

// Everything that a photo is like.
struct Style {
  std::size_t height = 600, width = 600;
  double digit_share = 0.6;               // the 28 x 28 square's side, of the picture's shorter side
  double across = 0, down = 0;            // where its middle is off the picture's, in shares of its sides
  double pen = 0;                         // the strokes' width as a share of the digit; 0: as in MNIST
  double rotation = 0;                    // degrees
  double tilt_across = 0, tilt_down = 0;  // perspective: by how much the size changes over the picture
  Color paper{1, 1, 1}, ink{0.12, 0.12, 0.14};
  double light = 0.95, shadow = 0;          // on the brighter side; what of it is missing on the darker one
  double light_angle = 0;                   // from where, radians
  double line_spacing = 0, line_width = 0;  // of ruled paper, as shares of the digit; 0: not ruled
  bool squared = false;
  Color lines{0.6, 0.7, 0.85};
  double noise = 0;  // standard deviation, of 255
  double blur = 0;   // standard deviation, pixels
  int quality = 90;  // of the JPEG
};

inline const std::array<const char*, 16> kKinds = {
    "plain",   "thin pen", "thick pen", "rotated", "perspective", "shaded",  "gray paper", "noise",
    "blurred", "JPEG 40",  "ruled",     "squared", "blue ink",    "red ink", "dark mode",  "all together"};

// A style of that kind, by chance; "all together" has a little of everything.
Style random_style(const std::string& kind, Random& random);

// digit: 28 x 28, as in MNIST.
Photo render(std::span<const std::uint8_t> digit, const Style& style, Random& random);

// The bytes of a JPEG file.
std::vector<std::uint8_t> as_jpeg(const Photo& photo, int quality);

}  // namespace nn::rendering

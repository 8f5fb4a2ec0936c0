#include "10_mnist/handwriting/strip.hpp"

#include <algorithm>

#include "10_mnist/like_mnist.hpp"

namespace nn {
namespace {

constexpr std::size_t kTile = 140, kGap = 6;

// What is around the digit in a step's picture of the whole.
Picture around_digit(const Picture& picture, const GrayImage& image, const Box& box) {
  const std::size_t margin = std::max(box.width, box.height) / 5 + 1;
  const auto begin = [&](std::size_t at, std::size_t from, std::size_t to) {
    return std::min((at - std::min(at, margin)) * to / from, to - 1);
  };
  const auto length = [&](std::size_t begin_at, std::size_t end, std::size_t from, std::size_t to) {
    return std::clamp<std::size_t>((end + margin) * to / from, begin_at + 1, to) - begin_at;
  };
  const std::size_t left = begin(box.left, image.width, picture.cols());
  const std::size_t top = begin(box.top, image.height, picture.rows());
  return crop(picture, {left, top, length(left, box.right(), image.width, picture.cols()),
                        length(top, box.bottom(), image.height, picture.rows())});
}

// In the middle of a gray tile, as large as it fits; large pixels stay pixels.
void add_tile(Picture& strip, std::size_t left, const Picture& picture) {
  const double scale =
      static_cast<double>(kTile) / static_cast<double>(std::max(picture.rows(), picture.cols()));
  const auto side = [&](std::size_t length) {
    return std::clamp<std::size_t>(static_cast<std::size_t>(scale * static_cast<double>(length) + 0.5), 1,
                                   kTile);
  };
  const Picture tile = area_average(picture, side(picture.rows()), side(picture.cols()));
  const std::size_t top = (kTile - tile.rows()) / 2, inset = (kTile - tile.cols()) / 2;
  for (std::size_t r = 0; r < tile.rows(); ++r) {
    for (std::size_t c = 0; c < tile.cols(); ++c) strip(top + r, left + inset + c) = tile(r, c);
  }
}

}  // namespace

GrayImage StepPictures::strip(const GrayImage& image, const Box& box, int digit) const {
  std::vector<Picture> tiles;
  for (const Step& step : steps_) {
    if (step.digit == digit) tiles.push_back(step.picture);
    if (step.digit < 0) tiles.push_back(around_digit(step.picture, image, box));
  }
  Picture result(kTile, tiles.size() * (kTile + kGap) - kGap, 0.5f);
  for (std::size_t i = 0; i < tiles.size(); ++i) add_tile(result, i * (kTile + kGap), tiles[i]);
  return to_image(result);
}

}  // namespace nn

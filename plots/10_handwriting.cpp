// Chapter 10: the steps from a photo of a handwritten digit to what the network was trained on.
#include <algorithm>
#include <fmt/format.h>

#include "10_mnist/handwriting/prepare.hpp"
#include "10_mnist/handwriting/stroke_width.hpp"
#include "10_mnist/like_mnist.hpp"
#include "common/data/mnist.hpp"
#include "common/error.hpp"
#include "common/random.hpp"
#include "plot.hpp"

namespace nn::plots {
namespace {

constexpr int kTile = 168, kGap = 16, kColumns = 4, kTop = 118, kRow = kTile + 52;
constexpr std::size_t kPhoto = 336, kFine = 56;  // pixels of the photo, and of a step's picture in the figure

// A digit of the sample as if written with a thin pen on ruled paper, the light falling from the left.
GrayImage thin_digit_on_ruled_paper() {
  constexpr std::size_t kDigit = 210, kLeft = 70, kTopOfDigit = 62, kSpacing = 84, kLine = 2, kImage = 15;
  const Mnist mnist = load_mnist_sample();
  const auto pixels = mnist.test.image(kImage);
  const Picture large = enlarge(to_picture({28, 28, {pixels.begin(), pixels.end()}}), kDigit, kDigit);
  Mask mask(kDigit, kDigit);
  for (std::size_t i = 0; i < mask.size(); ++i) mask.values()[i] = large.values()[i] > 0.5f;
  const Picture thin = change_stroke_width(mask, -8.5f);
  Random random(1);
  Picture photo(kPhoto, kPhoto);
  for (std::size_t r = 0; r < kPhoto; ++r) {
    for (std::size_t c = 0; c < kPhoto; ++c) {
      const bool on_digit = r >= kTopOfDigit && r < kTopOfDigit + kDigit && c >= kLeft && c < kLeft + kDigit;
      const float ink = on_digit ? thin(r - kTopOfDigit, c - kLeft) : 0;
      const float paper = (r + 40) % kSpacing < kLine ? 0.6f : 0.95f;
      const float light = 1 - 0.6f * static_cast<float>(c) / kPhoto;
      photo(r, c) =
          light * std::min(paper, 1 - 0.85f * ink) + static_cast<float>(random.uniform(-0.02, 0.02));
    }
  }
  return to_image(photo);
}

// What is written below each step's picture, in the order of the steps.
struct Step {
  const char* name;
  const char* title;
  const char* line;
};
constexpr Step kSteps[] = {
    {"gray", "1  the photo", "gray paper, a shadow, lines"},
    {"ink", "2  ink", "1 - gray / paper"},
    {"without lines", "3  no ruled lines", "from edge to edge: no digit"},
    {"threshold", "4  threshold", "black and white"},
    {"digit", "5  one digit", "strokes joined, cropped"},
    {"strokes", "6  stroke width", "as thick as MNIST's"},
    {"scaled", "7  scaled", "longer side: 20 pixels"},
    {"centered", "8  centered", "center of mass in 28 × 28"},
};

// In the middle of its tile; the last two steps have the size that they have within 28 x 28.
Grid grid_of(const Step& step, const Picture& picture, double left, double top) {
  const bool is_small = picture.rows() <= kDigitSide && picture.cols() <= kDigitSide;
  const std::size_t longer = std::max(picture.rows(), picture.cols());
  const auto side = [&](std::size_t length) { return std::max<std::size_t>(1, length * kFine / longer); };
  const Picture shown =
      is_small ? picture : area_average(picture, side(picture.rows()), side(picture.cols()));
  const double cell = static_cast<double>(kTile) / (is_small ? kDigitSide : kFine);
  const GrayImage image = to_image(shown);
  return image_grid(step.name, left + (kTile - cell * static_cast<double>(shown.cols())) / 2,
                    top + (kTile - cell * static_cast<double>(shown.rows())) / 2, cell, image.pixels,
                    shown.cols());
}

std::vector<Figure> make() {
  std::vector<std::pair<std::string, Picture>> recorded;
  prepare_digits(thin_digit_on_ruled_paper(),
                 {.record = [&](const std::string& name, int, const Picture& picture) {
                   recorded.emplace_back(name, picture);
                 }});
  Figure figure{.name = "10_handwriting", .height = kTop + 2 * kRow - 32};
  figure.title = "From a photo to what the network was trained on";
  figure.line = "Each step removes one way in which a photo differs from an image of MNIST.";
  int i = 0;
  for (const Step& step : kSteps) {
    const auto found = std::find_if(recorded.begin(), recorded.end(),
                                    [&](const auto& each) { return each.first == step.name; });
    if (found == recorded.end()) throw Error(fmt::format("no step is called {}", step.name));
    const double left = kCardBorder + i % kColumns * (kTile + kGap), top = kTop + i / kColumns * kRow;
    figure.rectangles.push_back({left, top, kTile, kTile, kFaint});
    figure.grids.push_back(grid_of(step, found->second, left, top));
    figure.texts.push_back({step.title, left, top - 28, kInk, kSmallSize, Align::kLeft, true});
    figure.texts.push_back({step.line, left, top - 12, kQuiet, kSmallSize});
    ++i;
  }
  return {figure};
}

}  // namespace
}  // namespace nn::plots

int main(int argc, char** argv) { return nn::plots::run_plot("10_handwriting", argc, argv, nn::plots::make); }

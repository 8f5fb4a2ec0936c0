// A handwritten 7 as an image, as numbers and as one row; and the ten mean images.
#include <algorithm>
#include <fmt/format.h>

#include "01_matrix/argmax.hpp"
#include "01_matrix/digits_as_matrix.hpp"
#include "01_matrix/nearest_mean.hpp"
#include "common/data/mnist.hpp"
#include "plot.hpp"

namespace nn::plots {
namespace {

// The part of the image that is shown as numbers.
constexpr std::size_t kRow = 5, kColumn = 10, kPart = 12;

Figure seven(const LabeledImages& test) {
  const auto at = std::find(test.labels.begin(), test.labels.end(), 7) - test.labels.begin();
  const auto pixels = test.image(static_cast<std::size_t>(at));
  const std::size_t width = test.width;
  Figure figure{.name = "01_seven", .height = 540};
  figure.title = "An image is a row of 784 numbers";
  figure.line = "A handwritten 7 of 28 × 28 pixels: 0 is black and 255 is white.";
  constexpr double kTop = 92, kPixel = 12, kCell = 28, kRight = 404;
  figure.grids.push_back(image_grid("a 7", kCardBorder, kTop, kPixel, pixels, width));
  Grid part{"part of it", kRight, kTop, kCell, kPart};
  for (std::size_t r = kRow; r < kRow + kPart; ++r) {
    for (std::size_t c = kColumn; c < kColumn + kPart; ++c) {
      const int gray = pixels[r * width + c];
      part.values.push_back(gray / 255.0);
      figure.texts.push_back({std::to_string(gray), kRight + kCell * (static_cast<double>(c - kColumn) + 0.5),
                              kTop + kCell * (static_cast<double>(r - kRow) + 0.5),
                              gray > 127 ? kInk : 0xc4ccd6, 11, Align::kCenter});
    }
  }
  figure.grids.push_back(part);
  // A frame around the part, of four thin images: they lie above the image.
  const double left = kCardBorder + kPixel * kColumn, top = kTop + kPixel * kRow, side = kPixel * kPart;
  for (const auto& [x, y, w, h] :
       {std::array{left, top, side, 2.0}, std::array{left, top + side - 2, side, 2.0},
        std::array{left, top, 2.0, side}, std::array{left + side - 2, top, 2.0, side}}) {
    figure.grids.push_back({"frame", x, y, w, 1, {-1}, Shades::kSigned, 1, h});
  }
  figure.texts.push_back(
      {"the framed part, as the program sees it", kRight, kTop + kCell * kPart + 16, kQuiet});
  Grid row{"all rows, one after another", kCardBorder, 486,
           (kCardWidth - 2.0 * kCardBorder) / static_cast<double>(pixels.size()), pixels.size()};
  for (const int gray : pixels) row.values.push_back(gray / 255.0);
  row.cell_height = 22;
  figure.grids.push_back(row);
  figure.texts.push_back(
      {"its 28 rows, one after another: 784 numbers, one row of the matrix X", kCardBorder, 474, kQuiet});
  return figure;
}

Figure mean_images(const Mnist& mnist) {
  constexpr double kTop = 92, kTile = 132, kStepX = 147, kStepY = 178;
  const std::size_t side = mnist.train.width, width = mnist.train.height * side;
  const auto means =
      class_means(pixels_as_rows<float>(mnist.train.pixels, width), mnist.train.labels, kClasses);
  const auto answers = argmax_rows(nearness(pixels_as_rows<float>(mnist.test.pixels, width), means));
  Figure figure{.name = "01_means", .height = static_cast<int>(kTop + 2 * kStepY)};
  figure.title = "Ten mean images already classify four digits out of five";
  Curve shares{"correct"};
  for (std::size_t digit = 0; digit < kClasses; ++digit) {
    const double left = kCardBorder + kStepX * static_cast<double>(digit % 5),
                 top = kTop + kStepY * static_cast<double>(digit / 5);
    Grid mean{fmt::format("mean of the {}", digit), left, top, kTile / static_cast<double>(side), side};
    for (const float value : means.row(digit)) mean.values.push_back(static_cast<double>(value));
    figure.grids.push_back(mean);
    std::size_t correct = 0, count = 0;
    for (std::size_t i = 0; i < answers.size(); ++i) {
      if (mnist.test.labels[i] != digit) continue;
      ++count, correct += answers[i] == digit;
    }
    const double share = 100.0 * static_cast<double>(correct) / static_cast<double>(count);
    shares.points.push_back({static_cast<double>(digit), share});
    figure.texts.push_back({std::to_string(digit), left, top + kTile + 18, kBlue, 20, Align::kLeft, true});
    figure.texts.push_back({fmt::format("{:.0f}% correct", share), left + kTile, top + kTile + 19, kQuiet,
                            kSmallSize, Align::kRight});
  }
  figure.data = {shares};
  figure.line = fmt::format(
      "Averages of {} training images. An image gets the class of the nearest mean: {:.1f}% of {} correct.",
      grouped(mnist.train.labels.size()), 100 * accuracy(answers, mnist.test.labels),
      grouped(answers.size()));
  return figure;
}

std::vector<Figure> make() {
  const Mnist mnist = load_mnist_sample();
  return {seven(mnist.test), mean_images(mnist)};
}

}  // namespace
}  // namespace nn::plots

int main(int argc, char** argv) { return nn::plots::run_plot("01_matrix", argc, argv, nn::plots::make); }

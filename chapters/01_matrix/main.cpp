// A picture is a row of numbers, a neuron is a column, and one product already reads four digits out of five.
#include <algorithm>
#include <fmt/format.h>

#include "01_matrix/argmax.hpp"
#include "01_matrix/digits_as_matrix.hpp"
#include "01_matrix/nearest_mean.hpp"
#include "01_matrix/tiny_network.hpp"
#include "common/demonstration.hpp"
#include "common/print.hpp"

namespace {

void by_hand() {
  const auto x = nn::tiny::inputs<double>();
  const auto w = nn::tiny::hidden_weights<double>();
  nn::print_matrix("X, one example a row", x);
  nn::print_matrix("W, one neuron a column", w);
  nn::print_matrix("X·W + b", nn::dense(x, w, nn::tiny::hidden_bias<double>()));
}

void nearest_mean(const nn::Mnist& mnist) {
  const std::size_t width = mnist.train.images.height * mnist.train.images.width;
  const auto means = nn::class_means(nn::pixels_as_rows<float>(mnist.train.images.pixels, width),
                                     mnist.train.labels, nn::kClasses);
  const auto scores = nn::nearness(nn::pixels_as_rows<float>(mnist.test.images.pixels, width), means);
  const double right = nn::accuracy(nn::argmax_rows(scores), mnist.test.labels);
  fmt::print("\nThe nearest of ten mean images is right on {}% of {} test images.\n",
             nn::format_number(100 * right, 4), mnist.test.images.count);
}

}  // namespace

int main(int argc, char** argv) {
  return nn::run_demonstration("01_matrix", argc, argv, [](const nn::Mnist& mnist) {
    by_hand();
    const auto seven =
        std::find(mnist.test.labels.begin(), mnist.test.labels.end(), 7) - mnist.test.labels.begin();
    fmt::print("\nA handwritten 7:\n{}",
               nn::image_as_numbers(mnist.test.images.image(seven), mnist.test.images.width));
    nearest_mean(mnist);
  });
}

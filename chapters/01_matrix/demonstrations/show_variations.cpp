// The nearest-mean classifier sees numbers and no shapes: what changes its accuracy, and what it does not even notice.
#include <array>
#include <fmt/format.h>

#include "01_matrix/argmax.hpp"
#include "01_matrix/digits_as_matrix.hpp"
#include "01_matrix/nearest_mean.hpp"
#include "01_matrix/translate.hpp"
#include "common/terminal/demonstration.hpp"
#include "common/terminal/print.hpp"

namespace {

using nn::format_number;
using Images = nn::Matrix<float>;

Images inverted(Images x) {
  for (float& value : x.values()) value = 1 - value;
  return x;
}

// Pixel k comes from position (5 k + 3) mod count: all pixels, in an order in which no person recognizes anything.
Images shuffled(const Images& x) {
  Images result(x.rows(), x.cols());
  for (std::size_t i = 0; i < x.rows(); ++i) {
    for (std::size_t k = 0; k < x.cols(); ++k) result(i, k) = x(i, (5 * k + 3) % x.cols());
  }
  return result;
}

// How often each class is predicted.
std::array<int, nn::kClasses> predictions(std::span<const std::uint8_t> best) {
  std::array<int, nn::kClasses> counts{};
  for (const std::uint8_t digit : best) ++counts[digit];
  return counts;
}

void show(const nn::Mnist& mnist) {
  const std::size_t side = mnist.test.width, width = mnist.test.height * side;
  const auto train = nn::pixels_as_rows<float>(mnist.train.pixels, width);
  const auto test = nn::pixels_as_rows<float>(mnist.test.pixels, width);
  const auto means_of = [&](const Images& x) { return nn::class_means(x, mnist.train.labels, nn::kClasses); };
  const Images means = means_of(train), shifted = nn::translated(test, side, 5, 0);
  nn::Table table({"test images", "accuracy"});
  const auto add = [&](const std::string& what, const Images& scores) {
    table.add({what, format_number(100 * nn::accuracy(nn::argmax_rows(scores), mnist.test.labels), 3) + "%"});
  };
  add("as they are", nn::nearness(test, means));
  add("black on white", nn::nearness(inverted(test), means));
  add("shuffled pixels, in training images too", nn::nearness(shuffled(test), means_of(shuffled(train))));
  add("without the bias in nearness", nn::matmul_a_bt(test, means));
  add("shifted right by 5 pixels", nn::nearness(shifted, means));
  add("shifted right by 5 pixels, then centered", nn::nearness(nn::centered(shifted, side), means));
  table.print();

  nn::Table counts({"class", "with bias", "without bias"});
  const auto with = predictions(nn::argmax_rows(nn::nearness(test, means)));
  const auto without = predictions(nn::argmax_rows(nn::matmul_a_bt(test, means)));
  for (std::size_t digit = 0; digit < nn::kClasses; ++digit) {
    counts.add({std::to_string(digit), std::to_string(with[digit]), std::to_string(without[digit])});
  }
  fmt::print("\nHow often each class is predicted for the {} test images:\n", test.rows());
  counts.print();
}

}  // namespace

int main(int argc, char** argv) { return nn::run_demonstration("01_matrix_variations", argc, argv, show); }

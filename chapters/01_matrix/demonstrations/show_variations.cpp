// A reader of pixels sees numbers and no shapes: what helps it, what harms it and what it does not even notice.
#include <array>
#include <fmt/format.h>

#include "01_matrix/argmax.hpp"
#include "01_matrix/digits_as_matrix.hpp"
#include "01_matrix/move_picture.hpp"
#include "01_matrix/nearest_mean.hpp"
#include "common/terminal/demonstration.hpp"
#include "common/terminal/print.hpp"

namespace {

using nn::format_number;
using Pictures = nn::Matrix<float>;

Pictures inverted(Pictures x) {
  for (float& value : x.values()) value = 1 - value;
  return x;
}

// Pixel k comes from place (5 k + 3) mod count: all of them, in an order in which no person sees anything.
Pictures shuffled(const Pictures& x) {
  Pictures result(x.rows(), x.cols());
  for (std::size_t i = 0; i < x.rows(); ++i) {
    for (std::size_t k = 0; k < x.cols(); ++k) result(i, k) = x(i, (5 * k + 3) % x.cols());
  }
  return result;
}

// How often each digit is the answer.
std::array<int, nn::kClasses> answers(std::span<const std::uint8_t> best) {
  std::array<int, nn::kClasses> counts{};
  for (const std::uint8_t digit : best) ++counts[digit];
  return counts;
}

void show(const nn::Mnist& mnist) {
  const std::size_t side = mnist.test.images.width, width = mnist.test.images.height * side;
  const auto train = nn::pixels_as_rows<float>(mnist.train.images.pixels, width);
  const auto test = nn::pixels_as_rows<float>(mnist.test.images.pixels, width);
  const auto means_of = [&](const Pictures& x) {
    return nn::class_means(x, mnist.train.labels, nn::kClasses);
  };
  const Pictures means = means_of(train), moved = nn::moved(test, side, 5, 0);
  nn::Table table({"the test images", "right"});
  const auto add = [&](const std::string& what, const Pictures& scores) {
    table.add({what, format_number(100 * nn::accuracy(nn::argmax_rows(scores), mnist.test.labels), 3) + "%"});
  };
  add("as they are", nn::nearness(test, means));
  add("black on white", nn::nearness(inverted(test), means));
  add("shuffled pixels, training images too", nn::nearness(shuffled(test), means_of(shuffled(train))));
  add("without the bias in nearness", nn::matmul_a_bt(test, means));
  add("moved right by 5", nn::nearness(moved, means));
  add("moved right by 5, then centred", nn::nearness(nn::centred(moved, side), means));
  table.print();

  nn::Table counts({"answer", "with the bias", "without"});
  const auto with = answers(nn::argmax_rows(nn::nearness(test, means)));
  const auto without = answers(nn::argmax_rows(nn::matmul_a_bt(test, means)));
  for (std::size_t digit = 0; digit < nn::kClasses; ++digit) {
    counts.add({std::to_string(digit), std::to_string(with[digit]), std::to_string(without[digit])});
  }
  fmt::print("\nHow often each answer is given to the {} test images:\n", test.rows());
  counts.print();
}

}  // namespace

int main(int argc, char** argv) { return nn::run_demonstration("01_matrix_variations", argc, argv, show); }

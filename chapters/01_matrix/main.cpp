// A picture is a row of numbers, a neuron is a column, and one product already reads four digits out of five.
#include <algorithm>
#include <fmt/format.h>

#include "01_matrix/argmax.hpp"
#include "01_matrix/digits_as_matrix.hpp"
#include "01_matrix/move_picture.hpp"
#include "01_matrix/nearest_mean.hpp"
#include "01_matrix/tiny_network.hpp"
#include "common/terminal/demonstration.hpp"
#include "common/terminal/print.hpp"

namespace {

using nn::format_number;

void by_hand() {
  const auto x = nn::tiny::inputs<double>();
  const auto w = nn::tiny::hidden_weights<double>();
  nn::print_matrix("X, one example a row", x);
  nn::print_matrix("W, one neuron a column", w);
  nn::print_matrix("X·W", nn::matmul(x, w));
  nn::print_matrix("X·W + b", nn::dense(x, w, nn::tiny::hidden_bias<double>()));
  try {
    nn::matmul(w, x);
  } catch (const nn::ShapeError& error) {
    fmt::print("W·X: {}\n", error.what());
  }
}

void one_picture(const nn::Matrix<float>& x, const nn::Matrix<float>& means) {
  const auto scores = nn::nearness(x, means);
  nn::Table table({"digit", "nearness of the 7"});
  for (std::size_t digit = 0; digit < scores.cols(); ++digit) {
    table.add({std::to_string(digit), format_number(static_cast<double>(scores(0, digit)), 3)});
  }
  fmt::print("\n");
  table.print();
}

}  // namespace

int main(int argc, char** argv) {
  return nn::run_demonstration("01_matrix", argc, argv, [](const nn::Mnist& mnist) {
    by_hand();
    const auto& test = mnist.test;
    const std::size_t side = test.images.width, width = test.images.height * side;
    const auto seven = std::find(test.labels.begin(), test.labels.end(), 7) - test.labels.begin();
    fmt::print("\nA handwritten 7:\n{}", nn::image_as_numbers(test.images.image(seven), side));

    const auto means = nn::class_means(nn::pixels_as_rows<float>(mnist.train.images.pixels, width),
                                       mnist.train.labels, nn::kClasses);
    one_picture(nn::pixels_as_rows<float>(test.images.image(seven), width), means);
    const auto x = nn::pixels_as_rows<float>(test.images.pixels, width);
    const auto percent_right = [&](const nn::Matrix<float>& pictures) {
      return 100 * nn::accuracy(nn::argmax_rows(nn::nearness(pictures, means)), test.labels);
    };
    fmt::print("\nThe nearest of ten mean images is right on {}% of {} test images.\n",
               format_number(percent_right(x), 4), test.images.count);
    nn::Table table({"all pictures moved right by", "right"});
    for (const std::size_t columns : {0, 1, 3, 5}) {
      table.add(
          {std::to_string(columns), format_number(percent_right(nn::moved(x, side, columns, 0)), 4) + "%"});
    }
    table.print();
  });
}

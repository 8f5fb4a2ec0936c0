// An image is a row, a neuron is a column, and one matrix product already classifies four digits out of five.
#include <algorithm>
#include <fmt/format.h>

#include "01_matrix/argmax.hpp"
#include "01_matrix/digits_as_matrix.hpp"
#include "01_matrix/nearest_mean.hpp"
#include "01_matrix/tiny_network.hpp"
#include "01_matrix/translate.hpp"
#include "common/terminal/demonstration.hpp"
#include "common/terminal/print.hpp"

namespace {

using nn::format_number;

void tiny_layer() {
  const auto x = nn::tiny::inputs<double>();
  const auto w = nn::tiny::hidden_weights<double>();
  nn::print_matrix("X, one example per row", x);
  nn::print_matrix("W, one neuron per column", w);
  nn::print_matrix("X·W", nn::matmul(x, w));
  nn::print_matrix("Y = X·W + b", nn::dense(x, w, nn::tiny::hidden_bias<double>()));
  try {
    nn::matmul(w, x);
  } catch (const nn::ShapeError& error) {
    fmt::print("W·X: {}\n", error.what());
  }
}

void scores_of_one_image(const nn::Matrix<float>& x, const nn::Matrix<float>& means) {
  const auto scores = nn::nearness(x, means);
  nn::Table table({"class", "score of the 7"});
  for (std::size_t digit = 0; digit < scores.cols(); ++digit) {
    table.add({std::to_string(digit), format_number(static_cast<double>(scores(0, digit)), 3)});
  }
  fmt::print("\n");
  table.print();
}

}  // namespace

int main(int argc, char** argv) {
  return nn::run_demonstration("01_matrix", argc, argv, [](const nn::Mnist& mnist) {
    tiny_layer();
    const auto& test = mnist.test;
    const std::size_t side = test.width, width = test.height * side;
    const auto seven = std::find(test.labels.begin(), test.labels.end(), 7) - test.labels.begin();
    fmt::print("\nA handwritten 7:\n{}", nn::image_as_numbers(test.image(seven), side));

    const auto means = nn::class_means(nn::pixels_as_rows<float>(mnist.train.pixels, width),
                                       mnist.train.labels, nn::kClasses);
    scores_of_one_image(nn::pixels_as_rows<float>(test.image(seven), width), means);
    const auto x = nn::pixels_as_rows<float>(test.pixels, width);
    const auto percent_correct = [&](const nn::Matrix<float>& images) {
      return 100 * nn::accuracy(nn::argmax_rows(nn::nearness(images, means)), test.labels);
    };
    fmt::print("\nThe nearest of ten mean images has the correct class for {}% of {} test images.\n",
               format_number(percent_correct(x), 4), test.count);
    nn::Table table({"all images shifted right by", "accuracy"});
    for (const std::size_t columns : {0, 1, 3, 5}) {
      table.add({fmt::format("{} pixel{}", columns, columns == 1 ? "" : "s"),
                 format_number(percent_correct(nn::translated(x, side, columns, 0)), 4) + "%"});
    }
    table.print();
  });
}

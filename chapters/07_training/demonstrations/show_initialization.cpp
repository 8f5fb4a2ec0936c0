// The size of the initial weights decides whether signals shrink or grow from layer to layer, and so whether a network learns.
#include <fmt/format.h>

#include "06_simd_matmul/products.hpp"
#include "07_training/experiments/deep_network.hpp"
#include "common/terminal/demonstration.hpp"
#include "common/terminal/print.hpp"

namespace {

using nn::format_number;

// The root mean square of each hidden layer's output.  x: batch x in.
std::vector<double> sizes(nn::Network<float>& network, const nn::Matrix<float>& x) {
  std::vector<double> result;
  const nn::Matrix<float>* values = &x;
  for (std::size_t i = 0; i + 1 < network.size(); ++i) {  // dense, ReLU, dense, ReLU, ...
    values = &network.layer(i).forward(*values);
    if (i % 2 == 1) result.push_back(nn::root_mean_square(*values));
  }
  return result;
}

}  // namespace

int main(int argc, char** argv) {
  return nn::run_demonstration("07_training_initialization", argc, argv, [](const nn::Mnist& mnist) {
    const nn::UseProduct<float> use(nn::fastest_product<float>().product);
    const std::size_t width = mnist.test.height * mnist.test.width;
    const auto x = nn::pixels_as_rows<float>(std::span(mnist.test.pixels).first(100 * width), width);
    fmt::print(
        "784-64-64-64-64-10, 100 images: root mean square of each hidden layer's output,\n"
        "and accuracy on {} test images after 4 epochs of 2,000 images, sgd, rate 0.1\n",
        mnist.test.count);
    nn::Table table({"initial weights", "layer 1", "layer 2", "layer 3", "layer 4", "accuracy"});
    for (const float factor : {0.0f, 0.3f, 1.0f, 3.0f}) {
      auto network = nn::deep_network<nn::Relu<float>>(width, nn::Initialization::kHe, factor);
      std::vector<std::string> cells = {"He times " + format_number(static_cast<double>(factor), 2)};
      for (const double size : sizes(network, x)) cells.push_back(format_number(size, 2));
      const auto accuracy = nn::train_by_descent(std::move(network), mnist);
      cells.push_back(accuracy ? format_number(100 * *accuracy, 3) + "%" : "loss is NaN");
      table.add(cells);
    }
    table.print();
  });
}

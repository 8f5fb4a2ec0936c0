// With four hidden layers, the derivative of the activation decides how much of the gradient reaches the first one.
#include <fmt/format.h>

#include "06_simd_matmul/products.hpp"
#include "07_training/experiments/deep_network.hpp"
#include "common/terminal/demonstration.hpp"
#include "common/terminal/print.hpp"

namespace {

using nn::format_number;

template <class Activation>
std::vector<std::string> row(const char* name, const char* start, const nn::Mnist& mnist,
                             nn::Initialization kind) {
  const std::size_t width = mnist.train.height * mnist.train.width;
  auto network = nn::deep_network<Activation>(width, kind);
  const std::span<const std::uint8_t> pixels = mnist.train.pixels, labels = mnist.train.labels;
  const auto x = nn::pixels_as_rows<float>(pixels.first(100 * width), width);
  network.backward(nn::cross_entropy_with_gradient(network.forward(x), labels.first(100)).grad_logits);
  std::vector<std::string> cells = {name, start};
  for (const std::size_t layer : {0, 2, 4, 6, 8})
    cells.push_back(format_number(nn::root_mean_square(*network.layer(layer).parameters()[1].grad), 2));
  cells.push_back(format_number(100 * nn::train_by_descent(std::move(network), mnist).value(), 3) + "%");
  return cells;
}

}  // namespace

int main(int argc, char** argv) {
  return nn::run_demonstration("07_training_depth", argc, argv, [](const nn::Mnist& mnist) {
    const nn::UseProduct<float> use(nn::fastest_product<float>().product);
    fmt::print(
        "784-64-64-64-64-10 before training: root mean square of the gradient with respect to each layer's "
        "biases,\n"
        "and accuracy on {} test images after 4 epochs of 2,000 images, sgd, rate 0.1\n",
        mnist.test.count);
    nn::Table table(
        {"activation", "start", "layer 1", "layer 2", "layer 3", "layer 4", "output", "accuracy"});
    using enum nn::Initialization;
    table.add(row<nn::Relu<float>>("ReLU", "He", mnist, kHe));
    table.add(row<nn::Tanh<float>>("tanh", "Xavier", mnist, kXavier));
    table.add(row<nn::Sigmoid<float>>("sigmoid", "Xavier", mnist, kXavier));
    table.print();
  });
}

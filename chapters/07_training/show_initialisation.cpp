// Initial weights decide whether numbers fade or grow on their way through the layers, and so whether a network learns.
#include <cmath>
#include <fmt/format.h>

#include "01_matrix/argmax.hpp"
#include "01_matrix/digits_as_matrix.hpp"
#include "04_from_logits/cross_entropy.hpp"
#include "06_simd_matmul/products.hpp"
#include "07_training/initialise.hpp"
#include "07_training/mini_batches.hpp"
#include "07_training/optimizer.hpp"
#include "common/demonstration.hpp"
#include "common/print.hpp"

namespace {

using nn::format_number;

// Four hidden layers of 64 neurons; He's initial weights, each times factor.
nn::Network<float> deep_network(std::size_t in, float factor) {
  auto network = nn::make_network<float>({in, 64, 64, 64, 64, nn::kClasses});
  nn::Random random(1);
  nn::initialise(network, nn::Initialisation::kHe, random);
  for (const auto& p : network.parameters()) {
    for (float& w : p.value->values()) w *= factor;
  }
  return network;
}

// The root mean square of what each hidden layer passes on.  x: batch x in.
std::vector<double> sizes(nn::Network<float>& network, const nn::Matrix<float>& x) {
  std::vector<double> result;
  const nn::Matrix<float>* values = &x;
  for (std::size_t i = 0; i + 1 < network.size(); ++i) {  // dense, ReLU, dense, ReLU, ...
    values = &network.layer(i).forward(*values);
    double sum = 0;
    for (const float v : values->values()) sum += static_cast<double>(v * v);
    if (i % 2 == 1) result.push_back(std::sqrt(sum / static_cast<double>(values->size())));
  }
  return result;
}

// The share of right answers on the test images after some epochs of plain descent.
double train(nn::Network<float>& network, const nn::Mnist& mnist, std::size_t width, int epochs) {
  nn::Sgd<float> optimizer;
  nn::Random random(1);
  nn::MiniBatches batches(std::min<std::size_t>(mnist.train.images.count, 2000), 50);
  nn::Matrix<float> x;
  std::vector<std::uint8_t> labels;
  for (int epoch = 0; epoch < epochs; ++epoch) {
    batches.shuffle(random);
    for (std::size_t b = 0; b < batches.per_epoch(); ++b) {
      nn::gather(mnist.train.images.pixels, width, mnist.train.labels, batches.batch(b), x, labels);
      network.backward(nn::cross_entropy_with_gradient(network.forward(x), labels).grad_logits);
      optimizer.step(network.parameters(), 0.1f);
    }
  }
  const auto test = nn::pixels_as_rows<float>(mnist.test.images.pixels, width);
  return nn::accuracy(nn::argmax_rows(network.forward(test).values), mnist.test.labels);
}

}  // namespace

int main(int argc, char** argv) {
  return nn::run_demonstration("07_training_initialisation", argc, argv, [](const nn::Mnist& mnist) {
    const nn::UseProduct<float> use(nn::fastest_product<float>().product);
    const std::size_t width = mnist.test.images.height * mnist.test.images.width;
    const auto x = nn::pixels_as_rows<float>(std::span(mnist.test.images.pixels).first(100 * width), width);
    fmt::print(
        "784-64-64-64-64-10, 100 pictures: the size (root mean square) of what each hidden layer passes on,\n"
        "and how many of {} test images are right after 4 epochs of 2,000 images, sgd, rate 0.1\n",
        mnist.test.images.count);
    nn::Table table({"initial weights", "layer 1", "layer 2", "layer 3", "layer 4", "right"});
    for (const float factor : {0.0f, 0.3f, 1.0f, 3.0f}) {
      auto network = deep_network(width, factor);
      std::vector<std::string> cells = {"He times " + format_number(static_cast<double>(factor), 2)};
      for (const double size : sizes(network, x)) cells.push_back(format_number(size, 2));
      cells.push_back(format_number(100 * train(network, mnist, width, 4), 3) + "%");
      table.add(cells);
    }
    table.print();
  });
}

// Softmax belongs into the loss: from probabilities the loss of a bad mistake is infinite, from logits it is
// right.
#include <array>
#include <fmt/format.h>

#include "01_matrix/argmax.hpp"
#include "01_matrix/digits_as_matrix.hpp"
#include "04_from_logits/linear_classifier.hpp"
#include "common/demonstration.hpp"
#include "common/print.hpp"

namespace {

using nn::format_number;

void a_mistake_of_growing_size() {
  const std::array<std::uint8_t, 1> truth = {0};
  nn::Table table({"logits (0, m), truth 0", "from probabilities", "from logits", "gradient"});
  for (const double m : {1.0, 40.0, 700.0, 800.0}) {
    const nn::Logits<double> z(nn::Matrix<double>{{0, m}});
    const auto [loss, grad] = nn::cross_entropy_with_gradient(z, truth);
    table.add({"m = " + format_number(m), format_number(nn::cross_entropy_naive(nn::softmax_naive(z), truth)),
               format_number(loss), format_number(grad(0, 0))});
  }
  table.print();
}

// Whole batches in the order of the file; returns the share of right answers on the test images.
double train(const nn::Mnist& mnist, int epochs, std::size_t batch_size) {
  const std::size_t width = mnist.train.images.height * mnist.train.images.width;
  nn::LinearClassifier<float> model(width, nn::kClasses);
  nn::Matrix<float> x;
  const std::span<const std::uint8_t> pixels = mnist.train.images.pixels, labels = mnist.train.labels;
  for (int epoch = 1; epoch <= epochs; ++epoch) {
    double loss = 0;
    std::size_t steps = 0;
    for (std::size_t at = 0; at + batch_size <= labels.size(); at += batch_size, ++steps) {
      nn::pixels_as_rows(pixels.subspan(at * width, batch_size * width), width, x);
      loss += static_cast<double>(nn::descent_step(model, x, labels.subspan(at, batch_size), 0.2f));
    }
    fmt::print("epoch {:2}  loss {}\n", epoch, format_number(loss / static_cast<double>(steps), 4));
  }
  const auto test = nn::pixels_as_rows<float>(mnist.test.images.pixels, width);
  return nn::accuracy(nn::argmax_rows(model.logits(test).values), mnist.test.labels);
}

}  // namespace

int main(int argc, char** argv) {
  return nn::run_demonstration("04_from_logits", argc, argv, [](const nn::Mnist& mnist) {
    a_mistake_of_growing_size();
    fmt::print("\nA linear digit reader, {} images, batches of 50, learning rate 0.2:\n",
               mnist.train.images.count);
    const double right = train(mnist, 10, 50);
    fmt::print("It is right on {}% of {} test images.\n", format_number(100 * right, 4),
               mnist.test.images.count);
  });
}

// The chain rule, taken layer by layer from the end, gives every gradient of a network in one pass; measuring
// proves it.
#include <fmt/format.h>

#include "01_matrix/argmax.hpp"
#include "01_matrix/digits_as_matrix.hpp"
#include "01_matrix/tiny_network.hpp"
#include "05_backprop/gradient_check.hpp"
#include "common/demonstration.hpp"
#include "common/print.hpp"

namespace {

using nn::format_number;

nn::Network<double> tiny_network() {
  auto network = nn::make_network<double>({2, 3, 3});
  const auto parameters = network.parameters();
  *parameters[0].value = nn::tiny::hidden_weights<double>();
  *parameters[1].value = nn::tiny::hidden_bias<double>();
  *parameters[2].value = nn::tiny::output_weights<double>();
  *parameters[3].value = nn::tiny::output_bias<double>();
  return network;
}

void by_hand() {
  auto network = tiny_network();
  const auto x = nn::tiny::inputs<double>();
  const auto [loss, grad_logits] = nn::cross_entropy_with_gradient(network.forward(x), nn::tiny::kLabels);
  network.backward(grad_logits);
  fmt::print("loss {}\n", format_number(loss));
  nn::print_matrix("gradient of the logits, (p - y) / 2", grad_logits);
  for (const auto& p : network.parameters()) nn::print_matrix("gradient of " + p.name, *p.grad);

  nn::Table table({"tensor", "entries", "largest slope", "agrees to 1e-7"});
  for (const auto& check : nn::gradient_check(network, x, nn::tiny::kLabels)) {
    table.add({check.name, std::to_string(check.checked), format_number(check.largest),
               check.relative_error() < 1e-7 ? "yes" : "NO"});
  }
  fmt::print("\nEach gradient against the measured slope of the loss:\n");
  table.print();
}

void descend(nn::Network<float>& network, float learning_rate) {
  for (const auto& p : network.parameters()) {
    for (std::size_t i = 0; i < p.value->size(); ++i)
      p.value->values()[i] -= learning_rate * p.grad->values()[i];
  }
}

// A hidden layer of 16 neurons between pixels and scores; it must start unevenly, or all 16 would stay the
// same.
void train(const nn::Mnist& mnist, int epochs, std::size_t batch_size) {
  const std::size_t width = mnist.train.images.height * mnist.train.images.width;
  auto network = nn::make_network<float>({width, 16, nn::kClasses});
  nn::Random random(1);
  for (const auto& p : network.parameters()) {
    for (float& value : p.value->values()) value = static_cast<float>(random.uniform(-0.1, 0.1));
  }
  const std::span<const std::uint8_t> pixels = mnist.train.images.pixels, labels = mnist.train.labels;
  nn::Matrix<float> x;
  for (int epoch = 0; epoch < epochs; ++epoch) {
    for (std::size_t at = 0; at + batch_size <= labels.size(); at += batch_size) {
      nn::pixels_as_rows(pixels.subspan(at * width, batch_size * width), width, x);
      const auto [loss, grad] =
          nn::cross_entropy_with_gradient(network.forward(x), labels.subspan(at, batch_size));
      network.backward(grad);
      descend(network, 0.2f);
    }
  }
  const auto test = nn::pixels_as_rows<float>(mnist.test.images.pixels, width);
  const double right = nn::accuracy(nn::argmax_rows(network.forward(test).values), mnist.test.labels);
  fmt::print("\nA network with 16 hidden neurons, {} epochs of {} images: right on {}% of {} test images.\n",
             epochs, mnist.train.images.count, format_number(100 * right, 4), mnist.test.images.count);
}

}  // namespace

int main(int argc, char** argv) {
  return nn::run_demonstration("05_backprop", argc, argv, [](const nn::Mnist& mnist) {
    by_hand();
    train(mnist, 5, 25);
  });
}

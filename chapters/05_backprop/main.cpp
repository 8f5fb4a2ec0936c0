// The chain rule, taken layer by layer from the end, gives every gradient of a network in one pass; measuring
// proves it.
#include <fmt/format.h>

#include "01_matrix/argmax.hpp"
#include "01_matrix/digits_as_matrix.hpp"
#include "01_matrix/tiny_network.hpp"
#include "05_backprop/check_subjects.hpp"
#include "common/demonstration.hpp"
#include "common/print.hpp"

namespace {

using nn::format_number;

template <class T>
void descend(nn::Network<T>& network, T learning_rate) {
  for (const auto& p : network.parameters()) {
    for (std::size_t i = 0; i < p.value->size(); ++i)
      p.value->values()[i] -= learning_rate * p.grad->values()[i];
  }
}

void by_hand() {
  auto network = nn::make_network<double>({2, 3, 3});
  const auto parameters = network.parameters();
  *parameters[0].value = nn::tiny::hidden_weights<double>();
  *parameters[1].value = nn::tiny::hidden_bias<double>();
  *parameters[2].value = nn::tiny::output_weights<double>();
  *parameters[3].value = nn::tiny::output_bias<double>();
  const auto x = nn::tiny::inputs<double>();
  const auto [loss, grad_logits] = nn::cross_entropy_with_gradient(network.forward(x), nn::tiny::kLabels);
  network.backward(grad_logits);
  fmt::print("loss {}\n", format_number(loss));
  nn::print_matrix("gradient of the logits, (p - y) / 2", grad_logits);
  for (const auto& p : parameters) nn::print_matrix("gradient of " + p.name, *p.grad);

  nn::Table table({"tensor", "entries", "largest slope", "agrees to 1e-7"});
  for (const auto& check : nn::gradient_check(network, x, nn::tiny::kLabels)) {
    table.add({check.name, std::to_string(check.checked), format_number(check.largest),
               check.relative_error() < 1e-7 ? "yes" : "NO"});
  }
  fmt::print("\nEach gradient against the measured slope of the loss:\n");
  table.print();

  fmt::print("\nThree steps against the gradient, learning rate 0.1: loss {}", format_number(loss, 4));
  for (int step = 0; step < 3; ++step) {
    network.backward(nn::cross_entropy_with_gradient(network.forward(x), nn::tiny::kLabels).grad_logits);
    descend(network, 0.1);
    fmt::print(", {}", format_number(nn::cross_entropy(network.forward(x), nn::tiny::kLabels), 4));
  }
  fmt::print("\n");
}

// A hidden layer of 16 neurons between pixels and scores; start() says where each parameter starts. Returns the
// percentage of right answers on the test images.
template <class F>
double train(const nn::Mnist& mnist, int epochs, const F& start) {
  constexpr std::size_t kBatch = 25;
  const std::size_t width = mnist.train.images.height * mnist.train.images.width;
  auto network = nn::make_network<float>({width, 16, nn::kClasses});
  for (const auto& p : network.parameters()) {
    for (float& value : p.value->values()) value = static_cast<float>(start());
  }
  const std::span<const std::uint8_t> pixels = mnist.train.images.pixels, labels = mnist.train.labels;
  nn::Matrix<float> x;
  for (int epoch = 0; epoch < epochs; ++epoch) {
    for (std::size_t at = 0; at + kBatch <= labels.size(); at += kBatch) {
      nn::pixels_as_rows(pixels.subspan(at * width, kBatch * width), width, x);
      network.backward(
          nn::cross_entropy_with_gradient(network.forward(x), labels.subspan(at, kBatch)).grad_logits);
      descend(network, 0.2f);
    }
  }
  const auto test = nn::pixels_as_rows<float>(mnist.test.images.pixels, width);
  return 100 * nn::accuracy(nn::argmax_rows(network.forward(test).values), mnist.test.labels);
}

}  // namespace

int main(int argc, char** argv) {
  return nn::run_demonstration("05_backprop", argc, argv, [](const nn::Mnist& mnist) {
    by_hand();
    nn::Random random(1);
    const auto by_chance = [&] { return random.uniform(-0.1, 0.1); };
    const double alike = train(mnist, 1, [] { return 0.01; }), unlike = train(mnist, 1, by_chance);
    fmt::print(
        "\n16 hidden neurons after one epoch: {}% if all start at 0.01, {}% if chance makes them differ.\n",
        format_number(alike, 3), format_number(unlike, 3));
    random = nn::Random(1);
    fmt::print("After 5 epochs of {} images: right on {}% of {} test images.\n", mnist.train.images.count,
               format_number(train(mnist, 5, by_chance), 4), mnist.test.images.count);
  });
}

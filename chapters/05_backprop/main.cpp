// Backpropagation computes every gradient of a network in one backward pass; measured derivatives confirm it.
#include <fmt/format.h>

#include "05_backprop/diagnosis/check_subjects.hpp"
#include "05_backprop/plain_descent.hpp"
#include "05_backprop/tiny_network.hpp"
#include "common/terminal/demonstration.hpp"
#include "common/terminal/print.hpp"

namespace {

using nn::format_number;

void by_hand() {
  auto network = nn::tiny::network<double>();
  const auto x = nn::tiny::inputs<double>();
  const auto [loss, grad_logits] = nn::cross_entropy_with_gradient(network.forward(x), nn::tiny::kLabels);
  network.backward(grad_logits);
  fmt::print("loss {}\n", format_number(loss));
  nn::print_matrix("gradient of the logits, (p - y) / 2", grad_logits);
  for (const auto& p : network.parameters()) nn::print_matrix("gradient of " + p.name, *p.grad);

  nn::Table table({"tensor", "entries", "largest derivative", "agrees to 1e-7"});
  for (const auto& check : nn::gradient_check(network, x, nn::tiny::kLabels)) {
    table.add({check.name, std::to_string(check.checked), format_number(check.largest),
               check.relative_error() < 1e-7 ? "yes" : "NO"});
  }
  fmt::print("\nEach gradient compared with measured derivatives of the loss:\n");
  table.print();

  fmt::print("\nThree steps of gradient descent, learning rate 0.1: loss {}", format_number(loss, 4));
  for (int step = 0; step < 3; ++step) {
    network.backward(nn::cross_entropy_with_gradient(network.forward(x), nn::tiny::kLabels).grad_logits);
    nn::descend(network, 0.1);
    fmt::print(", {}", format_number(nn::cross_entropy(network.forward(x), nn::tiny::kLabels), 4));
  }
  fmt::print("\n");
}

// A hidden layer of 16 neurons between pixels and logits; start() returns the initial value of each parameter. Returns the
// accuracy on the test images in percent.
double train(const nn::Mnist& mnist, int epochs, const std::function<double()>& start) {
  auto network = nn::make_network<float>({mnist.train.height * mnist.train.width, 16, nn::kClasses});
  nn::start_at(network, start);
  return 100 * nn::train_plainly(network, mnist, epochs);
}

}  // namespace

int main(int argc, char** argv) {
  return nn::run_demonstration("05_backprop", argc, argv, [](const nn::Mnist& mnist) {
    by_hand();
    nn::Random random(1);
    const auto at_random = [&] { return random.uniform(-0.1, 0.1); };
    const double equal = train(mnist, 1, [] { return 0.01; }), different = train(mnist, 1, at_random);
    fmt::print(
        "\n16 hidden neurons, accuracy after one epoch: {}% if all start at 0.01, {}% if they start at "
        "random.\n",
        format_number(equal, 3), format_number(different, 3));
    random = nn::Random(1);
    fmt::print("After 5 epochs of {} images: {}% of {} test images.\n", mnist.train.count,
               format_number(train(mnist, 5, at_random), 4), mnist.test.count);
  });
}

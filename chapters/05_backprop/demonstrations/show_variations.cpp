// The same small network with other initial values, activations or bugs: what it needs to learn, and which bugs hide.
#include <fmt/format.h>

#include "05_backprop/plain_descent.hpp"
#include "common/random.hpp"
#include "common/terminal/demonstration.hpp"
#include "common/terminal/print.hpp"

namespace {

using nn::format_number;
using Net = nn::Network<float>;

// A bug: a ReLU that passes every gradient back, whether the neuron was active or not.
struct ReluWithoutMask {
  static constexpr bool kHasKink = true;
  static float f(float x) { return nn::relu(x); }
  static float derivative(float) { return 1; }
};

template <class Activation>
Net with_hidden(std::size_t in, std::size_t width) {
  Net network;
  network.add<nn::Dense<float>>(in, width);
  network.add<Activation>();
  network.add<nn::Dense<float>>(width, nn::kClasses);
  return network;
}

// A bug: the gradients of the biases are averaged over the batch once more.
void average_biases(Net& network) {
  for (const auto& p : network.parameters()) {
    if (!p.name.ends_with("bias")) continue;
    for (float& value : p.grad->values()) value /= 25;
  }
}

}  // namespace

int main(int argc, char** argv) {
  return nn::run_demonstration("05_backprop_variations", argc, argv, [](const nn::Mnist& mnist) {
    const std::size_t in = mnist.train.height * mnist.train.width;
    nn::Table table({"what is different", "hidden neurons", "start", "accuracy"});
    const auto add = [&](const char* what, std::size_t hidden, Net network, const char* start_name,
                         const std::function<double()>& start, const std::function<void(Net&)>& spoil = {}) {
      nn::start_at(network, start);
      const double accuracy = nn::train_plainly(network, mnist, 5, spoil);
      table.add({what, std::to_string(hidden), start_name, format_number(100 * accuracy, 4) + "%"});
    };
    const auto random_start = [random = nn::Random(1)]() mutable { return random.uniform(-0.1, 0.1); };
    using nn::make_network;
    const auto plain = [&](std::size_t width) { return make_network<float>({in, width, nn::kClasses}); };
    add("nothing", 16, plain(16), "random", random_start);
    add("the start", 16, plain(16), "all 0.01", [] { return 0.01; });
    add("the start, one neuron", 1, plain(1), "all 0.01", [] { return 0.01; });
    add("the start", 16, plain(16), "all 0", [] { return 0.0; });
    add("bug: no ReLU mask", 16, with_hidden<nn::Activation<float, ReluWithoutMask>>(in, 16), "random",
        random_start);
    add("bug: bias mean twice", 16, plain(16), "random", random_start, average_biases);
    add("tanh, not ReLU", 16, with_hidden<nn::Tanh<float>>(in, 16), "random", random_start);
    add("sigmoid, not ReLU", 16, with_hidden<nn::Sigmoid<float>>(in, 16), "random", random_start);
    add("more neurons", 32, plain(32), "random", random_start);
    add("no hidden layer", 0, make_network<float>({in, nn::kClasses}), "random", random_start);
    fmt::print("{} images, 5 epochs, accuracy on {} test images:\n", mnist.train.count, mnist.test.count);
    table.print();
  });
}

// The loss and its gradient, from probabilities and from logits; and the first classifier that learns.
#include <array>
#include <fmt/format.h>
#include <vector>

#include "01_matrix/argmax.hpp"
#include "01_matrix/digits_as_matrix.hpp"
#include "01_matrix/tiny_network.hpp"
#include "04_from_logits/batches.hpp"
#include "04_from_logits/linear_classifier.hpp"
#include "common/terminal/demonstration.hpp"
#include "common/terminal/print.hpp"

namespace {

using nn::format_number;

// The logits of the tiny network, as in chapter 03.
void by_hand() {
  const nn::Logits<double> z(nn::Matrix<double>{{3, 2, -2}, {-1, 3, -1}});
  const auto p = nn::softmax(z).values, y = nn::one_hot<double>(nn::tiny::kLabels, 3);
  nn::Table table({"example", "label", "p of the label", "-log p"});
  for (std::size_t i = 0; i < 2; ++i) {
    const double p_true = p(i, nn::tiny::kLabels[i]);
    table.add({std::to_string(i), std::to_string(nn::tiny::kLabels[i]), format_number(p_true),
               format_number(-nn::log(p_true))});
  }
  table.print();
  const auto [loss, grad_logits] = nn::cross_entropy_with_gradient(z, nn::tiny::kLabels);
  fmt::print("loss, the mean of the last column: {}\n", format_number(loss));
  nn::print_matrix("p", p);
  nn::print_matrix("y, one-hot", y);
  nn::print_matrix("gradient, (p - y) / 2", grad_logits);
}

void loss_of_growing_mistake() {
  const std::array<std::uint8_t, 1> label = {0};
  nn::Table table({"logits (0, m), label 0", "softmax_naive, log", "softmax, log", "from logits"});
  for (const float m : {1.0f, 80.0f, 90.0f, 100.0f, 110.0f}) {
    const nn::Logits<float> z(nn::Matrix<float>{{0, m}});
    const auto text = [](float loss) { return format_number(static_cast<double>(loss)); };
    table.add({"m = " + text(m), text(nn::cross_entropy_naive(nn::softmax_naive(z), label)),
               text(nn::cross_entropy_naive(nn::softmax(z), label)), text(nn::cross_entropy(z, label))});
  }
  fmt::print("\nThe loss of a growing mistake, in float:\n");
  table.print();
}

// Whole batches in the order of the file; returns the accuracy on the test images.
double train(const nn::Mnist& mnist, int epochs, std::size_t batch_size) {
  const std::size_t width = mnist.train.height * mnist.train.width;
  nn::LinearClassifier<float> model(width, nn::kClasses);
  std::vector<double> losses(static_cast<std::size_t>(epochs));
  nn::for_each_batch(mnist.train, {.batch_size = batch_size, .epochs = epochs},
                     [&](const auto& x, const auto labels, int epoch) {
                       losses[static_cast<std::size_t>(epoch)] +=
                           static_cast<double>(nn::descent_step(model, x, labels, 0.2f));
                     });
  const auto steps = static_cast<double>(mnist.train.count / batch_size);
  for (std::size_t epoch = 0; epoch < losses.size(); ++epoch)
    fmt::print("epoch {:2}  loss {}\n", epoch + 1, format_number(losses[epoch] / steps, 4));
  const auto test = nn::pixels_as_rows<float>(mnist.test.pixels, width);
  return nn::accuracy(nn::argmax_rows(model.logits(test).values), mnist.test.labels);
}

}  // namespace

int main(int argc, char** argv) {
  return nn::run_demonstration("04_from_logits", argc, argv, [](const nn::Mnist& mnist) {
    by_hand();
    loss_of_growing_mistake();
    fmt::print("\nA linear classifier, {} images, batches of 50, learning rate 0.2:\n", mnist.train.count);
    const double test_accuracy = train(mnist, 10, 50);
    fmt::print("Accuracy on {} test images: {}%\n", mnist.test.count, format_number(100 * test_accuracy, 4));
  });
}

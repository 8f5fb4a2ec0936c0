// The placement of softmax decides whether a network learns: one classifier, the same images, five ways to its loss.
#include <fmt/format.h>

#include "04_from_logits/placement.hpp"
#include "common/terminal/demonstration.hpp"
#include "common/terminal/print.hpp"

namespace {

using nn::format_number;

void compare(const nn::Mnist& mnist, const nn::PlacementSettings& settings) {
  nn::Table table({"", "first NaN", "last loss", "accuracy"});
  for (const auto& [form, first_nan, loss, accuracy] : nn::compare_placements(mnist, settings)) {
    table.add({std::string(form), first_nan > 0 ? fmt::format("step {}", first_nan) : "none",
               first_nan > 0 ? "-" : format_number(loss, 3), format_number(100 * accuracy, 3) + "%"});
  }
  table.print();
}

}  // namespace

int main(int argc, char** argv) {
  return nn::run_demonstration("04_from_logits_placement", argc, argv, [](const nn::Mnist& mnist) {
    const nn::PlacementSettings raw{.unit = 1, .learning_rate = 1e-4f}, scaled;
    fmt::print("{} digits, batches of {}, {} epochs, equal initial weights; accuracy on {} test images\n\n",
               std::min(scaled.images, mnist.train.count), scaled.batch_size, scaled.epochs,
               mnist.test.count);
    fmt::print("Pixels as they are, 0 to 255, learning rate {}: large logits from the first step on\n",
               format_number(raw.learning_rate, 3));
    compare(mnist, raw);
    fmt::print("\nPixels / 255, learning rate {}: small logits\n", format_number(scaled.learning_rate, 3));
    compare(mnist, scaled);
    fmt::print(
        "\nSoftmax twice: the first returns numbers between 0 and 1, so the second gives the label, one of\n"
        "10 classes, at most e / (e + 9): the loss cannot fall below log(1 + 9 / e) = {}.\n",
        format_number(nn::log(1 + 9 / nn::exp(1.0))));
  });
}

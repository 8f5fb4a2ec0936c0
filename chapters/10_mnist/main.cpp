// A network that knows its own images almost by heart makes many more mistakes on images it has not seen.
#include <algorithm>
#include <fmt/format.h>

#include "01_matrix/digits_as_matrix.hpp"
#include "03_softmax/softmax.hpp"
#include "06_simd_matmul/products.hpp"
#include "07_training/plain_step.hpp"
#include "10_mnist/evaluation.hpp"
#include "10_mnist/recipes.hpp"
#include "common/terminal/demonstration.hpp"
#include "common/terminal/print.hpp"

namespace {

// The standard error as one does it on paper.
void print_standard_error(const nn::Evaluation& e) {
  const double p = e.accuracy(), product = p * (1 - p), n = static_cast<double>(e.count);
  fmt::print("\np (1 - p) = {} * {} = {}\n", nn::format_number(p), nn::format_number(1 - p),
             nn::format_number(product));
  fmt::print("divided by {}: {}\n", e.count, nn::format_number(product / n));
  fmt::print("square root: {}, that is {} points\n", nn::format_number(e.standard_error(), 2),
             nn::format_number(100 * e.standard_error(), 2));
}

void add_row(nn::Table& table, const char* name, const nn::Evaluation& e) {
  table.add({name, std::to_string(e.count), std::to_string(e.count - e.right),
             nn::format_number(100 * e.accuracy(), 4) + "%", nn::format_number(100 * e.standard_error(), 2)});
}

// What the network says of the handwritten 7 of chapter 01: the three most likely digits.
void read_the_seven(nn::Network<float>& network, const nn::LabeledImages& test) {
  const auto seven = std::find(test.labels.begin(), test.labels.end(), 7) - test.labels.begin();
  const auto pixels = test.image(static_cast<std::size_t>(seven));
  const auto x = nn::pixels_as_rows<float>(pixels, pixels.size());
  const auto p = nn::softmax(network.forward(x)).values;
  std::vector<std::size_t> digits = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
  std::sort(digits.begin(), digits.end(), [&](auto a, auto b) { return p(0, a) > p(0, b); });
  fmt::print("\nThe handwritten 7:");
  for (std::size_t i = 0; i < 3; ++i)
    fmt::print("  p({}) = {}", digits[i], nn::format_number(static_cast<double>(p(0, digits[i])), 3));
  fmt::print("\n");
}

}  // namespace

int main(int argc, char** argv) {
  return nn::run_demonstration("10_mnist", argc, argv, [](const nn::Mnist& mnist) {
    const nn::UseProduct<float> use(nn::fastest_product<float>().product);
    nn::Recipe recipe = nn::recipe_named("classroom");
    recipe.epochs = 6;
    nn::TrainingState state = nn::start_training(recipe, mnist.train.height * mnist.train.width);
    nn::TrainingObserver observer;
    observer.after_epoch = [&](double mean_loss) {
      if (state.epoch % 2 == 0)
        fmt::print("epoch {:2}  loss {}\n", state.epoch, nn::format_number(mean_loss, 3));
    };
    nn::train(state, mnist.train, {observer});
    nn::Table table({"images", "count", "errors", "accuracy", "standard error"});
    add_row(table, "learned from", nn::evaluate(state.network, mnist.train));
    const nn::Evaluation unseen = nn::evaluate(state.network, mnist.test);
    add_row(table, "not seen before", unseen);
    table.print();
    print_standard_error(unseen);
    read_the_seven(state.network, mnist.test);
  });
}

// The fast step leaves out zeros and waiting, never anything else that is added: after two epochs its losses and weights
// have the bits of the plain one. And how many zeros there are.
#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "06_simd_matmul/products.hpp"
#include "07_training/plain_step.hpp"
#include "09_fast_training/fast_step.hpp"
#include "common/terminal/demonstration.hpp"
#include "common/terminal/print.hpp"

namespace {

using nn::format_number;

struct Run {
  std::vector<double> losses;  // the mean of each epoch
  nn::TrainingState state;
};

Run run_with(bool fast, const nn::Mnist& mnist) {
  const std::size_t width = mnist.train.height * mnist.train.width;
  Run run{{}, nn::start_training({.hidden = {128}, .epochs = 2, .batch_size = 128}, width)};
  const nn::Step step = fast ? nn::fast_step(run.state, mnist.train) : nn::PlainStep(run.state, mnist.train);
  nn::train(run.state, mnist.train, step,
            {{.after_step = {}, .after_epoch = [&](double loss) { run.losses.push_back(loss); }}});
  return run;
}

std::size_t unlike_weights(nn::Network<float>& a, nn::Network<float>& b) {
  std::size_t count = 0;
  for (std::size_t t = 0; t < a.parameters().size(); ++t) {
    const auto left = a.parameters()[t].value->values(), right = b.parameters()[t].value->values();
    for (std::size_t i = 0; i < left.size(); ++i) count += left[i] != right[i];
  }
  return count;
}

void print_zeros(const nn::Mnist& mnist) {
  constexpr std::size_t kHidden = 128;
  nn::Table table({"image", "pixels that are not 0", "multiplications, 128 neurons"});
  const auto add = [&](const std::string& what, double count) {
    table.add({what, format_number(count), format_number(count * kHidden)});
  };
  const std::size_t pixels = mnist.train.height * mnist.train.width;
  const auto count_nonzero = [](std::span<const std::uint8_t> all) {
    return static_cast<double>(all.size()) - static_cast<double>(std::count(all.begin(), all.end(), 0));
  };
  const auto first_of = [&](std::uint8_t digit) {
    const auto& labels = mnist.test.labels;
    return mnist.test.image(
        static_cast<std::size_t>(std::find(labels.begin(), labels.end(), digit) - labels.begin()));
  };
  add("a 7", count_nonzero(first_of(7)));
  add("a 1", count_nonzero(first_of(1)));
  add("a 0", count_nonzero(first_of(0)));
  const double mean = count_nonzero({mnist.train.pixels.data(), mnist.train.count * pixels}) /
                      static_cast<double>(mnist.train.count);
  add("all images, on average", std::round(mean));
  add("every pixel", static_cast<double>(pixels));
  table.print();
}

}  // namespace

int main(int argc, char** argv) {
  return nn::run_demonstration("09_fast_training", argc, argv, [](const nn::Mnist& mnist) {
    const nn::UseProduct<float> use(nn::fastest_product<float>().product);
    Run plain = run_with(false, mnist), fast = run_with(true, mnist);
    nn::Table table({"step", "loss, epoch 1", "epoch 2"});
    for (const auto& [name, run] : {std::pair<const char*, const Run&>{"plain", plain}, {"fast", fast}})
      table.add({name, format_number(run.losses[0]), format_number(run.losses[1])});
    table.print();
    fmt::print("weights that differ: {}\n\n", unlike_weights(plain.state.network, fast.state.network));
    print_zeros(mnist);
  });
}

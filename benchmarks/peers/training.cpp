// Our training against libtorch's: the same network, batch, optimizer (SGD) and images of MNIST, each side with one thread
// and with two; what counts is the better one.   peers_training [--json FILE] [--rounds N]
#include <torch/torch.h>
//
#include <CLI/CLI.hpp>
#include <algorithm>
#include <fmt/format.h>
#include <fstream>
#include <nlohmann/json.hpp>

#include "06_simd_matmul/products.hpp"
#include "09_fast_training/fast_step.hpp"
#include "common/parallel/thread_pool.hpp"
#include "context.hpp"
#include "peak.hpp"
#include "peers/interleaved.hpp"

namespace nn {
namespace {

constexpr std::size_t kBatch = 128, kEpochImages = 60'000;

// An epoch of ours over the images, shuffled, from bytes on.
void train_ours(const LabeledImages& images, std::size_t hidden, std::size_t threads) {
  if (threads != thread_count()) start_threads(threads);
  Recipe recipe;
  recipe.hidden = {hidden}, recipe.epochs = 1, recipe.batch_size = kBatch, recipe.optimizer = "sgd";
  recipe.learning_rate = 0.01;
  TrainingState state = start_training(recipe, 784);
  train(state, images, fast_step(state, images));
}

// The same steps in libtorch; its images are floats in one tensor already, and their order is left as it is.
void train_torch(const torch::Tensor& x, const torch::Tensor& labels, std::size_t hidden,
                 std::size_t threads) {
  at::set_num_threads(int(threads));
  torch::nn::Sequential network(torch::nn::Linear(784, long(hidden)), torch::nn::ReLU(),
                                torch::nn::Linear(long(hidden), 10));
  torch::optim::SGD optimizer(network->parameters(), 0.01);
  for (long at = 0; at < x.size(0); at += long(kBatch)) {
    optimizer.zero_grad();
    const auto loss = torch::nn::functional::cross_entropy(
        network->forward(x.slice(0, at, at + long(kBatch))), labels.slice(0, at, at + long(kBatch)));
    loss.backward();
    optimizer.step();
  }
}

int run(const std::string& json_file, int rounds) {
  const UseProduct<float> use(fastest_product<float>().product);
  const Mnist mnist = load_mnist("");
  const std::size_t count = std::min<std::size_t>(100 * kBatch, mnist.train.count / kBatch * kBatch);
  const LabeledImages images = first_images(mnist.train, count);
  const auto bytes = [](const SharedBytes& from, std::initializer_list<long> shape) {
    return torch::from_blob(const_cast<std::uint8_t*>(from.data()), shape, torch::kByte);
  };
  const auto x = bytes(images.pixels, {long(count), 784}).to(torch::kFloat) / 255;
  const auto labels = bytes(images.labels, {long(count)}).to(torch::kLong);
  torch::mm(x, x.t().slice(1, 0, 128));  // starts the threads of libtorch's matrix product
  spread_threads();
  const double peak = fma_peak();
  nlohmann::json result = {{"context", measured_on()}, {"peak", peak}};
  fmt::print(
      "FMA peak of a core {:.1f} GFLOP/s; seconds an epoch of {} images, SGD, batch {}, median of {} "
      "rounds\n",
      peak, kEpochImages, kBatch, rounds);
  for (const std::size_t hidden : {128u, 800u}) {
    std::vector<Candidate> candidates = {{"ours, 1 thread", [&] { train_ours(images, hidden, 1); }},
                                         {"ours, 2 threads", [&] { train_ours(images, hidden, 2); }},
                                         {"libtorch, 1 thread", [&] { train_torch(x, labels, hidden, 1); }},
                                         {"libtorch, 2 threads", [&] { train_torch(x, labels, hidden, 2); }}};
    take_turns(candidates, rounds, 1, std::chrono::milliseconds(50));
    std::vector<double> seconds;
    for (const Candidate& candidate : candidates) {
      seconds.push_back(median(candidate.seconds) * double(kEpochImages) / double(count));
      fmt::print("784-{}-10  {:20} {:.3f} s\n", hidden, candidate.name, seconds.back());
      result[fmt::format("784-{}-10", hidden)][candidate.name] = seconds.back();
    }
    auto& row = result[fmt::format("784-{}-10", hidden)];
    row["libtorch / ours"] = std::min(seconds[2], seconds[3]) / std::min(seconds[0], seconds[1]);
    row["1 thread / 2 threads"] = seconds[0] / seconds[1];
    fmt::print("784-{}-10  libtorch / ours {:.2f}, two threads {:.2f} times one\n", hidden,
               row["libtorch / ours"].get<double>(), row["1 thread / 2 threads"].get<double>());
  }
  if (!json_file.empty()) std::ofstream(json_file) << result.dump(1) << '\n';
  return 0;
}

}  // namespace
}  // namespace nn

int main(int argc, char** argv) {
  CLI::App app("our training against libtorch's");
  std::string json_file;
  int rounds = 7;
  app.add_option("--json", json_file, "also write the numbers to this file");
  app.add_option("--rounds", rounds, "the median is of so many");
  CLI11_PARSE(app, argc, argv);
  return nn::run(json_file, rounds);
}

// measure_handwriting: how well `digits predict` reads MNIST's test digits when they are rendered as photos.
#include <CLI/CLI.hpp>
#include <atomic>
#include <fmt/format.h>
#include <fstream>
#include <mutex>
#include <thread>

#include "01_matrix/argmax.hpp"
#include "01_matrix/digits_as_matrix.hpp"
#include "03_softmax/softmax.hpp"
#include "10_mnist/handwriting/prepare.hpp"
#include "10_mnist/model_file.hpp"
#include "common/data/mnist.hpp"
#include "common/files/atomic_file.hpp"
#include "common/terminal/print.hpp"
#include "rendering.hpp"

namespace nn::rendering {
namespace {

struct Options {
  std::string model, data, only, keep, without;
  std::size_t count = 1000, seed = 1, threads = 2;
};

struct Answer {
  bool right = false;
  float sure = 0;
  std::size_t digits = 0;
};

Answer ask(Network<float>& network, const Preparation& preparation, std::uint8_t label) {
  Answer best{false, 0, preparation.digits.size()};
  std::size_t area = 0;
  for (const PreparedDigit& digit : preparation.digits) {
    if (digit.box.width * digit.box.height <= area) continue;  // the largest
    area = digit.box.width * digit.box.height;
    const auto x = pixels_as_rows<float>(digit.pixels.pixels, 784);
    const auto p = softmax(network.forward(x)).values;
    const std::size_t answer = argmax(std::as_const(p).row(0));
    best.right = answer == label, best.sure = p(0, answer);
  }
  best.right = best.right && preparation.digits.size() == 1;
  return best;
}

Answer answer_photo(Network<float>& network, const Mnist& mnist, std::size_t i, const std::string& kind,
                    const Options& options, const PreparationSteps& steps) {
  Random random(options.seed * 1'000'003 + i * 101 + std::hash<std::string>{}(kind) % 1009);
  const Style style = random_style(kind, random);
  const Photo photo = render(mnist.test.image(i), style, random);
  const auto jpeg = as_jpeg(photo, style.quality);
  const std::string name = fmt::format("{}_{}", kind, i);
  const Preparation preparation = prepare_digits(parse_gray_image(jpeg, name), {.steps = steps});
  const Answer answer = ask(network, preparation, mnist.test.labels[i]);
  if (!options.keep.empty() && !answer.right) {
    std::string file = name;
    std::replace(file.begin(), file.end(), ' ', '_');
    write_file_atomically(options.keep + "/" + file + ".jpg", std::span<const std::uint8_t>(jpeg));
    for (std::size_t d = 0; d < std::min<std::size_t>(preparation.digits.size(), 3); ++d)
      write_png(fmt::format("{}/{}_{}.png", options.keep, file, d), preparation.digits[d].pixels);
  }
  return answer;
}

std::vector<Answer> answers_of(const std::string& kind, const Mnist& mnist, const Options& options,
                               const PreparationSteps& steps) {
  std::vector<Answer> answers(options.count);
  std::atomic<std::size_t> next = 0;
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < options.threads; ++t) {
    threads.emplace_back([&] {
      Network<float> network = load_model(options.model);
      for (std::size_t i; (i = next++) < options.count;)
        answers[i] = answer_photo(network, mnist, i, kind, options, steps);
    });
  }
  for (std::thread& thread : threads) thread.join();
  return answers;
}

int run(const Options& options) {
  const Mnist mnist = load_mnist(options.data, [](const std::string&) {});
  Network<float> network = load_model(options.model);
  std::size_t right = 0;
  for (std::size_t i = 0; i < options.count; ++i) {
    const auto x = pixels_as_rows<float>(mnist.test.image(i), 784);
    const auto p = softmax(network.forward(x)).values;
    right += argmax(std::as_const(p).row(0)) == mnist.test.labels[i];
  }
  const auto share = [&](std::size_t n) {
    return fmt::format("{:.1f}%", 100. * static_cast<double>(n) / static_cast<double>(options.count));
  };
  fmt::print("unrendered     {}\n", share(right));
  std::size_t sure = 0, sure_right = 0;
  for (const std::string kind : kKinds) {
    if (!options.only.empty() && options.only.find(kind) == std::string::npos) continue;
    std::size_t correct = 0, none = 0, several = 0;
    for (const Answer& a : answers_of(kind, mnist, options, {})) {
      correct += a.right, none += a.digits == 0, several += a.digits > 1;
      sure += a.sure >= 0.9f, sure_right += a.sure >= 0.9f && a.right;
    }
    fmt::print("{:14} {}  none {} several {}\n", kind, share(correct), none, several);
    std::fflush(stdout);
  }
  fmt::print("sure {}: right {:.2f}%\n", sure,
             100. * static_cast<double>(sure_right) / static_cast<double>(sure));
  return 0;
}

}  // namespace
}  // namespace nn::rendering

int main(int argc, char** argv) {
  nn::rendering::Options options;
  CLI::App app("Measures the preparation of handwriting on rendered photos.");
  app.add_option("--model", options.model)->required();
  app.add_option("--data", options.data);
  app.add_option("--count", options.count);
  app.add_option("--seed", options.seed);
  app.add_option("--threads", options.threads);
  app.add_option("--only", options.only);
  app.add_option("--keep", options.keep, "write misread pictures here");
  CLI11_PARSE(app, argc, argv);
  return nn::rendering::run(options);
}

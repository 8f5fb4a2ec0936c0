// digits gradcheck: are the gradients of the full classifier right, on real images?
#include <fmt/format.h>
#include <memory>

#include "01_matrix/digits_as_matrix.hpp"
#include "05_backprop/gradient_check.hpp"
#include "07_training/initialise.hpp"
#include "08_mnist/recipe.hpp"
#include "commands.hpp"
#include "common/print.hpp"
#include "common/program.hpp"

namespace nn::digits {
namespace {

constexpr std::size_t kBatch = 16;
constexpr double kTolerance = 1e-7;  // of the tensor's largest slope

struct Options {
  std::string data, json;
};

std::vector<TensorCheck> check(const Mnist& mnist) {
  const std::size_t width = mnist.train.images.height * mnist.train.images.width;
  const std::size_t batch = std::min(kBatch, mnist.train.images.count);
  auto network = make_network<double>({width, recipe_named("default").hidden.front(), kClasses});
  Random random(1);
  initialise(network, Initialisation::kPyTorch, random);
  const std::span<const std::uint8_t> pixels = mnist.train.images.pixels, labels = mnist.train.labels;
  const auto x = pixels_as_rows<double>(pixels.first(batch * width), width);
  return gradient_check(network, x, labels.first(batch));
}

int run(const Options& options) {
  check_output(options.json);
  const Mnist mnist = load(options.data);
  const auto checks = check(mnist);
  Table table(
      {"tensor", "checked", "largest slope", "worst error", "at", "backward says", "measured", "verdict"});
  nlohmann::json tensors = nlohmann::json::array();
  bool all_right = true;
  for (const TensorCheck& c : checks) {
    const bool right = c.relative_error() <= kTolerance;
    all_right = all_right && right;
    table.add({c.name, std::to_string(c.checked), format_number(c.largest, 3),
               format_number(c.relative_error(), 2), fmt::format("({}, {})", c.worst_row, c.worst_col),
               format_number(c.worst_gradient, 7), format_number(c.worst_slope, 7),
               right ? "right" : "WRONG"});
    tensors.push_back(
        {{"tensor", c.name}, {"checked", c.checked}, {"error", c.relative_error()}, {"right", right}});
  }
  table.print();
  fmt::print("{}\n", all_right ? "Every gradient is the slope of the loss."
                               : "At least one gradient is not the slope of the loss.");
  write_json(options.json, {{"tensors", tensors}, {"right", all_right}, {"data", mnist.source}});
  return all_right ? kDone : kFailed;
}

}  // namespace

void add_gradcheck(CLI::App& app, Work& work) {
  const auto options = std::make_shared<Options>();
  CLI::App& command = *app.add_subcommand("gradcheck", "backward against measured slopes, on real images");
  add_data_option(command, options->data);
  command.add_option("--json", options->json, "also write the result to this file");
  command.callback([&work, options] { work = [options] { return run(*options); }; });
}

}  // namespace nn::digits

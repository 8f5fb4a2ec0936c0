// digits predict: what a saved model sees in a picture.
#include <fmt/format.h>
#include <memory>

#include "01_matrix/argmax.hpp"
#include "01_matrix/digits_as_matrix.hpp"
#include "03_softmax/softmax.hpp"
#include "10_mnist/model_file.hpp"
#include "commands.hpp"
#include "common/terminal/print.hpp"
#include "common/terminal/program.hpp"
#include "default_product.hpp"
#include "picture.hpp"

namespace nn::digits {
namespace {

struct Options {
  std::string model;
  std::vector<std::string> images;
};

int run(const Options& options) {
  const UseProduct<float> use(default_product<float>().product);
  Network<float> network = load_model(options.model);
  std::vector<GrayImage> pictures;  // all of them are read before the first answer
  for (const std::string& file : options.images) pictures.push_back(read_digit(file, input_width(network)));
  std::vector<std::string> headings = {"image", "answer"};
  for (std::size_t c = 0; c < kClasses; ++c) headings.push_back("p(" + std::to_string(c) + ")");
  Table table(headings);
  for (std::size_t i = 0; i < pictures.size(); ++i) {
    const auto x = pixels_as_rows<float>(pictures[i].pixels, input_width(network));
    const auto p = softmax(network.forward(x)).values;
    std::vector<std::string> row = {options.images[i], std::to_string(argmax(std::as_const(p).row(0)))};
    for (const float value : p.row(0)) row.push_back(fmt::format("{:.4f}", value));
    table.add(row);
  }
  table.print();
  return kDone;
}

}  // namespace

void add_predict(CLI::App& app, Work& work) {
  const auto options = std::make_shared<Options>();
  CLI::App& command = *app.add_subcommand("predict", "what a saved model sees in pictures of digits");
  add_model_option(command, options->model);
  command.add_option("images", options->images, "pictures, 28 x 28, white on black (PNG, JPEG, BMP, PGM)")
      ->required();
  command.callback([&work, options] { work = [options] { return run(*options); }; });
}

}  // namespace nn::digits

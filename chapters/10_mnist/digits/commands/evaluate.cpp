// digits evaluate: how good a saved model is on the test images.
#include <fmt/format.h>
#include <memory>
#include <nlohmann/json.hpp>

#include "10_mnist/digits/classifier_figures.hpp"
#include "10_mnist/model_file.hpp"
#include "commands.hpp"
#include "common/terminal/program.hpp"
#include "default_product.hpp"
#include "watch.hpp"

namespace nn::digits {
namespace {

struct Options {
  std::string model, data, json, plots;
};

int run(const Options& options) {
  const UseProduct<float> use(default_product<float>().product);
  check_output(options.json, {options.model});
  check_plots_folder(options.plots);
  Network<float> network = load_model(options.model);
  const Mnist mnist = load(options.data);
  check_width(network, options.model, mnist.test, mnist.source);
  const Evaluation evaluation = evaluate(network, mnist.test);
  fmt::print("{} on the test images of {}\n", options.model, mnist.source);
  print_evaluation(evaluation);
  nlohmann::json json = to_json(evaluation);
  json["data"] = mnist.source;
  json["model"] = options.model;
  write_json(options.json, json);
  if (!options.plots.empty()) write_plots(options.plots, classifier_figures(network, mnist.test));
  return kDone;
}

}  // namespace

void add_evaluate(const Command& app, Work& work) {
  const auto options = std::make_shared<Options>();
  const Command command = app.add_subcommand("evaluate", "accuracy of a saved model on the test images");
  add_model_option(command, options->model);
  add_data_option(command, options->data);
  command.add_option("--json", options->json, "also write the result to this file");
  command.add_option("--plots", options->plots,
                     "draw the result into this folder: confusion, mistakes, what the layers see");
  command.callback([&work, options] { work = [options] { return run(*options); }; });
}

}  // namespace nn::digits

// digits gradcheck: are the gradients of the full classifier right, on real images? And with a bug planted: is it found?
#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "01_matrix/digits_as_matrix.hpp"
#include "05_backprop/diagnosis/diagnosis.hpp"
#include "05_backprop/diagnosis/planted_bugs.hpp"
#include "07_training/initialize.hpp"
#include "10_mnist/recipes.hpp"
#include "commands.hpp"
#include "common/terminal/print.hpp"
#include "common/terminal/program.hpp"
#include "default_product.hpp"

namespace nn::digits {
namespace {

constexpr std::size_t kBatch = 16;

struct Options {
  std::string plant, data, json;
};

std::vector<std::string> names_to_plant() {
  std::vector<std::string> names = {"list", "surprise"};
  for (const PlantedBug& bug : planted_bugs()) names.push_back(bug.name);
  return names;
}

// One of them, by the clock.
const PlantedBug& surprise() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch().count();
  return planted_bugs()[Random(static_cast<std::uint64_t>(now)).below(planted_bugs().size())];
}

// The recipe's network on the first images; bug: null for the course's own layers.
Diagnosis check(const Mnist& mnist, const PlantedBug* bug) {
  const UseProduct<double> use(default_product<double>().product);
  const std::size_t width = mnist.train.height * mnist.train.width;
  const std::size_t batch = std::min(kBatch, mnist.train.count);
  std::vector<std::size_t> widths = {width};
  for (const std::size_t hidden : recipe_named("default").hidden) widths.push_back(hidden);
  widths.push_back(kClasses);
  auto network = bug == nullptr ? make_network<double>(widths) : make_network_with(bug->bug, widths);
  Random random(1);
  initialize(network, Initialization::kPyTorch, random);
  const std::span<const std::uint8_t> pixels = mnist.train.pixels, labels = mnist.train.labels;
  const auto x = pixels_as_rows<double>(pixels.first(batch * width), width);
  if (bug == nullptr) return diagnose(network, x, labels.first(batch), usual_backward);
  return diagnose(network, x, labels.first(batch),
                  [&](auto& net, const auto& inputs, const auto& its_labels) {
                    backward_with(bug->bug, net, inputs, its_labels);
                  });
}

void print_numbers(const Diagnosis& diagnosis, bool verdicts) {
  Table table({"tensor", "checked", "kinks", "largest derivative", "relative error", "worst at", "gradient",
               "measured", verdicts ? "verdict" : ""});
  for (const auto& [c, verdict, words] : diagnosis.tensors) {
    table.add({c.name, std::to_string(c.checked), std::to_string(c.kinks), format_number(c.largest, 3),
               format_number(c.relative_error(), 2), fmt::format("({}, {})", c.worst_row, c.worst_col),
               format_number(c.worst_gradient, 7), format_number(c.worst_measured, 7),
               !verdicts                      ? ""
               : verdict == Verdict::kCorrect ? "correct"
               : verdict == Verdict::kWrong   ? "WRONG"
                                              : "not compared"});
  }
  table.print();
}

nlohmann::json to_json(const Diagnosis& diagnosis, const std::string& data, const PlantedBug* bug) {
  nlohmann::json tensors = nlohmann::json::array();
  for (const auto& [c, verdict, words] : diagnosis.tensors) {
    tensors.push_back({{"tensor", c.name},
                       {"checked", c.checked},
                       {"kinks", c.kinks},
                       {"error", c.relative_error()},
                       {"gradient", c.worst_gradient},
                       {"measured", c.worst_measured},
                       {"correct", verdict == Verdict::kCorrect},
                       {"verdict", words}});
  }
  return {{"tensors", tensors},
          {"correct", diagnosis.correct},
          {"verdict", diagnosis.explanation},
          {"data", data},
          {"planted", bug == nullptr ? "" : bug->name}};
}

// Lets the reader guess from the numbers alone, as often as they like.
void guess(const PlantedBug& bug) {
  fmt::print("\nOne bug is planted. Which one? A name from --plant list; an empty line gives up.\n");
  for (std::string answer;;) {
    fmt::print("> ");
    std::fflush(stdout);
    if (!std::getline(std::cin, answer) || answer.empty()) break;
    if (answer == bug.name) return fmt::print("Found!\n\n");
    fmt::print("Not that one.\n");
  }
  fmt::print("\n");
}

int list_bugs() {
  for (const PlantedBug& bug : planted_bugs()) fmt::print("{:16}  {}\n", bug.name, bug.breaks);
  return kDone;
}

int run(const Options& options) {
  if (options.plant == "list") return list_bugs();
  check_output(options.json);
  const bool is_surprise = options.plant == "surprise";
  const PlantedBug* bug = options.plant.empty() ? nullptr
                          : is_surprise         ? &surprise()
                                                : &planted_bug_named(options.plant);
  const Mnist mnist = load(options.data);
  const Diagnosis diagnosis = check(mnist, bug);
  if (bug != nullptr && !is_surprise) fmt::print("planted: {}: {}\n", bug->name, bug->breaks);
  print_numbers(diagnosis, !is_surprise);
  if (is_surprise) {
    guess(*bug);
    fmt::print("planted: {}: {}\n", bug->name, bug->breaks);
  }
  fmt::print("{}\n", diagnosis.explanation);
  write_json(options.json, to_json(diagnosis, mnist.source, bug));
  if (diagnosis.wrong) throw Error("gradcheck: backward does not return the derivatives of the loss");
  if (!diagnosis.correct) throw Error("gradcheck: not every gradient could be compared");
  return kDone;
}

}  // namespace

void add_gradcheck(const Command& app, Work& work) {
  const auto options = std::make_shared<Options>();
  const Command command = app.add_subcommand(
      "gradcheck", "compares the gradients of backward with measured derivatives, on real images");
  command.add_option("--plant", options->plant, "plant a bug to see it found: its name, list, or surprise")
      .one_of(names_to_plant());
  add_data_option(command, options->data);
  command.add_option("--json", options->json, "also write the result to this file");
  command.callback([&work, options] { work = [options] { return run(*options); }; });
}

}  // namespace nn::digits

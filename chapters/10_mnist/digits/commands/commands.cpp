#include "commands.hpp"

#include <filesystem>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "10_mnist/model_file.hpp"
#include "common/files/atomic_file.hpp"
#include "common/terminal/print.hpp"
#include "common/terminal/program.hpp"

namespace nn::digits {

void add_model_option(const Command& command, std::string& model) {
  command.add_option("--model", model, "a model that train --save wrote, or PyTorch").required();
}

void add_data_option(const Command& command, std::string& data) {
  command.add_option("--data", data, "a folder with the four MNIST files, or: sample, full");
}

Mnist load(const std::string& data) {
  return load_mnist(data, [](const std::string& line) { std::fputs((line + "\n").c_str(), stderr); });
}

std::string accuracy_text(const Evaluation& e) {
  const std::string accuracy = fmt::format("{:.2f}%", 100 * e.accuracy());
  const std::string counts = fmt::format("{} of {} images", e.right, e.count);
  if (e.standard_error_holds())
    return fmt::format("{} ± {:.2f} (one standard error; {})", accuracy, 100 * e.standard_error(), counts);
  return fmt::format("{} ({}, too few for a standard error: with 95% confidence {:.2f} to {:.2f}%)", accuracy,
                     counts, 100 * e.interval().low, 100 * e.interval().high);
}

void print_evaluation(const Evaluation& evaluation) {
  fmt::print("test accuracy {}, loss {}\n", accuracy_text(evaluation), format_number(evaluation.loss, 4));
  std::vector<std::string> headings = {"true \\ answer"};
  for (std::size_t c = 0; c < kClasses; ++c) headings.push_back(std::to_string(c));
  Table table(headings);
  for (std::size_t r = 0; r < kClasses; ++r) {
    std::vector<std::string> row = {std::to_string(r)};
    for (const double count : evaluation.confusion.row(r))
      row.push_back(count == 0 ? "." : format_number(count));
    table.add(row);
  }
  table.print();
}

nlohmann::json to_json(const Evaluation& evaluation) {
  nlohmann::json confusion = nlohmann::json::array();
  for (std::size_t r = 0; r < kClasses; ++r) {
    nlohmann::json row = nlohmann::json::array();
    for (const double count : evaluation.confusion.row(r)) row.push_back(static_cast<std::size_t>(count));
    confusion.push_back(row);
  }
  return {{"test_accuracy", evaluation.accuracy()},
          {"test_standard_error", evaluation.standard_error()},
          {"test_accuracy_interval", {evaluation.interval().low, evaluation.interval().high}},
          {"test_loss", evaluation.loss},
          {"test_images", evaluation.count},
          {"test_confusion", confusion}};
}

void check_output(const std::string& file, const std::vector<std::string>& others) {
  if (file.empty()) return;
  for (const std::string& other : others) {
    std::error_code ignored;
    if (file == other || std::filesystem::equivalent(file, other, ignored)) {
      throw UsageError(
          fmt::format("{}: two options name this file, and one would destroy the other's", file));
    }
  }
  check_writable(file);
}

void write_json(const std::string& file, const nlohmann::json& json) {
  if (!file.empty())
    write_file_atomically(file, json.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
}

void check_width(Network<float>& network, const std::string& model, const ImageSet& images,
                 const std::string& data) {
  const std::size_t width = images.height * images.width;
  if (input_width(network) == width) return;
  throw Error(fmt::format("{}: takes {} numbers, the images of {} have {} x {} = {} pixels", model,
                          input_width(network), data, images.height, images.width, width));
}

}  // namespace nn::digits

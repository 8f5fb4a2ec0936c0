// digits predict: what a saved model sees in a picture.
#include <filesystem>
#include <fmt/format.h>
#include <memory>
#include <nlohmann/json.hpp>

#include "01_matrix/argmax.hpp"
#include "01_matrix/digits_as_matrix.hpp"
#include "03_softmax/softmax.hpp"
#include "10_mnist/handwriting/strip.hpp"
#include "10_mnist/model_file.hpp"
#include "commands.hpp"
#include "common/files/atomic_file.hpp"
#include "common/terminal/print.hpp"
#include "common/terminal/program.hpp"
#include "default_product.hpp"
#include "picture.hpp"

namespace nn::digits {
namespace {

// An answer with a smaller probability is shown as unsure. Of the answers to rendered photos with this one or a larger
// one, nearly all were correct (docs/results/handwriting_photos.md).
constexpr float kSure = 0.9f;

struct Options {
  std::string model, json, show;
  std::vector<std::string> images;
  bool prepared = false;
};

struct Answer {
  Box box;
  std::size_t digit = 0;
  std::vector<float> p;  // of each class
  bool has_too_many_strokes = false;

  bool is_sure() const { return p[digit] >= kSure && !has_too_many_strokes; }
};

// One file, and what was found on it.
struct Reading {
  PictureOfDigits picture;
  std::vector<Answer> answers;
};

// The strip of steps of each digit, in the folder: FILE_1.png, FILE_2.png, ...
void write_strips(const std::string& folder, const PictureOfDigits& picture, const StepPictures& steps) {
  const std::string stem = std::filesystem::path(picture.file).stem().string();
  const auto& digits = picture.preparation.digits;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    write_png(std::filesystem::path(folder) / fmt::format("{}_{}.png", stem, i + 1),
              steps.strip(picture.image, digits[i].box, static_cast<int>(i)));
  }
}

Reading read(const std::string& file, Network<float>& network, const Options& options) {
  StepPictures steps;
  const bool shows = !options.show.empty();
  Reading reading{
      read_digits(file, input_width(network), options.prepared, shows ? steps.recorder() : StepRecorder()),
      {}};
  for (const PreparedDigit& digit : reading.picture.preparation.digits) {
    const auto x = pixels_as_rows<float>(digit.pixels.pixels, input_width(network));
    const Matrix<float> p = softmax(network.forward(x)).values;
    reading.answers.push_back(
        {digit.box, argmax(p.row(0)), {p.row(0).begin(), p.row(0).end()}, digit.has_too_many_strokes});
  }
  if (shows) write_strips(options.show, reading.picture, steps);
  return reading;
}

void print_answers(const std::vector<Reading>& readings) {
  std::vector<std::string> headings = {"image", "answer"};
  for (std::size_t c = 0; c < kClasses; ++c) headings.push_back("p(" + std::to_string(c) + ")");
  headings.push_back("left, top, width x height");
  Table table(headings);
  for (const Reading& reading : readings) {
    for (const Answer& answer : reading.answers) {
      std::vector<std::string> row = {reading.picture.file,
                                      std::to_string(answer.digit) + (answer.is_sure() ? "" : " unsure")};
      for (const float value : answer.p) row.push_back(fmt::format("{:.4f}", value));
      const Box& b = answer.box;
      row.push_back(fmt::format("{}, {}, {} x {}", b.left, b.top, b.width, b.height));
      table.add(row);
    }
  }
  table.print();
}

nlohmann::json to_json(const Reading& reading) {
  nlohmann::json digits = nlohmann::json::array();
  for (const Answer& answer : reading.answers) {
    const Box& b = answer.box;
    digits.push_back({{"answer", answer.digit},
                      {"sure", answer.is_sure()},
                      {"too_many_strokes", answer.has_too_many_strokes},
                      {"probabilities", answer.p},
                      {"box", {{"left", b.left}, {"top", b.top}, {"width", b.width}, {"height", b.height}}}});
  }
  nlohmann::json json = {{"file", reading.picture.file},
                         {"width", reading.picture.image.width},
                         {"height", reading.picture.image.height},
                         {"digits", digits}};
  if (digits.empty()) json["why_none"] = reading.picture.preparation.why_none;
  return json;
}

// Throws Error that says of every picture without digits why there are none.
void complain_of_empty_ones(const std::vector<Reading>& readings) {
  std::string text;
  for (const Reading& reading : readings) {
    if (!reading.answers.empty()) continue;
    text += (text.empty() ? "" : "; ") + reading.picture.file + ": " + reading.picture.preparation.why_none;
  }
  if (!text.empty()) throw Error(text);
}

int run(const Options& options) {
  check_output(options.json);
  if (!options.show.empty()) make_output_folder(options.show);
  const UseProduct<float> use(default_product<float>().product);
  Network<float> network = load_model(options.model);
  std::vector<Reading> readings;  // all of them are read before the first answer
  for (const std::string& file : options.images) readings.push_back(read(file, network, options));
  nlohmann::json json = nlohmann::json::array();
  std::size_t answers = 0;
  for (const Reading& reading : readings) json.push_back(to_json(reading)), answers += reading.answers.size();
  if (answers > 0) print_answers(readings);
  write_json(options.json, {{"images", json}});
  complain_of_empty_ones(readings);
  return kDone;
}

}  // namespace

void add_predict(const Command& app, Work& work) {
  const auto options = std::make_shared<Options>();
  const Command command =
      app.add_subcommand("predict", "what a saved model sees in pictures of handwritten digits");
  add_model_option(command, options->model);
  command
      .add_option("images", options->images,
                  "photos, scans or drawings of one digit or several (PNG, JPEG, BMP, PGM, PPM)")
      .required();
  command.add_flag("--prepared", options->prepared,
                   "take the pictures as they are: 28 x 28, white on black, as in MNIST");
  command.add_option("--show", options->show,
                     "write a strip of the preparation's steps for each digit into this folder");
  command.add_option("--json", options->json, "write boxes and probabilities into this file");
  command.callback([&work, options] { work = [options] { return run(*options); }; });
}

}  // namespace nn::digits

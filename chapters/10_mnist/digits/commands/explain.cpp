// digits explain: every number on the way from a picture to an answer.
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
  std::string model, image;
  bool prepared = false;
};

// The digit of the picture. Throws Error unless there is one and only one.
GrayImage only_digit(const Options& options, std::size_t network_inputs) {
  const PictureOfDigits picture = read_digits(options.image, network_inputs, options.prepared);
  const auto& digits = picture.preparation.digits;
  if (digits.empty()) throw Error(options.image + ": " + picture.preparation.why_none);
  if (digits.size() > 1) {
    throw Error(fmt::format("{}: shows {} digits, and one can be explained: cut it out", options.image,
                            digits.size()));
  }
  return digits[0].pixels;
}

void print_layer(const std::string& title, const Matrix<float>& values) {
  constexpr std::size_t kPerLine = 10;
  fmt::print("\n{}\n", title);
  for (std::size_t at = 0; at < values.cols(); at += kPerLine) {
    std::string line = fmt::format("  {:>4}:", at);
    for (std::size_t c = at; c < std::min(at + kPerLine, values.cols()); ++c) {
      line += fmt::format(" {:>8}", format_number(static_cast<double>(values(0, c)), 3));
    }
    fmt::print("{}\n", line);
  }
}

int run(const Options& options) {
  const UseProduct<float> use(default_product<float>().product);
  Network<float> network = load_model(options.model);
  const GrayImage picture = only_digit(options, input_width(network));
  fmt::print("{}\n{}", options.image, image_as_text(picture.pixels, picture.width));
  const Matrix<float> x = pixels_as_rows<float>(picture.pixels, input_width(network));
  const Matrix<float>* values = &x;
  for (std::size_t i = 0; i < network.size(); ++i) {
    values = &network.layer(i).forward(*values);
    const bool is_relu = network.layer(i).parameters().empty();
    const char* title = i + 1 == network.size() ? "the logits, a score a digit"
                        : is_relu               ? "ReLU of these"
                                                : "weighted sums";
    print_layer(fmt::format("layer {}: {} ({})", i, title, values->cols()), *values);
  }
  const auto p = softmax(Logits<float>(*values)).values;
  print_layer("softmax: the probability of each digit", p);
  fmt::print("\nThe answer: {}\n", argmax(std::as_const(p).row(0)));
  return kDone;
}

}  // namespace

void add_explain(const Command& app, Work& work) {
  const auto options = std::make_shared<Options>();
  const Command command = app.add_subcommand("explain", "every layer's numbers for one picture");
  add_model_option(command, options->model);
  command.add_option("image", options->image, "a picture of one digit (PNG, JPEG, BMP, PGM)").required();
  command.add_flag("--prepared", options->prepared, "the picture is 28 x 28, white on black, as in MNIST");
  command.callback([&work, options] { work = [options] { return run(*options); }; });
}

}  // namespace nn::digits

// measure_handwriting: how well `digits predict` reads digits that did not come prepared, as tables for docs/results.
//
//   measure_handwriting --model FILE photos            MNIST's test digits rendered as photos, kind by kind
//   measure_handwriting --model FILE steps             the same with one step of the preparation left out at a time
//   measure_handwriting --model FILE sheet FILE.png    a sheet of 50 rows of 100 digits, five rows of each class
//   measure_handwriting --model FILE small FILE.csv    8 x 8 pixels and a label per line, each enlarged to a picture
#include <CLI/CLI.hpp>
#include <atomic>
#include <fmt/format.h>
#include <fstream>
#include <sstream>
#include <thread>

#include "01_matrix/argmax.hpp"
#include "01_matrix/digits_as_matrix.hpp"
#include "03_softmax/softmax.hpp"
#include "10_mnist/handwriting/prepare.hpp"
#include "10_mnist/like_mnist.hpp"
#include "10_mnist/model_file.hpp"
#include "common/data/mnist.hpp"
#include "common/files/atomic_file.hpp"
#include "common/terminal/program.hpp"
#include "rendering.hpp"

namespace nn::rendering {
namespace {

constexpr float kSure = 0.9f;  // as in digits predict

struct Options {
  std::string model, data, only, keep, file;
  std::size_t count = 1000, seed = 1, threads = 2;
  bool validation = false;
};

// What the network answers to one prepared digit.
struct Answer {
  std::size_t digit = 0;
  float probability = 0;
};

Answer ask(Network<float>& network, const GrayImage& digit) {
  const auto x = pixels_as_rows<float>(digit.pixels, digit.pixels.size());
  const Matrix<float> p = softmax(network.forward(x)).values;
  const std::size_t answer = argmax(p.row(0));
  return {answer, p(0, answer)};
}

// How many pictures there were, and what became of them.
struct Tally {
  std::size_t count = 0, correct = 0, none = 0, several = 0, sure = 0, sure_correct = 0;

  void add(const std::vector<Answer>& answers, std::uint8_t label) {
    ++count;
    none += answers.empty(), several += answers.size() > 1;
    const bool is_correct = answers.size() == 1 && answers[0].digit == label;
    correct += is_correct;
    for (const Answer& answer : answers) {
      if (answer.probability < kSure) continue;
      ++sure;
      sure_correct += is_correct;
    }
  }
  void add(const Tally& other) {
    count += other.count, correct += other.correct, none += other.none, several += other.several;
    sure += other.sure, sure_correct += other.sure_correct;
  }
  double accuracy() const { return share(correct, count); }
  double sure_accuracy() const { return share(sure_correct, sure); }

  static double share(std::size_t part, std::size_t whole) {
    return whole == 0 ? 0 : 100 * static_cast<double>(part) / static_cast<double>(whole);
  }
};

// The digits that are rendered: of the test set the first ones; for choices those of the validation images.
LabeledImages digits_to_render(const Options& options) {
  const Mnist mnist = load_mnist(options.data, [](const std::string&) {});
  return options.validation ? last_images(mnist.train, options.count)
                            : first_images(mnist.test, options.count);
}

Random random_for(const Options& options, std::size_t kind, std::size_t digit) {
  return Random((options.seed * kKinds.size() + kind) * 1'000'003 + digit);
}

// Calls work(network, i) for every i below `count`, on several threads with a network each.
template <class Work>
void on_threads(const Options& options, std::size_t count, const Work& work) {
  std::atomic<std::size_t> next = 0;
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < options.threads; ++t) {
    threads.emplace_back([&] {
      Network<float> network = load_model(options.model);
      for (std::size_t i; (i = next++) < count;) work(network, i);
    });
  }
  for (std::thread& thread : threads) thread.join();
}

std::vector<Answer> answers_to(Network<float>& network, const Preparation& preparation) {
  std::vector<Answer> answers;
  for (const PreparedDigit& digit : preparation.digits) answers.push_back(ask(network, digit.pixels));
  return answers;
}

std::vector<std::uint8_t> photo_of(const LabeledImages& digits, std::size_t kind, std::size_t i,
                                   const Options& options) {
  Random random = random_for(options, kind, i);
  const Style style = random_style(kKinds[kind], random);
  return as_jpeg(render(digits.image(i), style, random), style.quality);
}

// A misread photo and up to three of the digits found on it, for a person to look at.
void keep(const Options& options, const std::string& name, std::span<const std::uint8_t> jpeg,
          const Preparation& preparation) {
  std::string file = options.keep + "/" + name;
  std::replace(file.begin(), file.end(), ' ', '_');
  write_file_atomically(file + ".jpg", jpeg);
  for (std::size_t d = 0; d < std::min<std::size_t>(preparation.digits.size(), 3); ++d)
    write_png(fmt::format("{}_{}.png", file, d), preparation.digits[d].pixels);
}

Tally measure_kind(const LabeledImages& digits, std::size_t kind, const Options& options) {
  std::vector<Tally> tallies(options.count);
  on_threads(options, options.count, [&](Network<float>& network, std::size_t i) {
    const auto jpeg = photo_of(digits, kind, i, options);
    const Preparation preparation = prepare_digits(parse_gray_image(jpeg, "photo"));
    tallies[i].add(answers_to(network, preparation), digits.labels[i]);
    if (!options.keep.empty() && tallies[i].correct == 0)
      keep(options, fmt::format("{}_{}_is_{}", kKinds[kind], i, digits.labels[i]), jpeg, preparation);
  });
  Tally sum;
  for (const Tally& tally : tallies) sum.add(tally);
  return sum;
}

Tally measure_unrendered(const LabeledImages& digits, const Options& options) {
  Network<float> network = load_model(options.model);
  Tally tally;
  for (std::size_t i = 0; i < options.count; ++i) {
    const auto pixels = digits.image(i);
    tally.add({ask(network, {28, 28, {pixels.begin(), pixels.end()}})}, digits.labels[i]);
  }
  return tally;
}

std::string row(const std::string& name, const Tally& t) {
  return fmt::format("| {} | {:.1f}% | {} | {} | {} | {:.1f}% |\n", name, t.accuracy(), t.none, t.several,
                     t.sure, t.sure_accuracy());
}

void print_photos(const Options& options) {
  const LabeledImages digits = digits_to_render(options);
  fmt::print(
      "| {} digits as | correct | none found | several found | answers of 90% or more | of these correct |\n"
      "|---|---|---|---|---|---|\n{}",
      options.count, row("unrendered images", measure_unrendered(digits, options)));
  Tally all;
  for (std::size_t kind = 0; kind < kKinds.size(); ++kind) {
    if (!options.only.empty() && options.only != kKinds[kind]) continue;
    const Tally tally = measure_kind(digits, kind, options);
    fmt::print("{}", row(kKinds[kind], tally));
    std::fflush(stdout);
    all.add(tally);
  }
  fmt::print("{}", row("**all photos**", all));
}

// A way to prepare a photo: everything, or without one step.
struct Way {
  std::string name;
  PreparationSteps steps;
};

std::vector<Way> ways_to_prepare() {
  std::vector<Way> ways{{"all steps", {}}};
  const auto without = [&](const char* name, bool PreparationSteps::*step) {
    ways.push_back({name, {}});
    ways.back().steps.*step = false;
  };
  without("paper not divided out", &PreparationSteps::divide_by_paper);
  without("ink taken to be dark", &PreparationSteps::find_polarity);
  without("ruled lines left in", &PreparationSteps::remove_lines);
  without("specks left in", &PreparationSteps::remove_specks);
  without("strokes not joined to digits", &PreparationSteps::join_strokes);
  without("proportions not kept", &PreparationSteps::keep_proportions);
  without("stroke width not adapted", &PreparationSteps::adapt_strokes);
  without("box in the middle instead of the center of mass", &PreparationSteps::center);
  return ways;
}

// The whole photo shrunk to 28 x 28, black and white exchanged: what a program without a preparation does.
Answer answer_resized(Network<float>& network, const GrayImage& image) {
  Picture small = area_average(to_picture(image), kDigitSide, kDigitSide);
  for (float& value : small.values()) value = 1 - value;
  return ask(network, to_image(small));
}

void print_steps(const Options& options) {
  const LabeledImages digits = digits_to_render(options);
  const std::vector<Way> ways = ways_to_prepare();
  // One row a way and one for no preparation at all, one column a kind.
  std::vector<std::vector<std::atomic<std::size_t>>> correct;
  for (std::size_t w = 0; w <= ways.size(); ++w) correct.emplace_back(kKinds.size());
  on_threads(options, options.count * kKinds.size(), [&](Network<float>& network, std::size_t i) {
    const std::size_t kind = i % kKinds.size(), digit = i / kKinds.size();
    const std::uint8_t label = digits.labels[digit];
    const GrayImage image = parse_gray_image(photo_of(digits, kind, digit, options), "photo");
    for (std::size_t w = 0; w < ways.size(); ++w) {
      const auto answers = answers_to(network, prepare_digits(image, {.steps = ways[w].steps}));
      correct[w][kind] += answers.size() == 1 && answers[0].digit == label;
    }
    correct[ways.size()][kind] += answer_resized(network, image).digit == label;
  });
  fmt::print(
      "| preparation | all kinds | the kind that suffers most | without the step | with it "
      "|\n|---|---|---|---|---|\n");
  for (std::size_t w = 0; w <= ways.size(); ++w) {
    std::size_t sum = 0, worst = 0;
    for (std::size_t k = 0; k < kKinds.size(); ++k) {
      sum += correct[w][k];
      const auto lost = [&](std::size_t kind) {
        return static_cast<long>(correct[0][kind]) - static_cast<long>(correct[w][kind]);
      };
      if (lost(k) > lost(worst)) worst = k;
    }
    const std::string name = w < ways.size() ? ways[w].name : "none: shrunk to 28 × 28";
    fmt::print("| {} | {:.1f}% |", name, Tally::share(sum, options.count * kKinds.size()));
    if (w == 0)
      fmt::print(" | | |\n");
    else if (correct[w][worst] >= correct[0][worst])
      fmt::print(" none | | |\n");
    else
      fmt::print(" {} | {:.1f}% | {:.1f}% |\n", kKinds[worst], Tally::share(correct[w][worst], options.count),
                 Tally::share(correct[0][worst], options.count));
  }
}

// A sheet of digits in cells of one size, 50 rows of 100; rows 0 to 4 are zeros, 5 to 9 ones, and so on.
void print_sheet(const Options& options) {
  constexpr std::size_t kRows = 50, kCols = 100;
  const GrayImage image = read_gray_image(options.file);
  const Preparation preparation = prepare_digits(image);
  Network<float> network = load_model(options.model);
  std::vector<std::vector<const PreparedDigit*>> cells(kRows * kCols);
  for (const PreparedDigit& digit : preparation.digits) {
    const std::size_t r = (digit.box.top + digit.box.height / 2) * kRows / image.height;
    const std::size_t c = (digit.box.left + digit.box.width / 2) * kCols / image.width;
    cells[r * kCols + c].push_back(&digit);
  }
  Tally tally;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    std::vector<Answer> answers;
    for (const PreparedDigit* digit : cells[i]) answers.push_back(ask(network, digit->pixels));
    tally.add(answers, static_cast<std::uint8_t>(i / kCols / 5));
    if (!options.keep.empty() && (answers.size() != 1 || answers[0].digit != i / kCols / 5)) {
      for (std::size_t d = 0; d < answers.size(); ++d)
        write_png(
            fmt::format("{}/cell_{}_{}_is_{}_{}.png", options.keep, i / kCols, i % kCols, i / kCols / 5, d),
            cells[i][d]->pixels);
    }
  }
  fmt::print("{}", row("opencv-doc's sheet `digits.png`", tally));
}

// 8 x 8 pixels of 0 to 16, enlarged 16 times between white margins, dark on white.
GrayImage enlarged_digit(std::span<const float> pixels) {
  constexpr std::size_t kSmall = 8, kMargin = 4, kTimes = 16;
  Picture small(kSmall + 2 * kMargin, kSmall + 2 * kMargin, 1);
  for (std::size_t i = 0; i < kSmall * kSmall; ++i)
    small(kMargin + i / kSmall, kMargin + i % kSmall) = 1 - pixels[i] / 16;
  return to_image(enlarge(small, small.rows() * kTimes, small.cols() * kTimes));
}

void print_small(const Options& options) {
  std::ifstream file(options.file);
  if (!file) throw Error(options.file + ": cannot be read");
  Network<float> network = load_model(options.model);
  Tally tally;
  for (std::string line; std::getline(file, line);) {
    std::istringstream numbers(line);
    std::vector<float> values;
    for (std::string number; std::getline(numbers, number, ',');) values.push_back(std::stof(number));
    if (values.size() != 65) throw Error(options.file + ": a line has not 65 numbers");
    const GrayImage image = enlarged_digit(std::span(values).first(64));
    const Preparation preparation = prepare_digits(image);
    const auto answers = answers_to(network, preparation);
    const auto label = static_cast<std::uint8_t>(values[64]);
    tally.add(answers, label);
    if (!options.keep.empty() && (answers.size() != 1 || answers[0].digit != label)) {
      const std::string name = fmt::format("{}/small_{}_is_{}", options.keep, tally.count, label);
      write_png(name + ".png", image);
      for (std::size_t d = 0; d < answers.size(); ++d)
        write_png(fmt::format("{}_{}.png", name, d), preparation.digits[d].pixels);
    }
  }
  fmt::print("{}", row("scikit-learn's digits, enlarged", tally));
}

}  // namespace
}  // namespace nn::rendering

int main(int argc, char** argv) {
  using namespace nn::rendering;
  Options options;
  CLI::App app("Measures how well handwriting that did not come prepared is read.");
  app.fallthrough();
  app.require_subcommand(1);
  app.add_option("--model", options.model)->required();
  app.add_option("--data", options.data, "where MNIST is");
  app.add_option("--count", options.count, "how many digits are rendered");
  app.add_option("--seed", options.seed, "of the photos");
  app.add_option("--threads", options.threads);
  app.add_option("--only", options.only, "one kind of photo");
  app.add_option("--keep", options.keep, "write misread pictures into this folder");
  app.add_flag("--validation", options.validation,
               "render the last training images, for choices, not the test images");
  app.add_subcommand("photos")->callback([&] { print_photos(options); });
  app.add_subcommand("steps")->callback([&] { print_steps(options); });
  CLI::App& sheet = *app.add_subcommand("sheet");
  sheet.add_option("file", options.file)->required();
  sheet.callback([&] { print_sheet(options); });
  CLI::App& small = *app.add_subcommand("small");
  small.add_option("file", options.file)->required();
  small.callback([&] { print_small(options); });
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error);
  } catch (const std::exception& error) {
    fmt::print(stderr, "measure_handwriting: {}\n", error.what());
    return 1;
  }
}

// How far each idea carries: the test accuracies that the first page reports, out of docs/results/staircase.md.
#include <fmt/format.h>
#include <sstream>

#include "common/error.hpp"
#include "common/files/atomic_file.hpp"
#include "plot.hpp"

namespace nn::plots {
namespace {

struct Step {
  std::string classifier, chapter;
  double percent = 0;
};

// The cells of a row of a Markdown table, without the blanks around them.
std::vector<std::string> cells(const std::string& line) {
  std::vector<std::string> found;
  std::istringstream in(line.substr(1));
  for (std::string cell; std::getline(in, cell, '|');) {
    const std::size_t begin = cell.find_first_not_of(' '), end = cell.find_last_not_of(' ');
    found.push_back(begin == cell.npos ? "" : cell.substr(begin, end + 1 - begin));
  }
  return found;
}

// The rows that hold a percentage:  | classifier | chapter | accuracy | command |
std::vector<Step> steps_of(const std::string& table) {
  std::vector<Step> steps;
  std::istringstream lines(table);
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("|")) continue;
    const auto row = cells(line);
    if (row.size() < 3 || row[2].find('%') == std::string::npos) continue;
    steps.push_back({row[0].substr(0, row[0].find(',')), row[1], std::stod(row[2])});
  }
  if (steps.empty()) throw Error("docs/results/staircase.md: no accuracy is in it");
  return steps;
}

std::vector<Figure> make() {
  const auto bytes = read_file(NN_SOURCE_DIR "/docs/results/staircase.md");
  const auto steps = steps_of({bytes.begin(), bytes.end()});
  constexpr double kLeft = 232, kFull = 350, kTop = 92, kRow = 48, kBar = 30;
  Figure figure{.name = "10_staircase",
                .height = static_cast<int>(kTop + kRow * static_cast<double>(steps.size()) + 34)};
  figure.title = "Test accuracy, from guessing to the final classifier";
  figure.line = "Accuracy on the 10,000 test images of MNIST, and errors per 1,000 images.";
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const auto& [classifier, chapter, percent] = steps[i];
    const double top = kTop + kRow * static_cast<double>(i), middle = top + kBar / 2,
                 width = kFull * percent / 100;
    const bool last = i + 1 == steps.size();
    figure.rectangles.push_back({kLeft, top, kFull, kBar, 0xf1f3f6});
    figure.rectangles.push_back({kLeft, top, width, kBar, last ? kBlue : kSky});
    figure.texts.push_back({as_plain(classifier), kLeft - 12, middle - (chapter.empty() ? 0 : 8), kInk,
                            kTextSize, Align::kRight, last});
    if (!chapter.empty())
      figure.texts.push_back(
          {"chapter " + chapter, kLeft - 12, middle + 9, kQuiet, kSmallSize, Align::kRight});
    figure.texts.push_back({fmt::format("{:.{}f}%", percent, percent == 10 ? 0 : 2),
                            percent < 20 ? kLeft + width + 8 : kLeft + width - 8, middle,
                            percent < 20 || !last ? kInk : kWhite, kTextSize,
                            percent < 20 ? Align::kLeft : Align::kRight, true});
    figure.texts.push_back({fmt::format("{:.0f} errors in 1,000", 10 * (100 - percent)), kLeft + kFull + 12,
                            middle, last ? kBlue : kQuiet, kTextSize, Align::kLeft, last});
    figure.data.push_back({classifier, {{static_cast<double>(i), percent}}});
  }
  return {figure};
}

}  // namespace
}  // namespace nn::plots

int main(int argc, char** argv) { return nn::plots::run_plot("10_staircase", argc, argv, nn::plots::make); }

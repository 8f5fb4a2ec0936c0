// The figures in docs/figures are those that their programs draw: every word and number in them is compared. (Not
// the files themselves: another version of gnuplot draws the same picture in other ways.)
#include <cstring>
#include <filesystem>
#include <gtest/gtest.h>
#include <regex>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "common/files/atomic_file.hpp"
#include "pages/plot_programs.hpp"
#include "system/run_command.hpp"
#include "system/temporary_folder.hpp"

namespace nn {
namespace {

namespace fs = std::filesystem;

// The texts of an SVG file in the order of drawing, a line each.
std::string words_of(std::span<const std::uint8_t> file) {
  static const std::regex text("<text>(.*?)</text>"), tag("<[^>]*>");
  const std::string svg(file.begin(), file.end());
  std::string words;
  for (std::sregex_iterator at(svg.begin(), svg.end(), text), end; at != end; ++at)
    words += std::regex_replace((*at)[1].str(), tag, "") + "\n";
  return words;
}
std::string words_of(const char* svg) {
  return words_of(std::vector<std::uint8_t>(svg, std::strchr(svg, '\0')));
}

TEST(Words, of_a_picture_are_its_texts_without_their_dress) {
  EXPECT_EQ(words_of("<g><text><tspan font='a' >9 of 10</tspan></text> <text>p<tspan>2</tspan></text></g>"),
            "9 of 10\np2\n");
  EXPECT_EQ(words_of("<g/>"), "");
}

// The numbers of the chapters that have figures.
std::vector<std::string> chapters_with_figures() {
  std::set<std::string> numbers;
  for (const std::string& program : plot_programs()) numbers.insert(program.substr(0, 2));
  return {numbers.begin(), numbers.end()};
}

class WordsOfChapter : public testing::TestWithParam<std::string> {};

TEST_P(WordsOfChapter, are_those_that_its_programs_draw) {
  if (!NN_CAN_DRAW) GTEST_SKIP() << "gnuplot or gnuplot-iostream is not there";
  const TemporaryFolder drawn;
  for (const std::string& program : plot_programs()) {
    if (!program.starts_with(GetParam())) continue;
    const CommandResult result =
        run_command({std::string(NN_BINARY_DIR) + "/bin/plot_" + program, "--out", drawn.path()});
    ASSERT_EQ(result.exit_code, 0) << program << ": " << result.err;
  }
  const fs::path figures = fs::path(NN_SOURCE_DIR) / "docs/figures";
  ASSERT_EQ(figures_in(figures, GetParam()), figures_in(drawn.path()));
  for (const std::string& name : figures_in(drawn.path())) {
    EXPECT_EQ(words_of(read_file(figures / name)), words_of(read_file(drawn / name)))
        << "docs/figures/" << name << " is not what its program draws now: ./learn plots " << GetParam()
        << " draws it again";
  }
}
INSTANTIATE_TEST_SUITE_P(Figures, WordsOfChapter, testing::ValuesIn(chapters_with_figures()),
                         [](const auto& chapter) { return "of_" + chapter.param; });

}  // namespace
}  // namespace nn

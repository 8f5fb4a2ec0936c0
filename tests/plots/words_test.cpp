// The figures in docs/figures are those that their programs draw: every word and number in them is compared. (Not
// the files themselves: another version of gnuplot draws the same picture in other ways.)
#include <cctype>
#include <cstring>
#include <filesystem>
#include <gtest/gtest.h>
#include <regex>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "common/atomic_file.hpp"
#include "run_command.hpp"
#include "temporary_folder.hpp"

namespace nn {
namespace {

namespace fs = std::filesystem;

const fs::path kRoot = NN_SOURCE_DIR;

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

std::set<std::string> names_in(const fs::path& folder) {
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) names.insert(entry.path().filename());
  return names;
}

TEST(Words, of_a_picture_are_its_texts_without_their_dress) {
  EXPECT_EQ(words_of("<g><text><tspan font='a' >9 of 10</tspan></text> <text>p<tspan>2</tspan></text></g>"),
            "9 of 10\np2\n");
  EXPECT_EQ(words_of("<g/>"), "");
}

TEST(Words, of_every_figure_are_those_that_its_program_draws) {
  if (!NN_CAN_DRAW) GTEST_SKIP() << "gnuplot or gnuplot-iostream is not there";
  const TemporaryFolder drawn;
  for (const auto& entry : fs::directory_iterator(kRoot / "plots")) {
    const std::string program = entry.path().stem();
    if (entry.path().extension() != ".cpp" || !std::isdigit(static_cast<unsigned char>(program[0]))) continue;
    const CommandResult result =
        run_command({std::string(NN_BINARY_DIR) + "/bin/plot_" + program, "--out", drawn.path()});
    ASSERT_EQ(result.exit_code, 0) << program << ": " << result.err;
  }
  EXPECT_EQ(names_in(kRoot / "docs/figures"), names_in(drawn.path()));
  for (const std::string& name : names_in(drawn.path())) {
    if (!fs::exists(kRoot / "docs/figures" / name)) continue;
    EXPECT_EQ(words_of(read_file(kRoot / "docs/figures" / name)), words_of(read_file(drawn / name)))
        << "docs/figures/" << name << " is not what its program draws now: ./learn plots "
        << name.substr(0, 2) << " draws it again";
  }
}

}  // namespace
}  // namespace nn

// Every figure can be drawn, comes out the same to the byte, and what can go wrong is said in one line.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <regex>

#include "common/atomic_file.hpp"
#include "environment_variable.hpp"
#include "run_command.hpp"
#include "temporary_folder.hpp"

namespace nn {
namespace {

namespace fs = std::filesystem;

// The stems of plots/NN_figure.cpp.
std::vector<std::string> figures() {
  std::vector<std::string> stems;
  for (const auto& entry : fs::directory_iterator(fs::path(NN_SOURCE_DIR) / "plots")) {
    const std::string stem = entry.path().stem().string();
    if (entry.path().extension() == ".cpp" && std::regex_match(stem, std::regex("[0-9]{2}_.*")))
      stems.push_back(stem);
  }
  std::sort(stems.begin(), stems.end());
  return stems;
}

CommandResult plot(const std::string& figure, const fs::path& folder) {
  return run_command({std::string(NN_BINARY_DIR) + "/bin/plot_" + figure, "--out", folder});
}

std::string text_of(const fs::path& file) {
  const auto bytes = read_file(file);
  return {bytes.begin(), bytes.end()};
}

TEST(Figures, are_found) { EXPECT_GE(figures().size(), 2u); }

class Figure : public testing::TestWithParam<std::string> {};

TEST_P(Figure, comes_out_the_same_twice) {
  if (NN_SANITIZED && GetParam() == "08_mnist") GTEST_SKIP() << "it trains, for minutes with sanitizers";
  const TemporaryFolder first, second;
  const fs::path name = GetParam() + ".svg";
  const CommandResult result = plot(GetParam(), first.path());
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.err, "");
  EXPECT_EQ(result.out, (first / name).string() + "\n");
  const std::string svg = text_of(first / name);
  EXPECT_NE(svg.find("</svg>"), svg.npos) << "it does not end";
  EXPECT_LT(svg.size(), 200'000u) << "too much for a page";
  EXPECT_EQ(svg.find(fs::temp_directory_path().string()), svg.npos) << "the name of a temporary file";
  const EnvironmentVariable locale("LC_ALL", "C"), home("HOME", second.path().string());
  EXPECT_EQ(plot(GetParam(), second.path()).err, "");
  EXPECT_TRUE(text_of(second / name) == svg) << "another picture at the second time";
}

TEST_P(Figure, stands_in_docs) {
  EXPECT_TRUE(fs::exists(fs::path(NN_SOURCE_DIR) / "docs" / "figures" / (GetParam() + ".svg")))
      << "./learn plots draws it";
}

INSTANTIATE_TEST_SUITE_P(Plots, Figure, testing::ValuesIn(figures()),
                         [](const auto& figure) { return "figure_" + figure.param; });

// A folder as the whole $PATH, with a program `gnuplot` in it that does what the script says.
class Gnuplot : public testing::Test {
 protected:
  void replace_by(const std::string& script) {
    const fs::path program = bin_ / "gnuplot";
    std::ofstream(program) << "#!/bin/sh\n" << script << "\n";
    fs::permissions(program, fs::perms::owner_all);
  }
  // Draws over a former figure. It must fail with one line that has the words, and leave that figure alone.
  void expect_one_line(const std::string& words) {
    std::ofstream(out_ / "03_softmax.svg") << "former";
    const CommandResult result = plot("03_softmax", out_.path());
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
    EXPECT_NE(result.err.find(words), std::string::npos) << result.err;
    EXPECT_EQ(result.out, "");
    EXPECT_EQ(text_of(out_ / "03_softmax.svg"), "former");
    EXPECT_EQ(std::distance(fs::directory_iterator(out_.path()), {}), 1) << "something was left over";
  }
  TemporaryFolder bin_, out_;
  EnvironmentVariable path_{"PATH", bin_.path().string()};
};

TEST_F(Gnuplot, missing_says_what_to_install) { expect_one_line("apt-get install gnuplot-nox"); }

TEST_F(Gnuplot, that_fails_is_quoted) {
  replace_by("echo >&2; echo '  line 0: no such thing  ' >&2; exit 3");
  expect_one_line("gnuplot ended with 3 and drew nothing: line 0: no such thing\n");
}

TEST_F(Gnuplot, that_dies_while_it_is_spoken_to) {
  replace_by("kill -9 $$");
  expect_one_line("gnuplot ended with 137 and drew nothing\n");
}

TEST_F(Gnuplot, that_does_not_listen) {
  replace_by("exec <&-");
  expect_one_line("gnuplot ended with 0 and drew nothing\n");
}

TEST(PlotOptions, a_folder_that_is_not_there_is_one_line) {
  const CommandResult result = plot("03_softmax", "/no/such/folder");
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_NE(result.err.find("/no/such/folder"), std::string::npos) << result.err;
  EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
}

}  // namespace
}  // namespace nn

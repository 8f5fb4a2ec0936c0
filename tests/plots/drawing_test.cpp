// Every figure can be drawn, comes out the same to the byte, and what can go wrong is said in one line.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <future>
#include <gtest/gtest.h>

#include "common/files/atomic_file.hpp"
#include "pages/plot_programs.hpp"
#include "system/environment_variable.hpp"
#include "system/run_command.hpp"
#include "system/temporary_folder.hpp"

namespace nn {
namespace {

namespace fs = std::filesystem;

CommandResult plot(const std::string& program, const fs::path& folder, const std::string& format = "svg") {
  return run_command(
      {std::string(NN_BINARY_DIR) + "/bin/plot_" + program, "--out", folder, "--format", format});
}

std::string text_of(const fs::path& file) {
  const auto bytes = read_file(file);
  return {bytes.begin(), bytes.end()};
}

std::vector<fs::path> files_in(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder)) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

TEST(FiguresThemselves, are_found) { EXPECT_GE(plot_programs().size(), 2u); }

// The README or a chapter's page.
TEST(FiguresThemselves, are_shown_on_a_page) {
  const fs::path root = NN_SOURCE_DIR;
  std::string pages = text_of(root / "README.md");
  for (const auto& chapter : fs::directory_iterator(root / "chapters")) {
    if (chapter.is_directory()) pages += text_of(chapter.path() / "README.md");
  }
  for (const std::string& figure : figures_in(root / "docs/figures"))
    EXPECT_NE(pages.find("docs/figures/" + figure + ")"), std::string::npos) << figure;
}

class Figures : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    if (!NN_CAN_DRAW) GTEST_SKIP() << "gnuplot or gnuplot-iostream is not there";
  }
};

TEST_P(Figures, come_out_the_same_twice) {
  const TemporaryFolder first, second;
  const CommandResult result = plot(GetParam(), first.path());
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.err, "");
  const EnvironmentVariable locale("LC_ALL", "C"), home("HOME", second.path().string());
  EXPECT_EQ(plot(GetParam(), second.path()).err, "");
  const auto files = files_in(first.path());
  EXPECT_GE(files.size(), 1u);
  EXPECT_EQ(std::count(result.out.begin(), result.out.end(), '\n'),
            static_cast<std::ptrdiff_t>(files.size()));
  for (const fs::path& file : files) {
    const std::string svg = text_of(file), name = file.filename().string();
    EXPECT_NE(result.out.find(file.string() + "\n"), std::string::npos);
    EXPECT_NE(svg.find("</svg>"), svg.npos) << name << " does not end";
    EXPECT_LT(svg.size(), 200'000u) << name << " is too much for a page";
    EXPECT_EQ(svg.find(fs::temp_directory_path().string()), svg.npos) << "the name of a temporary file";
    EXPECT_TRUE(svg == text_of(second / name)) << name << " is another picture at the second time";
    EXPECT_TRUE(fs::exists(fs::path(NN_SOURCE_DIR) / "docs" / "figures" / name)) << "./learn plots draws it";
  }
}

INSTANTIATE_TEST_SUITE_P(Plots, Figures, testing::ValuesIn(plot_programs()),
                         [](const auto& program) { return "of_" + program.param; });

TEST(FigureFormats, png_and_pdf_come_out_the_same_twice) {
  if (!NN_CAN_DRAW) GTEST_SKIP() << "gnuplot or gnuplot-iostream is not there";
  for (const std::string format : {"png", "pdf"}) {
    // A PDF says in which second it was made, and some versions of cairo compress that: two are drawn at the same time,
    // and once more if a second ended in between. A PNG says nothing of the kind.
    bool same = false;
    for (int attempts = format == "pdf" ? 5 : 1; attempts > 0 && !same; --attempts) {
      const TemporaryFolder first, second;
      auto other = std::async(std::launch::async, [&] { return plot("03_softmax", second.path(), format); });
      EXPECT_EQ(plot("03_softmax", first.path(), format).err, "");
      EXPECT_EQ(other.get().exit_code, 0);
      const std::string name = "03_softmax." + format;
      same = text_of(first / name) == text_of(second / name);
    }
    EXPECT_TRUE(same) << format;
  }
}

// A folder as the whole $PATH, with a program `gnuplot` in it that does what the script says.
class Gnuplot : public testing::Test {
 protected:
  void SetUp() override {
    if (!NN_CAN_DRAW) GTEST_SKIP() << "gnuplot or gnuplot-iostream is not there";
  }
  void replace_by(const std::string& script) {
    const fs::path program = bin_ / "gnuplot";
    std::ofstream(program) << "#!/bin/sh\n" << script << "\n";
    fs::permissions(program, fs::perms::owner_all);
  }
  // Draws over a former figure. It must fail with one line that has the words, leave that figure alone and write the
  // numbers beside it.
  void expect_numbers_and_one_line(const std::string& words) {
    std::ofstream(out_ / "03_softmax.svg") << "former";
    const CommandResult result = plot("03_softmax", out_.path());
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
    EXPECT_NE(result.err.find(words), std::string::npos) << result.err;
    EXPECT_EQ(text_of(out_ / "03_softmax.svg"), "former");
    const auto csv = text_of(out_ / "03_softmax.csv");
    EXPECT_TRUE(csv.starts_with("part,series,x,y\n")) << csv.substr(0, 100);
    for (const fs::path& file : files_in(out_.path()))
      EXPECT_TRUE(file.extension() == ".svg" || file.extension() == ".csv") << file << " was left over";
  }
  TemporaryFolder bin_, out_;
  EnvironmentVariable path_{"PATH", bin_.path().string()};
};

TEST_F(Gnuplot, missing_says_what_to_install) { expect_numbers_and_one_line("apt-get install gnuplot-nox"); }

TEST_F(Gnuplot, that_fails_is_quoted) {
  replace_by("echo >&2; echo '  line 0: no such thing  ' >&2; exit 3");
  expect_numbers_and_one_line("gnuplot ended with 3 and drew nothing: line 0: no such thing;");
}

TEST_F(Gnuplot, that_dies_while_it_is_spoken_to) {
  replace_by("kill -9 $$");
  expect_numbers_and_one_line("gnuplot ended with 137 and drew nothing;");
}

TEST_F(Gnuplot, that_does_not_listen) {
  replace_by("exec <&-");
  expect_numbers_and_one_line("gnuplot ended with 0 and drew nothing;");
}

TEST(PlotOptions, a_folder_that_is_not_there_is_one_line) {
  const CommandResult result = plot("03_softmax", "/no/such/folder");
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_NE(result.err.find("/no/such/folder"), std::string::npos) << result.err;
  EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
}

}  // namespace
}  // namespace nn

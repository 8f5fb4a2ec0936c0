// digits --plots and --live: pictures of the reader's own run; and whatever becomes of gnuplot, the run goes on.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>

#include "common/figures/live_figure.hpp"
#include "common/files/atomic_file.hpp"
#include "common/timer.hpp"
#include "system/environment_variable.hpp"
#include "system/run_command.hpp"
#include "system/temporary_folder.hpp"

namespace nn {
namespace {

namespace fs = std::filesystem;

std::string digits() { return std::string(NN_BINARY_DIR) + "/bin/digits"; }

// A small run on the sample, with more options.
CommandResult train(std::vector<std::string> more, const std::string& epochs = "1") {
  more.insert(more.begin(),
              {digits(), "train", "--data", "sample", "--hidden", "8", "--epochs", epochs, "--quiet"});
  return run_command(more);
}

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

std::vector<std::string> with(const std::string& ending, std::vector<std::string> names) {
  for (std::string& name : names) name += ending;
  return names;
}
const std::vector<std::string> kOfClassifier = {"activations", "confusion", "mistakes", "weights"};
const std::vector<std::string> kOfRun = {"activations", "confusion", "curves",
                                         "health",      "mistakes",  "weights"};

TEST(DigitsPlots, draw_the_run_and_change_nothing_of_it) {
  if (!NN_CAN_DRAW) GTEST_SKIP() << "gnuplot or gnuplot-iostream is not there";
  const TemporaryFolder folder;
  const CommandResult drawn = train({"--plots", folder / "new" / "pictures", "--save", folder / "drawn"});
  EXPECT_EQ(drawn.exit_code, 0) << drawn.err;
  EXPECT_EQ(drawn.err, "");
  EXPECT_EQ(names_in(folder / "new" / "pictures"), with(".svg", kOfRun));
  EXPECT_EQ(train({"--save", folder / "plain"}).exit_code, 0);
  EXPECT_EQ(read_file(folder / "drawn"), read_file(folder / "plain"));
  const CommandResult evaluated = run_command({digits(), "evaluate", "--data", "sample", "--model",
                                               folder / "plain", "--plots", folder / "evaluated"});
  EXPECT_EQ(evaluated.exit_code, 0) << evaluated.err;
  EXPECT_EQ(names_in(folder / "evaluated"), with(".svg", kOfClassifier));
}

TEST(DigitsPlots, a_folder_that_cannot_be_made_is_one_line_before_the_work) {
  const CommandResult result = train({"--plots", "/proc/pictures"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
  EXPECT_NE(result.err.find("/proc/pictures"), std::string::npos) << result.err;
  EXPECT_EQ(result.out, "");
}

TEST(DigitsPlots, an_interrupted_run_draws_what_it_knows) {
  const TemporaryFolder folder;
  const CommandResult result =
      run_command({"sh", "-c",
                   "\"$0\" train --data sample --hidden 64 --epochs 2000 --quiet --plots \"$1\" & "
                   "p=$!; sleep 2; kill -INT $p; wait $p",
                   digits(), folder / "pictures"});
  EXPECT_EQ(result.exit_code, 130) << result.err;
  EXPECT_EQ(names_in(folder / "pictures").size(), 2u);
}

// A folder as the whole $PATH, with a program `gnuplot` in it that has windows and does what the script says.
class OtherGnuplot : public testing::Test {
 protected:
  void SetUp() override {
    if (!NN_CAN_DRAW) GTEST_SKIP() << "gnuplot-iostream is not there";
  }
  void replace_by(const std::string& script) {
    const fs::path program = bin_ / "gnuplot";
    std::ofstream(program) << "#!/bin/sh\ncase \"$*\" in\n*GPVAL_TERMINALS*) echo ' qt svg ' ;;\n*) "
                           << script << " ;;\nesac\n";
    fs::permissions(program, fs::perms::owner_all);
  }
  // The run ends well, with one line that has the words, and the numbers of all figures.
  void expect_numbers(const std::string& words) {
    const CommandResult result = train({"--plots", out_ / "p"});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
    EXPECT_NE(result.err.find(words), std::string::npos) << result.err;
    EXPECT_EQ(names_in(out_ / "p"), with(".csv", kOfRun));
    EXPECT_NE(result.out.find("test accuracy"), std::string::npos);
  }
  TemporaryFolder bin_, out_;
  EnvironmentVariable path_{"PATH", bin_.path().string()}, display_{"DISPLAY", ":99"};
};

TEST_F(OtherGnuplot, missing_leaves_numbers_and_says_what_to_install) {
  expect_numbers("apt-get install gnuplot-nox");
}

TEST_F(OtherGnuplot, that_dies_leaves_numbers) {
  replace_by("kill -9 $$");
  expect_numbers("gnuplot ended with 137");
}

TEST_F(OtherGnuplot, that_does_not_listen_leaves_numbers) {
  replace_by("exec <&-");
  expect_numbers("gnuplot ended with 0");
}

TEST_F(OtherGnuplot, with_windows_gets_the_curves_while_it_trains) {
  replace_by("exec /bin/cat >'" + (out_ / "seen").string() + "'");
  const CommandResult result = train({"--live"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.err, "");
  const auto bytes = read_file(out_ / "seen");
  const std::string seen(bytes.begin(), bytes.end());
  EXPECT_NE(seen.find("set terminal qt"), std::string::npos) << seen.substr(0, 200);
  EXPECT_NE(seen.find("Images it learned from"), std::string::npos);
}

// One that dies, one that closes the pipe, one that lives and never reads: the last would block a careless writer,
// since 40 epochs are more pictures than a pipe takes.
TEST_F(OtherGnuplot, whatever_becomes_of_the_window_the_run_goes_on) {
  for (const char* script : {"kill -9 $$", "exec <&-; /bin/sleep 3", "exec /bin/sleep 100"}) {
    replace_by(script);
    const Timer timer;
    const CommandResult result = train({"--live"}, "40");
    EXPECT_EQ(result.exit_code, 0) << script << ": " << result.err;
    EXPECT_NE(result.out.find("test accuracy"), std::string::npos) << script;
    EXPECT_LT(timer.seconds(), 90) << script << ": it waited for the window";
  }
}

TEST(DigitsLive, without_a_display_is_drawn_as_text) {
  const EnvironmentVariable no_x("DISPLAY", ""), no_wayland("WAYLAND_DISPLAY", "");
  const CommandResult result = train({"--live"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_NE(result.err.find("no window"), std::string::npos) << result.err;
  EXPECT_NE(result.err.find("steps 1 to 71"), std::string::npos) << result.err;
}

TEST(TextCurve, falls_from_the_largest_to_the_smallest_on_a_logarithmic_axis) {
  EXPECT_EQ(text_curve({100, 10, 1}, "steps", 3, 3),
            "     100 |*\n"
            "         | *\n"
            "       1 |  *\n"
            "         +--- steps\n");
  EXPECT_EQ(text_curve({2}, "", 2, 1), "       2 |**\n         +-- \n");
  EXPECT_EQ(text_curve({}, "", 2, 2), "");
}

}  // namespace
}  // namespace nn

// Every demonstration of every chapter takes the options that it has, and no other without a word.
#include <algorithm>
#include <filesystem>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "system/run_command.hpp"

namespace nn {
namespace {

namespace fs = std::filesystem;

// 03_softmax for its main.cpp, 03_softmax_variations for its show_variations.cpp.
std::vector<std::string> programs() {
  std::vector<std::string> names;
  for (const auto& chapter : fs::directory_iterator(NN_SOURCE_DIR "/chapters")) {
    if (!chapter.is_directory()) continue;
    const std::string name = chapter.path().filename().string();
    if (fs::exists(chapter.path() / "main.cpp")) names.push_back(name);
    if (!fs::exists(chapter.path() / "demonstrations")) continue;
    for (const auto& file : fs::directory_iterator(chapter.path() / "demonstrations")) {
      const std::string stem = file.path().stem().string();
      if (file.path().extension() == ".cpp") names.push_back(name + stem.substr(4));
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

TEST(Demonstrations, say_which_option_they_do_not_know) {
  EXPECT_GE(programs().size(), 8u);
  for (const std::string& name : programs()) {
    const CommandResult result = run_command({NN_BINARY_DIR "/bin/" + name, "--dta", "full"});
    EXPECT_EQ(result.exit_code, 2) << name;
    EXPECT_EQ(result.out, "") << name;
    EXPECT_EQ(result.err, name + ": '--dta' is not known (--help lists what there is)\n");
  }
}

}  // namespace
}  // namespace nn

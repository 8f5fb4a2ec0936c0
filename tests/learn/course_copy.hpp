// A copy of the course in which ./learn can be tried without touching the reader's my/, and what it said there.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <gtest/gtest.h>
#include <string>
#include <string_view>
#include <vector>

#include "exercises/chapter.hpp"
#include "exercises/text.hpp"
#include "system/environment_variable.hpp"
#include "system/run_command.hpp"

namespace nn {

// Standard output and error of a command, in the order in which they came.
struct Said {
  int exit_code = 0;
  std::string text;
};

// The command is run from elsewhere, as nothing may depend on the folder in which it was typed.
inline Said run_from_elsewhere(std::vector<std::string> words) {
  words.insert(words.begin(), {"bash", "-c", "cd / && exec \"$@\" 2>&1", "bash"});
  const CommandResult result = run_command(words);
  return {result.exit_code, result.out};
}

// EXPECT_TRUE(says(said, 1, {"does not compile"})): its exit code, and words that are all in its text.
inline testing::AssertionResult says(const Said& said, int exit_code, const std::vector<std::string>& words) {
  std::string wrong;
  if (said.exit_code != exit_code) wrong = "the exit code should be " + std::to_string(exit_code) + "\n";
  for (const std::string& each : words) {
    if (said.text.find(each) == said.text.npos) wrong += "it should say: " + each + "\n";
  }
  if (wrong.empty()) return testing::AssertionSuccess();
  return testing::AssertionFailure() << wrong << "exit code " << said.exit_code << ", it says:\n"
                                     << said.text;
}
inline testing::AssertionResult says_in_one_line(const Said& said, int exit_code, const std::string& word) {
  if (lines_of(said.text).size() != 1) return testing::AssertionFailure() << "not one line:\n" << said.text;
  return says(said, exit_code, {word});
}

// The folder $NN_LEARN_FOLDER is kept from test to test, and with it what was built there; its name has a blank.
class CourseCopy {
 public:
  CourseCopy() : root_(std::filesystem::path(std::getenv("NN_LEARN_FOLDER")) / "the course") {
    std::filesystem::create_directories(root_);
    std::filesystem::remove_all(root_ / "my");
    for (const auto& entry : std::filesystem::directory_iterator(NN_SOURCE_DIR)) {
      const std::string name = entry.path().filename().string();
      if (name.starts_with('.') || name == "build" || name == "models" || name == "my") continue;
      std::filesystem::remove_all(root_ / name);
      // cp keeps the times, so that only what has changed is built again
      EXPECT_EQ(run_command({"cp", "-Rp", entry.path().string(), root_.string()}).exit_code, 0);
    }
  }

  const std::filesystem::path& root() const { return root_; }
  std::filesystem::path operator/(const std::string& name) const { return root_ / name; }
  Chapter chapter(const std::string& name) const { return Chapter(root_, name); }

  Said learn(std::vector<std::string> words) const {
    words.insert(words.begin(), (root_ / "learn").string());
    return run_from_elsewhere(words);
  }

 private:
  EnvironmentVariable no_report_{"NN_READER", std::nullopt};
  std::filesystem::path root_;
};

}  // namespace nn

// The classic mistakes do not compile. Each file of tests/data/does_not_compile is compiled twice by the
// compiler of this build: with its mistake, which must fail with the compiler's words for a function that is
// deleted, and without, which must succeed; else a mistyped include would pass for the mistake.
#include <algorithm>
#include <filesystem>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "system/run_command.hpp"

namespace nn {
namespace {

namespace fs = std::filesystem;

const fs::path kFolder = fs::path(NN_SOURCE_DIR) / "tests/data/does_not_compile";

CommandResult compile(const fs::path& file, const std::vector<std::string>& options = {}) {
  std::vector<std::string> words{NN_CXX, "-std=c++20", "-fsyntax-only", "-I" NN_BINARY_DIR "/include"};
  words.insert(words.end(), options.begin(), options.end());
  words.push_back(file.string());
  return run_command(words);
}

// g++: "use of deleted function"; clang: "call to deleted function".
bool says_deleted(const CommandResult& result) {
  return result.err.find("deleted function") != std::string::npos;
}

std::vector<fs::path> sources() {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(kFolder)) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

TEST(CompileFailure, each_mistake_is_refused_as_a_deleted_function) {
  EXPECT_GE(sources().size(), 2u);
  for (const fs::path& file : sources()) {
    const CommandResult result = compile(file, {"-DMISTAKE"});
    EXPECT_NE(result.exit_code, 0) << file.filename() << " compiles with its mistake";
    EXPECT_TRUE(says_deleted(result)) << file.filename() << "\n" << result.err;
  }
}

TEST(CompileFailure, without_the_mistake_each_file_compiles) {
  for (const fs::path& file : sources()) {
    const CommandResult result = compile(file);
    EXPECT_EQ(result.exit_code, 0) << file.filename() << "\n" << result.err;
  }
}

TEST(CompileFailure, another_error_is_not_taken_for_a_deleted_function) {
  const CommandResult result = compile(kFolder / "not_there.cpp", {"-DMISTAKE"});
  EXPECT_NE(result.exit_code, 0);
  EXPECT_FALSE(says_deleted(result));
}

}  // namespace
}  // namespace nn

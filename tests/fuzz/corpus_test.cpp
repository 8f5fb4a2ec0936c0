// Inputs that the fuzzers found interesting, and real and damaged files: every one of them, in every test run.
#include <filesystem>
#include <gtest/gtest.h>

#include "common/files/atomic_file.hpp"
#include "targets.hpp"

namespace nn::fuzz {
namespace {

class Corpus : public testing::TestWithParam<Target> {};

TEST_P(Corpus, holds_no_finding) {
  const auto& [name, run] = GetParam();
  int inputs = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(NN_SOURCE_DIR "/tests/fuzz/corpus/" + std::string(name))) {
    SCOPED_TRACE(entry.path());
    const auto bytes = read_file(entry.path());
    run(bytes);
    for (std::size_t size = 0; size < bytes.size(); size += 1 + bytes.size() / 40)
      run(std::span(bytes).first(size));
    ++inputs;
  }
  EXPECT_GE(inputs, 10) << "the corpus is missing";
}

INSTANTIATE_TEST_SUITE_P(Targets, Corpus, testing::ValuesIn(kTargets),
                         [](const auto& target) { return std::string(target.param.name); });

}  // namespace
}  // namespace nn::fuzz

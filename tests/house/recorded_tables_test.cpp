// The tables of speeds in docs/results are those of the recorded benchmarks beside them.
#include <filesystem>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "pages.hpp"
#include "run_command.hpp"
#include "temporary_folder.hpp"

namespace nn {
namespace {

TEST(RecordedTables, are_what_the_recorded_benchmarks_give) {
  const std::filesystem::path results = std::filesystem::path(NN_SOURCE_DIR) / "docs/results";
  const TemporaryFolder again;
  std::filesystem::copy(results / "benchmarks", again / "benchmarks");
  const CommandResult tables =
      run_command({std::string(NN_BINARY_DIR) + "/bin/benchmark_tables", again.path()});
  ASSERT_EQ(tables.exit_code, 0) << tables.err;
  for (const char* table :
       {"products.md", "training.md", "peers_products.md", "peers_training.md", "speed.md"})
    EXPECT_EQ(read_text(results / table), read_text(again / table)) << table;
}

TEST(RecordedBenchmarks, are_whole_files) {
  for (const auto& recorded : std::filesystem::directory_iterator(NN_SOURCE_DIR "/docs/results/benchmarks"))
    EXPECT_TRUE(nlohmann::json::accept(read_text(recorded.path()))) << recorded.path() << " is cut off";
}

}  // namespace
}  // namespace nn

// The tables of speeds in docs/results are those of the recorded benchmarks beside them.
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "pages/pages.hpp"
#include "system/run_command.hpp"
#include "system/temporary_folder.hpp"

namespace nn {
namespace {

const std::filesystem::path kResults = std::filesystem::path(NN_SOURCE_DIR) / "docs/results";

CommandResult write_tables(const TemporaryFolder& results) {
  return run_command({std::string(NN_BINARY_DIR) + "/bin/benchmark_tables", results.path()});
}

TEST(RecordedTables, are_what_the_recorded_benchmarks_give) {
  const TemporaryFolder again;
  std::filesystem::copy(kResults / "benchmarks", again / "benchmarks");
  const CommandResult tables = write_tables(again);
  ASSERT_EQ(tables.exit_code, 0) << tables.err;
  for (const char* table : {"products.md", "products_of_layers.md", "training.md", "skipping_zeros.md",
                            "peers_products.md", "peers_training.md", "speed.md"})
    EXPECT_EQ(read_text(kResults / table), read_text(again / table)) << table;
}

// What ./learn bench records on a machine that has only the sample.
TEST(RecordedTables, say_what_was_not_measured) {
  const TemporaryFolder again;
  std::filesystem::copy(kResults / "benchmarks", again / "benchmarks");
  nlohmann::json training = nlohmann::json::parse(read_text(again / "benchmarks/09_fast_training.json"));
  training["benchmarks"] = {{{"error_occurred", true}, {"error_message", "needs all of MNIST"}}};
  std::ofstream(again / "benchmarks/09_fast_training.json") << training;
  const CommandResult tables = write_tables(again);
  ASSERT_EQ(tables.exit_code, 0) << tables.err;
  EXPECT_EQ(read_text(again / "training.md").substr(0, 34), "Not measured: needs all of MNIST.\n");
}

TEST(RecordedBenchmarks, are_whole_files) {
  for (const auto& recorded : std::filesystem::directory_iterator(kResults / "benchmarks"))
    EXPECT_TRUE(nlohmann::json::accept(read_text(recorded.path()))) << recorded.path() << " is cut off";
}

}  // namespace
}  // namespace nn

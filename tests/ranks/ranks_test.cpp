// digits train in several processes: the same model file for any number of them, and an end in one line.
#include <algorithm>
#include <gtest/gtest.h>
#include <tuple>

#include "pages/pages.hpp"
#include "system/run_command.hpp"
#include "system/temporary_folder.hpp"

namespace nn {
namespace {

constexpr const char* kTrain = NN_BINARY_DIR "/bin/digits train --data sample --hidden 70 --seed 3 --quiet";

CommandResult shell(const std::string& command) { return run_command({"bash", "-c", command}); }

std::string trained_with(const std::string& options, const TemporaryFolder& folder) {
  const std::string file = (folder / "model").string();
  const CommandResult result = shell(kTrain + (" " + options) + " --save " + file);
  EXPECT_EQ(result.exit_code, 0) << options << ": " << result.err;
  return read_text(file);
}

TEST(TrainingInRanks, gives_the_model_file_of_one_process) {
  const TemporaryFolder folder;
  const std::string alone = trained_with("--epochs 2", folder);
  for (const char* options :
       {"--ranks 1", "--ranks 2", "--ranks 3", "--ranks 4 --threads 2", "--ranks 2 --checkpoint-every 7"})
    EXPECT_TRUE(trained_with(std::string("--epochs 2 ") + options, folder) == alone) << options;
}

TEST(TrainingInRanks, works_under_mpirun_too) {
  const TemporaryFolder folder;
  const std::string alone = trained_with("--epochs 2", folder), file = (folder / "model").string();
  const std::string mpirun = "mpirun --quiet --oversubscribe --allow-run-as-root -n 2 ";
  EXPECT_EQ(shell(mpirun + kTrain + " --epochs 2 --save " + file).exit_code, 0);
  EXPECT_TRUE(read_text(file) == alone);
  const CommandResult other = shell(mpirun + kTrain + " --ranks 3");
  EXPECT_EQ(other.exit_code, 2);
  EXPECT_NE(other.err.find("mpirun started 2"), std::string::npos) << other.err;
}

std::size_t lines_in(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

TEST(TrainingInRanks, ends_in_one_line_if_a_process_is_killed_and_the_last_checkpoint_is_whole) {
  const TemporaryFolder folder;
  const std::string alone = trained_with("--epochs 20", folder);
  const std::string file = (folder / "killed").string();
  const std::string train = std::string(kTrain) + " --epochs 20 --save " + file;
  const CommandResult killed = shell(train + " --ranks 2 --checkpoint-every 5 & parent=$!\n" + "until [ -e " +
                                     file + ".checkpoint ]; do sleep 0.01; done\n" +
                                     "kill -9 $(pgrep -P $(pgrep -P $parent) | tail -n 1)\nwait $parent");
  EXPECT_EQ(killed.exit_code, 1);
  EXPECT_EQ(lines_in(killed.err), 1u) << killed.err;
  EXPECT_NE(killed.err.find("ended from outside"), std::string::npos) << killed.err;
  EXPECT_NE(killed.err.find("--resume " + file + ".checkpoint"), std::string::npos) << killed.err;
  const CommandResult resumed = shell(std::string(NN_BINARY_DIR "/bin/digits train --quiet --resume ") +
                                      file + ".checkpoint --ranks 3 --save " + file);
  EXPECT_EQ(resumed.exit_code, 0) << resumed.err;
  EXPECT_TRUE(read_text(file) == alone);
}

TEST(TrainingInRanks, interrupted_it_ends_in_order_and_can_be_resumed) {
  const TemporaryFolder folder;
  const std::string alone = trained_with("--epochs 20", folder);
  const std::string file = (folder / "interrupted").string();
  const CommandResult ended =
      shell(std::string(kTrain) + " --epochs 20 --ranks 2 --checkpoint-every 5 --save " + file +
            " & parent=$!\nuntil [ -e " + file + ".checkpoint ]; do sleep 0.01; done\n" +
            "kill -TERM $parent\nwait $parent");
  EXPECT_EQ(ended.exit_code, 143);
  EXPECT_EQ(lines_in(ended.err), 1u) << ended.err;
  EXPECT_EQ(ended.err.find("interrupted; go on with: digits train --resume " + file), 0u) << ended.err;
  const CommandResult resumed =
      shell(NN_BINARY_DIR "/bin/digits train --quiet --resume " + file + ".checkpoint --save " + file);
  EXPECT_EQ(resumed.exit_code, 0) << resumed.err;
  EXPECT_TRUE(read_text(file) == alone);
}

TEST(TrainingInRanks, what_cannot_be_shared_is_refused_in_one_line) {
  for (const auto& [options, code, words] : {std::tuple{"--plots /tmp/nowhere", 2, "--plots"},
                                             {"--matmul plain", 1, "zeros"},
                                             {"--ema 0.99", 1, "average"},
                                             {"--dropout 0.2", 1, "dropout"}}) {
    const CommandResult result = shell(std::string(kTrain) + " --ranks 2 " + options);
    EXPECT_EQ(result.exit_code, code) << options;
    EXPECT_EQ(lines_in(result.err), 1u) << options << ": " << result.err;
    EXPECT_NE(result.err.find(words), std::string::npos) << options << ": " << result.err;
  }
}

}  // namespace
}  // namespace nn

// Killed without warning at random moments, a training run goes on from its last checkpoint and ends with the very
// bytes of a run that was never interrupted.   NN_KILLS=100 kills_test   kills it so often (5 if not set).
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include "10_mnist/digits/checkpoint.hpp"
#include "common/files/atomic_file.hpp"
#include "common/random.hpp"
#include "common/timer.hpp"
#include "system/temporary_folder.hpp"

namespace nn {
namespace {

namespace fs = std::filesystem;
using Words = std::vector<std::string>;

// A training of some tenths of a second that writes a checkpoint of it at every few steps.
Words fresh_run(const fs::path& model, const std::string& recipe) {
  return {"train",    "--recipe", recipe,      "--data", "sample",  "--hidden",           "64",
          "--epochs", "4",        "--threads", "2",      "--quiet", "--checkpoint-every", "5",
          "--save",   model};
}

pid_t start(Words words) {
  words.insert(words.begin(), NN_BINARY_DIR "/bin/digits");
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t silent;
  ::posix_spawn_file_actions_init(&silent);
  ::posix_spawn_file_actions_addopen(&silent, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  pid_t child = -1;
  const int error = ::posix_spawn(&child, arguments[0], &silent, nullptr, arguments.data(), environ);
  ::posix_spawn_file_actions_destroy(&silent);
  if (error != 0) throw std::runtime_error("digits cannot be started");
  return child;
}

int wait_for(pid_t child) {
  int status = 0;
  if (::waitpid(child, &status, 0) != child) throw std::runtime_error("waitpid failed");
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

// True if the kill came before the end of the run.
bool run_and_kill(const Words& words, double seconds) {
  const pid_t child = start(words);
  std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
  ::kill(child, SIGKILL);
  const int code = wait_for(child);
  EXPECT_TRUE(code == 0 || code == 128 + SIGKILL) << "exit code " << code;
  return code != 0;
}

// fast: it learns with standardized pixels and rewrites its first layer between two epochs.
class Kills : public testing::TestWithParam<const char*> {};

TEST_P(Kills, at_any_moment_cost_no_bit) {
  const std::string recipe = GetParam();
  const TemporaryFolder folder;
  const fs::path model = folder / "m", checkpoint = folder / "m.checkpoint";
  const Timer timer;
  ASSERT_EQ(wait_for(start(fresh_run(folder / "whole", recipe))), 0);
  const double duration = timer.seconds();
  const auto expected = read_file(folder / "whole"), last_checkpoint = read_file(folder / "whole.checkpoint");

  const char* wanted = std::getenv("NN_KILLS");
  const int most = ((wanted ? std::atoi(wanted) : 5) + 1) / 2;  // the other half: the other recipe
  Random random(static_cast<std::uint64_t>(::getpid()));
  int kills = 0, whole_checkpoints = 0, ends = 0;
  while (kills < most || fs::exists(checkpoint)) {
    const bool resumes = fs::exists(checkpoint);
    const Words words = resumes ? Words{"train", "--quiet",  "--threads", "2",      "--checkpoint-every",
                                        "5",     "--resume", checkpoint,  "--save", model}
                                : fresh_run(model, recipe);
    const bool killed =
        kills < most ? run_and_kill(words, random.uniform(0, duration)) : wait_for(start(words)) != 0;
    kills += killed;
    if (fs::exists(checkpoint)) {
      EXPECT_NO_THROW(load_checkpoint(checkpoint)) << "after kill " << kills;
      ++whole_checkpoints;
    }
    EXPECT_TRUE(!fs::exists(model) || read_file(model) == expected) << "only a finished run writes the model";
    if (killed) continue;
    ASSERT_TRUE(fs::exists(model)) << "the run that was not killed failed";
    EXPECT_EQ(read_file(checkpoint), last_checkpoint);
    ++ends;
    fs::remove(model);
    fs::remove(checkpoint);
  }
  EXPECT_GE(kills, most);
  EXPECT_GE(ends, 1);
  fmt::print(
      "{}: {} kills, {} whole checkpoints found after them, {} runs came to the end with the same bytes\n",
      recipe, kills, whole_checkpoints, ends);
}

INSTANTIATE_TEST_SUITE_P(Recipes, Kills, testing::Values("default", "fast"),
                         [](const auto& recipe) { return std::string(recipe.param); });

}  // namespace
}  // namespace nn

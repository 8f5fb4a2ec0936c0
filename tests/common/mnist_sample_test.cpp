// The sample in common/data/sample is what its README says.
#include <gtest/gtest.h>
#include <numeric>
#include <set>
#include <string>
#include <vector>

#include "common/data/mnist.hpp"
#include "common/data/sha256.hpp"
#include "common/files/atomic_file.hpp"

namespace nn {
namespace {

const std::string kFolder = NN_SOURCE_DIR "/common/data/sample/";

std::string hash_of(const std::string& name) { return sha256(read_file(kFolder + name)); }

void expect_interleaved(const LabeledImages& set, std::size_t count) {
  EXPECT_EQ(set.height, 28u);
  EXPECT_EQ(set.width, 28u);
  EXPECT_EQ(set.count, count);
  ASSERT_EQ(set.labels.size(), count);
  EXPECT_EQ(set.pixels.size(), count * 28 * 28);
  for (std::size_t i = 0; i < count; ++i) ASSERT_EQ(set.labels[i], i % 10) << i;
}

TEST(MnistSample, holds_5000_and_1000_images_interleaved_by_class) {
  const Mnist sample = load_mnist_sample();
  EXPECT_TRUE(sample.is_sample);
  EXPECT_FALSE(sample.is_original);
  expect_interleaved(sample.train, 5000);
  expect_interleaved(sample.test, 1000);
}

TEST(MnistSample, no_image_stands_in_it_twice) {
  const Mnist sample = load_mnist_sample();
  std::set<std::string> images;
  for (const LabeledImages* set : {&sample.train, &sample.test}) {
    for (std::size_t i = 0; i < set->count; ++i) {
      const auto pixels = set->image(i);
      EXPECT_TRUE(images.emplace(pixels.begin(), pixels.end()).second) << i;
    }
  }
}

// Test image 0 of MNIST: where its bar begins, in row 7, and the sum of all pixels.
TEST(MnistSample, the_first_7_of_the_test_set_is_the_7_of_the_course) {
  const Mnist sample = load_mnist_sample();
  const auto seven = sample.test.image(7);
  const auto bar = seven.subspan(7 * 28 + 6, 6);
  EXPECT_EQ(std::vector<int>(bar.begin(), bar.end()), (std::vector<int>{84, 185, 159, 151, 60, 36}));
  EXPECT_EQ(std::accumulate(seven.begin(), seven.end(), 0), 18454);
}

// These stand in common/data/sample/README.md too.
TEST(MnistSample, its_files_are_the_committed_ones) {
  EXPECT_EQ(hash_of("train-images-idx3-ubyte.gz"),
            "f757aee5e6d886a99841b422100e1dc74abfd69a6017778906dac141d28add30");
  EXPECT_EQ(hash_of("train-labels-idx1-ubyte.gz"),
            "ee243ebfccd41f946eb875bb08e2220388a69a94e2d11454569c6293209708ed");
  EXPECT_EQ(hash_of("t10k-images-idx3-ubyte.gz"),
            "eca3535da697be98e1da661420d20bdd750a1892c72fd16860e81670945cbf9b");
  EXPECT_EQ(hash_of("t10k-labels-idx1-ubyte.gz"),
            "e43bcd9f36f79255b108cfb3d56a066f886477a3797adca24aa7a65c591446d6");
}

}  // namespace
}  // namespace nn

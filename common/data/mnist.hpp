// MNIST: 60,000 + 10,000 handwritten digits, or the sample of it that ships with the course.
// Y. LeCun, C. Cortes, C. J. C. Burges, "The MNIST database of handwritten digits", 1998.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "common/data/idx.hpp"

namespace nn {

inline constexpr std::size_t kClasses = 10;

// At least one image, and a label, 0 .. kClasses - 1, for each.
struct LabeledImages : ImageSet {
  SharedBytes labels;
};

// The first or the last `count` of the images, whose pixels stay where they are; std::out_of_range if there are not so
// many.
LabeledImages first_images(const LabeledImages& images, std::size_t count);
LabeledImages last_images(const LabeledImages& images, std::size_t count);

struct Mnist {
  LabeledImages train, test;  // images of the same size
  std::string source;         // where it comes from, one phrase, e.g. "MNIST in /data/mnist, original files"
  bool is_sample = false;
  bool is_original = false;  // all four files have the bytes of kMnistFiles
};

// The four files, unpacked: name and SHA-256.
struct MnistFile {
  std::string_view name, sha256;
};
inline constexpr std::array<MnistFile, 4> kMnistFiles{{
    {"train-images-idx3-ubyte", "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"},
    {"train-labels-idx1-ubyte", "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"},
    {"t10k-images-idx3-ubyte", "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"},
    {"t10k-labels-idx1-ubyte", "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"},
}};

// The first of these that is there:
//   choice, a folder or "sample" ("" or "full": whatever follows here); the folder $MNIST_DIR; the cache; a download into
//   the cache (unless $MNIST_NO_DOWNLOAD is set, or one failed within the last hour); the sample.
// A folder that was named is taken or is an Error, never passed over; its files may be another data set in
// the same format. In the cache only the original files count. note: called with lines for the user, for
// instance that the download failed and why, that the sample is used and how to get the rest.
Mnist load_mnist(const std::string& choice, const std::function<void(const std::string&)>& note = {});

// 5,000 + 1,000 of the images, in common/data/sample. Of both sets, image i is a digit i mod 10.
Mnist load_mnist_sample();

// $XDG_CACHE_HOME/digits-from-scratch/mnist, else ~/.cache/digits-from-scratch/mnist. Need not exist.
std::filesystem::path mnist_cache();

}  // namespace nn

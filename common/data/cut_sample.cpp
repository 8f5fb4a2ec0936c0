// Cuts the sample in common/data/sample out of the full MNIST: of each class the same number of images, evenly
// spread over the original set from the first one on, interleaved 0, 1, ..., 9, 0, 1, ...
#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "common/data/mnist.hpp"
#include "common/files/atomic_file.hpp"
#include "common/terminal/program.hpp"

namespace nn {
namespace {

constexpr std::size_t kTrainImagesPerClass = 500, kTestImagesPerClass = 100;

// The indices of the images of each class.
std::array<std::vector<std::size_t>, kClasses> indices_by_class(std::span<const std::uint8_t> labels) {
  std::array<std::vector<std::size_t>, kClasses> indices;
  for (std::size_t i = 0; i < labels.size(); ++i) indices[labels[i]].push_back(i);
  return indices;
}

LabeledImages cut(const LabeledImages& full, std::size_t images_per_class) {
  const auto indices = indices_by_class(full.labels);
  std::vector<std::uint8_t> pixels, labels;
  for (std::size_t i = 0; i < images_per_class; ++i) {
    for (const auto& of_class : indices) {
      const std::size_t chosen = of_class.at(i * of_class.size() / images_per_class);
      const auto image = full.image(chosen);
      pixels.insert(pixels.end(), image.begin(), image.end());
      labels.push_back(full.labels[chosen]);
    }
  }
  return {{labels.size(), full.height, full.width, pixels}, labels};
}

void save(const std::filesystem::path& folder, const LabeledImages& set, const MnistFile& images,
          const MnistFile& labels) {
  write_file_atomically(folder / fmt::format("{}.gz", images.name), gzip_bytes(idx_bytes(set)));
  write_file_atomically(folder / fmt::format("{}.gz", labels.name), gzip_bytes(idx_bytes(set.labels)));
}

}  // namespace
}  // namespace nn

int main(int argc, char** argv) {
  CLI::App app("Cuts the sample that ships with the course out of the full MNIST.", "cut_sample");
  std::string data, to;
  app.add_option("--data", data,
                 "folder with the four original MNIST files (else MNIST_DIR, else the cache)");
  app.add_option("--to", to, "folder to write into, e.g. common/data/sample")->required();
  return nn::run_program(app, argc, argv, [&] {
    const nn::Mnist mnist = nn::load_mnist(data, [](const std::string& line) { fmt::print("{}\n", line); });
    if (!mnist.is_original)
      throw nn::Error(mnist.source + ": the sample is cut from the original MNIST only");
    nn::save(to, nn::cut(mnist.train, nn::kTrainImagesPerClass), nn::kMnistFiles[0], nn::kMnistFiles[1]);
    nn::save(to, nn::cut(mnist.test, nn::kTestImagesPerClass), nn::kMnistFiles[2], nn::kMnistFiles[3]);
    fmt::print("sample of {} written to {}\n", mnist.source, to);
    return nn::kDone;
  });
}

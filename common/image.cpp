#include "common/image.hpp"

#include <climits>
#include <fmt/format.h>
#include <memory>

#include "common/atomic_file.hpp"
#include "common/program.hpp"

// stb is made of headers whose bodies appear where these names are defined.
#define STBI_ONLY_PNG
#define STBI_ONLY_JPEG
#define STBI_ONLY_BMP
#define STBI_ONLY_PNM
#define STBI_NO_STDIO
#define STB_IMAGE_IMPLEMENTATION
#include <stb_image.h>
#define STBI_WRITE_NO_STDIO
#define STB_IMAGE_WRITE_IMPLEMENTATION
#include <stb_image_write.h>

namespace nn {
namespace {

[[noreturn]] void fail(const std::filesystem::path& file, const std::string& what) {
  throw Error(fmt::format("{}: {}", file.string(), what));
}

[[noreturn]] void fail_unreadable(const std::filesystem::path& file) {
  fail(file, fmt::format("is no image that can be read ({}); PNG, JPEG, BMP or PGM were expected",
                         stbi_failure_reason()));
}

void append(void* context, void* data, int size) {
  const auto* bytes = static_cast<const std::uint8_t*>(data);
  auto& file = *static_cast<std::vector<std::uint8_t>*>(context);
  file.insert(file.end(), bytes, bytes + size);
}

}  // namespace

GrayImage read_gray_image(const std::filesystem::path& file) {
  const std::vector<std::uint8_t> bytes = read_file(file);
  if (bytes.size() > INT_MAX)
    fail(file, fmt::format("is {} bytes long, too long for an image", bytes.size()));
  const int size = static_cast<int>(bytes.size());
  int width = 0, height = 0, channels = 0;
  if (!stbi_info_from_memory(bytes.data(), size, &width, &height, &channels)) fail_unreadable(file);
  const int limit = static_cast<int>(kMaxImageSide);
  if (width < 1 || height < 1 || width > limit || height > limit) {
    fail(file, fmt::format("is {} x {} pixels; at most {} x {} were expected", height, width, limit, limit));
  }

  const std::unique_ptr<stbi_uc, void (*)(void*)> gray_and_alpha(
      stbi_load_from_memory(bytes.data(), size, &width, &height, &channels, STBI_grey_alpha),
      stbi_image_free);
  if (!gray_and_alpha) fail_unreadable(file);
  GrayImage image{static_cast<std::size_t>(height), static_cast<std::size_t>(width), {}};
  image.pixels.resize(image.height * image.width);
  for (std::size_t i = 0; i < image.pixels.size(); ++i) {
    const int gray = gray_and_alpha.get()[2 * i], alpha = gray_and_alpha.get()[2 * i + 1];
    image.pixels[i] = static_cast<std::uint8_t>((gray * alpha + 127) / 255);
  }
  return image;
}

void write_png(const std::filesystem::path& file, const GrayImage& image) {
  if (image.pixels.empty() || image.pixels.size() != image.height * image.width ||
      image.height > kMaxImageSide || image.width > kMaxImageSide) {
    fail(file,
         fmt::format("{} pixels make no image of {} x {}", image.pixels.size(), image.height, image.width));
  }
  std::vector<std::uint8_t> bytes;
  if (!stbi_write_png_to_func(append, &bytes, static_cast<int>(image.width), static_cast<int>(image.height),
                              1, image.pixels.data(), static_cast<int>(image.width))) {
    fail(file, "cannot be packed as PNG");
  }
  write_file_atomically(file, bytes);
}

}  // namespace nn

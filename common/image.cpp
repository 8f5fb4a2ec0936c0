#include "common/image.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <climits>
#include <fmt/format.h>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "common/atomic_file.hpp"
#include "common/program.hpp"

// stb is made of headers whose bodies appear where these names are defined.
#define STBI_ONLY_PNG
#define STBI_ONLY_JPEG
#define STBI_ONLY_BMP
#define STBI_NO_STDIO
#define STB_IMAGE_IMPLEMENTATION
#include <stb_image.h>
#define STBI_WRITE_NO_STDIO
#define STB_IMAGE_WRITE_IMPLEMENTATION
#include <stb_image_write.h>

namespace nn {
namespace {

using Bytes = std::span<const std::uint8_t>;

[[noreturn]] void fail(const std::filesystem::path& file, const std::string& what) {
  throw Error(fmt::format("{}: {}", file.string(), what));
}

[[noreturn]] void fail_unreadable(const std::filesystem::path& file, const std::string& why) {
  fail(file, fmt::format("is no image that can be read ({}); PNG, JPEG, BMP or PGM were expected", why));
}

void check_size(const std::filesystem::path& file, std::size_t height, std::size_t width) {
  if (height < 1 || width < 1 || height > kMaxImageSide || width > kMaxImageSide) {
    fail(file, fmt::format("is {} x {} pixels; 1 x 1 to {} x {} were expected", height, width, kMaxImageSide,
                           kMaxImageSide));
  }
}

bool starts_with(Bytes bytes, std::string_view mark) {
  return bytes.size() >= mark.size() &&
         std::equal(mark.begin(), mark.end(), bytes.begin(),
                    [](char c, auto byte) { return static_cast<std::uint8_t>(c) == byte; });
}

// The next number in the header of a PGM, after white space and comments; "at" then stands behind it. At most
// five digits, so that nothing overflows; 0 if there is none.
std::size_t pgm_number(Bytes bytes, std::size_t& at) {
  for (bool in_comment = false; at < bytes.size(); ++at) {
    if (bytes[at] == '#') in_comment = true;
    if (bytes[at] == '\n') in_comment = false;
    if (!in_comment && !std::isspace(bytes[at])) break;
  }
  std::size_t number = 0;
  for (int digits = 0; digits < 5 && at < bytes.size() && std::isdigit(bytes[at]); ++digits, ++at) {
    number = 10 * number + static_cast<std::size_t>(bytes[at] - '0');
  }
  return number;
}

// stb reads PGM too, but beyond its memory in a file of 16 bits, and it makes up what is cut off.
GrayImage read_pgm(Bytes bytes, const std::filesystem::path& file) {
  std::size_t at = 2;  // behind "P5"
  const std::size_t width = pgm_number(bytes, at), height = pgm_number(bytes, at),
                    white = pgm_number(bytes, at);
  check_size(file, height, width);
  if (white < 1 || white > 255) fail_unreadable(file, fmt::format("white is {} instead of 1 to 255", white));
  ++at;  // the one white space that ends the header
  const std::size_t size = height * width, rest = bytes.size() - std::min(at, bytes.size());
  if (rest < size) fail_unreadable(file, fmt::format("it is cut off, {} of {} pixels are there", rest, size));
  GrayImage image{height, width, {}};
  for (const std::size_t value : bytes.subspan(at, size)) {
    image.pixels.push_back(
        static_cast<std::uint8_t>(std::min<std::size_t>(255, (value * 255 + white / 2) / white)));
  }
  return image;
}

// stb makes up what is missing in these formats. A BMP holds its own size at byte 2, a JPEG ends with ff d9.
bool is_cut_off(Bytes bytes) {
  if (starts_with(bytes, "BM") && bytes.size() >= 6) {
    const std::size_t size = bytes[2] | bytes[3] << 8 | bytes[4] << 16 | std::size_t{bytes[5]} << 24;
    return bytes.size() < size;
  }
  const std::array<std::uint8_t, 2> end{0xff, 0xd9};
  return starts_with(bytes, "\xff\xd8") &&
         std::search(bytes.begin(), bytes.end(), end.begin(), end.end()) == bytes.end();
}

void append(void* context, void* data, int size) {
  const auto* bytes = static_cast<const std::uint8_t*>(data);
  auto& file = *static_cast<std::vector<std::uint8_t>*>(context);
  file.insert(file.end(), bytes, bytes + size);
}

}  // namespace

GrayImage read_gray_image(const std::filesystem::path& file) {
  const std::vector<std::uint8_t> bytes = read_file(file);
  if (starts_with(bytes, "P5")) return read_pgm(bytes, file);
  if (bytes.size() > INT_MAX) fail_unreadable(file, fmt::format("it is {} bytes long", bytes.size()));
  const int size = static_cast<int>(bytes.size());
  int width = 0, height = 0, channels = 0;
  if (!stbi_info_from_memory(bytes.data(), size, &width, &height, &channels)) {
    fail_unreadable(file, stbi_failure_reason());
  }
  check_size(file, static_cast<std::size_t>(height), static_cast<std::size_t>(width));
  if (is_cut_off(bytes)) fail_unreadable(file, "it is cut off");

  const std::unique_ptr<stbi_uc, void (*)(void*)> gray_and_alpha(
      stbi_load_from_memory(bytes.data(), size, &width, &height, &channels, STBI_grey_alpha),
      stbi_image_free);
  if (!gray_and_alpha) fail_unreadable(file, stbi_failure_reason());
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

#include "common/files/image.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <climits>
#include <fmt/format.h>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "common/error.hpp"
#include "common/files/atomic_file.hpp"
#include "common/files/image_parts.hpp"
#include "common/files/jpeg.hpp"

// stb is made of headers whose bodies appear where these names are defined. Not its JPEG: a damaged file makes it
// read beyond its tables.
#define STBI_ONLY_PNG
#define STBI_ONLY_BMP
#define STBI_NO_STDIO
#define STB_IMAGE_IMPLEMENTATION
#include <stb_image.h>
#define STBI_WRITE_NO_STDIO
#define STB_IMAGE_WRITE_IMPLEMENTATION
#include <stb_image_write.h>

namespace nn {

namespace image_parts {

void fail(const std::string& file, const std::string& what) {
  throw Error(fmt::format("{}: {}", file, what));
}

void fail_unreadable(const std::string& file, const std::string& why) {
  fail(file, fmt::format("is no image that can be read ({}); PNG, JPEG, BMP or PGM were expected", why));
}

void check_size(const std::string& file, std::size_t height, std::size_t width, std::size_t most) {
  if (height < 1 || width < 1 || height > kMaxImageSide || width > kMaxImageSide) {
    fail(file, fmt::format("is {} x {} pixels; 1 x 1 to {} x {} were expected", height, width, kMaxImageSide,
                           kMaxImageSide));
  }
  if (height * width > most) {
    fail_unreadable(file, fmt::format("{} x {} pixels do not fit into so few bytes", height, width));
  }
}

}  // namespace image_parts

using namespace image_parts;

namespace {

// How many pixels a byte of a PNG can hold at most: one bit each, and deflate packs up to 1032 : 1.
constexpr std::size_t kMostPngPixels = 8 * 1032;

// Moves "at" behind white space and comments.
void skip_space(Bytes bytes, std::size_t& at) {
  for (bool in_comment = false; at < bytes.size(); ++at) {
    if (bytes[at] == '#') in_comment = true;
    if (bytes[at] == '\n') in_comment = false;
    if (!in_comment && !std::isspace(bytes[at])) break;
  }
}

// The next number in the header of a PGM; "at" is then behind it. At most five digits, so that nothing
// overflows; 0 if there is none.
std::size_t pgm_number(Bytes bytes, std::size_t& at) {
  skip_space(bytes, at);
  std::size_t number = 0;
  for (int digits = 0; digits < 5 && at < bytes.size() && std::isdigit(bytes[at]); ++digits, ++at) {
    number = 10 * number + static_cast<std::size_t>(bytes[at] - '0');
  }
  return number;
}

// Where the pixels of a binary map start, which take so many bytes; at: behind the maximum value. One white space
// ends the header, then come the pixels; or first comments, which are known by the size: without them the pixels
// fill the file, and a pixel may look like a '#'.
std::size_t start_of_pixels(Bytes bytes, std::size_t at, std::size_t size) {
  const auto end_of_line = [&](std::size_t from) {
    const auto line = bytes.subspan(from);
    return from + static_cast<std::size_t>(std::find(line.begin(), line.end(), '\n') - line.begin()) + 1;
  };
  if (at < bytes.size() && bytes[at] == '#') return end_of_line(at);
  const std::size_t start = at + 1;  // the one white space
  for (std::size_t p = start; p < bytes.size() && bytes.size() - p > size;) {
    if (bytes[p] != '#') break;
    p = end_of_line(p);
    if (p <= bytes.size() && bytes.size() - p == size) return p;
  }
  return start;
}

// PGM (P2, P5) and PPM (P3, P6). stb reads some of them too, but beyond its memory in a file of 16 bits, and it
// makes up what is cut off.
GrayImage parse_netpbm(Bytes bytes, const std::string& file) {
  const bool is_text = bytes[1] < '5';
  const std::size_t colors = bytes[1] == '3' || bytes[1] == '6' ? 3 : 1;
  std::size_t at = 2;  // behind "P5"
  const std::size_t width = pgm_number(bytes, at), height = pgm_number(bytes, at),
                    white = pgm_number(bytes, at);
  check_size(file, height, width, SIZE_MAX);
  if (white < 1 || white > 65535) {
    fail_unreadable(file, fmt::format("white is {} instead of 1 to 65535", white));
  }
  const std::size_t size = height * width, value_bytes = white < 256 ? 1 : 2,
                    pixel_bytes = colors * value_bytes;
  const auto check_rest = [&](std::size_t pixels) {
    if (pixels < size) {
      fail_unreadable(file, fmt::format("it is cut off, {} of {} pixels are there", pixels, size));
    }
  };
  if (!is_text) {
    at = std::min(start_of_pixels(bytes, at, size * pixel_bytes), bytes.size());
    check_rest((bytes.size() - at) / pixel_bytes);
  }
  GrayImage image{height, width, {}};
  const auto next = [&] {
    std::size_t value = 0;
    if (is_text) {
      skip_space(bytes, at);
      if (at == bytes.size()) check_rest(image.pixels.size());
      const bool starts_well = std::isdigit(bytes[at]);
      value = pgm_number(bytes, at);
      if (!starts_well || (at < bytes.size() && bytes[at] != '#' && !std::isspace(bytes[at]))) {
        fail_unreadable(file, fmt::format("pixel {} is no number", image.pixels.size()));
      }
    } else {
      for (std::size_t i = 0; i < value_bytes; ++i) value = 256 * value + bytes[at++];
    }
    return std::min<std::size_t>(255, (value * 255 + white / 2) / white);
  };
  while (image.pixels.size() < size) {
    const std::size_t red = next(), green = colors == 3 ? next() : red, blue = colors == 3 ? next() : red;
    image.pixels.push_back(brightness(red, green, blue));
  }
  return image;
}

// stb makes up what is missing of a BMP, which holds its own size at byte 2.
bool is_cut_off_bmp(Bytes bytes) {
  if (!starts_with(bytes, "BM") || bytes.size() < 6) return false;
  const std::size_t size = bytes[2] | bytes[3] << 8 | bytes[4] << 16 | std::size_t{bytes[5]} << 24;
  return bytes.size() < size;
}

// A PNG is a chain of chunks: four bytes of length, four of type, the data, four of checksum; the last is IEND. stb does
// not miss the last one, and copies from nowhere when the first piece of the picture is empty.
bool has_whole_chunks(Bytes png) {
  constexpr std::size_t kAround = 12;
  for (std::size_t at = 8; at + kAround <= png.size();) {
    const std::size_t length =
        std::size_t{png[at]} << 24 | png[at + 1] << 16 | png[at + 2] << 8 | png[at + 3];
    const Bytes type = png.subspan(at + 4);
    if (starts_with(type, "IEND")) return true;
    if (length > png.size() - at - kAround || (length == 0 && starts_with(type, "IDAT"))) return false;
    at += kAround + length;
  }
  return false;
}

// pixels: a gray value and an opacity each. What is transparent shows white paper; but where most of a picture is
// transparent and the rest is light, as a drawing of white ink, it shows black.
std::vector<std::uint8_t> on_paper(std::span<const stbi_uc> pixels) {
  double opacity = 0, light = 0;
  for (std::size_t i = 0; i < pixels.size(); i += 2)
    opacity += pixels[i + 1], light += pixels[i] * pixels[i + 1];
  const bool mostly_light = light > 127 * opacity,
             mostly_transparent = 255. * static_cast<double>(pixels.size()) > 4 * opacity;
  const int paper = mostly_light && mostly_transparent ? 0 : 255;
  std::vector<std::uint8_t> gray;
  gray.reserve(pixels.size() / 2);
  for (std::size_t i = 0; i < pixels.size(); i += 2) {
    const int value = pixels[i], alpha = pixels[i + 1];
    gray.push_back(static_cast<std::uint8_t>((value * alpha + paper * (255 - alpha) + 127) / 255));
  }
  return gray;
}

void append(void* context, void* data, int size) {
  const auto* bytes = static_cast<const std::uint8_t*>(data);
  auto& file = *static_cast<std::vector<std::uint8_t>*>(context);
  file.insert(file.end(), bytes, bytes + size);
}

}  // namespace

GrayImage parse_gray_image(Bytes bytes, const std::string& file) {
  if (bytes.size() >= 2 && bytes[0] == 'P' &&
      std::string_view("2356").find(static_cast<char>(bytes[1])) != std::string_view::npos) {
    return parse_netpbm(bytes, file);
  }
  if (starts_with(bytes, "\xff\xd8")) return parse_jpeg(bytes, file);
  if (bytes.size() > INT_MAX) fail_unreadable(file, fmt::format("it is {} bytes long", bytes.size()));
  const int size = static_cast<int>(bytes.size());
  int width = 0, height = 0, channels = 0;
  if (!stbi_info_from_memory(bytes.data(), size, &width, &height, &channels)) {
    fail_unreadable(file, stbi_failure_reason());
  }
  check_size(file, static_cast<std::size_t>(height), static_cast<std::size_t>(width),
             kMostPngPixels * bytes.size());
  if (starts_with(bytes, "\x89PNG\r\n\x1a\n") && !has_whole_chunks(bytes))
    fail_unreadable(file, "its pieces are damaged");
  if (is_cut_off_bmp(bytes)) fail_unreadable(file, "it is cut off");

  const std::unique_ptr<stbi_uc, void (*)(void*)> gray_and_alpha(
      stbi_load_from_memory(bytes.data(), size, &width, &height, &channels, STBI_grey_alpha),
      stbi_image_free);
  if (!gray_and_alpha) fail_unreadable(file, stbi_failure_reason());
  GrayImage image{static_cast<std::size_t>(height), static_cast<std::size_t>(width), {}};
  image.pixels = on_paper({gray_and_alpha.get(), 2 * image.height * image.width});
  return image;
}

GrayImage read_gray_image(const std::filesystem::path& file) {
  return parse_gray_image(read_file(file), file.string());
}

void write_png(const std::filesystem::path& path, const GrayImage& image) {
  const std::string file = path.string();
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
  write_file_atomically(path, bytes);
}

}  // namespace nn

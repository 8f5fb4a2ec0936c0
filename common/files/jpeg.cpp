#include "common/files/jpeg.hpp"

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "common/files/image_parts.hpp"

#ifdef NN_HAS_TURBOJPEG
#include <turbojpeg.h>
#endif

namespace nn {

using namespace image_parts;

namespace {

// A block of 64 pixels takes a bit of its own, or half of one for good measure.
[[maybe_unused]] constexpr std::size_t kMostPixelsPerByte = 2 * 8 * 64;

// The content of the first segment of that kind that begins with these letters. A JPEG is a chain of segments: ff, the
// kind, two bytes of length that count themselves, the content; the pixels follow the segment da.
std::optional<Bytes> find_segment(Bytes jpeg, std::uint8_t kind, std::string_view letters) {
  for (std::size_t at = 2; at + 4 <= jpeg.size() && jpeg[at] == 0xff && jpeg[at + 1] != 0xda;) {
    const std::size_t length = jpeg[at + 2] * 256u + jpeg[at + 3];
    if (length < 2 || length > jpeg.size() - at - 2) break;
    const Bytes content = jpeg.subspan(at + 4, length - 2);
    if (jpeg[at + 1] == kind && starts_with(content, letters)) return content;
    at += 2 + length;
  }
  return std::nullopt;
}

// Numbers of two or four bytes in a TIFF, of which EXIF data are one; 0 beyond the end.
class Tiff {
 public:
  explicit Tiff(Bytes bytes) : bytes_(bytes), little_(starts_with(bytes, "II")) {}
  std::size_t number(std::size_t at, std::size_t size) const {
    if (at > bytes_.size() || bytes_.size() - at < size) return 0;
    std::size_t value = 0;
    for (std::size_t i = 0; i < size; ++i) value = value << 8 | bytes_[at + (little_ ? size - 1 - i : i)];
    return value;
  }

 private:
  Bytes bytes_;
  bool little_;
};

#ifdef NN_HAS_TURBOJPEG
// Four colors of print to gray. Adobe's programs, and all that follow them, write them inverted: 255 is no color.
std::vector<std::uint8_t> gray_of_print(const std::vector<std::uint8_t>& cmyk, bool inverted) {
  std::vector<std::uint8_t> gray;
  for (std::size_t i = 0; i + 4 <= cmyk.size(); i += 4) {
    const auto light = [&](std::size_t k) { return inverted ? cmyk[i + k] : 255u - cmyk[i + k]; };
    gray.push_back(
        brightness(light(0) * light(3) / 255, light(1) * light(3) / 255, light(2) * light(3) / 255));
  }
  return gray;
}

// What TurboJPEG makes of it, as the camera was held. Throws Error.
GrayImage decode(Bytes jpeg, const std::string& file) {
  // With an end marker of our own a file that lacks it is whole, and one that lacks pixels is still found out.
  std::vector<std::uint8_t> bytes(jpeg.begin(), jpeg.end());
  bytes.insert(bytes.end(), {0xff, 0xd9});
  const std::unique_ptr<void, int (*)(tjhandle)> reader(tjInitDecompress(), tjDestroy);
  const auto check = [&](int result) {
    if (result == 0) return;
    const std::string_view why = tjGetErrorStr2(reader.get());
    // A warning of bytes too many leaves the picture whole; others mean that pixels are made up.
    const bool is_harmless = tjGetErrorCode(reader.get()) == TJERR_WARNING &&
                             why.find("extraneous bytes before marker") != std::string_view::npos;
    if (!is_harmless) fail_unreadable(file, std::string(why));
  };
  int width = 0, height = 0, subsampling = 0, colors = 0;
  check(
      tjDecompressHeader3(reader.get(), bytes.data(), bytes.size(), &width, &height, &subsampling, &colors));
  GrayImage image{static_cast<std::size_t>(height), static_cast<std::size_t>(width), {}};
  check_size(file, image.height, image.width, kMostPixelsPerByte * bytes.size());
  const bool is_print = colors == TJCS_CMYK || colors == TJCS_YCCK;
  image.pixels.resize(image.height * image.width * (is_print ? 4 : 1));
  check(tjDecompress2(reader.get(), bytes.data(), bytes.size(), image.pixels.data(), width, 0, height,
                      is_print ? TJPF_CMYK : TJPF_GRAY, TJFLAG_LIMITSCANS));
  if (is_print) image.pixels = gray_of_print(image.pixels, find_segment(jpeg, 0xee, "Adobe").has_value());
  return image;
}
#endif

}  // namespace

int exif_orientation(Bytes jpeg) {
  constexpr std::size_t kOrientation = 0x112, kEntry = 12;
  constexpr std::string_view kExif("Exif\0\0", 6);
  const auto segment = find_segment(jpeg, 0xe1, kExif);
  if (!segment) return 1;
  const Tiff tiff(segment->subspan(kExif.size()));
  const std::size_t directory = tiff.number(4, 4), entries = tiff.number(directory, 2);
  for (std::size_t i = 0; i < entries; ++i) {
    const std::size_t at = directory + 2 + i * kEntry;
    if (tiff.number(at, 2) != kOrientation) continue;
    const std::size_t value = tiff.number(at + 8, 2);
    return value >= 1 && value <= 8 ? static_cast<int>(value) : 1;
  }
  return 1;
}

GrayImage upright(const GrayImage& image, int orientation) {
  const int code =
      orientation - 1;  // bit 2: rows are columns; then, of 2, 3, 4, 1 in a circle, which side is flipped
  const bool transposed = code >= 4;
  const bool flip_rows = code == 2 || code == 3 || code == 6 || code == 7;
  const bool flip_cols = code == 1 || code == 2 || code == 5 || code == 6;
  GrayImage result{transposed ? image.width : image.height, transposed ? image.height : image.width, {}};
  result.pixels.reserve(image.pixels.size());
  for (std::size_t r = 0; r < result.height; ++r) {
    for (std::size_t c = 0; c < result.width; ++c) {
      const std::size_t row = flip_rows ? result.height - 1 - r : r,
                        col = flip_cols ? result.width - 1 - c : c;
      result.pixels.push_back(transposed ? image.pixels[col * image.width + row]
                                         : image.pixels[row * image.width + col]);
    }
  }
  return result;
}

GrayImage parse_jpeg([[maybe_unused]] Bytes jpeg, const std::string& file) {
#ifdef NN_HAS_TURBOJPEG
  const int orientation = exif_orientation(jpeg);
  GrayImage image = decode(jpeg, file);
  return orientation == 1 ? image : upright(image, orientation);
#else
  fail(file,
       "is a JPEG, and this build reads none: save it as PNG, or install libturbojpeg0-dev and build again");
#endif
}

}  // namespace nn

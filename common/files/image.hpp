// One gray picture, as a file on the disk.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace nn {

// pixels: height * width of them, row by row, 0 black .. 255 white.
struct GrayImage {
  std::size_t height = 0, width = 0;
  std::vector<std::uint8_t> pixels;
};

// Longer sides are an Error, before any pixel is decoded.
inline constexpr std::size_t kMaxImageSide = 10'000;

// Reads PNG, JPEG, BMP, PGM or PPM. Colors become their brightness, 16 bits become 8, and what is transparent shows white
// paper; but black where most of the picture is transparent and the rest is light. A JPEG is turned upright as its EXIF
// data say. Throws Error if the file is none of these, is damaged, cut off or
// too large. JPEG takes the library TurboJPEG; built without it, a JPEG is an Error that says so.
GrayImage read_gray_image(const std::filesystem::path& file);

// The same from the bytes of a file. where: its name, for the message of an Error.
GrayImage parse_gray_image(std::span<const std::uint8_t> bytes, const std::string& where);

// Atomic, see atomic_file.hpp.
void write_png(const std::filesystem::path& file, const GrayImage& image);

}  // namespace nn

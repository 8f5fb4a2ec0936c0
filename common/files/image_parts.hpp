// What the readers of the image formats share.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace nn::image_parts {

using Bytes = std::span<const std::uint8_t>;

[[noreturn]] void fail(const std::string& file, const std::string& what);

// "... is no image that can be read (why) ..."
[[noreturn]] void fail_unreadable(const std::string& file, const std::string& why);

// A picture needs memory for its pixels; so they must be possible in a file of so many bytes: most pixels.
void check_size(const std::string& file, std::size_t height, std::size_t width, std::size_t most);

inline bool starts_with(Bytes bytes, std::string_view mark) {
  return bytes.size() >= mark.size() &&
         std::equal(mark.begin(), mark.end(), bytes.begin(),
                    [](char c, auto byte) { return static_cast<std::uint8_t>(c) == byte; });
}

// How bright a color is; the same weights as stb's.
inline std::uint8_t brightness(std::size_t red, std::size_t green, std::size_t blue) {
  return static_cast<std::uint8_t>((77 * red + 150 * green + 29 * blue) / 256);
}

}  // namespace nn::image_parts

#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace nn {

// The SHA-256 of bytes as 64 hexadecimal digits in lower case, as the program sha256sum prints it.
std::string sha256(std::span<const std::uint8_t> bytes);

}  // namespace nn

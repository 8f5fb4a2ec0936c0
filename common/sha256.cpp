#include "common/sha256.hpp"

#include <array>
#include <cstddef>
#include <sha2.h>

namespace nn {

std::string sha256(std::span<const std::uint8_t> bytes) {
  std::array<char, SHA256_DIGEST_STRING_LENGTH> digits{};
  SHA2_CTX context;
  SHA256Init(&context);
  SHA256Update(&context, bytes.data(), bytes.size());
  return SHA256End(&context, digits.data());
}

}  // namespace nn

// What is fuzzed: every parser of what comes from outside. Each takes any bytes and must either succeed, and then
// what it gives holds together, or throw the exceptions that it names. Anything else is a finding.
#pragma once

#include <cstdint>
#include <span>

namespace nn::fuzz {

using Bytes = std::span<const std::uint8_t>;

struct Target {
  const char* name;  // of its folder in tests/fuzz/corpus, and of the program fuzz_NAME
  void (*run)(Bytes);
};

void idx_raw(Bytes bytes);
void idx_gzip(
    Bytes bytes);  // an even first byte: the rest is packed first, so that not only the checksum is tested
void safetensors(Bytes bytes);
void image(Bytes bytes);
void options(Bytes bytes);  // the text of a number option

inline constexpr Target kTargets[] = {{"idx_raw", idx_raw},
                                      {"idx_gzip", idx_gzip},
                                      {"safetensors", safetensors},
                                      {"image", image},
                                      {"options", options}};

}  // namespace nn::fuzz

// What a measured number needs beside it: on what it was measured, with what, when.
#pragma once

#include <ctime>
#include <fmt/chrono.h>
#include <fstream>
#include <map>
#include <string>
#include <thread>

#include "06_simd_matmul/simd_products.hpp"

namespace nn {

// The processor's name as Linux gives it; "unknown" elsewhere.
inline std::string processor_name() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
  }
  return "unknown";
}

inline std::map<std::string, std::string> measured_on() {
  return {{"processor", processor_name()},
          {"cores", std::to_string(std::thread::hardware_concurrency())},
          {"simd", simd_target()},
          {"compiler", NN_COMPILER},
          {"flags", NN_FLAGS},
          {"date", fmt::format("{:%Y-%m-%d}", fmt::gmtime(std::time(nullptr)))}};
}

}  // namespace nn

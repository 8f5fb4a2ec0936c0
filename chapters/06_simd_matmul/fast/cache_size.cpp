#include "06_simd_matmul/fast/cache_size.hpp"

#include <algorithm>

#ifdef __APPLE__
#include <sys/sysctl.h>
#elif defined(__linux__)
#include <unistd.h>
#endif

namespace nn {
namespace {

std::size_t reported_size() {
#ifdef __APPLE__
  std::size_t bytes = 0, size = sizeof bytes;
  return sysctlbyname("hw.l2cachesize", &bytes, &size, nullptr, 0) == 0 ? bytes : 0;
#elif defined(_SC_LEVEL2_CACHE_SIZE)
  const long bytes = sysconf(_SC_LEVEL2_CACHE_SIZE);
  return bytes > 0 ? static_cast<std::size_t>(bytes) : 0;
#else
  return 0;
#endif
}

}  // namespace

std::size_t second_level_cache() {
  constexpr std::size_t kMiB = 1024 * 1024;
  static const std::size_t bytes = [] {
    const std::size_t reported = reported_size();
    return reported == 0 ? kMiB : std::clamp(reported, kMiB / 4, 2 * kMiB);
  }();
  return bytes;
}

}  // namespace nn

#include "peak.hpp"

#include <algorithm>

#include "06_simd_matmul/targets/simd_target.hpp"
#include "common/aligned_buffer.hpp"
#include "common/timer.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "peak.cpp"
#include <hwy/foreach_target.h>  // before highway.h: includes this file once for every other target
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace nn::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// 12 sums: an addition takes 4 cycles and two can begin in each, so at least 8 must be under way.
inline constexpr std::size_t kSums = 12;

// The first lane of what comes out, which nobody needs: without it the work would be left out.
HWY_NOINLINE float add_up(std::size_t steps) {
  const hn::ScalableTag<float> d;
  hn::Vec<decltype(d)> sums[kSums];
  for (auto& sum : sums) sum = hn::Set(d, 1.0f);
  const auto factor = hn::Set(d, 0.999f), summand = hn::Set(d, 0.001f);
  for (std::size_t i = 0; i < steps; ++i) {
    for (auto& sum : sums) sum = hn::MulAdd(sum, factor, summand);
  }
  for (std::size_t i = 1; i < kSums; ++i) sums[0] = hn::Add(sums[0], sums[i]);
  return hn::GetLane(sums[0]);
}

double fma_peak() {
  constexpr std::size_t kSteps = 1'000'000;
  double best = 0;
  volatile float result;
  for (int run = 0; run < 7; ++run) {
    const Timer timer;
    result = add_up(kSteps);
    const double operations = 2.0 * kSums * kSteps * static_cast<double>(hn::Lanes(hn::ScalableTag<float>()));
    best = std::max(best, operations / timer.seconds() / 1e9);
  }
  static_cast<void>(result);
  return best;
}

// The sum of all, so that nothing of the reading can be left out; numbers.size(): a multiple of 8 vectors.
HWY_NOINLINE float sum_of(const AlignedBuffer<float>& numbers) {
  const hn::ScalableTag<float> d;
  const std::size_t lanes = hn::Lanes(d);
  hn::Vec<decltype(d)> sums[8];
  for (auto& sum : sums) sum = hn::Zero(d);
  for (std::size_t i = 0; i < numbers.size(); i += 8 * lanes) {
    for (std::size_t s = 0; s < 8; ++s)
      sums[s] = hn::Add(sums[s], hn::Load(d, numbers.data() + i + s * lanes));
  }
  for (std::size_t s = 1; s < 8; ++s) sums[0] = hn::Add(sums[0], sums[s]);
  return hn::GetLane(sums[0]);
}

double read_bandwidth() {
  AlignedBuffer<float> numbers;
  numbers.resize(std::size_t{64} << 20);
  std::fill_n(numbers.data(), numbers.size(), 1.0f);
  double best = 0;
  volatile float result;
  for (int run = 0; run < 7; ++run) {
    const Timer timer;
    result = sum_of(numbers);
    best = std::max(best, static_cast<double>(numbers.size() * sizeof(float)) / timer.seconds() / 1e9);
  }
  static_cast<void>(result);
  return best;
}

}  // namespace nn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace nn {

HWY_EXPORT(fma_peak);
double fma_peak() { return HWY_DYNAMIC_DISPATCH(fma_peak)(); }

HWY_EXPORT(read_bandwidth);
double read_bandwidth() { return HWY_DYNAMIC_DISPATCH(read_bandwidth)(); }

}  // namespace nn
#endif

// fma_peak for every kind of processor. (No #pragma once: Highway includes it once for each.)
#include <algorithm>
#include <hwy/highway.h>

#include "common/timer.hpp"

HWY_BEFORE_NAMESPACE();
namespace nn::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// 12 sums: an addition takes 4 cycles and two can begin in each, so at least 8 must be under way.
inline constexpr std::size_t kSums = 12;

// The first lane of what comes out, which nobody needs: without it the work would be left out.
HWY_NOINLINE inline float add_up(std::size_t steps) {
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

inline double fma_peak() {
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

}  // namespace nn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

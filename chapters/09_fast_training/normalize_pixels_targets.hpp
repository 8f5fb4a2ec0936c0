// normalize() for every SIMD instruction set, as chapter 06 does it for products.
// (No #pragma once: Highway includes this file once for each.)
#include <cstddef>
#include <cstdint>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace nn::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// A division rounds the same in every lane as alone, so the bits are those of gather.
inline void normalize(const std::uint8_t* pixels, std::size_t count, float mean, float deviation,
                      float* out) {
  const hn::ScalableTag<float> d;
  const hn::Rebind<std::int32_t, decltype(d)> whole;
  const hn::Rebind<std::uint8_t, decltype(d)> bytes;
  const auto white = hn::Set(d, 255.0f), shift = hn::Set(d, mean), scale = hn::Set(d, deviation);
  const bool is_plain = mean == 0 && deviation == 1;
  std::size_t i = 0;
  for (; i + hn::Lanes(d) <= count; i += hn::Lanes(d)) {
    auto x = hn::Div(hn::ConvertTo(d, hn::PromoteTo(whole, hn::LoadU(bytes, pixels + i))), white);
    if (!is_plain) x = hn::Div(hn::Sub(x, shift), scale);
    hn::StoreU(x, d, out + i);
  }
  for (; i < count; ++i) {
    out[i] = static_cast<float>(pixels[i]) / 255.0f;
    if (!is_plain) out[i] = (out[i] - mean) / deviation;
  }
}

}  // namespace nn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

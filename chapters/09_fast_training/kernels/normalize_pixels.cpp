#include "09_fast_training/kernels/normalize_pixels.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "09_fast_training/kernels/normalize_pixels.cpp"
#include <hwy/foreach_target.h>  // before highway.h: includes this file once for every other target
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace nn::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// A division rounds the same in every lane as alone, so the bits are those of gather.
void normalize(const std::uint8_t* pixels, std::size_t count, const InputTransform& input, float* out) {
  const hn::ScalableTag<float> d;
  const hn::Rebind<std::int32_t, decltype(d)> whole;
  const hn::Rebind<std::uint8_t, decltype(d)> bytes;
  const auto white = hn::Set(d, 255.0f), shift = hn::Set(d, input.mean), scale = hn::Set(d, input.deviation);
  const bool is_plain = input == InputTransform{};
  std::size_t i = 0;
  for (; i + hn::Lanes(d) <= count; i += hn::Lanes(d)) {
    auto x = hn::Div(hn::ConvertTo(d, hn::PromoteTo(whole, hn::LoadU(bytes, pixels + i))), white);
    if (!is_plain) x = hn::Div(hn::Sub(x, shift), scale);
    hn::StoreU(x, d, out + i);
  }
  for (; i < count; ++i) {
    out[i] = static_cast<float>(pixels[i]) / 255.0f;
    if (!is_plain) out[i] = input(out[i]);
  }
}

}  // namespace nn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace nn {

HWY_EXPORT(normalize);

void normalize_pixels(const std::uint8_t* pixels, std::size_t count, const InputTransform& input,
                      float* out) {
  HWY_DYNAMIC_DISPATCH(normalize)(pixels, count, input, out);
}

}  // namespace nn
#endif

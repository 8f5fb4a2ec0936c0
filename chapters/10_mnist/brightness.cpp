#include "10_mnist/brightness.hpp"

#include "10_mnist/standardise.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "10_mnist/brightness_targets.hpp"
#include <hwy/foreach_target.h>

#include "10_mnist/brightness_targets.hpp"

namespace nn {

HWY_EXPORT(to_brightness);

void brightness(const std::uint8_t* pixels, std::size_t count, bool standardise, float* out) {
  const float mean = standardise ? kPixelMean : 0, deviation = standardise ? kPixelDeviation : 1;
  HWY_DYNAMIC_DISPATCH(to_brightness)(pixels, count, mean, deviation, out);
}

}  // namespace nn

#include "09_fast_training/normalize_pixels.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "09_fast_training/normalize_pixels_targets.hpp"
#include <hwy/foreach_target.h>

#include "09_fast_training/normalize_pixels_targets.hpp"

namespace nn {

HWY_EXPORT(normalize);

void normalize_pixels(const std::uint8_t* pixels, std::size_t count, const InputTransform& input,
                      float* out) {
  HWY_DYNAMIC_DISPATCH(normalize)(pixels, count, input.mean, input.deviation, out);
}

}  // namespace nn

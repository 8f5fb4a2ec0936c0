#include "peak.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "peak_targets.hpp"
#include <hwy/foreach_target.h>

#include "peak_targets.hpp"

namespace nn {

HWY_EXPORT(fma_peak);
double fma_peak() { return HWY_DYNAMIC_DISPATCH(fma_peak)(); }

HWY_EXPORT(read_bandwidth);
double read_bandwidth() { return HWY_DYNAMIC_DISPATCH(read_bandwidth)(); }

}  // namespace nn

// What a core can do at most.
#pragma once

namespace nn {

// Single-precision operations a second of one core, in units of 1e9: a loop of fused multiply-adds in registers,
// none of which waits for another; the best of several runs.
double fma_peak();

}  // namespace nn

// What a core can do at most.
#pragma once

namespace nn {

// Single-precision operations a second of one core, in units of 1e9: a loop of fused multiply-adds in registers,
// none of which waits for another; the best of several runs.
double fma_peak();

// Bytes a second that one core reads from main memory, in units of 1e9: sums over 256 MiB, one after the other; the
// best of several runs.
double read_bandwidth();

}  // namespace nn

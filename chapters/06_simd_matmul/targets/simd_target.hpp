// A SIMD target, as Highway calls it, is a set of instructions that the kernels are compiled for: "AVX3" (AVX-512),
// "AVX2", "SSE4", "NEON", and always one without vector instructions, "SCALAR" or "EMU128". The program chooses among
// them when it starts; the environment variable NN_SIMD forces one.
#pragma once

#include <string>
#include <vector>

namespace nn {

// The targets that the kernels were compiled for and this processor supports, best first; with NN_SIMD only that one.
std::vector<std::string> simd_targets();
// The target that runs, as compiled into a kernel; whether it has fused multiply-add, which rounds once and not twice.
std::string simd_target();
bool simd_target_has_fma();
// Switches to a target of simd_targets(), or to the best one for "". For tests and measurements, and only while no other
// thread computes. Throws std::invalid_argument for any other name.
void use_simd_target(const std::string& name);

namespace detail {
// Applies NN_SIMD; the program ends with exit code 2 and one line on stderr if it names no target that can run here.
bool apply_nn_simd();
inline const bool nn_simd_is_applied = apply_nn_simd();  // before main(), in every program with a SIMD kernel
}  // namespace detail

}  // namespace nn

// The rungs that work with vectors, for the processor on which the program finds itself. T: float or double.
#pragma once

#include <string>
#include <vector>

#include "01_matrix/current_product.hpp"

namespace nn {

template <class T>
void matmul_simd(MatrixView<T> a, MatrixView<T> b, Matrix<T>& out);  // matmul_simd.hpp
template <class T>
void matmul_packed(MatrixView<T> a, MatrixView<T> b, Matrix<T>& out);  // matmul_packed.hpp, all rows
template <class T>
void rows_packed(MatrixView<T> a, MatrixView<T> b, Matrix<T>& out, std::size_t begin, std::size_t end);
template <class T>
void matmul_fast(MatrixView<T> a, MatrixView<T> b, Matrix<T>& out);  // matmul_fast.hpp

// What they were compiled for and this processor can run, the widest vectors first: "AVX3" (which is AVX-512),
// "AVX2", "SSE4", "NEON", and always one that needs no vectors at all, "SCALAR" or "EMU128".
std::vector<std::string> simd_targets();
// The one that runs, asked from inside it; whether it has fused multiply-add, which rounds once instead of twice.
std::string simd_target();
bool simd_target_has_fma();
// From now on this one, a name from simd_targets(); "" the widest again. For tests and measurements; set it before
// threads start. Throws std::invalid_argument for another name.
void use_simd_target(const std::string& name);

}  // namespace nn

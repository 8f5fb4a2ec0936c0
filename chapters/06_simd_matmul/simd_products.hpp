// The products that use SIMD instructions: Highway compiles each kernel for several SIMD targets, and the program
// chooses the best one that its processor supports (targets/simd_target.hpp). T: float or double.
#pragma once

#include "01_matrix/matrix_view.hpp"
#include "06_simd_matmul/targets/simd_target.hpp"

namespace nn {

template <class T>
void matmul_simd(MatrixView<T> a, MatrixView<T> b, Matrix<T>& out);  // matmul_simd.hpp
template <class T>
void matmul_packed(MatrixView<T> a, MatrixView<T> b, Matrix<T>& out);  // matmul_packed.hpp, all rows
template <class T>
void rows_packed(MatrixView<T> a, MatrixView<T> b, Matrix<T>& out, std::size_t begin, std::size_t end);
template <class T>
void matmul_fast(MatrixView<T> a, MatrixView<T> b, Matrix<T>& out);  // fast/matmul_fast.cpp

}  // namespace nn

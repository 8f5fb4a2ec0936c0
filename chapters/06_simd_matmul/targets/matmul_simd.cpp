#include "06_simd_matmul/simd_products.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "06_simd_matmul/targets/matmul_simd.cpp"
#include <hwy/foreach_target.h>  // before highway.h: includes this file once for every other target

#include "06_simd_matmul/matmul_simd.hpp"

HWY_BEFORE_NAMESPACE();
namespace nn::HWY_NAMESPACE {

// HWY_EXPORT takes functions, not templates.
void simd_float(MatrixView<float> a, MatrixView<float> b, Matrix<float>& out) {
  HWY_NAMESPACE::matmul_simd(a, b, out);
}
void simd_double(MatrixView<double> a, MatrixView<double> b, Matrix<double>& out) {
  HWY_NAMESPACE::matmul_simd(a, b, out);
}

}  // namespace nn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace nn {

HWY_EXPORT(simd_float);
HWY_EXPORT(simd_double);

template <class T>
void matmul_simd(MatrixView<T> a, MatrixView<T> b, Matrix<T>& out) {
  if constexpr (sizeof(T) == sizeof(float)) {
    HWY_DYNAMIC_DISPATCH(simd_float)(a, b, out);
  } else {
    HWY_DYNAMIC_DISPATCH(simd_double)(a, b, out);
  }
}
template void matmul_simd(MatrixView<float>, MatrixView<float>, Matrix<float>&);
template void matmul_simd(MatrixView<double>, MatrixView<double>, Matrix<double>&);

}  // namespace nn
#endif

#include "06_simd_matmul/simd_products.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "06_simd_matmul/targets/matmul_packed.cpp"
#include <hwy/foreach_target.h>  // before highway.h: includes this file once for every other target

#include "06_simd_matmul/matmul_packed.hpp"

HWY_BEFORE_NAMESPACE();
namespace nn::HWY_NAMESPACE {

// HWY_EXPORT takes functions, not templates.
void packed_float(MatrixView<float> a, MatrixView<float> b, Matrix<float>& out, std::size_t begin,
                  std::size_t end) {
  HWY_NAMESPACE::rows_packed(a, b, out, begin, end);
}
void packed_double(MatrixView<double> a, MatrixView<double> b, Matrix<double>& out, std::size_t begin,
                   std::size_t end) {
  HWY_NAMESPACE::rows_packed(a, b, out, begin, end);
}

}  // namespace nn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace nn {

HWY_EXPORT(packed_float);
HWY_EXPORT(packed_double);

template <class T>
void rows_packed(MatrixView<T> a, MatrixView<T> b, Matrix<T>& out, std::size_t begin, std::size_t end) {
  if constexpr (sizeof(T) == sizeof(float)) {
    HWY_DYNAMIC_DISPATCH(packed_float)(a, b, out, begin, end);
  } else {
    HWY_DYNAMIC_DISPATCH(packed_double)(a, b, out, begin, end);
  }
}
template <class T>
void matmul_packed(MatrixView<T> a, MatrixView<T> b, Matrix<T>& out) {
  rows_packed(a, b, out, 0, out.rows());
}
template void rows_packed(MatrixView<float>, MatrixView<float>, Matrix<float>&, std::size_t, std::size_t);
template void rows_packed(MatrixView<double>, MatrixView<double>, Matrix<double>&, std::size_t, std::size_t);
template void matmul_packed(MatrixView<float>, MatrixView<float>, Matrix<float>&);
template void matmul_packed(MatrixView<double>, MatrixView<double>, Matrix<double>&);

}  // namespace nn
#endif

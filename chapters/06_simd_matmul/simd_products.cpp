#include "06_simd_matmul/simd_products.hpp"

#include <stdexcept>

// Arrays of vectors, which the kernels have, need vectors of known width; SSSE3 without SSE4 is history.
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128 | HWY_RVV)
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "06_simd_matmul/simd_targets.hpp"
#include <hwy/foreach_target.h>  // includes it for every target but the plainest

#include "06_simd_matmul/simd_targets.hpp"

namespace nn {
namespace {

HWY_EXPORT(float_table);
HWY_EXPORT(double_table);

// The table for this processor.
template <class T>
SimdTable<T> chosen();
template <>
SimdTable<float> chosen() {
  return HWY_DYNAMIC_DISPATCH(float_table)();
}
template <>
SimdTable<double> chosen() {
  return HWY_DYNAMIC_DISPATCH(double_table)();
}

// 0: all that the processor supports.
void choose(std::int64_t targets) {
  hwy::SetSupportedTargetsForTest(targets);
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
}

}  // namespace

template <class T>
void matmul_simd(MatrixView<T> a, MatrixView<T> b, Matrix<T>& out) {
  chosen<T>().simd(a, b, out);
}
template <class T>
void rows_packed(MatrixView<T> a, MatrixView<T> b, Matrix<T>& out, std::size_t begin, std::size_t end) {
  chosen<T>().rows_packed(a, b, out, begin, end);
}
template <class T>
void matmul_packed(MatrixView<T> a, MatrixView<T> b, Matrix<T>& out) {
  rows_packed(a, b, out, 0, out.rows());
}
template <class T>
void matmul_fast(MatrixView<T> a, MatrixView<T> b, Matrix<T>& out) {
  chosen<T>().fast(a, b, out);
}

template void matmul_simd(MatrixView<float>, MatrixView<float>, Matrix<float>&);
template void matmul_simd(MatrixView<double>, MatrixView<double>, Matrix<double>&);
template void matmul_packed(MatrixView<float>, MatrixView<float>, Matrix<float>&);
template void matmul_packed(MatrixView<double>, MatrixView<double>, Matrix<double>&);
template void matmul_fast(MatrixView<float>, MatrixView<float>, Matrix<float>&);
template void matmul_fast(MatrixView<double>, MatrixView<double>, Matrix<double>&);
template void rows_packed(MatrixView<float>, MatrixView<float>, Matrix<float>&, std::size_t, std::size_t);
template void rows_packed(MatrixView<double>, MatrixView<double>, Matrix<double>&, std::size_t, std::size_t);

std::vector<std::string> simd_targets() {
  const std::string now = simd_target();
  hwy::SetSupportedTargetsForTest(0);
  std::vector<std::string> names;
  for (const std::int64_t target : hwy::SupportedAndGeneratedTargets())
    names.emplace_back(hwy::TargetName(target));
  use_simd_target(now);
  return names;
}

std::string simd_target() { return chosen<float>().target; }
bool simd_target_has_fma() { return chosen<float>().has_fma; }

void use_simd_target(const std::string& name) {
  hwy::SetSupportedTargetsForTest(0);
  std::int64_t wanted = 0;
  for (const std::int64_t target : hwy::SupportedAndGeneratedTargets()) {
    if (name == hwy::TargetName(target)) wanted = target;
  }
  choose(wanted);
  if (wanted == 0 && !name.empty())
    throw std::invalid_argument("this processor has no SIMD target '" + name + "'");
}

}  // namespace nn

// What is compiled once for every kind of processor ("target"): Highway includes this file again and again, each
// time with HWY_NAMESPACE another name, Vec another width and the compiler told to use other instructions.
// (So no #pragma once.)
#include "06_simd_matmul/matmul_fast.hpp"
#include "06_simd_matmul/matmul_packed.hpp"  // and with it matmul_simd.hpp
#include "06_simd_matmul/simd_table.hpp"

HWY_BEFORE_NAMESPACE();
namespace nn::HWY_NAMESPACE {

template <class T>
SimdTable<T> table() {
  return {matmul_simd<T>, rows_packed<T>, matmul_fast<T>, hwy::TargetName(HWY_TARGET), HWY_NATIVE_FMA != 0};
}
inline SimdTable<float> float_table() { return table<float>(); }
inline SimdTable<double> double_table() { return table<double>(); }

}  // namespace nn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

// A check that fails can say more than "wrong": some mistakes are common, and the wrong number gives them away.
//   EXPECT_EQ(y, expected) << mistake_in(y, {{{{2, 1}, {3, 4}}, "without the bias"}});
#pragma once

#include <cmath>
#include <initializer_list>
#include <string>
#include <utility>

#include "matrices.hpp"

namespace nn {

namespace detail {
// Roughly, for a float too; NaN is NaN.
template <class T>
bool is_about(const T& got, double wrong) {
  if (std::isnan(wrong)) return is_nan(got);
  return static_cast<double>(std::abs(got - T(static_cast<Real<T>>(wrong)))) <=
         1e-3 * std::abs(wrong) + 1e-30;
}
inline std::string named(const char* mistake) { return std::string("\nthis is what comes out ") + mistake; }
}  // namespace detail

// known: what a mistake gives, and the mistake, after the words "this is what comes out ...".
template <class T>
std::string mistake_in(const T& got, std::initializer_list<std::pair<double, const char*>> known) {
  for (const auto& [wrong, mistake] : known) {
    if (detail::is_about(got, wrong)) return detail::named(mistake);
  }
  return "";
}

template <class T>
std::string mistake_in(const Matrix<T>& got,
                       std::initializer_list<std::pair<Matrix<double>, const char*>> known) {
  for (const auto& [wrong, mistake] : known) {
    bool same = got.rows() == wrong.rows() && got.cols() == wrong.cols();
    for (std::size_t i = 0; i < wrong.size() && same; ++i) {
      same = detail::is_about(got.values()[i], wrong.values()[i]);
    }
    if (same) return detail::named(mistake);
  }
  return "";
}

}  // namespace nn

// A check that fails can say more than "wrong": some mistakes are common, and the wrong number gives them away.
//   EXPECT_EQ(y, expected) << mistake_in(y, {{{{2, 1}, {3, 4}}, "without the bias"}});
#pragma once

#include <cmath>
#include <initializer_list>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "inputs/matrices.hpp"

namespace nn {

namespace detail {
// To the digits that a float has after a few roundings, and to more for a double; NaN is NaN.
template <class T>
bool is_about(const T& got, double wrong, double absolute = 1e-30) {
  constexpr double kClose = std::is_same_v<Real<T>, float> ? 1e-4 : 1e-6;
  if (std::isnan(wrong)) return is_nan(got);
  return static_cast<double>(std::abs(got - T(static_cast<Real<T>>(wrong)))) <=
         kClose * std::abs(wrong) + absolute;
}
inline std::string named(const char* mistake) { return std::string("\nthis is what comes out ") + mistake; }
}  // namespace detail

// known: what a mistake gives, and the mistake, after the words "this is what comes out ...". A mistake is named only if
// it explains every number: one number alone fits many mistakes, so give a matrix where there are several.
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

namespace detail {
inline void add_inputs(std::ostringstream&) {}
template <class Value, class... Rest>
void add_inputs(std::ostringstream& out, const char* name, const Value& value, const Rest&... rest) {
  out << "\n  " << name << " = " << testing::PrintToString(value);
  add_inputs(out, rest...);
}
}  // namespace detail

// What went in, for the message of a check:  given("A·B", "A", a, "B", b)
template <class... Inputs>
std::string given(std::string_view what, const Inputs&... inputs) {
  std::ostringstream out;
  out << what << (sizeof...(inputs) > 0 ? ", for" : "");
  detail::add_inputs(out, inputs...);
  return out.str();
}

// What work() returns. If shapes do not fit on the way, or an entry does not exist, the message goes on with these words.
template <class Work>
auto explained(const Work& work, std::string_view words) {
  try {
    return work();
  } catch (const ShapeError& error) {
    throw ShapeError(error.what() + ("\n" + std::string(words)));
  } catch (const std::out_of_range& error) {
    throw std::out_of_range(error.what() + ("\n" + std::string(words)));
  }
}

}  // namespace nn

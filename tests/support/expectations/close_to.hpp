// allclose as GoogleTest wants it:  EXPECT_TRUE(close_to(got, expected, {.rtol = 1e-12}));
// got and expected: two matrices, or two numbers.
#pragma once

#include <gtest/gtest.h>

#include "common/allclose.hpp"

namespace nn {

namespace detail {
// A number as a matrix of one entry.
template <class T>
struct OneNumber {
  T value;
  std::size_t rows() const { return 1; }
  std::size_t cols() const { return 1; }
  const T& operator()(std::size_t, std::size_t) const { return value; }
};
}  // namespace detail

template <class M>
concept MatrixLike = requires(const M& m) {
  m.rows();
  m.cols();
};

template <MatrixLike Got, MatrixLike Expected>
testing::AssertionResult close_to(const Got& got, const Expected& expected, Tolerance tolerance = {}) {
  const Comparison comparison = allclose(got, expected, tolerance);
  if (comparison) return testing::AssertionSuccess();
  constexpr std::size_t kFew = 20;  // entries that one takes in at a glance
  if (got.rows() * got.cols() > kFew || expected.rows() * expected.cols() > kFew)
    return testing::AssertionFailure() << comparison.message;
  return testing::AssertionFailure() << "yours:     " << testing::PrintToString(got)
                                     << "\nexpected:  " << testing::PrintToString(expected) << "\n"
                                     << comparison.message;
}

template <class Got, class Expected>
testing::AssertionResult close_to(const Got& got, const Expected& expected, Tolerance tolerance = {}) {
  const Comparison comparison =
      allclose(detail::OneNumber<Got>{got}, detail::OneNumber<Expected>{expected}, tolerance);
  if (comparison) return testing::AssertionSuccess();
  return testing::AssertionFailure() << "yours:     " << detail::show(got)
                                     << "\nexpected:  " << detail::show(expected);
}

}  // namespace nn

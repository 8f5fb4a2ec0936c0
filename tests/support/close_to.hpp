// allclose as GoogleTest wants it:  EXPECT_TRUE(close_to(got, expected, {.rtol = 1e-12}));
#pragma once

#include <gtest/gtest.h>

#include "common/allclose.hpp"

namespace nn {

template <class Got, class Expected>
testing::AssertionResult close_to(const Got& got, const Expected& expected, Tolerance tolerance = {}) {
  const Comparison comparison = allclose(got, expected, tolerance);
  if (comparison) return testing::AssertionSuccess();
  return testing::AssertionFailure() << comparison.message;
}

}  // namespace nn

// Compiled with -ffast-math (tests/CMakeLists.txt), under which the compiler takes std::isnan for always false: what
// guards against NaN must not depend on it.
#include "common/finite.hpp"

#include <cstdlib>
#include <gtest/gtest.h>
#include <limits>

#include "common/allclose.hpp"

namespace nn {
namespace {

// Not known to the compiler.
double parsed(const char* text) { return std::strtod(text, nullptr); }

TEST(Finite, asks_the_bits) {
  for (const char* text : {"nan", "-nan"}) {
    EXPECT_TRUE(is_nan(parsed(text))) << text;
    EXPECT_TRUE(is_nan(static_cast<float>(parsed(text)))) << text;
    EXPECT_FALSE(is_finite(parsed(text))) << text;
  }
  for (const char* text : {"inf", "-inf"}) {
    EXPECT_FALSE(is_nan(parsed(text))) << text;
    EXPECT_FALSE(is_finite(parsed(text))) << text;
    EXPECT_FALSE(is_finite(static_cast<float>(parsed(text)))) << text;
  }
  for (const char* text : {"0", "-0", "1", "-2.5", "4.9e-324", "1.7976931348623157e308"}) {
    EXPECT_TRUE(is_finite(parsed(text))) << text;
    EXPECT_FALSE(is_nan(parsed(text))) << text;
  }
}

// A matrix of one number, without chapter 01.
struct Number {
  double value;
  std::size_t rows() const { return 1; }
  std::size_t cols() const { return 1; }
  double operator()(std::size_t, std::size_t) const { return value; }
};

TEST(Finite, nan_is_close_to_nothing) {
  const Number nan{parsed("nan")}, one{1};
  EXPECT_TRUE(allclose(one, one, Tolerance{.rtol = 1e-6}).close);
  EXPECT_FALSE(allclose(nan, one, Tolerance{.rtol = 1e-6}).close);
  EXPECT_FALSE(allclose(one, nan, Tolerance{.rtol = 1e-6}).close);
  EXPECT_FALSE(allclose(nan, nan, Tolerance{.rtol = 1e-6}).close);
  EXPECT_FALSE(is_finite(tensor_error(nan, one)));
}

}  // namespace
}  // namespace nn

// A sum in another order has other bits, and so has a sum that rounds once where another rounds twice.
#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>

#include "01_matrix/matmul.hpp"
#include "06_simd_matmul/random_matrix.hpp"
#include "common/terminal/demonstration.hpp"
#include "common/terminal/print.hpp"

namespace {

using M = nn::Matrix<float>;

// The product by three loops, nested as `loops` says from the outside in: 0 is i, 1 is j, 2 is k.
M nested(const M& a, const M& b, std::array<std::size_t, 3> loops, bool k_downwards = false) {
  const std::array<std::size_t, 3> end = {a.rows(), b.cols(), a.cols()};
  std::array<std::size_t, 3> at{};
  M out(a.rows(), b.cols());
  for (at[loops[0]] = 0; at[loops[0]] < end[loops[0]]; ++at[loops[0]]) {
    for (at[loops[1]] = 0; at[loops[1]] < end[loops[1]]; ++at[loops[1]]) {
      for (at[loops[2]] = 0; at[loops[2]] < end[loops[2]]; ++at[loops[2]]) {
        const std::size_t k = k_downwards ? a.cols() - 1 - at[2] : at[2];
        out(at[0], at[1]) += a(at[0], k) * b(k, at[1]);
      }
    }
  }
  return out;
}

// add(sum, x, y) for the numbers of each entry, in the order of k, into `parts` sums that are added at the end.
template <class Add>
M in_parts(const M& a, const M& b, std::size_t parts, const Add& add) {
  M out(a.rows(), b.cols());
  for (std::size_t i = 0; i < out.rows(); ++i) {
    for (std::size_t j = 0; j < out.cols(); ++j) {
      std::array<float, 2> sums{};
      for (std::size_t k = 0; k < a.cols(); ++k) add(sums[parts * k / a.cols()], a(i, k), b(k, j));
      out(i, j) = sums[0] + sums[1];
    }
  }
  return out;
}

void say(const char* what, const M& got, const M& expected) {
  float most = 0;
  std::size_t unlike = 0;
  for (std::size_t i = 0; i < got.size(); ++i) {
    const float difference = std::abs(got.values()[i] - expected.values()[i]);
    unlike += difference != 0;
    most = std::max(most, difference);
  }
  fmt::print("  {:40} {} of {} entries have other bits, by up to {}\n", what, unlike, got.size(),
             nn::format_number(static_cast<double>(most), 2));
}

}  // namespace

int main(int argc, char** argv) {
  return nn::run_demonstration("06_simd_matmul_order", argc, argv, [] {
    const float large = 1e8f, small = 1, a = 1 + 0x1p-12f, square = a * a;
    fmt::print("float:  (1e8 + 1) - 1e8 = {},  (1e8 - 1e8) + 1 = {}\n",
               static_cast<double>((large + small) - large), static_cast<double>((large - large) + small));
    fmt::print("a = 1 + 1/4096, s = a·a rounded:  a·a - s = {} with two roundings, {} with one\n",
               static_cast<double>(a * a - square),
               nn::format_number(static_cast<double>(std::fma(a, a, -square)), 3));

    nn::Random random(1);
    const M x = random_matrix(128, 784, random), y = random_matrix(784, 128, random);
    const M expected = matmul(x, y);
    fmt::print("\n(128 x 784) times (784 x 128), compared with three loops i, j, k:\n");
    say("i, k, j", nested(x, y, {0, 2, 1}), expected);
    say("j, i, k", nested(x, y, {1, 0, 2}), expected);
    say("j, k, i", nested(x, y, {1, 2, 0}), expected);
    say("k, i, j", nested(x, y, {2, 0, 1}), expected);
    say("k, j, i", nested(x, y, {2, 1, 0}), expected);
    say("i, j, k, and k downwards", nested(x, y, {0, 1, 2}, true), expected);
    const auto twice = [](float& sum, float p, float q) { sum += p * q; };
    const auto once = [](float& sum, float p, float q) { sum = std::fma(p, q, sum); };
    say("each sum in two halves", in_parts(x, y, 2, twice), expected);
    say("one rounding for each product and sum", in_parts(x, y, 1, once), expected);
  });
}

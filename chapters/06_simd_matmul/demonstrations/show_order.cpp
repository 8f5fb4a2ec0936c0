// A sum has other bits if its terms are added in another order, or if each term is rounded once instead of twice.
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

// The product with three loops, nested as `loops` says from the outside in: 0 is i, 1 is j, 2 is k.
M nested(const M& a, const M& b, std::array<std::size_t, 3> loops, bool k_descends = false) {
  const std::array<std::size_t, 3> end = {a.rows(), b.cols(), a.cols()};
  std::array<std::size_t, 3> at{};
  M out(a.rows(), b.cols());
  for (at[loops[0]] = 0; at[loops[0]] < end[loops[0]]; ++at[loops[0]]) {
    for (at[loops[1]] = 0; at[loops[1]] < end[loops[1]]; ++at[loops[1]]) {
      for (at[loops[2]] = 0; at[loops[2]] < end[loops[2]]; ++at[loops[2]]) {
        const std::size_t k = k_descends ? a.cols() - 1 - at[2] : at[2];
        out(at[0], at[1]) += a(at[0], k) * b(k, at[1]);
      }
    }
  }
  return out;
}

// Each entry by add(sum, x, y) in the order of k, with `parts` sums that are added at the end.
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
  std::size_t differ = 0;
  for (std::size_t i = 0; i < got.size(); ++i) {
    const float difference = std::abs(got.values()[i] - expected.values()[i]);
    differ += difference != 0;
    most = std::max(most, difference);
  }
  fmt::print("  {:28} {} of {} entries differ, by at most {}\n", what, differ, got.size(),
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
    fmt::print("\n(128 x 784) times (784 x 128), compared with three loops in the order i, j, k:\n");
    std::size_t same = 0;
    for (const std::array<std::size_t, 3>& loops :
         {std::array<std::size_t, 3>{0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}})
      same += nested(x, y, loops) == expected;
    fmt::print("  {} of the 5 other orders of the loops have the same bits in all entries\n", same);
    say("k descending", nested(x, y, {0, 1, 2}, true), expected);
    const auto twice = [](float& sum, float p, float q) { sum += p * q; };
    const auto once = [](float& sum, float p, float q) { sum = std::fma(p, q, sum); };
    say("each sum in two halves", in_parts(x, y, 2, twice), expected);
    say("one rounding per term (FMA)", in_parts(x, y, 1, once), expected);
  });
}

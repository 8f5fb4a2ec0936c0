#include "common/random.hpp"

#include <algorithm>
#include <array>
#include <gtest/gtest.h>
#include <numeric>

namespace nn {
namespace {

// The first outputs of SplitMix64 for seed 1234567, as published with the reference implementation.
TEST(Random, gives_the_published_numbers) {
  Random random(1234567);
  EXPECT_EQ(random.next(), 6457827717110365317u);
  EXPECT_EQ(random.next(), 3203168211198807973u);
  EXPECT_EQ(random.next(), 9817491932198370423u);
}

TEST(Random, uniform_stays_in_its_interval_and_fills_it) {
  Random random(1);
  double sum = 0, low = 1, high = 0;
  for (int i = 0; i < 100000; ++i) {
    const double x = random.uniform();
    low = std::min(low, x), high = std::max(high, x), sum += x;
  }
  EXPECT_GE(low, 0);
  EXPECT_LT(high, 1);
  EXPECT_NEAR(sum / 100000, 0.5, 0.005);
}

TEST(Random, below_gives_every_number_equally_often) {
  Random random(2);
  std::array<int, 7> counts{};
  for (int i = 0; i < 70000; ++i) ++counts[random.below(7)];
  for (const int count : counts) EXPECT_NEAR(count, 10000, 400);
}

TEST(Random, shuffle_keeps_every_item_and_depends_on_the_seed) {
  std::array<int, 50> a{}, b{};
  std::iota(a.begin(), a.end(), 0);
  b = a;
  Random one(1), two(2);
  shuffle(std::span<int>(a), one);
  shuffle(std::span<int>(b), two);
  EXPECT_NE(a, b);
  std::sort(a.begin(), a.end());
  for (int i = 0; i < 50; ++i) EXPECT_EQ(a[static_cast<std::size_t>(i)], i);
}

TEST(Random, state_continues_the_stream) {
  Random random(3);
  random.next();
  Random resumed(random.state());
  EXPECT_EQ(random.next(), resumed.next());
}

}  // namespace
}  // namespace nn

// What the figures show, as numbers.
#include <gtest/gtest.h>

#include "03_softmax_points.hpp"
#include "08_mnist_choice.hpp"
#include "close_to.hpp"

namespace nn::plots {
namespace {

constexpr Tolerance kExact{.rtol = 1e-14, .atol = 1e-15};

// The three probabilities of a point.
Matrix<double> probabilities(const SoftmaxPoint& point) {
  return {{std::get<1>(point), std::get<2>(point), std::get<3>(point)}};
}

// softmax(3, 2, -2), computed with 50 digits (tests/data/reference_numbers.py).
const Matrix<double> kOfScores{{0.72747515680046473, 0.26762315414986234, 0.0049016890496729208}};

TEST(SoftmaxPoints, go_from_one_end_to_the_other) {
  const auto points = softmax_points(-4, 8, 13, first_score);
  ASSERT_EQ(points.size(), 13u);
  for (int i = 0; i < 13; ++i) EXPECT_DOUBLE_EQ(std::get<0>(points[static_cast<std::size_t>(i)]), i - 4);
}

TEST(SoftmaxPoints, add_up_to_1) {
  for (const Scores& scores : {Scores(first_score), Scores(plus), Scores(times)}) {
    for (const SoftmaxPoint& point : softmax_points(-4, 8, 121, scores)) {
      const auto [x, a, b, c] = point;
      EXPECT_NEAR(a + b + c, 1, 1e-15) << "at " << x;
    }
  }
}

TEST(SoftmaxPoints, of_a_rising_score) {
  const auto points = softmax_points(2, 4, 3, first_score);
  // (2, 2, -2): two equals and one that has e^-4 of their share.
  const double equal = 1 / (2 + std::exp(-4.0));
  EXPECT_TRUE(
      close_to(probabilities(points[0]), Matrix<double>{{equal, equal, std::exp(-4.0) * equal}}, kExact));
  EXPECT_TRUE(close_to(probabilities(points[1]), kOfScores, kExact));
  // (4, 2, -2): one in e^-2 and e^-6.
  const double first = 1 / (1 + std::exp(-2.0) + std::exp(-6.0));
  EXPECT_TRUE(close_to(probabilities(points[2]),
                       Matrix<double>{{first, first * std::exp(-2.0), first * std::exp(-6.0)}}, kExact));
}

TEST(SoftmaxPoints, are_the_same_for_every_added_constant) {
  for (const SoftmaxPoint& point : softmax_points(-4, 4, 121, plus)) {
    EXPECT_TRUE(close_to(probabilities(point), kOfScores, {.rtol = 1e-14}));
  }
}

TEST(SoftmaxPoints, go_from_equal_shares_to_winner_takes_all_with_the_factor) {
  const auto points = softmax_points(0, 40, 41, times);
  EXPECT_TRUE(close_to(probabilities(points[0]), Matrix<double>{{1 / 3.0, 1 / 3.0, 1 / 3.0}}, kExact));
  EXPECT_TRUE(close_to(probabilities(points[1]), kOfScores, kExact));
  EXPECT_TRUE(close_to(probabilities(points[40]), Matrix<double>{{1, 0, 0}}, {.rtol = 1e-15, .atol = 1e-17}));
}

// Five images of three classes.
const Matrix<float> kAnswers{{0.7f, 0.2f, 0.1f},    // a 0, read right
                             {0.2f, 0.3f, 0.5f},    // a 1, taken for a 2
                             {0.0f, 0.1f, 0.9f},    // a 0, taken for a 2: surest mistake
                             {0.1f, 0.45f, 0.45f},  // a 2, taken for a 1: as probable, so the closest
                             {0.6f, 0.4f, 0.0f}};   // a 0 again
constexpr std::array<std::uint8_t, 5> kTruth = {0, 1, 0, 2, 0};

TEST(ChosenReadings, answer_is_the_most_probable) {
  const auto readings = all_readings(kAnswers, kTruth);
  ASSERT_EQ(readings.size(), 5u);
  EXPECT_EQ(readings[1].image, 1u);
  EXPECT_EQ(readings[1].truth, 1);
  EXPECT_EQ(readings[1].answer, 2);
  EXPECT_FLOAT_EQ(readings[1].sure(), 0.5f);
  EXPECT_FLOAT_EQ(readings[1].lead(), 0.2f);
  EXPECT_TRUE(readings[0].is_right());
  EXPECT_EQ(readings[0].lead(), 0);
  EXPECT_EQ(count_mistakes(readings), 3u);
}

TEST(ChosenReadings, are_the_first_right_one_of_each_class_that_has_one) {
  const auto readings = all_readings(kAnswers, kTruth);
  const auto first = first_right_ones(readings, 3);
  ASSERT_EQ(first.size(), 1u);
  EXPECT_EQ(first[0].image, 0u);

  constexpr std::array<std::uint8_t, 5> turned = {0, 2, 2, 1, 0};  // all five right
  const auto in_order = first_right_ones(all_readings(kAnswers, turned), 3);
  ASSERT_EQ(in_order.size(), 3u);
  EXPECT_EQ(in_order[0].image, 0u);
  EXPECT_EQ(in_order[1].image, 3u);
  EXPECT_EQ(in_order[2].image, 1u);
}

TEST(ChosenReadings, are_the_surest_and_the_closest_mistake) {
  const auto mistakes = telling_mistakes(all_readings(kAnswers, kTruth));
  ASSERT_EQ(mistakes.size(), 2u);
  EXPECT_EQ(mistakes[0].image, 2u);
  EXPECT_EQ(mistakes[1].image, 3u);
}

TEST(ChosenReadings, are_fewer_where_there_are_fewer_mistakes) {
  constexpr std::array<std::uint8_t, 5> one_wrong = {0, 2, 2, 1, 1}, none_wrong = {0, 2, 2, 1, 0};
  EXPECT_EQ(telling_mistakes(all_readings(kAnswers, one_wrong)).size(), 1u);
  EXPECT_TRUE(telling_mistakes(all_readings(kAnswers, none_wrong)).empty());
}

}  // namespace
}  // namespace nn::plots

// The functions that compute points for the figures, against values known by hand.
#include <cmath>
#include <gtest/gtest.h>

#include "02_relu/activations.hpp"
#include "02_relu/chain.hpp"
#include "02_relu/slope.hpp"
#include "05_backprop/gradient_by_layer.hpp"
#include "07_training/experiments/loss_curve.hpp"

namespace nn {
namespace {

TEST(ChainSlopes, multiply_the_slopes_along_the_way) {
  const auto doubled = [](double x) { return 2 * x; };
  EXPECT_EQ(chain_slopes(
                doubled, [](double) { return 2.0; }, 1, 3),
            (std::vector<double>{1, 2, 4, 8}));
  EXPECT_EQ(chain_slopes(doubled, doubled, 1, 0), std::vector<double>{1});
}

TEST(ChainSlopes, are_the_slope_of_the_whole_chain) {
  const auto three = [](double x) { return sigmoid(sigmoid(sigmoid(x))); };
  const auto slopes = chain_slopes(sigmoid<double>, sigmoid_derivative<double>, 1, 3);
  EXPECT_NEAR(slopes[3], slope(three, 1.0), 1e-10);
}

TEST(GradientByLayer, is_the_size_of_each_weight_gradient) {
  // One layer, all weights 0 but those that chance sets: the gradient is x^T (p - y) / batch, whatever they are.
  auto network = stack_of<Relu<double>, double>({2, 2}, 1);
  for (const auto& p : network.parameters()) p.value->fill(0);
  const Matrix<double> x{{1, 2}};
  const std::vector<std::uint8_t> labels = {0};
  // p = (1/2, 1/2), p - y = (-1/2, 1/2): entries ±1/2 and ±1, whose squares have the mean 5/8.
  const auto sizes = gradient_by_layer(network, x, labels);
  ASSERT_EQ(sizes.size(), 1u);
  EXPECT_NEAR(sizes[0], std::sqrt(0.625), 1e-15);
}

TEST(StackOf, has_an_activation_after_each_layer_but_the_last) {
  auto network = stack_of<Tanh<double>, double>({3, 4, 5, 2}, 1);
  EXPECT_EQ(network.size(), 5u);
  EXPECT_EQ(network.parameters().size(), 6u);
  for (const double w : network.parameters()[0].value->values()) EXPECT_LE(std::abs(w), std::sqrt(2.0));
  for (const double b : network.parameters()[1].value->values()) EXPECT_EQ(b, 0);
}

TEST(SpreadOfRows, is_0_for_equal_rows_and_the_deviation_for_others) {
  EXPECT_EQ(spread_of_rows({{1, 5}, {1, 5}}), 0);
  // Columns with the deviations 1 and 7: the root mean square is 5.
  EXPECT_NEAR(spread_of_rows({{0, 0}, {2, 14}}), 5, 1e-12);
}

TEST(SpreadByLayer, looks_at_the_activation_layers) {
  auto network = make_network<float>({1, 1, 1});
  network.parameters()[0].value->fill(2);
  const Matrix<float> x{{-1}, {3}};
  EXPECT_EQ(spread_by_layer(network, x), std::vector<double>{3}) << "ReLU gives 0 and 6";
}

TEST(LossCurve, begins_with_the_loss_of_guessing_and_falls) {
  auto network = make_network<float>({4, kClasses});  // all zero: every class has a tenth
  std::vector<std::uint8_t> pixels, labels;
  for (std::size_t i = 0; i < 20; ++i) {
    labels.push_back(i % 2);
    for (std::size_t k = 0; k < 4; ++k) pixels.push_back(k % 2 == i % 2 ? 255 : 0);
  }
  const LabeledImages all{{20, 2, 2, pixels}, labels};
  const auto losses = loss_curve(
      start_training({.epochs = 5, .batch_size = 100, .optimizer = "sgd", .learning_rate = 1, .warm_up = 0},
                     std::move(network)),
      all);
  ASSERT_EQ(losses.size(), 5u);
  EXPECT_NEAR(losses[0], std::log(10.0), 1e-6);
  for (std::size_t i = 1; i < 5; ++i) EXPECT_LT(losses[i], losses[i - 1]);
}

TEST(RunningMean, takes_fewer_at_the_ends) {
  EXPECT_EQ(running_mean({1, 2, 6, 4}, 3), (std::vector<double>{1.5, 3, 4, 5}));
  EXPECT_EQ(running_mean({1, 2}, 1), (std::vector<double>{1, 2}));
  EXPECT_TRUE(running_mean({}, 5).empty());
}

}  // namespace
}  // namespace nn

// Gradient checks of every layer, every activation and the loss, each alone, by both kinds of measuring.
#include <gtest/gtest.h>

#include "05_backprop/diagnosis/check_subjects.hpp"
#include "05_backprop/step_size_valley.hpp"
#include "inputs/test_networks.hpp"

namespace nn {
namespace {

using Complex = std::complex<double>;

// Central differences to 1e-7 and complex steps to 1e-13 of the tensor's largest entry, on 3 different rows.
void expect_right(Layer<double>& layer, Layer<Complex>& twin, std::size_t in) {
  for (const double size : {0.5, 3.0}) {
    const auto x = random_matrix<double>(3, in, 5, -size, size);
    const auto check = layer_under_check(layer, x, 9);
    for (const TensorCheck& c : gradient_check(subject_of(check))) {
      EXPECT_GT(c.checked, 0u) << c.name;
      EXPECT_LE(c.relative_error(), 1e-7) << c.name;
    }
    for (const TensorCheck& c : gradient_check_complex(layer, twin, x, 9)) {
      EXPECT_LE(c.relative_error(), 1e-13) << c.name;
      EXPECT_EQ(c.kinks, 0u);
    }
  }
}

template <template <class> class Function>
void expect_right_activation() {
  Function<double> layer;
  Function<Complex> twin;
  expect_right(layer, twin, 7);
}

TEST(Layers, gradient_of_relu) { expect_right_activation<Relu>(); }
TEST(Layers, gradient_of_leaky_relu) { expect_right_activation<LeakyRelu>(); }
TEST(Layers, gradient_of_sigmoid) { expect_right_activation<Sigmoid>(); }
TEST(Layers, gradient_of_tanh) { expect_right_activation<Tanh>(); }
TEST(Layers, gradient_of_gelu) { expect_right_activation<Gelu>(); }
TEST(Layers, gradient_of_elu) { expect_right_activation<Elu>(); }

TEST(Layers, gradient_of_dense) {
  Dense<double> layer(5, 4);
  Dense<Complex> twin(5, 4);
  for (const auto& p : layer.parameters()) *p.value = random_matrix<double>(p.value->rows(), 4, 3);
  expect_right(layer, twin, 5);
}

TEST(Layers, a_wrong_gradient_of_the_input_is_rejected) {
  Spoiled layer(5, 4, [](Matrix<double>&, Matrix<double>&, Matrix<double>& input) { input(1, 1) *= 1.01; });
  for (const auto& p : layer.parameters()) *p.value = random_matrix<double>(p.value->rows(), 4, 3);
  const auto check = layer_under_check(layer, random_matrix<double>(3, 5, 5), 9);
  const auto checks = gradient_check(subject_of(check));
  EXPECT_TRUE(checks[0].correct(1e-7) && checks[1].correct(1e-7));
  EXPECT_FALSE(checks[2].correct(1e-7)) << checks[2].name;
}

// The loss as a subject: its only tensor are the logits.  spoil: on the gradient that is claimed.
std::vector<TensorCheck> check_loss(double spoil) {
  Logits<double> z(random_matrix<double>(3, 10, 4, -3, 3));
  Matrix<double> grad(3, 10);
  const std::vector<std::uint8_t> labels = {9, 0, 4};
  Logits<Complex> twin;
  copy_numbers(z.values, twin.values);
  const CheckSubject subject{.tensors = {{"logits", &z.values, &grad}},
                             .loss = [&] { return cross_entropy(z, labels); },
                             .backward =
                                 [&] {
                                   grad = cross_entropy_with_gradient(z, labels).grad_logits;
                                   grad(1, 1) += spoil;
                                 }};
  auto checks = gradient_check(subject);
  const std::vector<Parameter<Complex>> twins = {{"logits", &twin.values, nullptr}};
  const auto complex_checks =
      gradient_check_complex(subject, twins, [&] { return cross_entropy(twin, labels); });
  checks.insert(checks.end(), complex_checks.begin(), complex_checks.end());
  return checks;
}

// A NaN in a hidden layer must reach the loss, or nobody would see it.
TEST(Layers, relu_lets_no_nan_disappear) {
  Relu<double> relu;
  const Matrix<double> x{{kNan, -1, 2}};
  EXPECT_TRUE(std::isnan(relu.forward(x)(0, 0)));
}

TEST(GradientCheck, is_not_right_where_nothing_is_finite_or_nothing_was_compared) {
  EXPECT_TRUE((TensorCheck{.name = "", .checked = 1}.correct(1e-7)));
  EXPECT_FALSE((TensorCheck{.name = "", .checked = 0, .kinks = 3}.correct(1e-7)));
  EXPECT_FALSE(
      (TensorCheck{.name = "", .checked = 1, .largest = HUGE_VAL, .worst_error = HUGE_VAL}.correct(1e-7)));
  TensorCheck of_an_infinite_loss{.name = "", .checked = 1};
  of_an_infinite_loss.noise = HUGE_VAL;
  EXPECT_FALSE(of_an_infinite_loss.correct(1e-7));
}

TEST(Loss, gradient_of_cross_entropy_from_logits) {
  const auto checks = check_loss(0);
  EXPECT_LE(checks[0].relative_error(), 1e-7);
  EXPECT_LE(checks[1].relative_error(), 1e-13);
}

TEST(Loss, a_wrong_gradient_of_the_logits_is_rejected) {
  const auto checks = check_loss(1e-4);
  EXPECT_FALSE(checks[0].correct(1e-7));
  EXPECT_GT(checks[1].relative_error(), 1e-13);
}

// The figures that the text gives: a float is at its best near h = 1e-2 and nonsense at 1e-7, a double at its best
// near 1e-5, and a complex step has no valley.
TEST(StepSizeValley, of_the_measured_gradient_is_as_the_text_says) {
  const auto points = step_size_valley(random_matrix<double>(1, 10, 1, -3, 3), 3);
  ASSERT_EQ(points.size(), 16u);
  const auto best = [&](double ValleyPoint::*error) {
    return *std::min_element(points.begin(), points.end(),
                             [=](const ValleyPoint& a, const ValleyPoint& b) { return a.*error < b.*error; });
  };
  const ValleyPoint best_float = best(&ValleyPoint::float_error),
                    best_double = best(&ValleyPoint::double_error);
  EXPECT_NEAR(std::log10(best_float.step), -2, 1.1);
  EXPECT_LT(best_float.float_error, 3e-4);
  EXPECT_GT(points[6].float_error, 0.1);
  EXPECT_NEAR(std::log10(best_double.step), -5, 1.1);
  EXPECT_LT(best_double.double_error, 1e-9);
  EXPECT_GT(points[15].double_error, 0.01);
  for (std::size_t i = 8; i < 16; ++i) EXPECT_LT(points[i].complex_error, 1e-15) << points[i].step;
}

// The size of a tensor is that of its largest derivative, whatever its sign: with -2 and 1 an error of 0.5 is a quarter.
TEST(TensorCheck, measures_an_error_against_the_largest_slope_without_its_sign) {
  TensorCheck check;
  compare(check, {0, 0, -2, -2});
  compare(check, {0, 1, 1, 1.5});
  EXPECT_EQ(check.largest, 2);
  EXPECT_EQ(check.relative_error(), 0.25);
  EXPECT_FALSE(check.correct(0.2));
  EXPECT_TRUE(check.correct(0.3));
}

}  // namespace
}  // namespace nn

// How exact the loss and its gradient are, and where the other ways to them break.
#include <algorithm>
#include <gtest/gtest.h>

#include "04_from_logits/break_points.hpp"
#include "04_from_logits/placement.hpp"
#include "inputs/matrices.hpp"
#include "inputs/sample_images.hpp"
#include "references/cross_entropy_reference.hpp"

namespace nn {
namespace {

using Labels = std::vector<std::uint8_t>;

// Of a certain answer the loss is about exp(second - first), whose argument is rounded: that much is lost.
double allowed(const ReferenceRow& row, double epsilon) {
  double first = row.z(0, row.label), second = -HUGE_VAL;
  for (std::size_t j = 0; j < row.z.cols(); ++j) {
    if (j != row.label) second = std::max(second, row.z(0, j));
  }
  return 4 * epsilon * (1 + (row.z.cols() > 1 ? std::max(first - second, 0.0) : 0));
}

double largest(const Matrix<double>& m) {
  double most = 0;
  for (const double value : m.values()) most = std::max(most, std::abs(value));
  return most;
}

// The worst entry's error over the tensor's largest entry; below the smallest number of T there is no error.
template <class T>
double gradient_error(const Matrix<T>& got, const ReferenceRow& row) {
  const Matrix<double> expected = row.gradient();
  double error = 0;
  for (std::size_t j = 0; j < got.cols(); ++j) {
    const double e = std::abs(static_cast<double>(got(0, j)) - expected(0, j));
    if (!(e < HUGE_VAL)) return HUGE_VAL;
    if (e > std::numeric_limits<T>::denorm_min()) error = std::max(error, e);
  }
  return error == 0 ? 0 : error / largest(expected);
}

template <class T>
void expect_exact_loss_and_gradient(double& worst_loss, double& worst_gradient) {
  for (const ReferenceRow& row : reference_rows()) {
    SCOPED_TRACE(row.kind + ", " + std::to_string(row.z.cols()) + " classes, label " +
                 std::to_string(row.label) + ", z = " + testing::PrintToString(row.z));
    const auto [loss, grad] = cross_entropy_with_gradient(Logits<T>(as<T>(row.z)), Labels{row.label});
    const double unit = allowed(row, kEpsilon<T>);
    const double error =
        detail::relative_error(static_cast<double>(loss), row.loss, std::numeric_limits<T>::denorm_min());
    EXPECT_LE(error, unit) << "loss";
    EXPECT_LE(gradient_error(grad, row), unit) << "gradient";
    worst_loss = std::max(worst_loss, error / unit);
    worst_gradient = std::max(worst_gradient, gradient_error(grad, row) / unit);
  }
}

TEST(CrossEntropyAccuracy, loss_and_gradient_are_right_on_both_sides) {
  double loss = 0, gradient = 0;
  expect_exact_loss_and_gradient<float>(loss, gradient);
  expect_exact_loss_and_gradient<double>(loss, gradient);
  RecordProperty("worst_loss_in_units_of_the_bound", std::to_string(loss));
  RecordProperty("worst_gradient_in_units_of_the_bound", std::to_string(gradient));
}

TEST(CrossEntropyAccuracy, of_a_certain_answer_the_gradient_keeps_its_digits) {
  const auto grad =
      cross_entropy_with_gradient(Logits<double>(Matrix<double>{{0, -40}}), Labels{0}).grad_logits;
  EXPECT_TRUE(
      close_to(grad, Matrix<double>{{-4.248354255291589e-18, 4.248354255291589e-18}}, {.rtol = 1e-15}))
      << "p - 1 is minus the sum of the other p";
}

TEST(BreakPoints, the_true_values_are_those_of_the_stored_numbers) {
  for (const ReferenceRow& row : reference_rows()) {
    if (row.kind != "margin") continue;
    const double m = row.z(0, 1) - row.z(0, 0);
    EXPECT_TRUE(close_to(true_loss(m), row.loss, {.rtol = 4e-16, .atol = 5e-324})) << m;
    EXPECT_TRUE(close_to(true_gradient(m), row.grad_label, {.rtol = 4e-16, .atol = 5e-324})) << m;
  }
}

// In the order of loss_forms: margins at which loss and gradient of a wrong, loss and gradient of a right answer
// break; 0: never.
template <class T>
Matrix<double> margins_of_breaking() {
  Matrix<double> margins(loss_forms<T>().size(), 4);
  const auto table = break_points<T>();
  for (std::size_t i = 0; i < table.size(); ++i) {
    const auto& [form, wrong, right] = table[i];
    margins(i, 0) = wrong.loss.value_or(0), margins(i, 1) = wrong.gradient.value_or(0);
    margins(i, 2) = right.loss.value_or(0), margins(i, 3) = right.gradient.value_or(0);
  }
  return margins;
}

TEST(BreakPoints, are_89_and_104_in_float_and_710_and_746_in_double) {
  EXPECT_EQ(margins_of_breaking<float>(),
            (Matrix<double>{
                {89, 89, -15, -15}, {104, 89, -15, -15}, {15, 12, -12, -15}, {0, 0, -15, 0}, {0, 0, 0, 0}}));
  EXPECT_EQ(
      margins_of_breaking<double>(),
      (Matrix<double>{
          {710, 710, -34, -34}, {746, 710, -34, -34}, {15, 12, -12, -34}, {0, 0, -34, 0}, {0, 0, 0, 0}}));
}

TEST(BreakPoints, the_patch_has_a_ceiling_of_16_118_and_lets_the_gradient_die) {
  const auto check = []<class T>(T) {
    const auto rows = over_margins(loss_forms<T>()[2], {16, 30, 1000});
    EXPECT_NEAR(rows[2].loss, 16.118, 0.0005);
    EXPECT_NEAR(rows[0].gradient, -0.53, 0.005);
    EXPECT_NEAR(rows[1].gradient, -9e-7, 0.5e-7);
    EXPECT_EQ(rows[2].gradient, 0) << "the worst mistake of all teaches nothing";
  };
  check(0.0f);
  check(0.0);
}

TEST(BreakPoints, the_plain_log_sum_exp_fails_on_the_other_side_and_near_10000) {
  const auto forms = loss_forms<float>();
  EXPECT_EQ(at_margin(forms[3], -40).loss, 0);
  EXPECT_TRUE(close_to(at_margin(forms[4], -40).loss, 4.248354255291589e-18, {.rtol = 1e-7}));
  EXPECT_NEAR(at_margin(forms[3], -1, 1e4).loss - true_loss(-1), 2.1e-4, 0.1e-4);
  EXPECT_LE(at_margin(forms[4], -1, 1e4).loss_error, kEpsilon<float>);
}

TEST(LossForms, all_give_the_same_where_nothing_breaks) {
  const Logits<double> z(random_matrix<double>(4, 5, 1, -4, 4));
  const Labels labels{0, 4, 2, 2};
  const auto expected = cross_entropy_with_gradient(z, labels);
  for (const auto& [name, function] : loss_forms<double>()) {
    const auto got = function(z, labels);
    const double tolerance = name.find("1e-7") == name.npos ? 1e-14 : 1e-3;
    EXPECT_TRUE(close_to(got.loss, expected.loss, {.rtol = tolerance})) << name;
    EXPECT_LE(tensor_error(got.grad_logits, expected.grad_logits), tolerance) << name;
  }
}

// Each form's gradient is the slope of its own loss.
TEST(LossForms, their_gradients_are_the_slopes_of_their_losses) {
  using Complex = std::complex<double>;
  const Matrix<double> z{{3, 2, -2}, {-1, 3, -1}};
  const Labels labels{0, 2};
  std::vector<LossFunction<Complex>> functions = {softmax_twice<Complex>};
  for (const auto& form : loss_forms<Complex>()) functions.push_back(form.function);
  for (std::size_t f = 0; f < functions.size(); ++f) {
    Matrix<double> slopes(2, 3);
    for (std::size_t i = 0; i < z.size(); ++i) {
      Matrix<double> direction(2, 3);
      direction.values()[i] = 1;
      slopes.values()[i] = slope_of(functions[f](Logits(with_step(z, direction)), labels).loss);
    }
    EXPECT_LE(tensor_error(functions[f](Logits(as<Complex>(z)), labels).grad_logits, slopes), 1e-14) << f;
  }
}

TEST(CrossEntropyOfNoNumber, is_what_its_comment_says) {
  const double inf = HUGE_VAL;
  const auto of = [](const Matrix<double>& z, std::uint8_t label) {
    return cross_entropy(Logits<double>(z), Labels{label});
  };
  EXPECT_TRUE(std::isnan(of({{std::nan(""), 0}}, 1)));
  EXPECT_TRUE(std::isnan(of({{inf, 0}}, 0)));
  EXPECT_TRUE(std::isnan(of({{inf, inf}}, 0)));
  EXPECT_TRUE(std::isnan(of({{-inf, -inf}}, 0)));
  EXPECT_EQ(of({{inf, 0}}, 1), inf) << "PyTorch: NaN";
  EXPECT_EQ(of({{-inf, 0}}, 0), inf);
  EXPECT_EQ(of({{-inf, 0}}, 1), 0);
}

TEST(SoftmaxTwice, cannot_get_below_1_461) {
  Matrix<double> perfect(1, 10);
  perfect(0, 3) = 1000;
  const auto [loss, grad] = softmax_twice(Logits<double>(perfect), Labels{3});
  EXPECT_TRUE(close_to(loss, std::log(1 + 9 / std::exp(1.0)), {.rtol = 1e-15}));
  EXPECT_NEAR(loss, 1.461, 0.0005);
  perfect(0, 3) = -1000;
  EXPECT_EQ(softmax_twice(Logits<double>(perfect), Labels{3}).grad_logits(0, 3), 0)
      << "and a confident mistake has no gradient at all";
}

TEST(Placement, of_softmax_decides_on_raw_pixels) {
  const auto results =
      compare_placements(sample(), {.unit = 1, .learning_rate = 1e-4f, .images = 500, .epochs = 2});
  ASSERT_EQ(results.size(), 5u);
  EXPECT_EQ(results[0].first_nan, 1) << results[0].form;
  EXPECT_EQ(results[1].first_nan, 1) << results[1].form;
  for (std::size_t i = 2; i < 5; ++i) EXPECT_EQ(results[i].first_nan, 0) << results[i].form;
  EXPECT_GT(results[3].accuracy, results[2].accuracy + 0.02) << "from logits learns more than with the patch";
  EXPECT_GT(results[3].accuracy, results[4].accuracy + 0.2) << "and much more than with softmax twice";
}

}  // namespace
}  // namespace nn

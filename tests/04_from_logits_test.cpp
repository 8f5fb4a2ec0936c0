#include <cmath>
#include <gtest/gtest.h>
#include <vector>

#include "01_matrix/argmax.hpp"
#include "04_from_logits/cross_entropy.hpp"
#include "04_from_logits/linear_classifier.hpp"
#include "04_from_logits/one_hot.hpp"
#include "expectations/mistakes.hpp"
#include "expectations/throws_saying.hpp"
#include "inputs/matrices.hpp"
#include "inputs/sample_images.hpp"
#include "references/softmax_numbers.hpp"

namespace nn {
namespace {

using Labels = std::vector<std::uint8_t>;
using Complex = std::complex<double>;
using M = Matrix<double>;

M scaled(M m, double factor) {
  for (double& value : m.values()) value *= factor;
  return m;
}

// The true classes of kLogits in these tests.
const Labels kTruths{0, 2, 1, 2};

TEST(OneHot, is_1_at_the_label_and_0_elsewhere) {
  for_each_scalar([]<class T>(T) {
    const Matrix<T> y = one_hot<T>(Labels{2, 0, 2}, 4);
    EXPECT_EQ(y, as<T>({{0, 0, 1, 0}, {1, 0, 0, 0}, {0, 0, 1, 0}}))
        << "of the labels 2, 0, 2 with 4 classes"
        << mistake_in(y,
                      {{{{0, 0, 2, 0}, {0, 0, 0, 0}, {0, 0, 2, 0}}, "if the label is written instead of 1"},
                       {{{0, 1, 0, 0}, {0, 0, 0, 0}, {0, 1, 0, 0}}, "if classes are counted from 1"},
                       {M(3, 4), "if nothing is written"}});
    EXPECT_EQ(shape(one_hot<T>(Labels{}, 4)), "0 x 4") << "the shape of one_hot of no labels with 4 classes";
  });
}

TEST(OneHot, refuses_a_label_that_is_no_class) {
  EXPECT_TRUE(throws_saying<std::out_of_range>(
      [] {
        one_hot<double>(Labels{0, 4}, 4);
      },
      {"label 4", "example 1"}));
  EXPECT_EQ(one_hot<double>(Labels{3}, 4)(0, 3), 1) << "the last class is one";
}

// -ln 0.25 and -ln 0.8
TEST(CrossEntropyNaive, gives_the_numbers_done_by_hand) {
  for_each_scalar([]<class T>(T) {
    const Probabilities<T> p(as<T>({{0.5, 0.25, 0.25}, {0.1, 0.1, 0.8}}));
    const double first = 1.3862943611198906, second = 0.22314355131420976;
    const T loss = cross_entropy_naive(p, Labels{1, 2});
    EXPECT_TRUE(close_to(loss, (first + second) / 2, kExact<T>))
        << "p = {{0.5, 0.25, 0.25}, {0.1, 0.1, 0.8}}, labels 1 and 2"
        << mistake_in(loss, {{first + second, "with the sum of the two: the loss is their mean"},
                             {-(first + second) / 2, "without the minus"},
                             {(first + second) / 3,
                              "if it is divided by the number of classes: the mean is over the examples"},
                             {(first + second) / 6,
                              "if it is divided by all entries: the mean is over the examples"},
                             {(3.4657359027997265 + 4.828313737302301) / 2,
                              "if -log p of all classes is added: only the true one counts"},
                             {(0.25 + 0.8) / 2, "without the logarithm"}});
    EXPECT_TRUE(close_to(cross_entropy_naive(Probabilities<T>(as<T>({{0.125, 0.875}})), Labels{0}), 3 * kLn2,
                         kExact<T>))
        << "-ln 0.125, of p = {{0.125, 0.875}} with label 0";
  });
}

TEST(CrossEntropyNaive, is_infinite_where_a_probability_rounded_to_0) {
  EXPECT_EQ(cross_entropy_naive(Probabilities<double>(Matrix<double>{{0, 1}, {0.5, 0.5}}), Labels{0, 1}),
            kInfinity)
      << "of p = {{0, 1}, {0.5, 0.5}} with the labels 0 and 1: -log 0 is infinite";
  const auto loss = []<class T>(T m) {
    return cross_entropy_naive(softmax(Logits<T>(Matrix<T>{{0, m}})), Labels{0});
  };
  EXPECT_TRUE(std::isfinite(loss(103.0f)) && loss(104.0f) == kInfinity) << "in float from a logit of 104 on";
  EXPECT_TRUE(std::isfinite(loss(745.0)) && loss(746.0) == kInfinity) << "in double from a logit of 746 on";
}

TEST(CrossEntropyNaive, refuses_labels_that_do_not_fit) {
  const Probabilities<double> p(Matrix<double>{{0.5, 0.5}, {1, 0}});
  EXPECT_THROW(cross_entropy_naive(p, Labels{0, 2}), std::out_of_range) << "the label 2 with two classes";
  EXPECT_THROW(cross_entropy_naive(p, Labels{0}), ShapeError) << "two examples with one label";
  EXPECT_THROW(cross_entropy_naive(Probabilities<double>(Matrix<double>(0, 2)), Labels{}),
               std::invalid_argument);
}

TEST(CrossEntropy, gives_the_numbers_done_by_hand) {
  for_each_scalar([]<class T>(T) {
    Matrix<T> got(1, 3);
    got(0, 0) = cross_entropy(logits<T>({{0, 1}}), Labels{0});
    got(0, 1) = cross_entropy(logits<T>({{0, 1}}), Labels{1});
    got(0, 2) = cross_entropy(Logits<T>(Matrix<T>(3, 10)), Labels{7, 0, 9});
    const double first = kLogSumExp01, second = kLogSumExp01 - 1, third = kLn10, other = std::exp(-1.0);
    EXPECT_TRUE(close_to(got, M{{first, second, third}}, kExact<T>))
        << "three losses: z = (0, 1) with label 0, z = (0, 1) with label 1, and three times ten equal "
           "logits: ln 10"
        << mistake_in(got,
                      {{{{-first, -second, -third}}, "with the wrong sign"},
                       {{{second, second, third}}, "with z[top] instead of z[labels[i]]"},
                       {{{1 + std::log1p(1 + other), std::log1p(1 + other), std::log1p(10.0)}},
                        "if the largest is in the sum, too: log1p has its 1"},
                       {{{0, -1, std::log(9.0)}},
                        "with log instead of log1p: the 1 of the largest logit is missing"},
                       {{{1, 0, 0}}, "without log1p of the others"},
                       {{{1 + other, other, 9}}, "with the sum of the others instead of its log1p"},
                       {{{first, second, 3 * third}}, "with the sum over the batch: the loss is the mean"},
                       {{{first / 2, second / 2, third / 10}},
                        "if it is divided by all entries: the mean is over the examples"},
                       {{{first / 2, second / 2, 3 * third / 10}},
                        "if it is divided by the number of classes: the mean is over the examples"}});
    double expected = 0;
    for (std::size_t i = 0; i < 4; ++i) expected -= kLogProbabilities(i, kTruths[i]) / 4;
    EXPECT_TRUE(close_to(cross_entropy(logits<T>(kLogits), kTruths), expected, kExact<T>))
        << given("the loss with the labels 0, 2, 1, 2", "logits", kLogits);
  });
}

TEST(CrossEntropy, is_the_mean_over_the_batch) {
  for_each_scalar([]<class T>(T) {
    const T got = cross_entropy(logits<T>({{0, 1}, {0, 1}, {0, 1}}), Labels{0, 1, 0});
    const double sum = 3 * kLogSumExp01 - 1;
    EXPECT_TRUE(close_to(got, sum / 3, kExact<T>))
        << "z = {{0, 1}, {0, 1}, {0, 1}}, labels 0, 1, 0"
        << mistake_in(got,
                      {{sum, "with the sum over the batch: the loss is the mean"},
                       {sum / 6, "if it is divided by all entries: the mean is over the examples"},
                       {sum / 2, "if it is divided by the number of classes: the mean is over the examples"},
                       {kLogSumExp01, "if only the last example counts: a sum needs +="},
                       {kLogSumExp01 / 3, "if only the last example counts: a sum needs +="}});
    EXPECT_TRUE(close_to(cross_entropy(logits<T>({{0, 0}, {0, 0}, {0, 6}, {0, 0}}), Labels{0, 1, 0, 1}),
                         (3 * kLn2 + 6.0024756851377302) / 4, kExact<T>))
        << "z = {{0, 0}, {0, 0}, {0, 6}, {0, 0}}, labels 0, 1, 0, 1";
  });
}

TEST(CrossEntropy, of_a_grave_mistake_is_its_margin) {
  for_each_scalar([]<class T>(T) {
    for (const double m : {89.0, 800.0, 1000.0, 1e4}) {
      EXPECT_TRUE(close_to(cross_entropy(logits<T>({{0, m}, {m, 0}}), Labels{0, 1}), m, kExact<T>))
          << "z = {{0, m}, {m, 0}}, labels 0 and 1, m = " << m
          << ": computed from a probability it is infinite; compute it from the logits";
    }
    EXPECT_EQ(real_part(cross_entropy(logits<T>({{-0x1p90, 0x1p90}}), Labels{0})), Real<T>(0x1p91))
        << "of the logits -2^90 and 2^90 with label 0: their difference";
  });
}

TEST(CrossEntropy, of_a_certain_answer_is_tiny_but_not_0) {
  for_each_scalar([]<class T>(T) {
    EXPECT_TRUE(close_to(cross_entropy(logits<T>({{0, -40}}), Labels{0}), 4.248354255291589e-18, kExact<T>))
        << "z = (0, -40), label 0: log(1 + x) loses a tiny x, log1p(x) keeps it";
    EXPECT_TRUE(
        close_to(cross_entropy(logits<T>({{-30, 10, -30}}), Labels{1}), 2 * 4.248354255291589e-18, kExact<T>))
        << "z = (-30, 10, -30), label 1: subtract the large numbers from each other first, z[top] - "
           "z[label]";
  });
  EXPECT_EQ(cross_entropy(logits<double>({{5}, {-7}}), Labels{0, 0}), 0) << "with one class the loss is 0";
}

TEST(CrossEntropy, loses_nothing_near_logits_of_10000) {
  for_each_scalar([]<class T>(T) {
    EXPECT_TRUE(close_to(cross_entropy(logits<T>({{1e4, 1e4 + 1}}), Labels{1}), kLogSumExp01 - 1, kExact<T>))
        << "z = (10000, 10001), label 1: subtract the large numbers from each other first";
    EXPECT_TRUE(close_to(cross_entropy(logits<T>({{1e4, 1e4 + 1}}), Labels{0}), kLogSumExp01, kExact<T>))
        << "z = (10000, 10001), label 0: subtract the large numbers from each other first";
  });
  const auto z = logits<float>({{10000, 10001}});
  EXPECT_GT(std::abs(log_sum_exp(z)[0] - z.values(0, 1) - (kLogSumExp01 - 1)), 1e-4)
      << "log_sum_exp minus the logit, in a float, does lose digits";
}

TEST(CrossEntropy, handles_infinite_logits_and_hides_no_nan) {
  for_each_scalar([]<class T>(T) {
    EXPECT_EQ(cross_entropy(logits<T>({{3, -kInfinity}}), Labels{0}), T(0)) << "z = (3, -infinity), label 0";
    EXPECT_EQ(real_part(cross_entropy(logits<T>({{3, -kInfinity}}), Labels{1})), kInfinity)
        << "z = (3, -infinity), label 1";
    EXPECT_TRUE(is_nan(cross_entropy(logits<T>({{0, 0}, {0, kNan}, {0, 0}}), Labels{0, 0, 0})))
        << "z = {{0, 0}, {0, NaN}, {0, 0}}, labels 0: the loss should be NaN, so that nobody overlooks it";
    EXPECT_TRUE(is_nan(cross_entropy(logits<T>({{kNan, 0}, {0, 0}}), Labels{1, 0})))
        << "z = {{NaN, 0}, {0, 0}}, labels 1, 0: the loss should be NaN, so that nobody overlooks it";
  });
}

TEST(CrossEntropy, equals_the_naive_form_where_that_works) {
  for (const auto& [rows, cols] : {std::pair{1, 1}, {1, 9}, {9, 1}, {3, 17}}) {
    const Logits<double> z(random_matrix<double>(rows, cols, 5, -20, 20));
    Labels labels(z.values.rows());
    for (std::size_t i = 0; i < labels.size(); ++i)
      labels[i] = static_cast<std::uint8_t>(7 * i % z.values.cols());
    EXPECT_TRUE(close_to(cross_entropy(z, labels), cross_entropy_naive(softmax_naive(z), labels),
                         {.rtol = 1e-13, .atol = 1e-15}))
        << given("cross_entropy (yours) must be what cross_entropy_naive gives (expected)", "logits",
                 z.values, "labels", labels);
  }
}

TEST(CrossEntropy, refuses_labels_that_do_not_fit) {
  const auto z = logits<double>({{1, 2, 3}, {4, 5, 6}});
  EXPECT_TRUE(throws_saying<std::out_of_range>(
      [&] {
        cross_entropy(z, Labels{2, 3});
      },
      {"label 3", "example 1"}));
  EXPECT_TRUE(throws_saying<ShapeError>([&] { cross_entropy(z, Labels{0, 1, 2}); }, {"3", "2"}));
  EXPECT_THROW(cross_entropy(z, Labels{0}), ShapeError);
  EXPECT_THROW(cross_entropy(Logits<double>(Matrix<double>(0, 3)), Labels{}), std::invalid_argument);
}

template <class Argument>
concept HasCrossEntropy = requires(const Argument& argument) {
  cross_entropy(argument, Labels{});
};

TEST(CrossEntropy, of_probabilities_does_not_compile) {
  EXPECT_TRUE(HasCrossEntropy<Logits<double>>);
  EXPECT_FALSE(HasCrossEntropy<Probabilities<double>>) << "cross_entropy(softmax(z), labels) is a mistake";
}

TEST(CrossEntropy, of_complex_logits_carries_the_derivative_in_the_imaginary_part) {
  double expected =
      0;  // the derivative with respect to z[k] is p[k] - 1 at the label, p[k] elsewhere, over the batch size
  for (std::size_t i = 0; i < 4; ++i) expected += (kSlopes[i] - kDirections(i, kTruths[i])) / 4;
  const Complex loss = cross_entropy(Logits(with_step(kLogits, kDirections)), kTruths);
  EXPECT_TRUE(close_to(slope_of(loss), expected, {.rtol = 1e-14}))
      << "the directional derivative of the loss, by a complex step: is only the real part of a logit used "
         "somewhere?";
}

// (p - y) / batch, from the stored probabilities.
Matrix<double> expected_gradient() {
  Matrix<double> expected = kProbabilities;
  for (std::size_t i = 0; i < 4; ++i) expected(i, kTruths[i]) -= 1;
  for (double& value : expected.values()) value /= 4;
  return expected;
}

TEST(CrossEntropyWithGradient, gives_the_numbers_done_by_hand) {
  for_each_scalar([]<class T>(T) {
    const Labels labels{0, 1, 1};
    const LossAndGradient<T> got = cross_entropy_with_gradient(logits<T>({{0, 1}, {5, 5}, {1, 0}}), labels);
    const char* const input = "z = {{0, 1}, {5, 5}, {1, 0}}, labels 0, 1, 1";
    EXPECT_TRUE(close_to(got.loss, (2 * kLogSumExp01 + kLn2) / 3, kExact<T>)) << "the loss, for " << input;
    const double s = kSigmoid1;
    const M right{{-s, s}, {0.5, -0.5}, {s, -s}};  // p - y
    EXPECT_TRUE(close_to(got.grad_logits, scaled(right, 1 / 3.), kExact<T>))
        << "the gradient (p - y) / batch, for " << input
        << mistake_in(
               got.grad_logits,
               {{right, "if it is not divided by the batch size"},
                {scaled(right, -1 / 3.), "with y - p: the sign is reversed"},
                {scaled(M{{1 - s, s}, {0.5, 0.5}, {s, 1 - s}}, 1 / 3.),
                 "with p alone: subtract 1 at the label"},
                {scaled(right, 1 / 2.),
                 "if it is divided by the number of classes instead of the batch size"},
                {scaled(right, 1 / 6.), "if it is divided by the number of entries instead of examples"},
                {scaled(right, 1 / 9.), "if it is divided by the batch size twice"},
                {scaled(M{{0, s}, {0.5, 0}, {s, 0}}, 1 / 3.), "if the label's entry is left at 0"}});
    EXPECT_TRUE(close_to(cross_entropy_with_gradient(logits<T>(kLogits), kTruths).grad_logits,
                         expected_gradient(), {.atol = 2 * kEpsilon<T>}))
        << given("the gradient with the labels 0, 2, 1, 2", "logits", kLogits);
  });
}

TEST(CrossEntropyWithGradient, its_rows_sum_to_0) {
  for_each_scalar([]<class T>(T) {
    const auto got =
        cross_entropy_with_gradient(Logits<T>(random_matrix<T>(3, 10, 4, -9, 9)), Labels{9, 0, 4});
    for (std::size_t i = 0; i < 3; ++i) {
      T sum(0);
      for (const T& value : got.grad_logits.row(i)) sum += value;
      EXPECT_TRUE(close_to(sum, 0.0, {.atol = 8 * kEpsilon<T>}))
          << "the sum of row " << i << " of the gradient: p sums to 1, and so does y";
    }
  });
}

TEST(CrossEntropyWithGradient, of_a_grave_mistake_is_minus_1_and_not_nan) {
  for_each_scalar([]<class T>(T) {
    const auto got = cross_entropy_with_gradient(logits<T>({{0, 800}, {-1e30, 1e30}}), Labels{0, 1});
    EXPECT_TRUE(close_to(got.loss, 400.0)) << "the loss of z = {{0, 800}, {-1e30, 1e30}}, labels 0 and 1";
    EXPECT_TRUE(close_to(got.grad_logits, Matrix<double>{{-0.5, 0.5}, {0, 0}}))
        << "the gradient of z = {{0, 800}, {-1e30, 1e30}}, labels 0 and 1";
  });
}

TEST(CrossEntropyWithGradient, of_a_certain_answer_is_tiny_but_not_0) {
  const auto got = cross_entropy_with_gradient(logits<double>({{0, -40}}), Labels{0});
  EXPECT_TRUE(close_to(got.grad_logits, M{{-4.248354255291589e-18, 4.248354255291589e-18}}, kExact<double>))
      << "z = (0, -40), label 0: p rounds to 1 and p - 1 to 0; the sum of the others has all digits";
}

TEST(CrossEntropyWithGradient, writes_into_the_memory_that_it_is_given) {
  LossAndGradient<double> result{.loss = 99, .grad_logits = Matrix<double>(4, 3, 99.0)};
  const double* memory = result.grad_logits.data();
  for (int turn = 0; turn < 2; ++turn) {
    cross_entropy_with_gradient(Logits<double>(kLogits), kTruths, result);
    EXPECT_TRUE(close_to(result.grad_logits, expected_gradient(), {.atol = 1e-15})) << given(
        "result has a gradient already, which must be overwritten; labels 0, 2, 1, 2", "logits", kLogits);
    EXPECT_EQ(result.grad_logits.data(), memory) << "result.grad_logits has memory already: write into it";
  }
}

TEST(CrossEntropyWithGradient, refuses_labels_that_do_not_fit) {
  const auto z = logits<double>({{1, 2, 3}, {4, 5, 6}});
  EXPECT_THROW(cross_entropy_with_gradient(z, Labels{0, 3}), std::out_of_range);
  EXPECT_THROW(cross_entropy_with_gradient(z, Labels{0}), ShapeError);
}

// d loss / d z[i][j] by a complex step along each entry.
Matrix<double> slopes_of_loss(const Matrix<double>& z, const Labels& labels) {
  Matrix<double> slopes(z.rows(), z.cols());
  for (std::size_t i = 0; i < z.size(); ++i) {
    Matrix<double> direction(z.rows(), z.cols());
    direction.values()[i] = 1;
    slopes.values()[i] = slope_of(cross_entropy(Logits(with_step(z, direction)), labels));
  }
  return slopes;
}

TEST(CrossEntropyWithGradient, the_gradient_is_the_slope_of_the_loss) {
  const Matrix<double> got = cross_entropy_with_gradient(Logits<double>(kLogits), kTruths).grad_logits;
  EXPECT_LE(tensor_error(got, slopes_of_loss(kLogits, kTruths)), 1e-15)
      << "the distance of the gradient from the derivatives of your cross_entropy, measured by complex steps";
}

TEST(CrossEntropyWithGradient, a_wrong_gradient_is_not_the_derivative_of_the_loss) {
  const Matrix<double> slopes = slopes_of_loss(kLogits, kTruths), right = expected_gradient();
  ASSERT_LE(tensor_error(right, slopes), 1e-15);
  Matrix<double> sum = right, sign = right, no_truth = right;
  for (double& value : sum.values()) value *= 4;
  for (double& value : sign.values()) value = -value;
  for (std::size_t i = 0; i < 4; ++i) no_truth(i, kTruths[i]) += 0.25;
  EXPECT_GT(tensor_error(sum, slopes), 0.1) << "not divided by the batch size";
  EXPECT_GT(tensor_error(sign, slopes), 0.1) << "y - p";
  EXPECT_GT(tensor_error(no_truth, slopes), 0.1) << "p alone";
}

// With all weights 0, p is 1/4 everywhere, so (p - y) / 2 is {{-3, 1, 1, 1}, {1, 1, -3, 1}} / 8; Xᵀ times it and its
// column sums are the gradients.
const M kSteps{{1, 2, 0}, {3, -1, 2}};  // 2 examples x 3 inputs, 4 classes: no two sizes are alike
const M kGradWeights{{0, 0.5, -1, 0.5}, {-0.875, 0.125, 0.625, 0.125}, {0.25, 0.25, -0.75, 0.25}};
const M kGradBias{{-0.25, 0.25, -0.25, 0.25}};

// After the step: {{1, -1/2, 0, -1/2}, {-9/16, -17/16, 43/16, -17/16}} are the logits.
double loss_after_the_step() {
  const double first = std::log(std::exp(1.0) + 1 + 2 * std::exp(-0.5)) - 1,
               second = std::log(std::exp(-0.5625) + 2 * std::exp(-1.0625) + std::exp(2.6875)) - 2.6875;
  return (first + second) / 2;
}

TEST(DescentStep, gives_the_numbers_done_by_hand) {
  LinearClassifier<double> model(3, 4);
  EXPECT_EQ(model.weights, M(3, 4)) << "it starts at zero";
  const std::string input =
      given("from weights and biases of 0, with the labels 0, 2 and a learning rate of 0.5", "X", kSteps);
  const double loss = explained([&] { return descent_step(model, kSteps, Labels{0, 2}, 0.5); }, input);
  EXPECT_EQ(model.weights, scaled(kGradWeights, -0.5))
      << "the weights after one step " << input
      << mistake_in(
             model.weights,
             {{scaled(kGradWeights, 0.5), "if the gradient is added: it must be subtracted"},
              {scaled(kGradWeights, -1), "without the learning rate"},
              {scaled(kGradWeights, -0.25), "if it is divided by the batch size twice: the gradient has it"},
              {M(3, 4), "if the weights stay as they are"}});
  EXPECT_EQ(model.bias, scaled(kGradBias, -0.5))
      << "the bias after one step " << input
      << mistake_in(model.bias,
                    {{scaled(kGradBias, 0.5), "if the gradient is added: it must be subtracted"},
                     {scaled(kGradBias, -1), "without the learning rate"},
                     {scaled(kGradBias, -0.25), "if it is divided by the batch size: the gradient has it"},
                     {{{0.1875, -0.0625, -0.0625, -0.0625}},
                      "if only the first example counts: it is the sum over all of them"},
                     {{{-0.0625, -0.0625, 0.1875, -0.0625}},
                      "if only the last example counts: it is the sum over all of them"},
                     {M(1, 4), "if the bias stays as it is"}});
  EXPECT_TRUE(close_to(loss, 2 * kLn2, kExact<double>))
      << "what is returned, the loss before the step " << input
      << mistake_in(loss, {{loss_after_the_step(), "of the loss after the step"}});
  EXPECT_EQ(model.logits(kSteps).values, (M{{1, -0.5, 0, -0.5}, {-0.5625, -1.0625, 2.6875, -1.0625}}))
      << "the logits after the step " << input;
}

// A loss of 42 whose gradient is the same everywhere, made up: only who asks for it finds these numbers.
LossAndGradient<double> made_up_loss(const Logits<double>&, std::span<const std::uint8_t>) {
  return {.loss = 42, .grad_logits = {{1, 0, 0, 0}, {0, 0, 2, 0}}};
}

TEST(DescentStep, makes_that_loss_smaller_which_it_is_given) {
  LinearClassifier<double> model(3, 4);
  const double loss = descent_step<double>(model, kSteps, Labels{0, 2}, 0.5, made_up_loss);
  const std::string input = given(
      "with another loss as the last argument: it is always 42, its gradient always {{1, 0, 0, 0}, {0, 0, "
      "2, 0}}; "
      "from 0, learning rate 0.5",
      "X", kSteps);
  EXPECT_EQ(model.weights, (M{{-0.5, 0, -3, 0}, {-1, 0, 1, 0}, {0, 0, -2, 0}}))
      << "the weights after one step " << input
      << mistake_in(model.weights,
                    {{scaled(kGradWeights, -0.5),
                      "with cross_entropy_with_gradient: call loss_and_gradient, the last argument"}});
  EXPECT_EQ(model.bias, (M{{-0.5, 0, -1, 0}})) << "the bias after one step " << input;
  EXPECT_EQ(loss, 42) << "what is returned, the loss before the step " << input;
}

TEST(DescentStep, makes_the_loss_smaller_every_time) {
  const SampleImages<float> digits(20);
  LinearClassifier<float> model(digits.x.cols(), kClasses);
  float before = descent_step(model, digits.x, digits.labels, 0.1f);
  EXPECT_TRUE(close_to(before, kLn10, {.rtol = 1e-6})) << "it starts as a guess among ten";
  for (int step = 1; step < 30; ++step) {
    const float loss = descent_step(model, digits.x, digits.labels, 0.1f);
    EXPECT_LT(loss, before) << "the loss at step " << step
                            << " on 20 digits with a learning rate of 0.1: it should fall in every step";
    before = loss;
  }
}

TEST(DescentStep, overfits_20_digits) {
  const SampleImages<float> digits(20);
  LinearClassifier<float> model(digits.x.cols(), kClasses);
  for (int step = 0; step < 200; ++step) descent_step(model, digits.x, digits.labels, 0.2f);
  EXPECT_EQ(accuracy(argmax_rows(model.logits(digits.x).values), digits.labels), 1)
      << "the accuracy on 20 digits of the sample, after 200 steps on them with a learning rate of 0.2";
}

}  // namespace
}  // namespace nn

#include <cmath>
#include <gtest/gtest.h>
#include <vector>

#include "01_matrix/argmax.hpp"
#include "04_from_logits/cross_entropy.hpp"
#include "04_from_logits/linear_classifier.hpp"
#include "04_from_logits/one_hot.hpp"
#include "matrices.hpp"
#include "mistakes.hpp"
#include "sample_images.hpp"
#include "softmax_numbers.hpp"
#include "throws_saying.hpp"

namespace nn {
namespace {

using Labels = std::vector<std::uint8_t>;
using Complex = std::complex<double>;
using M = Matrix<double>;

// The true classes of kLogits in these tests.
const Labels kTruths{0, 2, 1, 2};

TEST(OneHot, is_1_at_the_label_and_0_elsewhere) {
  for_each_scalar([]<class T>(T) {
    const Matrix<T> y = one_hot<T>(Labels{2, 0, 2}, 4);
    EXPECT_EQ(y, as<T>({{0, 0, 1, 0}, {1, 0, 0, 0}, {0, 0, 1, 0}}))
        << "of the labels 2, 0, 2 with 4 classes"
        << mistake_in(y, {{{{0, 0, 2, 0}, {0, 0, 0, 0}, {0, 0, 2, 0}}, "if the label is written and not 1"},
                          {{{0, 1, 0, 0}, {0, 0, 0, 0}, {0, 1, 0, 0}}, "if classes are counted from 1"},
                          {M(3, 4), "if nothing is written"}});
    EXPECT_EQ(shape(one_hot<T>(Labels{}, 4)), "0 x 4");
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
                             {(first + second) / 6,
                              "if it is divided by all entries: the mean is over the examples"},
                             {(3.4657359027997265 + 4.828313737302301) / 2,
                              "if -log p of all classes is added: only the true one counts"},
                             {(0.25 + 0.8) / 2, "without the logarithm"}});
    EXPECT_TRUE(close_to(cross_entropy_naive(Probabilities<T>(as<T>({{0.125, 0.875}})), Labels{0}), 3 * kLn2,
                         kExact<T>));
  });
}

TEST(CrossEntropyNaive, is_infinite_where_a_probability_rounded_to_0) {
  EXPECT_EQ(cross_entropy_naive(Probabilities<double>(Matrix<double>{{0, 1}, {0.5, 0.5}}), Labels{0, 1}),
            kInfinity);
  const auto loss = []<class T>(T m) {
    return cross_entropy_naive(softmax(Logits<T>(Matrix<T>{{0, m}})), Labels{0});
  };
  EXPECT_TRUE(std::isfinite(loss(103.0f)) && loss(104.0f) == kInfinity) << "in float from a logit of 104 on";
  EXPECT_TRUE(std::isfinite(loss(745.0)) && loss(746.0) == kInfinity) << "in double from a logit of 746 on";
}

TEST(CrossEntropyNaive, refuses_labels_that_do_not_fit) {
  const Probabilities<double> p(Matrix<double>{{0.5, 0.5}, {1, 0}});
  EXPECT_THROW(cross_entropy_naive(p, Labels{0, 2}), std::out_of_range);
  EXPECT_THROW(cross_entropy_naive(p, Labels{0}), ShapeError);
  EXPECT_THROW(cross_entropy_naive(Probabilities<double>(Matrix<double>(0, 2)), Labels{}),
               std::invalid_argument);
}

TEST(CrossEntropy, gives_the_numbers_done_by_hand) {
  for_each_scalar([]<class T>(T) {
    const T first = cross_entropy(logits<T>({{0, 1}}), Labels{0});
    EXPECT_TRUE(close_to(first, kLogSumExp01, kExact<T>))
        << "z = (0, 1), label 0"
        << mistake_in(first, {{-kLogSumExp01, "with the wrong sign"},
                              {kLogSumExp01 - 1, "of label 1: z[top] where z[labels[i]] belongs"},
                              {1.8619948040582511, "if the largest stands in the sum too: log1p has its 1"},
                              {1, "without log1p of the others"}});
    EXPECT_TRUE(close_to(cross_entropy(logits<T>({{0, 1}}), Labels{1}), kLogSumExp01 - 1, kExact<T>))
        << "z = (0, 1), label 1";
    const T three = cross_entropy(Logits<T>(Matrix<T>(3, 10)), Labels{7, 0, 9});
    EXPECT_TRUE(close_to(three, kLn10, kExact<T>))
        << "three times ten equal logits: ln 10"
        << mistake_in(three,
                      {{3 * kLn10, "with the sum over the batch: the loss is the mean"},
                       {3 * kLn10 / 30, "if it is divided by all entries: the mean is over the examples"}});
    double expected = 0;
    for (std::size_t i = 0; i < 4; ++i) expected -= kLogProbabilities(i, kTruths[i]) / 4;
    EXPECT_TRUE(close_to(cross_entropy(logits<T>(kLogits), kTruths), expected, kExact<T>));
  });
}

TEST(CrossEntropy, is_the_mean_over_the_batch) {
  for_each_scalar([]<class T>(T) {
    const T two = cross_entropy(logits<T>({{0, 1}, {0, 1}}), Labels{0, 1});
    EXPECT_TRUE(close_to(two, kLogSumExp01 - 0.5, kExact<T>))
        << "z = {{0, 1}, {0, 1}}, labels 0 and 1"
        << mistake_in(two, {{2 * kLogSumExp01 - 1, "with the sum over the batch: the loss is the mean"},
                            {kLogSumExp01 / 2 - 0.25,
                             "if it is divided by all entries: the mean is over the examples"}});
    EXPECT_TRUE(close_to(cross_entropy(logits<T>({{0, 0}, {0, 0}, {0, 6}, {0, 0}}), Labels{0, 1, 0, 1}),
                         (3 * kLn2 + 6.0024756851377302) / 4, kExact<T>));
  });
}

TEST(CrossEntropy, of_a_hopeless_mistake_is_its_margin) {
  for_each_scalar([]<class T>(T) {
    for (const double m : {89.0, 800.0, 1000.0, 1e4}) {
      EXPECT_TRUE(close_to(cross_entropy(logits<T>({{0, m}, {m, 0}}), Labels{0, 1}), m, kExact<T>))
          << "z = {{0, m}, {m, 0}}, labels 0 and 1, m = " << m
          << ": through a probability it is infinite; form it from the logits";
    }
    EXPECT_EQ(real_part(cross_entropy(logits<T>({{-0x1p90, 0x1p90}}), Labels{0})), Real<T>(0x1p91));
  });
}

TEST(CrossEntropy, of_a_certain_answer_is_tiny_but_not_0) {
  for_each_scalar([]<class T>(T) {
    EXPECT_TRUE(close_to(cross_entropy(logits<T>({{0, -40}}), Labels{0}), 4.248354255291589e-18, kExact<T>))
        << "z = (0, -40), label 0: log(1 + x) forgets a tiny x, log1p(x) keeps it";
    EXPECT_TRUE(
        close_to(cross_entropy(logits<T>({{-30, 10, -30}}), Labels{1}), 2 * 4.248354255291589e-18, kExact<T>))
        << "z = (-30, 10, -30), label 1: take the large numbers away from each other first, z[top] - "
           "z[label]";
  });
  EXPECT_EQ(cross_entropy(logits<double>({{5}, {-7}}), Labels{0, 0}), 0)
      << "with one class there is no doubt";
}

TEST(CrossEntropy, loses_nothing_near_logits_of_10000) {
  for_each_scalar([]<class T>(T) {
    EXPECT_TRUE(close_to(cross_entropy(logits<T>({{1e4, 1e4 + 1}}), Labels{1}), kLogSumExp01 - 1, kExact<T>))
        << "z = (10000, 10001), label 1: take the large numbers away from each other first";
    EXPECT_TRUE(close_to(cross_entropy(logits<T>({{1e4, 1e4 + 1}}), Labels{0}), kLogSumExp01, kExact<T>));
  });
  const auto z = logits<float>({{10000, 10001}});
  EXPECT_GT(std::abs(log_sum_exp(z)[0] - z.values(0, 1) - (kLogSumExp01 - 1)), 1e-4)
      << "log_sum_exp minus the logit, in a float, does lose digits";
}

TEST(CrossEntropy, takes_infinite_logits_as_they_are_meant_and_hides_no_nan) {
  for_each_scalar([]<class T>(T) {
    EXPECT_EQ(cross_entropy(logits<T>({{3, -kInfinity}}), Labels{0}), T(0));
    EXPECT_EQ(real_part(cross_entropy(logits<T>({{3, -kInfinity}}), Labels{1})), kInfinity);
    EXPECT_TRUE(is_nan(cross_entropy(logits<T>({{0, 0}, {0, kNan}, {0, 0}}), Labels{0, 0, 0})));
    EXPECT_TRUE(is_nan(cross_entropy(logits<T>({{kNan, 0}, {0, 0}}), Labels{1, 0})));
  });
}

TEST(CrossEntropy, equals_the_naive_form_where_that_works) {
  for (const auto& [rows, cols] : {std::pair{1, 1}, {1, 9}, {9, 1}, {3, 17}}) {
    const Logits<double> z(random_matrix<double>(rows, cols, 5, -20, 20));
    Labels labels(z.values.rows());
    for (std::size_t i = 0; i < labels.size(); ++i)
      labels[i] = static_cast<std::uint8_t>(7 * i % z.values.cols());
    EXPECT_TRUE(close_to(cross_entropy(z, labels), cross_entropy_naive(softmax_naive(z), labels),
                         {.rtol = 1e-13, .atol = 1e-15}));
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
  double expected = 0;  // along z[k] the slope is p[k] - 1 at the label, p[k] elsewhere, over the batch size
  for (std::size_t i = 0; i < 4; ++i) expected += (kSlopes[i] - kDirections(i, kTruths[i])) / 4;
  const Complex loss = cross_entropy(Logits(with_step(kLogits, kDirections)), kTruths);
  EXPECT_TRUE(close_to(slope_of(loss), expected, {.rtol = 1e-14}));
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
    const LossAndGradient<T> got = cross_entropy_with_gradient(logits<T>({{0, 1}, {5, 5}}), Labels{0, 1});
    EXPECT_TRUE(close_to(got.loss, (kLogSumExp01 + kLn2) / 2, kExact<T>));
    const double s = kSigmoid1;
    EXPECT_TRUE(close_to(got.grad_logits, M{{-s / 2, s / 2}, {0.25, -0.25}}, kExact<T>))
        << "z = {{0, 1}, {5, 5}}, labels 0 and 1: (p - y) / batch"
        << mistake_in(
               got.grad_logits,
               {{M{{-s, s}, {0.5, -0.5}}, "if it is not divided by the batch size"},
                {M{{s / 2, -s / 2}, {-0.25, 0.25}}, "with y - p: the sign is turned round"},
                {M{{(1 - s) / 2, s / 2}, {0.25, 0.25}}, "with p alone: 1 is to be taken away at the label"},
                {M{{-s / 4, s / 4}, {0.125, -0.125}},
                 "if it is divided by all entries and not by the examples"},
                {M{{0, s / 2}, {0.25, 0}}, "if the label's entry is left at 0"}});
    EXPECT_TRUE(close_to(cross_entropy_with_gradient(logits<T>(kLogits), kTruths).grad_logits,
                         expected_gradient(), {.atol = 2 * kEpsilon<T>}));
  });
}

TEST(CrossEntropyWithGradient, its_rows_sum_to_0) {
  for_each_scalar([]<class T>(T) {
    const auto got =
        cross_entropy_with_gradient(Logits<T>(random_matrix<T>(3, 10, 4, -9, 9)), Labels{9, 0, 4});
    for (std::size_t i = 0; i < 3; ++i) {
      T sum(0);
      for (const T& value : got.grad_logits.row(i)) sum += value;
      EXPECT_TRUE(close_to(sum, 0.0, {.atol = 8 * kEpsilon<T>})) << "row " << i;
    }
  });
}

TEST(CrossEntropyWithGradient, of_a_hopeless_mistake_is_minus_1_and_not_nan) {
  for_each_scalar([]<class T>(T) {
    const auto got = cross_entropy_with_gradient(logits<T>({{0, 800}, {-1e30, 1e30}}), Labels{0, 1});
    EXPECT_TRUE(close_to(got.loss, 400.0));
    EXPECT_TRUE(close_to(got.grad_logits, Matrix<double>{{-0.5, 0.5}, {0, 0}}));
  });
}

TEST(CrossEntropyWithGradient, of_a_certain_answer_is_tiny_but_not_0) {
  const auto got = cross_entropy_with_gradient(logits<double>({{0, -40}}), Labels{0});
  EXPECT_TRUE(close_to(got.grad_logits, M{{-4.248354255291589e-18, 4.248354255291589e-18}}, kExact<double>))
      << "z = (0, -40), label 0: p is 1 in the computer and p - 1 is 0; the sum of the others has all digits";
}

TEST(CrossEntropyWithGradient, writes_into_the_memory_that_it_is_given) {
  LossAndGradient<double> result{.loss = 99, .grad_logits = Matrix<double>(4, 3, 99.0)};
  const double* memory = result.grad_logits.data();
  for (int turn = 0; turn < 2; ++turn) {
    cross_entropy_with_gradient(Logits<double>(kLogits), kTruths, result);
    EXPECT_TRUE(close_to(result.grad_logits, expected_gradient(), {.atol = 1e-15}));
    EXPECT_EQ(result.grad_logits.data(), memory);
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
  EXPECT_LE(tensor_error(got, slopes_of_loss(kLogits, kTruths)), 1e-15);
}

TEST(CrossEntropyWithGradient, a_wrong_gradient_is_not_the_slope_of_the_loss) {
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

// With all weights 0, p is 1/2 everywhere: (p - y) / 2 is (-0.25, 0.25) in both rows, Xᵀ times it
// {{-1, 1}, {-0.25, 0.25}}, its column sums (-0.5, 0.5).
TEST(DescentStep, gives_the_numbers_done_by_hand) {
  LinearClassifier<double> model(2, 2);
  EXPECT_EQ(model.weights, Matrix<double>(2, 2, 0)) << "it starts at zero";
  const Matrix<double> x{{1, 2}, {3, -1}};
  const double loss = descent_step(model, x, Labels{0, 0}, 0.5);
  EXPECT_EQ(model.weights, (M{{0.5, -0.5}, {0.125, -0.125}}))
      << "the weights after one step from 0, learning rate 0.5"
      << mistake_in(model.weights,
                    {{{{-0.5, 0.5}, {-0.125, 0.125}}, "if the gradient is added: against it is minus"},
                     {{{1, -1}, {0.25, -0.25}}, "without the learning rate"},
                     {{{0.25, -0.25}, {0.0625, -0.0625}},
                      "if it is divided by the batch size twice: the gradient has it"},
                     {M(2, 2), "if the weights stay as they are"}});
  EXPECT_EQ(model.bias, (M{{0.25, -0.25}}))
      << "the bias after one step from 0, learning rate 0.5"
      << mistake_in(model.bias,
                    {{{{-0.25, 0.25}}, "if the gradient is added: against it is minus"},
                     {{{0.125, -0.125}}, "if only one example counts: it is the sum over all of them"},
                     {M(1, 2), "if the bias stays as it is"}});
  EXPECT_TRUE(close_to(loss, kLn2, kExact<double>))
      << "what is returned: the loss before the step"
      << mistake_in(loss, {{std::log1p(std::exp(-2.0)) / 2 + std::log1p(std::exp(-3.25)) / 2,
                            "of the loss after the step"}});
  EXPECT_EQ(model.logits(x).values, (Matrix<double>{{1, -1}, {1.625, -1.625}}));
}

TEST(DescentStep, makes_the_loss_smaller_every_time) {
  const SampleImages<float> digits(20);
  LinearClassifier<float> model(digits.x.cols(), kClasses);
  float before = descent_step(model, digits.x, digits.labels, 0.1f);
  EXPECT_TRUE(close_to(before, kLn10, {.rtol = 1e-6})) << "it starts as a guess among ten";
  for (int step = 1; step < 30; ++step) {
    const float loss = descent_step(model, digits.x, digits.labels, 0.1f);
    EXPECT_LT(loss, before) << "step " << step;
    before = loss;
  }
}

TEST(DescentStep, learns_20_digits_by_heart) {
  const SampleImages<float> digits(20);
  LinearClassifier<float> model(digits.x.cols(), kClasses);
  for (int step = 0; step < 200; ++step) descent_step(model, digits.x, digits.labels, 0.2f);
  EXPECT_EQ(accuracy(argmax_rows(model.logits(digits.x).values), digits.labels), 1);
}

}  // namespace
}  // namespace nn

#include <algorithm>
#include <gtest/gtest.h>
#include <vector>

#include "01_matrix/dense.hpp"
#include "01_matrix/tiny_network.hpp"
#include "02_relu/activations.hpp"
#include "02_relu/apply.hpp"
#include "02_relu/slope.hpp"
#include "expectations/mistakes.hpp"
#include "inputs/matrices.hpp"

namespace nn {
namespace {

using Complex = std::complex<double>;

// x, f(x), f'(x). What is not done in the head was computed with 50 digits (tests/data/reference_numbers.py).
struct Point {
  double x, value, derivative;
};
using Points = std::vector<Point>;

const Points kStep{{-2, 0, 0}, {-1e-30, 0, 0}, {0, 0, 0}, {1e-30, 1, 0}, {3, 1, 0}};
const Points kRelu{{-3, 0, 0}, {-1e-30, 0, 0}, {0, 0, 0}, {1e-30, 1e-30, 1}, {2.5, 2.5, 1}, {1e30, 1e30, 1}};
const Points kLeakyRelu{{-300, -3, 0.01}, {-2, -0.02, 0.01}, {0, 0, 0.01}, {0.5, 0.5, 1}, {7, 7, 1}};
const Points kSigmoid{{-30, 9.357622968839299e-14, 9.3576229688384233e-14},
                      {-2, 0.11920292202211756, 0.10499358540350652},
                      {-0.25, 0.4378234991142019, 0.24613408273759835},
                      {0, 0.5, 0.25},
                      {0.5, 0.62245933120185456, 0.23500371220159449},
                      {3, 0.95257412682243322, 0.045176659730912133},
                      {40, 1, 4.248354255291589e-18}};
const Points kTanh{{-3, -0.99505475368673045, 0.0098660371654401913},
                   {-0.5, -0.46211715726000976, 0.78644773296592741},
                   {0, 0, 1},
                   {0.25, 0.24491866240370913, 0.94001484880637796},
                   {2, 0.96402758007581688, 0.070650824853164466}};
const Points kGelu{{-4, -7.024594819237269e-5, -0.00033512319712267076},
                   {-2, -0.045402305912224981, -0.086099256623618382},
                   {-0.75, -0.1700394448343797, 0.0010617438625857023},
                   {0, 0, 0.5},
                   {0.5, 0.34571400982514392, 0.86736990353464231},
                   {1, 0.8411919906082767, 1.0829640838457826},
                   {3, 2.996362607918227, 1.0115841666309697}};
const Points kElu{{-20, -0.99999999793884638, 2.0611536224385578e-9},
                  {-2, -0.86466471676338731, 0.13533528323661269},
                  {-0.5, -0.39346934028736658, 0.60653065971263342},
                  {0, 0, 1},
                  {0.5, 0.5, 1},
                  {3, 3, 1}};

// A function that people write instead, by which a check that fails can name the mistake.
struct Mistake {
  double (*function)(double);
  const char* name;  // after "this is what comes out"
};
using Mistakes = std::vector<Mistake>;

// The mistake that gives what f gives at every one of the points; at a single point many look alike.  absolute: what
// rounding may do to a result, in units of epsilon, where it is a small difference of large numbers.
template <class T, class F>
std::string mistake_of(const F& f, const Points& points, double absolute, const Mistakes& known) {
  const double rounding = 1e-30 + 2 * absolute * kEpsilon<T>;
  for (const Mistake& m : known) {
    const bool fits = std::all_of(points.begin(), points.end(), [&](const Point& p) {
      return detail::is_about(f(T(static_cast<Real<T>>(p.x))), m.function(p.x), rounding);
    });
    if (fits) return detail::named(m.name);
  }
  return "";
}

// f gives the values, for float, double and complex numbers; a complex step through f finds the derivatives.
template <class F>
void expect_values(const F& f, const Points& points, double absolute = 0, const Mistakes& known = {}) {
  for_each_scalar([&]<class T>(T) {
    const Tolerance tolerance{.rtol = 8 * kEpsilon<T>, .atol = absolute * kEpsilon<T>};
    for (const Point& p : points) {
      const T got = f(T(static_cast<Real<T>>(p.x)));
      EXPECT_TRUE(close_to(got, p.value, tolerance))
          << "at x = " << p.x << mistake_of<T>(f, points, absolute, known);
    }
  });
  for (const Point& p : points) {
    EXPECT_TRUE(
        close_to(slope_of(f(Complex(p.x, kComplexStep))), p.derivative, {.rtol = 1e-14, .atol = 1e-14}))
        << "the imaginary part at x = " << p.x << " + i h must be h times the derivative";
  }
}

template <class F>
void expect_derivatives(const F& derivative, const Points& points, double absolute = 0,
                        const Mistakes& known = {}) {
  for_each_scalar([&]<class T>(T) {
    const Tolerance tolerance{.rtol = 16 * kEpsilon<T>, .atol = absolute * kEpsilon<T>};
    for (const Point& p : points) {
      const T got = derivative(T(static_cast<Real<T>>(p.x)));
      EXPECT_TRUE(close_to(got, p.derivative, tolerance))
          << "at x = " << p.x << mistake_of<T>(derivative, points, absolute, known);
    }
  });
}

// f at a number that is far out, where exp overflows.
template <class F>
void expect_far_out(const F& f, double at_minus, double at_plus, double x = 1000) {
  for_each_scalar([&]<class T>(T) {
    EXPECT_TRUE(close_to(f(T(static_cast<Real<T>>(-x))), at_minus))
        << "at x = " << -x << ": e to the " << x << " is infinite";
    EXPECT_TRUE(close_to(f(T(static_cast<Real<T>>(x))), at_plus))
        << "at x = " << x << ": e to the " << x << " is infinite";
  });
}

// The functions as objects that take every scalar.
constexpr auto kStepF = [](auto x) { return step(x); };
constexpr auto kReluF = [](auto x) { return relu(x); };
constexpr auto kReluD = [](auto x) { return relu_derivative(x); };
constexpr auto kLeakyReluF = [](auto x) { return leaky_relu(x); };
constexpr auto kLeakyReluD = [](auto x) { return leaky_relu_derivative(x); };
constexpr auto kSigmoidF = [](auto x) { return sigmoid(x); };
constexpr auto kSigmoidD = [](auto x) { return sigmoid_derivative(x); };
constexpr auto kTanhF = [](auto x) { return nn::tanh(x); };
constexpr auto kTanhD = [](auto x) { return tanh_derivative(x); };
constexpr auto kGeluF = [](auto x) { return gelu(x); };
constexpr auto kGeluD = [](auto x) { return gelu_derivative(x); };
constexpr auto kEluF = [](auto x) { return elu(x); };
constexpr auto kEluD = [](auto x) { return elu_derivative(x); };

TEST(Identity, changes_nothing_and_has_slope_1) {
  const Points points{{-2, -2, 1}, {0, 0, 1}, {3.5, 3.5, 1}};
  expect_values([](auto x) { return identity(x); }, points);
  expect_derivatives([](auto x) { return identity_derivative(x); }, points);
}

TEST(Step, is_0_up_to_0_and_1_above) {
  expect_values(kStepF, kStep, 0,
                {{[](double x) { return x >= 0 ? 1.0 : 0.0; }, "with >= : at 0 itself the step is 0"},
                 {[](double x) { return x > 0 ? 1.0 : -1.0; }, "if it is -1 below 0"}});
}

TEST(Step, has_no_slope_to_learn_from) {
  expect_derivatives([](auto x) { return step_derivative(x); }, kStep);
}

TEST(Relu, passes_what_is_positive_and_nothing_else) {
  expect_values(kReluF, kRelu, 0,
                {{[](double x) { return std::abs(x); }, "if only the sign is dropped: below 0 it is 0"},
                 {[](double x) { return x; }, "if nothing is cut off: below 0 it is 0"},
                 {[](double x) { return x > 0 ? 1.0 : 0.0; }, "if it is 1 above 0: there it is x itself"},
                 {[](double x) { return x < 0 ? x : 0.0; }, "if the comparison is reversed"}});
}

TEST(Relu, of_nan_is_nan) {
  EXPECT_TRUE(std::isnan(relu(kNan))) << "relu(NaN) should be NaN and yours is " << relu(kNan)
                                      << ": compare x <= 0, which is false for NaN; a 0 would hide it";
}

TEST(ReluDerivative, is_1_above_0_and_0_elsewhere) {
  expect_derivatives(
      kReluD, kRelu, 0,
      {{[](double x) { return x >= 0 ? 1.0 : 0.0; }, "with >= : at 0 itself it is 0, by convention"},
       {[](double x) { return x > 0 ? x : 0.0; }, "if it is relu itself: its derivative is 1 or 0"}});
}

TEST(ReluDerivative, at_0_is_0_by_convention) {
  EXPECT_EQ(relu_derivative(0.0), 0.0) << "at x = 0: relu has no derivative there; by convention it is 0";
}

TEST(LeakyRelu, passes_a_hundredth_of_negative_numbers) {
  expect_values(kLeakyReluF, kLeakyRelu, 0,
                {{[](double x) { return x > 0 ? x : 0.0; }, "if nothing leaks: below 0 it is slope * x"},
                 {[](double x) { return x > 0 ? x : -0.01 * x; }, "if the sign is reversed below 0"},
                 {[](double x) { return x > 0 ? x : 0.01; }, "if it is slope instead of slope * x below 0"}});
}

TEST(LeakyRelu, takes_another_slope) {
  EXPECT_EQ(leaky_relu(-2.0, 0.25), -0.5)
      << "at x = -2, with the slope 0.25, the second argument, instead of 0.01";
  EXPECT_EQ(leaky_relu(3.0, 0.25), 3.0) << "at x = 3, with the slope 0.25: above 0 it is x";
  EXPECT_EQ(leaky_relu(Complex(-2, 4), 0.25), Complex(-0.5, 1))
      << "at x = -2 + 4i, with the slope 0.25: the real part decides, and slope * x is complex";
}

TEST(LeakyReluDerivative, is_1_above_0_and_slope_elsewhere) {
  expect_derivatives(
      kLeakyReluD, kLeakyRelu, 0,
      {{[](double x) { return x > 0 ? 1.0 : 0.0; }, "if it is that of relu: below 0 it is the slope"},
       {[](double x) { return x > 0 ? 1.0 : 0.01 * x; }, "if it is slope * x instead of slope below 0"}});
  EXPECT_EQ(leaky_relu_derivative(-2.0, 0.25), 0.25)
      << "at x = -2, with the slope 0.25, the second argument, instead of 0.01";
  EXPECT_EQ(leaky_relu_derivative(3.0, 0.25), 1.0) << "at x = 3, with the slope 0.25: above 0 it is 1";
}

TEST(Sigmoid, gives_the_stored_numbers) {
  expect_values(kSigmoidF, kSigmoid, 0,
                {{[](double x) { return 1 / (1 + std::exp(x)); }, "with e^x instead of e^-x"},
                 {[](double x) { return std::tanh(x); }, "if it is tanh"}});
}

TEST(Sigmoid, far_out_is_0_and_1_and_never_nan) {
  expect_far_out(kSigmoidF, 0, 1);
  EXPECT_TRUE(close_to(sigmoid(-720.0), 2.0322308024e-313, {.rtol = 1e-9}))
      << "at x = -720, where e^-x is infinite: take exp of a negative number only";
}

TEST(Sigmoid, of_x_and_of_minus_x_add_up_to_1) {
  for (const double x : {0.0, 0.3, 1.7, 12.0, 500.0})
    EXPECT_NEAR(sigmoid(x) + sigmoid(-x), 1, 2e-16) << "sigmoid(x) + sigmoid(-x) at x = " << x;
}

double sigma(double x) { return 1 / (1 + std::exp(-x)); }

TEST(SigmoidDerivative, gives_the_stored_numbers) {
  expect_derivatives(kSigmoidD, kSigmoid, 0,
                     {{sigma, "without the factor sigmoid(-x)"},
                      {[](double x) { return sigma(x) * sigma(x); }, "if it is sigmoid(x) squared"},
                      {[](double x) { return sigma(x) * (1 - sigma(x)); },
                       "with 1 - sigmoid(x), of which nothing is left where "
                       "sigmoid(x) rounds to 1; sigmoid(-x) keeps its digits"}});
  expect_far_out(kSigmoidD, 0, 0);
}

TEST(Tanh, gives_the_stored_numbers) {
  expect_values(kTanhF, kTanh);
  EXPECT_EQ(nn::tanh(-2.99791384f), -0.995034158f) << "a float is computed in double and rounded";
  expect_far_out(kTanhF, -1, 1);
}

TEST(TanhDerivative, gives_the_stored_numbers) {
  expect_derivatives(kTanhD, kTanh, 2,
                     {{[](double x) { return 1 - std::tanh(x); }, "without the square: 1 - tanh(x)^2"},
                      {[](double x) { return 1 - x * x; }, "with x instead of tanh(x): 1 - tanh(x)^2"},
                      {[](double x) { return std::tanh(x) * (1 - std::tanh(x)); },
                       "if it is tanh(x) (1 - tanh(x)), which is the sigmoid's rule"}});
  expect_far_out(kTanhD, 0, 0);
}

// Of gelu: the inner function, its slope, and the two terms of the product rule.
double inner(double x) { return detail::gelu_inner(x); }
double first_term(double x) { return (1 + std::tanh(inner(x))) / 2; }
double tanh_slope(double x) { return 1 - std::tanh(inner(x)) * std::tanh(inner(x)); }

TEST(Gelu, gives_the_stored_numbers) {
  expect_values(kGeluF, kGelu, 4,
                {{[](double x) { return 2 * x * first_term(x); }, "without the half"},
                 {first_term, "without the factor x"},
                 {[](double x) { return x / 2 * std::tanh(inner(x)); }, "without the 1 +"},
                 {[](double x) { return x / 2 * (1 + std::tanh(x)); },
                  "with tanh of x and not of the inner function"}});
}

TEST(Gelu, far_out_is_0_and_x) { expect_far_out(kGeluF, 0, 100, 100); }

TEST(GeluDerivative, gives_the_stored_numbers) {
  expect_derivatives(
      kGeluD, kGelu, 8,
      {{first_term, "without the second term of the product rule: x times the derivative of the bracket"},
       {[](double x) { return x / 2 * tanh_slope(x) * detail::gelu_inner_derivative(x); },
        "without the first term of the product rule: the bracket itself"},
       {[](double x) { return first_term(x) + x / 2 * tanh_slope(x); },
        "without the derivative of the inner function (chain rule)"}});
  expect_far_out(kGeluD, 0, 1, 100);
}

TEST(Elu, gives_the_stored_numbers) {
  expect_values(kEluF, kElu, 0,
                {{[](double x) { return x > 0 ? x : std::exp(x); }, "without the - 1 below 0"},
                 {[](double x) { return std::expm1(x); }, "if it is e^x - 1 above 0, too: there it is x"},
                 {[](double x) { return x > 0 ? x : 1 - std::exp(x); }, "with 1 - e^x instead of e^x - 1"}});
}

TEST(Elu, keeps_its_digits_near_0_and_levels_off_at_minus_1) {
  EXPECT_TRUE(close_to(elu(-1e-10), -9.9999999995e-11, {.rtol = 1e-15}))
      << "at x = -1e-10: exp(x) - 1 has lost digits there, expm1(x) keeps them";
  expect_far_out(kEluF, -1, 1000);
}

TEST(EluDerivative, gives_the_stored_numbers) {
  expect_derivatives(
      kEluD, kElu, 0,
      {{[](double x) { return x > 0 ? 1.0 : std::expm1(x); }, "with e^x - 1 below 0: its derivative is e^x"},
       {[](double x) { return x > 0 ? x : std::exp(x); }, "if it is x above 0: there the derivative is 1"}});
  expect_far_out(kEluD, 0, 1);
}

TEST(Apply, takes_the_function_of_every_entry) {
  const auto twice = [](double x) { return 2 * x; };
  EXPECT_EQ(apply(twice, Matrix<double>{{1, -2, 3}, {0, 0.5, -1}}), (Matrix<double>{{2, -4, 6}, {0, 1, -2}}));
  EXPECT_EQ(shape(apply(twice, Matrix<double>(0, 4))), "0 x 4");
  Matrix<double> y(5, 5, kNan);
  const double* memory = y.data();
  apply(twice, {{1}, {2}, {3}}, y);
  EXPECT_EQ(y, (Matrix<double>{{2}, {4}, {6}}));
  EXPECT_EQ(y.data(), memory) << "it reuses the given memory";
}

// Whatever an entry is, no other entry of the result knows of it: no position is mixed with another.
TEST(Apply, mixes_no_positions) {
  const auto x = random_matrix<double>(3, 4, 1);
  const Matrix<double> y = apply(kReluF, x);
  EXPECT_EQ(apply(kReluF, turned(x)), turned(y)) << given("ReLU of every entry", "X", turned(x));
  for (std::size_t i = 0; i < x.size(); ++i) {
    Matrix<double> other = x, expected = y;
    other.values()[i] = 7;
    expected.values()[i] = 7;
    EXPECT_EQ(apply(kReluF, other), expected) << "entry " << i << " was changed";
  }
}

// (3.5^2 - 2.5^2) / 1 = 6;  ((x + h)^3 - (x - h)^3) / 2h = 3 x^2 + h^2, here 12.25.
TEST(Slope, gives_the_numbers_done_by_hand) {
  for_each_scalar([]<class T>(T) {
    Matrix<T> got(1, 3);
    got(0, 0) = slope([](T x) { return x * x; }, T(3), T(0.5));
    got(0, 1) = slope([](T x) { return x * x * x; }, T(2), T(0.5));
    got(0, 2) = slope([](T x) { return T(5) - x; }, T(-7), T(0.25));
    EXPECT_EQ(got, as<T>({{6, 12.25, -1}}))
        << "the slopes of x^2 at 3 with h = 0.5, of x^3 at 2 with h = 0.5 (h^2 too much, as expected), and "
           "of "
           "5 - x at -7 with h = 0.25"
        << mistake_in(got, {{{{6.5, 15.25, -1}}, "if it is measured on one side only: f(x + h) - f(x)"},
                            {{{5.5, 9.25, -1}}, "if it is measured on one side only: f(x) - f(x - h)"},
                            {{{12, 24.5, -2}}, "if it is divided by h: from x - h to x + h it is 2 h"},
                            {{{1.5, 3.0625, -0.0625}}, "with / 2 * h: that multiplies by h; / (2 * h)"},
                            {{{-6, -12.25, 1}}, "if the difference is reversed"}});
  });
}

TEST(Slope, has_a_step_of_one_hundred_thousandth_unless_told) {
  EXPECT_NEAR(slope([](double x) { return std::sin(x); }, 0.0), 1, 1e-10) << "the slope of the sine at 0";
  EXPECT_EQ(slope([](double x) { return relu(x); }, 0.0), 0.5) << "at the kink: the mean of both sides";
  EXPECT_EQ(slope([](double x) { return x < 0.9e-5 ? 0.0 : 1.0; }, 0.0), 1 / 2e-5)
      << "of a function that is 0 below x = 0.9e-5 and 1 from there on, at 0: h should be 1e-5";
}

TEST(Slope, agrees_with_every_derivative) {
  for (const double x : {-3.0, -1.25, -0.1, 0.1, 0.8, 2.5}) {
    EXPECT_NEAR(slope(kReluF, x), relu_derivative(x), 1e-9) << "relu at " << x;
    EXPECT_NEAR(slope(kLeakyReluF, x), leaky_relu_derivative(x), 1e-9) << "leaky_relu at " << x;
    EXPECT_NEAR(slope(kSigmoidF, x), sigmoid_derivative(x), 1e-9) << "sigmoid at " << x;
    EXPECT_NEAR(slope(kTanhF, x), tanh_derivative(x), 1e-9) << "tanh at " << x;
    EXPECT_NEAR(slope(kGeluF, x), gelu_derivative(x), 1e-9) << "gelu at " << x;
    EXPECT_NEAR(slope(kEluF, x), elu_derivative(x), 1e-9) << "elu at " << x;
  }
}

// W1·W2 and b1·W2 + b2 of the tiny network, by hand.
TEST(TwoLayers, without_an_activation_between_are_one_layer) {
  const Matrix<double> w{{2, 0, -1}, {-1, 1, 0}}, b{{2, 1, -2}}, two_layers{{5, 2, -4}, {-2, 3, -1}};
  const auto hidden =
      dense(tiny::inputs<double>(), tiny::hidden_weights<double>(), tiny::hidden_bias<double>());
  EXPECT_EQ(dense(hidden, tiny::output_weights<double>(), tiny::output_bias<double>()), two_layers)
      << "the tiny network's two layers with nothing between them";
  EXPECT_EQ(dense(tiny::inputs<double>(), w, b), two_layers)
      << "one layer with the weights W1·W2 and the bias b1·W2 + b2";
  EXPECT_EQ(dense(apply(kReluF, hidden), tiny::output_weights<double>(), tiny::output_bias<double>()),
            (Matrix<double>{{3, 2, -2}, {-1, 3, -1}}))
      << "with ReLU between them they are not one layer";
}

}  // namespace
}  // namespace nn

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <gtest/gtest.h>
#include <string>
#include <utility>
#include <vector>

#include "01_matrix/argmax.hpp"
#include "02_relu/apply.hpp"
#include "04_from_logits/cross_entropy.hpp"
#include "06_simd_matmul/products.hpp"
#include "07_training/initialize.hpp"
#include "07_training/mini_batches.hpp"
#include "07_training/optimizer.hpp"
#include "07_training/plain_step.hpp"
#include "07_training/schedule.hpp"
#include "common/parallel/thread_pool.hpp"
#include "expectations/fails_saying.hpp"
#include "expectations/mistakes.hpp"
#include "expectations/throws_saying.hpp"
#include "inputs/matrices.hpp"
#include "inputs/sample_images.hpp"

namespace nn {
namespace {

using M = Matrix<double>;
using Labels = std::vector<std::uint8_t>;
using enum Initialization;

TEST(InitialBound, gives_the_numbers_done_by_hand) {
  const M got{{initial_bound(kHe, 24, 100), initial_bound(kXavier, 4, 20), initial_bound(kPyTorch, 16, 100)}};
  const double two = std::sqrt(2 / 24.), he = 0.5, xavier = 0.5, pytorch = 0.25;
  EXPECT_EQ(got, (M{{he, xavier, pytorch}}))
      << "He's bound sqrt(6 / fan_in) for fan_in 24 and fan_out 100, Xavier's sqrt(6 / (fan_in + fan_out)) "
         "for 4 and "
         "20, PyTorch's 1 / sqrt(fan_in) for 16 and 100"
      << mistake_in(
             got, {{{{std::sqrt(0.06), xavier, pytorch}}, "with fan_out instead of fan_in, in He's"},
                   {{{two, two, pytorch}}, "with a 2: that is for the deviation of a normal distribution"},
                   {{{two, xavier, pytorch}}, "with a 2: that is for the deviation of a normal distribution"},
                   {{{0, 0, pytorch}}, "of an integer division, 6 / 24"},
                   {{{0, 0, 0}}, "of an integer division, 6 / 24"},
                   {{{he * he, xavier * xavier, pytorch}}, "without the square root"},
                   {{{he * he, xavier * xavier, 1 / 16.}}, "without the square root"},
                   {{{he, std::sqrt(1.5), pytorch}}, "with fan_in alone, in Xavier's"},
                   {{{he, xavier, std::sqrt(6 / 16.)}}, "with a 6 in PyTorch's: it is 1 / sqrt(fan_in)"},
                   {{{std::sqrt(6 / 124.), std::sqrt(1.5), pytorch}}, "if He's and Xavier's are exchanged"}});
  EXPECT_TRUE(close_to(initial_bound(kHe, 784, 128), 0.08748177652797065, kExact<double>))
      << "He's bound for fan_in 784 and fan_out 128";
  EXPECT_TRUE(close_to(initial_bound(kXavier, 784, 128), 0.08111071056538127, kExact<double>))
      << "Xavier's bound for fan_in 784 and fan_out 128";
  EXPECT_TRUE(close_to(initial_bound(kPyTorch, 784, 128), 0.03571428571428571, kExact<double>))
      << "PyTorch's bound for fan_in 784 and fan_out 128";
}

template <class T>
Network<T> initialized(const std::vector<std::size_t>& widths, Initialization kind, std::uint64_t seed) {
  Network<T> network = make_network<T>(widths);
  for (const auto& p : network.parameters()) p.value->fill(T(99));
  Random random(seed);
  initialize(network, kind, random);
  return network;
}

TEST(Initialize, stays_within_the_bound_of_each_layer_and_fills_it) {
  for (const auto kind : {kHe, kXavier, kPyTorch}) {
    Network<double> network = initialized<double>({784, 128, 10}, kind, 1);
    for (const std::size_t t : {0, 2}) {
      const M& w = *network.parameters()[t].value;
      const double bound = initial_bound(kind, w.rows(), w.cols());
      double mean = 0, square = 0, largest = 0;
      for (const double value : w.values()) {
        mean += value / static_cast<double>(w.size()),
            square += value * value / static_cast<double>(w.size());
        largest = std::max(largest, std::abs(value));
      }
      EXPECT_LE(largest, bound) << "the largest weight of 784-128-10, and the bound of its layer";
      EXPECT_GT(largest, 0.99 * bound)
          << "the largest weight of 784-128-10: they fill the whole range up to the bound";
      EXPECT_NEAR(mean / bound, 0, 0.05)
          << "the mean of the weights of a layer of 784-128-10, as a part of the bound: from -bound to bound";
      EXPECT_NEAR(square / (bound * bound), 1.0 / 3, 0.03) << "the mean square of a uniform distribution";
    }
  }
}

TEST(Initialize, leaves_biases_at_zero_but_for_pytorch) {
  for (const auto kind : {kHe, kXavier}) {
    Network<double> network = initialized<double>({4, 2, 3}, kind, 1);
    EXPECT_EQ(*network.parameters()[1].value, M(1, 2, 0));
    EXPECT_EQ(*network.parameters()[3].value, M(1, 3, 0));
  }
  Network<double> network = initialized<double>({4, 2, 3}, kPyTorch, 1);
  EXPECT_TRUE(close_to(*network.parameters()[1].value, M{{-0.21449131560303336, 0.29399660566230557}},
                       kExact<double>));
}

// By other means (tests/data/reference_numbers.py). If these change, so does every result of the course.
TEST(Initialize, gives_the_stored_numbers_for_seed_1) {
  const M expected{{0.2305760600604112, 0.8514129823051184, 1.6316013994343503},
                   {-0.19274532606462924, -0.1930727398875991, 0.9106928876321891}};
  Network<double> network = initialized<double>({2, 3, 3}, kHe, 1);
  EXPECT_EQ(*network.parameters()[0].value, expected) << "the first weights of 2-3-3 for seed 1, He's";
  EXPECT_EQ((*network.parameters()[2].value)(0, 0), 1.0673032611311408);
  Network<float> in_float = initialized<float>({2, 3, 3}, kHe, 1);
  EXPECT_EQ(*in_float.parameters()[0].value, as<float>(expected)) << "a float is the double, rounded";
}

TEST(Initialize, depends_on_the_seed_and_on_nothing_else) {
  const auto weights = [](std::uint64_t seed) {
    return *initialized<float>({30, 20, 10}, kHe, seed).parameters()[2].value;
  };
  EXPECT_EQ(weights(1), weights(1));
  EXPECT_NE(weights(1), weights(2));
}

TEST(MiniBatchesShuffle, contains_every_example_once_per_epoch) {
  MiniBatches batches(10, 3);
  EXPECT_EQ(batches.per_epoch(), 4u);
  Random random(5);
  for (int epoch = 0; epoch < 3; ++epoch) {
    batches.shuffle(random);
    std::vector<std::size_t> seen;
    for (std::size_t i = 0; i < 4; ++i) {
      EXPECT_EQ(batches.batch(i).size(), i < 3 ? 3u : 1u) << "the last batch has the remaining examples";
      seen.insert(seen.end(), batches.batch(i).begin(), batches.batch(i).end());
    }
    std::sort(seen.begin(), seen.end());
    EXPECT_EQ(seen, (std::vector<std::size_t>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}));
  }
}

std::vector<std::size_t> order_of(MiniBatches& batches, Random& random) {
  batches.shuffle(random);
  return {batches.batch(0).begin(), batches.batch(0).end()};
}

TEST(MiniBatchesShuffle, gives_the_stored_order_for_seed_1) {
  MiniBatches batches(10, 10);
  Random random(1);
  EXPECT_EQ(order_of(batches, random), (std::vector<std::size_t>{4, 2, 8, 1, 9, 3, 0, 6, 7, 5}));
  const std::vector<std::size_t> second{2, 5, 7, 3, 1, 4, 9, 8, 6, 0};
  const std::uint64_t state = random.state();
  EXPECT_EQ(order_of(batches, random), second) << "another order in the next epoch; it must not depend "
                                                  "on the previous order, or no run could resume";
  MiniBatches fresh(10, 10);
  Random resumed(state);
  EXPECT_EQ(order_of(fresh, resumed), second) << "it depends on the state of random only";
}

TEST(MiniBatchesShuffle, takes_batches_of_any_size) {
  EXPECT_EQ(MiniBatches(9, 3).per_epoch(), 3u);
  EXPECT_EQ(MiniBatches(3, 100).per_epoch(), 1u);
  EXPECT_EQ(MiniBatches(3, 100).batch(0).size(), 3u);
  EXPECT_EQ(MiniBatches(9, 3).batch(1)[2], 5u) << "in order until they are shuffled";
  EXPECT_EQ(MiniBatches(0, 4).per_epoch(), 0u);
  EXPECT_THROW(MiniBatches(10, 0), std::invalid_argument);
}

TEST(Gather, keeps_image_and_label_together_and_transforms_pixels) {
  const LabeledImages images{{3, 1, 2, {0, 51, 102, 153, 204, 255}}, {7, 8, 9}};
  M x(5, 5, kNan);
  const double* memory = x.data();
  Labels labels(9, 1);
  const std::array<std::size_t, 4> batch{2, 0, 2, 1};
  gather<double>(images, batch, {}, x, labels);
  EXPECT_TRUE(close_to(x, M{{0.8, 1}, {0, 0.2}, {0.8, 1}, {0.4, 0.6}}, {.rtol = 1e-7})) << "white is 1";
  EXPECT_EQ(labels, (Labels{9, 7, 9, 8}));
  EXPECT_EQ(x.data(), memory) << "it reuses the given memory";
  gather<double>(images, std::array<std::size_t, 1>{1}, {.mean = 0.5f, .deviation = 0.25f}, x, labels);
  EXPECT_TRUE(close_to(x, M{{-0.4, 0.4}}, {.rtol = 1e-6})) << "(value / 255 - mean) / deviation";
}

// The layer that was trained on transformed pixels, and the model for pixels as they are.
TEST(FoldInputTransform, leaves_the_outputs_as_they_are) {
  Network<float> network = initialized<float>({784, 16, 10}, kHe, 1);
  const SampleImages<float> digits(20);
  const Matrix<float> transformed = apply(kStandardized, digits.x);
  const Matrix<float> expected = network.forward(transformed).values;
  fold_input_transform(network, kStandardized);
  EXPECT_TRUE(close_to(network.forward(digits.x).values, expected, {.rtol = 1e-4, .atol = 1e-4}));
  const Matrix<float> weights = *network.parameters()[0].value;
  fold_input_transform(network, {});
  EXPECT_EQ(*network.parameters()[0].value, weights) << "nothing to fold";
}

// Four numbers that learn from three gradients, one after the other; returns where they were after each step.
constexpr std::array<std::array<double, 4>, 3> kGradients{
    {{0.5, 4, -0.001, 0}, {1, -1, 0.002, 0}, {-0.25, 0, 0.003, 0}}};

template <class T>
std::vector<Matrix<T>> three_steps(Optimizer<T>& optimizer, T learning_rate) {
  Matrix<T> w = as<T>({{1, -2}}), grad_w(1, 2), b = as<T>({{0.5}, {3}}), grad_b(2, 1);
  const std::vector<Parameter<T>> parameters{{"0.weight", &w, &grad_w}, {"0.bias", &b, &grad_b}};
  std::vector<Matrix<T>> after;
  for (const auto& g : kGradients) {
    grad_w = as<T>({{g[0], g[1]}}), grad_b = as<T>({{g[2]}, {g[3]}});
    optimizer.step(parameters, learning_rate);
    EXPECT_EQ(grad_w, as<T>({{g[0], g[1]}})) << "an update changes no gradient";
    after.push_back({{w(0, 0), w(0, 1), b(0, 0), b(1, 0)}});
  }
  EXPECT_EQ(optimizer.steps(), 3u);
  return after;
}

// How one number w goes, at step t = 1, 2, 3 with the gradient g; m and v are 0 at first.
using Rule = std::function<void(double& w, double g, double& m, double& v, int t)>;

// Where the four numbers are if they follow the rule: one row a step.
M by_rule(const Rule& rule) {
  M after(3, 4);
  const std::array<double, 4> start{1, -2, 0.5, 3};
  for (std::size_t i = 0; i < 4; ++i) {
    double w = start[i], m = 0, v = 0;
    for (std::size_t t = 0; t < 3; ++t) {
      rule(w, kGradients[t][i], m, v, static_cast<int>(t) + 1);
      after(t, i) = w;
    }
  }
  return after;
}

// expected: one row a step.  known: rules that people write instead, and their names.
template <class Optimizer>
void expect_three_steps(Optimizer optimizer, const M& expected,
                        const std::vector<std::pair<Rule, const char*>>& known = {}) {
  const std::vector<M> steps = three_steps<double>(optimizer, 0.1);
  M got(3, 4);
  for (std::size_t t = 0; t < 3; ++t) std::copy_n(steps[t].data(), 4, got.row(t).data());
  std::string mistake;
  for (const auto& [rule, name] : known) {
    if (mistake.empty()) mistake = mistake_in(got, {{by_rule(rule), name}});
  }
  EXPECT_TRUE(close_to(got, expected, {.rtol = 1e-15}))
      << "four weights after the steps 1, 2 and 3, one row per step; they start at 1, -2, 0.5, 3, the "
         "learning "
         "rate is 0.1, and the gradients are\n  0.5, 4, -0.001, 0   then   1, -1, 0.002, 0   then   -0.25, "
         "0, 0.003, 0"
      << mistake;
}

TEST(SgdUpdate, gives_the_numbers_done_by_hand) {
  expect_three_steps(
      Sgd<double>(), {{0.95, -2.4, 0.5001, 3}, {0.85, -2.3, 0.4999, 3}, {0.875, -2.3, 0.4996, 3}},
      {{[](double& w, double g, double&, double&, int) { w += 0.1 * g; },
        "when the gradient is added: it must be subtracted"},
       {[](double& w, double g, double&, double&, int) { w -= g; }, "without the learning rate"},
       {[](double& w, double g, double&, double&, int) { w = -0.1 * g; },
        "when w is overwritten: -= instead of ="}});
}

// v = 0.9 v + g:  0.5, 1.45, 1.055;  4, 2.6, 2.34;  -0.001, 0.0011, 0.00399
TEST(MomentumUpdate, gives_the_numbers_done_by_hand) {
  expect_three_steps(
      Momentum<double>(),
      {{0.95, -2.4, 0.5001, 3}, {0.805, -2.66, 0.49999, 3}, {0.6995, -2.894, 0.499591, 3}},
      {{[](double& w, double g, double&, double& v, int) { v = 0.9 * v + 0.1 * g, w -= 0.1 * v; },
        "with a mean instead of a sum: v = 0.9 v + 0.1 g"},
       {[](double& w, double g, double&, double&, int) { w -= 0.1 * g; },
        "when v is g alone, without the old velocity"},
       {[](double& w, double g, double&, double& v, int) { w -= 0.1 * v, v = 0.9 * v + g; },
        "with the old v: update v first"},
       {[](double& w, double g, double&, double& v, int) { v = 0.9 * v + g, w += 0.1 * v; },
        "when the gradient is added: it must be subtracted"},
       {[](double& w, double g, double&, double& v, int) { v += g, w -= 0.1 * v; },
        "without the factor mu: v = 0.9 v + g"},
       {[](double& w, double g, double&, double& v, int) { v = 0.9 * v + g, w -= v; },
        "without the learning rate"}});
}

TEST(MomentumUpdate, takes_another_mu) {
  Momentum<double> half(0.5);
  EXPECT_TRUE(close_to(three_steps<double>(half, 0.1)[1], M{{0.825, -2.5, 0.49995, 3}}, kExact<double>))
      << "after the second step with mu = 0.5; is 0.9 written where mu_ belongs?";
}

// Adam's rule, and those that people write instead.
std::vector<std::pair<Rule, const char*>> adam_mistakes(double beta1, double beta2, double epsilon) {
  // The step once m and v are there: what is left of them of the shares 1 - beta^t, and how they make a step.
  const auto rule = [=](auto correct, auto step) -> Rule {
    return [=](double& w, double g, double& m, double& v, int t) {
      m = beta1 * m + (1 - beta1) * g, v = beta2 * v + (1 - beta2) * g * g;
      const auto [big_m, big_v] = correct(m, v, t);
      w -= 0.1 * step(big_m, big_v);
    };
  };
  const auto shares = [=](double m, double v, double t) {
    return std::pair(m / (1 - std::pow(beta1, t)), v / (1 - std::pow(beta2, t)));
  };
  const auto step = [=](double m, double v) { return m / (std::sqrt(v) + epsilon); };
  return {{rule([](double m, double v, int) { return std::pair(m, v); }, step),
           "without the bias correction: M and V"},
          {rule([=](double m, double v, int t) { return std::pair(shares(m, v, t).first, v); }, step),
           "when only m gets the bias correction, and v does not"},
          {rule([=](double m, double v, int t) { return std::pair(m, shares(m, v, t).second); }, step),
           "when only v gets the bias correction, and m does not"},
          {rule([=](double m, double v, int t) { return shares(m, v, t + 1); }, step),
           "when the correction is that of the next step, 1 - beta^(t + 1): the first step has t = 1"},
          {rule([=](double m, double v, int t) { return shares(m, v, t - 1); }, step),
           "when the correction is that of the previous step, 1 - beta^(t - 1): the first step has t = 1"},
          {rule([=](double m, double v, int) { return shares(m, v, 1); }, step),
           "when the correction is always that of the first step, 1 - beta"},
          {rule(shares, [=](double m, double v) { return m / (v + epsilon); }), "without the root of V"},
          {rule(shares, [=](double m, double v) { return m / std::sqrt(v + epsilon); }),
           "with epsilon inside the root"},
          {rule(shares, [=](double m, double v) { return m / std::sqrt(v) + epsilon; }),
           "without the brackets around sqrt(V) + epsilon"},
          {rule(shares, [=](double m, double v) { return -step(m, v); }),
           "when the gradient is added: it must be subtracted"},
          {[=](double& w, double g, double& m, double& v, int t) {
             m = beta1 * m + (1 - beta1) * g, v = beta2 * v + (1 - beta2) * g;
             w -= 0.1 * step(shares(m, v, t).first, shares(m, v, t).second);
           },
           "when g is not squared in v: the root of a negative number is NaN"},
          {[=](double& w, double g, double& m, double& v, int t) {
             m = beta1 * m + g, v = beta2 * v + g * g;
             w -= 0.1 * step(shares(m, v, t).first, shares(m, v, t).second);
           },
           "without the factors 1 - beta1 and 1 - beta2 of g"},
          {[=](double& w, double g, double& m, double& v, int t) {
             m = beta2 * m + (1 - beta2) * g, v = beta1 * v + (1 - beta1) * g * g;
             w -= 0.1 * step(shares(m, v, t).first, shares(m, v, t).second);
           },
           "when beta1 and beta2 are exchanged: beta1 belongs to m"}};
}

// The paper's formula with 40 digits (tests/data/reference_numbers.py).
TEST(AdamUpdate, gives_the_stored_numbers) {
  expect_three_steps(Adam<double>(),
                     {{0.90000000199999996, -2.09999999975, 0.5999990000099999, 3},
                      {0.80348180063850872, -2.1469468167097273, 0.56338887881441116, 3},
                      {0.74462112825555603, -2.1832368422580902, 0.49525327819228757, 3}},
                     adam_mistakes(0.9, 0.999, 1e-8));
  expect_three_steps(Adam<double>({.beta1 = 0.5, .beta2 = 0.75, .epsilon = 0.25}),
                     {{0.93333333333333333, -2.0941176470588235, 0.50039840637450199, 3},
                      {0.85572403290173144, -2.1165225395399082, 0.50000102513110963, 3},
                      {0.83170093221363305, -2.1289268720147382, 0.49915179963017955, 3}},
                     adam_mistakes(0.5, 0.75, 0.25));
}

TEST(AdamUpdate, starts_with_steps_of_the_learning_rate_whatever_the_gradient) {
  M w{{0, 0, 0}}, g{{1e-3, -1, 1e6}};
  Adam<double>().step({{"w", &w, &g}}, 0.01);
  EXPECT_TRUE(close_to(w, M{{-0.01, 0.01, -0.01}}, {.rtol = 1e-4}))
      << "the first step from 0 with the learning rate 0.01 and the gradients 0.001, -1, 1000000: M / "
         "sqrt(V) is g / |g|";
}

TEST(Optimizers, in_float_agree_with_double) {
  for (const char* name : {"sgd", "momentum", "adam"}) {
    const auto in_float = make_optimizer<float>(name);
    const auto in_double = make_optimizer<double>(name);
    const auto got = three_steps<float>(*in_float, 0.1f);
    EXPECT_TRUE(close_to(got[2], three_steps<double>(*in_double, 0.1)[2], {.rtol = 1e-5})) << name;
  }
  EXPECT_TRUE(
      throws_saying<std::invalid_argument>([] { make_optimizer<float>("best"); }, {"'best'", "adam"}));
}

// Tensors of these shapes, with gradients.
struct Tensors {
  std::vector<M> values, grads;
  explicit Tensors(const std::vector<std::pair<std::size_t, std::size_t>>& shapes) {
    for (const auto& [rows, cols] : shapes)
      values.emplace_back(rows, cols, 1), grads.emplace_back(rows, cols, 1);
  }
  std::vector<Parameter<double>> parameters() {
    std::vector<Parameter<double>> all;
    for (std::size_t t = 0; t < values.size(); ++t)
      all.push_back({std::to_string(t) + ".weight", &values[t], &grads[t]});
    return all;
  }
};

TEST(Optimizers, with_state_refuse_other_tensors_than_at_first) {
  for (const char* name : {"momentum", "adam"}) {
    for (const bool first_step : {true, false}) {
      Tensors own({{2, 3}, {1, 3}}), larger({{2, 3}, {1, 4}}), smaller({{2, 2}, {1, 3}}),
          turned({{3, 2}, {1, 3}}), more({{2, 3}, {1, 3}, {1, 1}}), fewer({{2, 3}}), none({});
      const auto optimizer = make_optimizer<double>(name);
      if (first_step)
        optimizer->step(own.parameters(), 0.1);
      else
        optimizer->state(own.parameters());
      const std::size_t steps = optimizer->steps();
      const auto refuses = [&](Tensors& tensors, std::initializer_list<std::string_view> words) {
        const std::vector<M> before = tensors.values;
        EXPECT_TRUE(throws_saying<ShapeError>([&] { optimizer->step(tensors.parameters(), 0.1); }, words))
            << name;
        EXPECT_TRUE(throws_saying<ShapeError>([&] { optimizer->state(tensors.parameters()); }, words))
            << name;
        EXPECT_EQ(tensors.values, before) << name;
        EXPECT_EQ(optimizer->steps(), steps) << name;
      };
      refuses(larger, {"optimizer", "1.weight", "1 x 3", "1 x 4"});
      refuses(smaller, {"optimizer", "0.weight", "2 x 3", "2 x 2"});
      refuses(turned, {"optimizer", "0.weight", "2 x 3", "3 x 2"});
      refuses(more, {"optimizer", "2 tensors", "3"});
      refuses(fewer, {"optimizer", "2 tensors", "1"});
      refuses(none, {"optimizer", "2 tensors", "0"});
      EXPECT_NO_THROW(optimizer->step(own.parameters(), 0.1)) << name;
    }
  }
}

TEST(Optimizers, refuse_gradients_of_other_shapes_than_their_tensors) {
  for (const char* name : {"sgd", "momentum", "adam"}) {
    for (const bool from_the_start : {true, false}) {
      Tensors tensors({{2, 3}, {1, 3}});
      const auto optimizer = make_optimizer<double>(name);
      if (!from_the_start) optimizer->step(tensors.parameters(), 0.1);
      tensors.grads[1] = M(1, 2);
      EXPECT_TRUE(throws_saying<ShapeError>([&] { optimizer->step(tensors.parameters(), 0.1); },
                                            {"optimizer", "1.weight", "1 x 3", "gradient", "1 x 2"}))
          << name;
    }
  }
}

TEST(Optimizers, update_a_range_as_they_update_the_whole) {
  for (const char* name : {"sgd", "momentum", "adam"}) {
    Tensors whole({{3, 5}, {1, 5}}), parts({{3, 5}, {1, 5}});
    const auto one = make_optimizer<double>(name), other = make_optimizer<double>(name);
    for (int step = 0; step < 3; ++step) {
      for (std::size_t i = 0; i < 15; ++i) {
        const double g = static_cast<double>(i) - 6 + step;
        whole.grads[0].values()[i] = parts.grads[0].values()[i] = g;
      }
      one->step(whole.parameters(), 0.1);
      other->begin_step(parts.parameters());
      const auto last = other->slice(parts.parameters(), 1), first = other->slice(parts.parameters(), 0);
      other->update(last, 0.1);
      other->update(first.range(7, 8), 0.1);
      other->update(first.range(0, 7), 0.1);
      EXPECT_EQ(parts.values, whole.values) << name << ", step " << step;
      EXPECT_EQ(other->steps(), one->steps());
    }
  }
}

TEST(Optimizers, continue_as_before_when_their_state_is_restored) {
  const std::vector<std::pair<const char*, const char*>> memories{
      {"sgd", ""}, {"momentum", "momentum.0.weight "}, {"adam", "mean.0.weight square.0.weight "}};
  for (const auto& [name, memory] : memories) {
    const auto whole = make_optimizer<double>(name), first = make_optimizer<double>(name);
    const auto second = make_optimizer<double>(name);
    M w{{1, -2}}, v = w, g{{0.5, 4}};
    const std::vector<Parameter<double>> own{{"0.weight", &w, &g}}, other{{"0.weight", &v, &g}};
    for (int i = 0; i < 4; ++i) whole->step(own, 0.1);
    for (int i = 0; i < 2; ++i) first->step(other, 0.1);
    const auto from = first->state(other), to = second->state(other);
    std::string names;
    for (std::size_t i = 0; i < from.size(); ++i) *to[i].value = *from[i].value, names += from[i].name + " ";
    EXPECT_EQ(names, memory);
    second->set_steps(first->steps());
    for (int i = 0; i < 2; ++i) second->step(other, 0.1);
    EXPECT_EQ(v, w) << name;
  }
}

TEST(ScheduleAt, rises_to_the_peak_and_falls_to_nearly_0) {
  const Schedule schedule{.peak = 0.5, .steps = 20, .warm_up = 4};
  EXPECT_EQ(schedule.at(0), 0.125) << mistake_in(
      schedule.at(0), {{0, "when the first step counts as 0 of 4: its rate would be 0"},
                       {0.5, "without the warm-up"},
                       {0.25, "with a peak of 1"}});
  EXPECT_EQ(schedule.at(3), 0.5) << "the peak at the end of the warm-up";
  EXPECT_EQ(schedule.at(19), 0.03125)
      << "the last step has a rate above 0"
      << mistake_in(schedule.at(19),
                    {{0, "when it is at 0 one step too early"},
                     {0.025, "when the decay is spread over all steps, including the warm-up"},
                     {0.5, "when it never falls"}});
  EXPECT_EQ(schedule.at(20), 0) << "after the last";
}

TEST(ScheduleAt, needs_no_warm_up_and_may_be_all_warm_up) {
  const Schedule down{.peak = 1, .steps = 4}, up{.peak = 1, .steps = 4, .warm_up = 4};
  for (std::size_t step = 0; step < 4; ++step) {
    EXPECT_EQ(down.at(step), 1 - 0.25 * static_cast<double>(step)) << "step " << step;
    EXPECT_EQ(up.at(step), 0.25 * static_cast<double>(step + 1)) << "step " << step;
  }
  EXPECT_EQ(up.at(4), 0) << "after the last";
}

// A step, as the page has it or with a mistake in it.
struct StepMistake {
  const char* name = "";
  bool backward = true, late_gradients = false, late_rate = false, same_rate = false, transform = true;
};
Step step_with(const StepMistake& mistake, TrainingState& state, const LabeledImages& images) {
  return
      [&, mistake, rate_before = -1.0f](std::span<const std::size_t> batch, std::size_t, float rate) mutable {
        Matrix<float> x;
        Labels labels;
        gather(images, batch, mistake.transform ? state.recipe.input : InputTransform{}, x, labels);
        const auto [loss, grad] = cross_entropy_with_gradient(state.network.forward(x), labels);
        const float other = mistake.same_rate ? static_cast<float>(state.recipe.learning_rate)
                                              : (rate_before < 0 ? rate : rate_before);
        rate_before = rate;
        const auto update = [&] {
          state.optimizer->step(state.network.parameters(),
                                mistake.late_rate || mistake.same_rate ? other : rate);
        };
        if (mistake.late_gradients) update();
        if (mistake.backward) state.network.backward(grad);
        if (!mistake.late_gradients) update();
        return loss;
      };
}

Recipe small_recipe() {
  return {.hidden = {16}, .epochs = 3, .batch_size = 50, .learning_rate = 0.01, .input = kStandardized};
}

std::vector<float> all_weights(Network<float>& network) {
  std::vector<float> all;
  for (const auto& p : network.parameters())
    all.insert(all.end(), p.value->values().begin(), p.value->values().end());
  return all;
}

TEST(PlainStep, uses_the_gradients_and_the_learning_rate_of_its_own_step) {
  Recipe recipe = small_recipe();
  recipe.epochs = 2, recipe.warm_up = 0.5;
  const LabeledImages images = first_images(sample().train, 190);  // the last batch is smaller
  const auto weights_with = [&](const StepMistake& mistake) {
    TrainingState state = start_training(recipe, 784);
    train(state, images, step_with(mistake, state, images));
    return all_weights(state.network);
  };
  TrainingState state = start_training(recipe, 784);
  train(state, images);
  const auto got = all_weights(state.network);
  if (got == weights_with({})) return;
  std::string mistake;
  for (const StepMistake& known :
       {StepMistake{.name = "without backward", .backward = false},
        StepMistake{.name = "with the gradients of the previous step", .late_gradients = true},
        StepMistake{.name = "with the learning rate of the previous step", .late_rate = true},
        StepMistake{.name = "with the peak's learning rate at every step", .same_rate = true},
        StepMistake{.name = "without the transform input_", .transform = false}}) {
    if (got == weights_with(known)) mistake = detail::named(known.name);
  }
  FAIL() << "after 8 steps the weights are not those of gather, forward, loss, backward, update" << mistake;
}

TEST(PlainStep, returns_the_loss_before_the_update) {
  const LabeledImages images = first_images(sample().train, 30);
  TrainingState state = start_training(small_recipe(), 784);
  Matrix<float> x;
  Labels labels;
  const std::array<std::size_t, 3> batch{7, 29, 7};
  gather(images, batch, kStandardized, x, labels);
  const float before = cross_entropy(state.network.forward(x), labels);
  EXPECT_EQ(PlainStep(state, images)(batch, 1, 0.01f), before);
  EXPECT_LT(cross_entropy(state.network.forward(x), labels), before) << "the update reduces the loss";
}

TEST(PlainStep, changes_nothing_if_the_loss_is_not_finite) {
  const LabeledImages images = first_images(sample().train, 30);
  TrainingState state = start_training(small_recipe(), 784);
  (*state.network.parameters()[3].value)(0, 4) = HUGE_VALF;
  const auto before = all_weights(state.network);
  const float loss = PlainStep(state, images)(std::array<std::size_t, 2>{0, 1}, 1, 0.01f);
  EXPECT_FALSE(std::isfinite(loss));
  EXPECT_EQ(all_weights(state.network), before)
      << "return before the backward pass, so that no NaN reaches the weights";
  EXPECT_EQ(state.optimizer->steps(), 0u);
}

TEST(Train, ends_when_an_observer_says_so_and_all_observers_see_that_step) {
  TrainingState state = start_training(small_recipe(), 784);
  std::vector<std::size_t> seen;
  const TrainingObserver stops{.after_step = [](const StepReport& s) { return s.step < 3; }};
  const TrainingObserver sees{
      .after_step = [&](const StepReport& s) { return seen.push_back(s.step), true; }};
  EXPECT_FALSE(train(state, first_images(sample().train, 200), {stops, sees}));
  EXPECT_EQ(seen, (std::vector<std::size_t>{1, 2, 3}));
  EXPECT_EQ(state.batch, 3u);
  EXPECT_EQ(state.epoch, 0u);
}

TEST(Train, reports_every_step_and_every_epoch) {
  Recipe recipe = small_recipe();
  recipe.epochs = 2;
  TrainingState state = start_training(recipe, 784);
  std::vector<StepReport> steps;
  std::vector<double> epochs;
  train(state, first_images(sample().train, 120),
        {{.after_step = [&](const StepReport& s) { return steps.push_back(s), true; },
          .after_epoch = [&](double loss) { epochs.push_back(loss); }}});
  ASSERT_EQ(steps.size(), 6u);
  ASSERT_EQ(epochs.size(), 2u);
  for (std::size_t i = 0; i < 6; ++i) {
    EXPECT_EQ(steps[i].step, i + 1);
    EXPECT_EQ(steps[i].steps, 6u);
    EXPECT_EQ(steps[i].epoch, i / 3);
    EXPECT_EQ(steps[i].examples, i % 3 == 2 ? 20u : 50u) << "the last batch has the remaining examples";
  }
  EXPECT_EQ(steps[2].epoch_loss, epochs[0]);
  EXPECT_NEAR(epochs[1], static_cast<double>(steps[3].loss + steps[4].loss + steps[5].loss) / 3, 1e-6);
  EXPECT_EQ(state.epoch, 2u);
}

TEST(Train, stops_when_the_loss_is_no_longer_finite) {
  Recipe recipe = small_recipe();
  recipe.optimizer = "sgd", recipe.learning_rate = 1e30;
  TrainingState state = start_training(recipe, 784);
  EXPECT_TRUE(fails_saying([&] { train(state, first_images(sample().train, 500)); },
                           {"the loss is ", "step 2", "the output of layer 2", "it is 1e+30"}));
  for (const auto& p : state.network.parameters()) {  // the step that would have spoiled them was not taken
    for (const float value : p.value->values()) ASSERT_TRUE(std::isfinite(value)) << p.name;
  }
}

TEST(Train, names_the_first_parameter_that_is_not_finite) {
  TrainingState state = start_training(small_recipe(), 784);
  (*state.network.parameters()[2].value)(3, 4) = std::nanf("");
  EXPECT_TRUE(
      fails_saying([&] { train(state, first_images(sample().train, 100)); }, {"nan at step 1", "2.weight"}));
}

TEST(Train, stops_at_an_infinite_loss_too) {
  TrainingState state = start_training(small_recipe(), 784);
  const LabeledImages images = first_images(sample().train, 100);
  const auto with_loss = [&](float loss) {
    return [=](std::span<const std::size_t>, std::size_t step, float) { return step < 2 ? 1e30f : loss; };
  };
  EXPECT_TRUE(fails_saying([&] { train(state, images, with_loss(HUGE_VALF)); },
                           {"inf at step 2", "the loss itself"}));
  TrainingState other = start_training(small_recipe(), 784);
  EXPECT_TRUE(fails_saying([&] { train(other, images, with_loss(std::nanf(""))); }, {"nan at step 2"}));
}

TEST(Train, refuses_no_images_and_other_images_than_it_began_with) {
  TrainingState state = start_training(small_recipe(), 784);
  EXPECT_TRUE(fails_saying([&] { train(state, first_images(sample().train, 0)); }, {"no images"}));
  train(state, first_images(sample().train, 200), {{.after_step = [](const StepReport&) { return false; }}});
  EXPECT_TRUE(fails_saying([&] { train(state, first_images(sample().train, 300)); }, {"200", "300"}));
}

TEST(Train, gives_the_same_bits_for_any_number_of_threads) {
  const UseProduct<float> use(fastest_product<float>().product);
  std::vector<std::vector<float>> weights;
  for (const std::size_t threads : {1, 2, 3}) {
    set_thread_count(threads);
    Recipe recipe = small_recipe();
    recipe.hidden = {96}, recipe.epochs = 1, recipe.batch_size = 128;  // large enough to be distributed
    TrainingState state = start_training(recipe, 784);
    train(state, first_images(sample().train, 1000));
    weights.push_back(all_weights(state.network));
  }
  set_thread_count(1);
  EXPECT_EQ(weights[0], weights[1]);
  EXPECT_EQ(weights[0], weights[2]);
}

TEST(Train, depends_on_the_seed) {
  Recipe recipe = small_recipe();
  recipe.epochs = 1;
  const auto weights = [&] {
    TrainingState state = start_training(recipe, 784);
    train(state, first_images(sample().train, 200));
    return all_weights(state.network);
  };
  const auto one = weights();
  EXPECT_EQ(weights(), one);
  recipe.seed = 2;
  EXPECT_NE(weights(), one);
}

// Adam on the sample's first images, with these labels; returns the network.
Network<float> trained(const Labels& labels, std::size_t epochs) {
  LabeledImages images = first_images(sample().train, labels.size());
  images.labels = labels;
  TrainingState state =
      start_training({.hidden = {16}, .epochs = epochs, .batch_size = 20, .learning_rate = 0.01}, 784);
  train(state, images);
  return std::move(state.network);
}

TEST(Training, starts_as_a_guess_among_ten) {
  Network<float> network = initialized<float>({784, 128, 10}, kHe, 1);
  const SampleImages<float> digits(200);
  EXPECT_NEAR(cross_entropy(network.forward(digits.x), digits.labels), std::log(10.0), 0.6);
}

TEST(Training, overfits_20_digits) {
  const SampleImages<float> digits(20);
  Network<float> network = trained(digits.labels, 60);
  EXPECT_EQ(accuracy(argmax_rows(network.forward(digits.x).values), digits.labels), 1);
}

TEST(Training, does_not_generalize_from_shuffled_labels) {
  Labels labels = SampleImages<float>(600).labels;
  const Matrix<float> x = pixels_as_rows<float>(sample().test.pixels, 784);
  const auto test_accuracy = [&](const Labels& taught) {
    return accuracy(argmax_rows(trained(taught, 4).forward(x).values), sample().test.labels);
  };
  EXPECT_GT(test_accuracy(labels), 0.7);
  Random random(3);
  shuffle(std::span<std::uint8_t>(labels), random);
  EXPECT_NEAR(test_accuracy(labels), 0.1, 0.06);
}

}  // namespace
}  // namespace nn

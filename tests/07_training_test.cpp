#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <gtest/gtest.h>
#include <string>
#include <utility>
#include <vector>

#include "01_matrix/argmax.hpp"
#include "04_from_logits/cross_entropy.hpp"
#include "07_training/initialise.hpp"
#include "07_training/mini_batches.hpp"
#include "07_training/optimizer.hpp"
#include "07_training/schedule.hpp"
#include "matrices.hpp"
#include "mistakes.hpp"
#include "sample_images.hpp"
#include "throws_saying.hpp"

namespace nn {
namespace {

using M = Matrix<double>;
using Labels = std::vector<std::uint8_t>;
using enum Initialisation;

TEST(InitialBound, gives_the_numbers_done_by_hand) {
  const M got{{initial_bound(kHe, 24, 100), initial_bound(kXavier, 4, 20), initial_bound(kPyTorch, 16, 100)}};
  const double two = std::sqrt(2 / 24.), he = 0.5, xavier = 0.5, pytorch = 0.25;
  EXPECT_EQ(got, (M{{he, xavier, pytorch}}))
      << "He's bound sqrt(6 / fan_in) for fan_in 24 and fan_out 100, Xavier's sqrt(6 / (fan_in + fan_out)) "
         "for 4 and "
         "20, PyTorch's 1 / sqrt(fan_in) for 16 and 100"
      << mistake_in(
             got, {{{{std::sqrt(0.06), xavier, pytorch}}, "with fan_out in the place of fan_in, in He's"},
                   {{{two, two, pytorch}}, "with a 2: that is for a bell curve's spread"},
                   {{{two, xavier, pytorch}}, "with a 2: that is for a bell curve's spread"},
                   {{{0, 0, pytorch}}, "of a division of whole numbers, 6 / 24"},
                   {{{0, 0, 0}}, "of a division of whole numbers, 6 / 24"},
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
Network<T> initialised(const std::vector<std::size_t>& widths, Initialisation kind, std::uint64_t seed) {
  Network<T> network = make_network<T>(widths);
  for (const auto& p : network.parameters()) p.value->fill(T(99));
  Random random(seed);
  initialise(network, kind, random);
  return network;
}

TEST(Initialise, stays_within_the_bound_of_each_layer_and_fills_it) {
  for (const auto kind : {kHe, kXavier, kPyTorch}) {
    Network<double> network = initialised<double>({784, 128, 10}, kind, 1);
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
      EXPECT_NEAR(square / (bound * bound), 1.0 / 3, 0.03) << "spread evenly";
    }
  }
}

TEST(Initialise, leaves_biases_at_zero_but_for_pytorch) {
  for (const auto kind : {kHe, kXavier}) {
    Network<double> network = initialised<double>({4, 2, 3}, kind, 1);
    EXPECT_EQ(*network.parameters()[1].value, M(1, 2, 0));
    EXPECT_EQ(*network.parameters()[3].value, M(1, 3, 0));
  }
  Network<double> network = initialised<double>({4, 2, 3}, kPyTorch, 1);
  EXPECT_TRUE(close_to(*network.parameters()[1].value, M{{-0.21449131560303336, 0.29399660566230557}},
                       kExact<double>));
}

// By other means (tests/data/reference_numbers.py). If these change, so does every result of the course.
TEST(Initialise, gives_the_stored_numbers_for_seed_1) {
  const M expected{{0.2305760600604112, 0.8514129823051184, 1.6316013994343503},
                   {-0.19274532606462924, -0.1930727398875991, 0.9106928876321891}};
  Network<double> network = initialised<double>({2, 3, 3}, kHe, 1);
  EXPECT_EQ(*network.parameters()[0].value, expected) << "the first weights of 2-3-3 for seed 1, He's";
  EXPECT_EQ((*network.parameters()[2].value)(0, 0), 1.0673032611311408);
  Network<float> in_float = initialised<float>({2, 3, 3}, kHe, 1);
  EXPECT_EQ(*in_float.parameters()[0].value, as<float>(expected)) << "a float is the double, rounded";
}

TEST(Initialise, depends_on_the_seed_and_on_nothing_else) {
  const auto weights = [](std::uint64_t seed) {
    return *initialised<float>({30, 20, 10}, kHe, seed).parameters()[2].value;
  };
  EXPECT_EQ(weights(1), weights(1));
  EXPECT_NE(weights(1), weights(2));
}

TEST(MiniBatchesShuffle, takes_every_example_once_an_epoch) {
  MiniBatches batches(10, 3);
  EXPECT_EQ(batches.per_epoch(), 4u);
  Random random(5);
  for (int epoch = 0; epoch < 3; ++epoch) {
    batches.shuffle(random);
    std::vector<std::size_t> seen;
    for (std::size_t i = 0; i < 4; ++i) {
      EXPECT_EQ(batches.batch(i).size(), i < 3 ? 3u : 1u) << "the last batch holds what is left";
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
  EXPECT_EQ(order_of(batches, random), second) << "another order in the next epoch, and it must not depend "
                                                  "on the order before, or no run could resume";
  MiniBatches fresh(10, 10);
  Random resumed(state);
  EXPECT_EQ(order_of(fresh, resumed), second) << "it depends on the state of random and on nothing else";
}

TEST(MiniBatchesShuffle, takes_batches_of_any_size) {
  EXPECT_EQ(MiniBatches(9, 3).per_epoch(), 3u);
  EXPECT_EQ(MiniBatches(3, 100).per_epoch(), 1u);
  EXPECT_EQ(MiniBatches(3, 100).batch(0).size(), 3u);
  EXPECT_EQ(MiniBatches(9, 3).batch(1)[2], 5u) << "their own order until they are shuffled";
  EXPECT_EQ(MiniBatches(0, 4).per_epoch(), 0u);
  EXPECT_THROW(MiniBatches(10, 0), std::invalid_argument);
}

TEST(Gather, keeps_image_and_label_together_and_makes_white_1) {
  const std::array<std::uint8_t, 6> pixels{0, 51, 102, 153, 204, 255};
  const Labels labels{7, 8, 9};
  M x(5, 5, kNan);
  const double* memory = x.data();
  Labels chosen_labels(9, 1);
  const std::array<std::size_t, 4> chosen{2, 0, 2, 1};
  gather<double>(pixels, 2, labels, chosen, x, chosen_labels);
  EXPECT_TRUE(close_to(x, M{{0.8, 1}, {0, 0.2}, {0.8, 1}, {0.4, 0.6}}, kExact<double>));
  EXPECT_EQ(chosen_labels, (Labels{9, 7, 9, 8}));
  EXPECT_EQ(x.data(), memory) << "it writes into the memory that it is given";
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
    EXPECT_EQ(grad_w, as<T>({{g[0], g[1]}})) << "a step changes no gradient";
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
      << "where four numbers are after the steps 1, 2 and 3, a row a step; they begin at 1, -2, 0.5, 3, the "
         "learning "
         "rate is 0.1, and the gradients are\n  0.5, 4, -0.001, 0   then   1, -1, 0.002, 0   then   -0.25, "
         "0, 0.003, 0"
      << mistake;
}

TEST(SgdStep, gives_the_numbers_done_by_hand) {
  expect_three_steps(
      Sgd<double>(), {{0.95, -2.4, 0.5001, 3}, {0.85, -2.3, 0.4999, 3}, {0.875, -2.3, 0.4996, 3}},
      {{[](double& w, double g, double&, double&, int) { w += 0.1 * g; },
        "when it goes with the slope, uphill"},
       {[](double& w, double g, double&, double&, int) { w -= g; }, "without the learning rate"},
       {[](double& w, double g, double&, double&, int) { w = -0.1 * g; },
        "when w is set and not changed: -= and not ="}});
}

// v = 0.9 v + g:  0.5, 1.45, 1.055;  4, 2.6, 2.34;  -0.001, 0.0011, 0.00399
TEST(MomentumStep, gives_the_numbers_done_by_hand) {
  expect_three_steps(
      Momentum<double>(),
      {{0.95, -2.4, 0.5001, 3}, {0.805, -2.66, 0.49999, 3}, {0.6995, -2.894, 0.499591, 3}},
      {{[](double& w, double g, double&, double& v, int) { v = 0.9 * v + 0.1 * g, w -= 0.1 * v; },
        "with a mean in the place of the swing: v = 0.9 v + 0.1 g"},
       {[](double& w, double g, double&, double&, int) { w -= 0.1 * g; },
        "when nothing is remembered: v is g"},
       {[](double& w, double g, double&, double& v, int) { w -= 0.1 * v, v = 0.9 * v + g; },
        "with the old v: change v first"},
       {[](double& w, double g, double&, double& v, int) { v = 0.9 * v + g, w += 0.1 * v; },
        "when it goes with the slope, uphill"},
       {[](double& w, double g, double&, double& v, int) { v += g, w -= 0.1 * v; },
        "when nothing is forgotten: v = 0.9 v + g"},
       {[](double& w, double g, double&, double& v, int) { v = 0.9 * v + g, w -= v; },
        "without the learning rate"}});
}

TEST(MomentumStep, takes_another_mu) {
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
  return {
      {rule([](double m, double v, int) { return std::pair(m, v); }, step),
       "without making up for the start at 0: M and V"},
      {rule([=](double m, double v, int t) { return std::pair(shares(m, v, t).first, v); }, step),
       "when only m makes up for the start at 0, and v does not"},
      {rule([=](double m, double v, int t) { return std::pair(m, shares(m, v, t).second); }, step),
       "when only v makes up for the start at 0, and m does not"},
      {rule([=](double m, double v, int t) { return shares(m, v, t + 1); }, step),
       "when the correction is that of the next step, 1 - beta^(t + 1): the first step has t = 1"},
      {rule([=](double m, double v, int t) { return shares(m, v, t - 1); }, step),
       "when the correction is that of the step before, 1 - beta^(t - 1): the first step has t = 1"},
      {rule([=](double m, double v, int) { return shares(m, v, 1); }, step),
       "when the correction is always that of the first step, 1 - beta"},
      {rule(shares, [=](double m, double v) { return m / (v + epsilon); }), "without the root of V"},
      {rule(shares, [=](double m, double v) { return m / std::sqrt(v + epsilon); }),
       "with epsilon inside the root"},
      {rule(shares, [=](double m, double v) { return m / std::sqrt(v) + epsilon; }),
       "without the brackets around sqrt(V) + epsilon"},
      {rule(shares, [=](double m, double v) { return -step(m, v); }), "when it goes with the slope, uphill"},
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
TEST(AdamStep, gives_the_stored_numbers) {
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

TEST(AdamStep, starts_with_steps_of_the_learning_rate_whatever_the_slope) {
  M w{{0, 0, 0}}, g{{1e-3, -1, 1e6}};
  Adam<double>().step({{"w", &w, &g}}, 0.01);
  EXPECT_TRUE(close_to(w, M{{-0.01, 0.01, -0.01}}, {.rtol = 1e-4}))
      << "the first step from 0 with the learning rate 0.01 and the gradients 0.001, -1, 1000000: M / "
         "sqrt(V) is g / |g|";
}

TEST(Optimizers, in_float_go_the_same_way) {
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

TEST(Optimizers, that_remember_take_no_other_tensors_than_at_first) {
  for (const char* name : {"momentum", "adam"}) {
    for (const bool first_step : {true, false}) {
      Tensors own({{2, 3}, {1, 3}}), larger({{2, 3}, {1, 4}}), smaller({{2, 2}, {1, 3}}),
          turned({{3, 2}, {1, 3}}), more({{2, 3}, {1, 3}, {1, 1}}), fewer({{2, 3}}), none({});
      const auto optimizer = make_optimizer<double>(name);
      if (first_step)
        optimizer->step(own.parameters(), 0.1);
      else
        optimizer->memory(own.parameters());
      const std::size_t steps = optimizer->steps();
      const auto refuses = [&](Tensors& tensors, std::initializer_list<std::string_view> words) {
        const std::vector<M> before = tensors.values;
        EXPECT_TRUE(throws_saying<ShapeError>([&] { optimizer->step(tensors.parameters(), 0.1); }, words))
            << name;
        EXPECT_TRUE(throws_saying<ShapeError>([&] { optimizer->memory(tensors.parameters()); }, words))
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

TEST(Optimizers, that_remember_want_gradients_of_the_shapes_of_the_tensors) {
  for (const char* name : {"momentum", "adam"}) {
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

TEST(Optimizers, go_on_as_before_when_their_memory_is_restored) {
  const std::vector<std::pair<const char*, const char*>> memories{
      {"sgd", ""}, {"momentum", "momentum.0.weight "}, {"adam", "mean.0.weight square.0.weight "}};
  for (const auto& [name, memory] : memories) {
    const auto whole = make_optimizer<double>(name), first = make_optimizer<double>(name);
    const auto second = make_optimizer<double>(name);
    M w{{1, -2}}, v = w, g{{0.5, 4}};
    const std::vector<Parameter<double>> own{{"0.weight", &w, &g}}, other{{"0.weight", &v, &g}};
    for (int i = 0; i < 4; ++i) whole->step(own, 0.1);
    for (int i = 0; i < 2; ++i) first->step(other, 0.1);
    const auto from = first->memory(other), to = second->memory(other);
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
      schedule.at(0), {{0, "when the first step counts as 0 of 4: it would not move at all"},
                       {0.5, "without the warm-up"},
                       {0.25, "of a peak of 1"}});
  EXPECT_EQ(schedule.at(3), 0.5) << "the peak at the end of the warm-up";
  EXPECT_EQ(schedule.at(19), 0.03125)
      << "the last step still learns"
      << mistake_in(schedule.at(19), {{0, "when it is at 0 one step too early"},
                                      {0.025, "when the way down is shared out over all steps"},
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

// Adam on batches of the sample's first images, with these labels; returns the network.
Network<float> trained(std::size_t images, const Labels& labels, std::size_t epochs) {
  Network<float> network = initialised<float>({784, 16, 10}, kHe, 1);
  Random random(2);
  MiniBatches batches(images, 20);
  Adam<float> optimizer;
  Matrix<float> x;
  Labels chosen;
  for (std::size_t step = 0; step < epochs * batches.per_epoch(); ++step) {
    if (step % batches.per_epoch() == 0) batches.shuffle(random);
    gather<float>(sample().train.images.pixels, 784, labels, batches.batch(step % batches.per_epoch()), x,
                  chosen);
    network.backward(cross_entropy_with_gradient(network.forward(x), chosen).grad_logits);
    optimizer.step(network.parameters(), 0.01f);
  }
  return network;
}

TEST(Training, starts_as_a_guess_among_ten) {
  Network<float> network = initialised<float>({784, 128, 10}, kHe, 1);
  const SampleImages<float> digits(200);
  EXPECT_NEAR(cross_entropy(network.forward(digits.x), digits.labels), std::log(10.0), 0.6);
}

TEST(Training, learns_20_digits_by_heart) {
  const SampleImages<float> digits(20);
  Network<float> network = trained(20, digits.labels, 60);
  EXPECT_EQ(accuracy(argmax_rows(network.forward(digits.x).values), digits.labels), 1);
}

TEST(Training, learns_nothing_true_from_shuffled_labels) {
  Labels labels = SampleImages<float>(600).labels;
  const Matrix<float> x = pixels_as_rows<float>(sample().test.images.pixels, 784);
  const auto test_accuracy = [&](const Labels& taught) {
    return accuracy(argmax_rows(trained(600, taught, 4).forward(x).values), sample().test.labels);
  };
  EXPECT_GT(test_accuracy(labels), 0.7);
  Random random(3);
  shuffle(std::span<std::uint8_t>(labels), random);
  EXPECT_NEAR(test_accuracy(labels), 0.1, 0.06);
}

}  // namespace
}  // namespace nn

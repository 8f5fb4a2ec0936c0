// Chapter 09: the fast step gives the bits of the plain one.
#include <array>
#include <cmath>
#include <gtest/gtest.h>

#include "07_training/plain_step.hpp"
#include "09_fast_training/bias_relu.hpp"
#include "09_fast_training/fast_step.hpp"
#include "09_fast_training/normalize_pixels.hpp"
#include "common/parallel/thread_pool.hpp"
#include "expectations/fails_saying.hpp"
#include "expectations/mistakes.hpp"
#include "inputs/sample_images.hpp"

namespace nn {
namespace {

Recipe small_recipe() { return {.hidden = {16}, .epochs = 3, .batch_size = 50, .learning_rate = 0.01}; }
LabeledImages first_images(std::size_t count) { return first_images(sample().train, count); }

std::vector<float> all_weights(Network<float>& network) {
  std::vector<float> all;
  for (const auto& p : network.parameters())
    all.insert(all.end(), p.value->values().begin(), p.value->values().end());
  return all;
}

TEST(AddBiasAndRelu, gives_the_numbers_done_by_hand) {
  const std::vector<float> y{-3, -1, 0, 2, 1}, b{1, 4, 0, -0.5f, -1};
  std::vector<float> got = y;
  add_bias_and_relu(got, b);
  const Matrix<float> yours{{got[0], got[1], got[2], got[3], got[4]}};
  EXPECT_TRUE(close_to(yours, Matrix<float>{{0, 3, 0, 1.5f, 0}}, kExact<float>))
      << "y is -3, -1, 0, 2, 1 and b is 1, 4, 0, -0.5, -1"
      << mistake_in(yours, {{{{-2, 3, 0, 1.5, 0}}, "without ReLU"},
                            {{{1, 4, 0, 1.5, 0}}, "when ReLU comes before the bias"},
                            {{{0, 0, 0, 2, 1}}, "without the bias"}});
}

TEST(AddBiasAndRelu, keeps_NaN) {
  std::vector<float> y{std::nanf(""), 1}, b{1, std::nanf("")};
  add_bias_and_relu(y, b);
  EXPECT_TRUE(is_nan(y[0])) << "NaN + 1: NaN has to stay NaN, or nobody notices that a network diverged";
  EXPECT_TRUE(is_nan(y[1])) << "1 + NaN: NaN has to stay NaN, or nobody notices that a network diverged";
}

// The same run with the plain and with the fast step: every loss and, at the end, every weight to the last bit.
class FastStep : public testing::TestWithParam<const char*> {};

TEST_P(FastStep, gives_the_bits_of_the_plain_step) {
  const std::size_t before = thread_count();
  for (const std::vector<std::size_t>& hidden : {std::vector<std::size_t>{40}, {33, 20}, {}}) {
    Recipe recipe = small_recipe();
    recipe.optimizer = GetParam(), recipe.hidden = hidden, recipe.epochs = 2, recipe.batch_size = 37;
    if (hidden.size() == 2) recipe.input = kStandardized;
    const LabeledImages images = first_images(200);
    std::vector<std::vector<float>> losses, weights;
    for (const std::size_t threads : {0, 1, 2, 3}) {  // 0: the plain step
      set_thread_count(threads);
      TrainingState state = start_training(recipe, 784);
      losses.emplace_back();
      const auto remember = [&](const StepReport& step) { return losses.back().push_back(step.loss), true; };
      const Step step = threads == 0 ? PlainStep(state, images) : fast_step(state, images);
      train(state, images, step, {{.after_step = remember}});
      weights.push_back(all_weights(state.network));
      EXPECT_EQ(losses.back(), losses.front()) << threads << " threads";
      EXPECT_EQ(weights.back(), weights.front()) << threads << " threads";
    }
  }
  set_thread_count(before);
}
INSTANTIATE_TEST_SUITE_P(Optimizers, FastStep, testing::Values("sgd", "momentum", "adam"),
                         [](const auto& optimizer) { return std::string(optimizer.param); });

// Remembers what went before, one number at a time: any optimizer whose update does that is honored.
class OwnOptimizer final : public Optimizer<float> {
 public:
  std::span<const char* const> state_names() const override {
    static constexpr std::array kNames{"last"};
    return kNames;
  }
  void update(const ParameterSlice<float>& p, float learning_rate) const override {
    for (std::size_t i = 0; i < p.size(); ++i) {
      p.w[i] -= learning_rate * (2 * p.g[i] - p.state[0][i]);
      p.state[0][i] = p.g[i];
    }
  }
};

TEST(FastStepOf, honors_an_optimizer_that_it_has_never_seen) {
  const LabeledImages images = first_images(200);
  const auto weights = [&](bool fast) {
    TrainingState state = start_training(small_recipe(), 784);
    state.optimizer = std::make_unique<OwnOptimizer>();
    train(state, images, fast ? fast_step(state, images) : PlainStep(state, images));
    return all_weights(state.network);
  };
  EXPECT_EQ(weights(true), weights(false));
  TrainingState state = start_training(small_recipe(), 784);
  state.optimizer = nullptr;
  EXPECT_TRUE(fails_saying([&] { fast_step(state, images); }, {"fast_step", "no optimizer"}));
}

TEST(FastStepOf, changes_nothing_if_the_loss_is_not_finite) {
  const LabeledImages images = first_images(30);
  TrainingState state = start_training(small_recipe(), 784);
  (*state.network.parameters()[3].value)(0, 4) = HUGE_VALF;
  const auto before = all_weights(state.network);
  EXPECT_FALSE(std::isfinite(fast_step(state, images)(std::array<std::size_t, 2>{0, 1}, 1, 0.01f)));
  EXPECT_EQ(all_weights(state.network), before);
  EXPECT_EQ(state.optimizer->steps(), 0u);
}

TEST(FastStepOf, takes_only_networks_of_dense_layers_with_a_relu_between) {
  const LabeledImages images = first_images(20);
  TrainingState state = start_training(small_recipe(), 784);
  const auto refuses = [&](Network<float> network, std::initializer_list<std::string_view> words) {
    state.network = std::move(network);
    EXPECT_TRUE(fails_saying([&] { fast_step(state, images); }, words));
  };
  Network<float> with_tanh, with_relu_at_the_end, two_dense;
  with_tanh.add<Dense<float>>(784, 16), with_tanh.add<Tanh<float>>(),
      with_tanh.add<Dense<float>>(16, kClasses);
  refuses(std::move(with_tanh), {"fast_step", "layer 1 of 3", "no ReLU", "Dense, ReLU, Dense"});
  two_dense.add<Dense<float>>(784, 16), two_dense.add<Dense<float>>(16, kClasses);
  refuses(std::move(two_dense), {"fast_step", "layer 1 of 2", "no ReLU"});
  with_relu_at_the_end.add<Dense<float>>(784, kClasses), with_relu_at_the_end.add<Relu<float>>();
  refuses(std::move(with_relu_at_the_end), {"fast_step", "2 layers", "Dense"});
  Network<float> relu_first;
  relu_first.add<Relu<float>>();
  refuses(std::move(relu_first), {"fast_step", "layer 0 of 1", "no Dense"});
  refuses(Network<float>(), {"fast_step", "0 layers"});
}

TEST(NormalizePixels, gives_the_bits_of_one_pixel_after_the_other) {
  std::vector<std::uint8_t> pixels(256 + 7);
  for (std::size_t i = 0; i < pixels.size(); ++i) pixels[i] = static_cast<std::uint8_t>(i);
  std::vector<float> plain(pixels.size()), centered(pixels.size());
  normalize_pixels(pixels.data(), pixels.size(), {}, plain.data());
  normalize_pixels(pixels.data(), pixels.size(), kStandardized, centered.data());
  for (std::size_t i = 0; i < pixels.size(); ++i) {
    const float expected = static_cast<float>(pixels[i]) / 255.0f;
    EXPECT_EQ(plain[i], expected) << i;
    EXPECT_EQ(centered[i], kStandardized(expected)) << i;
  }
}

}  // namespace
}  // namespace nn

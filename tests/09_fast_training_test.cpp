// Chapter 09: the fast step gives the bits of the plain one.
#include <array>
#include <barrier>
#include <cmath>
#include <gtest/gtest.h>
#include <numeric>
#include <thread>

#include "06_simd_matmul/products.hpp"
#include "07_training/plain_step.hpp"
#include "09_fast_training/bias_relu.hpp"
#include "09_fast_training/fast_step.hpp"
#include "09_fast_training/first_layer.hpp"
#include "09_fast_training/kernels/normalize_pixels.hpp"
#include "09_fast_training/kernels/sparse_images.hpp"
#include "09_fast_training/sparse_rows.hpp"
#include "common/parallel/thread_pool.hpp"
#include "expectations/close_to.hpp"
#include "expectations/fails_saying.hpp"
#include "expectations/mistakes.hpp"
#include "inputs/matrices.hpp"
#include "inputs/sample_images.hpp"

namespace nn {
namespace {

constexpr Tolerance kSameBits{.rtol = 0, .atol = 0};

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

// x = (0, 2, 0, 3); w: 4 x 2.
SparseRow<float> small_x() { return {.columns = {1, 3}, .numbers = {2, 3}}; }
Matrix<float> small_w() { return {{1, 2}, {3, 4}, {5, 6}, {7, 8}}; }

TEST(SparseRowTimes, gives_the_numbers_done_by_hand) {
  Matrix<float> y{{9, 9}};
  sparse_row_times(small_x(), small_w(), y.row(0));
  EXPECT_TRUE(close_to(y, Matrix<float>{{27, 32}}, kExact<float>))
      << "x = (0, 2, 0, 3) is given as the columns 1, 3 and the numbers 2, 3; W = (1 2; 3 4; 5 6; 7 8); y "
         "held 9, 9"
      << mistake_in(
             y, {{{{36, 41}}, "added to what y held before; y has to begin at 0"},
                 {{{11, 16}}, "with the rows 0 and 1 of W: n counts the numbers, x.columns[n] is the row"},
                 {{{10, 12}}, "without the numbers of x"}});
}

TEST(SparseRowTimes, gives_zeros_for_an_empty_row) {
  Matrix<float> y{{9, 9}};
  sparse_row_times(SparseRow<float>{}, small_w(), y.row(0));
  EXPECT_TRUE(close_to(y, Matrix<float>{{0, 0}}, kExact<float>)) << "x has nothing but zeros; y held 9, 9";
}

TEST(AddSparseGradient, gives_the_numbers_done_by_hand) {
  Matrix<float> grad{{1, 1}, {1, 1}, {1, 1}, {1, 1}};
  const std::vector<float> g{10, 20};
  add_sparse_gradient<float>(small_x(), g, grad);
  EXPECT_TRUE(close_to(grad, Matrix<float>{{1, 1}, {21, 41}, {1, 1}, {31, 61}}, kExact<float>))
      << "x = (0, 2, 0, 3) is given as the columns 1, 3 and the numbers 2, 3; g = (10, 20); grad held 1 "
         "everywhere"
      << mistake_in(grad,
                    {{{{1, 1}, {20, 40}, {1, 1}, {30, 60}}, "in place of what the images before added"},
                     {{{21, 41}, {31, 61}, {1, 1}, {1, 1}}, "in the rows 0 and 1: x.columns[n] is the row"},
                     {{{1, 1}, {11, 21}, {1, 1}, {11, 21}}, "without the numbers of x"}});
}

TEST(SparseRowTimes, has_the_bits_of_the_plain_product) {
  const Matrix<float> x = SampleImages<float>(40).x, w = random_matrix<float>(784, 19, 1);
  Matrix<float> y(40, 19), expected;
  SparseRow<float> row;
  for (std::size_t i = 0; i < x.rows(); ++i) {
    find_nonzero(x.row(i), row);
    sparse_row_times(row, w, y.row(i));
  }
  const UseProduct<float> use(matmul_plain<float>);
  matmul(x, w, expected);
  EXPECT_TRUE(close_to(y, expected, kSameBits)) << "40 images of MNIST and 19 neurons, against matmul(x, w)";
}

TEST(AddSparseGradient, has_the_bits_of_the_plain_product) {
  const Matrix<float> x = SampleImages<float>(40).x, g = random_matrix<float>(40, 19, 2);
  Matrix<float> grad(784, 19), expected;
  SparseRow<float> row;
  for (std::size_t i = 0; i < x.rows(); ++i) {
    find_nonzero(x.row(i), row);
    add_sparse_gradient(row, g.row(i), grad);
  }
  const UseProduct<float> use(matmul_plain<float>);
  matmul_at_b(x, g, expected);
  EXPECT_TRUE(close_to(grad, expected, kSameBits))
      << "40 images of MNIST and 19 neurons, against matmul_at_b(x, g)";
}

// The same run with the plain and with the fast step: every loss and, at the end, every weight to the last bit. Zeros are
// skipped with matmul_fast only.
class FastStep : public testing::TestWithParam<std::tuple<const char*, const char*>> {};

TEST_P(FastStep, gives_the_bits_of_the_plain_step) {
  const std::size_t before = thread_count();
  const auto& [optimizer, product] = GetParam();
  const UseProduct<float> use(product_named<float>(product).product);
  for (const std::vector<std::size_t>& hidden : {std::vector<std::size_t>{40}, {33, 20}, {}}) {
    Recipe recipe = small_recipe();
    recipe.optimizer = optimizer, recipe.hidden = hidden, recipe.epochs = 2, recipe.batch_size = 37;
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
INSTANTIATE_TEST_SUITE_P(Optimizers, FastStep,
                         testing::Combine(testing::Values("sgd", "momentum", "adam"),
                                          testing::Values("plain", "fast")),
                         [](const auto& of) {
                           return std::string(std::get<0>(of.param)) + "_" + std::get<1>(of.param);
                         });

// Weights and loss after one step on images, with the fast product.
struct AfterOneStep {
  std::vector<float> weights;
  float loss;
};
template <class MakeStep>
AfterOneStep after_one_step(const LabeledImages& images, std::size_t batch, const MakeStep& make_step) {
  const UseProduct<float> use(matmul_fast<float>);
  Recipe recipe = small_recipe();
  recipe.hidden = {40}, recipe.optimizer = "sgd";
  TrainingState state = start_training(recipe, images.height * images.width);
  std::vector<std::size_t> examples(batch);
  std::iota(examples.begin(), examples.end(), 0);
  const Step step = make_step(state);
  const float loss = step(examples, 1, 0.01f);
  return {all_weights(state.network), loss};
}

TEST(FastStepOf, gives_the_same_bits_whatever_its_options) {
  const LabeledImages images = first_images(70);
  const AfterOneStep plain =
      after_one_step(images, 70, [&](TrainingState& state) { return PlainStep(state, images); });
  for (const FastStepOptions& options :
       {FastStepOptions{}, FastStepOptions{false, false}, FastStepOptions{true, false},
        FastStepOptions{false, true}, FastStepOptions{.images_change = true}}) {
    const AfterOneStep fast =
        after_one_step(images, 70, [&](TrainingState& state) { return fast_step(state, images, options); });
    EXPECT_EQ(fast.loss, plain.loss);
    EXPECT_EQ(fast.weights, plain.weights);
  }
}

// Pictures that are dark, all zeros, without one zero, and small.
LabeledImages drawn_images(std::size_t height, std::size_t width, std::uint64_t one_of) {
  LabeledImages images;
  images.count = 30, images.height = height, images.width = width;
  Random random(1);
  std::vector<std::uint8_t> pixels(images.count * height * width), labels(images.count);
  for (std::uint8_t& pixel : pixels)
    pixel = one_of > 0 && random.below(one_of) == 0 ? static_cast<std::uint8_t>(1 + random.below(255)) : 0;
  for (std::size_t i = 0; i < labels.size(); ++i) labels[i] = static_cast<std::uint8_t>(i % kClasses);
  images.pixels = SharedBytes(std::move(pixels)), images.labels = SharedBytes(std::move(labels));
  return images;
}

TEST(FastStepOf, gives_the_bits_of_the_plain_step_for_images_of_any_size_and_density) {
  for (const auto& [height, width] : {std::pair{1, 1}, {5, 13}, {8, 8}, {10, 20}}) {
    for (const std::uint64_t one_of : {0, 1, 3, 10}) {
      const LabeledImages images = drawn_images(height, width, one_of);
      const auto plain = after_one_step(images, 30, [&](TrainingState& s) { return PlainStep(s, images); });
      const auto fast = after_one_step(images, 30, [&](TrainingState& s) { return fast_step(s, images); });
      EXPECT_EQ(fast.loss, plain.loss) << height << " x " << width << ", one of " << one_of;
      EXPECT_EQ(fast.weights, plain.weights) << height << " x " << width << ", one of " << one_of;
    }
  }
}

TEST(Density, is_the_part_of_the_pixels_that_are_not_zero) {
  EXPECT_EQ(density(drawn_images(10, 20, 0)), 0);
  EXPECT_EQ(density(drawn_images(10, 20, 1)), 1);
  EXPECT_NEAR(density(drawn_images(10, 20, 10)), 0.1, 0.01);
  EXPECT_NEAR(density(sample().train), 0.19, 0.01) << "four of five pixels of MNIST are 0";
}

// 0 times infinity is NaN: a zero must not hide that a network is lost.
TEST(FastStepOf, sees_an_infinite_weight_at_a_pixel_that_is_always_zero) {
  const LabeledImages images = first_images(30);
  ASSERT_EQ(images.pixels[0], 0);
  for (const float lost : {HUGE_VALF, std::nanf("")}) {
    for (const bool fast : {false, true}) {
      const AfterOneStep run = after_one_step(images, 1, [&](TrainingState& state) {
        (*state.network.parameters()[0].value)(0, 3) = lost;
        return fast ? fast_step(state, images) : Step(PlainStep(state, images));
      });
      EXPECT_TRUE(is_nan(run.loss)) << (fast ? "fast" : "plain") << " step, a weight of " << lost;
    }
  }
}

TEST(FastStepOf, loses_the_same_weights_to_an_infinite_gradient) {
  const LabeledImages images = first_images(30);
  const auto run = [&](bool fast) {
    return after_one_step(images, 1, [&](TrainingState& state) {
      // Neuron 3 is on, but gives next to nothing, and the slopes of the logits add up to more than a float holds.
      const auto parameters = state.network.parameters();
      for (std::size_t p = 0; p < 784; ++p) (*parameters[0].value)(p, 3) = 0;
      (*parameters[1].value)(0, 3) = 1e-38f;
      for (std::size_t k = 0; k < kClasses; ++k)
        (*parameters[2].value)(3, k) = k == images.labels[0] ? -3e38f : 3e38f;
      return fast ? fast_step(state, images) : Step(PlainStep(state, images));
    });
  };
  const AfterOneStep plain = run(false), fast = run(true);
  EXPECT_TRUE(is_finite(plain.loss));
  std::size_t lost = 0;
  for (std::size_t i = 0; i < plain.weights.size(); ++i) {
    lost += is_nan(plain.weights[i]);
    EXPECT_TRUE(plain.weights[i] == fast.weights[i] || (is_nan(plain.weights[i]) && is_nan(fast.weights[i])))
        << "weight " << i << ": " << plain.weights[i] << " with the plain step, " << fast.weights[i]
        << " with the fast one";
  }
  EXPECT_GT(lost, 500u) << "NaN at every pixel that is 0 in the image";
}

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

TEST(ColumnsOfRank, are_whole_cache_lines_and_all_of_them) {
  for (const std::size_t width : {1, 15, 16, 17, 128, 800, 801}) {
    for (const std::size_t count : {1, 2, 3, 4, 60}) {
      std::size_t end = 0;
      for (std::size_t rank = 0; rank < count; ++rank) {
        const ColumnRange own = columns_of_rank(width, rank, count);
        EXPECT_EQ(own.begin, end) << width << " columns, rank " << rank << " of " << count;
        EXPECT_TRUE(own.begin % 16 == 0 || own.width() == 0)
            << width << " columns, rank " << rank << " of " << count;
        end = own.end;
      }
      EXPECT_EQ(end, width) << count << " ranks";
    }
  }
}

// Ranks that are threads of this program.
class ThreadRanks {
 public:
  explicit ThreadRanks(std::size_t count) : count_(count), barrier_(static_cast<std::ptrdiff_t>(count)) {}

  // work(ranks) in every rank at once.
  template <class Work>
  void run(const Work& work) {
    std::vector<std::jthread> threads;
    for (std::size_t rank = 0; rank < count_; ++rank)
      threads.emplace_back([&, rank] {
        One ranks(*this, rank);
        work(ranks);
      });
  }

 private:
  class One final : public Ranks {
   public:
    One(ThreadRanks& all, std::size_t rank) : all_(all), rank_(rank) {}
    std::size_t rank() const override { return rank_; }
    std::size_t count() const override { return all_.count_; }
    void all_gather(std::span<const float> mine, std::span<const std::size_t> counts,
                    std::span<float> all) override {
      std::vector<float>& shared = all_.numbers_;
      if (rank_ == 0) shared.resize(all.size());
      all_.barrier_.arrive_and_wait();
      const auto at = std::accumulate(counts.begin(), counts.begin() + static_cast<std::ptrdiff_t>(rank_),
                                      std::size_t{0});
      std::copy(mine.begin(), mine.end(), shared.begin() + static_cast<std::ptrdiff_t>(at));
      all_.barrier_.arrive_and_wait();
      std::copy(shared.begin(), shared.end(), all.begin());
      all_.barrier_.arrive_and_wait();
    }
    bool any(bool yes) override { return yes; }

   private:
    ThreadRanks& all_;
    std::size_t rank_;
  };

  std::size_t count_;
  std::barrier<> barrier_;
  std::vector<float> numbers_;
};

TEST(FastStepOfRanks, gives_the_bits_of_one_process) {
  const LabeledImages images = first_images(200);
  const UseProduct<float> use(matmul_fast<float>);
  const std::size_t before = thread_count();
  set_thread_count(1);  // the pool works for one thread at a time
  for (const char* optimizer : {"sgd", "momentum", "adam"}) {
    for (const std::vector<std::size_t>& hidden : {std::vector<std::size_t>{70}, {33, 20}}) {
      Recipe recipe = small_recipe();
      recipe.optimizer = optimizer, recipe.hidden = hidden, recipe.epochs = 2;
      TrainingState alone = start_training(recipe, 784);
      train(alone, images, fast_step(alone, images));
      for (const std::size_t count : {1, 2, 3, 4, 9}) {
        ThreadRanks(count).run([&](Ranks& ranks) {
          TrainingState state = start_training(recipe, 784);
          train(state, images, fast_step(state, images, ranks));
          gather_first_layer(state, ranks);
          EXPECT_EQ(all_weights(state.network), all_weights(alone.network))
              << optimizer << ", rank " << ranks.rank() << " of " << count;
          const auto remembered = state.optimizer->state(state.network.parameters()),
                     expected = alone.optimizer->state(alone.network.parameters());
          for (std::size_t t = 0; t < expected.size(); ++t)
            EXPECT_TRUE(close_to(*remembered[t].value, *expected[t].value, kSameBits)) << expected[t].name;
        });
      }
    }
  }
  set_thread_count(before);
}

TEST(FastStepOfRanks, refuses_what_it_cannot_share) {
  const LabeledImages images = first_images(20);
  TrainingState state = start_training(small_recipe(), 784);
  ThreadRanks(1).run([&](Ranks& ranks) {
    EXPECT_TRUE(fails_saying([&] { fast_step(state, images, ranks); }, {"several processes", "zeros"}))
        << "the product is the plain one";
    const UseProduct<float> use(matmul_fast<float>);
    state.recipe.input = kStandardized;
    EXPECT_TRUE(fails_saying([&] { fast_step(state, images, ranks); }, {"input transform keeps 0"}));
    state.recipe.input = kScaled;
    fast_step(state, images, ranks);
  });
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

#include <array>
#include <cmath>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "05_backprop/diagnosis/check_subjects.hpp"
#include "06_simd_matmul/products.hpp"
#include "07_training/plain_step.hpp"
#include "08_generalization/affine.hpp"
#include "08_generalization/augment.hpp"
#include "08_generalization/dropout.hpp"
#include "08_generalization/elastic.hpp"
#include "08_generalization/label_smoothing.hpp"
#include "08_generalization/random_at.hpp"
#include "08_generalization/regularized_step.hpp"
#include "08_generalization/sampling.hpp"
#include "08_generalization/weight_average.hpp"
#include "08_generalization/weight_decay.hpp"
#include "common/parallel/thread_pool.hpp"
#include "expectations/fails_saying.hpp"
#include "expectations/mistakes.hpp"
#include "expectations/throws_saying.hpp"
#include "inputs/matrices.hpp"
#include "inputs/sample_images.hpp"
#include "inputs/test_networks.hpp"

namespace nn {
namespace {

using M = Matrix<double>;
using F = Matrix<float>;
using Complex = std::complex<double>;

// --- weight decay

TEST(DecayWeights, shrinks_weights_and_leaves_biases) {
  M w{{1, -2, 0}, {4, 8, -16}}, grad_w(2, 3, 7), b{{1, -2, 4}}, grad_b(1, 3, 7);
  const M bias = b;
  decay_weights<double>({{"0.weight", &w, &grad_w}, {"0.bias", &b, &grad_b}}, 0.25, 0.5);
  EXPECT_TRUE(close_to(w, M{{0.875, -1.75, 0}, {3.5, 7, -14}}, kExact<double>))
      << "the weights (1, -2, 0), (4, 8, -16) after a decay with the learning rate 0.25 and the weight decay "
         "0.5: "
         "times 1 - 0.25 * 0.5 = 0.875"
      << mistake_in(
             w, {{{{0.5, -1, 0}, {2, 4, -8}}, "without the learning rate"},
                 {{{1.125, -2.25, 0}, {4.5, 9, -18}}, "when weights grow: subtract"},
                 {{{0.125, -0.25, 0}, {0.5, 1, -2}}, "when w is set to what should be subtracted from it"},
                 {{{0.875, -2.125, -0.125}, {3.875, 7.875, -16.125}},
                  "when the same amount is subtracted from every weight: multiply it by w"},
                 {{{1, -2, 0}, {4, 8, -16}}, "when nothing decays"}});
  EXPECT_EQ(b, bias)
      << "a bias does not decay: it shifts a neuron's sum and does not make the function steeper"
      << mistake_in(b, {{{{0.875, -1.75, 3.5}}, "of decay applied to biases"}});
  EXPECT_EQ(grad_w, M(2, 3, 7)) << "decoupled: the gradient stays as it is, or Adam would rescale the decay";
}

TEST(DecayWeights, of_0_changes_no_bit) {
  F w = random_matrix<float>(5, 7, 3), grad(5, 7);
  const F before = w;
  decay_weights<float>({{"2.weight", &w, &grad}}, 0.01f, 0.0f);
  EXPECT_EQ(w, before) << "the weights after a weight decay of 0";
}

// --- dropout

// Seed 1, step 7, probability 0.25 (tests/data/reference_numbers.py): example 0 loses output 0, example 1 output 3,
// example 2 output 0.
const M kInput{{3, 6, -9, 12}, {15, 18, 21, 24}, {27, 30, 33, -36}};
const M kGrad{{0.3, 0.6, 0.9, 1.2}, {1.5, 1.8, 2.1, 2.4}, {2.7, 3, 3.3, 3.6}};
constexpr const char* kMask =
    "the mask of seed 1, step 7 and probability 0.25 drops output 0 of the examples 0 and 2 and output 3 of "
    "example 1";

TEST(DropoutForward, drops_and_scales_what_is_left) {
  Dropout<double> dropout(0.25, 1);
  dropout.train(7);
  const M y = dropout.forward(kInput);
  EXPECT_TRUE(close_to(y, M{{0, 8, -12, 16}, {20, 24, 28, 0}, {0, 40, 44, -48}}, {.rtol = 1e-15}))
      << "x is (3, 6, -9, 12), (15, 18, 21, 24), (27, 30, 33, -36); " << kMask
      << ", and 1 / (1 - 0.25) is 4/3"
      << mistake_in(
             y,
             {{{{0, 6, -9, 12}, {15, 18, 21, 0}, {0, 30, 33, -36}},
               "without the factor 1 / (1 - probability): evaluation, which drops nothing, would get larger "
               "sums than training"},
              {{{0, 24, -36, 48}, {60, 72, 84, 0}, {0, 120, 132, -144}}, "with the factor 1 / probability"},
              {{{0, 4.5, -6.75, 9}, {11.25, 13.5, 15.75, 0}, {0, 22.5, 24.75, -27}},
               "with the factor 1 - probability: divide by it"},
              {{{4, 0, 0, 0}, {0, 0, 0, 32}, {36, 0, 0, 0}}, "when what should be dropped is kept"},
              {{{0, 8, -12, 16}, {0, 24, 28, 32}, {0, 40, 44, -48}},
               "when the mask of example 0 is reused for all examples: ask for is_dropped(i, j)"},
              {{{3, 6, -9, 12}, {15, 18, 21, 24}, {27, 30, 33, -36}},
               "when nothing is dropped in training"}});
}

TEST(DropoutForward, passes_everything_on_at_evaluation) {
  Dropout<double> dropout(0.25, 1);
  EXPECT_EQ(dropout.forward(kInput), kInput) << "before train() was called";
  dropout.train(7);
  dropout.forward(kInput);
  dropout.evaluate();
  const M y = dropout.forward(kInput);
  EXPECT_EQ(y, kInput)
      << "after evaluate(); the factor 1 / (1 - probability) belongs to training, so that nothing "
         "is left to do here"
      << mistake_in(
             y, {{{{0, 8, -12, 16}, {20, 24, 28, 0}, {0, 40, 44, -48}},
                  "of dropout that is on at evaluation: look at training_"},
                 {{{4, 8, -12, 16}, {20, 24, 28, 32}, {36, 40, 44, -48}}, "when evaluation scales, too"}});
  EXPECT_EQ(dropout.backward(kGrad), kGrad) << "and so does the gradient";
}

TEST(DropoutForward, drops_the_given_share_and_keeps_the_mean) {
  Dropout<double> dropout(0.2, 3);
  const M ones(400, 250, 1);
  double mean = 0, dropped = 0;
  dropout.train(1);
  for (const double y : dropout.forward(ones).values()) mean += y / 1e5, dropped += y == 0 ? 1e-5 : 0;
  EXPECT_NEAR(dropped, 0.2, 0.005) << "the share that is dropped of 100,000 outputs";
  EXPECT_NEAR(mean, 1, 0.006) << "the mean of 100,000 outputs whose inputs are all 1";
}

TEST(DropoutForward, lets_no_nan_disappear_for_good) {
  Dropout<double> dropout(0.25, 1);
  dropout.train(7);
  const M x{{0, kNan, 0, 0}};
  EXPECT_TRUE(std::isnan(dropout.forward(x)(0, 1))) << "0 or 4/3 times NaN";
}

TEST(DropoutBackward, passes_the_gradient_through_the_same_mask) {
  Dropout<double> dropout(0.25, 1);
  dropout.train(7);
  dropout.forward(kInput);
  const M grad = dropout.backward(kGrad);
  EXPECT_TRUE(close_to(grad, M{{0, 0.8, 1.2, 1.6}, {2, 2.4, 2.8, 0}, {0, 4, 4.4, 4.8}}, {.rtol = 1e-15}))
      << "d loss / d y is (0.3, 0.6, 0.9, 1.2), (1.5, 1.8, 2.1, 2.4), (2.7, 3, 3.3, 3.6); " << kMask
      << ", and the others are multiplied by 4/3, forward and backward"
      << mistake_in(grad, {{kGrad, "when the gradient passes without the mask"},
                           {{{0, 0.6, 0.9, 1.2}, {1.5, 1.8, 2.1, 0}, {0, 3, 3.3, 3.6}},
                            "without the factor 1 / (1 - probability)"},
                           {{{0, 4.8, -10.8, 19.2}, {30, 43.2, 58.8, 0}, {0, 120, 145.2, -172.8}},
                            "when the gradient is multiplied by y: multiply it by the mask"}});
}

TEST(DropoutBackward, keeps_the_promises_of_a_layer) {
  Dropout<double> dropout(0.4, 2);
  dropout.train(3);
  expect_the_contract_of_a_layer(dropout, random_matrix<double>(3, 5, 1), random_matrix<double>(3, 5, 2));
}

TEST(DropoutBackward, gradient_agrees_with_measured_derivatives) {
  Dropout<double> layer(0.4, 2);
  Dropout<Complex> twin(0.4, 2);
  layer.train(5), twin.train(5);
  const auto x = random_matrix<double>(3, 7, 5);
  for (const TensorCheck& c : gradient_check(subject_of(layer_under_check(layer, x, 9))))
    EXPECT_LE(c.relative_error(), 1e-7) << "central differences, " << c.name;
  for (const TensorCheck& c : gradient_check_complex(layer, twin, x, 9))
    EXPECT_LE(c.relative_error(), 1e-13) << "complex steps, " << c.name;
}

// A network with dropout behind its hidden layer; the mask of one step stays the same while the loss is measured.
template <class T>
Network<T> dropout_network() {
  Network<T> network;
  network.template add<Dense<T>>(6, 5);
  network.template add<Relu<T>>();
  network.template add<Dropout<T>>(0.4, 2).train(9);
  network.template add<Dense<T>>(5, 4);
  fill(network, 7);
  return network;
}

TEST(DropoutBackward, gradient_of_a_network_agrees_with_measured_derivatives) {
  auto network = dropout_network<double>();
  auto twin = dropout_network<Complex>();
  const auto x = random_matrix<double>(3, 6, 11);
  const std::vector<std::uint8_t> labels{3, 0, 2};
  EXPECT_LE(worst(gradient_check(network, x, labels)), 1e-7);
  EXPECT_LE(worst(gradient_check_complex(network, twin, x, labels)), 1e-13);
}

// Backward as people forget to write it: the gradient passes as if nothing had been dropped.
class ForgetfulDropout final : public Layer<double> {
 public:
  ForgetfulDropout() { dropout_.train(9); }
  using Layer<double>::forward;
  const M& forward(const M& x) override { return dropout_.forward(x); }
  const M& backward(const M& grad_output) override { return grad_ = grad_output; }
  void backward_parameters(const M&) override {}

 private:
  Dropout<double> dropout_{0.4, 2};
  M grad_;
};

TEST(DropoutBackward, gradient_without_the_mask_is_rejected) {
  ForgetfulDropout layer;
  EXPECT_GT(worst(gradient_check(subject_of(layer_under_check(layer, random_matrix<double>(3, 7, 5), 9)))),
            0.1);
}

TEST(Dropout, draws_another_mask_in_every_step_and_the_same_one_again) {
  Dropout<float> dropout(0.5, 1), other(0.5, 1), other_layer(0.5, 2);
  const F ones(20, 30, 1);
  const auto output = [&](Dropout<float>& layer, std::uint64_t step) {
    layer.train(step);
    return layer.forward(ones);
  };
  EXPECT_NE(output(dropout, 1), output(dropout, 2));
  EXPECT_NE(output(dropout, 1), output(other_layer, 1));
  EXPECT_EQ(output(dropout, 2), output(other, 2)) << "a run that is resumed at step 2";
}

TEST(Dropout, wants_a_probability_below_1) {
  for (const double p : {-0.1, 1.0, 1.5, kNan})
    EXPECT_TRUE(
        throws_saying<std::invalid_argument>([p] { Dropout<float>(p, 1); }, {"Dropout", "less than 1"}));
}

TEST(RandomAt, gives_the_numbers_of_random_without_those_before) {
  EXPECT_EQ(random_at(1, 0), 0x910a2dec89025cc1u);
  EXPECT_EQ(random_at(1, 5), 0xc34d0bff90150280u);
  EXPECT_EQ(seed_of({1, 2, 3}), 0xf9a948dd62910510u);
  Random random(1);
  for (std::uint64_t i = 0; i < 100; ++i) EXPECT_EQ(random.next(), random_at(1, i));
  EXPECT_NE(seed_of({1, 2}), seed_of({2, 1}));
}

// --- sampling

TEST(Bilinear, gives_the_numbers_done_by_hand) {
  const F image{{0, 4, 8, 16}, {40, 80, 20, 60}, {100, 200, 0, 4}};
  const auto at = [&](float row, float col) { return static_cast<double>(bilinear(image, {row, col})); };
  const M got{{at(0.25f, 1.5f), at(1, 2), at(1.75f, 0)}};
  EXPECT_TRUE(close_to(got, M{{17, 20, 85}}, kExact<float>))
      << "the image (0, 4, 8, 16), (40, 80, 20, 60), (100, 200, 0, 4) at (row, col) = (0.25, 1.5), (1, 2) "
         "and "
         "(1.75, 0). Between the rows 0 and 1, a quarter of the way down, and halfway between the columns 1 "
         "and 2: "
         "0.75 (0.5 4 + 0.5 8) + 0.25 (0.5 80 + 0.5 20) = 17"
      << mistake_in(got, {{{{39, 0, 55}},
                           "when the weights of the two rows are exchanged: the nearer one counts more"},
                          {{{35, 20, 70}}, "when down and right are exchanged"},
                          {{{4, 20, 40}}, "of the pixel at the upper left alone"},
                          {{{8, 20, 100}}, "of the nearest pixel alone"}});
  EXPECT_TRUE(close_to(at(1, 0.25f), 50.0, kExact<float>))
      << "at (1, 0.25): row 1, a quarter of the way from 40 to 80"
      << mistake_in(at(1, 0.25f), {{23, "of an image that is transposed: image(row, col)"},
                                   {70, "when the weights of the two columns are exchanged"}});
}

TEST(Bilinear, of_a_plane_is_the_plane) {
  F image(5, 7);
  for (std::size_t i = 0; i < 5; ++i) {
    for (std::size_t j = 0; j < 7; ++j) image(i, j) = static_cast<float>(10 * i + 3 * j);
  }
  for (const Position at : {Position{0, 0}, {0.5f, 4.25f}, {3.75f, 5.5f}, {2.125f, 0.0625f}}) {
    EXPECT_EQ(bilinear(image, at), 10 * at.row + 3 * at.col)
        << "at (" << at.row << ", " << at.col << ") of the image whose gray value is 10 row + 3 col";
  }
}

TEST(PaddedImage, is_background_outside) {
  PaddedImage image;
  image.set(std::array<std::uint8_t, 6>{10, 20, 30, 40, 50, 60}, 2, 3);
  EXPECT_EQ(image.at({0, 0}), 10);
  EXPECT_EQ(image.at({1, 2}), 60);
  EXPECT_EQ(image.at({0.5f, 1}), 35);
  EXPECT_EQ(image.at({-0.5f, 0}), 5) << "half of the first pixel and half of the background";
  EXPECT_EQ(image.at({1, 2.75f}), 15);
  for (const Position at : {Position{-1, 0}, {-100, 1}, {2, 1}, {1e6f, 1}, {0, -7}, {0, 3}, {1, 1e9f}})
    EXPECT_EQ(image.at(at), 0) << at.row << ", " << at.col;
}

// --- the affine map

// The four corners and the middle of the first row of an image of 5 x 9 pixels, as rows (row', col').
M sources(const AffineMap& map) {
  M all(4, 2);
  const std::array<std::array<std::size_t, 2>, 4> pixels{{{0, 0}, {0, 8}, {4, 8}, {1, 6}}};
  for (std::size_t i = 0; i < 4; ++i) {
    const Position from = map.source(pixels[i][0], pixels[i][1], 5, 9);
    all(i, 0) = static_cast<double>(from.row), all(i, 1) = static_cast<double>(from.col);
  }
  return all;
}

TEST(AffineMapSource, of_the_identity_and_of_a_shift) {
  const M still = sources({});
  EXPECT_EQ(still, (M{{0, 0}, {0, 8}, {4, 8}, {1, 6}}))
      << "the pixels (0, 0), (0, 8), (4, 8), (1, 6) of an image of 5 x 9 come from themselves"
      << mistake_in(still,
                    {{{{-2, -4}, {-2, 4}, {2, 4}, {-1, 2}}, "when the center is not added at the end"},
                     {{{0, 0}, {8, 0}, {8, 4}, {6, 1}}, "of an image that is transposed"},
                     {{{2, 4}, {2, 12}, {6, 12}, {3, 10}}, "when the center is not subtracted first"}});
  const M moved = sources({.row_shift = 0.5f, .col_shift = -3});
  EXPECT_EQ(moved, (M{{0.5, -3}, {0.5, 5}, {4.5, 5}, {1.5, 3}}))
      << "shifted by (0.5, -3)"
      << mistake_in(moved,
                    {{{{-3, 0.5}, {-3, 8.5}, {1, 8.5}, {-2, 6.5}}, "when the two shifts are exchanged"},
                     {{{-0.5, 3}, {-0.5, 11}, {3.5, 11}, {0.5, 9}}, "when the shift is subtracted"},
                     {{{0, 0}, {0, 8}, {4, 8}, {1, 6}}, "without the shift"}});
}

TEST(AffineMapSource, turns_about_the_center_of_the_image) {
  const M half = sources({.row_by_row = -1, .col_by_col = -1});
  EXPECT_EQ(half, (M{{4, 8}, {4, 0}, {0, 0}, {3, 2}}))
      << "half a turn of an image of 5 x 9 maps its corners onto each other: its center is at (2, 4)"
      << mistake_in(
             half, {{{{5, 9}, {5, 1}, {1, 1}, {4, 3}},
                     "with the center at (height / 2, width / 2): everything drifts by half a pixel, because "
                     "pixel 0 has its center at 0"},
                    {{{0, 0}, {0, -8}, {-4, -8}, {-1, -6}}, "when the center is at (0, 0)"}});
  const M sheared = sources({.row_by_row = 2, .row_by_col = 0.25f, .col_by_row = 0.5f, .col_by_col = 1});
  EXPECT_EQ(sheared, (M{{-3, -1}, {-1, 7}, {7, 9}, {0.5, 5.5}}))
      << "row' = 2 + 2 (row - 2) + 0.25 (col - 4), col' = 4 + 0.5 (row - 2) + (col - 4)"
      << mistake_in(sheared, {{{{-4, -0.5}, {0, 7.5}, {8, 8.5}, {1, 5.75}},
                               "when row_by_col and col_by_row are exchanged"}});
}

TEST(RandomAffineMap, stays_within_its_range) {
  Random random(1);
  const AffineRange range{.rotation = 0.2f, .scale = 0.1f, .shear = 0.15f, .shift = 2};
  std::array<int, 5> shifts{};
  for (int i = 0; i < 2000; ++i) {
    const AffineMap map = random_affine_map(range, random);
    const double area =
        static_cast<double>(map.row_by_row * map.col_by_col - map.row_by_col * map.col_by_row);
    EXPECT_GT(area, 0.9 * 0.9 - 1e-5) << "never mirrored";
    EXPECT_LT(area, 1.1 * 1.1 + 1e-5);
    EXPECT_LE(std::abs(map.row_by_col), 0.2 * 1.1);
    ++shifts.at(static_cast<std::size_t>(map.row_shift + 2));
    EXPECT_LE(std::abs(map.col_shift), 2);
  }
  for (const int count : shifts) EXPECT_NEAR(count, 400, 80);
  const auto [cosine, sine] = cosine_and_sine(0.4f);
  EXPECT_NEAR(static_cast<double>(cosine), std::cos(0.4), 1e-6);
  EXPECT_NEAR(static_cast<double>(sine), std::sin(0.4), 1e-6);
}

// --- elastic deformation

TEST(GaussianMatrix, gives_the_numbers_done_by_hand) {
  const F g = gaussian_matrix(3, 3);
  EXPECT_TRUE(close_to(g,
                       as<float>({{0.36407367, 0.34439893, 0.2915274},
                                  {0.32710442, 0.34579116, 0.32710442},
                                  {0.2915274, 0.34439893, 0.36407367}}),
                       {.rtol = 1e-6}))
      << "3 x 3 with sigma 3: the weights of row 0 are exp(0) = 1, exp(-1/18) = 0.9460 and exp(-4/18) = "
         "0.8007, "
         "divided by their sum, 2.7467"
      << mistake_in(
             g, {{{{1.0, 0.94595947, 0.8007374}, {0.94595947, 1.0, 0.94595947}, {0.8007374, 0.94595947, 1.0}},
                  "when the rows are not divided by their sum: the displacements would become many times "
                  "larger"},
                 {{{0.11925614, 0.11281147, 0.09549285},
                   {0.11281147, 0.11925614, 0.11281147},
                   {0.09549285, 0.11281147, 0.11925614}},
                  "when everything is divided by the sum of the whole matrix"},
                 {{{0.36407367, 0.32710442, 0.2915274},
                   {0.34439893, 0.34579116, 0.34439893},
                   {0.2915274, 0.32710442, 0.36407367}},
                  "when the columns sum to 1"},
                 {{{0.42374698, 0.35869407, 0.21755895},
                   {0.31433094, 0.37133813, 0.31433094},
                   {0.21755895, 0.35869407, 0.42374698}},
                  "with sigma in the place of sigma squared"},
                 {{{0.3943187, 0.35285188, 0.25282942},
                   {0.32076789, 0.35846423, 0.32076789},
                   {0.25282942, 0.35285188, 0.3943187}},
                  "without the 2 of 2 sigma squared"}});
}

TEST(GaussianMatrix, has_rows_that_sum_to_1) {
  for (const float sigma : {0.5f, 4.0f, 100.0f}) {
    const F g = gaussian_matrix(28, sigma);
    for (std::size_t i = 0; i < 28; ++i) {
      float sum = 0;
      for (const float weight : g.row(i)) sum += weight;
      EXPECT_NEAR(static_cast<double>(sum), 1, 1e-5) << "the sum of row " << i << " of 28, sigma " << sigma;
    }
  }
}

// G·F·Gᵀ of each field, from the definition.
TEST(DisplacementFields, are_smoothed_along_rows_and_columns) {
  DisplacementFields fields(3, 1.5f);
  fields.resize(2, 4, 6);
  std::vector<M> expected;
  Random random(5), again(5);
  for (std::size_t image = 0; image < 2; ++image) fields.draw(image, random);
  fields.smooth();
  const F over_rows = gaussian_matrix(4, 1.5f), over_cols = gaussian_matrix(6, 1.5f);
  for (std::size_t field = 0; field < 4; ++field) {
    F f(4, 6);
    for (float& value : f.values()) value = 3 * static_cast<float>(again.uniform(-1, 1));
    for (std::size_t i = 0; i < 4; ++i) {
      for (std::size_t j = 0; j < 6; ++j) {
        double sum = 0;
        for (std::size_t k = 0; k < 4; ++k) {
          for (std::size_t l = 0; l < 6; ++l)
            sum += static_cast<double>(over_rows(i, k) * f(k, l) * over_cols(j, l));
        }
        const Position at = fields.at(field / 2, i, j);
        EXPECT_NEAR(static_cast<double>(field % 2 == 0 ? at.row : at.col), sum, 1e-5) << field << i << j;
      }
    }
  }
}

// --- variants of images

// The variants of the first images of the sample with these seeds.
std::vector<std::uint8_t> variants(const Augmentation& augmentation,
                                   const std::vector<std::uint64_t>& seeds) {
  const LabeledImages& images = sample().train;
  std::vector<std::size_t> batch(seeds.size());
  for (std::size_t i = 0; i < batch.size(); ++i) batch[i] = i;
  std::vector<std::uint8_t> out(batch.size() * 784);
  Augmenter{augmentation}(images, batch, seeds, out);
  return out;
}

TEST(Augmenter, without_anything_to_do_returns_the_image) {
  const auto pixels = sample().train.pixels;
  EXPECT_EQ(variants(augmentation_named("none"), {1, 2, 3}),
            std::vector<std::uint8_t>(pixels.begin(), pixels.begin() + 3 * 784));
}

TEST(Augmenter, shifts_by_whole_pixels) {
  const auto image = sample().train.image(0);
  std::array<int, 9> seen{};
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const auto variant = variants({.affine = {.shift = 1}}, {seed});
    for (int down = -1; down <= 1; ++down) {
      for (int right = -1; right <= 1; ++right) {
        bool same = true;
        for (int i = 1; i < 27; ++i) {
          for (int j = 1; j < 27; ++j)
            same = same && variant[static_cast<std::size_t>(28 * i + j)] ==
                               image[static_cast<std::size_t>(28 * (i + down) + j + right)];
        }
        if (same) ++seen[static_cast<std::size_t>(3 * (down + 1) + right + 1)];
      }
    }
  }
  int sum = 0;
  for (const int count : seen) {
    EXPECT_GT(count, 2);
    sum += count;
  }
  EXPECT_EQ(sum, 100);
}

TEST(Augmenter, depends_on_the_seed_and_not_on_threads_or_neighbors) {
  const std::size_t before = thread_count();
  for (const char* name : {"shift", "affine", "elastic"}) {
    const Augmentation augmentation = augmentation_named(name);
    set_thread_count(1);
    const auto one = variants(augmentation, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11});
    set_thread_count(3);
    EXPECT_EQ(variants(augmentation, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}), one) << name;
    EXPECT_EQ(variants(augmentation, {1, 2}), std::vector<std::uint8_t>(one.begin(), one.begin() + 2 * 784))
        << name;
    EXPECT_NE(variants(augmentation, {12}), variants(augmentation, {13})) << name;
  }
  set_thread_count(before);
}

// How much ink there is, and that a variant is another image, but not any.
TEST(Augmenter, keeps_a_digit_a_digit) {
  const auto original = sample().train.image(0);
  const auto variant = variants(augmentation_named("elastic"), {4});
  double ink = 0, changed = 0, both = 0;
  for (std::size_t i = 0; i < 784; ++i) {
    ink += original[i], changed += variant[i];
    both += std::min(original[i], variant[i]);
  }
  EXPECT_NEAR(changed / ink, 1, 0.35);
  EXPECT_GT(both / ink, 0.3);
  EXPECT_LT(both / ink, 0.95);
}

TEST(Augmentation, of_another_name_is_refused) {
  EXPECT_TRUE(
      throws_saying<std::invalid_argument>([] { augmentation_named("mirror"); }, {"'mirror'", "elastic"}));
  for (const std::string& name : kAugmentations) EXPECT_NO_THROW(augmentation_named(name));
}

// --- steps

std::vector<float> all_weights(Network<float>& network) {
  std::vector<float> all;
  for (const auto& p : network.parameters())
    all.insert(all.end(), p.value->values().begin(), p.value->values().end());
  return all;
}

Recipe small_recipe() {
  return {.hidden = {16}, .epochs = 2, .batch_size = 50, .learning_rate = 0.01, .input = kStandardized};
}
const LabeledImages& few() {
  static const LabeledImages images = first_images(sample().train, 190);  // the last batch is smaller
  return images;
}

Step all_options(TrainingState& state) {
  return augmented_step(state.recipe, few(),
                        [&](const LabeledImages& seen) -> Step { return RegularizedStep(state, seen); });
}

Recipe with_all_options() {
  Recipe recipe = small_recipe();
  recipe.augment = "elastic", recipe.dropout = 0.2, recipe.weight_decay = 0.1, recipe.label_smoothing = 0.1;
  recipe.ema = 0.9;
  return recipe;
}

// The first image that a step sees of this batch, and its label.
std::pair<std::vector<std::uint8_t>, int> seen_by_a_step(std::uint64_t seed, std::size_t step,
                                                         const std::vector<std::size_t>& batch,
                                                         std::size_t which) {
  Recipe recipe = small_recipe();  // 4 steps an epoch
  recipe.augment = "affine", recipe.seed = seed;
  std::pair<std::vector<std::uint8_t>, int> first;
  const auto make = [&](const LabeledImages& seen) -> Step {
    return [&](std::span<const std::size_t> places, std::size_t, float) {
      const auto pixels = seen.image(places[which]);
      first = {{pixels.begin(), pixels.end()}, seen.labels[places[which]]};
      return 0.0f;
    };
  };
  augmented_step(recipe, few(), make)(batch, step, 0);
  return first;
}

TEST(AugmentedStep, draws_by_seed_epoch_and_image) {
  const auto seven = seen_by_a_step(1, 1, {17, 3}, 0);
  EXPECT_EQ(seven.second, 7) << "the label of image 17 of the sample";
  EXPECT_EQ(seen_by_a_step(1, 4, {5, 17, 9}, 1), seven) << "the same epoch, in another batch and place";
  EXPECT_NE(seen_by_a_step(1, 5, {17, 3}, 0).first, seven.first) << "the next epoch";
  EXPECT_NE(seen_by_a_step(2, 1, {17, 3}, 0).first, seven.first) << "another seed";
}

TEST(RegularizedStep, without_options_gives_the_bits_of_the_plain_step) {
  TrainingState plain = start_training(small_recipe(), 784), state = start_training(small_recipe(), 784);
  train(plain, few());
  train(state, few(), RegularizedStep(state, few()));
  EXPECT_EQ(all_weights(state.network), all_weights(plain.network));
}

TEST(RegularizedStep, decays_by_the_learning_rate_of_the_step) {
  Recipe recipe = small_recipe();
  recipe.optimizer = "sgd", recipe.weight_decay = 0.5;
  TrainingState plain = start_training(small_recipe(), 784), state = start_training(recipe, 784);
  plain.optimizer = make_optimizer<float>("sgd");
  const std::array<std::size_t, 3> batch{4, 9, 2};
  const auto start = all_weights(state.network);
  PlainStep(plain, few())(batch, 1, 0.25f);
  RegularizedStep(state, few())(batch, 1, 0.25f);
  const auto decayed = all_weights(state.network), without = all_weights(plain.network);
  for (std::size_t i = 0; i < start.size(); ++i) {
    const bool bias = (i >= 784 * 16 && i < 784 * 16 + 16) || i >= start.size() - 10;
    EXPECT_NEAR(static_cast<double>(decayed[i]),
                static_cast<double>(without[i] - (bias ? 0 : 0.125f * start[i])), 1e-6);
  }
}

TEST(RegularizedStep, with_everything_gives_the_same_bits_with_any_number_of_threads) {
  const std::size_t before = thread_count();
  const UseProduct<float> use(fastest_product<float>().product);
  std::vector<float> first;
  for (const std::size_t threads : {1, 2, 3}) {
    set_thread_count(threads);
    TrainingState state = start_training(with_all_options(), 784);
    train(state, few(), all_options(state), {average_weights(state)});
    swap_average(state);
    if (first.empty()) first = all_weights(state.network);
    EXPECT_EQ(all_weights(state.network), first) << threads << " threads";
  }
  set_thread_count(before);
}

// Ended after some steps and continued with a new step, as after --resume.
TEST(RegularizedStep, with_everything_can_be_resumed_at_any_step) {
  TrainingState whole = start_training(with_all_options(), 784),
                parts = start_training(with_all_options(), 784);
  train(whole, few(), all_options(whole), {average_weights(whole)});
  for (const std::size_t stop : {1u, 3u, 4u, 6u, 100u}) {
    const auto until = [stop](const StepReport& report) { return report.step < stop; };
    train(parts, few(), all_options(parts), {average_weights(parts), {.after_step = until}});
  }
  EXPECT_EQ(all_weights(parts.network), all_weights(whole.network));
  EXPECT_EQ(parts.average, whole.average);
}

TEST(RegularizedStep, learns_with_everything_on) {
  Recipe recipe = with_all_options();
  recipe.epochs = 30;
  TrainingState state = start_training(recipe, 784);
  double last = 0;
  train(state, few(), all_options(state), {{.after_epoch = [&](double loss) { last = loss; }}});
  EXPECT_LT(last, 2.0) << "the loss of guessing is 2.3";
}

TEST(RegularizedStep, leaves_a_network_without_dropout_layers) {
  TrainingState state = start_training(with_all_options(), 784);
  train(state, few(), all_options(state));
  EXPECT_EQ(state.network.size(), 3u) << "Dense, ReLU, Dense";
}

TEST(PlainStep, refuses_what_only_the_regularized_step_knows) {
  for (double Recipe::*option : {&Recipe::dropout, &Recipe::weight_decay, &Recipe::label_smoothing}) {
    Recipe recipe = small_recipe();
    recipe.*option = 0.1;
    TrainingState state = start_training(recipe, 784);
    EXPECT_TRUE(
        throws_saying<Error>([&] { PlainStep(state, few()); }, {"plain step", "dropout", "chapter 08"}));
  }
}

// --- label smoothing, average of the weights

TEST(SmoothLabels, gives_the_numbers_done_by_hand) {
  const Logits<double> logits(M{{1, 3, 2}, {0, 0, 6}});
  const std::vector<std::uint8_t> labels{1, 0};
  auto result = cross_entropy_with_gradient(logits, labels);
  const auto plain = result;
  smooth_labels(logits.values, labels, 0.3, result);
  // z[y] - mean of z: 3 - 2 and 0 - 2, on average -0.5
  EXPECT_NEAR(result.loss - plain.loss, 0.3 * -0.5, 1e-15);
  M difference(2, 3);
  for (std::size_t i = 0; i < 6; ++i)
    difference.values()[i] = result.grad_logits.values()[i] - plain.grad_logits.values()[i];
  EXPECT_TRUE(close_to(difference, M{{-0.05, 0.1, -0.05}, {0.1, -0.05, -0.05}}, {.rtol = 1e-13}));
}

TEST(SmoothLabels, gradient_agrees_with_measured_derivatives) {
  Logits<double> z(random_matrix<double>(3, 10, 4, -3, 3));
  M grad(3, 10);
  const std::vector<std::uint8_t> labels = {9, 0, 4};
  const auto smoothed = [&] {
    auto result = cross_entropy_with_gradient(z, labels);
    smooth_labels(z.values, labels, 0.2, result);
    return result;
  };
  const CheckSubject subject{.tensors = {{"logits", &z.values, &grad}},
                             .loss = [&] { return smoothed().loss; },
                             .backward = [&] { grad = smoothed().grad_logits; }};
  EXPECT_LE(worst(gradient_check(subject)), 1e-7);
}

TEST(AverageWeights, follows_the_weights) {
  Recipe recipe = small_recipe();
  recipe.ema = 0.5;
  TrainingState state = start_training(recipe, 784);
  const TrainingObserver observer = average_weights(state);
  float& w = (*state.network.parameters()[3].value)(0, 4);
  const auto after = [&](std::size_t step, float value) {
    w = value;
    observer.after_step({.step = step, .steps = 9, .epoch = 0, .examples = 1, .loss = 0, .epoch_loss = 0});
    return static_cast<double>(state.average[3](0, 4));
  };
  EXPECT_EQ(after(1, 8), 8) << "the first one is the weight itself";
  EXPECT_NEAR(after(2, 19), 8 + 11 * 9 / 11., 1e-5) << "d = 2 / 11 in step 2";
  EXPECT_NEAR(after(100, 1), (17 + 1) / 2., 1e-5) << "d = 0.5 from then on";
  swap_average(state);
  EXPECT_NEAR(static_cast<double>((*state.network.parameters()[3].value)(0, 4)), 9, 1e-5);
}

}  // namespace
}  // namespace nn

// Chapter 10: the classifier as a whole, on the sample that ships with the course.
#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <numeric>

#include "01_matrix/digits_as_matrix.hpp"
#include "04_from_logits/cross_entropy.hpp"
#include "06_simd_matmul/products.hpp"
#include "07_training/plain_step.hpp"
#include "08_generalization/augment.hpp"
#include "08_generalization/regularized_step.hpp"
#include "08_generalization/weight_average.hpp"
#include "09_fast_training/fast_step.hpp"
#include "10_mnist/digits/checkpoint.hpp"
#include "10_mnist/digits/health.hpp"
#include "10_mnist/digits/run_figures.hpp"
#include "10_mnist/evaluation.hpp"
#include "10_mnist/like_mnist.hpp"
#include "10_mnist/model_file.hpp"
#include "10_mnist/recipes.hpp"
#include "common/parallel/thread_pool.hpp"
#include "expectations/close_to.hpp"
#include "expectations/fails_saying.hpp"
#include "expectations/mistakes.hpp"
#include "system/temporary_folder.hpp"

namespace nn {
namespace {

const Mnist& sample() {
  static const Mnist mnist = load_mnist_sample();
  return mnist;
}

// A run of a few seconds at most: a small network, and the images begin .. begin + count - 1.
Recipe small_recipe() { return {.hidden = {16}, .epochs = 3, .batch_size = 50, .learning_rate = 0.01}; }
LabeledImages first_images(std::size_t count) { return first_images(sample().train, count); }

std::vector<float> all_weights(Network<float>& network) {
  std::vector<float> all;
  for (const auto& p : network.parameters())
    all.insert(all.end(), p.value->values().begin(), p.value->values().end());
  return all;
}

// Trains and returns every step's loss.
std::vector<float> losses_of(TrainingState& state, const LabeledImages& images) {
  std::vector<float> losses;
  train(state, images, {{.after_step = [&](const StepReport& step) {
          losses.push_back(step.loss);
          return true;
        }}});
  return losses;
}

// Two inputs decide between digit 0 (first larger) and digit 1: answers that can be counted by hand.
Network<float> comparing_network() {
  auto network = make_network<float>({2, kClasses});
  const auto parameters = network.parameters();
  (*parameters[0].value)(0, 0) = 10;
  (*parameters[0].value)(1, 1) = 10;
  for (std::size_t c = 2; c < kClasses; ++c) (*parameters[1].value)(0, c) = -100;
  return network;
}

TEST(Evaluate, counts_answers_by_true_digit_and_answer) {
  auto network = comparing_network();
  const LabeledImages images{{3, 1, 2, {255, 0, 0, 255, 0, 255}}, {0, 1, 0}};
  const Evaluation e = evaluate(network, images);
  EXPECT_EQ(e.count, 3u);
  EXPECT_EQ(e.right, 2u);
  EXPECT_EQ(e.confusion(0, 0), 1);
  EXPECT_EQ(e.confusion(1, 1), 1);
  EXPECT_EQ(e.confusion(0, 1), 1) << "row: the true digit, column: the answer";
  EXPECT_EQ(e.confusion(1, 0), 0) << "row: the true digit, column: the answer";
  const double loss = (2 * std::log1p(std::exp(-10.0)) + 10 + std::log1p(std::exp(-10.0))) / 3;
  EXPECT_NEAR(e.loss, loss, 1e-5) << mistake_in(
      static_cast<float>(e.loss),
      {{loss / 3, "when the means of batches are added: a sum is wanted, the mean times the batch's size"},
       {3 * loss, "when the batch's size counts twice"}});
  EXPECT_NEAR(e.standard_error(), std::sqrt(2.0 / 3 * (1.0 / 3) / 3), 1e-12);
}

// Wilson's interval by hand: for n right ones of n it is n / (n + z^2) to 1.
TEST(Evaluate, the_interval_says_how_little_few_images_show) {
  const Evaluation one{.count = 1, .right = 1}, half{.count = 100, .right = 50},
      most{.count = 10000, .right = 9819};
  EXPECT_FALSE(one.standard_error_holds());
  EXPECT_NEAR(one.interval().low, 1 / (1 + 1.959964 * 1.959964), 1e-12);
  EXPECT_EQ(one.interval().high, 1);
  EXPECT_NEAR(half.interval().low, 0.4038, 5e-5);
  EXPECT_NEAR(half.interval().high, 0.5962, 5e-5);
  EXPECT_TRUE(most.standard_error_holds());
  EXPECT_NEAR(most.interval().low, 0.9791, 5e-5);
  EXPECT_NEAR(most.interval().high, 0.9843, 5e-5);
  EXPECT_EQ(Evaluation{}.interval().low, 0);
  EXPECT_EQ(Evaluation{}.interval().high, 1);
}

TEST(Evaluate, a_last_batch_that_is_smaller_weighs_less) {
  auto network = comparing_network();
  std::vector<std::uint8_t> pixels, labels;
  for (std::size_t i = 0; i < 750; ++i) {
    pixels.insert(pixels.end(), {255, 0});
    labels.push_back(i < 500 ? 0 : 1);
  }
  const LabeledImages images{{750, 1, 2, pixels}, labels};
  const Evaluation e = evaluate(network, images);
  EXPECT_NEAR(e.accuracy(), 2.0 / 3, 1e-12);
  const double right = std::log1p(std::exp(-10.0)), wrong = 10 + right;
  EXPECT_NEAR(e.loss, (500 * right + 250 * wrong) / 750, 1e-5) << mistake_in(
      static_cast<float>(e.loss), {{250 * wrong / 750, "of the last batch alone: add to what is there"}});
}

TEST(Evaluate, validation_is_the_last_tenth_but_at_most_5000) {
  EXPECT_EQ(validation_count(60000), 5000u);
  EXPECT_EQ(validation_count(5000), 500u);
  const LabeledImages all = first_images(30);
  const LabeledImages front = first_images(all, 20), back = last_images(all, 10);
  EXPECT_EQ(front.count, 20u);
  EXPECT_EQ(back.count, 10u);
  EXPECT_EQ(back.labels[0], all.labels[20]);
  EXPECT_TRUE(std::ranges::equal(back.image(0), all.image(20)));
  EXPECT_TRUE(std::ranges::equal(front.image(19), all.image(19)));
}

TEST(AreaAverage, of_two_columns_is_their_mean) {
  const Matrix<float> source{{1, 3, 5, 7}, {2, 2, 10, 20}};
  const Matrix<float> result = area_average(source, 2, 2);
  EXPECT_EQ(result, (Matrix<float>{{2, 6}, {2, 15}}))
      << given("2 x 4 pixels scaled to 2 x 2: each new pixel covers two old ones of its row", "source",
               source)
      << mistake_in(result, {{{{4, 12}, {4, 30}}, "if the sum is not divided by the covered area a b"},
                             {{{1, 5}, {2, 10}}, "if only the first covered pixel counts"},
                             {{{3, 7}, {2, 20}}, "if only the last covered pixel counts"}});
}

// 3 columns to 2: the middle one is shared.
TEST(AreaAverage, a_pixel_that_is_covered_in_part_counts_in_part) {
  const Matrix<float> source{{3, 6, 0}};
  const Matrix<float> result = area_average(source, 1, 2);
  EXPECT_TRUE(close_to(result, Matrix<float>{{4, 2}}, {.rtol = 1e-5}))
      << given("1 x 3 pixels scaled to 1 x 2: (3 + 6/2) / 1.5 and (6/2 + 0) / 1.5", "source", source)
      << mistake_in(result,
                    {{{{6, 4}}, "if a pixel that is covered in part counts whole: overlap says how much"},
                     {{{4.5, 3}}, "if it is divided by the number of pixels: divide by the area a b"}});
}

TEST(AreaAverage, of_both_directions_at_once) {
  const Matrix<float> source{{1, 2, 3}, {4, 5, 6}, {7, 8, 9}};
  EXPECT_TRUE(close_to(area_average(source, 1, 1), Matrix<float>{{5}}, {.rtol = 1e-5}))
      << given("3 x 3 pixels scaled to one: their mean", "source", source);
  EXPECT_TRUE(close_to(area_average(source, 3, 3), source, {.rtol = 1e-5}))
      << given("3 x 3 pixels scaled to 3 x 3 stay what they are", "source", source);
  EXPECT_TRUE(
      close_to(area_average(Matrix<float>{{5}}, 2, 3), Matrix<float>{{5, 5, 5}, {5, 5, 5}}, {.rtol = 1e-5}))
      << "one pixel of 5, enlarged to 2 x 3, stays 5 everywhere";
}

TEST(CenterOfMass, of_a_heavy_and_a_light_pixel_is_nearer_to_the_heavy_one) {
  const Matrix<float> p{{0, 0, 0}, {3, 0, 0}, {0, 0, 1}};
  const CenterOfMass center = center_of_mass(p);
  const Matrix<float> both{{center.row, center.col}};
  EXPECT_TRUE(close_to(both, Matrix<float>{{1.25f, 0.5f}}))
      << given("row and column of the center of mass: (3 * 1 + 1 * 2) / 4 and (3 * 0 + 1 * 2) / 4", "p", p)
      << mistake_in(both,
                    {{{{0.5, 1.25}}, "if row and column are exchanged"},
                     {{{5, 2}}, "if the sums are not divided by the mass"},
                     {{{1.5, 1}}, "if every pixel with ink weighs the same: weigh with p(r, c)"},
                     {{{2.25, 1.5}}, "if rows and columns are counted from 1: a position is an index"}});
}

TEST(CenterOfMass, of_an_empty_picture_is_its_middle) {
  const CenterOfMass center = center_of_mass(Matrix<float>(3, 6));
  const Matrix<float> both{{center.row, center.col}};
  EXPECT_TRUE(close_to(both, Matrix<float>{{1, 2.5f}}))
      << "row and column for 3 x 6 pixels of 0: leave center as it is, there is no mass to divide by";
}

TEST(ScaleToBox, keeps_the_proportions) {
  EXPECT_EQ(shape(scale_to_box(Matrix<float>(100, 40, 1))), "20 x 8");
  EXPECT_EQ(shape(scale_to_box(Matrix<float>(3, 200, 1))), "1 x 20");
  EXPECT_EQ(shape(scale_to_box(Matrix<float>(10, 10, 1))), "20 x 20");
}

TEST(CenterByMass, puts_the_center_of_mass_into_the_middle) {
  Matrix<float> digit(20, 10, 0.1f);
  for (std::size_t r = 0; r < 5; ++r) digit(r, 2) = 1;
  const Matrix<float> result = center_by_mass(digit);
  EXPECT_EQ(shape(result), "28 x 28");
  const CenterOfMass center = center_of_mass(result);
  EXPECT_NEAR(center.row, 14, 0.5);
  EXPECT_NEAR(center.col, 14, 0.5);
}

// All the mass is in the lowest row: it would have to go further up than there is room.
TEST(CenterByMass, cuts_nothing_off) {
  Matrix<float> digit(20, 20);
  for (std::size_t c = 0; c < 20; ++c) digit(19, c) = 1;
  const Matrix<float> result = center_by_mass(digit);
  EXPECT_EQ(std::accumulate(result.values().begin(), result.values().end(), 0.f), 20.f);
  EXPECT_EQ(result(19, 14), 1.f);
}

TEST(Recipe, the_classroom_is_as_the_course_describes_it) {
  const Recipe recipe = recipe_named("classroom");
  EXPECT_EQ(recipe.hidden, (std::vector<std::size_t>{25, 15}));
  EXPECT_EQ(recipe.epochs, 40u);
  EXPECT_EQ(recipe.optimizer, "adam");
  EXPECT_EQ(recipe.data, "sample");
}

TEST(Recipe, every_name_is_known_and_no_other) {
  for (const std::string& name : kRecipeNames) EXPECT_EQ(recipe_named(name).name, name);
  EXPECT_THROW(recipe_named("slow"), std::invalid_argument);
}

TEST(Train, starts_with_a_loss_near_ln_10) {
  TrainingState state = start_training(recipe_named("default"), 784);
  const Evaluation e = evaluate(state.network, first_images(500));
  EXPECT_NEAR(e.loss, std::log(10.0), 0.4);
}

TEST(Train, overfits_20_images) {
  Recipe recipe = small_recipe();
  recipe.epochs = 60, recipe.batch_size = 5;
  TrainingState state = start_training(recipe, 784);
  const LabeledImages images = first_images(20);
  EXPECT_TRUE(train(state, images));
  EXPECT_EQ(evaluate(state.network, images).right, 20u);
}

TEST(Train, learns_nothing_general_from_shuffled_labels) {
  LabeledImages images = first_images(1000);
  std::vector<std::uint8_t> labels(images.labels.begin(), images.labels.end());
  Random random(3);
  shuffle(std::span<std::uint8_t>(labels), random);
  images.labels = labels;
  TrainingState state = start_training(small_recipe(), 784);
  train(state, images);
  EXPECT_NEAR(evaluate(state.network, sample().test).accuracy(), 0.1, 0.06);
}

TEST(Train, of_the_whole_sample_reads_more_than_nine_digits_of_ten) {
  const UseProduct<float> use(fastest_product<float>().product);
  Recipe recipe = recipe_named("default");
  recipe.epochs = 5, recipe.hidden = {64};
  TrainingState state = start_training(recipe, 784);
  const auto losses = losses_of(state, sample().train);
  EXPECT_EQ(losses.size(), 5 * ((5000 + recipe.batch_size - 1) / recipe.batch_size));
  EXPECT_GT(evaluate(state.network, sample().test).accuracy(), 0.92);
}

TEST(Train, of_a_network_beyond_all_memory_is_refused) {
  Recipe recipe = small_recipe();
  check_size(recipe, 784, 60000);
  recipe.hidden = {100000, 100000};
  EXPECT_TRUE(fails_saying([&] { check_size(recipe, 784, 60000); }, {"1.01e+10 parameters", "smaller"}));
  recipe.hidden = {100000}, recipe.batch_size = 1000000;
  EXPECT_TRUE(fails_saying([&] { check_size(recipe, 784, 60000); }, {"6e+09 outputs"}));
  check_size(recipe, 784, 500);
}

TEST(Train, does_not_begin_where_there_is_nothing_to_learn) {
  LabeledImages one_class = first_images(100), one_picture = first_images(100);
  std::vector<std::uint8_t> labels(100, 3), pixels(100 * 784, 128);
  one_class.labels = labels, one_picture.pixels = pixels;
  EXPECT_TRUE(fails_saying([&] { check_learnable(one_class); }, {"1 class", "at least 2"}));
  EXPECT_TRUE(fails_saying([&] { check_learnable(one_picture); }, {"all 100 images", "the same picture"}));
  labels.back() = 4, pixels.back() = 0;
  one_class.labels = labels, one_picture.pixels = pixels;
  EXPECT_NO_THROW(check_learnable(one_class));
  EXPECT_NO_THROW(check_learnable(one_picture));
}

TEST(Train, that_is_no_better_than_guessing_did_not_learn) {
  const LabeledImages images = first_images(100);
  const Recipe recipe = small_recipe();
  const double guessing = std::log(10.0);
  check_learned(0.89 * guessing, {100}, images, recipe);
  EXPECT_TRUE(fails_saying([&] { check_learned(0.91 * guessing, {2.5}, images, recipe); },
                           {"did not learn", "2.303", "too few steps", "0.01"}));
  EXPECT_TRUE(fails_saying([&] { check_learned(5, {4}, images, recipe); }, {"did not learn", "too high"}));
  EXPECT_TRUE(fails_saying([&] { check_learned(std::nan(""), {4}, images, recipe); }, {"nan", "too high"}));
  EXPECT_TRUE(
      fails_saying([&] { check_learned(guessing, {80}, images, recipe); }, {"too high", "rose to 80"}));
  LabeledImages two = first_images(2);
  EXPECT_TRUE(fails_saying([&] { check_learned(0.65, {2.5}, two, recipe); }, {"0.6931"}));
}

Evaluation evaluation_of(std::size_t count, std::size_t right) {
  Evaluation e{.count = count, .right = right};
  for (std::size_t c = 0; c < kClasses; ++c) e.confusion(c, 0) = static_cast<double>(count) / kClasses;
  return e;
}

TEST(Health, a_network_that_knows_only_its_own_images_did_not_generalize) {
  const Evaluation own = evaluation_of(4500, 3451);
  EXPECT_TRUE(fails_saying([&] { check_generalized(own, evaluation_of(1000, 76)); },
                           {"did not generalize", "76.7%", "7.6% of 1000", "10.0%", "do not belong"}));
  EXPECT_TRUE(fails_saying([&] { check_generalized(own, evaluation_of(1000, 115)); }, {"11.5%"}));
  EXPECT_TRUE(
      fails_saying([&] { check_generalized(own, evaluation_of(1000, 136)); }, {"13.6%", "do not belong"}));
  check_generalized(own, evaluation_of(1000, 201));
  check_generalized(evaluation_of(4500, 1000),
                    evaluation_of(1000, 140));                         // not good on its own images, either
  check_generalized(evaluation_of(99, 99), evaluation_of(1000, 140));  // too few to learn from
  check_generalized(own, evaluation_of(99, 0));                        // too few to tell
}

// Some epochs of the recipe on the sample, as digits train would watch them.
RunRecord record_of(const Recipe& recipe) {
  const UseProduct<float> use(fastest_product<float>().product);
  TrainingState state = start_training(recipe, 784);
  const std::size_t kept_back = recipe.validation ? validation_count(sample().train.count) : 0;
  const LabeledImages training = first_images(sample().train, sample().train.count - kept_back),
                      validation = last_images(sample().train, kept_back);
  RunRecorder recorder(state, training, validation);
  train(state, training, fast_step(state, training), {recorder.observer()});
  return recorder.record();
}

TEST(RunRecorder, sees_living_neurons_and_right_answers_in_every_recipe) {
  for (const std::string& name : kRecipeNames) {
    Recipe recipe = recipe_named(name);
    recipe.epochs = 2;
    for (std::size_t& width : recipe.hidden) width = std::min<std::size_t>(width, 24);
    const RunRecord record = record_of(recipe);
    ASSERT_FALSE(record.layer_stats.empty()) << name;
    for (const LayerStats& pulse : record.layer_stats) {
      for (const double dead : pulse.dead) EXPECT_LT(dead, 0.9) << name << ", step " << pulse.step;
    }
    ASSERT_EQ(record.epochs.size(), 2u) << name;
    for (const EpochRecord& epoch : record.epochs) {
      EXPECT_GT(epoch.train_accuracy, 0.5) << name;
      EXPECT_GT(epoch.train_loss, 0) << name;
      EXPECT_EQ(epoch.validation_loss.has_value(), recipe.validation) << name;
      ASSERT_EQ(epoch.validation_accuracy.has_value(), recipe.validation) << name;
      if (recipe.validation) {
        EXPECT_GT(*epoch.validation_accuracy, 0.5) << name;
      }
    }
  }
}

// Neurons that black pixels wake, but only standardized ones: a training sees those, so the pulse must, too.
TEST(RunRecorder, takes_the_pulse_with_the_pixels_of_the_training) {
  const LabeledImages images = first_images(20), none = last_images(images, 0);
  for (const InputTransform input : {InputTransform{}, kStandardized}) {
    Recipe recipe = small_recipe();
    recipe.input = input, recipe.epochs = 1;
    TrainingState state = start_training(recipe, 784);
    for (float& w : state.network.parameters()[0].value->values()) w = -1;
    RunRecorder recorder(state, images, none);
    for (const std::size_t step : {1, 2}) recorder.after_step({step, 2, 0, 20, 1, 1});
    ASSERT_EQ(recorder.record().layer_stats.size(), 1u);
    EXPECT_EQ(recorder.record().layer_stats[0].dead,
              (std::vector<double>{input == kStandardized ? 0.0 : 1.0}));
  }
}

// What a step too small to matter makes of the first weights is what the recorder says they were.
TEST(RunRecorder, keeps_the_first_weights_as_a_model_has_them) {
  const LabeledImages images = first_images(20), none = last_images(images, 0);
  for (const InputTransform input : {InputTransform{}, kStandardized}) {
    Recipe recipe = small_recipe();
    recipe.input = input, recipe.learning_rate = 1e-12;
    TrainingState state = start_training(recipe, 784);
    const RunRecorder recorder(state, images, none);
    train(state, images);
    fold_input_transform(state.network, input);
    EXPECT_TRUE(close_to(recorder.record().first_weights, *state.network.parameters()[0].value,
                         {.rtol = 1e-5, .atol = 1e-7}));
  }
}

TEST(CurvesFigure, shows_no_images_kept_back_where_there_are_none) {
  RunRecord record;
  record.steps_per_epoch = 2, record.step_losses = {2.3, 1.5, 1, 0.5};
  record.epochs = {{1.2, 0.7, 1.3, 0.6}, {0.4, 0.9, 0.5, 0.8}};
  const Figure both = curves_figure(record);
  EXPECT_EQ(both.panels[0].curves.size(), 3u);
  EXPECT_EQ(both.panels[1].curves.size(), 2u);
  EXPECT_NE(both.line.find("90.0% of the images it learned from are right, 80.0% of those kept back."),
            std::string::npos)
      << both.line;
  for (EpochRecord& epoch : record.epochs) epoch.validation_loss = epoch.validation_accuracy = std::nullopt;
  const Figure one = curves_figure(record);
  EXPECT_EQ(one.panels[0].curves.size(), 2u);
  ASSERT_EQ(one.panels[1].curves.size(), 1u);
  EXPECT_EQ(one.panels[1].curves[0].points.back().y, 90);
  EXPECT_NE(one.line.find("no images were kept back"), std::string::npos) << one.line;
  for (const Panel& panel : one.panels) {
    for (const PanelText& text : panel.texts)
      EXPECT_EQ(text.text.find("kept back"), std::string::npos) << text.text;
  }
}

TEST(ModelFile, holds_the_transpose_under_the_names_of_pytorch) {
  auto network = make_network<float>({2, 3, kClasses});
  (*network.parameters()[0].value)(1, 2) = 5;
  const TensorFile file = to_tensors(network);
  ASSERT_EQ(file.tensors.size(), 4u);
  EXPECT_EQ(file.tensors[0].first, "0.weight");
  EXPECT_EQ(file.tensors[1].first, "0.bias");
  EXPECT_EQ(file.tensors[2].first, "2.weight");
  EXPECT_EQ(file.tensors[3].first, "2.bias");
  EXPECT_EQ(file.tensors[0].second.shape, (std::vector<std::size_t>{3, 2}));
  EXPECT_EQ(file.tensors[0].second.values[2 * 2 + 1], 5);
  EXPECT_EQ(file.tensors[1].second.shape, std::vector<std::size_t>{3});
}

TEST(ModelFile, comes_back_bit_for_bit) {
  const TemporaryFolder folder;
  TrainingState state = start_training(small_recipe(), 784);
  save_model(folder / "m.safetensors", state.network, {{"seed", "1"}});
  Network<float> loaded = load_model(folder / "m.safetensors");
  EXPECT_EQ(all_weights(loaded), all_weights(state.network));
  EXPECT_EQ(read_safetensors(folder / "m.safetensors").metadata.at("pixels"), "value / 255");
}

// As torch.nn.DataParallel, torch.compile or a module of one's own name them.
TEST(ModelFile, a_prefix_that_all_names_share_is_taken_off_and_said) {
  const TemporaryFolder folder;
  TrainingState state = start_training(small_recipe(), 784);
  for (const std::string prefix : {"module.", "_orig_mod.", "model.2.net."}) {
    TensorFile file = to_tensors(state.network);
    for (auto& [name, tensor] : file.tensors) name = prefix + name;
    write_safetensors(folder / "m.safetensors", file);
    testing::internal::CaptureStderr();
    Network<float> loaded = load_model(folder / "m.safetensors");
    const std::string said = testing::internal::GetCapturedStderr();
    EXPECT_EQ(all_weights(loaded), all_weights(state.network));
    EXPECT_NE(said.find("m.safetensors: "), said.npos) << said;
    EXPECT_NE(said.find("'" + prefix + "'"), said.npos) << said;
    EXPECT_EQ(std::count(said.begin(), said.end(), '\n'), 1) << said;
  }
  TensorFile file = to_tensors(state.network);
  file.tensors[0].first = "module." + file.tensors[0].first;
  write_safetensors(folder / "m.safetensors", file);
  EXPECT_TRUE(fails_saying([&] { load_model(folder / "m.safetensors"); }, {"module.0.weight"}));
  for (auto& [name, tensor] : file.tensors) name = "module.fc" + name.substr(name.rfind('.') - 1);
  write_safetensors(folder / "m.safetensors", file);
  EXPECT_TRUE(fails_saying([&] { load_model(folder / "m.safetensors"); }, {"module.fc"}));
}

TEST(ModelFile, one_that_is_no_plain_network_is_refused) {
  auto network = make_network<float>({2, 3, kClasses});
  TensorFile file = to_tensors(network);
  const auto refused = [&](const TensorFile& f, std::initializer_list<std::string_view> words) {
    return fails_saying([&] { network_from_tensors(f, "m.safetensors"); }, words);
  };
  TensorFile no_bias = file;
  no_bias.tensors.erase(no_bias.tensors.begin() + 1);
  EXPECT_TRUE(refused(no_bias, {"m.safetensors", "0.bias", "missing"}));
  TensorFile convolution = file;
  convolution.tensors[0].second.shape = {3, 2, 1, 1};
  EXPECT_TRUE(refused(convolution, {"0.weight", "4 dimensions"}));
  TensorFile unlike = file;
  unlike.tensors[2].second = {{kClasses, 4}, std::vector<float>(4 * kClasses)};
  EXPECT_TRUE(refused(unlike, {"2.weight", "4", "3"}));
  TensorFile names = file;
  names.tensors[0].first = "encoder.weight";
  EXPECT_TRUE(refused(names, {"encoder.weight"}));
  EXPECT_TRUE(refused(TensorFile{}, {"no layer"}));
  TensorFile linear = file;
  linear.tensors[2].first = "1.weight", linear.tensors[3].first = "1.bias";
  EXPECT_TRUE(refused(linear, {"m.safetensors", "0.weight and 1.weight", "no activation function"}));
}

TEST(ModelFile, other_pixels_than_ours_are_refused) {
  const TemporaryFolder folder;
  auto network = make_network<float>({784, kClasses});
  TensorFile file = to_tensors(network);
  file.metadata["pixels"] = "(value / 255 - 0.1307) / 0.3081";
  write_safetensors(folder / "m.safetensors", file);
  EXPECT_TRUE(fails_saying([&] { load_model(folder / "m.safetensors"); }, {"0.1307", "value / 255"}));
}

TEST(ModelFile, of_other_classes_than_the_ten_digits_is_refused) {
  const TemporaryFolder folder;
  auto network = make_network<float>({784, 7});
  save_model(folder / "m.safetensors", network, {});
  EXPECT_TRUE(fails_saying([&] { load_model(folder / "m.safetensors"); }, {"gives 7 classes", "10 digits"}));
}

TEST(ModelFile, with_nan_or_infinity_is_refused) {
  for (const float value : {std::nanf(""), HUGE_VALF, -HUGE_VALF}) {
    auto network = make_network<float>({2, 3, kClasses});
    (*network.parameters()[2].value)(1, 2) = value;
    const TensorFile file = to_tensors(network);
    EXPECT_TRUE(
        fails_saying([&] { network_from_tensors(file, "m"); }, {"m: tensor 2.weight", "NaN", "too high"}));
  }
}

class Checkpoint : public testing::TestWithParam<const char*> {};

TEST_P(Checkpoint, continues_to_the_bits_of_a_run_that_was_never_interrupted) {
  const TemporaryFolder folder;
  const LabeledImages images = first_images(330);  // the last batch of an epoch is smaller
  Recipe recipe = small_recipe();
  recipe.optimizer = GetParam(), recipe.input = kStandardized;
  TrainingState whole = start_training(recipe, 784);
  const auto expected = losses_of(whole, images);
  for (const std::size_t stop_at : {1, 7, 9, 14}) {
    TrainingState first = start_training(recipe, 784);
    train(first, images, {{.after_step = [&](const StepReport& s) { return s.step < stop_at; }}});
    save_checkpoint(folder / "c", first);
    TrainingState second = load_checkpoint(folder / "c");
    EXPECT_EQ(second.recipe, recipe);
    const auto rest = losses_of(second, images);
    EXPECT_EQ(rest,
              std::vector<float>(expected.begin() + static_cast<std::ptrdiff_t>(stop_at), expected.end()));
    EXPECT_EQ(all_weights(second.network), all_weights(whole.network));
  }
}

INSTANTIATE_TEST_SUITE_P(Optimizers, Checkpoint, testing::Values("sgd", "momentum", "adam"),
                         [](const auto& optimizer) { return std::string(optimizer.param); });

TEST(CheckpointFile, with_settings_that_no_option_allows_is_refused) {
  const TemporaryFolder folder;
  TrainingState state = start_training(small_recipe(), 784);
  save_checkpoint(folder / "c", state);
  const TensorFile good = read_safetensors(folder / "c");
  EXPECT_EQ(state_from_tensors(good, "c").recipe, state.recipe);
  for (const auto& [key, value] :
       std::initializer_list<std::pair<const char*, const char*>>{{"epochs", "0"},
                                                                  {"epochs", "99999999999"},
                                                                  {"batch_size", "0"},
                                                                  {"batch_size", "18446744073709551615"},
                                                                  {"learning_rate", "nan"},
                                                                  {"learning_rate", "-1"},
                                                                  {"warm_up", "2"},
                                                                  {"optimizer", "magic"},
                                                                  {"initialization", "3"},
                                                                  {"dropout", "1"},
                                                                  {"weight_decay", "-1"},
                                                                  {"label_smoothing", "nan"},
                                                                  {"ema", "1"},
                                                                  {"augment", "mirror"},
                                                                  {"seed", "one"}}) {
    TensorFile file = good;
    file.metadata[key] = value;
    EXPECT_TRUE(fails_saying([&] { state_from_tensors(file, "c"); }, {"c: metadata", key})) << value;
  }
}

// What chapter 08 adds: the options, and the average of the weights.
TEST(CheckpointFile, keeps_the_options_of_chapter_08_and_the_average) {
  const TemporaryFolder folder;
  Recipe recipe = small_recipe();
  recipe.augment = "affine", recipe.dropout = 0.25, recipe.weight_decay = 0.01, recipe.label_smoothing = 0.1;
  recipe.ema = 0.9;
  TrainingState state = start_training(recipe, 784);
  save_checkpoint(folder / "first", state);
  EXPECT_TRUE(load_checkpoint(folder / "first").average.empty()) << "before the first step";
  train(state, first_images(100), RegularizedStep(state, first_images(100)), {average_weights(state)});
  save_checkpoint(folder / "c", state);
  const TrainingState loaded = load_checkpoint(folder / "c");
  EXPECT_EQ(loaded.recipe, recipe);
  EXPECT_EQ(loaded.average, state.average);
  TensorFile file = read_safetensors(folder / "c");
  std::erase_if(file.tensors, [](const auto& tensor) { return tensor.first == "average.2.weight"; });
  EXPECT_TRUE(fails_saying([&] { state_from_tensors(file, "c"); }, {"average.2.weight", "missing"}));
}

TEST(CheckpointFile, of_a_version_without_these_options_is_one_without_them) {
  const TemporaryFolder folder;
  TrainingState state = start_training(small_recipe(), 784);
  save_checkpoint(folder / "c", state);
  TensorFile file = read_safetensors(folder / "c");
  for (const char* key : {"augment", "dropout", "weight_decay", "label_smoothing", "ema"})
    file.metadata.erase(key);
  EXPECT_EQ(state_from_tensors(file, "c").recipe, state.recipe);
}

// The fast step sees other images in every batch, and refuses what it does not know.
TEST(AugmentedStep, gives_the_bits_of_the_plain_step_with_the_fast_one) {
  Recipe recipe = small_recipe();
  recipe.augment = "elastic";
  const LabeledImages images = first_images(170);
  TrainingState plain = start_training(recipe, 784), fast = start_training(recipe, 784);
  train(plain, images, augmented_step(recipe, images, [&](const LabeledImages& seen) -> Step {
          return PlainStep(plain, seen);
        }));
  train(fast, images, augmented_step(recipe, images, [&](const LabeledImages& seen) {
          return fast_step(fast, seen, {.images_change = true});
        }));
  for (std::size_t t = 0; t < 4; ++t)
    EXPECT_EQ(*fast.network.parameters()[t].value, *plain.network.parameters()[t].value) << t;
}

TEST(FastStep, refuses_what_only_the_regularized_step_knows) {
  Recipe recipe = small_recipe();
  recipe.dropout = 0.1;
  TrainingState state = start_training(recipe, 784);
  EXPECT_TRUE(
      fails_saying([&] { fast_step(state, first_images(100)); }, {"fast_step", "dropout", "chapter 08"}));
}

TEST(CheckpointFile, whose_optimizer_remembers_other_shapes_is_refused) {
  for (const char* name : {"optimizer.momentum.0.weight", "optimizer.momentum.2.bias"}) {
    const TemporaryFolder folder;
    Recipe recipe = small_recipe();
    recipe.optimizer = "momentum";
    TrainingState state = start_training(recipe, 784);
    save_checkpoint(folder / "c", state);
    TensorFile file = read_safetensors(folder / "c");
    for (auto& [key, tensor] : file.tensors) {
      if (key != name) continue;
      --tensor.shape[0];
      std::size_t size = 1;
      for (const std::size_t extent : tensor.shape) size *= extent;
      tensor.values.resize(size);
    }
    EXPECT_TRUE(fails_saying([&] { state_from_tensors(file, "c"); }, {"c: tensor", name, "shape"}));
  }
}

// Taken for one, that of a training on standardized pixels would read worse than it does, without a word.
TEST(CheckpointFile, is_no_model) {
  const TemporaryFolder folder;
  for (const char* optimizer : {"sgd", "adam"}) {
    Recipe recipe = small_recipe();
    recipe.optimizer = optimizer;
    TrainingState state = start_training(recipe, 784);
    save_checkpoint(folder / "c", state);
    EXPECT_TRUE(fails_saying([&] { load_model(folder / "c"); }, {"is a checkpoint", "--resume"}));
  }
}

TEST(CheckpointFile, a_model_is_no_checkpoint) {
  const TemporaryFolder folder;
  auto network = make_network<float>({784, kClasses});
  save_model(folder / "m.safetensors", network, {});
  EXPECT_TRUE(fails_saying([&] { load_checkpoint(folder / "m.safetensors"); }, {"is no checkpoint"}));
}

}  // namespace
}  // namespace nn

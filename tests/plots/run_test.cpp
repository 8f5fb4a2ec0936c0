// What is measured of a training run, and what is shown of a classifier.
#include <cmath>
#include <gtest/gtest.h>

#include "07_training/plain_step.hpp"
#include "10_mnist/digits/classifier_figures.hpp"
#include "10_mnist/digits/run_figures.hpp"
#include "common/figures/draw_figure.hpp"

namespace nn {
namespace {

// Five images of three classes.
const Matrix<float> kAnswers{{0.7f, 0.2f, 0.1f},    // a 0, classified correctly
                             {0.2f, 0.3f, 0.5f},    // a 1, taken for a 2
                             {0.0f, 0.1f, 0.9f},    // a 0, taken for a 2: surest mistake
                             {0.1f, 0.45f, 0.45f},  // a 2, taken for a 1: as probable, so the closest
                             {0.6f, 0.4f, 0.0f}};   // a 0 again
constexpr std::array<std::uint8_t, 5> kTruth = {0, 1, 0, 2, 0};

TEST(Predictions, answer_is_the_most_probable) {
  const auto predictions = all_predictions(kAnswers, kTruth);
  ASSERT_EQ(predictions.size(), 5u);
  EXPECT_EQ(predictions[1].image, 1u);
  EXPECT_EQ(predictions[1].truth, 1);
  EXPECT_EQ(predictions[1].answer, 2);
  EXPECT_FLOAT_EQ(predictions[1].sure(), 0.5f);
  EXPECT_FLOAT_EQ(predictions[1].lead(), 0.2f);
  EXPECT_TRUE(predictions[0].is_right());
  EXPECT_EQ(predictions[0].lead(), 0);
}

TEST(Predictions, the_first_right_one_of_each_class_that_has_one) {
  const auto predictions = all_predictions(kAnswers, kTruth);
  const auto first = first_right_ones(predictions, 3);
  ASSERT_EQ(first.size(), 1u);
  EXPECT_EQ(first[0].image, 0u);

  constexpr std::array<std::uint8_t, 5> turned = {0, 2, 2, 1, 0};  // all five right
  const auto in_order = first_right_ones(all_predictions(kAnswers, turned), 3);
  ASSERT_EQ(in_order.size(), 3u);
  EXPECT_EQ(in_order[0].image, 0u);
  EXPECT_EQ(in_order[1].image, 3u);
  EXPECT_EQ(in_order[2].image, 1u);
}

TEST(Predictions, mistakes_come_the_surest_first) {
  const auto wrong = mistakes(all_predictions(kAnswers, kTruth));
  ASSERT_EQ(wrong.size(), 3u);
  EXPECT_EQ(wrong[0].image, 2u);
  EXPECT_EQ(wrong[1].image, 1u);
  EXPECT_EQ(wrong[2].image, 3u);
}

TEST(Predictions, the_surest_and_the_closest_mistake) {
  const auto telling = notable_mistakes(all_predictions(kAnswers, kTruth));
  ASSERT_EQ(telling.size(), 2u);
  EXPECT_EQ(telling[0].image, 2u);
  EXPECT_EQ(telling[1].image, 3u);
}

TEST(Predictions, fewer_where_there_are_fewer_mistakes) {
  constexpr std::array<std::uint8_t, 5> one_wrong = {0, 2, 2, 1, 1}, none_wrong = {0, 2, 2, 1, 0};
  EXPECT_EQ(notable_mistakes(all_predictions(kAnswers, one_wrong)).size(), 1u);
  EXPECT_TRUE(notable_mistakes(all_predictions(kAnswers, none_wrong)).empty());
}

TEST(RunRecord, a_neuron_is_dead_if_no_example_wakes_it) {
  EXPECT_EQ(dead_share({{0, 1, 0, 0}, {0, 0, 2, 0}}), 0.5);
  EXPECT_EQ(dead_share({{1, 1}}), 0);
  EXPECT_EQ(dead_share({{0, 0}}), 1);
}

TEST(RunRecord, an_update_is_measured_against_the_weights) {
  // Weights of length 5, moved by (0.3, 0.4), whose length is 0.5.
  EXPECT_NEAR(relative_update({{3, 4}}, {{3.3f, 4.4f}}), 0.1, 1e-7);
  EXPECT_EQ(relative_update({{3, 4}}, {{3, 4}}), 0);
}

// Two pixels an image: the left one bright is a 0, the right one a 1.
LabeledImages two_pixels(std::size_t count) {
  std::vector<std::uint8_t> pixels, labels;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint8_t label = i % 2, shade = static_cast<std::uint8_t>(255 - i);
    labels.push_back(label);
    pixels.push_back(label == 0 ? shade : 0);
    pixels.push_back(label == 0 ? 0 : shade);
  }
  return {{count, 1, 2, pixels}, labels};
}

struct WatchedRun {
  TrainingState state;
  RunRecord record;
  explicit WatchedRun(bool watched)
      : state(start_training({.hidden = {4}, .epochs = 3, .batch_size = 5}, 2)) {
    const LabeledImages training = two_pixels(20), validation = two_pixels(10);
    RunRecorder recorder(state, training, validation);
    std::vector<TrainingObserver> observers;
    if (watched) observers.push_back(recorder.observer());
    train(state, training, observers);
    record = recorder.record();
  }
};

TEST(RunRecorder, sees_every_step_and_epoch) {
  WatchedRun run(true);
  EXPECT_EQ(run.record.steps_per_epoch, 4u);
  EXPECT_EQ(run.record.step_losses.size(), 12u);
  EXPECT_EQ(run.record.epochs.size(), 3u);
  ASSERT_EQ(run.record.layer_stats.size(), 11u) << "the first step has no weights before it to compare with";
  EXPECT_EQ(run.record.layer_stats[0].step, 2u);
  for (const LayerStats& pulse : run.record.layer_stats) {
    EXPECT_EQ(pulse.dead.size(), 1u);
    ASSERT_EQ(pulse.updates.size(), 2u);
    EXPECT_GT(pulse.updates[0], 0);
    EXPECT_LT(pulse.updates[0], 1);
  }
}

TEST(RunRecorder, changes_nothing) {
  WatchedRun watched(true), alone(false);
  const auto a = watched.state.network.parameters(), b = alone.state.network.parameters();
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t t = 0; t < a.size(); ++t) EXPECT_EQ(*a[t].value, *b[t].value) << a[t].name;
}

TEST(RunFigures, the_confusion_matrix_shows_every_count) {
  Evaluation evaluation{.count = 12, .right = 9};
  evaluation.confusion(4, 4) = 9;
  evaluation.confusion(4, 9) = 2;
  evaluation.confusion(7, 1) = 1;
  const Figure figure = confusion_figure(evaluation);
  ASSERT_EQ(figure.data.size(), kClasses);
  EXPECT_EQ(figure.data[4].points[9].y, 2);
  EXPECT_EQ(figure.data[7].points[1].y, 1);
  std::string words;
  for (const Text& text : figure.texts) words += text.text + "\n";
  EXPECT_NE(words.find("a 4 taken for a 9:  2\na 7 taken for a 1:  1\n"), std::string::npos) << words;
  EXPECT_NE(figure.line.find("9 of 12"), std::string::npos) << figure.line;
}

TEST(RunFigures, a_perfect_classifier_and_an_empty_run_can_be_drawn) {
  Evaluation evaluation{.count = 1, .right = 1};
  evaluation.confusion(3, 3) = 1;
  EXPECT_EQ(confusion_figure(evaluation).data.size(), kClasses);
  EXPECT_EQ(mistakes_figure({}, ImageSet{}).grids.size(), 0u);
  EXPECT_EQ(curves_figure(RunRecord{}).panels.size(), 2u);
  EXPECT_EQ(health_figure(RunRecord{}).panels.size(), 2u);
}

TEST(RunFigures, weights_show_first_what_training_changed_most) {
  const Matrix<float> before{{1, 1, 1}, {1, 1, 1}}, after{{1, 2, 1}, {1, 1, 4}};
  const Figure figure = weights_figure(before, after, 2);
  ASSERT_EQ(figure.grids.size(), 9u);
  EXPECT_EQ(figure.grids[0].name, "neuron 2, before");
  EXPECT_EQ(figure.grids[3].name, "neuron 2, what training added");
  EXPECT_EQ(figure.grids[3].values, (std::vector<double>{0, 3}));
  EXPECT_EQ(figure.grids[4].values, (std::vector<double>{1, 0}));
}

TEST(FigureCsv, holds_every_number) {
  Figure figure{.name = "f"};
  figure.panels = {Panel{.title = "a, b", .curves = {{"c", {{1, 2}, {3, std::nan("")}}}}}};
  figure.grids = {Grid{.name = "g", .cols = 2, .values = {0, 0.5, 1}}};
  figure.data = {{"d", {{4, 5}}}};
  EXPECT_EQ(figure_as_csv(figure),
            "part,series,x,y\n\"a, b\",c,1,2\n\"a, b\",c,3,nan\ng,row 0,0,0\ng,row 0,1,0.5\ng,row "
            "1,0,1\nf,d,4,5\n");
}

TEST(Shade, goes_from_white_to_the_color_and_no_further) {
  EXPECT_EQ(shade(Shades::kGray, 0, 1), 0);
  EXPECT_EQ(shade(Shades::kGray, 255, 255), kWhite);
  EXPECT_EQ(shade(Shades::kSigned, 0, 1), kWhite);
  EXPECT_EQ(shade(Shades::kSigned, -7, 1), kOrange);
  EXPECT_EQ(shade(Shades::kSigned, 7, 1), kBlue);
  EXPECT_EQ(shade(Shades::kShare, -1, 1), kWhite);
}

TEST(Grouped, puts_commas) {
  EXPECT_EQ(grouped(945), "945");
  EXPECT_EQ(grouped(5000), "5,000");
  EXPECT_EQ(grouped(1234567), "1,234,567");
}

}  // namespace
}  // namespace nn

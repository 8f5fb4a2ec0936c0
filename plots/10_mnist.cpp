// What comes out of the whole course: a network trained on the sample, watched while it learns, and what it makes of
// handwritten digits that it has never seen.
#include <fmt/format.h>

#include "06_simd_matmul/products.hpp"
#include "09_fast_training/fast_step.hpp"
#include "10_mnist/digits/run_figures.hpp"
#include "10_mnist/predictions.hpp"
#include "10_mnist/recipes.hpp"
#include "plot.hpp"

namespace nn::plots {
namespace {

constexpr int kTop = 124, kRow = 230;
constexpr int kPixel = 4, kTile = 28 * kPixel, kGap = 7, kColumns = 5;

// A bar a class, as high as it is probable. The answer has its color, the truth is dark.
void add_bars(Figure& figure, const Prediction& r, int left, int top, int color) {
  constexpr int kFull = 36, kStep = 10, kBar = 7;
  Curve data{fmt::format("image {}, truth {}: probabilities", r.image, r.truth)};
  for (std::size_t c = 0; c < r.p.size(); ++c) {
    const bool is_answer = c == r.answer, is_truth = c == r.truth;
    const int bar_color = is_answer ? color : is_truth ? kInk : kQuiet;
    const double middle = left + kStep * (static_cast<double>(c) + 0.5);
    const double height = kFull * static_cast<double>(r.p[c]);
    figure.rectangles.push_back({middle - kBar / 2.0, top + kFull - height, kBar, height, bar_color});
    figure.texts.push_back({std::to_string(c), middle, top + kFull + 10.0, bar_color, 10, Align::kCenter,
                            is_answer || is_truth});
    data.points.push_back({static_cast<double>(c), static_cast<double>(r.p[c])});
  }
  figure.rectangles.push_back(
      {static_cast<double>(left), top + 1.0 * kFull, static_cast<double>(r.p.size()) * kStep, 1, kFaint});
  figure.data.push_back(data);
}

// The image, what it is taken for, how sure that is, and all the probabilities. A mistake is framed and named.
void add_reading(Figure& figure, const Prediction& r, const ImageSet& images, int left, int top) {
  constexpr int kInset = 6, kFrame = 4;
  const int color = r.is_right() ? kBlue : kOrange;
  const double below = top + kTile, x = left, y = top;
  if (!r.is_right()) {
    figure.rectangles.push_back({x - kFrame, y - kFrame, kTile + 2.0 * kFrame, kTile + 2.0 * kFrame, color});
    figure.texts.push_back(
        {fmt::format("misread: it is a {}", r.truth), x, y - 15, color, kSmallSize, Align::kLeft, true});
  }
  figure.grids.push_back(
      image_grid(fmt::format("image {}", r.image), x, y, kPixel, images.image(r.image), images.width));
  figure.texts.push_back({std::to_string(r.answer), x + kInset, below + 18, color, 22, Align::kLeft, true});
  figure.texts.push_back({percent(static_cast<double>(r.sure())) + " sure", x + kTile - kInset, below + 20,
                          kQuiet, kSmallSize, Align::kRight});
  add_bars(figure, r, left + kInset, static_cast<int>(below) + 34, color);
}

// On the left correctly classified images, in rows of kColumns; on the right mistakes, one below the other.
Figure what_it_sees(std::size_t learned_from, const ImageSet& images,
                    const std::vector<Prediction>& predictions) {
  const std::size_t wrong = mistakes(predictions).size(), count = predictions.size();
  Figure figure{.name = "10_mnist", .height = 596};
  figure.title = "Trained from scratch, it classifies digits that it has never seen";
  figure.line = fmt::format("The network learned from {} handwritten digits; of {} others it reads {} right.",
                            grouped(learned_from), grouped(count), grouped(count - wrong));
  figure.texts = {
      {"the first correctly classified image of each digit; bars: the probability of each digit", kCardBorder,
       kTop - 15, kQuiet},
      {fmt::format("right-hand side: of its {} mistakes the surest one and the closest one", wrong),
       kCardRight, figure.height - 22.0, kQuiet, kSmallSize, Align::kRight}};
  int i = 0;
  for (const Prediction& r : first_right_ones(predictions, kClasses)) {
    add_reading(figure, r, images, kCardBorder + i % kColumns * (kTile + kGap), kTop + i / kColumns * kRow);
    ++i;
  }
  i = 0;
  for (const Prediction& r : notable_mistakes(predictions))
    add_reading(figure, r, images, kCardRight - kTile, kTop + i++ * kRow);
  return figure;
}

// The recipe "default" on the sample, watched.
std::vector<Figure> make() {
  const Mnist mnist = load_mnist_sample();
  const UseProduct<float> use(fastest_product<float>().product);
  TrainingState state = start_training(recipe_named("default"), mnist.train.height * mnist.train.width);
  const std::size_t kept_back = validation_count(mnist.train.count);
  const LabeledImages training = first_images(mnist.train, mnist.train.count - kept_back),
                      validation = last_images(mnist.train, kept_back);
  RunRecorder recorder(state, training, validation);
  train(state, training, fast_step(state, training), {recorder.observer()});
  const Matrix<float> p = probabilities_of(state.network, mnist.test);
  std::vector<Figure> figures = {
      what_it_sees(training.labels.size(), mnist.test, all_predictions(p, mnist.test.labels))};
  for (Figure& figure : run_figures(recorder.record(), state.network, mnist.test)) {
    figure.name = "10_" + figure.name;
    figures.push_back(std::move(figure));
  }
  return figures;
}

}  // namespace
}  // namespace nn::plots

int main(int argc, char** argv) { return nn::plots::run_plot("10_mnist", argc, argv, nn::plots::make); }

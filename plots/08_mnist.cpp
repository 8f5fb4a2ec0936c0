// What comes out of the whole course: handwritten digits that the network has never seen, what it answers and how
// sure it is.
#include <cmath>
#include <fmt/format.h>

#include "01_matrix/digits_as_matrix.hpp"
#include "03_softmax/softmax.hpp"
#include "06_simd_matmul/products.hpp"
#include "08_mnist/training.hpp"
#include "08_mnist_choice.hpp"
#include "canvas.hpp"
#include "common/mnist.hpp"
#include "figure.hpp"
#include "style.hpp"

namespace nn::plots {
namespace {

constexpr int kHeight = 596, kTop = 124, kRow = 230;
constexpr int kPixel = 4, kTile = 28 * kPixel, kGap = 7, kColumns = 5;

// The probabilities that the recipe "default", trained on the sample's training images, gives its test images.
// Result: count x classes.
Matrix<float> learn_and_read(const Mnist& mnist) {
  const UseProduct<float> use(fastest_product<float>().product);
  const std::size_t width = mnist.train.images.height * mnist.train.images.width;
  TrainingState state = start_training(recipe_named("default"), width);
  train(state, mnist.train, {});
  const auto x = pixels_as_rows<float>(mnist.test.images.pixels, width);
  return softmax(state.network.forward(x)).values;
}

// "98.6%", rounded down: softmax never says 100%.
std::string percent(float share) { return fmt::format("{:.1f}%", std::floor(1000 * share) / 10); }

// "945", "5,000"
std::string grouped(std::size_t count) {
  return count < 1000 ? std::to_string(count) : fmt::format("{},{:03}", count / 1000, count % 1000);
}

// A bar a class, as high as it is probable. The answer has its colour, the truth is dark.
void draw_bars(Canvas& canvas, const Reading& r, int left, int top, int colour) {
  constexpr int kFull = 36, kStep = 10, kBar = 7;
  for (std::size_t c = 0; c < r.p.size(); ++c) {
    const bool is_answer = c == r.answer, is_truth = c == r.truth;
    const int bar_colour = is_answer ? colour : is_truth ? kInk : kQuiet;
    const double middle = left + kStep * (static_cast<double>(c) + 0.5);
    const double height = kFull * static_cast<double>(r.p[c]);
    canvas.rectangle(middle - kBar / 2.0, top + kFull - height, kBar, height, bar_colour);
    canvas.text(middle, top + kFull + 10, std::to_string(c), {10, "center", is_answer || is_truth},
                bar_colour);
  }
  canvas.rectangle(left, top + kFull, static_cast<double>(r.p.size()) * kStep, 1, kFaint);
}

// The image, what it is taken for, how sure that is, and all the probabilities. A mistake is framed and named.
void draw_reading(Canvas& canvas, const Reading& r, const ImageSet& images, int left, int top) {
  constexpr int kInset = 6, kFrame = 4;
  const int colour = r.is_right() ? kBlue : kOrange, below = top + kTile;
  if (!r.is_right()) {
    canvas.rectangle(left - kFrame, top - kFrame, kTile + 2 * kFrame, kTile + 2 * kFrame, colour);
    canvas.text(left, top - 15, fmt::format("misread: it is a {}", r.truth), {kSmallSize, "left", true},
                colour);
  }
  canvas.image(left, top, kPixel, images.image(r.image), images.width);
  canvas.text(left + kInset, below + 18, std::to_string(r.answer), {22, "left", true}, colour);
  canvas.text(left + kTile - kInset, below + 20, percent(r.sure()) + " sure", {kSmallSize, "right"}, kQuiet);
  draw_bars(canvas, r, left + kInset, below + 34, colour);
}

// On the left what it reads right, in rows of kColumns; on the right its mistakes, one below the other.
void draw_readings(Canvas& canvas, const std::vector<Reading>& right, const std::vector<Reading>& wrong,
                   const ImageSet& images) {
  for (int i = 0; i < static_cast<int>(right.size()); ++i) {
    const int column = i % kColumns, row = i / kColumns;
    draw_reading(canvas, right[static_cast<std::size_t>(i)], images, kBorder + column * (kTile + kGap),
                 kTop + row * kRow);
  }
  for (int i = 0; i < static_cast<int>(wrong.size()); ++i) {
    draw_reading(canvas, wrong[static_cast<std::size_t>(i)], images, kWidth - kBorder - kTile,
                 kTop + i * kRow);
  }
}

void draw(Gnuplot& gnuplot) {
  const Mnist mnist = load_mnist_sample();
  const Matrix<float> p = learn_and_read(mnist);
  const std::vector<Reading> readings = all_readings(p, mnist.test.labels);
  const std::size_t wrong = count_mistakes(readings), count = readings.size();

  headline(gnuplot, "Written from scratch, it reads digits that it has never seen",
           fmt::format("The network learned from {} handwritten digits; of {} others it reads {} right.",
                       grouped(mnist.train.labels.size()), grouped(count), grouped(count - wrong)));
  Canvas canvas(gnuplot, kHeight);
  canvas.text(kBorder, kTop - 15,
              "of each digit the first one that it reads right; bars: the probability of each digit",
              {kSmallSize}, kQuiet);
  canvas.text(kWidth - kBorder, kHeight - 22,
              fmt::format("right-hand side: of its {} mistakes the surest one and the closest one", wrong),
              {kSmallSize, "right"}, kQuiet);
  draw_readings(canvas, first_right_ones(readings, kClasses), telling_mistakes(readings), mnist.test.images);
  canvas.show();
}

}  // namespace
}  // namespace nn::plots

int main(int argc, char** argv) {
  return nn::plots::run_plot("08_mnist", nn::plots::kHeight, argc, argv, nn::plots::draw);
}

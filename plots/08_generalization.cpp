// Overfitting as two curves, the variants of one digit, and what more images or more neurons do.
#include <fmt/format.h>

#include "06_simd_matmul/products.hpp"
#include "08_generalization/experiments/watched_training.hpp"
#include "plot.hpp"

namespace nn::plots {
namespace {

// Nine variants a row, drawn with the seeds 1, 2, 3, ...
Figure variants(const Mnist& mnist) {
  constexpr double kTop = 92, kTile = 56, kStep = 63, kLeft = 110, kRow = 76;
  constexpr std::size_t kImage = 5, kVariants = 9;
  const LabeledImages& images = mnist.train;
  const std::size_t size = images.height * images.width;
  Figure figure{.name = "08_variants", .height = static_cast<int>(kTop + 3 * kRow + 4)};
  figure.title = "Nine variants of one image, in three ways";
  figure.line = "On the left the training image; each variant is drawn at random, and the label stays.";
  for (std::size_t row = 0; row < 3; ++row) {
    const std::string& name = kAugmentations[row + 1];
    const double top = kTop + kRow * static_cast<double>(row);
    std::vector<std::uint8_t> pixels(kVariants * size);
    std::vector<std::uint64_t> seeds(kVariants);
    for (std::size_t i = 0; i < kVariants; ++i) seeds[i] = i + 1;
    Augmenter{augmentation_named(name)}(images, std::vector<std::size_t>(kVariants, kImage), seeds, pixels);
    figure.texts.push_back({name, kCardBorder, top + kTile / 2, kInk, kTextSize, Align::kLeft, true});
    figure.grids.push_back(
        image_grid(name + ": the image", kLeft - 8, top, kTile / 28, images.image(kImage), images.width));
    for (std::size_t i = 0; i < kVariants; ++i) {
      figure.grids.push_back(image_grid(fmt::format("{} {}", name, i + 1),
                                        kLeft + 8 + kStep * static_cast<double>(i + 1), top, kTile / 28,
                                        std::span(pixels).subspan(i * size, size), images.width));
    }
  }
  return figure;
}

Curve curve_of(const char* name, const std::vector<WatchedEpoch>& epochs, int color,
               double (*value)(const WatchedEpoch&)) {
  Curve curve{name, {}, color};
  for (const WatchedEpoch& epoch : epochs)
    curve.points.push_back({static_cast<double>(curve.points.size()) + 1, value(epoch)});
  return curve;
}

Panel loss_panel(const std::vector<WatchedEpoch>& epochs, const char* title, const char* line) {
  Panel panel{.top = 132, .bottom = 372};
  panel.title = title, panel.line = line;
  panel.x = {"epoch", 0, 40, 10};
  panel.y = {"", 0, 1.25, 0.25};
  panel.curves = {
      curve_of("training", epochs, kBlue, [](const WatchedEpoch& e) { return e.training.loss; }),
      curve_of("validation", epochs, kOrange, [](const WatchedEpoch& e) { return e.validation.loss; })};
  return panel;
}

Figure overfitting(const Mnist& mnist) {
  const auto [training, validation] = split(mnist, kFewImages);
  Recipe recipe = small_data_recipe();
  recipe.epochs = 40;
  Figure figure{.name = "08_overfitting", .height = 430};
  figure.title = "Training loss falls to 0, validation loss rises again";
  figure.line =
      "784-128-10 on 1,000 images; after each epoch the loss on these and on 500 validation images.";
  Panel left = loss_panel(watched_training(recipe, training, validation), "Without augmentation",
                          "lowest validation loss at epoch 10");
  recipe.augment = "elastic";
  Panel right = loss_panel(watched_training(recipe, training, validation), "With elastic deformations",
                           "in each epoch other variants of the same images");
  left.left = 72, left.right = 362, right.left = 450, right.right = kCardRight;
  left.texts = {{"validation", 20, 0.53, kOrange}, {"training", 20, 0.09, kBlue}};
  right.texts = {{"validation", 20, 0.35, kOrange}, {"training", 12, 0.1, kBlue}};
  figure.panels = {left, right};
  return figure;
}

double final_error(const Recipe& recipe, std::size_t images, const Mnist& mnist, bool own) {
  const auto [training, validation] = split(mnist, images);
  const WatchedEpoch last = watched_training(recipe, training, validation).back();
  return 100 * (1 - (own ? last.training : last.validation).accuracy);
}

// Error rates on the training and on the validation images.
std::vector<Curve> error_curves(const std::vector<std::pair<double, std::pair<Recipe, std::size_t>>>& runs,
                                const Mnist& mnist) {
  Curve own{"training", {}, kBlue, Mark::kLineAndDots}, other{"validation", {}, kOrange, Mark::kLineAndDots};
  for (const auto& [x, run] : runs) {
    own.points.push_back({x, final_error(run.first, run.second, mnist, true)});
    other.points.push_back({x, final_error(run.first, run.second, mnist, false)});
  }
  return {own, other};
}

Figure learning_curve(const Mnist& mnist) {
  Figure figure{.name = "08_learning_curve", .height = 430};
  figure.title = "More images help more than more neurons";
  figure.line = "Errors in percent after 20 epochs, on the images learned from and on 500 others.";
  Panel left{.left = 72, .right = 362, .top = 132, .bottom = 372}, right = left;
  right.left = 450, right.right = kCardRight;
  std::vector<std::pair<double, std::pair<Recipe, std::size_t>>> by_images, by_width;
  for (const std::size_t images : {125, 250, 500, 1000, 2000, 4000})
    by_images.push_back({static_cast<double>(images), {small_data_recipe(), images}});
  for (const std::size_t hidden : {4, 8, 16, 32, 64, 128, 256}) {
    Recipe recipe = small_data_recipe();
    recipe.hidden = {hidden};
    by_width.push_back({static_cast<double>(hidden), {recipe, kFewImages}});
  }
  left.title = "784-128-10", left.line = "over the number of training images";
  left.x = {"training images", 100, 5000, 0, true, {{125, "125"}, {500, "500"}, {2000, "2,000"}}};
  left.y = right.y = {"", 0, 45, 5};
  left.curves = error_curves(by_images, mnist);
  right.title = "1,000 training images", right.line = "over the number of hidden neurons";
  right.x = {"hidden neurons", 3, 320, 0, true, {{4, "4"}, {16, "16"}, {64, "64"}, {256, "256"}}};
  right.curves = error_curves(by_width, mnist);
  left.texts = {{"validation", 600, 16, kOrange}, {"training", 600, 3, kBlue}};
  right.texts = {{"validation", 30, 17, kOrange}, {"training", 30, 4, kBlue}};
  figure.panels = {left, right};
  return figure;
}

std::vector<Figure> make() {
  const Mnist mnist = load_mnist_sample();
  const UseProduct<float> use(fastest_product<float>().product);
  return {variants(mnist), overfitting(mnist), learning_curve(mnist)};
}

}  // namespace
}  // namespace nn::plots

int main(int argc, char** argv) {
  return nn::plots::run_plot("08_generalization", argc, argv, nn::plots::make);
}

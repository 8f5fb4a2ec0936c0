// What an optimizer, an activation and a start do to a short run, and how the learning rate goes over a long one.
#include <cmath>
#include <fmt/format.h>

#include "01_matrix/digits_as_matrix.hpp"
#include "05_backprop/gradient_by_layer.hpp"
#include "06_simd_matmul/products.hpp"
#include "07_training/experiments/loss_curve.hpp"
#include "07_training/experiments/small_run.hpp"
#include "07_training/initialize.hpp"
#include "07_training/schedule.hpp"
#include "plot.hpp"

namespace nn::plots {
namespace {

constexpr int kSteps = 240;  // six epochs of 2,000 images

Curve smoothed(const std::string& name, const std::vector<double>& losses, int color) {
  Curve curve{name, {}, color};
  for (const double loss : running_mean(losses, 15))
    curve.points.push_back({static_cast<double>(curve.points.size()) + 1, loss});
  return curve;
}

// A recipe of kSteps steps on batches of 50 digits, of these 20 to warm up.
Recipe short_recipe(const char* optimizer, double rate) {
  return {
      .epochs = 6, .batch_size = 50, .optimizer = optimizer, .learning_rate = rate, .warm_up = 20.0 / kSteps};
}

Curve optimizer_curve(const char* name, double rate, int color, const Mnist& mnist) {
  auto network = make_network<float>({mnist.train.height * mnist.train.width, 64, kClasses});
  Random random(1);
  initialize(network, Initialization::kHe, random);
  return smoothed(fmt::format("{}, rate {}", name, rate),
                  loss_curve(start_training(short_recipe(name, rate), std::move(network)), few_images(mnist)),
                  color);
}

template <class Activation>
Curve activation_curve(const char* name, int color, const Mnist& mnist) {
  auto network =
      stack_of<Activation, float>({mnist.train.height * mnist.train.width, 64, 64, 64, 64, kClasses}, 1);
  return smoothed(
      name, loss_curve(start_training(short_recipe("sgd", 0.05), std::move(network)), few_images(mnist)),
      color);
}

Figure losses(const Mnist& mnist) {
  Figure figure{.name = "07_losses", .height = 430};
  figure.title = "Momentum and Adam learn faster; four layers of sigmoids do not learn";
  figure.line = "The loss of 240 mini-batches of 50 images, smoothed over 15 of them. Guessing has 2.3.";
  Panel left{.left = 72, .right = 362, .top = 132, .bottom = 372}, right = left;
  right.left = 450, right.right = kCardRight;
  left.x = right.x = {"step", 0, kSteps, 40};
  left.y = right.y = {"", 0, 2.6, 0.5};
  left.title = "Optimizers", left.line = "784-64-10, ReLU";
  left.curves = {optimizer_curve("sgd", 0.1, kBlue, mnist), optimizer_curve("momentum", 0.1, kOrange, mnist),
                 optimizer_curve("adam", 0.01, kGreen, mnist)};
  right.title = "Activations", right.line = "784-64-64-64-64-10, sgd, rate 0.05";
  right.curves = {activation_curve<Sigmoid<float>>("sigmoid", kBlue, mnist),
                  activation_curve<Tanh<float>>("tanh", kOrange, mnist),
                  activation_curve<Relu<float>>("ReLU", kGreen, mnist)};
  for (const Curve& curve : left.curves)
    left.texts.push_back(
        {curve.name, 100, 2.25 - 0.22 * static_cast<double>(left.texts.size()), curve.color});
  right.texts = {{"sigmoid", 150, 2.15, kBlue}, {"tanh", 4, 0.8, kOrange}, {"ReLU", 54, 1.1, kGreen}};
  figure.panels = {left, right};
  return figure;
}

Curve spread_curve(const char* name, Initialization kind, int color, const Matrix<float>& x) {
  std::vector<std::size_t> widths(12, 64);
  widths.front() = x.cols(), widths.back() = kClasses;
  auto network = make_network<float>(widths);
  Random random(1);
  initialize(network, kind, random);
  Curve curve{name, {}, color, Mark::kLineAndDots};
  for (const double spread : spread_by_layer(network, x))
    curve.points.push_back({static_cast<double>(curve.points.size()) + 1, spread});
  return curve;
}

Figure spread(const Mnist& mnist) {
  const std::size_t width = mnist.test.height * mnist.test.width;
  const auto x = pixels_as_rows<float>(std::span(mnist.test.pixels).first(100 * width), width);
  Figure figure{.name = "07_spread", .height = 440};
  figure.title = "With He’s initialization, images stay different through ten layers";
  figure.line = "Standard deviation of a neuron’s output over 100 images, layer by layer, before training.";
  Panel panel{.left = 92, .right = 590, .top = 100, .bottom = 382};
  panel.x = {"hidden layer", 1, 10, 1};
  panel.y = {"standard deviation over the images", 1e-5, 1, 10, true};
  panel.curves = {spread_curve("He", Initialization::kHe, kGreen, x),
                  spread_curve("Xavier", Initialization::kXavier, kOrange, x),
                  spread_curve("PyTorch", Initialization::kPyTorch, kBlue, x)};
  const std::array<const char*, 3> weights = {"within √(6 / in)", "within √(6 / (in + out))",
                                              "within 1 / √in"};
  for (std::size_t i = 0; i < 3; ++i) {
    const Curve& curve = panel.curves[i];
    const double share =
        std::log10(curve.points.back().y / panel.y.from) / std::log10(panel.y.to / panel.y.from);
    const double y = panel.bottom - share * (panel.bottom - panel.top);
    figure.texts.push_back({curve.name, panel.right + 10.0, y, curve.color, kTextSize, Align::kLeft, true});
    figure.texts.push_back({weights[i], panel.right + 10.0, y + 17, curve.color});
  }
  figure.panels = {panel};
  return figure;
}

Figure schedule() {
  Figure figure{.name = "07_schedule", .height = 330};
  figure.title = "Linear warm-up, then linear decay of the learning rate";
  figure.line =
      "S = 1,000 steps, of which W = 100 are warm-up. The last steps are small, so that the weights settle.";
  Panel panel{.left = 84, .right = kCardRight, .top = 96, .bottom = 272};
  panel.x = {"step", 0, 1000, 100};
  panel.y = {"learning rate / its peak", 0, 1.05, 0.25};
  const Schedule warm{.peak = 1, .steps = 1000, .warm_up = 100};
  Curve curve{"schedule"};
  for (std::size_t step = 0; step <= 1000; ++step) {
    if (step % 10 == 9 || step == 0 || step == 1000)
      curve.points.push_back({static_cast<double>(step), warm.at(step)});
  }
  panel.curves = {curve};
  panel.texts = {{"warm-up: 100 steps", 112, 0.35, kQuiet}, {"the peak", 86, 0.99, kBlue, Align::kRight}};
  figure.panels = {panel};
  return figure;
}

std::vector<Figure> make() {
  const Mnist mnist = load_mnist_sample();
  const UseProduct<float> use(fastest_product<float>().product);
  return {losses(mnist), spread(mnist), schedule()};
}

}  // namespace
}  // namespace nn::plots

int main(int argc, char** argv) { return nn::plots::run_plot("07_training", argc, argv, nn::plots::make); }

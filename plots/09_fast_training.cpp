// When it pays to skip zeros, from docs/results/benchmarks, where ./learn bench recorded it.
#include <fmt/format.h>

#include "network_drawing.hpp"
#include "plot.hpp"
#include "recorded_products.hpp"

namespace nn::plots {
namespace {

Figure density() {
  const nlohmann::json recorded = read_json(NN_SOURCE_DIR "/docs/results/benchmarks/09_fast_training.json");
  Figure figure{.name = "09_density", .height = 420};
  figure.title = "Skipping zeros pays while less than half of the pixels are not 0";
  figure.line =
      fmt::format("First layer of one training step: 128 images, 784 inputs, 128 neurons, one thread, {}.",
                  recorded.at("context").at("processor").get<std::string>());
  Panel panel{.left = 92, .right = 660, .top = 100, .bottom = 362};
  panel.x = {"density: percent of the pixels that are not 0", 0, 100, 20};
  panel.y = {"microseconds", 0, 1000, 250};
  Curve skipping{"skipping zeros", {}, kOrange, Mark::kLineAndDots},
      dense{"dense product", {}, kBlue, Mark::kLineAndDots};
  for (const int percent : {5, 10, 20, 30, 40, 50, 75, 100}) {
    skipping.points.push_back({double(percent), median_of(recorded, fmt::format("skipping/{}", percent))});
    dense.points.push_back({double(percent), median_of(recorded, fmt::format("dense/{}", percent))});
  }
  panel.curves = {{"MNIST", {{19, 0}, {19, 1000}}, kQuiet, Mark::kDashes, 1.5}, dense, skipping};
  panel.texts = {{"MNIST, 19%", 20.5, 930, kQuiet},
                 {"skipping zeros", 78, skipping.points[6].y - 60, kOrange},
                 {"dense product", 78, dense.points[6].y - 45, kBlue}};
  figure.panels = {panel};
  return figure;
}

std::vector<Figure> make() {
  return {network_strip("09_strip", {Part::kImage, Part::kHiddenLayer}), density()};
}

}  // namespace
}  // namespace nn::plots

int main(int argc, char** argv) {
  return nn::plots::run_plot("09_fast_training", argc, argv, nn::plots::make);
}

// The measured speed of each product and the limits of the machine, from docs/results/benchmarks, where ./learn bench
// recorded them.
#include <array>
#include <fmt/format.h>

#include "plot.hpp"
#include "recorded_products.hpp"

namespace nn::plots {
namespace {

RecordedProducts recorded() {
  return recorded_products(NN_SOURCE_DIR "/docs/results/benchmarks/06_simd_matmul.json");
}

struct Product {
  const char* name;
  int threads, color;
};
constexpr std::array<Product, 7> kProducts = {{{"plain", 1, kQuiet},
                                               {"loop_order", 1, kSky},
                                               {"tiled", 1, kSky},
                                               {"simd", 1, kGreen},
                                               {"packed", 1, kBlue},
                                               {"threads", 2, kOrange},
                                               {"fast", 2, kOrange}}};

// The lightest of the colors is too light for letters.
int text_color(const Product& product) { return product.color == kSky ? kInk : product.color; }

std::vector<std::pair<double, std::string>> named(std::initializer_list<int> values) {
  std::vector<std::pair<double, std::string>> names;
  for (const int value : values) names.push_back({value, std::to_string(value)});
  return names;
}

Figure ladder() {
  const RecordedProducts all = recorded();
  Figure figure{.name = "06_ladder", .height = 500};
  const double gain = all.at("fast", "1024", 2).speed / all.at("plain", "1024", 1).speed;
  figure.title = fmt::format("The same matrix product, up to {:.0f} times as fast", gain);
  figure.line =
      fmt::format("Speed on square matrices of floats, {}; threads and fast use two cores, the others one.",
                  all.context.at("processor").get<std::string>());
  Panel panel{.left = 92, .right = 660, .top = 100, .bottom = 442};
  panel.x = {"rows and columns of each matrix", 32, 1024, 2, true, named({32, 64, 128, 256, 512, 1024})};
  panel.y = {"GFLOP/s (billions of operations per second)", 0.3, 330, 10, true, named({1, 10, 100})};
  for (const int cores : {1, 2}) {
    const double peak = all.peak * cores;
    const std::string name = cores == 1 ? "peak of one core" : "peak of two cores";
    panel.curves.push_back({name, {{32, peak}, {1024, peak}}, kQuiet, Mark::kDashes, 1.5});
    panel.texts.push_back({name, 1000, peak * 1.17, kQuiet, Align::kRight});
  }
  for (const Product& product : kProducts) {
    Curve curve{product.name, {}, product.color, Mark::kLineAndDots};
    for (const char* size : {"32", "64", "128", "256", "512", "1024"}) {
      const RecordedProduct& p = all.at(product.name, size, product.threads);
      curve.points.push_back({p.rows, p.speed});
    }
    if (product.threads == 1)
      panel.texts.push_back({as_plain(product.name), 1100, curve.points.back().y, text_color(product)});
    panel.curves.push_back(curve);
  }
  panel.texts.push_back({"fast", 46, 200, kOrange, Align::kRight});
  panel.texts.push_back({"threads", 106, 148, kOrange});
  figure.panels = {panel};
  return figure;
}

Figure roofline() {
  const RecordedProducts all = recorded();
  Figure figure{.name = "06_roofline", .height = 480};
  figure.title = "The three loops stay far below the roof, fast reaches it";
  figure.line =
      "The roof: what one core can compute (flat part) and what main memory can deliver (sloped part).";
  Panel panel{.left = 92, .right = kCardRight, .top = 100, .bottom = 422};
  panel.x = {"arithmetic intensity: operations per byte of the three matrices (batch of 128, one thread)",
             1,
             100,
             10,
             true,
             named({1, 10, 100})};
  panel.y = {"GFLOP/s", 1, 200, 10, true, named({1, 10, 100})};
  panel.curves.push_back(
      {"roof", {{1, all.bandwidth}, {all.peak / all.bandwidth, all.peak}, {100, all.peak}}, kInk});
  panel.texts = {{fmt::format("main memory: {:.0f} GB/s", all.bandwidth), 1.15, all.bandwidth * 4.4, kInk},
                 {fmt::format("core: {:.0f} GFLOP/s", all.peak), 10, all.peak * 1.2, kInk},
                 {"output layer", all.at("plain", "output", 1).intensity(), 2.2, kQuiet, Align::kCenter},
                 {"128 neurons", 33, 1.6, kQuiet, Align::kRight},
                 {"800 neurons", 43, 1.6, kQuiet}};
  for (const Product& product : kProducts) {
    if (std::string(product.name) == "threads") continue;  // on one thread it is as fast as packed
    Curve curve{product.name, {}, product.color, Mark::kDots, 4};
    for (const char* shape : {"output", "hidden", "wide"}) {
      const RecordedProduct& p = all.at(product.name, shape, 1);
      curve.points.push_back({p.intensity(), p.speed});
    }
    const bool near_the_roof = curve.points.back().y > all.peak / 2;
    if (!near_the_roof)
      panel.texts.push_back({as_plain(product.name), 54, curve.points.back().y, text_color(product)});
    if (product.color != kSky)
      panel.texts.push_back({product.name, 4.8, curve.points.front().y, product.color});
    panel.curves.push_back(curve);
  }
  panel.texts.push_back({as_plain("tiled, loop_order"), 4.8, all.at("loop_order", "output", 1).speed, kInk});
  panel.texts.push_back({"simd, packed, fast", 97, all.peak * 0.66, kInk, Align::kRight});
  figure.panels = {panel};
  return figure;
}

std::vector<Figure> make() { return {ladder(), roofline()}; }

}  // namespace
}  // namespace nn::plots

int main(int argc, char** argv) { return nn::plots::run_plot("06_simd_matmul", argc, argv, nn::plots::make); }

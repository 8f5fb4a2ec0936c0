// A wrong backward pass, and how the gradient checker concludes from the wrong and the correct tensors where the mistake is.
#include <fmt/format.h>

#include "01_matrix/digits_as_matrix.hpp"
#include "05_backprop/diagnosis/diagnosis.hpp"
#include "05_backprop/diagnosis/planted_bugs.hpp"
#include "common/random.hpp"
#include "common/terminal/demonstration.hpp"
#include "common/terminal/print.hpp"

namespace {

using nn::format_number;

// 784-16-10 on 16 images, with the planted bug.
void show(const nn::Mnist& mnist, const char* name) {
  constexpr std::size_t kBatch = 16;
  const nn::PlantedBug& planted = nn::planted_bug_named(name);
  const std::size_t width = mnist.train.height * mnist.train.width;
  auto network = nn::make_network_with(planted.bug, {width, 16, nn::kClasses});
  nn::Random random(1);
  for (const auto& p : network.parameters()) {
    for (double& value : p.value->values()) value = random.uniform(-0.1, 0.1);
  }
  const std::span<const std::uint8_t> pixels = mnist.train.pixels, labels = mnist.train.labels;
  const auto x = nn::pixels_as_rows<double>(pixels.first(kBatch * width), width);
  const auto backward = [&](auto& net, const auto& inputs, const auto& its_labels) {
    nn::backward_with(planted.bug, net, inputs, its_labels);
  };
  const nn::Diagnosis diagnosis = nn::diagnose(network, x, labels.first(kBatch), backward);
  nn::Table table({"tensor", "worst at", "gradient", "measured", "verdict"});
  for (const auto& [check, verdict, words] : diagnosis.tensors) {
    if (verdict == nn::Verdict::kCorrect) {  // its worst entry only shows rounding
      table.add({check.name, "", "", "", "correct"});
      continue;
    }
    table.add({check.name, fmt::format("({}, {})", check.worst_row, check.worst_col),
               format_number(check.worst_gradient, 4), format_number(check.worst_measured, 4),
               verdict == nn::Verdict::kWrong ? "WRONG" : "not compared"});
  }
  fmt::print("planted: {}: {}\n", planted.name, planted.breaks);
  table.print();
  fmt::print("{}\n", diagnosis.explanation);
}

}  // namespace

int main(int argc, char** argv) {
  return nn::run_demonstration("05_backprop_diagnosis", argc, argv, [](const nn::Mnist& mnist) {
    show(mnist, "no_mask");
    fmt::print("\n");
    show(mnist, "bias_mean");
  });
}

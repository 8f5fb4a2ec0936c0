// The gradient p - y beside measured derivatives, and cross-entropy beside the squared error.
#include <array>
#include <fmt/format.h>

#include "02_relu/slope.hpp"
#include "04_from_logits/cross_entropy.hpp"
#include "04_from_logits/squared_error.hpp"
#include "common/terminal/demonstration.hpp"
#include "common/terminal/print.hpp"

namespace {

using nn::format_number;

constexpr std::array<std::uint8_t, 1> kLabel = {0};

// One example, logits 3, 2 and -2, label 0.
void measured_derivatives() {
  const nn::Matrix<double> z{{3, 2, -2}};
  const auto [loss, gradient] = nn::cross_entropy_with_gradient(nn::Logits<double>(z), kLabel);
  nn::Table table({"class", "logit z", "p", "y", "p - y", "measured"});
  const auto p = nn::softmax(nn::Logits<double>(z)).values, y = nn::one_hot<double>(kLabel, 3);
  for (std::size_t j = 0; j < 3; ++j) {
    const auto loss_at = [&](double logit) {
      auto changed = z;
      changed(0, j) = logit;
      return nn::cross_entropy(nn::Logits<double>(changed), kLabel);
    };
    table.add({std::to_string(j), format_number(z(0, j)), format_number(p(0, j)), format_number(y(0, j)),
               format_number(gradient(0, j)), format_number(nn::slope(loss_at, z(0, j)))});
  }
  table.print();
}

void two_losses() {
  nn::Table table(
      {"margin m", "p of the label", "cross-entropy", "its derivative", "squared error", "its derivative"});
  for (const double m : {-5.0, 0.0, 2.0, 5.0, 10.0, 20.0}) {
    const nn::Logits<double> z(nn::Matrix<double>{{0, m}});
    const auto [loss, gradient] = nn::cross_entropy_with_gradient(z, kLabel);
    const auto squared = nn::squared_error_at(m);
    table.add({format_number(m), format_number(nn::softmax(z).values(0, 0), 3), format_number(loss, 3),
               format_number(gradient(0, 0), 3), format_number(squared.loss, 3),
               format_number(squared.derivative, 3)});
  }
  table.print();
}

}  // namespace

int main(int argc, char** argv) {
  return nn::run_demonstration("04_from_logits_gradient", argc, argv, [] {
    fmt::print("Derivatives of the loss with respect to the logits, label 0:\n");
    measured_derivatives();
    fmt::print("\nTwo losses, logits (0, m), label 0, derivatives with respect to the first logit:\n");
    two_losses();
  });
}

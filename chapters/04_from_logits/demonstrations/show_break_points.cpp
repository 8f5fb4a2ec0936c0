// Five ways to compute the same loss: four of them fail, each at its own margin; only the last is accurate on both sides.
#include <fmt/format.h>

#include "04_from_logits/break_points.hpp"
#include "common/terminal/demonstration.hpp"
#include "common/terminal/print.hpp"

namespace {

using nn::format_number;

std::string margin_text(const std::optional<int>& margin) {
  return margin ? format_number(*margin) : "never";
}

template <class T>
void where_they_break(const std::string& type) {
  fmt::print("Logits (0, m) in {}, label 0: the first m with an error of more than 1%\n", type);
  nn::Table table({"", "loss, m > 0", "gradient, m > 0", "loss, m < 0", "gradient, m < 0"});
  for (const auto& [form, incorrect, correct] : nn::break_points<T>()) {
    table.add({std::string(form), margin_text(incorrect.loss), margin_text(incorrect.gradient),
               margin_text(correct.loss), margin_text(correct.gradient)});
  }
  table.print();
  fmt::print("\n");
}

// Loss and gradient of every form at some margins.
template <class T>
void at_margins(const std::string& title, double offset, const std::vector<double>& margins) {
  std::vector<std::string> headings = {title};
  for (const double m : margins) {
    headings.push_back(fmt::format("loss({})", format_number(m)));
    headings.push_back("gradient");
  }
  nn::Table table(headings);
  const auto add = [&](const std::string& name, const std::vector<nn::AtMargin>& rows) {
    std::vector<std::string> cells = {name};
    for (const nn::AtMargin& row : rows) {
      cells.push_back(format_number(row.loss));
      cells.push_back(format_number(row.gradient, 3));
    }
    table.add(cells);
  };
  for (const auto& form : nn::loss_forms<T>())
    add(std::string(form.name), nn::over_margins(form, margins, offset));
  std::vector<nn::AtMargin> truth;
  truth.reserve(margins.size());
  for (const double m : margins)
    truth.push_back({.margin = m, .loss = nn::true_loss(m), .gradient = nn::true_gradient(m)});
  add("true value", truth);
  table.print();
  fmt::print("\n");
}

}  // namespace

int main(int argc, char** argv) {
  return nn::run_demonstration("04_from_logits_break_points", argc, argv, [] {
    where_they_break<float>("float");
    where_they_break<double>("double");
    fmt::print("A growing mistake: the loss should be about m, its gradient about -1\n");
    at_margins<float>("logits (0, m), float", 0, {16, 30, 89, 104});
    fmt::print("A correct prediction, more and more certain: both should approach 0 and not reach it\n");
    at_margins<float>("logits (0, m), float", 0, {-1, -10, -40});
    fmt::print("Two large logits\n");
    at_margins<float>("logits (10000, 10000 + m), float", 1e4, {1, -1});
  });
}

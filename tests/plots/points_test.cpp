// What the figures show, as numbers: each program writes its points into a temporary folder, and they are compared
// with values known by hand.
#include <cmath>
#include <filesystem>
#include <gtest/gtest.h>

#include "figure_numbers.hpp"
#include "run_command.hpp"
#include "temporary_folder.hpp"

namespace nn {
namespace {

// The numbers of one figure, out of the program that draws it.
FigureNumbers numbers_of(const std::string& program, const std::string& figure) {
  const TemporaryFolder folder;
  const CommandResult result = run_command(
      {std::string(NN_BINARY_DIR) + "/bin/plot_" + program, "--format", "csv", "--out", folder.path()});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  return FigureNumbers(folder / (figure + ".csv"));
}

constexpr const char* kRising = "A score that rises takes from the others";
constexpr const char* kAdding = "Adding changes nothing";
constexpr const char* kSharpens = "Multiplying sharpens";

TEST(PointsOf03, add_up_to_1) {
  const FigureNumbers figure = numbers_of("03_softmax", "03_softmax");
  for (const double x : {-4.0, 0.0, 3.0, 8.0}) {
    EXPECT_NEAR(figure.at(kRising, "score z", x) + figure.at(kRising, "score 2", x) +
                    figure.at(kRising, "score −2", x),
                1, 1e-15);
  }
}

TEST(PointsOf03, are_softmax_of_the_scores) {
  const FigureNumbers figure = numbers_of("03_softmax", "03_softmax");
  // (2, 2, -2): two equals and one that has e^-4 of their share.
  const double equal = 1 / (2 + std::exp(-4.0));
  EXPECT_NEAR(figure.at(kRising, "score z", 2), equal, 1e-15);
  EXPECT_NEAR(figure.at(kRising, "score 2", 2), equal, 1e-15);
  EXPECT_NEAR(figure.at(kRising, "score −2", 2), std::exp(-4.0) * equal, 1e-15);
  // softmax(3, 2, -2), computed with 50 digits (tests/data/reference_numbers.py).
  EXPECT_NEAR(figure.at(kRising, "score z, dot", 3), 0.72747515680046473, 1e-15);
  EXPECT_NEAR(figure.at(kRising, "score 2, dot", 3), 0.26762315414986234, 1e-15);
  EXPECT_NEAR(figure.at(kRising, "score −2, dot", 3), 0.0049016890496729208, 1e-15);
}

TEST(PointsOf03, stay_for_an_added_constant_and_not_for_a_factor) {
  const FigureNumbers figure = numbers_of("03_softmax", "03_softmax");
  for (const Point& p : figure.points(kAdding, "3 + c")) EXPECT_NEAR(p.y, 0.72747515680046473, 1e-14);
  for (const char* name : {"3 f", "2 f", "−2 f"}) EXPECT_NEAR(figure.at(kSharpens, name, 0), 1 / 3.0, 1e-15);
  EXPECT_NEAR(figure.at(kSharpens, "3 f", 4), 1 / (1 + std::exp(-4.0) + std::exp(-20.0)), 1e-15);
}

}  // namespace
}  // namespace nn

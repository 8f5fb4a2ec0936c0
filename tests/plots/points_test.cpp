// What the figures show, as numbers: each program writes its points into a temporary folder, and they are compared
// with values known by hand.
#include <cmath>
#include <filesystem>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "01_matrix/matmul.hpp"
#include "common/files/atomic_file.hpp"
#include "pages/figure_numbers.hpp"
#include "system/run_command.hpp"
#include "system/temporary_folder.hpp"

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

constexpr const char* kRising = "One logit changes";
constexpr const char* kAdding = "Adding a constant changes nothing";
constexpr const char* kTemperature = "A low temperature sharpens";

TEST(PointsOf03, add_up_to_1) {
  const FigureNumbers figure = numbers_of("03_softmax", "03_softmax");
  for (const double x : {-4.0, 0.0, 3.0, 8.0}) {
    EXPECT_NEAR(figure.at(kRising, "logit z", x) + figure.at(kRising, "logit 2", x) +
                    figure.at(kRising, "logit −2", x),
                1, 1e-15);
  }
}

TEST(PointsOf03, are_softmax_of_the_scores) {
  const FigureNumbers figure = numbers_of("03_softmax", "03_softmax");
  // (2, 2, -2): two equals and one that has e^-4 of their share.
  const double equal = 1 / (2 + std::exp(-4.0));
  EXPECT_NEAR(figure.at(kRising, "logit z", 2), equal, 1e-15);
  EXPECT_NEAR(figure.at(kRising, "logit 2", 2), equal, 1e-15);
  EXPECT_NEAR(figure.at(kRising, "logit −2", 2), std::exp(-4.0) * equal, 1e-15);
  // softmax(3, 2, -2), computed with 50 digits (tests/data/reference_numbers.py).
  EXPECT_NEAR(figure.at(kRising, "logit z, dot", 3), 0.72747515680046473, 1e-15);
  EXPECT_NEAR(figure.at(kRising, "logit 2, dot", 3), 0.26762315414986234, 1e-15);
  EXPECT_NEAR(figure.at(kRising, "logit −2, dot", 3), 0.0049016890496729208, 1e-15);
}

TEST(PointsOf03, are_equal_for_an_added_constant_and_not_for_a_temperature) {
  const FigureNumbers figure = numbers_of("03_softmax", "03_softmax");
  for (const Point& p : figure.points(kAdding, "3 + c")) EXPECT_NEAR(p.y, 0.72747515680046473, 1e-14);
  EXPECT_NEAR(figure.at(kTemperature, "3 / T", 0.1), 1 / (1 + std::exp(-10.0) + std::exp(-50.0)), 1e-15);
  EXPECT_NEAR(figure.at(kTemperature, "3 / T", 10), 1 / (1 + std::exp(-0.1) + std::exp(-0.5)), 1e-15);
}

TEST(PointsOf01, are_the_seven_and_means_of_classes) {
  const FigureNumbers seven = numbers_of("01_matrix", "01_seven");
  // Chapter 01's page: the bar begins with 84 185 159 in row 7, columns 6 to 8.
  EXPECT_DOUBLE_EQ(seven.at("a 7", "row 7", 6), 84 / 255.0);
  EXPECT_DOUBLE_EQ(seven.at("a 7", "row 7", 7), 185 / 255.0);
  EXPECT_DOUBLE_EQ(seven.at("a 7", "row 0", 0), 0);
  EXPECT_DOUBLE_EQ(seven.at("all rows, one after another", "row 0", 7 * 28 + 6), 84 / 255.0);
  EXPECT_DOUBLE_EQ(seven.at("part of it", "row 3", 0), 254 / 255.0) << "row 8, column 10";
  const FigureNumbers means = numbers_of("01_matrix", "01_means");
  // The middle of a 0 is nearly empty, that of a 1 nearly full; chapter 01 classifies 813 of 1,000 correctly.
  EXPECT_LT(means.at("mean of the 0", "row 14", 14), 0.1);
  EXPECT_GT(means.at("mean of the 1", "row 14", 14), 0.7);
  double correct = 0;
  for (const Point& p : means.points("01_means", "correct")) correct += p.y;
  EXPECT_NEAR(correct / 10, 81.3, 0.05);
}

TEST(PointsOf02, are_functions_and_derivatives) {
  const FigureNumbers figure = numbers_of("02_activations", "02_activations");
  EXPECT_EQ(figure.at("ReLU", "function", -2), 0);
  EXPECT_EQ(figure.at("ReLU", "derivative", 2), 1);
  EXPECT_NEAR(figure.at("sigmoid", "derivative", 0), 0.25, 1e-15);
  EXPECT_NEAR(figure.at("tanh", "function", 1), (std::exp(2.0) - 1) / (std::exp(2.0) + 1), 1e-15);
  EXPECT_NEAR(figure.at("leaky ReLU", "function", -3), -0.03, 1e-15);
  EXPECT_NEAR(figure.at("ELU", "function", -1), std::exp(-1.0) - 1, 1e-15);
  const FigureNumbers chain = numbers_of("02_activations", "02_vanishing");
  EXPECT_EQ(chain.at("", "ReLU", 10), 1);
  EXPECT_NEAR(chain.at("", "0.25^n", 10), 9.5367431640625e-7, 1e-20);
  const double s = 1 / (1 + std::exp(-1.0));
  EXPECT_NEAR(chain.at("", "sigmoid", 1), s * (1 - s), 1e-15);
}

TEST(PointsOf02, show_a_boundary_and_fits) {
  const FigureNumbers boundary = numbers_of("02_nonlinearity", "02_boundary");
  // The four corner cells of the right panel: blue where both inputs have the same sign.
  const std::string regions = "regions: A hidden layer of four ReLUs";
  EXPECT_GT(boundary.at(regions, "row 0", 49), 0);
  EXPECT_GT(boundary.at(regions, "row 49", 0), 0);
  EXPECT_LT(boundary.at(regions, "row 0", 0), 0);
  EXPECT_LT(boundary.at(regions, "row 49", 49), 0);
  const FigureNumbers fits = numbers_of("02_nonlinearity", "02_fits");
  EXPECT_EQ(fits.at("relu(x) + relu(−x) = |x|", "sum", -1.5), 1.5);
  EXPECT_NEAR(fits.at("sin(6x) from 4 ReLUs", "sum", 0.75), std::sin(4.5), 1e-12)
      << "a kink lies on the curve";
  EXPECT_NEAR(fits.at("sin(6x) from 4 ReLUs", "sum", 0.125), std::sin(1.5) / 2, 1e-12)
      << "halfway, on a straight line";
}

TEST(PointsOf03, naive_ends_where_a_float_overflows) {
  const FigureNumbers figure = numbers_of("03_overflow", "03_overflow");
  const std::string naive = "softmax\\\\_naive", good = "softmax";
  // e^88.5 is a float, e^89 is not.
  EXPECT_NEAR(figure.at(naive, "3 + c", 80), 0.727475, 1e-6);
  EXPECT_TRUE(std::isnan(figure.at(naive, "3 + c", 86)));
  EXPECT_TRUE(std::isnan(figure.at(naive, "3 + c", -110)));
  for (const Point& p : figure.points(good, "3 + c")) EXPECT_NEAR(p.y, 0.727475, 2e-6);
}

TEST(PointsOf04, are_the_break_points_of_the_forms) {
  const FigureNumbers figure = numbers_of("04_from_logits", "04_forms");
  const auto loss = [](const char* form) { return std::string("loss of ") + form + ", relative error"; };
  EXPECT_LT(figure.at("04_forms", loss("softmax_naive, log"), 88), 1e-5);
  EXPECT_TRUE(std::isinf(figure.at("04_forms", loss("softmax_naive, log"), 89)));
  EXPECT_TRUE(std::isinf(figure.at("04_forms", loss("softmax, log"), 104)));
  for (const Point& p : figure.points("04_forms", loss("cross_entropy")))
    EXPECT_LT(p.y, 1e-6) << "at " << p.x;
  // -log(1e-7) = 16.118 is all that the loss with an epsilon can be: at a margin of 100 it is 84% off.
  EXPECT_NEAR(figure.at("04_forms", loss("softmax, log(p + 1e-7)"), 100), 0.83882, 1e-4);
  const FigureNumbers placement = numbers_of("04_from_logits", "04_placement");
  EXPECT_EQ(placement.at("Pixels 0 to 255: large logits", "softmax, log", 10), 10)
      << "NaN: every digit is a 0";
  EXPECT_GT(placement.at("Pixels 0 to 255: large logits", "logits, cross_entropy", 10), 70);
}

TEST(PointsOf05, show_a_valley_and_a_gradient_that_vanishes) {
  const FigureNumbers valley = numbers_of("05_backprop", "05_valley");
  EXPECT_LT(valley.at("", "double, central difference", 1e-5), 1e-9);
  EXPECT_GT(valley.at("", "double, central difference", 1e-1), 1e-5);
  EXPECT_GT(valley.at("", "float, central difference", 1e-8), 0.1);
  const FigureNumbers depth = numbers_of("05_backprop", "05_depth");
  EXPECT_LT(depth.at("", "sigmoid", 1), 1e-4 * depth.at("", "sigmoid", 10));
  EXPECT_GT(depth.at("", "ReLU", 1), 0.1 * depth.at("", "ReLU", 10));
}

// Whatever this machine has recorded.
TEST(PointsOf06, are_the_recorded_speeds_under_the_recorded_roof) {
  const auto file = read_file(std::string(NN_SOURCE_DIR) + "/docs/results/benchmarks/06_simd_matmul.json");
  const auto recorded = nlohmann::json::parse(file.begin(), file.end());
  const auto speed = [&](const std::string& run) {
    for (const auto& entry : recorded.at("benchmarks")) {
      if (entry.at("run_name") == run + "/real_time" && entry.at("aggregate_name") == "median")
        return entry.at("GFLOP/s").get<double>();
    }
    throw std::runtime_error("no median of " + run);
  };
  const FigureNumbers ladder = numbers_of("06_simd_matmul", "06_ladder");
  for (const int size : {32, 256, 1024}) {
    EXPECT_EQ(ladder.at("", "plain", size), speed(fmt::format("plain/{}/threads:1", size)));
    EXPECT_EQ(ladder.at("", "packed", size), speed(fmt::format("packed/{}/threads:1", size)));
    EXPECT_EQ(ladder.at("", "fast", size), speed(fmt::format("fast/{}/threads:2", size)));
  }
  const FigureNumbers roofline = numbers_of("06_simd_matmul", "06_roofline");
  // 128 x 10 over 128: 2 * 128 * 10 * 128 operations, 4 * (128 * 128 + 128 * 10 + 128 * 10) bytes.
  EXPECT_NEAR(roofline.points("", "fast")[0].x, 163840.0 * 2 / 75776, 1e-12);
  EXPECT_EQ(roofline.points("", "fast")[0].y, speed("fast/output/threads:1"));
  // The roof becomes flat where memory delivers just what the core computes.
  const auto roof = roofline.points("", "roof");
  ASSERT_EQ(roof.size(), 3u);
  EXPECT_NEAR(roof[1].x * roof[0].y, roof[1].y, 1e-9 * roof[1].y);
  EXPECT_EQ(roof[1].y, ladder.at("", "peak of one core", 32));
}

// 16 numbers in one line against 8 numbers in 8 lines; eight sums finish eight times as much as one; zeros pad a strip.
TEST(PointsOf06, count_lines_and_multiply_adds) {
  const FigureNumbers lines = numbers_of("06_drawings", "06_lines");
  EXPECT_EQ(lines.at("06_lines", "numbers read, row", 0), 16);
  EXPECT_EQ(lines.at("06_lines", "cache lines fetched, row", 0), 1);
  EXPECT_EQ(lines.at("06_lines", "numbers read, column", 0), 8);
  EXPECT_EQ(lines.at("06_lines", "cache lines fetched, column", 0), 8);
  const FigureNumbers latency = numbers_of("06_drawings", "06_latency");
  EXPECT_EQ(latency.at("06_latency", "multiply-adds done with one sum", 12), 3);
  // Two start in each cycle and take four: those of the cycles 0 to 8.
  EXPECT_EQ(latency.at("06_latency", "multiply-adds done with eight sums", 12), 18);
}

TEST(PointsOf06, show_the_sums_and_strips_that_the_kernels_compute) {
  const FigureNumbers sums = numbers_of("06_drawings", "06_micro_kernel");
  const Matrix<double> a{{0, 2}, {1, 3}, {2, 1}, {1, 0}},
      b{{1, 0, 2, 1, 0, 1, 1, 2}, {3, 1, 0, 2, 1, 1, 2, 0}};
  const Matrix<double> expected = matmul(a, b);
  for (std::size_t i = 0; i < expected.size(); ++i)
    EXPECT_EQ(sums.at("06_micro_kernel", "sums", static_cast<int>(i)), expected.values()[i]) << i;
  const FigureNumbers packing = numbers_of("06_drawings", "06_packing");
  const std::vector<int> packed = {1, 2, 3, 4, 7,  8,  9, 10, 13, 14, 15, 16,
                                   5, 6, 0, 0, 11, 12, 0, 0,  17, 18, 0,  0};
  for (std::size_t i = 0; i < packed.size(); ++i)
    EXPECT_EQ(packing.at("06_packing", "packed", static_cast<int>(i)), packed[i]) << i;
}

TEST(PointsOf07, are_losses_spreads_and_rates) {
  const FigureNumbers losses = numbers_of("07_training", "07_losses");
  EXPECT_NEAR(losses.at("Activations", "sigmoid", 200), std::log(10.0), 0.02) << "it guesses";
  EXPECT_LT(losses.at("Optimizers", "adam, rate 0.01", 240), losses.at("Optimizers", "sgd, rate 0.1", 240));
  const FigureNumbers spread = numbers_of("07_training", "07_spread");
  // Under Xavier's bound a square layer's weights have half the variance of He's: 2^-4.5 after nine more layers.
  EXPECT_NEAR(spread.at("", "Xavier", 10) / spread.at("", "He", 10), std::pow(2, -4.5), 0.005);
  const FigureNumbers schedule = numbers_of("07_training", "07_schedule");
  EXPECT_EQ(schedule.at("", "schedule", 99), 1);
  EXPECT_DOUBLE_EQ(schedule.at("", "schedule", 549), (1000 - 549) / 900.0);
  EXPECT_EQ(schedule.at("", "schedule", 1000), 0);
}

// SGD multiplies w_2 by 1 - 100 r in each of 25 steps, and w_1 by 1 - 2 r.
TEST(PointsOf07, follow_the_optimizers_into_the_bowl) {
  const FigureNumbers descent = numbers_of("07_descent", "07_descent");
  const auto slow = descent.points("SGD", "sgd, rate 0.018"),
             fast = descent.points("SGD", "sgd, rate 0.0202");
  ASSERT_EQ(slow.size(), 26u);
  EXPECT_NEAR(slow.back().x, -2 * std::pow(1 - 0.036, 25), 1e-5);
  EXPECT_NEAR(slow.back().y, 0.35 * std::pow(1 - 1.8, 25), 1e-5);
  EXPECT_NEAR(fast.back().y, 0.35 * std::pow(1 - 2.02, 25), 1e-5) << "it diverges";
  for (const char* name : {"momentum, rate 0.004", "adam, rate 0.15"}) {
    const auto last = descent.points("Momentum and Adam", name).back();
    EXPECT_LT(last.x * last.x + 50 * last.y * last.y, 0.5) << name;
  }
}

// As in the output on the page, which is of the same run.
TEST(PointsOf08, are_the_losses_and_errors_of_the_page) {
  const FigureNumbers losses = numbers_of("08_generalization", "08_overfitting");
  const char* plain = "Without augmentation";
  EXPECT_NEAR(losses.at(plain, "validation", 10), 0.409, 5e-4);
  EXPECT_NEAR(losses.at(plain, "validation", 40), 0.49, 5e-4);
  EXPECT_NEAR(losses.at(plain, "training", 40), 0.00452, 5e-6);
  for (const Point& p : losses.points(plain, "validation"))
    EXPECT_GE(p.y, losses.at(plain, "validation", 10)) << "epoch " << p.x;
  EXPECT_LT(losses.at("With elastic deformations", "validation", 40), 0.25);
  const FigureNumbers errors = numbers_of("08_generalization", "08_learning_curve");
  EXPECT_EQ(errors.at("784-128-10", "validation", 1000),
            errors.at("1,000 training images", "validation", 128))
      << "the same run";
  EXPECT_NEAR(errors.at("784-128-10", "validation", 1000), 100 - 88.6, 0.05)
      << "as ./learn 8 ladder prints it";
  double before = 100;
  for (const Point& p : errors.points("784-128-10", "validation")) {
    EXPECT_LT(p.y, before) << p.x << " images";
    before = p.y;
  }
}

// The picture on the first page shows what the table beside it says.
TEST(PointsOf10, the_staircase_is_the_recorded_one) {
  const FigureNumbers figure = numbers_of("10_staircase", "10_staircase");
  const auto text_of = [](const std::filesystem::path& file) {
    const auto bytes = read_file(std::filesystem::path(NN_SOURCE_DIR) / "docs" / file);
    return std::string(bytes.begin(), bytes.end());
  };
  const std::string table = text_of("results/staircase.md"), svg = text_of("figures/10_staircase.svg");
  EXPECT_EQ(figure.at("10_staircase", "guessing", 0), 10);
  for (const auto& [classifier, place] :
       {std::pair{"nearest mean image", 1}, {"16 hidden neurons", 3}, {"the final classifier", 4}}) {
    const std::string percent = fmt::format("{:.2f}%", figure.at("10_staircase", classifier, place));
    EXPECT_NE(table.find(percent), std::string::npos) << classifier;
    EXPECT_NE(svg.find(">" + percent), std::string::npos) << classifier << ": ./learn plots 10 draws it";
  }
}

}  // namespace
}  // namespace nn

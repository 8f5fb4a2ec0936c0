// The steps from a picture of handwriting to MNIST's form, one by one.
#include <gtest/gtest.h>

#include "10_mnist/handwriting/components.hpp"
#include "10_mnist/handwriting/grouping.hpp"
#include "10_mnist/handwriting/paper.hpp"
#include "10_mnist/handwriting/picture.hpp"
#include "10_mnist/handwriting/prepare.hpp"
#include "10_mnist/handwriting/ruled_lines.hpp"
#include "10_mnist/handwriting/strip.hpp"
#include "10_mnist/handwriting/stroke_width.hpp"
#include "10_mnist/handwriting/threshold.hpp"
#include "10_mnist/like_mnist.hpp"
#include "common/data/mnist.hpp"
#include "common/random.hpp"

namespace nn {
namespace {

void fill(Picture& picture, const Box& box, float value) {
  for (std::size_t r = box.top; r < box.bottom(); ++r) {
    for (std::size_t c = box.left; c < box.right(); ++c) picture(r, c) = value;
  }
}

// White paper with a dark upright bar.
Picture page_with_bar(std::size_t height = 120, std::size_t width = 160) {
  Picture page(height, width, 0.9f);
  fill(page, {width / 2 - 5, height / 4, 10, height / 2}, 0.1f);
  return page;
}

Mask mask_of(std::initializer_list<std::string_view> rows) {
  Mask mask(rows.size(), rows.begin()->size());
  std::size_t r = 0;
  for (const std::string_view row : rows) {
    for (std::size_t c = 0; c < row.size(); ++c) mask(r, c) = row[c] == '#';
    ++r;
  }
  return mask;
}

TEST(Picture, an_image_becomes_a_picture_and_back) {
  const GrayImage image{1, 3, {0, 51, 255}};
  const Picture picture = to_picture(image);
  EXPECT_FLOAT_EQ(picture(0, 1), 0.2f);
  EXPECT_EQ(to_image(picture).pixels, image.pixels);
  EXPECT_EQ(to_image({{-1, 2}}).pixels, (std::vector<std::uint8_t>{0, 255}));
}

TEST(Picture, a_crop_holds_what_is_in_the_box) {
  EXPECT_EQ(crop(Picture{{1, 2, 3}, {4, 5, 6}}, {1, 0, 2, 2}), (Picture{{2, 3}, {5, 6}}));
  EXPECT_EQ(around({1, 2, 3, 4}, {0, 5, 1, 3}), (Box{0, 2, 4, 6}));
}

TEST(Picture, enlarging_interpolates) {
  const Picture wide = enlarge({{0, 1}}, 1, 4);
  EXPECT_EQ(wide, (Picture{{0, 0.25f, 0.75f, 1}}));
}

TEST(Paper, light_ink_on_dark_paper_is_found) {
  const Picture page = page_with_bar();
  EXPECT_FALSE(ink_is_light(page));
  EXPECT_TRUE(ink_is_light(inverted(page)));
  EXPECT_FALSE(ink_is_light(Picture(30, 30, 0.2f))) << "a blank sheet";
}

// The light falls to 40% from left to right: the same ink everywhere, and none on the paper.
TEST(Paper, a_shadow_is_divided_out) {
  Picture page(200, 300, 1);
  fill(page, {20, 20, 12, 160}, 0.2f);
  fill(page, {260, 20, 12, 160}, 0.2f);
  for (std::size_t r = 0; r < page.rows(); ++r) {
    for (std::size_t c = 0; c < page.cols(); ++c) page(r, c) *= 1 - 0.6f * static_cast<float>(c) / 300;
  }
  EXPECT_LT(page(100, 299), 0.5f);
  const Picture ink = divide_by_paper(page, estimate_paper(page));
  for (const std::size_t c : {25, 265}) EXPECT_NEAR(ink(100, c), 0.8f, 0.05f) << c;
  for (const std::size_t c : {5, 50, 100, 150, 200, 240, 290}) EXPECT_LT(ink(100, c), 0.06f) << c;
}

TEST(Threshold, a_stroke_that_gets_pale_stays_whole_and_pale_dirt_is_dropped) {
  Picture ink(60, 60);
  fill(ink, {10, 5, 6, 30}, 0.8f);
  fill(ink, {10, 35, 6, 10}, 0.4f);  // its pale end
  fill(ink, {40, 5, 6, 10}, 0.4f);   // dirt of the same strength
  const Mask mask = threshold_ink(ink, measure_ink(ink));
  EXPECT_TRUE(mask(6, 12));
  EXPECT_TRUE(mask(44, 12));
  EXPECT_FALSE(mask(10, 43));
}

TEST(Threshold, of_paper_without_ink_nothing_is_ink) {
  EXPECT_EQ(measure_ink(Picture(40, 40)).strength, 0);
  Picture noise(100, 100);
  Random random(1);
  for (float& value : noise.values()) value = static_cast<float>(random.uniform(-0.05, 0.05) + 0.05);
  const InkLevels levels = measure_ink(noise);
  EXPECT_NEAR(levels.noise, 0.1 / std::sqrt(12), 0.01);
  EXPECT_EQ(levels.strength, 0);
}

TEST(RuledLines, lines_are_found_with_their_slope) {
  Picture ink(200, 300);
  for (std::size_t c = 0; c < 300; ++c) {
    const auto row = static_cast<std::size_t>(80.5 + 0.1 * (static_cast<double>(c) - 149.5));
    ink(row, c) = ink(row + 1, c) = 0.4f;
  }
  const auto lines = find_ruled_lines(ink, 0);
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_NEAR(lines[0].middle, 80.5, 1.1);
  EXPECT_NEAR(lines[0].slope, 0.1, 0.01);
}

TEST(RuledLines, of_squared_paper_only_the_digit_stays) {
  Picture ink(200, 240), bar(200, 240);
  for (std::size_t at = 20; at < 200; at += 40)
    fill(ink, {0, at, 240, 2}, 0.4f), fill(ink, {at, 0, 2, 200}, 0.4f);
  fill(ink, {110, 50, 14, 100}, 0.9f);
  fill(bar, {110, 50, 14, 100}, 0.9f);
  const Picture clean = remove_ruled_lines(ink, 0);
  for (std::size_t i = 0; i < bar.size(); ++i) ASSERT_NEAR(clean.values()[i], bar.values()[i], 0.1) << i;
}

// Half of the line is under a stroke that is much wider and darker: there nothing thin is seen.
TEST(RuledLines, a_line_is_found_that_is_half_under_a_stroke) {
  Picture ink(200, 240), bar(200, 240);
  fill(ink, {0, 100, 240, 2}, 0.4f);
  fill(ink, {60, 90, 110, 22}, 0.9f);
  fill(bar, {60, 90, 110, 22}, 0.9f);
  const Picture clean = remove_ruled_lines(ink, 0);
  for (std::size_t i = 0; i < bar.size(); ++i) ASSERT_NEAR(clean.values()[i], bar.values()[i], 0.1) << i;
}

TEST(RuledLines, a_line_beside_the_edge_is_removed) {
  Picture ink(200, 240);
  fill(ink, {0, 1, 240, 2}, 0.4f);
  fill(ink, {110, 50, 14, 100}, 0.9f);
  const Picture clean = remove_ruled_lines(ink, 0);
  EXPECT_LT(clean(1, 20), 0.05f);
  EXPECT_FLOAT_EQ(clean(80, 115), 0.9f);
}

TEST(RuledLines, a_picture_that_is_one_stroke_keeps_it) {
  Picture ink(100, 100);
  fill(ink, {49, 0, 3, 100}, 0.9f);
  EXPECT_EQ(remove_ruled_lines(ink, 0), ink);
}

TEST(Components, pixels_that_touch_at_a_corner_belong_together) {
  const Components found = connected_components(mask_of({"#..#.", ".#.#.", "...#."}));
  ASSERT_EQ(found.list.size(), 2u);
  EXPECT_EQ(found.list[0].box, (Box{0, 0, 2, 2}));
  EXPECT_EQ(found.list[0].area, 2u);
  EXPECT_EQ(found.list[1].area, 3u);
  EXPECT_EQ(found.labels(2, 3), 1);
  EXPECT_EQ(found.labels(2, 0), -1);
}

TEST(Components, two_arms_that_meet_below_are_one) {
  EXPECT_EQ(connected_components(mask_of({"#.#.#", "#.###", "###.."})).list.size(), 1u);
  EXPECT_TRUE(connected_components(Mask(3, 3)).list.empty());
}

// A 5 whose bar does not touch it, a 1 beside it, and a speck.
TEST(Grouping, the_bar_of_a_5_belongs_to_it) {
  Picture ink(100, 120);
  fill(ink, {10, 10, 40, 6}, 1);  // the bar
  fill(ink, {10, 20, 6, 60}, 1);  // what is below it
  fill(ink, {80, 12, 6, 66}, 1);  // the 1
  fill(ink, {60, 90, 2, 2}, 1);   // the speck
  const Mask mask = threshold_ink(ink, measure_ink(ink));
  auto groups = group_strokes(connected_components(mask), 3);
  sort_for_reading(groups);
  ASSERT_EQ(groups.size(), 2u);
  EXPECT_EQ(groups[0].box, (Box{10, 10, 40, 70}));
  EXPECT_EQ(groups[0].components.size(), 2u);
  EXPECT_EQ(groups[1].box, (Box{80, 12, 6, 66}));
}

std::size_t count_groups(const Picture& ink, const GroupingRules& rules = {}) {
  return group_strokes(connected_components(threshold_ink(ink, measure_ink(ink))), 3, rules).size();
}

TEST(Grouping, the_two_halves_of_a_broken_digit_are_one) {
  Picture ink(120, 80);
  fill(ink, {20, 10, 30, 40}, 1);
  fill(ink, {30, 58, 10, 45}, 1);
  EXPECT_EQ(count_groups(ink), 1u);
  EXPECT_EQ(count_groups(ink, {.join = false}), 2u);
}

// As close to each other as those halves, but there are many, so a digit is known to be that high.
TEST(Grouping, digits_below_each_other_stay_apart) {
  Picture ink(160, 300);
  for (std::size_t row = 0; row < 3; ++row) {
    for (std::size_t col = 0; col < 5; ++col) fill(ink, {20 + 50 * col, 10 + 48 * row, 20, 40}, 1);
  }
  EXPECT_EQ(count_groups(ink), 15u);
}

TEST(Grouping, specks_are_dropped) {
  Picture ink(100, 100);
  fill(ink, {40, 20, 10, 60}, 1);
  for (const std::size_t at : {5, 80, 92}) fill(ink, {at, at, 2, 2}, 1);
  EXPECT_EQ(count_groups(ink), 1u);
  EXPECT_EQ(count_groups(ink, {.drop_specks = false}), 4u);
}

TEST(Grouping, one_reads_rows_from_left_to_right) {
  const auto at = [](std::size_t left, std::size_t top) { return StrokeGroup{{left, top, 20, 30}, {}}; };
  std::vector<StrokeGroup> groups{at(80, 8), at(10, 60), at(0, 5), at(50, 0), at(60, 55)};
  sort_for_reading(groups);
  std::vector<std::size_t> lefts;
  for (const StrokeGroup& group : groups) lefts.push_back(group.box.left);
  EXPECT_EQ(lefts, (std::vector<std::size_t>{0, 50, 80, 10, 60}));
}

TEST(StrokeWidth, of_a_bar_is_its_width) {
  Mask bar(100, 200);
  for (std::size_t r = 40; r < 50; ++r) std::fill_n(bar.row(r).begin() + 10, 180, std::uint8_t{1});
  EXPECT_NEAR(stroke_width(bar), 10 * 4 / 3.1416, 1.5);
  EXPECT_EQ(stroke_width(Mask(5, 5)), 0);
}

TEST(StrokeWidth, the_distance_is_that_to_the_other_kind) {
  const Picture d = signed_distance(mask_of({".....", ".###.", ".###.", ".###.", "....."}));
  EXPECT_FLOAT_EQ(d(2, 2), 1.5f);
  EXPECT_FLOAT_EQ(d(1, 2), 0.5f);
  EXPECT_FLOAT_EQ(d(0, 2), -0.5f);
  EXPECT_FLOAT_EQ(d(0, 0), 0.5f - std::sqrt(2.f));
}

TEST(StrokeWidth, a_stroke_gets_thicker_and_thinner) {
  Mask bar(40, 20);
  for (std::size_t r = 0; r < 40; ++r) std::fill_n(bar.row(r).begin() + 8, 4, std::uint8_t{1});
  const auto width_in_the_middle = [](const Picture& p) {
    float sum = 0;
    for (const float value : p.row(20)) sum += value;
    return sum;
  };
  EXPECT_NEAR(width_in_the_middle(change_stroke_width(bar, 2)), 8, 0.01);
  EXPECT_NEAR(width_in_the_middle(change_stroke_width(bar, -1)), 2, 0.01);
  EXPECT_NEAR(width_in_the_middle(change_stroke_width(bar, 0)), 4, 0.01);
}

// MNIST's own images are what the steps lead to, so they hardly change.
TEST(Prepare, a_digit_of_mnist_stays_nearly_as_it_is) {
  const Mnist mnist = load_mnist_sample();
  for (std::size_t i = 0; i < 20; ++i) {
    const auto pixels = mnist.test.image(i);
    const Preparation found = prepare_digits({28, 28, {pixels.begin(), pixels.end()}});
    ASSERT_EQ(found.digits.size(), 1u) << i;
    double difference = 0;
    for (std::size_t k = 0; k < 784; ++k)
      difference += std::abs(found.digits[0].pixels.pixels[k] - pixels[k]);
    EXPECT_LT(difference / 784, 26) << i;
  }
}

TEST(Prepare, a_row_of_digits_is_read_from_left_to_right) {
  Picture page(100, 300, 1);
  for (const std::size_t left : {200, 30, 110}) fill(page, {left, 20, 8, 60}, 0.2f);
  const Preparation found = prepare_digits(to_image(page));
  ASSERT_EQ(found.digits.size(), 3u);
  EXPECT_EQ(found.digits[0].box, (Box{30, 20, 8, 60}));
  EXPECT_EQ(found.digits[1].box, (Box{110, 20, 8, 60}));
  EXPECT_EQ(found.digits[2].pixels.pixels.size(), 784u);
}

// A heavy foot: the box in the middle leaves the center of mass low.
TEST(Prepare, the_center_of_mass_gets_into_the_middle) {
  Picture page(200, 200, 1);
  fill(page, {90, 40, 12, 100}, 0.1f);
  fill(page, {60, 120, 80, 20}, 0.1f);
  const auto row_of_mass = [&](bool center) {
    const Preparation found = prepare_digits(to_image(page), {.steps = {.center = center}});
    EXPECT_EQ(found.digits.size(), 1u);
    return center_of_mass(to_picture(found.digits.at(0).pixels)).row;
  };
  EXPECT_NEAR(row_of_mass(true), 14, 0.6);
  EXPECT_GT(row_of_mass(false), 15.5);
}

TEST(Prepare, a_blank_sheet_has_no_digit) {
  for (const std::uint8_t gray : {0, 90, 255}) {
    const Preparation found = prepare_digits({50, 70, std::vector<std::uint8_t>(3500, gray)});
    EXPECT_TRUE(found.digits.empty());
    EXPECT_NE(found.why_none.find("blank"), std::string::npos) << found.why_none;
  }
}

// Noise strong enough to leave single dark pixels: none of them is a digit.
TEST(Prepare, noise_is_no_digit) {
  Random random(3);
  GrayImage noise{120, 160, {}};
  for (std::size_t i = 0; i < 120 * 160; ++i) {
    const double sum = random.uniform(-60, 60) + random.uniform(-60, 60) + random.uniform(-60, 60);
    noise.pixels.push_back(static_cast<std::uint8_t>(std::clamp(128 + sum / 2, 0., 255.)));
  }
  EXPECT_TRUE(prepare_digits(noise).digits.empty());
}

TEST(Prepare, a_scribble_has_too_many_strokes_and_digits_have_not) {
  Picture page(300, 300, 1);
  for (std::size_t at = 40; at < 260; at += 24)
    fill(page, {40, at, 220, 5}, 0.1f), fill(page, {at, 40, 5, 220}, 0.1f);
  const Preparation scribble = prepare_digits(to_image(page), {.steps = {.remove_lines = false}});
  ASSERT_EQ(scribble.digits.size(), 1u);
  EXPECT_TRUE(scribble.digits[0].has_too_many_strokes);
  const Mnist mnist = load_mnist_sample();
  std::size_t count = 0;
  for (std::size_t i = 0; i < mnist.test.count; ++i) {
    const auto pixels = mnist.test.image(i);
    for (const PreparedDigit& digit : prepare_digits({28, 28, {pixels.begin(), pixels.end()}}).digits)
      count += digit.has_too_many_strokes;
  }
  EXPECT_LE(count, 1u);
}

TEST(Prepare, a_picture_of_any_size_is_taken) {
  for (const std::size_t height : {1, 2, 3, 17, 40}) {
    for (const std::size_t width : {1, 2, 5, 300}) {
      GrayImage image{height, width, std::vector<std::uint8_t>(height * width, 255)};
      prepare_digits(image);
      image.pixels[image.pixels.size() / 2] = 0;
      EXPECT_LE(prepare_digits(image).digits.size(), 1u) << height << " x " << width;
    }
  }
}

TEST(Strip, has_a_tile_for_every_step) {
  StepPictures steps;
  const GrayImage image = to_image(page_with_bar());
  const Preparation found = prepare_digits(image, {.record = steps.recorder()});
  ASSERT_EQ(found.digits.size(), 1u);
  EXPECT_GE(steps.steps().size(), 8u);
  const GrayImage strip = steps.strip(image, found.digits[0].box, 0);
  EXPECT_EQ(strip.height, 140u);
  EXPECT_EQ(strip.width, 146 * steps.steps().size() - 6);
}

}  // namespace
}  // namespace nn

#include "common/files/image.hpp"

#include <gtest/gtest.h>
#include <string>

#include "common/files/atomic_file.hpp"
#include "common/files/jpeg.hpp"
#include "expectations/fails_saying.hpp"
#include "system/temporary_folder.hpp"

namespace nn {
namespace {

using Bytes = std::vector<std::uint8_t>;

// What stands in tests/data/images, see make_images.py there.
const std::string kFolder = NN_SOURCE_DIR "/tests/data/images/";
const Bytes kGray{0, 64, 128, 192, 254, 255};

void expect_image(const GrayImage& image, std::size_t height, std::size_t width, const Bytes& pixels) {
  EXPECT_EQ(image.height, height);
  EXPECT_EQ(image.width, width);
  EXPECT_EQ(image.pixels, pixels);
}

// Built without TurboJPEG, a JPEG is refused with the way out.
bool reads_jpeg() {
  try {
    read_gray_image(kFolder + "halves.jpg");
    return true;
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("libturbojpeg0-dev"), std::string::npos) << error.what();
    return false;
  }
}

TEST(Image, gray_files_of_every_format_are_read) {
  for (const std::string name : {"gray.png", "gray.bmp", "gray.pgm", "text.pgm", "sixteen_bits.png"}) {
    SCOPED_TRACE(name);
    expect_image(read_gray_image(kFolder + name), 2, 3, kGray);
  }
}

TEST(Image, a_jpeg_is_read) {
  if (!reads_jpeg()) GTEST_SKIP() << "built without TurboJPEG";
  const GrayImage image = read_gray_image(kFolder + "halves.jpg");
  ASSERT_EQ(image.height, 8u);
  ASSERT_EQ(image.width, 16u);
  for (std::size_t i = 0; i < image.pixels.size(); ++i) {
    EXPECT_NEAR(image.pixels[i], i % 16 < 8 ? 0 : 255, 2) << i;
  }
}

// 0.30 red + 0.59 green + 0.11 blue, as television has it.
TEST(Image, a_color_becomes_its_brightness) {
  for (const std::string name : {"color.png", "palette.png"}) {
    SCOPED_TRACE(name);
    expect_image(read_gray_image(kFolder + name), 2, 2, {76, 149, 28, 255});
  }
}

TEST(Image, behind_what_is_transparent_there_is_white_paper) {
  expect_image(read_gray_image(kFolder + "transparent.png"), 1, 3, {255, 255, 255});
  expect_image(read_gray_image(kFolder + "black_on_nothing.png"), 1, 4, {255, 255, 127, 0});
}

TEST(Image, behind_white_ink_on_nothing_it_is_black) {
  expect_image(read_gray_image(kFolder + "white_on_nothing.png"), 1, 4, {0, 0, 128, 255});
}

TEST(Image, a_png_gives_back_what_was_written) {
  const TemporaryFolder folder;
  write_png(folder / "a.png", {2, 3, kGray});
  expect_image(read_gray_image(folder / "a.png"), 2, 3, kGray);
  GrayImage large{50, 70, {}};
  for (std::size_t i = 0; i < large.height * large.width; ++i)
    large.pixels.push_back(static_cast<std::uint8_t>(i * i));
  write_png(folder / "a.png", large);
  expect_image(read_gray_image(folder / "a.png"), 50, 70, large.pixels);
}

TEST(Image, another_format_is_an_error_that_names_the_known_ones) {
  for (const std::string name : {"dot.gif", "make_images.py"}) {
    EXPECT_TRUE(
        fails_saying([&] { read_gray_image(kFolder + name); }, {name, "no image", "PNG, JPEG, BMP or PGM"}));
  }
}

TEST(Image, no_file_no_image) {
  EXPECT_TRUE(
      fails_saying([] { read_gray_image(kFolder + "missing.png"); }, {"missing.png", "cannot be read"}));
  EXPECT_TRUE(fails_saying([] { read_gray_image(kFolder); }, {"is a folder"}));
}

TEST(Image, a_truncated_png_is_an_error) {
  const TemporaryFolder folder;
  const Bytes whole = read_file(kFolder + "gray.png");
  for (std::size_t size = 0; size + 4 < whole.size(); ++size) {  // a checksum ends it, which is not looked at
    write_file_atomically(folder / "a.png", std::span(whole).first(size));
    EXPECT_TRUE(fails_saying([&] { read_gray_image(folder / "a.png"); }, {"a.png: is no image"})) << size;
  }
}

TEST(Image, a_pgm_may_have_comments_and_another_white) {
  const TemporaryFolder folder;
  const std::string header = "P5\n# by hand\n3 # wide\n1\n4\n";
  write_file_atomically(folder / "a.pgm", header + '\0' + '\2' + '\4');
  expect_image(read_gray_image(folder / "a.pgm"), 1, 3, {0, 128, 255});
}

TEST(Image, a_comment_in_a_pgm_may_stand_anywhere_before_the_pixels) {
  const auto expect_pgm = [](const std::string& text, const Bytes& pixels) {
    SCOPED_TRACE(text);
    expect_image(parse_gray_image(Bytes(text.begin(), text.end()), "a.pgm"), 1, 3, pixels);
  };
  expect_pgm("P5#a\n3#b\n1#c\n255#d\nabc", {'a', 'b', 'c'});
  expect_pgm("P5 3 1 255 # white\nabc", {'a', 'b', 'c'});
  expect_pgm("P5 3 1\n255\n# one\n# two\nabc", {'a', 'b', 'c'});
  expect_pgm("P5 3 1 255\n#b\n", {'#', 'b', '\n'});               // these are pixels
  expect_pgm("P5 3 1 255\n\n #", {'\n', ' ', '#'});               // these, too
  expect_pgm("P5 3 1 255\nabcP5 3 1 255\nabc", {'a', 'b', 'c'});  // a second picture
}

TEST(Image, other_maps_of_netpbm_are_read) {
  const auto expect_map = [](const std::string& text, std::size_t height, std::size_t width,
                             const Bytes& pixels) {
    SCOPED_TRACE(text);
    expect_image(parse_gray_image(Bytes(text.begin(), text.end()), "a.ppm"), height, width, pixels);
  };
  using namespace std::string_literals;
  expect_map("P2\n# text\n3 1 4\n0 # black\n2\t4", 1, 3, {0, 128, 255});
  expect_map("P5 3 1 65535\n\0\0\x80\0\xff\xff"s, 1, 3, {0, 128, 255});
  expect_map("P3 2 2 255 255 0 0  0 255 0\n0 0 255  255 255 255\n", 2, 2, {76, 149, 28, 255});
  expect_map("P6 2 2 255\n\xff\0\0\0\xff\0\0\0\xff\xff\xff\xff"s, 2, 2, {76, 149, 28, 255});
}

TEST(Image, a_pgm_that_is_wrong_is_an_error) {
  const TemporaryFolder folder;
  const auto pgm_fails_saying = [&](const std::string& text, std::initializer_list<std::string_view> words) {
    write_file_atomically(folder / "a.pgm", text);
    return fails_saying([&] { read_gray_image(folder / "a.pgm"); }, words);
  };
  EXPECT_TRUE(pgm_fails_saying("P5 3 2 255\nabcde", {"cut off", "5 of 6 pixels"}));
  EXPECT_TRUE(pgm_fails_saying("P5 3 2 255", {"cut off", "0 of 6 pixels"}));
  EXPECT_TRUE(pgm_fails_saying("P5 10000 10000 255 abc", {"cut off", "3 of 100000000 pixels"}));
  EXPECT_TRUE(pgm_fails_saying("P5 3 2 65536\nabcdefghijkl", {"white is 65536"}));
  EXPECT_TRUE(pgm_fails_saying("P5 3 2 0\nabcdef", {"white is 0"}));
  EXPECT_TRUE(pgm_fails_saying("P5 10001 1 255\na", {"1 x 10001"}));
  EXPECT_TRUE(pgm_fails_saying("P5 123456789012345678901234567890 1 255\na", {"pixels"}));
  EXPECT_TRUE(pgm_fails_saying("P5 # no end", {"0 x 0 pixels"}));
  EXPECT_TRUE(pgm_fails_saying("P5 3 2 65535\nabcdefghijk", {"cut off", "5 of 6 pixels"}));
  EXPECT_TRUE(pgm_fails_saying("P6 1 1 255\nab", {"cut off", "0 of 1 pixels"}));
  EXPECT_TRUE(pgm_fails_saying("P2 3 1 255\n1 2 ", {"cut off", "2 of 3 pixels"}));
  EXPECT_TRUE(pgm_fails_saying("P2 3 1 255\n1 x 3", {"pixel 1 is no number"}));
  EXPECT_TRUE(pgm_fails_saying("P2 3 1 255\n1 123456 3", {"pixel 1 is no number"}));
  EXPECT_TRUE(pgm_fails_saying("P5", {"0 x 0 pixels"}));
}

TEST(Image, a_bmp_that_is_cut_off_is_an_error) {
  Bytes bytes = read_file(kFolder + "gray.bmp");
  bytes.resize(bytes.size() - 2);
  EXPECT_TRUE(fails_saying([&] { parse_gray_image(bytes, "a.bmp"); }, {"a.bmp", "cut off"}));
}

// Without the last two bytes only the end marker is missing, not a pixel.
TEST(Image, a_jpeg_that_is_cut_off_or_damaged_is_an_error) {
  if (!reads_jpeg()) GTEST_SKIP() << "built without TurboJPEG";
  const Bytes whole = read_file(kFolder + "halves.jpg");
  for (std::size_t size = 2; size + 2 < whole.size(); ++size) {
    const auto part = std::span(whole).first(size);
    EXPECT_TRUE(fails_saying([&] { parse_gray_image(part, "a.jpg"); }, {"a.jpg"})) << size;
  }
}

TEST(Image, a_jpeg_with_too_much_or_no_end_marker_is_read) {
  if (!reads_jpeg()) GTEST_SKIP() << "built without TurboJPEG";
  Bytes bytes = read_file(kFolder + "halves.jpg");
  const Bytes pixels = parse_gray_image(bytes, "a.jpg").pixels;
  expect_image(parse_gray_image(std::span(bytes).first(bytes.size() - 2), "a.jpg"), 8, 16, pixels);
  Bytes behind = bytes;
  behind.insert(behind.end(), {1, 2, 3});
  expect_image(parse_gray_image(behind, "a.jpg"), 8, 16, pixels);
  const std::size_t second_marker = 4 + bytes[4] * 256u + bytes[5];  // behind the first segment
  Bytes extraneous = bytes;
  extraneous.insert(extraneous.begin() + static_cast<std::ptrdiff_t>(second_marker), {1, 2, 3});
  expect_image(parse_gray_image(extraneous, "a.jpg"), 8, 16, pixels);
  extraneous = bytes;
  extraneous.insert(extraneous.end() - 2, {1, 2, 3});
  expect_image(parse_gray_image(extraneous, "a.jpg"), 8, 16, pixels);
}

TEST(Image, a_jpeg_of_the_colors_of_print_is_read) {
  if (!reads_jpeg()) GTEST_SKIP() << "built without TurboJPEG";
  const GrayImage image = read_gray_image(kFolder + "cmyk.jpg");
  ASSERT_EQ(image.pixels.size(), 8 * 16u);
  for (std::size_t i = 0; i < image.pixels.size(); ++i) {
    EXPECT_NEAR(image.pixels[i], i % 16 < 8 ? 0 : 255, 2) << i;
  }
}

// The bytes of halves.jpg with EXIF data in front that say how the camera was held.
Bytes with_orientation(std::uint8_t orientation, bool little_endian) {
  Bytes bytes = read_file(kFolder + "halves.jpg");
  Bytes segment{0xff, 0xe1, 0, 34, 'E', 'x', 'i', 'f', 0, 0};
  const Bytes little{'I', 'I', 42, 0, 8, 0,           0, 0, 1, 0, 0x12, 1, 3,
                     0,   1,   0,  0, 0, orientation, 0, 0, 0, 0, 0,    0, 0};
  const Bytes big{'M', 'M', 0, 42, 0, 0, 0,           8, 0, 1, 1, 0x12, 0,
                  3,   0,   0, 0,  1, 0, orientation, 0, 0, 0, 0, 0,    0};
  segment.insert(segment.end(), little_endian ? little.begin() : big.begin(),
                 little_endian ? little.end() : big.end());
  bytes.insert(bytes.begin() + 2, segment.begin(), segment.end());
  return bytes;
}

TEST(Image, a_jpeg_is_turned_as_the_camera_was_held) {
  if (!reads_jpeg()) GTEST_SKIP() << "built without TurboJPEG";
  for (const bool little_endian : {true, false}) {
    const GrayImage turned = parse_gray_image(with_orientation(6, little_endian), "a.jpg");
    ASSERT_EQ(turned.height, 16u);
    ASSERT_EQ(turned.width, 8u);
    EXPECT_NEAR(turned.pixels.front(), 0, 2) << "the dark half was on the left and is above now";
    EXPECT_NEAR(turned.pixels.back(), 255, 2);
    EXPECT_EQ(exif_orientation(with_orientation(9, little_endian)), 1)
        << "there is no such way to hold a camera";
  }
  EXPECT_EQ(exif_orientation(read_file(kFolder + "halves.jpg")), 1);
}

// 1 2 3   as the camera saw it; what is on the left of each is where the camera's first row and column are.
// 4 5 6
TEST(Image, each_of_the_eight_ways_to_hold_a_camera) {
  const GrayImage image{2, 3, {1, 2, 3, 4, 5, 6}};
  const std::vector<Bytes> expected{{1, 2, 3, 4, 5, 6}, {3, 2, 1, 6, 5, 4}, {6, 5, 4, 3, 2, 1},
                                    {4, 5, 6, 1, 2, 3}, {1, 4, 2, 5, 3, 6}, {4, 1, 5, 2, 6, 3},
                                    {6, 3, 5, 2, 4, 1}, {3, 6, 2, 5, 1, 4}};
  for (int orientation = 1; orientation <= 8; ++orientation) {
    SCOPED_TRACE(orientation);
    const bool lying = orientation > 4;
    expect_image(upright(image, orientation), lying ? 3 : 2, lying ? 2 : 3,
                 expected[static_cast<std::size_t>(orientation - 1)]);
  }
}

TEST(Image, exif_data_that_are_cut_off_or_lead_nowhere_are_no_orientation) {
  const Bytes whole = with_orientation(6, true);
  for (std::size_t size = 0; size < 36; ++size)
    EXPECT_EQ(exif_orientation(std::span(whole).first(size)), 1) << size;
  Bytes far = whole;
  far[16] = 0xff;  // where the directory is
  EXPECT_EQ(exif_orientation(far), 1);
}

TEST(Image, a_size_is_checked_before_any_pixel_is_decoded) {
  EXPECT_TRUE(
      fails_saying([] { read_gray_image(kFolder + "too_wide.png"); }, {"1 x 10001", "10000 x 10000"}));
  Bytes sizes = read_file(kFolder + "gray.png");
  sizes[18] = sizes[22] = 0x20;  // the third bytes of width and height: 8195 x 8194 pixels in 70 bytes
  EXPECT_TRUE(fails_saying([&] { parse_gray_image(sizes, "a.png"); }, {"so few bytes"}));
  EXPECT_TRUE(fails_saying([] { read_gray_image(kFolder + "claims_much.png"); }, {"no image"}));
}

TEST(Image, what_is_no_image_is_not_written) {
  const TemporaryFolder folder;
  EXPECT_TRUE(fails_saying([&] { write_png(folder / "a.png", {2, 3, {1, 2}}); }, {"2 pixels", "2 x 3"}));
  EXPECT_TRUE(fails_saying([&] { write_png(folder / "a.png", {0, 3, {}}); }, {"0 pixels", "0 x 3"}));
  EXPECT_TRUE(fails_saying([&] { write_png(folder / "no" / "a.png", {1, 1, {1}}); }, {"no folder"}));
  EXPECT_FALSE(std::filesystem::exists(folder / "a.png"));
}

}  // namespace
}  // namespace nn

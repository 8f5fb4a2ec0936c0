#include "common/data/idx.hpp"

#include <gtest/gtest.h>
#include <initializer_list>
#include <stdexcept>
#include <string_view>

#include "common/files/atomic_file.hpp"
#include "expectations/fails_saying.hpp"
#include "system/temporary_folder.hpp"

namespace nn {
namespace {

using Bytes = std::vector<std::uint8_t>;

// Two images of 2 x 3, and two labels, byte by byte as the format's page describes them.
const Bytes kImages{0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6, 7, 8, 9, 250, 251, 252};
const Bytes kLabels{0, 0, 8, 1, 0, 0, 0, 2, 7, 0};

Bytes joined(Bytes a, const Bytes& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

Bytes first(const Bytes& bytes, std::size_t count) {
  return {bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(count)};
}

Bytes image_header(std::initializer_list<std::uint8_t> sizes) { return joined({0, 0, 8, 3}, sizes); }

// Reads them as a file, as the programs do.
ImageSet images_in_file(const Bytes& bytes) {
  const TemporaryFolder folder;
  write_file_atomically(folder / "images", bytes);
  return read_idx_images(folder / "images");
}

SharedBytes labels_in_file(const Bytes& bytes) {
  const TemporaryFolder folder;
  write_file_atomically(folder / "labels", bytes);
  return read_idx_labels(folder / "labels");
}

TEST(Idx, images_and_labels_are_read) {
  const ImageSet images = images_in_file(kImages);
  EXPECT_EQ(images.count, 2u);
  EXPECT_EQ(images.height, 2u);
  EXPECT_EQ(images.width, 3u);
  EXPECT_EQ(images.pixels, (Bytes{1, 2, 3, 4, 5, 6, 7, 8, 9, 250, 251, 252}));
  EXPECT_EQ(labels_in_file(kLabels), (Bytes{7, 0}));
}

TEST(Idx, image_gives_the_pixels_of_one_image) {
  const ImageSet images = parse_idx_images(kImages, "");
  const auto second = images.image(1);
  EXPECT_EQ(Bytes(second.begin(), second.end()), (Bytes{7, 8, 9, 250, 251, 252}));
  EXPECT_THROW(images.image(2), std::out_of_range);
}

TEST(Idx, gzip_is_known_by_its_content) {
  EXPECT_EQ(images_in_file(gzip_bytes(kImages)).pixels, parse_idx_images(kImages, "").pixels);
  EXPECT_EQ(labels_in_file(gzip_bytes(kLabels)), (Bytes{7, 0}));
  EXPECT_EQ(labels_in_file(gzip_bytes(idx_bytes(Bytes{}))), Bytes{});
}

// As bgzip writes it, or cat of two files.
TEST(Idx, gzip_of_several_members_is_read_as_one) {
  Bytes packed;
  for (std::size_t i = 0; i < kImages.size(); ++i) packed = joined(packed, gzip_bytes({&kImages[i], 1}));
  packed = joined(packed, gzip_bytes(Bytes{}));  // bgzip ends with an empty one
  EXPECT_EQ(images_in_file(packed).pixels, parse_idx_images(kImages, "").pixels);
  EXPECT_TRUE(fails_saying([&] { images_in_file(joined(packed, {1, 2, 3})); }, {"3 bytes follow"}));
  EXPECT_TRUE(fails_saying([&] { images_in_file(joined(gzip_bytes(kImages), gzip_bytes(kImages))); },
                           {"28 bytes", "unpacks to more"}));
  EXPECT_TRUE(fails_saying([&] { images_in_file(first(packed, packed.size() - 1)); }, {"cut off"}));
}

TEST(Idx, a_file_that_was_packed_twice_is_named) {
  EXPECT_TRUE(fails_saying([] { images_in_file(gzip_bytes(gzip_bytes(kImages))); },
                           {"images: ", "compressed twice", "gunzip"}));
}

TEST(Idx, the_labels_of_qmnist_are_named) {
  const Bytes labels = joined({0, 0, 0x0c, 2, 0, 0, 0, 1, 0, 0, 0, 8}, Bytes(32, 0));
  EXPECT_TRUE(fails_saying([&] { labels_in_file(labels); }, {"QMNIST", "00000c02", "00000801"}));
  EXPECT_TRUE(fails_saying([&] { labels_in_file(gzip_bytes(labels)); }, {"QMNIST", "00000801"}));
}

TEST(Idx, what_is_written_are_the_bytes_of_the_format) {
  EXPECT_EQ(idx_bytes(parse_idx_images(kImages, "")), kImages);
  EXPECT_EQ(idx_bytes(Bytes{7, 0}), kLabels);
  Bytes many(70000, 3);
  EXPECT_EQ(first(idx_bytes(many), 8), (Bytes{0, 0, 8, 1, 0, 1, 0x11, 0x70}));
}

TEST(Idx, gzip_bytes_hold_neither_time_nor_name) {
  const Bytes packed = gzip_bytes(kImages);
  EXPECT_EQ(first(packed, 8), (Bytes{0x1f, 0x8b, 8, 0, 0, 0, 0, 0}));
  EXPECT_EQ(packed, gzip_bytes(kImages));
}

TEST(Idx, a_truncated_file_is_named_with_both_sizes) {
  EXPECT_TRUE(fails_saying([] { images_in_file(first(kImages, 27)); },
                           {"images: ", "2 images of 2 x 3", "28 bytes", "it has 27", "cut off"}));
  EXPECT_TRUE(fails_saying([] { labels_in_file(first(kLabels, 9)); },
                           {"labels: ", "2 labels", "10 bytes", "it has 9", "cut off"}));
}

TEST(Idx, every_shorter_file_is_an_error) {
  for (std::size_t size = 0; size < kImages.size(); ++size) {
    EXPECT_TRUE(fails_saying([&] { images_in_file(first(kImages, size)); }, {std::to_string(size)})) << size;
  }
  for (std::size_t size = 0; size < kLabels.size(); ++size) {
    EXPECT_TRUE(fails_saying([&] { labels_in_file(first(kLabels, size)); }, {std::to_string(size)})) << size;
  }
}

TEST(Idx, a_longer_file_is_an_error) {
  EXPECT_TRUE(fails_saying([] { images_in_file(joined(kImages, {0})); }, {"28 bytes", "it has 29"}));
}

TEST(Idx, images_given_for_labels_are_named_as_such) {
  EXPECT_TRUE(fails_saying([] { labels_in_file(kImages); },
                           {"is an IDX image file", "an IDX label file was expected"}));
  EXPECT_TRUE(fails_saying([] { images_in_file(gzip_bytes(kLabels)); },
                           {"is an IDX label file", "an IDX image file was expected"}));
}

TEST(Idx, another_kind_of_file_is_named_by_its_first_bytes) {
  const std::string_view page = "<html>not found</html>";
  EXPECT_TRUE(fails_saying([&] { images_in_file({page.begin(), page.end()}); }, {"3c68746d", "no IDX file"}));
  // 0x0d: floats instead of bytes
  EXPECT_TRUE(fails_saying([] { images_in_file(joined({0, 0, 0x0d, 3}, Bytes(12, 0))); }, {"00000d03"}));
}

// Believing this header would ask for three terabytes.
TEST(Idx, a_header_that_claims_four_billion_images_fails_before_memory_is_taken) {
  const Bytes huge = image_header({255, 255, 255, 255, 0, 0, 0, 28, 0, 0, 0, 28});
  EXPECT_TRUE(fails_saying([&] { images_in_file(huge); }, {"4294967295 images of 28 x 28", "damaged"}));
  EXPECT_TRUE(fails_saying([&] { images_in_file(gzip_bytes(huge)); }, {"4294967295 images", "damaged"}));
}

// 2^22 * 2^21 * 2^21 is 2^64, which is 0 in 64 bits.
TEST(Idx, sizes_whose_product_overflows_are_an_error) {
  const Bytes header = image_header({0, 0x40, 0, 0, 0, 0x20, 0, 0, 0, 0x20, 0, 0});
  EXPECT_TRUE(fails_saying([&] { images_in_file(header); }, {"4194304 images", "damaged"}));
}

// Within the limit, but no gzip file of this length can hold it.
TEST(Idx, a_packed_header_that_claims_more_than_gzip_can_hold_is_an_error) {
  const Bytes header = image_header({0, 0, 100, 0, 0, 0, 0, 100, 0, 0, 0, 100});
  EXPECT_TRUE(fails_saying([&] { images_in_file(gzip_bytes(header)); }, {"256000016 bytes", "can hold"}));
}

TEST(Idx, every_truncated_gzip_file_is_an_error) {
  const Bytes packed = gzip_bytes(kImages);
  for (std::size_t size = 2; size < packed.size(); ++size) {
    EXPECT_TRUE(fails_saying([&] { images_in_file(first(packed, size)); }, {"images: ", "cut off"})) << size;
  }
}

TEST(Idx, something_behind_the_gzip_data_is_an_error) {
  EXPECT_TRUE(fails_saying(
      [] {
        images_in_file(joined(gzip_bytes(kImages), {1, 2, 3}));
      },
      {"3 bytes follow"}));
}

TEST(Idx, a_damaged_gzip_file_is_an_error) {
  Bytes packed = gzip_bytes(kImages);
  packed[packed.size() - 6] ^= 1;  // within the checksum
  EXPECT_TRUE(fails_saying([&] { images_in_file(packed); }, {"damaged"}));
}

TEST(Idx, a_gzip_file_that_unpacks_to_another_size_is_an_error) {
  EXPECT_TRUE(
      fails_saying([] { images_in_file(gzip_bytes(first(kImages, 27))); }, {"28 bytes", "unpacks to 27"}));
  EXPECT_TRUE(
      fails_saying([] { images_in_file(gzip_bytes(joined(kImages, {0}))); }, {"28 bytes", "to more"}));
  EXPECT_TRUE(fails_saying([] { images_in_file(gzip_bytes(first(kImages, 10))); }, {"within its header"}));
  EXPECT_TRUE(fails_saying([] { images_in_file(gzip_bytes(Bytes{})); }, {"too short"}));
}

TEST(Idx, a_missing_file_is_an_error) {
  EXPECT_TRUE(
      fails_saying([] { read_idx_images("/nowhere/images"); }, {"/nowhere/images", "cannot be read"}));
}

}  // namespace
}  // namespace nn

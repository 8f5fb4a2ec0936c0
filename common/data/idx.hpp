// IDX, the format of the MNIST files: a header of big-endian 32-bit numbers, then one byte a value.
//   images: 0x00000803, count, height, width, then count * height * width pixels, row by row
//   labels: 0x00000801, count, then count labels
// Files may be raw or packed by gzip: the content decides, not the name. All that is wrong throws Error.
// The format: the page of the MNIST database, "FILE FORMATS FOR THE MNIST DATABASE".
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "common/data/shared_bytes.hpp"

namespace nn {

// Gray images of one size: pixels is count x (height * width), 0 is background, 255 is ink.
struct ImageSet {
  std::size_t count = 0, height = 0, width = 0;
  SharedBytes pixels;

  // The height * width pixels of image i, row by row; std::out_of_range if there is no image i.
  std::span<const std::uint8_t> image(std::size_t i) const;
};

// More than this after unpacking is taken for a damaged header: 1 GiB, twenty times MNIST.
inline constexpr std::size_t kMaxIdxBytes = std::size_t{1} << 30;

ImageSet read_idx_images(const std::filesystem::path& file);
SharedBytes read_idx_labels(const std::filesystem::path& file);

// The same from memory. where: the file's name, for the message of an Error.
// unpack_idx: the raw IDX file in `bytes`, which may be packed by gzip; no more is unpacked than its header
// announces. parse_...: from such a raw file, whose bytes the result shares.
std::vector<std::uint8_t> unpack_idx(std::vector<std::uint8_t> bytes, const std::string& where);
ImageSet parse_idx_images(const SharedBytes& bytes, const std::string& where);
SharedBytes parse_idx_labels(const SharedBytes& bytes, const std::string& where);

// A raw IDX file that holds the images or the labels.
std::vector<std::uint8_t> idx_bytes(const ImageSet& images);
std::vector<std::uint8_t> idx_bytes(std::span<const std::uint8_t> labels);

// Packed by gzip at level 9 without name or time: the same bytes give the same file.
std::vector<std::uint8_t> gzip_bytes(std::span<const std::uint8_t> bytes);

}  // namespace nn

// Named tensors in one file, in the format that PyTorch and others read and write:
//   8 bytes   length of the header, little-endian
//   header    JSON: {"name": {"dtype": "F32", "shape": [2, 3], "data_offsets": [begin, end]}, ...,
//             "__metadata__": {"key": "text", ...}}, at its end any number of spaces
//   data      the tensors' bytes, little-endian, row-major; the offsets cover it without gap or overlap
// The format: https://github.com/huggingface/safetensors
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace nn {

// As many values as the product of shape says, the last index fastest; an empty shape means one value.
struct Tensor {
  std::vector<std::size_t> shape;
  std::vector<float> values;
};

struct TensorFile {
  std::vector<std::pair<std::string, Tensor>> tensors;  // in the order of the data
  std::map<std::string, std::string> metadata;

  // nullptr if there is none of that name.
  const Tensor* find(const std::string& name) const;
};

// A header longer than this is an Error, as in the reference implementation.
inline constexpr std::size_t kMaxTensorHeader = 100'000'000;

// The same content gives the same bytes. All tensors as F32; the data start at a multiple of 8. Throws Error
// if a tensor's values do not fit its shape or a name occurs twice. What is not UTF-8 in a metadata text is
// replaced by U+FFFD: a trained model is not to be lost over a file name.
std::vector<std::uint8_t> safetensors_bytes(const TensorFile& content);

// Reads F32 and F64 (rounded to float). Every length, offset and shape is checked against the size of `bytes`
// before it is used; whatever is not as the format says throws Error. where: the file's name, for its
// message.
TensorFile parse_safetensors(std::span<const std::uint8_t> bytes, const std::string& where);

TensorFile read_safetensors(const std::filesystem::path& file);
// Atomic, see atomic_file.hpp.
void write_safetensors(const std::filesystem::path& file, const TensorFile& content);

}  // namespace nn

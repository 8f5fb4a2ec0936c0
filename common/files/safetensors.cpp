#include "common/files/safetensors.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>
#include <set>
#include <string_view>

#include "common/error.hpp"
#include "common/files/atomic_file.hpp"

namespace nn {
namespace {

using Json = nlohmann::json;
using Bytes = std::span<const std::uint8_t>;

static_assert(std::endian::native == std::endian::little, "the values are copied as they are in memory");
constexpr std::size_t kLengthBytes = 8;
constexpr const char* kMetadata = "__metadata__";

[[noreturn]] void fail(const std::string& where, const std::string& what) {
  throw Error(fmt::format("{}: {}", where, what));
}

// One tensor as the header describes it.
struct Entry {
  std::string name, dtype;
  std::vector<std::size_t> shape;
  std::size_t begin = 0, end = 0;  // of its bytes within the data
};

std::size_t value_bytes(const std::string& dtype) { return dtype == "F32" ? 4 : dtype == "F64" ? 8 : 0; }

bool starts_with(Bytes bytes, std::string_view text) {
  return bytes.size() >= text.size() &&
         std::equal(text.begin(), text.end(), bytes.begin(), [](char c, std::uint8_t b) {
           return c == static_cast<char>(b >= 'A' && b <= 'Z' ? b - 'A' + 'a' : b);
         });
}

// What a file of this start is instead and what to do; empty if it is none of the usual mistakes. The texts are in
// small letters, for starts_with.
std::string another_kind(Bytes bytes) {
  while (!bytes.empty() &&
         std::string_view(" \t\r\n").find(static_cast<char>(bytes[0])) != std::string_view::npos) {
    bytes = bytes.subspan(1);
  }
  if (starts_with(bytes, "version https://git-lfs")) {
    return "is a Git LFS pointer, expected the safetensors file it stands for: run git lfs pull in its "
           "repository";
  }
  if (starts_with(bytes, "<!doctype") || starts_with(bytes, "<html")) {
    return "is a web page, expected a safetensors file: download it again, from the link to the file itself";
  }
  const char* kind = starts_with(bytes, "pk\x03\x04") ? "a ZIP archive"
                     : bytes.size() >= 2 && bytes[0] == 0x80 && bytes[1] >= 2 && bytes[1] <= 5 ? "a pickle"
                                                                                               : nullptr;
  if (kind == nullptr) return "";
  return fmt::format(
      "is {} as torch.save writes it, expected a safetensors file: in PyTorch, load it and save "
      "its state dict with safetensors.torch.save_file",
      kind);
}

// The header's text, after the length before it has been checked.
std::string_view header_text(Bytes bytes, const std::string& where) {
  if (bytes.size() < kLengthBytes) {
    if (const std::string kind = another_kind(bytes); !kind.empty()) fail(where, kind);
    fail(where, fmt::format("is {} bytes long, too short for a safetensors file", bytes.size()));
  }
  std::uint64_t length = 0;
  std::memcpy(&length, bytes.data(), kLengthBytes);
  const std::size_t rest = bytes.size() - kLengthBytes;
  if (length > kMaxTensorHeader) {
    if (const std::string kind = another_kind(bytes); !kind.empty()) fail(where, kind);
    fail(where,
         fmt::format("announces a header of {} bytes, more than the {} allowed: no safetensors file, or "
                     "it is damaged",
                     length, kMaxTensorHeader));
  }
  if (length > rest) {
    fail(where, fmt::format("announces a header of {} bytes, but only {} follow: the file is cut off", length,
                            rest));
  }
  const Bytes header = bytes.subspan(kLengthBytes, length);
  if (header.empty() || header.front() != '{') fail(where, "its header does not start with '{'");
  return {reinterpret_cast<const char*>(header.data()), header.size()};
}

// The parser keeps the last of two equal keys without a word; the format forbids them.
Json parse_header(std::string_view text, const std::string& where) {
  std::vector<std::set<std::string>> keys;  // of the objects that are open
  const auto check = [&](int, Json::parse_event_t event, Json& value) {
    if (event == Json::parse_event_t::object_start) keys.emplace_back();
    if (event == Json::parse_event_t::object_end) keys.pop_back();
    if (event == Json::parse_event_t::key && !keys.back().insert(value.get<std::string>()).second) {
      fail(where, fmt::format("its header holds \"{}\" twice", value.get<std::string>()));
    }
    return true;
  };
  try {
    return Json::parse(text, check);
  } catch (const Json::exception& error) {
    fail(where, fmt::format("its header is no JSON: {}", error.what()));
  }
}

std::map<std::string, std::string> parse_metadata(const Json& object, const std::string& where) {
  if (object.is_null()) return {};
  if (!object.is_object()) fail(where, fmt::format("{} is not an object", kMetadata));
  std::map<std::string, std::string> metadata;
  for (const auto& [key, value] : object.items()) {
    if (!value.is_string()) fail(where, fmt::format("{}: \"{}\" is not a text", kMetadata, key));
    metadata[key] = value.get<std::string>();
  }
  return metadata;
}

// The list of sizes under `key`.
std::vector<std::size_t> parse_sizes(const Json& tensor, const char* key, const std::string& where) {
  if (!tensor.contains(key) || !tensor.at(key).is_array()) fail(where, fmt::format("has no list {}", key));
  std::vector<std::size_t> sizes;
  for (const Json& value : tensor.at(key)) {
    if (!value.is_number_unsigned())
      fail(where, fmt::format("{} holds a {} that is no size", key, value.type_name()));
    sizes.push_back(value.get<std::size_t>());
  }
  return sizes;
}

// The number of bytes that shape and dtype ask for; a product that overflows is an Error.
std::size_t needed_bytes(const Entry& entry, const std::string& where) {
  std::size_t product = value_bytes(entry.dtype);
  for (const std::size_t size : entry.shape) {
    if (size != 0 && product > SIZE_MAX / size) {
      fail(where, fmt::format("its shape [{}] is too large", fmt::join(entry.shape, ", ")));
    }
    product *= size;
  }
  return product;
}

// One tensor of the header, checked against the size of the data. file: for the message of an Error.
Entry parse_entry(const std::string& name, const Json& json, std::size_t data_bytes,
                  const std::string& file) {
  const std::string where = fmt::format("{}: tensor {}", file, name);
  if (!json.is_object()) fail(where, "is not described by an object");
  if (!json.contains("dtype") || !json.at("dtype").is_string()) fail(where, "has no dtype");
  Entry entry{name, json.at("dtype").get<std::string>(), parse_sizes(json, "shape", where)};
  if (value_bytes(entry.dtype) == 0) {
    fail(where,
         fmt::format("holds {} values; F32 or F64 were expected (PyTorch: save model.float())", entry.dtype));
  }
  const std::vector<std::size_t> offsets = parse_sizes(json, "data_offsets", where);
  if (offsets.size() != 2) fail(where, fmt::format("has {} data_offsets, not 2", offsets.size()));
  entry.begin = offsets[0], entry.end = offsets[1];
  if (entry.begin > entry.end || entry.end > data_bytes) {
    fail(where, fmt::format("lies at {} to {}, but the file holds {} bytes of data: it is cut off or damaged",
                            entry.begin, entry.end, data_bytes));
  }
  if (needed_bytes(entry, where) != entry.end - entry.begin) {
    fail(where,
         fmt::format("of shape [{}] and type {} takes {} bytes, but has {}", fmt::join(entry.shape, ", "),
                     entry.dtype, needed_bytes(entry, where), entry.end - entry.begin));
  }
  return entry;
}

// Sorted by their place, one tensor must start where the last one ended, and the last end where the file
// does.
void check_cover(const std::vector<Entry>& entries, std::size_t data_bytes, const std::string& where) {
  std::size_t covered = 0;
  for (const Entry& entry : entries) {
    if (entry.begin != covered) {
      fail(where, fmt::format("tensor {} starts at byte {} of the data, but the one before ends at {}",
                              entry.name, entry.begin, covered));
    }
    covered = entry.end;
  }
  if (covered != data_bytes) {
    fail(where,
         fmt::format("the tensors take {} bytes, but the file holds {} bytes of data", covered, data_bytes));
  }
}

template <class Value>
std::vector<float> copy_values(Bytes bytes) {
  std::vector<float> values(bytes.size() / sizeof(Value));
  for (std::size_t i = 0; i < values.size(); ++i) {
    Value value;
    std::memcpy(&value, bytes.data() + i * sizeof(Value), sizeof(Value));
    values[i] = static_cast<float>(value);
  }
  return values;
}

Tensor read_tensor(const Entry& entry, Bytes data) {
  const Bytes bytes = data.subspan(entry.begin, entry.end - entry.begin);
  return {entry.shape, entry.dtype == "F32" ? copy_values<float>(bytes) : copy_values<double>(bytes)};
}

// The header's JSON, padded so that the data start at a multiple of 8.
std::string format_header(const TensorFile& content) {
  nlohmann::ordered_json header = nlohmann::ordered_json::object();
  if (!content.metadata.empty()) header[kMetadata] = content.metadata;
  std::size_t offset = 0;
  for (const auto& [name, tensor] : content.tensors) {
    if (name == kMetadata) fail(name, "is no name for a tensor: the format reserves it");
    if (header.contains(name)) fail(name, "is the name of two tensors");
    const Entry entry{name, "F32", tensor.shape};
    const std::size_t size = 4 * tensor.values.size();
    if (needed_bytes(entry, name) != size) {
      fail(name, fmt::format("a tensor of shape [{}] cannot hold {} values", fmt::join(tensor.shape, ", "),
                             tensor.values.size()));
    }
    header[name] = {{"dtype", "F32"}, {"shape", tensor.shape}, {"data_offsets", {offset, offset + size}}};
    offset += size;
  }
  std::string text = header.dump(-1, ' ', false, Json::error_handler_t::replace);
  text.resize((text.size() + 7) / 8 * 8, ' ');
  return text;
}

}  // namespace

const Tensor* TensorFile::find(const std::string& name) const {
  const auto found =
      std::find_if(tensors.begin(), tensors.end(), [&](const auto& t) { return t.first == name; });
  return found == tensors.end() ? nullptr : &found->second;
}

std::vector<std::uint8_t> safetensors_bytes(const TensorFile& content) {
  const std::string header = format_header(content);
  const std::uint64_t length = header.size();
  std::vector<std::uint8_t> bytes(kLengthBytes + length);
  std::memcpy(bytes.data(), &length, kLengthBytes);
  std::memcpy(bytes.data() + kLengthBytes, header.data(), header.size());
  for (const auto& [name, tensor] : content.tensors) {
    const auto values = std::as_bytes(std::span(tensor.values));
    const auto* begin = reinterpret_cast<const std::uint8_t*>(values.data());
    bytes.insert(bytes.end(), begin, begin + values.size());
  }
  return bytes;
}

TensorFile parse_safetensors(Bytes bytes, const std::string& where) {
  const std::string_view text = header_text(bytes, where);
  const Bytes data = bytes.subspan(kLengthBytes + text.size());
  TensorFile content;
  std::vector<Entry> entries;
  const Json header = parse_header(text, where);
  for (const auto& [name, json] : header.items()) {
    if (name == kMetadata) {
      content.metadata = parse_metadata(json, where);
    } else {
      entries.push_back(parse_entry(name, json, data.size(), where));
    }
  }
  std::stable_sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return std::pair(a.begin, a.end) < std::pair(b.begin, b.end);
  });
  check_cover(entries, data.size(), where);
  for (const Entry& entry : entries) content.tensors.emplace_back(entry.name, read_tensor(entry, data));
  return content;
}

TensorFile read_safetensors(const std::filesystem::path& file) {
  return parse_safetensors(read_file(file), file.string());
}

void write_safetensors(const std::filesystem::path& file, const TensorFile& content) {
  write_file_atomically(file, safetensors_bytes(content));
}

}  // namespace nn

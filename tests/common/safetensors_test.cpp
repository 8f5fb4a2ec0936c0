#include "common/files/safetensors.hpp"

#include <bit>
#include <cmath>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <limits>

#include "common/files/atomic_file.hpp"
#include "expectations/fails_saying.hpp"
#include "system/temporary_folder.hpp"

namespace nn {
namespace {

using Bytes = std::vector<std::uint8_t>;

// A file with this header, as it stands, and so many bytes of data: 0, 1, 2, ...
Bytes file_with(const std::string& header, std::size_t data_bytes) {
  Bytes bytes;
  for (int i = 0; i < 8; ++i) bytes.push_back(static_cast<std::uint8_t>(header.size() >> 8 * i));
  for (const char c : header) bytes.push_back(static_cast<std::uint8_t>(c));
  for (std::size_t i = 0; i < data_bytes; ++i) bytes.push_back(static_cast<std::uint8_t>(i));
  return bytes;
}

// The same with one tensor: "a":{...}
std::string tensor(const std::string& shape, const std::string& offsets, const std::string& dtype = "F32") {
  return fmt::format(R"({{"dtype":"{}","shape":{},"data_offsets":{}}})", dtype, shape, offsets);
}
Bytes file_of(const std::string& a, std::size_t data_bytes) {
  return file_with("{\"a\":" + a + "}", data_bytes);
}

testing::AssertionResult parsing_fails_saying(const Bytes& bytes,
                                              std::initializer_list<std::string_view> words) {
  return fails_saying(
      [&] {
        try {
          parse_safetensors(bytes, "model");
        } catch (const Error& error) {
          if (!std::string_view(error.what()).starts_with("model: ")) throw Error("no file named");
          throw;
        }
      },
      words);
}

TensorFile example() {
  return {{{"0.weight", {{2, 3}, {1, 2, 3, 4, 5, 6.5f}}}, {"0.bias", {{2}, {-1, 0}}}}, {{"format", "pt"}}};
}

// Written by hand after the format's page: 1 and -2 are 00 00 80 3f and 00 00 00 c0.
TEST(Safetensors, bytes_by_hand_are_read) {
  const std::string header =
      R"({"b":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},"__metadata__":{"k":"v"}}   )";
  Bytes bytes = file_with(header, 0);
  for (const std::uint8_t byte : {0x00, 0x00, 0x80, 0x3f, 0x00, 0x00, 0x00, 0xc0}) bytes.push_back(byte);
  const TensorFile content = parse_safetensors(bytes, "");
  ASSERT_EQ(content.tensors.size(), 1u);
  EXPECT_EQ(content.tensors[0].first, "b");
  EXPECT_EQ(content.tensors[0].second.shape, (std::vector<std::size_t>{1, 2}));
  EXPECT_EQ(content.tensors[0].second.values, (std::vector<float>{1, -2}));
  EXPECT_EQ(content.metadata, (std::map<std::string, std::string>{{"k", "v"}}));
}

TEST(Safetensors, bytes_written_are_those_of_the_format) {
  const TensorFile one{{{"b", {{1, 2}, {1, -2}}}}, {{"k", "v"}}};
  std::string header = R"({"__metadata__":{"k":"v"},"b":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}})";
  header.resize((header.size() + 7) / 8 * 8, ' ');
  Bytes expected = file_with(header, 0);
  for (const std::uint8_t byte : {0x00, 0x00, 0x80, 0x3f, 0x00, 0x00, 0x00, 0xc0}) expected.push_back(byte);
  EXPECT_EQ(safetensors_bytes(one), expected);
  EXPECT_EQ(expected.size() % 8, 0u);
}

TEST(Safetensors, a_file_gives_back_what_was_written) {
  const TemporaryFolder folder;
  write_safetensors(folder / "model", example());
  const TensorFile content = read_safetensors(folder / "model");
  ASSERT_EQ(content.tensors.size(), 2u);
  EXPECT_EQ(content.tensors[0].first, "0.weight");
  EXPECT_EQ(content.tensors[1].first, "0.bias");
  EXPECT_EQ(content.metadata, example().metadata);
  ASSERT_NE(content.find("0.weight"), nullptr);
  EXPECT_EQ(content.find("0.weight")->shape, (std::vector<std::size_t>{2, 3}));
  EXPECT_EQ(content.find("0.weight")->values, (std::vector<float>{1, 2, 3, 4, 5, 6.5f}));
  EXPECT_EQ(content.find("2.weight"), nullptr);
  EXPECT_EQ(safetensors_bytes(content), safetensors_bytes(example()));
}

TEST(Safetensors, every_bit_of_a_value_survives) {
  const float nan = std::numeric_limits<float>::quiet_NaN(), tiny = std::numeric_limits<float>::denorm_min();
  const TensorFile odd{{{"a", {{5}, {nan, -0.0f, tiny, HUGE_VALF, 0.1f}}}}, {}};
  const TensorFile read = parse_safetensors(safetensors_bytes(odd), "");
  ASSERT_EQ(read.tensors[0].second.values.size(), 5u);
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(std::bit_cast<std::uint32_t>(read.tensors[0].second.values[i]),
              std::bit_cast<std::uint32_t>(odd.tensors[0].second.values[i]));
  }
}

TEST(Safetensors, scalars_empty_tensors_and_files_without_any_are_kept) {
  const TensorFile odd{{{"scalar", {{}, {7}}}, {"empty", {{0, 4}, {}}}}, {}};
  const TensorFile read = parse_safetensors(safetensors_bytes(odd), "");
  ASSERT_NE(read.find("scalar"), nullptr);
  EXPECT_EQ(read.find("scalar")->values, std::vector<float>{7});
  ASSERT_NE(read.find("empty"), nullptr);
  EXPECT_EQ(read.find("empty")->shape, (std::vector<std::size_t>{0, 4}));
  EXPECT_TRUE(parse_safetensors(file_with("{}", 0), "").tensors.empty());
}

TEST(Safetensors, tensors_come_in_the_order_of_their_data) {
  const std::string header = "{\"a\":" + tensor("[1]", "[4,8]") + ",\"b\":" + tensor("[1]", "[0,4]") + "}";
  const TensorFile content = parse_safetensors(file_with(header, 8), "");
  EXPECT_EQ(content.tensors[0].first, "b");
  EXPECT_EQ(content.tensors[1].first, "a");
}

TEST(Safetensors, doubles_are_rounded_to_float) {
  Bytes bytes = file_of(tensor("[2]", "[0,16]", "F64"), 0);
  const double values[2] = {0.1, -2};
  const auto* begin = reinterpret_cast<const std::uint8_t*>(values);
  bytes.insert(bytes.end(), begin, begin + sizeof(values));
  EXPECT_EQ(parse_safetensors(bytes, "").tensors[0].second.values, (std::vector<float>{0.1f, -2}));
}

TEST(Safetensors, another_type_is_named) {
  EXPECT_TRUE(parsing_fails_saying(file_of(tensor("[2]", "[0,4]", "BF16"), 4),
                                   {"tensor a", "BF16", "F32 or F64", "float()"}));
}

TEST(Safetensors, every_truncated_file_is_an_error) {
  const Bytes bytes = safetensors_bytes(example());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_TRUE(parsing_fails_saying({bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size)}, {}))
        << size;
  }
}

TEST(Safetensors, a_longer_file_is_an_error) {
  Bytes bytes = safetensors_bytes(example());
  bytes.push_back(0);
  EXPECT_TRUE(parsing_fails_saying(bytes, {"tensors take 32 bytes", "33 bytes of data"}));
}

TEST(Safetensors, a_header_length_beyond_the_file_or_the_limit_is_an_error) {
  Bytes bytes = file_with("{}", 0);
  bytes[0] = 3;
  EXPECT_TRUE(parsing_fails_saying(bytes, {"header of 3 bytes", "only 2 follow"}));
  bytes[7] = 0xff;
  EXPECT_TRUE(parsing_fails_saying(bytes, {"more than the 100000000 allowed"}));
  const std::string picture = "\x89PNG\r\n\x1a\n and more";
  EXPECT_TRUE(parsing_fails_saying({picture.begin(), picture.end()}, {"no safetensors file"}));
}

TEST(Safetensors, a_header_that_is_no_object_is_an_error) {
  EXPECT_TRUE(parsing_fails_saying(file_with("", 0), {"does not start with '{'"}));
  EXPECT_TRUE(parsing_fails_saying(file_with("[]", 0), {"does not start with '{'"}));
  EXPECT_TRUE(parsing_fails_saying(file_with("{\"a\":", 0), {"is no JSON"}));
  EXPECT_TRUE(parsing_fails_saying(file_with("{} {}", 0), {"is no JSON"}));
  EXPECT_TRUE(parsing_fails_saying(file_with("{\"\xff\":1}", 0), {"is no JSON"}));
}

TEST(Safetensors, a_name_that_occurs_twice_is_an_error) {
  const std::string a = "\"a\":" + tensor("[1]", "[0,4]");
  EXPECT_TRUE(parsing_fails_saying(file_with("{" + a + "," + a + "}", 4), {"holds \"a\" twice"}));
  const std::string twice = R"({"a":{"dtype":"F32","shape":[1],"shape":[1],"data_offsets":[0,4]}})";
  EXPECT_TRUE(parsing_fails_saying(file_with(twice, 4), {"holds \"shape\" twice"}));
}

TEST(Safetensors, a_tensor_that_is_described_wrongly_is_an_error) {
  EXPECT_TRUE(parsing_fails_saying(file_of("1", 0), {"tensor a", "not described by an object"}));
  EXPECT_TRUE(parsing_fails_saying(file_of(R"({"shape":[1],"data_offsets":[0,4]})", 4), {"has no dtype"}));
  EXPECT_TRUE(parsing_fails_saying(file_of(R"({"dtype":"F32","data_offsets":[0,4]})", 4), {"no list shape"}));
  EXPECT_TRUE(parsing_fails_saying(file_of(R"({"dtype":"F32","shape":[1]})", 4), {"no list data_offsets"}));
  EXPECT_TRUE(
      parsing_fails_saying(file_of(tensor("[1.5]", "[0,4]"), 4), {"shape holds a number that is no size"}));
  EXPECT_TRUE(parsing_fails_saying(file_of(tensor("[-1]", "[0,4]"), 4), {"shape holds a number"}));
  EXPECT_TRUE(parsing_fails_saying(file_of(tensor("[1]", "[0,-4]"), 4), {"data_offsets holds a number"}));
  EXPECT_TRUE(parsing_fails_saying(file_of(tensor("[1]", "[0,4,4]"), 4), {"3 data_offsets"}));
}

TEST(Safetensors, deep_nesting_is_an_error_and_no_crash) {
  const std::string deep = std::string(200000, '[') + std::string(200000, ']');
  EXPECT_TRUE(parsing_fails_saying(file_of(tensor(deep, "[0,4]"), 4), {"shape holds a array"}));
}

TEST(Safetensors, offsets_outside_of_the_data_are_an_error) {
  EXPECT_TRUE(parsing_fails_saying(file_of(tensor("[2]", "[0,8]"), 7), {"0 to 8", "7 bytes of data"}));
  EXPECT_TRUE(parsing_fails_saying(file_of(tensor("[1]", "[4,0]"), 4), {"4 to 0"}));
  EXPECT_TRUE(
      parsing_fails_saying(file_of(tensor("[1]", "[18446744073709551612,0]"), 4), {"cut off or damaged"}));
}

TEST(Safetensors, a_shape_that_does_not_fit_its_bytes_is_an_error) {
  EXPECT_TRUE(parsing_fails_saying(file_of(tensor("[3]", "[0,8]"), 8), {"shape [3]", "12 bytes", "has 8"}));
  EXPECT_TRUE(parsing_fails_saying(file_of(tensor("[2]", "[0,8]", "F64"), 8), {"16 bytes", "has 8"}));
  EXPECT_TRUE(parsing_fails_saying(file_of(tensor("[0]", "[0,8]"), 8), {"takes 0 bytes"}));
}

// 2^62 * 4 bytes is 2^64, which is 0 in 64 bits: without the check an empty tensor of that shape would pass.
TEST(Safetensors, a_shape_whose_product_overflows_is_an_error) {
  EXPECT_TRUE(parsing_fails_saying(file_of(tensor("[4611686018427387904]", "[0,0]"), 0), {"too large"}));
  EXPECT_TRUE(parsing_fails_saying(file_of(tensor("[4294967296,4294967296]", "[0,0]"), 0), {"too large"}));
}

TEST(Safetensors, gaps_and_overlaps_are_errors) {
  const auto two = [](const std::string& b) {
    return "{\"a\":" + tensor("[1]", "[0,4]") + ",\"b\":" + tensor("[1]", b) + "}";
  };
  EXPECT_EQ(parse_safetensors(file_with(two("[4,8]"), 8), "").tensors.size(), 2u);
  EXPECT_TRUE(parsing_fails_saying(file_with(two("[8,12]"), 12), {"tensor b starts at byte 8", "ends at 4"}));
  EXPECT_TRUE(parsing_fails_saying(file_with(two("[2,6]"), 6), {"tensor b starts at byte 2", "ends at 4"}));
  EXPECT_TRUE(parsing_fails_saying(file_with(two("[0,4]"), 4), {"tensor b starts at byte 0", "ends at 4"}));
  EXPECT_TRUE(parsing_fails_saying(file_of(tensor("[1]", "[4,8]"), 8), {"starts at byte 4"}));
}

TEST(Safetensors, metadata_are_texts) {
  EXPECT_TRUE(parsing_fails_saying(file_with(R"({"__metadata__":{"k":1}})", 0), {"\"k\" is not a text"}));
  EXPECT_TRUE(
      parsing_fails_saying(file_with(R"({"__metadata__":[]})", 0), {"__metadata__ is not an object"}));
}

TEST(Safetensors, metadata_that_are_null_are_none) {
  EXPECT_TRUE(parse_safetensors(file_with(R"({"__metadata__":null})", 0), "").metadata.empty());
}

TEST(Safetensors, another_kind_of_file_is_named_with_what_to_do) {
  const auto refused = [](std::string_view text, std::initializer_list<std::string_view> words) {
    return parsing_fails_saying({text.begin(), text.end()}, words);
  };
  EXPECT_TRUE(refused("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n",
                      {"Git LFS pointer", "git lfs pull"}));
  EXPECT_TRUE(refused("<!DOCTYPE html><html>", {"web page", "download it again"}));
  EXPECT_TRUE(refused("\n<!doctype html>", {"web page"}));
  EXPECT_TRUE(refused("<html>", {"web page"}));
  EXPECT_TRUE(refused("PK\x03\x04 and so on", {"PyTorch", "safetensors.torch.save_file"}));
  EXPECT_TRUE(refused("\x80\x02}q\x01(X", {"pickle", "safetensors.torch.save_file"}));
  EXPECT_TRUE(refused("\x80\x04\x95\x10\x20\x30\x40\x50\x60", {"pickle", "safetensors.torch.save_file"}));
}

// 0x280 bytes of header start with 80 02 too.
TEST(Safetensors, a_header_whose_length_looks_like_a_pickle_is_read) {
  EXPECT_TRUE(parse_safetensors(file_with("{}" + std::string(0x280 - 2, ' '), 0), "").tensors.empty());
}

TEST(Safetensors, a_text_that_is_not_utf_8_does_not_stop_the_writing) {
  const TensorFile file{{}, {{"file", "caf\xe9"}}};
  EXPECT_EQ(parse_safetensors(safetensors_bytes(file), "").metadata.at("file"), "caf\xef\xbf\xbd");
}

TEST(Safetensors, what_no_file_can_hold_is_not_written) {
  EXPECT_TRUE(fails_saying(
      [] {
        safetensors_bytes({{{"a", {{3}, {1, 2}}}}, {}});
      },
      {"a: ", "shape [3]", "2 values"}));
  EXPECT_TRUE(fails_saying(
      [] {
        safetensors_bytes({{{"a", {{1}, {1}}}, {"a", {{1}, {2}}}}, {}});
      },
      {"a: ", "two tensors"}));
  EXPECT_TRUE(fails_saying([] { safetensors_bytes({{{"__metadata__", {{1}, {1}}}}, {}}); }, {"reserves"}));
}

}  // namespace
}  // namespace nn

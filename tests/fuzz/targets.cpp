#include "targets.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "10_mnist/digits/checkpoint.hpp"
#include "10_mnist/model_file.hpp"
#include "common/data/idx.hpp"
#include "common/files/image.hpp"
#include "common/files/safetensors.hpp"
#include "common/terminal/number_option.hpp"
#include "common/terminal/program.hpp"

namespace nn::fuzz {
namespace {

// A promise that is broken ends the program, which the fuzzer reports with the input.
void require(bool holds, const char* promise) {
  if (holds) return;
  std::fprintf(stderr, "broken: %s\n", promise);
  std::abort();
}

// Errors are one line and name the file.
void require_good_message(const Error& error) {
  require(std::string_view(error.what()).starts_with("FILE"), "the message names the file");
}

template <class Work>
void may_fail(const Work& work) {
  try {
    work();
  } catch (const Error& error) {
    require_good_message(error);
  }
}

// What is read and written again is the same.
void parse_idx(Bytes bytes) {
  may_fail([&] {
    const ImageSet images = parse_idx_images(std::vector(bytes.begin(), bytes.end()), "FILE");
    require(images.pixels.size() == images.count * images.height * images.width,
            "as many pixels as announced");
    require(std::ranges::equal(idx_bytes(images), bytes), "images come back");
  });
  may_fail([&] {
    const auto labels = parse_idx_labels(std::vector(bytes.begin(), bytes.end()), "FILE");
    require(std::ranges::equal(idx_bytes(labels), bytes), "labels come back");
  });
}

// Like `a`, entry by entry; NaN as bits.
bool same_tensors(const TensorFile& a, const TensorFile& b) {
  return a.metadata == b.metadata && safetensors_bytes(a) == safetensors_bytes(b);
}

}  // namespace

void idx_raw(Bytes bytes) { parse_idx(bytes); }

void idx_gzip(Bytes bytes) {
  if (bytes.empty()) return;
  const Bytes rest = bytes.subspan(1);
  const bool pack = bytes[0] % 2 == 0;
  const std::vector<std::uint8_t> packed = pack ? gzip_bytes(rest) : std::vector(rest.begin(), rest.end());
  may_fail([&] {
    const auto raw = unpack_idx(packed, "FILE");
    require(!pack || std::ranges::equal(raw, rest), "what was packed comes back");
    parse_idx(raw);
  });
}

void safetensors(Bytes bytes) {
  may_fail([&] {
    const TensorFile file = parse_safetensors(bytes, "FILE");
    for (const auto& [name, tensor] : file.tensors) {
      std::size_t values = 1;
      for (const std::size_t size : tensor.shape) values *= size;
      require(tensor.values.size() == values, "as many values as the shape says");
    }
    require(same_tensors(parse_safetensors(safetensors_bytes(file), "FILE"), file), "tensors come back");
    network_from_tensors(file, "FILE");
    state_from_tensors(file, "FILE");
  });
}

void image(Bytes bytes) {
  may_fail([&] {
    const GrayImage gray = parse_gray_image(bytes, "FILE");
    require(gray.pixels.size() == gray.height * gray.width && !gray.pixels.empty(),
            "as many pixels as its size");
  });
}

// What our checks let pass CLI11 must turn into the number that stands there.
void options(Bytes bytes) {
  const std::string text(bytes.begin(), bytes.end());
  CLI::App app("", "digits");
  std::size_t number = 0;
  double rate = 0;
  std::vector<std::size_t> numbers;
  app.add_option("--number", number)->check(whole_number(1, 1000));
  app.add_option("--rate", rate)->check(positive_number());
  app.add_option_function<std::string>("--numbers", [&](const std::string& t) { numbers = split_numbers(t); })
      ->check(whole_numbers(1, 1000));
  for (const std::string option : {"--number", "--rate", "--numbers"}) {
    try {
      app.parse(std::vector<std::string>{option + "=" + text});
    } catch (const CLI::ParseError&) {
    }
  }
  require(number <= 1000 && (number == 0 || std::to_string(number) == text),
          "a whole number is what stands there");
  require(rate >= 0 && std::isfinite(rate), "a rate is positive and finite");
  for (const std::size_t n : numbers) require(n >= 1 && n <= 1000, "every number of a list is in its range");
  for (const std::size_t n : numbers) require(text.find(std::to_string(n)) != text.npos, "and stands there");
}

}  // namespace nn::fuzz

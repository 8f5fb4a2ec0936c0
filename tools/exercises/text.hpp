// Files and lines of text, and what goes wrong with them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace nn {

// What could not be done, as one line for the reader; exit_code: 1 the work failed, 2 it was asked for wrongly.
class Failure : public std::runtime_error {
 public:
  explicit Failure(const std::string& line, int exit_code = 1)
      : std::runtime_error(line), exit_code_(exit_code) {}
  int exit_code() const { return exit_code_; }

 private:
  int exit_code_;
};

// The whole file, or nothing if it cannot be read.
inline std::string read_text(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// By way of a second file, so that an interruption leaves the former one whole.
inline void write_text(const std::filesystem::path& file, const std::string& text) {
  std::filesystem::path fresh = file;
  fresh += ".new";
  std::ofstream out(fresh, std::ios::binary);
  out << text << std::flush;
  if (!out) throw Failure(fresh.string() + " cannot be written");
  std::filesystem::rename(fresh, file);
}

inline std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    lines.push_back(text.substr(at, end - at));
    at = end == text.npos ? text.size() : end + 1;
  }
  return lines;
}

inline std::string joined(const std::vector<std::string>& words, std::string_view between = ", ") {
  std::string text;
  for (const std::string& word : words) text.append(text.empty() ? "" : between).append(word);
  return text;
}

// Adds the word unless it is there already.
inline void add_once(std::vector<std::string>& words, const std::string& word) {
  for (const std::string& each : words) {
    if (each == word) return;
  }
  words.push_back(word);
}

inline bool contains(const std::vector<std::string>& words, std::string_view wanted) {
  for (const std::string& word : words) {
    if (word == wanted) return true;
  }
  return false;
}

// "CRC LENGTH", as the POSIX command cksum prints them.
inline std::string checksum(const std::string& text) {
  std::uint32_t crc = 0;
  const auto add = [&](std::uint32_t byte) {
    crc ^= byte << 24;
    for (int bit = 0; bit < 8; ++bit) crc = (crc << 1) ^ ((crc >> 31) * 0x04c11db7u);
  };
  for (const char c : text) add(static_cast<unsigned char>(c));
  for (std::size_t length = text.size(); length > 0; length >>= 8) add(length & 0xff);
  return std::to_string(~crc) + ' ' + std::to_string(text.size());
}

}  // namespace nn

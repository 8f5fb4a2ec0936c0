// Bytes that nobody changes: a copy, or a part, shares them with the original and keeps them alive.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <vector>

namespace nn {

class SharedBytes {
 public:
  SharedBytes() = default;
  SharedBytes(std::vector<std::uint8_t> bytes)
      : owner_(std::make_shared<const std::vector<std::uint8_t>>(std::move(bytes))), bytes_(*owner_) {}
  SharedBytes(std::initializer_list<std::uint8_t> bytes) : SharedBytes(std::vector(bytes)) {}

  // `count` bytes from byte `begin` on; both within the size.
  SharedBytes part(std::size_t begin, std::size_t count) const {
    SharedBytes part = *this;
    part.bytes_ = bytes_.subspan(begin, count);
    return part;
  }

  const std::uint8_t* data() const { return bytes_.data(); }
  std::size_t size() const { return bytes_.size(); }
  bool empty() const { return bytes_.empty(); }
  auto begin() const { return bytes_.begin(); }
  auto end() const { return bytes_.end(); }
  std::uint8_t operator[](std::size_t i) const { return bytes_[i]; }
  friend bool operator==(const SharedBytes& a, const SharedBytes& b) { return std::ranges::equal(a, b); }

 private:
  std::shared_ptr<const std::vector<std::uint8_t>> owner_;
  std::span<const std::uint8_t> bytes_;
};

}  // namespace nn

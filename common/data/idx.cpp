#include "common/data/idx.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <new>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <zlib.h>

#include "common/error.hpp"
#include "common/files/atomic_file.hpp"

namespace nn {
namespace {

using Bytes = std::span<const std::uint8_t>;

constexpr std::uint32_t kImageMark = 0x00000803, kLabelMark = 0x00000801, kQmnistLabelMark = 0x00000c02;
// Deflate cannot pack better than this (zlib's technical notes).
constexpr std::size_t kMaxDeflateRatio = 1032;
constexpr int kGzip = 15 + 16;  // zlib's windowBits for a gzip wrapper around the largest window

[[noreturn]] void fail(const std::string& where, const std::string& what) {
  throw Error(fmt::format("{}: {}", where, what));
}

std::uint32_t big_endian(Bytes bytes, std::size_t index) {
  const Bytes b = bytes.subspan(4 * index, 4);
  return std::uint32_t{b[0]} << 24 | std::uint32_t{b[1]} << 16 | std::uint32_t{b[2]} << 8 | b[3];
}

std::size_t header_bytes(std::uint32_t mark) { return mark == kImageMark ? 16 : 8; }

std::string_view kind(std::uint32_t mark) {
  return mark == kImageMark ? "an IDX image file" : mark == kLabelMark ? "an IDX label file" : "no IDX file";
}

// "60000 images of 28 x 28" or "60000 labels".
std::string content(Bytes header, std::uint32_t mark) {
  if (mark == kLabelMark) return fmt::format("{} labels", big_endian(header, 1));
  return fmt::format("{} images of {} x {}", big_endian(header, 1), big_endian(header, 2),
                     big_endian(header, 3));
}

// The size of the whole file that this header announces. At most three factors below 2^32: with every partial
// product held to kMaxIdxBytes nothing overflows.
std::size_t announced_bytes(Bytes header, std::uint32_t mark, const std::string& where) {
  std::size_t product = 1;
  for (std::size_t i = 1; i < header_bytes(mark) / 4; ++i) {
    const std::size_t size = big_endian(header, i);
    if (size != 0 && product > kMaxIdxBytes / size) {
      fail(where, fmt::format("its header announces {}, more than the {} bytes allowed: it is damaged",
                              content(header, mark), kMaxIdxBytes));
    }
    product *= size;
  }
  return header_bytes(mark) + product;
}

// The first four bytes, which must be those of an IDX file.
std::uint32_t read_mark(Bytes bytes, const std::string& where) {
  if (bytes.size() < 4) {
    fail(where, fmt::format("is {} bytes long, too short for an IDX file", bytes.size()));
  }
  const std::uint32_t mark = big_endian(bytes, 0);
  if (mark == kQmnistLabelMark) {
    fail(where,
         fmt::format("starts with {:08x}: it holds QMNIST's labels of 8 numbers an image, expected labels of "
                     "one byte each, which start with {:08x}: take QMNIST's idx1-ubyte file instead",
                     mark, kLabelMark));
  }
  if (mark != kImageMark && mark != kLabelMark) {
    fail(where, fmt::format("starts with {:08x}, which is no IDX file of bytes (images start with {:08x}, "
                            "labels with {:08x})",
                            mark, kImageMark, kLabelMark));
  }
  return mark;
}

// Everything about the header and the size of a raw file that must hold before its values are touched.
void check_raw(Bytes bytes, std::uint32_t expected, const std::string& where) {
  const std::uint32_t mark = read_mark(bytes, where);
  if (mark != expected) fail(where, fmt::format("is {}, {} was expected", kind(mark), kind(expected)));
  if (bytes.size() < header_bytes(mark)) {
    fail(where, fmt::format("is {} bytes long, but the header alone takes {}: the file is cut off",
                            bytes.size(), header_bytes(mark)));
  }
  const std::size_t size = announced_bytes(bytes, mark, where);
  if (size != bytes.size()) {
    fail(where, fmt::format("its header announces {}, which take {} bytes, but it has {}: the file is {}",
                            content(bytes, mark), size, bytes.size(),
                            bytes.size() < size ? "cut off" : "not what its header says"));
  }
}

bool is_gzip(Bytes bytes) { return bytes.size() >= 2 && bytes[0] == 0x1f && bytes[1] == 0x8b; }

// Unpacks a gzip file piece by piece; of several members (bgzip, cat of two files) one after the other.
class GzipReader {
 public:
  GzipReader(Bytes packed, const std::string& where) : packed_(packed), where_(where) {
    if (inflateInit2(&stream_, kGzip) != Z_OK) throw std::bad_alloc();
  }
  ~GzipReader() { inflateEnd(&stream_); }
  GzipReader(const GzipReader&) = delete;
  GzipReader& operator=(const GzipReader&) = delete;

  // Fills out as far as there is something; returns how much. Less than asked for only at the end.
  std::size_t read(std::span<std::uint8_t> out) {
    std::size_t filled = 0;
    while (!ended_) {
      const Bytes in = packed_.first(std::min<std::size_t>(packed_.size(), kPiece));
      const std::size_t room = std::min<std::size_t>(out.size() - filled, kPiece);
      stream_.next_in = const_cast<std::uint8_t*>(in.data());
      stream_.avail_in = static_cast<uInt>(in.size());
      stream_.next_out = out.data() + filled;
      stream_.avail_out = static_cast<uInt>(room);
      const int result = inflate(&stream_, Z_NO_FLUSH);
      packed_ = packed_.subspan(in.size() - stream_.avail_in);
      filled += room - stream_.avail_out;
      if (result == Z_MEM_ERROR) throw std::bad_alloc();
      if (result == Z_BUF_ERROR && filled == out.size()) break;
      if (result == Z_BUF_ERROR) fail(where_, "its gzip data end too early: the file is cut off");
      if (result != Z_OK && result != Z_STREAM_END) fail(where_, "its gzip data are damaged");
      ended_ = result == Z_STREAM_END && !is_gzip(packed_);
      if (result == Z_STREAM_END && !ended_) inflateReset(&stream_);
    }
    return filled;
  }
  // What follows the gzip data; to be asked when read() has come to the end.
  std::size_t bytes_left() const { return packed_.size(); }

 private:
  static constexpr std::size_t kPiece = std::size_t{1} << 30;  // zlib counts in 32 bits

  z_stream stream_{};
  Bytes packed_;
  const std::string& where_;
  bool ended_ = false;
};

std::vector<std::uint8_t> gunzip_idx(Bytes packed, const std::string& where) {
  GzipReader reader(packed, where);
  std::array<std::uint8_t, 16> start{};
  const Bytes first = Bytes(start).first(reader.read(std::span(start).first(4)));
  if (is_gzip(first)) {
    fail(where,
         "is compressed twice: what it unpacks to is a gzip file again, expected an IDX file: run gunzip on "
         "it once");
  }
  const std::uint32_t mark = read_mark(first, where);
  const std::span<std::uint8_t> header = std::span(start).first(header_bytes(mark));
  if (reader.read(header.subspan(4)) < header.size() - 4) fail(where, "ends within its header");

  const std::size_t size = announced_bytes(header, mark, where);
  if (size / kMaxDeflateRatio > packed.size()) {
    fail(where, fmt::format("its header announces {}, which take {} bytes, more than {} bytes of gzip can "
                            "hold: it is damaged",
                            content(header, mark), size, packed.size()));
  }
  std::vector<std::uint8_t> raw(size);
  std::copy(header.begin(), header.end(), raw.begin());
  const std::size_t got = header.size() + reader.read(std::span(raw).subspan(header.size()));
  std::array<std::uint8_t, 1> more{};
  if (got < size || reader.read(more) != 0) {
    fail(where, fmt::format("its header announces {}, which take {} bytes, but it unpacks to {}",
                            content(header, mark), size, got < size ? std::to_string(got) : "more"));
  }
  if (reader.bytes_left() != 0) {
    fail(where, fmt::format("{} bytes follow the end of its gzip data", reader.bytes_left()));
  }
  return raw;
}

void append_big_endian(std::vector<std::uint8_t>& out, std::size_t value) {
  if (value > UINT32_MAX) throw Error(fmt::format("{} does not fit into an IDX header", value));
  for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<std::uint8_t>(value >> shift));
}

}  // namespace

std::span<const std::uint8_t> ImageSet::image(std::size_t i) const {
  if (i >= count) throw std::out_of_range(fmt::format("image {} of a set of {}", i, count));
  return std::span(pixels).subspan(i * height * width, height * width);
}

std::vector<std::uint8_t> unpack_idx(std::vector<std::uint8_t> bytes, const std::string& where) {
  return is_gzip(bytes) ? gunzip_idx(bytes, where) : std::move(bytes);
}

ImageSet parse_idx_images(const SharedBytes& bytes, const std::string& where) {
  check_raw(bytes, kImageMark, where);
  const std::size_t header = header_bytes(kImageMark);
  return {big_endian(bytes, 1), big_endian(bytes, 2), big_endian(bytes, 3),
          bytes.part(header, bytes.size() - header)};
}

SharedBytes parse_idx_labels(const SharedBytes& bytes, const std::string& where) {
  check_raw(bytes, kLabelMark, where);
  const std::size_t header = header_bytes(kLabelMark);
  return bytes.part(header, bytes.size() - header);
}

ImageSet read_idx_images(const std::filesystem::path& file) {
  return parse_idx_images(unpack_idx(read_file(file), file.string()), file.string());
}

SharedBytes read_idx_labels(const std::filesystem::path& file) {
  return parse_idx_labels(unpack_idx(read_file(file), file.string()), file.string());
}

std::vector<std::uint8_t> idx_bytes(const ImageSet& images) {
  std::vector<std::uint8_t> bytes;
  for (const std::size_t value : {std::size_t{kImageMark}, images.count, images.height, images.width}) {
    append_big_endian(bytes, value);
  }
  bytes.insert(bytes.end(), images.pixels.begin(), images.pixels.end());
  return bytes;
}

std::vector<std::uint8_t> idx_bytes(Bytes labels) {
  std::vector<std::uint8_t> bytes;
  append_big_endian(bytes, kLabelMark);
  append_big_endian(bytes, labels.size());
  bytes.insert(bytes.end(), labels.begin(), labels.end());
  return bytes;
}

std::vector<std::uint8_t> gzip_bytes(Bytes bytes) {
  if (bytes.size() > UINT32_MAX) throw Error(fmt::format("gzip: {} bytes are too many", bytes.size()));
  z_stream stream{};
  if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, kGzip, 9, Z_DEFAULT_STRATEGY) != Z_OK) {
    throw std::bad_alloc();
  }
  std::vector<std::uint8_t> packed(deflateBound(&stream, bytes.size()));
  stream.next_in = const_cast<std::uint8_t*>(bytes.data());
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = packed.data();
  stream.avail_out = static_cast<uInt>(packed.size());
  const int result = deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  if (result != Z_STREAM_END) throw Error("gzip: packing failed");
  return packed;
}

}  // namespace nn

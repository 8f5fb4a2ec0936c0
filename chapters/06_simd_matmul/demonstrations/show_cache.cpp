// The order of the loops decides how many cache lines a product fetches. The course's products run on numbers that report
// their addresses to a simulated cache, which counts.
#include <algorithm>
#include <array>
#include <cstdint>
#include <fmt/format.h>
#include <vector>

#include "01_matrix/matmul_plain.hpp"
#include "06_simd_matmul/matmul_tiled.hpp"
#include "common/terminal/demonstration.hpp"
#include "common/terminal/print.hpp"

namespace {

// A set-associative cache, as most processors have: lines of 64 bytes in sets of eight, and a new line replaces the least
// recently used one of its set.
class Cache {
 public:
  explicit Cache(std::size_t kib) : sets_(kib * 1024 / 64 / 8) {}

  void touch(std::size_t address) {
    const std::size_t line = address / 64;
    std::array<std::size_t, 8>& set = sets_[line % sets_.size()];  // most recently used first; 0: empty
    const auto found = std::find(set.begin(), set.end(), line);
    fetched_ += found == set.end();
    std::rotate(set.begin(), std::min(found, set.end() - 1), std::min(found, set.end() - 1) + 1);
    set[0] = line;
  }
  std::size_t fetched() const { return fetched_; }

 private:
  std::vector<std::array<std::size_t, 8>> sets_;
  std::size_t fetched_ = 0;
};

// The matrices whose accesses are counted, as if each began at a new page of memory, and the caches that count.
struct Watch {
  struct Watched {
    const void *begin, *end;
    std::size_t address;
  };
  std::vector<Watched> matrices;
  std::vector<Cache> caches;

  void touch(const void* at) {
    for (const Watched& m : matrices) {
      if (at < m.begin || at >= m.end) continue;
      const auto inside =
          static_cast<std::size_t>(static_cast<const char*>(at) - static_cast<const char*>(m.begin));
      for (Cache& cache : caches) cache.touch(m.address + inside);
    }
  }
};
Watch watch;

// A float that reports every time it is read or written.
class Number {
 public:
  Number(float value = 0) : value_(value) {}
  Number(const Number& other) : value_(other.read()) {}
  Number& operator=(const Number& other) { return value_ = other.read(), watch.touch(this), *this; }
  Number& operator+=(const Number& other) { return value_ = read() + other.read(), *this; }
  friend Number operator*(const Number& x, const Number& y) { return x.read() * y.read(); }

 private:
  float read() const { return watch.touch(this), value_; }
  float value_;
};

using M = nn::Matrix<Number>;

// How many lines work() fetches into caches of 32 KiB and of 256 KiB.
template <class Work>
std::vector<std::string> fetched(const std::vector<const M*>& matrices, const Work& work) {
  watch = {{}, {Cache(32), Cache(256)}};
  std::size_t address = 1 << 20;
  for (const M* m : matrices) {
    watch.matrices.push_back({m->data(), m->data() + m->size(), address});
    address = (address + m->size() * sizeof(Number) + 4095) / 4096 * 4096;
  }
  work();
  watch.matrices.clear();
  return {std::to_string(watch.caches[0].fetched()), std::to_string(watch.caches[1].fetched())};
}

void products() {
  const M a(16, 784), b(784, 128);
  M out(16, 128);
  const std::size_t once = (a.size() + b.size() + out.size()) * sizeof(Number) / 64;
  fmt::print("({}) times ({}): cache lines fetched into a cache of\n", shape(a), shape(b));
  nn::Table table({"product", "32 KiB", "256 KiB"});
  const auto add = [&](const char* name, auto product) {
    const auto counts = fetched({&a, &b, &out}, [&] { product(view(a), view(b), out); });
    table.add({name, counts[0], counts[1]});
  };
  add("plain", nn::matmul_plain<Number>);
  add("loop_order", nn::matmul_loop_order<Number>);
  add("tiled", nn::matmul_tiled<Number>);
  table.add({"each line once", std::to_string(once), std::to_string(once)});
  table.print();
}

// with_contiguous_rows transposes: it reads along rows and writes down columns.
void collisions() {
  fmt::print("\nA matrix of 128 columns transposed: cache lines fetched into a cache of\n");
  nn::Table table({"rows", "stride of the writes", "32 KiB", "256 KiB"});
  for (const std::size_t rows : {512u, 528u}) {
    const M m(rows, 128);
    M buffer(128, rows);
    const auto counts =
        fetched({&m, &buffer}, [&] { nn::detail::with_contiguous_rows(transposed(m), buffer); });
    table.add({std::to_string(rows), std::to_string(rows * sizeof(Number)) + " bytes", counts[0], counts[1]});
  }
  table.print();
}

}  // namespace

int main(int argc, char** argv) {
  return nn::run_demonstration("06_simd_matmul_cache", argc, argv, [] {
    products();
    collisions();
  });
}

// The fast products touch nothing but their matrices. The factors stand directly before, then directly behind, a page
// of memory that may not be touched: the first access to it ends the program. Behind the result stand numbers that must
// not change.
#include <algorithm>
#include <gtest/gtest.h>
#include <stdexcept>
#include <string>
#include <sys/mman.h>
#include <unistd.h>
#include <utility>

#include "06_simd_matmul/products.hpp"
#include "06_simd_matmul/simd_products.hpp"
#include "common/parallel/thread_pool.hpp"
#include "inputs/matrices.hpp"
#include "inputs/product_shapes.hpp"

namespace nn {
namespace {

enum class Place { kBeforeForbidden, kBehindForbidden };

// Memory for a matrix's entries, with a forbidden page at each end; the entries touch one of them.
template <class T>
class GuardedCopy {
 public:
  GuardedCopy(const Matrix<T>& m, Place place) : rows_(m.rows()), cols_(m.cols()) {
    const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    const std::size_t bytes = m.size() * sizeof(T), room = (bytes + page - 1) / page * page;
    size_ = room + 2 * page;
    void* start = ::mmap(nullptr, size_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (start == MAP_FAILED) throw std::runtime_error("mmap failed");
    start_ = static_cast<char*>(start);
    if (room > 0 && ::mprotect(start_ + page, room, PROT_READ | PROT_WRITE) != 0)
      throw std::runtime_error("mprotect failed");
    data_ = reinterpret_cast<T*>(start_ + page + (place == Place::kBeforeForbidden ? room - bytes : 0));
    std::copy(m.values().begin(), m.values().end(), data_);
  }
  ~GuardedCopy() { ::munmap(start_, size_); }
  GuardedCopy(const GuardedCopy&) = delete;
  GuardedCopy& operator=(const GuardedCopy&) = delete;

  MatrixView<T> view() const { return {data_, rows_, cols_, cols_, 1}; }
  MatrixView<T> transposed() const { return {data_, cols_, rows_, 1, cols_}; }

 private:
  std::size_t rows_, cols_, size_ = 0;
  char* start_ = nullptr;
  T* data_ = nullptr;
};

constexpr std::size_t kBehind = 64;  // more than any vector register holds

template <class T>
void check_product(const NamedProduct<T>& named, const ProductShape& shape, Place place) {
  const auto a = whole_numbers<T>(shape.rows, shape.inner, 1),
             b = whole_numbers<T>(shape.inner, shape.cols, 2);
  Matrix<T> expected(shape.rows, shape.cols);
  matmul_plain(view(a), view(b), expected);
  const GuardedCopy<T> ga(a, place), gb(b, place), gat(turned(a), place), gbt(turned(b), place);
  const std::pair<MatrixView<T>, MatrixView<T>> forms[] = {
      {ga.view(), gb.view()}, {gat.transposed(), gb.view()}, {ga.view(), gbt.transposed()}};
  for (const auto& [left, right] : forms) {
    Matrix<T> out(1, expected.size() + kBehind, T(7));
    const T* behind = out.data() + expected.size();
    out.resize(shape.rows, shape.cols);  // keeps its memory, and what is behind the new end
    named.product(left, right, out);
    EXPECT_EQ(out, expected);
    for (std::size_t i = 0; i < kBehind; ++i) ASSERT_EQ(behind[i], T(7)) << i << " numbers behind the result";
  }
}

template <class T>
void check_all_products() {
  const ProductShape large[] = {{13, 200, 37}, {64, 784, 33}, {150, 65, 10}, {257, 129, 131}};
  for (const NamedProduct<T>& named : products<T>()) {
    SCOPED_TRACE(named.name);
    for (const Place place : {Place::kBeforeForbidden, Place::kBehindForbidden}) {
      for (const ProductShape& shape : kProductShapes) check_product(named, shape, place);
      for (const ProductShape& shape : large) check_product(named, shape, place);
    }
  }
}

// The small shapes on every kind of processor that this one can play: each has a remainder of its own.
TEST(GuardZones, no_simd_target_reads_or_writes_beyond_its_matrices) {
  for (const std::string& target : simd_targets()) {
    SCOPED_TRACE(target);
    use_simd_target(target);
    ASSERT_EQ(simd_target(), target) << "another one would be tested in its place";
    for (const NamedProduct<float>& named : products<float>()) {
      SCOPED_TRACE(named.name);
      for (const ProductShape& shape : shapes_around_tiles()) {
        if (shape.inner == 3 || shape.inner == 10) continue;
        check_product(named, shape, Place::kBehindForbidden);
        if (shape.cols > 6) check_product(named, shape, Place::kBeforeForbidden);
      }
    }
  }
  use_simd_target("");
}

TEST(GuardZones, no_product_reads_or_writes_beyond_its_matrices) {
  set_thread_count(3);
  for (const std::string& target : simd_targets()) {
    SCOPED_TRACE(target);
    use_simd_target(target);
    ASSERT_EQ(simd_target(), target) << "another one would be tested in its place";
    check_all_products<float>();
    check_all_products<double>();
  }
  use_simd_target("");
  set_thread_count(1);
}

// The check itself finds what it should: one number too far, on either side.
TEST(GuardZonesDeathTest, one_number_too_far_ends_the_program) {
  const Matrix<float> m(3, 5, 1.0f);
  const GuardedCopy<float> before(m, Place::kBeforeForbidden), behind(m, Place::kBehindForbidden);
  const auto read = [](const volatile float* at) { return *at; };
  EXPECT_EQ(read(before.view().data + 14) + read(behind.view().data), 2);
  EXPECT_DEATH(read(before.view().data + 15), "");
  EXPECT_DEATH(read(behind.view().data - 1), "");
}

}  // namespace
}  // namespace nn

// A matrix: rows x cols numbers, stored row by row in one block of memory.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>

#include "common/aligned_buffer.hpp"

namespace nn {

// Thrown when shapes do not fit together; what() names the operation and both shapes.
class ShapeError : public std::invalid_argument {
 public:
  using std::invalid_argument::invalid_argument;
};

namespace detail {
// Throws std::out_of_range unless a matrix of rows x cols has an entry (r, c). Only builds without NDEBUG look: those
// of ./learn check and of the debug tests.
inline void check_index([[maybe_unused]] std::size_t r, [[maybe_unused]] std::size_t c,
                        [[maybe_unused]] std::size_t rows, [[maybe_unused]] std::size_t cols) {
#ifndef NDEBUG
  if (r < rows && c < cols) return;
  const bool exchanged = c < rows && r < cols;
  throw std::out_of_range(
      "there is no entry (" + std::to_string(r) + ", " + std::to_string(c) + ") in a matrix of (" +
      std::to_string(rows) + " x " + std::to_string(cols) + "); both are counted from 0: " +
      (exchanged ? "are row and column exchanged?" : "does a loop go one too far, with <= for <?"));
#endif
}
}  // namespace detail

template <class T>
class Matrix {
 public:
  // 0 x 0; resize gives it a shape.
  Matrix() = default;
  Matrix(std::size_t rows, std::size_t cols, T fill = T(0))
      : rows_(rows), cols_(cols), values_(rows * cols, fill) {}

  // Matrix<double>{{1, 2}, {3, 4}}. Throws ShapeError if the rows differ in length.
  Matrix(std::initializer_list<std::initializer_list<T>> rows)
      : rows_(rows.size()), cols_(rows.size() == 0 ? 0 : rows.begin()->size()) {
    for (const auto& row : rows) {
      if (row.size() != cols_) {
        throw ShapeError("Matrix: all rows need " + std::to_string(cols_) +
                         " entries like the first, got one of " + std::to_string(row.size()));
      }
      values_.insert(values_.end(), row.begin(), row.end());
    }
  }

  // A matrix that was moved from is 0 x 0.
  Matrix(const Matrix&) = default;
  Matrix& operator=(const Matrix&) = default;
  Matrix(Matrix&& other) noexcept { swap(other); }
  Matrix& operator=(Matrix&& other) noexcept {
    Matrix().swap(*this);
    swap(other);
    return *this;
  }
  void swap(Matrix& other) noexcept {
    std::swap(rows_, other.rows_);
    std::swap(cols_, other.cols_);
    values_.swap(other.values_);
  }

  std::size_t rows() const { return rows_; }
  std::size_t cols() const { return cols_; }
  std::size_t size() const { return values_.size(); }

  // The entry in row r, column c, counted from 0.
  T& operator()(std::size_t r, std::size_t c) {
    detail::check_index(r, c, rows_, cols_);
    return values_[r * cols_ + c];
  }
  const T& operator()(std::size_t r, std::size_t c) const {
    detail::check_index(r, c, rows_, cols_);
    return values_[r * cols_ + c];
  }

  std::span<T> row(std::size_t r) {
    detail::check_index(r, 0, rows_, 1);
    return std::span<T>(values_).subspan(r * cols_, cols_);
  }
  std::span<const T> row(std::size_t r) const {
    detail::check_index(r, 0, rows_, 1);
    return std::span<const T>(values_).subspan(r * cols_, cols_);
  }

  // All entries, row by row; the address of the first is a multiple of 64 bytes.
  std::span<T> values() { return values_; }
  std::span<const T> values() const { return values_; }
  T* data() { return values_.data(); }
  const T* data() const { return values_.data(); }

  // Changes the shape; the entries are then unspecified. The matrix keeps its capacity, so resizing it back and forth
  // allocates memory only once.
  void resize(std::size_t rows, std::size_t cols) {
    values_.resize(rows * cols);
    rows_ = rows;
    cols_ = cols;
  }

  void fill(T value) { values_.assign(values_.size(), value); }

  friend bool operator==(const Matrix&, const Matrix&) = default;

 private:
  std::size_t rows_ = 0;
  std::size_t cols_ = 0;
  AlignedBuffer<T> values_;
};

// "2 x 3"
template <class M>
std::string shape(const M& m) {
  return std::to_string(m.rows()) + " x " + std::to_string(m.cols());
}

}  // namespace nn

// Printing for the demonstrations. What expected.txt holds goes through here, so that it is the same on
// every platform: at most 6 significant digits, nan without a sign, no -0.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace nn {

// At most 6 significant digits, e.g. "0.333333", "1e-07", "nan", "inf".
std::string format_number(double x, int significant_digits = 6);

// Rows of text with a first row of headings, columns aligned: the first one left, the others right.
class Table {
 public:
  explicit Table(std::vector<std::string> headings) : rows_{std::move(headings)} {}
  void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
  std::string text() const;
  void print() const;

 private:
  std::vector<std::vector<std::string>> rows_;
};

// A matrix of anything with rows(), cols() and (r, c): "name (rows x cols)", then its rows.
template <class M>
void print_matrix(const std::string& name, const M& m);

// A gray image as numbers, blank where 0.
std::string image_as_numbers(std::span<const std::uint8_t> pixels, std::size_t width);
// A gray image as characters of growing darkness.
std::string image_as_text(std::span<const std::uint8_t> pixels, std::size_t width);

namespace detail {
void print_rows(const std::string& title, const std::vector<std::vector<std::string>>& rows);
}

template <class M>
void print_matrix(const std::string& name, const M& m) {
  std::vector<std::vector<std::string>> rows(m.rows());
  for (std::size_t r = 0; r < m.rows(); ++r) {
    for (std::size_t c = 0; c < m.cols(); ++c) rows[r].push_back(format_number(static_cast<double>(m(r, c))));
  }
  detail::print_rows(name + " (" + std::to_string(m.rows()) + " x " + std::to_string(m.cols()) + ")", rows);
}

}  // namespace nn

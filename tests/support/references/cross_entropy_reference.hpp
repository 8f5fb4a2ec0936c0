// Rows of logits with their softmax, logarithms, loss and gradient, computed once with 400 digits:
// tests/data/cross_entropy_reference.txt, made by the script beside it.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "01_matrix/matrix.hpp"

namespace nn {

struct ReferenceRow {
  std::string kind;
  std::uint8_t label = 0;
  Matrix<double> z, p, log_p;  // 1 x classes; every z is a float exactly
  double loss = 0, log_sum_exp = 0, grad_label = 0;

  // d loss / d z: p, but for the label.
  Matrix<double> gradient() const {
    Matrix<double> grad = p;
    grad(0, label) = grad_label;
    return grad;
  }
};

namespace detail {
// The numbers of a line "name 0x1.8p+1 ...", hexadecimal as a stream cannot read them.
inline Matrix<double> reference_numbers(const std::string& line, const std::string& name, std::size_t count) {
  if (!line.starts_with(name + " ")) throw std::runtime_error("cross_entropy_reference: no " + name);
  Matrix<double> numbers(1, count);
  const char* at = line.c_str() + name.size();
  for (double& value : numbers.values()) {
    char* end = nullptr;
    value = std::strtod(at, &end);
    if (end == at) throw std::runtime_error("cross_entropy_reference: too few numbers in " + name);
    at = end;
  }
  return numbers;
}
}  // namespace detail

// Read once a test program. Throws std::runtime_error unless the file holds what it should.
inline const std::vector<ReferenceRow>& reference_rows() {
  static const std::vector<ReferenceRow> rows = [] {
    std::vector<ReferenceRow> all;
    std::ifstream in(NN_SOURCE_DIR "/tests/data/cross_entropy_reference.txt");
    std::string line, word;
    const auto next = [&](const std::string& name, std::size_t count) {
      std::getline(in, line);
      return detail::reference_numbers(line, name, count);
    };
    while (std::getline(in, line)) {
      if (line.starts_with("#")) continue;
      ReferenceRow row;
      std::size_t classes = 0, label = 0;
      std::istringstream(line) >> word >> row.kind >> classes >> label;
      row.label = static_cast<std::uint8_t>(label);
      row.z = next("z", classes), row.p = next("p", classes), row.log_p = next("log_p", classes);
      const Matrix<double> three = next("loss", 3);
      row.loss = three(0, 0), row.log_sum_exp = three(0, 1), row.grad_label = three(0, 2);
      all.push_back(std::move(row));
    }
    if (all.size() < 100) throw std::runtime_error("cross_entropy_reference.txt has too few rows");
    return all;
  }();
  return rows;
}

}  // namespace nn

// Tensors that PyTorch computed once: tests/data/pytorch_reference.txt, made by the script beside it.
#pragma once

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <map>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace nn {

// Some entries of a tensor, or all, row by row.
struct ReferenceTensor {
  std::size_t size = 0;
  double largest = 0;  // the largest entry of all, without sign
  std::vector<std::pair<std::size_t, double>> entries;

  // The worst error of the entries, relative to the tensor's largest one; infinite for NaN or another size.
  template <class T>
  double error(std::span<const T> got) const {
    if (got.size() != size || entries.empty()) return HUGE_VAL;
    double worst = 0;
    for (const auto& [index, expected] : entries) {
      const double e = std::abs(static_cast<double>(got[index]) - expected);
      if (!(e <= worst)) worst = e < HUGE_VAL ? e : HUGE_VAL;
    }
    return worst == 0 ? 0 : worst / largest;
  }
};

// By name, "digits/adam/0.weight". Read once a test program; throws std::runtime_error if it cannot be.
inline const std::map<std::string, ReferenceTensor>& pytorch_tensors() {
  static const std::map<std::string, ReferenceTensor> tensors = [] {
    std::map<std::string, ReferenceTensor> all;
    std::ifstream in(NN_SOURCE_DIR "/tests/data/pytorch_reference.txt");
    std::string word, name, number;
    std::getline(in, word);  // who made it
    while (in >> word >> name) {
      ReferenceTensor& tensor = all[name];
      std::size_t count = 0;
      in >> tensor.size >> number >> count;
      tensor.largest = std::strtod(number.c_str(), nullptr);  // a stream reads no hexadecimal
      for (std::size_t i = 0, index = 0; i < count && in >> index >> number; ++i)
        tensor.entries.emplace_back(index, std::strtod(number.c_str(), nullptr));
      if (tensor.entries.size() != count)
        throw std::runtime_error("pytorch_reference.txt is cut off in " + name);
    }
    return all;
  }();
  return tensors;
}

}  // namespace nn

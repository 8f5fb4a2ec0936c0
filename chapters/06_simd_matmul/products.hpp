// The matrix products by name, slowest first, for --matmul and for the tests that compare all of them with the first.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include "01_matrix/current_product.hpp"
#include "06_simd_matmul/matmul_loop_order.hpp"
#include "06_simd_matmul/matmul_threads.hpp"
#include "06_simd_matmul/matmul_tiled.hpp"
#include "06_simd_matmul/simd_products.hpp"

namespace nn {

template <class T>
struct NamedProduct {
  const char* name;
  const char* idea;  // in a few words
  Product<T> product;
};

template <class T>
std::vector<NamedProduct<T>> products() {
  return {{"plain", "three loops", matmul_plain<T>},
          {"loop_order", "innermost loop along rows", matmul_loop_order<T>},
          {"tiled", "tiles that stay in the cache", matmul_tiled<T>},
          {"simd", "sums in vector registers", matmul_simd<T>},
          {"packed", "strips of columns copied first", matmul_packed<T>},
          {"threads", "rows split among threads", matmul_threads<T>},
          {"fast", "all of it, sizes chosen by shape", matmul_fast<T>}};
}

// The last one, which the classifier uses.
template <class T>
NamedProduct<T> fastest_product() {
  return products<T>().back();
}

// Throws std::invalid_argument that lists the names.
template <class T>
NamedProduct<T> product_named(const std::string& name) {
  std::string names;
  for (const NamedProduct<T>& p : products<T>()) {
    if (name == p.name) return p;
    names += std::string(names.empty() ? "" : ", ") + p.name;
  }
  throw std::invalid_argument("there is no matrix product '" + name + "'; choose one of: " + names);
}

}  // namespace nn

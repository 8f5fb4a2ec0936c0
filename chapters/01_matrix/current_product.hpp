// Which product matmul calls. Chapter 06 writes faster ones and puts one of them here; nothing else changes.
#pragma once

#include "01_matrix/matmul_plain.hpp"

namespace nn {

// Computes out = A·B; matmul has checked the shapes and given out its own.
template <class T>
using Product = void (*)(MatrixView<T> a, MatrixView<T> b, Matrix<T>& out);

// Set it before threads start. Known before any code runs (constinit), so that no start-up order can matter.
template <class T>
constinit inline Product<T> current_product = matmul_plain<T>;

// Another product for as long as this object lives, then the former one again.
template <class T>
class UseProduct {
 public:
  explicit UseProduct(Product<T> product) : former_(current_product<T>) { current_product<T> = product; }
  ~UseProduct() { current_product<T> = former_; }
  UseProduct(const UseProduct&) = delete;
  UseProduct& operator=(const UseProduct&) = delete;

 private:
  Product<T> former_;
};

}  // namespace nn

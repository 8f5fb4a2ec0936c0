// Which implementation of the matrix product matmul calls. Chapter 06 writes faster ones and installs them here.
#pragma once

#include "01_matrix/matmul_plain.hpp"

namespace nn {

// Computes out = A·B. matmul has checked the shapes and resized out before it calls this.
template <class T>
using Product = void (*)(MatrixView<T> a, MatrixView<T> b, Matrix<T>& out);

// Set it before threads start. It is initialized at compile time (constinit), so initialization order cannot matter.
template <class T>
constinit inline Product<T> current_product = matmul_plain<T>;

// Installs another implementation for the lifetime of this object, then restores the previous one.
template <class T>
class UseProduct {
 public:
  explicit UseProduct(Product<T> product) : previous_(current_product<T>) { current_product<T> = product; }
  ~UseProduct() { current_product<T> = previous_; }
  UseProduct(const UseProduct&) = delete;
  UseProduct& operator=(const UseProduct&) = delete;

 private:
  Product<T> previous_;
};

}  // namespace nn

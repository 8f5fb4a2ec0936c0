// The tiny network of chapter 01, put together from layers.
#pragma once

#include "01_matrix/tiny_network.hpp"
#include "05_backprop/network.hpp"

namespace nn::tiny {

// 2-3-3: two inputs, three hidden neurons with ReLU, three logits.
template <class T>
Network<T> network() {
  Network<T> result = make_network<T>({2, 3, 3});
  const auto parameters = result.parameters();
  *parameters[0].value = hidden_weights<T>();
  *parameters[1].value = hidden_bias<T>();
  *parameters[2].value = output_weights<T>();
  *parameters[3].value = output_bias<T>();
  return result;
}

}  // namespace nn::tiny

// Layers one after the other: the output of one is the input of the next.
// The last one returns logits; softmax is part of the loss.
#pragma once

#include <memory>

#include "03_softmax/logits.hpp"
#include "05_backprop/activation_layer.hpp"
#include "05_backprop/dense_layer.hpp"

namespace nn {

template <class T>
class Network {
 public:
  // Appends a layer, e.g. network.template add<Dense<T>>(784, 128), and returns it.
  template <class L, class... Arguments>
  L& add(Arguments&&... arguments) {
    auto layer = std::make_unique<L>(std::forward<Arguments>(arguments)...);
    L& added = *layer;
    layers_.push_back(std::move(layer));
    return added;
  }

  std::size_t size() const { return layers_.size(); }
  Layer<T>& layer(std::size_t i) { return *layers_.at(i); }

  // [show network_forward]
  // x: batch x in, to live until backward; result: batch x classes, valid until the next forward.
  const Logits<T>& forward(const Matrix<T>& x) {
    // [write Network::forward]
    const Matrix<T>* values = &x;
    for (const auto& layer : layers_) values = &layer->forward(*values);
    logits_.values = *values;
    return logits_;
    // [/write]
  }
  // [/show]
  const Logits<T>& forward(Matrix<T>&&) = delete;

  // [show network_backward]
  // grad_logits: d loss / d logits, batch x classes. Afterwards every parameter has its gradient. The first
  // layer computes backward_parameters only: the gradient with respect to x is not needed.
  void backward(const Matrix<T>& grad_logits) {
    // [write Network::backward]
    const Matrix<T>* grad = &grad_logits;
    for (std::size_t i = layers_.size(); i > 1; --i) grad = &layers_[i - 1]->backward(*grad);
    if (!layers_.empty()) layers_[0]->backward_parameters(*grad);
    // [/write]
  }
  // [/show]

  // All trainable tensors, from the first layer on, named as in a PyTorch nn.Sequential:
  // "0.weight", "0.bias", ...
  std::vector<Parameter<T>> parameters() {
    std::vector<Parameter<T>> all;
    for (std::size_t i = 0; i < layers_.size(); ++i) {
      for (Parameter<T>& p : layers_[i]->parameters()) {
        all.push_back({std::to_string(i) + "." + p.name, p.value, p.grad});
      }
    }
    return all;
  }

  // On which side of every kink the last forward was.
  std::vector<bool> branches() const {
    std::vector<bool> all;
    for (const auto& layer : layers_) layer->append_branches(all);
    return all;
  }

 private:
  std::vector<std::unique_ptr<Layer<T>>> layers_;
  Logits<T> logits_;
};

// Dense layers of the given widths with a ReLU after each but the last: {784, 128, 10}.
// All zero until initialized.
template <class T>
Network<T> make_network(const std::vector<std::size_t>& widths) {
  if (widths.size() < 2) throw ShapeError("make_network: at least an input and an output width are needed");
  Network<T> network;
  for (std::size_t i = 0; i + 1 < widths.size(); ++i) {
    if (i > 0) network.template add<Relu<T>>();
    network.template add<Dense<T>>(widths[i], widths[i + 1]);
  }
  return network;
}

// Copies the numbers of one network into another with the same tensors, e.g. float to double.
template <class From, class To>
void copy_parameters(Network<From>& from, Network<To>& to) {
  const auto a = from.parameters();
  const auto b = to.parameters();
  if (a.size() != b.size()) throw ShapeError("copy_parameters: different numbers of tensors");
  for (std::size_t t = 0; t < a.size(); ++t) {
    if (a[t].value->rows() != b[t].value->rows() || a[t].value->cols() != b[t].value->cols()) {
      throw ShapeError("copy_parameters: " + a[t].name + " (" + shape(*a[t].value) + ") into (" +
                       shape(*b[t].value) + ")");
    }
    for (std::size_t i = 0; i < a[t].value->size(); ++i) {
      b[t].value->values()[i] = static_cast<To>(a[t].value->values()[i]);
    }
  }
}

}  // namespace nn

#include "10_mnist/fast_step.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <hwy/cache_control.h>

#include "01_matrix/argmax.hpp"
#include "01_matrix/matmul.hpp"
#include "01_matrix/scalar.hpp"
#include "03_softmax/row_sum.hpp"
#include "10_mnist/adam_update.hpp"
#include "10_mnist/brightness.hpp"
#include "10_mnist/health.hpp"
#include "common/error.hpp"
#include "common/parallel/thread_pool.hpp"

namespace nn {
namespace {

// Numbers that a thread should get at least, for work that takes about a cycle each.
constexpr std::size_t kWorthwhile = 8'000;
constexpr std::size_t kLine = kAlignment / sizeof(float);  // numbers of a cache line

// work(begin, end) for ranges of rows of about kWorthwhile numbers and more.
template <class Work>
void for_rows(const Matrix<float>& m, const Work& work) {
  parallel_for(m.rows(), kWorthwhile / std::max<std::size_t>(m.cols(), 1) + 1, work);
}

// y = y + b, and its ReLU if there is one. y: batch x width; b: 1 x width.
void add_bias(Matrix<float>& y, const Matrix<float>& bias, bool relu) {
  for_rows(y, [&](std::size_t begin, std::size_t end) {
    const float* b = bias.data();
    for (std::size_t i = begin; i < end; ++i) {
      float* row = y.row(i).data();
      for (std::size_t j = 0; j < y.cols(); ++j) row[j] += b[j];
      if (!relu) continue;
      for (std::size_t j = 0; j < y.cols(); ++j) row[j] = row[j] <= 0 ? 0 : row[j];
    }
  });
}

// Of one example: z becomes d loss / d z / batch; returns the loss. As cross_entropy_with_gradient computes them.
float loss_of_row(std::span<float> z, std::size_t label, float batch) {
  const std::size_t top = argmax(std::span<const float>(z));
  const float most = z[top], gap = most - z[label];
  float others = 0;
  for (std::size_t k = 0; k < z.size(); ++k) {
    z[k] = exp(z[k] - most);
    if (k != top) others += z[k];
  }
  const float sum = row_sum<float>(z);
  for (float& value : z) value /= sum;
  z[label] = 0;
  z[label] -= row_sum<float>(z);
  for (float& value : z) value /= batch;
  return gap + log1p(others);
}

// grad = relu'(x) * grad, where y = relu(x), and sums = the column sums of the result; without y only the sums.
// grad, y: batch x width; sums: 1 x width. A thread gets whole columns, since a sum has an order.
void mask_and_add_up(const Matrix<float>* y, Matrix<float>& grad, Matrix<float>& sums) {
  const std::size_t lines = (grad.cols() + kLine - 1) / kLine;
  parallel_for(lines, kWorthwhile / (grad.rows() * kLine) + 1, [&](std::size_t first, std::size_t last) {
    const std::size_t begin = first * kLine, end = std::min(last * kLine, grad.cols());
    float* sum = sums.data();
    for (std::size_t j = begin; j < end; ++j) sum[j] = 0;
    for (std::size_t i = 0; i < grad.rows(); ++i) {
      float* g = grad.row(i).data();
      if (y != nullptr) {
        const float* out = y->row(i).data();
        for (std::size_t j = begin; j < end; ++j) g[j] = (out[j] > 0 ? 1.0f : 0.0f) * g[j];
      }
      for (std::size_t j = begin; j < end; ++j) sum[j] += g[j];
    }
  });
}

// The step of Sgd, Momentum or Adam for the weights begin .. end - 1 of a tensor; shared: see adam_update.
void update_weights(const Optimizer<float>& optimizer, float learning_rate, const TensorAtWork& t,
                    std::size_t begin, std::size_t end, bool shared) {
  if (const auto* adam = dynamic_cast<const Adam<float>*>(&optimizer))
    return adam_update(*adam, learning_rate, t, begin, end, shared);
  if (const auto* momentum = dynamic_cast<const Momentum<float>*>(&optimizer)) {
    for (std::size_t i = begin; i < end; ++i) {
      t.first[i] = momentum->mu() * t.first[i] + t.g[i];
      t.w[i] -= learning_rate * t.first[i];
    }
    return;
  }
  for (std::size_t i = begin; i < end; ++i) t.w[i] -= learning_rate * t.g[i];
}

// What update_weights knows.
void check_optimizer(const Optimizer<float>* optimizer) {
  if (dynamic_cast<const Sgd<float>*>(optimizer) != nullptr ||
      dynamic_cast<const Momentum<float>*>(optimizer) != nullptr ||
      dynamic_cast<const Adam<float>*>(optimizer) != nullptr)
    return;
  throw Error(
      fmt::format("fast_step: {}; it knows Sgd, Momentum, Adam",
                  optimizer == nullptr ? "there is no optimizer" : "the optimizer is of an unknown class"));
}

// What make_network makes: Dense, ReLU, Dense, ..., Dense.
void check_layers(Network<float>& network) {
  constexpr const char* kKnown = "it knows Dense, ReLU, Dense, ..., Dense";
  const std::size_t size = network.size();
  for (std::size_t i = 0; i < size; ++i) {
    Layer<float>& layer = network.layer(i);
    const bool fits = i % 2 == 0 ? dynamic_cast<Dense<float>*>(&layer) != nullptr
                                 : dynamic_cast<Relu<float>*>(&layer) != nullptr;
    if (!fits)
      throw Error(fmt::format("fast_step: layer {} of {} is no {}; {}", i, size,
                              i % 2 == 0 ? "Dense" : "ReLU", kKnown));
  }
  if (size % 2 == 0) throw Error(fmt::format("fast_step: the network has {} layers; {}", size, kKnown));
}

class FastStep {
 public:
  FastStep(TrainingState& state, const LabelledImages& images) : state_(state), images_(images) {
    check_optimizer(state.optimizer.get());
    check_layers(state.network);
    const auto parameters = state.network.parameters();
    for (std::size_t i = 0; i + 1 < parameters.size(); i += 2)
      layers_.push_back({parameters[i], parameters[i + 1], {}, {}});
    memory_ = state.optimizer->memory(parameters);
  }

  // [show fast_step]
  float operator()(std::span<const std::size_t> chosen, std::size_t step, float learning_rate) {
    take_images(chosen);
    forward();
    const float loss = loss_and_gradient(chosen);
    check_finite(loss, step, state_, x_);
    backward();
    update(learning_rate);
    return loss;
  }
  // [/show]

 private:
  // Weights and bias; output: after the ReLU; grad: d loss / d output before the ReLU. batch x width.
  struct DenseRelu {
    Parameter<float> weights, bias;
    Matrix<float> output, grad;
  };

  void take_images(std::span<const std::size_t> chosen) {
    const std::size_t width = images_.images.height * images_.images.width;
    x_.resize(chosen.size(), width);
    for_rows(x_, [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) {
        if (i + kAhead < end) fetch(chosen[i + kAhead] * width, width);
        brightness(images_.images.pixels.data() + chosen[i] * width, width, state_.recipe.standardise,
                   x_.row(i).data());
      }
    });
  }

  // Asks for pixels that will be wanted soon: chance has chosen them, so no processor can guess where they are.
  void fetch(std::size_t begin, std::size_t count) const {
    for (std::size_t k = 0; k < count; k += kAlignment)
      hwy::Prefetch(images_.images.pixels.data() + begin + k);
  }

  void forward() {
    const Matrix<float>* input = &x_;
    for (DenseRelu& layer : layers_) {
      matmul(*input, *layer.weights.value, layer.output);
      add_bias(layer.output, *layer.bias.value, &layer != &layers_.back());
      input = &layer.output;
    }
  }

  // The logits become their gradient.
  float loss_and_gradient(std::span<const std::size_t> chosen) {
    DenseRelu& last = layers_.back();
    last.grad.resize(last.output.rows(), last.output.cols());  // room for the next output, too
    last.grad.swap(last.output);
    losses_.resize(chosen.size());
    const auto batch = static_cast<float>(chosen.size());
    parallel_for(chosen.size(), 16, [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i)
        losses_[i] = loss_of_row(last.grad.row(i), images_.labels[chosen[i]], batch);
    });
    float sum = 0;
    for (const float loss : losses_) sum += loss;
    return sum / batch;
  }

  void backward() {
    for (std::size_t i = layers_.size(); i-- > 0;) {
      DenseRelu& layer = layers_[i];
      const Matrix<float>& input = i == 0 ? x_ : layers_[i - 1].output;
      mask_and_add_up(i + 1 == layers_.size() ? nullptr : &layer.output, layer.grad, *layer.bias.grad);
      matmul_at_b(input, layer.grad, *layer.weights.grad);
      if (i > 0) matmul_a_bt(layer.grad, *layer.weights.value, layers_[i - 1].grad);
    }
  }

  // The weights of every tensor, shared out among the threads by cache lines.
  void update(float learning_rate) {
    Optimizer<float>& optimizer = *state_.optimizer;
    optimizer.set_steps(optimizer.steps() + 1);
    const std::size_t remembered = memory_.size() / (2 * layers_.size());  // tensors for each parameter
    for (std::size_t t = 0; t < 2 * layers_.size(); ++t) {
      const Parameter<float>& p = t % 2 == 0 ? layers_[t / 2].weights : layers_[t / 2].bias;
      TensorAtWork tensor{p.value->data(), p.grad->data()};
      if (remembered > 0) tensor.first = memory_[remembered * t].value->data();
      if (remembered > 1) tensor.second = memory_[remembered * t + 1].value->data();
      const std::size_t size = p.value->size(), lines = (size + kLine - 1) / kLine;
      parallel_for(lines, kWorthwhile / kLine, [&](std::size_t begin, std::size_t end) {
        const bool shared = end - begin < lines;
        update_weights(optimizer, learning_rate, tensor, begin * kLine, std::min(end * kLine, size), shared);
      });
    }
  }

  static constexpr std::size_t kAhead = 3;  // images

  TrainingState& state_;
  const LabelledImages& images_;
  std::vector<DenseRelu> layers_;
  std::vector<Parameter<float>> memory_;  // the optimizer's
  Matrix<float> x_;
  std::vector<float> losses_;
};

}  // namespace

TrainingStep fast_step(TrainingState& state, const LabelledImages& images) {
  return [step = std::make_shared<FastStep>(state, images)](std::span<const std::size_t> chosen,
                                                            std::size_t number, float learning_rate) {
    return (*step)(chosen, number, learning_rate);
  };
}

}  // namespace nn

#include "09_fast_training/fast_step.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <hwy/cache_control.h>

#include "01_matrix/argmax.hpp"
#include "01_matrix/matmul.hpp"
#include "01_matrix/scalar.hpp"
#include "03_softmax/row_sum.hpp"
#include "09_fast_training/adam_update.hpp"
#include "09_fast_training/bias_relu.hpp"
#include "09_fast_training/normalize_pixels.hpp"
#include "common/error.hpp"
#include "common/finite.hpp"
#include "common/parallel/thread_pool.hpp"

namespace nn {
namespace {

// Numbers that a thread should get at least, for work that takes about a cycle each.
constexpr std::size_t kMinWorkPerThread = 8'000;
constexpr std::size_t kLine = kAlignment / sizeof(float);  // numbers of a cache line

// work(begin, end) for ranges of rows of about kMinWorkPerThread numbers and more.
template <class Work>
void for_rows(const Matrix<float>& m, const Work& work) {
  parallel_for(m.rows(), kMinWorkPerThread / std::max<std::size_t>(m.cols(), 1) + 1, work);
}

// y = y + b, and its ReLU if there is one. y: batch x width; b: 1 x width.
void add_bias(Matrix<float>& y, const Matrix<float>& bias, bool relu) {
  for_rows(y, [&](std::size_t begin, std::size_t end) {
    const auto b = bias.row(0);
    for (std::size_t i = begin; i < end; ++i) {
      if (relu) {
        add_bias_and_relu(y.row(i), b);
      } else {
        for (std::size_t j = 0; j < y.cols(); ++j) y(i, j) += b[j];
      }
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
  parallel_for(lines, kMinWorkPerThread / (grad.rows() * kLine) + 1,
               [&](std::size_t first, std::size_t last) {
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

// The optimizer's update of a slice; shared: see adam_update.
void update(const Optimizer<float>& optimizer, const ParameterSlice<float>& slice, float learning_rate,
            bool shared) {
  if (const auto* adam = dynamic_cast<const Adam<float>*>(&optimizer))
    return adam_update(*adam, slice, learning_rate, shared);
  optimizer.update(slice, learning_rate);
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
  FastStep(TrainingState& state, const LabeledImages& images)
      : state_(state), images_(images), parameters_(state.network.parameters()) {
    if (state.optimizer == nullptr) throw Error("fast_step: there is no optimizer");
    check_plain(state.recipe, "fast_step");
    check_layers(state.network);
    for (std::size_t i = 0; i + 1 < parameters_.size(); i += 2)
      layers_.push_back({parameters_[i], parameters_[i + 1], {}, {}});
  }

  // [show fast_step]
  float operator()(std::span<const std::size_t> batch, float learning_rate) {
    take_images(batch);
    forward();
    const float loss = loss_and_gradient(batch);
    if (!is_finite(loss)) return loss;
    backward();
    update_parameters(learning_rate);
    return loss;
  }
  // [/show]

 private:
  // Weights and bias; output: after the ReLU; grad: d loss / d output before the ReLU. batch x width.
  struct DenseRelu {
    Parameter<float> weights, bias;
    Matrix<float> output, grad;
  };

  void take_images(std::span<const std::size_t> batch) {
    const std::size_t width = images_.height * images_.width;
    x_.resize(batch.size(), width);
    for_rows(x_, [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) {
        if (i + kAhead < end) fetch(batch[i + kAhead] * width, width);
        normalize_pixels(images_.pixels.data() + batch[i] * width, width, state_.recipe.input,
                         x_.row(i).data());
      }
    });
  }

  // Asks for pixels that will be wanted soon: they are chosen at random, so no processor can guess where they are.
  void fetch(std::size_t begin, std::size_t count) const {
    for (std::size_t k = 0; k < count; k += kAlignment) hwy::Prefetch(images_.pixels.data() + begin + k);
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
  float loss_and_gradient(std::span<const std::size_t> batch) {
    DenseRelu& last = layers_.back();
    last.grad.resize(last.output.rows(), last.output.cols());  // room for the next output, too
    last.grad.swap(last.output);
    losses_.resize(batch.size());
    const auto examples = static_cast<float>(batch.size());
    parallel_for(batch.size(), 16, [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i)
        losses_[i] = loss_of_row(last.grad.row(i), images_.labels[batch[i]], examples);
    });
    float sum = 0;
    for (const float loss : losses_) sum += loss;
    return sum / examples;
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

  // The weights of every tensor, distributed among the threads by cache lines.
  void update_parameters(float learning_rate) {
    Optimizer<float>& optimizer = *state_.optimizer;
    optimizer.begin_step(parameters_);
    for (std::size_t t = 0; t < parameters_.size(); ++t) {
      const ParameterSlice<float> whole = optimizer.slice(parameters_, t);
      const std::size_t size = whole.size(), lines = (size + kLine - 1) / kLine;
      parallel_for(lines, kMinWorkPerThread / kLine, [&](std::size_t first, std::size_t last) {
        const std::size_t begin = first * kLine, end = std::min(last * kLine, size);
        update(optimizer, whole.range(begin, end - begin), learning_rate, last - first < lines);
      });
    }
  }

  static constexpr std::size_t kAhead = 3;  // images

  TrainingState& state_;
  const LabeledImages& images_;
  std::vector<DenseRelu> layers_;
  std::vector<Parameter<float>> parameters_;
  Matrix<float> x_;
  std::vector<float> losses_;
};

}  // namespace

Step fast_step(TrainingState& state, const LabeledImages& images) {
  return [step = std::make_shared<FastStep>(state, images)](std::span<const std::size_t> batch, std::size_t,
                                                            float learning_rate) {
    return (*step)(batch, learning_rate);
  };
}

}  // namespace nn

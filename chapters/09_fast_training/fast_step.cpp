#include "09_fast_training/fast_step.hpp"

#include <fmt/format.h>
#include <optional>

#include "01_matrix/matmul.hpp"
#include "09_fast_training/first_layer.hpp"
#include "common/error.hpp"
#include "common/finite.hpp"

namespace nn {
namespace {

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
  // ranks: null if this process is alone.
  FastStep(TrainingState& state, const LabeledImages& images, const FastStepOptions& options, Ranks* ranks)
      : state_(state),
        images_(images),
        parameters_(state.network.parameters()),
        layers_(layers_of(state)),
        first_layer_(images, state.recipe.input, layers_.front(), own_columns(layers_.front(), ranks),
                     options) {
    if (ranks == nullptr) return;
    exchange_.emplace(*ranks);
    if (state.recipe.ema > 0)
      throw Error(
          "fast_step: a moving average of the weights needs all of them in every step, and each process has "
          "only some; train in one process");
    if (!first_layer_.skips_zeros())
      throw Error(
          "fast_step: several processes can train together only where zeros are skipped: images that are "
          "mostly 0, a recipe whose input transform keeps 0, at least 16 hidden neurons, and the product "
          "'fast'");
  }

  // [show fast_step]
  float operator()(std::span<const std::size_t> batch, float learning_rate) {
    first_layer_.forward(batch);
    if (exchange_) exchange_->all_gather(layers_.front().output);
    forward();
    const float loss = loss_and_gradient(batch);
    if (!is_finite(loss)) return loss;
    backward();
    update_parameters(learning_rate);
    return loss;
  }
  // [/show]

 private:
  static std::vector<DenseRelu> layers_of(TrainingState& state) {
    if (state.optimizer == nullptr) throw Error("fast_step: there is no optimizer");
    check_plain(state.recipe, "fast_step");
    check_layers(state.network);
    const std::vector<Parameter<float>> parameters = state.network.parameters();
    std::vector<DenseRelu> layers;
    for (std::size_t i = 0; i + 1 < parameters.size(); i += 2)
      layers.push_back({parameters[i], parameters[i + 1], i + 2 < parameters.size(), {}, {}});
    return layers;
  }

  static ColumnRange own_columns(const DenseRelu& layer, const Ranks* ranks) {
    const std::size_t width = layer.weights.value->cols();
    return ranks == nullptr ? ColumnRange{0, width} : columns_of_rank(width, ranks->rank(), ranks->count());
  }

  // The layers behind the first.
  void forward() {
    for (std::size_t i = 1; i < layers_.size(); ++i) {
      DenseRelu& layer = layers_[i];
      matmul(layers_[i - 1].output, *layer.weights.value, layer.output);
      add_bias(layer.output, *layer.bias.value, layer.relu);
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

  // Of the layers behind the first.
  void backward() {
    for (std::size_t i = layers_.size(); i-- > 1;) {
      DenseRelu &layer = layers_[i], &before = layers_[i - 1];
      mask_and_add_up(layer.relu ? &layer.output : nullptr, layer.grad, *layer.bias.grad);
      matmul_at_b(before.output, layer.grad, *layer.weights.grad);
      matmul_a_bt(layer.grad, *layer.weights.value, before.grad);
    }
  }

  // Of all layers, and the gradients of the first.
  void update_parameters(float learning_rate) {
    Optimizer<float>& optimizer = *state_.optimizer;
    optimizer.begin_step(parameters_);
    const SliceUpdate update(optimizer, learning_rate);
    first_layer_.backward(update, optimizer.slice(parameters_, 0), optimizer.slice(parameters_, 1));
    for (std::size_t t = 2; t < parameters_.size(); ++t) update_all(update, optimizer.slice(parameters_, t));
  }

  TrainingState& state_;
  const LabeledImages& images_;
  std::vector<Parameter<float>> parameters_;
  std::vector<DenseRelu> layers_;
  FirstLayer first_layer_;
  std::optional<ColumnExchange> exchange_;
  std::vector<float> losses_;
};

Step step_that_calls(std::shared_ptr<FastStep> step) {
  return [step = std::move(step)](std::span<const std::size_t> batch, std::size_t, float learning_rate) {
    return (*step)(batch, learning_rate);
  };
}

}  // namespace

Step fast_step(TrainingState& state, const LabeledImages& images, const FastStepOptions& options) {
  return step_that_calls(std::make_shared<FastStep>(state, images, options, nullptr));
}

Step fast_step(TrainingState& state, const LabeledImages& images, Ranks& ranks,
               const FastStepOptions& options) {
  return step_that_calls(std::make_shared<FastStep>(state, images, options, &ranks));
}

void gather_first_layer(TrainingState& state, Ranks& ranks) {
  const std::vector<Parameter<float>> parameters = state.network.parameters();
  ColumnExchange exchange(ranks);
  for (std::size_t t = 0; t < 2; ++t) exchange.all_gather(*parameters[t].value);
  const auto remembered = state.optimizer->state(parameters);
  for (std::size_t t = 0; t < 2 * state.optimizer->state_names().size(); ++t)
    exchange.all_gather(*remembered[t].value);
}

}  // namespace nn

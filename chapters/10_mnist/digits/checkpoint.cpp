#include "10_mnist/digits/checkpoint.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <optional>

#include "08_generalization/augment.hpp"
#include "10_mnist/model_file.hpp"
#include "common/error.hpp"
#include "common/finite.hpp"
#include "common/terminal/parse_number.hpp"

namespace nn {
namespace {

constexpr const char* kOptimizer = "optimizer.";
constexpr const char* kAverage = "average.";

// One metadata entry as a number; Error if it is not there or not wholly a number.
template <class N>
N number(const TensorFile& file, const char* key, const std::string& where) {
  const auto found = file.metadata.find(key);
  if (found == file.metadata.end()) {
    throw Error(fmt::format(
        "{}: is no checkpoint: its metadata has no '{}'; expected a file that --checkpoint-every wrote",
        where, key));
  }
  const std::string& text = found->second;
  const std::optional<N> value = parse_number<N>(text);
  if (!value) throw Error(fmt::format("{}: metadata '{}' is '{}', expected a number", where, key, text));
  return *value;
}

// As the options of digits train would have them: a damaged file must not begin a run without end.
void check_recipe(const Recipe& recipe, const std::string& where) {
  const auto check = [&](bool fits, const char* key) {
    if (!fits) throw Error(fmt::format("{}: metadata '{}' is out of range: the file is damaged", where, key));
  };
  check(recipe.epochs >= 1 && recipe.epochs <= 100'000, "epochs");
  check(recipe.batch_size >= 1 && recipe.batch_size <= 1'000'000, "batch_size");
  check(recipe.learning_rate > 0 && is_finite(recipe.learning_rate), "learning_rate");
  check(is_finite(recipe.input.mean), "input_mean");
  check(is_finite(recipe.input.deviation) && recipe.input.deviation > 0, "input_deviation");
  check(recipe.warm_up >= 0 && recipe.warm_up <= 1, "warm_up");
  check(recipe.dropout >= 0 && recipe.dropout < 1, "dropout");
  check(recipe.weight_decay >= 0 && is_finite(recipe.weight_decay), "weight_decay");
  check(recipe.label_smoothing >= 0 && recipe.label_smoothing < 1, "label_smoothing");
  check(recipe.ema >= 0 && recipe.ema < 1, "ema");
  check(std::find(kAugmentations.begin(), kAugmentations.end(), recipe.augment) != kAugmentations.end(),
        "augment");
}

Recipe read_recipe(const TensorFile& file, Network<float>& network, const std::string& where) {
  Recipe recipe;
  recipe.hidden.clear();
  for (const auto& p : network.parameters()) {
    if (p.name.ends_with("bias")) recipe.hidden.push_back(p.value->cols());
  }
  recipe.hidden.pop_back();  // the last layer's are the logits
  recipe.epochs = number<std::size_t>(file, "epochs", where);
  recipe.batch_size = number<std::size_t>(file, "batch_size", where);
  recipe.learning_rate = number<double>(file, "learning_rate", where);
  recipe.warm_up = number<double>(file, "warm_up", where);
  const int initialization = number<int>(file, "initialization", where);
  if (initialization < 0 || initialization > static_cast<int>(Initialization::kPyTorch)) {
    throw Error(fmt::format("{}: metadata 'initialization' is {}, expected 0 to 2", where, initialization));
  }
  recipe.initialization = static_cast<Initialization>(initialization);
  recipe.input = {number<float>(file, "input_mean", where), number<float>(file, "input_deviation", where)};
  recipe.validation = number<int>(file, "validation", where) != 0;
  recipe.seed = number<std::uint64_t>(file, "seed", where);
  const auto text = [&](const char* key) {
    const auto found = file.metadata.find(key);
    return found == file.metadata.end() ? std::string() : found->second;
  };
  // A checkpoint of a version without these options was trained without them.
  const auto option = [&](const char* key) {
    return text(key).empty() ? 0.0 : number<double>(file, key, where);
  };
  recipe.augment = text("augment").empty() ? "none" : text("augment");
  recipe.dropout = option("dropout");
  recipe.weight_decay = option("weight_decay");
  recipe.label_smoothing = option("label_smoothing");
  recipe.ema = option("ema");
  recipe.name = text("recipe");
  recipe.data = text("data");
  recipe.optimizer = text("optimizer");
  const bool known =
      recipe.optimizer == "sgd" || recipe.optimizer == "momentum" || recipe.optimizer == "adam";
  if (!known)
    throw Error(fmt::format("{}: metadata 'optimizer' is '{}', expected sgd, momentum or adam", where,
                            recipe.optimizer));
  check_recipe(recipe, where);
  return recipe;
}

// Splits off the tensors of the optimizer and of the average: what stays is a model.
TensorFile take_other_tensors(TensorFile& file) {
  TensorFile others, model;
  for (auto& [name, tensor] : file.tensors) {
    auto& part = name.starts_with(kOptimizer) || name.starts_with(kAverage) ? others : model;
    part.tensors.emplace_back(name, std::move(tensor));
  }
  file.tensors = std::move(model.tensors);
  return others;
}

// The tensor prefix + name into m.
void restore(const TensorFile& others, const std::string& prefix, const std::string& name, Matrix<float>& m,
             const std::string& where) {
  const Tensor* tensor = others.find(prefix + name);
  if (tensor == nullptr) throw Error(fmt::format("{}: tensor {}{} is missing", where, prefix, name));
  from_tensor(*tensor, prefix + name, m, where);
}

}  // namespace

void save_checkpoint(const std::filesystem::path& path, TrainingState& state) {
  TensorFile file = to_tensors(state.network);
  for (const auto& p : state.optimizer->state(state.network.parameters())) {
    file.tensors.emplace_back(kOptimizer + p.name, to_tensor(p.name, *p.value));
  }
  const auto parameters = state.network.parameters();
  for (std::size_t t = 0; t < state.average.size(); ++t)
    file.tensors.emplace_back(kAverage + parameters[t].name, to_tensor(parameters[t].name, state.average[t]));
  const Recipe& recipe = state.recipe;
  const auto text = [](auto value) { return fmt::format("{}", value); };
  file.metadata = {{"recipe", recipe.name},
                   {"data", recipe.data},
                   {"training_images", text(state.images)},
                   {"epochs", text(recipe.epochs)},
                   {"batch_size", text(recipe.batch_size)},
                   {"optimizer", recipe.optimizer},
                   {"learning_rate", text(recipe.learning_rate)},
                   {"warm_up", text(recipe.warm_up)},
                   {"initialization", text(static_cast<int>(recipe.initialization))},
                   {"input_mean", text(recipe.input.mean)},
                   {"input_deviation", text(recipe.input.deviation)},
                   {"validation", text(static_cast<int>(recipe.validation))},
                   {"augment", recipe.augment},
                   {"dropout", text(recipe.dropout)},
                   {"weight_decay", text(recipe.weight_decay)},
                   {"label_smoothing", text(recipe.label_smoothing)},
                   {"ema", text(recipe.ema)},
                   {"seed", text(recipe.seed)},
                   {"random_state", text(state.random.state())},
                   {"epoch", text(state.epoch)},
                   {"batch", text(state.batch)},
                   {"epoch_loss", text(state.epoch_loss)},
                   {"optimizer_steps", text(state.optimizer->steps())}};
  write_safetensors(path, file);
}

TrainingState load_checkpoint(const std::filesystem::path& path) {
  return state_from_tensors(read_safetensors(path), path.string());
}

TrainingState state_from_tensors(TensorFile file, const std::string& where) {
  const TensorFile others = take_other_tensors(file);
  Network<float> network = network_from_tensors(file, where);
  Recipe recipe = read_recipe(file, network, where);
  TrainingState state{.recipe = recipe,
                      .network = std::move(network),
                      .optimizer = make_optimizer<float>(recipe.optimizer),
                      .random = Random(number<std::uint64_t>(file, "random_state", where)),
                      .epoch = number<std::size_t>(file, "epoch", where),
                      .batch = number<std::size_t>(file, "batch", where),
                      .epoch_loss = number<double>(file, "epoch_loss", where),
                      .images = number<std::size_t>(file, "training_images", where)};
  state.optimizer->set_steps(number<std::size_t>(file, "optimizer_steps", where));
  for (const auto& p : state.optimizer->state(state.network.parameters()))
    restore(others, kOptimizer, p.name, *p.value, where);
  if (recipe.ema == 0 || state.optimizer->steps() == 0) return state;
  for (const auto& p : state.network.parameters()) {
    state.average.emplace_back(p.value->rows(), p.value->cols());
    restore(others, kAverage, p.name, state.average.back(), where);
  }
  return state;
}

}  // namespace nn

#include "10_mnist/model_file.hpp"

#include <algorithm>
#include <cstdio>
#include <fmt/format.h>

#include "common/data/mnist.hpp"
#include "common/error.hpp"
#include "common/finite.hpp"

namespace nn {
namespace {

constexpr const char* kPixels = "value / 255";  // what every network of the course takes as input

bool is_bias(const std::string& name) { return name.ends_with("bias"); }

// The numbers of the layers that have a weight, ascending: 0, 2, 4.
std::vector<std::size_t> dense_layers(const TensorFile& file, const std::string& where) {
  std::vector<std::size_t> numbers;
  for (const auto& [name, tensor] : file.tensors) {
    const std::size_t dot = name.find('.');
    const std::string number = name.substr(0, dot),
                      kind = dot == std::string::npos ? "" : name.substr(dot + 1);
    const bool is_number =
        !number.empty() && number.size() < 6 && number.find_first_not_of("0123456789") == std::string::npos;
    if (!is_number || (kind != "weight" && kind != "bias")) {
      throw Error(
          fmt::format("{}: tensor '{}' is not of a plain network; expected names such as 0.weight, 0.bias, "
                      "2.weight: save an nn.Sequential of Linear and ReLU layers",
                      where, name));
    }
    if (kind == "weight") numbers.push_back(std::stoul(number));
  }
  std::sort(numbers.begin(), numbers.end());
  // Two layers with nothing between them are one: whoever saved them computed something else than we would.
  for (std::size_t i = 1; i < numbers.size(); ++i) {
    if (numbers[i] > numbers[i - 1] + 1) continue;
    throw Error(fmt::format(
        "{}: {}.weight and {}.weight follow each other, so there is no activation function between "
        "them, and a ReLU is expected there: save an nn.Sequential(Linear, ReLU, Linear), whose "
        "weights are 0.weight and 2.weight",
        where, numbers[i - 1], numbers[i]));
  }
  if (numbers.empty())
    throw Error(fmt::format("{}: holds no layer; expected tensors 0.weight, 0.bias, ...", where));
  return numbers;
}

// What stands before "0.weight" in all names alike: "module." or "" if there is no such prefix.
std::string common_prefix(const TensorFile& file) {
  std::string prefix;
  for (std::size_t i = 0; i < file.tensors.size(); ++i) {
    const std::string& name = file.tensors[i].first;
    const std::size_t kind = name.rfind('.');
    if (kind == std::string::npos || kind == 0) return "";
    const std::size_t number = name.rfind('.', kind - 1);
    if (number == std::string::npos) return "";
    if (name.substr(number + 1, kind - number - 1).find_first_not_of("0123456789") != std::string::npos)
      return "";
    if (i == 0) prefix = name.substr(0, number + 1);
    if (name.substr(0, number + 1) != prefix) return "";
  }
  return prefix;
}

const Tensor& tensor_of(const TensorFile& file, const std::string& name, std::size_t dimensions,
                        const std::string& where) {
  const Tensor* tensor = file.find(name);
  if (tensor == nullptr) throw Error(fmt::format("{}: tensor {} is missing", where, name));
  if (tensor->shape.size() != dimensions) {
    throw Error(fmt::format("{}: tensor {} has {} dimensions, expected {}", where, name, tensor->shape.size(),
                            dimensions));
  }
  return *tensor;
}

}  // namespace

Tensor to_tensor(const std::string& name, const Matrix<float>& m) {
  if (is_bias(name)) return {{m.cols()}, {m.values().begin(), m.values().end()}};
  Tensor tensor{{m.cols(), m.rows()}, {}};
  tensor.values.reserve(m.size());
  for (std::size_t c = 0; c < m.cols(); ++c) {
    for (std::size_t r = 0; r < m.rows(); ++r) tensor.values.push_back(m(r, c));
  }
  return tensor;
}

void from_tensor(const Tensor& tensor, const std::string& name, Matrix<float>& m, const std::string& where) {
  const auto expected =
      is_bias(name) ? std::vector<std::size_t>{m.cols()} : std::vector<std::size_t>{m.cols(), m.rows()};
  if (tensor.shape != expected) {
    throw Error(fmt::format("{}: tensor {} has the shape ({}), expected ({})", where, name,
                            fmt::join(tensor.shape, " x "), fmt::join(expected, " x ")));
  }
  if (!std::all_of(tensor.values.begin(), tensor.values.end(), [](float v) { return is_finite(v); })) {
    throw Error(fmt::format(
        "{}: tensor {} holds NaN or infinity: its training went wrong, usually by a learning rate "
        "that was too high, or the file is damaged",
        where, name));
  }
  for (std::size_t c = 0; c < m.cols(); ++c) {
    for (std::size_t r = 0; r < m.rows(); ++r) m(r, c) = tensor.values[c * m.rows() + r];
  }
}

TensorFile to_tensors(Network<float>& network) {
  TensorFile file;
  for (const auto& p : network.parameters()) file.tensors.emplace_back(p.name, to_tensor(p.name, *p.value));
  return file;
}

Network<float> network_from_tensors(const TensorFile& file, const std::string& where) {
  const auto numbers = dense_layers(file, where);
  std::vector<std::size_t> widths;
  for (const std::size_t number : numbers) {
    const std::string name = fmt::format("{}.weight", number);
    const Tensor& weight = tensor_of(file, name, 2, where);
    if (weight.values.empty()) throw Error(fmt::format("{}: {} holds no value", where, name));
    if (!widths.empty() && widths.back() != weight.shape[1]) {
      throw Error(fmt::format("{}: {} takes {} numbers, the layer before gives {}", where, name,
                              weight.shape[1], widths.back()));
    }
    if (widths.empty()) widths.push_back(weight.shape[1]);
    widths.push_back(weight.shape[0]);
  }
  auto network = make_network<float>(widths);
  const auto parameters = network.parameters();
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const std::string weight = fmt::format("{}.weight", numbers[i]),
                      bias = fmt::format("{}.bias", numbers[i]);
    from_tensor(tensor_of(file, weight, 2, where), weight, *parameters[2 * i].value, where);
    from_tensor(tensor_of(file, bias, 1, where), bias, *parameters[2 * i + 1].value, where);
  }
  if (file.tensors.size() != 2 * numbers.size()) {
    throw Error(fmt::format("{}: {} tensors for {} layers, expected a weight and a bias each", where,
                            file.tensors.size(), numbers.size()));
  }
  return network;
}

void save_model(const std::filesystem::path& file, Network<float>& network,
                const std::map<std::string, std::string>& metadata) {
  TensorFile tensors = to_tensors(network);
  tensors.metadata = metadata;
  tensors.metadata["pixels"] = kPixels;
  write_safetensors(file, tensors);
}

Network<float> load_model(const std::filesystem::path& file) {
  TensorFile tensors = read_safetensors(file);
  // With sgd it holds a model's tensors and no other; but its pixels may be standardized ones.
  if (tensors.metadata.contains("optimizer_steps")) {
    throw Error(
        fmt::format("{0}: is a checkpoint of a training, expected a model; train --resume {0} --save FILE "
                    "makes one of it",
                    file.string()));
  }
  const auto pixels = tensors.metadata.find("pixels");
  if (pixels != tensors.metadata.end() && pixels->second != kPixels) {
    throw Error(fmt::format("{}: wants its pixels as '{}'; only '{}' is supported", file.string(),
                            pixels->second, kPixels));
  }
  if (const std::string prefix = common_prefix(tensors); !prefix.empty()) {
    for (auto& [name, tensor] : tensors.tensors) name.erase(0, prefix.size());
    fmt::print(stderr, "{}: all tensors' names start with '{}': they are read without it\n", file.string(),
               prefix);
  }
  Network<float> network = network_from_tensors(tensors, file.string());
  if (output_width(network) != kClasses) {
    throw Error(fmt::format("{}: gives {} classes, expected the {} digits", file.string(),
                            output_width(network), kClasses));
  }
  return network;
}

std::size_t input_width(Network<float>& network) { return network.parameters().front().value->rows(); }
std::size_t output_width(Network<float>& network) { return network.parameters().back().value->cols(); }

}  // namespace nn

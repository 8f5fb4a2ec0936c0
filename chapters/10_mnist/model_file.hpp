// A trained network as a file that PyTorch reads too: safetensors, named as the state dict of an
// nn.Sequential(Linear, ReLU, Linear): "0.weight" (out x in: the transpose of our W), "0.bias" (out),
// "2.weight", ...
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "05_backprop/network.hpp"
#include "common/files/safetensors.hpp"

namespace nn {

// The parameters as tensors of a model file, and back into a network of the same shape.
TensorFile to_tensors(Network<float>& network);

// Dense layers as wide as the file's tensors say, a ReLU between any two. where: for messages.
// Throws Error if the tensors are no such network.
Network<float> network_from_tensors(const TensorFile& file, const std::string& where);

// One tensor as the file holds it: a weight is transposed, a bias has one dimension.
Tensor to_tensor(const std::string& name, const Matrix<float>& m);
void from_tensor(const Tensor& tensor, const std::string& name, Matrix<float>& m, const std::string& where);

void save_model(const std::filesystem::path& file, Network<float>& network,
                const std::map<std::string, std::string>& metadata);
// A prefix that all names share, such as "module.", is taken off; a line on stderr says so.
Network<float> load_model(const std::filesystem::path& file);

// Inputs and outputs of a network: the rows of its first weight and the columns of its last.
std::size_t input_width(Network<float>& network);
std::size_t output_width(Network<float>& network);

}  // namespace nn

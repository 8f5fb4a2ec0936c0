#include "10_mnist/standardise.hpp"

namespace nn {
namespace {

// b += factor * column sums of W
void shift_bias(Network<float>& network, float factor) {
  const auto parameters = network.parameters();
  const Matrix<float>& weights = *parameters.at(0).value;
  Matrix<float> sums;
  column_sums(weights, sums);
  Matrix<float>& bias = *parameters.at(1).value;
  for (std::size_t j = 0; j < bias.cols(); ++j) bias(0, j) += factor * sums(0, j);
}

}  // namespace

void take_in_standardisation(Network<float>& network) {
  for (float& w : network.parameters().at(0).value->values()) w /= kPixelDeviation;
  shift_bias(network, -kPixelMean);
}

void give_back_standardisation(Network<float>& network) {
  shift_bias(network, kPixelMean);
  for (float& w : network.parameters().at(0).value->values()) w *= kPixelDeviation;
}

}  // namespace nn

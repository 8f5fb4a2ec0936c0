// A classifier as pictures: what digits evaluate --plots draws.
#pragma once

#include <vector>

#include "10_mnist/evaluation.hpp"
#include "10_mnist/predictions.hpp"
#include "common/figures/figure.hpp"

namespace nn {

// Which digit is taken for which, as a heat map with counts.
Figure confusion_figure(const Evaluation& evaluation);
// The mistakes of which the network was surest.
Figure mistakes_figure(const std::vector<Prediction>& predictions, const ImageSet& images);
// The first hidden layer at work on ten digits, the first of each. The network must have a hidden layer.
Figure activations_figure(Network<float>& network, const LabeledImages& all);
// The weights of some neurons of the first layer as images, width pixels a row.
Figure weights_figure(Network<float>& network, std::size_t width);
// The same for those that training changed most: before, what training added, after.
Figure weights_figure(const Matrix<float>& before, const Matrix<float>& after, std::size_t width);

// All of them, from no more than the classifier and images that it has not learned from.
std::vector<Figure> classifier_figures(Network<float>& network, const LabeledImages& test);

}  // namespace nn

// A training run and its classifier as pictures: what digits --plots draws, and the figures of this chapter's page.
#pragma once

#include <vector>

#include "08_mnist/evaluation.hpp"
#include "08_mnist/readings.hpp"
#include "08_mnist/run_record.hpp"
#include "common/figure.hpp"

namespace nn {

// Loss and accuracy over the epochs, on images it learned from and on images kept back.
Figure curves_figure(const RunRecord& record);
// Neurons that never fire, and how far each step moves each layer's weights.
Figure health_figure(const RunRecord& record);
// Which digit is taken for which, as a heat map with counts.
Figure confusion_figure(const Evaluation& evaluation);
// The mistakes of which the network was surest.
Figure mistakes_figure(const std::vector<Reading>& readings, const ImageSet& images);
// The first hidden layer at work on ten digits, the first of each. The network must have a hidden layer.
Figure activations_figure(Network<float>& network, const LabelledImages& all);
// The weights of some neurons of the first layer as images, width pixels a row.
Figure weights_figure(Network<float>& network, std::size_t width);
// The same for those that training changed most: before, what training added, after.
Figure weights_figure(const Matrix<float>& before, const Matrix<float>& after, std::size_t width);

// Those that need no more than the classifier and images that it has not learned from.
std::vector<Figure> classifier_figures(Network<float>& network, const LabelledImages& test);
// All: these, with the weights of the run, and the curves.
std::vector<Figure> run_figures(const RunRecord& record, Network<float>& network, const LabelledImages& test);

}  // namespace nn

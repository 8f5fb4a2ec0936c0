// A training run as pictures: what digits train --plots draws.
#pragma once

#include <vector>

#include "05_backprop/network.hpp"
#include "10_mnist/digits/run_record.hpp"
#include "common/data/mnist.hpp"
#include "common/figures/figure.hpp"

namespace nn {

// Loss and accuracy over the epochs, on images it learned from and on images kept back, if there are any.
Figure curves_figure(const RunRecord& record);
// Neurons that never fire, and how far each step moves each layer's weights.
Figure health_figure(const RunRecord& record);

// All: those of the classifier, with the weights of the run, and the curves.
std::vector<Figure> run_figures(const RunRecord& record, Network<float>& network, const LabeledImages& test);

}  // namespace nn

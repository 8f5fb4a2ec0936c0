// Where softmax belongs: one linear classifier, trained on the same images from the same weights with different ways to
// the loss.
#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <string_view>
#include <vector>

#include "01_matrix/argmax.hpp"
#include "04_from_logits/batches.hpp"
#include "04_from_logits/linear_classifier.hpp"
#include "04_from_logits/loss_forms.hpp"
#include "common/data/mnist.hpp"
#include "common/finite.hpp"
#include "common/random.hpp"

namespace nn {

// unit: a pixel is value / unit, with 255 from 0 to 1.
struct PlacementSettings {
  float unit = 255, learning_rate = 0.2f;
  std::size_t images = 1500, batch_size = 50;
  int epochs = 10;
  std::uint64_t seed = 1;
};

struct PlacementResult {
  std::string_view form;
  int first_nan = 0;    // the first step, from 1 on, that left NaN in the model; 0: none did
  double loss = 0;      // the mean of the last epoch
  double accuracy = 0;  // on the test images, from 0 to 1
};

// Uniform within 1 / sqrt(in), the frameworks' default for dense layers.
inline LinearClassifier<float> random_classifier(std::size_t in, std::uint64_t seed) {
  LinearClassifier<float> model(in, kClasses);
  Random random(seed);
  const double bound = 1 / std::sqrt(static_cast<double>(in));
  for (float& weight : model.weights.values()) weight = static_cast<float>(random.uniform(-bound, bound));
  return model;
}

// Whole batches in the order of the file. NaN in the model ends the training: nothing would change it again.
// after_epoch: what to do with the model then, a NaN in it or not.
inline PlacementResult train_with(
    const LossForm<float>& form, const Mnist& mnist, const PlacementSettings& settings,
    const std::function<void(const LinearClassifier<float>&)>& after_epoch = {}) {
  const std::size_t steps = std::min(settings.images, mnist.train.count) / settings.batch_size;
  LinearClassifier<float> model = random_classifier(mnist.train.height * mnist.train.width, settings.seed);
  PlacementResult result{.form = form.name};
  std::size_t done = 0;
  double sum = 0;  // of the epoch's losses
  for_each_batch(
      mnist.train, {settings.batch_size, settings.epochs, settings.images, settings.unit},
      [&](const Matrix<float>& x, std::span<const std::uint8_t> labels, int) {
        if (result.first_nan > 0) return;
        sum += static_cast<double>(descent_step(model, x, labels, settings.learning_rate, form.function));
        ++done;
        if (is_nan(model.bias(0, 0))) result.first_nan = static_cast<int>(done);
        if (done % steps != 0 && result.first_nan == 0) return;
        result.loss = sum / static_cast<double>(steps);
        sum = 0;
        if (after_epoch) after_epoch(model);
      });
  const auto test = image_rows(mnist.test, 0, mnist.test.count, settings.unit);
  result.accuracy = nn::accuracy(argmax_rows(model.logits(test).values), mnist.test.labels);
  return result;
}

// All placements of softmax, from the last layer of the network to nowhere, and twice.
inline std::array<LossForm<float>, 5> placements() {
  return {{{"softmax_naive, log", naive_then_log<float>},
           {"softmax, log", shifted_then_log<float>},
           {"softmax, log(p + 1e-7)", shifted_then_log_of_p_plus_epsilon<float>},
           {"logits, cross_entropy", cross_entropy_with_gradient<float>},
           {"softmax twice", softmax_twice<float>}}};
}

inline std::vector<PlacementResult> compare_placements(const Mnist& mnist,
                                                       const PlacementSettings& settings) {
  std::vector<PlacementResult> results;
  for (const LossForm<float>& form : placements()) results.push_back(train_with(form, mnist, settings));
  return results;
}

}  // namespace nn

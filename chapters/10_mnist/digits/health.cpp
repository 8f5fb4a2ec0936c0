#include "10_mnist/digits/health.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <numeric>
#include <set>
#include <string>

#include "common/error.hpp"
#include "common/finite.hpp"
#include "common/terminal/print.hpp"

namespace nn {
namespace {

std::string rate(const Recipe& recipe) { return format_number(recipe.learning_rate); }

}  // namespace

std::size_t count_classes(const LabeledImages& images) {
  return std::set<std::uint8_t>(images.labels.begin(), images.labels.end()).size();
}

void check_size(const Recipe& recipe, std::size_t in, std::size_t images) {
  double parameters = 0, outputs = 0, before = static_cast<double>(in);
  std::vector<std::size_t> widths = recipe.hidden;
  widths.push_back(kClasses);
  for (const std::size_t next : widths) {
    const auto width = static_cast<double>(next);
    parameters += (before + 1) * width, outputs += width, before = width;
  }
  outputs *= static_cast<double>(std::min(recipe.batch_size, images));
  if (parameters <= kMostNumbers && outputs <= kMostNumbers) return;
  throw Error(fmt::format(
      "training: the network has {} parameters and {} outputs of layers for a batch, at most {} of each are "
      "allowed: choose smaller hidden layers or batches",
      format_number(parameters, 3), format_number(outputs, 3), format_number(kMostNumbers)));
}

void check_learnable(const LabeledImages& all) {
  if (const std::size_t classes = count_classes(all); classes < 2) {
    throw Error(fmt::format(
        "training: the labels hold {} class(es), at least 2 were expected: there is nothing to tell apart",
        classes));
  }
  const auto first = all.image(0);
  for (std::size_t i = 1; i < all.count; ++i) {
    if (!std::ranges::equal(all.image(i), first)) return;
  }
  throw Error(fmt::format(
      "training: all {} images are the same picture: there is nothing to learn; are the files damaged?",
      all.count));
}

void check_learned(double loss, const std::vector<double>& step_losses, const LabeledImages& images,
                   const Recipe& recipe) {
  const double guessing = std::log(static_cast<double>(count_classes(images)));
  if (loss < 0.9 * guessing) return;
  const double highest = step_losses.empty() ? 0 : *std::max_element(step_losses.begin(), step_losses.end());
  const double bad = 2 * std::log(static_cast<double>(kClasses));
  const std::string cause =
      loss < bad && highest < bad
          ? fmt::format(
                "too few steps, a learning rate that is too low or too high (it is {}), or "
                "labels that do not belong to the images",
                rate(recipe))
          : fmt::format("a learning rate that is too high: it is {}, and the loss rose to {} on the way",
                        rate(recipe), format_number(std::max(loss, highest), 4));
  throw Error(fmt::format(
      "training: did not learn: after {} epochs the loss on the images it learned from is {}, guessing has "
      "{}; the likely cause is {}; no accuracy is measured and no model saved",
      recipe.epochs, format_number(loss, 4), format_number(guessing, 4), cause));
}

void check_generalized(const Evaluation& own, const Evaluation& test) {
  double most = 0;
  for (std::size_t digit = 0; digit < kClasses; ++digit) {
    const auto row = test.confusion.row(digit);
    most = std::max(most, std::accumulate(row.begin(), row.end(), 0.0));
  }
  const double guessing = most / static_cast<double>(std::max<std::size_t>(1, test.count));
  const bool guesses = test.interval().low <= guessing;
  // Similar images get similar answers, so even labels at random can be met somewhat more often than one in ten.
  const bool memorizes =
      own.count >= 100 && test.accuracy() < 2 * guessing && own.accuracy() >= 2 * test.accuracy();
  if (test.count < 100 || !(guesses || memorizes)) return;
  throw Error(fmt::format(
      "training: did not generalize: the network classifies {:.1f}% of its own images correctly, "
      "and {:.1f}% of {} test images, where guessing gives {:.1f}%; the likely cause is labels that do "
      "not belong to the images, of either set; no model is saved",
      100 * own.accuracy(), 100 * test.accuracy(), test.count, 100 * guessing));
}

}  // namespace nn

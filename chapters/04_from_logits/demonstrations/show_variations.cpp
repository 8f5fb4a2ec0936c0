// Learning rates, too many epochs, the wrong sign, and a classifier that may abstain.
#include <fmt/format.h>
#include <limits>

#include "04_from_logits/placement.hpp"
#include "common/terminal/demonstration.hpp"
#include "common/terminal/print.hpp"

namespace {

using nn::format_number;

std::string percent(double share) { return format_number(100 * share, 3) + "%"; }

const nn::LossForm<float> kFromLogits{"from logits", nn::cross_entropy_with_gradient<float>};

void learning_rates(const nn::Mnist& mnist) {
  nn::Table table({"learning rate", "last loss", "accuracy"});
  for (const float rate : {10.0f, 2.0f, 0.2f, 0.02f, 0.002f, -0.2f}) {
    const auto result = nn::train_with(kFromLogits, mnist, {.learning_rate = rate});
    table.add({format_number(static_cast<double>(rate), 3), format_number(result.loss, 3),
               percent(result.accuracy)});
  }
  table.print();
}

void epochs(const nn::Mnist& mnist) {
  nn::Table table({"epochs", "loss", "accuracy"});
  for (const int count : {1, 10, 100}) {
    const auto result = nn::train_with(kFromLogits, mnist, {.images = 500, .epochs = count});
    table.add({std::to_string(count), format_number(result.loss, 3), percent(result.accuracy)});
  }
  table.print();
}

template <class T>
void limits(nn::Table& table, const char* name) {
  const double largest = std::numeric_limits<T>::max(), smallest = std::numeric_limits<T>::denorm_min();
  table.add({name, format_number(largest, 3), format_number(nn::log(largest), 4), format_number(smallest, 3),
             format_number(nn::log(smallest), 4)});
}

// [show abstain]
// How many images have a largest probability of at least `least`, and how many of these are classified correctly.
struct Answered {
  std::size_t given = 0, correct = 0;
};
Answered answer_if(const nn::Probabilities<float>& p, std::span<const std::uint8_t> labels, float least) {
  Answered count;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const auto row = std::span<const float>(p.values.row(i));
    const std::size_t best = nn::argmax(row);
    if (row[best] < least) continue;
    ++count.given;
    count.correct += best == labels[i];
  }
  return count;
}
// [/show]

void abstentions(const nn::Mnist& mnist) {
  nn::LinearClassifier<float> model(mnist.train.height * mnist.train.width, nn::kClasses);
  nn::for_each_batch(mnist.train, {}, [&](const auto& x, const auto labels, int) {
    nn::descent_step(model, x, labels, 0.2f);
  });
  const auto p = nn::softmax(model.logits(nn::image_rows(mnist.test, 0, mnist.test.count)));
  nn::Table table({"if p is at least", "answered", "incorrect of these"});
  for (const float least : {0.0f, 0.5f, 0.6f, 0.7f, 0.8f, 0.9f}) {
    const auto [given, correct] = answer_if(p, mnist.test.labels, least);
    table.add({format_number(static_cast<double>(least), 2),
               percent(static_cast<double>(given) / static_cast<double>(mnist.test.labels.size())),
               percent(1 - static_cast<double>(correct) / static_cast<double>(given))});
  }
  table.print();
}

}  // namespace

int main(int argc, char** argv) {
  return nn::run_demonstration("04_from_logits_variations", argc, argv, [](const nn::Mnist& mnist) {
    fmt::print("1500 images, 10 epochs:\n");
    learning_rates(mnist);
    fmt::print("\n500 images, learning rate 0.2:\n");
    epochs(mnist);
    nn::Table table({"", "largest", "its log", "smallest", "its log"});
    limits<float>(table, "float");
    limits<double>(table, "double");
    fmt::print("\n");
    table.print();
    fmt::print("\nOne epoch over {} images, then the {} test images:\n", mnist.train.count, mnist.test.count);
    abstentions(mnist);
  });
}

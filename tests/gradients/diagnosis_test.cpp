// The gradient check that explains itself: every planted bug is rejected and named, no right backward is accused.
#include "05_backprop/diagnosis/diagnosis.hpp"

#include <gtest/gtest.h>
#include <map>

#include "05_backprop/diagnosis/planted_bugs.hpp"
#include "05_backprop/diagnosis/reference_gradients.hpp"
#include "inputs/sample_images.hpp"
#include "inputs/test_networks.hpp"

namespace nn {
namespace {

// Words that a beginner can act on, for each bug; every bug has some.
const std::map<std::string, std::string> kCause = {
    {"missing_mean", "factor of 6, the batch size: is the mean missing?"},
    {"mean_twice", "factor of 6, the batch size: is the mean taken twice?"},
    {"sign", "has the wrong sign"},
    {"no_label", "the label is not subtracted"},
    {"next_label", "one class too far"},
    {"no_mask", "is the ReLU mask not applied?"},
    {"inverted_mask", "an inverted ReLU mask"},
    {"mask_by_gradient", "a mask by the gradient's sign"},
    {"transposed", "correct when transposed"},
    {"bias_not_summed", "the first example alone: it is not summed over the batch"},
    {"bias_mean", "too small by a factor of 6, the batch size"},
    {"bias_forgotten", "is zero everywhere"},
    {"second_example", "lacks the second example"},
    {"last_example", "lacks the last example"},
    {"left_over", "the gradient of the previous step plus"},
    {"blocked", "does the next layer return no gradient?"},
    {"doubled", "is off by a factor of 2"}};

// The tensors that the bug spoils, in a network of three dense layers.
std::string wrong_tensors(const Diagnosis& diagnosis) {
  std::string names;
  for (const TensorVerdict& v : diagnosis.tensors)
    names += v.verdict == Verdict::kCorrect ? "" : v.check.name + " ";
  return names;
}

class PlantedBugTest : public testing::TestWithParam<PlantedBug> {};

TEST_P(PlantedBugTest, gradient_check_rejects_it_and_names_the_cause) {
  const PlantedBug& planted = GetParam();
  auto network = make_network_with(planted.bug, {7, 6, 5, 4});
  fill(network, 1);
  const auto x = random_matrix<double>(6, 7, 2);
  const std::vector<std::uint8_t> labels = {3, 0, 1, 2, 2, 1};
  const Diagnosis diagnosis =
      diagnose(network, x, labels, [&](auto& net, const auto& inputs, const auto& its_labels) {
        backward_with(planted.bug, net, inputs, its_labels);
      });
  EXPECT_TRUE(diagnosis.wrong && !diagnosis.correct);
  EXPECT_NE(diagnosis.explanation.find(kCause.at(planted.name)), std::string::npos) << diagnosis.explanation;
  RecordProperty("verdict", diagnosis.explanation);
}

INSTANTIATE_TEST_SUITE_P(Every, PlantedBugTest, testing::ValuesIn(planted_bugs()),
                         [](const auto& test) { return test.param.name; });

TEST(Diagnosis, says_which_gradients_are_right_when_only_some_are_wrong) {
  auto network = make_network_with(Bug::kNoMask, {7, 6, 5, 4});
  fill(network, 1);
  const auto x = random_matrix<double>(6, 7, 2);
  const Diagnosis diagnosis =
      diagnose(network, x, std::vector<std::uint8_t>{3, 0, 1, 2, 2, 1}, usual_backward);
  EXPECT_EQ(wrong_tensors(diagnosis), "0.weight 0.bias 2.weight 2.bias ");
  EXPECT_NE(diagnosis.explanation.find("Correct: 4.weight, 4.bias."), std::string::npos)
      << diagnosis.explanation;
}

TEST(Diagnosis, of_a_wrong_gradient_unlike_any_usual_mistake_names_the_place) {
  Network<double> network;
  network.add<Spoiled>(5, 4, [](Matrix<double>& w, Matrix<double>&, Matrix<double>&) { w(3, 2) += 10; });
  fill(network, 6);
  const auto x = random_matrix<double>(3, 5, 7);
  const Diagnosis diagnosis = diagnose(network, x, std::vector<std::uint8_t>{0, 1, 3}, usual_backward);
  EXPECT_NE(diagnosis.explanation.find("0.weight matches no common mistake; the error is largest at (3, 2)"),
            std::string::npos)
      << diagnosis.explanation;
}

TEST(Diagnosis, of_a_nan_gradient_says_where_it_is) {
  Network<double> network;
  network.add<Spoiled>(5, 4, [](Matrix<double>& w, Matrix<double>&, Matrix<double>&) { w(1, 1) = kNan; });
  fill(network, 6);
  const auto x = random_matrix<double>(3, 5, 7);
  const Diagnosis diagnosis = diagnose(network, x, std::vector<std::uint8_t>{0, 1, 3}, usual_backward);
  EXPECT_NE(diagnosis.explanation.find("holds nan at (1, 1)"), std::string::npos) << diagnosis.explanation;
}

// One random right network: one to three dense layers, one kind of activation, 1 to 8 examples.
template <template <class> class Hidden>
Network<double> random_network(Random& random, std::size_t in, std::size_t classes) {
  Network<double> network;
  std::size_t width = in;
  for (std::size_t left = random.below(3); left > 0; --left) {
    const std::size_t next = 1 + random.below(8);
    network.add<Dense<double>>(width, next);
    network.add<Hidden<double>>();
    width = next;
  }
  network.add<Dense<double>>(width, classes);
  return network;
}

Network<double> random_network(Random& random, std::size_t in, std::size_t classes) {
  switch (random.below(6)) {
    case 0:
      return random_network<Relu>(random, in, classes);
    case 1:
      return random_network<Sigmoid>(random, in, classes);
    case 2:
      return random_network<Tanh>(random, in, classes);
    case 3:
      return random_network<LeakyRelu>(random, in, classes);
    case 4:
      return random_network<Gelu>(random, in, classes);
    default:
      return random_network<Elu>(random, in, classes);
  }
}

TEST(Diagnosis, accuses_none_of_1000_right_gradients) {
  Random random(11);
  std::size_t kinks = 0, tensors = 0, not_compared = 0;
  for (int n = 0; n < 1000; ++n) {
    const std::size_t in = 1 + random.below(8), classes = 1 + random.below(6), batch = 1 + random.below(8);
    auto network = random_network(random, in, classes);
    const double size = random.uniform() < 0.5 ? 1 : 4;
    for (const auto& p : network.parameters()) {
      for (double& value : p.value->values()) value = random.uniform(-size, size);
    }
    const auto x = random_matrix<double>(batch, in, random.next(), -size, size);
    std::vector<std::uint8_t> labels;
    for (std::size_t i = 0; i < batch; ++i)
      labels.push_back(static_cast<std::uint8_t>(random.below(classes)));
    const Diagnosis diagnosis =
        diagnose(network, x, labels, usual_backward, {.entries_per_tensor = 12, .seed = random.next()});
    for (const TensorVerdict& v : diagnosis.tensors) {
      kinks += v.check.kinks;
      not_compared += v.verdict == Verdict::kNotCompared;
      ++tensors;
    }
    ASSERT_FALSE(diagnosis.wrong) << "network " << n << ": " << diagnosis.explanation;
  }
  EXPECT_LT(not_compared, tensors / 5) << "of " << tensors << " tensors";
  RecordProperty("not_compared", static_cast<int>(not_compared));
  RecordProperty("kinks", static_cast<int>(kinks));
}

// The right class is so certain that the loss is 0 and stays 0 whatever a weight does: any small claim agrees.
TEST(Diagnosis, of_a_saturated_network_is_that_nothing_could_be_compared) {
  const auto x = random_matrix<double>(3, 5, 7, 0.5, 1);
  const std::vector<std::uint8_t> labels = {2, 2, 2};
  for (const double factor : {1.0, 0.0, -3.0}) {
    Network<double> network;
    network.add<Spoiled>(5, 4, [factor](Matrix<double>& w, Matrix<double>& b, Matrix<double>&) {
      times(w, factor), times(b, factor);
    });
    *network.parameters()[1].value = {{0, 0, 60, 0}};
    const Diagnosis diagnosis = diagnose(network, x, labels, usual_backward);
    EXPECT_FALSE(diagnosis.correct) << "the gradients times " << factor;
    EXPECT_FALSE(diagnosis.wrong) << "the gradients times " << factor;
    EXPECT_EQ(diagnosis.explanation.find(
                  "The gradient of 0.weight, 0.bias could not be compared: no measured derivative exceeds"),
              0u)
        << diagnosis.explanation;
    EXPECT_NE(diagnosis.explanation.find("use smaller weights or inputs"), std::string::npos)
        << diagnosis.explanation;
  }
}

TEST(Diagnosis, of_one_tensor_without_slopes_accuses_no_other) {
  auto network = make_network<double>({5, 6, 4});
  fill(network, 6);
  network.parameters()[1].value->fill(
      -10);  // no ReLU is active: only the last bias has derivatives other than 0
  const Diagnosis diagnosis =
      diagnose(network, random_matrix<double>(3, 5, 7), std::vector<std::uint8_t>{0, 1, 3}, usual_backward);
  EXPECT_FALSE(diagnosis.correct);
  EXPECT_FALSE(diagnosis.wrong);
  EXPECT_EQ(diagnosis.explanation.find("The gradient of 0.weight, 0.bias, 2.weight could not be compared"),
            0u)
      << diagnosis.explanation;
  EXPECT_NE(diagnosis.explanation.find("Correct: 2.bias."), std::string::npos) << diagnosis.explanation;
}

TEST(GradientCheck, reports_a_kink_and_does_not_average_it_in) {
  Network<double> network;
  network.add<Dense<double>>(1, 2);
  network.add<Relu<double>>();
  network.add<Dense<double>>(2, 2);
  fill(network, 3);
  const auto p = network.parameters();
  *p[0].value = {{1, 1}};
  *p[1].value = {{-1, 0.5}};  // the first neuron's sum is exactly 0 for x = 1
  const Matrix<double> x{{1}, {1}};
  const std::vector<std::uint8_t> labels = {0, 1};
  const auto checks = gradient_check(network, x, labels);
  EXPECT_EQ(checks[0].kinks, 1u);
  EXPECT_EQ(checks[0].checked, 1u);
  EXPECT_EQ(checks[1].kinks, 1u);
  EXPECT_EQ(checks[2].kinks, 0u);
  for (const TensorCheck& check : checks) EXPECT_TRUE(check.correct(1e-7)) << check.name;
}

TEST(ReferenceGradients, of_the_full_digit_readers_are_the_slopes) {
  const SampleImages<double> digits(8);
  for (const std::vector<std::size_t>& widths : {std::vector<std::size_t>{784, 128, 10}, {784, 25, 15, 10}}) {
    auto network = make_network<double>(widths);
    fill(network, 3);
    const auto reference = reference_gradients(network, digits.x, digits.labels, Mistake::kNone);
    ASSERT_TRUE(reference.has_value());
    usual_backward(network, digits.x, digits.labels);
    const auto parameters = network.parameters();
    for (std::size_t t = 0; t < parameters.size(); ++t) {
      EXPECT_LE(tensor_error(*parameters[t].grad, (*reference)[t]), 1e-9) << parameters[t].name;
    }
  }
}

}  // namespace
}  // namespace nn

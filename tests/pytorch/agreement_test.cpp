// PyTorch computes the same: logits, loss, every gradient and ten steps of each optimizer, on random numbers and
// on the first digits of the sample. Its numbers are stored; no Python is needed.
#include <gtest/gtest.h>

#include "04_from_logits/cross_entropy.hpp"
#include "07_training/initialize.hpp"
#include "07_training/optimizer.hpp"
#include "inputs/matrices.hpp"
#include "inputs/sample_images.hpp"
#include "references/pytorch_reference.hpp"

namespace nn {
namespace {

// A network and its batch, as in tests/data/pytorch_reference.py.
template <class T>
struct Subject {
  std::string name;
  Network<T> network;
  Matrix<T> x;
  std::vector<std::uint8_t> labels;
};

// Numbers are drawn as floats: both types begin alike.
template <class T>
Network<T> same_network(const std::vector<std::size_t>& widths) {
  Network<float> drawn = make_network<float>(widths);
  Network<T> network = make_network<T>(widths);
  Random random(1);
  initialize(drawn, Initialization::kPyTorch, random);
  copy_parameters(drawn, network);
  return network;
}

template <class T>
Subject<T> small() {
  Matrix<T> x(3, 5);
  Random random(7);
  for (T& value : x.values()) value = static_cast<T>(static_cast<float>(random.uniform(-2, 2)));
  return {"small", same_network<T>({5, 4, 3}), x, {2, 0, 1}};
}

template <class T>
Subject<T> digits() {
  const SampleImages<T> images(16);
  return {"digits", same_network<T>({784, 16, 10}), images.x, images.labels};
}

class Agreement {
 public:
  // The worst error of a tensor is remembered, for the test's report.
  template <class T>
  void expect(const std::string& name, std::span<const T> got, double tolerance) {
    const auto& tensors = pytorch_tensors();
    ASSERT_TRUE(tensors.contains(name)) << name;
    const double error = tensors.at(name).error(got);
    EXPECT_LE(error, tolerance) << name << " in " << (sizeof(T) == 4 ? "float" : "double");
    worst_ = std::max(worst_, error);
  }
  ~Agreement() { testing::Test::RecordProperty("worst_error", fmt::format("{:.2g}", worst_)); }

 private:
  double worst_ = 0;
};

template <class T>
constexpr double kTolerance = sizeof(T) == 4 ? 1e-5 : 1e-12;

template <class T>
void forward_and_backward_agree(Subject<T> subject, Agreement& agreement) {
  const auto& z = subject.network.forward(subject.x);
  agreement.expect<T>(subject.name + "/forward/logits", z.values.values(), kTolerance<T>);
  const auto [loss, grad] = cross_entropy_with_gradient(z, subject.labels);
  agreement.expect<T>(subject.name + "/forward/loss", std::span(&loss, 1), kTolerance<T>);
  subject.network.backward(grad);
  for (const Parameter<T>& p : subject.network.parameters())
    agreement.expect<T>(subject.name + "/gradient/" + p.name, p.grad->values(), kTolerance<T>);
}

template <class T>
void ten_steps_agree(Subject<T> subject, const std::string& optimizer, Agreement& agreement) {
  const double tolerance = optimizer == "adam" && sizeof(T) == 4 ? 1e-4 : kTolerance<T>;
  const auto steps = make_optimizer<T>(optimizer);
  const T learning_rate = static_cast<T>(optimizer == "adam" ? 0.01 : 0.1);
  std::vector<T> losses;
  for (int step = 0; step < 10; ++step) {
    const auto [loss, grad] = cross_entropy_with_gradient(subject.network.forward(subject.x), subject.labels);
    subject.network.backward(grad);
    steps->step(subject.network.parameters(), learning_rate);
    losses.push_back(loss);
  }
  const std::string name = subject.name + "/" + optimizer + "/";
  agreement.expect<T>(name + "losses", losses, tolerance);
  for (const Parameter<T>& p : subject.network.parameters())
    agreement.expect<T>(name + p.name, p.value->values(), tolerance);
}

TEST(PyTorchAgreement, of_logits_loss_and_every_gradient_in_double) {
  Agreement agreement;
  forward_and_backward_agree(small<double>(), agreement);
  forward_and_backward_agree(digits<double>(), agreement);
}

TEST(PyTorchAgreement, of_logits_loss_and_every_gradient_in_float) {
  Agreement agreement;
  forward_and_backward_agree(small<float>(), agreement);
  forward_and_backward_agree(digits<float>(), agreement);
}

class PyTorchOptimizers : public testing::TestWithParam<const char*> {};

TEST_P(PyTorchOptimizers, agree_over_ten_steps_in_double) {
  Agreement agreement;
  ten_steps_agree(small<double>(), GetParam(), agreement);
  ten_steps_agree(digits<double>(), GetParam(), agreement);
}

TEST_P(PyTorchOptimizers, agree_over_ten_steps_in_float) {
  Agreement agreement;
  ten_steps_agree(small<float>(), GetParam(), agreement);
  ten_steps_agree(digits<float>(), GetParam(), agreement);
}

INSTANTIATE_TEST_SUITE_P(Each, PyTorchOptimizers, testing::Values("sgd", "momentum", "adam"),
                         [](const auto& each) { return std::string(each.param); });

TEST(PyTorchReference, an_error_a_nan_and_another_size_are_seen) {
  const ReferenceTensor tensor{.size = 3, .largest = 4, .entries = {{0, 2}, {2, -4}}};
  using Values = std::vector<double>;
  EXPECT_EQ(tensor.error<double>(Values{2, 99, -4}), 0);
  EXPECT_EQ(tensor.error<double>(Values{3, 99, -4}), 0.25);
  EXPECT_EQ(tensor.error<double>(Values{2, 99, kNan}), HUGE_VAL);
  EXPECT_EQ(tensor.error<double>(Values{kNan, 99, -3}), HUGE_VAL);
  EXPECT_EQ(tensor.error<double>(Values{2, 99}), HUGE_VAL);
}

}  // namespace
}  // namespace nn

#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "05_backprop/diagnosis/check_subjects.hpp"
#include "common/not_written.hpp"
#include "expectations/checker_says.hpp"
#include "expectations/mistakes.hpp"
#include "expectations/throws_saying.hpp"
#include "inputs/matrices.hpp"
#include "inputs/sample_images.hpp"
#include "inputs/test_networks.hpp"
#include "references/tiny_gradients.hpp"

namespace nn {
namespace {

using M = Matrix<double>;
using Complex = std::complex<double>;
using Labels = std::vector<std::uint8_t>;

const M kHidden{{2, 2, -2}, {-1, 3, 2}}, kG{{1, 0, -1}, {2, 1, 0.5}};

// To be called after forward. What is not written yet comes next.
void expect_input_remembered(Layer<double>& layer, const M& g) {
  try {
    layer.backward(g);
  } catch (const NotWritten&) {
  } catch (const ShapeError&) {
  } catch (const std::logic_error& error) {
    ADD_FAILURE() << error.what()
                  << "\nbackward needs the input of forward: forward must remember where it is";
  }
}

TEST(ActivationForward, takes_the_function_of_every_entry) {
  Relu<double> relu;
  EXPECT_EQ(relu.forward(kHidden), (M{{2, 2, 0}, {0, 3, 2}})) << given("ReLU of every entry", "X", kHidden);
  const M x{{0, 1}, {-2, 0.25}};
  EXPECT_TRUE(close_to(Sigmoid<double>().forward(x),
                       M{{0.5, 0.73105857863000488}, {0.11920292202211756, 0.56217650088579811}},
                       kExact<double>))
      << given("the sigmoid of every entry", "X", x);
  EXPECT_TRUE(close_to(Tanh<double>().forward(x),
                       M{{0, 0.76159415595576489}, {-0.96402758007581688, 0.24491866240370913}},
                       kExact<double>))
      << given("tanh of every entry", "X", x);
}

TEST(ActivationForward, remembers_its_input_for_backward) {
  Relu<double> relu;
  relu.forward(kHidden);
  expect_input_remembered(relu, kG);
}

TEST(ActivationBackward, multiplies_by_the_derivative_at_the_input) {
  Relu<double> relu;
  const M x{{2, 0, -2}, {-1, 3, 2}};
  relu.forward(x);
  EXPECT_EQ(relu.backward(kG), (M{{1, 0, 0}, {0, 1, 0.5}}))
      << given("relu'(x) times g, which is 0 where x is not positive", "X", x, "G", kG)
      << mistake_in(relu.backward(kG), {{kG, "without the derivative"},
                                        {{{0, 0, -1}, {2, 0, 0}}, "with an inverted mask"},
                                        {{{1, 0, 0}, {2, 1, 0.5}}, "of a mask by the gradient's sign"}})
      << checker_says();
  const M y{{0, -2}}, g{{4, 10}};
  Sigmoid<double> sigmoid;
  sigmoid.forward(y);
  EXPECT_TRUE(close_to(sigmoid.backward(g), M{{1, 1.0499358540350652}}, kExact<double>))
      << given("sigmoid'(x) times g", "X", y, "G", g)
      << mistake_in(sigmoid.backward(g),
                    {{{{0.940014848806378, 2.4911401541514}},
                      "of the derivative at the output; evaluate it at the input"},
                     {{{0.25, 0.10499358540350652}}, "of the derivative alone, without the gradient"}});
  Tanh<double> tanh;
  tanh.forward(y);
  EXPECT_TRUE(close_to(tanh.backward(g), M{{4, 0.70650824853164466}}, {.rtol = 1e-14}))
      << given("tanh'(x) times g", "X", y, "G", g);
}

TEST(ActivationBackward, satisfies_the_contract_of_a_layer) {
  Relu<double> relu;
  expect_the_contract_of_a_layer(relu, kHidden, kG);
  EXPECT_TRUE(relu.parameters().empty());
}

TEST(ColumnSums, adds_up_each_column) {
  M out(3, 3, 100);
  const M m{{1, 2, 3}, {-4, 5, 0.5}};
  column_sums(m, out);
  EXPECT_EQ(out, (M{{-3, 7, 3.5}}))
      << given("the sum of each column of M", "M", m) << ", with 100 in out before"
      << mistake_in(
             out,
             {{{{97, 107, 103.5}}, "if the sums start with the old contents of out: fill it with 0 first"},
              {{{-4, 5, 0.5}}, "if the last row replaces the others: a sum needs +="},
              {{{6, 1.5}}, "of the sums of the rows"},
              {{{-1.5, 3.5, 1.75}}, "if it is divided by the number of rows: G has the mean already"}});
  out.fill(kNan);
  column_sums(M(0, 2), out);
  EXPECT_EQ(out, (M{{0, 0}}))
      << "the sums of the columns of (0 x 2), with NaN in out before: 0, so out is filled with 0 first";
}

// A dense layer on a batch of 2 with 4 inputs and 3 outputs: no two sizes are alike, so that no two products have one
// shape.  Y = X·W + b, G = d loss / d Y.
const M kX{{1, 2, 0, -1}, {2, -1, 3, 1}}, kW{{0, 1, 1}, {1, 0, -1}, {2, -1, 0}, {1, 1, 2}}, kB{{0, 1, -1}},
    kY{{1, 1, -4}, {6, 1, 4}};
struct SmallDense {
  Dense<double> dense{4, 3};
  M &weights = *dense.parameters().at(0).value, &bias = *dense.parameters().at(1).value;
  M &grad_weights = *dense.parameters().at(0).grad, &grad_bias = *dense.parameters().at(1).grad;
  SmallDense() { weights = kW, bias = kB; }
};

TEST(DenseForward, gives_the_numbers_done_by_hand) {
  SmallDense small;
  EXPECT_EQ(
      explained([&]() -> M { return small.dense.forward(kX); }, given("X·W + b", "X", kX, "W", kW, "b", kB)),
      kY)
      << given("X·W + b", "X", kX, "W", kW, "b", kB);
  const M wrong(2, 3);
  EXPECT_THROW(small.dense.forward(wrong), ShapeError)
      << "X (2 x 3) for weights (4 x 3): the inner sizes differ";
  EXPECT_EQ(Dense<double>(4, 3).forward(kX), M(2, 3, 0)) << "all weights are zero until they are initialized";
}

TEST(DenseForward, remembers_its_input_for_backward) {
  SmallDense small;
  small.dense.forward(kX);
  expect_input_remembered(small.dense, kG);
}

TEST(DenseForward, names_its_parameters) {
  SmallDense small;
  const auto parameters = small.dense.parameters();
  ASSERT_EQ(parameters.size(), 2u);
  EXPECT_EQ(parameters[0].name, "weight");
  EXPECT_EQ(parameters[1].name, "bias");
  EXPECT_EQ(shape(*parameters[0].grad), "4 x 3");
  EXPECT_EQ(shape(*parameters[1].grad), "1 x 3");
}

const M kGradWeights{{5, 2, 0}, {0, -1, -2.5}, {6, 3, 1.5}, {1, 1, 1.5}};

std::string wrong_weights(const M& got) {
  M twice = kGradWeights, half = kGradWeights;
  times(twice, 2), times(half, 0.5);
  return mistake_in(got,
                    {{twice, "when it is added to the old gradient: set it"},
                     {half, "with the mean taken twice: G has it already"},
                     {turned(kGradWeights), "of Gᵀ·X, which is out x in: Xᵀ·G has the shape of W, in x out"},
                     {M(4, 3), "when it is never computed"}});
}
std::string wrong_bias(const M& got) {
  return mistake_in(got, {{{{6, 2, -1}}, "when it is added to the old gradient: set it"},
                          {{{1.5, 0.5, -0.25}}, "with the mean taken twice: G has it already"},
                          {{{1, 0, -1}}, "of the first example alone"},
                          {{{0, 0, 0}}, "when it is never computed"}});
}

// Xᵀ·G = {{1*1 + 2*2, 1*0 + 2*1, 1*-1 + 2*0.5}, ...}; the columns of G add up to 3, 1, -0.5.
TEST(DenseBackwardParameters, gives_the_numbers_done_by_hand) {
  SmallDense small;
  small.dense.forward(kX);
  for (int turn = 1; turn <= 2; ++turn) {
    explained([&] { small.dense.backward_parameters(kG); },
              given("dL/dW = Xᵀ·G, (in x batch) times (batch x out)", "X", kX, "G", kG));
    const std::string what = turn == 1 ? "" : ", after the second backward";
    EXPECT_EQ(small.grad_weights, kGradWeights) << given("dL/dW = Xᵀ·G" + what, "X", kX, "G", kG)
                                                << wrong_weights(small.grad_weights) << checker_says();
    EXPECT_EQ(small.grad_bias, (M{{3, 1, -0.5}}))
        << given("dL/db, the sum of each column of G" + what, "G", kG) << wrong_bias(small.grad_bias)
        << checker_says();
  }
  EXPECT_EQ(small.weights, kW) << "backward changes no weight";
  const M wrong(1, 3);
  EXPECT_THROW(small.dense.backward_parameters(wrong), ShapeError)
      << "a gradient (1 x 3) where forward gave (2 x 3)";
}

// G·Wᵀ = {{1*0 + 0*1 - 1*1, 1*1 + 0*0 - 1*-1, ...}, ...}
TEST(DenseBackward, gives_the_numbers_done_by_hand) {
  SmallDense small;
  small.dense.forward(kX);
  const std::string what = given("dL/dX = G·Wᵀ, (batch x out) times (out x in)", "G", kG, "W", kW);
  const M grad_input = explained([&]() -> M { return small.dense.backward(kG); }, what);
  EXPECT_EQ(grad_input, (M{{-1, 2, 2, -1}, {1.5, 1.5, 3, 4}}))
      << what
      << mistake_in(grad_input, {{{{-1, 1.5}, {2, 1.5}, {2, 3}, {-1, 4}},
                                  "of W·Gᵀ, which is in x batch: G·Wᵀ has the shape of X, batch x in"}})
      << checker_says();
  EXPECT_EQ(small.grad_weights, kGradWeights) << "backward finds the gradients of the parameters, too";
  EXPECT_EQ(small.grad_bias, (M{{3, 1, -0.5}})) << "backward finds the gradients of the parameters, too";
}

TEST(DenseBackward, satisfies_the_contract_of_a_layer) {
  SmallDense small;
  expect_the_contract_of_a_layer(small.dense, kX, kG);
}

template <class L>
concept ForwardTakesATemporary = requires(L& layer) {
  layer.forward(M());
};

TEST(NetworkForward, gives_the_numbers_done_by_hand) {
  Network<double> network = tiny_network<double>();
  const M x = tiny::inputs<double>();
  const Logits<double>& z = network.forward(x);
  EXPECT_EQ(z.values, (M{{3, 2, -2}, {-1, 3, -1}}))
      << given("the tiny network's logits", "X", x)
      << mistake_in(z.values, {{{{5, 2, -4}, {-2, 3, -1}}, "without the ReLU between the dense layers"}});
  const double* memory = z.values.data();
  const M other{{0, 0}, {1, 1}};
  EXPECT_EQ(network.forward(other).values, (M{{1, 1, -1}, {2, 2, -2}}))
      << given("the tiny network's logits", "X", other);
  EXPECT_EQ(z.values.data(), memory) << "a batch of the same size needs no new memory";
  EXPECT_FALSE(ForwardTakesATemporary<Network<double>>)
      << "a temporary input would be destroyed before backward";
  EXPECT_FALSE(ForwardTakesATemporary<Dense<double>> || ForwardTakesATemporary<Relu<double>>);
}

TEST(NetworkForward, of_no_layer_is_the_input) {
  EXPECT_EQ(Network<double>().forward(kX).values, kX) << "of a network without layers: its input";
}

TEST(MakeNetwork, puts_a_relu_after_each_dense_layer_but_the_last) {
  Network<double> network = make_network<double>({4, 3, 2, 5});
  ASSERT_EQ(network.size(), 5u);
  for (const std::size_t i : {1, 3})
    EXPECT_TRUE(dynamic_cast<Relu<double>*>(&network.layer(i))) << "layer " << i;
  std::string all;
  for (const auto& p : network.parameters()) all += p.name + " (" + shape(*p.value) + ") ";
  EXPECT_EQ(
      all,
      "0.weight (4 x 3) 0.bias (1 x 3) 2.weight (3 x 2) 2.bias (1 x 2) 4.weight (2 x 5) 4.bias (1 x 5) ");
  EXPECT_THROW(make_network<double>({4}), ShapeError);
  EXPECT_THROW(network.layer(5), std::out_of_range);
}

TEST(CopyParameters, converts_to_another_scalar) {
  Network<float> from = tiny_network<float>();
  Network<Complex> to = make_network<Complex>({2, 3, 3});
  copy_parameters(from, to);
  EXPECT_EQ(*to.parameters()[0].value, tiny::hidden_weights<Complex>());
  EXPECT_EQ(*to.parameters()[3].value, tiny::output_bias<Complex>());
  Network<float> other = make_network<float>({3, 2, 3}), deeper = make_network<float>({2, 3, 3, 3});
  EXPECT_TRUE(
      throws_saying<ShapeError>([&] { copy_parameters(from, other); }, {"0.weight", "2 x 3", "3 x 2"}));
  EXPECT_THROW(copy_parameters(from, deeper), ShapeError);
}

template <class T>
void expect_tiny_gradients(double tolerance) {
  Network<T> network = tiny_network<T>();
  const Matrix<T> x = tiny::inputs<T>();
  const auto got = cross_entropy_with_gradient(network.forward(x), tiny::kLabels);
  EXPECT_TRUE(close_to(got.loss, kTinyLoss, {.rtol = tolerance}))
      << "the loss of the tiny network on its two examples";
  network.backward(got.grad_logits);
  const auto parameters = network.parameters();
  for (std::size_t t = 0; t < 4; ++t) {
    EXPECT_TRUE(close_to(*parameters[t].grad, kTinyGradients[t], {.atol = tolerance}))
        << "the gradient of " << parameters[t].name << ", of the tiny network and its two examples"
        << checker_says();
  }
}

// Each layer writes down whose gradient it was given.
TEST(NetworkBackward, passes_each_layer_the_gradient_of_the_next) {
  std::string log;
  Network<double> network;
  for (const char letter : {'a', 'b', 'c'}) network.add<Witness>(log, letter);
  const M x(2, 3), grad_logits(2, 3);
  network.forward(x);
  log.clear();
  network.backward(grad_logits);
  std::string mistake;
  if (log == "c<0 b<0 ap<0 ")
    mistake = "\nevery layer gets grad_logits: keep what layer i returned, it is what layer i - 1 gets";
  if (log == "a<0 b<a c<b " || log == "ap<0 b<0 c<b ")
    mistake = "\nthe first layer comes first: backward begins at the last one";
  if (log == "c<0 b<c a<b ")
    mistake =
        "\nbackward is called for the first layer: backward_parameters is enough, the gradient with "
        "respect to x is not needed";
  if (log == "c<0 b<c ") mistake = "\nthe first layer is forgotten";
  EXPECT_EQ(log, "c<0 b<c ap<b ") << "a network of the layers a, b, c: c< is c's backward and ap a's "
                                     "backward_parameters; it is followed by what "
                                     "it was given, 0 for grad_logits, c for what c returned"
                                  << mistake;
}

TEST(NetworkBackward, gives_the_stored_numbers_for_the_tiny_network) {
  expect_tiny_gradients<double>(2e-15);
  expect_tiny_gradients<float>(1e-6);
  expect_tiny_gradients<Complex>(2e-15);
}

TEST(NetworkBackward, of_one_layer_asks_for_its_parameters_only) {
  std::string log;
  Network<double> alone;
  alone.add<Witness>(log, 'a');
  alone.backward(kX);
  EXPECT_EQ(log, "ap<0 ") << "of a single layer a: ap is its backward_parameters, with grad_logits (0)";
}

TEST(NetworkBackward, refuses_what_forward_did_not_give) {
  Network<double> network = tiny_network<double>();
  const M x = tiny::inputs<double>();
  network.forward(x);
  EXPECT_TRUE(
      throws_saying<ShapeError>([&] { network.backward(M(3, 3)); }, {"Dense::backward", "2 x 3", "3 x 3"}));
}

TEST(NetworkBackward, agrees_with_the_gradient_checker) {
  EXPECT_EQ(gradient_verdict(), "Every gradient agrees with the measured derivative of the loss.")
      << "what the gradient checker says of a network of your layers, 8-7-5-4, on six examples";
}

// --- The check of all gradients, and that it finds what is planted. ---

template <class Hidden, class ComplexHidden>
void expect_right_gradients() {
  auto network = network_with<double, Hidden>(5, 7);
  auto twin = network_with<Complex, ComplexHidden>(5, 7);
  fill(network, 1);
  const M x = random_matrix<double>(3, 5, 2);
  const Labels labels{3, 0, 1};
  EXPECT_LE(worst(gradient_check(network, x, labels)), 1e-7)
      << "the largest error of all gradients of a network of your layers, compared with measured derivatives"
      << checker_says();
  EXPECT_LE(worst(gradient_check_complex(network, twin, x, labels)), 1e-13)
      << "the largest error of all gradients of a network of your layers, beside complex steps"
      << checker_says();
}

TEST(GradientCheck, the_gradients_of_every_layer_are_right) {
  expect_right_gradients<Relu<double>, Relu<Complex>>();
  expect_right_gradients<Sigmoid<double>, Sigmoid<Complex>>();
  expect_right_gradients<Tanh<double>, Tanh<Complex>>();
}

TEST(GradientCheck, the_gradients_of_whole_digit_readers_are_right) {
  const SampleImages<double> digits(12);
  for (const std::vector<std::size_t>& widths : {std::vector<std::size_t>{784, 128, 10}, {784, 25, 15, 10}}) {
    Network<double> network = make_network<double>(widths);
    Network<Complex> twin = make_network<Complex>(widths);
    fill(network, 3);
    const GradientCheckOptions few{.entries_per_tensor = 12};
    EXPECT_LE(worst(gradient_check(network, digits.x, digits.labels, few)), 1e-7) << widths[1];
    EXPECT_LE(worst(gradient_check_complex(network, twin, digits.x, digits.labels, few)), 1e-13) << widths[1];
  }
}

TEST(GradientCheck, finds_every_gradient_bug_that_is_planted) {
  const std::vector<std::pair<const char*, Spoil>> bugs{
      {"none", [](M&, M&, M&) {}},
      {"the sign of the bias", [](M&, M& b, M&) { times(b, -1); }},
      {"the mean forgotten", [](M& w, M& b, M&) { times(w, 3), times(b, 3); }},
      {"one thousandth too much", [](M& w, M&, M&) { times(w, 1.001); }},
      {"one weight of many", [](M& w, M&, M&) { w(2, 1) = 0; }},
      {"transposed", [](M& w, M&, M&) { w = turned(w); }},
      {"no gradient at all", [](M& w, M&, M&) { times(w, 0); }},
      {"not a number", [](M& w, M&, M&) { w(3, 3) = kNan; }},
      {"input, reversed", [](M&, M&, M& x) { std::reverse(x.values().begin(), x.values().end()); }},
      {"input, without the weights", [](M&, M&, M& x) { x.fill(0.1); }}};
  const M x = random_matrix<double>(3, 5, 4);
  const Labels labels{3, 0, 1};
  for (const auto& [name, spoil] : bugs) {
    Network<double> network;
    network.add<Dense<double>>(5, 4);
    network.add<Tanh<double>>();
    network.add<Spoiled>(4, 4, spoil);
    auto twin = network_with<Complex, Tanh<Complex>>(5, 4);
    fill(network, 5);
    const auto checks = gradient_check(network, x, labels);
    const double difference = worst(checks);
    const double complex_step = worst(gradient_check_complex(network, twin, x, labels));
    const bool accepted =
        std::all_of(checks.begin(), checks.end(), [](const auto& c) { return c.correct(1e-7); });
    const bool sound = std::string(name) == "none";
    EXPECT_EQ(accepted, sound) << name << ": the verdict";
    EXPECT_EQ(difference <= 1e-7, sound) << name << ": error " << difference;
    EXPECT_EQ(complex_step <= 1e-13, sound) << name << ": error " << complex_step;
  }
}

TEST(GradientCheck, finds_a_relu_that_passes_every_gradient) {
  auto network = network_with<double, Activation<double, NoMask<double>>>(5, 7);
  auto twin = network_with<Complex, Relu<Complex>>(5, 7);
  fill(network, 1);
  const M x = random_matrix<double>(3, 5, 2);
  EXPECT_GT(worst(gradient_check(network, x, Labels{3, 0, 1})), 1e-3);
  EXPECT_GT(worst(gradient_check_complex(network, twin, x, Labels{3, 0, 1})), 1e-3);
}

TEST(GradientCheck, names_the_worst_gradient_and_leaves_the_weights_alone) {
  Network<double> network;
  network.add<Spoiled>(5, 4, [](M& w, M&, M&) { w(3, 2) += 10; });
  fill(network, 6);
  const M before = *network.parameters()[0].value;
  const auto checks = gradient_check(network, random_matrix<double>(2, 5, 7), Labels{0, 1});
  ASSERT_EQ(checks.size(), 2u);
  EXPECT_EQ(checks[0].name, "0.weight");
  EXPECT_EQ(checks[0].checked, 20u);
  EXPECT_EQ(checks[0].worst_row, 3u);
  EXPECT_EQ(checks[0].worst_col, 2u);
  EXPECT_NEAR(checks[0].worst_error, 10, 1e-6);
  EXPECT_NEAR(checks[0].worst_gradient - checks[0].worst_measured, 10, 1e-6);
  EXPECT_EQ(*network.parameters()[0].value, before);
}

TEST(ChooseEntries, takes_all_of_a_small_tensor_and_different_ones_of_a_large) {
  Random random(1);
  EXPECT_EQ(choose_entries(3, 40, random), (std::vector<std::size_t>{0, 1, 2}));
  const auto some = choose_entries(1000, 40, random);
  ASSERT_EQ(some.size(), 40u);
  for (std::size_t i = 1; i < 40; ++i) EXPECT_LT(some[i - 1], some[i]);
  EXPECT_LT(some[39], 1000u);
  EXPECT_NE(choose_entries(1000, 40, random), some);
}

}  // namespace
}  // namespace nn

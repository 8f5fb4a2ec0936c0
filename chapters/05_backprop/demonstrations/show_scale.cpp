// A new layer, the answer of the last exercise: correct as soon as its gradients agree with measured derivatives.
#include "05_backprop/diagnosis/check_subjects.hpp"
#include "05_backprop/plain_descent.hpp"
#include "05_backprop/tiny_network.hpp"
#include "common/terminal/demonstration.hpp"
#include "common/terminal/print.hpp"

namespace {

// [show scale]
// y[i][j] = s[j] x[i][j]: each column times a learned number. Shapes: x, y batch x width; s 1 x width.
class Scale final : public nn::Layer<double> {
 public:
  explicit Scale(std::size_t width) : scale_(1, width), grad_scale_(1, width) {}

  using nn::Layer<double>::forward;  // else the form that forbids temporaries is hidden
  const nn::Matrix<double>& forward(const nn::Matrix<double>& x) override {
    input_ = &x;
    times_scale(x, output_);
    return output_;
  }

  // d loss / d s[j] = sum over i of g[i][j] x[i][j]
  void backward_parameters(const nn::Matrix<double>& g) override {
    grad_scale_.fill(0);
    for (std::size_t i = 0; i < g.rows(); ++i) {
      for (std::size_t j = 0; j < g.cols(); ++j) grad_scale_(0, j) += g(i, j) * (*input_)(i, j);
    }
  }

  // d loss / d x[i][j] = s[j] g[i][j]
  const nn::Matrix<double>& backward(const nn::Matrix<double>& g) override {
    backward_parameters(g);
    times_scale(g, grad_input_);
    return grad_input_;
  }

  std::vector<nn::Parameter<double>> parameters() override { return {{"scale", &scale_, &grad_scale_}}; }

 private:
  void times_scale(const nn::Matrix<double>& from, nn::Matrix<double>& to) const {
    to.resize(from.rows(), from.cols());
    for (std::size_t i = 0; i < from.rows(); ++i) {
      for (std::size_t j = 0; j < from.cols(); ++j) to(i, j) = scale_(0, j) * from(i, j);
    }
  }

  nn::Matrix<double> scale_, grad_scale_, output_, grad_input_;
  const nn::Matrix<double>* input_ = nullptr;
};
// [/show]

}  // namespace

int main(int argc, char** argv) {
  return nn::run_demonstration("05_backprop_scale", argc, argv, [] {
    nn::Network<double> network;
    network.add<nn::Dense<double>>(2, 3);
    network.add<Scale>(3);
    network.add<nn::Dense<double>>(3, 3);
    nn::Random random(1);
    nn::start_at(network, [&] { return random.uniform(-1, 1); });
    nn::Table table({"tensor", "entries", "largest derivative", "agrees to 1e-7"});
    for (const auto& check : nn::gradient_check(network, nn::tiny::inputs<double>(), nn::tiny::kLabels)) {
      table.add({check.name, std::to_string(check.checked), nn::format_number(check.largest),
                 check.relative_error() < 1e-7 ? "yes" : "NO"});
    }
    table.print();
  });
}

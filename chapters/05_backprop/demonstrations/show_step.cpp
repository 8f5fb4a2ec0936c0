// One training step of the tiny network with all its numbers: forward pass, backward pass, new parameters.
#include <fmt/format.h>

#include "03_softmax/softmax.hpp"
#include "05_backprop/plain_descent.hpp"
#include "05_backprop/tiny_network.hpp"
#include "common/terminal/demonstration.hpp"
#include "common/terminal/print.hpp"

int main(int argc, char** argv) {
  return nn::run_demonstration("05_backprop_step", argc, argv, [] {
    auto network = nn::tiny::network<double>();
    const auto x = nn::tiny::inputs<double>();
    const nn::Matrix<double>& s = network.layer(0).forward(x);
    const nn::Matrix<double>& h = network.layer(1).forward(s);
    const nn::Logits<double> z(network.layer(2).forward(h));
    const auto [loss, g] = nn::cross_entropy_with_gradient(z, nn::tiny::kLabels);
    nn::print_matrix("forward pass: X, the inputs", x);
    nn::print_matrix("S = X·W1 + b1", s);
    nn::print_matrix("H = relu(S)", h);
    nn::print_matrix("z = H·W2 + b2", z.values);
    nn::print_matrix("p = softmax(z)", nn::softmax(z).values);
    fmt::print("loss {}\n\n", nn::format_number(loss));

    const nn::Matrix<double>& grad_h = network.layer(2).backward(g);
    const nn::Matrix<double>& grad_s = network.layer(1).backward(grad_h);
    network.layer(0).backward_parameters(grad_s);
    const auto parameters = network.parameters();
    const char* const names[] = {"W1", "b1", "W2", "b2"};
    nn::print_matrix("backward pass: G = dL/dz = (p - y) / 2", g);
    nn::print_matrix("dL/dW2 = Hᵀ·G", *parameters[2].grad);
    nn::print_matrix("dL/db2, column sums of G", *parameters[3].grad);
    nn::print_matrix("dL/dH = G·W2ᵀ", grad_h);
    nn::print_matrix("dL/dS, dL/dH where S > 0, else 0", grad_s);
    nn::print_matrix("dL/dW1 = Xᵀ·dL/dS", *parameters[0].grad);
    nn::print_matrix("dL/db1, column sums of dL/dS", *parameters[1].grad);

    nn::descend(network, 0.1);
    fmt::print("\nthe step: each parameter minus 0.1 times its gradient\n");
    for (std::size_t t = 0; t < 4; ++t) nn::print_matrix(names[t], *parameters[t].value);
    fmt::print("loss {}\n", nn::format_number(nn::cross_entropy(network.forward(x), nn::tiny::kLabels)));
  });
}

// The frame of a program that draws figures.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "common/figures/draw_figure.hpp"

namespace nn::plots {

// NAME [--out DIR] [--format svg|png|pdf|csv] [--show]: writes every figure into DIR and prints the files' names;
// returns the program's exit code. --show also opens a window for each, where there is a display. Without gnuplot
// one line says what to install, the numbers are written as CSV, and the exit code is 1.
int run_plot(const std::string& name, int argc, char** argv,
             const std::function<std::vector<Figure>()>& make);

}  // namespace nn::plots

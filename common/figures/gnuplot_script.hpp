// A figure in gnuplot's language: the look of the house style. The one place that knows gnuplot-iostream.
#pragma once

#include <cstdio>
#include <string>

#include "common/figures/figure.hpp"

namespace nn {

// Whether this build knows gnuplot-iostream; without it nothing below does anything.
bool has_gnuplot_iostream();

// Writes all commands that draw the figure into a pipe that gnuplot reads, without closing it. terminal: svg,
// pngcairo, pdfcairo, or a window: qt, wxt, x11, aqua. Returns whether all could be written: not if gnuplot is gone.
bool write_gnuplot_script(std::FILE* pipe, const Figure& figure, const std::string& terminal);

}  // namespace nn

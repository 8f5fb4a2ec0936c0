// Figures become files, drawn by gnuplot.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "common/figures/figure.hpp"

namespace nn {

enum class FigureFormat { kSvg, kPng, kPdf, kCsv };

// "svg", "png", "pdf", "csv". Throws std::invalid_argument.
FigureFormat figure_format_named(const std::string& name);

// Why nothing can be drawn here and what to install, in one line; nothing if all is there.
std::optional<std::string> why_nothing_is_drawn();

// Writes folder/NAME.svg, .png, .pdf or .csv; returns the file. The same gnuplot makes the same SVG and PNG to the
// byte. Throws Error with one line if gnuplot is not there, dies or complains; a former file is then untouched.
std::filesystem::path write_figure(const Figure& figure, const std::filesystem::path& folder,
                                   FigureFormat format);

// Draws them all; the first time that this fails says why on stderr, in one line, and the numbers of what could not
// be drawn are written as CSV in its place. Returns whether all were drawn. Throws Error if the folder takes no files.
bool write_figures(const std::vector<Figure>& figures, const std::filesystem::path& folder,
                   FigureFormat format, std::vector<std::filesystem::path>& written);

// The first of gnuplot's kinds of windows that can be opened here; "" without a display or without gnuplot.
std::string window_terminal();

// Opens a window with the figure that stays when the program ends. Throws Error.
void show_figure(const Figure& figure, const std::string& terminal);

}  // namespace nn

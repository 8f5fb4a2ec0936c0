// The frame of a figure's program: its options, gnuplot, and the one file that comes out.
#pragma once

#include <functional>
#include <gnuplot-iostream.h>
#include <string>

namespace nn::plots {

// NAME [--out DIR] writes DIR/NAME.svg, docs/figures if nothing is said; returns the program's exit code.
// draw: gives gnuplot its commands after the house style (style.hpp), on a card of kWidth x height pixels.
// If gnuplot is not there, dies or does not understand, one line says so, and a former figure is untouched.
int run_plot(const std::string& name, int height, int argc, char** argv,
             const std::function<void(Gnuplot&)>& draw);

// Names the rows as data inside gnuplot's own script:  plot $NAME using 1:2. Temporary files would leave their
// names in the SVG. rows: a vector of tuples or pairs; texts in quotes if there are blanks in them.
template <class Rows>
void send_data(Gnuplot& gnuplot, const std::string& name, const Rows& rows) {
  gnuplot << "$" << name << " << e\n";  // send1d ends the rows with a line "e"
  gnuplot.send1d(rows);
}

}  // namespace nn::plots

// How our figures look: one place for fonts, colours and measures. All lengths are pixels on the page.
#pragma once

#include <fmt/format.h>
#include <gnuplot-iostream.h>
#include <string>

namespace nn::plots {

inline constexpr int kWidth = 760;
inline constexpr int kBorder = 20;  // nothing but the card nearer to its edge

// Three colours that the eyes of all of us tell apart (two of Okabe and Ito's, "Color Universal Design", 2008, and a
// green darker than theirs, which blue-blind eyes would take for the blue), dark enough for text on white.
inline constexpr int kBlue = 0x0072b2;
inline constexpr int kOrange = 0xc65500;
inline constexpr int kGreen = 0x004d38;
// And grays.
inline constexpr int kInk = 0x1f2933;
inline constexpr int kQuiet = 0x5f6b7a;  // what is read second
inline constexpr int kFaint = 0xd5dae1;  // grid and axes

// Font sizes.
inline constexpr int kTitleSize = 18, kTextSize = 13, kSmallSize = 12;

// Where a panel's axes stand on the card, counted from its top left corner.
struct Panel {
  int left, right, top, bottom;
};

// A white card on which panels are put; every figure begins with it.
void begin_figure(Gnuplot& gnuplot, const std::string& name, int height);

// What follows is seen from the next plot on, until "unset label". In all texts {/:Bold x} and {/:Italic x} work.
// The figure's title, what there is to see, and a quieter line below it.
void headline(Gnuplot& gnuplot, const std::string& title, const std::string& line);
// The same for one panel, above it; from its top 46 pixels are needed.
void caption(Gnuplot& gnuplot, const Panel& panel, const std::string& title, const std::string& line);
// The name of a curve, in its colour and beside it; the text's left end is at (x, y) of the axes.
void curve_label(Gnuplot& gnuplot, const std::string& text, double x, double y, int colour);

// The next plot goes into this panel.
void use_panel(Gnuplot& gnuplot, const Panel& panel);

}  // namespace nn::plots

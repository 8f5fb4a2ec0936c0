#include "10_mnist/digits/classifier_figures.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>

namespace nn {
namespace {

// How often `truth` was taken for `answer`.
struct Confused {
  double count;
  std::size_t truth, answer;
};

// All pairs of different digits that were confused, the most frequent first.
std::vector<Confused> confused_pairs(const Matrix<double>& confusion) {
  std::vector<Confused> pairs;
  for (std::size_t r = 0; r < kClasses; ++r) {
    for (std::size_t c = 0; c < kClasses; ++c) {
      if (r != c && confusion(r, c) > 0) pairs.push_back({confusion(r, c), r, c});
    }
  }
  std::stable_sort(pairs.begin(), pairs.end(),
                   [](const Confused& a, const Confused& b) { return a.count > b.count; });
  return pairs;
}

constexpr int kNothing = 0xf1f3f6;  // a cell without a count
constexpr double kMatrixLeft = 52, kMatrixTop = 124, kCell = 43, kMatrixEnd = kMatrixLeft + kClasses * kCell;

// A row of the matrix: a card a cell, with its count, the digit before it and the share that is right behind.
void add_confusion_row(Figure& figure, std::size_t truth, std::span<const double> counts, double most) {
  const double top = kMatrixTop + kCell * static_cast<double>(truth), middle = top + kCell / 2;
  Curve row{fmt::format("truth {}", truth)};
  double total = 0;
  for (std::size_t c = 0; c < counts.size(); ++c) {
    const double left = kMatrixLeft + kCell * static_cast<double>(c), count = counts[c];
    const int color = c == truth  ? shade(Shades::kShare, 0.3, 1)
                      : count > 0 ? shade(Shades::kSigned, -0.15 - 0.85 * count / most, 1)
                                  : kNothing;
    figure.rectangles.push_back({left + 1, top + 1, kCell - 2, kCell - 2, color});
    if (count > 0) {
      const bool dark = c != truth && count > 0.5 * most;
      figure.texts.push_back({grouped(static_cast<std::size_t>(count)), left + kCell / 2, middle,
                              dark ? kWhite : kInk, kTextSize, Align::kCenter, c != truth});
    }
    row.points.push_back({static_cast<double>(c), count});
    total += count;
  }
  figure.data.push_back(row);
  const std::string digit = std::to_string(truth);
  const double across = kMatrixLeft + kCell * (static_cast<double>(truth) + 0.5);
  figure.texts.push_back({digit, kMatrixLeft - 14, middle, kInk, kTextSize, Align::kCenter, true});
  figure.texts.push_back(
      {digit, across, kMatrixTop + kClasses * kCell + 16, kInk, kTextSize, Align::kCenter, true});
  if (total > 0) figure.texts.push_back({percent(counts[truth] / total), kMatrixEnd + 12, middle, kQuiet});
}

}  // namespace

Figure confusion_figure(const Evaluation& evaluation) {
  constexpr double kList = 580;
  Figure figure{.name = "confusion", .height = 618};
  figure.title = "Which digit is taken for which";
  figure.line =
      fmt::format("{} of {} test images are read right (blue). Orange: mistakes, the darker the more.",
                  grouped(evaluation.right), grouped(evaluation.count));
  const std::vector<Confused> pairs = confused_pairs(evaluation.confusion);
  for (std::size_t r = 0; r < kClasses; ++r)
    add_confusion_row(figure, r, evaluation.confusion.row(r), pairs.empty() ? 1 : pairs[0].count);
  figure.texts.push_back({"what it is", kCardBorder, kMatrixTop - 14, kQuiet});
  figure.texts.push_back({"what the network answers", kMatrixLeft + 5 * kCell,
                          kMatrixTop + kClasses * kCell + 40, kQuiet, kSmallSize, Align::kCenter});
  figure.texts.push_back({"right", kMatrixEnd + 12, kMatrixTop - 14, kQuiet});
  figure.texts.push_back(
      {"most frequent mistakes", kList, kMatrixTop - 14, kInk, kSmallSize, Align::kLeft, true});
  for (std::size_t i = 0; i < std::min<std::size_t>(8, pairs.size()); ++i) {
    figure.texts.push_back(
        {fmt::format("a {} taken for a {}:  {}", pairs[i].truth, pairs[i].answer, pairs[i].count), kList,
         kMatrixTop + 12 + 24 * static_cast<double>(i), kOrange, kTextSize});
  }
  return figure;
}

namespace {

// "99%", rounded down, and "<1%" for what is little.
std::string whole_percent(float share) {
  return share < 0.01f ? "<1%" : fmt::format("{:.0f}%", std::floor(100 * share));
}

// The image, the answer and the truth with the probability of each.
void add_mistake(Figure& figure, const Prediction& r, const ImageSet& images, double left, double top,
                 double tile) {
  figure.grids.push_back(image_grid(fmt::format("image {}", r.image), left, top,
                                    tile / static_cast<double>(images.width), images.image(r.image),
                                    images.width));
  const auto line = [&](const std::string& text, float share, double y, int color) {
    figure.texts.push_back({text, left, y, color, kTextSize, Align::kLeft, true});
    figure.texts.push_back({whole_percent(share), left + tile, y, color, kSmallSize, Align::kRight});
  };
  line(fmt::format("says {}", r.answer), r.sure(), top + tile + 14, kOrange);
  line(fmt::format("is a {}", r.truth), r.p[r.truth], top + tile + 33, kInk);
  Curve p{fmt::format("image {}, truth {}: probabilities", r.image, r.truth)};
  for (std::size_t c = 0; c < r.p.size(); ++c)
    p.points.push_back({static_cast<double>(c), static_cast<double>(r.p[c])});
  figure.data.push_back(p);
}

}  // namespace

Figure mistakes_figure(const std::vector<Prediction>& predictions, const ImageSet& images) {
  constexpr std::size_t kColumns = 8, kRows = 3;
  constexpr double kTile = 84, kStep = (kCardRight - kCardBorder - kTile) / (kColumns - 1), kRow = 146,
                   kTop = 92;
  const std::vector<Prediction> wrong = mistakes(predictions);
  const std::size_t shown = std::min(kColumns * kRows, wrong.size());
  const std::size_t rows = std::max<std::size_t>(1, (shown + kColumns - 1) / kColumns);
  Figure figure{.name = "mistakes", .height = static_cast<int>(kTop + kRow * static_cast<double>(rows))};
  figure.title = "Where it is wrong, and how sure it was";
  figure.line =
      fmt::format("{} of {} test images are misread. {}", grouped(wrong.size()), grouped(predictions.size()),
                  shown < wrong.size() ? fmt::format("The {} of which the network was surest:", shown)
                                       : "All of them, the surest first:");
  for (std::size_t i = 0; i < shown; ++i) {
    add_mistake(figure, wrong[i], images, kCardBorder + kStep * static_cast<double>(i % kColumns),
                kTop + kRow * static_cast<double>(i / kColumns), kTile);
  }
  return figure;
}

namespace {

// The first image of each digit.
LabeledImages first_of_each(const LabeledImages& all) {
  std::vector<std::uint8_t> pixels, labels;
  for (std::uint8_t digit = 0; digit < kClasses; ++digit) {
    const auto at = std::find(all.labels.begin(), all.labels.end(), digit);
    if (at == all.labels.end()) continue;
    const auto image = all.image(static_cast<std::size_t>(at - all.labels.begin()));
    pixels.insert(pixels.end(), image.begin(), image.end());
    labels.push_back(digit);
  }
  return {{labels.size(), all.height, all.width, pixels}, labels};
}

// The columns of hidden, those first whose largest entry stands in row 0, then those of row 1, ...
std::vector<std::size_t> by_favorite_row(const Matrix<float>& hidden) {
  std::vector<std::size_t> order(hidden.cols()), favorite(hidden.cols());
  for (std::size_t j = 0; j < hidden.cols(); ++j) {
    order[j] = j;
    for (std::size_t i = 0; i < hidden.rows(); ++i) {
      if (hidden(i, j) > hidden(favorite[j], j)) favorite[j] = i;
    }
  }
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return favorite[a] < favorite[b]; });
  return order;
}

}  // namespace

Figure activations_figure(Network<float>& network, const LabeledImages& all) {
  constexpr double kTop = 96, kRow = 46, kTile = 42, kLeft = 84;
  Figure figure{.name = "activations", .height = static_cast<int>(kTop + 10 * kRow + 30)};
  const LabeledImages ten = first_of_each(all);
  const auto x = pixels_as_rows<float>(ten.pixels, ten.height * ten.width);
  const Matrix<float>& hidden = network.layer(1).forward(network.layer(0).forward(x));
  const auto values = hidden.values();
  const float most = values.empty() ? 1 : *std::max_element(values.begin(), values.end());
  const auto awake = std::count_if(values.begin(), values.end(), [](float v) { return v > 0; });
  const std::vector<std::size_t> order = by_favorite_row(hidden);
  for (std::size_t i = 0; i < hidden.rows(); ++i) {
    const double top = kTop + kRow * static_cast<double>(i);
    const std::string digit = std::to_string(ten.labels[i]);
    figure.texts.push_back({digit, kCardBorder, top + kTile / 2, kInk, kTextSize, Align::kLeft, true});
    figure.grids.push_back(image_grid("image of a " + digit, kCardBorder + 14, top,
                                      kTile / static_cast<double>(ten.width), ten.image(i), ten.width));
    Grid strip{"hidden layer at a " + digit, kLeft, top};
    strip.cols = hidden.cols(), strip.cell = (kCardRight - kLeft) / static_cast<double>(hidden.cols());
    strip.cell_height = kTile, strip.shades = Shades::kShare, strip.full = 0.6 * static_cast<double>(most);
    for (const std::size_t j : order) strip.values.push_back(static_cast<double>(hidden(i, j)));
    figure.rectangles.push_back({kLeft - 1, top - 1, kCardRight - kLeft + 2, kTile + 2, kFaint});
    figure.grids.push_back(strip);
  }
  figure.title = "Every digit wakes neurons of its own";
  figure.line = fmt::format(
      "The {} hidden neurons, a stripe each: white is silent, blue is loud. A digit wakes {:.0f}% of them.",
      hidden.cols(), 100.0 * static_cast<double>(awake) / static_cast<double>(values.size()));
  figure.texts.push_back(
      {"neurons that the same digit wakes most stand side by side", kLeft, kTop + 10 * kRow + 8, kQuiet});
  return figure;
}

namespace {

constexpr std::size_t kNeuronsInARow = 8;
constexpr double kNeuron = 84, kNeuronStep = (kCardRight - kCardBorder - kNeuron) / (kNeuronsInARow - 1);

// One column of w as an image in a frame; full: the weight that gets the full color.
void add_neuron(Figure& figure, const std::string& name, const Matrix<float>& w, std::size_t j, double left,
                double top, std::size_t width, double full) {
  Grid grid{name, left, top, kNeuron / static_cast<double>(width), width, {}, Shades::kSigned, full};
  for (std::size_t i = 0; i < w.rows(); ++i) grid.values.push_back(static_cast<double>(w(i, j)));
  figure.rectangles.push_back({grid.left - 1, grid.top - 1, grid.width() + 2, grid.height() + 2, kFaint});
  figure.grids.push_back(grid);
}

double largest_in_column(const Matrix<float>& w, std::size_t j) {
  double largest = 1e-30;
  for (std::size_t i = 0; i < w.rows(); ++i)
    largest = std::max(largest, std::abs(static_cast<double>(w(i, j))));
  return largest;
}

}  // namespace

Figure weights_figure(Network<float>& network, std::size_t width) {
  constexpr double kTop = 92;
  Figure figure{.name = "weights", .height = static_cast<int>(kTop + 5 * kNeuronStep + 6)};
  const Matrix<float>& w = *network.parameters()[0].value;
  const std::size_t shown = std::min<std::size_t>(5 * kNeuronsInARow, w.cols());
  for (std::size_t j = 0; j < shown; ++j) {
    add_neuron(figure, fmt::format("neuron {}", j), w, j,
               kCardBorder + kNeuronStep * static_cast<double>(j % kNeuronsInARow),
               kTop + kNeuronStep * static_cast<double>(j / kNeuronsInARow), width,
               0.8 * largest_in_column(w, j));
  }
  figure.title = "The weights of the first layer as images";
  figure.line = fmt::format(
      "{} of its {} neurons. Ink where it is blue wakes the neuron, ink where it is orange calms it.", shown,
      w.cols());
  return figure;
}

Figure weights_figure(const Matrix<float>& before, const Matrix<float>& after, std::size_t width) {
  constexpr double kTop = 112, kRow = 124;
  Figure figure{.name = "weights", .height = static_cast<int>(kTop + 3 * kRow - 8)};
  Matrix<float> added = after;
  std::vector<double> length(after.cols());
  for (std::size_t i = 0; i < after.size(); ++i) {
    added.values()[i] -= before.values()[i];
    length[i % after.cols()] +=
        static_cast<double>(added.values()[i]) * static_cast<double>(added.values()[i]);
  }
  std::vector<std::size_t> order(after.cols());
  for (std::size_t j = 0; j < order.size(); ++j) order[j] = j;
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return length[a] > length[b]; });
  const std::array<std::pair<const char*, const Matrix<float>*>, 3> rows = {
      {{"before", &before}, {"what training added", &added}, {"after", &after}}};
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const auto& [name, w] = rows[r];
    const double top = kTop + kRow * static_cast<double>(r);
    figure.texts.push_back({name, kCardBorder, top - 14, kInk, kTextSize, Align::kLeft, true});
    for (std::size_t k = 0; k < std::min(kNeuronsInARow, order.size()); ++k) {
      add_neuron(figure, fmt::format("neuron {}, {}", order[k], name), *w, order[k],
                 kCardBorder + kNeuronStep * static_cast<double>(k), top, width,
                 0.8 * largest_in_column(after, order[k]));
    }
  }
  figure.title = "What training writes into the first layer";
  figure.line =
      "The neurons it changed most. Ink where it is blue wakes the neuron, ink where it is orange calms it.";
  return figure;
}

std::vector<Figure> classifier_figures(Network<float>& network, const LabeledImages& test) {
  const Matrix<float> p = probabilities_of(network, test);
  return {confusion_figure(evaluate(network, test)), mistakes_figure(all_predictions(p, test.labels), test),
          activations_figure(network, test), weights_figure(network, test.width)};
}

}  // namespace nn

#include "08_mnist/run_figures.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>

#include "07_training/loss_curve.hpp"

namespace nn {
namespace {

constexpr std::array<int, 4> kLayerColours = {kBlue, kOrange, kGreen, kSky};
constexpr int kNothing = 0xf1f3f6;  // a cell without a count
constexpr int kPale = 0xa9c8de;     // what lies behind the blue curves
constexpr int kRight = kCardWidth - kCardBorder;

// "98.6%", rounded down: softmax never says 100%.
std::string percent(double share) { return fmt::format("{:.1f}%", std::floor(1000 * share) / 10); }

// From a little under the smallest to a little over the largest on a logarithmic axis, whole decades.
void fit_decades(Axis& axis, const std::vector<Curve>& curves) {
  double least = 1e300, most = 0;
  for (const Curve& curve : curves) {
    for (const Point& p : curve.points) {
      if (!(p.y > 0) || !std::isfinite(p.y)) continue;
      least = std::min(least, p.y), most = std::max(most, p.y);
    }
  }
  axis.logarithmic = true, axis.tick = 10;
  axis.from = std::pow(10, std::floor(std::log10(std::min(least, most))));
  axis.to = std::pow(10, std::ceil(std::log10(std::max(most, 2 * axis.from))));
}

Panel half_panel(bool left, int top, int bottom) {
  Panel panel;
  panel.left = left ? 72 : 446, panel.right = left ? 354 : kRight;
  panel.top = top, panel.bottom = bottom;
  return panel;
}

double epoch_of(const RunRecord& r, std::size_t step) {
  return static_cast<double>(step) / static_cast<double>(std::max<std::size_t>(1, r.steps_per_epoch));
}

// After each epoch the value that pick takes from its record.
template <class F>
Curve epoch_curve(const RunRecord& r, const char* name, int colour, const F& pick) {
  Curve curve{name, {}, colour, Mark::kLineAndDots};
  for (std::size_t e = 0; e < r.epochs.size(); ++e)
    curve.points.push_back({static_cast<double>(r.first_epoch + e), pick(r.epochs[e])});
  return curve;
}

// About 400 points of a smoothed curve, however many steps there were.
Curve step_curve(const RunRecord& r) {
  const std::vector<double> smooth =
      running_mean(r.step_losses, std::max<std::size_t>(1, r.steps_per_epoch / 8));
  Curve curve{"each step", {}, kPale, Mark::kLine, 1.5};
  const std::size_t every = std::max<std::size_t>(1, smooth.size() / 400);
  for (std::size_t i = 0; i < smooth.size(); i += every)
    curve.points.push_back({epoch_of(r, r.first_step + i), smooth[i]});
  return curve;
}

Axis epoch_axis(const RunRecord& r) {
  const double from = static_cast<double>(r.first_epoch - 1),
               to = std::max(from + 1, epoch_of(r, r.first_step + r.step_losses.size() - 1));
  const double tick = std::max(1.0, std::ceil((to - from) / 8));
  return {"epoch", from, to, tick};
}

}  // namespace

Figure curves_figure(const RunRecord& r) {
  Figure figure{.name = "curves", .height = 400};
  Panel loss = half_panel(true, 132, 350), accuracy = half_panel(false, 132, 350);
  loss.title = "Loss", loss.line = "mean cross-entropy, logarithmic";
  loss.x = accuracy.x = epoch_axis(r);
  const auto pick_loss = [](const EpochRecord& e) { return e.train_loss; };
  loss.curves = {
      step_curve(r), epoch_curve(r, "learned from", kBlue, pick_loss),
      epoch_curve(r, "kept back", kOrange, [](const EpochRecord& e) { return e.validation_loss; })};
  fit_decades(loss.y, loss.curves);
  accuracy.title = "Accuracy", accuracy.line = "read right, in percent";
  accuracy.curves = {
      epoch_curve(r, "learned from", kBlue, [](const EpochRecord& e) { return 100 * e.train_accuracy; }),
      epoch_curve(r, "kept back", kOrange, [](const EpochRecord& e) { return 100 * e.validation_accuracy; })};
  double least = 100;
  for (const Curve& curve : accuracy.curves) {
    for (const Point& p : curve.points) least = std::min(least, p.y);
  }
  const double low = std::floor(least / 5) * 5, part = (100 - low) / 12;
  accuracy.y = {"", low, 100 + 1.5 * part, least < 60 ? 20.0 : least < 85 ? 5.0 : least < 95 ? 2.0 : 1.0};
  figure.title = "Images it learned from, and images it did not";
  if (!r.epochs.empty()) {
    const EpochRecord& last = r.epochs.back();
    figure.line = fmt::format(
        "After epoch {}: {} of the images it learned from are right, {} of those kept back.",
        r.first_epoch + r.epochs.size() - 1, percent(last.train_accuracy), percent(last.validation_accuracy));
    const double end = loss.x.to;
    loss.texts = {{"images kept back", end, 1.4 * last.validation_loss, kOrange, Align::kRight},
                  {"images it learned from", end, last.train_loss / 1.5, kBlue, Align::kRight},
                  {"each step, smoothed", loss.curves[0].points[0].x + 0.03 * end,
                   1.4 * loss.curves[0].points[0].y, kQuiet}};
    double highest = 0;
    for (const Point& p : accuracy.curves[0].points) highest = std::max(highest, p.y);
    accuracy.texts = {
        {"images kept back", end, 100 * last.validation_accuracy - part, kOrange, Align::kRight},
        {"images it learned from", end, highest + part, kBlue, Align::kRight}};
  }
  figure.panels = {loss, accuracy};
  return figure;
}

Figure health_figure(const RunRecord& r) {
  Figure figure{.name = "health", .height = 400};
  figure.title = "The health of a training run";
  Panel dead = half_panel(true, 132, 350), moved = half_panel(false, 132, 350);
  dead.title = "Dead neurons", dead.line = "hidden neurons that no image wakes, in percent";
  moved.title = "How far a step moves the weights",
  moved.line = "length of the update / length of the weights";
  dead.x = moved.x = epoch_axis(r);
  const std::size_t relus = r.pulses.empty() ? 0 : r.pulses[0].dead.size();
  double most = 0;
  for (std::size_t layer = 0; layer <= relus && !r.pulses.empty(); ++layer) {
    const int colour = kLayerColours[layer % kLayerColours.size()];
    Curve share{fmt::format("layer {}", layer + 1), {}, colour}, update = share;
    for (const Pulse& pulse : r.pulses) {
      const double x = epoch_of(r, pulse.step);
      update.points.push_back({x, pulse.updates[layer]});
      if (layer == relus) continue;
      share.points.push_back({x, 100 * pulse.dead[layer]});
      most = std::max(most, share.points.back().y);
    }
    moved.curves.push_back(update);
    if (layer < relus) dead.curves.push_back(share);
  }
  fit_decades(moved.y, moved.curves);
  dead.y = {"", 0, std::max(10.0, std::ceil(most / 10) * 10), most > 50 ? 20.0 : most > 10 ? 10.0 : 2.0};
  for (std::size_t layer = 0; layer < moved.curves.size(); ++layer) {
    const Curve& curve = moved.curves[layer];
    moved.texts.push_back({curve.name, moved.x.from + 0.04 * (moved.x.to - moved.x.from),
                           moved.y.from * std::pow(1.9, moved.curves.size() - layer), curve.colour});
    if (relus > 1 && layer < relus)
      dead.texts.push_back({curve.name, moved.texts.back().x,
                            dead.y.to * (0.95 - 0.08 * static_cast<double>(layer)), curve.colour});
  }
  figure.line =
      "A dead neuron learns no more. A step should move the weights by a thousandth or so, at the end less.";
  figure.panels = {dead, moved};
  return figure;
}

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

constexpr double kMatrixLeft = 52, kMatrixTop = 124, kCell = 43, kMatrixEnd = kMatrixLeft + kClasses * kCell;

// A row of the matrix: a card a cell, with its count, the digit before it and the share that is right behind.
void add_confusion_row(Figure& figure, std::size_t truth, std::span<const double> counts, double most) {
  const double top = kMatrixTop + kCell * static_cast<double>(truth), middle = top + kCell / 2;
  Curve row{fmt::format("truth {}", truth)};
  double total = 0;
  for (std::size_t c = 0; c < counts.size(); ++c) {
    const double left = kMatrixLeft + kCell * static_cast<double>(c), count = counts[c];
    const int colour = c == truth  ? shade(Shades::kShare, 0.3, 1)
                       : count > 0 ? shade(Shades::kSigned, -0.15 - 0.85 * count / most, 1)
                                   : kNothing;
    figure.rectangles.push_back({left + 1, top + 1, kCell - 2, kCell - 2, colour});
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
void add_mistake(Figure& figure, const Reading& r, const ImageSet& images, double left, double top,
                 double tile) {
  figure.grids.push_back(image_grid(fmt::format("image {}", r.image), left, top,
                                    tile / static_cast<double>(images.width), images.image(r.image),
                                    images.width));
  const auto line = [&](const std::string& text, float share, double y, int colour) {
    figure.texts.push_back({text, left, y, colour, kTextSize, Align::kLeft, true});
    figure.texts.push_back({whole_percent(share), left + tile, y, colour, kSmallSize, Align::kRight});
  };
  line(fmt::format("says {}", r.answer), r.sure(), top + tile + 14, kOrange);
  line(fmt::format("is a {}", r.truth), r.p[r.truth], top + tile + 33, kInk);
  Curve p{fmt::format("image {}, truth {}: probabilities", r.image, r.truth)};
  for (std::size_t c = 0; c < r.p.size(); ++c)
    p.points.push_back({static_cast<double>(c), static_cast<double>(r.p[c])});
  figure.data.push_back(p);
}

}  // namespace

Figure mistakes_figure(const std::vector<Reading>& readings, const ImageSet& images) {
  constexpr std::size_t kColumns = 8, kRows = 3;
  constexpr double kTile = 84, kStep = (kRight - kCardBorder - kTile) / (kColumns - 1), kRow = 146, kTop = 92;
  const std::vector<Reading> wrong = mistakes(readings);
  const std::size_t shown = std::min(kColumns * kRows, wrong.size());
  const std::size_t rows = std::max<std::size_t>(1, (shown + kColumns - 1) / kColumns);
  Figure figure{.name = "mistakes", .height = static_cast<int>(kTop + kRow * static_cast<double>(rows))};
  figure.title = "Where it is wrong, and how sure it was";
  figure.line =
      fmt::format("{} of {} test images are misread. {}", grouped(wrong.size()), grouped(readings.size()),
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
LabelledImages first_of_each(const LabelledImages& all) {
  LabelledImages found;
  found.images.height = all.images.height, found.images.width = all.images.width;
  for (std::uint8_t digit = 0; digit < kClasses; ++digit) {
    const auto at = std::find(all.labels.begin(), all.labels.end(), digit);
    if (at == all.labels.end()) continue;
    const auto image = all.images.image(static_cast<std::size_t>(at - all.labels.begin()));
    found.images.pixels.insert(found.images.pixels.end(), image.begin(), image.end());
    found.labels.push_back(digit);
  }
  found.images.count = found.labels.size();
  return found;
}

// The columns of hidden, those first whose largest entry stands in row 0, then those of row 1, ...
std::vector<std::size_t> by_favourite_row(const Matrix<float>& hidden) {
  std::vector<std::size_t> order(hidden.cols()), favourite(hidden.cols());
  for (std::size_t j = 0; j < hidden.cols(); ++j) {
    order[j] = j;
    for (std::size_t i = 0; i < hidden.rows(); ++i) {
      if (hidden(i, j) > hidden(favourite[j], j)) favourite[j] = i;
    }
  }
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return favourite[a] < favourite[b]; });
  return order;
}

}  // namespace

Figure activations_figure(Network<float>& network, const LabelledImages& all) {
  constexpr double kTop = 96, kRow = 46, kTile = 42, kLeft = 84;
  Figure figure{.name = "activations", .height = static_cast<int>(kTop + 10 * kRow + 30)};
  const LabelledImages ten = first_of_each(all);
  const auto x = pixels_as_rows<float>(ten.images.pixels, ten.images.height * ten.images.width);
  const Matrix<float>& hidden = network.layer(1).forward(network.layer(0).forward(x));
  const auto values = hidden.values();
  const float most = values.empty() ? 1 : *std::max_element(values.begin(), values.end());
  const auto awake = std::count_if(values.begin(), values.end(), [](float v) { return v > 0; });
  const std::vector<std::size_t> order = by_favourite_row(hidden);
  for (std::size_t i = 0; i < hidden.rows(); ++i) {
    const double top = kTop + kRow * static_cast<double>(i);
    const std::string digit = std::to_string(ten.labels[i]);
    figure.texts.push_back({digit, kCardBorder, top + kTile / 2, kInk, kTextSize, Align::kLeft, true});
    figure.grids.push_back(image_grid("image of a " + digit, kCardBorder + 14, top,
                                      kTile / static_cast<double>(ten.images.width), ten.images.image(i),
                                      ten.images.width));
    Grid strip{"hidden layer at a " + digit, kLeft, top};
    strip.cols = hidden.cols(), strip.cell = (kRight - kLeft) / static_cast<double>(hidden.cols());
    strip.cell_height = kTile, strip.shades = Shades::kShare, strip.full = 0.6 * static_cast<double>(most);
    for (const std::size_t j : order) strip.values.push_back(static_cast<double>(hidden(i, j)));
    figure.rectangles.push_back({kLeft - 1, top - 1, kRight - kLeft + 2, kTile + 2, kFaint});
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
constexpr double kNeuron = 84, kNeuronStep = (kRight - kCardBorder - kNeuron) / (kNeuronsInARow - 1);

// One column of w as an image in a frame; full: the weight that gets the full colour.
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

std::vector<Figure> classifier_figures(Network<float>& network, const LabelledImages& test) {
  const Matrix<float> p = probabilities_of(network, test);
  return {confusion_figure(evaluate(network, test)),
          mistakes_figure(all_readings(p, test.labels), test.images), activations_figure(network, test),
          weights_figure(network, test.images.width)};
}

std::vector<Figure> run_figures(const RunRecord& record, Network<float>& network,
                                const LabelledImages& test) {
  std::vector<Figure> figures = classifier_figures(network, test);
  figures.back() = weights_figure(record.first_weights, *network.parameters()[0].value, test.images.width);
  figures.push_back(curves_figure(record));
  figures.push_back(health_figure(record));
  return figures;
}

}  // namespace nn

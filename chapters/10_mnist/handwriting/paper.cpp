#include "10_mnist/handwriting/paper.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace nn {
namespace {

constexpr std::size_t kTiles = 24;  // along the longer side

// The value below which `share` of the values are.
float quantile(std::vector<float>& values, float share) {
  if (values.empty()) return 0;
  const auto at = static_cast<std::ptrdiff_t>(share * static_cast<float>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + at, values.end());
  return values[static_cast<std::size_t>(at)];
}

// A picture cut into about square tiles; a coarse picture has a pixel a tile.
struct Tiles {
  std::size_t rows, cols, height, width;  // of the coarse picture, of the whole one

  explicit Tiles(const Picture& picture) : height(picture.rows()), width(picture.cols()) {
    const std::size_t longer = std::max(height, width);
    const auto count = [&](std::size_t side) {
      return std::clamp<std::size_t>((kTiles * side + longer / 2) / longer, 1, side);
    };
    rows = count(height), cols = count(width);
  }
  std::size_t top(std::size_t r) const { return r * height / rows; }
  std::size_t left(std::size_t c) const { return c * width / cols; }
  Box box(std::size_t r, std::size_t c) const {
    return {left(c), top(r), left(c + 1) - left(c), top(r + 1) - top(r)};
  }
};

// Of each tile the value below which `share` of its pixels are.
Picture tile_quantiles(const Picture& gray, const Tiles& tiles, float share) {
  Picture coarse(tiles.rows, tiles.cols);
  for (std::size_t r = 0; r < tiles.rows; ++r) {
    for (std::size_t c = 0; c < tiles.cols; ++c) {
      const Picture tile = crop(gray, tiles.box(r, c));
      std::vector<float> values(tile.values().begin(), tile.values().end());
      coarse(r, c) = quantile(values, share);
    }
  }
  return coarse;
}

// Of the tiles at most `reach` away the value below which `share` of them are.
Picture window_quantiles(const Picture& coarse, std::size_t reach, float share) {
  Picture result(coarse.rows(), coarse.cols());
  std::vector<float> values;
  for (std::size_t r = 0; r < coarse.rows(); ++r) {
    for (std::size_t c = 0; c < coarse.cols(); ++c) {
      values.clear();
      for (std::size_t i = r - std::min(r, reach); i <= std::min(r + reach, coarse.rows() - 1); ++i) {
        for (std::size_t j = c - std::min(c, reach); j <= std::min(c + reach, coarse.cols() - 1); ++j)
          values.push_back(coarse(i, j));
      }
      result(r, c) = quantile(values, share);
    }
  }
  return result;
}

// Of each tile the mean of what is paper, that is brighter than `least` of a first estimate. A tile with hardly any paper
// takes its estimate.
Picture mean_paper(const Picture& gray, const Picture& estimate, const Tiles& tiles, float least) {
  Picture coarse(tiles.rows, tiles.cols);
  for (std::size_t r = 0; r < tiles.rows; ++r) {
    for (std::size_t c = 0; c < tiles.cols; ++c) {
      const Box box = tiles.box(r, c);
      float sum = 0;
      std::size_t count = 0;
      for (std::size_t i = box.top; i < box.bottom(); ++i) {
        for (std::size_t j = box.left; j < box.right(); ++j) {
          if (gray(i, j) < least * estimate(r, c)) continue;
          sum += gray(i, j);
          ++count;
        }
      }
      const bool enough = 5 * count > box.width * box.height;
      coarse(r, c) = enough ? sum / static_cast<float>(count) : estimate(r, c);
    }
  }
  return coarse;
}

// The mean of each tile and its eight neighbors.
Picture smoothed(const Picture& coarse) {
  Picture result(coarse.rows(), coarse.cols());
  for (std::size_t r = 0; r < coarse.rows(); ++r) {
    for (std::size_t c = 0; c < coarse.cols(); ++c) {
      float sum = 0, count = 0;
      for (std::size_t i = r - std::min<std::size_t>(r, 1); i <= std::min(r + 1, coarse.rows() - 1); ++i) {
        for (std::size_t j = c - std::min<std::size_t>(c, 1); j <= std::min(c + 1, coarse.cols() - 1); ++j)
          sum += coarse(i, j), ++count;
      }
      result(r, c) = sum / count;
    }
  }
  return result;
}

}  // namespace

bool ink_is_light(const Picture& gray) {
  constexpr float kNoise = 0.08f;
  const Tiles tiles(gray);
  const Picture middle = enlarge(window_quantiles(tile_quantiles(gray, tiles, 0.5f), kTiles / 4, 0.5f),
                                 gray.rows(), gray.cols());
  double dark = 0, light = 0;
  for (std::size_t i = 0; i < gray.size(); ++i) {
    const float difference = gray.values()[i] - middle.values()[i];
    if (std::abs(difference) < kNoise) continue;
    (difference < 0 ? dark : light) += static_cast<double>(difference * difference);
  }
  return light > dark;
}

Picture inverted(const Picture& gray) {
  Picture result(gray.rows(), gray.cols());
  for (std::size_t i = 0; i < gray.size(); ++i) result.values()[i] = 1 - gray.values()[i];
  return result;
}

Picture estimate_paper(const Picture& gray) {
  const Tiles tiles(gray);
  const Picture bright = window_quantiles(tile_quantiles(gray, tiles, 0.7f), 4, 0.75f);
  const Picture paper = mean_paper(gray, bright, tiles, 0.8f);
  return enlarge(smoothed(window_quantiles(paper, 1, 0.5f)), gray.rows(), gray.cols());
}

Picture divide_by_paper(const Picture& gray, const Picture& paper) {
  constexpr float kBlack = 0.02f;  // what even black throws back: nothing is divided by 0
  Picture ink(gray.rows(), gray.cols());
  for (std::size_t i = 0; i < gray.size(); ++i) {
    const float share = (gray.values()[i] + kBlack) / (paper.values()[i] + kBlack);
    ink.values()[i] = std::clamp(1 - share, 0.f, 1.f);
  }
  return ink;
}

}  // namespace nn

#include "rendering.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>
#include <turbojpeg.h>

namespace nn::rendering {
namespace {

constexpr int kSide = 28, kFine = 8,
              kMaster = kSide * kFine;  // the master: the digit with 8 x 8 times the pixels

// A square picture of kMaster x kMaster, the digit's ink 0 to 1.
struct Master {
  std::vector<float> ink = std::vector<float>(kMaster * kMaster);
  float& at(int r, int c) { return ink[static_cast<std::size_t>(r * kMaster + c)]; }
  float at(int r, int c) const {
    return r < 0 || c < 0 || r >= kMaster || c >= kMaster ? 0
                                                          : ink[static_cast<std::size_t>(r * kMaster + c)];
  }
};

// Catmull and Rom's cubic through four equally spaced values.
double cubic(double a, double b, double c, double d, double t) {
  return b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));
}

double between_pixels(std::span<const std::uint8_t> digit, double row, double col) {
  const int r = static_cast<int>(std::floor(row)), c = static_cast<int>(std::floor(col));
  const auto pixel = [&](int i, int j) {
    return i < 0 || j < 0 || i >= kSide || j >= kSide ? 0.
                                                      : digit[static_cast<std::size_t>(i * kSide + j)] / 255.;
  };
  double lines[4];
  for (int i = 0; i < 4; ++i) {
    const int at = r - 1 + i;
    lines[i] = cubic(pixel(at, c - 1), pixel(at, c), pixel(at, c + 1), pixel(at, c + 2), col - c);
  }
  return cubic(lines[0], lines[1], lines[2], lines[3], row - r);
}

// A pen leaves ink or none: what is above `threshold` becomes ink, with edges a third of a pixel wide.
Master enlarge(std::span<const std::uint8_t> digit) {
  constexpr double kThreshold = 0.4, kEdge = 0.2;
  Master master;
  for (int r = 0; r < kMaster; ++r) {
    for (int c = 0; c < kMaster; ++c) {
      const double value = between_pixels(digit, (r + 0.5) / kFine - 0.5, (c + 0.5) / kFine - 0.5);
      master.at(r, c) = static_cast<float>(std::clamp((value - kThreshold) / kEdge + 0.5, 0., 1.));
    }
  }
  return master;
}

// One of the two passes of thinning (Zhang and Suen 1984): takes away pixels of the edge that hold nothing together.
bool thin_once(Master& skeleton, int pass) {
  static constexpr int kRow[] = {-1, -1, 0, 1, 1, 1, 0, -1}, kCol[] = {0, 1, 1, 1, 0, -1, -1, -1};
  std::vector<std::pair<int, int>> removed;
  for (int r = 0; r < kMaster; ++r) {
    for (int c = 0; c < kMaster; ++c) {
      if (skeleton.at(r, c) == 0) continue;
      bool p[8];
      int count = 0, rises = 0;
      for (int i = 0; i < 8; ++i) count += p[i] = std::as_const(skeleton).at(r + kRow[i], c + kCol[i]) > 0;
      for (int i = 0; i < 8; ++i) rises += !p[i] && p[(i + 1) % 8];
      const bool open = pass == 0 ? !(p[0] && p[2] && p[4]) && !(p[2] && p[4] && p[6])
                                  : !(p[0] && p[2] && p[6]) && !(p[0] && p[4] && p[6]);
      if (count >= 2 && count <= 6 && rises == 1 && open) removed.push_back({r, c});
    }
  }
  for (const auto& [r, c] : removed) skeleton.at(r, c) = 0;
  return !removed.empty();
}

// The digit written with a pen of another width, a share of the digit's square.
Master rewritten(const Master& master, double pen) {
  Master skeleton;
  for (std::size_t i = 0; i < master.ink.size(); ++i) skeleton.ink[i] = master.ink[i] >= 0.5f;
  for (bool changed = true; changed;) {
    const bool first = thin_once(skeleton, 0), second = thin_once(skeleton, 1);
    changed = first || second;
  }
  Master result;
  const double radius = pen * kMaster / 2;
  const int reach = static_cast<int>(radius) + 1;
  for (int r = 0; r < kMaster; ++r) {
    for (int c = 0; c < kMaster; ++c) {
      if (skeleton.at(r, c) == 0) continue;
      for (int i = std::max(0, r - reach); i <= std::min(kMaster - 1, r + reach); ++i) {
        for (int j = std::max(0, c - reach); j <= std::min(kMaster - 1, c + reach); ++j) {
          const double covered = radius + 0.5 - std::hypot(i - r, j - c);
          result.at(i, j) = std::max(result.at(i, j), static_cast<float>(std::clamp(covered, 0., 1.)));
        }
      }
    }
  }
  return result;
}

double ink_at(const Master& master, double row, double col) {
  const int r = static_cast<int>(std::floor(row)), c = static_cast<int>(std::floor(col));
  const double down = row - r, across = col - c;
  return (1 - down) * ((1 - across) * master.at(r, c) + across * master.at(r, c + 1)) +
         down * ((1 - across) * master.at(r + 1, c) + across * master.at(r + 1, c + 1));
}

// How much of a pixel at this place, in pixels, a line covers that repeats.
double line_cover(double at, double spacing, double width) {
  const double off = std::abs(at - spacing * std::round(at / spacing));
  return std::clamp(width / 2 + 0.5 - off, 0., 1.) * std::min(1., width);
}

// Nearly normal: the sum of four uniform numbers.
double normal(Random& random) {
  return (random.uniform() + random.uniform() + random.uniform() + random.uniform() - 2) * std::sqrt(3.);
}

// In place, along one direction: rows of pixels are `step` values apart.
void blur_line(std::vector<double>& line, const std::vector<double>& kernel, std::vector<double>& copy) {
  copy = line;
  const auto reach = static_cast<long>(kernel.size()) - 1, last = static_cast<long>(line.size()) - 1;
  for (long i = 0; i <= last; ++i) {
    double sum = kernel[0] * copy[static_cast<std::size_t>(i)];
    for (long k = 1; k <= reach; ++k)
      sum += kernel[static_cast<std::size_t>(k)] * (copy[static_cast<std::size_t>(std::max(0l, i - k))] +
                                                    copy[static_cast<std::size_t>(std::min(last, i + k))]);
    line[static_cast<std::size_t>(i)] = sum;
  }
}

void blur(Photo& photo, double deviation) {
  std::vector<double> kernel{1}, line, copy;
  double sum = 1;
  for (int k = 1; k <= std::ceil(3 * deviation); ++k)
    kernel.push_back(std::exp(-k * k / (2 * deviation * deviation))), sum += 2 * kernel.back();
  for (double& weight : kernel) weight /= sum;
  const auto blur_each = [&](std::size_t lines, std::size_t length, std::size_t to_next, std::size_t step) {
    line.resize(length);
    for (std::size_t i = 0; i < 3 * lines; ++i) {
      std::uint8_t* first = photo.rgb.data() + i / 3 * to_next + i % 3;
      for (std::size_t k = 0; k < length; ++k) line[k] = first[k * step];
      blur_line(line, kernel, copy);
      for (std::size_t k = 0; k < length; ++k) first[k * step] = static_cast<std::uint8_t>(line[k] + 0.5);
    }
  };
  blur_each(photo.height, photo.width, 3 * photo.width, 3);
  blur_each(photo.width, photo.height, 3, 3 * photo.width);
}

void add_noise(Photo& photo, double deviation, Random& random) {
  for (std::uint8_t& value : photo.rgb)
    value = static_cast<std::uint8_t>(std::clamp(value + deviation * normal(random) + 0.5, 0., 255.));
}

// What of a page the camera sees at a pixel, in pixels of an upright page from the middle of the picture.
struct View {
  double cosine, sine, across, down;
  explicit View(const Style& s)
      : cosine(std::cos(s.rotation * std::numbers::pi / 180)),
        sine(std::sin(s.rotation * std::numbers::pi / 180)),
        across(s.tilt_across / static_cast<double>(s.width)),
        down(s.tilt_down / static_cast<double>(s.height)) {}
  std::pair<double, double> page(double x, double y) const {
    const double scale = 1 / (1 + across * x + down * y);
    return {(cosine * x + sine * y) * scale, (-sine * x + cosine * y) * scale};
  }
};

// The light on the page.
struct Light {
  double level, shadow, across, down;
  explicit Light(const Style& s)
      : level(s.light),
        shadow(s.shadow),
        across(std::cos(s.light_angle) / static_cast<double>(s.width) / std::numbers::sqrt2),
        down(std::sin(s.light_angle) / static_cast<double>(s.height) / std::numbers::sqrt2) {}
  // At a pixel, 0 to 1.
  double at(double x, double y) const {
    return level * (1 - shadow * std::clamp(0.5 + across * x + down * y, 0., 1.));
  }
};

void set_pen(Style& s, const std::string& kind, Random& random) {
  if (kind == "thin pen") s.pen = random.uniform(0.03, 0.07);
  if (kind == "thick pen") s.pen = random.uniform(0.11, 0.16);
}

void set_place(Style& s, const std::string& kind, Random& random) {
  if (kind == "rotated") s.rotation = random.uniform(-10, 10);
  if (kind == "perspective")
    s.tilt_across = random.uniform(-0.4, 0.4), s.tilt_down = random.uniform(-0.4, 0.4);
  if (kind == "all together") {
    s.rotation = random.uniform(-5, 5);
    s.tilt_across = random.uniform(-0.2, 0.2), s.tilt_down = random.uniform(-0.2, 0.2);
  }
}

void set_light(Style& s, const std::string& kind, Random& random) {
  const bool all = kind == "all together";
  s.light_angle = random.uniform(0, 2 * std::numbers::pi);
  if (kind == "shaded" || all) s.shadow = random.uniform(0.3, 0.6);
  if (kind == "gray paper") s.light = random.uniform(90, 200) / 255;
  if (kind == "noise") s.noise = random.uniform(6, 16);
  if (all) s.noise = random.uniform(0, 8);
  const double shorter = static_cast<double>(std::min(s.height, s.width));
  if (kind == "blurred") s.blur = shorter * random.uniform(0.004, 0.012);
  if (all) s.blur = shorter * random.uniform(0, 0.004);
  if (kind == "JPEG 40" || all) s.quality = 40;
}

void set_paper(Style& s, const std::string& kind, Random& random) {
  const bool all = kind == "all together";
  const std::uint64_t paper = all ? random.below(3) : 0, ink = all ? random.below(3) : 0;
  if (kind == "ruled" || paper == 1) s.line_spacing = random.uniform(0.3, 1);
  if (kind == "squared" || paper == 2) s.line_spacing = random.uniform(0.2, 0.6), s.squared = true;
  s.line_width = random.uniform(0.004, 0.012);
  const double strength = random.uniform(0.15, 0.5);
  s.lines = {1 - strength, 1 - 0.8 * strength, 1 - 0.5 * strength};
  if (kind == "blue ink" || ink == 1)
    s.ink = {random.uniform(0.1, 0.3), random.uniform(0.15, 0.35), random.uniform(0.5, 0.7)};
  if (kind == "red ink" || ink == 2)
    s.ink = {random.uniform(0.65, 0.85), random.uniform(0.1, 0.25), random.uniform(0.1, 0.25)};
  if (kind == "dark mode") {
    const double dark = random.uniform(0.02, 0.2), bright = random.uniform(0.7, 1);
    s.paper = {dark, dark, dark * 1.2}, s.ink = {bright, bright, bright};
  }
}

}  // namespace

Style random_style(const std::string& kind, Random& random) {
  Style s;
  const double side = 300 * std::pow(5, random.uniform());  // 300 to 1,500, small ones as often as large ones
  s.height = static_cast<std::size_t>(side);
  s.width = static_cast<std::size_t>(std::clamp(side * random.uniform(0.7, 1.4), 300., 1500.));
  s.digit_share = random.uniform(0.5, 0.9);
  const double room = (1 - s.digit_share) / 2;
  s.across = room * random.uniform(-0.6, 0.6), s.down = room * random.uniform(-0.6, 0.6);
  set_pen(s, kind, random);
  set_place(s, kind, random);
  set_light(s, kind, random);
  set_paper(s, kind, random);
  return s;
}

Photo render(std::span<const std::uint8_t> digit, const Style& s, Random& random) {
  const Master plain = enlarge(digit), master = s.pen > 0 ? rewritten(plain, s.pen) : plain;
  Photo photo{s.height, s.width, std::vector<std::uint8_t>(3 * s.height * s.width)};
  const double side = s.digit_share * static_cast<double>(std::min(s.height, s.width)),
               to_master = kMaster / side;
  const double middle_x = static_cast<double>(s.width) / 2, middle_y = static_cast<double>(s.height) / 2;
  const double right = s.across * static_cast<double>(s.width),
               below = s.down * static_cast<double>(s.height);
  const double spacing = s.line_spacing * side, line_width = std::max(1., s.line_width * side);
  const View view(s);
  const Light page_light(s);
  for (std::size_t r = 0; r < s.height; ++r) {
    for (std::size_t c = 0; c < s.width; ++c) {
      const double x = static_cast<double>(c) + 0.5 - middle_x, y = static_cast<double>(r) + 0.5 - middle_y;
      const auto [px, py] = view.page(x, y);
      const double ink = ink_at(master, (py - below) * to_master + kMaster / 2. - 0.5,
                                (px - right) * to_master + kMaster / 2. - 0.5);
      double line = spacing > 0 ? line_cover(py + 0.3 * spacing, spacing, line_width) : 0;
      if (s.squared && spacing > 0)
        line = std::max(line, line_cover(px + 0.4 * spacing, spacing, line_width));
      const double light = 255 * page_light.at(x, y);
      for (std::size_t k = 0; k < 3; ++k) {
        const double paper = s.paper[k] * (1 - line * (1 - s.lines[k]));
        const double value = light * (paper + ink * (s.ink[k] - paper));
        photo.rgb[3 * (r * s.width + c) + k] = static_cast<std::uint8_t>(std::clamp(value + 0.5, 0., 255.));
      }
    }
  }
  if (s.blur > 0) blur(photo, s.blur);
  if (s.noise > 0) add_noise(photo, s.noise, random);
  return photo;
}

std::vector<std::uint8_t> as_jpeg(const Photo& photo, int quality) {
  const tjhandle writer = tjInitCompress();
  unsigned char* bytes = nullptr;
  unsigned long size = 0;
  const int result =
      tjCompress2(writer, photo.rgb.data(), static_cast<int>(photo.width), 0, static_cast<int>(photo.height),
                  TJPF_RGB, &bytes, &size, TJSAMP_420, quality, 0);
  const std::vector<std::uint8_t> file(bytes, bytes + (result == 0 ? size : 0));
  tjFree(bytes);
  tjDestroy(writer);
  if (result != 0) throw std::runtime_error("a JPEG could not be written");
  return file;
}

}  // namespace nn::rendering

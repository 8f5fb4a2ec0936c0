// The numbers that a figure shows, read back from its CSV.
#pragma once

#include <filesystem>
#include <gtest/gtest.h>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "common/figures/figure.hpp"
#include "common/files/atomic_file.hpp"

namespace nn {

// The fields of a line; a field may be in quotes, with "" for one of them.
inline std::vector<std::string> csv_fields(const std::string& line) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const bool doubled = quoted && line[i] == '"' && i + 1 < line.size() && line[i + 1] == '"';
    if (doubled) {
      fields.back() += line[i++];
    } else if (line[i] == '"') {
      quoted = !quoted;
    } else if (line[i] == ',' && !quoted) {
      fields.emplace_back();
    } else {
      fields.back() += line[i];
    }
  }
  return fields;
}

class FigureNumbers {
 public:
  explicit FigureNumbers(const std::filesystem::path& csv) {
    const auto bytes = read_file(csv);
    std::istringstream lines(std::string(bytes.begin(), bytes.end()));
    std::string line;
    std::getline(lines, line);
    EXPECT_EQ(line, "part,series,x,y");
    while (std::getline(lines, line)) {
      const auto fields = csv_fields(line);
      if (fields.size() != 4) throw std::runtime_error("not four fields: " + line);
      series_[{fields[0], fields[1]}].push_back({std::stod(fields[2]), std::stod(fields[3])});
    }
  }

  // Throws std::out_of_range if there is none.
  const std::vector<Point>& points(const std::string& part, const std::string& series) const {
    const auto found = series_.find({part, series});
    if (found == series_.end()) throw std::out_of_range("no series '" + series + "' in '" + part + "'");
    return found->second;
  }
  // y where x is nearly that; throws std::out_of_range if there is no such point.
  double at(const std::string& part, const std::string& series, double x) const {
    for (const Point& p : points(part, series)) {
      if (std::abs(p.x - x) < 1e-9) return p.y;
    }
    throw std::out_of_range("no point of '" + series + "' at " + std::to_string(x));
  }
  std::size_t size() const { return series_.size(); }

 private:
  std::map<std::pair<std::string, std::string>, std::vector<Point>> series_;
};

}  // namespace nn

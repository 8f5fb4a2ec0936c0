// What ./learn bench has recorded of the products, for tables and figures.
#pragma once

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "common/error.hpp"
#include "common/files/atomic_file.hpp"

namespace nn {

struct RecordedProduct {
  std::string product, shape;  // e.g. "packed", "hidden"
  int threads = 0;
  double rows = 0, cols = 0, inner = 0;
  double speed = 0;  // GFLOP/s, the median of the repetitions

  // Operations a byte of the three matrices, if each is read or written once.
  double intensity() const {
    return 2 * rows * cols * inner / (sizeof(float) * (rows * inner + inner * cols + rows * cols));
  }
};

struct RecordedProducts {
  nlohmann::json context;
  double peak = 0;       // of one core, GFLOP/s
  double bandwidth = 0;  // main memory as one core reads it, GB/s
  std::vector<RecordedProduct> products;

  bool has(const std::string& product, int threads) const {
    return std::any_of(products.begin(), products.end(), [&](const RecordedProduct& p) {
      return p.product == product && p.threads == threads;
    });
  }

  const RecordedProduct& at(const std::string& product, const std::string& shape, int threads) const {
    const auto found = std::find_if(products.begin(), products.end(), [&](const RecordedProduct& p) {
      return p.product == product && p.shape == shape && p.threads == threads;
    });
    if (found == products.end())
      throw Error("no measured product " + product + "/" + shape + " with " + std::to_string(threads) +
                  " threads; ./learn bench measures all");
    return *found;
  }
};

inline nlohmann::json read_json(const std::filesystem::path& file) {
  const auto bytes = read_file(file);
  nlohmann::json json = nlohmann::json::parse(bytes.begin(), bytes.end(), nullptr, false);
  if (json.is_discarded()) throw Error(file.string() + ": not JSON; ./learn bench writes it");
  return json;
}

// The median of a run's repetitions, "real_time" or a counter of its own.
inline double median_of(const nlohmann::json& json, const std::string& run, const char* what = "real_time") {
  for (const auto& row : json.at("benchmarks")) {
    if (row.value("run_name", "") == run + "/real_time" && row.value("aggregate_name", "") == "median")
      return row.at(what).get<double>();
  }
  throw Error("no measured " + run + "; ./learn bench measures all");
}

// file: 06_simd_matmul.json as the benchmark writes it with repetitions.
inline RecordedProducts recorded_products(const std::filesystem::path& file) {
  const nlohmann::json json = read_json(file);
  RecordedProducts recorded;
  recorded.context = json.at("context");
  recorded.peak = std::stod(recorded.context.at("FMA peak of a core, GFLOP/s").get<std::string>());
  recorded.bandwidth = std::stod(recorded.context.at("memory that a core reads, GB/s").get<std::string>());
  for (const auto& entry : json.at("benchmarks")) {
    if (entry.value("aggregate_name", "") != "median") continue;
    const std::string name = entry.at("run_name");  // product/shape/threads:2/real_time
    const std::size_t first = name.find('/'), second = name.find('/', first + 1),
                      count = name.find(':', second);
    recorded.products.push_back({.product = name.substr(0, first),
                                 .shape = name.substr(first + 1, second - first - 1),
                                 .threads = std::stoi(name.substr(count + 1)),
                                 .rows = entry.at("rows"),
                                 .cols = entry.at("cols"),
                                 .inner = entry.at("inner"),
                                 .speed = entry.at("GFLOP/s")});
  }
  return recorded;
}

}  // namespace nn

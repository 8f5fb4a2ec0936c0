// The tables that pages show, out of the benchmarks' JSON.   benchmark_tables RESULTS
// reads RESULTS/benchmarks/*.json, writes RESULTS/products.md and, where libraries to compare with were there,
// RESULTS/peers.md.
#include <fmt/format.h>

#include "06_simd_matmul/products.hpp"
#include "common/program.hpp"
#include "ratios.hpp"
#include "recorded_products.hpp"

namespace nn {
namespace {

std::string recorded_by(const nlohmann::json& context) {
  return fmt::format("\nRecorded by `./learn bench`: {} ({}), {}, `{}`, {}.\n",
                     context.at("processor").get<std::string>(), context.at("simd").get<std::string>(),
                     context.at("compiler").get<std::string>(), context.at("flags").get<std::string>(),
                     context.at("date").get<std::string>().substr(0, 10));
}

// A row for each rung and number of threads, a column for each of the shapes.
std::string speeds(const RecordedProducts& recorded, const std::vector<std::string>& shapes) {
  std::string table = "| rung | threads |", line = "|---|---|";
  for (const std::string& shape : shapes) {
    const RecordedProduct& any = recorded.at("plain", shape, 1);
    const bool square = any.rows == any.cols && any.rows == any.inner;
    table += square ? fmt::format(" {}³ |", any.rows)
                    : fmt::format(" {}: {} x {} over {} |", shape, any.rows, any.cols, any.inner);
    line += "---:|";
  }
  table += "\n" + line + "\n";
  for (const auto& rung : products<float>()) {
    for (const int threads : {1, 2}) {
      if (!recorded.has(rung.name, threads)) continue;
      table += fmt::format("| `{}` | {} |", rung.name, threads);
      for (const std::string& shape : shapes) {
        const double speed = recorded.at(rung.name, shape, threads).speed;
        table += fmt::format(" {:.{}f} |", speed, speed < 9.95 ? 1 : 0);
      }
      table += "\n";
    }
  }
  return table;
}

std::string products_page(const RecordedProducts& recorded) {
  return speeds(recorded, {"32", "64", "128", "256", "512", "1024"}) + "\n" +
         speeds(recorded, {"hidden", "output", "wide", "weights"}) +
         fmt::format(
             "\nGFLOP/s, the median of five. The FMA peak of a core: {:.0f}. "
             "Main memory as one core reads it: {:.0f} GB/s.\n",
             recorded.peak, recorded.bandwidth) +
         recorded_by(recorded.context);
}

// Our speed over theirs, over all shapes with so many threads.
std::string peers_of_products(const nlohmann::json& json) {
  std::string page =
      "| our product over that of | threads | geometric mean of the ratios | least |\n|---|---|---:|---:|\n";
  for (const std::string peer : {"OpenBLAS", "oneDNN", "Eigen"}) {
    for (const int threads : {1, 2}) {
      Ratios ratios;
      for (const auto& row : json.at("products")) {
        if (row.at("threads") == threads)
          ratios.add(row.at("ours").get<double>() / row.at(peer).get<double>());
      }
      if (ratios.count > 0)
        page += fmt::format("| {} | {} | {:.2f} | {:.2f} |\n", peer, threads, ratios.geometric_mean(),
                            ratios.least);
    }
  }
  return page;
}

std::string peers_of_training(const nlohmann::json& json) {
  std::string page =
      "| network, seconds an epoch | ours, 1 thread | 2 threads "
      "| libtorch, 1 thread (its products: 2) | 2 threads | ratio of the best | of the peak of two cores |\n"
      "|---|---:|---:|---:|---:|---:|---:|\n";
  for (const std::string network : {"784-128-10", "784-800-10"}) {
    const auto& row = json.at(network);
    page += "| " + network + " |";
    for (const char* who : {"ours, 1 thread", "ours, 2 threads", "libtorch, 1 thread", "libtorch, 2 threads"})
      page += fmt::format(" {:.3f} |", row.at(who).get<double>());
    page += fmt::format(" {:.2f} | {:.0f}% |\n", row.at("libtorch / ours").get<double>(),
                        100 * row.at("share of the peak of two cores").get<double>());
  }
  return page;
}

int run(const std::filesystem::path& results) {
  const auto measured = results / "benchmarks";
  write_file_atomically(results / "products.md",
                        products_page(recorded_products(measured / "06_simd_matmul.json")));
  std::string peers, date;
  if (exists(measured / "peers_products.json")) {
    const nlohmann::json json = read_json(measured / "peers_products.json");
    peers += peers_of_products(json) + "\n", date = recorded_by(json.at("context"));
  }
  if (exists(measured / "peers_training.json")) {
    const nlohmann::json json = read_json(measured / "peers_training.json");
    peers += peers_of_training(json), date = recorded_by(json.at("context"));
  }
  if (!peers.empty()) write_file_atomically(results / "peers.md", peers + date);
  return 0;
}

}  // namespace
}  // namespace nn

int main(int argc, char** argv) {
  CLI::App app("tables for the pages, out of the benchmarks' JSON");
  std::string results;
  app.add_option("RESULTS", results, "the folder docs/results")->required();
  return nn::run_program(app, argc, argv, [&] { return nn::run(results); });
}

// The tables of the pages, made from the benchmarks' JSON.   benchmark_tables RESULTS
// reads RESULTS/benchmarks/*.json and writes RESULTS/products.md, products_of_layers.md and training.md and, if the
// libraries to compare with were installed, peers_products.md, peers_training.md and the latter's short form, speed.md.
#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "06_simd_matmul/products.hpp"
#include "common/terminal/program.hpp"
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

// A row for each product and number of threads, a column for each of the shapes.
std::string speeds(const RecordedProducts& recorded, const std::vector<std::string>& shapes) {
  std::string table = "| product | threads |", line = "|---|---|";
  for (const std::string& shape : shapes) {
    const RecordedProduct& any = recorded.at("plain", shape, 1);
    const bool square = any.rows == any.cols && any.rows == any.inner;
    table += square ? fmt::format(" {}³ |", any.rows)
                    : fmt::format(" {}: {} x {} over {} |", shape, any.rows, any.cols, any.inner);
    line += "---:|";
  }
  table += "\n" + line + "\n";
  for (const auto& product : products<float>()) {
    for (const int threads : {1, 2}) {
      if (!recorded.has(product.name, threads)) continue;
      table += fmt::format("| `{}` | {} |", product.name, threads);
      for (const std::string& shape : shapes) {
        const double speed = recorded.at(product.name, shape, threads).speed;
        table += fmt::format(" {:.{}f} |", speed, speed < 9.95 ? 1 : 0);
      }
      table += "\n";
    }
  }
  return table;
}

std::string products_page(const RecordedProducts& recorded, const std::vector<std::string>& shapes) {
  return speeds(recorded, shapes) +
         fmt::format(
             "\nGFLOP/s, the median of five measurements. FMA peak of a core: {:.0f} GFLOP/s. "
             "Main memory bandwidth of a core: {:.0f} GB/s.\n",
             recorded.peak, recorded.bandwidth) +
         recorded_by(recorded.context);
}

// Our speed over theirs, over all shapes with so many threads.
std::string peers_of_products(const nlohmann::json& json) {
  std::string page =
      "| speed of `fast` divided by that of | threads | geometric mean | smallest ratio "
      "|\n|---|---|---:|---:|\n";
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
      "| network, seconds per epoch | ours, 1 thread | ours, 2 threads "
      "| libtorch, 1 thread (its product: 2) | libtorch, 2 threads | best of libtorch / best of ours | share "
      "of the peak of two cores |\n"
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

// The same in short: the better number of threads of each.
std::string speed(const nlohmann::json& json) {
  std::string page =
      "| network | ours, seconds per epoch | libtorch, seconds per epoch | ours is "
      "|\n|---|---:|---:|---|\n";
  for (const std::string network : {"784-128-10", "784-800-10"}) {
    const auto better = [&row = json.at(network)](const std::string& whose) {
      return std::min(row.at(whose + ", 1 thread").get<double>(),
                      row.at(whose + ", 2 threads").get<double>());
    };
    const double ours = better("ours"), theirs = better("libtorch");
    page += fmt::format("| {} | {:.2f} | {:.2f} | {:.1f} times as fast |\n", network, ours, theirs,
                        theirs / ours);
  }
  return page;
}

// The median of a run's repetitions, "real_time" or a counter of its own.
double median_of(const nlohmann::json& json, const std::string& run, const char* what = "real_time") {
  for (const auto& row : json.at("benchmarks")) {
    if (row.value("run_name", "") == run + "/real_time" && row.value("aggregate_name", "") == "median")
      return row.at(what).get<double>();
  }
  throw Error("no measured " + run + " in 09_fast_training.json; ./learn bench measures all");
}

std::string training_page(const nlohmann::json& json) {
  // Without all of MNIST the benchmark measures nothing and says why.
  const auto& first = json.at("benchmarks").at(0);
  if (first.value("error_occurred", false))
    return "Not measured: " + first.at("error_message").get<std::string>() + ".\n";
  struct Way {
    const char *run, *step, *optimizer;
    int threads;
  };
  std::string page =
      "| step | optimizer | threads | 784-128-10, seconds per epoch | 784-800-10, seconds per epoch "
      "|\n|---|---|---|---:|---:|\n";
  for (const Way& way : {Way{"sgd_plain", "plain", "SGD", 1}, Way{"sgd", "fast", "SGD", 1},
                         Way{"sgd", "fast", "SGD", 2}, Way{"adam", "fast", "Adam", 2}}) {
    page += fmt::format("| {} | {} | {} |", way.step, way.optimizer, way.threads);
    for (const int hidden : {128, 800})
      page += fmt::format(" {:.2f} |",
                          median_of(json, fmt::format("{}/{}/{}", way.run, hidden, way.threads)) / 1e3);
    page += "\n";
  }
  return page + fmt::format(
                    "\nRecipe `fast`, from initialization to the test of the trained network: {:.2f} s, test "
                    "accuracy "
                    "{:.2f}%.\n",
                    median_of(json, "recipe_fast") / 1e3, median_of(json, "recipe_fast", "test accuracy"));
}

// Writes the table of a recorded benchmark, if there is one, with a line on what it was measured.
template <class Table>
void write_table(const std::filesystem::path& recorded, const std::filesystem::path& page,
                 const Table& table) {
  if (!exists(recorded)) return;
  const nlohmann::json json = read_json(recorded);
  write_file_atomically(page, table(json) + recorded_by(json.at("context")));
}

int run(const std::filesystem::path& results) {
  const auto measured = results / "benchmarks";
  const RecordedProducts recorded = recorded_products(measured / "06_simd_matmul.json");
  write_file_atomically(results / "products.md",
                        products_page(recorded, {"32", "64", "128", "256", "512", "1024"}));
  write_file_atomically(results / "products_of_layers.md",
                        products_page(recorded, {"hidden", "output", "wide", "weights"}));
  write_table(measured / "09_fast_training.json", results / "training.md", training_page);
  write_table(measured / "peers_products.json", results / "peers_products.md", peers_of_products);
  write_table(measured / "peers_training.json", results / "peers_training.md", peers_of_training);
  write_table(measured / "peers_training.json", results / "speed.md", speed);
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

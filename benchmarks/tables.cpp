// The tables of the pages, made from the benchmarks' JSON.   benchmark_tables RESULTS
// reads RESULTS/benchmarks/*.json and writes RESULTS/products.md, products_of_layers.md, training.md and skipping_zeros.md
// and, if the libraries to compare with were installed, peers_products.md, peers_training.md and the latter's
// short form, speed.md.
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
      "| libtorch, 1 thread (its product: 2) | libtorch, 2 threads | best of libtorch / best of ours |\n"
      "|---|---:|---:|---:|---:|---:|\n";
  for (const std::string network : {"784-128-10", "784-800-10"}) {
    const auto& row = json.at(network);
    page += "| " + network + " |";
    for (const char* who : {"ours, 1 thread", "ours, 2 threads", "libtorch, 1 thread", "libtorch, 2 threads"})
      page += fmt::format(" {:.3f} |", row.at(who).get<double>());
    page += fmt::format(" {:.2f} |\n", row.at("libtorch / ours").get<double>());
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

// Without all of MNIST the benchmark of training measures nothing and says why. Empty if it was measured.
std::string why_not_measured(const nlohmann::json& json) {
  const auto& first = json.at("benchmarks").at(0);
  if (!first.value("error_occurred", false)) return "";
  return "Not measured: " + first.at("error_message").get<std::string>() + ".\n";
}

std::string training_page(const nlohmann::json& json) {
  if (const std::string why = why_not_measured(json); !why.empty()) return why;
  struct Rung {
    const char* what;
    int rung, threads;
  };
  static constexpr Rung kRungs[] = {
      {"the plain step of chapter 07", 0, 1},
      {"fewer passes over memory", 1, 1},
      {"zeros skipped in the forward pass", 2, 1},
      {"zeros skipped in the gradient, and the weights updated while it is in the cache", 3, 1},
      {"two threads", 3, 2}};
  std::string page =
      "| seconds an epoch, batch 128 | 784-128-10, SGD | Adam | 784-800-10, SGD | Adam "
      "|\n|---|---:|---:|---:|---:|\n";
  for (const Rung& rung : kRungs) {
    page += fmt::format("| {} |", rung.what);
    for (const int hidden : {128, 800}) {
      for (const char* optimizer : {"sgd", "adam"})
        page += fmt::format(
            " {:.3f} |",
            median_of(json, fmt::format("{}/{}/{}/{}", optimizer, rung.rung, hidden, rung.threads)) / 1e3);
    }
    page += "\n";
  }
  return page + fmt::format(
                    "\nRecipe `fast`, from initialization to the test of the trained network: {:.2f} s, test "
                    "accuracy "
                    "{:.2f}%.\n",
                    median_of(json, "recipe_fast") / 1e3, median_of(json, "recipe_fast", "test accuracy"));
}

// The parts of a step, with what they compute and move, and for which images it pays to skip zeros.
std::string sparse_page(const nlohmann::json& json) {
  if (const std::string why = why_not_measured(json); !why.empty()) return why;
  const auto microseconds = [&json](const std::string& run) { return median_of(json, run); };
  std::string page = "| part of a step, 128 images, 128 neurons, one thread | microseconds |\n|---|---:|\n";
  for (const auto& [run, what] : {std::pair{"part_times", "product, forward"},
                                  {"part_transpose", "the same pixels, sorted by pixel"},
                                  {"part_gradient", "gradient of the weights"}})
    page += fmt::format("| {} | {:.0f} |\n", what, microseconds(run));
  page +=
      "\n| pixels that are not 0 | skipping the others, microseconds | all of them | ratio "
      "|\n|---:|---:|---:|---:|\n";
  for (const int percent : {5, 10, 20, 30, 40, 50, 75, 100}) {
    const double skipping = microseconds(fmt::format("skipping/{}", percent)),
                 dense = microseconds(fmt::format("dense/{}", percent));
    page += fmt::format("| {}% | {:.0f} | {:.0f} | {:.1f} |\n", percent, skipping, dense, dense / skipping);
  }
  return page;
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
  write_table(measured / "09_fast_training.json", results / "skipping_zeros.md", sparse_page);
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

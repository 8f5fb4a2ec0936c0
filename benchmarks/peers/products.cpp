// Our product against OpenBLAS, oneDNN and Eigen: the shapes of the classifier and some squares, in the three
// forms, on one thread and on two.   peers_products [--json FILE] [--rounds N]
// NN_SIMD=AVX2 or SSE4 holds OpenBLAS and oneDNN to the same instructions; Eigen, which has those that it was compiled for,
// is left out then.
#include "06_simd_matmul/products.hpp"

#include <CLI/CLI.hpp>
#include <Eigen/Core>
#include <cblas.h>
#include <cmath>
#include <cstdlib>
#include <dnnl.h>
#include <fmt/format.h>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <omp.h>
#include <thread>
#include <unistd.h>

#include "01_matrix/matmul.hpp"
#include "06_simd_matmul/random_matrix.hpp"
#include "common/parallel/thread_pool.hpp"
#include "context.hpp"
#include "peak.hpp"
#include "peers/interleaved.hpp"
#include "ratios.hpp"

extern "C" void openblas_set_num_threads(int);

namespace nn {
namespace {

// out (rows x cols) = A·B, Aᵀ·B or A·Bᵀ over `inner`.
enum class Form { kAB, kAtB, kABt };
struct Shape {
  std::size_t rows, cols, inner;
  Form form;
};

const std::vector<Shape> kShapes = {
    {64, 64, 64, Form::kAB},     {256, 256, 256, Form::kAB},     {1024, 1024, 1024, Form::kAB},
    {64, 128, 784, Form::kAB},   {64, 10, 128, Form::kAB},       {128, 800, 784, Form::kAB},
    {128, 10, 800, Form::kAB},   {784, 128, 64, Form::kAB},      {784, 128, 64, Form::kAtB},
    {128, 10, 64, Form::kAtB},   {784, 800, 128, Form::kAtB},    {800, 10, 128, Form::kAtB},
    {256, 256, 256, Form::kAtB}, {1024, 1024, 1024, Form::kAtB}, {64, 128, 10, Form::kABt},
    {64, 784, 128, Form::kABt},  {128, 800, 10, Form::kABt},     {128, 784, 800, Form::kABt},
    {256, 256, 256, Form::kABt}, {1024, 1024, 1024, Form::kABt}};

const char* name_of(Form form) { return form == Form::kAB ? "A·B" : form == Form::kAtB ? "Aᵀ·B" : "A·Bᵀ"; }

using Row = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
Eigen::Map<const Row> map(const Matrix<float>& m) {
  return {m.data(), static_cast<Eigen::Index>(m.rows()), static_cast<Eigen::Index>(m.cols())};
}

// The factors of one shape and what each candidate makes of them.
struct Case {
  explicit Case(const Shape& s)
      : shape(s),
        a(s.form == Form::kAtB ? random_matrix(s.inner, s.rows, random)
                               : random_matrix(s.rows, s.inner, random)),
        b(s.form == Form::kABt ? random_matrix(s.cols, s.inner, random)
                               : random_matrix(s.inner, s.cols, random)),
        out(s.rows, s.cols) {}

  void ours() {
    if (shape.form == Form::kAB) matmul(a, b, out);
    if (shape.form == Form::kAtB) matmul_at_b(a, b, out);
    if (shape.form == Form::kABt) matmul_a_bt(a, b, out);
  }
  void openblas() {
    cblas_sgemm(CblasRowMajor, shape.form == Form::kAtB ? CblasTrans : CblasNoTrans,
                shape.form == Form::kABt ? CblasTrans : CblasNoTrans, int(shape.rows), int(shape.cols),
                int(shape.inner), 1, a.data(), int(a.cols()), b.data(), int(b.cols()), 0, out.data(),
                int(out.cols()));
  }
  void onednn() {
    dnnl_sgemm(shape.form == Form::kAtB ? 'T' : 'N', shape.form == Form::kABt ? 'T' : 'N',
               dnnl_dim_t(shape.rows), dnnl_dim_t(shape.cols), dnnl_dim_t(shape.inner), 1, a.data(),
               dnnl_dim_t(a.cols()), b.data(), dnnl_dim_t(b.cols()), 0, out.data(), dnnl_dim_t(out.cols()));
  }
  void eigen() {
    Eigen::Map<Row> result(out.data(), Eigen::Index(out.rows()), Eigen::Index(out.cols()));
    if (shape.form == Form::kAB) result.noalias() = map(a) * map(b);
    if (shape.form == Form::kAtB) result.noalias() = map(a).transpose() * map(b);
    if (shape.form == Form::kABt) result.noalias() = map(a) * map(b).transpose();
  }

  Shape shape;
  Random random{1};
  Matrix<float> a, b, out;
};

void set_threads(int count) {
  start_threads(static_cast<std::size_t>(count));
  omp_set_num_threads(count);
  openblas_set_num_threads(count);
  Eigen::setNbThreads(count);
}

// Every candidate must compute the same product before anybody is timed.
void check(Case& c, std::vector<Candidate>& candidates) {
  candidates.front().run();
  const Matrix<float> expected = c.out;
  for (Candidate& candidate : candidates) {
    c.out.fill(std::nanf(""));
    candidate.run();
    for (std::size_t i = 0; i < expected.size(); ++i) {
      if (std::abs(c.out.values()[i] - expected.values()[i]) <= 1e-3f) continue;
      throw std::runtime_error(candidate.name + " computes another product");
    }
  }
}

bool simd_is_forced() {
  const char* target = std::getenv("NN_SIMD");
  return target != nullptr && *target != '\0';
}

std::vector<Candidate> candidates_for(Case& c) {
  std::vector<Candidate> all = {
      {"ours", [&c] { c.ours(); }}, {"OpenBLAS", [&c] { c.openblas(); }}, {"oneDNN", [&c] { c.onednn(); }}};
  if (!simd_is_forced()) all.push_back({"Eigen", [&c] { c.eigen(); }});
  return all;
}

// OpenBLAS reads its variable when it is loaded, so the program starts itself once more with it.
void hold_peers_to_our_target(char** argv) {
  static const std::map<std::string, std::pair<const char*, const char*>> kNames = {
      {"AVX2", {"AVX2", "Haswell"}}, {"SSE4", {"SSE41", "Nehalem"}}};
  const auto names = kNames.find(simd_is_forced() ? std::getenv("NN_SIMD") : "");
  if (names == kNames.end() || std::getenv("DNNL_MAX_CPU_ISA") != nullptr) return;
  ::setenv("DNNL_MAX_CPU_ISA", names->second.first, 1);
  ::setenv("OPENBLAS_CORETYPE", names->second.second, 1);
  ::execv("/proc/self/exe", argv);
  throw std::runtime_error("peers_products cannot start itself again");
}

nlohmann::json measure(const Shape& shape, int threads, int rounds, std::map<std::string, Ratios>& ratios) {
  Case c(shape);
  std::vector<Candidate> candidates = candidates_for(c);
  check(c, candidates);
  const double operations = 2.0 * double(shape.rows) * double(shape.cols) * double(shape.inner);
  take_turns(candidates, rounds, std::max(1, int(2e8 / operations)),
             std::chrono::milliseconds(threads > 1 ? 40 : 2));
  nlohmann::json row = {{"form", name_of(shape.form)},
                        {"rows", shape.rows},
                        {"cols", shape.cols},
                        {"inner", shape.inner},
                        {"threads", threads}};
  fmt::print("{:5} {:4} x {:4} over {:4}, {} threads ", name_of(shape.form), shape.rows, shape.cols,
             shape.inner, threads);
  const double ours = median(candidates[0].seconds);
  for (const Candidate& candidate : candidates) {
    const double seconds = median(candidate.seconds);
    row[candidate.name] = operations / seconds / 1e9;
    fmt::print("  {} {:6.1f}", candidate.name, operations / seconds / 1e9);
    ratios[candidate.name].add(seconds / ours);
  }
  fmt::print("  ours/oneDNN {:.2f}\n", median(candidates[2].seconds) / ours);
  return row;
}

int run(const std::string& json_file, int rounds, const std::vector<int>& thread_counts, std::size_t only) {
  openblas_set_num_threads(static_cast<int>(std::thread::hardware_concurrency()));  // starts its threads
  spread_threads();
  const UseProduct<float> use(fastest_product<float>().product);
  nlohmann::json result = {{"context", measured_on()}};
  std::map<std::string, Ratios> ratios;
  const double peak = fma_peak();
  fmt::print("{}, FMA peak of a core {:.1f} GFLOP/s; the products in GFLOP/s, median of {} rounds:\n",
             simd_target(), peak, rounds);
  for (const int threads : thread_counts) {
    set_threads(threads);
    for (const Shape& shape : kShapes) {
      if (only == 0 || only == shape.rows * shape.cols * shape.inner)
        result["products"].push_back(measure(shape, threads, rounds, ratios));
    }
  }
  result["peak"] = peak;
  for (const auto& [name, over] : ratios) {
    if (name != "ours")
      fmt::print("ours / {}: geometric mean {:.3f}, least {:.3f}\n", name, over.geometric_mean(), over.least);
  }
  if (!json_file.empty()) std::ofstream(json_file) << result.dump(1) << '\n';
  return 0;
}

}  // namespace
}  // namespace nn

int main(int argc, char** argv) {
  CLI::App app("our product against OpenBLAS, oneDNN and Eigen");
  std::string json_file;
  int rounds = 11;
  std::vector<int> threads = {1, 2};
  app.add_option("--json", json_file, "also write the numbers to this file");
  app.add_option("--rounds", rounds, "the median is of so many");
  app.add_option("--threads", threads, "how many, one or several")->capture_default_str();
  std::size_t only = 0;
  app.add_option("--only", only,
                 "only the shapes with so many multiplications: rows times columns times inner");
  CLI11_PARSE(app, argc, argv);
  nn::hold_peers_to_our_target(argv);
  return nn::run(json_file, rounds, threads, only);
}

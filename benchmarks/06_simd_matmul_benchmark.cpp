// Every product of chapter 06 on squares and on the shapes of the classifier. Each is checked against three loops before
// it is timed. GFLOP/s: 2 * rows * cols * inner operations; peak: the share of what fused multiply-adds alone would do
// on as many cores, measured in the same run.
#include <benchmark/benchmark.h>
#include <cmath>
#include <stdexcept>

#include "01_matrix/matmul.hpp"
#include "06_simd_matmul/products.hpp"
#include "06_simd_matmul/random_matrix.hpp"
#include "common/parallel/thread_pool.hpp"
#include "main.hpp"
#include "peak.hpp"

namespace nn {
namespace {

struct Shape {
  const char* name;
  std::size_t rows, cols, inner;
};
// Batch 128; Aᵀ·B and A·Bᵀ have their shapes in the backward pass of 784-128-10.
const Shape kShapes[] = {{"32", 32, 32, 32},        {"64", 64, 64, 64},       {"128", 128, 128, 128},
                         {"256", 256, 256, 256},    {"512", 512, 512, 512},   {"1024", 1024, 1024, 1024},
                         {"hidden", 128, 128, 784}, {"output", 128, 10, 128}, {"wide", 128, 800, 784},
                         {"weights", 784, 128, 128}};

void check(const Matrix<float>& a, const Matrix<float>& b, const Matrix<float>& got) {
  const UseProduct<float> use(matmul_loop_order<float>);
  const Matrix<float> expected = matmul(a, b);
  for (std::size_t i = 0; i < got.size(); ++i) {
    if (!(std::abs(got.values()[i] - expected.values()[i]) <= 1e-3f))
      throw std::runtime_error("wrong product");
  }
}

double peak() {
  static const double measured = fma_peak();
  return measured;
}

void multiply(benchmark::State& state, Product<float> product, const Shape& shape, std::size_t threads) {
  set_thread_count(threads);
  Random random(1);
  const auto a = random_matrix(shape.rows, shape.inner, random);
  const auto b = random_matrix(shape.inner, shape.cols, random);
  Matrix<float> out;
  const UseProduct<float> use(product);
  matmul(a, b, out);
  check(a, b, out);
  for (auto _ : state) {
    matmul(a, b, out);
    benchmark::DoNotOptimize(out.data());
  }
  const double operations = 2.0 * static_cast<double>(shape.rows * shape.cols * shape.inner);
  const auto done = operations * static_cast<double>(state.iterations()) / 1e9;
  state.counters["GFLOP/s"] = benchmark::Counter(done, benchmark::Counter::kIsRate);
  state.counters["peak"] =
      benchmark::Counter(done / peak() / static_cast<double>(threads), benchmark::Counter::kIsRate);
  state.counters["rows"] = static_cast<double>(shape.rows);
  state.counters["cols"] = static_cast<double>(shape.cols);
  state.counters["inner"] = static_cast<double>(shape.inner);
}

void add_benchmarks() {
  for (const auto& p : products<float>()) {
    const bool uses_threads = std::string(p.name) == "threads" || std::string(p.name) == "fast";
    for (const std::size_t threads : {1u, 2u}) {
      if (threads > 1 && !uses_threads) continue;
      for (const Shape& shape : kShapes) {
        const std::string name =
            std::string(p.name) + "/" + shape.name + "/threads:" + std::to_string(threads);
        benchmark::RegisterBenchmark(name.c_str(),
                                     [product = p.product, shape, threads](benchmark::State& state) {
                                       multiply(state, product, shape, threads);
                                     })
            ->UseRealTime()
            ->Unit(benchmark::kMicrosecond);
      }
    }
  }
}

}  // namespace
}  // namespace nn

int main(int argc, char** argv) {
  nn::add_benchmarks();
  return nn::run_benchmarks(argc, argv,
                            {{"FMA peak of a core, GFLOP/s", std::to_string(nn::peak())},
                             {"memory that a core reads, GB/s", std::to_string(nn::read_bandwidth())}});
}

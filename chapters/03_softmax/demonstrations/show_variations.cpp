// log_sum_exp in one pass: the answer to the last exercise.
#include <fmt/format.h>

#include "03_softmax/softmax.hpp"
#include "common/terminal/demonstration.hpp"
#include "common/terminal/print.hpp"

namespace {

using nn::format_number;

std::string text(std::span<const double> row) {
  std::string numbers;
  for (const double value : row) numbers += (numbers.empty() ? "" : ", ") + format_number(value, 4);
  return numbers;
}

// [show one_pass]
// log_sum_exp in one pass: whenever a new maximum appears, the sum so far is rescaled by exp(old maximum - new one).
// row: not empty, all entries finite.
double log_sum_exp_in_one_pass(std::span<const double> row) {
  double m = row[0], sum = 1;
  for (const double z : row.subspan(1)) {
    if (z > m) {
      sum = sum * nn::exp(m - z) + 1;
      m = z;
    } else {
      sum += nn::exp(z - m);
    }
  }
  return m + nn::log(sum);
}
// [/show]

void one_pass() {
  nn::Table table({"logits", "log_sum_exp", "in one pass"});
  for (const nn::Matrix<double>& row :
       {nn::Matrix<double>{{3, 2, -2}}, nn::Matrix<double>{{-2, 2, 3}}, nn::Matrix<double>{{1003, 1002, 998}},
        nn::Matrix<double>{{0, 1000}}, nn::Matrix<double>{{-1000, -1000}}}) {
    table.add({text(row.row(0)), format_number(nn::log_sum_exp(nn::Logits<double>(row))[0]),
               format_number(log_sum_exp_in_one_pass(row.row(0)))});
  }
  table.print();
}

}  // namespace

int main(int argc, char** argv) {
  return nn::run_demonstration("03_softmax_variations", argc, argv, one_pass);
}

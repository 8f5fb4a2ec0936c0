// With -DMISTAKE: a loss from logits that is given probabilities. Compiled by tests/house/compile_failure_test.cpp.
#include "04_from_logits/cross_entropy.hpp"

double loss(const nn::Logits<double>& z, std::span<const std::uint8_t> labels) {
#ifdef MISTAKE
  return cross_entropy(softmax(z), labels);
#else
  return cross_entropy(z, labels);
#endif
}

// With -DMISTAKE: softmax of what went through softmax already. Compiled by tests/house/compile_failure_test.cpp.
#include "03_softmax/softmax.hpp"

nn::Probabilities<double> probabilities(const nn::Logits<double>& z) {
#ifdef MISTAKE
  return softmax(softmax(z));
#else
  return softmax(z);
#endif
}

// One fuzzer: libFuzzer calls it with inputs of its own until one of them is a finding.
#include "targets.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  nn::fuzz::NN_TARGET({data, size});
  return 0;
}

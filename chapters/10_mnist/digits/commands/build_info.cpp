#include "build_info.hpp"

namespace nn::digits {

BuildInfo build_info() { return {.compiler = NN_COMPILER, .type = NN_BUILD_TYPE, .overlay = NN_OVERLAY}; }

}  // namespace nn::digits

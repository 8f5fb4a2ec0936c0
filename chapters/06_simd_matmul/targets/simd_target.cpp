#include "06_simd_matmul/targets/simd_target.hpp"

#include <cstdio>
#include <cstdlib>
#include <stdexcept>

// CMakeLists.txt leaves out SVE and RVV, whose vectors have no size that the compiler knows (a kernel's sums are an array of
// vectors), and SSSE3, which no processor of the last fifteen years stops at.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "06_simd_matmul/targets/simd_target.cpp"
#include <hwy/foreach_target.h>  // before highway.h: includes this file once for every other target
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace nn::HWY_NAMESPACE {

const char* target_name() { return hwy::TargetName(HWY_TARGET); }
bool target_has_fma() { return HWY_NATIVE_FMA != 0; }

}  // namespace nn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace nn {
namespace {

HWY_EXPORT(target_name);
HWY_EXPORT(target_has_fma);

// The target of that name among those; 0 if there is none.
std::int64_t find_target(const std::vector<std::int64_t>& targets, const std::string& name) {
  for (const std::int64_t target : targets) {
    if (name == hwy::TargetName(target)) return target;
  }
  return 0;
}

std::string names_of(const std::vector<std::int64_t>& targets) {
  std::string names;
  for (const std::int64_t target : targets)
    names += (names.empty() ? "" : ", ") + std::string(hwy::TargetName(target));
  return names;
}

// Throws std::invalid_argument if NN_SIMD names no target that can run here.
std::vector<std::int64_t> find_allowed_targets() {
  hwy::SetSupportedTargetsForTest(0);
  const std::vector<std::int64_t> all = hwy::SupportedAndGeneratedTargets();
  const char* wanted = std::getenv("NN_SIMD");
  if (wanted == nullptr || *wanted == '\0') return all;
  if (const std::int64_t target = find_target(all, wanted)) return {target};
  throw std::invalid_argument("NN_SIMD=" + std::string(wanted) +
                              ": this processor has no SIMD target of that name; it has " + names_of(all));
}

const std::vector<std::int64_t>& allowed_targets() {
  static const std::vector<std::int64_t> targets = find_allowed_targets();
  return targets;
}

void choose(std::int64_t target) {
  hwy::SetSupportedTargetsForTest(target);
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
}

}  // namespace

std::vector<std::string> simd_targets() {
  std::vector<std::string> names;
  for (const std::int64_t target : allowed_targets()) names.emplace_back(hwy::TargetName(target));
  return names;
}

std::string simd_target() { return HWY_DYNAMIC_DISPATCH(target_name)(); }
bool simd_target_has_fma() { return HWY_DYNAMIC_DISPATCH(target_has_fma)(); }

void use_simd_target(const std::string& name) {
  const std::int64_t target = name.empty() ? allowed_targets().front() : find_target(allowed_targets(), name);
  if (target == 0)
    throw std::invalid_argument("there is no SIMD target '" + name + "' here, only " +
                                names_of(allowed_targets()));
  choose(target);
}

bool detail::apply_nn_simd() {
  try {
    use_simd_target("");
    return true;
  } catch (const std::invalid_argument& error) {
    std::fprintf(stderr, "%s\n", error.what());
    std::_Exit(2);
  }
}

}  // namespace nn
#endif

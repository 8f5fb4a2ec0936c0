#include "09_fast_training/kernels/adam_update.hpp"

#include <cmath>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "09_fast_training/kernels/adam_update.cpp"
#include <hwy/cache_control.h>
#include <hwy/foreach_target.h>  // before highway.h: includes this file once for every other target
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace nn::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// Takes the gradients i, i + 1, ..., as many as d has lanes, into both means and returns the new weights. Each operation
// rounds the same in every lane as alone, so the bits are those of Adam::update. (Not on 32-bit ARM, whose vectors only
// estimate quotients and roots.)
template <class D>
HWY_INLINE hn::Vec<D> new_weights(D d, const AdamFactors& f, const ParameterSlice<float>& p, std::size_t i) {
  float *const means = p.state[0].data(), *const squares = p.state[1].data();
  const auto g = hn::LoadU(d, p.g.data() + i);
  const auto m = hn::Add(hn::Mul(hn::Set(d, f.beta1), hn::LoadU(d, means + i)),
                         hn::Mul(hn::Set(d, f.one_minus_beta1), g));
  const auto v = hn::Add(hn::Mul(hn::Set(d, f.beta2), hn::LoadU(d, squares + i)),
                         hn::Mul(hn::Mul(hn::Set(d, f.one_minus_beta2), g), g));
  hn::StoreU(m, d, means + i);
  hn::StoreU(v, d, squares + i);
  const auto step = hn::Div(hn::Mul(hn::Set(d, f.rate), m), hn::Add(hn::Sqrt(v), hn::Set(d, f.small)));
  return hn::Sub(hn::LoadU(d, p.w.data() + i), step);
}

void update_weights(const AdamFactors& f, const ParameterSlice<float>& p, bool shared) {
  const hn::ScalableTag<float> d;
  const hn::CappedTag<float, 1> one;
  const std::size_t lanes = hn::Lanes(d), end = p.size();
  float* const w = p.w.data();
  std::size_t i = 0;
  if (shared) {
    for (; i + lanes <= end; i += lanes) hn::Stream(new_weights(d, f, p, i), d, w + i);
    hwy::FlushStream();
  } else {
    for (; i + lanes <= end; i += lanes) hn::StoreU(new_weights(d, f, p, i), d, w + i);
  }
  for (; i < end; ++i) hn::StoreU(new_weights(one, f, p, i), one, w + i);
}

}  // namespace nn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace nn {

HWY_EXPORT(update_weights);

AdamFactors adam_factors(const Adam<float>& adam, float learning_rate) {
  const auto [beta1, beta2, epsilon] = adam.options();
  const float root = std::sqrt(adam.bias_correction2());
  return {.rate = learning_rate * root / adam.bias_correction1(),
          .beta1 = static_cast<float>(beta1),
          .one_minus_beta1 = static_cast<float>(1 - beta1),
          .beta2 = static_cast<float>(beta2),
          .one_minus_beta2 = static_cast<float>(1 - beta2),
          .small = static_cast<float>(epsilon) * root};
}

void adam_update(const AdamFactors& factors, const ParameterSlice<float>& slice, bool shared) {
  HWY_DYNAMIC_DISPATCH(update_weights)(factors, slice, shared);
}

SliceUpdate::SliceUpdate(const Optimizer<float>& optimizer, float learning_rate)
    : optimizer_(optimizer), learning_rate_(learning_rate) {
  if (const auto* adam = dynamic_cast<const Adam<float>*>(&optimizer))
    adam_ = adam_factors(*adam, learning_rate);
}

void SliceUpdate::operator()(const ParameterSlice<float>& slice, bool shared) const {
  if (adam_) return adam_update(*adam_, slice, shared);
  optimizer_.update(slice, learning_rate_);
}

}  // namespace nn
#endif

// adam_update() for every SIMD instruction set, as chapter 06 does it for products.
// (No #pragma once: Highway includes this file once for each.)
#include <hwy/cache_control.h>
#include <hwy/highway.h>

#include "09_fast_training/adam_update.hpp"

HWY_BEFORE_NAMESPACE();
namespace nn::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// Takes the gradients i, i + 1, ..., as many as d has lanes, into both means and returns the new weights. Each operation
// rounds the same in every lane as alone, so the bits are those of Adam::update. (Not on 32-bit ARM, whose vectors only
// estimate quotients and roots.)
template <class D>
HWY_INLINE hn::Vec<D> new_weights(D d, const detail::AdamFactors& f, const ParameterSlice<float>& p,
                                  std::size_t i) {
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

inline void update_weights(const detail::AdamFactors& f, const ParameterSlice<float>& p, bool shared) {
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

// adam_update() for every kind of processor, as chapter 06 does it for products.
// (No #pragma once: Highway includes this file once for each.)
#include <hwy/cache_control.h>
#include <hwy/highway.h>

#include "10_mnist/adam_update.hpp"

HWY_BEFORE_NAMESPACE();
namespace nn::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// Takes the gradients i, i + 1, ..., as many as d has lanes, into both means and returns the new weights. Each operation
// rounds the same in every lane as alone, so the bits are those of Adam::step. (Not on 32-bit ARM, whose vectors only
// estimate quotients and roots.)
template <class D>
HWY_INLINE hn::Vec<D> new_weights(D d, const detail::AdamNumbers& n, const TensorAtWork& t, std::size_t i) {
  const auto g = hn::LoadU(d, t.g + i);
  const auto m =
      hn::Add(hn::Mul(hn::Set(d, n.beta1), hn::LoadU(d, t.first + i)), hn::Mul(hn::Set(d, n.rest1), g));
  const auto v = hn::Add(hn::Mul(hn::Set(d, n.beta2), hn::LoadU(d, t.second + i)),
                         hn::Mul(hn::Mul(hn::Set(d, n.rest2), g), g));
  hn::StoreU(m, d, t.first + i);
  hn::StoreU(v, d, t.second + i);
  const auto step = hn::Div(hn::Mul(hn::Set(d, n.rate), m), hn::Add(hn::Sqrt(v), hn::Set(d, n.small)));
  return hn::Sub(hn::LoadU(d, t.w + i), step);
}

inline void move_weights(detail::AdamNumbers n, TensorAtWork t, std::size_t begin, std::size_t end,
                         bool shared) {
  const hn::ScalableTag<float> d;
  const hn::CappedTag<float, 1> one;
  const std::size_t lanes = hn::Lanes(d);
  std::size_t i = begin;
  if (shared) {
    for (; i + lanes <= end; i += lanes) hn::Stream(new_weights(d, n, t, i), d, t.w + i);
    hwy::FlushStream();
  } else {
    for (; i + lanes <= end; i += lanes) hn::StoreU(new_weights(d, n, t, i), d, t.w + i);
  }
  for (; i < end; ++i) hn::StoreU(new_weights(one, n, t, i), one, t.w + i);
}

}  // namespace nn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

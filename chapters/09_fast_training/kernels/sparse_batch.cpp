#include "09_fast_training/kernels/sparse_batch.hpp"

#include <algorithm>
#include <type_traits>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "09_fast_training/kernels/sparse_batch.cpp"
#include <hwy/foreach_target.h>  // before highway.h: includes this file once for every other target
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace nn::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// Appends the pixels begin .. end - 1 that are not 0, and returns how many these are. Behind the last one written there
// must be room for a vector.
std::size_t append_nonzero(const std::uint8_t* pixels, std::size_t begin, std::size_t end,
                           const InputTransform& input, std::uint32_t* pixel, float* x) {
  const hn::ScalableTag<float> d;
  const hn::RebindToSigned<decltype(d)> di;
  const hn::RebindToUnsigned<decltype(d)> du;
  const hn::Rebind<std::uint8_t, decltype(d)> bytes;
  const std::size_t lanes = hn::Lanes(d);
  const auto white = hn::Set(d, 255.0f), scale = hn::Set(d, input.deviation);
  std::size_t count = 0, p = begin;
  for (; p + lanes <= end; p += lanes) {
    const auto value = hn::PromoteTo(di, hn::LoadU(bytes, pixels + p));
    const auto mask = hn::Ne(value, hn::Zero(di));
    if (hn::AllFalse(di, mask)) continue;
    auto number = hn::Div(hn::ConvertTo(d, value), white);
    if (input.deviation != 1) number = hn::Div(number, scale);
    hn::StoreU(hn::Compress(hn::Iota(du, static_cast<std::uint32_t>(p)), hn::RebindMask(du, mask)), du,
               pixel + count);
    hn::StoreU(hn::Compress(number, hn::RebindMask(d, mask)), d, x + count);
    count += hn::CountTrue(di, mask);
  }
  for (; p < end; ++p) {
    if (pixels[p] == 0) continue;
    pixel[count] = static_cast<std::uint32_t>(p);
    x[count++] = input(static_cast<float>(pixels[p]) / 255.0f);
  }
  return count;
}

// What a thread does at a time: kVectors vectors of columns, from the column at which w, g, out and grad begin.

// Whether none of these weights, of the rows begin .. end - 1, is NaN or infinite: then all bits of its exponent are 1.
template <std::size_t kVectors, class D>
HWY_INLINE bool are_finite(D d, const float* w, std::size_t width, std::size_t begin, std::size_t end) {
  const hn::RebindToUnsigned<D> du;
  const auto exponent = hn::Set(du, 0x7f800000u);
  auto found = hn::Eq(exponent, hn::Zero(du));  // none
  for (std::size_t p = begin; p < end; ++p) {
    for (std::size_t v = 0; v < kVectors; ++v) {
      const auto bits = hn::BitCast(du, hn::LoadU(d, w + p * width + v * hn::Lanes(d)));
      found = hn::Or(found, hn::Eq(hn::And(bits, exponent), exponent));
    }
  }
  return hn::AllFalse(du, found);
}

// [show times_columns]
// The sums over a block go on from those of the block before, so that they run over the pixels from left to right.
template <std::size_t kVectors, class D>
void times_columns(D d, const SparseBatch& x, std::size_t block, const float* w, std::size_t width,
                   float* out) {
  const std::size_t lanes = hn::Lanes(d);
  hn::Vec<D> sums[kVectors];
  for (std::size_t i = 0; i < x.images(); ++i, out += width) {
    const SparseBatch::Entries e = x.entries(i, block);
    for (std::size_t v = 0; v < kVectors; ++v)
      sums[v] = block == 0 ? hn::Zero(d) : hn::LoadU(d, out + v * lanes);
    for (std::size_t n = 0; n < e.count; ++n) {
      const float* row = w + e.pixel[n] * width;
      const auto number = hn::Set(d, e.x[n]);
      for (std::size_t v = 0; v < kVectors; ++v)
        sums[v] = hn::MulAdd(number, hn::LoadU(d, row + v * lanes), sums[v]);
    }
    for (std::size_t v = 0; v < kVectors; ++v) hn::StoreU(sums[v], d, out + v * lanes);
  }
}
// [/show]

// Adds image after image, so that the sums run over the examples in the order of the batch.
template <std::size_t kVectors, class D>
void add_gradient(D d, const SparseBatch& x, std::size_t block, const float* g, std::size_t width,
                  float* grad) {
  const std::size_t lanes = hn::Lanes(d);
  hn::Vec<D> of_image[kVectors];
  for (std::size_t i = 0; i < x.images(); ++i, g += width) {
    const SparseBatch::Entries e = x.entries(i, block);
    for (std::size_t v = 0; v < kVectors; ++v) of_image[v] = hn::LoadU(d, g + v * lanes);
    for (std::size_t n = 0; n < e.count; ++n) {
      float* row = grad + e.pixel[n] * width;
      const auto number = hn::Set(d, e.x[n]);
      for (std::size_t v = 0; v < kVectors; ++v)
        hn::StoreU(hn::MulAdd(number, of_image[v], hn::LoadU(d, row + v * lanes)), d, row + v * lanes);
    }
  }
}

// work(kVectors, d, column) for the columns begin .. end - 1 in groups as wide as the registers allow: sums of 8 vectors,
// then of fewer, then single columns.
template <class Work>
HWY_INLINE void for_column_groups(std::size_t begin, std::size_t end, const Work& work) {
  const hn::ScalableTag<float> d;
  const std::size_t lanes = hn::Lanes(d);
  std::size_t j = begin;
  for (; j + 8 * lanes <= end; j += 8 * lanes) work(std::integral_constant<std::size_t, 8>(), d, j);
  for (; j + 4 * lanes <= end; j += 4 * lanes) work(std::integral_constant<std::size_t, 4>(), d, j);
  for (; j + lanes <= end; j += lanes) work(std::integral_constant<std::size_t, 1>(), d, j);
  for (; j < end; ++j) work(std::integral_constant<std::size_t, 1>(), hn::CappedTag<float, 1>(), j);
}

bool times(const SparseBatch& x, const Matrix<float>& w, std::size_t begin, std::size_t end,
           Matrix<float>& out) {
  bool finite = true;
  const std::size_t width = w.cols();
  for_column_groups(begin, end, [&](auto vectors, auto d, std::size_t j) {
    const float* columns = w.data() + j;
    for (std::size_t block = 0; block < x.blocks(); ++block) {
      const std::size_t first = block * SparseBatch::kBlock,
                        last = std::min(first + SparseBatch::kBlock, x.pixels());
      finite = finite && are_finite<vectors()>(d, columns, width, first, last);
      times_columns<vectors()>(d, x, block, columns, width, out.data() + j);
    }
  });
  return finite;
}

void gradient(const SparseBatch& x, std::size_t block, const Matrix<float>& g, std::size_t begin,
              std::size_t end, Matrix<float>& grad) {
  const std::size_t first = block * SparseBatch::kBlock,
                    last = std::min(first + SparseBatch::kBlock, x.pixels());
  for (std::size_t p = first; p < last; ++p) std::fill(&grad(p, begin), &grad(p, begin) + (end - begin), 0.0f);
  for_column_groups(begin, end, [&](auto vectors, auto d, std::size_t j) {
    add_gradient<vectors()>(d, x, block, g.data() + j, g.cols(), grad.data() + j);
  });
}

}  // namespace nn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace nn {

HWY_EXPORT(append_nonzero);
HWY_EXPORT(times);
HWY_EXPORT(gradient);

void SparseBatch::resize(std::size_t images, std::size_t pixels) {
  images_ = images, pixels_ = pixels;
  blocks_ = (pixels + kBlock - 1) / kBlock;
  stride_ = pixels + kBlock;  // room for a vector behind the last pixel
  pixel_.resize(images * stride_), x_.resize(images * stride_);
  starts_.resize(images * (blocks_ + 1));
}

void SparseBatch::set(std::size_t i, const std::uint8_t* pixels, const InputTransform& input) {
  std::uint32_t* starts = starts_.data() + i * (blocks_ + 1);
  std::uint32_t* pixel = pixel_.data() + i * stride_;
  float* x = x_.data() + i * stride_;
  std::size_t count = 0;
  for (std::size_t block = 0; block < blocks_; ++block) {
    starts[block] = static_cast<std::uint32_t>(count);
    count += HWY_DYNAMIC_DISPATCH(append_nonzero)(pixels, block * kBlock,
                                                  std::min((block + 1) * kBlock, pixels_), input,
                                                  pixel + count, x + count);
  }
  starts[blocks_] = static_cast<std::uint32_t>(count);
}

bool sparse_times(const SparseBatch& x, const Matrix<float>& w, std::size_t begin, std::size_t end,
                  Matrix<float>& out) {
  return HWY_DYNAMIC_DISPATCH(times)(x, w, begin, end, out);
}

void sparse_gradient(const SparseBatch& x, std::size_t block, const Matrix<float>& g, std::size_t begin,
                     std::size_t end, Matrix<float>& grad) {
  HWY_DYNAMIC_DISPATCH(gradient)(x, block, g, begin, end, grad);
}

}  // namespace nn
#endif

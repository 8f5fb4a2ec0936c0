#include "09_fast_training/kernels/sparse_batch.hpp"

#include <bit>
#include <type_traits>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "09_fast_training/kernels/sparse_batch.cpp"
#include <hwy/foreach_target.h>  // before highway.h: includes this file once for every other target
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace nn::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// Bit p is set if pixel p of these kBlock is not 0.
std::uint64_t nonzero_bits(const std::uint8_t* pixels) {
  static_assert(SparseBatch::kBlock == 64, "a block's bits fill a word");
  const hn::CappedTag<std::uint8_t, SparseBatch::kBlock> d;
  std::uint64_t word = 0;
  if constexpr (hn::MaxLanes(decltype(d)()) < 8) {  // StoreMaskBits writes whole bytes
    for (std::size_t p = 0; p < SparseBatch::kBlock; ++p) word |= std::uint64_t{pixels[p] != 0} << p;
  } else {
    for (std::size_t p = 0; p < SparseBatch::kBlock; p += hn::Lanes(d))
      hn::StoreMaskBits(d, hn::Ne(hn::LoadU(d, pixels + p), hn::Zero(d)),
                        reinterpret_cast<std::uint8_t*>(&word) + p / 8);
  }
  return word;
}

// What a thread does at a time: kVectors vectors of columns, from the column at which w, out, g and grad begin.

// Whether no weight in the rows begin .. end - 1 is NaN or infinite: all bits of such a number's exponent are 1.
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

// sums += the rows of m at the nonzeros, each times its number.
template <std::size_t kVectors, class D>
HWY_INLINE void add_rows(D d, std::span<const Nonzero> nonzeros, const float* m, std::size_t width,
                         hn::Vec<D> (&sums)[kVectors]) {
  for (const Nonzero& nonzero : nonzeros) {
    const float* row = m + nonzero.index * width;
    const auto x = hn::Set(d, nonzero.x);
    for (std::size_t v = 0; v < kVectors; ++v)
      sums[v] = hn::MulAdd(x, hn::LoadU(d, row + v * hn::Lanes(d)), sums[v]);
  }
}

// The sums over a block of pixels go on from those of the block before, so that they run from left to right.
template <std::size_t kVectors, class D>
void times_columns(D d, const SparseBatch& x, std::size_t block, const float* w, std::size_t width,
                   float* out) {
  hn::Vec<D> sums[kVectors];
  for (std::size_t i = 0; i < x.images(); ++i, out += width) {
    for (std::size_t v = 0; v < kVectors; ++v)
      sums[v] = block == 0 ? hn::Zero(d) : hn::LoadU(d, out + v * hn::Lanes(d));
    add_rows<kVectors>(d, x.of_image(i, block, block + 1), w, width, sums);
    for (std::size_t v = 0; v < kVectors; ++v) hn::StoreU(sums[v], d, out + v * hn::Lanes(d));
  }
}

template <std::size_t kVectors, class D>
void gradient_columns(D d, const SparseBatch& x, std::size_t block, const float* g, std::size_t width,
                      float* grad) {
  hn::Vec<D> sums[kVectors];
  for (std::size_t p = x.block_begin(block); p < x.block_end(block); ++p) {
    for (std::size_t v = 0; v < kVectors; ++v) sums[v] = hn::Zero(d);
    add_rows<kVectors>(d, x.of_pixel(p), g, width, sums);
    for (std::size_t v = 0; v < kVectors; ++v) hn::StoreU(sums[v], d, grad + p * width + v * hn::Lanes(d));
  }
}

// work(kVectors, d, column) for the columns begin .. end - 1, in groups as wide as the registers allow, then narrower
// ones, then single columns.
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
  for_column_groups(begin, end, [&](auto vectors, auto d, std::size_t j) {
    for (std::size_t block = 0; block < x.blocks(); ++block) {
      finite = finite &&
               are_finite<vectors()>(d, w.data() + j, w.cols(), x.block_begin(block), x.block_end(block));
      times_columns<vectors()>(d, x, block, w.data() + j, w.cols(), out.data() + j);
    }
  });
  return finite;
}

void gradient(const SparseBatch& x, std::size_t block, const Matrix<float>& g, std::size_t begin,
              std::size_t end, Matrix<float>& grad) {
  for_column_groups(begin, end, [&](auto vectors, auto d, std::size_t j) {
    gradient_columns<vectors()>(d, x, block, g.data() + j, g.cols(), grad.data() + j);
  });
}

}  // namespace nn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace nn {

HWY_EXPORT(nonzero_bits);
HWY_EXPORT(times);
HWY_EXPORT(gradient);

SparseBatch::SparseBatch(const InputTransform& input) {
  for (std::size_t value = 0; value < x_of_value_.size(); ++value)
    x_of_value_[value] = input(static_cast<float>(value) / 255.0f);
}

void SparseBatch::resize(std::size_t images, std::size_t pixels) {
  images_ = images, pixels_ = pixels;
  blocks_ = (pixels + kBlock - 1) / kBlock;
  of_images_.resize(images * pixels), of_pixels_.resize(images * pixels);
  image_starts_.resize(images * (blocks_ + 1));
  for (std::vector<std::uint32_t>* of_pixels : {&pixel_starts_, &pixel_ends_, &next_})
    of_pixels->resize(blocks_ * kBlock);
}

void SparseBatch::set_image(std::size_t i, const std::uint8_t* pixels) {
  std::uint32_t* starts = image_starts_.data() + i * (blocks_ + 1);
  Nonzero *const first = of_images_.data() + i * pixels_, *next = first;
  for (std::size_t block = 0; block < blocks_; ++block) {
    starts[block] = static_cast<std::uint32_t>(next - first);
    const std::size_t begin = block_begin(block), size = block_end(block) - begin;
    std::array<std::uint8_t, kBlock> last{};  // with zeros behind the last pixel
    if (size < kBlock) std::copy_n(pixels + begin, size, last.data());
    std::uint64_t word = HWY_DYNAMIC_DISPATCH(nonzero_bits)(size < kBlock ? last.data() : pixels + begin);
    for (; word != 0; word &= word - 1) {
      const std::size_t p = begin + static_cast<std::size_t>(std::countr_zero(word));
      *next++ = {static_cast<std::uint32_t>(p), x_of_value_[pixels[p]]};
    }
  }
  starts[blocks_] = static_cast<std::uint32_t>(next - first);
}

// Counting sort: how many images each pixel has, where each pixel's begin, then image after image to its place.
void SparseBatch::transpose(std::size_t first_block, std::size_t last_block) {
  const std::size_t begin = block_begin(first_block), end = block_begin(last_block);
  std::uint32_t* const next = next_.data();
  std::fill(next + begin, next + end, 0);
  for (std::size_t i = 0; i < images_; ++i) {
    for (const auto& [p, x] : of_image(i, first_block, last_block)) ++next[p];
  }
  // Those of the first pixel begin where there is room whatever the blocks before hold.
  auto at = static_cast<std::uint32_t>(begin * images_);
  for (std::size_t p = begin; p < end; ++p) {
    const std::uint32_t count = next[p];
    pixel_starts_[p] = next[p] = at;
    pixel_ends_[p] = at += count;
  }
  for (std::size_t i = 0; i < images_; ++i) {
    for (const auto& [p, x] : of_image(i, first_block, last_block))
      of_pixels_[next[p]++] = {static_cast<std::uint32_t>(i), x};
  }
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

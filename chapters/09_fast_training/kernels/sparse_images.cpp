#include "09_fast_training/kernels/sparse_images.hpp"

#include <bit>
#include <type_traits>

#include "common/parallel/thread_pool.hpp"
#include "common/random.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "09_fast_training/kernels/sparse_images.cpp"
#include <hwy/cache_control.h>
#include <hwy/foreach_target.h>  // before highway.h: includes this file once for every other target
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace nn::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// Bit p is set if pixel p of these kBlock is not 0.
std::uint64_t nonzero_bits(const std::uint8_t* pixels) {
  static_assert(SparseImages::kBlock == 64, "a block's bits fill a word");
  const hn::CappedTag<std::uint8_t, SparseImages::kBlock> d;
  std::uint64_t word = 0;
  if constexpr (hn::MaxLanes(decltype(d)()) < 8) {  // StoreMaskBits writes whole bytes
    for (std::size_t p = 0; p < SparseImages::kBlock; ++p) word |= std::uint64_t{pixels[p] != 0} << p;
  } else {
    for (std::size_t p = 0; p < SparseImages::kBlock; p += hn::Lanes(d))
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

// w: the row of the block's first pixel. The sums over a block of pixels go on from those of the block before, so that they run from left to right.
template <std::size_t kVectors, class D>
void times_columns(D d, const SparseImages& images, std::span<const std::size_t> batch, const float* numbers,
                   std::size_t block, const float* w, std::size_t width, float* out) {
  hn::Vec<D> sums[kVectors];
  for (const std::size_t image : batch) {
    for (std::size_t v = 0; v < kVectors; ++v)
      sums[v] = block == 0 ? hn::Zero(d) : hn::LoadU(d, out + v * hn::Lanes(d));
    for (const SparseImages::Pixel pixel : images.of_image(image, block)) {
      const float* row = w + pixel.place * width;
      const auto x = hn::Set(d, numbers[pixel.value]);
      for (std::size_t v = 0; v < kVectors; ++v)
        sums[v] = hn::MulAdd(x, hn::LoadU(d, row + v * hn::Lanes(d)), sums[v]);
    }
    for (std::size_t v = 0; v < kVectors; ++v) hn::StoreU(sums[v], d, out + v * hn::Lanes(d));
    out += width;
  }
}

template <std::size_t kVectors, class D>
void gradient_columns(D d, const TransposedBatch& batch, const float* numbers, std::size_t first,
                      std::size_t last, const float* g, std::size_t width, float* grad,
                      std::size_t grad_width) {
  hn::Vec<D> sums[kVectors];
  for (std::size_t p = first; p < last; ++p, grad += grad_width) {
    for (std::size_t v = 0; v < kVectors; ++v) sums[v] = hn::Zero(d);
    for (const TransposedBatch::Entry entry : batch.of_pixel(p)) {
      const float* row = g + entry.image * width;
      const auto x = hn::Set(d, numbers[entry.value]);
      for (std::size_t v = 0; v < kVectors; ++v)
        sums[v] = hn::MulAdd(x, hn::LoadU(d, row + v * hn::Lanes(d)), sums[v]);
    }
    for (std::size_t v = 0; v < kVectors; ++v) hn::StoreU(sums[v], d, grad + v * hn::Lanes(d));
  }
}

// work(number of vectors, d, column) for the columns begin .. end - 1, in groups of as many vectors as the registers hold
// sums for, then what is left in one group, then single columns.
template <std::size_t kMost = 8, class Work>
HWY_INLINE void for_column_groups(std::size_t begin, std::size_t end, const Work& work) {
  const hn::ScalableTag<float> d;
  const std::size_t width = kMost * hn::Lanes(d);
  std::size_t j = begin;
  for (; j + width <= end; j += width) work(std::integral_constant<std::size_t, kMost>(), d, j);
  if constexpr (kMost > 1) {
    for_column_groups<kMost - 1>(j, end, work);
  } else {
    for (; j < end; ++j) work(std::integral_constant<std::size_t, 1>(), hn::CappedTag<float, 1>(), j);
  }
}

bool times(const SparseImages& images, std::span<const std::size_t> batch, const NumberOfValue& numbers,
           const Matrix<float>& w, std::size_t begin, std::size_t end, Matrix<float>& out) {
  bool finite = true;
  for_column_groups(begin, end, [&](auto vectors, auto d, std::size_t j) {
    for (std::size_t block = 0; block < images.blocks(); ++block) {
      finite = finite && are_finite<vectors()>(d, w.data() + j, w.cols(), images.block_begin(block),
                                               images.block_end(block));
      times_columns<vectors()>(d, images, batch, numbers.data(), block, &w(images.block_begin(block), j),
                               w.cols(), out.data() + j);
    }
  });
  return finite;
}

void gradient(const TransposedBatch& batch, const NumberOfValue& numbers, std::size_t first, std::size_t last,
              const Matrix<float>& g, std::size_t begin, std::size_t end, Matrix<float>& grad) {
  for_column_groups(begin, end, [&](auto vectors, auto d, std::size_t j) {
    gradient_columns<vectors()>(d, batch, numbers.data(), first, last, g.data() + j, g.cols(),
                                grad.data() + (j - begin), grad.cols());
  });
}

}  // namespace nn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace nn {

HWY_EXPORT(nonzero_bits);
HWY_EXPORT(times);
HWY_EXPORT(gradient);

namespace {

// work(p) for the pixels begin .. end - 1 that are not 0; not more than a block.
template <class Work>
void for_nonzero_pixels(const std::uint8_t* pixels, std::size_t begin, std::size_t end, const Work& work) {
  constexpr std::size_t kBlock = SparseImages::kBlock;
  const std::size_t size = end - begin;
  std::array<std::uint8_t, kBlock> last{};  // with zeros behind the last pixel
  if (size < kBlock) std::copy_n(pixels + begin, size, last.data());
  std::uint64_t word = HWY_DYNAMIC_DISPATCH(nonzero_bits)(size < kBlock ? last.data() : pixels + begin);
  for (; word != 0; word &= word - 1) work(begin + static_cast<std::size_t>(std::countr_zero(word)));
}

}  // namespace

double density(const LabeledImages& images) {
  constexpr std::size_t kDrawn = 1000;
  const std::size_t pixels = images.height * images.width;
  Random random(1);
  std::size_t nonzero = 0;
  for (std::size_t n = 0; n < kDrawn && images.count > 0; ++n) {
    const auto image = images.image(random.below(images.count));
    nonzero += pixels - static_cast<std::size_t>(std::count(image.begin(), image.end(), 0));
  }
  return static_cast<double>(nonzero) / static_cast<double>(kDrawn * pixels);
}

void SparseImages::set(const LabeledImages& images) {
  count_ = images.count, pixels_ = images.height * images.width;
  starts_.resize(count_ + 1);
  const std::size_t min_images = 8'000 / pixels_ + 1;
  // How long each record is, where each begins, then the records.
  parallel_for(images.count, min_images, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      const auto image = images.image(i);
      starts_[i + 1] =
          blocks() + pixels_ - static_cast<std::size_t>(std::count(image.begin(), image.end(), 0));
    }
  });
  for (std::size_t i = 0; i < images.count; ++i) starts_[i + 1] += starts_[i];
  records_.resize(starts_.back());
  nonzeros_ = records_.size() - count_ * blocks();
  parallel_for(images.count, min_images, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      const std::uint8_t* image = images.image(i).data();
      std::uint16_t *const ends = records_.data() + starts_[i], *const first = ends + blocks();
      auto* next = reinterpret_cast<Pixel*>(first);
      for (std::size_t block = 0; block < blocks(); ++block) {
        const std::size_t at = block_begin(block);
        for_nonzero_pixels(image, at, block_end(block), [&](std::size_t p) {
          *next++ = {image[p], static_cast<std::uint8_t>(p - at)};
        });
        ends[block] = static_cast<std::uint16_t>(next - reinterpret_cast<Pixel*>(first));
      }
    }
  });
}

void SparseImages::fetch(std::span<const std::size_t> batch) const {
  constexpr std::size_t kNumbersPerLine = kAlignment / sizeof(std::uint16_t);
  for (const std::size_t image : batch) {
    for (std::size_t k = starts_[image]; k < starts_[image + 1]; k += kNumbersPerLine)
      hwy::Prefetch(records_.data() + k);
  }
}

NumberOfValue number_of_value(const InputTransform& input) {
  NumberOfValue numbers;
  for (std::size_t value = 0; value < numbers.size(); ++value)
    numbers[value] = input(static_cast<float>(value) / 255.0f);
  return numbers;
}

void TransposedBatch::set(const SparseImages& images, std::span<const std::size_t> batch) {
  images_ = batch.size();
  entries_.resize(images.pixels() * images_);
  counts_.assign(images.pixels(), 0);
  for (std::size_t i = 0; i < batch.size(); ++i) {
    for (std::size_t block = 0; block < images.blocks(); ++block) {
      for (const SparseImages::Pixel pixel : images.of_image(batch[i], block)) {
        const std::size_t p = images.block_begin(block) + pixel.place;
        entries_[p * images_ + counts_[p]++] = {static_cast<std::uint32_t>(i) & 0xffffff, pixel.value};
      }
    }
  }
}

bool sparse_times(const SparseImages& images, std::span<const std::size_t> batch,
                  const NumberOfValue& numbers, const Matrix<float>& w, std::size_t begin, std::size_t end,
                  Matrix<float>& out) {
  return HWY_DYNAMIC_DISPATCH(times)(images, batch, numbers, w, begin, end, out);
}

void sparse_gradient(const TransposedBatch& batch, const NumberOfValue& numbers, std::size_t first,
                     std::size_t last, const Matrix<float>& g, std::size_t begin, std::size_t end,
                     Matrix<float>& grad) {
  HWY_DYNAMIC_DISPATCH(gradient)(batch, numbers, first, last, g, begin, end, grad);
}

}  // namespace nn
#endif

// page_native_numbers MODEL PICTURE: what the page must show for a picture, computed by the same code natively: for each
// digit a line with the bits of its ten probabilities. The product is the page's, since one with fused multiply-add
// rounds differently.
#include <bit>
#include <fmt/format.h>

#include "01_matrix/digits_as_matrix.hpp"
#include "03_softmax/softmax.hpp"
#include "06_simd_matmul/matmul_loop_order.hpp"
#include "10_mnist/handwriting/prepare.hpp"
#include "10_mnist/model_file.hpp"
#include "common/files/image.hpp"

int main(int argc, char** argv) {
  using namespace nn;
  if (argc != 3) return 2;
  current_product<float> = matmul_loop_order<float>;
  Network<float> network = load_model(argv[1]);
  for (const PreparedDigit& digit : prepare_digits(read_gray_image(argv[2])).digits) {
    const auto x = pixels_as_rows<float>(digit.pixels.pixels, 784);
    const Matrix<float> p = softmax(network.forward(x)).values;
    for (const float value : p.row(0)) fmt::print("{:08x} ", std::bit_cast<std::uint32_t>(value));
    fmt::print("\n");
  }
}

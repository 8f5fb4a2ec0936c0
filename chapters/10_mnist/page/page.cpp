// The browser page's C++: what page.js calls, compiled to WebAssembly. All of it is the chapters' own code, the reader's
// where the build takes theirs. Results stay in this file until the next call; JavaScript reads them through pointers.
#include <emscripten.h>
#include <string>
#include <vector>

#include "01_matrix/argmax.hpp"
#include "01_matrix/digits_as_matrix.hpp"
#include "03_softmax/softmax.hpp"
#include "06_simd_matmul/matmul_loop_order.hpp"
#include "10_mnist/handwriting/prepare.hpp"
#include "10_mnist/model_file.hpp"
#include "common/data/mnist.hpp"
#include "common/error.hpp"

namespace nn::page {
namespace {

std::string last_message;
Network<float> network;
std::vector<std::uint8_t> file_bytes;

// What was found on the last picture: four numbers of each box, 28 x 28 pixels, ten probabilities.
Preparation preparation;
std::vector<float> boxes, probabilities;
std::vector<std::uint8_t> pixels;
std::vector<Picture> steps;
std::vector<std::string> step_names;

// Calls work and returns 1; if it throws, keeps the message and returns 0.
template <class Work>
int try_to(const Work& work) {
  last_message.clear();
  try {
    work();
    return 1;
  } catch (const std::exception& error) {
    last_message = error.what();
    return 0;
  }
}

void classify_all() {
  boxes.clear(), probabilities.clear(), pixels.clear();
  for (const PreparedDigit& digit : preparation.digits) {
    for (const std::size_t value : {digit.box.left, digit.box.top, digit.box.width, digit.box.height})
      boxes.push_back(static_cast<float>(value));
    pixels.insert(pixels.end(), digit.pixels.pixels.begin(), digit.pixels.pixels.end());
    const auto x = pixels_as_rows<float>(digit.pixels.pixels, 784);
    const Matrix<float> p = softmax(network.forward(x)).values;
    probabilities.insert(probabilities.end(), p.row(0).begin(), p.row(0).end());
  }
}

void take_model(Network<float> model) {
  if (input_width(model) != 784 || output_width(model) != kClasses)
    throw Error("the model does not go from 28 x 28 pixels to ten digits");
  network = std::move(model);
}

}  // namespace
}  // namespace nn::page

using namespace nn;
using namespace nn::page;

extern "C" {

EMSCRIPTEN_KEEPALIVE const char* message() { return last_message.c_str(); }

EMSCRIPTEN_KEEPALIVE int load_model_bytes(const std::uint8_t* bytes, std::size_t size) {
  current_product<float> = matmul_loop_order<float>;
  return try_to([&] {
    take_model(network_from_tensors(parse_safetensors({bytes, size}, "the file"), "the file"));
  });
}

// gray: height x width bytes, 0 black. Returns the number of digits, -1 for an error.
EMSCRIPTEN_KEEPALIVE int read_picture(const std::uint8_t* gray, std::size_t height, std::size_t width) {
  steps.clear(), step_names.clear();
  const auto keep = [](const std::string& name, int digit, const Picture& picture) {
    if (digit > 0) return;
    step_names.push_back(name);
    steps.push_back(picture);
  };
  const int done = try_to([&] {
    preparation = prepare_digits({height, width, {gray, gray + height * width}}, {.record = keep});
    last_message = preparation.why_none;
    classify_all();
  });
  return done ? static_cast<int>(preparation.digits.size()) : -1;
}

EMSCRIPTEN_KEEPALIVE const float* digit_probabilities() { return probabilities.data(); }
EMSCRIPTEN_KEEPALIVE const float* digit_boxes() { return boxes.data(); }
EMSCRIPTEN_KEEPALIVE const std::uint8_t* digit_pixels() { return pixels.data(); }

EMSCRIPTEN_KEEPALIVE int step_count() { return static_cast<int>(steps.size()); }
EMSCRIPTEN_KEEPALIVE const char* step_name(int i) { return step_names[static_cast<std::size_t>(i)].c_str(); }
EMSCRIPTEN_KEEPALIVE int step_rows(int i) {
  return static_cast<int>(steps[static_cast<std::size_t>(i)].rows());
}
EMSCRIPTEN_KEEPALIVE int step_cols(int i) {
  return static_cast<int>(steps[static_cast<std::size_t>(i)].cols());
}
EMSCRIPTEN_KEEPALIVE const float* step_values(int i) { return steps[static_cast<std::size_t>(i)].data(); }
}

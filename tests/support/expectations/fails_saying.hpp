#pragma once

#include "common/error.hpp"
#include "expectations/throws_saying.hpp"

namespace nn {

// throws_saying for an Error, whose message has to be one line.
//   EXPECT_TRUE(fails_saying([&] { read_file(folder); }, {"is a folder"}));
template <class Work>
testing::AssertionResult fails_saying(const Work& work, std::initializer_list<std::string_view> words) {
  const testing::AssertionResult result = throws_saying<Error>(work, words);
  if (!result || std::string_view(result.message()).find('\n') == std::string_view::npos) return result;
  return testing::AssertionFailure() << "the message has two lines: " << result.message();
}

}  // namespace nn

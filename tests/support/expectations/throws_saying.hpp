#pragma once

#include <gtest/gtest.h>
#include <initializer_list>
#include <string>
#include <string_view>

namespace nn {

// Passes if work() throws an Exception whose message has all these words in it; an exception of another type
// goes on to the test, which it fails.
//   EXPECT_TRUE(throws_saying<ShapeError>([&] { matmul(a, b); }, {"2 x 3", "4 x 5"}));
template <class Exception, class Work>
testing::AssertionResult throws_saying(const Work& work, std::initializer_list<std::string_view> words) {
  try {
    work();
  } catch (const Exception& exception) {
    const std::string message = exception.what();
    for (const std::string_view word : words) {
      if (message.find(word) == message.npos) {
        return testing::AssertionFailure() << "\"" << word << "\" is not in the message: " << message;
      }
    }
    return testing::AssertionSuccess() << message;
  }
  return testing::AssertionFailure() << "nothing was thrown";
}

}  // namespace nn

#include "common/terminal/parse_number.hpp"

#include <gtest/gtest.h>

namespace nn {
namespace {

TEST(ParseNumber, takes_the_whole_text_or_nothing) {
  EXPECT_EQ(parse_number<int>("-12"), -12);
  EXPECT_EQ(parse_number<unsigned>("12"), 12u);
  for (const char* text : {"", " 1", "1 ", "+1", "1.0", "1e3", "0x10", "99999999999999999999"})
    EXPECT_EQ(parse_number<int>(text), std::nullopt) << text;
}

// The stream stands in where from_chars has no floating point, and must not read anything else.
TEST(ParseNumber, reads_floating_point_by_stream_to_the_same_bits) {
  for (const char* text :
       {"0.002", "1e-3", ".5", "5.", "-2.5E+4", "0.1", "0.30000001", "1.7976931348623157e308", "4.9e-320",
        "123456789012345678901234567890", "0", "-0.0"}) {
    ASSERT_TRUE(parse_number<double>(text)) << text;
    EXPECT_EQ(parse_by_stream<double>(text), parse_number<double>(text)) << text;
  }
  for (const char* text : {"", ".", "-", "e", "1e", "1e+", "+1", " 1", "1 ", "1,5", "0x10", "--1", "1.2.3",
                           "1-2", "1e999", "one"}) {
    EXPECT_EQ(parse_number<double>(text), std::nullopt) << text;
    EXPECT_EQ(parse_by_stream<double>(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace nn

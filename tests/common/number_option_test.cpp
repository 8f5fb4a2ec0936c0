#include "common/terminal/number_option.hpp"

#include <gtest/gtest.h>

namespace nn {
namespace {

// What the check says of a text; empty if it lets it pass.
std::string said(const OptionCheck& check, const std::string& text) { return check(text); }

TEST(NumberOption, whole_numbers_within_the_range_pass_and_nothing_else) {
  const OptionCheck check = whole_number(1, 1024);
  for (const char* text : {"1", "7", "1024"}) EXPECT_EQ(said(check, text), "") << text;
  for (const char* text : {"", " ", "0", "1025", "-1", "+1", "1.5", "1e3", "0x10", "010", "one", "1 ", " 1",
                           "1,2", "99999999999999999999999"}) {
    EXPECT_EQ(said(check, text), "'" + std::string(text) + "' is not a whole number from 1 to 1024");
  }
}

TEST(NumberOption, without_an_end_all_64_bits_pass) {
  EXPECT_EQ(said(whole_number(0), "18446744073709551615"), "");
  EXPECT_EQ(said(whole_number(0), "18446744073709551616"),
            "'18446744073709551616' is not a whole number from 0 on");
}

TEST(NumberOption, a_list_has_commas_and_no_gaps) {
  const OptionCheck check = whole_numbers(1, 1000);
  EXPECT_EQ(said(check, "128,64"), "");
  EXPECT_EQ(split_numbers("128,64,3"), (std::vector<std::size_t>{128, 64, 3}));
  for (const char* text : {"", ",", "16,,3", "16,", ",16", "16, 3", "16 3", "16;3", "16,0"}) {
    EXPECT_NE(said(check, text).find("is not a whole number from 1 to 1000"), std::string::npos) << text;
  }
}

TEST(NumberOption, positive_numbers_are_finite_and_not_0) {
  for (const char* text : {"1", "0.002", "1e-3", "2.5E+4", ".5"})
    EXPECT_EQ(said(positive_number(), text), "");
  for (const char* text : {"", "0", "-0.0", "-1", "nan", "inf", "1e999", "1e-999", "0,5", "1 ", "0.1x"}) {
    EXPECT_NE(said(positive_number(), text).find("'" + std::string(text) + "' is not a positive number"),
              std::string::npos)
        << text;
  }
}

TEST(NumberOption, numbers_below_a_limit_begin_with_0) {
  for (const char* text : {"0", "0.2", "1e-3", "0.999", "-0.0"})
    EXPECT_EQ(said(number_below(1), text), "") << text;
  EXPECT_EQ(said(number_below(100), "99.5"), "");
  for (const char* text : {"", "1", "1.5", "-0.1", "nan", "inf", "0,5", "0.1x"}) {
    EXPECT_EQ(said(number_below(1), text), "'" + std::string(text) + "' is not a number from 0 to below 1")
        << text;
  }
}

}  // namespace
}  // namespace nn

// ./learn itself, where it builds nothing of the course: usage, start, hint, progress.
#include <gtest/gtest.h>
#include <string>

#include "course_copy.hpp"

namespace nn {
namespace {

TEST(Learn, what_it_does_not_know_is_one_line) {
  const CourseCopy course;
  EXPECT_TRUE(says_in_one_line(course.learn({"no-such-verb"}), 2, "no-such-verb"));
  EXPECT_TRUE(says_in_one_line(course.learn({"start", "99"}), 2, "03_softmax"));
  EXPECT_TRUE(says_in_one_line(course.learn({"start"}), 2, "which chapter?"));
  EXPECT_TRUE(says_in_one_line(course.learn({"check"}), 2, "which chapter?"));
  EXPECT_TRUE(says_in_one_line(course.learn({"check", "3"}), 2, "./learn start 3"));
  EXPECT_TRUE(says_in_one_line(course.learn({"check", "3", "--most"}), 2, "there is --all"));
  EXPECT_TRUE(says_in_one_line(course.learn({"hint", "3", "nothing"}), 2, "sum_of_others"));
  EXPECT_TRUE(
      says_in_one_line(course.learn({"4", "nothing"}), 2, "there is: break_points gradient placement"));
  EXPECT_TRUE(says_in_one_line(course.learn({"3", "nothing"}), 2, "there is: variations"));
  const Said help = course.learn({"help"});
  EXPECT_EQ(help.exit_code, 0);
  for (const char* verb :
       {"test", "start", "check", "hint", "progress", "mine", "digits", "plots", "bench", "doctor"}) {
    EXPECT_TRUE(says(help, 0, {std::string("./learn ") + verb}));
  }
}

TEST(Learn, begins_an_exercise_gives_hints_and_counts) {
  const CourseCopy course;
  EXPECT_TRUE(says(course.learn({"start", "03"}), 0,
                   {"written  my/03_softmax/softmax.hpp: softmax_naive, softmax,"}));
  EXPECT_TRUE(says(course.learn({"start", "03_softmax"}), 0, {"yours already"}));
  EXPECT_TRUE(says(course.learn({"hint", "3"}), 0,
                   {"softmax_naive, hint 1 of 3; 2 more:  ./learn hint 3 softmax_naive"}));
  EXPECT_TRUE(says(course.learn({"hint", "3", "log_softmax"}), 0, {"log_softmax, hint 1 of"}));
  EXPECT_TRUE(
      says(course.learn({"progress"}), 0, {"0 of 5 written", "next:  write softmax_naive in my/03_softmax"}));
  // Before anything is built.
  EXPECT_TRUE(says(course.learn({"mine"}), 2,
                   {"03_softmax       the course's; in yours", "For instance:  ./learn mine train"}));
  EXPECT_FALSE(std::filesystem::exists(course / "build/mine"));
}

TEST(Learn, nothing_to_draw_or_to_measure_is_one_line) {
  const CourseCopy course;
  for (const char* folder : {"plots", "benchmarks"}) {
    std::filesystem::remove_all(course / folder);
    std::filesystem::create_directory(course / folder);
  }
  EXPECT_TRUE(says_in_one_line(course.learn({"plots"}), 1, "nothing to draw"));
  EXPECT_TRUE(says_in_one_line(course.learn({"plots", "3"}), 1, "nothing to draw in chapter 03"));
  EXPECT_TRUE(says_in_one_line(course.learn({"bench"}), 1, "there are no benchmarks"));
}

}  // namespace
}  // namespace nn

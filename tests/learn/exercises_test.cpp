// The program tools/exercises, function by function, and what ./learn start cuts out of the course.
#include <filesystem>
#include <gtest/gtest.h>
#include <sstream>
#include <string>
#include <vector>

#include "exercises/check.hpp"
#include "exercises/compile_errors.hpp"
#include "exercises/next_hint.hpp"
#include "exercises/progress.hpp"
#include "exercises/start.hpp"
#include "planted.hpp"
#include "system/temporary_folder.hpp"

namespace nn {
namespace {

using testing::AssertionFailure;
using testing::AssertionResult;
using testing::AssertionSuccess;

AssertionResult has(const std::string& text, const std::string& words) {
  if (text.find(words) != text.npos) return AssertionSuccess();
  return AssertionFailure() << "'" << words << "' is not in:\n" << text;
}
AssertionResult has_not(const std::string& text, const std::string& words) {
  if (text.find(words) == text.npos) return AssertionSuccess();
  return AssertionFailure() << "'" << words << "' is in:\n" << text;
}

// The line of the Failure that work() ends with, and its exit code.
template <class Work>
std::string failure_of(const Work& work) {
  try {
    work();
  } catch (const Failure& failure) {
    return std::to_string(failure.exit_code()) + ": " + failure.what();
  }
  return "no failure";
}

// --- what is cut out

const std::string kHeader =
    "// Doubles.\n#pragma once\n\n#include <vector>\n\n// [show doubled]\n// y = 2 x\n"
    "inline int doubled(int x) {\n  // [write doubled]\n  int y = x;\n  return 2 * y;\n  // [/write]\n}\n"
    "// [/show doubled]\n"
    "inline int halved(int x) {\n  // [write Number::halved] \n  return x / 2;\n  // [/write]\n}\n";

TEST(Cut, leaves_a_hole_for_each_exercise_and_all_that_is_around_them) {
  EXPECT_EQ(
      cut(kHeader, "my/02_numbers/doubled.hpp", 2),
      "// Doubles.\n#pragma once\n\n#include \"common/not_written.hpp\"\n\n#include <vector>\n\n// y = 2 x\n"
      "inline int doubled(int x) {\n"
      "  // Write doubled here (hint: ./learn hint 2), then delete the next line.\n"
      "  nn::not_written(\"doubled\", \"my/02_numbers/doubled.hpp\", 2);\n}\n"
      "inline int halved(int x) {\n"
      "  // Write Number::halved here (hint: ./learn hint 2), then delete the next line.\n"
      "  nn::not_written(\"Number::halved\", \"my/02_numbers/doubled.hpp\", 2);\n}\n");
}

TEST(Cut, includes_in_a_source_behind_the_header_of_its_own_name) {
  const std::string source = "#include \"02_numbers/a.hpp\"\n\n#include <vector>\n";
  EXPECT_EQ(cut(source, "my/02_numbers/a.cpp", 2),
            "#include \"02_numbers/a.hpp\"\n#include \"common/not_written.hpp\"\n\n#include <vector>\n");
}

TEST(Cut, refuses_an_exercise_without_an_end_and_a_file_without_includes) {
  EXPECT_EQ(failure_of([] { cut("#pragma once\n// [write a]\nx\n", "my/a.hpp", 1); }),
            "1: [write a] is not closed");
  EXPECT_EQ(failure_of([] { cut("int x;\n", "my/a.hpp", 1); }),
            "1: it has neither #pragma once nor #include");
}

TEST(ExerciseNames, are_those_of_the_marks_and_of_the_calls_that_are_no_comment) {
  EXPECT_EQ(exercise_names(kHeader), (std::vector<std::string>{"doubled", "Number::halved"}));
  EXPECT_EQ(unwritten_names("  nn::not_written(\"a\", \"f\", 1);\n  // nn::not_written(\"b\", \"f\", 1);\n"
                            "nn::not_written(\"a\", \"f\", 1);\nnot_written(\"c\", \"f\", 1);\n"),
            (std::vector<std::string>{"a", "c"}));
}

// The lines of the exercises, but marks, comments and what has no letter.
std::vector<std::string> answers_in(const std::string& text) {
  std::vector<std::string> answers;
  bool inside = false;
  for (const std::string& line : lines_of(text)) {
    if (begun_exercise(line)) inside = true;
    if (ends_exercise(line)) inside = false;
    const bool letters = line.find_first_of("abcdefghijklmnopqrstuvwxyz") != line.npos;
    if (inside && letters && !without_indent(line).starts_with("//")) answers.push_back(line);
  }
  return answers;
}

TEST(Cut, leaves_no_line_of_an_answer_in_any_chapter) {
  std::size_t files = 0;
  for (const Chapter& chapter : list_chapters(NN_SOURCE_DIR)) {
    for (const std::string& file : chapter.exercise_files()) {
      ++files;
      const std::string course = read_text(chapter.course() / file);
      const std::string stub = cut(course, "my/" + chapter.name() + '/' + file, chapter.number());
      EXPECT_EQ(unwritten_names(stub), exercise_names(course)) << chapter.name() << ' ' << file;
      EXPECT_TRUE(has_not(stub, "[write"));
      EXPECT_TRUE(has_not(stub, "[show"));
      // Lines that are also outside of the exercises stay there: each must be in the stub as often as there.
      std::vector<std::string> answers = answers_in(course);
      for (const std::string& line : answers) {
        const auto count = [&](const std::vector<std::string>& lines) {
          return std::count(lines.begin(), lines.end(), line);
        };
        EXPECT_EQ(count(lines_of(stub)), count(lines_of(course)) - count(answers))
            << chapter.name() << ": " << line;
      }
    }
  }
  EXPECT_GT(files, 15u) << "these are not all files";
}

// --- text, hints, the compiler's words, the check's words

TEST(Checksum, is_that_of_cksum) {
  EXPECT_EQ(checksum(""), "4294967295 0");
  EXPECT_EQ(checksum("abc"), "1219131554 3");
  EXPECT_EQ(checksum(std::string(300, '\xff')), "1718880618 300");
}

TEST(Hints, are_read_in_order_and_found_by_the_name_of_the_check) {
  const std::vector<Hint> hints =
      read_hints("[a]\none\n\n[no name]\n---\n[Dense::backward]\ntwo\n---\n[a]\nthree\n");
  ASSERT_EQ(hints.size(), 3u);
  EXPECT_EQ(hints[0].lines, (std::vector<std::string>{"one", "", "[no name]"}));
  EXPECT_EQ(hinted_functions(hints), (std::vector<std::string>{"a", "Dense::backward"}));
  EXPECT_EQ(as_hinted(hints, "dense_backward"), "Dense::backward");
  EXPECT_EQ(as_hinted(hints, "dense_backward_bias"), "");
  EXPECT_EQ(as_reported("MiniBatches::shuffle"), "mini_batches_shuffle");
  EXPECT_EQ(as_reported("softmax_naive"), "softmax_naive");
  EXPECT_EQ(as_reported("Adam2Step::ABc"), "adam2_step_abc");
}

TEST(CompileErrors, shows_the_first_three_in_the_reader_s_files) {
  const std::string root = "/home/me/the course/";
  std::string log = "[1/9] Building CXX object x.o\nIn file included from " + root + "include/a.hpp:1:\n" +
                    root + "my/03_softmax/softmax.hpp: In function 'f':\n";
  for (int i = 1; i <= 4; ++i) {
    log += root + "my/03_softmax/softmax.hpp:" + std::to_string(i) + ":3: error: no " + std::to_string(i) +
           "\n   3 | y = x\n     | ^\n" + root +
           "my/03_softmax/softmax.hpp:9:3: note: did you mean z\n   9 | z\n";
  }
  log += "common/a.hpp:7:1: error: elsewhere\nninja: build stopped\n";
  EXPECT_EQ(compile_errors(log, root),
            "my/03_softmax/softmax.hpp:1:3: error: no 1\n   3 | y = x\n     | ^\n"
            "my/03_softmax/softmax.hpp:2:3: error: no 2\n   3 | y = x\n     | ^\n"
            "my/03_softmax/softmax.hpp:3:3: error: no 3\n   3 | y = x\n     | ^\n");
}

TEST(CompileErrors, shows_the_first_one_elsewhere_and_what_led_to_it) {
  const std::string log =
      "/c/common/a.hpp:7:1: warning: unused [-Werror]\n"
      "/c/common/a.hpp: In instantiation of 'f':\n/c/my/03_softmax/softmax.hpp:5:3:   required from here\n"
      "/c/common/a.hpp:7:1: error: no match\n 7 | a + b\n | 1\n | 2\n | 3\n | 4\n | 5\n"
      "/c/common/b.hpp:8:1: fatal error: b.hpp: No such file\n";
  EXPECT_EQ(compile_errors(log, "/c/"),
            "common/a.hpp:7:1: error: no match\n 7 | a + b\n | 1\n | 2\n | 3\n | 4\n"
            "my/03_softmax/softmax.hpp:5:3:   required from here\n");
}

TEST(ReadReport, counts_what_holds_and_finds_where_the_check_ended) {
  const CheckReport failed =
      read_report("  ok   softmax: a\n  ok   softmax: b\n  no   dense_backward: c: d\n\n  text\n");
  EXPECT_EQ(failed.properties, 2);
  EXPECT_EQ(failed.failed, "dense_backward");
  EXPECT_EQ(failed.unwritten, "");
  EXPECT_EQ(read_report("  ..   a: b\n\nnot written yet: Dense::backward in my/x.hpp:3, next: write it\n")
                .unwritten,
            "Dense::backward");
}

// --- what is planted for the tests that build

TEST(Planted, the_answer_is_in_the_place_of_the_first_part) {
  const std::string course =
      "#include \"a.hpp\"\n// [write f]\none\n// [/write]\nmiddle\n// [write f]\ntwo\n// [/write]\n";
  const auto answers =
      read_wrong_answers("Prose.\n---\nf: wrong\nshows: why?\nx: y\n---\ng: too\nshows: z\nw\n");
  ASSERT_EQ(answers.size(), 2u);
  EXPECT_EQ(answers[0].title, "f: wrong");
  EXPECT_EQ(answers[0].shows, "why?");
  EXPECT_EQ(with_answer(course, answers[0]), "#include \"a.hpp\"\nx: y\nmiddle\n");
  EXPECT_EQ(failure_of([&] { with_answer(course, answers[1]); }), "1: no exercise g");
  EXPECT_EQ(with_all_answers(course, answers),
            "#include \"a.hpp\"\n#include \"common/switch.hpp\"\n"
            "if (nn::is_answer(1)) {\nx: y\n} else {\n// [write f]\none\n}\n// [/write]\nmiddle\n"
            "if (nn::is_answer(1)) {\n} else {\n// [write f]\ntwo\n}\n// [/write]\n");
}

// --- the commands, in a small course

class Commands : public testing::Test {
 protected:
  Commands() {
    write("chapters/01_first/README.md", "");
    write("chapters/02_numbers/doubled.hpp", kHeader);
    write("chapters/02_numbers/plain.hpp", "#pragma once\n");
    write("chapters/02_numbers/third.hpp", "#pragma once\n// [write third]\nx\n// [/write]\n");
    write("chapters/02_numbers/hints.txt",
          "[third]\nby 3\n---\n[doubled]\nby 2\n---\n[doubled]\n2 times\n---\n[Number::halved]\nh\n");
    write("chapters/03_further/further.cpp", "#include \"f.hpp\"\n// [write further]\nx\n// [/write]\n");
    write("chapters/04_last/last.hpp", "#pragma once\n// [write last]\nx\n// [/write]\n");
    write("tests/02_numbers_test.cpp", "the check");
  }

  void write(const std::string& path, const std::string& text) const {
    fs::create_directories((root() / path).parent_path());
    write_text(root() / path, text);
  }
  const fs::path& root() const { return folder_.path(); }
  Chapter chapter(const std::string& name = "02_numbers") const { return Chapter(root(), name); }

  std::string start_of(const std::string& name = "02_numbers") const {
    std::ostringstream out;
    start(chapter(name), out);
    return out.str();
  }
  std::string hint(const std::string& function = "") const {
    std::ostringstream out;
    show_hint(chapter(), function, out);
    return out.str();
  }
  std::string progress() const {
    std::ostringstream out;
    show_progress(root(), out);
    return out.str();
  }
  std::string mine() const {
    std::ostringstream out;
    show_whose(root(), out);
    return out.str();
  }
  std::string after(bool passed, const std::string& report) const {
    std::ostringstream out;
    const bool done = after_check(chapter(), passed, report, root(), out);
    return out.str() + (done ? "(done)" : "(not done)");
  }

  // As a reader would: the line with not_written goes, something else comes.
  void write_exercise(const std::string& function, const std::string& name = "02_numbers") const {
    for (const std::string& file : chapter(name).my_files()) {
      std::string text;
      for (const std::string& line : lines_of(read_text(chapter(name).mine() / file))) {
        text += (unwritten_exercise(line) == function ? "// written" : line) + '\n';
      }
      write("my/" + name + '/' + file, text);
    }
  }
  void write_everything() const {
    for (const std::string& name : chapter().unwritten()) write_exercise(name);
  }

  TemporaryFolder folder_;
};

TEST_F(Commands, start_writes_the_files_in_which_there_is_something_to_write) {
  EXPECT_EQ(start_of(),
            "  written  my/02_numbers/doubled.hpp: doubled, Number::halved\n"
            "  written  my/02_numbers/third.hpp: third\n"
            "\nLook for the lines with not_written. Each time you have written one:  ./learn check 2\n"
            "If you are stuck:  ./learn hint 2\n");
  EXPECT_EQ(read_text(root() / "my/02_numbers/doubled.hpp"), cut(kHeader, "my/02_numbers/doubled.hpp", 2));
  EXPECT_FALSE(fs::exists(root() / "my/02_numbers/plain.hpp"));
  EXPECT_EQ(failure_of([&] { start_of("01_first"); }), "1: there is nothing to write in chapter 1");
  write("chapters/03_further/further.cpp", "#include \"f.hpp\"\n// [write further]\nx\n");
  EXPECT_EQ(failure_of([&] { start_of("03_further"); }),
            "1: chapters/03_further/further.cpp could not be cut: [write further] is not closed");
  EXPECT_FALSE(fs::exists(root() / "my/03_further/further.cpp"));
}

TEST_F(Commands, start_never_overwrites_and_adds_what_is_missing) {
  start_of();
  const std::string record = read_text(root() / "my/02_numbers/.made-from");
  write("my/02_numbers/doubled.hpp", "mine");
  fs::remove(root() / "my/02_numbers/third.hpp");
  const std::string said = start_of();
  EXPECT_TRUE(has(
      said, "  kept     my/02_numbers/doubled.hpp: it is yours already (to begin again, rename it first)"));
  EXPECT_TRUE(has(said, "  written  my/02_numbers/third.hpp: third"));
  EXPECT_EQ(read_text(root() / "my/02_numbers/doubled.hpp"), "mine");
  EXPECT_EQ(read_text(root() / "my/02_numbers/.made-from"), record);
  EXPECT_TRUE(has_not(start_of(), "If you are stuck"));
}

TEST_F(Commands, hints_come_one_by_one) {
  start_of();
  EXPECT_EQ(hint("doubled"), "doubled, hint 1 of 2; 1 more:  ./learn hint 2 doubled\n\n  by 2\n");
  EXPECT_EQ(hint("doubled"), "doubled, hint 2 of 2, the last\n\n  2 times\n");
  EXPECT_EQ(hint("doubled"),
            "doubled: these were all the hints (2); the last one again. Our code is in "
            "chapters/02_numbers/README.md, folded away.\n\n  2 times\n");
  EXPECT_EQ(hint(), "third, hint 1 of 1, the last\n\n  by 3\n");  // the first in the order of the hints
  EXPECT_EQ(failure_of([&] { hint("nothing"); }),
            "2: chapter 2 has no hint for 'nothing'; there are hints for: third, doubled, Number::halved");
  fs::remove(root() / "chapters/02_numbers/hints.txt");
  EXPECT_EQ(failure_of([&] { hint(); }),
            "1: chapter 2 has no hints; its text is chapters/02_numbers/README.md");
}

// Also where the check names a method in its own way, and before what is unwritten further up.
TEST_F(Commands, a_hint_is_for_the_function_at_which_the_check_ended) {
  EXPECT_TRUE(has(hint(), "third, hint 1")) << "nothing is begun: the first of all";
  start_of();
  EXPECT_TRUE(has(after(false, "  no   number_halved: a\n"), "./learn hint 2 Number::halved\n(not done)"));
  EXPECT_TRUE(has(hint(), "Number::halved, hint 1"));
  EXPECT_EQ(after(false, "not written yet: doubled in my/x.hpp:1, next: write it\n"), "(not done)");
  EXPECT_TRUE(has(hint(), "doubled, hint 1"));
  write_exercise("doubled");
  EXPECT_TRUE(has(hint(), "third: these were all"));
  write_everything();
  EXPECT_TRUE(has(hint(), "third: these were all")) << "not checked: the first of all";
  after(true, "  ok   a: b\n");
  EXPECT_EQ(
      hint(),
      "chapter 2: everything is written and holds. There are hints for: third, doubled, Number::halved;\n"
      "for instance  ./learn hint 2 third\n");
}

TEST_F(Commands, progress_counts_and_says_what_is_next) {
  EXPECT_EQ(progress(),
            "  02_numbers       not started (3 to write)\n  03_further       not started (1 to write)\n"
            "  04_last          not started (1 to write)\n"
            "\nnext:  chapters/02_numbers/README.md, then  ./learn start 2\n");
  start_of();
  write_exercise("third");
  EXPECT_TRUE(has(progress(), "02_numbers       1 of 3 written\n"));
  EXPECT_TRUE(has(progress(), "next:  write doubled in my/02_numbers, then  ./learn check 2\n"));
  after(false, "  no   doubled: a\n");
  EXPECT_TRUE(has(progress(), "1 of 3 written, and the check finds a mistake\n"));
  EXPECT_TRUE(has(progress(), "next:  mend doubled in my/02_numbers, then  ./learn check 2\n"));
  after(false, "  no   something: a\n");
  EXPECT_TRUE(has(progress(), "next:  mend it in my/02_numbers, then"));
  write_exercise("doubled");
  after(true, "  ok   doubled: a\n");
  EXPECT_TRUE(has(progress(), "2 of 3 written\n"));
  EXPECT_TRUE(has(progress(), "next:  delete the line with not_written of Number::halved in my/02_numbers"));
  write_everything();
  EXPECT_TRUE(has(progress(), "3 of 3 written, not checked since\n"));
  EXPECT_TRUE(has(progress(), "next:  ./learn check 2\n"));
  after(true, "  ok   doubled: a\n");
  EXPECT_TRUE(has(progress(), "3 of 3 written, and they hold\n"));
  EXPECT_TRUE(
      has(progress(),
          "next:  chapters/03_further/README.md, then  ./learn start 3; or train with what you wrote:  "
          "./learn mine train\n"));
  write("tests/02_numbers_test.cpp", "another check");
  EXPECT_TRUE(has(progress(), "3 of 3 written, not checked since\n"));
}

// Behind the last one that holds, and from the front again when there is none behind it.
TEST_F(Commands, the_next_chapter_is_the_one_behind_what_holds) {
  for (const char* name : {"03_further", "04_last"}) {
    start_of(name);
    write_exercise(chapter(name).unwritten().front(), name);
    chapter(name).remember("holds", "");
    const std::string next = std::string(name) == "04_last" ? "chapters/02_numbers" : "chapters/04_last";
    EXPECT_TRUE(has(progress(), "next:  " + next));
  }
  start_of();
  write_everything();
  chapter().remember("holds", "");
  EXPECT_TRUE(
      has(progress(),
          "next:  everything is written and holds; train with what you wrote:  ./learn mine train\n"));
}

TEST_F(Commands, mine_says_whose_code_it_takes) {
  EXPECT_TRUE(has(mine(), "  01_first         the course's\n  02_numbers       the course's\n"));
  start_of();
  EXPECT_TRUE(has(mine(), "the course's; in yours is still to write: third, doubled, Number::halved\n"));
  EXPECT_EQ(overlay(root()), "");
  EXPECT_EQ(overlay(root(), "02_numbers"), "02_numbers");
  after(true, "");
  EXPECT_TRUE(has(mine(), "the course's; in yours a line with not_written is left: third, doubled"));
  write_everything();
  EXPECT_TRUE(has(mine(), "  02_numbers       yours, not checked since it changed\n"));
  after(true, "");
  EXPECT_TRUE(has(mine(), "  02_numbers       yours\n"));
  after(false, "  no   third: a\n");
  EXPECT_TRUE(has(mine(), "  02_numbers       yours, its check is red\n"));
  fs::remove(root() / "my/02_numbers/.checked");
  EXPECT_TRUE(has(mine(), "  02_numbers       yours, not checked yet:  ./learn check 2\n"));
  start_of("03_further");
  EXPECT_EQ(overlay(root()), "02_numbers");
  EXPECT_EQ(overlay(root(), "03_further"), "02_numbers;03_further");
}

TEST_F(Commands, before_a_check_it_says_what_the_course_has_changed) {
  EXPECT_EQ(failure_of([&] { before_check(chapter(), std::cout); }),
            "2: nothing of chapter 2 is yours yet; first:  ./learn start 2");
  start_of();
  std::ostringstream out;
  before_check(chapter(), out);
  EXPECT_EQ(out.str(), "");
  write("chapters/02_numbers/doubled.hpp", kHeader + "// changed\n");
  fs::remove(root() / "chapters/02_numbers/third.hpp");
  before_check(chapter(), out);
  EXPECT_EQ(out.str(),
            "note: chapters/02_numbers/doubled.hpp has changed since ./learn start; yours stays as it is\n"
            "note: the course has no chapters/02_numbers/third.hpp any more; my/02_numbers/third.hpp is not "
            "used\n");
  fs::remove(root() / "tests/02_numbers_test.cpp");
  EXPECT_EQ(failure_of([&] { before_check(chapter(), out); }), "1: chapter 2 has no check yet");
}

TEST_F(Commands, after_a_check_it_says_what_is_next) {
  start_of();
  EXPECT_EQ(after(false, "  no   doubled: is 2 x\n"),
            "next: mend it in my/02_numbers/, then  ./learn check 2  again; hint:  ./learn hint 2 "
            "doubled\n(not done)");
  EXPECT_EQ(
      after(false, "  no   unknown: is 2 x\n"),
      "next: mend it in my/02_numbers/, then  ./learn check 2  again; hint:  ./learn hint 2\n(not done)");
  write_exercise("third");
  write_exercise("doubled");
  EXPECT_EQ(after(true, "  ok   a: b\n  ok   a: c\n"),
            "\nchapter 2: all 2 properties hold. What is left: delete the line with not_written in "
            "my/02_numbers/doubled.hpp:15\n"
            "(until then the chapter does not count as written, and  ./learn mine  takes the course's)\n(not "
            "done)");
  write_everything();
  EXPECT_EQ(
      after(true, "  ok   a: b\n"),
      "\nchapter 2: all 1 properties hold. Next:  chapters/03_further/README.md, then  ./learn start 3; or "
      "train with what you wrote:  ./learn mine train\n(done)");
}

}  // namespace
}  // namespace nn

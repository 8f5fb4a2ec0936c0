// ./learn check and ./learn mine, with a compiler. CMakeLists.txt runs each of these tests alone, in a copy of the course
// that keeps what the others have built.
#include <filesystem>
#include <gtest/gtest.h>
#include <iostream>
#include <map>
#include <string>
#include <vector>

#include "course_copy.hpp"
#include "planted.hpp"
#include "system/environment_variable.hpp"

namespace nn {
namespace {

// The text with `from`, which must be in it, replaced where it is first.
std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  if (at == text.npos) throw Failure("nothing to replace: " + from);
  return text.replace(at, from.size(), to);
}

// Where a line with these words is: "12".
std::string line_with(const std::string& text, const std::string& words) {
  const std::vector<std::string> lines = lines_of(text.substr(0, text.find(words)));
  return std::to_string(lines.size());
}

// The lines that are not "  ok   ...", for the log.
void show(const std::string& title, const Said& said) {
  std::cout << "-- " << title << '\n';
  for (const std::string& line : lines_of(said.text)) {
    if (!line.starts_with("  ok")) std::cout << line << '\n';
  }
}

// --- chapter 03 as its reader goes through it

class Softmax : public testing::Test {
 protected:
  Softmax() : ours_(read_text(file_in("chapters"))) {}

  std::filesystem::path file_in(const std::string& folder) const {
    return course_ / (folder + "/03_softmax/softmax.hpp");
  }
  void write(const std::string& text) const {
    course_.learn({"start", "3"});
    write_text(file_in("my"), text);
  }
  // The course's lines in every hole but these.
  std::string with_holes(const std::vector<std::string>& holes) const {
    std::string marked, name;
    for (const std::string& line : lines_of(ours_)) {
      const bool begins = begun_exercise(line).has_value();
      if (begins) name = *begun_exercise(line);
      const bool mark = begins || ends_exercise(line);
      if (!mark || contains(holes, name)) marked += line + '\n';
    }
    return cut(marked, "my/03_softmax/softmax.hpp", 3);
  }
  Said check() const { return course_.learn({"check", "3"}); }

  CourseCopy course_;
  std::string ours_;
};

TEST_F(Softmax, story) {
  // It stops at the first hole, in the order of the hints.
  const std::vector<std::vector<std::string>> left{{"softmax_naive", "softmax", "sum_of_others"},
                                                   {"sum_of_others", "log_sum_exp", "log_softmax"}};
  for (const std::vector<std::string>& holes : left) {
    write(with_holes(holes));
    const std::string line = line_with(read_text(file_in("my")), "not_written(\"" + holes[0] + "\"");
    const Said stopped = check();
    EXPECT_TRUE(says(stopped, 1,
                     {"not written yet: " + holes[0] + " in my/03_softmax/softmax.hpp:" + line +
                      ", next: write it; hint: ./learn hint 3"}));
    EXPECT_EQ(stopped.text.find("  no   "), std::string::npos) << stopped.text;
  }
  // The course's own code passes.
  write(with_holes({}));
  EXPECT_TRUE(
      says(check(), 0, {"  ok   softmax: every row sums to 1", "properties hold", "./learn mine train"}));
  EXPECT_TRUE(says(course_.learn({"progress"}), 0, {"5 of 5 written, and they hold"}));
  // Another version of the course: the check says so.
  write_text(file_in("chapters"), ours_ + "// changed\n");
  EXPECT_TRUE(says(check(), 0, {"chapters/03_softmax/softmax.hpp has changed since"}));
  write_text(file_in("chapters"), ours_);
  // A mistake of grammar shows its place, and not more than the first errors.
  write(replaced(ours_, "T sum(0);", "T sum(0)"));
  const Said broken = check();
  EXPECT_TRUE(says(broken, 1, {"my/03_softmax/softmax.hpp:", "error:", "it does not compile"}));
  EXPECT_EQ(broken.text.find((course_ / "my").string()), std::string::npos) << broken.text;
  EXPECT_LE(lines_of(broken.text).size(), 24u);
  // A warning is no error.
  write(replaced(ours_, "  return sum;", "  { const int sum = 0; static_cast<void>(sum); }\n  return sum;"));
  EXPECT_TRUE(says(check(), 0, {"properties hold"}));
  // A crash names the property.
  write(replaced(ours_, "const auto z = logits.values.row(i);",
                 "const auto z = logits.values.row(i + 1000000);"));
  EXPECT_TRUE(says(check(), 1, {"  no   softmax: ", "next: mend it", "./learn hint 3 softmax"}));
  // All holds, but a line with not_written is left where nothing comes by.
  write(with_include(
      replaced(ours_, "  return sum;",
               "  return sum;\n  nn::not_written(\"sum_of_others\", \"my/03_softmax/softmax.hpp\", 3);"),
      "common/not_written.hpp"));
  const std::string line = line_with(read_text(file_in("my")), "not_written(\"");
  EXPECT_TRUE(
      says(check(), 1,
           {"properties hold", "delete the line with not_written in my/03_softmax/softmax.hpp:" + line}));
  EXPECT_TRUE(says(course_.learn({"progress"}), 0,
                   {"4 of 5 written", "delete the line with not_written of sum_of_others"}));
}

// --- what is in the holes of a chapter, what people write instead, and what they should

class Exercises : public testing::TestWithParam<std::string> {
 protected:
  std::string number() const { return std::to_string(std::stoi(GetParam())); }
  Said check() const { return course_.learn({"check", number()}); }
  CourseCopy course_;
  Chapter chapter_ = course_.chapter(GetParam());
};

// The reader's copy compiles, and its check says what to write first: the exercise that the hints begin with.
TEST_P(Exercises, the_holes_compile_and_every_wrong_answer_is_rejected) {
  course_.learn({"start", number()});
  const Said unwritten = check();
  show("the holes", unwritten);
  EXPECT_TRUE(says(unwritten, 1,
                   {"not written yet: " + chapter_.hints().front().function + " in my/" + GetParam() + '/'}));

  // All wrong answers are built at once, each in a branch of its own beside the right one.
  const auto answers =
      read_wrong_answers(read_text(course_ / ("tests/learn/wrong_answers/" + GetParam() + ".txt")));
  EXPECT_GE(answers.size(), 3u);
  std::filesystem::copy_file(course_ / "tests/learn/switch.hpp", course_ / "common/switch.hpp");
  for (const std::string& file : chapter_.my_files()) {
    write_text(chapter_.mine() / file, with_all_answers(read_text(chapter_.course() / file), answers));
  }
  ASSERT_TRUE(says(check(), 0, {"properties hold"}));
  const EnvironmentVariable report("NN_READER", "1");
  for (std::size_t i = 0; i < answers.size(); ++i) {
    ASSERT_FALSE(answers[i].shows.empty()) << answers[i].title << ": needs a line shows:";
    const EnvironmentVariable answer("NN_ANSWER", std::to_string(i + 1));
    // But for the first the program that was built, without a look at the machine and at the build each time.
    const Said said =
        i == 0 ? check()
               : run_from_elsewhere({(course_ / ("build/check/bin/" + GetParam() + "_test")).string()});
    show(answers[i].title, said);
    EXPECT_TRUE(says(said, 1,
                     {"  no   " + as_reported(answers[i].function()) + ": ", answers[i].shows,
                      "tests/" + GetParam() + "_test.cpp:"}))
        << answers[i].title;
    if (i == 0) {
      EXPECT_TRUE(says(said, 1, {"next: mend it in my/" + GetParam() + '/'}));
    }
  }
  EXPECT_TRUE(says(course_.learn({"progress"}), 0, {"the check finds a mistake"}));
}

std::vector<std::string> chapters_with_exercises() {
  std::vector<std::string> names;
  for (const Chapter& chapter : list_chapters(NN_SOURCE_DIR)) {
    if (!chapter.exercises().empty()) names.push_back(chapter.name());
  }
  return names;
}
INSTANTIATE_TEST_SUITE_P(Of, Exercises, testing::ValuesIn(chapters_with_exercises()),
                         [](const auto& chapter) { return "chapter_" + chapter.param; });

// The reader's code is never its own judge: a gradient checker to which everything is right does not let a wrong backward
// pass, and is found out itself.
TEST(Judge, is_never_the_reader_s_own_code) {
  const CourseCopy course;
  const Chapter chapter = course.chapter("05_backprop");
  course.learn({"start", "5"});
  for (const std::string& file : chapter.my_files()) {
    write_text(chapter.mine() / file, read_text(chapter.course() / file));
  }
  std::string checker;
  int inside = 0;  // of a function whose body is replaced
  for (const std::string& line : lines_of(read_text(chapter.course() / "gradient_check.hpp"))) {
    const bool error = line.find("double relative_error() const {") != line.npos;
    const bool verdict = line.find("Verdict verdict(double tolerance) const {") != line.npos;
    if (error || verdict) {
      checker += error ? "  double relative_error() const { return 0; }\n"
                       : "  Verdict verdict(double) const { return Verdict::kCorrect; }\n";
      inside += line.ends_with('}') ? 0 : 1;
    } else if (inside == 0) {
      checker += line + '\n';
    } else if (line == "  }") {
      inside = 0;
    }
  }
  ASSERT_NE(checker.find("return Verdict::kCorrect; }"), checker.npos);
  write_text(chapter.mine() / "gradient_check.hpp", checker);
  EXPECT_TRUE(says(course.learn({"check", "5"}), 1, {"  no   gradient_check: "}));

  for (const WrongAnswer& answer :
       read_wrong_answers(read_text(course / "tests/learn/wrong_answers/05_backprop.txt"))) {
    if (answer.title != "Dense::backward_parameters: the mean taken twice") continue;
    write_text(chapter.mine() / "dense_layer.hpp",
               with_answer(read_text(chapter.course() / "dense_layer.hpp"), answer));
  }
  EXPECT_TRUE(says(course.learn({"check", "5"}), 1,
                   {"  no   dense_backward_parameters: gives the numbers done by hand"}));
}

// --- mine: training runs every exercise that is on its way, in the reader's files and not in ours

// What training has to be told so that an exercise is on its way, or "-" if it never is. An exercise that is not here is
// on the way of a plain ./learn mine train.
const std::map<std::string, std::string> kWays{{"class_means", "-"},
                                               {"nearness", "-"},
                                               {"step", "-"},
                                               {"leaky_relu", "-"},
                                               {"leaky_relu_derivative", "-"},
                                               {"sigmoid", "-"},
                                               {"sigmoid_derivative", "-"},
                                               {"tanh_derivative", "-"},
                                               {"gelu", "-"},
                                               {"gelu_derivative", "-"},
                                               {"elu", "-"},
                                               {"elu_derivative", "-"},
                                               {"slope", "-"},
                                               {"softmax_naive", "-"},
                                               {"log_sum_exp", "-"},
                                               {"log_softmax", "-"},
                                               {"one_hot", "-"},
                                               {"cross_entropy_naive", "-"},
                                               {"descent_step", "-"},
                                               {"matmul_plain", "--matmul=plain"},
                                               {"rows_in_loop_order", "--matmul=loop_order"},
                                               {"add_tile", "--matmul=tiled"},
                                               {"Sgd::update", "--optimizer=sgd"},
                                               {"Momentum::update", "--optimizer=momentum"},
                                               {"decay_weights", "--weight-decay=0.1"},
                                               {"Dropout::forward", "--dropout=0.2"},
                                               {"Dropout::backward", "--dropout=0.2"},
                                               {"bilinear", "--augment=affine"},
                                               {"AffineMap::source", "--augment=affine"},
                                               {"gaussian_matrix", "--augment=elastic"},
                                               {"add_bias_and_relu", "-"},
                                               {"sparse_row_times", "-"},
                                               {"add_sparse_gradient", "-"},
                                               {"area_average", "-"},
                                               {"center_of_mass", "-"}};
const std::vector<std::string> kTrain{"train", "--data",   "sample", "--epochs",
                                      "1",     "--hidden", "16",     "--quiet"};

class Mine : public testing::Test {
 protected:
  Said mine(std::vector<std::string> words) const {
    words.insert(words.begin(), "mine");
    return course_.learn(words);
  }
  // The program that was built, while the exercise plays the hole.
  Said digits_without(const std::string& exercise, std::vector<std::string> words) const {
    const EnvironmentVariable hole("NN_HOLE", exercise);
    words.insert(words.begin(), (course_ / "build/mine/bin/digits").string());
    return run_from_elsewhere(words);
  }
  // The reader's files of every chapter, complete, but with a switch in every exercise.
  void write_switches() const {
    std::filesystem::copy_file(course_ / "tests/learn/switch.hpp", course_ / "common/switch.hpp");
    for (const std::string& name : chapters_with_exercises()) {
      const Chapter chapter = course_.chapter(name);
      course_.learn({"start", name});
      for (const std::string& file : chapter.my_files()) {
        write_text(chapter.mine() / file, with_switches(read_text(chapter.course() / file),
                                                        "my/" + name + '/' + file, chapter.number()));
      }
    }
  }
  CourseCopy course_;
};

TEST_F(Mine, training_runs_every_exercise_that_is_finished) {
  write_switches();
  const Said all = mine(kTrain);
  ASSERT_TRUE(says(all, 0, {"01_matrix        yours", "10_mnist         yours"}));
  EXPECT_EQ(all.text.find("course's"), std::string::npos) << all.text;
  for (const std::string& name : chapters_with_exercises()) {
    for (const std::string& exercise : course_.chapter(name).exercises()) {
      const std::string way = kWays.contains(exercise) ? kWays.at(exercise) : "";
      std::vector<std::string> words = kTrain;
      if (way.starts_with("--")) words.push_back(way);
      const Said said = digits_without(exercise, words);
      show(name + ' ' + exercise, said);
      if (way == "-") {
        EXPECT_TRUE(says(said, 0, {})) << exercise;
      } else {
        EXPECT_TRUE(
            says(said, 1, {exercise + " is not written yet: it is yours to write in my/" + name + '/'}));
      }
    }
  }

  // Of what is begun only what is finished is taken: 02 has holes. As long as chapter 06 is the course's, the three loops
  // of chapter 01 are what multiplies.
  for (const char* name : {"02_relu", "05_backprop", "06_simd_matmul", "07_training", "10_mnist"}) {
    std::filesystem::remove_all(course_.chapter(name).mine());
  }
  course_.learn({"start", "2"});
  {
    const EnvironmentVariable hole("NN_HOLE", "matmul_plain");
    EXPECT_TRUE(says(
        mine(kTrain), 1,
        {"matmul_plain is not written yet", "02_relu          the course's; in yours is still to write: step",
         "03_softmax       yours, not checked yet", "06_simd_matmul   the course's"}));
  }
  const std::string softmax = (course_ / "my/03_softmax/softmax.hpp").string();
  EXPECT_EQ(read_text(course_ / "build/mine/include/03_softmax/softmax.hpp"),
            "#include \"" + softmax + "\"\n");
  EXPECT_EQ(read_text(course_ / "build/mine/include/02_relu/activations.hpp").find("/my/"),
            std::string::npos);
  course_.chapter("03_softmax").remember("fails", "softmax");
  EXPECT_TRUE(says(mine({"--help"}), 0, {"evaluate", "03_softmax       yours, its check is red"}));
}

}  // namespace
}  // namespace nn

// A course's file with something planted in its exercises, so that one build shows what becomes of each.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "exercises/exercise_marks.hpp"
#include "exercises/text.hpp"

namespace nn {

// What people write instead of an exercise's lines. `title`: "function: what is wrong"; `shows`: what the check must
// show, nothing if the file forgot to say it.
struct WrongAnswer {
  std::string title, shows, lines;
  std::string function() const { return title.substr(0, title.find(": ")); }
};

// wrong_answers/NN_name.txt: behind each line --- the title, a line "shows: ...", and the lines.
inline std::vector<WrongAnswer> read_wrong_answers(const std::string& text) {
  constexpr std::string_view kShows = "shows: ";
  std::vector<WrongAnswer> answers;
  int line_of_answer = 0;
  for (const std::string& line : lines_of(text)) {
    if (line == "---") {
      answers.emplace_back();
      line_of_answer = 0;
    } else if (!answers.empty()) {
      ++line_of_answer;
      WrongAnswer& answer = answers.back();
      if (line_of_answer == 1) answer.title = line;
      if (line_of_answer == 2 && line.starts_with(kShows)) answer.shows = line.substr(kShows.size());
      if (line_of_answer > 2) answer.lines += line + '\n';
    }
  }
  return answers;
}

// The answer in the place of the course's own lines. An exercise may have two parts: it is in the place of the first.
inline std::string with_answer(const std::string& course, const WrongAnswer& answer) {
  std::string result, lines = answer.lines;
  bool cutting = false;
  for (const std::string& line : lines_of(course)) {
    if (begun_exercise(line) == answer.function()) {
      result += lines;
      lines.clear();
      cutting = true;
    }
    if (!cutting) result += line + '\n';
    if (ends_exercise(line)) cutting = false;
  }
  if (!lines.empty()) throw Failure("no exercise " + answer.function());
  return result;
}

// Every answer in a branch of its own: the environment variable NN_ANSWER names the one that runs, by its number from
// 1; without it the course's own lines run.
inline std::string with_all_answers(const std::string& course, std::vector<WrongAnswer> answers) {
  std::string result;
  bool branches = false;
  for (const std::string& line : lines_of(course)) {
    if (const auto name = begun_exercise(line)) {
      for (std::size_t i = 0; i < answers.size(); ++i) {
        if (answers[i].function() != *name) continue;
        result += "if (nn::is_answer(" + std::to_string(i + 1) + ")) {\n" + answers[i].lines + "} else ";
        answers[i].lines.clear();
        branches = true;
      }
      if (branches) result += "{\n";
    }
    if (branches && ends_exercise(line)) {
      result += "}\n";
      branches = false;
    }
    result += line + '\n';
  }
  return with_include(result, "common/switch.hpp");
}

// A switch in every exercise: the file runs as it is, but the exercise that the environment variable NN_HOLE names says
// that it is not written. Not by a line not_written("..."), by which ./learn knows a hole.
inline std::string with_switches(const std::string& course, const std::string& path, int number) {
  std::string result;
  int count = 0;
  for (const std::string& line : lines_of(course)) {
    result += line + '\n';
    const auto name = begun_exercise(line);
    if (!name) continue;
    const std::string hole = "hole_" + std::to_string(++count);
    result += "static const bool " + hole + " = nn::is_hole(\"" + *name + "\");\nif (" + hole +
              ") nn::leave_unwritten(\"" + *name + "\", \"" + path + "\", " + std::to_string(number) + ");\n";
  }
  return with_include(result, "common/switch.hpp");
}

}  // namespace nn

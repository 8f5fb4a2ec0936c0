// How far the reader has come: ./learn progress, and the list with which ./learn mine begins.
#pragma once

#include <filesystem>
#include <iomanip>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "exercises/chapter.hpp"

namespace nn {

enum class State { kNotStarted, kUnfinished, kUnchecked, kMistake, kHolds };

inline State state_of(const Chapter& chapter) {
  if (!chapter.is_begun()) return State::kNotStarted;
  const Verdict verdict = chapter.verdict();
  if (verdict == Verdict::kFails) return State::kMistake;
  if (!chapter.unwritten().empty()) return State::kUnfinished;
  return verdict == Verdict::kHolds ? State::kHolds : State::kUnchecked;
}

inline std::string progress_line(const Chapter& chapter) {
  const std::size_t all = chapter.exercises().size();
  const State state = state_of(chapter);
  if (state == State::kNotStarted) return "not started (" + std::to_string(all) + " to write)";
  const std::string written =
      std::to_string(all - chapter.unwritten().size()) + " of " + std::to_string(all) + " written";
  switch (state) {
    case State::kMistake:
      return written + ", and the check finds a mistake";
    case State::kHolds:
      return written + ", and they hold";
    case State::kUnchecked:
      return written + ", not checked since";
    default:
      return written;
  }
}

// In a chapter that is begun and does not hold yet.
inline std::string next_step(const Chapter& chapter) {
  const std::string check = chapter.command("check"), place = " in my/" + chapter.name() + ", then  " + check;
  const State state = state_of(chapter);
  if (state == State::kUnchecked) return check;
  if (state == State::kMistake) {
    const std::string where = chapter.last_check().where;
    return "mend " + (where.empty() ? "it" : where) + place;
  }
  const bool holds = chapter.verdict() == Verdict::kHolds;  // then nothing comes by the line that is left
  return (holds ? "delete the line with not_written of " : "write ") + chapter.unwritten().front() + place;
}

// First what is begun, then the chapter behind the last one that holds, then the first one that is not started.
inline std::string next_of_all(const fs::path& root) {
  std::optional<Chapter> begun, behind, fresh;
  bool any_holds = false;
  for (const Chapter& chapter : list_chapters(root)) {
    if (chapter.exercises().empty()) continue;
    const State state = state_of(chapter);
    if (state == State::kHolds) {
      behind.reset();
      any_holds = true;
    } else if (state == State::kNotStarted) {
      if (!fresh) fresh = chapter;
      if (!behind) behind = chapter;
    } else if (!begun) {
      begun = chapter;
    }
  }
  const std::string train = "train with what you wrote:  ./learn mine train";
  if (begun) return next_step(*begun);
  if (!fresh) return "everything is written and holds; " + train;
  const Chapter& next = behind ? *behind : *fresh;
  return "chapters/" + next.name() + "/README.md, then  " + next.command("start") +
         (any_holds ? "; or " + train : "");
}

inline void print_row(const Chapter& chapter, const std::string& words, std::ostream& out) {
  out << "  " << std::left << std::setw(16) << chapter.name() << ' ' << words << '\n';
}

inline void show_progress(const fs::path& root, std::ostream& out) {
  for (const Chapter& chapter : list_chapters(root)) {
    if (!chapter.exercises().empty()) print_row(chapter, progress_line(chapter), out);
  }
  out << "\nnext:  " << next_of_all(root) << '\n';
}

// Whose code ./learn mine takes for a chapter, the reader's or the course's, and why.
inline std::string whose(const Chapter& chapter) {
  if (!chapter.is_begun()) return "the course's";
  const Verdict verdict = chapter.verdict();
  if (!chapter.is_finished()) {
    const char* why =
        verdict == Verdict::kHolds ? "a line with not_written is left: " : "is still to write: ";
    return std::string("the course's; in yours ") + why + joined(chapter.unwritten());
  }
  switch (verdict) {
    case Verdict::kHolds:
      return "yours";
    case Verdict::kFails:
      return "yours, its check is red";
    case Verdict::kChanged:
      return "yours, not checked since it changed";
    default:
      return "yours, not checked yet:  " + chapter.command("check");
  }
}

inline void show_whose(const fs::path& root, std::ostream& out) {
  for (const Chapter& chapter : list_chapters(root)) print_row(chapter, whose(chapter), out);
}

// The finished chapters, and `also` in any case, as CMake writes lists: what a build takes from my/.
inline std::string overlay(const fs::path& root, const std::string& also = "") {
  std::vector<std::string> names;
  for (const Chapter& chapter : list_chapters(root)) {
    if (chapter.name() == also || chapter.is_finished()) names.push_back(chapter.name());
  }
  return joined(names, ";");
}

}  // namespace nn

// ./learn check N, before the chapter's test is built with the reader's files, and after it has run.
#pragma once

#include <ostream>
#include <sstream>
#include <string>

#include "exercises/chapter.hpp"
#include "exercises/progress.hpp"

namespace nn {

// Throws if there is nothing to check, and says which of the course's files have changed since ./learn start.
inline void before_check(const Chapter& chapter, std::ostream& out) {
  const std::string number = std::to_string(chapter.number());
  if (!chapter.is_begun()) {
    throw Failure("nothing of chapter " + number + " is yours yet; first:  " + chapter.command("start"), 2);
  }
  if (!fs::exists(chapter.check())) throw Failure("chapter " + number + " has no check yet");
  std::istringstream record(read_text(chapter.mine() / ".made-from"));
  std::string crc, length, file;
  while (record >> crc >> length >> file) {
    const std::string name = chapter.name() + '/' + file;
    if (!fs::exists(chapter.course() / file)) {
      out << "note: the course has no chapters/" << name << " any more; my/" << name << " is not used\n";
    } else if (checksum(read_text(chapter.course() / file)) != crc + ' ' + length) {
      out << "note: chapters/" << name << " has changed since ./learn start; yours stays as it is\n";
    }
  }
}

// What a check has said (tests/support/reader/reader_report.cpp).
struct CheckReport {
  int properties = 0;             // that hold
  std::string unwritten, failed;  // the function at which it ended, as the check names it
};

inline CheckReport read_report(const std::string& text) {
  constexpr std::string_view kHolds = "  ok ", kFails = "  no   ", kUnwritten = "not written yet: ";
  CheckReport report;
  for (const std::string& line : lines_of(text)) {
    if (line.starts_with(kHolds)) ++report.properties;
    if (line.starts_with(kFails)) report.failed = line.substr(kFails.size(), line.find(':') - kFails.size());
    if (line.starts_with(kUnwritten)) {
      report.unwritten = line.substr(kUnwritten.size(), line.find(" in ") - kUnwritten.size());
    }
  }
  return report;
}

// "my/NN_name/file.hpp:12" of the first line with not_written; nothing if there is none.
inline std::string place_of_unwritten(const Chapter& chapter) {
  for (const std::string& file : chapter.my_files()) {
    int number = 0;
    for (const std::string& line : lines_of(read_text(chapter.mine() / file))) {
      ++number;
      if (unwritten_exercise(line)) return "my/" + chapter.name() + '/' + file + ':' + std::to_string(number);
    }
  }
  return "";
}

// Remembers what the check found and says what comes next; whether there is nothing left to do in the chapter.
inline bool after_check(const Chapter& chapter, bool passed, const std::string& text, const fs::path& root,
                        std::ostream& out) {
  const CheckReport report = read_report(text);
  if (!passed && !report.unwritten.empty()) {  // the check itself has said what to do
    chapter.remember("stopped", report.unwritten);
    return false;
  }
  if (!passed) {
    const std::string function = as_hinted(chapter.hints(), report.failed);
    chapter.remember("fails", function);
    out << "next: mend it in my/" << chapter.name() << "/, then  " << chapter.command("check")
        << "  again; hint:  " << chapter.command("hint") << (function.empty() ? "" : ' ' + function) << '\n';
    return false;
  }
  chapter.remember("holds", "");
  out << "\nchapter " << chapter.number() << ": all " << report.properties << " properties hold. ";
  // But a not_written may be where nothing comes by, behind a return.
  const std::string place = place_of_unwritten(chapter);
  if (place.empty()) {
    out << "Next:  " << next_of_all(root) << '\n';
  } else {
    out << "What is left: delete the line with not_written in " << place
        << "\n(until then the chapter does not count as written, and  ./learn mine  takes the course's)\n";
  }
  return place.empty();
}

}  // namespace nn

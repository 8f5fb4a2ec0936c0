// ./learn hint N [FUNCTION]: the next hint, one at a time.
#pragma once

#include <algorithm>
#include <iterator>
#include <ostream>
#include <string>
#include <vector>

#include "exercises/chapter.hpp"

namespace nn {

// Where the reader is: where the last check ended, unless that was unwritten then and is written by now; else the first
// function that is still to write. The first of all if nothing was checked yet, nothing if all holds.
inline std::string stuck_at(const Chapter& chapter) {
  const std::vector<std::string> hinted = hinted_functions(chapter.hints()), unwritten = chapter.unwritten();
  const LastCheck last = chapter.last_check();
  const bool is_there = last.found == "fails" || (last.found == "stopped" && contains(unwritten, last.where));
  if (is_there && contains(hinted, last.where)) return last.where;
  if (!unwritten.empty()) return unwritten.front();
  return chapter.verdict() == Verdict::kHolds || hinted.empty() ? "" : hinted.front();
}

// Counts one more hint as given, if there is one more, and says which it is; returns its place among them, from 0.
inline std::size_t count_hint(const Chapter& chapter, const std::string& function, std::size_t total,
                              std::ostream& out) {
  const std::string line = chapter.name() + ' ' + function, record = read_text(chapter.given_hints());
  const std::vector<std::string> given = lines_of(record);
  const auto nth = static_cast<std::size_t>(std::count(given.begin(), given.end(), line));
  if (nth >= total) {
    out << function << ": these were all the hints (" << total
        << "); the last one again. Our code is in chapters/" << chapter.name()
        << "/README.md, folded away.\n";
    return total - 1;
  }
  fs::create_directories(chapter.given_hints().parent_path());
  write_text(chapter.given_hints(), record + line + '\n');
  out << function << ", hint " << nth + 1 << " of " << total;
  if (nth + 1 == total) {
    out << ", the last\n";
  } else {
    out << "; " << total - nth - 1 << " more:  " << chapter.command("hint") << ' ' << function << '\n';
  }
  return nth;
}

// function: for which; "" for the one at which the reader is.
inline void show_hint(const Chapter& chapter, std::string function, std::ostream& out) {
  const std::vector<Hint> hints = chapter.hints();
  const std::string number = std::to_string(chapter.number()), all = joined(hinted_functions(hints));
  if (hints.empty()) {
    throw Failure("chapter " + number + " has no hints; its text is chapters/" + chapter.name() +
                  "/README.md");
  }
  if (function.empty()) function = stuck_at(chapter);
  if (function.empty()) {
    out << "chapter " << number << ": everything is written and holds. There are hints for: " << all
        << ";\nfor instance  " << chapter.command("hint") << ' ' << hints.front().function << '\n';
    return;
  }
  std::vector<Hint> wanted;
  std::copy_if(hints.begin(), hints.end(), std::back_inserter(wanted),
               [&](const Hint& hint) { return hint.function == function; });
  if (wanted.empty()) {
    throw Failure("chapter " + number + " has no hint for '" + function + "'; there are hints for: " + all,
                  2);
  }
  const std::size_t nth = count_hint(chapter, function, wanted.size(), out);
  out << '\n';
  for (const std::string& line : wanted[nth].lines) out << "  " << line << '\n';
}

}  // namespace nn

// A chapter's exercises, and what the reader has written of them in my/NN_name/. Two files there are not the reader's:
//   .made-from   the checksums of the course's files that the reader's were cut from
//   .checked     what the last check found: holds, fails or stopped (at what is not written), the fingerprint of the
//                version that it looked at, and the function where it ended
#pragma once

#include <algorithm>
#include <filesystem>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "exercises/exercise_marks.hpp"
#include "exercises/hints.hpp"
#include "exercises/text.hpp"

namespace nn {

namespace fs = std::filesystem;

struct LastCheck {
  std::string found, fingerprint, where;
};

// kChanged: it was checked, but not as it is now.
enum class Verdict { kUnchecked, kHolds, kFails, kChanged };

class Chapter {
 public:
  Chapter(fs::path root, std::string name) : root_(std::move(root)), name_(std::move(name)) {}

  const std::string& name() const { return name_; }
  int number() const { return std::stoi(name_); }
  fs::path course() const { return root_ / "chapters" / name_; }
  fs::path mine() const { return root_ / "my" / name_; }
  fs::path check() const { return root_ / "tests" / (name_ + "_test.cpp"); }
  fs::path given_hints() const { return root_ / "my" / ".hints"; }  // a line for each, "NN_name function"
  std::string command(const std::string& verb) const {
    return "./learn " + verb + ' ' + std::to_string(number());
  }

  // The names of the course's files in which there is something to write, and of the reader's files.
  std::vector<std::string> exercise_files() const {
    std::vector<std::string> files;
    for (const std::string& file : sources_in(course())) {
      if (!exercise_names(read_text(course() / file)).empty()) files.push_back(file);
    }
    return files;
  }
  std::vector<std::string> my_files() const { return sources_in(mine()); }

  std::vector<std::string> exercises() const {
    std::vector<std::string> names;
    for (const std::string& file : exercise_files()) {
      for (const std::string& name : exercise_names(read_text(course() / file))) add_once(names, name);
    }
    return names;
  }

  std::vector<Hint> hints() const { return read_hints(read_text(course() / "hints.txt")); }

  // What is still to write, in the order in which the hints and the check go through it.
  std::vector<std::string> unwritten() const {
    std::vector<std::string> names, ordered;
    for (const std::string& file : my_files()) {
      for (const std::string& name : unwritten_names(read_text(mine() / file))) add_once(names, name);
    }
    for (const std::string& name : hinted_functions(hints())) {
      if (contains(names, name)) ordered.push_back(name);
    }
    for (const std::string& name : names) add_once(ordered, name);
    return ordered;
  }

  bool is_begun() const { return !my_files().empty(); }
  bool is_finished() const { return is_begun() && unwritten().empty(); }

  // Of what the reader wrote and what it is measured by.
  std::string fingerprint() const {
    std::string text;
    for (const std::string& file : my_files()) text += read_text(mine() / file);
    return checksum(text + read_text(check()));
  }

  LastCheck last_check() const {
    std::istringstream in(read_text(mine() / ".checked"));
    LastCheck last;
    std::string crc, length;
    in >> last.found >> crc >> length >> last.where;
    last.fingerprint = crc + ' ' + length;
    return last;
  }
  void remember(const std::string& found, const std::string& where) const {
    write_text(mine() / ".checked", found + ' ' + fingerprint() + ' ' + where + '\n');
  }

  Verdict verdict() const {
    const LastCheck last = last_check();
    if (last.found.empty()) return Verdict::kUnchecked;
    if (last.found == "stopped" || last.fingerprint != fingerprint()) return Verdict::kChanged;
    return last.found == "holds" ? Verdict::kHolds : Verdict::kFails;
  }

 private:
  // The headers of a folder, then its sources, each in order.
  static std::vector<std::string> sources_in(const fs::path& folder) {
    std::vector<std::string> names;
    if (!fs::is_directory(folder)) return names;
    for (const char* ending : {".hpp", ".cpp"}) {
      const std::size_t first = names.size();
      for (const auto& entry : fs::directory_iterator(folder)) {
        if (entry.path().extension() == ending) names.push_back(entry.path().filename().string());
      }
      std::sort(names.begin() + static_cast<std::ptrdiff_t>(first), names.end());
    }
    return names;
  }

  fs::path root_;
  std::string name_;
};

// All of the course, in order.
inline std::vector<Chapter> list_chapters(const fs::path& root) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(root / "chapters")) {
    const std::string name = entry.path().filename().string();
    if (entry.is_directory() && name.find_first_not_of("0123456789") == 2 && name[2] == '_')
      names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  std::vector<Chapter> chapters;
  for (const std::string& name : names) chapters.emplace_back(root, name);
  return chapters;
}

}  // namespace nn

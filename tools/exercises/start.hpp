// ./learn start N: the reader's copies of a chapter's files, with the exercises cut out.
#pragma once

#include <filesystem>
#include <ostream>
#include <string>

#include "exercises/chapter.hpp"

namespace nn {

// .made-from: a line "CRC LENGTH FILE" for each of the reader's files.
inline void record_origin(const Chapter& chapter, const std::string& file) {
  const fs::path record = chapter.mine() / ".made-from";
  std::string text;
  for (const std::string& line : lines_of(read_text(record))) {
    if (!line.ends_with(' ' + file)) text += line + '\n';
  }
  write_text(record, text + checksum(read_text(chapter.course() / file)) + ' ' + file + '\n');
}

inline void make_stub(const Chapter& chapter, const std::string& file) {
  const std::string path = "my/" + chapter.name() + '/' + file;
  try {
    const std::string stub = cut(read_text(chapter.course() / file), path, chapter.number());
    record_origin(chapter, file);
    write_text(chapter.mine() / file, stub);
  } catch (const Failure& failure) {
    throw Failure("chapters/" + chapter.name() + '/' + file + " could not be cut: " + failure.what());
  }
}

// A file that is there already is the reader's and stays as it is.
inline void start(const Chapter& chapter, std::ostream& out) {
  const std::string number = std::to_string(chapter.number());
  if (chapter.exercise_files().empty()) throw Failure("there is nothing to write in chapter " + number);
  fs::create_directories(chapter.mine());
  bool any = false;
  for (const std::string& file : chapter.exercise_files()) {
    const std::string path = "my/" + chapter.name() + '/' + file;
    if (fs::exists(chapter.mine() / file)) {
      out << "  kept     " << path << ": it is yours already (to begin again, rename it first)\n";
      continue;
    }
    make_stub(chapter, file);
    out << "  written  " << path << ": " << joined(unwritten_names(read_text(chapter.mine() / file))) << '\n';
    any = true;
  }
  if (!any) return;
  out << "\nLook for the lines with not_written. Each time you have written one:  "
      << chapter.command("check") << "\nIf you are stuck:  " << chapter.command("hint") << '\n';
}

}  // namespace nn

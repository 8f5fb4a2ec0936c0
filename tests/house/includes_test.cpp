// The order of the chapters, proven from the #include lines: a chapter and its tests know no later chapter,
// common/ knows none, and a chapter's file is named in one way only, "03_softmax/softmax.hpp".
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <map>
#include <regex>
#include <string>
#include <vector>

namespace nn {
namespace {

namespace fs = std::filesystem;

// The number of a chapter's folder or file, "03_softmax" or "03_softmax_test.cpp"; 0 if it has none.
int chapter_number(const std::string& name) {
  static const std::regex pattern("^([0-9]{2})_");
  std::smatch match;
  return std::regex_search(name, match, pattern) ? std::stoi(match[1]) : 0;
}

std::string first_folder(const std::string& path) { return path.substr(0, path.find('/')); }
std::string after_first_folder(const std::string& path) { return path.substr(path.find('/') + 1); }

// The name between the quotes or the angle brackets; nothing if the line includes nothing.
std::string included_name(const std::string& line) {
  static const std::regex pattern(R"(^\s*#\s*include\s*["<]([^">]+)[">])");
  std::smatch match;
  return line.find('#') != line.npos && std::regex_search(line, match, pattern) ? match[1].str() : "";
}

// "03_softmax/softmax.hpp" is of chapter 3; "03_figure.hpp", without a folder, is of none.
int included_chapter(const std::string& name) {
  return name.find('/') == name.npos ? 0 : chapter_number(name);
}

// What is wrong with a file's include, or nothing. file: from the project's root; name: as it is included.
std::string include_fault(const std::string& file, const std::string& name) {
  const std::string place = first_folder(file), inside = after_first_folder(file);
  // A test has its chapter's number in its own name, in whatever folder it is.
  const std::string stem = place == "tests" ? fs::path(file).filename().string() : inside;
  const int including = place == "chapters" || place == "tests" ? chapter_number(stem) : 0;
  const int included = included_chapter(name);
  if (name.find("..") != name.npos || first_folder(name) == "chapters" || first_folder(name) == "my") {
    return "name it from the include root, as in \"03_softmax/softmax.hpp\"";
  }
  if (place == "common" || file.starts_with("tests/common/"))
    return included ? "common knows no chapter" : "";
  if (including && included > including) return "that is a later chapter";
  const bool sibling = name.find('/') == name.npos && name.ends_with(".hpp");
  const bool reader_may_replace_it = place == "chapters" && inside.find('/') == inside.rfind('/');
  if (sibling && reader_may_replace_it) return "a sibling's bare name always takes the course's copy";
  return "";
}

using Includes = std::map<std::string, std::vector<std::string>>;  // of each file, from the project's root

// Quoted or not; every .hpp and .cpp of the project's own.
Includes all_includes(const fs::path& root) {
  Includes all;
  for (const char* folder : {"chapters", "common", "tests", "benchmarks", "plots"}) {
    for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
      if (entry.path().extension() != ".hpp" && entry.path().extension() != ".cpp") continue;
      std::vector<std::string>& names = all[entry.path().lexically_relative(root).generic_string()];
      std::ifstream in(entry.path());
      for (std::string line; std::getline(in, line);) {
        if (const std::string name = included_name(line); !name.empty()) names.push_back(name);
      }
    }
  }
  return all;
}

// The includes of a test and, since they come along, those of the helpers in tests/support that it takes.
std::vector<std::string> with_helpers(const std::string& file, const Includes& all) {
  std::vector<std::string> names = all.at(file);
  for (std::size_t i = 0; i < names.size() && names.size() < 1000; ++i) {
    const auto helper = all.find("tests/support/" + names[i]);
    if (helper == all.end() || helper->first == file) continue;
    names.insert(names.end(), helper->second.begin(), helper->second.end());
  }
  return names;
}

TEST(Includes, every_include_keeps_the_order_of_the_chapters) {
  const Includes all = all_includes(NN_SOURCE_DIR);
  EXPECT_GT(all.size(), 50u) << "these are not all files";
  for (const auto& [file, own] : all) {
    const bool test = file.starts_with("tests/") && !file.starts_with("tests/support/");
    for (const std::string& name : test ? with_helpers(file, all) : own) {
      const std::string fault = include_fault(file, name);
      EXPECT_TRUE(fault.empty()) << file << " includes \"" << name << "\": " << fault;
    }
  }
}

TEST(Includes, every_include_of_a_chapter_is_there) {
  for (const auto& [file, names] : all_includes(NN_SOURCE_DIR)) {
    for (const std::string& name : names) {
      if (!included_chapter(name)) continue;
      EXPECT_TRUE(fs::exists(fs::path(NN_SOURCE_DIR) / "chapters" / name)) << file << " includes " << name;
    }
  }
}

TEST(IncludeRules, find_what_is_included) {
  EXPECT_EQ(included_name("#include \"03_softmax/softmax.hpp\""), "03_softmax/softmax.hpp");
  EXPECT_EQ(included_name("  #  include <03_softmax/softmax.hpp>  // why"), "03_softmax/softmax.hpp");
  EXPECT_EQ(included_name("// #include \"a.hpp\""), "");
  EXPECT_EQ(included_name("int include = 3;"), "");
}

TEST(IncludeRules, let_pass_what_is_right) {
  const std::vector<std::pair<const char*, const char*>> right{
      {"chapters/03_softmax/softmax.hpp", "01_matrix/matrix.hpp"},
      {"chapters/03_softmax/softmax.hpp", "03_softmax/logits.hpp"},
      {"chapters/03_softmax/main.cpp", "common/terminal/print.hpp"},
      {"chapters/03_softmax/main.cpp", "vector"},
      {"chapters/10_mnist/digits/train.cpp", "commands.hpp"},
      {"tests/03_softmax_test.cpp", "03_softmax/softmax.hpp"},
      {"tests/03_softmax_test.cpp", "expectations/close_to.hpp"},
      {"tests/house/digits_test.cpp", "10_mnist/model_file.hpp"},
      {"common/data/mnist.cpp", "common/data/idx.hpp"},
      {"benchmarks/03_softmax_benchmark.cpp", "10_mnist/recipes.hpp"},
      {"plots/02_relu_shapes.cpp", "07_training/optimizer.hpp"},
      {"plots/02_relu_shapes.cpp", "03_helper.hpp"}};
  for (const auto& [file, name] : right) EXPECT_EQ(include_fault(file, name), "") << file << " " << name;
}

TEST(IncludeRules, find_what_is_wrong) {
  const std::vector<std::pair<const char*, const char*>> wrong{
      {"chapters/03_softmax/softmax.hpp", "04_from_logits/one_hot.hpp"},
      {"chapters/03_softmax/main.cpp", "11_later/x.hpp"},
      {"chapters/03_softmax/softmax.hpp", "logits.hpp"},
      {"chapters/03_softmax/softmax.hpp", "../01_matrix/matrix.hpp"},
      {"chapters/03_softmax/softmax.hpp", "chapters/01_matrix/matrix.hpp"},
      {"chapters/10_mnist/digits/train.cpp", "../training.hpp"},
      {"chapters/10_mnist/digits/train.cpp", "11_next/x.hpp"},
      {"tests/03_softmax_test.cpp", "04_from_logits/one_hot.hpp"},
      {"tests/accuracy/03_softmax_test.cpp", "04_from_logits/one_hot.hpp"},
      {"tests/03_softmax_test.cpp", "../chapters/03_softmax/softmax.hpp"},
      {"tests/common/idx_test.cpp", "01_matrix/matrix.hpp"},
      {"common/terminal/print.hpp", "01_matrix/matrix.hpp"},
      {"common/terminal/print.hpp", "../chapters/01_matrix/matrix.hpp"},
      {"plots/02_relu_shapes.cpp", "chapters/02_relu/relu.hpp"},
      {"benchmarks/03_softmax_benchmark.cpp", "my/03_softmax/softmax.hpp"}};
  for (const auto& [file, name] : wrong) EXPECT_NE(include_fault(file, name), "") << file << " " << name;
}

TEST(IncludeRules, look_into_the_helpers_of_a_test) {
  const Includes all{{"tests/03_softmax_test.cpp", {"a.hpp"}},
                     {"tests/support/a.hpp", {"b.hpp", "vector"}},
                     {"tests/support/b.hpp", {"a.hpp", "05_backprop/layer.hpp"}}};
  const auto names = with_helpers("tests/03_softmax_test.cpp", all);
  EXPECT_NE(std::find(names.begin(), names.end(), "05_backprop/layer.hpp"), names.end());
}

}  // namespace
}  // namespace nn

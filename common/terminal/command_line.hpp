// The options of a program with several commands. CLI11 reads them, in command_line.cpp alone: a file that includes CLI11
// takes seconds to compile, and ./learn mine compiles the commands of digits again after most changes.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "common/terminal/number_option.hpp"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace nn {

class CommandOption {
 public:
  explicit CommandOption(CLI::Option* option) : option_(option) {}
  CommandOption required() const;
  CommandOption check(const OptionCheck& check) const;
  CommandOption one_of(const std::vector<std::string>& values) const;

 private:
  CLI::Option* option_;
};

// A program or one of its commands.
class Command {
 public:
  explicit Command(CLI::App& app) : app_(&app) {}
  Command add_subcommand(const std::string& name, const std::string& description) const;

  // T: std::string, std::size_t, a std::optional of one of them or of double or std::uint64_t, or a
  // std::vector<std::string>. The value must outlive the command.
  template <class T>
  CommandOption add_option(const std::string& name, T& value, const std::string& description) const;
  // An option of several numbers with commas between.
  CommandOption add_numbers(const std::string& name, std::optional<std::vector<std::size_t>>& values,
                            const std::string& description) const;
  void add_flag(const std::string& name, bool& value, const std::string& description) const;
  // What is called when the command was given.
  void callback(const std::function<void()>& given) const;

 private:
  CLI::App* app_;
};

}  // namespace nn

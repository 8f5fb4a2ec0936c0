#include "common/terminal/command_line.hpp"

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>

namespace nn {

CommandOption CommandOption::required() const { return CommandOption(option_->required()); }

CommandOption CommandOption::check(const OptionCheck& check) const {
  return CommandOption(option_->check(check));
}

CommandOption CommandOption::one_of(const std::vector<std::string>& values) const {
  return CommandOption(option_->check(CLI::IsMember(values)));
}

Command Command::add_subcommand(const std::string& name, const std::string& description) const {
  return Command(*app_->add_subcommand(name, description));
}

template <class T>
CommandOption Command::add_option(const std::string& name, T& value, const std::string& description) const {
  return CommandOption(app_->add_option(name, value, description));
}

// unsigned long and unsigned long long: one of them is std::size_t, and one, perhaps the same, std::uint64_t.
using OptionalString = std::optional<std::string>;
using OptionalLong = std::optional<unsigned long>;
using OptionalLongLong = std::optional<unsigned long long>;
using OptionalDouble = std::optional<double>;
template CommandOption Command::add_option(const std::string&, std::string&, const std::string&) const;
template CommandOption Command::add_option(const std::string&, std::size_t&, const std::string&) const;
template CommandOption Command::add_option(const std::string&, OptionalString&, const std::string&) const;
template CommandOption Command::add_option(const std::string&, OptionalLong&, const std::string&) const;
template CommandOption Command::add_option(const std::string&, OptionalLongLong&, const std::string&) const;
template CommandOption Command::add_option(const std::string&, OptionalDouble&, const std::string&) const;
template CommandOption Command::add_option(const std::string&, std::vector<std::string>&,
                                           const std::string&) const;

CommandOption Command::add_numbers(const std::string& name, std::optional<std::vector<std::size_t>>& values,
                                   const std::string& description) const {
  const auto set = [&values](const std::string& text) { values = split_numbers(text); };
  return CommandOption(app_->add_option_function<std::string>(name, set, description));
}

void Command::add_flag(const std::string& name, bool& value, const std::string& description) const {
  app_->add_flag(name, value, description);
}

void Command::callback(const std::function<void()>& given) const { app_->callback(given); }

}  // namespace nn

// The commands of the program `digits`. Each adds its options to the program and says what it does with them.
#pragma once

#include <functional>
#include <span>

#include "common/terminal/command_line.hpp"

namespace nn::digits {

// What main runs once the options are parsed; returns the exit code.
using Work = std::function<int()>;

// Adds the command to app; sets work when the command was given.
// arguments: of main, with which --ranks starts the program again.
void add_train(const Command& app, Work& work, std::span<char* const> arguments);
void add_evaluate(const Command& app, Work& work);
void add_predict(const Command& app, Work& work);
void add_explain(const Command& app, Work& work);
void add_gradcheck(const Command& app, Work& work);
void add_doctor(const Command& app, Work& work);

}  // namespace nn::digits

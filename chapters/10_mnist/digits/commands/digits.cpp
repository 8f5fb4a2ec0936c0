// digits: trains, tests and explains the classifier of handwritten digits.
#include "commands.hpp"
#include "common/terminal/program.hpp"

int main(int argc, char** argv) {
  CLI::App app("Trains, tests and explains a classifier of handwritten digits.", "digits");
  app.require_subcommand(1);
  nn::digits::Work work;
  nn::digits::add_train(app, work, {argv, static_cast<std::size_t>(argc)});
  nn::digits::add_evaluate(app, work);
  nn::digits::add_predict(app, work);
  nn::digits::add_explain(app, work);
  nn::digits::add_gradcheck(app, work);
  nn::digits::add_doctor(app, work);
  return nn::run_program(app, argc, argv, [&] { return work(); });
}

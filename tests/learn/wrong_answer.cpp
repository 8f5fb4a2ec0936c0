// Prints a course's file with a wrong answer in it:
//   wrong_answer tests/learn/wrong_answers/03_softmax.txt "softmax: the naive form" chapters/03_softmax/softmax.hpp
#include <iostream>

#include "planted.hpp"

int main(int count, char** words) {
  if (count != 4) return 2;
  for (const nn::WrongAnswer& answer : nn::read_wrong_answers(nn::read_text(words[1]))) {
    if (answer.title != words[2]) continue;
    std::cout << nn::with_answer(nn::read_text(words[3]), answer);
    return 0;
  }
  std::cerr << words[1] << " has no answer '" << words[2] << "'\n";
  return 1;
}

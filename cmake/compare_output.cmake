# cmake -DPROGRAM=... -DEXPECTED=... -P compare_output.cmake: fails unless the program exits with 0 and
# prints EXPECTED to the letter.
execute_process(COMMAND ${PROGRAM} OUTPUT_VARIABLE printed ERROR_VARIABLE errors RESULT_VARIABLE code)
if(NOT code EQUAL 0)
  message(FATAL_ERROR "${PROGRAM} ended with ${code}\n${errors}")
endif()
if(NOT EXISTS ${EXPECTED})
  message(FATAL_ERROR "${EXPECTED} is missing; ${PROGRAM} printed\n${printed}")
endif()
file(READ ${EXPECTED} expected)
if(NOT printed STREQUAL expected)
  message(FATAL_ERROR "${PROGRAM} does not print what ${EXPECTED} holds. It printed\n${printed}")
endif()

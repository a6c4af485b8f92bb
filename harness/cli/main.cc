#include "harness/cli/program.h"

int main(int argc, char** argv) { return relayspec::run_program(argc, argv); }

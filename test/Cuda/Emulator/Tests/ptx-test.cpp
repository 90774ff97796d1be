//===- ptx-test.cpp - mlopt-ptx-test: the semantics of instructions
//-----------------------------===//
//
// Usage: mlopt-ptx-test. Runs every row on edges and random values, whole and under a predicate,
// and prints one line for each family; the exit code is 1 when anything failed.
//
//===----------------------------------------------------------------------------------------------===//

#include "Rows.h"

using namespace ptxtest;

int main() {
  unsigned failures = run("integers", integerRows());
  failures += run("bits", bitRows());
  failures += run("floats", floatRows());
  failures += run("halves", halfRows());
  failures += run("comparisons", compareRows());
  failures += run("conversions", convertRows());
  failures += runWarpOpcodes();
  failures += runAtomics();
  failures += runMatrices();
  return failures != 0;
}

// Two models in one program, by the functions of their headers.
#include "first.h"
#include "second.h"

#include <stdio.h>
#include <string.h>

int main(void) {
  static float x[FIRST_X_ELEMENTS], y[FIRST_PROBABILITIES_ELEMENTS],
      z[SECOND_PROBABILITIES_ELEMENTS];
  first_model *first;
  second_model *second;
  if (first_open(1, &first) || second_open(1, &second))
    return 1;
  if (first_run(first, x, y) || second_run(second, x, z))
    return 1;
  puts(memcmp(y, z, sizeof(y)) ? "different" : "equal");
  first_close(first);
  second_close(second);
  return 0;
}

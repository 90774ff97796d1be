/* Includes the header of `dense` by -include: two rows of ones, then a null input. */
#include <stdio.h>

int main(void) {
  float x[2 * DENSE_X_DIM1] = {1, 1, 1, 1}, y[2 * DENSE_Y_DIM1];
  dense_model *model;
  dense_status status = dense_open(2, &model);
  if (!status)
    status = dense_run(model, 2, x, y);
  if (status) {
    printf("%s\n", dense_status_message(status));
    return 1;
  }
  for (int i = 0; i < 6; ++i)
    printf("%g ", (double)y[i]);
  status = dense_run(model, 2, NULL, y);
  printf("\ncode %d\n", status ? (int)dense_status_code(status) : 0);
  dense_status_release(status);
  dense_close(model);
  return 0;
}

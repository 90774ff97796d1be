// A training module made by hand; train_module.c says what it computes.

#ifndef MLOPT_TEST_RUNTIME_TRAIN_MODULE_H
#define MLOPT_TEST_RUNTIME_TRAIN_MODULE_H

#include "mlopt/runtime/abi/module_abi.h"

// `spoil`: "" or what is to be wrong with it. The result lives until the next call.
const mlopt_module *train_module(const char *spoil);

#endif

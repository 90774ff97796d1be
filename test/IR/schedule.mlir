// RUN: %mlopt-opt --split-input-file --verify-diagnostics %s | FileCheck %s
// REQUIRES: mlopt-opt
//
// Repeated phases of a schedule.

// CHECK: mlopt.s = #mlopt.schedule<emitter = "recurrent", phases = 3, scratchShared = <"0">, scratchPerThread = <"0">, units = <"1">, params = {}, repeat = <"t">, repeatFrom = 1>}
module attributes {mlopt.s = #mlopt.schedule<emitter = "recurrent", phases = 3, scratchShared = <"0">, scratchPerThread = <"0">, units = <"1">, params = {}, repeat = <"t">, repeatFrom = 1>} {}

// -----

// expected-error@+1 {{repeats phases from number 2 on, expected a number from 1 to phases - 1 = 1 with `repeat`, or 0 without}}
module attributes {mlopt.s = #mlopt.schedule<emitter = "recurrent", phases = 2, scratchShared = <"0">, scratchPerThread = <"0">, units = <"1">, params = {}, repeat = <"t">, repeatFrom = 2>} {}

// -----

// expected-error@+1 {{repeats phases from number 1 on without a count}}
module attributes {mlopt.s = #mlopt.schedule<emitter = "recurrent", phases = 2, scratchShared = <"0">, scratchPerThread = <"0">, units = <"1">, params = {}, repeatFrom = 1>} {}

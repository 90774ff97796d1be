// RUN: mlopt-kernel-test %s --cpu=x86-64-v2,x86-64-v3,x86-64-v4 --size n=1 --size n=7 --size n=33 | FileCheck %s --implicit-check-not=FAILED
//
// Gathers from a table that lies in the panels of a matrix product: along both
// axes, with several element types, and where a slice moves the lanes so that
// they cross from one panel into the next.

// CHECK: {{^}}rows_turned x86-64-v2 n=1: generic
mlopt.kernel @rows_turned(%t: tensor<70x50xf32>, %i: tensor<?xi64> {mlopt.range = [-70, 70]}) -> tensor<?x50xf32> attributes {hero = #mlopt.hero<gather>, dims = [[70, 50], ["n"], ["n", 50]], layouts = [#mlopt.layout<"panel_t32", [0, 32, 0, 1, 1, 0, 0, 1, 32]>, unit, unit]} {
  %0 = mlopt.gather %t, %i {axis = 0 : i64, mlopt.hero_op} : (tensor<70x50xf32>, tensor<?xi64>) -> tensor<?x50xf32>
  mlopt.yield %0 : tensor<?x50xf32>
}

// CHECK: {{^}}rows x86-64-v2 n=1: generic
mlopt.kernel @rows(%t: tensor<19x70xf32>, %i: tensor<2x?xi32> {mlopt.range = [-19, 19]}) -> tensor<2x?x70xf32> attributes {hero = #mlopt.hero<gather>, dims = [[19, 70], [2, "n"], [2, "n", 70]], layouts = [#mlopt.layout<"panel32", [1, 32, 0, 0, 1, 0, 1, 1, 32]>, unit, unit]} {
  %0 = mlopt.gather %t, %i {axis = 0 : i64, mlopt.hero_op} : (tensor<19x70xf32>, tensor<2x?xi32>) -> tensor<2x?x70xf32>
  mlopt.yield %0 : tensor<2x?x70xf32>
}

// CHECK: {{^}}columns x86-64-v2 n=1: generic
mlopt.kernel @columns(%t: tensor<19x70xf32>, %i: tensor<?xi64> {mlopt.range = [-70, 70]}) -> tensor<19x?xf32> attributes {hero = #mlopt.hero<gather>, dims = [[19, 70], ["n"], [19, "n"]], layouts = [#mlopt.layout<"panel32", [1, 32, 0, 0, 1, 0, 1, 1, 32]>, unit, unit]} {
  %0 = mlopt.gather %t, %i {axis = 1 : i64, mlopt.hero_op} : (tensor<19x70xf32>, tensor<?xi64>) -> tensor<19x?xf32>
  mlopt.yield %0 : tensor<19x?xf32>
}

// CHECK: {{^}}half x86-64-v2 n=1: generic
mlopt.kernel @half(%t: tensor<70x50xf16>, %i: tensor<?xi64> {mlopt.range = [-70, 70]}) -> tensor<?x50xf32> attributes {hero = #mlopt.hero<gather>, dims = [[70, 50], ["n"], ["n", 50]], layouts = [#mlopt.layout<"panel_t32", [0, 32, 0, 1, 1, 0, 0, 1, 32]>, unit, unit]} {
  %0 = mlopt.gather %t, %i {axis = 0 : i64, mlopt.hero_op} : (tensor<70x50xf16>, tensor<?xi64>) -> tensor<?x50xf16>
  %1 = mlopt.cast %0 {to = f32} : (tensor<?x50xf16>) -> tensor<?x50xf32>
  mlopt.yield %1 : tensor<?x50xf32>
}

// CHECK: {{^}}crossing x86-64-v2: generic
mlopt.kernel @crossing(%t: tensor<19x70xf32>, %i: tensor<7xi64> {mlopt.range = [-19, 19]}) -> tensor<7x60xf32> attributes {hero = #mlopt.hero<gather>, dims = [[19, 70], [7], [7, 60]], layouts = [#mlopt.layout<"panel32", [1, 32, 0, 0, 1, 0, 1, 1, 32]>, unit, unit]} {
  %0 = mlopt.gather %t, %i {axis = 0 : i64, mlopt.hero_op} : (tensor<19x70xf32>, tensor<7xi64>) -> tensor<7x70xf32>
  %1 = mlopt.slice %0 {static_starts = array<i64: 0, 5>, static_sizes = array<i64: 7, 60>, strides = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 0, 0>} : (tensor<7x70xf32>) -> tensor<7x60xf32>
  mlopt.yield %1 : tensor<7x60xf32>
}

// CHECK: {{^}}every_other x86-64-v2: generic
mlopt.kernel @every_other(%t: tensor<19x70xf32>, %i: tensor<7xi64> {mlopt.range = [-19, 19]}) -> tensor<7x33xf32> attributes {hero = #mlopt.hero<gather>, dims = [[19, 70], [7], [7, 33]], layouts = [#mlopt.layout<"panel32", [1, 32, 0, 0, 1, 0, 1, 1, 32]>, unit, unit]} {
  %0 = mlopt.gather %t, %i {axis = 0 : i64, mlopt.hero_op} : (tensor<19x70xf32>, tensor<7xi64>) -> tensor<7x70xf32>
  %1 = mlopt.slice %0 {static_starts = array<i64: 0, 3>, static_sizes = array<i64: 7, 33>, strides = array<i64: 1, 2>, operandSegmentSizes = array<i32: 1, 0, 0>} : (tensor<7x70xf32>) -> tensor<7x33xf32>
  mlopt.yield %1 : tensor<7x33xf32>
}

// RUN: mlopt-eval %s | FileCheck %s

// Constants, parameters, kernels, calls, sizes.

mlopt.parameter @weight = dense_resource<w0> : tensor<2x2xf32>
mlopt.parameter @flags = dense_resource<b0> : tensor<3xi1>
mlopt.parameter @small = dense<[1, -1]> : tensor<2xi8>

func.func @parameters() -> (tensor<2x2xf32>, tensor<3xi1>, tensor<2xi8>) {
  %0 = mlopt.get_parameter @weight : tensor<2x2xf32>
  %1 = mlopt.get_parameter @flags : tensor<3xi1>
  %2 = mlopt.get_parameter @small : tensor<2xi8>
  return %0, %1, %2 : tensor<2x2xf32>, tensor<3xi1>, tensor<2xi8>
}
// CHECK: parameters exact 0: tensor<2x2xf32> = [1, 2, 3, 4]
// CHECK: parameters exact 1: tensor<3xi1> = [1, 0, 1]
// CHECK: parameters exact 2: tensor<2xi8> = [1, -1]
// CHECK: parameters typed 0: tensor<2x2xf32> = [1, 2, 3, 4]
// CHECK: parameters typed 1: tensor<3xi1> = [1, 0, 1]

func.func @constants() -> (tensor<3xf32>, tensor<2xi1>, tensor<3xi1>, tensor<2xbf16>, tensor<0x2xi32>, tensor<ui64>, none) {
  %0 = mlopt.constant dense<0.5> : tensor<3xf32>
  %1 = mlopt.constant dense<true> : tensor<2xi1>
  %2 = mlopt.constant dense<[true, false, true]> : tensor<3xi1>
  %3 = mlopt.constant dense<[1.5, -3.0e38]> : tensor<2xbf16>
  %4 = mlopt.constant dense<> : tensor<0x2xi32>
  %5 = mlopt.constant dense<18446744073709551615> : tensor<ui64>
  %6 = mlopt.none : none
  return %0, %1, %2, %3, %4, %5, %6 : tensor<3xf32>, tensor<2xi1>, tensor<3xi1>, tensor<2xbf16>, tensor<0x2xi32>, tensor<ui64>, none
}
// CHECK: constants typed 0: tensor<3xf32> = [0.5, 0.5, 0.5]
// CHECK: constants typed 1: tensor<2xi1> = [1, 1]
// CHECK: constants typed 2: tensor<3xi1> = [1, 0, 1]
// CHECK: constants typed 3: tensor<2xbf16> = [1.5, -3.00405527e+38]
// CHECK: constants typed 4: tensor<0x2xi32> = []
// CHECK: constants typed 5: tensor<ui64> = [18446744073709551615]
// CHECK: constants typed 6: none

// In a kernel f16 is kept as f32: 60000 + 60000 does not overflow before it is halved.
mlopt.kernel @sum_half(%x: tensor<?xf16>, %h: tensor<f16>) -> tensor<?xf16>
    attributes {hero = #mlopt.hero<elementwise>} {
  %0 = mlopt.add %x, %x : (tensor<?xf16>, tensor<?xf16>) -> tensor<?xf16>
  %1 = mlopt.mul %0, %h : (tensor<?xf16>, tensor<f16>) -> tensor<?xf16>
  mlopt.yield %1 : tensor<?xf16>
}

func.func @launch() -> (tensor<?xf16>, tensor<2xf16>) {
  %x = mlopt.constant dense<[60000.0, 0.1]> : tensor<2xf16>
  %h = mlopt.constant dense<0.5> : tensor<f16>
  %c = mlopt.constant dense<[60000.0, 0.1]> : tensor<2xf16>
  %0 = mlopt.launch @sum_half(%x, %h) : (tensor<2xf16>, tensor<f16>) -> tensor<?xf16>
  %1 = mlopt.add %c, %c : (tensor<2xf16>, tensor<2xf16>) -> tensor<2xf16>
  return %0, %1 : tensor<?xf16>, tensor<2xf16>
}
// CHECK: launch exact 1: tensor<2xf16> = [120000, 0.19995
// CHECK: launch typed 0: tensor<2xf16> = [60000, 0.0999755859]
// CHECK: launch typed 1: tensor<2xf16> = [inf, 0.199951172]

func.func private @twice(%x: tensor<2xf32>) -> tensor<2xf32> {
  %0 = mlopt.add %x, %x : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}
func.func @call() -> tensor<2xf32> {
  %x = mlopt.constant dense<[1.0, 2.0]> : tensor<2xf32>
  %0 = func.call @twice(%x) : (tensor<2xf32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}
// CHECK: call typed 0: tensor<2xf32> = [2, 4]

func.func @relayout() -> tensor<1x2x1xf32> {
  %0 = mlopt.constant dense<[[[1.0], [2.0]]]> : tensor<1x2x1xf32>
  %1 = mlopt.relayout %0 : (tensor<1x2x1xf32>) -> tensor<1x2x1xf32>
  return %1 : tensor<1x2x1xf32>
}
// CHECK: relayout typed 0: tensor<1x2x1xf32> = [1, 2]

// Sizes: dim, element and arithmetic on index.
func.func @sizes() -> (tensor<11xi64>, index, i1) {
  %x = mlopt.constant dense<1.0> : tensor<3x4xf32>
  %s = mlopt.constant dense<[7, -2]> : tensor<2xi64>
  %d = mlopt.dim %x {axis = 1 : i64} : (tensor<3x4xf32>) -> index
  %a = mlopt.element %s {position = 0 : i64} : (tensor<2xi64>) -> index
  %b = mlopt.element %s {position = 1 : i64} : (tensor<2xi64>) -> index
  %add = arith.addi %a, %d : index
  %sub = arith.subi %b, %a : index
  %mul = arith.muli %a, %b : index
  %floor = arith.floordivsi %a, %b : index
  %ceil = arith.ceildivsi %a, %b : index
  %rem = arith.remsi %a, %b : index
  %max = arith.maxsi %a, %b : index
  %min = arith.minsi %a, %b : index
  %up = arith.ceildivui %a, %d : index
  %less = arith.cmpi slt, %a, %d : index
  %choice = arith.select %less, %a, %d : index
  %t = mlopt.from_sizes %d, %add, %sub, %mul, %floor, %ceil, %rem, %max, %min, %choice, %up : (index, index, index, index, index, index, index, index, index, index, index) -> tensor<11xi64>
  return %t, %d, %less : tensor<11xi64>, index, i1
}
// CHECK: sizes exact 0: tensor<11xi64> = [4, 11, -9, -14, -4, -3, 1, 7, -2, 4, 2]
// CHECK: sizes exact 2: tensor<i1> = [0]

{-# dialect_resources: { builtin: {
  w0: "0x040000000000803F000000400000404000008040",
  b0: "0x01000000010001"
} } #-}

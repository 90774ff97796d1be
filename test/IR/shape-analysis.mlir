// RUN: mlopt-symexpr-test %s | FileCheck %s

// Named and anonymous sizes; shape arithmetic; a reshape that keeps the elements.
func.func @reshape(%x: tensor<?x?x12x64xf32> {mlopt.name = "x", mlopt.dims = ["batch", "seq", 12, 64]},
                   %y: tensor<?x768xf32> {mlopt.name = "y"}) -> tensor<?x?x768xf32> {
  %axes = mlopt.constant dense<[1, 0]> : tensor<2xi64>
  %b = mlopt.dim %x {axis = 0 : i64} : (tensor<?x?x12x64xf32>) -> index
  %s = mlopt.dim %x {axis = 1 : i64} : (tensor<?x?x12x64xf32>) -> index
  %shape = mlopt.from_sizes %b, %s : (index, index) -> tensor<2xi64>
  %swapped = mlopt.gather %shape, %axes {axis = 0 : i64} : (tensor<2xi64>, tensor<2xi64>) -> tensor<2xi64>
  %twice = mlopt.add %swapped, %swapped : (tensor<2xi64>, tensor<2xi64>) -> tensor<2xi64>
  %all = mlopt.concat %twice, %shape {axis = 0 : i64} : (tensor<2xi64>, tensor<2xi64>) -> tensor<4xi64>
  %count = mlopt.reduce %all {kind = #mlopt<reduce_kind prod>, axes = array<i64: 0>} : (tensor<4xi64>) -> tensor<i64>
  %n = mlopt.element %all {position = 0 : i64} : (tensor<4xi64>) -> index
  %c2 = arith.constant 2 : index
  %half = arith.divsi %n, %c2 : index
  %r = mlopt.reshape %x, %b, %half {static_sizes = array<i64: -9223372036854775808, -9223372036854775808, 768>} : (tensor<?x?x12x64xf32>, index, index) -> tensor<?x?x768xf32>
  %sum = mlopt.add %r, %y : (tensor<?x?x768xf32>, tensor<?x768xf32>) -> tensor<?x?x768xf32>
  %again = mlopt.add %sum, %y : (tensor<?x?x768xf32>, tensor<?x768xf32>) -> tensor<?x?x768xf32>
  return %again : tensor<?x?x768xf32>
}

// Elements of an integer input as sizes.
func.func @elements(%x: tensor<?xf32> {mlopt.name = "x", mlopt.dims = ["n"]},
                    %shape: tensor<2xi64> {mlopt.name = "shape"}) -> tensor<?x?xf32> {
  %h = mlopt.element %shape {position = 0 : i64} : (tensor<2xi64>) -> index
  %w = mlopt.element %shape {position = 1 : i64} : (tensor<2xi64>) -> index
  %zero = mlopt.constant dense<0> : tensor<i64>
  %minus = mlopt.compare %shape, %zero {predicate = #mlopt<predicate lt>} : (tensor<2xi64>, tensor<i64>) -> tensor<2xi1>
  %chosen = mlopt.select %minus, %zero, %shape : (tensor<2xi1>, tensor<i64>, tensor<2xi64>) -> tensor<2xi64>
  %r = mlopt.reshape %x, %h, %w {static_sizes = array<i64: -9223372036854775808, -9223372036854775808>} : (tensor<?xf32>, index, index) -> tensor<?x?xf32>
  return %r : tensor<?x?xf32>
}

mlopt.kernel @double(%x: tensor<?x8xf32>, %k: index) -> tensor<?x8xf32>
    attributes {hero = #mlopt.hero<copy>, dims = [["n", 8], [], [#mlopt.sym<"n * 2">, 8]]} {
  %r = mlopt.concat %x, %x {axis = 0 : i64} : (tensor<?x8xf32>, tensor<?x8xf32>) -> tensor<?x8xf32>
  mlopt.yield %r : tensor<?x8xf32>
}

// Without result sizes in `dims` the kernel's body says them.
mlopt.kernel @pad(%x: tensor<?xf32>, %k: index, %v: tensor<f32>) -> tensor<?xf32>
    attributes {hero = #mlopt.hero<copy>} {
  %r = mlopt.pad %x, %v, %k {mode = #mlopt<pad_mode constant>, static_low = array<i64: 0>, static_high = array<i64: -9223372036854775808>, operandSegmentSizes = array<i32: 1, 1, 0, 1>} : (tensor<?xf32>, tensor<f32>, index) -> tensor<?xf32>
  mlopt.yield %r : tensor<?xf32>
}

func.func @launches(%x: tensor<?x8xf32> {mlopt.name = "x", mlopt.dims = ["batch", 8]},
                    %y: tensor<?xf32> {mlopt.name = "y", mlopt.dims = ["len"]}, %v: tensor<f32>) -> (tensor<?x8xf32>, tensor<?xf32>) {
  %b = mlopt.dim %x {axis = 0 : i64} : (tensor<?x8xf32>) -> index
  %c3 = arith.constant 3 : index
  %q = arith.ceildivsi %b, %c3 : index
  %0 = mlopt.launch @double(%x, %q) : (tensor<?x8xf32>, index) -> tensor<?x8xf32>
  %1 = mlopt.launch @pad(%y, %q, %v) : (tensor<?xf32>, index, tensor<f32>) -> tensor<?xf32>
  return %0, %1 : tensor<?x8xf32>, tensor<?xf32>
}

// CHECK: @reshape symbols: batch seq y.0
// CHECK-NEXT: mlopt.constant [2] = [1, 0]
// CHECK-NEXT: mlopt.dim batch
// CHECK-NEXT: mlopt.dim seq
// CHECK-NEXT: mlopt.from_sizes [2] = [batch, seq]
// CHECK-NEXT: mlopt.gather [2] = [seq, batch]
// CHECK-NEXT: mlopt.add [2] = [seq * 2, batch * 2]
// CHECK-NEXT: mlopt.concat [4] = [seq * 2, batch * 2, batch, seq]
// CHECK-NEXT: mlopt.reduce [] = [batch * batch * seq * seq * 4]
// CHECK-NEXT: mlopt.element seq * 2
// CHECK-NEXT: arith.constant 2
// CHECK-NEXT: arith.divsi seq
// CHECK-NEXT: mlopt.reshape [batch, seq, 768]
// CHECK-NEXT: mlopt.add [batch, select(seq == 1, y.0, seq), 768]
// CHECK-NEXT: mlopt.add [batch, select(seq == 1, y.0, seq), 768]
// CHECK-NEXT: materialized batch same
// CHECK-NEXT: materialized select(seq == 1, y.0, seq) same
// CHECK-NEXT: materialized 768 same
// CHECK: @elements symbols: n
// CHECK-NEXT: mlopt.element shape[0]
// CHECK-NEXT: mlopt.element shape[1]
// CHECK-NEXT: mlopt.constant [] = [0]
// CHECK-NEXT: mlopt.compare [2] = [select(shape[0] < 0, 1, 0), select(shape[1] < 0, 1, 0)]
// CHECK-NEXT: mlopt.select [2] = [max(0, shape[0]), max(0, shape[1])]
// CHECK-NEXT: mlopt.reshape [shape[0], shape[1]]
// CHECK-NEXT: materialized shape[0] same
// CHECK-NEXT: materialized shape[1] same
// CHECK: @double symbols: n arg1[]
// CHECK-NEXT: mlopt.concat [n * 2, 8]
// CHECK-NEXT: materialized n * 2 same
// CHECK-NEXT: materialized 8 same
// CHECK: @pad symbols: arg0.0 arg1[]
// CHECK-NEXT: mlopt.pad [arg0.0 + arg1[]]
// CHECK-NEXT: materialized arg0.0 + arg1[] same
// CHECK: @launches symbols: batch len
// CHECK-NEXT: mlopt.dim batch
// CHECK-NEXT: arith.constant 3
// CHECK-NEXT: arith.ceildivsi ceildiv(batch, 3)
// CHECK-NEXT: mlopt.launch [batch * 2, 8]
// CHECK-NEXT: mlopt.launch [len + ceildiv(batch, 3)]
// CHECK-NEXT: materialized batch * 2 same
// CHECK-NEXT: materialized 8 same
// CHECK-NEXT: materialized len + ceildiv(batch, 3) same

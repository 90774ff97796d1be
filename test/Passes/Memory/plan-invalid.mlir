// RUN: %mlopt-opt --mlopt-plan --split-input-file --verify-diagnostics %s
// REQUIRES: mlopt-opt

func.func @not_fused(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error@+1 {{expects launches, views and host operations only: run the phase `fuse` first}}
  %0 = mlopt.exp %x : (tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

mlopt.kernel @exp(%x: tensor<4xf32>) -> tensor<4xf32>
    attributes {hero = #mlopt.hero<elementwise>, dims = [[4], [4]]} {
  %0 = mlopt.exp %x {mlopt.hero_op} : (tensor<4xf32>) -> tensor<4xf32>
  mlopt.yield %0 : tensor<4xf32>
}
func.func @no_schedule(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error@+1 {{kernel 'exp' has no schedule}}
  %0 = mlopt.launch @exp(%x) : (tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

#map = #mlopt.schedule<emitter = "generic", phases = 1, scratchShared = <"0">, scratchPerThread = <"0">, units = <"1">, params = {}>
mlopt.kernel @blocked(%x: tensor<1x16x4x4xf32>) -> tensor<1x16x4x4xf32>
    attributes {hero = #mlopt.hero<copy>, dims = [[1, 16, 4, 4], [1, 16, 4, 4]], schedule = #map,
                layouts = [unit, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %0 = mlopt.exp %x {mlopt.hero_op} : (tensor<1x16x4x4xf32>) -> tensor<1x16x4x4xf32>
  mlopt.yield %0 : tensor<1x16x4x4xf32>
}
func.func @layout(%x: tensor<1x16x4x4xf32>) -> tensor<1x16x4x4xf32> {
  %0 = mlopt.launch @blocked(%x) : (tensor<1x16x4x4xf32>) -> tensor<1x16x4x4xf32>
  // expected-error@+1 {{operand 0 has the layout 'nc2d16c', the kernel expects row-major}}
  %1 = mlopt.launch @blocked(%0) : (tensor<1x16x4x4xf32>) -> tensor<1x16x4x4xf32>
  return %1 : tensor<1x16x4x4xf32>
}

// -----

#map = #mlopt.schedule<emitter = "generic", phases = 1, scratchShared = <"0">, scratchPerThread = <"0">, units = <"1">, params = {}>
mlopt.kernel @count(%x: tensor<1xi64>) -> tensor<1xi64>
    attributes {hero = #mlopt.hero<elementwise>, dims = [[1], [1]], schedule = #map} {
  %0 = mlopt.neg %x {mlopt.hero_op} : (tensor<1xi64>) -> tensor<1xi64>
  mlopt.yield %0 : tensor<1xi64>
}
mlopt.kernel @range(%n: index) -> tensor<?xi64>
    attributes {hero = #mlopt.hero<elementwise>, dims = [["n"], ["n"]], schedule = #map} {
  %0 = mlopt.iota %n {mlopt.hero_op, axis = 0 : i64, static_sizes = array<i64: -9223372036854775808>, to = i64} : (index) -> tensor<?xi64>
  mlopt.yield %0 : tensor<?xi64>
}
func.func @data(%x: tensor<1xi64>) -> tensor<?xi64> {
  %0 = mlopt.launch @count(%x) : (tensor<1xi64>) -> tensor<1xi64>
  %n = mlopt.element %0 {position = 0 : i64} : (tensor<1xi64>) -> index
  // expected-error@+1 {{is decided by data that a kernel computes, which is not supported}}
  %1 = mlopt.launch @range(%n) : (index) -> tensor<?xi64>
  return %1 : tensor<?xi64>
}

// -----

func.func @no_argument(%x: tensor<4xf32>) -> (tensor<4xf32> {mlopt.donated = 1}) {
  // expected-error@+1 {{result 0 takes the storage of argument 1 : i64, expected a number below 1}}
  return %x : tensor<4xf32>
}

// -----

func.func @other_type(%x: tensor<4xf32>, %y: tensor<4xi32>) -> (tensor<4xf32> {mlopt.donated = 1}) {
  // expected-error@+1 {{result 0 of type 'tensor<4xf32>' takes the storage of argument 1 of type 'tensor<4xi32>': expected equal types}}
  return %x : tensor<4xf32>
}

// -----

func.func @other_sizes(%x: tensor<?xf32> {mlopt.dims = ["n"]}, %y: tensor<?xf32> {mlopt.dims = ["m"]}) -> (tensor<?xf32> {mlopt.donated = 1}) {
  // expected-error@+1 {{result 0 takes the storage of argument 1: expected equal sizes, which cannot be shown; name them alike in 'mlopt.dims'}}
  return %x : tensor<?xf32>
}

// -----

func.func @twice(%x: tensor<4xf32>) -> (tensor<4xf32> {mlopt.donated = 0}, tensor<4xf32> {mlopt.donated = 0}) {
  // expected-error@+1 {{result 1 takes the storage of argument 0, which another result takes: expected one result for each argument}}
  return %x, %x : tensor<4xf32>, tensor<4xf32>
}

// -----

func.func @slice(%x: tensor<4x2xf32>) -> tensor<2x2xf32> {
  // expected-error@+1 {{expects consecutive elements of an argument of rank 1: other slices are taken by a kernel}}
  %0 = mlopt.slice %x {static_starts = array<i64: 0, 0>, static_sizes = array<i64: 2, 2>, strides = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 0, 0>} : (tensor<4x2xf32>) -> tensor<2x2xf32>
  return %0 : tensor<2x2xf32>
}

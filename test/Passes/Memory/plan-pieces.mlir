// RUN: %mlopt-opt --mlopt-plan %s | FileCheck %s
// RUN: %mlopt-opt --mlopt-plan %s | %mlopt-opt | FileCheck %s
// REQUIRES: mlopt-opt

// Tensors that are a piece of another one: operands of concatenations, slices.

#map = #mlopt.schedule<emitter = "generic", phases = 1, scratchShared = <"0">, scratchPerThread = <"0">, units = <"1">, part = [], params = {}>
#tied = #mlopt.schedule<emitter = "generic", phases = 1, scratchShared = <"0">, scratchPerThread = <"0">, tied = [0, 0], units = <"1">, part = [], params = {}>

mlopt.kernel @exp(%x: tensor<4x16xf32>) -> tensor<4x16xf32>
    attributes {hero = #mlopt.hero<elementwise>, dims = [[4, 16], [4, 16]], schedule = #map} {
  %0 = mlopt.exp %x {mlopt.hero_op} : (tensor<4x16xf32>) -> tensor<4x16xf32>
  mlopt.yield %0 : tensor<4x16xf32>
}
mlopt.kernel @exp8(%x: tensor<8x16xf32>) -> tensor<8x16xf32>
    attributes {hero = #mlopt.hero<elementwise>, dims = [[8, 16], [8, 16]], schedule = #map} {
  %0 = mlopt.exp %x {mlopt.hero_op} : (tensor<8x16xf32>) -> tensor<8x16xf32>
  mlopt.yield %0 : tensor<8x16xf32>
}
mlopt.kernel @concat(%x: tensor<4x16xf32>, %y: tensor<4x16xf32>) -> tensor<8x16xf32>
    attributes {hero = #mlopt.hero<copy>, dims = [[4, 16], [4, 16], [8, 16]], schedule = #map} {
  %0 = mlopt.concat %x, %y {axis = 0 : i64, mlopt.hero_op} : (tensor<4x16xf32>, tensor<4x16xf32>) -> tensor<8x16xf32>
  mlopt.yield %0 : tensor<8x16xf32>
}
mlopt.kernel @columns(%x: tensor<4x16xf32>, %y: tensor<4x16xf32>) -> tensor<4x32xf32>
    attributes {hero = #mlopt.hero<copy>, dims = [[4, 16], [4, 16], [4, 32]], schedule = #map} {
  %0 = mlopt.concat %x, %y {axis = 1 : i64, mlopt.hero_op} : (tensor<4x16xf32>, tensor<4x16xf32>) -> tensor<4x32xf32>
  mlopt.yield %0 : tensor<4x32xf32>
}
mlopt.kernel @concat_exp(%x: tensor<4x16xf32>, %y: tensor<4x16xf32>) -> tensor<8x16xf32>
    attributes {hero = #mlopt.hero<copy>, dims = [[4, 16], [4, 16], [8, 16]], schedule = #map} {
  %0 = mlopt.concat %x, %y {axis = 0 : i64, mlopt.hero_op} : (tensor<4x16xf32>, tensor<4x16xf32>) -> tensor<8x16xf32>
  %1 = mlopt.exp %0 : (tensor<8x16xf32>) -> tensor<8x16xf32>
  mlopt.yield %1 : tensor<8x16xf32>
}
mlopt.kernel @three(%x: tensor<4x16xf32>, %y: tensor<4x16xf32>, %z: tensor<4x16xf32>) -> tensor<12x16xf32>
    attributes {hero = #mlopt.hero<copy>, dims = [[4, 16], [4, 16], [4, 16], [12, 16]], schedule = #map} {
  %0 = mlopt.concat %x, %y, %z {axis = 0 : i64, mlopt.hero_op} : (tensor<4x16xf32>, tensor<4x16xf32>, tensor<4x16xf32>) -> tensor<12x16xf32>
  mlopt.yield %0 : tensor<12x16xf32>
}
mlopt.kernel @lower(%x: tensor<8x16xf32>) -> tensor<4x16xf32>
    attributes {hero = #mlopt.hero<copy>, dims = [[8, 16], [4, 16]], schedule = #map} {
  %0 = mlopt.slice %x {mlopt.hero_op, static_starts = array<i64: 4, 0>, static_sizes = array<i64: 4, 16>, strides = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 0, 0>} : (tensor<8x16xf32>) -> tensor<4x16xf32>
  mlopt.yield %0 : tensor<4x16xf32>
}
mlopt.kernel @even(%x: tensor<8x16xf32>) -> tensor<4x16xf32>
    attributes {hero = #mlopt.hero<copy>, dims = [[8, 16], [4, 16]], schedule = #map} {
  %0 = mlopt.slice %x {mlopt.hero_op, static_starts = array<i64: 0, 0>, static_sizes = array<i64: 4, 16>, strides = array<i64: 2, 1>, operandSegmentSizes = array<i32: 1, 0, 0>} : (tensor<8x16xf32>) -> tensor<4x16xf32>
  mlopt.yield %0 : tensor<4x16xf32>
}
mlopt.kernel @left(%x: tensor<4x16xf32>) -> tensor<4x8xf32>
    attributes {hero = #mlopt.hero<copy>, dims = [[4, 16], [4, 8]], schedule = #map} {
  %0 = mlopt.slice %x {mlopt.hero_op, static_starts = array<i64: 0, 0>, static_sizes = array<i64: 4, 8>, strides = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 0, 0>} : (tensor<4x16xf32>) -> tensor<4x8xf32>
  mlopt.yield %0 : tensor<4x8xf32>
}
mlopt.kernel @exp4x8(%x: tensor<4x8xf32>) -> tensor<4x8xf32>
    attributes {hero = #mlopt.hero<elementwise>, dims = [[4, 8], [4, 8]], schedule = #map} {
  %0 = mlopt.exp %x {mlopt.hero_op} : (tensor<4x8xf32>) -> tensor<4x8xf32>
  mlopt.yield %0 : tensor<4x8xf32>
}
mlopt.kernel @accumulate(%x: tensor<4x16xf32>, %y: tensor<4x16xf32>) -> tensor<4x16xf32>
    attributes {hero = #mlopt.hero<scatter>, dims = [[4, 16], [4, 16], [4, 16]], schedule = #tied} {
  %0 = mlopt.add %x, %y {mlopt.hero_op} : (tensor<4x16xf32>, tensor<4x16xf32>) -> tensor<4x16xf32>
  mlopt.yield %0 : tensor<4x16xf32>
}
mlopt.kernel @exp_n(%x: tensor<?x16xf32>) -> tensor<?x16xf32>
    attributes {hero = #mlopt.hero<elementwise>, dims = [["n", 16], ["n", 16]], schedule = #map} {
  %0 = mlopt.exp %x {mlopt.hero_op} : (tensor<?x16xf32>) -> tensor<?x16xf32>
  mlopt.yield %0 : tensor<?x16xf32>
}
mlopt.kernel @concat_n(%x: tensor<?x16xf32>, %y: tensor<?x16xf32>) -> tensor<?x16xf32>
    attributes {hero = #mlopt.hero<copy>, dims = [["n", 16], ["m", 16], [#mlopt.sym<"m + n">, 16]], schedule = #map} {
  %0 = mlopt.concat %x, %y {axis = 0 : i64, mlopt.hero_op} : (tensor<?x16xf32>, tensor<?x16xf32>) -> tensor<?x16xf32>
  mlopt.yield %0 : tensor<?x16xf32>
}

// Kernels that are launched no more are gone.
// CHECK-NOT: mlopt.kernel @concat_n
// Both producers write into the result of the concatenation, whose launch is gone.
// They do not meet: no barrier between them.
// CHECK-LABEL: mlrt.program @both
// CHECK: %[[R:.*]] = mlrt.arena offset(0) bytes(512) live [0, 2]
// CHECK: mlrt.launch 0 @exp ins(%[[IN:.*]]) outs(%[[R]])
// CHECK: %[[Y:.*]] = mlrt.piece %[[R]] offset(256)
// CHECK-NOT: mlrt.barrier
// CHECK: mlrt.launch 1 @exp ins(%[[IN]]) outs(%[[Y]]) sizes() strides() after()
// CHECK: mlrt.barrier
// CHECK: mlrt.launch 2 @exp8 ins(%[[R]]) outs(%{{.*}}) sizes() strides() after(all 0, all 1)
// CHECK: mlrt.return arena_bytes(512) lower_bound(512)
func.func @both(%x: tensor<4x16xf32>) -> tensor<8x16xf32> {
  %0 = mlopt.launch @exp(%x) : (tensor<4x16xf32>) -> tensor<4x16xf32>
  %1 = mlopt.launch @exp(%x) : (tensor<4x16xf32>) -> tensor<4x16xf32>
  %2 = mlopt.launch @concat(%0, %1) : (tensor<4x16xf32>, tensor<4x16xf32>) -> tensor<8x16xf32>
  %3 = mlopt.launch @exp8(%2) : (tensor<8x16xf32>) -> tensor<8x16xf32>
  return %3 : tensor<8x16xf32>
}

// An input has its own place: it is copied, the other operand is written into the output.
// CHECK-LABEL: mlrt.program @input
// CHECK: %[[IN:.*]] = mlrt.input 0
// CHECK: %[[OUT:.*]] = mlrt.output 0
// CHECK: %[[Y:.*]] = mlrt.piece %[[OUT]] offset(256)
// CHECK: mlrt.launch 0 @exp ins(%[[IN]]) outs(%[[Y]])
// CHECK: mlrt.copy 1 %[[IN]] to %[[OUT]] bytes(256) after()
// CHECK-NOT: mlrt.launch
// CHECK: mlrt.return arena_bytes(0) lower_bound(0)
func.func @input(%x: tensor<4x16xf32>) -> tensor<8x16xf32> {
  %0 = mlopt.launch @exp(%x) : (tensor<4x16xf32>) -> tensor<4x16xf32>
  %1 = mlopt.launch @concat(%x, %0) : (tensor<4x16xf32>, tensor<4x16xf32>) -> tensor<8x16xf32>
  return %1 : tensor<8x16xf32>
}

// An operand that is a model output has its own place; so has one that stands twice. Then
// nothing can be written in place, and the launch stays.
// CHECK-LABEL: mlrt.program @output
// CHECK: mlrt.launch 0 @exp
// CHECK: mlrt.launch 1 @concat
func.func @output(%x: tensor<4x16xf32>) -> (tensor<4x16xf32>, tensor<8x16xf32>) {
  %0 = mlopt.launch @exp(%x) : (tensor<4x16xf32>) -> tensor<4x16xf32>
  %1 = mlopt.launch @concat(%0, %x) : (tensor<4x16xf32>, tensor<4x16xf32>) -> tensor<8x16xf32>
  return %0, %1 : tensor<4x16xf32>, tensor<8x16xf32>
}
// CHECK-LABEL: mlrt.program @twice
// CHECK: mlrt.launch 1 @concat
func.func @twice(%x: tensor<4x16xf32>) -> tensor<8x16xf32> {
  %0 = mlopt.launch @exp(%x) : (tensor<4x16xf32>) -> tensor<4x16xf32>
  %1 = mlopt.launch @concat(%0, %0) : (tensor<4x16xf32>, tensor<4x16xf32>) -> tensor<8x16xf32>
  return %1 : tensor<8x16xf32>
}

// Not along the outermost axis: pieces are not contiguous.
// CHECK-LABEL: mlrt.program @inner
// CHECK: mlrt.launch 2 @columns
func.func @inner(%x: tensor<4x16xf32>) -> tensor<4x32xf32> {
  %0 = mlopt.launch @exp(%x) : (tensor<4x16xf32>) -> tensor<4x16xf32>
  %1 = mlopt.launch @exp(%0) : (tensor<4x16xf32>) -> tensor<4x16xf32>
  %2 = mlopt.launch @columns(%0, %1) : (tensor<4x16xf32>, tensor<4x16xf32>) -> tensor<4x32xf32>
  return %2 : tensor<4x32xf32>
}

// The kernel computes as well.
// CHECK-LABEL: mlrt.program @more
// CHECK: mlrt.launch 2 @concat_exp
func.func @more(%x: tensor<4x16xf32>) -> tensor<8x16xf32> {
  %0 = mlopt.launch @exp(%x) : (tensor<4x16xf32>) -> tensor<4x16xf32>
  %1 = mlopt.launch @exp(%0) : (tensor<4x16xf32>) -> tensor<4x16xf32>
  %2 = mlopt.launch @concat_exp(%0, %1) : (tensor<4x16xf32>, tensor<4x16xf32>) -> tensor<8x16xf32>
  return %2 : tensor<8x16xf32>
}

// A growing list: the first concatenation is the beginning of the second.
// CHECK-LABEL: mlrt.program @growing
// CHECK: %[[OUT:.*]] = mlrt.output 0
// CHECK: mlrt.launch 0 @exp ins({{.*}}) outs(%[[OUT]])
// CHECK: %[[P1:.*]] = mlrt.piece %[[OUT]] offset(256)
// CHECK: mlrt.launch 1 @exp ins(%[[OUT]]) outs(%[[P1]])
// CHECK: %[[OUT1:.*]] = mlrt.output 1
// CHECK: mlrt.launch 2 @exp8 ins(%[[OUT]]) outs(%[[OUT1]])
// CHECK: %[[P2:.*]] = mlrt.piece %[[OUT]] offset(512)
// CHECK: mlrt.launch 3 @exp ins(%[[P1]]) outs(%[[P2]])
// CHECK-NOT: mlrt.launch
// CHECK: mlrt.return arena_bytes(0)
func.func @growing(%x: tensor<4x16xf32>) -> (tensor<12x16xf32>, tensor<8x16xf32>) {
  %0 = mlopt.launch @exp(%x) : (tensor<4x16xf32>) -> tensor<4x16xf32>
  %1 = mlopt.launch @exp(%0) : (tensor<4x16xf32>) -> tensor<4x16xf32>
  %2 = mlopt.launch @concat(%0, %1) : (tensor<4x16xf32>, tensor<4x16xf32>) -> tensor<8x16xf32>
  %3 = mlopt.launch @exp8(%2) : (tensor<8x16xf32>) -> tensor<8x16xf32>
  %4 = mlopt.launch @exp(%1) : (tensor<4x16xf32>) -> tensor<4x16xf32>
  %5 = mlopt.launch @three(%0, %1, %4) : (tensor<4x16xf32>, tensor<4x16xf32>, tensor<4x16xf32>) -> tensor<12x16xf32>
  return %5, %3 : tensor<12x16xf32>, tensor<8x16xf32>
}

// A slice is read where it lies. A step of 2, columns, and a model output are not.
// CHECK-LABEL: mlrt.program @slices
// CHECK: %[[IN:.*]] = mlrt.input 0
// CHECK: %[[LOW:.*]] = mlrt.piece %[[IN]] offset(256)
// CHECK: mlrt.launch 0 @exp ins(%[[LOW]])
// CHECK: mlrt.launch 1 @even ins(%[[IN]])
// CHECK: mlrt.launch 2 @left ins(%[[LOW]])
// CHECK: mlrt.launch 3 @exp4x8
// CHECK: mlrt.launch 4 @lower ins(%[[IN]])
func.func @slices(%x: tensor<8x16xf32>)
    -> (tensor<4x16xf32>, tensor<4x16xf32>, tensor<4x8xf32>, tensor<4x16xf32>) {
  %0 = mlopt.launch @lower(%x) : (tensor<8x16xf32>) -> tensor<4x16xf32>
  %1 = mlopt.launch @exp(%0) : (tensor<4x16xf32>) -> tensor<4x16xf32>
  %2 = mlopt.launch @even(%x) : (tensor<8x16xf32>) -> tensor<4x16xf32>
  %3 = mlopt.launch @left(%0) : (tensor<4x16xf32>) -> tensor<4x8xf32>
  %4 = mlopt.launch @exp4x8(%3) : (tensor<4x8xf32>) -> tensor<4x8xf32>
  %5 = mlopt.launch @lower(%x) : (tensor<8x16xf32>) -> tensor<4x16xf32>
  return %1, %2, %4, %5 : tensor<4x16xf32>, tensor<4x16xf32>, tensor<4x8xf32>, tensor<4x16xf32>
}

// A tied operand that is a piece of something larger is copied first.
// CHECK-LABEL: mlrt.program @tied
// CHECK: mlrt.launch 0 @exp8 ins({{.*}}) outs(%[[A:.*]]) sizes
// CHECK: %[[LOW:.*]] = mlrt.piece %[[A]] offset(256)
// CHECK: mlrt.copy 1 %[[LOW]] to %[[T:.*]] bytes(256) after(all 0)
// CHECK: mlrt.launch 2 @accumulate ins(%[[T]], %{{.*}}) outs(%[[T]])
func.func @tied(%x: tensor<8x16xf32>, %y: tensor<4x16xf32>) -> tensor<4x16xf32> {
  %0 = mlopt.launch @exp8(%x) : (tensor<8x16xf32>) -> tensor<8x16xf32>
  %1 = mlopt.launch @lower(%0) : (tensor<8x16xf32>) -> tensor<4x16xf32>
  %2 = mlopt.launch @accumulate(%1, %y) : (tensor<4x16xf32>, tensor<4x16xf32>) -> tensor<4x16xf32>
  return %2 : tensor<4x16xf32>
}

// Sizes known at run time: the second piece begins where the first one ends.
// CHECK-LABEL: mlrt.program @symbolic
// CHECK: mlrt.step "[[P:p[0-9]+]]" = "n * 64"
// CHECK: %[[OUT:.*]] = mlrt.output 0
// CHECK: mlrt.launch 0 @exp_n ins({{.*}}) outs(%[[OUT]])
// CHECK: %[[Y:.*]] = mlrt.piece %[[OUT]] offset("[[P]]")
// CHECK-NOT: mlrt.barrier
// CHECK: mlrt.launch 1 @exp_n ins({{.*}}) outs(%[[Y]]) sizes("m") strides() after()
// CHECK-NOT: mlrt.launch
// CHECK: mlrt.return
func.func @symbolic(%x: tensor<?x16xf32> {mlopt.name = "x", mlopt.dims = ["n", 16]},
                    %y: tensor<?x16xf32> {mlopt.name = "y", mlopt.dims = ["m", 16]}) -> tensor<?x16xf32> {
  %0 = mlopt.launch @exp_n(%x) : (tensor<?x16xf32>) -> tensor<?x16xf32>
  %1 = mlopt.launch @exp_n(%y) : (tensor<?x16xf32>) -> tensor<?x16xf32>
  %2 = mlopt.launch @concat_n(%0, %1) : (tensor<?x16xf32>, tensor<?x16xf32>) -> tensor<?x16xf32>
  return %2 : tensor<?x16xf32>
}

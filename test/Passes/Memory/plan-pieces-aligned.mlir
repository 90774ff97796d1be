// RUN: %mlopt-opt --mlopt-plan=piece-alignment=16 %s | FileCheck %s
// RUN: %mlopt-opt --mlopt-plan %s | FileCheck %s --check-prefix=ANY
// REQUIRES: mlopt-opt

// Kernels that want their tensors at multiples of 16 bytes: a piece elsewhere is copied, or its
// launch stays.

#map = #mlopt.schedule<emitter = "generic", phases = 1, scratchShared = <"0">, scratchPerThread = <"0">, units = <"1">, part = [], params = {}>

mlopt.kernel @exp5(%x: tensor<1x5xf32>) -> tensor<1x5xf32>
    attributes {hero = #mlopt.hero<elementwise>, dims = [[1, 5], [1, 5]], schedule = #map} {
  %0 = mlopt.exp %x {mlopt.hero_op} : (tensor<1x5xf32>) -> tensor<1x5xf32>
  mlopt.yield %0 : tensor<1x5xf32>
}
mlopt.kernel @exp12(%x: tensor<1x12xf32>) -> tensor<1x12xf32>
    attributes {hero = #mlopt.hero<elementwise>, dims = [[1, 12], [1, 12]], schedule = #map} {
  %0 = mlopt.exp %x {mlopt.hero_op} : (tensor<1x12xf32>) -> tensor<1x12xf32>
  mlopt.yield %0 : tensor<1x12xf32>
}
mlopt.kernel @concat(%x: tensor<1x12xf32>, %y: tensor<1x5xf32>, %z: tensor<1x12xf32>) -> tensor<1x29xf32>
    attributes {hero = #mlopt.hero<copy>, dims = [[1, 12], [1, 5], [1, 12], [1, 29]], schedule = #map} {
  %0 = mlopt.concat %x, %y, %z {axis = 1 : i64, mlopt.hero_op} : (tensor<1x12xf32>, tensor<1x5xf32>, tensor<1x12xf32>) -> tensor<1x29xf32>
  mlopt.yield %0 : tensor<1x29xf32>
}
mlopt.kernel @second(%x: tensor<3x5xf32>) -> tensor<1x5xf32>
    attributes {hero = #mlopt.hero<copy>, dims = [[3, 5], [1, 5]], schedule = #map} {
  %0 = mlopt.slice %x {mlopt.hero_op, static_starts = array<i64: 1, 0>, static_sizes = array<i64: 1, 5>, strides = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 0, 0>} : (tensor<3x5xf32>) -> tensor<1x5xf32>
  mlopt.yield %0 : tensor<1x5xf32>
}
mlopt.kernel @below(%x: tensor<3x12xf32>) -> tensor<1x12xf32>
    attributes {hero = #mlopt.hero<copy>, dims = [[3, 12], [1, 12]], schedule = #map} {
  %0 = mlopt.slice %x {mlopt.hero_op, static_starts = array<i64: 1, 0>, static_sizes = array<i64: 1, 12>, strides = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 0, 0>} : (tensor<3x12xf32>) -> tensor<1x12xf32>
  mlopt.yield %0 : tensor<1x12xf32>
}

// The third part would begin at byte 68: it is written elsewhere, and copied.
// CHECK-LABEL: mlrt.program @parts
// CHECK: %[[OUT:.*]] = mlrt.output 0
// CHECK: mlrt.launch 0 @exp12 ins({{.*}}) outs(%[[OUT]])
// CHECK: %[[MIDDLE:.*]] = mlrt.piece %[[OUT]] offset(48)
// CHECK: mlrt.launch 1 @exp5 ins({{.*}}) outs(%[[MIDDLE]])
// CHECK: %[[LAST:.*]] = mlrt.arena
// CHECK: mlrt.launch 2 @exp12 ins({{.*}}) outs(%[[LAST]])
// CHECK: %[[TO:.*]] = mlrt.piece %[[OUT]] offset(68)
// CHECK: mlrt.copy 3 %[[LAST]] to %[[TO]] bytes(48)
// CHECK-NOT: mlrt.launch
// ANY-LABEL: mlrt.program @parts
// ANY: %[[LAST:.*]] = mlrt.piece %{{.*}} offset(68)
// ANY: mlrt.launch 2 @exp12 ins({{.*}}) outs(%[[LAST]])
// ANY-NOT: mlrt.copy
// ANY-LABEL: mlrt.program @slices
func.func @parts(%x: tensor<1x12xf32>, %y: tensor<1x5xf32>) -> tensor<1x29xf32> {
  %0 = mlopt.launch @exp12(%x) : (tensor<1x12xf32>) -> tensor<1x12xf32>
  %1 = mlopt.launch @exp5(%y) : (tensor<1x5xf32>) -> tensor<1x5xf32>
  %2 = mlopt.launch @exp12(%0) : (tensor<1x12xf32>) -> tensor<1x12xf32>
  %3 = mlopt.launch @concat(%0, %1, %2) : (tensor<1x12xf32>, tensor<1x5xf32>, tensor<1x12xf32>) -> tensor<1x29xf32>
  return %3 : tensor<1x29xf32>
}

// A row at byte 20 is taken by its launch, one at byte 48 is read where it lies.
// CHECK-LABEL: mlrt.program @slices
// CHECK: mlrt.launch 0 @second
// CHECK: mlrt.launch 1 @exp5
// CHECK: %[[ROW:.*]] = mlrt.piece %{{.*}} offset(48)
// CHECK: mlrt.launch 2 @exp12 ins(%[[ROW]])
func.func @slices(%x: tensor<3x5xf32>, %y: tensor<3x12xf32>) -> (tensor<1x5xf32>, tensor<1x12xf32>) {
  %0 = mlopt.launch @second(%x) : (tensor<3x5xf32>) -> tensor<1x5xf32>
  %1 = mlopt.launch @exp5(%0) : (tensor<1x5xf32>) -> tensor<1x5xf32>
  %2 = mlopt.launch @below(%y) : (tensor<3x12xf32>) -> tensor<1x12xf32>
  %3 = mlopt.launch @exp12(%2) : (tensor<1x12xf32>) -> tensor<1x12xf32>
  return %1, %3 : tensor<1x5xf32>, tensor<1x12xf32>
}

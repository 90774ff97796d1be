// What is built: nothing for what is not asked, few operations, results where they save work.
// RUN: %mlopt-opt --mlopt-differentiate %s -mlir-print-debuginfo | FileCheck %s

// The result of exp is its slope. A variable that y does not depend on: zeros. Nothing is built for
// %b, which nobody asks about.
// CHECK-LABEL: func.func @exp
// CHECK: %[[Y:.*]] = mlopt.exp %arg0
// CHECK: %[[P:.*]] = mlopt.mul %[[Y]], %arg1
// CHECK: %[[ONE:.*]] = mlopt.constant dense<1.0{{.*}}> : tensor<f32>
// CHECK: %[[SEED:.*]] = mlopt.broadcast %[[ONE]]
// CHECK: %[[G:.*]] = mlopt.mul %[[SEED]], %arg1
// CHECK-NEXT: %[[D:.*]] = mlopt.mul %[[G]], %[[Y]]
// CHECK-NEXT: %[[ZERO:.*]] = mlopt.constant dense<0.0{{.*}}> : tensor<f32>
// CHECK-NEXT: %[[Z:.*]] = mlopt.broadcast %[[ZERO]] {static_sizes = array<i64: 3>}
// CHECK-NEXT: return %[[D]], %[[Z]]
func.func @exp(%x: tensor<4xf32>, %b: tensor<4xf32>, %far: tensor<3xf32>) -> (tensor<4xf32>, tensor<3xf32>) {
  %0 = mlopt.exp %x : (tensor<4xf32>) -> tensor<4xf32>
  %1 = mlopt.mul %0, %b : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %g:2 = mlopt.gradient %1, %x, %far : (tensor<4xf32>, tensor<4xf32>, tensor<3xf32>) -> (tensor<4xf32>, tensor<3xf32>)
  return %g#0, %g#1 : tensor<4xf32>, tensor<3xf32>
}

// y is the variable itself.
// CHECK-LABEL: func.func @itself
// CHECK: %[[ONE:.*]] = mlopt.constant dense<1.0{{.*}}> : tensor<f32>
// CHECK-NEXT: return %[[ONE]]
func.func @itself(%x: tensor<f32>) -> tensor<f32> {
  %g = mlopt.gradient %x, %x : (tensor<f32>, tensor<f32>) -> tensor<f32>
  return %g : tensor<f32>
}

// Broadcast operands get sums over the axes along which they were repeated.
// CHECK-LABEL: func.func @bias
// CHECK: mlopt.reduce {{.*}}axes = array<i64: 0, 1>, {{.*}} : (tensor<2x5x3xf32>) -> tensor<3xf32>
// CHECK: mlopt.reduce {{.*}}axes = array<i64: 1>, keepdims = true{{.*}} : (tensor<2x5x3xf32>) -> tensor<2x1x3xf32>
func.func @bias(%x: tensor<2x5x3xf32>, %b: tensor<3xf32>, %c: tensor<2x1x3xf32>) -> (tensor<3xf32>, tensor<2x1x3xf32>) {
  %0 = mlopt.add %x, %b : (tensor<2x5x3xf32>, tensor<3xf32>) -> tensor<2x5x3xf32>
  %1 = mlopt.mul %0, %c : (tensor<2x5x3xf32>, tensor<2x1x3xf32>) -> tensor<2x5x3xf32>
  %2 = mlopt.sin %1 : (tensor<2x5x3xf32>) -> tensor<2x5x3xf32>
  %3 = mlopt.add %2, %b : (tensor<2x5x3xf32>, tensor<3xf32>) -> tensor<2x5x3xf32>
  %g:2 = mlopt.gradient %3, %b, %c : (tensor<2x5x3xf32>, tensor<3xf32>, tensor<2x1x3xf32>) -> (tensor<3xf32>, tensor<2x1x3xf32>)
  return %g#0, %g#1 : tensor<3xf32>, tensor<2x1x3xf32>
}

// One sum over both kinds of axes.
// CHECK-LABEL: func.func @both
// CHECK: %[[SUM:.*]] = mlopt.reduce {{.*}}axes = array<i64: 0, 2>, keepdims = true{{.*}} : (tensor<2x5x3xf32>) -> tensor<1x5x1xf32>
// CHECK-NEXT: %[[VIEW:.*]] = mlopt.reshape %[[SUM]] {{.*}} -> tensor<5x1xf32>
// CHECK-NEXT: return %[[VIEW]]
func.func @both(%x: tensor<2x5x3xf32>, %b: tensor<5x1xf32>) -> tensor<5x1xf32> {
  %0 = mlopt.mul %x, %b : (tensor<2x5x3xf32>, tensor<5x1xf32>) -> tensor<2x5x3xf32>
  %g = mlopt.gradient %0, %b : (tensor<2x5x3xf32>, tensor<5x1xf32>) -> tensor<5x1xf32>
  return %g : tensor<5x1xf32>
}

// A slice without steps takes one pad.
// CHECK-LABEL: func.func @slice
// CHECK: mlopt.slice
// CHECK-NOT: mlopt.reshape
// CHECK: mlopt.pad {{.*}}static_high = array<i64: 1, 0>, static_low = array<i64: 1, 2>
// CHECK-NEXT: return
func.func @slice(%x: tensor<4x5xf32>) -> tensor<4x5xf32> {
  %0 = mlopt.slice %x {static_starts = array<i64: 1, 2>, static_sizes = array<i64: 2, 3>, strides = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 0, 0>} : (tensor<4x5xf32>) -> tensor<2x3xf32>
  %g = mlopt.gradient %0, %x : (tensor<2x3xf32>, tensor<4x5xf32>) -> tensor<4x5xf32>
  return %g : tensor<4x5xf32>
}

// Slices that cover their operand: their derivatives side by side, nothing is added up.
// CHECK-LABEL: func.func @split
// CHECK: %[[ALL:.*]] = mlopt.concat %{{.*}}, %{{.*}}, %{{.*}} {axis = 1 : i64} : (tensor<?x2xf32>, tensor<?x1xf32>, tensor<?x3xf32>) -> tensor<?x6xf32>
// CHECK-NEXT: return %[[ALL]]
func.func @split(%x: tensor<?x6xf32> {mlopt.dims = ["n", 6]}) -> tensor<?x6xf32> {
  %n = mlopt.dim %x {axis = 0 : i64} : (tensor<?x6xf32>) -> index
  %0 = mlopt.slice %x, %n {static_starts = array<i64: 0, 0>, static_sizes = array<i64: -9223372036854775808, 2>, strides = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 0, 1>} : (tensor<?x6xf32>, index) -> tensor<?x2xf32>
  %1 = mlopt.slice %x, %n {static_starts = array<i64: 0, 2>, static_sizes = array<i64: -9223372036854775808, 1>, strides = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 0, 1>} : (tensor<?x6xf32>, index) -> tensor<?x1xf32>
  %2 = mlopt.slice %x, %n {static_starts = array<i64: 0, 3>, static_sizes = array<i64: -9223372036854775808, 3>, strides = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 0, 1>} : (tensor<?x6xf32>, index) -> tensor<?x3xf32>
  %3 = mlopt.mul %0, %1 : (tensor<?x2xf32>, tensor<?x1xf32>) -> tensor<?x2xf32>
  %4 = mlopt.concat %2, %3 {axis = 1 : i64} : (tensor<?x3xf32>, tensor<?x2xf32>) -> tensor<?x5xf32>
  %5 = mlopt.exp %4 : (tensor<?x5xf32>) -> tensor<?x5xf32>
  %g = mlopt.gradient %5, %x : (tensor<?x5xf32>, tensor<?x6xf32>) -> tensor<?x6xf32>
  return %g : tensor<?x6xf32>
}

// An embedding: rows added up at their indices, without a transpose.
// CHECK-LABEL: func.func @embedding
// CHECK: mlopt.gather
// CHECK-NOT: mlopt.transpose
// CHECK: %[[ZEROS:.*]] = mlopt.broadcast {{.*}} -> tensor<10x4xf32>
// CHECK: %[[TUPLES:.*]] = mlopt.reshape %arg1 {{.*}} -> tensor<2x3x1xi64>
// CHECK: mlopt.scatter_nd %[[ZEROS]], %[[TUPLES]], {{.*}} {reduction = #mlopt<scatter_reduction add>}
// CHECK-NEXT: return
func.func @embedding(%d: tensor<10x4xf32>, %i: tensor<2x3xi64>) -> tensor<10x4xf32> {
  %0 = mlopt.gather %d, %i {axis = 0 : i64} : (tensor<10x4xf32>, tensor<2x3xi64>) -> tensor<2x3x4xf32>
  %g = mlopt.gradient %0, %d : (tensor<2x3x4xf32>, tensor<10x4xf32>) -> tensor<10x4xf32>
  return %g : tensor<10x4xf32>
}

// A value's type may say less than is known of it; what replaces it has the same type.
// CHECK-LABEL: func.func @type
// CHECK: return {{.*}} : tensor<?xf32>
func.func @type(%x: tensor<?xf32> {mlopt.dims = [4]}, %b: tensor<4xf32>) -> tensor<?xf32> {
  %0 = mlopt.mul %x, %b : (tensor<?xf32>, tensor<4xf32>) -> tensor<4xf32>
  %g = mlopt.gradient %0, %x : (tensor<4xf32>, tensor<?xf32>) -> tensor<?xf32>
  return %g : tensor<?xf32>
}

// One constant index is a slice by another name.
// CHECK-LABEL: func.func @row
// CHECK-NOT: mlopt.scatter_nd
// CHECK: mlopt.pad {{.*}}static_high = array<i64: 0, 2, 0>, static_low = array<i64: 0, 1, 0>
// CHECK-NEXT: return
func.func @row(%x: tensor<2x4x3xf32>) -> tensor<2x4x3xf32> {
  %i = mlopt.constant dense<1> : tensor<i64>
  %0 = mlopt.gather %x, %i {axis = 1 : i64} : (tensor<2x4x3xf32>, tensor<i64>) -> tensor<2x3xf32>
  %g = mlopt.gradient %0, %x : (tensor<2x3xf32>, tensor<2x4x3xf32>) -> tensor<2x4x3xf32>
  return %g : tensor<2x4x3xf32>
}

// What is known to be whole is not summed.
// CHECK-LABEL: func.func @table
// CHECK-NOT: mlopt.reduce
// CHECK: return
func.func @table(%x: tensor<?x2xf32> {mlopt.dims = ["n", 2]}, %t: tensor<5x2xf32>) -> tensor<5x2xf32> {
  %n = mlopt.dim %x {axis = 0 : i64} : (tensor<?x2xf32>) -> index
  %five = arith.constant 5 : index
  %k = arith.minsi %n, %five : index
  %0 = mlopt.slice %t, %k {static_starts = array<i64: 0, 0>, static_sizes = array<i64: -9223372036854775808, 2>, strides = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 0, 1>} : (tensor<5x2xf32>, index) -> tensor<?x2xf32>
  %1 = mlopt.add %x, %0 : (tensor<?x2xf32>, tensor<?x2xf32>) -> tensor<?x2xf32>
  %g = mlopt.gradient %1, %t : (tensor<?x2xf32>, tensor<5x2xf32>) -> tensor<5x2xf32>
  return %g : tensor<5x2xf32>
}

// Locations: "grad(NODE)", with the operator and the file behind it; fused ones part by part.
// CHECK-LABEL: func.func @locations
// CHECK: mlopt.cos {{.*}} loc(#[[SIN:.*]])
// CHECK: mlopt.mul {{.*}} loc(#[[SIN]])
// CHECK: mlopt.neg {{.*}} loc(#[[BOTH:.*]])
func.func @locations(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = mlopt.neg %x : (tensor<4xf32>) -> tensor<4xf32> loc(fused["a"("Neg"("m.onnx":1:0)), "b"])
  %1 = mlopt.sin %0 : (tensor<4xf32>) -> tensor<4xf32> loc("s"("Sin"("m.onnx":2:0)))
  %g = mlopt.gradient %1, %x : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %g : tensor<4xf32>
}
// CHECK-DAG: #[[SIN]] = loc("grad(s)"(
// CHECK-DAG: #[[BOTH]] = loc(fused[#[[A:.*]], #[[B:.*]]])

// RUN: %mlopt-opt --mlopt-form-kernels %s | FileCheck %s
//
// In a flat concatenation a pad at the end becomes a part of its own. One that cuts
// elements off, or pads the begin, stays as it is.

// CHECK: mlopt.concat {{.*}} : (tensor<5xf32>, tensor<3xf32>, tensor<4xf32>) -> tensor<12xf32>
// CHECK-LABEL: func.func @behind
// CHECK-NOT: mlopt.launch @pad
// CHECK: mlopt.launch @concat
func.func @behind(%x: tensor<5xf32>, %y: tensor<4xf32>) -> tensor<12xf32> {
  %z = mlopt.constant dense<0.0> : tensor<f32>
  %p = mlopt.pad %x, %z {mode = #mlopt<pad_mode constant>, operandSegmentSizes = array<i32: 1, 1, 0, 0>, static_low = array<i64: 0>, static_high = array<i64: 3>} : (tensor<5xf32>, tensor<f32>) -> tensor<8xf32>
  %r = mlopt.concat %p, %y {axis = 0 : i64} : (tensor<8xf32>, tensor<4xf32>) -> tensor<12xf32>
  return %r : tensor<12xf32>
}

// CHECK-LABEL: func.func @cut
// CHECK: %[[P:.*]] = mlopt.launch @pad{{.*}} -> tensor<3xf32>
// CHECK: mlopt.launch @concat{{.*}}(%[[P]], %{{.*}}) : (tensor<3xf32>, tensor<4xf32>) -> tensor<7xf32>
func.func @cut(%x: tensor<5xf32>, %y: tensor<4xf32>) -> tensor<7xf32> {
  %z = mlopt.constant dense<0.0> : tensor<f32>
  %p = mlopt.pad %x, %z {mode = #mlopt<pad_mode constant>, operandSegmentSizes = array<i32: 1, 1, 0, 0>, static_low = array<i64: 0>, static_high = array<i64: -2>} : (tensor<5xf32>, tensor<f32>) -> tensor<3xf32>
  %r = mlopt.concat %p, %y {axis = 0 : i64} : (tensor<3xf32>, tensor<4xf32>) -> tensor<7xf32>
  return %r : tensor<7xf32>
}

// CHECK-LABEL: func.func @before
// CHECK: %[[P:.*]] = mlopt.launch @pad{{.*}} -> tensor<8xf32>
// CHECK: mlopt.launch @concat{{.*}}(%[[P]], %{{.*}}) : (tensor<8xf32>, tensor<4xf32>) -> tensor<12xf32>
func.func @before(%x: tensor<5xf32>, %y: tensor<4xf32>) -> tensor<12xf32> {
  %z = mlopt.constant dense<0.0> : tensor<f32>
  %p = mlopt.pad %x, %z {mode = #mlopt<pad_mode constant>, operandSegmentSizes = array<i32: 1, 1, 0, 0>, static_low = array<i64: 2>, static_high = array<i64: 1>} : (tensor<5xf32>, tensor<f32>) -> tensor<8xf32>
  %r = mlopt.concat %p, %y {axis = 0 : i64} : (tensor<8xf32>, tensor<4xf32>) -> tensor<12xf32>
  return %r : tensor<12xf32>
}

// Views and data movement: sizes that are known and sizes that are not.
// RUN: %mlopt-opt --mlopt-check-gradients %s -o /dev/null | FileCheck %s


// CHECK: gradient ok: reshape 
func.func @reshape(%x: tensor<?x6xf32> {mlopt.dims = ["n", 6]}, %w: tensor<2x?x3xf32> {mlopt.dims = [2, "n", 3]}) -> tensor<?x6xf32> {
  %n = mlopt.dim %x {axis = 0 : i64} : (tensor<?x6xf32>) -> index
  %0 = mlopt.reshape %x, %n {static_sizes = array<i64: 2, -9223372036854775808, 3>} : (tensor<?x6xf32>, index) -> tensor<2x?x3xf32>
  %y = mlopt.mul %0, %w : (tensor<2x?x3xf32>, tensor<2x?x3xf32>) -> tensor<2x?x3xf32>
  %g = mlopt.gradient %y, %x : (tensor<2x?x3xf32>, tensor<?x6xf32>) -> tensor<?x6xf32>
  return %g : tensor<?x6xf32>
}

// CHECK: gradient ok: transpose 
func.func @transpose(%x: tensor<?x3x?xf32> {mlopt.dims = ["n", 3, "m"]}, %w: tensor<?x?x3xf32> {mlopt.dims = ["m", "n", 3]}) -> tensor<?x3x?xf32> {
  %0 = mlopt.transpose %x {permutation = array<i64: 2, 0, 1>} : (tensor<?x3x?xf32>) -> tensor<?x?x3xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?x3xf32>, tensor<?x?x3xf32>) -> tensor<?x?x3xf32>
  %g = mlopt.gradient %y, %x : (tensor<?x?x3xf32>, tensor<?x3x?xf32>) -> tensor<?x3x?xf32>
  return %g : tensor<?x3x?xf32>
}

// CHECK: gradient ok: broadcast n=3: 3
// CHECK: gradient ok: broadcast n=1: 3
// CHECK: gradient ok: broadcast n=0: 3
func.func @broadcast(%x: tensor<3x1xf32> {mlopt.dims = [3, 1]}, %s: tensor<?xf32> {mlopt.dims = ["n"]}, %w: tensor<?x3x4xf32> {mlopt.dims = ["n", 3, 4]}) -> tensor<3x1xf32> {
  %n = mlopt.dim %s {axis = 0 : i64} : (tensor<?xf32>) -> index
  %0 = mlopt.broadcast %x, %n {static_sizes = array<i64: -9223372036854775808, 3, 4>} : (tensor<3x1xf32>, index) -> tensor<?x3x4xf32>
  %y = mlopt.mul %0, %w : (tensor<?x3x4xf32>, tensor<?x3x4xf32>) -> tensor<?x3x4xf32>
  %g = mlopt.gradient %y, %x : (tensor<?x3x4xf32>, tensor<3x1xf32>) -> tensor<3x1xf32>
  return %g : tensor<3x1xf32>
}

// CHECK: gradient ok: slice_part 
func.func @slice_part(%x: tensor<4x5xf32> {mlopt.dims = [4, 5]}, %w: tensor<2x3xf32> {mlopt.dims = [2, 3]}) -> tensor<4x5xf32> {
  %0 = mlopt.slice %x {static_starts = array<i64: 1, 2>, static_sizes = array<i64: 2, 3>, strides = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 0, 0>} : (tensor<4x5xf32>) -> tensor<2x3xf32>
  %y = mlopt.mul %0, %w : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %g = mlopt.gradient %y, %x : (tensor<2x3xf32>, tensor<4x5xf32>) -> tensor<4x5xf32>
  return %g : tensor<4x5xf32>
}

// CHECK: gradient ok: slice_step 
func.func @slice_step(%x: tensor<7x5xf32> {mlopt.dims = [7, 5]}, %w: tensor<3x2xf32> {mlopt.dims = [3, 2]}) -> tensor<7x5xf32> {
  %0 = mlopt.slice %x {static_starts = array<i64: 1, 0>, static_sizes = array<i64: 3, 2>, strides = array<i64: 2, 3>, operandSegmentSizes = array<i32: 1, 0, 0>} : (tensor<7x5xf32>) -> tensor<3x2xf32>
  %y = mlopt.mul %0, %w : (tensor<3x2xf32>, tensor<3x2xf32>) -> tensor<3x2xf32>
  %g = mlopt.gradient %y, %x : (tensor<3x2xf32>, tensor<7x5xf32>) -> tensor<7x5xf32>
  return %g : tensor<7x5xf32>
}

// CHECK: gradient ok: slice_step_exact 
func.func @slice_step_exact(%x: tensor<6x4xf32> {mlopt.dims = [6, 4]}, %w: tensor<3x2xf32> {mlopt.dims = [3, 2]}) -> tensor<6x4xf32> {
  %0 = mlopt.slice %x {static_starts = array<i64: 0, 1>, static_sizes = array<i64: 3, 2>, strides = array<i64: 2, 2>, operandSegmentSizes = array<i32: 1, 0, 0>} : (tensor<6x4xf32>) -> tensor<3x2xf32>
  %y = mlopt.mul %0, %w : (tensor<3x2xf32>, tensor<3x2xf32>) -> tensor<3x2xf32>
  %g = mlopt.gradient %y, %x : (tensor<3x2xf32>, tensor<6x4xf32>) -> tensor<6x4xf32>
  return %g : tensor<6x4xf32>
}

// CHECK: gradient ok: slice_back 
func.func @slice_back(%x: tensor<4x5xf32> {mlopt.dims = [4, 5]}, %w: tensor<4x2xf32> {mlopt.dims = [4, 2]}) -> tensor<4x5xf32> {
  %0 = mlopt.slice %x {static_starts = array<i64: 3, 4>, static_sizes = array<i64: 4, 2>, strides = array<i64: -1, -3>, operandSegmentSizes = array<i32: 1, 0, 0>} : (tensor<4x5xf32>) -> tensor<4x2xf32>
  %y = mlopt.mul %0, %w : (tensor<4x2xf32>, tensor<4x2xf32>) -> tensor<4x2xf32>
  %g = mlopt.gradient %y, %x : (tensor<4x2xf32>, tensor<4x5xf32>) -> tensor<4x5xf32>
  return %g : tensor<4x5xf32>
}

// CHECK: gradient ok: slice_mixed 
func.func @slice_mixed(%x: tensor<7x5xf32> {mlopt.dims = [7, 5]}, %w: tensor<3x4xf32> {mlopt.dims = [3, 4]}) -> tensor<7x5xf32> {
  %0 = mlopt.slice %x {static_starts = array<i64: 6, 1>, static_sizes = array<i64: 3, 4>, strides = array<i64: -2, 1>, operandSegmentSizes = array<i32: 1, 0, 0>} : (tensor<7x5xf32>) -> tensor<3x4xf32>
  %y = mlopt.mul %0, %w : (tensor<3x4xf32>, tensor<3x4xf32>) -> tensor<3x4xf32>
  %g = mlopt.gradient %y, %x : (tensor<3x4xf32>, tensor<7x5xf32>) -> tensor<7x5xf32>
  return %g : tensor<7x5xf32>
}

// CHECK: gradient ok: slice_one 
func.func @slice_one(%x: tensor<4x5xf32> {mlopt.dims = [4, 5]}, %w: tensor<1x1xf32> {mlopt.dims = [1, 1]}) -> tensor<4x5xf32> {
  %0 = mlopt.slice %x {static_starts = array<i64: 2, 4>, static_sizes = array<i64: 1, 1>, strides = array<i64: 1, -2>, operandSegmentSizes = array<i32: 1, 0, 0>} : (tensor<4x5xf32>) -> tensor<1x1xf32>
  %y = mlopt.mul %0, %w : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
  %g = mlopt.gradient %y, %x : (tensor<1x1xf32>, tensor<4x5xf32>) -> tensor<4x5xf32>
  return %g : tensor<4x5xf32>
}

// CHECK: gradient ok: slice_empty 
func.func @slice_empty(%x: tensor<4x5xf32> {mlopt.dims = [4, 5]}, %w: tensor<0x2xf32> {mlopt.dims = [0, 2]}) -> tensor<4x5xf32> attributes {mlopt.zero_gradient} {
  %0 = mlopt.slice %x {static_starts = array<i64: 0, 1>, static_sizes = array<i64: 0, 2>, strides = array<i64: -1, 1>, operandSegmentSizes = array<i32: 1, 0, 0>} : (tensor<4x5xf32>) -> tensor<0x2xf32>
  %y = mlopt.mul %0, %w : (tensor<0x2xf32>, tensor<0x2xf32>) -> tensor<0x2xf32>
  %g = mlopt.gradient %y, %x : (tensor<0x2xf32>, tensor<4x5xf32>) -> tensor<4x5xf32>
  return %g : tensor<4x5xf32>
}

// CHECK: gradient ok: slice_dynamic n=3: 6
// CHECK: gradient ok: slice_dynamic n=1: 2
// CHECK: gradient ok: slice_dynamic n=0: 0
func.func @slice_dynamic(%x: tensor<?x2xf32> {mlopt.dims = ["n", 2]}) -> tensor<?x2xf32> {
  %n = mlopt.dim %x {axis = 0 : i64} : (tensor<?x2xf32>) -> index
  %one = arith.constant 1 : index
  %last = arith.subi %n, %one : index
  %step = arith.constant 1 : index
  %k = arith.ceildivsi %n, %step : index
  %0 = mlopt.slice %x, %k {static_starts = array<i64: 0, 0>, static_sizes = array<i64: -9223372036854775808, 2>, strides = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 0, 1>} : (tensor<?x2xf32>, index) -> tensor<?x2xf32>
  %y = mlopt.mul %0, %0 : (tensor<?x2xf32>, tensor<?x2xf32>) -> tensor<?x2xf32>
  %g = mlopt.gradient %y, %x : (tensor<?x2xf32>, tensor<?x2xf32>) -> tensor<?x2xf32>
  return %g : tensor<?x2xf32>
}

// CHECK: gradient ok: slice_dynamic_step n=3: 6
// CHECK: gradient ok: slice_dynamic_step n=1: 2
// CHECK: gradient ok: slice_dynamic_step n=0: 0
func.func @slice_dynamic_step(%x: tensor<?x2xf32> {mlopt.dims = ["n", 2]}) -> tensor<?x2xf32> {
  %n = mlopt.dim %x {axis = 0 : i64} : (tensor<?x2xf32>) -> index
  %one = arith.constant 1 : index
  %last = arith.subi %n, %one : index
  %step = arith.constant 3 : index
  %k = arith.ceildivsi %n, %step : index
  %0 = mlopt.slice %x, %k {static_starts = array<i64: 0, 0>, static_sizes = array<i64: -9223372036854775808, 2>, strides = array<i64: 3, 1>, operandSegmentSizes = array<i32: 1, 0, 1>} : (tensor<?x2xf32>, index) -> tensor<?x2xf32>
  %y = mlopt.mul %0, %0 : (tensor<?x2xf32>, tensor<?x2xf32>) -> tensor<?x2xf32>
  %g = mlopt.gradient %y, %x : (tensor<?x2xf32>, tensor<?x2xf32>) -> tensor<?x2xf32>
  return %g : tensor<?x2xf32>
}

// CHECK: gradient ok: slice_dynamic_back n=3: 6
// CHECK: gradient ok: slice_dynamic_back n=1: 2
// CHECK: gradient ok: slice_dynamic_back n=0: 0
func.func @slice_dynamic_back(%x: tensor<?x2xf32> {mlopt.dims = ["n", 2]}) -> tensor<?x2xf32> {
  %n = mlopt.dim %x {axis = 0 : i64} : (tensor<?x2xf32>) -> index
  %one = arith.constant 1 : index
  %last = arith.subi %n, %one : index
  %step = arith.constant 1 : index
  %k = arith.ceildivsi %n, %step : index
  %0 = mlopt.slice %x, %last, %k {static_starts = array<i64: -9223372036854775808, 0>, static_sizes = array<i64: -9223372036854775808, 2>, strides = array<i64: -1, 1>, operandSegmentSizes = array<i32: 1, 1, 1>} : (tensor<?x2xf32>, index, index) -> tensor<?x2xf32>
  %y = mlopt.mul %0, %0 : (tensor<?x2xf32>, tensor<?x2xf32>) -> tensor<?x2xf32>
  %g = mlopt.gradient %y, %x : (tensor<?x2xf32>, tensor<?x2xf32>) -> tensor<?x2xf32>
  return %g : tensor<?x2xf32>
}

// CHECK: gradient ok: slice_dynamic_back_step n=3: 6
// CHECK: gradient ok: slice_dynamic_back_step n=1: 2
// CHECK: gradient ok: slice_dynamic_back_step n=0: 0
func.func @slice_dynamic_back_step(%x: tensor<?x2xf32> {mlopt.dims = ["n", 2]}) -> tensor<?x2xf32> {
  %n = mlopt.dim %x {axis = 0 : i64} : (tensor<?x2xf32>) -> index
  %one = arith.constant 1 : index
  %last = arith.subi %n, %one : index
  %step = arith.constant 2 : index
  %k = arith.ceildivsi %n, %step : index
  %0 = mlopt.slice %x, %last, %k {static_starts = array<i64: -9223372036854775808, 0>, static_sizes = array<i64: -9223372036854775808, 2>, strides = array<i64: -2, 1>, operandSegmentSizes = array<i32: 1, 1, 1>} : (tensor<?x2xf32>, index, index) -> tensor<?x2xf32>
  %y = mlopt.mul %0, %0 : (tensor<?x2xf32>, tensor<?x2xf32>) -> tensor<?x2xf32>
  %g = mlopt.gradient %y, %x : (tensor<?x2xf32>, tensor<?x2xf32>) -> tensor<?x2xf32>
  return %g : tensor<?x2xf32>
}

// CHECK: gradient ok: concat n=3 m=4: 20
// CHECK: gradient ok: concat n=1 m=1: 10
// CHECK: gradient ok: concat n=0 m=0: 6
func.func @concat(%x: tensor<?x2xf32> {mlopt.dims = ["n", 2]}, %z: tensor<3x2xf32> {mlopt.dims = [3, 2]}, %v: tensor<?x2xf32> {mlopt.dims = ["m", 2]}) -> (tensor<?x2xf32>, tensor<3x2xf32>, tensor<?x2xf32>) {
  %0 = mlopt.concat %x, %z, %v, %x {axis = 0 : i64} : (tensor<?x2xf32>, tensor<3x2xf32>, tensor<?x2xf32>, tensor<?x2xf32>) -> tensor<?x2xf32>
  %c = mlopt.cumulative %0 {kind = #mlopt<cumulative_kind sum>, axis = 0 : i64} : (tensor<?x2xf32>) -> tensor<?x2xf32>
  %y = mlopt.mul %0, %c : (tensor<?x2xf32>, tensor<?x2xf32>) -> tensor<?x2xf32>
  %g:3 = mlopt.gradient %y, %x, %z, %v : (tensor<?x2xf32>, tensor<?x2xf32>, tensor<3x2xf32>, tensor<?x2xf32>) -> (tensor<?x2xf32>, tensor<3x2xf32>, tensor<?x2xf32>)
  return %g#0, %g#1, %g#2 : tensor<?x2xf32>, tensor<3x2xf32>, tensor<?x2xf32>
}

// Parts that cover the tensor, one of them twice, and a part across two of them.
// CHECK: gradient ok: slice_parts 
func.func @slice_parts(%x: tensor<?x6xf32> {mlopt.dims = ["n", 6]}, %w: tensor<?x10xf32> {mlopt.dims = ["n", 10]}) -> tensor<?x6xf32> {
  %n = mlopt.dim %x {axis = 0 : i64} : (tensor<?x6xf32>) -> index
  %0 = mlopt.slice %x, %n {static_starts = array<i64: 0, 0>, static_sizes = array<i64: -9223372036854775808, 2>, strides = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 0, 1>} : (tensor<?x6xf32>, index) -> tensor<?x2xf32>
  %1 = mlopt.slice %x, %n {static_starts = array<i64: 0, 2>, static_sizes = array<i64: -9223372036854775808, 3>, strides = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 0, 1>} : (tensor<?x6xf32>, index) -> tensor<?x3xf32>
  %2 = mlopt.slice %x, %n {static_starts = array<i64: 0, 5>, static_sizes = array<i64: -9223372036854775808, 1>, strides = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 0, 1>} : (tensor<?x6xf32>, index) -> tensor<?x1xf32>
  %3 = mlopt.slice %x, %n {static_starts = array<i64: 0, 0>, static_sizes = array<i64: -9223372036854775808, 2>, strides = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 0, 1>} : (tensor<?x6xf32>, index) -> tensor<?x2xf32>
  %4 = mlopt.slice %x, %n {static_starts = array<i64: 0, 1>, static_sizes = array<i64: -9223372036854775808, 2>, strides = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 0, 1>} : (tensor<?x6xf32>, index) -> tensor<?x2xf32>
  %5 = mlopt.concat %2, %4, %1, %0, %3 {axis = 1 : i64} : (tensor<?x1xf32>, tensor<?x2xf32>, tensor<?x3xf32>, tensor<?x2xf32>, tensor<?x2xf32>) -> tensor<?x10xf32>
  %y = mlopt.mul %5, %w : (tensor<?x10xf32>, tensor<?x10xf32>) -> tensor<?x10xf32>
  %g = mlopt.gradient %y, %x : (tensor<?x10xf32>, tensor<?x6xf32>) -> tensor<?x6xf32>
  return %g : tensor<?x6xf32>
}

// CHECK: gradient ok: pad_constant 
func.func @pad_constant(%x: tensor<2x3xf32> {mlopt.dims = [2, 3]}, %p: tensor<f32>, %w: tensor<5x4xf32> {mlopt.dims = [5, 4]}) -> (tensor<2x3xf32>, tensor<f32>) {
  %0 = mlopt.pad %x, %p {mode = #mlopt<pad_mode constant>, static_low = array<i64: 1, 0>, static_high = array<i64: 2, 1>, operandSegmentSizes = array<i32: 1, 1, 0, 0>} : (tensor<2x3xf32>, tensor<f32>) -> tensor<5x4xf32>
  %y = mlopt.mul %0, %w : (tensor<5x4xf32>, tensor<5x4xf32>) -> tensor<5x4xf32>
  %g:2 = mlopt.gradient %y, %x, %p : (tensor<5x4xf32>, tensor<2x3xf32>, tensor<f32>) -> (tensor<2x3xf32>, tensor<f32>)
  return %g#0, %g#1 : tensor<2x3xf32>, tensor<f32>
}

// CHECK: gradient ok: pad_crop 
func.func @pad_crop(%x: tensor<4x5xf32> {mlopt.dims = [4, 5]}, %p: tensor<f32>, %w: tensor<4x5xf32> {mlopt.dims = [4, 5]}) -> (tensor<4x5xf32>, tensor<f32>) {
  %0 = mlopt.pad %x, %p {mode = #mlopt<pad_mode constant>, static_low = array<i64: -1, 2>, static_high = array<i64: 1, -2>, operandSegmentSizes = array<i32: 1, 1, 0, 0>} : (tensor<4x5xf32>, tensor<f32>) -> tensor<4x5xf32>
  %y = mlopt.mul %0, %w : (tensor<4x5xf32>, tensor<4x5xf32>) -> tensor<4x5xf32>
  %g:2 = mlopt.gradient %y, %x, %p : (tensor<4x5xf32>, tensor<4x5xf32>, tensor<f32>) -> (tensor<4x5xf32>, tensor<f32>)
  return %g#0, %g#1 : tensor<4x5xf32>, tensor<f32>
}

// CHECK: gradient ok: pad_reflect 
func.func @pad_reflect(%x: tensor<4x5xf32> {mlopt.dims = [4, 5]}, %p: tensor<f32>, %w: tensor<9x6xf32> {mlopt.dims = [9, 6]}) -> (tensor<4x5xf32>, tensor<f32>) {
  %0 = mlopt.pad %x, %p {mode = #mlopt<pad_mode reflect>, static_low = array<i64: 2, 0>, static_high = array<i64: 3, 1>, operandSegmentSizes = array<i32: 1, 1, 0, 0>} : (tensor<4x5xf32>, tensor<f32>) -> tensor<9x6xf32>
  %y = mlopt.mul %0, %w : (tensor<9x6xf32>, tensor<9x6xf32>) -> tensor<9x6xf32>
  %g:2 = mlopt.gradient %y, %x, %p : (tensor<9x6xf32>, tensor<4x5xf32>, tensor<f32>) -> (tensor<4x5xf32>, tensor<f32>)
  return %g#0, %g#1 : tensor<4x5xf32>, tensor<f32>
}

// CHECK: gradient ok: pad_edge 
func.func @pad_edge(%x: tensor<2x3xf32> {mlopt.dims = [2, 3]}, %p: tensor<f32>, %w: tensor<5x4xf32> {mlopt.dims = [5, 4]}) -> (tensor<2x3xf32>, tensor<f32>) {
  %0 = mlopt.pad %x, %p {mode = #mlopt<pad_mode edge>, static_low = array<i64: 2, 1>, static_high = array<i64: 1, 0>, operandSegmentSizes = array<i32: 1, 1, 0, 0>} : (tensor<2x3xf32>, tensor<f32>) -> tensor<5x4xf32>
  %y = mlopt.mul %0, %w : (tensor<5x4xf32>, tensor<5x4xf32>) -> tensor<5x4xf32>
  %g:2 = mlopt.gradient %y, %x, %p : (tensor<5x4xf32>, tensor<2x3xf32>, tensor<f32>) -> (tensor<2x3xf32>, tensor<f32>)
  return %g#0, %g#1 : tensor<2x3xf32>, tensor<f32>
}

// CHECK: gradient ok: pad_wrap 
func.func @pad_wrap(%x: tensor<2x3xf32> {mlopt.dims = [2, 3]}, %p: tensor<f32>, %w: tensor<5x6xf32> {mlopt.dims = [5, 6]}) -> (tensor<2x3xf32>, tensor<f32>) {
  %0 = mlopt.pad %x, %p {mode = #mlopt<pad_mode wrap>, static_low = array<i64: 1, 2>, static_high = array<i64: 2, 1>, operandSegmentSizes = array<i32: 1, 1, 0, 0>} : (tensor<2x3xf32>, tensor<f32>) -> tensor<5x6xf32>
  %y = mlopt.mul %0, %w : (tensor<5x6xf32>, tensor<5x6xf32>) -> tensor<5x6xf32>
  %g:2 = mlopt.gradient %y, %x, %p : (tensor<5x6xf32>, tensor<2x3xf32>, tensor<f32>) -> (tensor<2x3xf32>, tensor<f32>)
  return %g#0, %g#1 : tensor<2x3xf32>, tensor<f32>
}

// CHECK: gradient ok: pad_wrap_crop 
func.func @pad_wrap_crop(%x: tensor<4x3xf32> {mlopt.dims = [4, 3]}, %p: tensor<f32>, %w: tensor<5x6xf32> {mlopt.dims = [5, 6]}) -> (tensor<4x3xf32>, tensor<f32>) {
  %0 = mlopt.pad %x, %p {mode = #mlopt<pad_mode wrap>, static_low = array<i64: -1, 2>, static_high = array<i64: 2, 1>, operandSegmentSizes = array<i32: 1, 1, 0, 0>} : (tensor<4x3xf32>, tensor<f32>) -> tensor<5x6xf32>
  %y = mlopt.mul %0, %w : (tensor<5x6xf32>, tensor<5x6xf32>) -> tensor<5x6xf32>
  %g:2 = mlopt.gradient %y, %x, %p : (tensor<5x6xf32>, tensor<4x3xf32>, tensor<f32>) -> (tensor<4x3xf32>, tensor<f32>)
  return %g#0, %g#1 : tensor<4x3xf32>, tensor<f32>
}

// A padding that is known at run time only.
// CHECK: gradient ok: pad_dynamic 
func.func @pad_dynamic(%x: tensor<?x2xf32> {mlopt.dims = ["n", 2]}) -> tensor<?x2xf32> {
  %z = mlopt.constant dense<0.5> : tensor<f32>
  %n = mlopt.dim %x {axis = 0 : i64} : (tensor<?x2xf32>) -> index
  %0 = mlopt.pad %x, %z, %n {mode = #mlopt<pad_mode constant>, static_low = array<i64: -9223372036854775808, 0>, static_high = array<i64: 1, 0>, operandSegmentSizes = array<i32: 1, 1, 1, 0>} : (tensor<?x2xf32>, tensor<f32>, index) -> tensor<?x2xf32>
  %1 = mlopt.cumulative %0 {kind = #mlopt<cumulative_kind sum>, axis = 0 : i64} : (tensor<?x2xf32>) -> tensor<?x2xf32>
  %y = mlopt.mul %0, %1 : (tensor<?x2xf32>, tensor<?x2xf32>) -> tensor<?x2xf32>
  %g = mlopt.gradient %y, %x : (tensor<?x2xf32>, tensor<?x2xf32>) -> tensor<?x2xf32>
  return %g : tensor<?x2xf32>
}

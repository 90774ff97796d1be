// Convolutions and transposed convolutions against differences.
// RUN: %mlopt-opt --mlopt-check-gradients %s -o /dev/null | FileCheck %s

func.func @plain(%x: tensor<?x2x4x5xf32> {mlopt.dims = ["n", 2, 4, 5]}, %w: tensor<3x2x3x2xf32>, %b: tensor<3xf32>, %r: tensor<?x3x2x4xf32> {mlopt.dims = ["n", 3, 2, 4]}) -> (tensor<?x2x4x5xf32>, tensor<3x2x3x2xf32>, tensor<3xf32>) {
  %y = mlopt.conv %x, %w, %b {strides = array<i64: 1, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x2x4x5xf32>, tensor<3x2x3x2xf32>, tensor<3xf32>) -> tensor<?x3x2x4xf32>
  %p = mlopt.mul %y, %r : (tensor<?x3x2x4xf32>, tensor<?x3x2x4xf32>) -> tensor<?x3x2x4xf32>
  %g:3 = mlopt.gradient %p, %x, %w, %b : (tensor<?x3x2x4xf32>, tensor<?x2x4x5xf32>, tensor<3x2x3x2xf32>, tensor<3xf32>) -> (tensor<?x2x4x5xf32>, tensor<3x2x3x2xf32>, tensor<3xf32>)
  return %g#0, %g#1, %g#2 : tensor<?x2x4x5xf32>, tensor<3x2x3x2xf32>, tensor<3xf32>
}
// CHECK: gradient ok: plain n=3
// CHECK: gradient ok: plain n=1
// CHECK: gradient ok: plain n=0

func.func @same_padding(%x: tensor<?x2x4x4xf32> {mlopt.dims = ["n", 2, 4, 4]}, %w: tensor<2x2x3x3xf32>, %r: tensor<?x2x4x4xf32> {mlopt.dims = ["n", 2, 4, 4]}) -> (tensor<?x2x4x4xf32>, tensor<2x2x3x3xf32>) {
  %none = mlopt.none : none
  %y = mlopt.conv %x, %w, %none {strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x2x4x4xf32>, tensor<2x2x3x3xf32>, none) -> tensor<?x2x4x4xf32>
  %p = mlopt.mul %y, %r : (tensor<?x2x4x4xf32>, tensor<?x2x4x4xf32>) -> tensor<?x2x4x4xf32>
  %g:2 = mlopt.gradient %p, %x, %w : (tensor<?x2x4x4xf32>, tensor<?x2x4x4xf32>, tensor<2x2x3x3xf32>) -> (tensor<?x2x4x4xf32>, tensor<2x2x3x3xf32>)
  return %g#0, %g#1 : tensor<?x2x4x4xf32>, tensor<2x2x3x3xf32>
}
// CHECK: gradient ok: same_padding n=3
// CHECK: gradient ok: same_padding n=1
// CHECK: gradient ok: same_padding n=0

func.func @asymmetric_pads(%x: tensor<2x2x4x4xf32>, %w: tensor<2x2x3x2xf32>, %b: tensor<2xf32>, %r: tensor<2x2x4x4xf32>) -> (tensor<2x2x4x4xf32>, tensor<2x2x3x2xf32>, tensor<2xf32>) {
  %y = mlopt.conv %x, %w, %b {strides = array<i64: 1, 1>, pads_begin = array<i64: 0, 1>, pads_end = array<i64: 2, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<2x2x4x4xf32>, tensor<2x2x3x2xf32>, tensor<2xf32>) -> tensor<2x2x4x4xf32>
  %p = mlopt.mul %y, %r : (tensor<2x2x4x4xf32>, tensor<2x2x4x4xf32>) -> tensor<2x2x4x4xf32>
  %g:3 = mlopt.gradient %p, %x, %w, %b : (tensor<2x2x4x4xf32>, tensor<2x2x4x4xf32>, tensor<2x2x3x2xf32>, tensor<2xf32>) -> (tensor<2x2x4x4xf32>, tensor<2x2x3x2xf32>, tensor<2xf32>)
  return %g#0, %g#1, %g#2 : tensor<2x2x4x4xf32>, tensor<2x2x3x2xf32>, tensor<2xf32>
}
// CHECK: gradient ok: asymmetric_pads: 

func.func @pads_beyond_window(%x: tensor<1x1x3x3xf32>, %w: tensor<2x1x2x2xf32>, %b: tensor<2xf32>, %r: tensor<1x2x5x6xf32>) -> (tensor<1x1x3x3xf32>, tensor<2x1x2x2xf32>, tensor<2xf32>) {
  %y = mlopt.conv %x, %w, %b {strides = array<i64: 1, 1>, pads_begin = array<i64: 2, 1>, pads_end = array<i64: 1, 3>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x1x3x3xf32>, tensor<2x1x2x2xf32>, tensor<2xf32>) -> tensor<1x2x5x6xf32>
  %p = mlopt.mul %y, %r : (tensor<1x2x5x6xf32>, tensor<1x2x5x6xf32>) -> tensor<1x2x5x6xf32>
  %g:3 = mlopt.gradient %p, %x, %w, %b : (tensor<1x2x5x6xf32>, tensor<1x1x3x3xf32>, tensor<2x1x2x2xf32>, tensor<2xf32>) -> (tensor<1x1x3x3xf32>, tensor<2x1x2x2xf32>, tensor<2xf32>)
  return %g#0, %g#1, %g#2 : tensor<1x1x3x3xf32>, tensor<2x1x2x2xf32>, tensor<2xf32>
}
// CHECK: gradient ok: pads_beyond_window: 

func.func @strided(%x: tensor<?x2x6x5xf32> {mlopt.dims = ["n", 2, 6, 5]}, %w: tensor<3x2x3x2xf32>, %b: tensor<3xf32>, %r: tensor<?x3x3x2xf32> {mlopt.dims = ["n", 3, 3, 2]}) -> (tensor<?x2x6x5xf32>, tensor<3x2x3x2xf32>, tensor<3xf32>) {
  %y = mlopt.conv %x, %w, %b {strides = array<i64: 2, 3>, pads_begin = array<i64: 1, 0>, pads_end = array<i64: 1, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x2x6x5xf32>, tensor<3x2x3x2xf32>, tensor<3xf32>) -> tensor<?x3x3x2xf32>
  %p = mlopt.mul %y, %r : (tensor<?x3x3x2xf32>, tensor<?x3x3x2xf32>) -> tensor<?x3x3x2xf32>
  %g:3 = mlopt.gradient %p, %x, %w, %b : (tensor<?x3x3x2xf32>, tensor<?x2x6x5xf32>, tensor<3x2x3x2xf32>, tensor<3xf32>) -> (tensor<?x2x6x5xf32>, tensor<3x2x3x2xf32>, tensor<3xf32>)
  return %g#0, %g#1, %g#2 : tensor<?x2x6x5xf32>, tensor<3x2x3x2xf32>, tensor<3xf32>
}
// CHECK: gradient ok: strided n=3
// CHECK: gradient ok: strided n=1
// CHECK: gradient ok: strided n=0

func.func @stride_leaves_rest(%x: tensor<1x2x8x7xf32>, %w: tensor<2x2x2x2xf32>, %r: tensor<1x2x3x3xf32>) -> (tensor<1x2x8x7xf32>, tensor<2x2x2x2xf32>) {
  %none = mlopt.none : none
  %y = mlopt.conv %x, %w, %none {strides = array<i64: 3, 2>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x2x8x7xf32>, tensor<2x2x2x2xf32>, none) -> tensor<1x2x3x3xf32>
  %p = mlopt.mul %y, %r : (tensor<1x2x3x3xf32>, tensor<1x2x3x3xf32>) -> tensor<1x2x3x3xf32>
  %g:2 = mlopt.gradient %p, %x, %w : (tensor<1x2x3x3xf32>, tensor<1x2x8x7xf32>, tensor<2x2x2x2xf32>) -> (tensor<1x2x8x7xf32>, tensor<2x2x2x2xf32>)
  return %g#0, %g#1 : tensor<1x2x8x7xf32>, tensor<2x2x2x2xf32>
}
// CHECK: gradient ok: stride_leaves_rest: 

func.func @strided_even_window(%x: tensor<?x2x6x6xf32> {mlopt.dims = ["n", 2, 6, 6]}, %w: tensor<2x2x4x4xf32>, %b: tensor<2xf32>, %r: tensor<?x2x3x3xf32> {mlopt.dims = ["n", 2, 3, 3]}) -> (tensor<?x2x6x6xf32>, tensor<2x2x4x4xf32>, tensor<2xf32>) {
  %y = mlopt.conv %x, %w, %b {strides = array<i64: 2, 2>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x2x6x6xf32>, tensor<2x2x4x4xf32>, tensor<2xf32>) -> tensor<?x2x3x3xf32>
  %p = mlopt.mul %y, %r : (tensor<?x2x3x3xf32>, tensor<?x2x3x3xf32>) -> tensor<?x2x3x3xf32>
  %g:3 = mlopt.gradient %p, %x, %w, %b : (tensor<?x2x3x3xf32>, tensor<?x2x6x6xf32>, tensor<2x2x4x4xf32>, tensor<2xf32>) -> (tensor<?x2x6x6xf32>, tensor<2x2x4x4xf32>, tensor<2xf32>)
  return %g#0, %g#1, %g#2 : tensor<?x2x6x6xf32>, tensor<2x2x4x4xf32>, tensor<2xf32>
}
// CHECK: gradient ok: strided_even_window n=3
// CHECK: gradient ok: strided_even_window n=1
// CHECK: gradient ok: strided_even_window n=0

func.func @strided_wide_window(%x: tensor<1x2x7x8xf32>, %w: tensor<2x2x5x4xf32>, %r: tensor<1x2x3x4xf32>) -> (tensor<1x2x7x8xf32>, tensor<2x2x5x4xf32>) {
  %none = mlopt.none : none
  %y = mlopt.conv %x, %w, %none {strides = array<i64: 2, 2>, pads_begin = array<i64: 2, 1>, pads_end = array<i64: 1, 2>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x2x7x8xf32>, tensor<2x2x5x4xf32>, none) -> tensor<1x2x3x4xf32>
  %p = mlopt.mul %y, %r : (tensor<1x2x3x4xf32>, tensor<1x2x3x4xf32>) -> tensor<1x2x3x4xf32>
  %g:2 = mlopt.gradient %p, %x, %w : (tensor<1x2x3x4xf32>, tensor<1x2x7x8xf32>, tensor<2x2x5x4xf32>) -> (tensor<1x2x7x8xf32>, tensor<2x2x5x4xf32>)
  return %g#0, %g#1 : tensor<1x2x7x8xf32>, tensor<2x2x5x4xf32>
}
// CHECK: gradient ok: strided_wide_window: 

func.func @strided_pads_beyond_stride(%x: tensor<1x1x5x5xf32>, %w: tensor<2x1x4x5xf32>, %b: tensor<2xf32>, %r: tensor<1x2x5x4xf32>) -> (tensor<1x1x5x5xf32>, tensor<2x1x4x5xf32>, tensor<2xf32>) {
  %y = mlopt.conv %x, %w, %b {strides = array<i64: 2, 2>, pads_begin = array<i64: 3, 4>, pads_end = array<i64: 4, 3>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x1x5x5xf32>, tensor<2x1x4x5xf32>, tensor<2xf32>) -> tensor<1x2x5x4xf32>
  %p = mlopt.mul %y, %r : (tensor<1x2x5x4xf32>, tensor<1x2x5x4xf32>) -> tensor<1x2x5x4xf32>
  %g:3 = mlopt.gradient %p, %x, %w, %b : (tensor<1x2x5x4xf32>, tensor<1x1x5x5xf32>, tensor<2x1x4x5xf32>, tensor<2xf32>) -> (tensor<1x1x5x5xf32>, tensor<2x1x4x5xf32>, tensor<2xf32>)
  return %g#0, %g#1, %g#2 : tensor<1x1x5x5xf32>, tensor<2x1x4x5xf32>, tensor<2xf32>
}
// CHECK: gradient ok: strided_pads_beyond_stride: 

func.func @strided_end_unused(%x: tensor<1x2x9x8xf32>, %w: tensor<2x2x3x3xf32>, %b: tensor<2xf32>, %r: tensor<1x2x4x3xf32>) -> (tensor<1x2x9x8xf32>, tensor<2x2x3x3xf32>, tensor<2xf32>) {
  %y = mlopt.conv %x, %w, %b {strides = array<i64: 2, 3>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 2>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x2x9x8xf32>, tensor<2x2x3x3xf32>, tensor<2xf32>) -> tensor<1x2x4x3xf32>
  %p = mlopt.mul %y, %r : (tensor<1x2x4x3xf32>, tensor<1x2x4x3xf32>) -> tensor<1x2x4x3xf32>
  %g:3 = mlopt.gradient %p, %x, %w, %b : (tensor<1x2x4x3xf32>, tensor<1x2x9x8xf32>, tensor<2x2x3x3xf32>, tensor<2xf32>) -> (tensor<1x2x9x8xf32>, tensor<2x2x3x3xf32>, tensor<2xf32>)
  return %g#0, %g#1, %g#2 : tensor<1x2x9x8xf32>, tensor<2x2x3x3xf32>, tensor<2xf32>
}
// CHECK: gradient ok: strided_end_unused: 

func.func @patches(%x: tensor<?x3x4x6xf32> {mlopt.dims = ["n", 3, 4, 6]}, %w: tensor<4x3x2x3xf32>, %b: tensor<4xf32>, %r: tensor<?x4x2x2xf32> {mlopt.dims = ["n", 4, 2, 2]}) -> (tensor<?x3x4x6xf32>, tensor<4x3x2x3xf32>, tensor<4xf32>) {
  %y = mlopt.conv %x, %w, %b {strides = array<i64: 2, 3>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x3x4x6xf32>, tensor<4x3x2x3xf32>, tensor<4xf32>) -> tensor<?x4x2x2xf32>
  %p = mlopt.mul %y, %r : (tensor<?x4x2x2xf32>, tensor<?x4x2x2xf32>) -> tensor<?x4x2x2xf32>
  %g:3 = mlopt.gradient %p, %x, %w, %b : (tensor<?x4x2x2xf32>, tensor<?x3x4x6xf32>, tensor<4x3x2x3xf32>, tensor<4xf32>) -> (tensor<?x3x4x6xf32>, tensor<4x3x2x3xf32>, tensor<4xf32>)
  return %g#0, %g#1, %g#2 : tensor<?x3x4x6xf32>, tensor<4x3x2x3xf32>, tensor<4xf32>
}
// CHECK: gradient ok: patches n=3
// CHECK: gradient ok: patches n=1
// CHECK: gradient ok: patches n=0

func.func @patches_one_dimension(%x: tensor<2x2x9xf32>, %w: tensor<3x2x3xf32>, %b: tensor<3xf32>, %r: tensor<2x3x4xf32>) -> (tensor<2x2x9xf32>, tensor<3x2x3xf32>, tensor<3xf32>) {
  %y = mlopt.conv %x, %w, %b {strides = array<i64: 3>, pads_begin = array<i64: 1>, pads_end = array<i64: 2>, dilations = array<i64: 1>, groups = 1 : i64} : (tensor<2x2x9xf32>, tensor<3x2x3xf32>, tensor<3xf32>) -> tensor<2x3x4xf32>
  %p = mlopt.mul %y, %r : (tensor<2x3x4xf32>, tensor<2x3x4xf32>) -> tensor<2x3x4xf32>
  %g:3 = mlopt.gradient %p, %x, %w, %b : (tensor<2x3x4xf32>, tensor<2x2x9xf32>, tensor<3x2x3xf32>, tensor<3xf32>) -> (tensor<2x2x9xf32>, tensor<3x2x3xf32>, tensor<3xf32>)
  return %g#0, %g#1, %g#2 : tensor<2x2x9xf32>, tensor<3x2x3xf32>, tensor<3xf32>
}
// CHECK: gradient ok: patches_one_dimension: 

func.func @strided_three_dimensions(%x: tensor<1x2x4x5x4xf32>, %w: tensor<2x2x2x3x3xf32>, %b: tensor<2xf32>, %r: tensor<1x2x2x3x4xf32>) -> (tensor<1x2x4x5x4xf32>, tensor<2x2x2x3x3xf32>, tensor<2xf32>) {
  %y = mlopt.conv %x, %w, %b {strides = array<i64: 2, 2, 1>, pads_begin = array<i64: 0, 1, 1>, pads_end = array<i64: 0, 1, 1>, dilations = array<i64: 1, 1, 1>, groups = 1 : i64} : (tensor<1x2x4x5x4xf32>, tensor<2x2x2x3x3xf32>, tensor<2xf32>) -> tensor<1x2x2x3x4xf32>
  %p = mlopt.mul %y, %r : (tensor<1x2x2x3x4xf32>, tensor<1x2x2x3x4xf32>) -> tensor<1x2x2x3x4xf32>
  %g:3 = mlopt.gradient %p, %x, %w, %b : (tensor<1x2x2x3x4xf32>, tensor<1x2x4x5x4xf32>, tensor<2x2x2x3x3xf32>, tensor<2xf32>) -> (tensor<1x2x4x5x4xf32>, tensor<2x2x2x3x3xf32>, tensor<2xf32>)
  return %g#0, %g#1, %g#2 : tensor<1x2x4x5x4xf32>, tensor<2x2x2x3x3xf32>, tensor<2xf32>
}
// CHECK: gradient ok: strided_three_dimensions: 

func.func @windows_in_pads(%x: tensor<1x1x3x3xf32>, %w: tensor<1x1x2x2xf32>, %b: tensor<1xf32>, %r: tensor<1x1x6x5xf32>) -> (tensor<1x1x3x3xf32>, tensor<1x1x2x2xf32>, tensor<1xf32>) {
  %y = mlopt.conv %x, %w, %b {strides = array<i64: 2, 2>, pads_begin = array<i64: 4, 4>, pads_end = array<i64: 5, 4>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x1x3x3xf32>, tensor<1x1x2x2xf32>, tensor<1xf32>) -> tensor<1x1x6x5xf32>
  %p = mlopt.mul %y, %r : (tensor<1x1x6x5xf32>, tensor<1x1x6x5xf32>) -> tensor<1x1x6x5xf32>
  %g:3 = mlopt.gradient %p, %x, %w, %b : (tensor<1x1x6x5xf32>, tensor<1x1x3x3xf32>, tensor<1x1x2x2xf32>, tensor<1xf32>) -> (tensor<1x1x3x3xf32>, tensor<1x1x2x2xf32>, tensor<1xf32>)
  return %g#0, %g#1, %g#2 : tensor<1x1x3x3xf32>, tensor<1x1x2x2xf32>, tensor<1xf32>
}
// CHECK: gradient ok: windows_in_pads: 

func.func @dilated(%x: tensor<2x2x6x6xf32>, %w: tensor<2x2x3x2xf32>, %b: tensor<2xf32>, %r: tensor<2x2x6x5xf32>) -> (tensor<2x2x6x6xf32>, tensor<2x2x3x2xf32>, tensor<2xf32>) {
  %y = mlopt.conv %x, %w, %b {strides = array<i64: 1, 1>, pads_begin = array<i64: 2, 1>, pads_end = array<i64: 2, 1>, dilations = array<i64: 2, 3>, groups = 1 : i64} : (tensor<2x2x6x6xf32>, tensor<2x2x3x2xf32>, tensor<2xf32>) -> tensor<2x2x6x5xf32>
  %p = mlopt.mul %y, %r : (tensor<2x2x6x5xf32>, tensor<2x2x6x5xf32>) -> tensor<2x2x6x5xf32>
  %g:3 = mlopt.gradient %p, %x, %w, %b : (tensor<2x2x6x5xf32>, tensor<2x2x6x6xf32>, tensor<2x2x3x2xf32>, tensor<2xf32>) -> (tensor<2x2x6x6xf32>, tensor<2x2x3x2xf32>, tensor<2xf32>)
  return %g#0, %g#1, %g#2 : tensor<2x2x6x6xf32>, tensor<2x2x3x2xf32>, tensor<2xf32>
}
// CHECK: gradient ok: dilated: 

func.func @strided_dilated(%x: tensor<1x2x7x6xf32>, %w: tensor<2x2x2x3xf32>, %b: tensor<2xf32>, %r: tensor<1x2x3x5xf32>) -> (tensor<1x2x7x6xf32>, tensor<2x2x2x3xf32>, tensor<2xf32>) {
  %y = mlopt.conv %x, %w, %b {strides = array<i64: 2, 1>, pads_begin = array<i64: 1, 2>, pads_end = array<i64: 0, 1>, dilations = array<i64: 2, 2>, groups = 1 : i64} : (tensor<1x2x7x6xf32>, tensor<2x2x2x3xf32>, tensor<2xf32>) -> tensor<1x2x3x5xf32>
  %p = mlopt.mul %y, %r : (tensor<1x2x3x5xf32>, tensor<1x2x3x5xf32>) -> tensor<1x2x3x5xf32>
  %g:3 = mlopt.gradient %p, %x, %w, %b : (tensor<1x2x3x5xf32>, tensor<1x2x7x6xf32>, tensor<2x2x2x3xf32>, tensor<2xf32>) -> (tensor<1x2x7x6xf32>, tensor<2x2x2x3xf32>, tensor<2xf32>)
  return %g#0, %g#1, %g#2 : tensor<1x2x7x6xf32>, tensor<2x2x2x3xf32>, tensor<2xf32>
}
// CHECK: gradient ok: strided_dilated: 

func.func @grouped(%x: tensor<?x4x4x4xf32> {mlopt.dims = ["n", 4, 4, 4]}, %w: tensor<6x2x3x3xf32>, %b: tensor<6xf32>, %r: tensor<?x6x4x4xf32> {mlopt.dims = ["n", 6, 4, 4]}) -> (tensor<?x4x4x4xf32>, tensor<6x2x3x3xf32>, tensor<6xf32>) {
  %y = mlopt.conv %x, %w, %b {strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 2 : i64} : (tensor<?x4x4x4xf32>, tensor<6x2x3x3xf32>, tensor<6xf32>) -> tensor<?x6x4x4xf32>
  %p = mlopt.mul %y, %r : (tensor<?x6x4x4xf32>, tensor<?x6x4x4xf32>) -> tensor<?x6x4x4xf32>
  %g:3 = mlopt.gradient %p, %x, %w, %b : (tensor<?x6x4x4xf32>, tensor<?x4x4x4xf32>, tensor<6x2x3x3xf32>, tensor<6xf32>) -> (tensor<?x4x4x4xf32>, tensor<6x2x3x3xf32>, tensor<6xf32>)
  return %g#0, %g#1, %g#2 : tensor<?x4x4x4xf32>, tensor<6x2x3x3xf32>, tensor<6xf32>
}
// CHECK: gradient ok: grouped n=3
// CHECK: gradient ok: grouped n=1
// CHECK: gradient ok: grouped n=0

func.func @grouped_strided(%x: tensor<2x4x5x5xf32>, %w: tensor<6x2x3x3xf32>, %b: tensor<6xf32>, %r: tensor<2x6x3x3xf32>) -> (tensor<2x4x5x5xf32>, tensor<6x2x3x3xf32>, tensor<6xf32>) {
  %y = mlopt.conv %x, %w, %b {strides = array<i64: 2, 2>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 2 : i64} : (tensor<2x4x5x5xf32>, tensor<6x2x3x3xf32>, tensor<6xf32>) -> tensor<2x6x3x3xf32>
  %p = mlopt.mul %y, %r : (tensor<2x6x3x3xf32>, tensor<2x6x3x3xf32>) -> tensor<2x6x3x3xf32>
  %g:3 = mlopt.gradient %p, %x, %w, %b : (tensor<2x6x3x3xf32>, tensor<2x4x5x5xf32>, tensor<6x2x3x3xf32>, tensor<6xf32>) -> (tensor<2x4x5x5xf32>, tensor<6x2x3x3xf32>, tensor<6xf32>)
  return %g#0, %g#1, %g#2 : tensor<2x4x5x5xf32>, tensor<6x2x3x3xf32>, tensor<6xf32>
}
// CHECK: gradient ok: grouped_strided: 

func.func @depthwise(%x: tensor<?x3x4x4xf32> {mlopt.dims = ["n", 3, 4, 4]}, %w: tensor<3x1x3x3xf32>, %b: tensor<3xf32>, %r: tensor<?x3x4x4xf32> {mlopt.dims = ["n", 3, 4, 4]}) -> (tensor<?x3x4x4xf32>, tensor<3x1x3x3xf32>, tensor<3xf32>) {
  %y = mlopt.conv %x, %w, %b {strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 3 : i64} : (tensor<?x3x4x4xf32>, tensor<3x1x3x3xf32>, tensor<3xf32>) -> tensor<?x3x4x4xf32>
  %p = mlopt.mul %y, %r : (tensor<?x3x4x4xf32>, tensor<?x3x4x4xf32>) -> tensor<?x3x4x4xf32>
  %g:3 = mlopt.gradient %p, %x, %w, %b : (tensor<?x3x4x4xf32>, tensor<?x3x4x4xf32>, tensor<3x1x3x3xf32>, tensor<3xf32>) -> (tensor<?x3x4x4xf32>, tensor<3x1x3x3xf32>, tensor<3xf32>)
  return %g#0, %g#1, %g#2 : tensor<?x3x4x4xf32>, tensor<3x1x3x3xf32>, tensor<3xf32>
}
// CHECK: gradient ok: depthwise n=3
// CHECK: gradient ok: depthwise n=1
// CHECK: gradient ok: depthwise n=0

func.func @depthwise_strided(%x: tensor<2x3x5x5xf32>, %w: tensor<3x1x3x3xf32>, %b: tensor<3xf32>, %r: tensor<2x3x2x2xf32>) -> (tensor<2x3x5x5xf32>, tensor<3x1x3x3xf32>, tensor<3xf32>) {
  %y = mlopt.conv %x, %w, %b {strides = array<i64: 2, 2>, pads_begin = array<i64: 1, 0>, pads_end = array<i64: 0, 1>, dilations = array<i64: 1, 1>, groups = 3 : i64} : (tensor<2x3x5x5xf32>, tensor<3x1x3x3xf32>, tensor<3xf32>) -> tensor<2x3x2x2xf32>
  %p = mlopt.mul %y, %r : (tensor<2x3x2x2xf32>, tensor<2x3x2x2xf32>) -> tensor<2x3x2x2xf32>
  %g:3 = mlopt.gradient %p, %x, %w, %b : (tensor<2x3x2x2xf32>, tensor<2x3x5x5xf32>, tensor<3x1x3x3xf32>, tensor<3xf32>) -> (tensor<2x3x5x5xf32>, tensor<3x1x3x3xf32>, tensor<3xf32>)
  return %g#0, %g#1, %g#2 : tensor<2x3x5x5xf32>, tensor<3x1x3x3xf32>, tensor<3xf32>
}
// CHECK: gradient ok: depthwise_strided: 

func.func @depthwise_multiplied(%x: tensor<2x2x4x4xf32>, %w: tensor<6x1x2x2xf32>, %b: tensor<6xf32>, %r: tensor<2x6x2x3xf32>) -> (tensor<2x2x4x4xf32>, tensor<6x1x2x2xf32>, tensor<6xf32>) {
  %y = mlopt.conv %x, %w, %b {strides = array<i64: 2, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 2 : i64} : (tensor<2x2x4x4xf32>, tensor<6x1x2x2xf32>, tensor<6xf32>) -> tensor<2x6x2x3xf32>
  %p = mlopt.mul %y, %r : (tensor<2x6x2x3xf32>, tensor<2x6x2x3xf32>) -> tensor<2x6x2x3xf32>
  %g:3 = mlopt.gradient %p, %x, %w, %b : (tensor<2x6x2x3xf32>, tensor<2x2x4x4xf32>, tensor<6x1x2x2xf32>, tensor<6xf32>) -> (tensor<2x2x4x4xf32>, tensor<6x1x2x2xf32>, tensor<6xf32>)
  return %g#0, %g#1, %g#2 : tensor<2x2x4x4xf32>, tensor<6x1x2x2xf32>, tensor<6xf32>
}
// CHECK: gradient ok: depthwise_multiplied: 

func.func @one_sum_per_group(%x: tensor<2x4x3x3xf32>, %w: tensor<2x2x2x2xf32>, %b: tensor<2xf32>, %r: tensor<2x2x1x2xf32>) -> (tensor<2x4x3x3xf32>, tensor<2x2x2x2xf32>, tensor<2xf32>) {
  %y = mlopt.conv %x, %w, %b {strides = array<i64: 2, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 2 : i64} : (tensor<2x4x3x3xf32>, tensor<2x2x2x2xf32>, tensor<2xf32>) -> tensor<2x2x1x2xf32>
  %p = mlopt.mul %y, %r : (tensor<2x2x1x2xf32>, tensor<2x2x1x2xf32>) -> tensor<2x2x1x2xf32>
  %g:3 = mlopt.gradient %p, %x, %w, %b : (tensor<2x2x1x2xf32>, tensor<2x4x3x3xf32>, tensor<2x2x2x2xf32>, tensor<2xf32>) -> (tensor<2x4x3x3xf32>, tensor<2x2x2x2xf32>, tensor<2xf32>)
  return %g#0, %g#1, %g#2 : tensor<2x4x3x3xf32>, tensor<2x2x2x2xf32>, tensor<2xf32>
}
// CHECK: gradient ok: one_sum_per_group: 

func.func @pointwise(%x: tensor<?x3x2x3xf32> {mlopt.dims = ["n", 3, 2, 3]}, %w: tensor<4x3x1x1xf32>, %b: tensor<4xf32>, %r: tensor<?x4x2x3xf32> {mlopt.dims = ["n", 4, 2, 3]}) -> (tensor<?x3x2x3xf32>, tensor<4x3x1x1xf32>, tensor<4xf32>) {
  %y = mlopt.conv %x, %w, %b {strides = array<i64: 1, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x3x2x3xf32>, tensor<4x3x1x1xf32>, tensor<4xf32>) -> tensor<?x4x2x3xf32>
  %p = mlopt.mul %y, %r : (tensor<?x4x2x3xf32>, tensor<?x4x2x3xf32>) -> tensor<?x4x2x3xf32>
  %g:3 = mlopt.gradient %p, %x, %w, %b : (tensor<?x4x2x3xf32>, tensor<?x3x2x3xf32>, tensor<4x3x1x1xf32>, tensor<4xf32>) -> (tensor<?x3x2x3xf32>, tensor<4x3x1x1xf32>, tensor<4xf32>)
  return %g#0, %g#1, %g#2 : tensor<?x3x2x3xf32>, tensor<4x3x1x1xf32>, tensor<4xf32>
}
// CHECK: gradient ok: pointwise n=3
// CHECK: gradient ok: pointwise n=1
// CHECK: gradient ok: pointwise n=0

func.func @pointwise_strided(%x: tensor<2x3x4x4xf32>, %w: tensor<2x3x1x1xf32>, %b: tensor<2xf32>, %r: tensor<2x2x2x2xf32>) -> (tensor<2x3x4x4xf32>, tensor<2x3x1x1xf32>, tensor<2xf32>) {
  %y = mlopt.conv %x, %w, %b {strides = array<i64: 2, 2>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<2x3x4x4xf32>, tensor<2x3x1x1xf32>, tensor<2xf32>) -> tensor<2x2x2x2xf32>
  %p = mlopt.mul %y, %r : (tensor<2x2x2x2xf32>, tensor<2x2x2x2xf32>) -> tensor<2x2x2x2xf32>
  %g:3 = mlopt.gradient %p, %x, %w, %b : (tensor<2x2x2x2xf32>, tensor<2x3x4x4xf32>, tensor<2x3x1x1xf32>, tensor<2xf32>) -> (tensor<2x3x4x4xf32>, tensor<2x3x1x1xf32>, tensor<2xf32>)
  return %g#0, %g#1, %g#2 : tensor<2x3x4x4xf32>, tensor<2x3x1x1xf32>, tensor<2xf32>
}
// CHECK: gradient ok: pointwise_strided: 

func.func @one_channel(%x: tensor<?x1x3x3xf32> {mlopt.dims = ["n", 1, 3, 3]}, %w: tensor<2x1x2x2xf32>, %b: tensor<2xf32>, %r: tensor<?x2x2x2xf32> {mlopt.dims = ["n", 2, 2, 2]}) -> (tensor<?x1x3x3xf32>, tensor<2x1x2x2xf32>, tensor<2xf32>) {
  %y = mlopt.conv %x, %w, %b {strides = array<i64: 1, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x1x3x3xf32>, tensor<2x1x2x2xf32>, tensor<2xf32>) -> tensor<?x2x2x2xf32>
  %p = mlopt.mul %y, %r : (tensor<?x2x2x2xf32>, tensor<?x2x2x2xf32>) -> tensor<?x2x2x2xf32>
  %g:3 = mlopt.gradient %p, %x, %w, %b : (tensor<?x2x2x2xf32>, tensor<?x1x3x3xf32>, tensor<2x1x2x2xf32>, tensor<2xf32>) -> (tensor<?x1x3x3xf32>, tensor<2x1x2x2xf32>, tensor<2xf32>)
  return %g#0, %g#1, %g#2 : tensor<?x1x3x3xf32>, tensor<2x1x2x2xf32>, tensor<2xf32>
}
// CHECK: gradient ok: one_channel n=3
// CHECK: gradient ok: one_channel n=1
// CHECK: gradient ok: one_channel n=0

func.func @one_dimension(%x: tensor<?x2x6xf32> {mlopt.dims = ["n", 2, 6]}, %w: tensor<3x2x3xf32>, %b: tensor<3xf32>, %r: tensor<?x3x3xf32> {mlopt.dims = ["n", 3, 3]}) -> (tensor<?x2x6xf32>, tensor<3x2x3xf32>, tensor<3xf32>) {
  %y = mlopt.conv %x, %w, %b {strides = array<i64: 2>, pads_begin = array<i64: 1>, pads_end = array<i64: 1>, dilations = array<i64: 1>, groups = 1 : i64} : (tensor<?x2x6xf32>, tensor<3x2x3xf32>, tensor<3xf32>) -> tensor<?x3x3xf32>
  %p = mlopt.mul %y, %r : (tensor<?x3x3xf32>, tensor<?x3x3xf32>) -> tensor<?x3x3xf32>
  %g:3 = mlopt.gradient %p, %x, %w, %b : (tensor<?x3x3xf32>, tensor<?x2x6xf32>, tensor<3x2x3xf32>, tensor<3xf32>) -> (tensor<?x2x6xf32>, tensor<3x2x3xf32>, tensor<3xf32>)
  return %g#0, %g#1, %g#2 : tensor<?x2x6xf32>, tensor<3x2x3xf32>, tensor<3xf32>
}
// CHECK: gradient ok: one_dimension n=3
// CHECK: gradient ok: one_dimension n=1
// CHECK: gradient ok: one_dimension n=0

func.func @three_dimensions(%x: tensor<1x2x3x4x3xf32>, %w: tensor<2x2x2x3x2xf32>, %b: tensor<2xf32>, %r: tensor<1x2x3x4x3xf32>) -> (tensor<1x2x3x4x3xf32>, tensor<2x2x2x3x2xf32>, tensor<2xf32>) {
  %y = mlopt.conv %x, %w, %b {strides = array<i64: 1, 1, 1>, pads_begin = array<i64: 0, 1, 1>, pads_end = array<i64: 1, 1, 0>, dilations = array<i64: 1, 1, 1>, groups = 1 : i64} : (tensor<1x2x3x4x3xf32>, tensor<2x2x2x3x2xf32>, tensor<2xf32>) -> tensor<1x2x3x4x3xf32>
  %p = mlopt.mul %y, %r : (tensor<1x2x3x4x3xf32>, tensor<1x2x3x4x3xf32>) -> tensor<1x2x3x4x3xf32>
  %g:3 = mlopt.gradient %p, %x, %w, %b : (tensor<1x2x3x4x3xf32>, tensor<1x2x3x4x3xf32>, tensor<2x2x2x3x2xf32>, tensor<2xf32>) -> (tensor<1x2x3x4x3xf32>, tensor<2x2x2x3x2xf32>, tensor<2xf32>)
  return %g#0, %g#1, %g#2 : tensor<1x2x3x4x3xf32>, tensor<2x2x2x3x2xf32>, tensor<2xf32>
}
// CHECK: gradient ok: three_dimensions: 

func.func @dynamic_space(%x: tensor<2x2x?x4xf32> {mlopt.dims = [2, 2, "n", 4]}, %w: tensor<2x2x1x3xf32>, %b: tensor<2xf32>, %r: tensor<2x2x?x4xf32> {mlopt.dims = [2, 2, "n", 4]}) -> (tensor<2x2x?x4xf32>, tensor<2x2x1x3xf32>, tensor<2xf32>) {
  %y = mlopt.conv %x, %w, %b {strides = array<i64: 1, 1>, pads_begin = array<i64: 0, 1>, pads_end = array<i64: 0, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<2x2x?x4xf32>, tensor<2x2x1x3xf32>, tensor<2xf32>) -> tensor<2x2x?x4xf32>
  %p = mlopt.mul %y, %r : (tensor<2x2x?x4xf32>, tensor<2x2x?x4xf32>) -> tensor<2x2x?x4xf32>
  %g:3 = mlopt.gradient %p, %x, %w, %b : (tensor<2x2x?x4xf32>, tensor<2x2x?x4xf32>, tensor<2x2x1x3xf32>, tensor<2xf32>) -> (tensor<2x2x?x4xf32>, tensor<2x2x1x3xf32>, tensor<2xf32>)
  return %g#0, %g#1, %g#2 : tensor<2x2x?x4xf32>, tensor<2x2x1x3xf32>, tensor<2xf32>
}
// CHECK: gradient ok: dynamic_space n=3
// CHECK: gradient ok: dynamic_space n=1
// CHECK: gradient ok: dynamic_space n=0

func.func @no_windows(%x: tensor<1x1x2x4xf32>, %w: tensor<1x1x3x2xf32>, %b: tensor<1xf32>, %r: tensor<1x1x0x3xf32>) -> (tensor<1x1x2x4xf32>, tensor<1x1x3x2xf32>, tensor<1xf32>) attributes {mlopt.zero_gradient} {
  %y = mlopt.conv %x, %w, %b {strides = array<i64: 1, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x1x2x4xf32>, tensor<1x1x3x2xf32>, tensor<1xf32>) -> tensor<1x1x0x3xf32>
  %p = mlopt.mul %y, %r : (tensor<1x1x0x3xf32>, tensor<1x1x0x3xf32>) -> tensor<1x1x0x3xf32>
  %g:3 = mlopt.gradient %p, %x, %w, %b : (tensor<1x1x0x3xf32>, tensor<1x1x2x4xf32>, tensor<1x1x3x2xf32>, tensor<1xf32>) -> (tensor<1x1x2x4xf32>, tensor<1x1x3x2xf32>, tensor<1xf32>)
  return %g#0, %g#1, %g#2 : tensor<1x1x2x4xf32>, tensor<1x1x3x2xf32>, tensor<1xf32>
}
// CHECK: gradient ok: no_windows: 

func.func @filter_only(%x: tensor<?x2x4x4xf32> {mlopt.dims = ["n", 2, 4, 4]}, %w: tensor<2x2x3x3xf32>, %b: tensor<2xf32>, %r: tensor<?x2x2x2xf32> {mlopt.dims = ["n", 2, 2, 2]}) -> tensor<2x2x3x3xf32> {
  %y = mlopt.conv %x, %w, %b {strides = array<i64: 1, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x2x4x4xf32>, tensor<2x2x3x3xf32>, tensor<2xf32>) -> tensor<?x2x2x2xf32>
  %p = mlopt.mul %y, %r : (tensor<?x2x2x2xf32>, tensor<?x2x2x2xf32>) -> tensor<?x2x2x2xf32>
  %g = mlopt.gradient %p, %w : (tensor<?x2x2x2xf32>, tensor<2x2x3x3xf32>) -> (tensor<2x2x3x3xf32>)
  return %g : tensor<2x2x3x3xf32>
}
// CHECK: gradient ok: filter_only n=3
// CHECK: gradient ok: filter_only n=1
// CHECK: gradient ok: filter_only n=0

func.func @image_only(%x: tensor<?x2x4x4xf32> {mlopt.dims = ["n", 2, 4, 4]}, %w: tensor<2x2x3x3xf32>, %b: tensor<2xf32>, %r: tensor<?x2x2x2xf32> {mlopt.dims = ["n", 2, 2, 2]}) -> tensor<?x2x4x4xf32> {
  %y = mlopt.conv %x, %w, %b {strides = array<i64: 1, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x2x4x4xf32>, tensor<2x2x3x3xf32>, tensor<2xf32>) -> tensor<?x2x2x2xf32>
  %p = mlopt.mul %y, %r : (tensor<?x2x2x2xf32>, tensor<?x2x2x2xf32>) -> tensor<?x2x2x2xf32>
  %g = mlopt.gradient %p, %x : (tensor<?x2x2x2xf32>, tensor<?x2x4x4xf32>) -> (tensor<?x2x4x4xf32>)
  return %g : tensor<?x2x4x4xf32>
}
// CHECK: gradient ok: image_only n=3
// CHECK: gradient ok: image_only n=1
// CHECK: gradient ok: image_only n=0

// Sizes that only the run knows: the image is folded.
func.func @strided_dynamic_space(%x: tensor<1x2x?x4xf32> {mlopt.dims = [1, 2, "n", 4]}, %w: tensor<3x2x2x3xf32>) -> (tensor<1x2x?x4xf32>, tensor<3x2x2x3xf32>) {
  %none = mlopt.none : none
  %y = mlopt.conv %x, %w, %none {strides = array<i64: 2, 1>, pads_begin = array<i64: 1, 0>, pads_end = array<i64: 1, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x2x?x4xf32>, tensor<3x2x2x3xf32>, none) -> tensor<1x3x?x2xf32>
  %p = mlopt.mul %y, %y : (tensor<1x3x?x2xf32>, tensor<1x3x?x2xf32>) -> tensor<1x3x?x2xf32>
  %g:2 = mlopt.gradient %p, %x, %w : (tensor<1x3x?x2xf32>, tensor<1x2x?x4xf32>, tensor<3x2x2x3xf32>) -> (tensor<1x2x?x4xf32>, tensor<3x2x2x3xf32>)
  return %g#0, %g#1 : tensor<1x2x?x4xf32>, tensor<3x2x2x3xf32>
}
// CHECK: gradient ok: strided_dynamic_space n=3
// CHECK: gradient ok: strided_dynamic_space n=1
// CHECK: gradient ok: strided_dynamic_space n=0

func.func @padded_dynamic_space(%x: tensor<1x2x?x4xf32> {mlopt.dims = [1, 2, "n", 4]}, %w: tensor<2x2x3x3xf32>, %b: tensor<2xf32>, %r: tensor<1x2x?x4xf32> {mlopt.dims = [1, 2, "n", 4]}) -> (tensor<1x2x?x4xf32>, tensor<2x2x3x3xf32>, tensor<2xf32>) {
  %y = mlopt.conv %x, %w, %b {strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x2x?x4xf32>, tensor<2x2x3x3xf32>, tensor<2xf32>) -> tensor<1x2x?x4xf32>
  %p = mlopt.mul %y, %r : (tensor<1x2x?x4xf32>, tensor<1x2x?x4xf32>) -> tensor<1x2x?x4xf32>
  %g:3 = mlopt.gradient %p, %x, %w, %b : (tensor<1x2x?x4xf32>, tensor<1x2x?x4xf32>, tensor<2x2x3x3xf32>, tensor<2xf32>) -> (tensor<1x2x?x4xf32>, tensor<2x2x3x3xf32>, tensor<2xf32>)
  return %g#0, %g#1, %g#2 : tensor<1x2x?x4xf32>, tensor<2x2x3x3xf32>, tensor<2xf32>
}
// CHECK: gradient ok: padded_dynamic_space n=3
// CHECK: gradient ok: padded_dynamic_space n=1
// CHECK: gradient ok: padded_dynamic_space n=0

func.func @transposed_plain(%x: tensor<?x2x3x3xf32> {mlopt.dims = ["n", 2, 3, 3]}, %w: tensor<2x3x2x3xf32>, %b: tensor<3xf32>, %r: tensor<?x3x4x5xf32> {mlopt.dims = ["n", 3, 4, 5]}) -> (tensor<?x2x3x3xf32>, tensor<2x3x2x3xf32>, tensor<3xf32>) {
  %y = mlopt.conv_transpose %x, %w, %b {strides = array<i64: 1, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, output_padding = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x2x3x3xf32>, tensor<2x3x2x3xf32>, tensor<3xf32>) -> tensor<?x3x4x5xf32>
  %p = mlopt.mul %y, %r : (tensor<?x3x4x5xf32>, tensor<?x3x4x5xf32>) -> tensor<?x3x4x5xf32>
  %g:3 = mlopt.gradient %p, %x, %w, %b : (tensor<?x3x4x5xf32>, tensor<?x2x3x3xf32>, tensor<2x3x2x3xf32>, tensor<3xf32>) -> (tensor<?x2x3x3xf32>, tensor<2x3x2x3xf32>, tensor<3xf32>)
  return %g#0, %g#1, %g#2 : tensor<?x2x3x3xf32>, tensor<2x3x2x3xf32>, tensor<3xf32>
}
// CHECK: gradient ok: transposed_plain n=3
// CHECK: gradient ok: transposed_plain n=1
// CHECK: gradient ok: transposed_plain n=0

func.func @transposed_strided(%x: tensor<?x2x3x2xf32> {mlopt.dims = ["n", 2, 3, 2]}, %w: tensor<2x3x3x3xf32>, %b: tensor<3xf32>, %r: tensor<?x3x7x6xf32> {mlopt.dims = ["n", 3, 7, 6]}) -> (tensor<?x2x3x2xf32>, tensor<2x3x3x3xf32>, tensor<3xf32>) {
  %y = mlopt.conv_transpose %x, %w, %b {strides = array<i64: 2, 3>, pads_begin = array<i64: 1, 0>, pads_end = array<i64: 0, 2>, output_padding = array<i64: 1, 2>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x2x3x2xf32>, tensor<2x3x3x3xf32>, tensor<3xf32>) -> tensor<?x3x7x6xf32>
  %p = mlopt.mul %y, %r : (tensor<?x3x7x6xf32>, tensor<?x3x7x6xf32>) -> tensor<?x3x7x6xf32>
  %g:3 = mlopt.gradient %p, %x, %w, %b : (tensor<?x3x7x6xf32>, tensor<?x2x3x2xf32>, tensor<2x3x3x3xf32>, tensor<3xf32>) -> (tensor<?x2x3x2xf32>, tensor<2x3x3x3xf32>, tensor<3xf32>)
  return %g#0, %g#1, %g#2 : tensor<?x2x3x2xf32>, tensor<2x3x3x3xf32>, tensor<3xf32>
}
// CHECK: gradient ok: transposed_strided n=3
// CHECK: gradient ok: transposed_strided n=1
// CHECK: gradient ok: transposed_strided n=0

func.func @transposed_grouped(%x: tensor<2x4x3x3xf32>, %w: tensor<4x2x2x2xf32>, %r: tensor<2x4x6x5xf32>) -> (tensor<2x4x3x3xf32>, tensor<4x2x2x2xf32>) {
  %none = mlopt.none : none
  %y = mlopt.conv_transpose %x, %w, %none {strides = array<i64: 2, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, output_padding = array<i64: 0, 0>, dilations = array<i64: 1, 2>, groups = 2 : i64} : (tensor<2x4x3x3xf32>, tensor<4x2x2x2xf32>, none) -> tensor<2x4x6x5xf32>
  %p = mlopt.mul %y, %r : (tensor<2x4x6x5xf32>, tensor<2x4x6x5xf32>) -> tensor<2x4x6x5xf32>
  %g:2 = mlopt.gradient %p, %x, %w : (tensor<2x4x6x5xf32>, tensor<2x4x3x3xf32>, tensor<4x2x2x2xf32>) -> (tensor<2x4x3x3xf32>, tensor<4x2x2x2xf32>)
  return %g#0, %g#1 : tensor<2x4x3x3xf32>, tensor<4x2x2x2xf32>
}
// CHECK: gradient ok: transposed_grouped: 

func.func @transposed_depthwise(%x: tensor<2x3x3x3xf32>, %w: tensor<3x1x3x3xf32>, %b: tensor<3xf32>, %r: tensor<2x3x6x6xf32>) -> (tensor<2x3x3x3xf32>, tensor<3x1x3x3xf32>, tensor<3xf32>) {
  %y = mlopt.conv_transpose %x, %w, %b {strides = array<i64: 2, 2>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, output_padding = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 3 : i64} : (tensor<2x3x3x3xf32>, tensor<3x1x3x3xf32>, tensor<3xf32>) -> tensor<2x3x6x6xf32>
  %p = mlopt.mul %y, %r : (tensor<2x3x6x6xf32>, tensor<2x3x6x6xf32>) -> tensor<2x3x6x6xf32>
  %g:3 = mlopt.gradient %p, %x, %w, %b : (tensor<2x3x6x6xf32>, tensor<2x3x3x3xf32>, tensor<3x1x3x3xf32>, tensor<3xf32>) -> (tensor<2x3x3x3xf32>, tensor<3x1x3x3xf32>, tensor<3xf32>)
  return %g#0, %g#1, %g#2 : tensor<2x3x3x3xf32>, tensor<3x1x3x3xf32>, tensor<3xf32>
}
// CHECK: gradient ok: transposed_depthwise: 

func.func @transposed_negative_pads(%x: tensor<1x2x3xf32>, %w: tensor<2x2x2xf32>, %b: tensor<2xf32>, %r: tensor<1x2x9xf32>) -> (tensor<1x2x3xf32>, tensor<2x2x2xf32>, tensor<2xf32>) {
  %y = mlopt.conv_transpose %x, %w, %b {strides = array<i64: 2>, pads_begin = array<i64: -1>, pads_end = array<i64: -2>, output_padding = array<i64: 0>, dilations = array<i64: 1>, groups = 1 : i64} : (tensor<1x2x3xf32>, tensor<2x2x2xf32>, tensor<2xf32>) -> tensor<1x2x9xf32>
  %p = mlopt.mul %y, %r : (tensor<1x2x9xf32>, tensor<1x2x9xf32>) -> tensor<1x2x9xf32>
  %g:3 = mlopt.gradient %p, %x, %w, %b : (tensor<1x2x9xf32>, tensor<1x2x3xf32>, tensor<2x2x2xf32>, tensor<2xf32>) -> (tensor<1x2x3xf32>, tensor<2x2x2xf32>, tensor<2xf32>)
  return %g#0, %g#1, %g#2 : tensor<1x2x3xf32>, tensor<2x2x2xf32>, tensor<2xf32>
}
// CHECK: gradient ok: transposed_negative_pads: 

func.func @transposed_much_output_padding(%x: tensor<1x2x3xf32>, %w: tensor<2x2x3xf32>, %b: tensor<2xf32>, %r: tensor<1x2x9xf32>) -> (tensor<1x2x3xf32>, tensor<2x2x3xf32>, tensor<2xf32>) {
  %y = mlopt.conv_transpose %x, %w, %b {strides = array<i64: 2>, pads_begin = array<i64: 1>, pads_end = array<i64: 0>, output_padding = array<i64: 3>, dilations = array<i64: 1>, groups = 1 : i64} : (tensor<1x2x3xf32>, tensor<2x2x3xf32>, tensor<2xf32>) -> tensor<1x2x9xf32>
  %p = mlopt.mul %y, %r : (tensor<1x2x9xf32>, tensor<1x2x9xf32>) -> tensor<1x2x9xf32>
  %g:3 = mlopt.gradient %p, %x, %w, %b : (tensor<1x2x9xf32>, tensor<1x2x3xf32>, tensor<2x2x3xf32>, tensor<2xf32>) -> (tensor<1x2x3xf32>, tensor<2x2x3xf32>, tensor<2xf32>)
  return %g#0, %g#1, %g#2 : tensor<1x2x3xf32>, tensor<2x2x3xf32>, tensor<2xf32>
}
// CHECK: gradient ok: transposed_much_output_padding: 

func.func @transposed_three_dimensions(%x: tensor<1x1x2x2x2xf32>, %w: tensor<1x2x2x2x2xf32>, %b: tensor<2xf32>, %r: tensor<1x2x3x4x4xf32>) -> (tensor<1x1x2x2x2xf32>, tensor<1x2x2x2x2xf32>, tensor<2xf32>) {
  %y = mlopt.conv_transpose %x, %w, %b {strides = array<i64: 1, 2, 2>, pads_begin = array<i64: 0, 0, 0>, pads_end = array<i64: 0, 0, 0>, output_padding = array<i64: 0, 0, 0>, dilations = array<i64: 1, 1, 1>, groups = 1 : i64} : (tensor<1x1x2x2x2xf32>, tensor<1x2x2x2x2xf32>, tensor<2xf32>) -> tensor<1x2x3x4x4xf32>
  %p = mlopt.mul %y, %r : (tensor<1x2x3x4x4xf32>, tensor<1x2x3x4x4xf32>) -> tensor<1x2x3x4x4xf32>
  %g:3 = mlopt.gradient %p, %x, %w, %b : (tensor<1x2x3x4x4xf32>, tensor<1x1x2x2x2xf32>, tensor<1x2x2x2x2xf32>, tensor<2xf32>) -> (tensor<1x1x2x2x2xf32>, tensor<1x2x2x2x2xf32>, tensor<2xf32>)
  return %g#0, %g#1, %g#2 : tensor<1x1x2x2x2xf32>, tensor<1x2x2x2x2xf32>, tensor<2xf32>
}
// CHECK: gradient ok: transposed_three_dimensions: 

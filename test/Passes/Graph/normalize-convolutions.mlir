// Each rewrite keeps the values: the reference gives the same before and after.
// RUN: mlopt-eval --mode=exact %s > %t.before
// RUN: %mlopt-opt --mlopt-normalize-convolutions %s > %t.mlir
// RUN: mlopt-eval --mode=exact %t.mlir > %t.after
// RUN: diff %t.before %t.after
// RUN: FileCheck %s < %t.mlir
// RUN: %mlopt-opt --mlopt-normalize-convolutions %s -o /dev/null --remarks-filter-missed=graph 2>&1 | FileCheck %s --check-prefix=REMARK

// A kernel of stride 1 is turned round.
// CHECK-LABEL: @stride_1
// CHECK: mlopt.conv {{.*}}dilations = array<i64: 2>{{.*}}pads_begin = array<i64: 3>, pads_end = array<i64: 4>
// CHECK-NOT: mlopt.transpose
func.func @stride_1() -> tensor<1x3x8xf32> {
  %xi = mlopt.iota {axis = 0 : i64, static_sizes = array<i64: 10>, to = f32} : () -> tensor<10xf32>
  %xp = mlopt.constant dense<0.37> : tensor<f32>
  %xm = mlopt.mul %xi, %xp : (tensor<10xf32>, tensor<f32>) -> tensor<10xf32>
  %xs = mlopt.sin %xm : (tensor<10xf32>) -> tensor<10xf32>
  %x = mlopt.reshape %xs {static_sizes = array<i64: 1, 2, 5>} : (tensor<10xf32>) -> tensor<1x2x5xf32>
  %w = mlopt.constant dense<[[[1.0, -4.0, 5.0], [2.0, 3.0, -1.0], [4.0, -5.0, -2.0]], [[-3.0, 1.0, -4.0], [5.0, 2.0, 3.0], [-1.0, 4.0, -5.0]]]> : tensor<2x3x3xf32>
  %b = mlopt.constant dense<[0.0, 0.0, 0.0]> : tensor<3xf32>
  %0 = mlopt.conv_transpose %x, %w, %b {strides = array<i64: 1>, pads_begin = array<i64: 1>, pads_end = array<i64: 0>, output_padding = array<i64: 0>, dilations = array<i64: 2>, groups = 1 : i64} : (tensor<1x2x5xf32>, tensor<2x3x3xf32>, tensor<3xf32>) -> tensor<1x3x8xf32>
  return %0 : tensor<1x3x8xf32>
}

// Four remainders, a kernel of 2 x 2 for each; all of the interleaved sums but the first row and column.
// CHECK-LABEL: @stride_2
// CHECK: mlopt.conv {{.*}} -> tensor<1x12x4x5xf32>
// CHECK: mlopt.transpose
// CHECK: mlopt.slice {{.*}} -> tensor<1x3x7x9xf32>
func.func @stride_2() -> tensor<1x3x7x9xf32> {
  %xi = mlopt.iota {axis = 0 : i64, static_sizes = array<i64: 40>, to = f32} : () -> tensor<40xf32>
  %xp = mlopt.constant dense<0.37> : tensor<f32>
  %xm = mlopt.mul %xi, %xp : (tensor<40xf32>, tensor<f32>) -> tensor<40xf32>
  %xs = mlopt.sin %xm : (tensor<40xf32>) -> tensor<40xf32>
  %x = mlopt.reshape %xs {static_sizes = array<i64: 1, 2, 4, 5>} : (tensor<40xf32>) -> tensor<1x2x4x5xf32>
  %w = mlopt.constant dense<[[[[1.0, -4.0, 5.0], [2.0, 3.0, -1.0], [4.0, -5.0, -2.0]], [[-3.0, 1.0, -4.0], [5.0, 2.0, 3.0], [-1.0, 4.0, -5.0]], [[-2.0, -3.0, 1.0], [-4.0, 5.0, 2.0], [3.0, -1.0, 4.0]]], [[[-5.0, -2.0, -3.0], [1.0, -4.0, 5.0], [2.0, 3.0, -1.0]], [[4.0, -5.0, -2.0], [-3.0, 1.0, -4.0], [5.0, 2.0, 3.0]], [[-1.0, 4.0, -5.0], [-2.0, -3.0, 1.0], [-4.0, 5.0, 2.0]]]]> : tensor<2x3x3x3xf32>
  %b = mlopt.none : none
  %0 = mlopt.conv_transpose %x, %w, %b {strides = array<i64: 2, 2>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, output_padding = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x2x4x5xf32>, tensor<2x3x3x3xf32>, none) -> tensor<1x3x7x9xf32>
  return %0 : tensor<1x3x7x9xf32>
}

// Kernel and stride alike: pointwise, nothing is cut.
// CHECK-LABEL: @exact
// CHECK: mlopt.conv {{.*}}pads_begin = array<i64: 0>, pads_end = array<i64: 0>
// CHECK-NOT: mlopt.slice
func.func @exact() -> tensor<2x4x9xf32> {
  %xi = mlopt.iota {axis = 0 : i64, static_sizes = array<i64: 24>, to = f32} : () -> tensor<24xf32>
  %xp = mlopt.constant dense<0.37> : tensor<f32>
  %xm = mlopt.mul %xi, %xp : (tensor<24xf32>, tensor<f32>) -> tensor<24xf32>
  %xs = mlopt.sin %xm : (tensor<24xf32>) -> tensor<24xf32>
  %x = mlopt.reshape %xs {static_sizes = array<i64: 2, 4, 3>} : (tensor<24xf32>) -> tensor<2x4x3xf32>
  %w = mlopt.constant dense<[[[1.0, -4.0, 5.0], [2.0, 3.0, -1.0]], [[4.0, -5.0, -2.0], [-3.0, 1.0, -4.0]], [[5.0, 2.0, 3.0], [-1.0, 4.0, -5.0]], [[-2.0, -3.0, 1.0], [-4.0, 5.0, 2.0]]]> : tensor<4x2x3xf32>
  %b = mlopt.constant dense<[0.0, 0.0, 0.0, 0.0]> : tensor<4xf32>
  %0 = mlopt.conv_transpose %x, %w, %b {strides = array<i64: 3>, pads_begin = array<i64: 0>, pads_end = array<i64: 0>, output_padding = array<i64: 0>, dilations = array<i64: 1>, groups = 2 : i64} : (tensor<2x4x3xf32>, tensor<4x2x3xf32>, tensor<4xf32>) -> tensor<2x4x9xf32>
  return %0 : tensor<2x4x9xf32>
}

// A stride above the kernel: some results are the bias alone. The bias of a run is added.
// CHECK-LABEL: @gaps
// CHECK: mlopt.conv
// CHECK: mlopt.add
func.func @gaps() -> tensor<1x2x10x6xf32> {
  %xi = mlopt.iota {axis = 0 : i64, static_sizes = array<i64: 18>, to = f32} : () -> tensor<18xf32>
  %xp = mlopt.constant dense<0.37> : tensor<f32>
  %xm = mlopt.mul %xi, %xp : (tensor<18xf32>, tensor<f32>) -> tensor<18xf32>
  %xs = mlopt.sin %xm : (tensor<18xf32>) -> tensor<18xf32>
  %x = mlopt.reshape %xs {static_sizes = array<i64: 1, 2, 3, 3>} : (tensor<18xf32>) -> tensor<1x2x3x3xf32>
  %w = mlopt.constant dense<[[[[1.0], [-4.0]], [[5.0], [2.0]]], [[[3.0], [-1.0]], [[4.0], [-5.0]]]]> : tensor<2x2x2x1xf32>
  %bi = mlopt.iota {axis = 0 : i64, static_sizes = array<i64: 2>, to = f32} : () -> tensor<2xf32>
  %bp = mlopt.constant dense<1.7> : tensor<f32>
  %bm = mlopt.mul %bi, %bp : (tensor<2xf32>, tensor<f32>) -> tensor<2xf32>
  %bs = mlopt.sin %bm : (tensor<2xf32>) -> tensor<2xf32>
  %b = mlopt.reshape %bs {static_sizes = array<i64: 2>} : (tensor<2xf32>) -> tensor<2xf32>
  %0 = mlopt.conv_transpose %x, %w, %b {strides = array<i64: 3, 2>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, output_padding = array<i64: 2, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x2x3x3xf32>, tensor<2x2x2x1xf32>, tensor<2xf32>) -> tensor<1x2x10x6xf32>
  return %0 : tensor<1x2x10x6xf32>
}

// More padding than the kernel reaches: the input is cut. Negative padding widens.
// CHECK-LABEL: @cut
// CHECK: mlopt.slice {{.*}} -> tensor<1x1x4x3xf32>
// CHECK: mlopt.conv
func.func @cut() -> tensor<1x2x8x10xf32> {
  %xi = mlopt.iota {axis = 0 : i64, static_sizes = array<i64: 18>, to = f32} : () -> tensor<18xf32>
  %xp = mlopt.constant dense<0.37> : tensor<f32>
  %xm = mlopt.mul %xi, %xp : (tensor<18xf32>, tensor<f32>) -> tensor<18xf32>
  %xs = mlopt.sin %xm : (tensor<18xf32>) -> tensor<18xf32>
  %x = mlopt.reshape %xs {static_sizes = array<i64: 1, 1, 6, 3>} : (tensor<18xf32>) -> tensor<1x1x6x3xf32>
  %w = mlopt.constant dense<[[[[1.0, -4.0, 5.0], [2.0, 3.0, -1.0]], [[4.0, -5.0, -2.0], [-3.0, 1.0, -4.0]]]]> : tensor<1x2x2x3xf32>
  %b = mlopt.constant dense<[0.0, 0.0]> : tensor<2xf32>
  %0 = mlopt.conv_transpose %x, %w, %b {strides = array<i64: 2, 2>, pads_begin = array<i64: 4, -1>, pads_end = array<i64: 0, -2>, output_padding = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x1x6x3xf32>, tensor<1x2x2x3xf32>, tensor<2xf32>) -> tensor<1x2x8x10xf32>
  return %0 : tensor<1x2x8x10xf32>
}

// CHECK-LABEL: @both
// CHECK: mlopt.conv_transpose
// REMARK: transposed convolution not expanded: it has both a stride and a dilation
func.func @both() -> tensor<1x1x11xf32> {
  %xi = mlopt.iota {axis = 0 : i64, static_sizes = array<i64: 4>, to = f32} : () -> tensor<4xf32>
  %xp = mlopt.constant dense<0.37> : tensor<f32>
  %xm = mlopt.mul %xi, %xp : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  %xs = mlopt.sin %xm : (tensor<4xf32>) -> tensor<4xf32>
  %x = mlopt.reshape %xs {static_sizes = array<i64: 1, 1, 4>} : (tensor<4xf32>) -> tensor<1x1x4xf32>
  %w = mlopt.constant dense<[[[1.0, -4.0, 5.0]]]> : tensor<1x1x3xf32>
  %b = mlopt.none : none
  %0 = mlopt.conv_transpose %x, %w, %b {strides = array<i64: 2>, pads_begin = array<i64: 0>, pads_end = array<i64: 0>, output_padding = array<i64: 0>, dilations = array<i64: 2>, groups = 1 : i64} : (tensor<1x1x4xf32>, tensor<1x1x3xf32>, none) -> tensor<1x1x11xf32>
  return %0 : tensor<1x1x11xf32>
}

// Groups of 4 and 8 channels: four together.
// CHECK-LABEL: @joined
// CHECK: mlopt.conv {{.*}}groups = 2 : i64{{.*}}tensor<64x16x1xf32>
func.func @joined() -> tensor<1x64x3xf32> {
  %xi = mlopt.iota {axis = 0 : i64, static_sizes = array<i64: 96>, to = f32} : () -> tensor<96xf32>
  %xp = mlopt.constant dense<0.37> : tensor<f32>
  %xm = mlopt.mul %xi, %xp : (tensor<96xf32>, tensor<f32>) -> tensor<96xf32>
  %xs = mlopt.sin %xm : (tensor<96xf32>) -> tensor<96xf32>
  %x = mlopt.reshape %xs {static_sizes = array<i64: 1, 32, 3>} : (tensor<96xf32>) -> tensor<1x32x3xf32>
  %w = mlopt.constant dense<[[[1.0], [-4.0], [5.0], [2.0]], [[3.0], [-1.0], [4.0], [-5.0]], [[-2.0], [-3.0], [1.0], [-4.0]], [[5.0], [2.0], [3.0], [-1.0]], [[4.0], [-5.0], [-2.0], [-3.0]], [[1.0], [-4.0], [5.0], [2.0]], [[3.0], [-1.0], [4.0], [-5.0]], [[-2.0], [-3.0], [1.0], [-4.0]], [[5.0], [2.0], [3.0], [-1.0]], [[4.0], [-5.0], [-2.0], [-3.0]], [[1.0], [-4.0], [5.0], [2.0]], [[3.0], [-1.0], [4.0], [-5.0]], [[-2.0], [-3.0], [1.0], [-4.0]], [[5.0], [2.0], [3.0], [-1.0]], [[4.0], [-5.0], [-2.0], [-3.0]], [[1.0], [-4.0], [5.0], [2.0]], [[3.0], [-1.0], [4.0], [-5.0]], [[-2.0], [-3.0], [1.0], [-4.0]], [[5.0], [2.0], [3.0], [-1.0]], [[4.0], [-5.0], [-2.0], [-3.0]], [[1.0], [-4.0], [5.0], [2.0]], [[3.0], [-1.0], [4.0], [-5.0]], [[-2.0], [-3.0], [1.0], [-4.0]], [[5.0], [2.0], [3.0], [-1.0]], [[4.0], [-5.0], [-2.0], [-3.0]], [[1.0], [-4.0], [5.0], [2.0]], [[3.0], [-1.0], [4.0], [-5.0]], [[-2.0], [-3.0], [1.0], [-4.0]], [[5.0], [2.0], [3.0], [-1.0]], [[4.0], [-5.0], [-2.0], [-3.0]], [[1.0], [-4.0], [5.0], [2.0]], [[3.0], [-1.0], [4.0], [-5.0]], [[-2.0], [-3.0], [1.0], [-4.0]], [[5.0], [2.0], [3.0], [-1.0]], [[4.0], [-5.0], [-2.0], [-3.0]], [[1.0], [-4.0], [5.0], [2.0]], [[3.0], [-1.0], [4.0], [-5.0]], [[-2.0], [-3.0], [1.0], [-4.0]], [[5.0], [2.0], [3.0], [-1.0]], [[4.0], [-5.0], [-2.0], [-3.0]], [[1.0], [-4.0], [5.0], [2.0]], [[3.0], [-1.0], [4.0], [-5.0]], [[-2.0], [-3.0], [1.0], [-4.0]], [[5.0], [2.0], [3.0], [-1.0]], [[4.0], [-5.0], [-2.0], [-3.0]], [[1.0], [-4.0], [5.0], [2.0]], [[3.0], [-1.0], [4.0], [-5.0]], [[-2.0], [-3.0], [1.0], [-4.0]], [[5.0], [2.0], [3.0], [-1.0]], [[4.0], [-5.0], [-2.0], [-3.0]], [[1.0], [-4.0], [5.0], [2.0]], [[3.0], [-1.0], [4.0], [-5.0]], [[-2.0], [-3.0], [1.0], [-4.0]], [[5.0], [2.0], [3.0], [-1.0]], [[4.0], [-5.0], [-2.0], [-3.0]], [[1.0], [-4.0], [5.0], [2.0]], [[3.0], [-1.0], [4.0], [-5.0]], [[-2.0], [-3.0], [1.0], [-4.0]], [[5.0], [2.0], [3.0], [-1.0]], [[4.0], [-5.0], [-2.0], [-3.0]], [[1.0], [-4.0], [5.0], [2.0]], [[3.0], [-1.0], [4.0], [-5.0]], [[-2.0], [-3.0], [1.0], [-4.0]], [[5.0], [2.0], [3.0], [-1.0]]]> : tensor<64x4x1xf32>
  %b = mlopt.constant dense<[0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]> : tensor<64xf32>
  %0 = mlopt.conv %x, %w, %b {strides = array<i64: 1>, pads_begin = array<i64: 0>, pads_end = array<i64: 0>, dilations = array<i64: 1>, groups = 8 : i64} : (tensor<1x32x3xf32>, tensor<64x4x1xf32>, tensor<64xf32>) -> tensor<1x64x3xf32>
  return %0 : tensor<1x64x3xf32>
}

// Three groups of two channels never fill blocks: all together.
// CHECK-LABEL: @all
// CHECK: mlopt.conv {{.*}}groups = 1 : i64{{.*}}tensor<9x6x2xf32>
func.func @all() -> tensor<1x9x3xf32> {
  %xi = mlopt.iota {axis = 0 : i64, static_sizes = array<i64: 24>, to = f32} : () -> tensor<24xf32>
  %xp = mlopt.constant dense<0.37> : tensor<f32>
  %xm = mlopt.mul %xi, %xp : (tensor<24xf32>, tensor<f32>) -> tensor<24xf32>
  %xs = mlopt.sin %xm : (tensor<24xf32>) -> tensor<24xf32>
  %x = mlopt.reshape %xs {static_sizes = array<i64: 1, 6, 4>} : (tensor<24xf32>) -> tensor<1x6x4xf32>
  %w = mlopt.constant dense<[[[1.0, -4.0], [5.0, 2.0]], [[3.0, -1.0], [4.0, -5.0]], [[-2.0, -3.0], [1.0, -4.0]], [[5.0, 2.0], [3.0, -1.0]], [[4.0, -5.0], [-2.0, -3.0]], [[1.0, -4.0], [5.0, 2.0]], [[3.0, -1.0], [4.0, -5.0]], [[-2.0, -3.0], [1.0, -4.0]], [[5.0, 2.0], [3.0, -1.0]]]> : tensor<9x2x2xf32>
  %b = mlopt.none : none
  %0 = mlopt.conv %x, %w, %b {strides = array<i64: 1>, pads_begin = array<i64: 0>, pads_end = array<i64: 0>, dilations = array<i64: 1>, groups = 3 : i64} : (tensor<1x6x4xf32>, tensor<9x2x2xf32>, none) -> tensor<1x9x3xf32>
  return %0 : tensor<1x9x3xf32>
}

// CHECK-LABEL: @depthwise
// CHECK: mlopt.conv {{.*}}groups = 4 : i64
func.func @depthwise() -> tensor<1x4x3xf32> {
  %xi = mlopt.iota {axis = 0 : i64, static_sizes = array<i64: 20>, to = f32} : () -> tensor<20xf32>
  %xp = mlopt.constant dense<0.37> : tensor<f32>
  %xm = mlopt.mul %xi, %xp : (tensor<20xf32>, tensor<f32>) -> tensor<20xf32>
  %xs = mlopt.sin %xm : (tensor<20xf32>) -> tensor<20xf32>
  %x = mlopt.reshape %xs {static_sizes = array<i64: 1, 4, 5>} : (tensor<20xf32>) -> tensor<1x4x5xf32>
  %w = mlopt.constant dense<[[[1.0, -4.0, 5.0]], [[2.0, 3.0, -1.0]], [[4.0, -5.0, -2.0]], [[-3.0, 1.0, -4.0]]]> : tensor<4x1x3xf32>
  %b = mlopt.none : none
  %0 = mlopt.conv %x, %w, %b {strides = array<i64: 1>, pads_begin = array<i64: 0>, pads_end = array<i64: 0>, dilations = array<i64: 1>, groups = 4 : i64} : (tensor<1x4x5xf32>, tensor<4x1x3xf32>, none) -> tensor<1x4x3xf32>
  return %0 : tensor<1x4x3xf32>
}

// A filter that is known in the run only: windows, added up where they overlap.
// CHECK-LABEL: @folded
// CHECK: mlopt.matmul {{.*}}transpose_a = true
// CHECK: mlopt.fold {{.*}}strides = array<i64: 2>
// CHECK: mlopt.add
// CHECK-NOT: mlopt.conv_transpose
func.func @folded() -> tensor<2x6x11xf32> {
  %xi = mlopt.iota {axis = 0 : i64, static_sizes = array<i64: 40>, to = f32} : () -> tensor<40xf32>
  %x = mlopt.reshape %xi {static_sizes = array<i64: 2, 4, 5>} : (tensor<40xf32>) -> tensor<2x4x5xf32>
  %wi = mlopt.iota {axis = 0 : i64, static_sizes = array<i64: 36>, to = f32} : () -> tensor<36xf32>
  %w = mlopt.reshape %wi {static_sizes = array<i64: 4, 3, 3>} : (tensor<36xf32>) -> tensor<4x3x3xf32>
  %b = mlopt.iota {axis = 0 : i64, static_sizes = array<i64: 6>, to = f32} : () -> tensor<6xf32>
  %0 = mlopt.conv_transpose %x, %w, %b {strides = array<i64: 2>, pads_begin = array<i64: 1>, pads_end = array<i64: 1>, output_padding = array<i64: 0>, dilations = array<i64: 2>, groups = 2 : i64} : (tensor<2x4x5xf32>, tensor<4x3x3xf32>, tensor<6xf32>) -> tensor<2x6x11xf32>
  return %0 : tensor<2x6x11xf32>
}

// Groups of a filter that is known in the run only.
// CHECK-LABEL: @joined_in_the_run
// CHECK: mlopt.select
// CHECK: mlopt.conv {{.*}}groups = 1 : i64{{.*}}tensor<9x6x2xf32>
func.func @joined_in_the_run() -> tensor<1x9x3xf32> {
  %xi = mlopt.iota {axis = 0 : i64, static_sizes = array<i64: 24>, to = f32} : () -> tensor<24xf32>
  %xp = mlopt.constant dense<0.37> : tensor<f32>
  %xm = mlopt.mul %xi, %xp : (tensor<24xf32>, tensor<f32>) -> tensor<24xf32>
  %xs = mlopt.sin %xm : (tensor<24xf32>) -> tensor<24xf32>
  %x = mlopt.reshape %xs {static_sizes = array<i64: 1, 6, 4>} : (tensor<24xf32>) -> tensor<1x6x4xf32>
  %wi = mlopt.iota {axis = 0 : i64, static_sizes = array<i64: 36>, to = f32} : () -> tensor<36xf32>
  %wm = mlopt.mul %wi, %xp : (tensor<36xf32>, tensor<f32>) -> tensor<36xf32>
  %ws = mlopt.sin %wm : (tensor<36xf32>) -> tensor<36xf32>
  %w = mlopt.reshape %ws {static_sizes = array<i64: 9, 2, 2>} : (tensor<36xf32>) -> tensor<9x2x2xf32>
  %b = mlopt.none : none
  %0 = mlopt.conv %x, %w, %b {strides = array<i64: 1>, pads_begin = array<i64: 0>, pads_end = array<i64: 0>, dilations = array<i64: 1>, groups = 3 : i64} : (tensor<1x6x4xf32>, tensor<9x2x2xf32>, none) -> tensor<1x9x3xf32>
  return %0 : tensor<1x9x3xf32>
}

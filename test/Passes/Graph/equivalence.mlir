// Each rewrite keeps the values: the reference gives the same before and after,
// to twelve digits. Data is computed, not constant, so that nothing is evaluated away.
// RUN: mlopt-eval --mode=exact %s > %t.before
// RUN: %mlopt-opt --mlopt-simplify-graph --mlopt-raise-patterns --mlopt-fold-batch-norm --mlopt-simplify-graph --canonicalize --cse %s > %t.mlir
// RUN: mlopt-eval --mode=exact %t.mlir > %t.after
// RUN: diff %t.before %t.after
// RUN: FileCheck %s < %t.mlir

// CHECK-LABEL: @attention
// CHECK: mlopt.attention {{.*}}"bshd", "bshd", "bhsd", "bshd"
// CHECK-NOT: mlopt.transpose
func.func @attention() -> tensor<2x5x12xf32> {
  %qi = mlopt.iota {axis = 0 : i64, static_sizes = array<i64: 120>, to = f32} : () -> tensor<120xf32>
  %qp = mlopt.constant dense<0.71> : tensor<f32>
  %qm = mlopt.mul %qi, %qp : (tensor<120xf32>, tensor<f32>) -> tensor<120xf32>
  %qs = mlopt.sin %qm : (tensor<120xf32>) -> tensor<120xf32>
  %q = mlopt.reshape %qs {static_sizes = array<i64: 2, 5, 12>} : (tensor<120xf32>) -> tensor<2x5x12xf32>
  %ki = mlopt.iota {axis = 0 : i64, static_sizes = array<i64: 120>, to = f32} : () -> tensor<120xf32>
  %kp = mlopt.constant dense<0.37> : tensor<f32>
  %km = mlopt.mul %ki, %kp : (tensor<120xf32>, tensor<f32>) -> tensor<120xf32>
  %ks = mlopt.sin %km : (tensor<120xf32>) -> tensor<120xf32>
  %k = mlopt.reshape %ks {static_sizes = array<i64: 2, 5, 12>} : (tensor<120xf32>) -> tensor<2x5x12xf32>
  %vi = mlopt.iota {axis = 0 : i64, static_sizes = array<i64: 120>, to = f32} : () -> tensor<120xf32>
  %vp = mlopt.constant dense<1.3> : tensor<f32>
  %vm = mlopt.mul %vi, %vp : (tensor<120xf32>, tensor<f32>) -> tensor<120xf32>
  %vs = mlopt.sin %vm : (tensor<120xf32>) -> tensor<120xf32>
  %v = mlopt.reshape %vs {static_sizes = array<i64: 2, 3, 5, 4>} : (tensor<120xf32>) -> tensor<2x3x5x4xf32>
  %mi = mlopt.iota {axis = 0 : i64, static_sizes = array<i64: 50>, to = f32} : () -> tensor<50xf32>
  %mp = mlopt.constant dense<2.9> : tensor<f32>
  %mm = mlopt.mul %mi, %mp : (tensor<50xf32>, tensor<f32>) -> tensor<50xf32>
  %ms = mlopt.sin %mm : (tensor<50xf32>) -> tensor<50xf32>
  %m = mlopt.reshape %ms {static_sizes = array<i64: 2, 1, 5, 5>} : (tensor<50xf32>) -> tensor<2x1x5x5xf32>
  %c = mlopt.constant dense<0.75> : tensor<1xf32>
  %0 = mlopt.reshape %q {static_sizes = array<i64: 2, 5, 3, 4>} : (tensor<2x5x12xf32>) -> tensor<2x5x3x4xf32>
  %1 = mlopt.transpose %0 {permutation = array<i64: 0, 2, 1, 3>} : (tensor<2x5x3x4xf32>) -> tensor<2x3x5x4xf32>
  %2 = mlopt.mul %1, %c : (tensor<2x3x5x4xf32>, tensor<1xf32>) -> tensor<2x3x5x4xf32>
  %3 = mlopt.reshape %k {static_sizes = array<i64: 2, 5, 3, 4>} : (tensor<2x5x12xf32>) -> tensor<2x5x3x4xf32>
  %4 = mlopt.transpose %3 {permutation = array<i64: 0, 2, 1, 3>} : (tensor<2x5x3x4xf32>) -> tensor<2x3x5x4xf32>
  %5 = mlopt.reshape %4 {static_sizes = array<i64: 6, 5, 4>} : (tensor<2x3x5x4xf32>) -> tensor<6x5x4xf32>
  %6 = mlopt.transpose %5 {permutation = array<i64: 0, 2, 1>} : (tensor<6x5x4xf32>) -> tensor<6x4x5xf32>
  %7 = mlopt.reshape %6 {static_sizes = array<i64: 2, 3, 4, 5>} : (tensor<6x4x5xf32>) -> tensor<2x3x4x5xf32>
  %8 = mlopt.matmul %2, %7 : (tensor<2x3x5x4xf32>, tensor<2x3x4x5xf32>) -> tensor<2x3x5x5xf32>
  %9 = mlopt.add %8, %m : (tensor<2x3x5x5xf32>, tensor<2x1x5x5xf32>) -> tensor<2x3x5x5xf32>
  %10 = mlopt.reshape %9 {static_sizes = array<i64: 30, 5>} : (tensor<2x3x5x5xf32>) -> tensor<30x5xf32>
  %11 = mlopt.softmax %10 {axis = 1 : i64} : (tensor<30x5xf32>) -> tensor<30x5xf32>
  %12 = mlopt.reshape %11 {static_sizes = array<i64: 2, 3, 5, 5>} : (tensor<30x5xf32>) -> tensor<2x3x5x5xf32>
  %13 = mlopt.matmul %12, %v : (tensor<2x3x5x5xf32>, tensor<2x3x5x4xf32>) -> tensor<2x3x5x4xf32>
  %14 = mlopt.transpose %13 {permutation = array<i64: 0, 2, 1, 3>} : (tensor<2x3x5x4xf32>) -> tensor<2x5x3x4xf32>
  %15 = mlopt.reshape %14 {static_sizes = array<i64: 2, 5, 12>} : (tensor<2x5x3x4xf32>) -> tensor<2x5x12xf32>
  return %15 : tensor<2x5x12xf32>
}

// Row 0 of the mask hides all keys: the guard gives 0 there, and so does the flag.
// CHECK-LABEL: @masked_row
// CHECK: mlopt.attention {{.*}}zero_masked_rows = true
func.func @masked_row() -> tensor<1x2x3x4xf32> {
  %qi = mlopt.iota {axis = 0 : i64, static_sizes = array<i64: 24>, to = f32} : () -> tensor<24xf32>
  %qp = mlopt.constant dense<0.71> : tensor<f32>
  %qm = mlopt.mul %qi, %qp : (tensor<24xf32>, tensor<f32>) -> tensor<24xf32>
  %qs = mlopt.sin %qm : (tensor<24xf32>) -> tensor<24xf32>
  %q = mlopt.reshape %qs {static_sizes = array<i64: 1, 2, 3, 4>} : (tensor<24xf32>) -> tensor<1x2x3x4xf32>
  %ki = mlopt.iota {axis = 0 : i64, static_sizes = array<i64: 24>, to = f32} : () -> tensor<24xf32>
  %kp = mlopt.constant dense<0.37> : tensor<f32>
  %km = mlopt.mul %ki, %kp : (tensor<24xf32>, tensor<f32>) -> tensor<24xf32>
  %ks = mlopt.sin %km : (tensor<24xf32>) -> tensor<24xf32>
  %k = mlopt.reshape %ks {static_sizes = array<i64: 1, 2, 3, 4>} : (tensor<24xf32>) -> tensor<1x2x3x4xf32>
  %vi = mlopt.iota {axis = 0 : i64, static_sizes = array<i64: 24>, to = f32} : () -> tensor<24xf32>
  %vp = mlopt.constant dense<1.3> : tensor<f32>
  %vm = mlopt.mul %vi, %vp : (tensor<24xf32>, tensor<f32>) -> tensor<24xf32>
  %vs = mlopt.sin %vm : (tensor<24xf32>) -> tensor<24xf32>
  %v = mlopt.reshape %vs {static_sizes = array<i64: 1, 2, 3, 4>} : (tensor<24xf32>) -> tensor<1x2x3x4xf32>
  %m = mlopt.constant dense<[[0xFF800000, 0xFF800000, 0xFF800000], [0.0, 0xFF800000, 0.5], [0.0, 0.0, 0.0]]> : tensor<3x3xf32>
  %zero = mlopt.constant dense<0.0> : tensor<f32>
  %0 = mlopt.matmul %q, %k {transpose_b = true} : (tensor<1x2x3x4xf32>, tensor<1x2x3x4xf32>) -> tensor<1x2x3x3xf32>
  %1 = mlopt.add %0, %m : (tensor<1x2x3x3xf32>, tensor<3x3xf32>) -> tensor<1x2x3x3xf32>
  %2 = mlopt.softmax %1 {axis = 3 : i64} : (tensor<1x2x3x3xf32>) -> tensor<1x2x3x3xf32>
  %3 = mlopt.is_nan %2 : (tensor<1x2x3x3xf32>) -> tensor<1x2x3x3xi1>
  %4 = mlopt.select %3, %zero, %2 : (tensor<1x2x3x3xi1>, tensor<f32>, tensor<1x2x3x3xf32>) -> tensor<1x2x3x3xf32>
  %5 = mlopt.matmul %4, %v : (tensor<1x2x3x3xf32>, tensor<1x2x3x4xf32>) -> tensor<1x2x3x4xf32>
  return %5 : tensor<1x2x3x4xf32>
}

// CHECK-LABEL: @causal
// CHECK: mlopt.attention {{.*}}causal = true
func.func @causal() -> tensor<1x2x2x4xf32> {
  %qi = mlopt.iota {axis = 0 : i64, static_sizes = array<i64: 16>, to = f32} : () -> tensor<16xf32>
  %qp = mlopt.constant dense<0.71> : tensor<f32>
  %qm = mlopt.mul %qi, %qp : (tensor<16xf32>, tensor<f32>) -> tensor<16xf32>
  %qs = mlopt.sin %qm : (tensor<16xf32>) -> tensor<16xf32>
  %q = mlopt.reshape %qs {static_sizes = array<i64: 1, 2, 2, 4>} : (tensor<16xf32>) -> tensor<1x2x2x4xf32>
  %ki = mlopt.iota {axis = 0 : i64, static_sizes = array<i64: 24>, to = f32} : () -> tensor<24xf32>
  %kp = mlopt.constant dense<0.37> : tensor<f32>
  %km = mlopt.mul %ki, %kp : (tensor<24xf32>, tensor<f32>) -> tensor<24xf32>
  %ks = mlopt.sin %km : (tensor<24xf32>) -> tensor<24xf32>
  %k = mlopt.reshape %ks {static_sizes = array<i64: 1, 2, 3, 4>} : (tensor<24xf32>) -> tensor<1x2x3x4xf32>
  %vi = mlopt.iota {axis = 0 : i64, static_sizes = array<i64: 24>, to = f32} : () -> tensor<24xf32>
  %vp = mlopt.constant dense<1.3> : tensor<f32>
  %vm = mlopt.mul %vi, %vp : (tensor<24xf32>, tensor<f32>) -> tensor<24xf32>
  %vs = mlopt.sin %vm : (tensor<24xf32>) -> tensor<24xf32>
  %v = mlopt.reshape %vs {static_sizes = array<i64: 1, 2, 3, 4>} : (tensor<24xf32>) -> tensor<1x2x3x4xf32>
  %m = mlopt.constant dense<[[0.0, 0.0, -3.40282347E+38], [0.0, 0.0, 0.0]]> : tensor<2x3xf32>
  %0 = mlopt.matmul %q, %k {transpose_b = true} : (tensor<1x2x2x4xf32>, tensor<1x2x3x4xf32>) -> tensor<1x2x2x3xf32>
  %1 = mlopt.add %0, %m : (tensor<1x2x2x3xf32>, tensor<2x3xf32>) -> tensor<1x2x2x3xf32>
  %2 = mlopt.softmax %1 {axis = 3 : i64} : (tensor<1x2x2x3xf32>) -> tensor<1x2x2x3xf32>
  %3 = mlopt.matmul %2, %v : (tensor<1x2x2x3xf32>, tensor<1x2x3x4xf32>) -> tensor<1x2x2x4xf32>
  return %3 : tensor<1x2x2x4xf32>
}

// CHECK-LABEL: @norms
// CHECK: mlopt.layer_norm
// CHECK: mlopt.rms_norm
func.func @norms() -> (tensor<3x4x6xf32>, tensor<3x4x6xf32>) {
  %xi = mlopt.iota {axis = 0 : i64, static_sizes = array<i64: 72>, to = f32} : () -> tensor<72xf32>
  %xp = mlopt.constant dense<0.71> : tensor<f32>
  %xm = mlopt.mul %xi, %xp : (tensor<72xf32>, tensor<f32>) -> tensor<72xf32>
  %xs = mlopt.sin %xm : (tensor<72xf32>) -> tensor<72xf32>
  %x = mlopt.reshape %xs {static_sizes = array<i64: 3, 4, 6>} : (tensor<72xf32>) -> tensor<3x4x6xf32>
  %si = mlopt.iota {axis = 0 : i64, static_sizes = array<i64: 6>, to = f32} : () -> tensor<6xf32>
  %sp = mlopt.constant dense<0.37> : tensor<f32>
  %sm = mlopt.mul %si, %sp : (tensor<6xf32>, tensor<f32>) -> tensor<6xf32>
  %ss = mlopt.sin %sm : (tensor<6xf32>) -> tensor<6xf32>
  %s = mlopt.reshape %ss {static_sizes = array<i64: 6>} : (tensor<6xf32>) -> tensor<6xf32>
  %bi = mlopt.iota {axis = 0 : i64, static_sizes = array<i64: 6>, to = f32} : () -> tensor<6xf32>
  %bp = mlopt.constant dense<1.3> : tensor<f32>
  %bm = mlopt.mul %bi, %bp : (tensor<6xf32>, tensor<f32>) -> tensor<6xf32>
  %bs = mlopt.sin %bm : (tensor<6xf32>) -> tensor<6xf32>
  %b = mlopt.reshape %bs {static_sizes = array<i64: 6>} : (tensor<6xf32>) -> tensor<6xf32>
  %eps = mlopt.constant dense<0.25> : tensor<f32>
  %0 = mlopt.reduce %x {axes = array<i64: 2>, keepdims = true, kind = #mlopt<reduce_kind mean>} : (tensor<3x4x6xf32>) -> tensor<3x4x1xf32>
  %1 = mlopt.sub %x, %0 : (tensor<3x4x6xf32>, tensor<3x4x1xf32>) -> tensor<3x4x6xf32>
  %2 = mlopt.mul %1, %1 : (tensor<3x4x6xf32>, tensor<3x4x6xf32>) -> tensor<3x4x6xf32>
  %3 = mlopt.reduce %2 {axes = array<i64: 2>, keepdims = true, kind = #mlopt<reduce_kind mean>} : (tensor<3x4x6xf32>) -> tensor<3x4x1xf32>
  %4 = mlopt.add %3, %eps : (tensor<3x4x1xf32>, tensor<f32>) -> tensor<3x4x1xf32>
  %5 = mlopt.sqrt %4 : (tensor<3x4x1xf32>) -> tensor<3x4x1xf32>
  %6 = mlopt.div %1, %5 : (tensor<3x4x6xf32>, tensor<3x4x1xf32>) -> tensor<3x4x6xf32>
  %7 = mlopt.mul %6, %s : (tensor<3x4x6xf32>, tensor<6xf32>) -> tensor<3x4x6xf32>
  %8 = mlopt.add %7, %b : (tensor<3x4x6xf32>, tensor<6xf32>) -> tensor<3x4x6xf32>
  %9 = mlopt.mul %8, %8 : (tensor<3x4x6xf32>, tensor<3x4x6xf32>) -> tensor<3x4x6xf32>
  %10 = mlopt.reduce %9 {axes = array<i64: 1, 2>, keepdims = true, kind = #mlopt<reduce_kind mean>} : (tensor<3x4x6xf32>) -> tensor<3x1x1xf32>
  %11 = mlopt.add %10, %eps : (tensor<3x1x1xf32>, tensor<f32>) -> tensor<3x1x1xf32>
  %12 = mlopt.sqrt %11 : (tensor<3x1x1xf32>) -> tensor<3x1x1xf32>
  %13 = mlopt.div %8, %12 : (tensor<3x4x6xf32>, tensor<3x1x1xf32>) -> tensor<3x4x6xf32>
  return %8, %13 : tensor<3x4x6xf32>, tensor<3x4x6xf32>
}

// Powers of two fold without any rounding; a grouped convolution and a transposed one.
// CHECK-LABEL: @affine
// CHECK: mlopt.conv
// CHECK-NEXT: {{.*}}mlopt.sigmoid
// CHECK-NOT: mlopt.mul
func.func @affine() -> tensor<1x4x6xf32> {
  %xi = mlopt.iota {axis = 0 : i64, static_sizes = array<i64: 20>, to = f32} : () -> tensor<20xf32>
  %xp = mlopt.constant dense<0.71> : tensor<f32>
  %xm = mlopt.mul %xi, %xp : (tensor<20xf32>, tensor<f32>) -> tensor<20xf32>
  %xs = mlopt.sin %xm : (tensor<20xf32>) -> tensor<20xf32>
  %x = mlopt.reshape %xs {static_sizes = array<i64: 1, 4, 5>} : (tensor<20xf32>) -> tensor<1x4x5xf32>
  %w0 = mlopt.constant dense<[[[1.0, 2.0], [0.5, -1.0]], [[3.0, 1.0], [2.0, -2.0]], [[0.25, 1.0], [1.0, 1.0]], [[-3.0, 2.0], [4.0, 1.0]]]> : tensor<4x2x2xf32>
  %b0 = mlopt.constant dense<[1.0, -1.0, 0.5, 2.0]> : tensor<4xf32>
  %f = mlopt.constant dense<[[2.0], [4.0], [-0.5], [0.25]]> : tensor<4x1xf32>
  %a = mlopt.constant dense<[[[1.0], [-2.0], [0.5], [0.0]]]> : tensor<1x4x1xf32>
  %w1 = mlopt.constant dense<[[[1.0, 2.0], [0.5, -1.0]], [[3.0, 1.0], [2.0, -2.0]], [[0.25, 1.0], [1.0, 1.0]], [[-3.0, 2.0], [4.0, 1.0]]]> : tensor<4x2x2xf32>
  %none = mlopt.none : none
  %0 = mlopt.mul %x, %f : (tensor<1x4x5xf32>, tensor<4x1xf32>) -> tensor<1x4x5xf32>
  %1 = mlopt.conv %0, %w0, %b0 {strides = array<i64: 1>, pads_begin = array<i64: 1>, pads_end = array<i64: 0>, dilations = array<i64: 1>, groups = 2 : i64} : (tensor<1x4x5xf32>, tensor<4x2x2xf32>, tensor<4xf32>) -> tensor<1x4x5xf32>
  %2 = mlopt.mul %1, %f : (tensor<1x4x5xf32>, tensor<4x1xf32>) -> tensor<1x4x5xf32>
  %3 = mlopt.add %2, %a : (tensor<1x4x5xf32>, tensor<1x4x1xf32>) -> tensor<1x4x5xf32>
  %4 = mlopt.sigmoid %3 : (tensor<1x4x5xf32>) -> tensor<1x4x5xf32>
  %5 = mlopt.mul %4, %f : (tensor<1x4x5xf32>, tensor<4x1xf32>) -> tensor<1x4x5xf32>
  %6 = mlopt.conv_transpose %5, %w1, %none {strides = array<i64: 1>, pads_begin = array<i64: 0>, pads_end = array<i64: 0>, output_padding = array<i64: 0>, dilations = array<i64: 1>, groups = 2 : i64} : (tensor<1x4x5xf32>, tensor<4x2x2xf32>, none) -> tensor<1x4x6xf32>
  %7 = mlopt.add %a, %6 : (tensor<1x4x1xf32>, tensor<1x4x6xf32>) -> tensor<1x4x6xf32>
  return %7 : tensor<1x4x6xf32>
}

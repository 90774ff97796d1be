// Derivatives of derivatives: what the rules of structural operations build has rules too.
// RUN: %mlopt-opt --mlopt-check-gradients %s -o /dev/null | FileCheck %s

func.func @matmul(%a: tensor<2x3x4xf32>, %b: tensor<5x4xf32>, %r: tensor<2x3x5xf32>, %u: tensor<2x3x4xf32>) -> (tensor<2x3x4xf32>, tensor<5x4xf32>) {
  %y = mlopt.matmul %a, %b {transpose_b = true} : (tensor<2x3x4xf32>, tensor<5x4xf32>) -> tensor<2x3x5xf32>
  %p = mlopt.mul %y, %r : (tensor<2x3x5xf32>, tensor<2x3x5xf32>) -> tensor<2x3x5xf32>
  %g = mlopt.gradient %p, %a : (tensor<2x3x5xf32>, tensor<2x3x4xf32>) -> (tensor<2x3x4xf32>)
  %h = mlopt.mul %g, %u : (tensor<2x3x4xf32>, tensor<2x3x4xf32>) -> tensor<2x3x4xf32>
  %d:2 = mlopt.gradient %h, %a, %b : (tensor<2x3x4xf32>, tensor<2x3x4xf32>, tensor<5x4xf32>) -> (tensor<2x3x4xf32>, tensor<5x4xf32>)
  return %d#0, %d#1 : tensor<2x3x4xf32>, tensor<5x4xf32>
}
// CHECK-DAG: gradient ok: matmul:

func.func @conv(%x: tensor<2x2x4x4xf32>, %w: tensor<2x2x3x3xf32>, %r: tensor<2x2x4x4xf32>, %u: tensor<2x2x4x4xf32>) -> (tensor<2x2x4x4xf32>, tensor<2x2x3x3xf32>) {
  %none = mlopt.none : none
  %y = mlopt.conv %x, %w, %none {strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<2x2x4x4xf32>, tensor<2x2x3x3xf32>, none) -> tensor<2x2x4x4xf32>
  %p = mlopt.mul %y, %r : (tensor<2x2x4x4xf32>, tensor<2x2x4x4xf32>) -> tensor<2x2x4x4xf32>
  %g = mlopt.gradient %p, %x : (tensor<2x2x4x4xf32>, tensor<2x2x4x4xf32>) -> (tensor<2x2x4x4xf32>)
  %h = mlopt.mul %g, %u : (tensor<2x2x4x4xf32>, tensor<2x2x4x4xf32>) -> tensor<2x2x4x4xf32>
  %d:2 = mlopt.gradient %h, %x, %w : (tensor<2x2x4x4xf32>, tensor<2x2x4x4xf32>, tensor<2x2x3x3xf32>) -> (tensor<2x2x4x4xf32>, tensor<2x2x3x3xf32>)
  return %d#0, %d#1 : tensor<2x2x4x4xf32>, tensor<2x2x3x3xf32>
}
// CHECK-DAG: gradient ok: conv:

func.func @conv_strided_by_filter(%x: tensor<2x4x4x4xf32>, %w: tensor<4x2x3x3xf32>, %r: tensor<2x4x2x2xf32>, %u: tensor<4x2x3x3xf32>) -> (tensor<2x4x4x4xf32>, tensor<4x2x3x3xf32>) {
  %none = mlopt.none : none
  %y = mlopt.conv %x, %w, %none {strides = array<i64: 2, 2>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 2 : i64} : (tensor<2x4x4x4xf32>, tensor<4x2x3x3xf32>, none) -> tensor<2x4x2x2xf32>
  %p = mlopt.mul %y, %r : (tensor<2x4x2x2xf32>, tensor<2x4x2x2xf32>) -> tensor<2x4x2x2xf32>
  %g = mlopt.gradient %p, %w : (tensor<2x4x2x2xf32>, tensor<4x2x3x3xf32>) -> (tensor<4x2x3x3xf32>)
  %h = mlopt.mul %g, %u : (tensor<4x2x3x3xf32>, tensor<4x2x3x3xf32>) -> tensor<4x2x3x3xf32>
  %d:2 = mlopt.gradient %h, %x, %w : (tensor<4x2x3x3xf32>, tensor<2x4x4x4xf32>, tensor<4x2x3x3xf32>) -> (tensor<2x4x4x4xf32>, tensor<4x2x3x3xf32>)
  return %d#0, %d#1 : tensor<2x4x4x4xf32>, tensor<4x2x3x3xf32>
}
// CHECK-DAG: gradient ok: conv_strided_by_filter:

func.func @layer_norm(%x: tensor<3x4xf32>, %s: tensor<4xf32>, %b: tensor<4xf32>, %r: tensor<3x4xf32>, %u: tensor<3x4xf32>) -> (tensor<3x4xf32>, tensor<4xf32>, tensor<4xf32>) {
  %y = mlopt.layer_norm %x, %s, %b {axis = 1 : i64, epsilon = 1.0e-2 : f64} : (tensor<3x4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<3x4xf32>
  %p = mlopt.mul %y, %r : (tensor<3x4xf32>, tensor<3x4xf32>) -> tensor<3x4xf32>
  %g = mlopt.gradient %p, %x : (tensor<3x4xf32>, tensor<3x4xf32>) -> (tensor<3x4xf32>)
  %h = mlopt.mul %g, %u : (tensor<3x4xf32>, tensor<3x4xf32>) -> tensor<3x4xf32>
  %d:3 = mlopt.gradient %h, %x, %s, %b : (tensor<3x4xf32>, tensor<3x4xf32>, tensor<4xf32>, tensor<4xf32>) -> (tensor<3x4xf32>, tensor<4xf32>, tensor<4xf32>)
  return %d#0, %d#1, %d#2 : tensor<3x4xf32>, tensor<4xf32>, tensor<4xf32>
}
// CHECK-DAG: gradient ok: layer_norm:

func.func @attention(%q: tensor<1x2x3x2xf32>, %k: tensor<1x1x3x2xf32>, %v: tensor<1x1x3x2xf32>, %r: tensor<1x2x3x2xf32>, %u: tensor<1x2x3x2xf32>) -> (tensor<1x2x3x2xf32>, tensor<1x1x3x2xf32>, tensor<1x1x3x2xf32>) {
  %none = mlopt.none : none
  %y = mlopt.attention %q, %k, %v, %none {scale = 0.5 : f64, layouts = ["bhsd", "bhsd", "bhsd", "bhsd"], causal = true} : (tensor<1x2x3x2xf32>, tensor<1x1x3x2xf32>, tensor<1x1x3x2xf32>, none) -> tensor<1x2x3x2xf32>
  %p = mlopt.mul %y, %r : (tensor<1x2x3x2xf32>, tensor<1x2x3x2xf32>) -> tensor<1x2x3x2xf32>
  %g = mlopt.gradient %p, %q : (tensor<1x2x3x2xf32>, tensor<1x2x3x2xf32>) -> (tensor<1x2x3x2xf32>)
  %h = mlopt.mul %g, %u : (tensor<1x2x3x2xf32>, tensor<1x2x3x2xf32>) -> tensor<1x2x3x2xf32>
  %d:3 = mlopt.gradient %h, %q, %k, %v : (tensor<1x2x3x2xf32>, tensor<1x2x3x2xf32>, tensor<1x1x3x2xf32>, tensor<1x1x3x2xf32>) -> (tensor<1x2x3x2xf32>, tensor<1x1x3x2xf32>, tensor<1x1x3x2xf32>)
  return %d#0, %d#1, %d#2 : tensor<1x2x3x2xf32>, tensor<1x1x3x2xf32>, tensor<1x1x3x2xf32>
}
// CHECK-DAG: gradient ok: attention:

func.func @lp_pool(%x: tensor<1x2x5xf32>, %r: tensor<1x2x4xf32>, %u: tensor<1x2x5xf32>) -> (tensor<1x2x5xf32>) {
  %y = mlopt.pool %x {kind = #mlopt<pool_kind lp>, kernel = array<i64: 2>, strides = array<i64: 1>, pads_begin = array<i64: 0>, pads_end = array<i64: 0>, extra_end = array<i64: 0>, dilations = array<i64: 1>, p = 2 : i64} : (tensor<1x2x5xf32>) -> tensor<1x2x4xf32>
  %p = mlopt.mul %y, %r : (tensor<1x2x4xf32>, tensor<1x2x4xf32>) -> tensor<1x2x4xf32>
  %g = mlopt.gradient %p, %x : (tensor<1x2x4xf32>, tensor<1x2x5xf32>) -> (tensor<1x2x5xf32>)
  %h = mlopt.mul %g, %u : (tensor<1x2x5xf32>, tensor<1x2x5xf32>) -> tensor<1x2x5xf32>
  %d:1 = mlopt.gradient %h, %x : (tensor<1x2x5xf32>, tensor<1x2x5xf32>) -> (tensor<1x2x5xf32>)
  return %d#0 : tensor<1x2x5xf32>
}
// CHECK-DAG: gradient ok: lp_pool:

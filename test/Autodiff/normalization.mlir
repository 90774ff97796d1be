// Normalizations against differences.
// RUN: %mlopt-opt --mlopt-check-gradients %s -o /dev/null | FileCheck %s

func.func @batch_norm(%x: tensor<?x3x2x2xf32> {mlopt.dims = ["n", 3, 2, 2]}, %s: tensor<3xf32>, %b: tensor<3xf32>, %m: tensor<3xf32>, %v: tensor<3xf32> {mlopt.range = [0.5, 2.0]}, %r: tensor<?x3x2x2xf32> {mlopt.dims = ["n", 3, 2, 2]}) -> (tensor<?x3x2x2xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) {
  %y = mlopt.batch_norm %x, %s, %b, %m, %v {epsilon = 1.0e-3 : f64} : (tensor<?x3x2x2xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) -> tensor<?x3x2x2xf32>
  %p = mlopt.mul %y, %r : (tensor<?x3x2x2xf32>, tensor<?x3x2x2xf32>) -> tensor<?x3x2x2xf32>
  %g:5 = mlopt.gradient %p, %x, %s, %b, %m, %v : (tensor<?x3x2x2xf32>, tensor<?x3x2x2xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) -> (tensor<?x3x2x2xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>)
  return %g#0, %g#1, %g#2, %g#3, %g#4 : tensor<?x3x2x2xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>
}
// CHECK: gradient ok: batch_norm n=3
// CHECK: gradient ok: batch_norm n=1
// CHECK: gradient ok: batch_norm n=0

func.func @batch_norm_rank_2(%x: tensor<?x3xf32> {mlopt.dims = ["n", 3]}, %s: tensor<3xf32>, %b: tensor<3xf32>, %m: tensor<3xf32>, %v: tensor<3xf32> {mlopt.range = [0.5, 2.0]}, %r: tensor<?x3xf32> {mlopt.dims = ["n", 3]}) -> (tensor<?x3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) {
  %y = mlopt.batch_norm %x, %s, %b, %m, %v {epsilon = 1.0e-3 : f64} : (tensor<?x3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) -> tensor<?x3xf32>
  %p = mlopt.mul %y, %r : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  %g:5 = mlopt.gradient %p, %x, %s, %b, %m, %v : (tensor<?x3xf32>, tensor<?x3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) -> (tensor<?x3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>)
  return %g#0, %g#1, %g#2, %g#3, %g#4 : tensor<?x3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>
}
// CHECK: gradient ok: batch_norm_rank_2 n=3
// CHECK: gradient ok: batch_norm_rank_2 n=1
// CHECK: gradient ok: batch_norm_rank_2 n=0

func.func @batch_norm_fixed(%x: tensor<2x3x4xf32>, %s: tensor<3xf32>, %b: tensor<3xf32>, %m: tensor<3xf32>, %v: tensor<3xf32> {mlopt.range = [0.5, 2.0]}, %r: tensor<2x3x4xf32>) -> (tensor<3xf32>, tensor<3xf32>) {
  %y = mlopt.batch_norm %x, %s, %b, %m, %v {epsilon = 1.0e-3 : f64} : (tensor<2x3x4xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) -> tensor<2x3x4xf32>
  %p = mlopt.mul %y, %r : (tensor<2x3x4xf32>, tensor<2x3x4xf32>) -> tensor<2x3x4xf32>
  %g:2 = mlopt.gradient %p, %s, %v : (tensor<2x3x4xf32>, tensor<3xf32>, tensor<3xf32>) -> (tensor<3xf32>, tensor<3xf32>)
  return %g#0, %g#1 : tensor<3xf32>, tensor<3xf32>
}
// CHECK: gradient ok: batch_norm_fixed: 

func.func @batch_norm_training(%x: tensor<3x2x2x3xf32>, %s: tensor<2xf32>, %b: tensor<2xf32>, %r0: tensor<3x2x2x3xf32>, %r1: tensor<2xf32>, %r2: tensor<2xf32>) -> (tensor<3x2x2x3xf32>, tensor<2xf32>, tensor<2xf32>) {
  %y0, %y1, %y2 = mlopt.batch_norm_training %x, %s, %b {epsilon = 1.0e-3 : f64} : (tensor<3x2x2x3xf32>, tensor<2xf32>, tensor<2xf32>) -> (tensor<3x2x2x3xf32>, tensor<2xf32>, tensor<2xf32>)
  %p0 = mlopt.mul %y0, %r0 : (tensor<3x2x2x3xf32>, tensor<3x2x2x3xf32>) -> tensor<3x2x2x3xf32>
  %s0 = mlopt.reduce %p0 {kind = #mlopt<reduce_kind sum>, axes = array<i64: 0, 1, 2, 3>} : (tensor<3x2x2x3xf32>) -> tensor<f32>
  %p1 = mlopt.mul %y1, %r1 : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  %s1 = mlopt.reduce %p1 {kind = #mlopt<reduce_kind sum>, axes = array<i64: 0>} : (tensor<2xf32>) -> tensor<f32>
  %t1 = mlopt.add %s0, %s1 : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %p2 = mlopt.mul %y2, %r2 : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  %s2 = mlopt.reduce %p2 {kind = #mlopt<reduce_kind sum>, axes = array<i64: 0>} : (tensor<2xf32>) -> tensor<f32>
  %t2 = mlopt.add %t1, %s2 : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %g:3 = mlopt.gradient %t2, %x, %s, %b : (tensor<f32>, tensor<3x2x2x3xf32>, tensor<2xf32>, tensor<2xf32>) -> (tensor<3x2x2x3xf32>, tensor<2xf32>, tensor<2xf32>)
  return %g#0, %g#1, %g#2 : tensor<3x2x2x3xf32>, tensor<2xf32>, tensor<2xf32>
}
// CHECK: gradient ok: batch_norm_training: 

func.func @batch_norm_training_rank_2(%x: tensor<5x3xf32>, %s: tensor<3xf32>, %b: tensor<3xf32>, %r0: tensor<5x3xf32>, %r1: tensor<3xf32>, %r2: tensor<3xf32>) -> (tensor<5x3xf32>, tensor<3xf32>, tensor<3xf32>) {
  %y0, %y1, %y2 = mlopt.batch_norm_training %x, %s, %b {epsilon = 1.0e-3 : f64} : (tensor<5x3xf32>, tensor<3xf32>, tensor<3xf32>) -> (tensor<5x3xf32>, tensor<3xf32>, tensor<3xf32>)
  %p0 = mlopt.mul %y0, %r0 : (tensor<5x3xf32>, tensor<5x3xf32>) -> tensor<5x3xf32>
  %s0 = mlopt.reduce %p0 {kind = #mlopt<reduce_kind sum>, axes = array<i64: 0, 1>} : (tensor<5x3xf32>) -> tensor<f32>
  %p1 = mlopt.mul %y1, %r1 : (tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
  %s1 = mlopt.reduce %p1 {kind = #mlopt<reduce_kind sum>, axes = array<i64: 0>} : (tensor<3xf32>) -> tensor<f32>
  %t1 = mlopt.add %s0, %s1 : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %p2 = mlopt.mul %y2, %r2 : (tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
  %s2 = mlopt.reduce %p2 {kind = #mlopt<reduce_kind sum>, axes = array<i64: 0>} : (tensor<3xf32>) -> tensor<f32>
  %t2 = mlopt.add %t1, %s2 : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %g:3 = mlopt.gradient %t2, %x, %s, %b : (tensor<f32>, tensor<5x3xf32>, tensor<3xf32>, tensor<3xf32>) -> (tensor<5x3xf32>, tensor<3xf32>, tensor<3xf32>)
  return %g#0, %g#1, %g#2 : tensor<5x3xf32>, tensor<3xf32>, tensor<3xf32>
}
// CHECK: gradient ok: batch_norm_training_rank_2: 

func.func @batch_norm_training_one_element(%x: tensor<1x2x1xf32>, %s: tensor<2xf32>, %b: tensor<2xf32>, %r0: tensor<1x2x1xf32>, %r1: tensor<2xf32>, %r2: tensor<2xf32>) -> (tensor<1x2x1xf32>, tensor<2xf32>, tensor<2xf32>) {
  %y0, %y1, %y2 = mlopt.batch_norm_training %x, %s, %b {epsilon = 1.0e-3 : f64} : (tensor<1x2x1xf32>, tensor<2xf32>, tensor<2xf32>) -> (tensor<1x2x1xf32>, tensor<2xf32>, tensor<2xf32>)
  %p0 = mlopt.mul %y0, %r0 : (tensor<1x2x1xf32>, tensor<1x2x1xf32>) -> tensor<1x2x1xf32>
  %s0 = mlopt.reduce %p0 {kind = #mlopt<reduce_kind sum>, axes = array<i64: 0, 1, 2>} : (tensor<1x2x1xf32>) -> tensor<f32>
  %p1 = mlopt.mul %y1, %r1 : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  %s1 = mlopt.reduce %p1 {kind = #mlopt<reduce_kind sum>, axes = array<i64: 0>} : (tensor<2xf32>) -> tensor<f32>
  %t1 = mlopt.add %s0, %s1 : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %p2 = mlopt.mul %y2, %r2 : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  %s2 = mlopt.reduce %p2 {kind = #mlopt<reduce_kind sum>, axes = array<i64: 0>} : (tensor<2xf32>) -> tensor<f32>
  %t2 = mlopt.add %t1, %s2 : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %g:3 = mlopt.gradient %t2, %x, %s, %b : (tensor<f32>, tensor<1x2x1xf32>, tensor<2xf32>, tensor<2xf32>) -> (tensor<1x2x1xf32>, tensor<2xf32>, tensor<2xf32>)
  return %g#0, %g#1, %g#2 : tensor<1x2x1xf32>, tensor<2xf32>, tensor<2xf32>
}
// CHECK: gradient ok: batch_norm_training_one_element: 

func.func @batch_norm_training_image_only(%x: tensor<3x2x4xf32>, %s: tensor<2xf32>, %b: tensor<2xf32>, %r0: tensor<3x2x4xf32>, %r1: tensor<2xf32>, %r2: tensor<2xf32>) -> tensor<3x2x4xf32> {
  %y0, %y1, %y2 = mlopt.batch_norm_training %x, %s, %b {epsilon = 1.0e-3 : f64} : (tensor<3x2x4xf32>, tensor<2xf32>, tensor<2xf32>) -> (tensor<3x2x4xf32>, tensor<2xf32>, tensor<2xf32>)
  %p0 = mlopt.mul %y0, %r0 : (tensor<3x2x4xf32>, tensor<3x2x4xf32>) -> tensor<3x2x4xf32>
  %s0 = mlopt.reduce %p0 {kind = #mlopt<reduce_kind sum>, axes = array<i64: 0, 1, 2>} : (tensor<3x2x4xf32>) -> tensor<f32>
  %p1 = mlopt.mul %y1, %r1 : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  %s1 = mlopt.reduce %p1 {kind = #mlopt<reduce_kind sum>, axes = array<i64: 0>} : (tensor<2xf32>) -> tensor<f32>
  %t1 = mlopt.add %s0, %s1 : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %p2 = mlopt.mul %y2, %r2 : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  %s2 = mlopt.reduce %p2 {kind = #mlopt<reduce_kind sum>, axes = array<i64: 0>} : (tensor<2xf32>) -> tensor<f32>
  %t2 = mlopt.add %t1, %s2 : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %g = mlopt.gradient %t2, %x : (tensor<f32>, tensor<3x2x4xf32>) -> (tensor<3x2x4xf32>)
  return %g : tensor<3x2x4xf32>
}
// CHECK: gradient ok: batch_norm_training_image_only: 

// Only the statistics are used.
func.func @batch_norm_training_statistics(%x: tensor<3x2x3xf32>, %s: tensor<2xf32>, %b: tensor<2xf32>, %r: tensor<2xf32>) -> (tensor<3x2x3xf32>, tensor<2xf32>) {
  %y, %m, %v = mlopt.batch_norm_training %x, %s, %b {epsilon = 1.0e-3 : f64} : (tensor<3x2x3xf32>, tensor<2xf32>, tensor<2xf32>) -> (tensor<3x2x3xf32>, tensor<2xf32>, tensor<2xf32>)
  %q = mlopt.mul %m, %v : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  %p = mlopt.mul %q, %r : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  %g:2 = mlopt.gradient %p, %x, %s : (tensor<2xf32>, tensor<3x2x3xf32>, tensor<2xf32>) -> (tensor<3x2x3xf32>, tensor<2xf32>)
  return %g#0, %g#1 : tensor<3x2x3xf32>, tensor<2xf32>
}
// CHECK: gradient ok: batch_norm_training_statistics: 

func.func @layer_norm(%x: tensor<?x6xf32> {mlopt.dims = ["n", 6]}, %s: tensor<6xf32>, %b: tensor<6xf32>, %r: tensor<?x6xf32> {mlopt.dims = ["n", 6]}) -> (tensor<?x6xf32>, tensor<6xf32>, tensor<6xf32>) {
  %y = mlopt.layer_norm %x, %s, %b {axis = 1 : i64, epsilon = 1.0e-3 : f64} : (tensor<?x6xf32>, tensor<6xf32>, tensor<6xf32>) -> tensor<?x6xf32>
  %p = mlopt.mul %y, %r : (tensor<?x6xf32>, tensor<?x6xf32>) -> tensor<?x6xf32>
  %g:3 = mlopt.gradient %p, %x, %s, %b : (tensor<?x6xf32>, tensor<?x6xf32>, tensor<6xf32>, tensor<6xf32>) -> (tensor<?x6xf32>, tensor<6xf32>, tensor<6xf32>)
  return %g#0, %g#1, %g#2 : tensor<?x6xf32>, tensor<6xf32>, tensor<6xf32>
}
// CHECK: gradient ok: layer_norm n=3
// CHECK: gradient ok: layer_norm n=1
// CHECK: gradient ok: layer_norm n=0

func.func @layer_norm_rank_3(%x: tensor<2x?x5xf32> {mlopt.dims = [2, "n", 5]}, %s: tensor<5xf32>, %b: tensor<5xf32>, %r: tensor<2x?x5xf32> {mlopt.dims = [2, "n", 5]}) -> (tensor<2x?x5xf32>, tensor<5xf32>, tensor<5xf32>) {
  %y = mlopt.layer_norm %x, %s, %b {axis = 2 : i64, epsilon = 1.0e-3 : f64} : (tensor<2x?x5xf32>, tensor<5xf32>, tensor<5xf32>) -> tensor<2x?x5xf32>
  %p = mlopt.mul %y, %r : (tensor<2x?x5xf32>, tensor<2x?x5xf32>) -> tensor<2x?x5xf32>
  %g:3 = mlopt.gradient %p, %x, %s, %b : (tensor<2x?x5xf32>, tensor<2x?x5xf32>, tensor<5xf32>, tensor<5xf32>) -> (tensor<2x?x5xf32>, tensor<5xf32>, tensor<5xf32>)
  return %g#0, %g#1, %g#2 : tensor<2x?x5xf32>, tensor<5xf32>, tensor<5xf32>
}
// CHECK: gradient ok: layer_norm_rank_3 n=3
// CHECK: gradient ok: layer_norm_rank_3 n=1
// CHECK: gradient ok: layer_norm_rank_3 n=0

func.func @layer_norm_two_axes(%x: tensor<?x3x4xf32> {mlopt.dims = ["n", 3, 4]}, %s: tensor<3x4xf32>, %b: tensor<3x4xf32>, %r: tensor<?x3x4xf32> {mlopt.dims = ["n", 3, 4]}) -> (tensor<?x3x4xf32>, tensor<3x4xf32>, tensor<3x4xf32>) {
  %y = mlopt.layer_norm %x, %s, %b {axis = 1 : i64, epsilon = 1.0e-3 : f64} : (tensor<?x3x4xf32>, tensor<3x4xf32>, tensor<3x4xf32>) -> tensor<?x3x4xf32>
  %p = mlopt.mul %y, %r : (tensor<?x3x4xf32>, tensor<?x3x4xf32>) -> tensor<?x3x4xf32>
  %g:3 = mlopt.gradient %p, %x, %s, %b : (tensor<?x3x4xf32>, tensor<?x3x4xf32>, tensor<3x4xf32>, tensor<3x4xf32>) -> (tensor<?x3x4xf32>, tensor<3x4xf32>, tensor<3x4xf32>)
  return %g#0, %g#1, %g#2 : tensor<?x3x4xf32>, tensor<3x4xf32>, tensor<3x4xf32>
}
// CHECK: gradient ok: layer_norm_two_axes n=3
// CHECK: gradient ok: layer_norm_two_axes n=1
// CHECK: gradient ok: layer_norm_two_axes n=0

func.func @layer_norm_broadcast_scale(%x: tensor<?x3x4xf32> {mlopt.dims = ["n", 3, 4]}, %s: tensor<3x1xf32>, %b: tensor<1xf32>, %r: tensor<?x3x4xf32> {mlopt.dims = ["n", 3, 4]}) -> (tensor<?x3x4xf32>, tensor<3x1xf32>, tensor<1xf32>) {
  %y = mlopt.layer_norm %x, %s, %b {axis = 1 : i64, epsilon = 1.0e-3 : f64} : (tensor<?x3x4xf32>, tensor<3x1xf32>, tensor<1xf32>) -> tensor<?x3x4xf32>
  %p = mlopt.mul %y, %r : (tensor<?x3x4xf32>, tensor<?x3x4xf32>) -> tensor<?x3x4xf32>
  %g:3 = mlopt.gradient %p, %x, %s, %b : (tensor<?x3x4xf32>, tensor<?x3x4xf32>, tensor<3x1xf32>, tensor<1xf32>) -> (tensor<?x3x4xf32>, tensor<3x1xf32>, tensor<1xf32>)
  return %g#0, %g#1, %g#2 : tensor<?x3x4xf32>, tensor<3x1xf32>, tensor<1xf32>
}
// CHECK: gradient ok: layer_norm_broadcast_scale n=3
// CHECK: gradient ok: layer_norm_broadcast_scale n=1
// CHECK: gradient ok: layer_norm_broadcast_scale n=0

func.func @layer_norm_bare(%x: tensor<?x5xf32> {mlopt.dims = ["n", 5]}, %r: tensor<?x5xf32> {mlopt.dims = ["n", 5]}) -> tensor<?x5xf32> {
  %none = mlopt.none : none
  %y = mlopt.layer_norm %x, %none, %none {axis = 1 : i64, epsilon = 1.0e-3 : f64} : (tensor<?x5xf32>, none, none) -> tensor<?x5xf32>
  %p = mlopt.mul %y, %r : (tensor<?x5xf32>, tensor<?x5xf32>) -> tensor<?x5xf32>
  %g = mlopt.gradient %p, %x : (tensor<?x5xf32>, tensor<?x5xf32>) -> (tensor<?x5xf32>)
  return %g : tensor<?x5xf32>
}
// CHECK: gradient ok: layer_norm_bare n=3
// CHECK: gradient ok: layer_norm_bare n=1
// CHECK: gradient ok: layer_norm_bare n=0

func.func @layer_norm_no_bias(%x: tensor<?x5xf32> {mlopt.dims = ["n", 5]}, %s: tensor<5xf32>, %r: tensor<?x5xf32> {mlopt.dims = ["n", 5]}) -> (tensor<?x5xf32>, tensor<5xf32>) {
  %none = mlopt.none : none
  %y = mlopt.layer_norm %x, %s, %none {axis = 1 : i64, epsilon = 1.0e-3 : f64} : (tensor<?x5xf32>, tensor<5xf32>, none) -> tensor<?x5xf32>
  %p = mlopt.mul %y, %r : (tensor<?x5xf32>, tensor<?x5xf32>) -> tensor<?x5xf32>
  %g:2 = mlopt.gradient %p, %x, %s : (tensor<?x5xf32>, tensor<?x5xf32>, tensor<5xf32>) -> (tensor<?x5xf32>, tensor<5xf32>)
  return %g#0, %g#1 : tensor<?x5xf32>, tensor<5xf32>
}
// CHECK: gradient ok: layer_norm_no_bias n=3
// CHECK: gradient ok: layer_norm_no_bias n=1
// CHECK: gradient ok: layer_norm_no_bias n=0

func.func @layer_norm_no_scale(%x: tensor<?x5xf32> {mlopt.dims = ["n", 5]}, %b: tensor<5xf32>, %r: tensor<?x5xf32> {mlopt.dims = ["n", 5]}) -> (tensor<?x5xf32>, tensor<5xf32>) {
  %none = mlopt.none : none
  %y = mlopt.layer_norm %x, %none, %b {axis = 1 : i64, epsilon = 1.0e-3 : f64} : (tensor<?x5xf32>, none, tensor<5xf32>) -> tensor<?x5xf32>
  %p = mlopt.mul %y, %r : (tensor<?x5xf32>, tensor<?x5xf32>) -> tensor<?x5xf32>
  %g:2 = mlopt.gradient %p, %x, %b : (tensor<?x5xf32>, tensor<?x5xf32>, tensor<5xf32>) -> (tensor<?x5xf32>, tensor<5xf32>)
  return %g#0, %g#1 : tensor<?x5xf32>, tensor<5xf32>
}
// CHECK: gradient ok: layer_norm_no_scale n=3
// CHECK: gradient ok: layer_norm_no_scale n=1
// CHECK: gradient ok: layer_norm_no_scale n=0

func.func @layer_norm_dynamic_row(%x: tensor<2x?xf32> {mlopt.dims = [2, "n"]}, %r: tensor<2x?xf32> {mlopt.dims = [2, "n"]}) -> tensor<2x?xf32> {
  %none = mlopt.none : none
  %y = mlopt.layer_norm %x, %none, %none {axis = 1 : i64, epsilon = 1.0e-3 : f64} : (tensor<2x?xf32>, none, none) -> tensor<2x?xf32>
  %p = mlopt.mul %y, %r : (tensor<2x?xf32>, tensor<2x?xf32>) -> tensor<2x?xf32>
  %g = mlopt.gradient %p, %x : (tensor<2x?xf32>, tensor<2x?xf32>) -> (tensor<2x?xf32>)
  return %g : tensor<2x?xf32>
}
// CHECK: gradient ok: layer_norm_dynamic_row n=3
// CHECK: gradient ok: layer_norm_dynamic_row n=1
// CHECK: gradient ok: layer_norm_dynamic_row n=0

func.func @rms_norm(%x: tensor<?x6xf32> {mlopt.dims = ["n", 6]}, %s: tensor<6xf32>, %r: tensor<?x6xf32> {mlopt.dims = ["n", 6]}) -> (tensor<?x6xf32>, tensor<6xf32>) {
  %y = mlopt.rms_norm %x, %s {axis = 1 : i64, epsilon = 1.0e-3 : f64} : (tensor<?x6xf32>, tensor<6xf32>) -> tensor<?x6xf32>
  %p = mlopt.mul %y, %r : (tensor<?x6xf32>, tensor<?x6xf32>) -> tensor<?x6xf32>
  %g:2 = mlopt.gradient %p, %x, %s : (tensor<?x6xf32>, tensor<?x6xf32>, tensor<6xf32>) -> (tensor<?x6xf32>, tensor<6xf32>)
  return %g#0, %g#1 : tensor<?x6xf32>, tensor<6xf32>
}
// CHECK: gradient ok: rms_norm n=3
// CHECK: gradient ok: rms_norm n=1
// CHECK: gradient ok: rms_norm n=0

func.func @rms_norm_bare(%x: tensor<2x?x4xf32> {mlopt.dims = [2, "n", 4]}, %r: tensor<2x?x4xf32> {mlopt.dims = [2, "n", 4]}) -> tensor<2x?x4xf32> {
  %none = mlopt.none : none
  %y = mlopt.rms_norm %x, %none {axis = 1 : i64, epsilon = 1.0e-3 : f64} : (tensor<2x?x4xf32>, none) -> tensor<2x?x4xf32>
  %p = mlopt.mul %y, %r : (tensor<2x?x4xf32>, tensor<2x?x4xf32>) -> tensor<2x?x4xf32>
  %g = mlopt.gradient %p, %x : (tensor<2x?x4xf32>, tensor<2x?x4xf32>) -> (tensor<2x?x4xf32>)
  return %g : tensor<2x?x4xf32>
}
// CHECK: gradient ok: rms_norm_bare n=3
// CHECK: gradient ok: rms_norm_bare n=1
// CHECK: gradient ok: rms_norm_bare n=0

func.func @rms_norm_two_axes(%x: tensor<2x3x4xf32>, %s: tensor<4xf32>, %r: tensor<2x3x4xf32>) -> (tensor<2x3x4xf32>, tensor<4xf32>) {
  %y = mlopt.rms_norm %x, %s {axis = 1 : i64, epsilon = 1.0e-3 : f64} : (tensor<2x3x4xf32>, tensor<4xf32>) -> tensor<2x3x4xf32>
  %p = mlopt.mul %y, %r : (tensor<2x3x4xf32>, tensor<2x3x4xf32>) -> tensor<2x3x4xf32>
  %g:2 = mlopt.gradient %p, %x, %s : (tensor<2x3x4xf32>, tensor<2x3x4xf32>, tensor<4xf32>) -> (tensor<2x3x4xf32>, tensor<4xf32>)
  return %g#0, %g#1 : tensor<2x3x4xf32>, tensor<4xf32>
}
// CHECK: gradient ok: rms_norm_two_axes: 

func.func @group_norm(%x: tensor<?x4x3xf32> {mlopt.dims = ["n", 4, 3]}, %s: tensor<4xf32>, %b: tensor<4xf32>, %r: tensor<?x4x3xf32> {mlopt.dims = ["n", 4, 3]}) -> (tensor<?x4x3xf32>, tensor<4xf32>, tensor<4xf32>) {
  %y = mlopt.group_norm %x, %s, %b {groups = 2 : i64, epsilon = 1.0e-3 : f64} : (tensor<?x4x3xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<?x4x3xf32>
  %p = mlopt.mul %y, %r : (tensor<?x4x3xf32>, tensor<?x4x3xf32>) -> tensor<?x4x3xf32>
  %g:3 = mlopt.gradient %p, %x, %s, %b : (tensor<?x4x3xf32>, tensor<?x4x3xf32>, tensor<4xf32>, tensor<4xf32>) -> (tensor<?x4x3xf32>, tensor<4xf32>, tensor<4xf32>)
  return %g#0, %g#1, %g#2 : tensor<?x4x3xf32>, tensor<4xf32>, tensor<4xf32>
}
// CHECK: gradient ok: group_norm n=3
// CHECK: gradient ok: group_norm n=1
// CHECK: gradient ok: group_norm n=0

func.func @group_norm_all_channels(%x: tensor<?x4x2x2xf32> {mlopt.dims = ["n", 4, 2, 2]}, %s: tensor<4xf32>, %b: tensor<4xf32>, %r: tensor<?x4x2x2xf32> {mlopt.dims = ["n", 4, 2, 2]}) -> (tensor<?x4x2x2xf32>, tensor<4xf32>, tensor<4xf32>) {
  %y = mlopt.group_norm %x, %s, %b {groups = 1 : i64, epsilon = 1.0e-3 : f64} : (tensor<?x4x2x2xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<?x4x2x2xf32>
  %p = mlopt.mul %y, %r : (tensor<?x4x2x2xf32>, tensor<?x4x2x2xf32>) -> tensor<?x4x2x2xf32>
  %g:3 = mlopt.gradient %p, %x, %s, %b : (tensor<?x4x2x2xf32>, tensor<?x4x2x2xf32>, tensor<4xf32>, tensor<4xf32>) -> (tensor<?x4x2x2xf32>, tensor<4xf32>, tensor<4xf32>)
  return %g#0, %g#1, %g#2 : tensor<?x4x2x2xf32>, tensor<4xf32>, tensor<4xf32>
}
// CHECK: gradient ok: group_norm_all_channels n=3
// CHECK: gradient ok: group_norm_all_channels n=1
// CHECK: gradient ok: group_norm_all_channels n=0

func.func @group_norm_per_channel(%x: tensor<?x3x2x2xf32> {mlopt.dims = ["n", 3, 2, 2]}, %s: tensor<3xf32>, %b: tensor<3xf32>, %r: tensor<?x3x2x2xf32> {mlopt.dims = ["n", 3, 2, 2]}) -> (tensor<?x3x2x2xf32>, tensor<3xf32>, tensor<3xf32>) {
  %y = mlopt.group_norm %x, %s, %b {groups = 0 : i64, epsilon = 1.0e-3 : f64} : (tensor<?x3x2x2xf32>, tensor<3xf32>, tensor<3xf32>) -> tensor<?x3x2x2xf32>
  %p = mlopt.mul %y, %r : (tensor<?x3x2x2xf32>, tensor<?x3x2x2xf32>) -> tensor<?x3x2x2xf32>
  %g:3 = mlopt.gradient %p, %x, %s, %b : (tensor<?x3x2x2xf32>, tensor<?x3x2x2xf32>, tensor<3xf32>, tensor<3xf32>) -> (tensor<?x3x2x2xf32>, tensor<3xf32>, tensor<3xf32>)
  return %g#0, %g#1, %g#2 : tensor<?x3x2x2xf32>, tensor<3xf32>, tensor<3xf32>
}
// CHECK: gradient ok: group_norm_per_channel n=3
// CHECK: gradient ok: group_norm_per_channel n=1
// CHECK: gradient ok: group_norm_per_channel n=0

func.func @group_norm_bare(%x: tensor<2x4x3xf32>, %r: tensor<2x4x3xf32>) -> tensor<2x4x3xf32> {
  %none = mlopt.none : none
  %y = mlopt.group_norm %x, %none, %none {groups = 2 : i64, epsilon = 1.0e-3 : f64} : (tensor<2x4x3xf32>, none, none) -> tensor<2x4x3xf32>
  %p = mlopt.mul %y, %r : (tensor<2x4x3xf32>, tensor<2x4x3xf32>) -> tensor<2x4x3xf32>
  %g = mlopt.gradient %p, %x : (tensor<2x4x3xf32>, tensor<2x4x3xf32>) -> (tensor<2x4x3xf32>)
  return %g : tensor<2x4x3xf32>
}
// CHECK: gradient ok: group_norm_bare: 

func.func @group_norm_rank_2(%x: tensor<2x6xf32>, %s: tensor<6xf32>, %r: tensor<2x6xf32>) -> (tensor<2x6xf32>, tensor<6xf32>) {
  %none = mlopt.none : none
  %y = mlopt.group_norm %x, %s, %none {groups = 3 : i64, epsilon = 1.0e-3 : f64} : (tensor<2x6xf32>, tensor<6xf32>, none) -> tensor<2x6xf32>
  %p = mlopt.mul %y, %r : (tensor<2x6xf32>, tensor<2x6xf32>) -> tensor<2x6xf32>
  %g:2 = mlopt.gradient %p, %x, %s : (tensor<2x6xf32>, tensor<2x6xf32>, tensor<6xf32>) -> (tensor<2x6xf32>, tensor<6xf32>)
  return %g#0, %g#1 : tensor<2x6xf32>, tensor<6xf32>
}
// CHECK: gradient ok: group_norm_rank_2: 

func.func @lrn(%x: tensor<?x5x3xf32> {mlopt.dims = ["n", 5, 3]}, %r: tensor<?x5x3xf32> {mlopt.dims = ["n", 5, 3]}) -> tensor<?x5x3xf32> {
  %y = mlopt.lrn %x {size = 3 : i64, alpha = 0.7 : f64, beta = 0.75 : f64, bias = 1.5 : f64} : (tensor<?x5x3xf32>) -> tensor<?x5x3xf32>
  %p = mlopt.mul %y, %r : (tensor<?x5x3xf32>, tensor<?x5x3xf32>) -> tensor<?x5x3xf32>
  %g = mlopt.gradient %p, %x : (tensor<?x5x3xf32>, tensor<?x5x3xf32>) -> (tensor<?x5x3xf32>)
  return %g : tensor<?x5x3xf32>
}
// CHECK: gradient ok: lrn n=3
// CHECK: gradient ok: lrn n=1
// CHECK: gradient ok: lrn n=0

func.func @lrn_even(%x: tensor<1x6x2x2xf32>, %r: tensor<1x6x2x2xf32>) -> tensor<1x6x2x2xf32> {
  %y = mlopt.lrn %x {size = 4 : i64, alpha = 1.2 : f64, beta = 0.5 : f64, bias = 1.0 : f64} : (tensor<1x6x2x2xf32>) -> tensor<1x6x2x2xf32>
  %p = mlopt.mul %y, %r : (tensor<1x6x2x2xf32>, tensor<1x6x2x2xf32>) -> tensor<1x6x2x2xf32>
  %g = mlopt.gradient %p, %x : (tensor<1x6x2x2xf32>, tensor<1x6x2x2xf32>) -> (tensor<1x6x2x2xf32>)
  return %g : tensor<1x6x2x2xf32>
}
// CHECK: gradient ok: lrn_even: 

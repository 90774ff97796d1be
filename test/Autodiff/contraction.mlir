// Matrix products against differences: batches, broadcasts, transposed operands.
// RUN: %mlopt-opt --mlopt-check-gradients %s -o /dev/null | FileCheck %s

func.func @plain(%a: tensor<?x4xf32> {mlopt.dims = ["n", 4]}, %b: tensor<4x5xf32>, %r: tensor<?x5xf32> {mlopt.dims = ["n", 5]}) -> (tensor<?x4xf32>, tensor<4x5xf32>) {
  %y = mlopt.matmul %a, %b : (tensor<?x4xf32>, tensor<4x5xf32>) -> tensor<?x5xf32>
  %p = mlopt.mul %y, %r : (tensor<?x5xf32>, tensor<?x5xf32>) -> tensor<?x5xf32>
  %g:2 = mlopt.gradient %p, %a, %b : (tensor<?x5xf32>, tensor<?x4xf32>, tensor<4x5xf32>) -> (tensor<?x4xf32>, tensor<4x5xf32>)
  return %g#0, %g#1 : tensor<?x4xf32>, tensor<4x5xf32>
}
// CHECK: gradient ok: plain n=3
// CHECK: gradient ok: plain n=1
// CHECK: gradient ok: plain n=0

func.func @batched(%a: tensor<?x2x4xf32> {mlopt.dims = ["n", 2, 4]}, %b: tensor<?x4x3xf32> {mlopt.dims = ["n", 4, 3]}, %r: tensor<?x2x3xf32> {mlopt.dims = ["n", 2, 3]}) -> (tensor<?x2x4xf32>, tensor<?x4x3xf32>) {
  %y = mlopt.matmul %a, %b : (tensor<?x2x4xf32>, tensor<?x4x3xf32>) -> tensor<?x2x3xf32>
  %p = mlopt.mul %y, %r : (tensor<?x2x3xf32>, tensor<?x2x3xf32>) -> tensor<?x2x3xf32>
  %g:2 = mlopt.gradient %p, %a, %b : (tensor<?x2x3xf32>, tensor<?x2x4xf32>, tensor<?x4x3xf32>) -> (tensor<?x2x4xf32>, tensor<?x4x3xf32>)
  return %g#0, %g#1 : tensor<?x2x4xf32>, tensor<?x4x3xf32>
}
// CHECK: gradient ok: batched n=3
// CHECK: gradient ok: batched n=1
// CHECK: gradient ok: batched n=0

func.func @shared_right(%a: tensor<2x?x3x4xf32> {mlopt.dims = [2, "n", 3, 4]}, %b: tensor<4x5xf32>, %r: tensor<2x?x3x5xf32> {mlopt.dims = [2, "n", 3, 5]}) -> (tensor<2x?x3x4xf32>, tensor<4x5xf32>) {
  %y = mlopt.matmul %a, %b : (tensor<2x?x3x4xf32>, tensor<4x5xf32>) -> tensor<2x?x3x5xf32>
  %p = mlopt.mul %y, %r : (tensor<2x?x3x5xf32>, tensor<2x?x3x5xf32>) -> tensor<2x?x3x5xf32>
  %g:2 = mlopt.gradient %p, %a, %b : (tensor<2x?x3x5xf32>, tensor<2x?x3x4xf32>, tensor<4x5xf32>) -> (tensor<2x?x3x4xf32>, tensor<4x5xf32>)
  return %g#0, %g#1 : tensor<2x?x3x4xf32>, tensor<4x5xf32>
}
// CHECK: gradient ok: shared_right n=3
// CHECK: gradient ok: shared_right n=1
// CHECK: gradient ok: shared_right n=0

func.func @shared_left(%a: tensor<3x4xf32>, %b: tensor<?x4x5xf32> {mlopt.dims = ["n", 4, 5]}, %r: tensor<?x3x5xf32> {mlopt.dims = ["n", 3, 5]}) -> (tensor<3x4xf32>, tensor<?x4x5xf32>) {
  %y = mlopt.matmul %a, %b : (tensor<3x4xf32>, tensor<?x4x5xf32>) -> tensor<?x3x5xf32>
  %p = mlopt.mul %y, %r : (tensor<?x3x5xf32>, tensor<?x3x5xf32>) -> tensor<?x3x5xf32>
  %g:2 = mlopt.gradient %p, %a, %b : (tensor<?x3x5xf32>, tensor<3x4xf32>, tensor<?x4x5xf32>) -> (tensor<3x4xf32>, tensor<?x4x5xf32>)
  return %g#0, %g#1 : tensor<3x4xf32>, tensor<?x4x5xf32>
}
// CHECK: gradient ok: shared_left n=3
// CHECK: gradient ok: shared_left n=1
// CHECK: gradient ok: shared_left n=0

func.func @plain_tb(%a: tensor<?x4xf32> {mlopt.dims = ["n", 4]}, %b: tensor<5x4xf32>, %r: tensor<?x5xf32> {mlopt.dims = ["n", 5]}) -> (tensor<?x4xf32>, tensor<5x4xf32>) {
  %y = mlopt.matmul %a, %b {transpose_b = true} : (tensor<?x4xf32>, tensor<5x4xf32>) -> tensor<?x5xf32>
  %p = mlopt.mul %y, %r : (tensor<?x5xf32>, tensor<?x5xf32>) -> tensor<?x5xf32>
  %g:2 = mlopt.gradient %p, %a, %b : (tensor<?x5xf32>, tensor<?x4xf32>, tensor<5x4xf32>) -> (tensor<?x4xf32>, tensor<5x4xf32>)
  return %g#0, %g#1 : tensor<?x4xf32>, tensor<5x4xf32>
}
// CHECK: gradient ok: plain_tb n=3
// CHECK: gradient ok: plain_tb n=1
// CHECK: gradient ok: plain_tb n=0

func.func @batched_tb(%a: tensor<?x2x4xf32> {mlopt.dims = ["n", 2, 4]}, %b: tensor<?x3x4xf32> {mlopt.dims = ["n", 3, 4]}, %r: tensor<?x2x3xf32> {mlopt.dims = ["n", 2, 3]}) -> (tensor<?x2x4xf32>, tensor<?x3x4xf32>) {
  %y = mlopt.matmul %a, %b {transpose_b = true} : (tensor<?x2x4xf32>, tensor<?x3x4xf32>) -> tensor<?x2x3xf32>
  %p = mlopt.mul %y, %r : (tensor<?x2x3xf32>, tensor<?x2x3xf32>) -> tensor<?x2x3xf32>
  %g:2 = mlopt.gradient %p, %a, %b : (tensor<?x2x3xf32>, tensor<?x2x4xf32>, tensor<?x3x4xf32>) -> (tensor<?x2x4xf32>, tensor<?x3x4xf32>)
  return %g#0, %g#1 : tensor<?x2x4xf32>, tensor<?x3x4xf32>
}
// CHECK: gradient ok: batched_tb n=3
// CHECK: gradient ok: batched_tb n=1
// CHECK: gradient ok: batched_tb n=0

func.func @shared_right_tb(%a: tensor<2x?x3x4xf32> {mlopt.dims = [2, "n", 3, 4]}, %b: tensor<5x4xf32>, %r: tensor<2x?x3x5xf32> {mlopt.dims = [2, "n", 3, 5]}) -> (tensor<2x?x3x4xf32>, tensor<5x4xf32>) {
  %y = mlopt.matmul %a, %b {transpose_b = true} : (tensor<2x?x3x4xf32>, tensor<5x4xf32>) -> tensor<2x?x3x5xf32>
  %p = mlopt.mul %y, %r : (tensor<2x?x3x5xf32>, tensor<2x?x3x5xf32>) -> tensor<2x?x3x5xf32>
  %g:2 = mlopt.gradient %p, %a, %b : (tensor<2x?x3x5xf32>, tensor<2x?x3x4xf32>, tensor<5x4xf32>) -> (tensor<2x?x3x4xf32>, tensor<5x4xf32>)
  return %g#0, %g#1 : tensor<2x?x3x4xf32>, tensor<5x4xf32>
}
// CHECK: gradient ok: shared_right_tb n=3
// CHECK: gradient ok: shared_right_tb n=1
// CHECK: gradient ok: shared_right_tb n=0

func.func @shared_left_tb(%a: tensor<3x4xf32>, %b: tensor<?x5x4xf32> {mlopt.dims = ["n", 5, 4]}, %r: tensor<?x3x5xf32> {mlopt.dims = ["n", 3, 5]}) -> (tensor<3x4xf32>, tensor<?x5x4xf32>) {
  %y = mlopt.matmul %a, %b {transpose_b = true} : (tensor<3x4xf32>, tensor<?x5x4xf32>) -> tensor<?x3x5xf32>
  %p = mlopt.mul %y, %r : (tensor<?x3x5xf32>, tensor<?x3x5xf32>) -> tensor<?x3x5xf32>
  %g:2 = mlopt.gradient %p, %a, %b : (tensor<?x3x5xf32>, tensor<3x4xf32>, tensor<?x5x4xf32>) -> (tensor<3x4xf32>, tensor<?x5x4xf32>)
  return %g#0, %g#1 : tensor<3x4xf32>, tensor<?x5x4xf32>
}
// CHECK: gradient ok: shared_left_tb n=3
// CHECK: gradient ok: shared_left_tb n=1
// CHECK: gradient ok: shared_left_tb n=0

func.func @plain_ta(%a: tensor<4x?xf32> {mlopt.dims = [4, "n"]}, %b: tensor<4x5xf32>, %r: tensor<?x5xf32> {mlopt.dims = ["n", 5]}) -> (tensor<4x?xf32>, tensor<4x5xf32>) {
  %y = mlopt.matmul %a, %b {transpose_a = true} : (tensor<4x?xf32>, tensor<4x5xf32>) -> tensor<?x5xf32>
  %p = mlopt.mul %y, %r : (tensor<?x5xf32>, tensor<?x5xf32>) -> tensor<?x5xf32>
  %g:2 = mlopt.gradient %p, %a, %b : (tensor<?x5xf32>, tensor<4x?xf32>, tensor<4x5xf32>) -> (tensor<4x?xf32>, tensor<4x5xf32>)
  return %g#0, %g#1 : tensor<4x?xf32>, tensor<4x5xf32>
}
// CHECK: gradient ok: plain_ta n=3
// CHECK: gradient ok: plain_ta n=1
// CHECK: gradient ok: plain_ta n=0

func.func @batched_ta(%a: tensor<?x4x2xf32> {mlopt.dims = ["n", 4, 2]}, %b: tensor<?x4x3xf32> {mlopt.dims = ["n", 4, 3]}, %r: tensor<?x2x3xf32> {mlopt.dims = ["n", 2, 3]}) -> (tensor<?x4x2xf32>, tensor<?x4x3xf32>) {
  %y = mlopt.matmul %a, %b {transpose_a = true} : (tensor<?x4x2xf32>, tensor<?x4x3xf32>) -> tensor<?x2x3xf32>
  %p = mlopt.mul %y, %r : (tensor<?x2x3xf32>, tensor<?x2x3xf32>) -> tensor<?x2x3xf32>
  %g:2 = mlopt.gradient %p, %a, %b : (tensor<?x2x3xf32>, tensor<?x4x2xf32>, tensor<?x4x3xf32>) -> (tensor<?x4x2xf32>, tensor<?x4x3xf32>)
  return %g#0, %g#1 : tensor<?x4x2xf32>, tensor<?x4x3xf32>
}
// CHECK: gradient ok: batched_ta n=3
// CHECK: gradient ok: batched_ta n=1
// CHECK: gradient ok: batched_ta n=0

func.func @shared_right_ta(%a: tensor<2x?x4x3xf32> {mlopt.dims = [2, "n", 4, 3]}, %b: tensor<4x5xf32>, %r: tensor<2x?x3x5xf32> {mlopt.dims = [2, "n", 3, 5]}) -> (tensor<2x?x4x3xf32>, tensor<4x5xf32>) {
  %y = mlopt.matmul %a, %b {transpose_a = true} : (tensor<2x?x4x3xf32>, tensor<4x5xf32>) -> tensor<2x?x3x5xf32>
  %p = mlopt.mul %y, %r : (tensor<2x?x3x5xf32>, tensor<2x?x3x5xf32>) -> tensor<2x?x3x5xf32>
  %g:2 = mlopt.gradient %p, %a, %b : (tensor<2x?x3x5xf32>, tensor<2x?x4x3xf32>, tensor<4x5xf32>) -> (tensor<2x?x4x3xf32>, tensor<4x5xf32>)
  return %g#0, %g#1 : tensor<2x?x4x3xf32>, tensor<4x5xf32>
}
// CHECK: gradient ok: shared_right_ta n=3
// CHECK: gradient ok: shared_right_ta n=1
// CHECK: gradient ok: shared_right_ta n=0

func.func @shared_left_ta(%a: tensor<4x3xf32>, %b: tensor<?x4x5xf32> {mlopt.dims = ["n", 4, 5]}, %r: tensor<?x3x5xf32> {mlopt.dims = ["n", 3, 5]}) -> (tensor<4x3xf32>, tensor<?x4x5xf32>) {
  %y = mlopt.matmul %a, %b {transpose_a = true} : (tensor<4x3xf32>, tensor<?x4x5xf32>) -> tensor<?x3x5xf32>
  %p = mlopt.mul %y, %r : (tensor<?x3x5xf32>, tensor<?x3x5xf32>) -> tensor<?x3x5xf32>
  %g:2 = mlopt.gradient %p, %a, %b : (tensor<?x3x5xf32>, tensor<4x3xf32>, tensor<?x4x5xf32>) -> (tensor<4x3xf32>, tensor<?x4x5xf32>)
  return %g#0, %g#1 : tensor<4x3xf32>, tensor<?x4x5xf32>
}
// CHECK: gradient ok: shared_left_ta n=3
// CHECK: gradient ok: shared_left_ta n=1
// CHECK: gradient ok: shared_left_ta n=0

func.func @plain_ta_tb(%a: tensor<4x?xf32> {mlopt.dims = [4, "n"]}, %b: tensor<5x4xf32>, %r: tensor<?x5xf32> {mlopt.dims = ["n", 5]}) -> (tensor<4x?xf32>, tensor<5x4xf32>) {
  %y = mlopt.matmul %a, %b {transpose_a = true, transpose_b = true} : (tensor<4x?xf32>, tensor<5x4xf32>) -> tensor<?x5xf32>
  %p = mlopt.mul %y, %r : (tensor<?x5xf32>, tensor<?x5xf32>) -> tensor<?x5xf32>
  %g:2 = mlopt.gradient %p, %a, %b : (tensor<?x5xf32>, tensor<4x?xf32>, tensor<5x4xf32>) -> (tensor<4x?xf32>, tensor<5x4xf32>)
  return %g#0, %g#1 : tensor<4x?xf32>, tensor<5x4xf32>
}
// CHECK: gradient ok: plain_ta_tb n=3
// CHECK: gradient ok: plain_ta_tb n=1
// CHECK: gradient ok: plain_ta_tb n=0

func.func @batched_ta_tb(%a: tensor<?x4x2xf32> {mlopt.dims = ["n", 4, 2]}, %b: tensor<?x3x4xf32> {mlopt.dims = ["n", 3, 4]}, %r: tensor<?x2x3xf32> {mlopt.dims = ["n", 2, 3]}) -> (tensor<?x4x2xf32>, tensor<?x3x4xf32>) {
  %y = mlopt.matmul %a, %b {transpose_a = true, transpose_b = true} : (tensor<?x4x2xf32>, tensor<?x3x4xf32>) -> tensor<?x2x3xf32>
  %p = mlopt.mul %y, %r : (tensor<?x2x3xf32>, tensor<?x2x3xf32>) -> tensor<?x2x3xf32>
  %g:2 = mlopt.gradient %p, %a, %b : (tensor<?x2x3xf32>, tensor<?x4x2xf32>, tensor<?x3x4xf32>) -> (tensor<?x4x2xf32>, tensor<?x3x4xf32>)
  return %g#0, %g#1 : tensor<?x4x2xf32>, tensor<?x3x4xf32>
}
// CHECK: gradient ok: batched_ta_tb n=3
// CHECK: gradient ok: batched_ta_tb n=1
// CHECK: gradient ok: batched_ta_tb n=0

func.func @shared_right_ta_tb(%a: tensor<2x?x4x3xf32> {mlopt.dims = [2, "n", 4, 3]}, %b: tensor<5x4xf32>, %r: tensor<2x?x3x5xf32> {mlopt.dims = [2, "n", 3, 5]}) -> (tensor<2x?x4x3xf32>, tensor<5x4xf32>) {
  %y = mlopt.matmul %a, %b {transpose_a = true, transpose_b = true} : (tensor<2x?x4x3xf32>, tensor<5x4xf32>) -> tensor<2x?x3x5xf32>
  %p = mlopt.mul %y, %r : (tensor<2x?x3x5xf32>, tensor<2x?x3x5xf32>) -> tensor<2x?x3x5xf32>
  %g:2 = mlopt.gradient %p, %a, %b : (tensor<2x?x3x5xf32>, tensor<2x?x4x3xf32>, tensor<5x4xf32>) -> (tensor<2x?x4x3xf32>, tensor<5x4xf32>)
  return %g#0, %g#1 : tensor<2x?x4x3xf32>, tensor<5x4xf32>
}
// CHECK: gradient ok: shared_right_ta_tb n=3
// CHECK: gradient ok: shared_right_ta_tb n=1
// CHECK: gradient ok: shared_right_ta_tb n=0

func.func @shared_left_ta_tb(%a: tensor<4x3xf32>, %b: tensor<?x5x4xf32> {mlopt.dims = ["n", 5, 4]}, %r: tensor<?x3x5xf32> {mlopt.dims = ["n", 3, 5]}) -> (tensor<4x3xf32>, tensor<?x5x4xf32>) {
  %y = mlopt.matmul %a, %b {transpose_a = true, transpose_b = true} : (tensor<4x3xf32>, tensor<?x5x4xf32>) -> tensor<?x3x5xf32>
  %p = mlopt.mul %y, %r : (tensor<?x3x5xf32>, tensor<?x3x5xf32>) -> tensor<?x3x5xf32>
  %g:2 = mlopt.gradient %p, %a, %b : (tensor<?x3x5xf32>, tensor<4x3xf32>, tensor<?x5x4xf32>) -> (tensor<4x3xf32>, tensor<?x5x4xf32>)
  return %g#0, %g#1 : tensor<4x3xf32>, tensor<?x5x4xf32>
}
// CHECK: gradient ok: shared_left_ta_tb n=3
// CHECK: gradient ok: shared_left_ta_tb n=1
// CHECK: gradient ok: shared_left_ta_tb n=0

func.func @both_broadcast(%a: tensor<2x1x3x4xf32>, %b: tensor<5x4x2xf32>, %r: tensor<2x5x3x2xf32>) -> (tensor<2x1x3x4xf32>, tensor<5x4x2xf32>) {
  %y = mlopt.matmul %a, %b : (tensor<2x1x3x4xf32>, tensor<5x4x2xf32>) -> tensor<2x5x3x2xf32>
  %p = mlopt.mul %y, %r : (tensor<2x5x3x2xf32>, tensor<2x5x3x2xf32>) -> tensor<2x5x3x2xf32>
  %g:2 = mlopt.gradient %p, %a, %b : (tensor<2x5x3x2xf32>, tensor<2x1x3x4xf32>, tensor<5x4x2xf32>) -> (tensor<2x1x3x4xf32>, tensor<5x4x2xf32>)
  return %g#0, %g#1 : tensor<2x1x3x4xf32>, tensor<5x4x2xf32>
}
// CHECK: gradient ok: both_broadcast: 

func.func @outer_product(%a: tensor<?x1xf32> {mlopt.dims = ["n", 1]}, %b: tensor<1x4xf32>, %r: tensor<?x4xf32> {mlopt.dims = ["n", 4]}) -> (tensor<?x1xf32>, tensor<1x4xf32>) {
  %y = mlopt.matmul %a, %b : (tensor<?x1xf32>, tensor<1x4xf32>) -> tensor<?x4xf32>
  %p = mlopt.mul %y, %r : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
  %g:2 = mlopt.gradient %p, %a, %b : (tensor<?x4xf32>, tensor<?x1xf32>, tensor<1x4xf32>) -> (tensor<?x1xf32>, tensor<1x4xf32>)
  return %g#0, %g#1 : tensor<?x1xf32>, tensor<1x4xf32>
}
// CHECK: gradient ok: outer_product n=3
// CHECK: gradient ok: outer_product n=1
// CHECK: gradient ok: outer_product n=0

func.func @contracted(%a: tensor<3x?xf32> {mlopt.dims = [3, "n"]}, %b: tensor<?x4xf32> {mlopt.dims = ["n", 4]}, %r: tensor<3x4xf32>) -> (tensor<3x?xf32>, tensor<?x4xf32>) {
  %y = mlopt.matmul %a, %b : (tensor<3x?xf32>, tensor<?x4xf32>) -> tensor<3x4xf32>
  %p = mlopt.mul %y, %r : (tensor<3x4xf32>, tensor<3x4xf32>) -> tensor<3x4xf32>
  %g:2 = mlopt.gradient %p, %a, %b : (tensor<3x4xf32>, tensor<3x?xf32>, tensor<?x4xf32>) -> (tensor<3x?xf32>, tensor<?x4xf32>)
  return %g#0, %g#1 : tensor<3x?xf32>, tensor<?x4xf32>
}
// CHECK: gradient ok: contracted n=3
// CHECK: gradient ok: contracted n=1
// CHECK: gradient ok: contracted n=0

func.func @unit_batch(%a: tensor<1x1x3x4xf32>, %b: tensor<4x2xf32>, %r: tensor<1x1x3x2xf32>) -> (tensor<1x1x3x4xf32>, tensor<4x2xf32>) {
  %y = mlopt.matmul %a, %b : (tensor<1x1x3x4xf32>, tensor<4x2xf32>) -> tensor<1x1x3x2xf32>
  %p = mlopt.mul %y, %r : (tensor<1x1x3x2xf32>, tensor<1x1x3x2xf32>) -> tensor<1x1x3x2xf32>
  %g:2 = mlopt.gradient %p, %a, %b : (tensor<1x1x3x2xf32>, tensor<1x1x3x4xf32>, tensor<4x2xf32>) -> (tensor<1x1x3x4xf32>, tensor<4x2xf32>)
  return %g#0, %g#1 : tensor<1x1x3x4xf32>, tensor<4x2xf32>
}
// CHECK: gradient ok: unit_batch: 

func.func @unit_batch_right(%a: tensor<?x3x4xf32> {mlopt.dims = ["n", 3, 4]}, %b: tensor<1x4x2xf32>, %r: tensor<?x3x2xf32> {mlopt.dims = ["n", 3, 2]}) -> (tensor<?x3x4xf32>, tensor<1x4x2xf32>) {
  %y = mlopt.matmul %a, %b : (tensor<?x3x4xf32>, tensor<1x4x2xf32>) -> tensor<?x3x2xf32>
  %p = mlopt.mul %y, %r : (tensor<?x3x2xf32>, tensor<?x3x2xf32>) -> tensor<?x3x2xf32>
  %g:2 = mlopt.gradient %p, %a, %b : (tensor<?x3x2xf32>, tensor<?x3x4xf32>, tensor<1x4x2xf32>) -> (tensor<?x3x4xf32>, tensor<1x4x2xf32>)
  return %g#0, %g#1 : tensor<?x3x4xf32>, tensor<1x4x2xf32>
}
// CHECK: gradient ok: unit_batch_right n=3
// CHECK: gradient ok: unit_batch_right n=1
// CHECK: gradient ok: unit_batch_right n=0

func.func @right_of_more_axes(%a: tensor<2x3x4xf32>, %b: tensor<1x1x4x2xf32>, %r: tensor<1x2x3x2xf32>) -> (tensor<2x3x4xf32>, tensor<1x1x4x2xf32>) {
  %y = mlopt.matmul %a, %b : (tensor<2x3x4xf32>, tensor<1x1x4x2xf32>) -> tensor<1x2x3x2xf32>
  %p = mlopt.mul %y, %r : (tensor<1x2x3x2xf32>, tensor<1x2x3x2xf32>) -> tensor<1x2x3x2xf32>
  %g:2 = mlopt.gradient %p, %a, %b : (tensor<1x2x3x2xf32>, tensor<2x3x4xf32>, tensor<1x1x4x2xf32>) -> (tensor<2x3x4xf32>, tensor<1x1x4x2xf32>)
  return %g#0, %g#1 : tensor<2x3x4xf32>, tensor<1x1x4x2xf32>
}
// CHECK: gradient ok: right_of_more_axes: 

func.func @one_side_left(%a: tensor<?x4xf32> {mlopt.dims = ["n", 4]}, %b: tensor<4x5xf32>, %r: tensor<?x5xf32> {mlopt.dims = ["n", 5]}) -> tensor<?x4xf32> {
  %y = mlopt.matmul %a, %b : (tensor<?x4xf32>, tensor<4x5xf32>) -> tensor<?x5xf32>
  %p = mlopt.mul %y, %r : (tensor<?x5xf32>, tensor<?x5xf32>) -> tensor<?x5xf32>
  %g = mlopt.gradient %p, %a : (tensor<?x5xf32>, tensor<?x4xf32>) -> (tensor<?x4xf32>)
  return %g : tensor<?x4xf32>
}
// CHECK: gradient ok: one_side_left n=3
// CHECK: gradient ok: one_side_left n=1
// CHECK: gradient ok: one_side_left n=0

func.func @one_side_right(%a: tensor<?x4xf32> {mlopt.dims = ["n", 4]}, %b: tensor<4x5xf32>, %r: tensor<?x5xf32> {mlopt.dims = ["n", 5]}) -> tensor<4x5xf32> {
  %y = mlopt.matmul %a, %b : (tensor<?x4xf32>, tensor<4x5xf32>) -> tensor<?x5xf32>
  %p = mlopt.mul %y, %r : (tensor<?x5xf32>, tensor<?x5xf32>) -> tensor<?x5xf32>
  %g = mlopt.gradient %p, %b : (tensor<?x5xf32>, tensor<4x5xf32>) -> (tensor<4x5xf32>)
  return %g : tensor<4x5xf32>
}
// CHECK: gradient ok: one_side_right n=3
// CHECK: gradient ok: one_side_right n=1
// CHECK: gradient ok: one_side_right n=0

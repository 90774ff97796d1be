// Operands of equal shape, and broadcast along an axis of size 1, a missing axis and all axes.
// RUN: %mlopt-opt --mlopt-check-gradients %s -o /dev/null | FileCheck %s

// CHECK: gradient ok: add {{.*}}=3 {{.*}}=4:
// CHECK: gradient ok: add {{.*}}=1 {{.*}}=1:
// CHECK: gradient ok: add {{.*}}=0 {{.*}}=0:
func.func @add(%a: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}, %b: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> (tensor<?x?xf32>, tensor<?x?xf32>) {
  %0 = mlopt.add %a, %b : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g:2 = mlopt.gradient %y, %a, %b : (tensor<?x?xf32>, tensor<?x?xf32>, tensor<?x?xf32>) -> (tensor<?x?xf32>, tensor<?x?xf32>)
  return %g#0, %g#1 : tensor<?x?xf32>, tensor<?x?xf32>
}

// CHECK: gradient ok: add_row {{.*}}=3 {{.*}}=4:
// CHECK: gradient ok: add_row {{.*}}=1 {{.*}}=1:
// CHECK: gradient ok: add_row {{.*}}=0 {{.*}}=0:
func.func @add_row(%a: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}, %b: tensor<?xf32> {mlopt.dims = ["m"]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> (tensor<?x?xf32>, tensor<?xf32>) {
  %0 = mlopt.add %a, %b : (tensor<?x?xf32>, tensor<?xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g:2 = mlopt.gradient %y, %a, %b : (tensor<?x?xf32>, tensor<?x?xf32>, tensor<?xf32>) -> (tensor<?x?xf32>, tensor<?xf32>)
  return %g#0, %g#1 : tensor<?x?xf32>, tensor<?xf32>
}

// CHECK: gradient ok: add_row_left {{.*}}=3 {{.*}}=4:
// CHECK: gradient ok: add_row_left {{.*}}=1 {{.*}}=1:
// CHECK: gradient ok: add_row_left {{.*}}=0 {{.*}}=0:
func.func @add_row_left(%a: tensor<?xf32> {mlopt.dims = ["m"]}, %b: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> (tensor<?xf32>, tensor<?x?xf32>) {
  %0 = mlopt.add %a, %b : (tensor<?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g:2 = mlopt.gradient %y, %a, %b : (tensor<?x?xf32>, tensor<?xf32>, tensor<?x?xf32>) -> (tensor<?xf32>, tensor<?x?xf32>)
  return %g#0, %g#1 : tensor<?xf32>, tensor<?x?xf32>
}

// CHECK: gradient ok: add_column {{.*}}=3 {{.*}}=4:
// CHECK: gradient ok: add_column {{.*}}=1 {{.*}}=1:
// CHECK: gradient ok: add_column {{.*}}=0 {{.*}}=0:
func.func @add_column(%a: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}, %b: tensor<?x1xf32> {mlopt.dims = ["n", 1]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> (tensor<?x?xf32>, tensor<?x1xf32>) {
  %0 = mlopt.add %a, %b : (tensor<?x?xf32>, tensor<?x1xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g:2 = mlopt.gradient %y, %a, %b : (tensor<?x?xf32>, tensor<?x?xf32>, tensor<?x1xf32>) -> (tensor<?x?xf32>, tensor<?x1xf32>)
  return %g#0, %g#1 : tensor<?x?xf32>, tensor<?x1xf32>
}

// CHECK: gradient ok: add_column_left {{.*}}=3 {{.*}}=4:
// CHECK: gradient ok: add_column_left {{.*}}=1 {{.*}}=1:
// CHECK: gradient ok: add_column_left {{.*}}=0 {{.*}}=0:
func.func @add_column_left(%a: tensor<?x1xf32> {mlopt.dims = ["n", 1]}, %b: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> (tensor<?x1xf32>, tensor<?x?xf32>) {
  %0 = mlopt.add %a, %b : (tensor<?x1xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g:2 = mlopt.gradient %y, %a, %b : (tensor<?x?xf32>, tensor<?x1xf32>, tensor<?x?xf32>) -> (tensor<?x1xf32>, tensor<?x?xf32>)
  return %g#0, %g#1 : tensor<?x1xf32>, tensor<?x?xf32>
}

// CHECK: gradient ok: add_scalar {{.*}}=3 {{.*}}=4:
// CHECK: gradient ok: add_scalar {{.*}}=1 {{.*}}=1:
// CHECK: gradient ok: add_scalar {{.*}}=0 {{.*}}=0:
func.func @add_scalar(%a: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}, %b: tensor<f32> {mlopt.dims = []}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> (tensor<?x?xf32>, tensor<f32>) {
  %0 = mlopt.add %a, %b : (tensor<?x?xf32>, tensor<f32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g:2 = mlopt.gradient %y, %a, %b : (tensor<?x?xf32>, tensor<?x?xf32>, tensor<f32>) -> (tensor<?x?xf32>, tensor<f32>)
  return %g#0, %g#1 : tensor<?x?xf32>, tensor<f32>
}

// CHECK: gradient ok: add_scalar_left {{.*}}=3 {{.*}}=4:
// CHECK: gradient ok: add_scalar_left {{.*}}=1 {{.*}}=1:
// CHECK: gradient ok: add_scalar_left {{.*}}=0 {{.*}}=0:
func.func @add_scalar_left(%a: tensor<f32> {mlopt.dims = []}, %b: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> (tensor<f32>, tensor<?x?xf32>) {
  %0 = mlopt.add %a, %b : (tensor<f32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g:2 = mlopt.gradient %y, %a, %b : (tensor<?x?xf32>, tensor<f32>, tensor<?x?xf32>) -> (tensor<f32>, tensor<?x?xf32>)
  return %g#0, %g#1 : tensor<f32>, tensor<?x?xf32>
}

// CHECK: gradient ok: sub {{.*}}=3 {{.*}}=4:
// CHECK: gradient ok: sub {{.*}}=1 {{.*}}=1:
// CHECK: gradient ok: sub {{.*}}=0 {{.*}}=0:
func.func @sub(%a: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}, %b: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> (tensor<?x?xf32>, tensor<?x?xf32>) {
  %0 = mlopt.sub %a, %b : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g:2 = mlopt.gradient %y, %a, %b : (tensor<?x?xf32>, tensor<?x?xf32>, tensor<?x?xf32>) -> (tensor<?x?xf32>, tensor<?x?xf32>)
  return %g#0, %g#1 : tensor<?x?xf32>, tensor<?x?xf32>
}

// CHECK: gradient ok: sub_row {{.*}}=3 {{.*}}=4:
// CHECK: gradient ok: sub_row {{.*}}=1 {{.*}}=1:
// CHECK: gradient ok: sub_row {{.*}}=0 {{.*}}=0:
func.func @sub_row(%a: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}, %b: tensor<?xf32> {mlopt.dims = ["m"]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> (tensor<?x?xf32>, tensor<?xf32>) {
  %0 = mlopt.sub %a, %b : (tensor<?x?xf32>, tensor<?xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g:2 = mlopt.gradient %y, %a, %b : (tensor<?x?xf32>, tensor<?x?xf32>, tensor<?xf32>) -> (tensor<?x?xf32>, tensor<?xf32>)
  return %g#0, %g#1 : tensor<?x?xf32>, tensor<?xf32>
}

// CHECK: gradient ok: sub_row_left {{.*}}=3 {{.*}}=4:
// CHECK: gradient ok: sub_row_left {{.*}}=1 {{.*}}=1:
// CHECK: gradient ok: sub_row_left {{.*}}=0 {{.*}}=0:
func.func @sub_row_left(%a: tensor<?xf32> {mlopt.dims = ["m"]}, %b: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> (tensor<?xf32>, tensor<?x?xf32>) {
  %0 = mlopt.sub %a, %b : (tensor<?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g:2 = mlopt.gradient %y, %a, %b : (tensor<?x?xf32>, tensor<?xf32>, tensor<?x?xf32>) -> (tensor<?xf32>, tensor<?x?xf32>)
  return %g#0, %g#1 : tensor<?xf32>, tensor<?x?xf32>
}

// CHECK: gradient ok: sub_column {{.*}}=3 {{.*}}=4:
// CHECK: gradient ok: sub_column {{.*}}=1 {{.*}}=1:
// CHECK: gradient ok: sub_column {{.*}}=0 {{.*}}=0:
func.func @sub_column(%a: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}, %b: tensor<?x1xf32> {mlopt.dims = ["n", 1]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> (tensor<?x?xf32>, tensor<?x1xf32>) {
  %0 = mlopt.sub %a, %b : (tensor<?x?xf32>, tensor<?x1xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g:2 = mlopt.gradient %y, %a, %b : (tensor<?x?xf32>, tensor<?x?xf32>, tensor<?x1xf32>) -> (tensor<?x?xf32>, tensor<?x1xf32>)
  return %g#0, %g#1 : tensor<?x?xf32>, tensor<?x1xf32>
}

// CHECK: gradient ok: sub_column_left {{.*}}=3 {{.*}}=4:
// CHECK: gradient ok: sub_column_left {{.*}}=1 {{.*}}=1:
// CHECK: gradient ok: sub_column_left {{.*}}=0 {{.*}}=0:
func.func @sub_column_left(%a: tensor<?x1xf32> {mlopt.dims = ["n", 1]}, %b: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> (tensor<?x1xf32>, tensor<?x?xf32>) {
  %0 = mlopt.sub %a, %b : (tensor<?x1xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g:2 = mlopt.gradient %y, %a, %b : (tensor<?x?xf32>, tensor<?x1xf32>, tensor<?x?xf32>) -> (tensor<?x1xf32>, tensor<?x?xf32>)
  return %g#0, %g#1 : tensor<?x1xf32>, tensor<?x?xf32>
}

// CHECK: gradient ok: sub_scalar {{.*}}=3 {{.*}}=4:
// CHECK: gradient ok: sub_scalar {{.*}}=1 {{.*}}=1:
// CHECK: gradient ok: sub_scalar {{.*}}=0 {{.*}}=0:
func.func @sub_scalar(%a: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}, %b: tensor<f32> {mlopt.dims = []}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> (tensor<?x?xf32>, tensor<f32>) {
  %0 = mlopt.sub %a, %b : (tensor<?x?xf32>, tensor<f32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g:2 = mlopt.gradient %y, %a, %b : (tensor<?x?xf32>, tensor<?x?xf32>, tensor<f32>) -> (tensor<?x?xf32>, tensor<f32>)
  return %g#0, %g#1 : tensor<?x?xf32>, tensor<f32>
}

// CHECK: gradient ok: sub_scalar_left {{.*}}=3 {{.*}}=4:
// CHECK: gradient ok: sub_scalar_left {{.*}}=1 {{.*}}=1:
// CHECK: gradient ok: sub_scalar_left {{.*}}=0 {{.*}}=0:
func.func @sub_scalar_left(%a: tensor<f32> {mlopt.dims = []}, %b: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> (tensor<f32>, tensor<?x?xf32>) {
  %0 = mlopt.sub %a, %b : (tensor<f32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g:2 = mlopt.gradient %y, %a, %b : (tensor<?x?xf32>, tensor<f32>, tensor<?x?xf32>) -> (tensor<f32>, tensor<?x?xf32>)
  return %g#0, %g#1 : tensor<f32>, tensor<?x?xf32>
}

// CHECK: gradient ok: mul {{.*}}=3 {{.*}}=4:
// CHECK: gradient ok: mul {{.*}}=1 {{.*}}=1:
// CHECK: gradient ok: mul {{.*}}=0 {{.*}}=0:
func.func @mul(%a: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}, %b: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> (tensor<?x?xf32>, tensor<?x?xf32>) {
  %0 = mlopt.mul %a, %b : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g:2 = mlopt.gradient %y, %a, %b : (tensor<?x?xf32>, tensor<?x?xf32>, tensor<?x?xf32>) -> (tensor<?x?xf32>, tensor<?x?xf32>)
  return %g#0, %g#1 : tensor<?x?xf32>, tensor<?x?xf32>
}

// CHECK: gradient ok: mul_row {{.*}}=3 {{.*}}=4:
// CHECK: gradient ok: mul_row {{.*}}=1 {{.*}}=1:
// CHECK: gradient ok: mul_row {{.*}}=0 {{.*}}=0:
func.func @mul_row(%a: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}, %b: tensor<?xf32> {mlopt.dims = ["m"]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> (tensor<?x?xf32>, tensor<?xf32>) {
  %0 = mlopt.mul %a, %b : (tensor<?x?xf32>, tensor<?xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g:2 = mlopt.gradient %y, %a, %b : (tensor<?x?xf32>, tensor<?x?xf32>, tensor<?xf32>) -> (tensor<?x?xf32>, tensor<?xf32>)
  return %g#0, %g#1 : tensor<?x?xf32>, tensor<?xf32>
}

// CHECK: gradient ok: mul_row_left {{.*}}=3 {{.*}}=4:
// CHECK: gradient ok: mul_row_left {{.*}}=1 {{.*}}=1:
// CHECK: gradient ok: mul_row_left {{.*}}=0 {{.*}}=0:
func.func @mul_row_left(%a: tensor<?xf32> {mlopt.dims = ["m"]}, %b: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> (tensor<?xf32>, tensor<?x?xf32>) {
  %0 = mlopt.mul %a, %b : (tensor<?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g:2 = mlopt.gradient %y, %a, %b : (tensor<?x?xf32>, tensor<?xf32>, tensor<?x?xf32>) -> (tensor<?xf32>, tensor<?x?xf32>)
  return %g#0, %g#1 : tensor<?xf32>, tensor<?x?xf32>
}

// CHECK: gradient ok: mul_column {{.*}}=3 {{.*}}=4:
// CHECK: gradient ok: mul_column {{.*}}=1 {{.*}}=1:
// CHECK: gradient ok: mul_column {{.*}}=0 {{.*}}=0:
func.func @mul_column(%a: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}, %b: tensor<?x1xf32> {mlopt.dims = ["n", 1]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> (tensor<?x?xf32>, tensor<?x1xf32>) {
  %0 = mlopt.mul %a, %b : (tensor<?x?xf32>, tensor<?x1xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g:2 = mlopt.gradient %y, %a, %b : (tensor<?x?xf32>, tensor<?x?xf32>, tensor<?x1xf32>) -> (tensor<?x?xf32>, tensor<?x1xf32>)
  return %g#0, %g#1 : tensor<?x?xf32>, tensor<?x1xf32>
}

// CHECK: gradient ok: mul_column_left {{.*}}=3 {{.*}}=4:
// CHECK: gradient ok: mul_column_left {{.*}}=1 {{.*}}=1:
// CHECK: gradient ok: mul_column_left {{.*}}=0 {{.*}}=0:
func.func @mul_column_left(%a: tensor<?x1xf32> {mlopt.dims = ["n", 1]}, %b: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> (tensor<?x1xf32>, tensor<?x?xf32>) {
  %0 = mlopt.mul %a, %b : (tensor<?x1xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g:2 = mlopt.gradient %y, %a, %b : (tensor<?x?xf32>, tensor<?x1xf32>, tensor<?x?xf32>) -> (tensor<?x1xf32>, tensor<?x?xf32>)
  return %g#0, %g#1 : tensor<?x1xf32>, tensor<?x?xf32>
}

// CHECK: gradient ok: mul_scalar {{.*}}=3 {{.*}}=4:
// CHECK: gradient ok: mul_scalar {{.*}}=1 {{.*}}=1:
// CHECK: gradient ok: mul_scalar {{.*}}=0 {{.*}}=0:
func.func @mul_scalar(%a: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}, %b: tensor<f32> {mlopt.dims = []}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> (tensor<?x?xf32>, tensor<f32>) {
  %0 = mlopt.mul %a, %b : (tensor<?x?xf32>, tensor<f32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g:2 = mlopt.gradient %y, %a, %b : (tensor<?x?xf32>, tensor<?x?xf32>, tensor<f32>) -> (tensor<?x?xf32>, tensor<f32>)
  return %g#0, %g#1 : tensor<?x?xf32>, tensor<f32>
}

// CHECK: gradient ok: mul_scalar_left {{.*}}=3 {{.*}}=4:
// CHECK: gradient ok: mul_scalar_left {{.*}}=1 {{.*}}=1:
// CHECK: gradient ok: mul_scalar_left {{.*}}=0 {{.*}}=0:
func.func @mul_scalar_left(%a: tensor<f32> {mlopt.dims = []}, %b: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> (tensor<f32>, tensor<?x?xf32>) {
  %0 = mlopt.mul %a, %b : (tensor<f32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g:2 = mlopt.gradient %y, %a, %b : (tensor<?x?xf32>, tensor<f32>, tensor<?x?xf32>) -> (tensor<f32>, tensor<?x?xf32>)
  return %g#0, %g#1 : tensor<f32>, tensor<?x?xf32>
}

// CHECK: gradient ok: div {{.*}}=3 {{.*}}=4:
// CHECK: gradient ok: div {{.*}}=1 {{.*}}=1:
// CHECK: gradient ok: div {{.*}}=0 {{.*}}=0:
func.func @div(%a: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}, %b: tensor<?x?xf32> {mlopt.dims = ["n", "m"], mlopt.range = [0.5, 2.0]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> (tensor<?x?xf32>, tensor<?x?xf32>) {
  %0 = mlopt.div %a, %b : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g:2 = mlopt.gradient %y, %a, %b : (tensor<?x?xf32>, tensor<?x?xf32>, tensor<?x?xf32>) -> (tensor<?x?xf32>, tensor<?x?xf32>)
  return %g#0, %g#1 : tensor<?x?xf32>, tensor<?x?xf32>
}

// CHECK: gradient ok: div_row {{.*}}=3 {{.*}}=4:
// CHECK: gradient ok: div_row {{.*}}=1 {{.*}}=1:
// CHECK: gradient ok: div_row {{.*}}=0 {{.*}}=0:
func.func @div_row(%a: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}, %b: tensor<?xf32> {mlopt.dims = ["m"], mlopt.range = [0.5, 2.0]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> (tensor<?x?xf32>, tensor<?xf32>) {
  %0 = mlopt.div %a, %b : (tensor<?x?xf32>, tensor<?xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g:2 = mlopt.gradient %y, %a, %b : (tensor<?x?xf32>, tensor<?x?xf32>, tensor<?xf32>) -> (tensor<?x?xf32>, tensor<?xf32>)
  return %g#0, %g#1 : tensor<?x?xf32>, tensor<?xf32>
}

// CHECK: gradient ok: div_row_left {{.*}}=3 {{.*}}=4:
// CHECK: gradient ok: div_row_left {{.*}}=1 {{.*}}=1:
// CHECK: gradient ok: div_row_left {{.*}}=0 {{.*}}=0:
func.func @div_row_left(%a: tensor<?xf32> {mlopt.dims = ["m"]}, %b: tensor<?x?xf32> {mlopt.dims = ["n", "m"], mlopt.range = [0.5, 2.0]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> (tensor<?xf32>, tensor<?x?xf32>) {
  %0 = mlopt.div %a, %b : (tensor<?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g:2 = mlopt.gradient %y, %a, %b : (tensor<?x?xf32>, tensor<?xf32>, tensor<?x?xf32>) -> (tensor<?xf32>, tensor<?x?xf32>)
  return %g#0, %g#1 : tensor<?xf32>, tensor<?x?xf32>
}

// CHECK: gradient ok: div_column {{.*}}=3 {{.*}}=4:
// CHECK: gradient ok: div_column {{.*}}=1 {{.*}}=1:
// CHECK: gradient ok: div_column {{.*}}=0 {{.*}}=0:
func.func @div_column(%a: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}, %b: tensor<?x1xf32> {mlopt.dims = ["n", 1], mlopt.range = [0.5, 2.0]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> (tensor<?x?xf32>, tensor<?x1xf32>) {
  %0 = mlopt.div %a, %b : (tensor<?x?xf32>, tensor<?x1xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g:2 = mlopt.gradient %y, %a, %b : (tensor<?x?xf32>, tensor<?x?xf32>, tensor<?x1xf32>) -> (tensor<?x?xf32>, tensor<?x1xf32>)
  return %g#0, %g#1 : tensor<?x?xf32>, tensor<?x1xf32>
}

// CHECK: gradient ok: div_column_left {{.*}}=3 {{.*}}=4:
// CHECK: gradient ok: div_column_left {{.*}}=1 {{.*}}=1:
// CHECK: gradient ok: div_column_left {{.*}}=0 {{.*}}=0:
func.func @div_column_left(%a: tensor<?x1xf32> {mlopt.dims = ["n", 1]}, %b: tensor<?x?xf32> {mlopt.dims = ["n", "m"], mlopt.range = [0.5, 2.0]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> (tensor<?x1xf32>, tensor<?x?xf32>) {
  %0 = mlopt.div %a, %b : (tensor<?x1xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g:2 = mlopt.gradient %y, %a, %b : (tensor<?x?xf32>, tensor<?x1xf32>, tensor<?x?xf32>) -> (tensor<?x1xf32>, tensor<?x?xf32>)
  return %g#0, %g#1 : tensor<?x1xf32>, tensor<?x?xf32>
}

// CHECK: gradient ok: div_scalar {{.*}}=3 {{.*}}=4:
// CHECK: gradient ok: div_scalar {{.*}}=1 {{.*}}=1:
// CHECK: gradient ok: div_scalar {{.*}}=0 {{.*}}=0:
func.func @div_scalar(%a: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}, %b: tensor<f32> {mlopt.dims = [], mlopt.range = [0.5, 2.0]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> (tensor<?x?xf32>, tensor<f32>) {
  %0 = mlopt.div %a, %b : (tensor<?x?xf32>, tensor<f32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g:2 = mlopt.gradient %y, %a, %b : (tensor<?x?xf32>, tensor<?x?xf32>, tensor<f32>) -> (tensor<?x?xf32>, tensor<f32>)
  return %g#0, %g#1 : tensor<?x?xf32>, tensor<f32>
}

// CHECK: gradient ok: div_scalar_left {{.*}}=3 {{.*}}=4:
// CHECK: gradient ok: div_scalar_left {{.*}}=1 {{.*}}=1:
// CHECK: gradient ok: div_scalar_left {{.*}}=0 {{.*}}=0:
func.func @div_scalar_left(%a: tensor<f32> {mlopt.dims = []}, %b: tensor<?x?xf32> {mlopt.dims = ["n", "m"], mlopt.range = [0.5, 2.0]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> (tensor<f32>, tensor<?x?xf32>) {
  %0 = mlopt.div %a, %b : (tensor<f32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g:2 = mlopt.gradient %y, %a, %b : (tensor<?x?xf32>, tensor<f32>, tensor<?x?xf32>) -> (tensor<f32>, tensor<?x?xf32>)
  return %g#0, %g#1 : tensor<f32>, tensor<?x?xf32>
}

// CHECK: gradient ok: pow {{.*}}=3 {{.*}}=4:
// CHECK: gradient ok: pow {{.*}}=1 {{.*}}=1:
// CHECK: gradient ok: pow {{.*}}=0 {{.*}}=0:
func.func @pow(%a: tensor<?x?xf32> {mlopt.dims = ["n", "m"], mlopt.range = [0.5, 2.0]}, %b: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> (tensor<?x?xf32>, tensor<?x?xf32>) {
  %0 = mlopt.pow %a, %b : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g:2 = mlopt.gradient %y, %a, %b : (tensor<?x?xf32>, tensor<?x?xf32>, tensor<?x?xf32>) -> (tensor<?x?xf32>, tensor<?x?xf32>)
  return %g#0, %g#1 : tensor<?x?xf32>, tensor<?x?xf32>
}

// CHECK: gradient ok: pow_row {{.*}}=3 {{.*}}=4:
// CHECK: gradient ok: pow_row {{.*}}=1 {{.*}}=1:
// CHECK: gradient ok: pow_row {{.*}}=0 {{.*}}=0:
func.func @pow_row(%a: tensor<?x?xf32> {mlopt.dims = ["n", "m"], mlopt.range = [0.5, 2.0]}, %b: tensor<?xf32> {mlopt.dims = ["m"]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> (tensor<?x?xf32>, tensor<?xf32>) {
  %0 = mlopt.pow %a, %b : (tensor<?x?xf32>, tensor<?xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g:2 = mlopt.gradient %y, %a, %b : (tensor<?x?xf32>, tensor<?x?xf32>, tensor<?xf32>) -> (tensor<?x?xf32>, tensor<?xf32>)
  return %g#0, %g#1 : tensor<?x?xf32>, tensor<?xf32>
}

// CHECK: gradient ok: pow_row_left {{.*}}=3 {{.*}}=4:
// CHECK: gradient ok: pow_row_left {{.*}}=1 {{.*}}=1:
// CHECK: gradient ok: pow_row_left {{.*}}=0 {{.*}}=0:
func.func @pow_row_left(%a: tensor<?xf32> {mlopt.dims = ["m"], mlopt.range = [0.5, 2.0]}, %b: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> (tensor<?xf32>, tensor<?x?xf32>) {
  %0 = mlopt.pow %a, %b : (tensor<?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g:2 = mlopt.gradient %y, %a, %b : (tensor<?x?xf32>, tensor<?xf32>, tensor<?x?xf32>) -> (tensor<?xf32>, tensor<?x?xf32>)
  return %g#0, %g#1 : tensor<?xf32>, tensor<?x?xf32>
}

// CHECK: gradient ok: pow_column {{.*}}=3 {{.*}}=4:
// CHECK: gradient ok: pow_column {{.*}}=1 {{.*}}=1:
// CHECK: gradient ok: pow_column {{.*}}=0 {{.*}}=0:
func.func @pow_column(%a: tensor<?x?xf32> {mlopt.dims = ["n", "m"], mlopt.range = [0.5, 2.0]}, %b: tensor<?x1xf32> {mlopt.dims = ["n", 1]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> (tensor<?x?xf32>, tensor<?x1xf32>) {
  %0 = mlopt.pow %a, %b : (tensor<?x?xf32>, tensor<?x1xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g:2 = mlopt.gradient %y, %a, %b : (tensor<?x?xf32>, tensor<?x?xf32>, tensor<?x1xf32>) -> (tensor<?x?xf32>, tensor<?x1xf32>)
  return %g#0, %g#1 : tensor<?x?xf32>, tensor<?x1xf32>
}

// CHECK: gradient ok: pow_column_left {{.*}}=3 {{.*}}=4:
// CHECK: gradient ok: pow_column_left {{.*}}=1 {{.*}}=1:
// CHECK: gradient ok: pow_column_left {{.*}}=0 {{.*}}=0:
func.func @pow_column_left(%a: tensor<?x1xf32> {mlopt.dims = ["n", 1], mlopt.range = [0.5, 2.0]}, %b: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> (tensor<?x1xf32>, tensor<?x?xf32>) {
  %0 = mlopt.pow %a, %b : (tensor<?x1xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g:2 = mlopt.gradient %y, %a, %b : (tensor<?x?xf32>, tensor<?x1xf32>, tensor<?x?xf32>) -> (tensor<?x1xf32>, tensor<?x?xf32>)
  return %g#0, %g#1 : tensor<?x1xf32>, tensor<?x?xf32>
}

// CHECK: gradient ok: pow_scalar {{.*}}=3 {{.*}}=4:
// CHECK: gradient ok: pow_scalar {{.*}}=1 {{.*}}=1:
// CHECK: gradient ok: pow_scalar {{.*}}=0 {{.*}}=0:
func.func @pow_scalar(%a: tensor<?x?xf32> {mlopt.dims = ["n", "m"], mlopt.range = [0.5, 2.0]}, %b: tensor<f32> {mlopt.dims = []}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> (tensor<?x?xf32>, tensor<f32>) {
  %0 = mlopt.pow %a, %b : (tensor<?x?xf32>, tensor<f32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g:2 = mlopt.gradient %y, %a, %b : (tensor<?x?xf32>, tensor<?x?xf32>, tensor<f32>) -> (tensor<?x?xf32>, tensor<f32>)
  return %g#0, %g#1 : tensor<?x?xf32>, tensor<f32>
}

// CHECK: gradient ok: pow_scalar_left {{.*}}=3 {{.*}}=4:
// CHECK: gradient ok: pow_scalar_left {{.*}}=1 {{.*}}=1:
// CHECK: gradient ok: pow_scalar_left {{.*}}=0 {{.*}}=0:
func.func @pow_scalar_left(%a: tensor<f32> {mlopt.dims = [], mlopt.range = [0.5, 2.0]}, %b: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> (tensor<f32>, tensor<?x?xf32>) {
  %0 = mlopt.pow %a, %b : (tensor<f32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g:2 = mlopt.gradient %y, %a, %b : (tensor<?x?xf32>, tensor<f32>, tensor<?x?xf32>) -> (tensor<f32>, tensor<?x?xf32>)
  return %g#0, %g#1 : tensor<f32>, tensor<?x?xf32>
}

// CHECK: gradient ok: max {{.*}}=3 {{.*}}=4:
// CHECK: gradient ok: max {{.*}}=1 {{.*}}=1:
// CHECK: gradient ok: max {{.*}}=0 {{.*}}=0:
func.func @max(%a: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}, %b: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> (tensor<?x?xf32>, tensor<?x?xf32>) {
  %0 = mlopt.max %a, %b : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g:2 = mlopt.gradient %y, %a, %b : (tensor<?x?xf32>, tensor<?x?xf32>, tensor<?x?xf32>) -> (tensor<?x?xf32>, tensor<?x?xf32>)
  return %g#0, %g#1 : tensor<?x?xf32>, tensor<?x?xf32>
}

// CHECK: gradient ok: max_row {{.*}}=3 {{.*}}=4:
// CHECK: gradient ok: max_row {{.*}}=1 {{.*}}=1:
// CHECK: gradient ok: max_row {{.*}}=0 {{.*}}=0:
func.func @max_row(%a: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}, %b: tensor<?xf32> {mlopt.dims = ["m"]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> (tensor<?x?xf32>, tensor<?xf32>) {
  %0 = mlopt.max %a, %b : (tensor<?x?xf32>, tensor<?xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g:2 = mlopt.gradient %y, %a, %b : (tensor<?x?xf32>, tensor<?x?xf32>, tensor<?xf32>) -> (tensor<?x?xf32>, tensor<?xf32>)
  return %g#0, %g#1 : tensor<?x?xf32>, tensor<?xf32>
}

// CHECK: gradient ok: max_row_left {{.*}}=3 {{.*}}=4:
// CHECK: gradient ok: max_row_left {{.*}}=1 {{.*}}=1:
// CHECK: gradient ok: max_row_left {{.*}}=0 {{.*}}=0:
func.func @max_row_left(%a: tensor<?xf32> {mlopt.dims = ["m"]}, %b: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> (tensor<?xf32>, tensor<?x?xf32>) {
  %0 = mlopt.max %a, %b : (tensor<?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g:2 = mlopt.gradient %y, %a, %b : (tensor<?x?xf32>, tensor<?xf32>, tensor<?x?xf32>) -> (tensor<?xf32>, tensor<?x?xf32>)
  return %g#0, %g#1 : tensor<?xf32>, tensor<?x?xf32>
}

// CHECK: gradient ok: max_column {{.*}}=3 {{.*}}=4:
// CHECK: gradient ok: max_column {{.*}}=1 {{.*}}=1:
// CHECK: gradient ok: max_column {{.*}}=0 {{.*}}=0:
func.func @max_column(%a: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}, %b: tensor<?x1xf32> {mlopt.dims = ["n", 1]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> (tensor<?x?xf32>, tensor<?x1xf32>) {
  %0 = mlopt.max %a, %b : (tensor<?x?xf32>, tensor<?x1xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g:2 = mlopt.gradient %y, %a, %b : (tensor<?x?xf32>, tensor<?x?xf32>, tensor<?x1xf32>) -> (tensor<?x?xf32>, tensor<?x1xf32>)
  return %g#0, %g#1 : tensor<?x?xf32>, tensor<?x1xf32>
}

// CHECK: gradient ok: max_column_left {{.*}}=3 {{.*}}=4:
// CHECK: gradient ok: max_column_left {{.*}}=1 {{.*}}=1:
// CHECK: gradient ok: max_column_left {{.*}}=0 {{.*}}=0:
func.func @max_column_left(%a: tensor<?x1xf32> {mlopt.dims = ["n", 1]}, %b: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> (tensor<?x1xf32>, tensor<?x?xf32>) {
  %0 = mlopt.max %a, %b : (tensor<?x1xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g:2 = mlopt.gradient %y, %a, %b : (tensor<?x?xf32>, tensor<?x1xf32>, tensor<?x?xf32>) -> (tensor<?x1xf32>, tensor<?x?xf32>)
  return %g#0, %g#1 : tensor<?x1xf32>, tensor<?x?xf32>
}

// CHECK: gradient ok: max_scalar {{.*}}=3 {{.*}}=4:
// CHECK: gradient ok: max_scalar {{.*}}=1 {{.*}}=1:
// CHECK: gradient ok: max_scalar {{.*}}=0 {{.*}}=0:
func.func @max_scalar(%a: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}, %b: tensor<f32> {mlopt.dims = []}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> (tensor<?x?xf32>, tensor<f32>) {
  %0 = mlopt.max %a, %b : (tensor<?x?xf32>, tensor<f32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g:2 = mlopt.gradient %y, %a, %b : (tensor<?x?xf32>, tensor<?x?xf32>, tensor<f32>) -> (tensor<?x?xf32>, tensor<f32>)
  return %g#0, %g#1 : tensor<?x?xf32>, tensor<f32>
}

// CHECK: gradient ok: max_scalar_left {{.*}}=3 {{.*}}=4:
// CHECK: gradient ok: max_scalar_left {{.*}}=1 {{.*}}=1:
// CHECK: gradient ok: max_scalar_left {{.*}}=0 {{.*}}=0:
func.func @max_scalar_left(%a: tensor<f32> {mlopt.dims = []}, %b: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> (tensor<f32>, tensor<?x?xf32>) {
  %0 = mlopt.max %a, %b : (tensor<f32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g:2 = mlopt.gradient %y, %a, %b : (tensor<?x?xf32>, tensor<f32>, tensor<?x?xf32>) -> (tensor<f32>, tensor<?x?xf32>)
  return %g#0, %g#1 : tensor<f32>, tensor<?x?xf32>
}

// CHECK: gradient ok: min {{.*}}=3 {{.*}}=4:
// CHECK: gradient ok: min {{.*}}=1 {{.*}}=1:
// CHECK: gradient ok: min {{.*}}=0 {{.*}}=0:
func.func @min(%a: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}, %b: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> (tensor<?x?xf32>, tensor<?x?xf32>) {
  %0 = mlopt.min %a, %b : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g:2 = mlopt.gradient %y, %a, %b : (tensor<?x?xf32>, tensor<?x?xf32>, tensor<?x?xf32>) -> (tensor<?x?xf32>, tensor<?x?xf32>)
  return %g#0, %g#1 : tensor<?x?xf32>, tensor<?x?xf32>
}

// CHECK: gradient ok: min_row {{.*}}=3 {{.*}}=4:
// CHECK: gradient ok: min_row {{.*}}=1 {{.*}}=1:
// CHECK: gradient ok: min_row {{.*}}=0 {{.*}}=0:
func.func @min_row(%a: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}, %b: tensor<?xf32> {mlopt.dims = ["m"]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> (tensor<?x?xf32>, tensor<?xf32>) {
  %0 = mlopt.min %a, %b : (tensor<?x?xf32>, tensor<?xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g:2 = mlopt.gradient %y, %a, %b : (tensor<?x?xf32>, tensor<?x?xf32>, tensor<?xf32>) -> (tensor<?x?xf32>, tensor<?xf32>)
  return %g#0, %g#1 : tensor<?x?xf32>, tensor<?xf32>
}

// CHECK: gradient ok: min_row_left {{.*}}=3 {{.*}}=4:
// CHECK: gradient ok: min_row_left {{.*}}=1 {{.*}}=1:
// CHECK: gradient ok: min_row_left {{.*}}=0 {{.*}}=0:
func.func @min_row_left(%a: tensor<?xf32> {mlopt.dims = ["m"]}, %b: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> (tensor<?xf32>, tensor<?x?xf32>) {
  %0 = mlopt.min %a, %b : (tensor<?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g:2 = mlopt.gradient %y, %a, %b : (tensor<?x?xf32>, tensor<?xf32>, tensor<?x?xf32>) -> (tensor<?xf32>, tensor<?x?xf32>)
  return %g#0, %g#1 : tensor<?xf32>, tensor<?x?xf32>
}

// CHECK: gradient ok: min_column {{.*}}=3 {{.*}}=4:
// CHECK: gradient ok: min_column {{.*}}=1 {{.*}}=1:
// CHECK: gradient ok: min_column {{.*}}=0 {{.*}}=0:
func.func @min_column(%a: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}, %b: tensor<?x1xf32> {mlopt.dims = ["n", 1]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> (tensor<?x?xf32>, tensor<?x1xf32>) {
  %0 = mlopt.min %a, %b : (tensor<?x?xf32>, tensor<?x1xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g:2 = mlopt.gradient %y, %a, %b : (tensor<?x?xf32>, tensor<?x?xf32>, tensor<?x1xf32>) -> (tensor<?x?xf32>, tensor<?x1xf32>)
  return %g#0, %g#1 : tensor<?x?xf32>, tensor<?x1xf32>
}

// CHECK: gradient ok: min_column_left {{.*}}=3 {{.*}}=4:
// CHECK: gradient ok: min_column_left {{.*}}=1 {{.*}}=1:
// CHECK: gradient ok: min_column_left {{.*}}=0 {{.*}}=0:
func.func @min_column_left(%a: tensor<?x1xf32> {mlopt.dims = ["n", 1]}, %b: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> (tensor<?x1xf32>, tensor<?x?xf32>) {
  %0 = mlopt.min %a, %b : (tensor<?x1xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g:2 = mlopt.gradient %y, %a, %b : (tensor<?x?xf32>, tensor<?x1xf32>, tensor<?x?xf32>) -> (tensor<?x1xf32>, tensor<?x?xf32>)
  return %g#0, %g#1 : tensor<?x1xf32>, tensor<?x?xf32>
}

// CHECK: gradient ok: min_scalar {{.*}}=3 {{.*}}=4:
// CHECK: gradient ok: min_scalar {{.*}}=1 {{.*}}=1:
// CHECK: gradient ok: min_scalar {{.*}}=0 {{.*}}=0:
func.func @min_scalar(%a: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}, %b: tensor<f32> {mlopt.dims = []}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> (tensor<?x?xf32>, tensor<f32>) {
  %0 = mlopt.min %a, %b : (tensor<?x?xf32>, tensor<f32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g:2 = mlopt.gradient %y, %a, %b : (tensor<?x?xf32>, tensor<?x?xf32>, tensor<f32>) -> (tensor<?x?xf32>, tensor<f32>)
  return %g#0, %g#1 : tensor<?x?xf32>, tensor<f32>
}

// CHECK: gradient ok: min_scalar_left {{.*}}=3 {{.*}}=4:
// CHECK: gradient ok: min_scalar_left {{.*}}=1 {{.*}}=1:
// CHECK: gradient ok: min_scalar_left {{.*}}=0 {{.*}}=0:
func.func @min_scalar_left(%a: tensor<f32> {mlopt.dims = []}, %b: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> (tensor<f32>, tensor<?x?xf32>) {
  %0 = mlopt.min %a, %b : (tensor<f32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g:2 = mlopt.gradient %y, %a, %b : (tensor<?x?xf32>, tensor<f32>, tensor<?x?xf32>) -> (tensor<f32>, tensor<?x?xf32>)
  return %g#0, %g#1 : tensor<f32>, tensor<?x?xf32>
}

// CHECK: gradient ok: mod {{.*}}=3 {{.*}}=4:
// CHECK: gradient ok: mod {{.*}}=1 {{.*}}=1:
// CHECK: gradient ok: mod {{.*}}=0 {{.*}}=0:
func.func @mod(%a: tensor<?x?xf32> {mlopt.dims = ["n", "m"], mlopt.range = [-5.0, 5.0]}, %b: tensor<?x?xf32> {mlopt.dims = ["n", "m"], mlopt.range = [1.5, 2.0]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> (tensor<?x?xf32>, tensor<?x?xf32>) {
  %0 = mlopt.mod %a, %b : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g:2 = mlopt.gradient %y, %a, %b : (tensor<?x?xf32>, tensor<?x?xf32>, tensor<?x?xf32>) -> (tensor<?x?xf32>, tensor<?x?xf32>)
  return %g#0, %g#1 : tensor<?x?xf32>, tensor<?x?xf32>
}

// CHECK: gradient ok: mod_row {{.*}}=3 {{.*}}=4:
// CHECK: gradient ok: mod_row {{.*}}=1 {{.*}}=1:
// CHECK: gradient ok: mod_row {{.*}}=0 {{.*}}=0:
func.func @mod_row(%a: tensor<?x?xf32> {mlopt.dims = ["n", "m"], mlopt.range = [-5.0, 5.0]}, %b: tensor<?xf32> {mlopt.dims = ["m"], mlopt.range = [1.5, 2.0]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> (tensor<?x?xf32>, tensor<?xf32>) {
  %0 = mlopt.mod %a, %b : (tensor<?x?xf32>, tensor<?xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g:2 = mlopt.gradient %y, %a, %b : (tensor<?x?xf32>, tensor<?x?xf32>, tensor<?xf32>) -> (tensor<?x?xf32>, tensor<?xf32>)
  return %g#0, %g#1 : tensor<?x?xf32>, tensor<?xf32>
}

// CHECK: gradient ok: mod_row_left {{.*}}=3 {{.*}}=4:
// CHECK: gradient ok: mod_row_left {{.*}}=1 {{.*}}=1:
// CHECK: gradient ok: mod_row_left {{.*}}=0 {{.*}}=0:
func.func @mod_row_left(%a: tensor<?xf32> {mlopt.dims = ["m"], mlopt.range = [-5.0, 5.0]}, %b: tensor<?x?xf32> {mlopt.dims = ["n", "m"], mlopt.range = [1.5, 2.0]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> (tensor<?xf32>, tensor<?x?xf32>) {
  %0 = mlopt.mod %a, %b : (tensor<?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g:2 = mlopt.gradient %y, %a, %b : (tensor<?x?xf32>, tensor<?xf32>, tensor<?x?xf32>) -> (tensor<?xf32>, tensor<?x?xf32>)
  return %g#0, %g#1 : tensor<?xf32>, tensor<?x?xf32>
}

// CHECK: gradient ok: mod_column {{.*}}=3 {{.*}}=4:
// CHECK: gradient ok: mod_column {{.*}}=1 {{.*}}=1:
// CHECK: gradient ok: mod_column {{.*}}=0 {{.*}}=0:
func.func @mod_column(%a: tensor<?x?xf32> {mlopt.dims = ["n", "m"], mlopt.range = [-5.0, 5.0]}, %b: tensor<?x1xf32> {mlopt.dims = ["n", 1], mlopt.range = [1.5, 2.0]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> (tensor<?x?xf32>, tensor<?x1xf32>) {
  %0 = mlopt.mod %a, %b : (tensor<?x?xf32>, tensor<?x1xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g:2 = mlopt.gradient %y, %a, %b : (tensor<?x?xf32>, tensor<?x?xf32>, tensor<?x1xf32>) -> (tensor<?x?xf32>, tensor<?x1xf32>)
  return %g#0, %g#1 : tensor<?x?xf32>, tensor<?x1xf32>
}

// CHECK: gradient ok: mod_column_left {{.*}}=3 {{.*}}=4:
// CHECK: gradient ok: mod_column_left {{.*}}=1 {{.*}}=1:
// CHECK: gradient ok: mod_column_left {{.*}}=0 {{.*}}=0:
func.func @mod_column_left(%a: tensor<?x1xf32> {mlopt.dims = ["n", 1], mlopt.range = [-5.0, 5.0]}, %b: tensor<?x?xf32> {mlopt.dims = ["n", "m"], mlopt.range = [1.5, 2.0]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> (tensor<?x1xf32>, tensor<?x?xf32>) {
  %0 = mlopt.mod %a, %b : (tensor<?x1xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g:2 = mlopt.gradient %y, %a, %b : (tensor<?x?xf32>, tensor<?x1xf32>, tensor<?x?xf32>) -> (tensor<?x1xf32>, tensor<?x?xf32>)
  return %g#0, %g#1 : tensor<?x1xf32>, tensor<?x?xf32>
}

// CHECK: gradient ok: mod_scalar {{.*}}=3 {{.*}}=4:
// CHECK: gradient ok: mod_scalar {{.*}}=1 {{.*}}=1:
// CHECK: gradient ok: mod_scalar {{.*}}=0 {{.*}}=0:
func.func @mod_scalar(%a: tensor<?x?xf32> {mlopt.dims = ["n", "m"], mlopt.range = [-5.0, 5.0]}, %b: tensor<f32> {mlopt.dims = [], mlopt.range = [1.5, 2.0]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> (tensor<?x?xf32>, tensor<f32>) {
  %0 = mlopt.mod %a, %b : (tensor<?x?xf32>, tensor<f32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g:2 = mlopt.gradient %y, %a, %b : (tensor<?x?xf32>, tensor<?x?xf32>, tensor<f32>) -> (tensor<?x?xf32>, tensor<f32>)
  return %g#0, %g#1 : tensor<?x?xf32>, tensor<f32>
}

// CHECK: gradient ok: mod_scalar_left {{.*}}=3 {{.*}}=4:
// CHECK: gradient ok: mod_scalar_left {{.*}}=1 {{.*}}=1:
// CHECK: gradient ok: mod_scalar_left {{.*}}=0 {{.*}}=0:
func.func @mod_scalar_left(%a: tensor<f32> {mlopt.dims = [], mlopt.range = [-5.0, 5.0]}, %b: tensor<?x?xf32> {mlopt.dims = ["n", "m"], mlopt.range = [1.5, 2.0]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> (tensor<f32>, tensor<?x?xf32>) {
  %0 = mlopt.mod %a, %b : (tensor<f32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g:2 = mlopt.gradient %y, %a, %b : (tensor<?x?xf32>, tensor<f32>, tensor<?x?xf32>) -> (tensor<f32>, tensor<?x?xf32>)
  return %g#0, %g#1 : tensor<f32>, tensor<?x?xf32>
}

// CHECK: gradient ok: mod_fmod {{.*}}=3 {{.*}}=4:
// CHECK: gradient ok: mod_fmod {{.*}}=1 {{.*}}=1:
// CHECK: gradient ok: mod_fmod {{.*}}=0 {{.*}}=0:
func.func @mod_fmod(%a: tensor<?x?xf32> {mlopt.dims = ["n", "m"], mlopt.range = [-5.0, 5.0]}, %b: tensor<?x?xf32> {mlopt.dims = ["n", "m"], mlopt.range = [1.5, 2.0]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> (tensor<?x?xf32>, tensor<?x?xf32>) {
  %0 = mlopt.mod %a, %b {fmod = true} : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g:2 = mlopt.gradient %y, %a, %b : (tensor<?x?xf32>, tensor<?x?xf32>, tensor<?x?xf32>) -> (tensor<?x?xf32>, tensor<?x?xf32>)
  return %g#0, %g#1 : tensor<?x?xf32>, tensor<?x?xf32>
}

// CHECK: gradient ok: mod_fmod_row {{.*}}=3 {{.*}}=4:
// CHECK: gradient ok: mod_fmod_row {{.*}}=1 {{.*}}=1:
// CHECK: gradient ok: mod_fmod_row {{.*}}=0 {{.*}}=0:
func.func @mod_fmod_row(%a: tensor<?x?xf32> {mlopt.dims = ["n", "m"], mlopt.range = [-5.0, 5.0]}, %b: tensor<?xf32> {mlopt.dims = ["m"], mlopt.range = [1.5, 2.0]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> (tensor<?x?xf32>, tensor<?xf32>) {
  %0 = mlopt.mod %a, %b {fmod = true} : (tensor<?x?xf32>, tensor<?xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g:2 = mlopt.gradient %y, %a, %b : (tensor<?x?xf32>, tensor<?x?xf32>, tensor<?xf32>) -> (tensor<?x?xf32>, tensor<?xf32>)
  return %g#0, %g#1 : tensor<?x?xf32>, tensor<?xf32>
}

// CHECK: gradient ok: mod_fmod_row_left {{.*}}=3 {{.*}}=4:
// CHECK: gradient ok: mod_fmod_row_left {{.*}}=1 {{.*}}=1:
// CHECK: gradient ok: mod_fmod_row_left {{.*}}=0 {{.*}}=0:
func.func @mod_fmod_row_left(%a: tensor<?xf32> {mlopt.dims = ["m"], mlopt.range = [-5.0, 5.0]}, %b: tensor<?x?xf32> {mlopt.dims = ["n", "m"], mlopt.range = [1.5, 2.0]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> (tensor<?xf32>, tensor<?x?xf32>) {
  %0 = mlopt.mod %a, %b {fmod = true} : (tensor<?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g:2 = mlopt.gradient %y, %a, %b : (tensor<?x?xf32>, tensor<?xf32>, tensor<?x?xf32>) -> (tensor<?xf32>, tensor<?x?xf32>)
  return %g#0, %g#1 : tensor<?xf32>, tensor<?x?xf32>
}

// CHECK: gradient ok: mod_fmod_column {{.*}}=3 {{.*}}=4:
// CHECK: gradient ok: mod_fmod_column {{.*}}=1 {{.*}}=1:
// CHECK: gradient ok: mod_fmod_column {{.*}}=0 {{.*}}=0:
func.func @mod_fmod_column(%a: tensor<?x?xf32> {mlopt.dims = ["n", "m"], mlopt.range = [-5.0, 5.0]}, %b: tensor<?x1xf32> {mlopt.dims = ["n", 1], mlopt.range = [1.5, 2.0]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> (tensor<?x?xf32>, tensor<?x1xf32>) {
  %0 = mlopt.mod %a, %b {fmod = true} : (tensor<?x?xf32>, tensor<?x1xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g:2 = mlopt.gradient %y, %a, %b : (tensor<?x?xf32>, tensor<?x?xf32>, tensor<?x1xf32>) -> (tensor<?x?xf32>, tensor<?x1xf32>)
  return %g#0, %g#1 : tensor<?x?xf32>, tensor<?x1xf32>
}

// CHECK: gradient ok: mod_fmod_column_left {{.*}}=3 {{.*}}=4:
// CHECK: gradient ok: mod_fmod_column_left {{.*}}=1 {{.*}}=1:
// CHECK: gradient ok: mod_fmod_column_left {{.*}}=0 {{.*}}=0:
func.func @mod_fmod_column_left(%a: tensor<?x1xf32> {mlopt.dims = ["n", 1], mlopt.range = [-5.0, 5.0]}, %b: tensor<?x?xf32> {mlopt.dims = ["n", "m"], mlopt.range = [1.5, 2.0]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> (tensor<?x1xf32>, tensor<?x?xf32>) {
  %0 = mlopt.mod %a, %b {fmod = true} : (tensor<?x1xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g:2 = mlopt.gradient %y, %a, %b : (tensor<?x?xf32>, tensor<?x1xf32>, tensor<?x?xf32>) -> (tensor<?x1xf32>, tensor<?x?xf32>)
  return %g#0, %g#1 : tensor<?x1xf32>, tensor<?x?xf32>
}

// CHECK: gradient ok: mod_fmod_scalar {{.*}}=3 {{.*}}=4:
// CHECK: gradient ok: mod_fmod_scalar {{.*}}=1 {{.*}}=1:
// CHECK: gradient ok: mod_fmod_scalar {{.*}}=0 {{.*}}=0:
func.func @mod_fmod_scalar(%a: tensor<?x?xf32> {mlopt.dims = ["n", "m"], mlopt.range = [-5.0, 5.0]}, %b: tensor<f32> {mlopt.dims = [], mlopt.range = [1.5, 2.0]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> (tensor<?x?xf32>, tensor<f32>) {
  %0 = mlopt.mod %a, %b {fmod = true} : (tensor<?x?xf32>, tensor<f32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g:2 = mlopt.gradient %y, %a, %b : (tensor<?x?xf32>, tensor<?x?xf32>, tensor<f32>) -> (tensor<?x?xf32>, tensor<f32>)
  return %g#0, %g#1 : tensor<?x?xf32>, tensor<f32>
}

// CHECK: gradient ok: mod_fmod_scalar_left {{.*}}=3 {{.*}}=4:
// CHECK: gradient ok: mod_fmod_scalar_left {{.*}}=1 {{.*}}=1:
// CHECK: gradient ok: mod_fmod_scalar_left {{.*}}=0 {{.*}}=0:
func.func @mod_fmod_scalar_left(%a: tensor<f32> {mlopt.dims = [], mlopt.range = [-5.0, 5.0]}, %b: tensor<?x?xf32> {mlopt.dims = ["n", "m"], mlopt.range = [1.5, 2.0]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> (tensor<f32>, tensor<?x?xf32>) {
  %0 = mlopt.mod %a, %b {fmod = true} : (tensor<f32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g:2 = mlopt.gradient %y, %a, %b : (tensor<?x?xf32>, tensor<f32>, tensor<?x?xf32>) -> (tensor<f32>, tensor<?x?xf32>)
  return %g#0, %g#1 : tensor<f32>, tensor<?x?xf32>
}

// A cast to integers takes the fraction off a constant exponent: x^2, not x^2.5. One to another
// float type leaves 2.5.
// CHECK: gradient ok: pow_truncated {{.*}}=3 {{.*}}=4:
// CHECK: gradient ok: pow_truncated {{.*}}=1 {{.*}}=1:
// CHECK: gradient ok: pow_truncated {{.*}}=0 {{.*}}=0:
func.func @pow_truncated(%a: tensor<?x?xf32> {mlopt.dims = ["n", "m"], mlopt.range = [-2.0, -0.5]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> tensor<?x?xf32> {
  %c = mlopt.constant dense<2.5> : tensor<f32>
  %i = mlopt.cast %c {to = i32} : (tensor<f32>) -> tensor<i32>
  %0 = mlopt.pow %a, %i : (tensor<?x?xf32>, tensor<i32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g = mlopt.gradient %y, %a : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  return %g : tensor<?x?xf32>
}

// CHECK: gradient ok: pow_widened {{.*}}=3 {{.*}}=4:
// CHECK: gradient ok: pow_widened {{.*}}=1 {{.*}}=1:
// CHECK: gradient ok: pow_widened {{.*}}=0 {{.*}}=0:
func.func @pow_widened(%a: tensor<?x?xf32> {mlopt.dims = ["n", "m"], mlopt.range = [0.5, 2.0]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> tensor<?x?xf32> {
  %c = mlopt.constant dense<2.5> : tensor<f16>
  %e = mlopt.cast %c {to = f32} : (tensor<f16>) -> tensor<f32>
  %0 = mlopt.pow %a, %e : (tensor<?x?xf32>, tensor<f32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g = mlopt.gradient %y, %a : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  return %g : tensor<?x?xf32>
}

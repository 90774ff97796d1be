// RUN: mlopt-opt --mlopt-choose-layouts %s | FileCheck %s

// A table that is packed for a product and read by a gather: once, packed.
// CHECK-LABEL: @tied
// CHECK: %[[T:.*]] = mlopt.get_parameter @table
// CHECK: %[[G:.*]] = mlopt.relayout %[[T]] {layout = #mlopt.layout<"panel_t32"
// CHECK: mlopt.gather %[[G]],
// CHECK: %[[P:.*]] = mlopt.relayout %[[T]] {layout = #mlopt.layout<"panel_t32"
// CHECK: mlopt.matmul %{{.*}}, %[[P]]
// CHECK: return
mlopt.parameter @table = dense<1.0> : tensor<70x48xf32>
func.func @tied(%i: tensor<5xi64>) -> tensor<5x70xf32> {
  %t = mlopt.get_parameter @table : tensor<70x48xf32>
  %0 = mlopt.gather %t, %i {axis = 0 : i64} : (tensor<70x48xf32>, tensor<5xi64>) -> tensor<5x48xf32>
  %1 = mlopt.tanh %0 : (tensor<5x48xf32>) -> tensor<5x48xf32>
  %2 = mlopt.matmul %1, %t {transpose_b = true} : (tensor<5x48xf32>, tensor<70x48xf32>) -> tensor<5x70xf32>
  return %2 : tensor<5x70xf32>
}

// The same parameter read twice is one constant.
// CHECK-LABEL: @read_twice
// CHECK: mlopt.relayout
// CHECK: mlopt.gather
// CHECK: mlopt.relayout
// CHECK: mlopt.matmul
// CHECK: return
func.func @read_twice(%i: tensor<5xi64>) -> tensor<5x70xf32> {
  %t = mlopt.get_parameter @table : tensor<70x48xf32>
  %u = mlopt.get_parameter @table : tensor<70x48xf32>
  %0 = mlopt.gather %t, %i {axis = 0 : i64} : (tensor<70x48xf32>, tensor<5xi64>) -> tensor<5x48xf32>
  %2 = mlopt.matmul %0, %u {transpose_b = true} : (tensor<5x48xf32>, tensor<70x48xf32>) -> tensor<5x70xf32>
  return %2 : tensor<5x70xf32>
}

// Something else needs the table in rows: the gather reads those, too.
// CHECK-LABEL: @also_rows
// CHECK: %[[T:.*]] = mlopt.get_parameter @table
// CHECK: mlopt.gather %[[T]],
// CHECK: mlopt.tanh %[[T]]
func.func @also_rows(%i: tensor<5xi64>) -> (tensor<5x70xf32>, tensor<70x48xf32>) {
  %t = mlopt.get_parameter @table : tensor<70x48xf32>
  %0 = mlopt.gather %t, %i {axis = 0 : i64} : (tensor<70x48xf32>, tensor<5xi64>) -> tensor<5x48xf32>
  %1 = mlopt.tanh %t : (tensor<70x48xf32>) -> tensor<70x48xf32>
  %2 = mlopt.matmul %0, %t {transpose_b = true} : (tensor<5x48xf32>, tensor<70x48xf32>) -> tensor<5x70xf32>
  return %2, %1 : tensor<5x70xf32>, tensor<70x48xf32>
}

// The table as the indices of a gather, a product of two run-time operands, and
// a gather that nothing is packed for stay as they are.
// CHECK-LABEL: @not_packed
// CHECK-NOT: mlopt.relayout
// CHECK: return
mlopt.parameter @places = dense<1> : tensor<4xi64>
func.func @not_packed(%i: tensor<5xi64>, %x: tensor<9x4xf32>, %y: tensor<4x8xf32>) -> (tensor<5x48xf32>, tensor<4x4xf32>, tensor<9x8xf32>) {
  %t = mlopt.get_parameter @table : tensor<70x48xf32>
  %p = mlopt.get_parameter @places : tensor<4xi64>
  %0 = mlopt.gather %t, %i {axis = 0 : i64} : (tensor<70x48xf32>, tensor<5xi64>) -> tensor<5x48xf32>
  %1 = mlopt.gather %x, %p {axis = 0 : i64} : (tensor<9x4xf32>, tensor<4xi64>) -> tensor<4x4xf32>
  %2 = mlopt.matmul %x, %y : (tensor<9x4xf32>, tensor<4x8xf32>) -> tensor<9x8xf32>
  return %0, %1, %2 : tensor<5x48xf32>, tensor<4x4xf32>, tensor<9x8xf32>
}

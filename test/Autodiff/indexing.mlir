// Gathers and scatters: indices that repeat, negative indices, none at all.
// RUN: %mlopt-opt --mlopt-check-gradients %s -o /dev/null | FileCheck %s


// CHECK: gradient ok: embedding 
func.func @embedding(%x: tensor<5x?xf32> {mlopt.dims = [5, "m"]}, %i: tensor<?x3xi64> {mlopt.dims = ["n", 3], mlopt.range = [-5, 4]}, %w: tensor<?x3x?xf32> {mlopt.dims = ["n", 3, "m"]}) -> tensor<5x?xf32> {
  %0 = mlopt.gather %x, %i {axis = 0 : i64} : (tensor<5x?xf32>, tensor<?x3xi64>) -> tensor<?x3x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x3x?xf32>, tensor<?x3x?xf32>) -> tensor<?x3x?xf32>
  %g = mlopt.gradient %y, %x : (tensor<?x3x?xf32>, tensor<5x?xf32>) -> tensor<5x?xf32>
  return %g : tensor<5x?xf32>
}

// CHECK: gradient ok: gather_inner 
func.func @gather_inner(%x: tensor<?x4x?xf32> {mlopt.dims = ["n", 4, "m"]}, %i: tensor<2x3xi32> {mlopt.dims = [2, 3], mlopt.range = [0, 3]}, %w: tensor<?x2x3x?xf32> {mlopt.dims = ["n", 2, 3, "m"]}) -> tensor<?x4x?xf32> {
  %0 = mlopt.gather %x, %i {axis = 1 : i64} : (tensor<?x4x?xf32>, tensor<2x3xi32>) -> tensor<?x2x3x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x2x3x?xf32>, tensor<?x2x3x?xf32>) -> tensor<?x2x3x?xf32>
  %g = mlopt.gradient %y, %x : (tensor<?x2x3x?xf32>, tensor<?x4x?xf32>) -> tensor<?x4x?xf32>
  return %g : tensor<?x4x?xf32>
}

// CHECK: gradient ok: gather_last 
func.func @gather_last(%x: tensor<2x?xf32> {mlopt.dims = [2, "n"]}, %i: tensor<?x?xi64> {mlopt.dims = ["n", "m"], mlopt.range = ["0 - n", "n - 1"]}, %w: tensor<2x?x?xf32> {mlopt.dims = [2, "n", "m"]}) -> tensor<2x?xf32> {
  %0 = mlopt.gather %x, %i {axis = 1 : i64} : (tensor<2x?xf32>, tensor<?x?xi64>) -> tensor<2x?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<2x?x?xf32>, tensor<2x?x?xf32>) -> tensor<2x?x?xf32>
  %g = mlopt.gradient %y, %x : (tensor<2x?x?xf32>, tensor<2x?xf32>) -> tensor<2x?xf32>
  return %g : tensor<2x?xf32>
}

// CHECK: gradient ok: gather_scalar 
func.func @gather_scalar(%x: tensor<?x4xf32> {mlopt.dims = ["n", 4]}, %i: tensor<i64> {mlopt.range = [-4, 3]}, %w: tensor<?xf32> {mlopt.dims = ["n"]}) -> tensor<?x4xf32> {
  %0 = mlopt.gather %x, %i {axis = 1 : i64} : (tensor<?x4xf32>, tensor<i64>) -> tensor<?xf32>
  %y = mlopt.mul %0, %w : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
  %g = mlopt.gradient %y, %x : (tensor<?xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
  return %g : tensor<?x4xf32>
}

// CHECK: gradient ok: gather_scalar_first 
func.func @gather_scalar_first(%x: tensor<4x?xf32> {mlopt.dims = [4, "n"]}, %i: tensor<i64> {mlopt.range = [0, 3]}, %w: tensor<?xf32> {mlopt.dims = ["n"]}) -> tensor<4x?xf32> {
  %0 = mlopt.gather %x, %i {axis = 0 : i64} : (tensor<4x?xf32>, tensor<i64>) -> tensor<?xf32>
  %y = mlopt.mul %0, %w : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
  %g = mlopt.gradient %y, %x : (tensor<?xf32>, tensor<4x?xf32>) -> tensor<4x?xf32>
  return %g : tensor<4x?xf32>
}

// Constant indices: one after the other is a part; others are not.
// CHECK: gradient ok: gather_first 
func.func @gather_first(%x: tensor<?x4xf32> {mlopt.dims = ["n", 4]}, %w: tensor<?xf32> {mlopt.dims = ["n"]}) -> tensor<?x4xf32> {
  %i = mlopt.constant dense<0> : tensor<i64>
  %0 = mlopt.gather %x, %i {axis = 1 : i64} : (tensor<?x4xf32>, tensor<i64>) -> tensor<?xf32>
  %y = mlopt.mul %0, %w : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
  %g = mlopt.gradient %y, %x : (tensor<?xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
  return %g : tensor<?x4xf32>
}

// CHECK: gradient ok: gather_last_row 
func.func @gather_last_row(%x: tensor<3x?xf32> {mlopt.dims = [3, "n"]}, %w: tensor<?xf32> {mlopt.dims = ["n"]}) -> tensor<3x?xf32> {
  %i = mlopt.constant dense<-1> : tensor<i64>
  %0 = mlopt.gather %x, %i {axis = 0 : i64} : (tensor<3x?xf32>, tensor<i64>) -> tensor<?xf32>
  %y = mlopt.mul %0, %w : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
  %g = mlopt.gradient %y, %x : (tensor<?xf32>, tensor<3x?xf32>) -> tensor<3x?xf32>
  return %g : tensor<3x?xf32>
}

// CHECK: gradient ok: gather_run 
func.func @gather_run(%x: tensor<?x5xf32> {mlopt.dims = ["n", 5]}, %w: tensor<?x2x2xf32> {mlopt.dims = ["n", 2, 2]}) -> tensor<?x5xf32> {
  %i = mlopt.constant dense<[[1, 2], [3, 4]]> : tensor<2x2xi64>
  %0 = mlopt.gather %x, %i {axis = 1 : i64} : (tensor<?x5xf32>, tensor<2x2xi64>) -> tensor<?x2x2xf32>
  %y = mlopt.mul %0, %w : (tensor<?x2x2xf32>, tensor<?x2x2xf32>) -> tensor<?x2x2xf32>
  %g = mlopt.gradient %y, %x : (tensor<?x2x2xf32>, tensor<?x5xf32>) -> tensor<?x5xf32>
  return %g : tensor<?x5xf32>
}

// CHECK: gradient ok: gather_run_end 
func.func @gather_run_end(%x: tensor<?x5xf32> {mlopt.dims = ["n", 5]}, %w: tensor<?x2xf32> {mlopt.dims = ["n", 2]}) -> tensor<?x5xf32> {
  %i = mlopt.constant dense<[-3, -2]> : tensor<2xi32>
  %0 = mlopt.gather %x, %i {axis = 1 : i64} : (tensor<?x5xf32>, tensor<2xi32>) -> tensor<?x2xf32>
  %y = mlopt.mul %0, %w : (tensor<?x2xf32>, tensor<?x2xf32>) -> tensor<?x2xf32>
  %g = mlopt.gradient %y, %x : (tensor<?x2xf32>, tensor<?x5xf32>) -> tensor<?x5xf32>
  return %g : tensor<?x5xf32>
}

// CHECK: gradient ok: gather_around 
func.func @gather_around(%x: tensor<?x5xf32> {mlopt.dims = ["n", 5]}, %w: tensor<?x3xf32> {mlopt.dims = ["n", 3]}) -> tensor<?x5xf32> {
  %i = mlopt.constant dense<[-1, 0, 1]> : tensor<3xi64>
  %0 = mlopt.gather %x, %i {axis = 1 : i64} : (tensor<?x5xf32>, tensor<3xi64>) -> tensor<?x3xf32>
  %y = mlopt.mul %0, %w : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  %g = mlopt.gradient %y, %x : (tensor<?x3xf32>, tensor<?x5xf32>) -> tensor<?x5xf32>
  return %g : tensor<?x5xf32>
}

// CHECK: gradient ok: gather_order 
func.func @gather_order(%x: tensor<?x5xf32> {mlopt.dims = ["n", 5]}, %w: tensor<?x3xf32> {mlopt.dims = ["n", 3]}) -> tensor<?x5xf32> {
  %i = mlopt.constant dense<[3, 2, 2]> : tensor<3xi64>
  %0 = mlopt.gather %x, %i {axis = 1 : i64} : (tensor<?x5xf32>, tensor<3xi64>) -> tensor<?x3xf32>
  %y = mlopt.mul %0, %w : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  %g = mlopt.gradient %y, %x : (tensor<?x3xf32>, tensor<?x5xf32>) -> tensor<?x5xf32>
  return %g : tensor<?x5xf32>
}

// CHECK: gradient ok: gather_elements0 
func.func @gather_elements0(%x: tensor<5x?xf32> {mlopt.dims = [5, "n"]}, %i: tensor<?x?xi64> {mlopt.dims = ["m", "n"], mlopt.range = [-5, 4]}, %w: tensor<?x?xf32> {mlopt.dims = ["m", "n"]}) -> tensor<5x?xf32> {
  %0 = mlopt.gather_elements %x, %i {axis = 0 : i64} : (tensor<5x?xf32>, tensor<?x?xi64>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g = mlopt.gradient %y, %x : (tensor<?x?xf32>, tensor<5x?xf32>) -> tensor<5x?xf32>
  return %g : tensor<5x?xf32>
}

// CHECK: gradient ok: gather_elements1 
func.func @gather_elements1(%x: tensor<?x4xf32> {mlopt.dims = ["n", 4]}, %i: tensor<?x?xi64> {mlopt.dims = ["n", "m"], mlopt.range = [-4, 3]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> tensor<?x4xf32> {
  %0 = mlopt.gather_elements %x, %i {axis = 1 : i64} : (tensor<?x4xf32>, tensor<?x?xi64>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g = mlopt.gradient %y, %x : (tensor<?x?xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
  return %g : tensor<?x4xf32>
}

// CHECK: gradient ok: gather_nd 
func.func @gather_nd(%x: tensor<3x4x?xf32> {mlopt.dims = [3, 4, "m"]}, %i: tensor<?x2xi64> {mlopt.dims = ["n", 2], mlopt.range = [-3, 2]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> tensor<3x4x?xf32> {
  %0 = mlopt.gather_nd %x, %i {batch_dims = 0 : i64} : (tensor<3x4x?xf32>, tensor<?x2xi64>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g = mlopt.gradient %y, %x : (tensor<?x?xf32>, tensor<3x4x?xf32>) -> tensor<3x4x?xf32>
  return %g : tensor<3x4x?xf32>
}

// CHECK: gradient ok: gather_nd_full 
func.func @gather_nd_full(%x: tensor<3x3xf32> {mlopt.dims = [3, 3]}, %i: tensor<2x?x2xi32> {mlopt.dims = [2, "n", 2], mlopt.range = [0, 2]}, %w: tensor<2x?xf32> {mlopt.dims = [2, "n"]}) -> tensor<3x3xf32> {
  %0 = mlopt.gather_nd %x, %i {batch_dims = 0 : i64} : (tensor<3x3xf32>, tensor<2x?x2xi32>) -> tensor<2x?xf32>
  %y = mlopt.mul %0, %w : (tensor<2x?xf32>, tensor<2x?xf32>) -> tensor<2x?xf32>
  %g = mlopt.gradient %y, %x : (tensor<2x?xf32>, tensor<3x3xf32>) -> tensor<3x3xf32>
  return %g : tensor<3x3xf32>
}

// CHECK: gradient ok: gather_nd_batch 
func.func @gather_nd_batch(%x: tensor<?x3x?xf32> {mlopt.dims = ["n", 3, "m"]}, %i: tensor<?x2x1xi64> {mlopt.dims = ["n", 2, 1], mlopt.range = [-3, 2]}, %w: tensor<?x2x?xf32> {mlopt.dims = ["n", 2, "m"]}) -> tensor<?x3x?xf32> {
  %0 = mlopt.gather_nd %x, %i {batch_dims = 1 : i64} : (tensor<?x3x?xf32>, tensor<?x2x1xi64>) -> tensor<?x2x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x2x?xf32>, tensor<?x2x?xf32>) -> tensor<?x2x?xf32>
  %g = mlopt.gradient %y, %x : (tensor<?x2x?xf32>, tensor<?x3x?xf32>) -> tensor<?x3x?xf32>
  return %g : tensor<?x3x?xf32>
}

// CHECK: gradient ok: gather_nd_batch2 
func.func @gather_nd_batch2(%x: tensor<?x2x3xf32> {mlopt.dims = ["n", 2, 3]}, %i: tensor<?x2x1xi32> {mlopt.dims = ["n", 2, 1], mlopt.range = [0, 2]}, %w: tensor<?x2xf32> {mlopt.dims = ["n", 2]}) -> tensor<?x2x3xf32> {
  %0 = mlopt.gather_nd %x, %i {batch_dims = 2 : i64} : (tensor<?x2x3xf32>, tensor<?x2x1xi32>) -> tensor<?x2xf32>
  %y = mlopt.mul %0, %w : (tensor<?x2xf32>, tensor<?x2xf32>) -> tensor<?x2xf32>
  %g = mlopt.gradient %y, %x : (tensor<?x2xf32>, tensor<?x2x3xf32>) -> tensor<?x2x3xf32>
  return %g : tensor<?x2x3xf32>
}

// CHECK: gradient ok: scatter_elements_none 
func.func @scatter_elements_none(%x: tensor<4x?xf32> {mlopt.dims = [4, "m"]}, %u: tensor<2x?xf32> {mlopt.dims = [2, "m"]}, %w: tensor<4x?xf32> {mlopt.dims = [4, "m"]}) -> (tensor<4x?xf32>, tensor<2x?xf32>) {
  %c = mlopt.constant dense<[[-1], [1]]> : tensor<2x1xi64>
  %m = mlopt.dim %x {axis = 1 : i64} : (tensor<4x?xf32>) -> index
  %i = mlopt.broadcast %c, %m {static_sizes = array<i64: 2, -9223372036854775808>} : (tensor<2x1xi64>, index) -> tensor<2x?xi64>
  %0 = mlopt.scatter_elements %x, %i, %u {axis = 0 : i64, reduction = #mlopt<scatter_reduction none>} : (tensor<4x?xf32>, tensor<2x?xi64>, tensor<2x?xf32>) -> tensor<4x?xf32>
  %y = mlopt.mul %0, %w : (tensor<4x?xf32>, tensor<4x?xf32>) -> tensor<4x?xf32>
  %g:2 = mlopt.gradient %y, %x, %u : (tensor<4x?xf32>, tensor<4x?xf32>, tensor<2x?xf32>) -> (tensor<4x?xf32>, tensor<2x?xf32>)
  return %g#0, %g#1 : tensor<4x?xf32>, tensor<2x?xf32>
}

// CHECK: gradient ok: scatter_nd_none 
func.func @scatter_nd_none(%x: tensor<4x?xf32> {mlopt.dims = [4, "m"]}, %u: tensor<2x?xf32> {mlopt.dims = [2, "m"]}, %w: tensor<4x?xf32> {mlopt.dims = [4, "m"]}) -> (tensor<4x?xf32>, tensor<2x?xf32>) {
  %c = mlopt.constant dense<[[2], [-4]]> : tensor<2x1xi64>
  %0 = mlopt.scatter_nd %x, %c, %u {reduction = #mlopt<scatter_reduction none>} : (tensor<4x?xf32>, tensor<2x1xi64>, tensor<2x?xf32>) -> tensor<4x?xf32>
  %y = mlopt.mul %0, %w : (tensor<4x?xf32>, tensor<4x?xf32>) -> tensor<4x?xf32>
  %g:2 = mlopt.gradient %y, %x, %u : (tensor<4x?xf32>, tensor<4x?xf32>, tensor<2x?xf32>) -> (tensor<4x?xf32>, tensor<2x?xf32>)
  return %g#0, %g#1 : tensor<4x?xf32>, tensor<2x?xf32>
}

// CHECK: gradient ok: scatter_elements_add 
func.func @scatter_elements_add(%x: tensor<4x?xf32> {mlopt.dims = [4, "m"]}, %u: tensor<2x?xf32> {mlopt.dims = [2, "m"]}, %w: tensor<4x?xf32> {mlopt.dims = [4, "m"]}) -> (tensor<4x?xf32>, tensor<2x?xf32>) {
  %c = mlopt.constant dense<[[-1], [1]]> : tensor<2x1xi64>
  %m = mlopt.dim %x {axis = 1 : i64} : (tensor<4x?xf32>) -> index
  %i = mlopt.broadcast %c, %m {static_sizes = array<i64: 2, -9223372036854775808>} : (tensor<2x1xi64>, index) -> tensor<2x?xi64>
  %0 = mlopt.scatter_elements %x, %i, %u {axis = 0 : i64, reduction = #mlopt<scatter_reduction add>} : (tensor<4x?xf32>, tensor<2x?xi64>, tensor<2x?xf32>) -> tensor<4x?xf32>
  %y = mlopt.mul %0, %w : (tensor<4x?xf32>, tensor<4x?xf32>) -> tensor<4x?xf32>
  %g:2 = mlopt.gradient %y, %x, %u : (tensor<4x?xf32>, tensor<4x?xf32>, tensor<2x?xf32>) -> (tensor<4x?xf32>, tensor<2x?xf32>)
  return %g#0, %g#1 : tensor<4x?xf32>, tensor<2x?xf32>
}

// CHECK: gradient ok: scatter_nd_add 
func.func @scatter_nd_add(%x: tensor<4x?xf32> {mlopt.dims = [4, "m"]}, %u: tensor<2x?xf32> {mlopt.dims = [2, "m"]}, %w: tensor<4x?xf32> {mlopt.dims = [4, "m"]}) -> (tensor<4x?xf32>, tensor<2x?xf32>) {
  %c = mlopt.constant dense<[[2], [-4]]> : tensor<2x1xi64>
  %0 = mlopt.scatter_nd %x, %c, %u {reduction = #mlopt<scatter_reduction add>} : (tensor<4x?xf32>, tensor<2x1xi64>, tensor<2x?xf32>) -> tensor<4x?xf32>
  %y = mlopt.mul %0, %w : (tensor<4x?xf32>, tensor<4x?xf32>) -> tensor<4x?xf32>
  %g:2 = mlopt.gradient %y, %x, %u : (tensor<4x?xf32>, tensor<4x?xf32>, tensor<2x?xf32>) -> (tensor<4x?xf32>, tensor<2x?xf32>)
  return %g#0, %g#1 : tensor<4x?xf32>, tensor<2x?xf32>
}

// Added at places that repeat.
// CHECK: gradient ok: scatter_nd_repeat 
func.func @scatter_nd_repeat(%x: tensor<4xf32> {mlopt.dims = [4]}, %u: tensor<?xf32> {mlopt.dims = ["n"]}, %i: tensor<?x1xi64> {mlopt.dims = ["n", 1], mlopt.range = [-4, 3]}, %w: tensor<4xf32> {mlopt.dims = [4]}) -> (tensor<4xf32>, tensor<?xf32>) {
  %0 = mlopt.scatter_nd %x, %i, %u {reduction = #mlopt<scatter_reduction add>} : (tensor<4xf32>, tensor<?x1xi64>, tensor<?xf32>) -> tensor<4xf32>
  %y = mlopt.mul %0, %w : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %g:2 = mlopt.gradient %y, %x, %u : (tensor<4xf32>, tensor<4xf32>, tensor<?xf32>) -> (tensor<4xf32>, tensor<?xf32>)
  return %g#0, %g#1 : tensor<4xf32>, tensor<?xf32>
}

// CHECK: gradient ok: scatter_elements_repeat 
func.func @scatter_elements_repeat(%x: tensor<4x2xf32> {mlopt.dims = [4, 2]}, %u: tensor<?x2xf32> {mlopt.dims = ["n", 2]}, %i: tensor<?x2xi64> {mlopt.dims = ["n", 2], mlopt.range = [-4, 3]}, %w: tensor<4x2xf32> {mlopt.dims = [4, 2]}) -> (tensor<4x2xf32>, tensor<?x2xf32>) {
  %0 = mlopt.scatter_elements %x, %i, %u {axis = 0 : i64, reduction = #mlopt<scatter_reduction add>} : (tensor<4x2xf32>, tensor<?x2xi64>, tensor<?x2xf32>) -> tensor<4x2xf32>
  %y = mlopt.mul %0, %w : (tensor<4x2xf32>, tensor<4x2xf32>) -> tensor<4x2xf32>
  %g:2 = mlopt.gradient %y, %x, %u : (tensor<4x2xf32>, tensor<4x2xf32>, tensor<?x2xf32>) -> (tensor<4x2xf32>, tensor<?x2xf32>)
  return %g#0, %g#1 : tensor<4x2xf32>, tensor<?x2xf32>
}

// Reductions, softmax, scans, sorting.
// RUN: %mlopt-opt --mlopt-check-gradients %s -o /dev/null | FileCheck %s


// CHECK: gradient ok: sum_middle n=3 m=4: 36
// CHECK: gradient ok: sum_middle n=1 m=1: 3
// CHECK: gradient ok: sum_middle n=0 m=0: 0
func.func @sum_middle(%x: tensor<?x3x?xf32> {mlopt.dims = ["n", 3, "m"]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> tensor<?x3x?xf32> {
  %0 = mlopt.reduce %x {kind = #mlopt<reduce_kind sum>, axes = array<i64: 1>, keepdims = false} : (tensor<?x3x?xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g = mlopt.gradient %y, %x : (tensor<?x?xf32>, tensor<?x3x?xf32>) -> tensor<?x3x?xf32>
  return %g : tensor<?x3x?xf32>
}

// CHECK: gradient ok: sum_keep 
func.func @sum_keep(%x: tensor<?x3x?xf32> {mlopt.dims = ["n", 3, "m"]}, %w: tensor<1x3x1xf32> {mlopt.dims = [1, 3, 1]}) -> tensor<?x3x?xf32> {
  %0 = mlopt.reduce %x {kind = #mlopt<reduce_kind sum>, axes = array<i64: 0, 2>, keepdims = true} : (tensor<?x3x?xf32>) -> tensor<1x3x1xf32>
  %y = mlopt.mul %0, %w : (tensor<1x3x1xf32>, tensor<1x3x1xf32>) -> tensor<1x3x1xf32>
  %g = mlopt.gradient %y, %x : (tensor<1x3x1xf32>, tensor<?x3x?xf32>) -> tensor<?x3x?xf32>
  return %g : tensor<?x3x?xf32>
}

// CHECK: gradient ok: sum_all 
func.func @sum_all(%x: tensor<?x3x?xf32> {mlopt.dims = ["n", 3, "m"]}, %w: tensor<f32>) -> tensor<?x3x?xf32> {
  %0 = mlopt.reduce %x {kind = #mlopt<reduce_kind sum>, axes = array<i64: 0, 1, 2>, keepdims = false} : (tensor<?x3x?xf32>) -> tensor<f32>
  %y = mlopt.mul %0, %w : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %g = mlopt.gradient %y, %x : (tensor<f32>, tensor<?x3x?xf32>) -> tensor<?x3x?xf32>
  return %g : tensor<?x3x?xf32>
}

// CHECK: gradient ok: sum_none 
func.func @sum_none(%x: tensor<?x3x?xf32> {mlopt.dims = ["n", 3, "m"]}, %w: tensor<?x3x?xf32> {mlopt.dims = ["n", 3, "m"]}) -> tensor<?x3x?xf32> {
  %0 = mlopt.reduce %x {kind = #mlopt<reduce_kind sum>, axes = array<i64>, keepdims = false} : (tensor<?x3x?xf32>) -> tensor<?x3x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x3x?xf32>, tensor<?x3x?xf32>) -> tensor<?x3x?xf32>
  %g = mlopt.gradient %y, %x : (tensor<?x3x?xf32>, tensor<?x3x?xf32>) -> tensor<?x3x?xf32>
  return %g : tensor<?x3x?xf32>
}

// CHECK: gradient ok: mean_middle n=3 m=4: 36
// CHECK: gradient ok: mean_middle n=1 m=1: 3
// CHECK: gradient ok: mean_middle n=0 m=0: 0
func.func @mean_middle(%x: tensor<?x3x?xf32> {mlopt.dims = ["n", 3, "m"]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> tensor<?x3x?xf32> {
  %0 = mlopt.reduce %x {kind = #mlopt<reduce_kind mean>, axes = array<i64: 1>, keepdims = false} : (tensor<?x3x?xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g = mlopt.gradient %y, %x : (tensor<?x?xf32>, tensor<?x3x?xf32>) -> tensor<?x3x?xf32>
  return %g : tensor<?x3x?xf32>
}

// CHECK: gradient ok: mean_keep 
func.func @mean_keep(%x: tensor<?x3x?xf32> {mlopt.dims = ["n", 3, "m"]}, %w: tensor<1x3x1xf32> {mlopt.dims = [1, 3, 1]}) -> tensor<?x3x?xf32> {
  %0 = mlopt.reduce %x {kind = #mlopt<reduce_kind mean>, axes = array<i64: 0, 2>, keepdims = true} : (tensor<?x3x?xf32>) -> tensor<1x3x1xf32>
  %y = mlopt.mul %0, %w : (tensor<1x3x1xf32>, tensor<1x3x1xf32>) -> tensor<1x3x1xf32>
  %g = mlopt.gradient %y, %x : (tensor<1x3x1xf32>, tensor<?x3x?xf32>) -> tensor<?x3x?xf32>
  return %g : tensor<?x3x?xf32>
}

// CHECK: gradient ok: mean_all 
func.func @mean_all(%x: tensor<?x3x?xf32> {mlopt.dims = ["n", 3, "m"]}, %w: tensor<f32>) -> tensor<?x3x?xf32> {
  %0 = mlopt.reduce %x {kind = #mlopt<reduce_kind mean>, axes = array<i64: 0, 1, 2>, keepdims = false} : (tensor<?x3x?xf32>) -> tensor<f32>
  %y = mlopt.mul %0, %w : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %g = mlopt.gradient %y, %x : (tensor<f32>, tensor<?x3x?xf32>) -> tensor<?x3x?xf32>
  return %g : tensor<?x3x?xf32>
}

// CHECK: gradient ok: mean_none 
func.func @mean_none(%x: tensor<?x3x?xf32> {mlopt.dims = ["n", 3, "m"]}, %w: tensor<?x3x?xf32> {mlopt.dims = ["n", 3, "m"]}) -> tensor<?x3x?xf32> {
  %0 = mlopt.reduce %x {kind = #mlopt<reduce_kind mean>, axes = array<i64>, keepdims = false} : (tensor<?x3x?xf32>) -> tensor<?x3x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x3x?xf32>, tensor<?x3x?xf32>) -> tensor<?x3x?xf32>
  %g = mlopt.gradient %y, %x : (tensor<?x3x?xf32>, tensor<?x3x?xf32>) -> tensor<?x3x?xf32>
  return %g : tensor<?x3x?xf32>
}

// CHECK: gradient ok: prod_middle n=3 m=4: 36
// CHECK: gradient ok: prod_middle n=1 m=1: 3
// CHECK: gradient ok: prod_middle n=0 m=0: 0
func.func @prod_middle(%x: tensor<?x3x?xf32> {mlopt.dims = ["n", 3, "m"], mlopt.range = [0.7, 1.4]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> tensor<?x3x?xf32> {
  %0 = mlopt.reduce %x {kind = #mlopt<reduce_kind prod>, axes = array<i64: 1>, keepdims = false} : (tensor<?x3x?xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g = mlopt.gradient %y, %x : (tensor<?x?xf32>, tensor<?x3x?xf32>) -> tensor<?x3x?xf32>
  return %g : tensor<?x3x?xf32>
}

// CHECK: gradient ok: prod_keep 
func.func @prod_keep(%x: tensor<?x3x?xf32> {mlopt.dims = ["n", 3, "m"], mlopt.range = [0.7, 1.4]}, %w: tensor<1x3x1xf32> {mlopt.dims = [1, 3, 1]}) -> tensor<?x3x?xf32> {
  %0 = mlopt.reduce %x {kind = #mlopt<reduce_kind prod>, axes = array<i64: 0, 2>, keepdims = true} : (tensor<?x3x?xf32>) -> tensor<1x3x1xf32>
  %y = mlopt.mul %0, %w : (tensor<1x3x1xf32>, tensor<1x3x1xf32>) -> tensor<1x3x1xf32>
  %g = mlopt.gradient %y, %x : (tensor<1x3x1xf32>, tensor<?x3x?xf32>) -> tensor<?x3x?xf32>
  return %g : tensor<?x3x?xf32>
}

// CHECK: gradient ok: prod_all 
func.func @prod_all(%x: tensor<?x3x?xf32> {mlopt.dims = ["n", 3, "m"], mlopt.range = [0.7, 1.4]}, %w: tensor<f32>) -> tensor<?x3x?xf32> {
  %0 = mlopt.reduce %x {kind = #mlopt<reduce_kind prod>, axes = array<i64: 0, 1, 2>, keepdims = false} : (tensor<?x3x?xf32>) -> tensor<f32>
  %y = mlopt.mul %0, %w : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %g = mlopt.gradient %y, %x : (tensor<f32>, tensor<?x3x?xf32>) -> tensor<?x3x?xf32>
  return %g : tensor<?x3x?xf32>
}

// CHECK: gradient ok: prod_none 
func.func @prod_none(%x: tensor<?x3x?xf32> {mlopt.dims = ["n", 3, "m"], mlopt.range = [0.7, 1.4]}, %w: tensor<?x3x?xf32> {mlopt.dims = ["n", 3, "m"]}) -> tensor<?x3x?xf32> {
  %0 = mlopt.reduce %x {kind = #mlopt<reduce_kind prod>, axes = array<i64>, keepdims = false} : (tensor<?x3x?xf32>) -> tensor<?x3x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x3x?xf32>, tensor<?x3x?xf32>) -> tensor<?x3x?xf32>
  %g = mlopt.gradient %y, %x : (tensor<?x3x?xf32>, tensor<?x3x?xf32>) -> tensor<?x3x?xf32>
  return %g : tensor<?x3x?xf32>
}

// CHECK: gradient ok: max_middle n=3 m=4: 36
// CHECK: gradient ok: max_middle n=1 m=1: 3
// CHECK: gradient ok: max_middle n=0 m=0: 0
func.func @max_middle(%x: tensor<?x3x?xf32> {mlopt.dims = ["n", 3, "m"]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> tensor<?x3x?xf32> {
  %0 = mlopt.reduce %x {kind = #mlopt<reduce_kind max>, axes = array<i64: 1>, keepdims = false} : (tensor<?x3x?xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g = mlopt.gradient %y, %x : (tensor<?x?xf32>, tensor<?x3x?xf32>) -> tensor<?x3x?xf32>
  return %g : tensor<?x3x?xf32>
}

// CHECK: gradient ok: max_keep 
func.func @max_keep(%x: tensor<?x3x?xf32> {mlopt.dims = ["n", 3, "m"]}, %w: tensor<1x3x1xf32> {mlopt.dims = [1, 3, 1]}) -> tensor<?x3x?xf32> {
  %0 = mlopt.reduce %x {kind = #mlopt<reduce_kind max>, axes = array<i64: 0, 2>, keepdims = true} : (tensor<?x3x?xf32>) -> tensor<1x3x1xf32>
  %y = mlopt.mul %0, %w : (tensor<1x3x1xf32>, tensor<1x3x1xf32>) -> tensor<1x3x1xf32>
  %g = mlopt.gradient %y, %x : (tensor<1x3x1xf32>, tensor<?x3x?xf32>) -> tensor<?x3x?xf32>
  return %g : tensor<?x3x?xf32>
}

// CHECK: gradient ok: max_all 
func.func @max_all(%x: tensor<?x3x?xf32> {mlopt.dims = ["n", 3, "m"]}, %w: tensor<f32>) -> tensor<?x3x?xf32> {
  %0 = mlopt.reduce %x {kind = #mlopt<reduce_kind max>, axes = array<i64: 0, 1, 2>, keepdims = false} : (tensor<?x3x?xf32>) -> tensor<f32>
  %y = mlopt.mul %0, %w : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %g = mlopt.gradient %y, %x : (tensor<f32>, tensor<?x3x?xf32>) -> tensor<?x3x?xf32>
  return %g : tensor<?x3x?xf32>
}

// CHECK: gradient ok: max_none 
func.func @max_none(%x: tensor<?x3x?xf32> {mlopt.dims = ["n", 3, "m"]}, %w: tensor<?x3x?xf32> {mlopt.dims = ["n", 3, "m"]}) -> tensor<?x3x?xf32> {
  %0 = mlopt.reduce %x {kind = #mlopt<reduce_kind max>, axes = array<i64>, keepdims = false} : (tensor<?x3x?xf32>) -> tensor<?x3x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x3x?xf32>, tensor<?x3x?xf32>) -> tensor<?x3x?xf32>
  %g = mlopt.gradient %y, %x : (tensor<?x3x?xf32>, tensor<?x3x?xf32>) -> tensor<?x3x?xf32>
  return %g : tensor<?x3x?xf32>
}

// CHECK: gradient ok: min_middle n=3 m=4: 36
// CHECK: gradient ok: min_middle n=1 m=1: 3
// CHECK: gradient ok: min_middle n=0 m=0: 0
func.func @min_middle(%x: tensor<?x3x?xf32> {mlopt.dims = ["n", 3, "m"]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> tensor<?x3x?xf32> {
  %0 = mlopt.reduce %x {kind = #mlopt<reduce_kind min>, axes = array<i64: 1>, keepdims = false} : (tensor<?x3x?xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g = mlopt.gradient %y, %x : (tensor<?x?xf32>, tensor<?x3x?xf32>) -> tensor<?x3x?xf32>
  return %g : tensor<?x3x?xf32>
}

// CHECK: gradient ok: min_keep 
func.func @min_keep(%x: tensor<?x3x?xf32> {mlopt.dims = ["n", 3, "m"]}, %w: tensor<1x3x1xf32> {mlopt.dims = [1, 3, 1]}) -> tensor<?x3x?xf32> {
  %0 = mlopt.reduce %x {kind = #mlopt<reduce_kind min>, axes = array<i64: 0, 2>, keepdims = true} : (tensor<?x3x?xf32>) -> tensor<1x3x1xf32>
  %y = mlopt.mul %0, %w : (tensor<1x3x1xf32>, tensor<1x3x1xf32>) -> tensor<1x3x1xf32>
  %g = mlopt.gradient %y, %x : (tensor<1x3x1xf32>, tensor<?x3x?xf32>) -> tensor<?x3x?xf32>
  return %g : tensor<?x3x?xf32>
}

// CHECK: gradient ok: min_all 
func.func @min_all(%x: tensor<?x3x?xf32> {mlopt.dims = ["n", 3, "m"]}, %w: tensor<f32>) -> tensor<?x3x?xf32> {
  %0 = mlopt.reduce %x {kind = #mlopt<reduce_kind min>, axes = array<i64: 0, 1, 2>, keepdims = false} : (tensor<?x3x?xf32>) -> tensor<f32>
  %y = mlopt.mul %0, %w : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %g = mlopt.gradient %y, %x : (tensor<f32>, tensor<?x3x?xf32>) -> tensor<?x3x?xf32>
  return %g : tensor<?x3x?xf32>
}

// CHECK: gradient ok: min_none 
func.func @min_none(%x: tensor<?x3x?xf32> {mlopt.dims = ["n", 3, "m"]}, %w: tensor<?x3x?xf32> {mlopt.dims = ["n", 3, "m"]}) -> tensor<?x3x?xf32> {
  %0 = mlopt.reduce %x {kind = #mlopt<reduce_kind min>, axes = array<i64>, keepdims = false} : (tensor<?x3x?xf32>) -> tensor<?x3x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x3x?xf32>, tensor<?x3x?xf32>) -> tensor<?x3x?xf32>
  %g = mlopt.gradient %y, %x : (tensor<?x3x?xf32>, tensor<?x3x?xf32>) -> tensor<?x3x?xf32>
  return %g : tensor<?x3x?xf32>
}

// CHECK: gradient ok: softmax0 
func.func @softmax0(%x: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> tensor<?x?xf32> {
  %0 = mlopt.softmax %x {axis = 0 : i64} : (tensor<?x?xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g = mlopt.gradient %y, %x : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  return %g : tensor<?x?xf32>
}

// CHECK: gradient ok: log_softmax0 
func.func @log_softmax0(%x: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> tensor<?x?xf32> {
  %0 = mlopt.softmax %x {axis = 0 : i64, log = true} : (tensor<?x?xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g = mlopt.gradient %y, %x : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  return %g : tensor<?x?xf32>
}

// CHECK: gradient ok: softmax1 
func.func @softmax1(%x: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> tensor<?x?xf32> {
  %0 = mlopt.softmax %x {axis = 1 : i64} : (tensor<?x?xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g = mlopt.gradient %y, %x : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  return %g : tensor<?x?xf32>
}

// CHECK: gradient ok: log_softmax1 
func.func @log_softmax1(%x: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> tensor<?x?xf32> {
  %0 = mlopt.softmax %x {axis = 1 : i64, log = true} : (tensor<?x?xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g = mlopt.gradient %y, %x : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  return %g : tensor<?x?xf32>
}

// CHECK: gradient ok: cumulative_false_false 
func.func @cumulative_false_false(%x: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> tensor<?x?xf32> {
  %0 = mlopt.cumulative %x {kind = #mlopt<cumulative_kind sum>, axis = 1 : i64, exclusive = false, reverse = false} : (tensor<?x?xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g = mlopt.gradient %y, %x : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  return %g : tensor<?x?xf32>
}

// CHECK: gradient ok: cumulative_false_true 
func.func @cumulative_false_true(%x: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> tensor<?x?xf32> {
  %0 = mlopt.cumulative %x {kind = #mlopt<cumulative_kind sum>, axis = 1 : i64, exclusive = false, reverse = true} : (tensor<?x?xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g = mlopt.gradient %y, %x : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  return %g : tensor<?x?xf32>
}

// CHECK: gradient ok: cumulative_true_false 
func.func @cumulative_true_false(%x: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> tensor<?x?xf32> {
  %0 = mlopt.cumulative %x {kind = #mlopt<cumulative_kind sum>, axis = 1 : i64, exclusive = true, reverse = false} : (tensor<?x?xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g = mlopt.gradient %y, %x : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  return %g : tensor<?x?xf32>
}

// CHECK: gradient ok: cumulative_true_true 
func.func @cumulative_true_true(%x: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> tensor<?x?xf32> {
  %0 = mlopt.cumulative %x {kind = #mlopt<cumulative_kind sum>, axis = 1 : i64, exclusive = true, reverse = true} : (tensor<?x?xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g = mlopt.gradient %y, %x : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  return %g : tensor<?x?xf32>
}

// CHECK: gradient ok: top_k_true 
func.func @top_k_true(%x: tensor<?x5xf32> {mlopt.dims = ["n", 5]}, %w: tensor<?x2xf32> {mlopt.dims = ["n", 2]}) -> tensor<?x5xf32> {
  %v, %i = mlopt.top_k %x {axis = 1 : i64, static_k = 2 : i64, largest = true} : (tensor<?x5xf32>) -> (tensor<?x2xf32>, tensor<?x2xi64>)
  %y = mlopt.mul %v, %w : (tensor<?x2xf32>, tensor<?x2xf32>) -> tensor<?x2xf32>
  %g = mlopt.gradient %y, %x : (tensor<?x2xf32>, tensor<?x5xf32>) -> tensor<?x5xf32>
  return %g : tensor<?x5xf32>
}

// CHECK: gradient ok: top_k_false 
func.func @top_k_false(%x: tensor<?x5xf32> {mlopt.dims = ["n", 5]}, %w: tensor<?x2xf32> {mlopt.dims = ["n", 2]}) -> tensor<?x5xf32> {
  %v, %i = mlopt.top_k %x {axis = 1 : i64, static_k = 2 : i64, largest = false} : (tensor<?x5xf32>) -> (tensor<?x2xf32>, tensor<?x2xi64>)
  %y = mlopt.mul %v, %w : (tensor<?x2xf32>, tensor<?x2xf32>) -> tensor<?x2xf32>
  %g = mlopt.gradient %y, %x : (tensor<?x2xf32>, tensor<?x5xf32>) -> tensor<?x5xf32>
  return %g : tensor<?x5xf32>
}

// Zeros among the factors: none in the first row, then one, then two.
// CHECK: gradient ok: prod_zeros 
func.func @prod_zeros(%z: tensor<3x4xf32> {mlopt.range = [0.0, 0.0]}, %w: tensor<3xf32> {mlopt.dims = [3]}) -> tensor<3x4xf32> {
  %c = mlopt.constant dense<[[3.0, 2.0, -1.0, 0.5], [2.0, 0.0, 4.0, -3.0], [0.0, 1.5, 0.0, 1.0]]> : tensor<3x4xf32>
  %x = mlopt.add %c, %z : (tensor<3x4xf32>, tensor<3x4xf32>) -> tensor<3x4xf32>
  %0 = mlopt.reduce %x {kind = #mlopt<reduce_kind prod>, axes = array<i64: 1>} : (tensor<3x4xf32>) -> tensor<3xf32>
  %y = mlopt.mul %0, %w : (tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
  %g = mlopt.gradient %y, %z : (tensor<3xf32>, tensor<3x4xf32>) -> tensor<3x4xf32>
  return %g : tensor<3x4xf32>
}

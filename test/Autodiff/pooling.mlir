// Pooling against differences.
// RUN: %mlopt-opt --mlopt-check-gradients %s -o /dev/null | FileCheck %s

func.func @max_tiled(%x: tensor<?x2x4x6xf32> {mlopt.dims = ["n", 2, 4, 6]}, %r: tensor<?x2x2x2xf32> {mlopt.dims = ["n", 2, 2, 2]}) -> tensor<?x2x4x6xf32> {
  %y = mlopt.pool %x {kind = #mlopt<pool_kind max>, kernel = array<i64: 2, 3>, strides = array<i64: 2, 3>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>} : (tensor<?x2x4x6xf32>) -> tensor<?x2x2x2xf32>
  %p = mlopt.mul %y, %r : (tensor<?x2x2x2xf32>, tensor<?x2x2x2xf32>) -> tensor<?x2x2x2xf32>
  %g = mlopt.gradient %p, %x : (tensor<?x2x2x2xf32>, tensor<?x2x4x6xf32>) -> (tensor<?x2x4x6xf32>)
  return %g : tensor<?x2x4x6xf32>
}
// CHECK: gradient ok: max_tiled n=3
// CHECK: gradient ok: max_tiled n=1
// CHECK: gradient ok: max_tiled n=0

func.func @max_tiled_rest(%x: tensor<2x2x5x7xf32>, %r: tensor<2x2x2x2xf32>) -> tensor<2x2x5x7xf32> {
  %y = mlopt.pool %x {kind = #mlopt<pool_kind max>, kernel = array<i64: 2, 3>, strides = array<i64: 2, 3>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>} : (tensor<2x2x5x7xf32>) -> tensor<2x2x2x2xf32>
  %p = mlopt.mul %y, %r : (tensor<2x2x2x2xf32>, tensor<2x2x2x2xf32>) -> tensor<2x2x2x2xf32>
  %g = mlopt.gradient %p, %x : (tensor<2x2x2x2xf32>, tensor<2x2x5x7xf32>) -> (tensor<2x2x5x7xf32>)
  return %g : tensor<2x2x5x7xf32>
}
// CHECK: gradient ok: max_tiled_rest: 

func.func @max_overlapping(%x: tensor<?x2x5x5xf32> {mlopt.dims = ["n", 2, 5, 5]}, %r: tensor<?x2x3x3xf32> {mlopt.dims = ["n", 2, 3, 3]}) -> tensor<?x2x5x5xf32> {
  %y = mlopt.pool %x {kind = #mlopt<pool_kind max>, kernel = array<i64: 3, 3>, strides = array<i64: 2, 2>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>} : (tensor<?x2x5x5xf32>) -> tensor<?x2x3x3xf32>
  %p = mlopt.mul %y, %r : (tensor<?x2x3x3xf32>, tensor<?x2x3x3xf32>) -> tensor<?x2x3x3xf32>
  %g = mlopt.gradient %p, %x : (tensor<?x2x3x3xf32>, tensor<?x2x5x5xf32>) -> (tensor<?x2x5x5xf32>)
  return %g : tensor<?x2x5x5xf32>
}
// CHECK: gradient ok: max_overlapping n=3
// CHECK: gradient ok: max_overlapping n=1
// CHECK: gradient ok: max_overlapping n=0

func.func @max_asymmetric(%x: tensor<1x2x5x6xf32>, %r: tensor<1x2x3x6xf32>) -> tensor<1x2x5x6xf32> {
  %y = mlopt.pool %x {kind = #mlopt<pool_kind max>, kernel = array<i64: 3, 2>, strides = array<i64: 2, 1>, pads_begin = array<i64: 1, 0>, pads_end = array<i64: 0, 1>, extra_end = array<i64: 1, 0>, dilations = array<i64: 1, 1>} : (tensor<1x2x5x6xf32>) -> tensor<1x2x3x6xf32>
  %p = mlopt.mul %y, %r : (tensor<1x2x3x6xf32>, tensor<1x2x3x6xf32>) -> tensor<1x2x3x6xf32>
  %g = mlopt.gradient %p, %x : (tensor<1x2x3x6xf32>, tensor<1x2x5x6xf32>) -> (tensor<1x2x5x6xf32>)
  return %g : tensor<1x2x5x6xf32>
}
// CHECK: gradient ok: max_asymmetric: 

func.func @max_dilated(%x: tensor<2x1x6x6xf32>, %r: tensor<2x1x3x2xf32>) -> tensor<2x1x6x6xf32> {
  %y = mlopt.pool %x {kind = #mlopt<pool_kind max>, kernel = array<i64: 2, 3>, strides = array<i64: 1, 2>, pads_begin = array<i64: 0, 1>, pads_end = array<i64: 0, 1>, extra_end = array<i64: 0, 0>, dilations = array<i64: 3, 2>} : (tensor<2x1x6x6xf32>) -> tensor<2x1x3x2xf32>
  %p = mlopt.mul %y, %r : (tensor<2x1x3x2xf32>, tensor<2x1x3x2xf32>) -> tensor<2x1x3x2xf32>
  %g = mlopt.gradient %p, %x : (tensor<2x1x3x2xf32>, tensor<2x1x6x6xf32>) -> (tensor<2x1x6x6xf32>)
  return %g : tensor<2x1x6x6xf32>
}
// CHECK: gradient ok: max_dilated: 

func.func @max_one_dimension(%x: tensor<?x2x7xf32> {mlopt.dims = ["n", 2, 7]}, %r: tensor<?x2x3xf32> {mlopt.dims = ["n", 2, 3]}) -> tensor<?x2x7xf32> {
  %y = mlopt.pool %x {kind = #mlopt<pool_kind max>, kernel = array<i64: 3>, strides = array<i64: 2>, pads_begin = array<i64: 0>, pads_end = array<i64: 0>, extra_end = array<i64: 0>, dilations = array<i64: 1>} : (tensor<?x2x7xf32>) -> tensor<?x2x3xf32>
  %p = mlopt.mul %y, %r : (tensor<?x2x3xf32>, tensor<?x2x3xf32>) -> tensor<?x2x3xf32>
  %g = mlopt.gradient %p, %x : (tensor<?x2x3xf32>, tensor<?x2x7xf32>) -> (tensor<?x2x7xf32>)
  return %g : tensor<?x2x7xf32>
}
// CHECK: gradient ok: max_one_dimension n=3
// CHECK: gradient ok: max_one_dimension n=1
// CHECK: gradient ok: max_one_dimension n=0

func.func @max_three_dimensions(%x: tensor<1x2x4x3x4xf32>, %r: tensor<1x2x2x2x2xf32>) -> tensor<1x2x4x3x4xf32> {
  %y = mlopt.pool %x {kind = #mlopt<pool_kind max>, kernel = array<i64: 2, 2, 2>, strides = array<i64: 2, 1, 2>, pads_begin = array<i64: 0, 0, 0>, pads_end = array<i64: 0, 0, 0>, extra_end = array<i64: 0, 0, 0>, dilations = array<i64: 1, 1, 1>} : (tensor<1x2x4x3x4xf32>) -> tensor<1x2x2x2x2xf32>
  %p = mlopt.mul %y, %r : (tensor<1x2x2x2x2xf32>, tensor<1x2x2x2x2xf32>) -> tensor<1x2x2x2x2xf32>
  %g = mlopt.gradient %p, %x : (tensor<1x2x2x2x2xf32>, tensor<1x2x4x3x4xf32>) -> (tensor<1x2x4x3x4xf32>)
  return %g : tensor<1x2x4x3x4xf32>
}
// CHECK: gradient ok: max_three_dimensions: 

func.func @max_gaps_between(%x: tensor<1x1x8xf32>, %r: tensor<1x1x3xf32>) -> tensor<1x1x8xf32> {
  %y = mlopt.pool %x {kind = #mlopt<pool_kind max>, kernel = array<i64: 2>, strides = array<i64: 3>, pads_begin = array<i64: 0>, pads_end = array<i64: 0>, extra_end = array<i64: 0>, dilations = array<i64: 1>} : (tensor<1x1x8xf32>) -> tensor<1x1x3xf32>
  %p = mlopt.mul %y, %r : (tensor<1x1x3xf32>, tensor<1x1x3xf32>) -> tensor<1x1x3xf32>
  %g = mlopt.gradient %p, %x : (tensor<1x1x3xf32>, tensor<1x1x8xf32>) -> (tensor<1x1x8xf32>)
  return %g : tensor<1x1x8xf32>
}
// CHECK: gradient ok: max_gaps_between: 

func.func @max_dynamic_space(%x: tensor<1x2x?x4xf32> {mlopt.dims = [1, 2, "n", 4]}, %r: tensor<1x2x?x2xf32> {mlopt.dims = [1, 2, "n", 2]}) -> tensor<1x2x?x4xf32> {
  %y = mlopt.pool %x {kind = #mlopt<pool_kind max>, kernel = array<i64: 1, 2>, strides = array<i64: 1, 2>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>} : (tensor<1x2x?x4xf32>) -> tensor<1x2x?x2xf32>
  %p = mlopt.mul %y, %r : (tensor<1x2x?x2xf32>, tensor<1x2x?x2xf32>) -> tensor<1x2x?x2xf32>
  %g = mlopt.gradient %p, %x : (tensor<1x2x?x2xf32>, tensor<1x2x?x4xf32>) -> (tensor<1x2x?x4xf32>)
  return %g : tensor<1x2x?x4xf32>
}
// CHECK: gradient ok: max_dynamic_space n=3
// CHECK: gradient ok: max_dynamic_space n=1
// CHECK: gradient ok: max_dynamic_space n=0

func.func @max_whole(%x: tensor<2x3x3x2xf32>, %r: tensor<2x3x1x1xf32>) -> tensor<2x3x3x2xf32> {
  %y = mlopt.pool %x {kind = #mlopt<pool_kind max>, kernel = array<i64: 3, 2>, strides = array<i64: 1, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>} : (tensor<2x3x3x2xf32>) -> tensor<2x3x1x1xf32>
  %p = mlopt.mul %y, %r : (tensor<2x3x1x1xf32>, tensor<2x3x1x1xf32>) -> tensor<2x3x1x1xf32>
  %g = mlopt.gradient %p, %x : (tensor<2x3x1x1xf32>, tensor<2x3x3x2xf32>) -> (tensor<2x3x3x2xf32>)
  return %g : tensor<2x3x3x2xf32>
}
// CHECK: gradient ok: max_whole: 

func.func @max_many_places(%x: tensor<2x1x6x7xf32>, %r: tensor<2x1x6x3xf32>) -> tensor<2x1x6x7xf32> {
  %y = mlopt.pool %x {kind = #mlopt<pool_kind max>, kernel = array<i64: 5, 4>, strides = array<i64: 1, 2>, pads_begin = array<i64: 2, 1>, pads_end = array<i64: 2, 1>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>} : (tensor<2x1x6x7xf32>) -> tensor<2x1x6x3xf32>
  %p = mlopt.mul %y, %r : (tensor<2x1x6x3xf32>, tensor<2x1x6x3xf32>) -> tensor<2x1x6x3xf32>
  %g = mlopt.gradient %p, %x : (tensor<2x1x6x3xf32>, tensor<2x1x6x7xf32>) -> (tensor<2x1x6x7xf32>)
  return %g : tensor<2x1x6x7xf32>
}
// CHECK: gradient ok: max_many_places: 

func.func @max_many_terms(%x: tensor<?x1x7x7xf32> {mlopt.dims = ["n", 1, 7, 7]}, %r: tensor<?x1x7x7xf32> {mlopt.dims = ["n", 1, 7, 7]}) -> tensor<?x1x7x7xf32> {
  %y = mlopt.pool %x {kind = #mlopt<pool_kind max>, kernel = array<i64: 5, 5>, strides = array<i64: 1, 1>, pads_begin = array<i64: 2, 2>, pads_end = array<i64: 2, 2>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>} : (tensor<?x1x7x7xf32>) -> tensor<?x1x7x7xf32>
  %p = mlopt.mul %y, %r : (tensor<?x1x7x7xf32>, tensor<?x1x7x7xf32>) -> tensor<?x1x7x7xf32>
  %g = mlopt.gradient %p, %x : (tensor<?x1x7x7xf32>, tensor<?x1x7x7xf32>) -> (tensor<?x1x7x7xf32>)
  return %g : tensor<?x1x7x7xf32>
}
// CHECK: gradient ok: max_many_terms n=3
// CHECK: gradient ok: max_many_terms n=1
// CHECK: gradient ok: max_many_terms n=0

func.func @average_many_terms(%x: tensor<2x1x7x7xf32>, %r: tensor<2x1x7x7xf32>) -> tensor<2x1x7x7xf32> {
  %y = mlopt.pool %x {kind = #mlopt<pool_kind average>, kernel = array<i64: 5, 5>, strides = array<i64: 1, 1>, pads_begin = array<i64: 2, 2>, pads_end = array<i64: 2, 2>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>} : (tensor<2x1x7x7xf32>) -> tensor<2x1x7x7xf32>
  %p = mlopt.mul %y, %r : (tensor<2x1x7x7xf32>, tensor<2x1x7x7xf32>) -> tensor<2x1x7x7xf32>
  %g = mlopt.gradient %p, %x : (tensor<2x1x7x7xf32>, tensor<2x1x7x7xf32>) -> (tensor<2x1x7x7xf32>)
  return %g : tensor<2x1x7x7xf32>
}
// CHECK: gradient ok: average_many_terms: 

func.func @average_tiled(%x: tensor<?x2x4x6xf32> {mlopt.dims = ["n", 2, 4, 6]}, %r: tensor<?x2x2x2xf32> {mlopt.dims = ["n", 2, 2, 2]}) -> tensor<?x2x4x6xf32> {
  %y = mlopt.pool %x {kind = #mlopt<pool_kind average>, kernel = array<i64: 2, 3>, strides = array<i64: 2, 3>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>} : (tensor<?x2x4x6xf32>) -> tensor<?x2x2x2xf32>
  %p = mlopt.mul %y, %r : (tensor<?x2x2x2xf32>, tensor<?x2x2x2xf32>) -> tensor<?x2x2x2xf32>
  %g = mlopt.gradient %p, %x : (tensor<?x2x2x2xf32>, tensor<?x2x4x6xf32>) -> (tensor<?x2x4x6xf32>)
  return %g : tensor<?x2x4x6xf32>
}
// CHECK: gradient ok: average_tiled n=3
// CHECK: gradient ok: average_tiled n=1
// CHECK: gradient ok: average_tiled n=0

func.func @average_tiled_rest(%x: tensor<2x1x5x7xf32>, %r: tensor<2x1x2x2xf32>) -> tensor<2x1x5x7xf32> {
  %y = mlopt.pool %x {kind = #mlopt<pool_kind average>, kernel = array<i64: 2, 3>, strides = array<i64: 2, 3>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>} : (tensor<2x1x5x7xf32>) -> tensor<2x1x2x2xf32>
  %p = mlopt.mul %y, %r : (tensor<2x1x2x2xf32>, tensor<2x1x2x2xf32>) -> tensor<2x1x2x2xf32>
  %g = mlopt.gradient %p, %x : (tensor<2x1x2x2xf32>, tensor<2x1x5x7xf32>) -> (tensor<2x1x5x7xf32>)
  return %g : tensor<2x1x5x7xf32>
}
// CHECK: gradient ok: average_tiled_rest: 

func.func @average_overlapping(%x: tensor<?x2x5x5xf32> {mlopt.dims = ["n", 2, 5, 5]}, %r: tensor<?x2x2x3xf32> {mlopt.dims = ["n", 2, 2, 3]}) -> tensor<?x2x5x5xf32> {
  %y = mlopt.pool %x {kind = #mlopt<pool_kind average>, kernel = array<i64: 3, 3>, strides = array<i64: 2, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>} : (tensor<?x2x5x5xf32>) -> tensor<?x2x2x3xf32>
  %p = mlopt.mul %y, %r : (tensor<?x2x2x3xf32>, tensor<?x2x2x3xf32>) -> tensor<?x2x2x3xf32>
  %g = mlopt.gradient %p, %x : (tensor<?x2x2x3xf32>, tensor<?x2x5x5xf32>) -> (tensor<?x2x5x5xf32>)
  return %g : tensor<?x2x5x5xf32>
}
// CHECK: gradient ok: average_overlapping n=3
// CHECK: gradient ok: average_overlapping n=1
// CHECK: gradient ok: average_overlapping n=0

func.func @average_excluding_pads(%x: tensor<2x2x5x4xf32>, %r: tensor<2x2x3x2xf32>) -> tensor<2x2x5x4xf32> {
  %y = mlopt.pool %x {kind = #mlopt<pool_kind average>, kernel = array<i64: 3, 3>, strides = array<i64: 2, 2>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 0>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>} : (tensor<2x2x5x4xf32>) -> tensor<2x2x3x2xf32>
  %p = mlopt.mul %y, %r : (tensor<2x2x3x2xf32>, tensor<2x2x3x2xf32>) -> tensor<2x2x3x2xf32>
  %g = mlopt.gradient %p, %x : (tensor<2x2x3x2xf32>, tensor<2x2x5x4xf32>) -> (tensor<2x2x5x4xf32>)
  return %g : tensor<2x2x5x4xf32>
}
// CHECK: gradient ok: average_excluding_pads: 

func.func @average_including_pads(%x: tensor<2x2x5x4xf32>, %r: tensor<2x2x3x2xf32>) -> tensor<2x2x5x4xf32> {
  %y = mlopt.pool %x {kind = #mlopt<pool_kind average>, kernel = array<i64: 3, 3>, strides = array<i64: 2, 2>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, count_include_pad = true} : (tensor<2x2x5x4xf32>) -> tensor<2x2x3x2xf32>
  %p = mlopt.mul %y, %r : (tensor<2x2x3x2xf32>, tensor<2x2x3x2xf32>) -> tensor<2x2x3x2xf32>
  %g = mlopt.gradient %p, %x : (tensor<2x2x3x2xf32>, tensor<2x2x5x4xf32>) -> (tensor<2x2x5x4xf32>)
  return %g : tensor<2x2x5x4xf32>
}
// CHECK: gradient ok: average_including_pads: 

func.func @average_extra(%x: tensor<1x2x4x4xf32>, %r: tensor<1x2x3x2xf32>) -> tensor<1x2x4x4xf32> {
  %y = mlopt.pool %x {kind = #mlopt<pool_kind average>, kernel = array<i64: 3, 2>, strides = array<i64: 2, 3>, pads_begin = array<i64: 1, 0>, pads_end = array<i64: 1, 0>, extra_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, count_include_pad = true} : (tensor<1x2x4x4xf32>) -> tensor<1x2x3x2xf32>
  %p = mlopt.mul %y, %r : (tensor<1x2x3x2xf32>, tensor<1x2x3x2xf32>) -> tensor<1x2x3x2xf32>
  %g = mlopt.gradient %p, %x : (tensor<1x2x3x2xf32>, tensor<1x2x4x4xf32>) -> (tensor<1x2x4x4xf32>)
  return %g : tensor<1x2x4x4xf32>
}
// CHECK: gradient ok: average_extra: 

func.func @average_extra_excluded(%x: tensor<1x2x4x4xf32>, %r: tensor<1x2x3x2xf32>) -> tensor<1x2x4x4xf32> {
  %y = mlopt.pool %x {kind = #mlopt<pool_kind average>, kernel = array<i64: 3, 2>, strides = array<i64: 2, 3>, pads_begin = array<i64: 1, 0>, pads_end = array<i64: 1, 0>, extra_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>} : (tensor<1x2x4x4xf32>) -> tensor<1x2x3x2xf32>
  %p = mlopt.mul %y, %r : (tensor<1x2x3x2xf32>, tensor<1x2x3x2xf32>) -> tensor<1x2x3x2xf32>
  %g = mlopt.gradient %p, %x : (tensor<1x2x3x2xf32>, tensor<1x2x4x4xf32>) -> (tensor<1x2x4x4xf32>)
  return %g : tensor<1x2x4x4xf32>
}
// CHECK: gradient ok: average_extra_excluded: 

func.func @average_dilated(%x: tensor<1x2x7xf32>, %r: tensor<1x2x5xf32>) -> tensor<1x2x7xf32> {
  %y = mlopt.pool %x {kind = #mlopt<pool_kind average>, kernel = array<i64: 3>, strides = array<i64: 1>, pads_begin = array<i64: 1>, pads_end = array<i64: 1>, extra_end = array<i64: 0>, dilations = array<i64: 2>} : (tensor<1x2x7xf32>) -> tensor<1x2x5xf32>
  %p = mlopt.mul %y, %r : (tensor<1x2x5xf32>, tensor<1x2x5xf32>) -> tensor<1x2x5xf32>
  %g = mlopt.gradient %p, %x : (tensor<1x2x5xf32>, tensor<1x2x7xf32>) -> (tensor<1x2x7xf32>)
  return %g : tensor<1x2x7xf32>
}
// CHECK: gradient ok: average_dilated: 

func.func @average_dynamic_space(%x: tensor<1x2x?x4xf32> {mlopt.dims = [1, 2, "n", 4]}, %r: tensor<1x2x?x2xf32> {mlopt.dims = [1, 2, "n", 2]}) -> tensor<1x2x?x4xf32> {
  %y = mlopt.pool %x {kind = #mlopt<pool_kind average>, kernel = array<i64: 1, 3>, strides = array<i64: 1, 2>, pads_begin = array<i64: 0, 1>, pads_end = array<i64: 0, 1>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>} : (tensor<1x2x?x4xf32>) -> tensor<1x2x?x2xf32>
  %p = mlopt.mul %y, %r : (tensor<1x2x?x2xf32>, tensor<1x2x?x2xf32>) -> tensor<1x2x?x2xf32>
  %g = mlopt.gradient %p, %x : (tensor<1x2x?x2xf32>, tensor<1x2x?x4xf32>) -> (tensor<1x2x?x4xf32>)
  return %g : tensor<1x2x?x4xf32>
}
// CHECK: gradient ok: average_dynamic_space n=3
// CHECK: gradient ok: average_dynamic_space n=1
// CHECK: gradient ok: average_dynamic_space n=0

func.func @max_strided_dynamic_space(%x: tensor<2x2x?x5xf32> {mlopt.dims = [2, 2, "n", 5]}) -> tensor<2x2x?x5xf32> {
  %y = mlopt.pool %x {kind = #mlopt<pool_kind max>, kernel = array<i64: 2, 2>, strides = array<i64: 2, 1>, pads_begin = array<i64: 1, 0>, pads_end = array<i64: 1, 0>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>} : (tensor<2x2x?x5xf32>) -> tensor<2x2x?x4xf32>
  %p = mlopt.sin %y : (tensor<2x2x?x4xf32>) -> tensor<2x2x?x4xf32>
  %g = mlopt.gradient %p, %x : (tensor<2x2x?x4xf32>, tensor<2x2x?x5xf32>) -> tensor<2x2x?x5xf32>
  return %g : tensor<2x2x?x5xf32>
}
// CHECK: gradient ok: max_strided_dynamic_space n=3
// CHECK: gradient ok: max_strided_dynamic_space n=1
// CHECK: gradient ok: max_strided_dynamic_space n=0

func.func @average_tiled_dynamic_space(%x: tensor<2x2x?x4xf32> {mlopt.dims = [2, 2, "n", 4]}) -> tensor<2x2x?x4xf32> {
  %y = mlopt.pool %x {kind = #mlopt<pool_kind average>, kernel = array<i64: 1, 2>, strides = array<i64: 1, 2>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>} : (tensor<2x2x?x4xf32>) -> tensor<2x2x?x2xf32>
  %p = mlopt.sin %y : (tensor<2x2x?x2xf32>) -> tensor<2x2x?x2xf32>
  %g = mlopt.gradient %p, %x : (tensor<2x2x?x2xf32>, tensor<2x2x?x4xf32>) -> tensor<2x2x?x4xf32>
  return %g : tensor<2x2x?x4xf32>
}
// CHECK: gradient ok: average_tiled_dynamic_space n=3
// CHECK: gradient ok: average_tiled_dynamic_space n=1
// CHECK: gradient ok: average_tiled_dynamic_space n=0

func.func @lp2(%x: tensor<?x2x4x4xf32> {mlopt.dims = ["n", 2, 4, 4]}, %r: tensor<?x2x2x3xf32> {mlopt.dims = ["n", 2, 2, 3]}) -> tensor<?x2x4x4xf32> {
  %y = mlopt.pool %x {kind = #mlopt<pool_kind lp>, kernel = array<i64: 2, 2>, strides = array<i64: 2, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, p = 2 : i64} : (tensor<?x2x4x4xf32>) -> tensor<?x2x2x3xf32>
  %p = mlopt.mul %y, %r : (tensor<?x2x2x3xf32>, tensor<?x2x2x3xf32>) -> tensor<?x2x2x3xf32>
  %g = mlopt.gradient %p, %x : (tensor<?x2x2x3xf32>, tensor<?x2x4x4xf32>) -> (tensor<?x2x4x4xf32>)
  return %g : tensor<?x2x4x4xf32>
}
// CHECK: gradient ok: lp2 n=3
// CHECK: gradient ok: lp2 n=1
// CHECK: gradient ok: lp2 n=0

func.func @lp1(%x: tensor<1x2x4x4xf32>, %r: tensor<1x2x2x3xf32>) -> tensor<1x2x4x4xf32> {
  %y = mlopt.pool %x {kind = #mlopt<pool_kind lp>, kernel = array<i64: 2, 2>, strides = array<i64: 2, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, p = 1 : i64} : (tensor<1x2x4x4xf32>) -> tensor<1x2x2x3xf32>
  %p = mlopt.mul %y, %r : (tensor<1x2x2x3xf32>, tensor<1x2x2x3xf32>) -> tensor<1x2x2x3xf32>
  %g = mlopt.gradient %p, %x : (tensor<1x2x2x3xf32>, tensor<1x2x4x4xf32>) -> (tensor<1x2x4x4xf32>)
  return %g : tensor<1x2x4x4xf32>
}
// CHECK: gradient ok: lp1: 

func.func @lp3_padded(%x: tensor<1x2x4x4xf32>, %r: tensor<1x2x5x2xf32>) -> tensor<1x2x4x4xf32> {
  %y = mlopt.pool %x {kind = #mlopt<pool_kind lp>, kernel = array<i64: 2, 2>, strides = array<i64: 1, 2>, pads_begin = array<i64: 1, 0>, pads_end = array<i64: 1, 0>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, p = 3 : i64} : (tensor<1x2x4x4xf32>) -> tensor<1x2x5x2xf32>
  %p = mlopt.mul %y, %r : (tensor<1x2x5x2xf32>, tensor<1x2x5x2xf32>) -> tensor<1x2x5x2xf32>
  %g = mlopt.gradient %p, %x : (tensor<1x2x5x2xf32>, tensor<1x2x4x4xf32>) -> (tensor<1x2x4x4xf32>)
  return %g : tensor<1x2x4x4xf32>
}
// CHECK: gradient ok: lp3_padded: 

func.func @with_indices(%x: tensor<?x2x5x5xf32> {mlopt.dims = ["n", 2, 5, 5]}, %r: tensor<?x2x3x3xf32> {mlopt.dims = ["n", 2, 3, 3]}) -> tensor<?x2x5x5xf32> {
  %y0, %y1 = mlopt.max_pool_with_indices %x {kernel = array<i64: 3, 3>, strides = array<i64: 2, 2>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>} : (tensor<?x2x5x5xf32>) -> (tensor<?x2x3x3xf32>, tensor<?x2x3x3xi64>)
  %p = mlopt.mul %y0, %r : (tensor<?x2x3x3xf32>, tensor<?x2x3x3xf32>) -> tensor<?x2x3x3xf32>
  %g = mlopt.gradient %p, %x : (tensor<?x2x3x3xf32>, tensor<?x2x5x5xf32>) -> (tensor<?x2x5x5xf32>)
  return %g : tensor<?x2x5x5xf32>
}
// CHECK: gradient ok: with_indices n=3
// CHECK: gradient ok: with_indices n=1
// CHECK: gradient ok: with_indices n=0

func.func @with_indices_tiled(%x: tensor<?x2x4x4xf32> {mlopt.dims = ["n", 2, 4, 4]}, %r: tensor<?x2x2x2xf32> {mlopt.dims = ["n", 2, 2, 2]}) -> tensor<?x2x4x4xf32> {
  %y0, %y1 = mlopt.max_pool_with_indices %x {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>} : (tensor<?x2x4x4xf32>) -> (tensor<?x2x2x2xf32>, tensor<?x2x2x2xi64>)
  %p = mlopt.mul %y0, %r : (tensor<?x2x2x2xf32>, tensor<?x2x2x2xf32>) -> tensor<?x2x2x2xf32>
  %g = mlopt.gradient %p, %x : (tensor<?x2x2x2xf32>, tensor<?x2x4x4xf32>) -> (tensor<?x2x4x4xf32>)
  return %g : tensor<?x2x4x4xf32>
}
// CHECK: gradient ok: with_indices_tiled n=3
// CHECK: gradient ok: with_indices_tiled n=1
// CHECK: gradient ok: with_indices_tiled n=0

func.func @with_indices_column_major(%x: tensor<1x2x5x4xf32>, %r: tensor<1x2x3x2xf32>) -> tensor<1x2x5x4xf32> {
  %y0, %y1 = mlopt.max_pool_with_indices %x {kernel = array<i64: 3, 2>, strides = array<i64: 1, 2>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, column_major = true} : (tensor<1x2x5x4xf32>) -> (tensor<1x2x3x2xf32>, tensor<1x2x3x2xi64>)
  %p = mlopt.mul %y0, %r : (tensor<1x2x3x2xf32>, tensor<1x2x3x2xf32>) -> tensor<1x2x3x2xf32>
  %g = mlopt.gradient %p, %x : (tensor<1x2x3x2xf32>, tensor<1x2x5x4xf32>) -> (tensor<1x2x5x4xf32>)
  return %g : tensor<1x2x5x4xf32>
}
// CHECK: gradient ok: with_indices_column_major: 

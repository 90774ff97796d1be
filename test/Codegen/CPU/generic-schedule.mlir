// RUN: mlopt-kernel-test %s --cpu=x86-64-v2,x86-64-v3,x86-64-v4 --show-schedule | FileCheck %s
//
// Which way the generic route takes; the numbers are in transpose, pooling, resize and ordered.

// Whole tiles move as bits: as many as a vector has, 16 at most.
// CHECK: turn_f32 x86-64-v3: {{.*}}tile = 8 : i64, walk = "map"
mlopt.kernel @turn_f32(%a: tensor<?x?xf32>) -> tensor<?x?xf32> attributes {hero = #mlopt.hero<transpose>, dims = [["n", "m"], ["m", "n"]]} {
  %0 = mlopt.transpose %a {permutation = array<i64: 1, 0>, mlopt.hero_op} : (tensor<?x?xf32>) -> tensor<?x?xf32>
  mlopt.yield %0 : tensor<?x?xf32>
}

// CHECK: turn_i8 x86-64-v2: {{.*}}tile = 16 : i64, walk = "map"
mlopt.kernel @turn_i8(%a: tensor<?x?xi8>) -> tensor<?x?xi8> attributes {hero = #mlopt.hero<transpose>, dims = [["n", "m"], ["m", "n"]]} {
  %0 = mlopt.transpose %a {permutation = array<i64: 1, 0>, mlopt.hero_op} : (tensor<?x?xi8>) -> tensor<?x?xi8>
  mlopt.yield %0 : tensor<?x?xi8>
}

// Three channels have no room for a tile.
// CHECK: few_channels x86-64-v4: {{.*}}params = {lanes = 16 : i64, walk = "map"}
mlopt.kernel @few_channels(%a: tensor<1x3x24x40xf32>) -> tensor<1x24x40x3xf32> attributes {hero = #mlopt.hero<transpose>, dims = [[1, 3, 24, 40], [1, 24, 40, 3]]} {
  %0 = mlopt.transpose %a {permutation = array<i64: 0, 2, 3, 1>, mlopt.hero_op} : (tensor<1x3x24x40xf32>) -> tensor<1x24x40x3xf32>
  mlopt.yield %0 : tensor<1x24x40x3xf32>
}

// CHECK: between_f32 x86-64-v4: {{.*}}tile = 16 : i64, walk = "map"
mlopt.kernel @between_f32(%a: tensor<?x?xf32>, %b: tensor<?xf32>, %c: tensor<?x?xf32>) -> tensor<?x?xf32> attributes {hero = #mlopt.hero<transpose>, dims = [["n", "m"], ["m"], ["m", "n"], ["m", "n"]]} {
  %0 = mlopt.add %a, %b : (tensor<?x?xf32>, tensor<?xf32>) -> tensor<?x?xf32>
  %1 = mlopt.transpose %0 {permutation = array<i64: 1, 0>, mlopt.hero_op} : (tensor<?x?xf32>) -> tensor<?x?xf32>
  %2 = mlopt.mul %1, %c : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  mlopt.yield %2 : tensor<?x?xf32>
}

// 50 output rows in bands of 16.
// CHECK: max_banded x86-64-v4: {{.*}}params = {band = 16 : i64, lanes = 16 : i64, walk = "pooled rows"}
mlopt.kernel @max_banded(%a: tensor<1x2x100x33xf32>) -> tensor<1x2x50x16xf32> attributes {hero = #mlopt.hero<pool>, dims = [[1, 2, 100, 33], [1, 2, 50, 16]]} {
  %0 = mlopt.pool %a {kind = #mlopt<pool_kind max>, kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, mlopt.hero_op} : (tensor<1x2x100x33xf32>) -> tensor<1x2x50x16xf32>
  mlopt.yield %0 : tensor<1x2x50x16xf32>
}

// CHECK: linear_half_pixel x86-64-v4: {{.*}}taps = 2 : i64, walk = "resized rows"
mlopt.kernel @linear_half_pixel(%a: tensor<1x3x8x11xf32>) -> tensor<1x3x16x37xf32> attributes {hero = #mlopt.hero<resize>, dims = [[1, 3, 8, 11], [1, 3, 16, 37]]} {
  %0 = mlopt.resize %a {mode = #mlopt<resize_mode linear>, coordinate = #mlopt<coordinate_mode half_pixel>, nearest = #mlopt<nearest_mode round_prefer_floor>, scales = array<f64: 1.0, 1.0, 2.0, 3.3636363636363638>, static_sizes = array<i64: 1, 3, 16, 37>, roi = array<f64>, mlopt.hero_op} : (tensor<1x3x8x11xf32>) -> tensor<1x3x16x37xf32>
  mlopt.yield %0 : tensor<1x3x16x37xf32>
}

// 54 taps are not written out.
// CHECK: linear_many_taps x86-64-v4: {{.*}}walk = "map"
mlopt.kernel @linear_many_taps(%a: tensor<1x1x20x300xf32>) -> tensor<1x1x9x11xf32> attributes {hero = #mlopt.hero<resize>, dims = [[1, 1, 20, 300], [1, 1, 9, 11]]} {
  %0 = mlopt.resize %a {mode = #mlopt<resize_mode linear>, coordinate = #mlopt<coordinate_mode half_pixel>, nearest = #mlopt<nearest_mode floor>, scales = array<f64: 1.0, 1.0, 0.45, 0.03666666666666667>, static_sizes = array<i64: 1, 1, 9, 11>, roi = array<f64>, antialias = true, mlopt.hero_op} : (tensor<1x1x20x300xf32>) -> tensor<1x1x9x11xf32>
  mlopt.yield %0 : tensor<1x1x9x11xf32>
}

// CHECK: of_1000_5_f32 x86-64-v4: {{.*}}form = "insertion", {{.*}}walk = "ordered"
mlopt.kernel @of_1000_5_f32(%a: tensor<2x1000xf32>) -> (tensor<2x5xf32>, tensor<2x5xi64>) attributes {hero = #mlopt.hero<sort>, dims = [[2, 1000], [2, 5], [2, 5]]} {
  %0, %1 = mlopt.top_k %a {axis = 1 : i64, static_k = 5 : i64, mlopt.hero_op} : (tensor<2x1000xf32>) -> (tensor<2x5xf32>, tensor<2x5xi64>)
  mlopt.yield %0, %1 : tensor<2x5xf32>, tensor<2x5xi64>
}

// CHECK: of_1000_300_f32 x86-64-v4: {{.*}}form = "merge", {{.*}}walk = "ordered"
mlopt.kernel @of_1000_300_f32(%a: tensor<2x1000xf32>) -> (tensor<2x300xf32>, tensor<2x300xi64>) attributes {hero = #mlopt.hero<sort>, dims = [[2, 1000], [2, 300], [2, 300]]} {
  %0, %1 = mlopt.top_k %a {axis = 1 : i64, static_k = 300 : i64, mlopt.hero_op} : (tensor<2x1000xf32>) -> (tensor<2x300xf32>, tensor<2x300xi64>)
  mlopt.yield %0, %1 : tensor<2x300xf32>, tensor<2x300xi64>
}

// CHECK: running_0_f32 x86-64-v4: {{.*}}form = "strips", {{.*}}walk = "ordered"
mlopt.kernel @running_0_f32(%a: tensor<?x4x?xf32>) -> tensor<?x4x?xf32> attributes {hero = #mlopt.hero<scan>, dims = [["n", 4, "m"], ["n", 4, "m"]]} {
  %0 = mlopt.cumulative %a {kind = #mlopt<cumulative_kind sum>, axis = 0 : i64, mlopt.hero_op} : (tensor<?x4x?xf32>) -> tensor<?x4x?xf32>
  mlopt.yield %0 : tensor<?x4x?xf32>
}

// CHECK: running_2_f32 x86-64-v4: {{.*}}form = "lines", {{.*}}walk = "ordered"
mlopt.kernel @running_2_f32(%a: tensor<?x4x?xf32>) -> tensor<?x4x?xf32> attributes {hero = #mlopt.hero<scan>, dims = [["n", 4, "m"], ["n", 4, "m"]]} {
  %0 = mlopt.cumulative %a {kind = #mlopt<cumulative_kind sum>, axis = 2 : i64, mlopt.hero_op} : (tensor<?x4x?xf32>) -> tensor<?x4x?xf32>
  mlopt.yield %0 : tensor<?x4x?xf32>
}

// A scatter copies on all threads, then scatters.
// CHECK: slices_add_f32 x86-64-v4: {{.*}}phases = 2, {{.*}}form = "slices", {{.*}}walk = "ordered"
mlopt.kernel @slices_add_f32(%a: tensor<8x?xf32>, %i: tensor<3x1xi64> {mlopt.range = [-8, 8]}, %u: tensor<3x?xf32>) -> tensor<8x?xf32> attributes {hero = #mlopt.hero<scatter>, dims = [[8, "m"], [3, 1], [3, "m"], [8, "m"]]} {
  %0 = mlopt.scatter_nd %a, %i, %u {reduction = #mlopt<scatter_reduction add>, mlopt.hero_op} : (tensor<8x?xf32>, tensor<3x1xi64>, tensor<3x?xf32>) -> tensor<8x?xf32>
  mlopt.yield %0 : tensor<8x?xf32>
}
// CHECK: pad_run x86-64-v4: {{.*}}form = "padded runs", {{.*}}walk = "map"
mlopt.kernel @pad_run(%a: tensor<3x16xf32>, %v: tensor<f32>) -> tensor<3x20xf32> attributes {hero = #mlopt.hero<copy>, dims = [[3, 16], [], [3, 20]]} {
  %0 = mlopt.pad %a, %v {operandSegmentSizes = array<i32: 1, 1, 0, 0>, mode = #mlopt<pad_mode reflect>, static_low = array<i64: 0, 2>, static_high = array<i64: 0, 2>, mlopt.hero_op} : (tensor<3x16xf32>, tensor<f32>) -> tensor<3x20xf32>
  mlopt.yield %0 : tensor<3x20xf32>
}

// RUN: %cuda mlopt-cuda-kernel-test %s --gpu=sm_80,sm_90 --size n=3,m=64 --size n=5,m=37 --size n=1,m=1 --size n=2,m=3000 --size n=0,m=7 --size n=3,m=0 | FileCheck %s --implicit-check-not=FAILED
// RUN: %if ptxas %{ mlopt-cuda-kernel-test %s --gpu=sm_80,sm_90,sm_100 --no-run | FileCheck %s --check-prefix=SPILLS --implicit-check-not='spills={{[1-9]}}' %}
//
// Softmax, norms and reductions by warps, by blocks and across rows, with sizes
// that are no multiples of anything.

// CHECK: softmax_small sm_80{{.*}}: cuda-rows
//
// Sizes that are multiples of a sector leave none unused, and no bank is asked twice.
// CHECK: softmax_warp sm_90{{.*}} excess=0 conflicts=1.00
// CHECK: softmax_block sm_90{{.*}} excess=0 conflicts=1.00
// CHECK: layer_norm_768 sm_90{{.*}} excess=0 conflicts=1.00
// CHECK: layer_norm_half sm_90 n=3{{.*}} excess=0 conflicts=1.00
// CHECK: layer_norm_two sm_90{{.*}} excess=0 conflicts=1.00
// CHECK: rms_norm_4096 sm_90{{.*}} excess=0 conflicts=1.00
// CHECK: instance_norm sm_90{{.*}} excess=0 conflicts=1.00
// CHECK: sum_all sm_90{{.*}} excess=0 conflicts=1.00
// CHECK: sum_columns sm_90{{.*}} excess=0 conflicts=1.00

// SPILLS: {{^}}softmax_small sm_80{{.*}}registers={{[0-9]+}} spills=0

mlopt.kernel @softmax_small(%x: tensor<13x10xf32>) -> tensor<13x10xf32> attributes {hero = #mlopt.hero<softmax>, dims = [[13, 10], [13, 10]]} {
  %0 = mlopt.softmax %x {axis = 1 : i64, mlopt.hero_op} : (tensor<13x10xf32>) -> tensor<13x10xf32>
  mlopt.yield %0 : tensor<13x10xf32>
}

mlopt.kernel @softmax_odd(%x: tensor<5x3x37xf32>) -> tensor<5x3x37xf32> attributes {hero = #mlopt.hero<softmax>, dims = [[5, 3, 37], [5, 3, 37]]} {
  %0 = mlopt.softmax %x {axis = 2 : i64, mlopt.hero_op} : (tensor<5x3x37xf32>) -> tensor<5x3x37xf32>
  mlopt.yield %0 : tensor<5x3x37xf32>
}

mlopt.kernel @softmax_warp(%x: tensor<9x256xf16>) -> tensor<9x256xf16> attributes {hero = #mlopt.hero<softmax>, dims = [[9, 256], [9, 256]]} {
  %0 = mlopt.softmax %x {axis = 1 : i64, mlopt.hero_op} : (tensor<9x256xf16>) -> tensor<9x256xf16>
  mlopt.yield %0 : tensor<9x256xf16>
}

mlopt.kernel @softmax_block(%x: tensor<3x5000xf32>) -> tensor<3x5000xf32> attributes {hero = #mlopt.hero<softmax>, dims = [[3, 5000], [3, 5000]]} {
  %0 = mlopt.softmax %x {axis = 1 : i64, log = true, mlopt.hero_op} : (tensor<3x5000xf32>) -> tensor<3x5000xf32>
  mlopt.yield %0 : tensor<3x5000xf32>
}

mlopt.kernel @softmax_long(%x: tensor<2x70001xbf16>) -> tensor<2x70001xbf16> attributes {hero = #mlopt.hero<softmax>, dims = [[2, 70001], [2, 70001]]} {
  %0 = mlopt.softmax %x {axis = 1 : i64, mlopt.hero_op} : (tensor<2x70001xbf16>) -> tensor<2x70001xbf16>
  mlopt.yield %0 : tensor<2x70001xbf16>
}

mlopt.kernel @softmax_across(%x: tensor<2x21x5x12xf32>) -> tensor<2x21x5x12xf32> attributes {hero = #mlopt.hero<softmax>, dims = [[2, 21, 5, 12], [2, 21, 5, 12]]} {
  %0 = mlopt.softmax %x {axis = 1 : i64, mlopt.hero_op} : (tensor<2x21x5x12xf32>) -> tensor<2x21x5x12xf32>
  mlopt.yield %0 : tensor<2x21x5x12xf32>
}

mlopt.kernel @softmax_symbol(%x: tensor<?x?xf32>) -> tensor<?x?xf32> attributes {hero = #mlopt.hero<softmax>, dims = [["n", "m"], ["n", "m"]]} {
  %0 = mlopt.softmax %x {axis = 1 : i64, mlopt.hero_op} : (tensor<?x?xf32>) -> tensor<?x?xf32>
  mlopt.yield %0 : tensor<?x?xf32>
}

mlopt.kernel @softmax_symbol_half(%x: tensor<?x?xf16>) -> tensor<?x?xf16> attributes {hero = #mlopt.hero<softmax>, dims = [["n", "m"], ["n", "m"]]} {
  %0 = mlopt.softmax %x {axis = 1 : i64, mlopt.hero_op} : (tensor<?x?xf16>) -> tensor<?x?xf16>
  mlopt.yield %0 : tensor<?x?xf16>
}

mlopt.kernel @softmax_double(%x: tensor<7x33xf64>) -> tensor<7x33xf64> attributes {hero = #mlopt.hero<softmax>, dims = [[7, 33], [7, 33]]} {
  %0 = mlopt.softmax %x {axis = 1 : i64, mlopt.hero_op} : (tensor<7x33xf64>) -> tensor<7x33xf64>
  mlopt.yield %0 : tensor<7x33xf64>
}

mlopt.kernel @layer_norm_768(%x: tensor<7x768xf32>, %r: tensor<7x768xf32>, %s: tensor<768xf32>, %b: tensor<768xf32>) -> (tensor<7x768xf32>, tensor<7x768xf32>) attributes {hero = #mlopt.hero<normalization>, dims = [[7, 768], [7, 768], [768], [768], [7, 768], [7, 768]]} {
  %a = mlopt.add %x, %r : (tensor<7x768xf32>, tensor<7x768xf32>) -> tensor<7x768xf32>
  %0 = mlopt.layer_norm %a, %s, %b {axis = 1 : i64, epsilon = 1.0e-5 : f64, mlopt.hero_op} : (tensor<7x768xf32>, tensor<768xf32>, tensor<768xf32>) -> tensor<7x768xf32>
  mlopt.yield %a, %0 : tensor<7x768xf32>, tensor<7x768xf32>
}

mlopt.kernel @layer_norm_half(%x: tensor<?x768xf16>, %r: tensor<?x768xf16>, %s: tensor<768xf16>, %b: tensor<768xf16>) -> (tensor<?x768xf16>, tensor<?x768xf16>) attributes {hero = #mlopt.hero<normalization>, dims = [["n", 768], ["n", 768], [768], [768], ["n", 768], ["n", 768]]} {
  %a = mlopt.add %x, %r : (tensor<?x768xf16>, tensor<?x768xf16>) -> tensor<?x768xf16>
  %0 = mlopt.layer_norm %a, %s, %b {axis = 1 : i64, epsilon = 1.0e-5 : f64, mlopt.hero_op} : (tensor<?x768xf16>, tensor<768xf16>, tensor<768xf16>) -> tensor<?x768xf16>
  mlopt.yield %a, %0 : tensor<?x768xf16>, tensor<?x768xf16>
}

mlopt.kernel @layer_norm_odd(%x: tensor<?x77xf32>, %r: tensor<?x77xf32>, %s: tensor<77xf32>, %b: tensor<77xf32>) -> (tensor<?x77xf32>, tensor<?x77xf32>) attributes {hero = #mlopt.hero<normalization>, dims = [["n", 77], ["n", 77], [77], [77], ["n", 77], ["n", 77]]} {
  %a = mlopt.add %x, %r : (tensor<?x77xf32>, tensor<?x77xf32>) -> tensor<?x77xf32>
  %0 = mlopt.layer_norm %a, %s, %b {axis = 1 : i64, epsilon = 1.0e-5 : f64, mlopt.hero_op} : (tensor<?x77xf32>, tensor<77xf32>, tensor<77xf32>) -> tensor<?x77xf32>
  mlopt.yield %a, %0 : tensor<?x77xf32>, tensor<?x77xf32>
}

mlopt.kernel @layer_norm_two(%x: tensor<3x5x12x20xf32>, %r: tensor<3x5x12x20xf32>, %s: tensor<12x20xf32>, %b: tensor<12x20xf32>) -> (tensor<3x5x12x20xf32>, tensor<3x5x12x20xf32>) attributes {hero = #mlopt.hero<normalization>, dims = [[3, 5, 12, 20], [3, 5, 12, 20], [12, 20], [12, 20], [3, 5, 12, 20], [3, 5, 12, 20]]} {
  %a = mlopt.add %x, %r : (tensor<3x5x12x20xf32>, tensor<3x5x12x20xf32>) -> tensor<3x5x12x20xf32>
  %0 = mlopt.layer_norm %a, %s, %b {axis = 2 : i64, epsilon = 1.0e-5 : f64, mlopt.hero_op} : (tensor<3x5x12x20xf32>, tensor<12x20xf32>, tensor<12x20xf32>) -> tensor<3x5x12x20xf32>
  mlopt.yield %a, %0 : tensor<3x5x12x20xf32>, tensor<3x5x12x20xf32>
}

mlopt.kernel @rms_norm_4096(%x: tensor<3x4096xbf16>, %s: tensor<4096xbf16>) -> tensor<3x4096xbf16> attributes {hero = #mlopt.hero<normalization>, dims = [[3, 4096], [4096], [3, 4096]]} {
  %0 = mlopt.rms_norm %x, %s {axis = 1 : i64, epsilon = 1.0e-5 : f64, mlopt.hero_op} : (tensor<3x4096xbf16>, tensor<4096xbf16>) -> tensor<3x4096xbf16>
  mlopt.yield %0 : tensor<3x4096xbf16>
}

mlopt.kernel @group_norm_2(%x: tensor<2x6x5x7xf32>, %s: tensor<6xf32>, %b: tensor<6xf32>) -> tensor<2x6x5x7xf32> attributes {hero = #mlopt.hero<normalization>, dims = [[2, 6, 5, 7], [6], [6], [2, 6, 5, 7]]} {
  %0 = mlopt.group_norm %x, %s, %b {groups = 2 : i64, epsilon = 1.0e-5 : f64, mlopt.hero_op} : (tensor<2x6x5x7xf32>, tensor<6xf32>, tensor<6xf32>) -> tensor<2x6x5x7xf32>
  mlopt.yield %0 : tensor<2x6x5x7xf32>
}

mlopt.kernel @instance_norm(%x: tensor<2x3x16x16xf32>, %s: tensor<3xf32>, %b: tensor<3xf32>) -> tensor<2x3x16x16xf32> attributes {hero = #mlopt.hero<normalization>, dims = [[2, 3, 16, 16], [3], [3], [2, 3, 16, 16]]} {
  %0 = mlopt.group_norm %x, %s, %b {groups = 0 : i64, epsilon = 1.0e-5 : f64, mlopt.hero_op} : (tensor<2x3x16x16xf32>, tensor<3xf32>, tensor<3xf32>) -> tensor<2x3x16x16xf32>
  mlopt.yield %0 : tensor<2x3x16x16xf32>
}

mlopt.kernel @group_norm_big(%x: tensor<1x32x24x24xf16>, %s: tensor<32xf16>, %b: tensor<32xf16>) -> tensor<1x32x24x24xf16> attributes {hero = #mlopt.hero<normalization>, dims = [[1, 32, 24, 24], [32], [32], [1, 32, 24, 24]]} {
  %0 = mlopt.group_norm %x, %s, %b {groups = 8 : i64, epsilon = 1.0e-5 : f64, mlopt.hero_op} : (tensor<1x32x24x24xf16>, tensor<32xf16>, tensor<32xf16>) -> tensor<1x32x24x24xf16>
  mlopt.yield %0 : tensor<1x32x24x24xf16>
}

mlopt.kernel @sum_rows(%x: tensor<33x300xf32>) -> tensor<33xf32> attributes {hero = #mlopt.hero<reduction>, dims = [[33, 300], [33]]} {
  %0 = mlopt.reduce %x {kind = #mlopt<reduce_kind sum>, axes = array<i64: 1>, keepdims = false, mlopt.hero_op} : (tensor<33x300xf32>) -> tensor<33xf32>
  mlopt.yield %0 : tensor<33xf32>
}

mlopt.kernel @sum_all(%x: tensor<300x700xf32>) -> tensor<f32> attributes {hero = #mlopt.hero<reduction>, dims = [[300, 700], []]} {
  %0 = mlopt.reduce %x {kind = #mlopt<reduce_kind sum>, axes = array<i64: 0, 1>, keepdims = false, mlopt.hero_op} : (tensor<300x700xf32>) -> tensor<f32>
  mlopt.yield %0 : tensor<f32>
}

mlopt.kernel @sum_symbol(%x: tensor<?x?xf32>) -> tensor<f32> attributes {hero = #mlopt.hero<reduction>, dims = [["n", "m"], []]} {
  %0 = mlopt.reduce %x {kind = #mlopt<reduce_kind mean>, axes = array<i64: 0, 1>, keepdims = false, mlopt.hero_op} : (tensor<?x?xf32>) -> tensor<f32>
  mlopt.yield %0 : tensor<f32>
}

mlopt.kernel @sum_columns(%x: tensor<1000x40xf32>) -> tensor<40xf32> attributes {hero = #mlopt.hero<reduction>, dims = [[1000, 40], [40]]} {
  %0 = mlopt.reduce %x {kind = #mlopt<reduce_kind sum>, axes = array<i64: 0>, keepdims = false, mlopt.hero_op} : (tensor<1000x40xf32>) -> tensor<40xf32>
  mlopt.yield %0 : tensor<40xf32>
}

mlopt.kernel @sum_columns_odd(%x: tensor<37x35xf32>) -> tensor<1x35xf32> attributes {hero = #mlopt.hero<reduction>, dims = [[37, 35], [1, 35]]} {
  %0 = mlopt.reduce %x {kind = #mlopt<reduce_kind max>, axes = array<i64: 0>, keepdims = true, mlopt.hero_op} : (tensor<37x35xf32>) -> tensor<1x35xf32>
  mlopt.yield %0 : tensor<1x35xf32>
}

mlopt.kernel @mean_spatial(%x: tensor<2x5x7x7xf32>) -> tensor<2x5x1x1xf32> attributes {hero = #mlopt.hero<reduction>, dims = [[2, 5, 7, 7], [2, 5, 1, 1]]} {
  %0 = mlopt.reduce %x {kind = #mlopt<reduce_kind mean>, axes = array<i64: 2, 3>, keepdims = true, mlopt.hero_op} : (tensor<2x5x7x7xf32>) -> tensor<2x5x1x1xf32>
  mlopt.yield %0 : tensor<2x5x1x1xf32>
}

mlopt.kernel @max_int(%x: tensor<5x70xi32>) -> tensor<5xi32> attributes {hero = #mlopt.hero<reduction>, dims = [[5, 70], [5]]} {
  %0 = mlopt.reduce %x {kind = #mlopt<reduce_kind max>, axes = array<i64: 1>, keepdims = false, mlopt.hero_op} : (tensor<5x70xi32>) -> tensor<5xi32>
  mlopt.yield %0 : tensor<5xi32>
}

mlopt.kernel @prod_long(%x: tensor<4x9xi64>) -> tensor<4xi64> attributes {hero = #mlopt.hero<reduction>, dims = [[4, 9], [4]]} {
  %0 = mlopt.reduce %x {kind = #mlopt<reduce_kind prod>, axes = array<i64: 1>, keepdims = false, mlopt.hero_op} : (tensor<4x9xi64>) -> tensor<4xi64>
  mlopt.yield %0 : tensor<4xi64>
}

mlopt.kernel @min_middle(%x: tensor<3x17x24xf16>) -> tensor<3x24xf16> attributes {hero = #mlopt.hero<reduction>, dims = [[3, 17, 24], [3, 24]]} {
  %0 = mlopt.reduce %x {kind = #mlopt<reduce_kind min>, axes = array<i64: 1>, keepdims = false, mlopt.hero_op} : (tensor<3x17x24xf16>) -> tensor<3x24xf16>
  mlopt.yield %0 : tensor<3x24xf16>
}

mlopt.kernel @sum_bytes(%x: tensor<6x40xui8>) -> tensor<6xui8> attributes {hero = #mlopt.hero<reduction>, dims = [[6, 40], [6]]} {
  %0 = mlopt.reduce %x {kind = #mlopt<reduce_kind sum>, axes = array<i64: 1>, keepdims = false, mlopt.hero_op} : (tensor<6x40xui8>) -> tensor<6xui8>
  mlopt.yield %0 : tensor<6xui8>
}

mlopt.kernel @sum_many(%x: tensor<4x40000xf16>) -> tensor<4x1xf16> attributes {hero = #mlopt.hero<reduction>, dims = [[4, 40000], [4, 1]]} {
  %0 = mlopt.reduce %x {kind = #mlopt<reduce_kind sum>, axes = array<i64: 1>, keepdims = true, mlopt.hero_op} : (tensor<4x40000xf16>) -> tensor<4x1xf16>
  mlopt.yield %0 : tensor<4x1xf16>
}

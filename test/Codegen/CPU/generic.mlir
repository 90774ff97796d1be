// RUN: mlopt-kernel-test %s --cpu=x86-64-v2,x86-64-v3,x86-64-v4 --size n=1,m=1 --size n=20,m=33 | FileCheck %s --implicit-check-not=FAILED
//
// The generic route: one kernel for each kind of hero, at every level.
// CHECK: {{^}}add_f32 x86-64-v2 n=1: generic
// CHECK: {{^}}matmul_f64 x86-64-v2 n=20: generic

mlopt.kernel @add_f32(%a0: tensor<3x?xf32>, %a1: tensor<3x?xf32>) -> tensor<3x?xf32> attributes {hero = #mlopt.hero<elementwise>, dims = [[3, "n"], [3, "n"], [3, "n"]]} {
  %r0 = mlopt.add %a0, %a1 {mlopt.hero_op} : (tensor<3x?xf32>, tensor<3x?xf32>) -> tensor<3x?xf32>
  mlopt.yield %r0 : tensor<3x?xf32>
}
mlopt.kernel @add_f64(%a0: tensor<3x?xf64>, %a1: tensor<3x?xf64>) -> tensor<3x?xf64> attributes {hero = #mlopt.hero<elementwise>, dims = [[3, "n"], [3, "n"], [3, "n"]]} {
  %r0 = mlopt.add %a0, %a1 {mlopt.hero_op} : (tensor<3x?xf64>, tensor<3x?xf64>) -> tensor<3x?xf64>
  mlopt.yield %r0 : tensor<3x?xf64>
}
mlopt.kernel @add_i32(%a0: tensor<3x?xi32>, %a1: tensor<3x?xi32>) -> tensor<3x?xi32> attributes {hero = #mlopt.hero<elementwise>, dims = [[3, "n"], [3, "n"], [3, "n"]]} {
  %r0 = mlopt.add %a0, %a1 {mlopt.hero_op} : (tensor<3x?xi32>, tensor<3x?xi32>) -> tensor<3x?xi32>
  mlopt.yield %r0 : tensor<3x?xi32>
}
mlopt.kernel @add_i64(%a0: tensor<3x?xi64>, %a1: tensor<3x?xi64>) -> tensor<3x?xi64> attributes {hero = #mlopt.hero<elementwise>, dims = [[3, "n"], [3, "n"], [3, "n"]]} {
  %r0 = mlopt.add %a0, %a1 {mlopt.hero_op} : (tensor<3x?xi64>, tensor<3x?xi64>) -> tensor<3x?xi64>
  mlopt.yield %r0 : tensor<3x?xi64>
}
mlopt.kernel @un_exp(%a0: tensor<5x?xf32> {mlopt.range = [0.1, 3.0]}) -> tensor<5x?xf32> attributes {hero = #mlopt.hero<elementwise>, dims = [[5, "n"], [5, "n"]]} {
  %r0 = mlopt.exp %a0 {mlopt.hero_op} : (tensor<5x?xf32>) -> tensor<5x?xf32>
  mlopt.yield %r0 : tensor<5x?xf32>
}
mlopt.kernel @un_gelu(%a0: tensor<5x?xf32> {mlopt.range = [0.1, 3.0]}) -> tensor<5x?xf32> attributes {hero = #mlopt.hero<elementwise>, dims = [[5, "n"], [5, "n"]]} {
  %r0 = mlopt.gelu %a0 {mlopt.hero_op} : (tensor<5x?xf32>) -> tensor<5x?xf32>
  mlopt.yield %r0 : tensor<5x?xf32>
}
mlopt.kernel @exp64(%a0: tensor<?xf64>) -> tensor<?xf64> attributes {hero = #mlopt.hero<elementwise>, dims = [["n"], ["n"]]} {
  %r0 = mlopt.exp %a0 {mlopt.hero_op} : (tensor<?xf64>) -> tensor<?xf64>
  mlopt.yield %r0 : tensor<?xf64>
}
mlopt.kernel @tanh64(%a0: tensor<?xf64>) -> tensor<?xf64> attributes {hero = #mlopt.hero<elementwise>, dims = [["n"], ["n"]]} {
  %r0 = mlopt.tanh %a0 {mlopt.hero_op} : (tensor<?xf64>) -> tensor<?xf64>
  mlopt.yield %r0 : tensor<?xf64>
}
mlopt.kernel @pow_(%a0: tensor<?xf32> {mlopt.range = [0.1, 3.0]}, %a1: tensor<?xf32>) -> tensor<?xf32> attributes {hero = #mlopt.hero<elementwise>, dims = [["n"], ["n"], ["n"]]} {
  %r0 = mlopt.pow %a0, %a1 {mlopt.hero_op} : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
  mlopt.yield %r0 : tensor<?xf32>
}
mlopt.kernel @gelu_f16(%a0: tensor<?x3xf16>) -> tensor<?x3xf16> attributes {hero = #mlopt.hero<elementwise>, dims = [["n", 3], ["n", 3]]} {
  %r0 = mlopt.gelu %a0 {mlopt.hero_op} : (tensor<?x3xf16>) -> tensor<?x3xf16>
  mlopt.yield %r0 : tensor<?x3xf16>
}
mlopt.kernel @gelu_bf16(%a0: tensor<?x3xbf16>) -> tensor<?x3xbf16> attributes {hero = #mlopt.hero<elementwise>, dims = [["n", 3], ["n", 3]]} {
  %r0 = mlopt.gelu %a0 {mlopt.hero_op} : (tensor<?x3xbf16>) -> tensor<?x3xbf16>
  mlopt.yield %r0 : tensor<?x3xbf16>
}
mlopt.kernel @bc1(%a0: tensor<?x1x4xf32>, %a1: tensor<5x1xf32>) -> tensor<?x5x4xf32> attributes {hero = #mlopt.hero<elementwise>, dims = [["n", 1, 4], [5, 1], ["n", 5, 4]]} {
  %r0 = mlopt.mul %a0, %a1 {mlopt.hero_op} : (tensor<?x1x4xf32>, tensor<5x1xf32>) -> tensor<?x5x4xf32>
  mlopt.yield %r0 : tensor<?x5x4xf32>
}
mlopt.kernel @bc2(%a0: tensor<?x?xf32>, %a1: tensor<?xf32>) -> tensor<?x?xf32> attributes {hero = #mlopt.hero<elementwise>, dims = [["n", "m"], ["m"], ["n", "m"]]} {
  %r0 = mlopt.sub %a0, %a1 {mlopt.hero_op} : (tensor<?x?xf32>, tensor<?xf32>) -> tensor<?x?xf32>
  mlopt.yield %r0 : tensor<?x?xf32>
}
mlopt.kernel @bc3(%a0: tensor<?x?xf32>, %a1: tensor<?x1xf32>) -> tensor<?x?xf32> attributes {hero = #mlopt.hero<elementwise>, dims = [["n", "m"], ["n", 1], ["n", "m"]]} {
  %r0 = mlopt.add %a0, %a1 {mlopt.hero_op} : (tensor<?x?xf32>, tensor<?x1xf32>) -> tensor<?x?xf32>
  mlopt.yield %r0 : tensor<?x?xf32>
}
mlopt.kernel @scalar(%a0: tensor<f32>, %a1: tensor<f32>) -> tensor<f32> attributes {hero = #mlopt.hero<elementwise>, dims = [[], [], []]} {
  %r0 = mlopt.add %a0, %a1 {mlopt.hero_op} : (tensor<f32>, tensor<f32>) -> tensor<f32>
  mlopt.yield %r0 : tensor<f32>
}
mlopt.kernel @cmp(%a0: tensor<?xf32>, %a1: tensor<f32>) -> tensor<?xi1> attributes {hero = #mlopt.hero<elementwise>, dims = [["n"], [], ["n"]]} {
  %r0 = mlopt.compare %a0, %a1 {predicate = #mlopt<predicate lt>, mlopt.hero_op} : (tensor<?xf32>, tensor<f32>) -> tensor<?xi1>
  mlopt.yield %r0 : tensor<?xi1>
}
mlopt.kernel @sel(%a0: tensor<?xi1>, %a1: tensor<f32>, %a2: tensor<?xf32>) -> tensor<?xf32> attributes {hero = #mlopt.hero<elementwise>, dims = [["n"], [], ["n"], ["n"]]} {
  %r0 = mlopt.select %a0, %a1, %a2 {mlopt.hero_op} : (tensor<?xi1>, tensor<f32>, tensor<?xf32>) -> tensor<?xf32>
  mlopt.yield %r0 : tensor<?xf32>
}
mlopt.kernel @cast_f32_bf16(%a0: tensor<3x?xf32> {mlopt.range = [0, 9]}) -> tensor<3x?xbf16> attributes {hero = #mlopt.hero<elementwise>, dims = [[3, "n"], [3, "n"]]} {
  %r0 = mlopt.cast %a0 {to = bf16, mlopt.hero_op} : (tensor<3x?xf32>) -> tensor<3x?xbf16>
  mlopt.yield %r0 : tensor<3x?xbf16>
}
mlopt.kernel @cast_f64_f16(%a0: tensor<3x?xf64> {mlopt.range = [0, 9]}) -> tensor<3x?xf16> attributes {hero = #mlopt.hero<elementwise>, dims = [[3, "n"], [3, "n"]]} {
  %r0 = mlopt.cast %a0 {to = f16, mlopt.hero_op} : (tensor<3x?xf64>) -> tensor<3x?xf16>
  mlopt.yield %r0 : tensor<3x?xf16>
}
mlopt.kernel @cast_bf16_f32(%a0: tensor<3x?xbf16> {mlopt.range = [0, 9]}) -> tensor<3x?xf32> attributes {hero = #mlopt.hero<elementwise>, dims = [[3, "n"], [3, "n"]]} {
  %r0 = mlopt.cast %a0 {to = f32, mlopt.hero_op} : (tensor<3x?xbf16>) -> tensor<3x?xf32>
  mlopt.yield %r0 : tensor<3x?xf32>
}
mlopt.kernel @and(%a0: tensor<?xi1>, %a1: tensor<?xi1>) -> tensor<?xi1> attributes {hero = #mlopt.hero<elementwise>, dims = [["n"], ["n"], ["n"]]} {
  %r0 = mlopt.and %a0, %a1 {mlopt.hero_op} : (tensor<?xi1>, tensor<?xi1>) -> tensor<?xi1>
  mlopt.yield %r0 : tensor<?xi1>
}
mlopt.kernel @isnan(%a0: tensor<?xf32>) -> tensor<?xi1> attributes {hero = #mlopt.hero<elementwise>, dims = [["n"], ["n"]]} {
  %r0 = mlopt.is_nan %a0 {mlopt.hero_op} : (tensor<?xf32>) -> tensor<?xi1>
  mlopt.yield %r0 : tensor<?xi1>
}
mlopt.kernel @red_sum_1_2_0(%a0: tensor<?x?xf32>) -> tensor<?xf32> attributes {hero = #mlopt.hero<reduction>, dims = [["n", "m"], ["n"]]} {
  %r0 = mlopt.reduce %a0 {kind = #mlopt<reduce_kind sum>, axes = array<i64: 1>, mlopt.hero_op} : (tensor<?x?xf32>) -> tensor<?xf32>
  mlopt.yield %r0 : tensor<?xf32>
}
mlopt.kernel @red_sum_1_2_1(%a0: tensor<?x?xf32>) -> tensor<?x1xf32> attributes {hero = #mlopt.hero<reduction>, dims = [["n", "m"], ["n", 1]]} {
  %r0 = mlopt.reduce %a0 {kind = #mlopt<reduce_kind sum>, axes = array<i64: 1>, keepdims = true, mlopt.hero_op} : (tensor<?x?xf32>) -> tensor<?x1xf32>
  mlopt.yield %r0 : tensor<?x1xf32>
}
mlopt.kernel @red_sum_0_2_0(%a0: tensor<?x?xf32>) -> tensor<?xf32> attributes {hero = #mlopt.hero<reduction>, dims = [["n", "m"], ["m"]]} {
  %r0 = mlopt.reduce %a0 {kind = #mlopt<reduce_kind sum>, axes = array<i64: 0>, mlopt.hero_op} : (tensor<?x?xf32>) -> tensor<?xf32>
  mlopt.yield %r0 : tensor<?xf32>
}
mlopt.kernel @red_sum_0_2_1(%a0: tensor<?x?xf32>) -> tensor<1x?xf32> attributes {hero = #mlopt.hero<reduction>, dims = [["n", "m"], [1, "m"]]} {
  %r0 = mlopt.reduce %a0 {kind = #mlopt<reduce_kind sum>, axes = array<i64: 0>, keepdims = true, mlopt.hero_op} : (tensor<?x?xf32>) -> tensor<1x?xf32>
  mlopt.yield %r0 : tensor<1x?xf32>
}
mlopt.kernel @red_sum_01_2_0(%a0: tensor<?x?xf32>) -> tensor<f32> attributes {hero = #mlopt.hero<reduction>, dims = [["n", "m"], []]} {
  %r0 = mlopt.reduce %a0 {kind = #mlopt<reduce_kind sum>, axes = array<i64: 0, 1>, mlopt.hero_op} : (tensor<?x?xf32>) -> tensor<f32>
  mlopt.yield %r0 : tensor<f32>
}
mlopt.kernel @red_sum_01_2_1(%a0: tensor<?x?xf32>) -> tensor<1x1xf32> attributes {hero = #mlopt.hero<reduction>, dims = [["n", "m"], [1, 1]]} {
  %r0 = mlopt.reduce %a0 {kind = #mlopt<reduce_kind sum>, axes = array<i64: 0, 1>, keepdims = true, mlopt.hero_op} : (tensor<?x?xf32>) -> tensor<1x1xf32>
  mlopt.yield %r0 : tensor<1x1xf32>
}
mlopt.kernel @red_sum_12_3_0(%a0: tensor<2x?x?xf32>) -> tensor<2xf32> attributes {hero = #mlopt.hero<reduction>, dims = [[2, "n", "m"], [2]]} {
  %r0 = mlopt.reduce %a0 {kind = #mlopt<reduce_kind sum>, axes = array<i64: 1, 2>, mlopt.hero_op} : (tensor<2x?x?xf32>) -> tensor<2xf32>
  mlopt.yield %r0 : tensor<2xf32>
}
mlopt.kernel @red_sum_12_3_1(%a0: tensor<2x?x?xf32>) -> tensor<2x1x1xf32> attributes {hero = #mlopt.hero<reduction>, dims = [[2, "n", "m"], [2, 1, 1]]} {
  %r0 = mlopt.reduce %a0 {kind = #mlopt<reduce_kind sum>, axes = array<i64: 1, 2>, keepdims = true, mlopt.hero_op} : (tensor<2x?x?xf32>) -> tensor<2x1x1xf32>
  mlopt.yield %r0 : tensor<2x1x1xf32>
}
mlopt.kernel @red_sum_02_3_0(%a0: tensor<2x?x?xf32>) -> tensor<?xf32> attributes {hero = #mlopt.hero<reduction>, dims = [[2, "n", "m"], ["n"]]} {
  %r0 = mlopt.reduce %a0 {kind = #mlopt<reduce_kind sum>, axes = array<i64: 0, 2>, mlopt.hero_op} : (tensor<2x?x?xf32>) -> tensor<?xf32>
  mlopt.yield %r0 : tensor<?xf32>
}
mlopt.kernel @red_sum_02_3_1(%a0: tensor<2x?x?xf32>) -> tensor<1x?x1xf32> attributes {hero = #mlopt.hero<reduction>, dims = [[2, "n", "m"], [1, "n", 1]]} {
  %r0 = mlopt.reduce %a0 {kind = #mlopt<reduce_kind sum>, axes = array<i64: 0, 2>, keepdims = true, mlopt.hero_op} : (tensor<2x?x?xf32>) -> tensor<1x?x1xf32>
  mlopt.yield %r0 : tensor<1x?x1xf32>
}
mlopt.kernel @red_sum_23_4_0(%a0: tensor<2x3x?x?xf32>) -> tensor<2x3xf32> attributes {hero = #mlopt.hero<reduction>, dims = [[2, 3, "n", "m"], [2, 3]]} {
  %r0 = mlopt.reduce %a0 {kind = #mlopt<reduce_kind sum>, axes = array<i64: 2, 3>, mlopt.hero_op} : (tensor<2x3x?x?xf32>) -> tensor<2x3xf32>
  mlopt.yield %r0 : tensor<2x3xf32>
}
mlopt.kernel @red_sum_23_4_1(%a0: tensor<2x3x?x?xf32>) -> tensor<2x3x1x1xf32> attributes {hero = #mlopt.hero<reduction>, dims = [[2, 3, "n", "m"], [2, 3, 1, 1]]} {
  %r0 = mlopt.reduce %a0 {kind = #mlopt<reduce_kind sum>, axes = array<i64: 2, 3>, keepdims = true, mlopt.hero_op} : (tensor<2x3x?x?xf32>) -> tensor<2x3x1x1xf32>
  mlopt.yield %r0 : tensor<2x3x1x1xf32>
}
mlopt.kernel @red_sum_1_3_0(%a0: tensor<2x?x?xf32>) -> tensor<2x?xf32> attributes {hero = #mlopt.hero<reduction>, dims = [[2, "n", "m"], [2, "m"]]} {
  %r0 = mlopt.reduce %a0 {kind = #mlopt<reduce_kind sum>, axes = array<i64: 1>, mlopt.hero_op} : (tensor<2x?x?xf32>) -> tensor<2x?xf32>
  mlopt.yield %r0 : tensor<2x?xf32>
}
mlopt.kernel @red_sum_1_3_1(%a0: tensor<2x?x?xf32>) -> tensor<2x1x?xf32> attributes {hero = #mlopt.hero<reduction>, dims = [[2, "n", "m"], [2, 1, "m"]]} {
  %r0 = mlopt.reduce %a0 {kind = #mlopt<reduce_kind sum>, axes = array<i64: 1>, keepdims = true, mlopt.hero_op} : (tensor<2x?x?xf32>) -> tensor<2x1x?xf32>
  mlopt.yield %r0 : tensor<2x1x?xf32>
}
mlopt.kernel @red_prod_01_2_1(%a0: tensor<?x?xf32> {mlopt.range = [0.7, 1.4]}) -> tensor<1x1xf32> attributes {hero = #mlopt.hero<reduction>, dims = [["n", "m"], [1, 1]]} {
  %r0 = mlopt.reduce %a0 {kind = #mlopt<reduce_kind prod>, axes = array<i64: 0, 1>, keepdims = true, mlopt.hero_op} : (tensor<?x?xf32>) -> tensor<1x1xf32>
  mlopt.yield %r0 : tensor<1x1xf32>
}
mlopt.kernel @red_max_1_2_0(%a0: tensor<?x?xf32>) -> tensor<?xf32> attributes {hero = #mlopt.hero<reduction>, dims = [["n", "m"], ["n"]]} {
  %r0 = mlopt.reduce %a0 {kind = #mlopt<reduce_kind max>, axes = array<i64: 1>, mlopt.hero_op} : (tensor<?x?xf32>) -> tensor<?xf32>
  %p = mlopt.exp %r0 : (tensor<?xf32>) -> tensor<?xf32>
  mlopt.yield %p : tensor<?xf32>
}
mlopt.kernel @red_max_1_2_1(%a0: tensor<?x?xf32>) -> tensor<?x1xf32> attributes {hero = #mlopt.hero<reduction>, dims = [["n", "m"], ["n", 1]]} {
  %r0 = mlopt.reduce %a0 {kind = #mlopt<reduce_kind max>, axes = array<i64: 1>, keepdims = true, mlopt.hero_op} : (tensor<?x?xf32>) -> tensor<?x1xf32>
  %p = mlopt.exp %r0 : (tensor<?x1xf32>) -> tensor<?x1xf32>
  mlopt.yield %p : tensor<?x1xf32>
}
mlopt.kernel @red_max_0_2_0(%a0: tensor<?x?xf32>) -> tensor<?xf32> attributes {hero = #mlopt.hero<reduction>, dims = [["n", "m"], ["m"]]} {
  %r0 = mlopt.reduce %a0 {kind = #mlopt<reduce_kind max>, axes = array<i64: 0>, mlopt.hero_op} : (tensor<?x?xf32>) -> tensor<?xf32>
  %p = mlopt.exp %r0 : (tensor<?xf32>) -> tensor<?xf32>
  mlopt.yield %p : tensor<?xf32>
}
mlopt.kernel @red_max_0_2_1(%a0: tensor<?x?xf32>) -> tensor<1x?xf32> attributes {hero = #mlopt.hero<reduction>, dims = [["n", "m"], [1, "m"]]} {
  %r0 = mlopt.reduce %a0 {kind = #mlopt<reduce_kind max>, axes = array<i64: 0>, keepdims = true, mlopt.hero_op} : (tensor<?x?xf32>) -> tensor<1x?xf32>
  %p = mlopt.exp %r0 : (tensor<1x?xf32>) -> tensor<1x?xf32>
  mlopt.yield %p : tensor<1x?xf32>
}
mlopt.kernel @red_max_01_2_0(%a0: tensor<?x?xf32>) -> tensor<f32> attributes {hero = #mlopt.hero<reduction>, dims = [["n", "m"], []]} {
  %r0 = mlopt.reduce %a0 {kind = #mlopt<reduce_kind max>, axes = array<i64: 0, 1>, mlopt.hero_op} : (tensor<?x?xf32>) -> tensor<f32>
  %p = mlopt.exp %r0 : (tensor<f32>) -> tensor<f32>
  mlopt.yield %p : tensor<f32>
}
mlopt.kernel @red_max_01_2_1(%a0: tensor<?x?xf32>) -> tensor<1x1xf32> attributes {hero = #mlopt.hero<reduction>, dims = [["n", "m"], [1, 1]]} {
  %r0 = mlopt.reduce %a0 {kind = #mlopt<reduce_kind max>, axes = array<i64: 0, 1>, keepdims = true, mlopt.hero_op} : (tensor<?x?xf32>) -> tensor<1x1xf32>
  %p = mlopt.exp %r0 : (tensor<1x1xf32>) -> tensor<1x1xf32>
  mlopt.yield %p : tensor<1x1xf32>
}
mlopt.kernel @red_max_12_3_0(%a0: tensor<2x?x?xf32>) -> tensor<2xf32> attributes {hero = #mlopt.hero<reduction>, dims = [[2, "n", "m"], [2]]} {
  %r0 = mlopt.reduce %a0 {kind = #mlopt<reduce_kind max>, axes = array<i64: 1, 2>, mlopt.hero_op} : (tensor<2x?x?xf32>) -> tensor<2xf32>
  %p = mlopt.exp %r0 : (tensor<2xf32>) -> tensor<2xf32>
  mlopt.yield %p : tensor<2xf32>
}
mlopt.kernel @red_max_12_3_1(%a0: tensor<2x?x?xf32>) -> tensor<2x1x1xf32> attributes {hero = #mlopt.hero<reduction>, dims = [[2, "n", "m"], [2, 1, 1]]} {
  %r0 = mlopt.reduce %a0 {kind = #mlopt<reduce_kind max>, axes = array<i64: 1, 2>, keepdims = true, mlopt.hero_op} : (tensor<2x?x?xf32>) -> tensor<2x1x1xf32>
  %p = mlopt.exp %r0 : (tensor<2x1x1xf32>) -> tensor<2x1x1xf32>
  mlopt.yield %p : tensor<2x1x1xf32>
}
mlopt.kernel @red_max_02_3_0(%a0: tensor<2x?x?xf32>) -> tensor<?xf32> attributes {hero = #mlopt.hero<reduction>, dims = [[2, "n", "m"], ["n"]]} {
  %r0 = mlopt.reduce %a0 {kind = #mlopt<reduce_kind max>, axes = array<i64: 0, 2>, mlopt.hero_op} : (tensor<2x?x?xf32>) -> tensor<?xf32>
  %p = mlopt.exp %r0 : (tensor<?xf32>) -> tensor<?xf32>
  mlopt.yield %p : tensor<?xf32>
}
mlopt.kernel @red_max_02_3_1(%a0: tensor<2x?x?xf32>) -> tensor<1x?x1xf32> attributes {hero = #mlopt.hero<reduction>, dims = [[2, "n", "m"], [1, "n", 1]]} {
  %r0 = mlopt.reduce %a0 {kind = #mlopt<reduce_kind max>, axes = array<i64: 0, 2>, keepdims = true, mlopt.hero_op} : (tensor<2x?x?xf32>) -> tensor<1x?x1xf32>
  %p = mlopt.exp %r0 : (tensor<1x?x1xf32>) -> tensor<1x?x1xf32>
  mlopt.yield %p : tensor<1x?x1xf32>
}
mlopt.kernel @red_max_23_4_0(%a0: tensor<2x3x?x?xf32>) -> tensor<2x3xf32> attributes {hero = #mlopt.hero<reduction>, dims = [[2, 3, "n", "m"], [2, 3]]} {
  %r0 = mlopt.reduce %a0 {kind = #mlopt<reduce_kind max>, axes = array<i64: 2, 3>, mlopt.hero_op} : (tensor<2x3x?x?xf32>) -> tensor<2x3xf32>
  %p = mlopt.exp %r0 : (tensor<2x3xf32>) -> tensor<2x3xf32>
  mlopt.yield %p : tensor<2x3xf32>
}
mlopt.kernel @red_max_23_4_1(%a0: tensor<2x3x?x?xf32>) -> tensor<2x3x1x1xf32> attributes {hero = #mlopt.hero<reduction>, dims = [[2, 3, "n", "m"], [2, 3, 1, 1]]} {
  %r0 = mlopt.reduce %a0 {kind = #mlopt<reduce_kind max>, axes = array<i64: 2, 3>, keepdims = true, mlopt.hero_op} : (tensor<2x3x?x?xf32>) -> tensor<2x3x1x1xf32>
  %p = mlopt.exp %r0 : (tensor<2x3x1x1xf32>) -> tensor<2x3x1x1xf32>
  mlopt.yield %p : tensor<2x3x1x1xf32>
}
mlopt.kernel @red_max_1_3_0(%a0: tensor<2x?x?xf32>) -> tensor<2x?xf32> attributes {hero = #mlopt.hero<reduction>, dims = [[2, "n", "m"], [2, "m"]]} {
  %r0 = mlopt.reduce %a0 {kind = #mlopt<reduce_kind max>, axes = array<i64: 1>, mlopt.hero_op} : (tensor<2x?x?xf32>) -> tensor<2x?xf32>
  %p = mlopt.exp %r0 : (tensor<2x?xf32>) -> tensor<2x?xf32>
  mlopt.yield %p : tensor<2x?xf32>
}
mlopt.kernel @red_max_1_3_1(%a0: tensor<2x?x?xf32>) -> tensor<2x1x?xf32> attributes {hero = #mlopt.hero<reduction>, dims = [[2, "n", "m"], [2, 1, "m"]]} {
  %r0 = mlopt.reduce %a0 {kind = #mlopt<reduce_kind max>, axes = array<i64: 1>, keepdims = true, mlopt.hero_op} : (tensor<2x?x?xf32>) -> tensor<2x1x?xf32>
  %p = mlopt.exp %r0 : (tensor<2x1x?xf32>) -> tensor<2x1x?xf32>
  mlopt.yield %p : tensor<2x1x?xf32>
}
mlopt.kernel @red_i32(%a0: tensor<?x?xi32>) -> tensor<?xi32> attributes {hero = #mlopt.hero<reduction>, dims = [["n", "m"], ["n"]]} {
  %r0 = mlopt.reduce %a0 {kind = #mlopt<reduce_kind sum>, axes = array<i64: 1>, mlopt.hero_op} : (tensor<?x?xi32>) -> tensor<?xi32>
  mlopt.yield %r0 : tensor<?xi32>
}
mlopt.kernel @red_i64(%a0: tensor<?x?xi64>) -> tensor<?xi64> attributes {hero = #mlopt.hero<reduction>, dims = [["n", "m"], ["n"]]} {
  %r0 = mlopt.reduce %a0 {kind = #mlopt<reduce_kind sum>, axes = array<i64: 1>, mlopt.hero_op} : (tensor<?x?xi64>) -> tensor<?xi64>
  mlopt.yield %r0 : tensor<?xi64>
}
mlopt.kernel @red_f64(%a0: tensor<?x?xf64>) -> tensor<?xf64> attributes {hero = #mlopt.hero<reduction>, dims = [["n", "m"], ["n"]]} {
  %r0 = mlopt.reduce %a0 {kind = #mlopt<reduce_kind sum>, axes = array<i64: 1>, mlopt.hero_op} : (tensor<?x?xf64>) -> tensor<?xf64>
  mlopt.yield %r0 : tensor<?xf64>
}
mlopt.kernel @red_f16(%a0: tensor<?x?xf16>) -> tensor<?xf16> attributes {hero = #mlopt.hero<reduction>, dims = [["n", "m"], ["n"]]} {
  %r0 = mlopt.reduce %a0 {kind = #mlopt<reduce_kind sum>, axes = array<i64: 1>, mlopt.hero_op} : (tensor<?x?xf16>) -> tensor<?xf16>
  mlopt.yield %r0 : tensor<?xf16>
}
mlopt.kernel @argmax(%a0: tensor<?x?x2xf32>) -> tensor<?x2xi64> attributes {hero = #mlopt.hero<reduction>, dims = [["n", "m", 2], ["n", 2]]} {
  %r0 = mlopt.arg_reduce %a0 {kind = #mlopt<arg_reduce_kind max>, axis = 1 : i64, mlopt.hero_op} : (tensor<?x?x2xf32>) -> tensor<?x2xi64>
  mlopt.yield %r0 : tensor<?x2xi64>
}
mlopt.kernel @argmin(%a0: tensor<?x?xf32>) -> tensor<?x1xi64> attributes {hero = #mlopt.hero<reduction>, dims = [["n", "m"], ["n", 1]]} {
  %r0 = mlopt.arg_reduce %a0 {kind = #mlopt<arg_reduce_kind min>, axis = 1 : i64, keepdims = true, mlopt.hero_op} : (tensor<?x?xf32>) -> tensor<?x1xi64>
  mlopt.yield %r0 : tensor<?x1xi64>
}
mlopt.kernel @sm_0_0(%a0: tensor<?x?x5xf32>) -> tensor<?x?x5xf32> attributes {hero = #mlopt.hero<softmax>, dims = [["n", "m", 5], ["n", "m", 5]]} {
  %r0 = mlopt.softmax %a0 {axis = 0 : i64, mlopt.hero_op} : (tensor<?x?x5xf32>) -> tensor<?x?x5xf32>
  mlopt.yield %r0 : tensor<?x?x5xf32>
}
mlopt.kernel @sm_0_1(%a0: tensor<?x?x5xf32>) -> tensor<?x?x5xf32> attributes {hero = #mlopt.hero<softmax>, dims = [["n", "m", 5], ["n", "m", 5]]} {
  %r0 = mlopt.softmax %a0 {axis = 0 : i64, log = true, mlopt.hero_op} : (tensor<?x?x5xf32>) -> tensor<?x?x5xf32>
  mlopt.yield %r0 : tensor<?x?x5xf32>
}
mlopt.kernel @sm_1_0(%a0: tensor<?x?x5xf32>) -> tensor<?x?x5xf32> attributes {hero = #mlopt.hero<softmax>, dims = [["n", "m", 5], ["n", "m", 5]]} {
  %r0 = mlopt.softmax %a0 {axis = 1 : i64, mlopt.hero_op} : (tensor<?x?x5xf32>) -> tensor<?x?x5xf32>
  mlopt.yield %r0 : tensor<?x?x5xf32>
}
mlopt.kernel @sm_1_1(%a0: tensor<?x?x5xf32>) -> tensor<?x?x5xf32> attributes {hero = #mlopt.hero<softmax>, dims = [["n", "m", 5], ["n", "m", 5]]} {
  %r0 = mlopt.softmax %a0 {axis = 1 : i64, log = true, mlopt.hero_op} : (tensor<?x?x5xf32>) -> tensor<?x?x5xf32>
  mlopt.yield %r0 : tensor<?x?x5xf32>
}
mlopt.kernel @sm_2_0(%a0: tensor<?x?x5xf32>) -> tensor<?x?x5xf32> attributes {hero = #mlopt.hero<softmax>, dims = [["n", "m", 5], ["n", "m", 5]]} {
  %r0 = mlopt.softmax %a0 {axis = 2 : i64, mlopt.hero_op} : (tensor<?x?x5xf32>) -> tensor<?x?x5xf32>
  mlopt.yield %r0 : tensor<?x?x5xf32>
}
mlopt.kernel @sm_2_1(%a0: tensor<?x?x5xf32>) -> tensor<?x?x5xf32> attributes {hero = #mlopt.hero<softmax>, dims = [["n", "m", 5], ["n", "m", 5]]} {
  %r0 = mlopt.softmax %a0 {axis = 2 : i64, log = true, mlopt.hero_op} : (tensor<?x?x5xf32>) -> tensor<?x?x5xf32>
  mlopt.yield %r0 : tensor<?x?x5xf32>
}
mlopt.kernel @smlast(%a0: tensor<2x?x?xf32>) -> tensor<2x?x?xf32> attributes {hero = #mlopt.hero<softmax>, dims = [[2, "n", "m"], [2, "n", "m"]]} {
  %r0 = mlopt.softmax %a0 {axis = 2 : i64, mlopt.hero_op} : (tensor<2x?x?xf32>) -> tensor<2x?x?xf32>
  mlopt.yield %r0 : tensor<2x?x?xf32>
}
mlopt.kernel @sm16(%a0: tensor<?x?xf16>) -> tensor<?x?xf16> attributes {hero = #mlopt.hero<softmax>, dims = [["n", "m"], ["n", "m"]]} {
  %r0 = mlopt.softmax %a0 {axis = 1 : i64, mlopt.hero_op} : (tensor<?x?xf16>) -> tensor<?x?xf16>
  mlopt.yield %r0 : tensor<?x?xf16>
}
mlopt.kernel @ln(%a0: tensor<?x?xf32>, %a1: tensor<?xf32>, %a2: tensor<?xf32>) -> tensor<?x?xf32> attributes {hero = #mlopt.hero<normalization>, dims = [["n", "m"], ["m"], ["m"], ["n", "m"]]} {
  %r0 = mlopt.layer_norm %a0, %a1, %a2 {axis = 1 : i64, epsilon = 1.0e-5 : f64, mlopt.hero_op} : (tensor<?x?xf32>, tensor<?xf32>, tensor<?xf32>) -> tensor<?x?xf32>
  mlopt.yield %r0 : tensor<?x?xf32>
}
mlopt.kernel @ln768(%a0: tensor<?x?x768xf32>, %a1: tensor<768xf32>, %a2: tensor<768xf32>) -> tensor<?x?x768xf32> attributes {hero = #mlopt.hero<normalization>, dims = [["n", "m", 768], [768], [768], ["n", "m", 768]]} {
  %r0 = mlopt.layer_norm %a0, %a1, %a2 {axis = 2 : i64, epsilon = 1.0e-5 : f64, mlopt.hero_op} : (tensor<?x?x768xf32>, tensor<768xf32>, tensor<768xf32>) -> tensor<?x?x768xf32>
  mlopt.yield %r0 : tensor<?x?x768xf32>
}
mlopt.kernel @lnn(%a0: tensor<2x?x?xf32>) -> tensor<2x?x?xf32> attributes {hero = #mlopt.hero<normalization>, dims = [[2, "n", "m"], [2, "n", "m"]]} {
  %none = mlopt.none : none
  %r0 = mlopt.layer_norm %a0, %none, %none {axis = 1 : i64, epsilon = 1.0e-5 : f64, mlopt.hero_op} : (tensor<2x?x?xf32>, none, none) -> tensor<2x?x?xf32>
  mlopt.yield %r0 : tensor<2x?x?xf32>
}
mlopt.kernel @ln2(%a0: tensor<2x?x?xf32>, %a1: tensor<?x?xf32>) -> tensor<2x?x?xf32> attributes {hero = #mlopt.hero<normalization>, dims = [[2, "n", "m"], ["n", "m"], [2, "n", "m"]]} {
  %none = mlopt.none : none
  %r0 = mlopt.layer_norm %a0, %a1, %none {axis = 1 : i64, epsilon = 1.0e-5 : f64, mlopt.hero_op} : (tensor<2x?x?xf32>, tensor<?x?xf32>, none) -> tensor<2x?x?xf32>
  mlopt.yield %r0 : tensor<2x?x?xf32>
}
mlopt.kernel @rms(%a0: tensor<?x?xf32>, %a1: tensor<?xf32>) -> tensor<?x?xf32> attributes {hero = #mlopt.hero<normalization>, dims = [["n", "m"], ["m"], ["n", "m"]]} {
  %r0 = mlopt.rms_norm %a0, %a1 {axis = 1 : i64, epsilon = 1.0e-5 : f64, mlopt.hero_op} : (tensor<?x?xf32>, tensor<?xf32>) -> tensor<?x?xf32>
  mlopt.yield %r0 : tensor<?x?xf32>
}
mlopt.kernel @gn(%a0: tensor<?x4x?xf32>, %a1: tensor<4xf32>, %a2: tensor<4xf32>) -> tensor<?x4x?xf32> attributes {hero = #mlopt.hero<normalization>, dims = [["n", 4, "m"], [4], [4], ["n", 4, "m"]]} {
  %r0 = mlopt.group_norm %a0, %a1, %a2 {groups = 2 : i64, epsilon = 1.0e-5 : f64, mlopt.hero_op} : (tensor<?x4x?xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<?x4x?xf32>
  mlopt.yield %r0 : tensor<?x4x?xf32>
}
mlopt.kernel @gn2(%a0: tensor<?x6x?x3xf32>, %a1: tensor<6xf32>, %a2: tensor<6xf32>) -> tensor<?x6x?x3xf32> attributes {hero = #mlopt.hero<normalization>, dims = [["n", 6, "m", 3], [6], [6], ["n", 6, "m", 3]]} {
  %r0 = mlopt.group_norm %a0, %a1, %a2 {groups = 3 : i64, epsilon = 1.0e-5 : f64, mlopt.hero_op} : (tensor<?x6x?x3xf32>, tensor<6xf32>, tensor<6xf32>) -> tensor<?x6x?x3xf32>
  mlopt.yield %r0 : tensor<?x6x?x3xf32>
}
mlopt.kernel @bn(%a0: tensor<?x3x?xf32>, %a1: tensor<3xf32>, %a2: tensor<3xf32>, %a3: tensor<3xf32>, %a4: tensor<3xf32> {mlopt.range = [0.1, 2.0]}) -> tensor<?x3x?xf32> attributes {hero = #mlopt.hero<normalization>, dims = [["n", 3, "m"], [3], [3], [3], [3], ["n", 3, "m"]]} {
  %r0 = mlopt.batch_norm %a0, %a1, %a2, %a3, %a4 {epsilon = 1.0e-5 : f64, mlopt.hero_op} : (tensor<?x3x?xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) -> tensor<?x3x?xf32>
  mlopt.yield %r0 : tensor<?x3x?xf32>
}
mlopt.kernel @lrn(%a0: tensor<?x5x?xf32>) -> tensor<?x5x?xf32> attributes {hero = #mlopt.hero<normalization>, dims = [["n", 5, "m"], ["n", 5, "m"]]} {
  %r0 = mlopt.lrn %a0 {size = 3 : i64, alpha = 1.0e-1 : f64, beta = 0.75 : f64, bias = 1.0 : f64, mlopt.hero_op} : (tensor<?x5x?xf32>) -> tensor<?x5x?xf32>
  mlopt.yield %r0 : tensor<?x5x?xf32>
}
mlopt.kernel @tr(%a0: tensor<?x?xf32>) -> tensor<?x?xf32> attributes {hero = #mlopt.hero<transpose>, dims = [["n", "m"], ["m", "n"]]} {
  %r0 = mlopt.transpose %a0 {permutation = array<i64: 1, 0>, mlopt.hero_op} : (tensor<?x?xf32>) -> tensor<?x?xf32>
  mlopt.yield %r0 : tensor<?x?xf32>
}
mlopt.kernel @tr4(%a0: tensor<2x?x?x5xf32>) -> tensor<2x?x?x5xf32> attributes {hero = #mlopt.hero<transpose>, dims = [[2, "n", "m", 5], [2, "m", "n", 5]]} {
  %r0 = mlopt.transpose %a0 {permutation = array<i64: 0, 2, 1, 3>, mlopt.hero_op} : (tensor<2x?x?x5xf32>) -> tensor<2x?x?x5xf32>
  mlopt.yield %r0 : tensor<2x?x?x5xf32>
}
mlopt.kernel @tr3(%a0: tensor<3x?x?xi64>) -> tensor<?x3x?xi64> attributes {hero = #mlopt.hero<transpose>, dims = [[3, "n", "m"], ["m", 3, "n"]]} {
  %r0 = mlopt.transpose %a0 {permutation = array<i64: 2, 0, 1>, mlopt.hero_op} : (tensor<3x?x?xi64>) -> tensor<?x3x?xi64>
  mlopt.yield %r0 : tensor<?x3x?xi64>
}
mlopt.kernel @trb(%a0: tensor<?x?xi1>) -> tensor<?x?xi1> attributes {hero = #mlopt.hero<transpose>, dims = [["n", "m"], ["m", "n"]]} {
  %r0 = mlopt.transpose %a0 {permutation = array<i64: 1, 0>, mlopt.hero_op} : (tensor<?x?xi1>) -> tensor<?x?xi1>
  mlopt.yield %r0 : tensor<?x?xi1>
}
mlopt.kernel @concat(%a0: tensor<?x3xf32>, %a1: tensor<?x20xf32>, %a2: tensor<?x1xf32>) -> tensor<?x24xf32> attributes {hero = #mlopt.hero<copy>, dims = [["n", 3], ["n", 20], ["n", 1], ["n", 24]]} {
  %r0 = mlopt.concat %a0, %a1, %a2 {axis = 1 : i64, mlopt.hero_op} : (tensor<?x3xf32>, tensor<?x20xf32>, tensor<?x1xf32>) -> tensor<?x24xf32>
  mlopt.yield %r0 : tensor<?x24xf32>
}
mlopt.kernel @concat0(%a0: tensor<3x?xf32>, %a1: tensor<2x?xf32>) -> tensor<5x?xf32> attributes {hero = #mlopt.hero<copy>, dims = [[3, "m"], [2, "m"], [5, "m"]]} {
  %r0 = mlopt.concat %a0, %a1 {axis = 0 : i64, mlopt.hero_op} : (tensor<3x?xf32>, tensor<2x?xf32>) -> tensor<5x?xf32>
  mlopt.yield %r0 : tensor<5x?xf32>
}
mlopt.kernel @pad(%a0: tensor<5x9xf32>, %a1: tensor<f32>) -> tensor<7x14xf32> attributes {hero = #mlopt.hero<copy>, dims = [[5, 9], [], [7, 14]]} {
  %r0 = mlopt.pad %a0, %a1 {mode = #mlopt<pad_mode constant>, static_low = array<i64: 1, 2>, static_high = array<i64: 1, 3>, operandSegmentSizes = array<i32: 1, 1, 0, 0>, mlopt.hero_op} : (tensor<5x9xf32>, tensor<f32>) -> tensor<7x14xf32>
  mlopt.yield %r0 : tensor<7x14xf32>
}
mlopt.kernel @pad_reflect(%a0: tensor<5x9xf32>, %a1: tensor<f32>) -> tensor<7x14xf32> attributes {hero = #mlopt.hero<copy>, dims = [[5, 9], [], [7, 14]]} {
  %r0 = mlopt.pad %a0, %a1 {mode = #mlopt<pad_mode reflect>, static_low = array<i64: 1, 2>, static_high = array<i64: 1, 3>, operandSegmentSizes = array<i32: 1, 1, 0, 0>, mlopt.hero_op} : (tensor<5x9xf32>, tensor<f32>) -> tensor<7x14xf32>
  mlopt.yield %r0 : tensor<7x14xf32>
}
mlopt.kernel @pad_edge(%a0: tensor<5x9xf32>, %a1: tensor<f32>) -> tensor<7x14xf32> attributes {hero = #mlopt.hero<copy>, dims = [[5, 9], [], [7, 14]]} {
  %r0 = mlopt.pad %a0, %a1 {mode = #mlopt<pad_mode edge>, static_low = array<i64: 1, 2>, static_high = array<i64: 1, 3>, operandSegmentSizes = array<i32: 1, 1, 0, 0>, mlopt.hero_op} : (tensor<5x9xf32>, tensor<f32>) -> tensor<7x14xf32>
  mlopt.yield %r0 : tensor<7x14xf32>
}
mlopt.kernel @pad_wrap(%a0: tensor<5x9xf32>, %a1: tensor<f32>) -> tensor<7x14xf32> attributes {hero = #mlopt.hero<copy>, dims = [[5, 9], [], [7, 14]]} {
  %r0 = mlopt.pad %a0, %a1 {mode = #mlopt<pad_mode wrap>, static_low = array<i64: 1, 2>, static_high = array<i64: 1, 3>, operandSegmentSizes = array<i32: 1, 1, 0, 0>, mlopt.hero_op} : (tensor<5x9xf32>, tensor<f32>) -> tensor<7x14xf32>
  mlopt.yield %r0 : tensor<7x14xf32>
}
mlopt.kernel @slice(%a0: tensor<5x20xf32>) -> tensor<3x4xf32> attributes {hero = #mlopt.hero<elementwise>, dims = [[5, 20], [3, 4]]} {
  %r0 = mlopt.slice %a0 {static_starts = array<i64: 1, 2>, static_sizes = array<i64: 3, 4>, strides = array<i64: 1, 2>, operandSegmentSizes = array<i32: 1, 0, 0>, mlopt.hero_op} : (tensor<5x20xf32>) -> tensor<3x4xf32>
  mlopt.yield %r0 : tensor<3x4xf32>
}
mlopt.kernel @slice1(%a0: tensor<5x20xf32>) -> tensor<3x17xf32> attributes {hero = #mlopt.hero<elementwise>, dims = [[5, 20], [3, 17]]} {
  %r0 = mlopt.slice %a0 {static_starts = array<i64: 1, 2>, static_sizes = array<i64: 3, 17>, strides = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 0, 0>, mlopt.hero_op} : (tensor<5x20xf32>) -> tensor<3x17xf32>
  mlopt.yield %r0 : tensor<3x17xf32>
}
mlopt.kernel @iota() -> tensor<3x20xi64> attributes {hero = #mlopt.hero<elementwise>, dims = [[3, 20]]} {
  %r0 = mlopt.iota  {axis = 1 : i64, static_sizes = array<i64: 3, 20>, to = i64, mlopt.hero_op} : () -> tensor<3x20xi64>
  mlopt.yield %r0 : tensor<3x20xi64>
}
mlopt.kernel @iotaf() -> tensor<3x20xf32> attributes {hero = #mlopt.hero<elementwise>, dims = [[3, 20]]} {
  %r0 = mlopt.iota  {axis = 1 : i64, static_sizes = array<i64: 3, 20>, to = f32, mlopt.hero_op} : () -> tensor<3x20xf32>
  mlopt.yield %r0 : tensor<3x20xf32>
}
mlopt.kernel @bcast(%a0: tensor<33xf32>) -> tensor<4x33xf32> attributes {hero = #mlopt.hero<elementwise>, dims = [[33], [4, 33]]} {
  %r0 = mlopt.broadcast %a0 {static_sizes = array<i64: 4, 33>, mlopt.hero_op} : (tensor<33xf32>) -> tensor<4x33xf32>
  mlopt.yield %r0 : tensor<4x33xf32>
}
mlopt.kernel @gather0(%a0: tensor<10x?xf32>, %a1: tensor<2x3xi64> {mlopt.range = [-10, 10]}) -> tensor<2x3x?xf32> attributes {hero = #mlopt.hero<gather>, dims = [[10, "m"], [2, 3], [2, 3, "m"]]} {
  %r0 = mlopt.gather %a0, %a1 {axis = 0 : i64, mlopt.hero_op} : (tensor<10x?xf32>, tensor<2x3xi64>) -> tensor<2x3x?xf32>
  mlopt.yield %r0 : tensor<2x3x?xf32>
}
mlopt.kernel @gather1(%a0: tensor<?x10xf32>, %a1: tensor<2x3xi64> {mlopt.range = [-10, 10]}) -> tensor<?x2x3xf32> attributes {hero = #mlopt.hero<gather>, dims = [["m", 10], [2, 3], ["m", 2, 3]]} {
  %r0 = mlopt.gather %a0, %a1 {axis = 1 : i64, mlopt.hero_op} : (tensor<?x10xf32>, tensor<2x3xi64>) -> tensor<?x2x3xf32>
  mlopt.yield %r0 : tensor<?x2x3xf32>
}
mlopt.kernel @gather32(%a0: tensor<10x16xf32>, %a1: tensor<?xi32> {mlopt.range = [0, 10]}) -> tensor<?x16xf32> attributes {hero = #mlopt.hero<gather>, dims = [[10, 16], ["n"], ["n", 16]]} {
  %r0 = mlopt.gather %a0, %a1 {axis = 0 : i64, mlopt.hero_op} : (tensor<10x16xf32>, tensor<?xi32>) -> tensor<?x16xf32>
  mlopt.yield %r0 : tensor<?x16xf32>
}
mlopt.kernel @gathere(%a0: tensor<?x10xf32>, %a1: tensor<?x4xi64> {mlopt.range = [0, 10]}) -> tensor<?x4xf32> attributes {hero = #mlopt.hero<gather>, dims = [["n", 10], ["n", 4], ["n", 4]]} {
  %r0 = mlopt.gather_elements %a0, %a1 {axis = 1 : i64, mlopt.hero_op} : (tensor<?x10xf32>, tensor<?x4xi64>) -> tensor<?x4xf32>
  mlopt.yield %r0 : tensor<?x4xf32>
}
mlopt.kernel @gathernd(%a0: tensor<4x4x?xf32>, %a1: tensor<5x2xi64> {mlopt.range = [0, 4]}) -> tensor<5x?xf32> attributes {hero = #mlopt.hero<gather>, dims = [[4, 4, "m"], [5, 2], [5, "m"]]} {
  %r0 = mlopt.gather_nd %a0, %a1 {batch_dims = 0 : i64, mlopt.hero_op} : (tensor<4x4x?xf32>, tensor<5x2xi64>) -> tensor<5x?xf32>
  mlopt.yield %r0 : tensor<5x?xf32>
}
mlopt.kernel @scat(%a0: tensor<5x?xf32>, %a1: tensor<2x?xi64> {mlopt.range = [0, 5]}, %a2: tensor<2x?xf32>) -> tensor<5x?xf32> attributes {hero = #mlopt.hero<scatter>, dims = [[5, "m"], [2, "m"], [2, "m"], [5, "m"]]} {
  %r0 = mlopt.scatter_elements %a0, %a1, %a2 {axis = 0 : i64, reduction = #mlopt<scatter_reduction add>, mlopt.hero_op} : (tensor<5x?xf32>, tensor<2x?xi64>, tensor<2x?xf32>) -> tensor<5x?xf32>
  mlopt.yield %r0 : tensor<5x?xf32>
}
mlopt.kernel @scatnd(%a0: tensor<8x?xf32>, %a1: tensor<3x1xi64> {mlopt.range = [0, 8]}, %a2: tensor<3x?xf32>) -> tensor<8x?xf32> attributes {hero = #mlopt.hero<scatter>, dims = [[8, "m"], [3, 1], [3, "m"], [8, "m"]]} {
  %r0 = mlopt.scatter_nd %a0, %a1, %a2 {reduction = #mlopt<scatter_reduction add>, mlopt.hero_op} : (tensor<8x?xf32>, tensor<3x1xi64>, tensor<3x?xf32>) -> tensor<8x?xf32>
  mlopt.yield %r0 : tensor<8x?xf32>
}
mlopt.kernel @cum(%a0: tensor<?x?xf32>) -> tensor<?x?xf32> attributes {hero = #mlopt.hero<scan>, dims = [["n", "m"], ["n", "m"]]} {
  %r0 = mlopt.cumulative %a0 {kind = #mlopt<cumulative_kind sum>, axis = 1 : i64, mlopt.hero_op} : (tensor<?x?xf32>) -> tensor<?x?xf32>
  mlopt.yield %r0 : tensor<?x?xf32>
}
mlopt.kernel @topk(%a0: tensor<?x20xf32>) -> (tensor<?x3xf32>, tensor<?x3xi64>) attributes {hero = #mlopt.hero<sort>, dims = [["n", 20], ["n", 3], ["n", 3]]} {
  %r0, %r1 = mlopt.top_k %a0 {axis = 1 : i64, static_k = 3 : i64, mlopt.hero_op} : (tensor<?x20xf32>) -> (tensor<?x3xf32>, tensor<?x3xi64>)
  mlopt.yield %r0, %r1 : tensor<?x3xf32>, tensor<?x3xi64>
}
mlopt.kernel @pool_max(%a0: tensor<?x3x9x9xf32>) -> tensor<?x3x5x5xf32> attributes {hero = #mlopt.hero<pool>, dims = [["n", 3, 9, 9], ["n", 3, 5, 5]]} {
  %r0 = mlopt.pool %a0 {kind = #mlopt<pool_kind max>, kernel = array<i64: 3, 3>, strides = array<i64: 2, 2>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, mlopt.hero_op} : (tensor<?x3x9x9xf32>) -> tensor<?x3x5x5xf32>
  mlopt.yield %r0 : tensor<?x3x5x5xf32>
}
mlopt.kernel @pool_average(%a0: tensor<?x3x9x9xf32>) -> tensor<?x3x5x5xf32> attributes {hero = #mlopt.hero<pool>, dims = [["n", 3, 9, 9], ["n", 3, 5, 5]]} {
  %r0 = mlopt.pool %a0 {kind = #mlopt<pool_kind average>, kernel = array<i64: 3, 3>, strides = array<i64: 2, 2>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, mlopt.hero_op} : (tensor<?x3x9x9xf32>) -> tensor<?x3x5x5xf32>
  mlopt.yield %r0 : tensor<?x3x5x5xf32>
}
mlopt.kernel @poolidx(%a0: tensor<?x3x9x9xf32>) -> (tensor<?x3x5x5xf32>, tensor<?x3x5x5xi64>) attributes {hero = #mlopt.hero<pool>, dims = [["n", 3, 9, 9], ["n", 3, 5, 5], ["n", 3, 5, 5]]} {
  %r0, %r1 = mlopt.max_pool_with_indices %a0 {kernel = array<i64: 3, 3>, strides = array<i64: 2, 2>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, extra_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, mlopt.hero_op} : (tensor<?x3x9x9xf32>) -> (tensor<?x3x5x5xf32>, tensor<?x3x5x5xi64>)
  mlopt.yield %r0, %r1 : tensor<?x3x5x5xf32>, tensor<?x3x5x5xi64>
}
mlopt.kernel @convg(%a0: tensor<?x4x8x8xf32>, %a1: tensor<6x2x3x3xf32>, %a2: tensor<6xf32>) -> tensor<?x6x4x4xf32> attributes {hero = #mlopt.hero<convolution>, dims = [["n", 4, 8, 8], [6, 2, 3, 3], [6], ["n", 6, 4, 4]]} {
  %r0 = mlopt.conv %a0, %a1, %a2 {strides = array<i64: 2, 2>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 2 : i64, mlopt.hero_op} : (tensor<?x4x8x8xf32>, tensor<6x2x3x3xf32>, tensor<6xf32>) -> tensor<?x6x4x4xf32>
  mlopt.yield %r0 : tensor<?x6x4x4xf32>
}
mlopt.kernel @conv1d(%a0: tensor<?x4x?xf32>, %a1: tensor<6x4x3xf32>) -> tensor<?x6x?xf32> attributes {hero = #mlopt.hero<convolution>, dims = [["n", 4, "m"], [6, 4, 3], ["n", 6, "m"]]} {
  %none = mlopt.none : none
  %r0 = mlopt.conv %a0, %a1, %none {strides = array<i64: 1>, pads_begin = array<i64: 1>, pads_end = array<i64: 1>, dilations = array<i64: 1>, groups = 1 : i64, mlopt.hero_op} : (tensor<?x4x?xf32>, tensor<6x4x3xf32>, none) -> tensor<?x6x?xf32>
  mlopt.yield %r0 : tensor<?x6x?xf32>
}
mlopt.kernel @convt(%a0: tensor<1x3x8xf32>, %a1: tensor<3x4x3xf32>) -> tensor<1x4x17xf32> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 3, 8], [3, 4, 3], [1, 4, 17]]} {
  %none = mlopt.none : none
  %r0 = mlopt.conv_transpose %a0, %a1, %none {strides = array<i64: 2>, pads_begin = array<i64: 0>, pads_end = array<i64: 0>, output_padding = array<i64: 0>, dilations = array<i64: 1>, groups = 1 : i64, mlopt.hero_op} : (tensor<1x3x8xf32>, tensor<3x4x3xf32>, none) -> tensor<1x4x17xf32>
  mlopt.yield %r0 : tensor<1x4x17xf32>
}
mlopt.kernel @resize(%a0: tensor<1x3x8x8xf32>) -> tensor<1x3x16x16xf32> attributes {hero = #mlopt.hero<resize>, dims = [[1, 3, 8, 8], [1, 3, 16, 16]]} {
  %r0 = mlopt.resize %a0 {mode = #mlopt<resize_mode linear>, coordinate = #mlopt<coordinate_mode half_pixel>, nearest = #mlopt<nearest_mode floor>, scales = array<f64: 1.0, 1.0, 2.0, 2.0>, static_sizes = array<i64: 1, 3, 16, 16>, roi = array<f64>, mlopt.hero_op} : (tensor<1x3x8x8xf32>) -> tensor<1x3x16x16xf32>
  mlopt.yield %r0 : tensor<1x3x16x16xf32>
}
mlopt.kernel @resizen(%a0: tensor<1x3x8x8xf32>) -> tensor<1x3x16x16xf32> attributes {hero = #mlopt.hero<resize>, dims = [[1, 3, 8, 8], [1, 3, 16, 16]]} {
  %r0 = mlopt.resize %a0 {mode = #mlopt<resize_mode nearest>, coordinate = #mlopt<coordinate_mode asymmetric>, nearest = #mlopt<nearest_mode floor>, scales = array<f64: 1.0, 1.0, 2.0, 2.0>, static_sizes = array<i64: 1, 3, 16, 16>, roi = array<f64>, mlopt.hero_op} : (tensor<1x3x8x8xf32>) -> tensor<1x3x16x16xf32>
  mlopt.yield %r0 : tensor<1x3x16x16xf32>
}
mlopt.kernel @relay(%a0: tensor<?x20x5x?xf32>) -> tensor<?x20x5x?xf32> attributes {hero = #mlopt.hero<copy>, dims = [["n", 20, 5, "m"], ["n", 20, 5, "m"]], layouts = [unit, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %r0 = mlopt.relayout %a0 {layout = #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, mlopt.hero_op} : (tensor<?x20x5x?xf32>) -> tensor<?x20x5x?xf32>
  mlopt.yield %r0 : tensor<?x20x5x?xf32>
}
mlopt.kernel @layadd(%a0: tensor<?x20x5x?xf32>, %a1: tensor<20x1x1xf32>) -> tensor<?x20x5x?xf32> attributes {hero = #mlopt.hero<elementwise>, dims = [["n", 20, 5, "m"], [20, 1, 1], ["n", 20, 5, "m"]], layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, unit, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %r0 = mlopt.add %a0, %a1 {mlopt.hero_op} : (tensor<?x20x5x?xf32>, tensor<20x1x1xf32>) -> tensor<?x20x5x?xf32>
  mlopt.yield %r0 : tensor<?x20x5x?xf32>
}
mlopt.kernel @back(%a0: tensor<?x20x5x?xf32>) -> tensor<?x20x5x?xf32> attributes {hero = #mlopt.hero<copy>, dims = [["n", 20, 5, "m"], ["n", 20, 5, "m"]], layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, unit]} {
  %r0 = mlopt.relayout %a0 {mlopt.hero_op} : (tensor<?x20x5x?xf32>) -> tensor<?x20x5x?xf32>
  mlopt.yield %r0 : tensor<?x20x5x?xf32>
}
mlopt.kernel @redlay(%a0: tensor<?x20x5x?xf32>) -> tensor<?x20xf32> attributes {hero = #mlopt.hero<reduction>, dims = [["n", 20, 5, "m"], ["n", 20]], layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, unit]} {
  %r0 = mlopt.reduce %a0 {kind = #mlopt<reduce_kind mean>, axes = array<i64: 2, 3>, mlopt.hero_op} : (tensor<?x20x5x?xf32>) -> tensor<?x20xf32>
  mlopt.yield %r0 : tensor<?x20xf32>
}
mlopt.kernel @matmul_i32(%a0: tensor<3x?xi32>, %a1: tensor<?x5xi32>) -> tensor<3x5xi32> attributes {hero = #mlopt.hero<contraction>, dims = [[3, "n"], ["n", 5], [3, 5]]} {
  %r0 = mlopt.matmul %a0, %a1 {mlopt.hero_op} : (tensor<3x?xi32>, tensor<?x5xi32>) -> tensor<3x5xi32>
  mlopt.yield %r0 : tensor<3x5xi32>
}
mlopt.kernel @matmul_f16(%a0: tensor<3x?xf16>, %a1: tensor<?x20xf16>) -> tensor<3x20xf16> attributes {hero = #mlopt.hero<contraction>, dims = [[3, "n"], ["n", 20], [3, 20]]} {
  %c0 = mlopt.abs %a0 : (tensor<3x?xf16>) -> tensor<3x?xf16>
  %r0 = mlopt.matmul %c0, %a1 {mlopt.hero_op} : (tensor<3x?xf16>, tensor<?x20xf16>) -> tensor<3x20xf16>
  mlopt.yield %r0 : tensor<3x20xf16>
}
mlopt.kernel @matmul_f64(%a0: tensor<3x?xf64>, %a1: tensor<?x20xf64>) -> tensor<3x20xf64> attributes {hero = #mlopt.hero<contraction>, dims = [[3, "n"], ["n", 20], [3, 20]]} {
  %c0 = mlopt.abs %a0 : (tensor<3x?xf64>) -> tensor<3x?xf64>
  %r0 = mlopt.matmul %c0, %a1 {mlopt.hero_op} : (tensor<3x?xf64>, tensor<?x20xf64>) -> tensor<3x20xf64>
  mlopt.yield %r0 : tensor<3x20xf64>
}

// One lane is left behind whole vectors: its access has the width of its type.
mlopt.kernel @one_lane_bf16(%a0: tensor<33xbf16>, %a1: tensor<33xf32> {mlopt.range = [0, 9]}) -> (tensor<33xf32>, tensor<33xbf16>) attributes {hero = #mlopt.hero<elementwise>, dims = [[33], [33], [33], [33]]} {
  %r0 = mlopt.cast %a0 {to = f32, mlopt.hero_op} : (tensor<33xbf16>) -> tensor<33xf32>
  %r1 = mlopt.cast %a1 {to = bf16} : (tensor<33xf32>) -> tensor<33xbf16>
  mlopt.yield %r0, %r1 : tensor<33xf32>, tensor<33xbf16>
}
mlopt.kernel @one_lane_f16(%a0: tensor<33xf16>, %a1: tensor<33xf32> {mlopt.range = [0, 9]}) -> (tensor<33xf32>, tensor<33xf16>) attributes {hero = #mlopt.hero<elementwise>, dims = [[33], [33], [33], [33]]} {
  %r0 = mlopt.cast %a0 {to = f32, mlopt.hero_op} : (tensor<33xf16>) -> tensor<33xf32>
  %r1 = mlopt.cast %a1 {to = f16} : (tensor<33xf32>) -> tensor<33xf16>
  mlopt.yield %r0, %r1 : tensor<33xf32>, tensor<33xf16>
}
mlopt.kernel @one_lane_i8(%a0: tensor<33xi8>, %a1: tensor<33xf32> {mlopt.range = [0, 9]}) -> (tensor<33xf32>, tensor<33xi8>) attributes {hero = #mlopt.hero<elementwise>, dims = [[33], [33], [33], [33]]} {
  %r0 = mlopt.cast %a0 {to = f32, mlopt.hero_op} : (tensor<33xi8>) -> tensor<33xf32>
  %r1 = mlopt.cast %a1 {to = i8} : (tensor<33xf32>) -> tensor<33xi8>
  mlopt.yield %r0, %r1 : tensor<33xf32>, tensor<33xi8>
}
mlopt.kernel @one_lane_i16(%a0: tensor<33xi16>, %a1: tensor<33xf32> {mlopt.range = [0, 9]}) -> (tensor<33xf32>, tensor<33xi16>) attributes {hero = #mlopt.hero<elementwise>, dims = [[33], [33], [33], [33]]} {
  %r0 = mlopt.cast %a0 {to = f32, mlopt.hero_op} : (tensor<33xi16>) -> tensor<33xf32>
  %r1 = mlopt.cast %a1 {to = i16} : (tensor<33xf32>) -> tensor<33xi16>
  mlopt.yield %r0, %r1 : tensor<33xf32>, tensor<33xi16>
}

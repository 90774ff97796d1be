// RUN: mlopt-kernel-test %s --cpu=x86-64-v2,x86-64-v3,x86-64-v4 --size n=0,m=5 --size n=1,m=1 --size n=67,m=70 --size n=300,m=131 | FileCheck %s --implicit-check-not=FAILED
// RUN: mlopt-kernel-test %s --cpu=x86-64-v4 --show-schedule | FileCheck %s --check-prefix=PARTS
//
// Sums that are divided among the threads in parts: down columns, of whole tensors, of
// channels in blocks, with operations before and after, of sizes known in the run only.
// The tool compares 1, 2 and 3 threads to the bit.
// CHECK: {{^}}columns_dynamic x86-64-v2 {{.*}}: generic
// CHECK: {{^}}blocked_40 x86-64-v4{{.*}}: generic

// PARTS: {{^}}columns_dynamic x86-64-v4: {{.*}}walk = "parts"
mlopt.kernel @columns_dynamic(%a: tensor<?x?xf32>, %c: tensor<?xf32>) -> tensor<?xf32> attributes {hero = #mlopt.hero<reduction>, dims = [["n", "m"], ["m"], ["m"]]} {
  %r = mlopt.reduce %a {kind = #mlopt<reduce_kind sum>, axes = array<i64: 0>, keepdims = false, mlopt.hero_op} : (tensor<?x?xf32>) -> tensor<?xf32>
  %e = mlopt.sub %r, %c : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
  mlopt.yield %e : tensor<?xf32>
}
// PARTS: {{^}}columns_mean x86-64-v4: {{.*}}walk = "parts"
mlopt.kernel @columns_mean(%a: tensor<1100x37xf32>) -> tensor<1x37xf32> attributes {hero = #mlopt.hero<reduction>, dims = [[1100, 37], [1, 37]]} {
  %r = mlopt.reduce %a {kind = #mlopt<reduce_kind mean>, axes = array<i64: 0>, keepdims = true, mlopt.hero_op} : (tensor<1100x37xf32>) -> tensor<1x37xf32>
  mlopt.yield %r : tensor<1x37xf32>
}
// PARTS: {{^}}columns_f64 x86-64-v4: {{.*}}walk = "parts"
mlopt.kernel @columns_f64(%a: tensor<1030x70xf64>, %b: tensor<1030x70xf64>) -> tensor<70xf64> attributes {hero = #mlopt.hero<reduction>, dims = [[1030, 70], [1030, 70], [70]]} {
  %p = mlopt.mul %a, %b : (tensor<1030x70xf64>, tensor<1030x70xf64>) -> tensor<1030x70xf64>
  %r = mlopt.reduce %p {kind = #mlopt<reduce_kind sum>, axes = array<i64: 0>, keepdims = false, mlopt.hero_op} : (tensor<1030x70xf64>) -> tensor<70xf64>
  mlopt.yield %r : tensor<70xf64>
}
// PARTS: {{^}}columns_bf16 x86-64-v4: {{.*}}walk = "parts"
mlopt.kernel @columns_bf16(%a: tensor<1030x130xbf16>) -> tensor<130xbf16> attributes {hero = #mlopt.hero<reduction>, dims = [[1030, 130], [130]]} {
  %r = mlopt.reduce %a {kind = #mlopt<reduce_kind sum>, axes = array<i64: 0>, keepdims = false, mlopt.hero_op} : (tensor<1030x130xbf16>) -> tensor<130xbf16>
  mlopt.yield %r : tensor<130xbf16>
}
// PARTS: {{^}}middle x86-64-v4: {{.*}}walk = "parts"
mlopt.kernel @middle(%a: tensor<2x1500x3x9xf32>, %b: tensor<2x1500x3x9xf32>, %c: tensor<2x1x1x9xf32>) -> tensor<2x1x1x9xf32> attributes {hero = #mlopt.hero<reduction>, dims = [[2, 1500, 3, 9], [2, 1500, 3, 9], [2, 1, 1, 9], [2, 1, 1, 9]]} {
  %p = mlopt.mul %a, %b : (tensor<2x1500x3x9xf32>, tensor<2x1500x3x9xf32>) -> tensor<2x1500x3x9xf32>
  %r = mlopt.reduce %p {kind = #mlopt<reduce_kind sum>, axes = array<i64: 1, 2>, keepdims = true, mlopt.hero_op} : (tensor<2x1500x3x9xf32>) -> tensor<2x1x1x9xf32>
  %e = mlopt.sub %r, %c : (tensor<2x1x1x9xf32>, tensor<2x1x1x9xf32>) -> tensor<2x1x1x9xf32>
  mlopt.yield %e : tensor<2x1x1x9xf32>
}
// PARTS: {{^}}last_kept x86-64-v4: {{.*}}walk = "parts"
mlopt.kernel @last_kept(%a: tensor<?x?x24xf32>) -> tensor<24xf32> attributes {hero = #mlopt.hero<reduction>, dims = [["n", "m", 24], [24]]} {
  %r = mlopt.reduce %a {kind = #mlopt<reduce_kind sum>, axes = array<i64: 0, 1>, keepdims = false, mlopt.hero_op} : (tensor<?x?x24xf32>) -> tensor<24xf32>
  mlopt.yield %r : tensor<24xf32>
}
// PARTS: {{^}}all_dynamic x86-64-v4: {{.*}}walk = "parts"
mlopt.kernel @all_dynamic(%a: tensor<?x?xf32>, %c: tensor<f32>) -> tensor<f32> attributes {hero = #mlopt.hero<reduction>, dims = [["n", "m"], [], []]} {
  %r = mlopt.reduce %a {kind = #mlopt<reduce_kind sum>, axes = array<i64: 0, 1>, keepdims = false, mlopt.hero_op} : (tensor<?x?xf32>) -> tensor<f32>
  %e = mlopt.sub %r, %c : (tensor<f32>, tensor<f32>) -> tensor<f32>
  mlopt.yield %e : tensor<f32>
}
// PARTS: {{^}}all_long x86-64-v4: {{.*}}walk = "parts"
mlopt.kernel @all_long(%a: tensor<100003xf32>, %b: tensor<100003xf32>) -> tensor<f32> attributes {hero = #mlopt.hero<reduction>, dims = [[100003], [100003], []]} {
  %p = mlopt.mul %a, %b : (tensor<100003xf32>, tensor<100003xf32>) -> tensor<100003xf32>
  %r = mlopt.reduce %p {kind = #mlopt<reduce_kind sum>, axes = array<i64: 0>, keepdims = false, mlopt.hero_op} : (tensor<100003xf32>) -> tensor<f32>
  mlopt.yield %r : tensor<f32>
}
// PARTS: {{^}}all_f16 x86-64-v4: {{.*}}walk = "parts"
mlopt.kernel @all_f16(%a: tensor<40000xf16>) -> tensor<1xf16> attributes {hero = #mlopt.hero<reduction>, dims = [[40000], [1]]} {
  %r = mlopt.reduce %a {kind = #mlopt<reduce_kind mean>, axes = array<i64: 0>, keepdims = true, mlopt.hero_op} : (tensor<40000xf16>) -> tensor<1xf16>
  mlopt.yield %r : tensor<1xf16>
}
// PARTS: {{^}}few_rows x86-64-v4: {{.*}}walk = "parts"
mlopt.kernel @few_rows(%a: tensor<3x50021xf32>) -> tensor<3x1xf32> attributes {hero = #mlopt.hero<reduction>, dims = [[3, 50021], [3, 1]]} {
  %r = mlopt.reduce %a {kind = #mlopt<reduce_kind sum>, axes = array<i64: 1>, keepdims = true, mlopt.hero_op} : (tensor<3x50021xf32>) -> tensor<3x1xf32>
  mlopt.yield %r : tensor<3x1xf32>
}
// PARTS: {{^}}few_channels x86-64-v4: {{.*}}walk = "parts"
mlopt.kernel @few_channels(%a: tensor<40x3x29x31xf32>, %b: tensor<40x3x29x31xf32>, %c: tensor<3xf32>) -> tensor<3xf32> attributes {hero = #mlopt.hero<reduction>, dims = [[40, 3, 29, 31], [40, 3, 29, 31], [3], [3]]} {
  %p = mlopt.mul %a, %b : (tensor<40x3x29x31xf32>, tensor<40x3x29x31xf32>) -> tensor<40x3x29x31xf32>
  %r = mlopt.reduce %p {kind = #mlopt<reduce_kind sum>, axes = array<i64: 0, 2, 3>, keepdims = false, mlopt.hero_op} : (tensor<40x3x29x31xf32>) -> tensor<3xf32>
  %e = mlopt.sub %r, %c : (tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
  mlopt.yield %e : tensor<3xf32>
}
// PARTS: {{^}}blocked_32 x86-64-v4: {{.*}}walk = "parts"
mlopt.kernel @blocked_32(%a: tensor<9x32x7x5xf32>, %b: tensor<9x32x7x5xf32>, %c: tensor<32xf32>) -> tensor<32xf32> attributes {hero = #mlopt.hero<reduction>, dims = [[9, 32, 7, 5], [9, 32, 7, 5], [32], [32]], layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, unit, unit]} {
  %p = mlopt.mul %a, %b : (tensor<9x32x7x5xf32>, tensor<9x32x7x5xf32>) -> tensor<9x32x7x5xf32>
  %r = mlopt.reduce %p {kind = #mlopt<reduce_kind sum>, axes = array<i64: 0, 2, 3>, keepdims = false, mlopt.hero_op} : (tensor<9x32x7x5xf32>) -> tensor<32xf32>
  %e = mlopt.sub %r, %c : (tensor<32xf32>, tensor<32xf32>) -> tensor<32xf32>
  mlopt.yield %e : tensor<32xf32>
}
// PARTS: {{^}}blocked_keep x86-64-v4: {{.*}}walk = "parts"
mlopt.kernel @blocked_keep(%a: tensor<?x32x7x5xf32>) -> tensor<1x32x1x1xf32> attributes {hero = #mlopt.hero<reduction>, dims = [["n", 32, 7, 5], [1, 32, 1, 1]], layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, unit]} {
  %r = mlopt.reduce %a {kind = #mlopt<reduce_kind mean>, axes = array<i64: 0, 2, 3>, keepdims = true, mlopt.hero_op} : (tensor<?x32x7x5xf32>) -> tensor<1x32x1x1xf32>
  mlopt.yield %r : tensor<1x32x1x1xf32>
}
// PARTS: {{^}}blocked_40 x86-64-v4: {{.*}}walk = "parts"
mlopt.kernel @blocked_40(%a: tensor<9x40x7x5xf32>, %b: tensor<9x40x7x5xf32>) -> tensor<1x40x1x1xf32> attributes {hero = #mlopt.hero<reduction>, dims = [[9, 40, 7, 5], [9, 40, 7, 5], [1, 40, 1, 1]], layouts = [#mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>, unit]} {
  %p = mlopt.mul %a, %b : (tensor<9x40x7x5xf32>, tensor<9x40x7x5xf32>) -> tensor<9x40x7x5xf32>
  %r = mlopt.reduce %p {kind = #mlopt<reduce_kind sum>, axes = array<i64: 0, 2, 3>, keepdims = true, mlopt.hero_op} : (tensor<9x40x7x5xf32>) -> tensor<1x40x1x1xf32>
  mlopt.yield %r : tensor<1x40x1x1xf32>
}

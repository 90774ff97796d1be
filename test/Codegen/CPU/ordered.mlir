// RUN: mlopt-kernel-test %s --cpu=x86-64-v2,x86-64-v3,x86-64-v4 --size n=0,m=3 --size n=1,m=1 --size n=5,m=33 --size n=3,m=200 | FileCheck %s --implicit-check-not=FAILED
//
// Sorting, running sums along each axis and scatters: every type that orders
// differently, fewer and more wanted than a buffer holds, lines side by side.
// CHECK: {{^}}most_1_f32 x86-64-v2 n=0{{.*}}: generic
// CHECK: {{^}}slices_of_sum x86-64-v4 m=200{{.*}}: generic

mlopt.kernel @most_1_f32(%a: tensor<?x20x2xf32>) -> (tensor<?x1x2xf32>, tensor<?x1x2xi64>) attributes {hero = #mlopt.hero<sort>, dims = [["n", 20, 2], ["n", 1, 2], ["n", 1, 2]]} {
  %0, %1 = mlopt.top_k %a {axis = 1 : i64, static_k = 1 : i64, largest = true, mlopt.hero_op} : (tensor<?x20x2xf32>) -> (tensor<?x1x2xf32>, tensor<?x1x2xi64>)
  mlopt.yield %0, %1 : tensor<?x1x2xf32>, tensor<?x1x2xi64>
}
mlopt.kernel @most_3_f32(%a: tensor<?x20x2xf32>) -> (tensor<?x3x2xf32>, tensor<?x3x2xi64>) attributes {hero = #mlopt.hero<sort>, dims = [["n", 20, 2], ["n", 3, 2], ["n", 3, 2]]} {
  %0, %1 = mlopt.top_k %a {axis = 1 : i64, static_k = 3 : i64, largest = true, mlopt.hero_op} : (tensor<?x20x2xf32>) -> (tensor<?x3x2xf32>, tensor<?x3x2xi64>)
  mlopt.yield %0, %1 : tensor<?x3x2xf32>, tensor<?x3x2xi64>
}
mlopt.kernel @most_20_f32(%a: tensor<?x20x2xf32>) -> (tensor<?x20x2xf32>, tensor<?x20x2xi64>) attributes {hero = #mlopt.hero<sort>, dims = [["n", 20, 2], ["n", 20, 2], ["n", 20, 2]]} {
  %0, %1 = mlopt.top_k %a {axis = 1 : i64, static_k = 20 : i64, largest = true, mlopt.hero_op} : (tensor<?x20x2xf32>) -> (tensor<?x20x2xf32>, tensor<?x20x2xi64>)
  mlopt.yield %0, %1 : tensor<?x20x2xf32>, tensor<?x20x2xi64>
}
mlopt.kernel @least_1_f32(%a: tensor<?x20x2xf32>) -> (tensor<?x1x2xf32>, tensor<?x1x2xi64>) attributes {hero = #mlopt.hero<sort>, dims = [["n", 20, 2], ["n", 1, 2], ["n", 1, 2]]} {
  %0, %1 = mlopt.top_k %a {axis = 1 : i64, static_k = 1 : i64, largest = false, mlopt.hero_op} : (tensor<?x20x2xf32>) -> (tensor<?x1x2xf32>, tensor<?x1x2xi64>)
  mlopt.yield %0, %1 : tensor<?x1x2xf32>, tensor<?x1x2xi64>
}
mlopt.kernel @least_3_f32(%a: tensor<?x20x2xf32>) -> (tensor<?x3x2xf32>, tensor<?x3x2xi64>) attributes {hero = #mlopt.hero<sort>, dims = [["n", 20, 2], ["n", 3, 2], ["n", 3, 2]]} {
  %0, %1 = mlopt.top_k %a {axis = 1 : i64, static_k = 3 : i64, largest = false, mlopt.hero_op} : (tensor<?x20x2xf32>) -> (tensor<?x3x2xf32>, tensor<?x3x2xi64>)
  mlopt.yield %0, %1 : tensor<?x3x2xf32>, tensor<?x3x2xi64>
}
mlopt.kernel @least_20_f32(%a: tensor<?x20x2xf32>) -> (tensor<?x20x2xf32>, tensor<?x20x2xi64>) attributes {hero = #mlopt.hero<sort>, dims = [["n", 20, 2], ["n", 20, 2], ["n", 20, 2]]} {
  %0, %1 = mlopt.top_k %a {axis = 1 : i64, static_k = 20 : i64, largest = false, mlopt.hero_op} : (tensor<?x20x2xf32>) -> (tensor<?x20x2xf32>, tensor<?x20x2xi64>)
  mlopt.yield %0, %1 : tensor<?x20x2xf32>, tensor<?x20x2xi64>
}
mlopt.kernel @most_3_f64(%a: tensor<?x20x2xf64>) -> (tensor<?x3x2xf64>, tensor<?x3x2xi64>) attributes {hero = #mlopt.hero<sort>, dims = [["n", 20, 2], ["n", 3, 2], ["n", 3, 2]]} {
  %0, %1 = mlopt.top_k %a {axis = 1 : i64, static_k = 3 : i64, largest = true, mlopt.hero_op} : (tensor<?x20x2xf64>) -> (tensor<?x3x2xf64>, tensor<?x3x2xi64>)
  mlopt.yield %0, %1 : tensor<?x3x2xf64>, tensor<?x3x2xi64>
}
mlopt.kernel @least_3_f64(%a: tensor<?x20x2xf64>) -> (tensor<?x3x2xf64>, tensor<?x3x2xi64>) attributes {hero = #mlopt.hero<sort>, dims = [["n", 20, 2], ["n", 3, 2], ["n", 3, 2]]} {
  %0, %1 = mlopt.top_k %a {axis = 1 : i64, static_k = 3 : i64, largest = false, mlopt.hero_op} : (tensor<?x20x2xf64>) -> (tensor<?x3x2xf64>, tensor<?x3x2xi64>)
  mlopt.yield %0, %1 : tensor<?x3x2xf64>, tensor<?x3x2xi64>
}
mlopt.kernel @most_3_f16(%a: tensor<?x20x2xf16>) -> (tensor<?x3x2xf16>, tensor<?x3x2xi64>) attributes {hero = #mlopt.hero<sort>, dims = [["n", 20, 2], ["n", 3, 2], ["n", 3, 2]]} {
  %0, %1 = mlopt.top_k %a {axis = 1 : i64, static_k = 3 : i64, largest = true, mlopt.hero_op} : (tensor<?x20x2xf16>) -> (tensor<?x3x2xf16>, tensor<?x3x2xi64>)
  mlopt.yield %0, %1 : tensor<?x3x2xf16>, tensor<?x3x2xi64>
}
mlopt.kernel @least_3_f16(%a: tensor<?x20x2xf16>) -> (tensor<?x3x2xf16>, tensor<?x3x2xi64>) attributes {hero = #mlopt.hero<sort>, dims = [["n", 20, 2], ["n", 3, 2], ["n", 3, 2]]} {
  %0, %1 = mlopt.top_k %a {axis = 1 : i64, static_k = 3 : i64, largest = false, mlopt.hero_op} : (tensor<?x20x2xf16>) -> (tensor<?x3x2xf16>, tensor<?x3x2xi64>)
  mlopt.yield %0, %1 : tensor<?x3x2xf16>, tensor<?x3x2xi64>
}
mlopt.kernel @most_3_bf16(%a: tensor<?x20x2xbf16>) -> (tensor<?x3x2xbf16>, tensor<?x3x2xi64>) attributes {hero = #mlopt.hero<sort>, dims = [["n", 20, 2], ["n", 3, 2], ["n", 3, 2]]} {
  %0, %1 = mlopt.top_k %a {axis = 1 : i64, static_k = 3 : i64, largest = true, mlopt.hero_op} : (tensor<?x20x2xbf16>) -> (tensor<?x3x2xbf16>, tensor<?x3x2xi64>)
  mlopt.yield %0, %1 : tensor<?x3x2xbf16>, tensor<?x3x2xi64>
}
mlopt.kernel @least_3_bf16(%a: tensor<?x20x2xbf16>) -> (tensor<?x3x2xbf16>, tensor<?x3x2xi64>) attributes {hero = #mlopt.hero<sort>, dims = [["n", 20, 2], ["n", 3, 2], ["n", 3, 2]]} {
  %0, %1 = mlopt.top_k %a {axis = 1 : i64, static_k = 3 : i64, largest = false, mlopt.hero_op} : (tensor<?x20x2xbf16>) -> (tensor<?x3x2xbf16>, tensor<?x3x2xi64>)
  mlopt.yield %0, %1 : tensor<?x3x2xbf16>, tensor<?x3x2xi64>
}
mlopt.kernel @most_3_i32(%a: tensor<?x20x2xi32>) -> (tensor<?x3x2xi32>, tensor<?x3x2xi64>) attributes {hero = #mlopt.hero<sort>, dims = [["n", 20, 2], ["n", 3, 2], ["n", 3, 2]]} {
  %0, %1 = mlopt.top_k %a {axis = 1 : i64, static_k = 3 : i64, largest = true, mlopt.hero_op} : (tensor<?x20x2xi32>) -> (tensor<?x3x2xi32>, tensor<?x3x2xi64>)
  mlopt.yield %0, %1 : tensor<?x3x2xi32>, tensor<?x3x2xi64>
}
mlopt.kernel @least_3_i32(%a: tensor<?x20x2xi32>) -> (tensor<?x3x2xi32>, tensor<?x3x2xi64>) attributes {hero = #mlopt.hero<sort>, dims = [["n", 20, 2], ["n", 3, 2], ["n", 3, 2]]} {
  %0, %1 = mlopt.top_k %a {axis = 1 : i64, static_k = 3 : i64, largest = false, mlopt.hero_op} : (tensor<?x20x2xi32>) -> (tensor<?x3x2xi32>, tensor<?x3x2xi64>)
  mlopt.yield %0, %1 : tensor<?x3x2xi32>, tensor<?x3x2xi64>
}
mlopt.kernel @most_1_i64(%a: tensor<?x20x2xi64>) -> (tensor<?x1x2xi64>, tensor<?x1x2xi64>) attributes {hero = #mlopt.hero<sort>, dims = [["n", 20, 2], ["n", 1, 2], ["n", 1, 2]]} {
  %0, %1 = mlopt.top_k %a {axis = 1 : i64, static_k = 1 : i64, largest = true, mlopt.hero_op} : (tensor<?x20x2xi64>) -> (tensor<?x1x2xi64>, tensor<?x1x2xi64>)
  mlopt.yield %0, %1 : tensor<?x1x2xi64>, tensor<?x1x2xi64>
}
mlopt.kernel @most_3_i64(%a: tensor<?x20x2xi64>) -> (tensor<?x3x2xi64>, tensor<?x3x2xi64>) attributes {hero = #mlopt.hero<sort>, dims = [["n", 20, 2], ["n", 3, 2], ["n", 3, 2]]} {
  %0, %1 = mlopt.top_k %a {axis = 1 : i64, static_k = 3 : i64, largest = true, mlopt.hero_op} : (tensor<?x20x2xi64>) -> (tensor<?x3x2xi64>, tensor<?x3x2xi64>)
  mlopt.yield %0, %1 : tensor<?x3x2xi64>, tensor<?x3x2xi64>
}
mlopt.kernel @most_20_i64(%a: tensor<?x20x2xi64>) -> (tensor<?x20x2xi64>, tensor<?x20x2xi64>) attributes {hero = #mlopt.hero<sort>, dims = [["n", 20, 2], ["n", 20, 2], ["n", 20, 2]]} {
  %0, %1 = mlopt.top_k %a {axis = 1 : i64, static_k = 20 : i64, largest = true, mlopt.hero_op} : (tensor<?x20x2xi64>) -> (tensor<?x20x2xi64>, tensor<?x20x2xi64>)
  mlopt.yield %0, %1 : tensor<?x20x2xi64>, tensor<?x20x2xi64>
}
mlopt.kernel @least_1_i64(%a: tensor<?x20x2xi64>) -> (tensor<?x1x2xi64>, tensor<?x1x2xi64>) attributes {hero = #mlopt.hero<sort>, dims = [["n", 20, 2], ["n", 1, 2], ["n", 1, 2]]} {
  %0, %1 = mlopt.top_k %a {axis = 1 : i64, static_k = 1 : i64, largest = false, mlopt.hero_op} : (tensor<?x20x2xi64>) -> (tensor<?x1x2xi64>, tensor<?x1x2xi64>)
  mlopt.yield %0, %1 : tensor<?x1x2xi64>, tensor<?x1x2xi64>
}
mlopt.kernel @least_3_i64(%a: tensor<?x20x2xi64>) -> (tensor<?x3x2xi64>, tensor<?x3x2xi64>) attributes {hero = #mlopt.hero<sort>, dims = [["n", 20, 2], ["n", 3, 2], ["n", 3, 2]]} {
  %0, %1 = mlopt.top_k %a {axis = 1 : i64, static_k = 3 : i64, largest = false, mlopt.hero_op} : (tensor<?x20x2xi64>) -> (tensor<?x3x2xi64>, tensor<?x3x2xi64>)
  mlopt.yield %0, %1 : tensor<?x3x2xi64>, tensor<?x3x2xi64>
}
mlopt.kernel @least_20_i64(%a: tensor<?x20x2xi64>) -> (tensor<?x20x2xi64>, tensor<?x20x2xi64>) attributes {hero = #mlopt.hero<sort>, dims = [["n", 20, 2], ["n", 20, 2], ["n", 20, 2]]} {
  %0, %1 = mlopt.top_k %a {axis = 1 : i64, static_k = 20 : i64, largest = false, mlopt.hero_op} : (tensor<?x20x2xi64>) -> (tensor<?x20x2xi64>, tensor<?x20x2xi64>)
  mlopt.yield %0, %1 : tensor<?x20x2xi64>, tensor<?x20x2xi64>
}
mlopt.kernel @most_1_i8(%a: tensor<?x20x2xi8>) -> (tensor<?x1x2xi8>, tensor<?x1x2xi64>) attributes {hero = #mlopt.hero<sort>, dims = [["n", 20, 2], ["n", 1, 2], ["n", 1, 2]]} {
  %0, %1 = mlopt.top_k %a {axis = 1 : i64, static_k = 1 : i64, largest = true, mlopt.hero_op} : (tensor<?x20x2xi8>) -> (tensor<?x1x2xi8>, tensor<?x1x2xi64>)
  mlopt.yield %0, %1 : tensor<?x1x2xi8>, tensor<?x1x2xi64>
}
mlopt.kernel @most_3_i8(%a: tensor<?x20x2xi8>) -> (tensor<?x3x2xi8>, tensor<?x3x2xi64>) attributes {hero = #mlopt.hero<sort>, dims = [["n", 20, 2], ["n", 3, 2], ["n", 3, 2]]} {
  %0, %1 = mlopt.top_k %a {axis = 1 : i64, static_k = 3 : i64, largest = true, mlopt.hero_op} : (tensor<?x20x2xi8>) -> (tensor<?x3x2xi8>, tensor<?x3x2xi64>)
  mlopt.yield %0, %1 : tensor<?x3x2xi8>, tensor<?x3x2xi64>
}
mlopt.kernel @most_20_i8(%a: tensor<?x20x2xi8>) -> (tensor<?x20x2xi8>, tensor<?x20x2xi64>) attributes {hero = #mlopt.hero<sort>, dims = [["n", 20, 2], ["n", 20, 2], ["n", 20, 2]]} {
  %0, %1 = mlopt.top_k %a {axis = 1 : i64, static_k = 20 : i64, largest = true, mlopt.hero_op} : (tensor<?x20x2xi8>) -> (tensor<?x20x2xi8>, tensor<?x20x2xi64>)
  mlopt.yield %0, %1 : tensor<?x20x2xi8>, tensor<?x20x2xi64>
}
mlopt.kernel @least_1_i8(%a: tensor<?x20x2xi8>) -> (tensor<?x1x2xi8>, tensor<?x1x2xi64>) attributes {hero = #mlopt.hero<sort>, dims = [["n", 20, 2], ["n", 1, 2], ["n", 1, 2]]} {
  %0, %1 = mlopt.top_k %a {axis = 1 : i64, static_k = 1 : i64, largest = false, mlopt.hero_op} : (tensor<?x20x2xi8>) -> (tensor<?x1x2xi8>, tensor<?x1x2xi64>)
  mlopt.yield %0, %1 : tensor<?x1x2xi8>, tensor<?x1x2xi64>
}
mlopt.kernel @least_3_i8(%a: tensor<?x20x2xi8>) -> (tensor<?x3x2xi8>, tensor<?x3x2xi64>) attributes {hero = #mlopt.hero<sort>, dims = [["n", 20, 2], ["n", 3, 2], ["n", 3, 2]]} {
  %0, %1 = mlopt.top_k %a {axis = 1 : i64, static_k = 3 : i64, largest = false, mlopt.hero_op} : (tensor<?x20x2xi8>) -> (tensor<?x3x2xi8>, tensor<?x3x2xi64>)
  mlopt.yield %0, %1 : tensor<?x3x2xi8>, tensor<?x3x2xi64>
}
mlopt.kernel @least_20_i8(%a: tensor<?x20x2xi8>) -> (tensor<?x20x2xi8>, tensor<?x20x2xi64>) attributes {hero = #mlopt.hero<sort>, dims = [["n", 20, 2], ["n", 20, 2], ["n", 20, 2]]} {
  %0, %1 = mlopt.top_k %a {axis = 1 : i64, static_k = 20 : i64, largest = false, mlopt.hero_op} : (tensor<?x20x2xi8>) -> (tensor<?x20x2xi8>, tensor<?x20x2xi64>)
  mlopt.yield %0, %1 : tensor<?x20x2xi8>, tensor<?x20x2xi64>
}
mlopt.kernel @most_3_ui8(%a: tensor<?x20x2xui8>) -> (tensor<?x3x2xui8>, tensor<?x3x2xi64>) attributes {hero = #mlopt.hero<sort>, dims = [["n", 20, 2], ["n", 3, 2], ["n", 3, 2]]} {
  %0, %1 = mlopt.top_k %a {axis = 1 : i64, static_k = 3 : i64, largest = true, mlopt.hero_op} : (tensor<?x20x2xui8>) -> (tensor<?x3x2xui8>, tensor<?x3x2xi64>)
  mlopt.yield %0, %1 : tensor<?x3x2xui8>, tensor<?x3x2xi64>
}
mlopt.kernel @least_3_ui8(%a: tensor<?x20x2xui8>) -> (tensor<?x3x2xui8>, tensor<?x3x2xi64>) attributes {hero = #mlopt.hero<sort>, dims = [["n", 20, 2], ["n", 3, 2], ["n", 3, 2]]} {
  %0, %1 = mlopt.top_k %a {axis = 1 : i64, static_k = 3 : i64, largest = false, mlopt.hero_op} : (tensor<?x20x2xui8>) -> (tensor<?x3x2xui8>, tensor<?x3x2xi64>)
  mlopt.yield %0, %1 : tensor<?x3x2xui8>, tensor<?x3x2xi64>
}
mlopt.kernel @most_3_ui32(%a: tensor<?x20x2xui32>) -> (tensor<?x3x2xui32>, tensor<?x3x2xi64>) attributes {hero = #mlopt.hero<sort>, dims = [["n", 20, 2], ["n", 3, 2], ["n", 3, 2]]} {
  %0, %1 = mlopt.top_k %a {axis = 1 : i64, static_k = 3 : i64, largest = true, mlopt.hero_op} : (tensor<?x20x2xui32>) -> (tensor<?x3x2xui32>, tensor<?x3x2xi64>)
  mlopt.yield %0, %1 : tensor<?x3x2xui32>, tensor<?x3x2xi64>
}
mlopt.kernel @least_3_ui32(%a: tensor<?x20x2xui32>) -> (tensor<?x3x2xui32>, tensor<?x3x2xi64>) attributes {hero = #mlopt.hero<sort>, dims = [["n", 20, 2], ["n", 3, 2], ["n", 3, 2]]} {
  %0, %1 = mlopt.top_k %a {axis = 1 : i64, static_k = 3 : i64, largest = false, mlopt.hero_op} : (tensor<?x20x2xui32>) -> (tensor<?x3x2xui32>, tensor<?x3x2xi64>)
  mlopt.yield %0, %1 : tensor<?x3x2xui32>, tensor<?x3x2xi64>
}
mlopt.kernel @of_1000_0_f32(%a: tensor<2x1000xf32>) -> (tensor<2x0xf32>, tensor<2x0xi64>) attributes {hero = #mlopt.hero<sort>, dims = [[2, 1000], [2, 0], [2, 0]]} {
  %0, %1 = mlopt.top_k %a {axis = 1 : i64, static_k = 0 : i64, mlopt.hero_op} : (tensor<2x1000xf32>) -> (tensor<2x0xf32>, tensor<2x0xi64>)
  mlopt.yield %0, %1 : tensor<2x0xf32>, tensor<2x0xi64>
}
mlopt.kernel @of_1000_0_i8(%a: tensor<2x1000xi8>) -> (tensor<2x0xi8>, tensor<2x0xi64>) attributes {hero = #mlopt.hero<sort>, dims = [[2, 1000], [2, 0], [2, 0]]} {
  %0, %1 = mlopt.top_k %a {axis = 1 : i64, static_k = 0 : i64, mlopt.hero_op} : (tensor<2x1000xi8>) -> (tensor<2x0xi8>, tensor<2x0xi64>)
  mlopt.yield %0, %1 : tensor<2x0xi8>, tensor<2x0xi64>
}
mlopt.kernel @of_1000_5_f32(%a: tensor<2x1000xf32>) -> (tensor<2x5xf32>, tensor<2x5xi64>) attributes {hero = #mlopt.hero<sort>, dims = [[2, 1000], [2, 5], [2, 5]]} {
  %0, %1 = mlopt.top_k %a {axis = 1 : i64, static_k = 5 : i64, mlopt.hero_op} : (tensor<2x1000xf32>) -> (tensor<2x5xf32>, tensor<2x5xi64>)
  mlopt.yield %0, %1 : tensor<2x5xf32>, tensor<2x5xi64>
}
mlopt.kernel @of_1000_5_i8(%a: tensor<2x1000xi8>) -> (tensor<2x5xi8>, tensor<2x5xi64>) attributes {hero = #mlopt.hero<sort>, dims = [[2, 1000], [2, 5], [2, 5]]} {
  %0, %1 = mlopt.top_k %a {axis = 1 : i64, static_k = 5 : i64, mlopt.hero_op} : (tensor<2x1000xi8>) -> (tensor<2x5xi8>, tensor<2x5xi64>)
  mlopt.yield %0, %1 : tensor<2x5xi8>, tensor<2x5xi64>
}
mlopt.kernel @of_1000_300_f32(%a: tensor<2x1000xf32>) -> (tensor<2x300xf32>, tensor<2x300xi64>) attributes {hero = #mlopt.hero<sort>, dims = [[2, 1000], [2, 300], [2, 300]]} {
  %0, %1 = mlopt.top_k %a {axis = 1 : i64, static_k = 300 : i64, mlopt.hero_op} : (tensor<2x1000xf32>) -> (tensor<2x300xf32>, tensor<2x300xi64>)
  mlopt.yield %0, %1 : tensor<2x300xf32>, tensor<2x300xi64>
}
mlopt.kernel @of_1000_300_i8(%a: tensor<2x1000xi8>) -> (tensor<2x300xi8>, tensor<2x300xi64>) attributes {hero = #mlopt.hero<sort>, dims = [[2, 1000], [2, 300], [2, 300]]} {
  %0, %1 = mlopt.top_k %a {axis = 1 : i64, static_k = 300 : i64, mlopt.hero_op} : (tensor<2x1000xi8>) -> (tensor<2x300xi8>, tensor<2x300xi64>)
  mlopt.yield %0, %1 : tensor<2x300xi8>, tensor<2x300xi64>
}
mlopt.kernel @of_1000_1000_f32(%a: tensor<2x1000xf32>) -> (tensor<2x1000xf32>, tensor<2x1000xi64>) attributes {hero = #mlopt.hero<sort>, dims = [[2, 1000], [2, 1000], [2, 1000]]} {
  %0, %1 = mlopt.top_k %a {axis = 1 : i64, static_k = 1000 : i64, mlopt.hero_op} : (tensor<2x1000xf32>) -> (tensor<2x1000xf32>, tensor<2x1000xi64>)
  mlopt.yield %0, %1 : tensor<2x1000xf32>, tensor<2x1000xi64>
}
mlopt.kernel @of_1000_1000_i8(%a: tensor<2x1000xi8>) -> (tensor<2x1000xi8>, tensor<2x1000xi64>) attributes {hero = #mlopt.hero<sort>, dims = [[2, 1000], [2, 1000], [2, 1000]]} {
  %0, %1 = mlopt.top_k %a {axis = 1 : i64, static_k = 1000 : i64, mlopt.hero_op} : (tensor<2x1000xi8>) -> (tensor<2x1000xi8>, tensor<2x1000xi64>)
  mlopt.yield %0, %1 : tensor<2x1000xi8>, tensor<2x1000xi64>
}
mlopt.kernel @running_0_f32(%a: tensor<?x4x?xf32>) -> tensor<?x4x?xf32> attributes {hero = #mlopt.hero<scan>, dims = [["n", 4, "m"], ["n", 4, "m"]]} {
  %0 = mlopt.cumulative %a {kind = #mlopt<cumulative_kind sum>, axis = 0 : i64, mlopt.hero_op} : (tensor<?x4x?xf32>) -> tensor<?x4x?xf32>
  mlopt.yield %0 : tensor<?x4x?xf32>
}
mlopt.kernel @running_0_f32_reversed(%a: tensor<?x4x?xf32>) -> tensor<?x4x?xf32> attributes {hero = #mlopt.hero<scan>, dims = [["n", 4, "m"], ["n", 4, "m"]]} {
  %0 = mlopt.cumulative %a {kind = #mlopt<cumulative_kind sum>, axis = 0 : i64, reverse = true, mlopt.hero_op} : (tensor<?x4x?xf32>) -> tensor<?x4x?xf32>
  mlopt.yield %0 : tensor<?x4x?xf32>
}
mlopt.kernel @running_0_f32_exclusive(%a: tensor<?x4x?xf32>) -> tensor<?x4x?xf32> attributes {hero = #mlopt.hero<scan>, dims = [["n", 4, "m"], ["n", 4, "m"]]} {
  %0 = mlopt.cumulative %a {kind = #mlopt<cumulative_kind sum>, axis = 0 : i64, exclusive = true, mlopt.hero_op} : (tensor<?x4x?xf32>) -> tensor<?x4x?xf32>
  mlopt.yield %0 : tensor<?x4x?xf32>
}
mlopt.kernel @running_1_f32(%a: tensor<?x4x?xf32>) -> tensor<?x4x?xf32> attributes {hero = #mlopt.hero<scan>, dims = [["n", 4, "m"], ["n", 4, "m"]]} {
  %0 = mlopt.cumulative %a {kind = #mlopt<cumulative_kind sum>, axis = 1 : i64, mlopt.hero_op} : (tensor<?x4x?xf32>) -> tensor<?x4x?xf32>
  mlopt.yield %0 : tensor<?x4x?xf32>
}
mlopt.kernel @running_1_f32_reversed(%a: tensor<?x4x?xf32>) -> tensor<?x4x?xf32> attributes {hero = #mlopt.hero<scan>, dims = [["n", 4, "m"], ["n", 4, "m"]]} {
  %0 = mlopt.cumulative %a {kind = #mlopt<cumulative_kind sum>, axis = 1 : i64, reverse = true, mlopt.hero_op} : (tensor<?x4x?xf32>) -> tensor<?x4x?xf32>
  mlopt.yield %0 : tensor<?x4x?xf32>
}
mlopt.kernel @running_1_f32_exclusive(%a: tensor<?x4x?xf32>) -> tensor<?x4x?xf32> attributes {hero = #mlopt.hero<scan>, dims = [["n", 4, "m"], ["n", 4, "m"]]} {
  %0 = mlopt.cumulative %a {kind = #mlopt<cumulative_kind sum>, axis = 1 : i64, exclusive = true, mlopt.hero_op} : (tensor<?x4x?xf32>) -> tensor<?x4x?xf32>
  mlopt.yield %0 : tensor<?x4x?xf32>
}
mlopt.kernel @running_2_f32(%a: tensor<?x4x?xf32>) -> tensor<?x4x?xf32> attributes {hero = #mlopt.hero<scan>, dims = [["n", 4, "m"], ["n", 4, "m"]]} {
  %0 = mlopt.cumulative %a {kind = #mlopt<cumulative_kind sum>, axis = 2 : i64, mlopt.hero_op} : (tensor<?x4x?xf32>) -> tensor<?x4x?xf32>
  mlopt.yield %0 : tensor<?x4x?xf32>
}
mlopt.kernel @running_2_f32_reversed(%a: tensor<?x4x?xf32>) -> tensor<?x4x?xf32> attributes {hero = #mlopt.hero<scan>, dims = [["n", 4, "m"], ["n", 4, "m"]]} {
  %0 = mlopt.cumulative %a {kind = #mlopt<cumulative_kind sum>, axis = 2 : i64, reverse = true, mlopt.hero_op} : (tensor<?x4x?xf32>) -> tensor<?x4x?xf32>
  mlopt.yield %0 : tensor<?x4x?xf32>
}
mlopt.kernel @running_2_f32_exclusive(%a: tensor<?x4x?xf32>) -> tensor<?x4x?xf32> attributes {hero = #mlopt.hero<scan>, dims = [["n", 4, "m"], ["n", 4, "m"]]} {
  %0 = mlopt.cumulative %a {kind = #mlopt<cumulative_kind sum>, axis = 2 : i64, exclusive = true, mlopt.hero_op} : (tensor<?x4x?xf32>) -> tensor<?x4x?xf32>
  mlopt.yield %0 : tensor<?x4x?xf32>
}
mlopt.kernel @running_0_f64(%a: tensor<?x4x?xf64>) -> tensor<?x4x?xf64> attributes {hero = #mlopt.hero<scan>, dims = [["n", 4, "m"], ["n", 4, "m"]]} {
  %0 = mlopt.cumulative %a {kind = #mlopt<cumulative_kind sum>, axis = 0 : i64, mlopt.hero_op} : (tensor<?x4x?xf64>) -> tensor<?x4x?xf64>
  mlopt.yield %0 : tensor<?x4x?xf64>
}
mlopt.kernel @running_1_f64(%a: tensor<?x4x?xf64>) -> tensor<?x4x?xf64> attributes {hero = #mlopt.hero<scan>, dims = [["n", 4, "m"], ["n", 4, "m"]]} {
  %0 = mlopt.cumulative %a {kind = #mlopt<cumulative_kind sum>, axis = 1 : i64, mlopt.hero_op} : (tensor<?x4x?xf64>) -> tensor<?x4x?xf64>
  mlopt.yield %0 : tensor<?x4x?xf64>
}
mlopt.kernel @running_2_f64(%a: tensor<?x4x?xf64>) -> tensor<?x4x?xf64> attributes {hero = #mlopt.hero<scan>, dims = [["n", 4, "m"], ["n", 4, "m"]]} {
  %0 = mlopt.cumulative %a {kind = #mlopt<cumulative_kind sum>, axis = 2 : i64, mlopt.hero_op} : (tensor<?x4x?xf64>) -> tensor<?x4x?xf64>
  mlopt.yield %0 : tensor<?x4x?xf64>
}
mlopt.kernel @running_0_i32(%a: tensor<?x4x?xi32>) -> tensor<?x4x?xi32> attributes {hero = #mlopt.hero<scan>, dims = [["n", 4, "m"], ["n", 4, "m"]]} {
  %0 = mlopt.cumulative %a {kind = #mlopt<cumulative_kind sum>, axis = 0 : i64, mlopt.hero_op} : (tensor<?x4x?xi32>) -> tensor<?x4x?xi32>
  mlopt.yield %0 : tensor<?x4x?xi32>
}
mlopt.kernel @running_1_i32(%a: tensor<?x4x?xi32>) -> tensor<?x4x?xi32> attributes {hero = #mlopt.hero<scan>, dims = [["n", 4, "m"], ["n", 4, "m"]]} {
  %0 = mlopt.cumulative %a {kind = #mlopt<cumulative_kind sum>, axis = 1 : i64, mlopt.hero_op} : (tensor<?x4x?xi32>) -> tensor<?x4x?xi32>
  mlopt.yield %0 : tensor<?x4x?xi32>
}
mlopt.kernel @running_2_i32(%a: tensor<?x4x?xi32>) -> tensor<?x4x?xi32> attributes {hero = #mlopt.hero<scan>, dims = [["n", 4, "m"], ["n", 4, "m"]]} {
  %0 = mlopt.cumulative %a {kind = #mlopt<cumulative_kind sum>, axis = 2 : i64, mlopt.hero_op} : (tensor<?x4x?xi32>) -> tensor<?x4x?xi32>
  mlopt.yield %0 : tensor<?x4x?xi32>
}
mlopt.kernel @running_0_f16(%a: tensor<?x4x?xf16>) -> tensor<?x4x?xf16> attributes {hero = #mlopt.hero<scan>, dims = [["n", 4, "m"], ["n", 4, "m"]]} {
  %0 = mlopt.cumulative %a {kind = #mlopt<cumulative_kind sum>, axis = 0 : i64, mlopt.hero_op} : (tensor<?x4x?xf16>) -> tensor<?x4x?xf16>
  mlopt.yield %0 : tensor<?x4x?xf16>
}
mlopt.kernel @running_1_f16(%a: tensor<?x4x?xf16>) -> tensor<?x4x?xf16> attributes {hero = #mlopt.hero<scan>, dims = [["n", 4, "m"], ["n", 4, "m"]]} {
  %0 = mlopt.cumulative %a {kind = #mlopt<cumulative_kind sum>, axis = 1 : i64, mlopt.hero_op} : (tensor<?x4x?xf16>) -> tensor<?x4x?xf16>
  mlopt.yield %0 : tensor<?x4x?xf16>
}
mlopt.kernel @running_2_f16(%a: tensor<?x4x?xf16>) -> tensor<?x4x?xf16> attributes {hero = #mlopt.hero<scan>, dims = [["n", 4, "m"], ["n", 4, "m"]]} {
  %0 = mlopt.cumulative %a {kind = #mlopt<cumulative_kind sum>, axis = 2 : i64, mlopt.hero_op} : (tensor<?x4x?xf16>) -> tensor<?x4x?xf16>
  mlopt.yield %0 : tensor<?x4x?xf16>
}
mlopt.kernel @slices_none_f32(%a: tensor<8x?xf32>, %i: tensor<3x1xi64> {mlopt.range = [-8, 8]}, %u: tensor<3x?xf32>) -> tensor<8x?xf32> attributes {hero = #mlopt.hero<scatter>, dims = [[8, "m"], [3, 1], [3, "m"], [8, "m"]]} {
  %0 = mlopt.scatter_nd %a, %i, %u {reduction = #mlopt<scatter_reduction none>, mlopt.hero_op} : (tensor<8x?xf32>, tensor<3x1xi64>, tensor<3x?xf32>) -> tensor<8x?xf32>
  mlopt.yield %0 : tensor<8x?xf32>
}
mlopt.kernel @whole_none_f32(%a: tensor<8x5xf32>, %i: tensor<?x2xi64> {mlopt.range = [0, 5]}, %u: tensor<?xf32>) -> tensor<8x5xf32> attributes {hero = #mlopt.hero<scatter>, dims = [[8, 5], ["n", 2], ["n"], [8, 5]]} {
  %0 = mlopt.scatter_nd %a, %i, %u {reduction = #mlopt<scatter_reduction none>, mlopt.hero_op} : (tensor<8x5xf32>, tensor<?x2xi64>, tensor<?xf32>) -> tensor<8x5xf32>
  mlopt.yield %0 : tensor<8x5xf32>
}
mlopt.kernel @elements_add_0_f32(%a: tensor<5x?xf32>, %i: tensor<3x?xi64> {mlopt.range = [-5, 5]}, %u: tensor<3x?xf32>) -> tensor<5x?xf32> attributes {hero = #mlopt.hero<scatter>, dims = [[5, "m"], [3, "m"], [3, "m"], [5, "m"]]} {
  %0 = mlopt.scatter_elements %a, %i, %u {axis = 0 : i64, reduction = #mlopt<scatter_reduction add>, mlopt.hero_op} : (tensor<5x?xf32>, tensor<3x?xi64>, tensor<3x?xf32>) -> tensor<5x?xf32>
  mlopt.yield %0 : tensor<5x?xf32>
}
mlopt.kernel @elements_add_1_f32(%a: tensor<5x?xf32>, %i: tensor<3x?xi64> {mlopt.range = [0, 1]}, %u: tensor<3x?xf32>) -> tensor<5x?xf32> attributes {hero = #mlopt.hero<scatter>, dims = [[5, "m"], [3, "m"], [3, "m"], [5, "m"]]} {
  %0 = mlopt.scatter_elements %a, %i, %u {axis = 1 : i64, reduction = #mlopt<scatter_reduction add>, mlopt.hero_op} : (tensor<5x?xf32>, tensor<3x?xi64>, tensor<3x?xf32>) -> tensor<5x?xf32>
  mlopt.yield %0 : tensor<5x?xf32>
}
mlopt.kernel @slices_add_f32(%a: tensor<8x?xf32>, %i: tensor<3x1xi64> {mlopt.range = [-8, 8]}, %u: tensor<3x?xf32>) -> tensor<8x?xf32> attributes {hero = #mlopt.hero<scatter>, dims = [[8, "m"], [3, 1], [3, "m"], [8, "m"]]} {
  %0 = mlopt.scatter_nd %a, %i, %u {reduction = #mlopt<scatter_reduction add>, mlopt.hero_op} : (tensor<8x?xf32>, tensor<3x1xi64>, tensor<3x?xf32>) -> tensor<8x?xf32>
  mlopt.yield %0 : tensor<8x?xf32>
}
mlopt.kernel @whole_add_f32(%a: tensor<8x5xf32>, %i: tensor<?x2xi64> {mlopt.range = [0, 5]}, %u: tensor<?xf32>) -> tensor<8x5xf32> attributes {hero = #mlopt.hero<scatter>, dims = [[8, 5], ["n", 2], ["n"], [8, 5]]} {
  %0 = mlopt.scatter_nd %a, %i, %u {reduction = #mlopt<scatter_reduction add>, mlopt.hero_op} : (tensor<8x5xf32>, tensor<?x2xi64>, tensor<?xf32>) -> tensor<8x5xf32>
  mlopt.yield %0 : tensor<8x5xf32>
}
mlopt.kernel @elements_add_0_i64(%a: tensor<5x?xi64>, %i: tensor<3x?xi64> {mlopt.range = [-5, 5]}, %u: tensor<3x?xi64>) -> tensor<5x?xi64> attributes {hero = #mlopt.hero<scatter>, dims = [[5, "m"], [3, "m"], [3, "m"], [5, "m"]]} {
  %0 = mlopt.scatter_elements %a, %i, %u {axis = 0 : i64, reduction = #mlopt<scatter_reduction add>, mlopt.hero_op} : (tensor<5x?xi64>, tensor<3x?xi64>, tensor<3x?xi64>) -> tensor<5x?xi64>
  mlopt.yield %0 : tensor<5x?xi64>
}
mlopt.kernel @elements_add_1_i64(%a: tensor<5x?xi64>, %i: tensor<3x?xi64> {mlopt.range = [0, 1]}, %u: tensor<3x?xi64>) -> tensor<5x?xi64> attributes {hero = #mlopt.hero<scatter>, dims = [[5, "m"], [3, "m"], [3, "m"], [5, "m"]]} {
  %0 = mlopt.scatter_elements %a, %i, %u {axis = 1 : i64, reduction = #mlopt<scatter_reduction add>, mlopt.hero_op} : (tensor<5x?xi64>, tensor<3x?xi64>, tensor<3x?xi64>) -> tensor<5x?xi64>
  mlopt.yield %0 : tensor<5x?xi64>
}
mlopt.kernel @slices_add_i64(%a: tensor<8x?xi64>, %i: tensor<3x1xi64> {mlopt.range = [-8, 8]}, %u: tensor<3x?xi64>) -> tensor<8x?xi64> attributes {hero = #mlopt.hero<scatter>, dims = [[8, "m"], [3, 1], [3, "m"], [8, "m"]]} {
  %0 = mlopt.scatter_nd %a, %i, %u {reduction = #mlopt<scatter_reduction add>, mlopt.hero_op} : (tensor<8x?xi64>, tensor<3x1xi64>, tensor<3x?xi64>) -> tensor<8x?xi64>
  mlopt.yield %0 : tensor<8x?xi64>
}
mlopt.kernel @whole_add_i64(%a: tensor<8x5xi64>, %i: tensor<?x2xi64> {mlopt.range = [0, 5]}, %u: tensor<?xi64>) -> tensor<8x5xi64> attributes {hero = #mlopt.hero<scatter>, dims = [[8, 5], ["n", 2], ["n"], [8, 5]]} {
  %0 = mlopt.scatter_nd %a, %i, %u {reduction = #mlopt<scatter_reduction add>, mlopt.hero_op} : (tensor<8x5xi64>, tensor<?x2xi64>, tensor<?xi64>) -> tensor<8x5xi64>
  mlopt.yield %0 : tensor<8x5xi64>
}
mlopt.kernel @slices_add_f16(%a: tensor<8x?xf16>, %i: tensor<3x1xi64> {mlopt.range = [-8, 8]}, %u: tensor<3x?xf16>) -> tensor<8x?xf16> attributes {hero = #mlopt.hero<scatter>, dims = [[8, "m"], [3, 1], [3, "m"], [8, "m"]]} {
  %0 = mlopt.scatter_nd %a, %i, %u {reduction = #mlopt<scatter_reduction add>, mlopt.hero_op} : (tensor<8x?xf16>, tensor<3x1xi64>, tensor<3x?xf16>) -> tensor<8x?xf16>
  mlopt.yield %0 : tensor<8x?xf16>
}
mlopt.kernel @whole_add_f16(%a: tensor<8x5xf16>, %i: tensor<?x2xi64> {mlopt.range = [0, 5]}, %u: tensor<?xf16>) -> tensor<8x5xf16> attributes {hero = #mlopt.hero<scatter>, dims = [[8, 5], ["n", 2], ["n"], [8, 5]]} {
  %0 = mlopt.scatter_nd %a, %i, %u {reduction = #mlopt<scatter_reduction add>, mlopt.hero_op} : (tensor<8x5xf16>, tensor<?x2xi64>, tensor<?xf16>) -> tensor<8x5xf16>
  mlopt.yield %0 : tensor<8x5xf16>
}
mlopt.kernel @elements_mul_0_f32(%a: tensor<5x?xf32>, %i: tensor<3x?xi64> {mlopt.range = [-5, 5]}, %u: tensor<3x?xf32>) -> tensor<5x?xf32> attributes {hero = #mlopt.hero<scatter>, dims = [[5, "m"], [3, "m"], [3, "m"], [5, "m"]]} {
  %0 = mlopt.scatter_elements %a, %i, %u {axis = 0 : i64, reduction = #mlopt<scatter_reduction mul>, mlopt.hero_op} : (tensor<5x?xf32>, tensor<3x?xi64>, tensor<3x?xf32>) -> tensor<5x?xf32>
  mlopt.yield %0 : tensor<5x?xf32>
}
mlopt.kernel @elements_mul_1_f32(%a: tensor<5x?xf32>, %i: tensor<3x?xi64> {mlopt.range = [0, 1]}, %u: tensor<3x?xf32>) -> tensor<5x?xf32> attributes {hero = #mlopt.hero<scatter>, dims = [[5, "m"], [3, "m"], [3, "m"], [5, "m"]]} {
  %0 = mlopt.scatter_elements %a, %i, %u {axis = 1 : i64, reduction = #mlopt<scatter_reduction mul>, mlopt.hero_op} : (tensor<5x?xf32>, tensor<3x?xi64>, tensor<3x?xf32>) -> tensor<5x?xf32>
  mlopt.yield %0 : tensor<5x?xf32>
}
mlopt.kernel @slices_mul_f32(%a: tensor<8x?xf32>, %i: tensor<3x1xi64> {mlopt.range = [-8, 8]}, %u: tensor<3x?xf32>) -> tensor<8x?xf32> attributes {hero = #mlopt.hero<scatter>, dims = [[8, "m"], [3, 1], [3, "m"], [8, "m"]]} {
  %0 = mlopt.scatter_nd %a, %i, %u {reduction = #mlopt<scatter_reduction mul>, mlopt.hero_op} : (tensor<8x?xf32>, tensor<3x1xi64>, tensor<3x?xf32>) -> tensor<8x?xf32>
  mlopt.yield %0 : tensor<8x?xf32>
}
mlopt.kernel @whole_mul_f32(%a: tensor<8x5xf32>, %i: tensor<?x2xi64> {mlopt.range = [0, 5]}, %u: tensor<?xf32>) -> tensor<8x5xf32> attributes {hero = #mlopt.hero<scatter>, dims = [[8, 5], ["n", 2], ["n"], [8, 5]]} {
  %0 = mlopt.scatter_nd %a, %i, %u {reduction = #mlopt<scatter_reduction mul>, mlopt.hero_op} : (tensor<8x5xf32>, tensor<?x2xi64>, tensor<?xf32>) -> tensor<8x5xf32>
  mlopt.yield %0 : tensor<8x5xf32>
}
mlopt.kernel @elements_max_0_f32(%a: tensor<5x?xf32>, %i: tensor<3x?xi64> {mlopt.range = [-5, 5]}, %u: tensor<3x?xf32>) -> tensor<5x?xf32> attributes {hero = #mlopt.hero<scatter>, dims = [[5, "m"], [3, "m"], [3, "m"], [5, "m"]]} {
  %0 = mlopt.scatter_elements %a, %i, %u {axis = 0 : i64, reduction = #mlopt<scatter_reduction max>, mlopt.hero_op} : (tensor<5x?xf32>, tensor<3x?xi64>, tensor<3x?xf32>) -> tensor<5x?xf32>
  mlopt.yield %0 : tensor<5x?xf32>
}
mlopt.kernel @elements_max_1_f32(%a: tensor<5x?xf32>, %i: tensor<3x?xi64> {mlopt.range = [0, 1]}, %u: tensor<3x?xf32>) -> tensor<5x?xf32> attributes {hero = #mlopt.hero<scatter>, dims = [[5, "m"], [3, "m"], [3, "m"], [5, "m"]]} {
  %0 = mlopt.scatter_elements %a, %i, %u {axis = 1 : i64, reduction = #mlopt<scatter_reduction max>, mlopt.hero_op} : (tensor<5x?xf32>, tensor<3x?xi64>, tensor<3x?xf32>) -> tensor<5x?xf32>
  mlopt.yield %0 : tensor<5x?xf32>
}
mlopt.kernel @slices_max_f32(%a: tensor<8x?xf32>, %i: tensor<3x1xi64> {mlopt.range = [-8, 8]}, %u: tensor<3x?xf32>) -> tensor<8x?xf32> attributes {hero = #mlopt.hero<scatter>, dims = [[8, "m"], [3, 1], [3, "m"], [8, "m"]]} {
  %0 = mlopt.scatter_nd %a, %i, %u {reduction = #mlopt<scatter_reduction max>, mlopt.hero_op} : (tensor<8x?xf32>, tensor<3x1xi64>, tensor<3x?xf32>) -> tensor<8x?xf32>
  mlopt.yield %0 : tensor<8x?xf32>
}
mlopt.kernel @whole_max_f32(%a: tensor<8x5xf32>, %i: tensor<?x2xi64> {mlopt.range = [0, 5]}, %u: tensor<?xf32>) -> tensor<8x5xf32> attributes {hero = #mlopt.hero<scatter>, dims = [[8, 5], ["n", 2], ["n"], [8, 5]]} {
  %0 = mlopt.scatter_nd %a, %i, %u {reduction = #mlopt<scatter_reduction max>, mlopt.hero_op} : (tensor<8x5xf32>, tensor<?x2xi64>, tensor<?xf32>) -> tensor<8x5xf32>
  mlopt.yield %0 : tensor<8x5xf32>
}
mlopt.kernel @elements_min_0_f32(%a: tensor<5x?xf32>, %i: tensor<3x?xi64> {mlopt.range = [-5, 5]}, %u: tensor<3x?xf32>) -> tensor<5x?xf32> attributes {hero = #mlopt.hero<scatter>, dims = [[5, "m"], [3, "m"], [3, "m"], [5, "m"]]} {
  %0 = mlopt.scatter_elements %a, %i, %u {axis = 0 : i64, reduction = #mlopt<scatter_reduction min>, mlopt.hero_op} : (tensor<5x?xf32>, tensor<3x?xi64>, tensor<3x?xf32>) -> tensor<5x?xf32>
  mlopt.yield %0 : tensor<5x?xf32>
}
mlopt.kernel @elements_min_1_f32(%a: tensor<5x?xf32>, %i: tensor<3x?xi64> {mlopt.range = [0, 1]}, %u: tensor<3x?xf32>) -> tensor<5x?xf32> attributes {hero = #mlopt.hero<scatter>, dims = [[5, "m"], [3, "m"], [3, "m"], [5, "m"]]} {
  %0 = mlopt.scatter_elements %a, %i, %u {axis = 1 : i64, reduction = #mlopt<scatter_reduction min>, mlopt.hero_op} : (tensor<5x?xf32>, tensor<3x?xi64>, tensor<3x?xf32>) -> tensor<5x?xf32>
  mlopt.yield %0 : tensor<5x?xf32>
}
mlopt.kernel @slices_min_f32(%a: tensor<8x?xf32>, %i: tensor<3x1xi64> {mlopt.range = [-8, 8]}, %u: tensor<3x?xf32>) -> tensor<8x?xf32> attributes {hero = #mlopt.hero<scatter>, dims = [[8, "m"], [3, 1], [3, "m"], [8, "m"]]} {
  %0 = mlopt.scatter_nd %a, %i, %u {reduction = #mlopt<scatter_reduction min>, mlopt.hero_op} : (tensor<8x?xf32>, tensor<3x1xi64>, tensor<3x?xf32>) -> tensor<8x?xf32>
  mlopt.yield %0 : tensor<8x?xf32>
}
mlopt.kernel @whole_min_f32(%a: tensor<8x5xf32>, %i: tensor<?x2xi64> {mlopt.range = [0, 5]}, %u: tensor<?xf32>) -> tensor<8x5xf32> attributes {hero = #mlopt.hero<scatter>, dims = [[8, 5], ["n", 2], ["n"], [8, 5]]} {
  %0 = mlopt.scatter_nd %a, %i, %u {reduction = #mlopt<scatter_reduction min>, mlopt.hero_op} : (tensor<8x5xf32>, tensor<?x2xi64>, tensor<?xf32>) -> tensor<8x5xf32>
  mlopt.yield %0 : tensor<8x5xf32>
}
mlopt.kernel @slices_of_sum(%a: tensor<200x?xf32>, %b: tensor<?xf32>, %i: tensor<7x2x1xi64> {mlopt.range = [0, 200]}, %u: tensor<7x2x?xf32>) -> tensor<200x?xf32> attributes {hero = #mlopt.hero<scatter>, dims = [[200, "m"], ["m"], [7, 2, 1], [7, 2, "m"], [200, "m"]]} {
  %s = mlopt.add %a, %b : (tensor<200x?xf32>, tensor<?xf32>) -> tensor<200x?xf32>
  %0 = mlopt.scatter_nd %s, %i, %u {reduction = #mlopt<scatter_reduction add>, mlopt.hero_op} : (tensor<200x?xf32>, tensor<7x2x1xi64>, tensor<7x2x?xf32>) -> tensor<200x?xf32>
  mlopt.yield %0 : tensor<200x?xf32>
}

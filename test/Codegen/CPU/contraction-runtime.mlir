// RUN: mlopt-kernel-test %s --cpu=x86-64-v2,x86-64-v3,x86-64-v4 --size b=1,c=1,m=1,n=1,k=1,u=1 --size b=1,c=2,m=17,n=33,k=5,u=33 --size b=3,c=1,m=6,n=64,k=37,u=1 --size b=2,c=2,m=40,n=8,k=0,u=1 | FileCheck %s --implicit-check-not=FAILED
//
// Products of two run-time operands in all four transpositions, with batches that
// broadcast: packed into scratch, or read in place.

// CHECK: {{^}}symbolic_00 x86-64-v2 {{.*}}: contraction
mlopt.kernel @symbolic_00(%a: tensor<?x3x?x?xf32>, %b: tensor<?x1x?x?xf32>) -> tensor<?x3x?x?xf32> attributes {hero = #mlopt.hero<contraction>, dims = [["b", 3, "m", "k"], ["b", 1, "k", "n"], ["b", 3, "m", "n"]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op} : (tensor<?x3x?x?xf32>, tensor<?x1x?x?xf32>) -> tensor<?x3x?x?xf32>
  mlopt.yield %0 : tensor<?x3x?x?xf32>
}

// CHECK: {{^}}static_00_3 x86-64-v2: contraction
mlopt.kernel @static_00_3(%a: tensor<4x3x7xf32>, %b: tensor<4x7x20xf32>, %res: tensor<4x3x20xf32>) -> tensor<4x3x20xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[4, 3, 7], [4, 7, 20], [4, 3, 20], [4, 3, 20]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op} : (tensor<4x3x7xf32>, tensor<4x7x20xf32>) -> tensor<4x3x20xf32>
  %1 = mlopt.add %0, %res : (tensor<4x3x20xf32>, tensor<4x3x20xf32>) -> tensor<4x3x20xf32>
  mlopt.yield %1 : tensor<4x3x20xf32>
}

// CHECK: {{^}}static_00_33 x86-64-v2: contraction
mlopt.kernel @static_00_33(%a: tensor<4x33x20xf32>, %b: tensor<4x20x70xf32>, %res: tensor<4x33x70xf32>) -> tensor<4x33x70xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[4, 33, 20], [4, 20, 70], [4, 33, 70], [4, 33, 70]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op} : (tensor<4x33x20xf32>, tensor<4x20x70xf32>) -> tensor<4x33x70xf32>
  %1 = mlopt.add %0, %res : (tensor<4x33x70xf32>, tensor<4x33x70xf32>) -> tensor<4x33x70xf32>
  mlopt.yield %1 : tensor<4x33x70xf32>
}

// CHECK: {{^}}symbolic_01 x86-64-v2 {{.*}}: contraction
mlopt.kernel @symbolic_01(%a: tensor<?x3x?x?xf32>, %b: tensor<?x1x?x?xf32>) -> tensor<?x3x?x?xf32> attributes {hero = #mlopt.hero<contraction>, dims = [["b", 3, "m", "k"], ["b", 1, "n", "k"], ["b", 3, "m", "n"]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_b = true} : (tensor<?x3x?x?xf32>, tensor<?x1x?x?xf32>) -> tensor<?x3x?x?xf32>
  mlopt.yield %0 : tensor<?x3x?x?xf32>
}

// CHECK: {{^}}static_01_3 x86-64-v2: contraction
mlopt.kernel @static_01_3(%a: tensor<4x3x7xf32>, %b: tensor<4x20x7xf32>, %res: tensor<4x3x20xf32>) -> tensor<4x3x20xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[4, 3, 7], [4, 20, 7], [4, 3, 20], [4, 3, 20]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_b = true} : (tensor<4x3x7xf32>, tensor<4x20x7xf32>) -> tensor<4x3x20xf32>
  %1 = mlopt.add %0, %res : (tensor<4x3x20xf32>, tensor<4x3x20xf32>) -> tensor<4x3x20xf32>
  mlopt.yield %1 : tensor<4x3x20xf32>
}

// CHECK: {{^}}static_01_33 x86-64-v2: contraction
mlopt.kernel @static_01_33(%a: tensor<4x33x20xf32>, %b: tensor<4x70x20xf32>, %res: tensor<4x33x70xf32>) -> tensor<4x33x70xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[4, 33, 20], [4, 70, 20], [4, 33, 70], [4, 33, 70]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_b = true} : (tensor<4x33x20xf32>, tensor<4x70x20xf32>) -> tensor<4x33x70xf32>
  %1 = mlopt.add %0, %res : (tensor<4x33x70xf32>, tensor<4x33x70xf32>) -> tensor<4x33x70xf32>
  mlopt.yield %1 : tensor<4x33x70xf32>
}

// CHECK: {{^}}symbolic_10 x86-64-v2 {{.*}}: contraction
mlopt.kernel @symbolic_10(%a: tensor<?x3x?x?xf32>, %b: tensor<?x1x?x?xf32>) -> tensor<?x3x?x?xf32> attributes {hero = #mlopt.hero<contraction>, dims = [["b", 3, "k", "m"], ["b", 1, "k", "n"], ["b", 3, "m", "n"]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_a = true} : (tensor<?x3x?x?xf32>, tensor<?x1x?x?xf32>) -> tensor<?x3x?x?xf32>
  %1 = mlopt.abs %0 : (tensor<?x3x?x?xf32>) -> tensor<?x3x?x?xf32>
  mlopt.yield %1 : tensor<?x3x?x?xf32>
}

// CHECK: {{^}}static_10_3 x86-64-v2: contraction
mlopt.kernel @static_10_3(%a: tensor<4x7x3xf32>, %b: tensor<4x7x20xf32>, %res: tensor<4x3x20xf32>) -> tensor<4x3x20xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[4, 7, 3], [4, 7, 20], [4, 3, 20], [4, 3, 20]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_a = true} : (tensor<4x7x3xf32>, tensor<4x7x20xf32>) -> tensor<4x3x20xf32>
  %1 = mlopt.add %0, %res : (tensor<4x3x20xf32>, tensor<4x3x20xf32>) -> tensor<4x3x20xf32>
  mlopt.yield %1 : tensor<4x3x20xf32>
}

// CHECK: {{^}}static_10_33 x86-64-v2: contraction
mlopt.kernel @static_10_33(%a: tensor<4x20x33xf32>, %b: tensor<4x20x70xf32>, %res: tensor<4x33x70xf32>) -> tensor<4x33x70xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[4, 20, 33], [4, 20, 70], [4, 33, 70], [4, 33, 70]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_a = true} : (tensor<4x20x33xf32>, tensor<4x20x70xf32>) -> tensor<4x33x70xf32>
  %1 = mlopt.add %0, %res : (tensor<4x33x70xf32>, tensor<4x33x70xf32>) -> tensor<4x33x70xf32>
  mlopt.yield %1 : tensor<4x33x70xf32>
}

// CHECK: {{^}}symbolic_11 x86-64-v2 {{.*}}: contraction
mlopt.kernel @symbolic_11(%a: tensor<?x3x?x?xf32>, %b: tensor<?x1x?x?xf32>) -> tensor<?x3x?x?xf32> attributes {hero = #mlopt.hero<contraction>, dims = [["b", 3, "k", "m"], ["b", 1, "n", "k"], ["b", 3, "m", "n"]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_a = true, transpose_b = true} : (tensor<?x3x?x?xf32>, tensor<?x1x?x?xf32>) -> tensor<?x3x?x?xf32>
  %1 = mlopt.abs %0 : (tensor<?x3x?x?xf32>) -> tensor<?x3x?x?xf32>
  mlopt.yield %1 : tensor<?x3x?x?xf32>
}

// CHECK: {{^}}static_11_3 x86-64-v2: contraction
mlopt.kernel @static_11_3(%a: tensor<4x7x3xf32>, %b: tensor<4x20x7xf32>, %res: tensor<4x3x20xf32>) -> tensor<4x3x20xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[4, 7, 3], [4, 20, 7], [4, 3, 20], [4, 3, 20]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_a = true, transpose_b = true} : (tensor<4x7x3xf32>, tensor<4x20x7xf32>) -> tensor<4x3x20xf32>
  %1 = mlopt.add %0, %res : (tensor<4x3x20xf32>, tensor<4x3x20xf32>) -> tensor<4x3x20xf32>
  mlopt.yield %1 : tensor<4x3x20xf32>
}

// CHECK: {{^}}static_11_33 x86-64-v2: contraction
mlopt.kernel @static_11_33(%a: tensor<4x20x33xf32>, %b: tensor<4x70x20xf32>, %res: tensor<4x33x70xf32>) -> tensor<4x33x70xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[4, 20, 33], [4, 70, 20], [4, 33, 70], [4, 33, 70]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_a = true, transpose_b = true} : (tensor<4x20x33xf32>, tensor<4x70x20xf32>) -> tensor<4x33x70xf32>
  %1 = mlopt.add %0, %res : (tensor<4x33x70xf32>, tensor<4x33x70xf32>) -> tensor<4x33x70xf32>
  mlopt.yield %1 : tensor<4x33x70xf32>
}

// CHECK: {{^}}lhs_without_batch x86-64-v2 {{.*}}: contraction
mlopt.kernel @lhs_without_batch(%a: tensor<?x8xf32>, %b: tensor<?x8x?xf32>) -> tensor<?x?x?xf32> attributes {hero = #mlopt.hero<contraction>, dims = [["m", 8], ["c", 8, "n"], ["c", "m", "n"]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op} : (tensor<?x8xf32>, tensor<?x8x?xf32>) -> tensor<?x?x?xf32>
  mlopt.yield %0 : tensor<?x?x?xf32>
}

// CHECK: {{^}}broadcast_batch x86-64-v2 {{.*}}: contraction
mlopt.kernel @broadcast_batch(%a: tensor<?x?x8xf32>, %b: tensor<?x8x?xf32>) -> tensor<?x?x?xf32> attributes {hero = #mlopt.hero<contraction>, dims = [["b", "m", 8], ["c", 8, "n"], [#mlopt.sym<"select(b == 1, c, b)">, "m", "n"]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op} : (tensor<?x?x8xf32>, tensor<?x8x?xf32>) -> tensor<?x?x?xf32>
  mlopt.yield %0 : tensor<?x?x?xf32>
}

// CHECK: {{^}}broadcast_turned x86-64-v2 {{.*}}: contraction
mlopt.kernel @broadcast_turned(%a: tensor<2x?x8x?xf32>, %b: tensor<?x1x8x?xf32>) -> tensor<2x?x?x?xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[2, "b", 8, "m"], ["c", 1, 8, "n"], [2, "b", "m", "n"]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_a = true} : (tensor<2x?x8x?xf32>, tensor<?x1x8x?xf32>) -> tensor<2x?x?x?xf32>
  mlopt.yield %0 : tensor<2x?x?x?xf32>
}

// CHECK: {{^}}shared_rhs x86-64-v2 {{.*}}: contraction
mlopt.kernel @shared_rhs(%a: tensor<?x?x8xf32>, %b: tensor<1x8x?xf32>) -> tensor<?x?x?xf16> attributes {hero = #mlopt.hero<contraction>, dims = [["b", "m", 8], [1, 8, "n"], ["b", "m", "n"]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op} : (tensor<?x?x8xf32>, tensor<1x8x?xf32>) -> tensor<?x?x?xf32>
  %1 = mlopt.cast %0 {to = f16} : (tensor<?x?x?xf32>) -> tensor<?x?x?xf16>
  mlopt.yield %1 : tensor<?x?x?xf16>
}

// CHECK: {{^}}shared_rhs_turned x86-64-v2 {{.*}}: contraction
mlopt.kernel @shared_rhs_turned(%a: tensor<?x8x?xf32>, %b: tensor<8x?xf32>) -> tensor<?x?x?xf32> attributes {hero = #mlopt.hero<contraction>, dims = [["b", 8, "m"], [8, "n"], ["b", "m", "n"]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_a = true} : (tensor<?x8x?xf32>, tensor<8x?xf32>) -> tensor<?x?x?xf32>
  mlopt.yield %0 : tensor<?x?x?xf32>
}

// CHECK: {{^}}itself x86-64-v2 {{.*}}: contraction
mlopt.kernel @itself(%a: tensor<?x?xf32>) -> tensor<?x?xf32> attributes {hero = #mlopt.hero<contraction>, dims = [["m", "n"], ["m", "m"]]} {
  %0 = mlopt.matmul %a, %a {mlopt.hero_op, transpose_b = true} : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  mlopt.yield %0 : tensor<?x?xf32>
}

// CHECK: {{^}}two_results x86-64-v2 {{.*}}: contraction
mlopt.kernel @two_results(%a: tensor<?x40xf32>, %b: tensor<40x?xf32>, %s: tensor<?x1xf32>, %t: tensor<?xf32>) -> (tensor<?x?xf32>, tensor<?x?xi1>) attributes {hero = #mlopt.hero<contraction>, dims = [["m", 40], [40, "n"], ["m", 1], ["u"], ["m", "n"], ["m", "n"]]} {
  %c = mlopt.constant dense<0.5> : tensor<f32>
  %0 = mlopt.matmul %a, %b {mlopt.hero_op} : (tensor<?x40xf32>, tensor<40x?xf32>) -> tensor<?x?xf32>
  %1 = mlopt.mul %0, %s : (tensor<?x?xf32>, tensor<?x1xf32>) -> tensor<?x?xf32>
  %3 = mlopt.compare %1, %c {predicate = #mlopt<predicate lt>} : (tensor<?x?xf32>, tensor<f32>) -> tensor<?x?xi1>
  mlopt.yield %1, %3 : tensor<?x?xf32>, tensor<?x?xi1>
}

// RUN: mlopt-kernel-test %s --cpu=x86-64-v2,x86-64-v3,x86-64-v4 --size m=1,b=1 --size m=14,b=3 --size m=33,b=2 --size m=5,b=0 | FileCheck %s --implicit-check-not=FAILED
//
// Products with weights packed in panels: sizes around the tiles' and symbolic ones, at
// every level, 1 to 3 threads, against the reference; buffers are guarded.

// CHECK: {{^}}w_1_1_1 x86-64-v2: contraction
mlopt.kernel @w_1_1_1(%a: tensor<1x1xf32>, %b: tensor<1x1xf32>, %bias: tensor<1xf32>) -> tensor<1x1xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[1, 1], [1, 1], [1], [1, 1]], layouts = [unit, #mlopt.layout<"panel32", [1, 32, 0, 0, 1, 0, 1, 1, 32]>, unit, unit]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op} : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
  %1 = mlopt.add %0, %bias : (tensor<1x1xf32>, tensor<1xf32>) -> tensor<1x1xf32>
  mlopt.yield %1 : tensor<1x1xf32>
}

// CHECK: {{^}}w_1_300_64 x86-64-v2: contraction
mlopt.kernel @w_1_300_64(%a: tensor<1x64xf32>, %b: tensor<300x64xf32>) -> tensor<1x300xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[1, 64], [300, 64], [1, 300]], layouts = [unit, #mlopt.layout<"panel_t32", [0, 32, 0, 1, 1, 0, 0, 1, 32]>, unit]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_b = true} : (tensor<1x64xf32>, tensor<300x64xf32>) -> tensor<1x300xf32>
  mlopt.yield %0 : tensor<1x300xf32>
}

// CHECK: {{^}}w_3_33_5 x86-64-v2: contraction
mlopt.kernel @w_3_33_5(%a: tensor<3x5xf32>, %b: tensor<5x33xf32>, %bias: tensor<33xf32>, %res: tensor<3x33xf32>) -> tensor<3x33xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[3, 5], [5, 33], [33], [3, 33], [3, 33]], layouts = [unit, #mlopt.layout<"panel32", [1, 32, 0, 0, 1, 0, 1, 1, 32]>, unit, unit, unit]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op} : (tensor<3x5xf32>, tensor<5x33xf32>) -> tensor<3x33xf32>
  %1 = mlopt.add %0, %bias : (tensor<3x33xf32>, tensor<33xf32>) -> tensor<3x33xf32>
  %2 = mlopt.gelu %1 : (tensor<3x33xf32>) -> tensor<3x33xf32>
  %3 = mlopt.add %2, %res : (tensor<3x33xf32>, tensor<3x33xf32>) -> tensor<3x33xf32>
  mlopt.yield %3 : tensor<3x33xf32>
}

// CHECK: {{^}}w_5_17_3 x86-64-v2: contraction
mlopt.kernel @w_5_17_3(%a: tensor<5x3xf32>, %b: tensor<17x3xf32>, %bias: tensor<17xf32>) -> tensor<5x17xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[5, 3], [17, 3], [17], [5, 17]], layouts = [unit, #mlopt.layout<"panel_t32", [0, 32, 0, 1, 1, 0, 0, 1, 32]>, unit, unit]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_b = true} : (tensor<5x3xf32>, tensor<17x3xf32>) -> tensor<5x17xf32>
  %1 = mlopt.add %0, %bias : (tensor<5x17xf32>, tensor<17xf32>) -> tensor<5x17xf32>
  mlopt.yield %1 : tensor<5x17xf32>
}

// CHECK: {{^}}w_13_64_64 x86-64-v2: contraction
mlopt.kernel @w_13_64_64(%a: tensor<13x64xf32>, %b: tensor<64x64xf32>, %res: tensor<13x64xf32>) -> tensor<13x64xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[13, 64], [64, 64], [13, 64], [13, 64]], layouts = [unit, #mlopt.layout<"panel32", [1, 32, 0, 0, 1, 0, 1, 1, 32]>, unit, unit]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op} : (tensor<13x64xf32>, tensor<64x64xf32>) -> tensor<13x64xf32>
  %1 = mlopt.add %0, %res : (tensor<13x64xf32>, tensor<13x64xf32>) -> tensor<13x64xf32>
  mlopt.yield %1 : tensor<13x64xf32>
}

// CHECK: {{^}}w_15_33_0 x86-64-v2: contraction
mlopt.kernel @w_15_33_0(%a: tensor<15x0xf32>, %b: tensor<33x0xf32>, %bias: tensor<33xf32>) -> tensor<15x33xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[15, 0], [33, 0], [33], [15, 33]], layouts = [unit, #mlopt.layout<"panel_t32", [0, 32, 0, 1, 1, 0, 0, 1, 32]>, unit, unit]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_b = true} : (tensor<15x0xf32>, tensor<33x0xf32>) -> tensor<15x33xf32>
  %1 = mlopt.add %0, %bias : (tensor<15x33xf32>, tensor<33xf32>) -> tensor<15x33xf32>
  mlopt.yield %1 : tensor<15x33xf32>
}

// CHECK: {{^}}w_29_1_7 x86-64-v2: contraction
mlopt.kernel @w_29_1_7(%a: tensor<29x7xf32>, %b: tensor<7x1xf32>) -> tensor<29x1xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[29, 7], [7, 1], [29, 1]], layouts = [unit, #mlopt.layout<"panel32", [1, 32, 0, 0, 1, 0, 1, 1, 32]>, unit]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op} : (tensor<29x7xf32>, tensor<7x1xf32>) -> tensor<29x1xf32>
  mlopt.yield %0 : tensor<29x1xf32>
}

// CHECK: {{^}}w_100_70_40 x86-64-v2: contraction
mlopt.kernel @w_100_70_40(%a: tensor<100x40xf32>, %b: tensor<40x70xf32>, %bias: tensor<70xf32>) -> tensor<100x70xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[100, 40], [40, 70], [70], [100, 70]], layouts = [unit, #mlopt.layout<"panel32", [1, 32, 0, 0, 1, 0, 1, 1, 32]>, unit, unit]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op} : (tensor<100x40xf32>, tensor<40x70xf32>) -> tensor<100x70xf32>
  %1 = mlopt.add %0, %bias : (tensor<100x70xf32>, tensor<70xf32>) -> tensor<100x70xf32>
  mlopt.yield %1 : tensor<100x70xf32>
}

// CHECK: {{^}}w_20_40_3500 x86-64-v2: contraction
mlopt.kernel @w_20_40_3500(%a: tensor<20x3500xf32>, %b: tensor<40x3500xf32>, %bias: tensor<40xf32>) -> tensor<20x40xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[20, 3500], [40, 3500], [40], [20, 40]], layouts = [unit, #mlopt.layout<"panel_t32", [0, 32, 0, 1, 1, 0, 0, 1, 32]>, unit, unit]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_b = true} : (tensor<20x3500xf32>, tensor<40x3500xf32>) -> tensor<20x40xf32>
  %1 = mlopt.add %0, %bias : (tensor<20x40xf32>, tensor<40xf32>) -> tensor<20x40xf32>
  mlopt.yield %1 : tensor<20x40xf32>
}

// CHECK: {{^}}rows x86-64-v2 {{.*}}: contraction
mlopt.kernel @rows(%a: tensor<?x70xf32>, %b: tensor<70x40xf32>, %bias: tensor<40xf32>) -> tensor<?x40xf32> attributes {hero = #mlopt.hero<contraction>, dims = [["m", 70], [70, 40], [40], ["m", 40]], layouts = [unit, #mlopt.layout<"panel32", [1, 32, 0, 0, 1, 0, 1, 1, 32]>, unit, unit]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op} : (tensor<?x70xf32>, tensor<70x40xf32>) -> tensor<?x40xf32>
  %1 = mlopt.add %0, %bias : (tensor<?x40xf32>, tensor<40xf32>) -> tensor<?x40xf32>
  %2 = mlopt.gelu %1 : (tensor<?x40xf32>) -> tensor<?x40xf32>
  mlopt.yield %2 : tensor<?x40xf32>
}

// CHECK: {{^}}merged x86-64-v2 {{.*}}: contraction
mlopt.kernel @merged(%a: tensor<?x?x40xf32>, %b: tensor<40x70xf32>, %bias: tensor<70xf32>, %res: tensor<?x?x70xf32>) -> tensor<?x?x70xf32> attributes {hero = #mlopt.hero<contraction>, dims = [["b", "m", 40], [40, 70], [70], ["b", "m", 70], ["b", "m", 70]], layouts = [unit, #mlopt.layout<"panel32", [1, 32, 0, 0, 1, 0, 1, 1, 32]>, unit, unit, unit]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op} : (tensor<?x?x40xf32>, tensor<40x70xf32>) -> tensor<?x?x70xf32>
  %1 = mlopt.add %0, %bias : (tensor<?x?x70xf32>, tensor<70xf32>) -> tensor<?x?x70xf32>
  %2 = mlopt.add %1, %res : (tensor<?x?x70xf32>, tensor<?x?x70xf32>) -> tensor<?x?x70xf32>
  mlopt.yield %2 : tensor<?x?x70xf32>
}

// CHECK: {{^}}batched x86-64-v2 {{.*}}: contraction
mlopt.kernel @batched(%a: tensor<?x?x40xf32>, %b: tensor<?x40x70xf32>) -> tensor<?x?x70xf32> attributes {hero = #mlopt.hero<contraction>, dims = [["b", "m", 40], ["b", 40, 70], ["b", "m", 70]], layouts = [unit, #mlopt.layout<"panel32", [0, 1, 0, 2, 32, 0, 1, 1, 0, 2, 1, 32]>, unit]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op} : (tensor<?x?x40xf32>, tensor<?x40x70xf32>) -> tensor<?x?x70xf32>
  mlopt.yield %0 : tensor<?x?x70xf32>
}

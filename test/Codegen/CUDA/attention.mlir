// RUN: %cuda mlopt-cuda-kernel-test %s --gpu=sm_90 --size b=1,h=2,s=5,t=5,d=8,e=8,u=5,w=5 --size b=2,h=3,s=33,t=40,d=20,e=33,u=1,w=1 --size b=1,h=1,s=60,t=17,d=64,e=64,u=60,w=17 --size b=0,h=2,s=9,t=30,d=5,e=5,u=1,w=30 | FileCheck %s --implicit-check-not=FAILED --implicit-check-not=cuda-generic
// RUN: %if ptxas %{ mlopt-cuda-kernel-test %s --gpu=sm_80,sm_90,sm_100 --no-run | FileCheck %s --check-prefix=SPILLS --implicit-check-not='spills={{[1-9]}}' %}
//
// Attention of f32 by fused multiply-adds: layouts, masks, causal, grouped heads, rows of odd sizes,
// symbolic sizes.

// CHECK: {{^}}basic sm_90{{.*}}: cuda-attention
// SPILLS: {{^}}basic sm_80{{.*}}registers={{[0-9]+}} spills=0

mlopt.kernel @basic(%q: tensor<2x3x5x8xf32>, %k: tensor<2x3x7x8xf32>, %v: tensor<2x3x7x8xf32>) -> tensor<2x3x5x8xf32> attributes {hero = #mlopt.hero<attention>, dims = [[2, 3, 5, 8], [2, 3, 7, 8], [2, 3, 7, 8], [2, 3, 5, 8]]} {
  %m = mlopt.none : none
  %0 = mlopt.attention %q, %k, %v, %m {scale = 0.3 : f64, layouts = ["bhsd", "bhsd", "bhsd", "bhsd"], mlopt.hero_op} : (tensor<2x3x5x8xf32>, tensor<2x3x7x8xf32>, tensor<2x3x7x8xf32>, none) -> tensor<2x3x5x8xf32>
  mlopt.yield %0 : tensor<2x3x5x8xf32>
}

mlopt.kernel @bert(%q: tensor<1x128x12x64xf32>, %k: tensor<1x128x12x64xf32>, %v: tensor<1x128x12x64xf32>, %m: tensor<1x1x1x128xf32>) -> tensor<1x128x12x64xf32> attributes {hero = #mlopt.hero<attention>, dims = [[1, 128, 12, 64], [1, 128, 12, 64], [1, 128, 12, 64], [1, 1, 1, 128], [1, 128, 12, 64]]} {
  %0 = mlopt.attention %q, %k, %v, %m {scale = 0.3 : f64, layouts = ["bshd", "bshd", "bshd", "bshd"], mlopt.hero_op} : (tensor<1x128x12x64xf32>, tensor<1x128x12x64xf32>, tensor<1x128x12x64xf32>, tensor<1x1x1x128xf32>) -> tensor<1x128x12x64xf32>
  mlopt.yield %0 : tensor<1x128x12x64xf32>
}

mlopt.kernel @causal(%q: tensor<1x100x4x64xf32>, %k: tensor<1x100x4x64xf32>, %v: tensor<1x100x4x64xf32>) -> tensor<1x100x4x64xf32> attributes {hero = #mlopt.hero<attention>, dims = [[1, 100, 4, 64], [1, 100, 4, 64], [1, 100, 4, 64], [1, 100, 4, 64]]} {
  %m = mlopt.none : none
  %0 = mlopt.attention %q, %k, %v, %m {scale = 0.3 : f64, layouts = ["bshd", "bshd", "bshd", "bshd"], causal = true, mlopt.hero_op} : (tensor<1x100x4x64xf32>, tensor<1x100x4x64xf32>, tensor<1x100x4x64xf32>, none) -> tensor<1x100x4x64xf32>
  mlopt.yield %0 : tensor<1x100x4x64xf32>
}

mlopt.kernel @bool_mask(%q: tensor<2x33x4x20xf32>, %k: tensor<2x2x47x20xf32>, %v: tensor<2x47x2x12xf32>, %m: tensor<2x1x33x47xi1>) -> tensor<2x4x33x12xf32> attributes {hero = #mlopt.hero<attention>, dims = [[2, 33, 4, 20], [2, 2, 47, 20], [2, 47, 2, 12], [2, 1, 33, 47], [2, 4, 33, 12]]} {
  %0 = mlopt.attention %q, %k, %v, %m {scale = 0.3 : f64, layouts = ["bshd", "bhsd", "bshd", "bhsd"], mlopt.hero_op} : (tensor<2x33x4x20xf32>, tensor<2x2x47x20xf32>, tensor<2x47x2x12xf32>, tensor<2x1x33x47xi1>) -> tensor<2x4x33x12xf32>
  mlopt.yield %0 : tensor<2x4x33x12xf32>
}

mlopt.kernel @symbolic(%q: tensor<?x?x?x64xf32>, %k: tensor<?x?x?x64xf32>, %v: tensor<?x?x?x64xf32>, %m: tensor<?x1x1x?xf32>, %r: tensor<?x?x?x64xf32>) -> tensor<?x?x?x64xf32> attributes {hero = #mlopt.hero<attention>, dims = [["b", "s", "h", 64], ["b", "s", "h", 64], ["b", "s", "h", 64], ["b", 1, 1, "s"], ["b", "s", "h", 64], ["b", "s", "h", 64]]} {
  %0 = mlopt.attention %q, %k, %v, %m {scale = 0.3 : f64, layouts = ["bshd", "bshd", "bshd", "bshd"], mlopt.hero_op} : (tensor<?x?x?x64xf32>, tensor<?x?x?x64xf32>, tensor<?x?x?x64xf32>, tensor<?x1x1x?xf32>) -> tensor<?x?x?x64xf32>
  %1 = mlopt.add %0, %r : (tensor<?x?x?x64xf32>, tensor<?x?x?x64xf32>) -> tensor<?x?x?x64xf32>
  mlopt.yield %1 : tensor<?x?x?x64xf32>
}

mlopt.kernel @ambiguous_mask(%q: tensor<?x?x4x16xf32>, %k: tensor<?x?x4x16xf32>, %v: tensor<?x?x4x40xf32>, %m: tensor<?x1x?x?xi1>) -> tensor<?x?x4x40xf32> attributes {hero = #mlopt.hero<attention>, dims = [["b", "s", 4, 16], ["b", "t", 4, 16], ["b", "t", 4, 40], ["b", 1, "s", "w"], ["b", "s", 4, 40]]} {
  %0 = mlopt.attention %q, %k, %v, %m {scale = 0.3 : f64, layouts = ["bshd", "bshd", "bshd", "bshd"], mlopt.hero_op} : (tensor<?x?x4x16xf32>, tensor<?x?x4x16xf32>, tensor<?x?x4x40xf32>, tensor<?x1x?x?xi1>) -> tensor<?x?x4x40xf32>
  mlopt.yield %0 : tensor<?x?x4x40xf32>
}

mlopt.kernel @few_heads(%q: tensor<1x2x300x32xf32>, %k: tensor<1x2x90x32xf32>, %v: tensor<1x2x90x32xf32>) -> tensor<1x2x300x32xf32> attributes {hero = #mlopt.hero<attention>, dims = [[1, 2, 300, 32], [1, 2, 90, 32], [1, 2, 90, 32], [1, 2, 300, 32]]} {
  %m = mlopt.none : none
  %0 = mlopt.attention %q, %k, %v, %m {scale = 0.3 : f64, layouts = ["bhsd", "bhsd", "bhsd", "bhsd"], mlopt.hero_op} : (tensor<1x2x300x32xf32>, tensor<1x2x90x32xf32>, tensor<1x2x90x32xf32>, none) -> tensor<1x2x300x32xf32>
  mlopt.yield %0 : tensor<1x2x300x32xf32>
}

mlopt.kernel @one_query(%q: tensor<3x4x1x32xf32>, %k: tensor<3x4x50x32xf32>, %v: tensor<3x4x50x32xf32>) -> tensor<3x4x1x32xf32> attributes {hero = #mlopt.hero<attention>, dims = [[3, 4, 1, 32], [3, 4, 50, 32], [3, 4, 50, 32], [3, 4, 1, 32]]} {
  %m = mlopt.none : none
  %0 = mlopt.attention %q, %k, %v, %m {scale = 0.3 : f64, layouts = ["bhsd", "bhsd", "bhsd", "bhsd"], causal = true, mlopt.hero_op} : (tensor<3x4x1x32xf32>, tensor<3x4x50x32xf32>, tensor<3x4x50x32xf32>, none) -> tensor<3x4x1x32xf32>
  mlopt.yield %0 : tensor<3x4x1x32xf32>
}

mlopt.kernel @fewer_keys_nan(%q: tensor<1x2x40x64xf32>, %k: tensor<1x2x20x64xf32>, %v: tensor<1x2x20x64xf32>) -> tensor<1x2x40x64xf32> attributes {hero = #mlopt.hero<attention>, dims = [[1, 2, 40, 64], [1, 2, 20, 64], [1, 2, 20, 64], [1, 2, 40, 64]]} {
  %m = mlopt.none : none
  %0 = mlopt.attention %q, %k, %v, %m {scale = 0.125 : f64, layouts = ["bhsd", "bhsd", "bhsd", "bhsd"], causal = true, mlopt.hero_op} : (tensor<1x2x40x64xf32>, tensor<1x2x20x64xf32>, tensor<1x2x20x64xf32>, none) -> tensor<1x2x40x64xf32>
  mlopt.yield %0 : tensor<1x2x40x64xf32>
}

mlopt.kernel @wide_f32(%q: tensor<1x2x33x128xf32>, %k: tensor<1x2x50x128xf32>, %v: tensor<1x2x50x96xf32>) -> tensor<1x2x33x96xf32> attributes {hero = #mlopt.hero<attention>, dims = [[1, 2, 33, 128], [1, 2, 50, 128], [1, 2, 50, 96], [1, 2, 33, 96]]} {
  %m = mlopt.none : none
  %0 = mlopt.attention %q, %k, %v, %m {scale = 0.125 : f64, layouts = ["bhsd", "bhsd", "bhsd", "bhsd"], causal = true, mlopt.hero_op} : (tensor<1x2x33x128xf32>, tensor<1x2x50x128xf32>, tensor<1x2x50x96xf32>, none) -> tensor<1x2x33x96xf32>
  mlopt.yield %0 : tensor<1x2x33x96xf32>
}

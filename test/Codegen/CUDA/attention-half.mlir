// RUN: %cuda mlopt-cuda-kernel-test %s --gpu=sm_90 --atol=4e-3 --size b=1,h=2,s=5,t=5,d=8,e=8,u=5,w=5 --size b=2,h=3,s=33,t=40,d=20,e=33,u=1,w=1 --size b=1,h=1,s=60,t=17,d=64,e=64,u=60,w=17 --size b=0,h=2,s=9,t=30,d=5,e=5,u=1,w=30 | FileCheck %s --implicit-check-not=FAILED --implicit-check-not=cuda-generic
// RUN: %if ptxas %{ mlopt-cuda-kernel-test %s --gpu=sm_80,sm_90,sm_100 --no-run | FileCheck %s --check-prefix=SPILLS --implicit-check-not='spills={{[1-9]}}' %}
//
// Attention of f16 and bf16 by tensor cores. Probabilities are rounded to the operands' type: what that
// changes is relative to the values, not to their sum (--atol).

// CHECK: {{^}}basic_f16 sm_90{{.*}}: cuda-attention
// SPILLS: {{^}}basic_f16 sm_80{{.*}}registers={{[0-9]+}} spills=0

mlopt.kernel @basic_f16(%q: tensor<2x3x5x8xf16>, %k: tensor<2x3x7x8xf16>, %v: tensor<2x3x7x8xf16>) -> tensor<2x3x5x8xf16> attributes {hero = #mlopt.hero<attention>, dims = [[2, 3, 5, 8], [2, 3, 7, 8], [2, 3, 7, 8], [2, 3, 5, 8]]} {
  %m = mlopt.none : none
  %0 = mlopt.attention %q, %k, %v, %m {scale = 0.3 : f64, layouts = ["bhsd", "bhsd", "bhsd", "bhsd"], mlopt.hero_op} : (tensor<2x3x5x8xf16>, tensor<2x3x7x8xf16>, tensor<2x3x7x8xf16>, none) -> tensor<2x3x5x8xf16>
  mlopt.yield %0 : tensor<2x3x5x8xf16>
}

mlopt.kernel @bert_f16(%q: tensor<1x128x12x64xf16>, %k: tensor<1x128x12x64xf16>, %v: tensor<1x128x12x64xf16>, %m: tensor<1x1x1x128xf16>) -> tensor<1x128x12x64xf16> attributes {hero = #mlopt.hero<attention>, dims = [[1, 128, 12, 64], [1, 128, 12, 64], [1, 128, 12, 64], [1, 1, 1, 128], [1, 128, 12, 64]]} {
  %0 = mlopt.attention %q, %k, %v, %m {scale = 0.3 : f64, layouts = ["bshd", "bshd", "bshd", "bshd"], mlopt.hero_op} : (tensor<1x128x12x64xf16>, tensor<1x128x12x64xf16>, tensor<1x128x12x64xf16>, tensor<1x1x1x128xf16>) -> tensor<1x128x12x64xf16>
  mlopt.yield %0 : tensor<1x128x12x64xf16>
}

mlopt.kernel @bert_bf16(%q: tensor<1x128x12x64xbf16>, %k: tensor<1x128x12x64xbf16>, %v: tensor<1x128x12x64xbf16>, %m: tensor<1x1x1x128xbf16>) -> tensor<1x128x12x64xbf16> attributes {hero = #mlopt.hero<attention>, dims = [[1, 128, 12, 64], [1, 128, 12, 64], [1, 128, 12, 64], [1, 1, 1, 128], [1, 128, 12, 64]]} {
  %0 = mlopt.attention %q, %k, %v, %m {scale = 0.3 : f64, layouts = ["bshd", "bshd", "bshd", "bshd"], mlopt.hero_op} : (tensor<1x128x12x64xbf16>, tensor<1x128x12x64xbf16>, tensor<1x128x12x64xbf16>, tensor<1x1x1x128xbf16>) -> tensor<1x128x12x64xbf16>
  mlopt.yield %0 : tensor<1x128x12x64xbf16>
}

mlopt.kernel @causal_f16(%q: tensor<1x100x4x64xf16>, %k: tensor<1x100x4x64xf16>, %v: tensor<1x100x4x64xf16>) -> tensor<1x100x4x64xf16> attributes {hero = #mlopt.hero<attention>, dims = [[1, 100, 4, 64], [1, 100, 4, 64], [1, 100, 4, 64], [1, 100, 4, 64]]} {
  %m = mlopt.none : none
  %0 = mlopt.attention %q, %k, %v, %m {scale = 0.3 : f64, layouts = ["bshd", "bshd", "bshd", "bshd"], causal = true, mlopt.hero_op} : (tensor<1x100x4x64xf16>, tensor<1x100x4x64xf16>, tensor<1x100x4x64xf16>, none) -> tensor<1x100x4x64xf16>
  mlopt.yield %0 : tensor<1x100x4x64xf16>
}

mlopt.kernel @causal_bf16(%q: tensor<1x100x4x64xbf16>, %k: tensor<1x100x4x64xbf16>, %v: tensor<1x100x4x64xbf16>) -> tensor<1x100x4x64xbf16> attributes {hero = #mlopt.hero<attention>, dims = [[1, 100, 4, 64], [1, 100, 4, 64], [1, 100, 4, 64], [1, 100, 4, 64]]} {
  %m = mlopt.none : none
  %0 = mlopt.attention %q, %k, %v, %m {scale = 0.3 : f64, layouts = ["bshd", "bshd", "bshd", "bshd"], causal = true, mlopt.hero_op} : (tensor<1x100x4x64xbf16>, tensor<1x100x4x64xbf16>, tensor<1x100x4x64xbf16>, none) -> tensor<1x100x4x64xbf16>
  mlopt.yield %0 : tensor<1x100x4x64xbf16>
}

mlopt.kernel @bool_mask_f16(%q: tensor<2x33x4x20xf16>, %k: tensor<2x2x47x20xf16>, %v: tensor<2x47x2x12xf16>, %m: tensor<2x1x33x47xi1>) -> tensor<2x4x33x12xf16> attributes {hero = #mlopt.hero<attention>, dims = [[2, 33, 4, 20], [2, 2, 47, 20], [2, 47, 2, 12], [2, 1, 33, 47], [2, 4, 33, 12]]} {
  %0 = mlopt.attention %q, %k, %v, %m {scale = 0.3 : f64, layouts = ["bshd", "bhsd", "bshd", "bhsd"], mlopt.hero_op} : (tensor<2x33x4x20xf16>, tensor<2x2x47x20xf16>, tensor<2x47x2x12xf16>, tensor<2x1x33x47xi1>) -> tensor<2x4x33x12xf16>
  mlopt.yield %0 : tensor<2x4x33x12xf16>
}

mlopt.kernel @symbolic_f16(%q: tensor<?x?x?x64xf16>, %k: tensor<?x?x?x64xf16>, %v: tensor<?x?x?x64xf16>, %m: tensor<?x1x1x?xf16>, %r: tensor<?x?x?x64xf16>) -> tensor<?x?x?x64xf16> attributes {hero = #mlopt.hero<attention>, dims = [["b", "s", "h", 64], ["b", "s", "h", 64], ["b", "s", "h", 64], ["b", 1, 1, "s"], ["b", "s", "h", 64], ["b", "s", "h", 64]]} {
  %0 = mlopt.attention %q, %k, %v, %m {scale = 0.3 : f64, layouts = ["bshd", "bshd", "bshd", "bshd"], mlopt.hero_op} : (tensor<?x?x?x64xf16>, tensor<?x?x?x64xf16>, tensor<?x?x?x64xf16>, tensor<?x1x1x?xf16>) -> tensor<?x?x?x64xf16>
  %1 = mlopt.add %0, %r : (tensor<?x?x?x64xf16>, tensor<?x?x?x64xf16>) -> tensor<?x?x?x64xf16>
  mlopt.yield %1 : tensor<?x?x?x64xf16>
}

mlopt.kernel @symbolic_bf16(%q: tensor<?x?x?x64xbf16>, %k: tensor<?x?x?x64xbf16>, %v: tensor<?x?x?x64xbf16>, %m: tensor<?x1x1x?xbf16>, %r: tensor<?x?x?x64xbf16>) -> tensor<?x?x?x64xbf16> attributes {hero = #mlopt.hero<attention>, dims = [["b", "s", "h", 64], ["b", "s", "h", 64], ["b", "s", "h", 64], ["b", 1, 1, "s"], ["b", "s", "h", 64], ["b", "s", "h", 64]]} {
  %0 = mlopt.attention %q, %k, %v, %m {scale = 0.3 : f64, layouts = ["bshd", "bshd", "bshd", "bshd"], mlopt.hero_op} : (tensor<?x?x?x64xbf16>, tensor<?x?x?x64xbf16>, tensor<?x?x?x64xbf16>, tensor<?x1x1x?xbf16>) -> tensor<?x?x?x64xbf16>
  %1 = mlopt.add %0, %r : (tensor<?x?x?x64xbf16>, tensor<?x?x?x64xbf16>) -> tensor<?x?x?x64xbf16>
  mlopt.yield %1 : tensor<?x?x?x64xbf16>
}

mlopt.kernel @ambiguous_mask_f16(%q: tensor<?x?x4x16xf16>, %k: tensor<?x?x4x16xf16>, %v: tensor<?x?x4x40xf16>, %m: tensor<?x1x?x?xi1>) -> tensor<?x?x4x40xf16> attributes {hero = #mlopt.hero<attention>, dims = [["b", "s", 4, 16], ["b", "t", 4, 16], ["b", "t", 4, 40], ["b", 1, "s", "w"], ["b", "s", 4, 40]]} {
  %0 = mlopt.attention %q, %k, %v, %m {scale = 0.3 : f64, layouts = ["bshd", "bshd", "bshd", "bshd"], mlopt.hero_op} : (tensor<?x?x4x16xf16>, tensor<?x?x4x16xf16>, tensor<?x?x4x40xf16>, tensor<?x1x?x?xi1>) -> tensor<?x?x4x40xf16>
  mlopt.yield %0 : tensor<?x?x4x40xf16>
}

mlopt.kernel @few_heads_f16(%q: tensor<1x2x300x32xf16>, %k: tensor<1x2x90x32xf16>, %v: tensor<1x2x90x32xf16>) -> tensor<1x2x300x32xf16> attributes {hero = #mlopt.hero<attention>, dims = [[1, 2, 300, 32], [1, 2, 90, 32], [1, 2, 90, 32], [1, 2, 300, 32]]} {
  %m = mlopt.none : none
  %0 = mlopt.attention %q, %k, %v, %m {scale = 0.3 : f64, layouts = ["bhsd", "bhsd", "bhsd", "bhsd"], mlopt.hero_op} : (tensor<1x2x300x32xf16>, tensor<1x2x90x32xf16>, tensor<1x2x90x32xf16>, none) -> tensor<1x2x300x32xf16>
  mlopt.yield %0 : tensor<1x2x300x32xf16>
}

mlopt.kernel @one_query_f16(%q: tensor<3x4x1x32xf16>, %k: tensor<3x4x50x32xf16>, %v: tensor<3x4x50x32xf16>) -> tensor<3x4x1x32xf16> attributes {hero = #mlopt.hero<attention>, dims = [[3, 4, 1, 32], [3, 4, 50, 32], [3, 4, 50, 32], [3, 4, 1, 32]]} {
  %m = mlopt.none : none
  %0 = mlopt.attention %q, %k, %v, %m {scale = 0.3 : f64, layouts = ["bhsd", "bhsd", "bhsd", "bhsd"], causal = true, mlopt.hero_op} : (tensor<3x4x1x32xf16>, tensor<3x4x50x32xf16>, tensor<3x4x50x32xf16>, none) -> tensor<3x4x1x32xf16>
  mlopt.yield %0 : tensor<3x4x1x32xf16>
}

mlopt.kernel @wide(%q: tensor<1x2x70x128xf16>, %k: tensor<1x1x131x128xf16>, %v: tensor<1x1x131x128xf16>) -> tensor<1x2x70x128xf16> attributes {hero = #mlopt.hero<attention>, dims = [[1, 2, 70, 128], [1, 1, 131, 128], [1, 1, 131, 128], [1, 2, 70, 128]]} {
  %m = mlopt.none : none
  %0 = mlopt.attention %q, %k, %v, %m {scale = 0.125 : f64, layouts = ["bhsd", "bhsd", "bhsd", "bhsd"], causal = true, mlopt.hero_op} : (tensor<1x2x70x128xf16>, tensor<1x1x131x128xf16>, tensor<1x1x131x128xf16>, none) -> tensor<1x2x70x128xf16>
  mlopt.yield %0 : tensor<1x2x70x128xf16>
}

mlopt.kernel @widest(%q: tensor<1x1x17x256xbf16>, %k: tensor<1x1x40x256xbf16>, %v: tensor<1x1x40x200xbf16>) -> tensor<1x1x17x200xbf16> attributes {hero = #mlopt.hero<attention>, dims = [[1, 1, 17, 256], [1, 1, 40, 256], [1, 1, 40, 200], [1, 1, 17, 200]]} {
  %m = mlopt.none : none
  %0 = mlopt.attention %q, %k, %v, %m {scale = 0.125 : f64, layouts = ["bhsd", "bhsd", "bhsd", "bhsd"], mlopt.hero_op} : (tensor<1x1x17x256xbf16>, tensor<1x1x40x256xbf16>, tensor<1x1x40x200xbf16>, none) -> tensor<1x1x17x200xbf16>
  mlopt.yield %0 : tensor<1x1x17x200xbf16>
}

mlopt.kernel @odd(%q: tensor<1x2x19x13xf16>, %k: tensor<1x2x23x13xf16>, %v: tensor<1x2x23x7xf16>) -> tensor<1x2x19x7xf16> attributes {hero = #mlopt.hero<attention>, dims = [[1, 2, 19, 13], [1, 2, 23, 13], [1, 2, 23, 7], [1, 2, 19, 7]]} {
  %m = mlopt.none : none
  %0 = mlopt.attention %q, %k, %v, %m {scale = 0.125 : f64, layouts = ["bhsd", "bhsd", "bhsd", "bhsd"], mlopt.hero_op} : (tensor<1x2x19x13xf16>, tensor<1x2x23x13xf16>, tensor<1x2x23x7xf16>, none) -> tensor<1x2x19x7xf16>
  mlopt.yield %0 : tensor<1x2x19x7xf16>
}

mlopt.kernel @even(%q: tensor<2x33x3x18xf16>, %k: tensor<2x65x3x18xf16>, %v: tensor<2x3x65x34xf16>) -> tensor<2x33x3x34xf16> attributes {hero = #mlopt.hero<attention>, dims = [[2, 33, 3, 18], [2, 65, 3, 18], [2, 3, 65, 34], [2, 33, 3, 34]]} {
  %m = mlopt.none : none
  %0 = mlopt.attention %q, %k, %v, %m {scale = 0.125 : f64, layouts = ["bshd", "bshd", "bhsd", "bshd"], mlopt.hero_op} : (tensor<2x33x3x18xf16>, tensor<2x65x3x18xf16>, tensor<2x3x65x34xf16>, none) -> tensor<2x33x3x34xf16>
  mlopt.yield %0 : tensor<2x33x3x34xf16>
}

mlopt.kernel @fewer_keys(%q: tensor<1x2x40x64xf16>, %k: tensor<1x2x20x64xf16>, %v: tensor<1x2x20x64xf16>) -> tensor<1x2x40x64xf16> attributes {hero = #mlopt.hero<attention>, dims = [[1, 2, 40, 64], [1, 2, 20, 64], [1, 2, 20, 64], [1, 2, 40, 64]]} {
  %m = mlopt.none : none
  %0 = mlopt.attention %q, %k, %v, %m {scale = 0.125 : f64, layouts = ["bhsd", "bhsd", "bhsd", "bhsd"], causal = true, zero_masked_rows = true, mlopt.hero_op} : (tensor<1x2x40x64xf16>, tensor<1x2x20x64xf16>, tensor<1x2x20x64xf16>, none) -> tensor<1x2x40x64xf16>
  mlopt.yield %0 : tensor<1x2x40x64xf16>
}

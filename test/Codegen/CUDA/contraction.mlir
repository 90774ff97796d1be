// RUN: %cuda MLOPT_FAKE_CUDA_STRICT=1 mlopt-cuda-kernel-test %s --gpu=sm_80,sm_90 --ptxas=none --tolerance=1e-3 --atol=3e-3 --size b=1,c=1,m=1,n=1,k=1,u=1 --size b=1,c=2,m=17,n=33,k=5,u=33 --size b=3,c=1,m=6,n=64,k=37,u=1 --size b=2,c=2,m=40,n=8,k=0,u=1 --size b=1,c=1,m=530,n=24,k=16,u=1 --size b=1,c=1,m=0,n=3,k=4,u=1 | FileCheck %s --implicit-check-not=FAILED --implicit-check-not='conflicts={{1.0[1-9]|1.[1-9]|[2-9]}}' --implicit-check-not=cuda-generic
// RUN: %if ptxas %{ mlopt-cuda-kernel-test %s --gpu=sm_80,sm_90,sm_100 --no-run | FileCheck %s --check-prefix=SPILLS --implicit-check-not='spills={{[1-9]}}' %}
//
// Products with the tile that the model chooses: sizes of the run, down to none at all, batches that
// broadcast, factors that are computed in the kernel, several results.
// CHECK: {{^}}symbolic sm_80 b=1,m=1,k=1,n=1: cuda-contraction
// CHECK: {{^}}symbolic sm_80 b=2,m=40,k=0,n=8: cuda-contraction
// CHECK: {{^}}prologue sm_80 m=17: cuda-contraction
// CHECK: {{^}}few_or_many sm_80 m=17: cuda-contraction excess=0
// CHECK: {{^}}few_or_many sm_80 m=530: cuda-contraction excess=0
// CHECK: {{^}}vector_f32 sm_80: cuda-contraction
// CHECK: {{^}}long_f16 sm_80: cuda-contraction excess=0
// CHECK: {{^}}sectors_f16 sm_80: cuda-contraction excess=0
// CHECK: {{^}}sectors_bf16 sm_80: cuda-contraction excess=0
// CHECK: {{^}}sectors_f32 sm_80: cuda-contraction excess=0
// CHECK: {{^}}heads_bf16 sm_90: cuda-contraction excess=0
// SPILLS: {{^}}symbolic sm_80: cuda-contraction registers={{[0-9]+}} spills=0
// SPILLS: {{^}}heads_bf16 sm_100: cuda-contraction registers={{[0-9]+}} spills=0

mlopt.kernel @symbolic(%a: tensor<?x3x?x?xf16>, %b: tensor<?x1x?x?xf16>) -> tensor<?x3x?x?xf16> attributes {hero = #mlopt.hero<contraction>, dims = [["b", 3, "m", "k"], ["b", 1, "k", "n"], ["b", 3, "m", "n"]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op} : (tensor<?x3x?x?xf16>, tensor<?x1x?x?xf16>) -> tensor<?x3x?x?xf16>
  mlopt.yield %0 : tensor<?x3x?x?xf16>
}

mlopt.kernel @symbolic32(%a: tensor<?x3x?x?xf32>, %b: tensor<?x1x?x?xf32>) -> tensor<?x3x?x?xf32> attributes {hero = #mlopt.hero<contraction>, dims = [["b", 3, "m", "k"], ["b", 1, "k", "n"], ["b", 3, "m", "n"]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op} : (tensor<?x3x?x?xf32>, tensor<?x1x?x?xf32>) -> tensor<?x3x?x?xf32>
  mlopt.yield %0 : tensor<?x3x?x?xf32>
}

mlopt.kernel @symbolic32t(%a: tensor<?x3x?x?xf32>, %b: tensor<?x1x?x?xf32>) -> tensor<?x3x?x?xf32> attributes {hero = #mlopt.hero<contraction>, dims = [["b", 3, "k", "m"], ["b", 1, "n", "k"], ["b", 3, "m", "n"]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_a = true, transpose_b = true} : (tensor<?x3x?x?xf32>, tensor<?x1x?x?xf32>) -> tensor<?x3x?x?xf32>
  mlopt.yield %0 : tensor<?x3x?x?xf32>
}

mlopt.kernel @lhs_without_batch(%a: tensor<?x8xf32>, %b: tensor<?x8x?xf32>) -> tensor<?x?x?xf32> attributes {hero = #mlopt.hero<contraction>, dims = [["m", 8], ["c", 8, "n"], ["c", "m", "n"]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op} : (tensor<?x8xf32>, tensor<?x8x?xf32>) -> tensor<?x?x?xf32>
  mlopt.yield %0 : tensor<?x?x?xf32>
}

mlopt.kernel @broadcast_batch(%a: tensor<?x?x8xf32>, %b: tensor<?x8x?xf32>) -> tensor<?x?x?xf32> attributes {hero = #mlopt.hero<contraction>, dims = [["b", "m", 8], ["c", 8, "n"], [#mlopt.sym<"select(b == 1, c, b)">, "m", "n"]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op} : (tensor<?x?x8xf32>, tensor<?x8x?xf32>) -> tensor<?x?x?xf32>
  mlopt.yield %0 : tensor<?x?x?xf32>
}

mlopt.kernel @broadcast_turned(%a: tensor<2x?x8x?xf16>, %b: tensor<?x1x8x?xf16>) -> tensor<2x?x?x?xf16> attributes {hero = #mlopt.hero<contraction>, dims = [[2, "b", 8, "m"], ["c", 1, 8, "n"], [2, "b", "m", "n"]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_a = true} : (tensor<2x?x8x?xf16>, tensor<?x1x8x?xf16>) -> tensor<2x?x?x?xf16>
  mlopt.yield %0 : tensor<2x?x?x?xf16>
}

mlopt.kernel @shared_rhs(%a: tensor<?x?x8xf32>, %b: tensor<1x8x?xf32>) -> tensor<?x?x?xf16> attributes {hero = #mlopt.hero<contraction>, dims = [["b", "m", 8], [1, 8, "n"], ["b", "m", "n"]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op} : (tensor<?x?x8xf32>, tensor<1x8x?xf32>) -> tensor<?x?x?xf32>
  %1 = mlopt.cast %0 {to = f16} : (tensor<?x?x?xf32>) -> tensor<?x?x?xf16>
  mlopt.yield %1 : tensor<?x?x?xf16>
}

mlopt.kernel @itself(%a: tensor<?x?xf32>) -> tensor<?x?xf32> attributes {hero = #mlopt.hero<contraction>, dims = [["m", "n"], ["m", "m"]]} {
  %0 = mlopt.matmul %a, %a {mlopt.hero_op, transpose_b = true} : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  mlopt.yield %0 : tensor<?x?xf32>
}

mlopt.kernel @two_results(%a: tensor<?x40xf32>, %b: tensor<40x?xf32>, %s: tensor<?x1xf32>, %t: tensor<?xf32>) -> (tensor<?x?xf32>, tensor<?x?xi1>) attributes {hero = #mlopt.hero<contraction>, dims = [["m", 40], [40, "n"], ["m", 1], ["u"], ["m", "n"], ["m", "n"]]} {
  %c = mlopt.constant dense<0.5> : tensor<f32>
  %0 = mlopt.matmul %a, %b {mlopt.hero_op} : (tensor<?x40xf32>, tensor<40x?xf32>) -> tensor<?x?xf32>
  %1 = mlopt.mul %0, %s : (tensor<?x?xf32>, tensor<?x1xf32>) -> tensor<?x?xf32>
  %3 = mlopt.compare %1, %c {predicate = #mlopt<predicate lt>} : (tensor<?x?xf32>, tensor<f32>) -> tensor<?x?xi1>
  mlopt.yield %1, %3 : tensor<?x?xf32>, tensor<?x?xi1>
}

mlopt.kernel @prologue(%a: tensor<2x?x24xf16>, %g: tensor<24xf16>, %b: tensor<24x40xf16>, %p: tensor<?x40xf16>) -> tensor<2x?x40xf16> attributes {hero = #mlopt.hero<contraction>, dims = [[2, "m", 24], [24], [24, 40], ["m", 40], [2, "m", 40]]} {
  %0 = mlopt.mul %a, %g : (tensor<2x?x24xf16>, tensor<24xf16>) -> tensor<2x?x24xf16>
  %1 = mlopt.matmul %0, %b {mlopt.hero_op} : (tensor<2x?x24xf16>, tensor<24x40xf16>) -> tensor<2x?x40xf16>
  %2 = mlopt.add %1, %p : (tensor<2x?x40xf16>, tensor<?x40xf16>) -> tensor<2x?x40xf16>
  mlopt.yield %2 : tensor<2x?x40xf16>
}

mlopt.kernel @prologue_b(%a: tensor<?x24xf32>, %b: tensor<3x40x24xf16>) -> tensor<3x?x40xf32> attributes {hero = #mlopt.hero<contraction>, dims = [["m", 24], [3, 40, 24], [3, "m", 40]]} {
  %0 = mlopt.cast %b {to = f32} : (tensor<3x40x24xf16>) -> tensor<3x40x24xf32>
  %1 = mlopt.matmul %a, %0 {mlopt.hero_op, transpose_b = true} : (tensor<?x24xf32>, tensor<3x40x24xf32>) -> tensor<3x?x40xf32>
  mlopt.yield %1 : tensor<3x?x40xf32>
}

mlopt.kernel @few_or_many(%a: tensor<?x64xf16>, %b: tensor<768x64xf16>, %bias: tensor<768xf16>, %res: tensor<?x768xf16>) -> tensor<?x768xf16> attributes {hero = #mlopt.hero<contraction>, dims = [["m", 64], [768, 64], [768], ["m", 768], ["m", 768]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_b = true} : (tensor<?x64xf16>, tensor<768x64xf16>) -> tensor<?x768xf16>
  %1 = mlopt.add %0, %bias : (tensor<?x768xf16>, tensor<768xf16>) -> tensor<?x768xf16>
  %2 = mlopt.gelu %1 : (tensor<?x768xf16>) -> tensor<?x768xf16>
  %3 = mlopt.add %2, %res : (tensor<?x768xf16>, tensor<?x768xf16>) -> tensor<?x768xf16>
  mlopt.yield %3 : tensor<?x768xf16>
}

mlopt.kernel @few_or_many_f32(%a: tensor<?x256xf32>, %b: tensor<256x768xf32>, %bias: tensor<768xf32>) -> tensor<?x768xf32> attributes {hero = #mlopt.hero<contraction>, dims = [["m", 256], [256, 768], [768], ["m", 768]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op} : (tensor<?x256xf32>, tensor<256x768xf32>) -> tensor<?x768xf32>
  %1 = mlopt.add %0, %bias : (tensor<?x768xf32>, tensor<768xf32>) -> tensor<?x768xf32>
  mlopt.yield %1 : tensor<?x768xf32>
}

mlopt.kernel @vector_f32(%a: tensor<1x1024xf32>, %b: tensor<1024x300xf32>) -> tensor<1x300xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[1, 1024], [1024, 300], [1, 300]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op} : (tensor<1x1024xf32>, tensor<1024x300xf32>) -> tensor<1x300xf32>
  mlopt.yield %0 : tensor<1x300xf32>
}

mlopt.kernel @vector_turned_f32(%a: tensor<1x1024xf32>, %b: tensor<300x1024xf32>, %bias: tensor<300xf32>) -> tensor<1x300xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[1, 1024], [300, 1024], [300], [1, 300]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_b = true} : (tensor<1x1024xf32>, tensor<300x1024xf32>) -> tensor<1x300xf32>
  %1 = mlopt.add %0, %bias : (tensor<1x300xf32>, tensor<300xf32>) -> tensor<1x300xf32>
  mlopt.yield %1 : tensor<1x300xf32>
}

mlopt.kernel @vector_bf16(%a: tensor<1x1024xbf16>, %b: tensor<264x1024xbf16>) -> tensor<1x264xbf16> attributes {hero = #mlopt.hero<contraction>, dims = [[1, 1024], [264, 1024], [1, 264]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_b = true} : (tensor<1x1024xbf16>, tensor<264x1024xbf16>) -> tensor<1x264xbf16>
  mlopt.yield %0 : tensor<1x264xbf16>
}

mlopt.kernel @long_f16(%a: tensor<4096x64xf16>, %b: tensor<4096x64xf16>) -> tensor<64x64xf16> attributes {hero = #mlopt.hero<contraction>, dims = [[4096, 64], [4096, 64], [64, 64]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_a = true} : (tensor<4096x64xf16>, tensor<4096x64xf16>) -> tensor<64x64xf16>
  mlopt.yield %0 : tensor<64x64xf16>
}

mlopt.kernel @heads_bf16(%a: tensor<2x3x48x48xbf16>, %b: tensor<2x3x24x48xbf16>) -> tensor<2x3x48x24xbf16> attributes {hero = #mlopt.hero<contraction>, dims = [[2, 3, 48, 48], [2, 3, 24, 48], [2, 3, 48, 24]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_b = true} : (tensor<2x3x48x48xbf16>, tensor<2x3x24x48xbf16>) -> tensor<2x3x48x24xbf16>
  mlopt.yield %0 : tensor<2x3x48x24xbf16>
}

mlopt.kernel @one_column(%a: tensor<33x70xf32>, %b: tensor<70x1xf32>) -> tensor<33x1xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[33, 70], [70, 1], [33, 1]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op} : (tensor<33x70xf32>, tensor<70x1xf32>) -> tensor<33x1xf32>
  mlopt.yield %0 : tensor<33x1xf32>
}

mlopt.kernel @sectors_f16(%a: tensor<48x112xf16>, %b: tensor<80x48xf16>, %bias: tensor<80xf16>, %res: tensor<112x80xf16>) -> tensor<112x80xf16> attributes {hero = #mlopt.hero<contraction>, dims = [[48, 112], [80, 48], [80], [112, 80], [112, 80]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_a = true, transpose_b = true} : (tensor<48x112xf16>, tensor<80x48xf16>) -> tensor<112x80xf16>
  %1 = mlopt.add %0, %bias : (tensor<112x80xf16>, tensor<80xf16>) -> tensor<112x80xf16>
  %2 = mlopt.gelu %1 : (tensor<112x80xf16>) -> tensor<112x80xf16>
  %3 = mlopt.add %2, %res : (tensor<112x80xf16>, tensor<112x80xf16>) -> tensor<112x80xf16>
  mlopt.yield %3 : tensor<112x80xf16>
}

mlopt.kernel @sectors_bf16(%a: tensor<112x48xbf16>, %b: tensor<80x48xbf16>, %bias: tensor<80xbf16>, %res: tensor<112x80xbf16>) -> tensor<112x80xbf16> attributes {hero = #mlopt.hero<contraction>, dims = [[112, 48], [80, 48], [80], [112, 80], [112, 80]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_b = true} : (tensor<112x48xbf16>, tensor<80x48xbf16>) -> tensor<112x80xbf16>
  %1 = mlopt.add %0, %bias : (tensor<112x80xbf16>, tensor<80xbf16>) -> tensor<112x80xbf16>
  %2 = mlopt.gelu %1 : (tensor<112x80xbf16>) -> tensor<112x80xbf16>
  %3 = mlopt.add %2, %res : (tensor<112x80xbf16>, tensor<112x80xbf16>) -> tensor<112x80xbf16>
  mlopt.yield %3 : tensor<112x80xbf16>
}

mlopt.kernel @sectors_f32(%a: tensor<48x112xf32>, %b: tensor<48x80xf32>, %bias: tensor<80xf32>, %res: tensor<112x80xf32>) -> tensor<112x80xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[48, 112], [48, 80], [80], [112, 80], [112, 80]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_a = true} : (tensor<48x112xf32>, tensor<48x80xf32>) -> tensor<112x80xf32>
  %1 = mlopt.add %0, %bias : (tensor<112x80xf32>, tensor<80xf32>) -> tensor<112x80xf32>
  %2 = mlopt.gelu %1 : (tensor<112x80xf32>) -> tensor<112x80xf32>
  %3 = mlopt.add %2, %res : (tensor<112x80xf32>, tensor<112x80xf32>) -> tensor<112x80xf32>
  mlopt.yield %3 : tensor<112x80xf32>
}

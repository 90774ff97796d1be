// RUN: %cuda MLOPT_FAKE_CUDA_STRICT=1 mlopt-cuda-kernel-test %s --ptxas=none --tf32 --tolerance=5e-4 --atol=2e-2 | FileCheck %s --implicit-check-not=FAILED --implicit-check-not='conflicts={{1.0[1-9]|1.[1-9]|[2-9]}}' --implicit-check-not=cuda-generic
// RUN: %if ptxas %{ mlopt-cuda-kernel-test %s --gpu=sm_80,sm_90,sm_100 --no-run --tf32 | FileCheck %s --check-prefix=SPILLS --implicit-check-not='spills={{[1-9]}}' %}
//
// Every tile of f32 rounded to tf32 by mma.sync m16n8k8, by name, in the emulator: sizes of whole tiles,
// where no sector is read or written beyond what is asked for; sums of parts of k; sizes
// that are even or odd and end inside tiles.
// CHECK-COUNT-22: {{^}}al_{{.*}}: cuda-contraction excess=0 conflicts=1.00 {{.*}} ok
// CHECK-COUNT-22: {{^(even|odd)_.*}}: cuda-contraction {{.*}} ok
// SPILLS-COUNT-132: cuda-contraction registers={{[0-9]+}} spills=0

mlopt.kernel @al_256x128x16_00(%a: tensor<256x80xf32>, %b: tensor<80x256xf32>, %bias: tensor<256xf32>) -> tensor<256x256xf32> attributes {mlopt.tile = {m = 256 : i64, n = 128 : i64, warps_m = 4 : i64, warps_n = 2 : i64, k = 16 : i64, stages = 4 : i64, splits = 1 : i64}, hero = #mlopt.hero<contraction>, dims = [[256, 80], [80, 256], [256], [256, 256]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op} : (tensor<256x80xf32>, tensor<80x256xf32>) -> tensor<256x256xf32>
  %1 = mlopt.add %0, %bias : (tensor<256x256xf32>, tensor<256xf32>) -> tensor<256x256xf32>
  %2 = mlopt.abs %1 : (tensor<256x256xf32>) -> tensor<256x256xf32>
  mlopt.yield %2 : tensor<256x256xf32>
}

mlopt.kernel @al_split_256x128x16_01(%a: tensor<2x256x144xf32>, %b: tensor<2x128x144xf32>, %res: tensor<2x256x128xf32>) -> tensor<2x256x128xf32> attributes {mlopt.tile = {m = 256 : i64, n = 128 : i64, warps_m = 4 : i64, warps_n = 2 : i64, k = 16 : i64, stages = 4 : i64, splits = 3 : i64}, hero = #mlopt.hero<contraction>, dims = [[2, 256, 144], [2, 128, 144], [2, 256, 128], [2, 256, 128]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_b = true} : (tensor<2x256x144xf32>, tensor<2x128x144xf32>) -> tensor<2x256x128xf32>
  %1 = mlopt.add %0, %res : (tensor<2x256x128xf32>, tensor<2x256x128xf32>) -> tensor<2x256x128xf32>
  mlopt.yield %1 : tensor<2x256x128xf32>
}

mlopt.kernel @al_128x256x16_01(%a: tensor<128x80xf32>, %b: tensor<512x80xf32>, %bias: tensor<512xf32>) -> tensor<128x512xf32> attributes {mlopt.tile = {m = 128 : i64, n = 256 : i64, warps_m = 2 : i64, warps_n = 4 : i64, k = 16 : i64, stages = 4 : i64, splits = 1 : i64}, hero = #mlopt.hero<contraction>, dims = [[128, 80], [512, 80], [512], [128, 512]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_b = true} : (tensor<128x80xf32>, tensor<512x80xf32>) -> tensor<128x512xf32>
  %1 = mlopt.add %0, %bias : (tensor<128x512xf32>, tensor<512xf32>) -> tensor<128x512xf32>
  %2 = mlopt.abs %1 : (tensor<128x512xf32>) -> tensor<128x512xf32>
  mlopt.yield %2 : tensor<128x512xf32>
}

mlopt.kernel @al_split_128x256x16_10(%a: tensor<2x144x128xf32>, %b: tensor<2x144x256xf32>, %res: tensor<2x128x256xf32>) -> tensor<2x128x256xf32> attributes {mlopt.tile = {m = 128 : i64, n = 256 : i64, warps_m = 2 : i64, warps_n = 4 : i64, k = 16 : i64, stages = 4 : i64, splits = 3 : i64}, hero = #mlopt.hero<contraction>, dims = [[2, 144, 128], [2, 144, 256], [2, 128, 256], [2, 128, 256]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_a = true} : (tensor<2x144x128xf32>, tensor<2x144x256xf32>) -> tensor<2x128x256xf32>
  %1 = mlopt.add %0, %res : (tensor<2x128x256xf32>, tensor<2x128x256xf32>) -> tensor<2x128x256xf32>
  mlopt.yield %1 : tensor<2x128x256xf32>
}

mlopt.kernel @al_128x128x16_10(%a: tensor<80x128xf32>, %b: tensor<80x256xf32>, %bias: tensor<256xf32>) -> tensor<128x256xf32> attributes {mlopt.tile = {m = 128 : i64, n = 128 : i64, warps_m = 2 : i64, warps_n = 2 : i64, k = 16 : i64, stages = 4 : i64, splits = 1 : i64}, hero = #mlopt.hero<contraction>, dims = [[80, 128], [80, 256], [256], [128, 256]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_a = true} : (tensor<80x128xf32>, tensor<80x256xf32>) -> tensor<128x256xf32>
  %1 = mlopt.add %0, %bias : (tensor<128x256xf32>, tensor<256xf32>) -> tensor<128x256xf32>
  %2 = mlopt.abs %1 : (tensor<128x256xf32>) -> tensor<128x256xf32>
  mlopt.yield %2 : tensor<128x256xf32>
}

mlopt.kernel @al_split_128x128x16_11(%a: tensor<2x144x128xf32>, %b: tensor<2x128x144xf32>, %res: tensor<2x128x128xf32>) -> tensor<2x128x128xf32> attributes {mlopt.tile = {m = 128 : i64, n = 128 : i64, warps_m = 2 : i64, warps_n = 2 : i64, k = 16 : i64, stages = 4 : i64, splits = 3 : i64}, hero = #mlopt.hero<contraction>, dims = [[2, 144, 128], [2, 128, 144], [2, 128, 128], [2, 128, 128]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_a = true, transpose_b = true} : (tensor<2x144x128xf32>, tensor<2x128x144xf32>) -> tensor<2x128x128xf32>
  %1 = mlopt.add %0, %res : (tensor<2x128x128xf32>, tensor<2x128x128xf32>) -> tensor<2x128x128xf32>
  mlopt.yield %1 : tensor<2x128x128xf32>
}

mlopt.kernel @al_128x64x16_11(%a: tensor<80x128xf32>, %b: tensor<128x80xf32>, %bias: tensor<128xf32>) -> tensor<128x128xf32> attributes {mlopt.tile = {m = 128 : i64, n = 64 : i64, warps_m = 2 : i64, warps_n = 2 : i64, k = 16 : i64, stages = 4 : i64, splits = 1 : i64}, hero = #mlopt.hero<contraction>, dims = [[80, 128], [128, 80], [128], [128, 128]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_a = true, transpose_b = true} : (tensor<80x128xf32>, tensor<128x80xf32>) -> tensor<128x128xf32>
  %1 = mlopt.add %0, %bias : (tensor<128x128xf32>, tensor<128xf32>) -> tensor<128x128xf32>
  %2 = mlopt.abs %1 : (tensor<128x128xf32>) -> tensor<128x128xf32>
  mlopt.yield %2 : tensor<128x128xf32>
}

mlopt.kernel @al_split_128x64x16_00(%a: tensor<2x128x144xf32>, %b: tensor<2x144x64xf32>, %res: tensor<2x128x64xf32>) -> tensor<2x128x64xf32> attributes {mlopt.tile = {m = 128 : i64, n = 64 : i64, warps_m = 2 : i64, warps_n = 2 : i64, k = 16 : i64, stages = 4 : i64, splits = 3 : i64}, hero = #mlopt.hero<contraction>, dims = [[2, 128, 144], [2, 144, 64], [2, 128, 64], [2, 128, 64]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op} : (tensor<2x128x144xf32>, tensor<2x144x64xf32>) -> tensor<2x128x64xf32>
  %1 = mlopt.add %0, %res : (tensor<2x128x64xf32>, tensor<2x128x64xf32>) -> tensor<2x128x64xf32>
  mlopt.yield %1 : tensor<2x128x64xf32>
}

mlopt.kernel @al_64x128x16_00(%a: tensor<64x80xf32>, %b: tensor<80x256xf32>, %bias: tensor<256xf32>) -> tensor<64x256xf32> attributes {mlopt.tile = {m = 64 : i64, n = 128 : i64, warps_m = 2 : i64, warps_n = 2 : i64, k = 16 : i64, stages = 4 : i64, splits = 1 : i64}, hero = #mlopt.hero<contraction>, dims = [[64, 80], [80, 256], [256], [64, 256]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op} : (tensor<64x80xf32>, tensor<80x256xf32>) -> tensor<64x256xf32>
  %1 = mlopt.add %0, %bias : (tensor<64x256xf32>, tensor<256xf32>) -> tensor<64x256xf32>
  %2 = mlopt.abs %1 : (tensor<64x256xf32>) -> tensor<64x256xf32>
  mlopt.yield %2 : tensor<64x256xf32>
}

mlopt.kernel @al_split_64x128x16_01(%a: tensor<2x64x144xf32>, %b: tensor<2x128x144xf32>, %res: tensor<2x64x128xf32>) -> tensor<2x64x128xf32> attributes {mlopt.tile = {m = 64 : i64, n = 128 : i64, warps_m = 2 : i64, warps_n = 2 : i64, k = 16 : i64, stages = 4 : i64, splits = 3 : i64}, hero = #mlopt.hero<contraction>, dims = [[2, 64, 144], [2, 128, 144], [2, 64, 128], [2, 64, 128]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_b = true} : (tensor<2x64x144xf32>, tensor<2x128x144xf32>) -> tensor<2x64x128xf32>
  %1 = mlopt.add %0, %res : (tensor<2x64x128xf32>, tensor<2x64x128xf32>) -> tensor<2x64x128xf32>
  mlopt.yield %1 : tensor<2x64x128xf32>
}

mlopt.kernel @al_64x64x32_01(%a: tensor<64x160xf32>, %b: tensor<128x160xf32>, %bias: tensor<128xf32>) -> tensor<64x128xf32> attributes {mlopt.tile = {m = 64 : i64, n = 64 : i64, warps_m = 2 : i64, warps_n = 2 : i64, k = 32 : i64, stages = 4 : i64, splits = 1 : i64}, hero = #mlopt.hero<contraction>, dims = [[64, 160], [128, 160], [128], [64, 128]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_b = true} : (tensor<64x160xf32>, tensor<128x160xf32>) -> tensor<64x128xf32>
  %1 = mlopt.add %0, %bias : (tensor<64x128xf32>, tensor<128xf32>) -> tensor<64x128xf32>
  %2 = mlopt.abs %1 : (tensor<64x128xf32>) -> tensor<64x128xf32>
  mlopt.yield %2 : tensor<64x128xf32>
}

mlopt.kernel @al_split_64x64x32_10(%a: tensor<2x288x64xf32>, %b: tensor<2x288x64xf32>, %res: tensor<2x64x64xf32>) -> tensor<2x64x64xf32> attributes {mlopt.tile = {m = 64 : i64, n = 64 : i64, warps_m = 2 : i64, warps_n = 2 : i64, k = 32 : i64, stages = 4 : i64, splits = 3 : i64}, hero = #mlopt.hero<contraction>, dims = [[2, 288, 64], [2, 288, 64], [2, 64, 64], [2, 64, 64]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_a = true} : (tensor<2x288x64xf32>, tensor<2x288x64xf32>) -> tensor<2x64x64xf32>
  %1 = mlopt.add %0, %res : (tensor<2x64x64xf32>, tensor<2x64x64xf32>) -> tensor<2x64x64xf32>
  mlopt.yield %1 : tensor<2x64x64xf32>
}

mlopt.kernel @al_64x32x32_10(%a: tensor<160x64xf32>, %b: tensor<160x64xf32>, %bias: tensor<64xf32>) -> tensor<64x64xf32> attributes {mlopt.tile = {m = 64 : i64, n = 32 : i64, warps_m = 4 : i64, warps_n = 1 : i64, k = 32 : i64, stages = 4 : i64, splits = 1 : i64}, hero = #mlopt.hero<contraction>, dims = [[160, 64], [160, 64], [64], [64, 64]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_a = true} : (tensor<160x64xf32>, tensor<160x64xf32>) -> tensor<64x64xf32>
  %1 = mlopt.add %0, %bias : (tensor<64x64xf32>, tensor<64xf32>) -> tensor<64x64xf32>
  %2 = mlopt.abs %1 : (tensor<64x64xf32>) -> tensor<64x64xf32>
  mlopt.yield %2 : tensor<64x64xf32>
}

mlopt.kernel @al_split_64x32x32_11(%a: tensor<2x288x64xf32>, %b: tensor<2x32x288xf32>, %res: tensor<2x64x32xf32>) -> tensor<2x64x32xf32> attributes {mlopt.tile = {m = 64 : i64, n = 32 : i64, warps_m = 4 : i64, warps_n = 1 : i64, k = 32 : i64, stages = 4 : i64, splits = 3 : i64}, hero = #mlopt.hero<contraction>, dims = [[2, 288, 64], [2, 32, 288], [2, 64, 32], [2, 64, 32]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_a = true, transpose_b = true} : (tensor<2x288x64xf32>, tensor<2x32x288xf32>) -> tensor<2x64x32xf32>
  %1 = mlopt.add %0, %res : (tensor<2x64x32xf32>, tensor<2x64x32xf32>) -> tensor<2x64x32xf32>
  mlopt.yield %1 : tensor<2x64x32xf32>
}

mlopt.kernel @al_32x64x32_11(%a: tensor<160x32xf32>, %b: tensor<128x160xf32>, %bias: tensor<128xf32>) -> tensor<32x128xf32> attributes {mlopt.tile = {m = 32 : i64, n = 64 : i64, warps_m = 2 : i64, warps_n = 2 : i64, k = 32 : i64, stages = 4 : i64, splits = 1 : i64}, hero = #mlopt.hero<contraction>, dims = [[160, 32], [128, 160], [128], [32, 128]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_a = true, transpose_b = true} : (tensor<160x32xf32>, tensor<128x160xf32>) -> tensor<32x128xf32>
  %1 = mlopt.add %0, %bias : (tensor<32x128xf32>, tensor<128xf32>) -> tensor<32x128xf32>
  %2 = mlopt.abs %1 : (tensor<32x128xf32>) -> tensor<32x128xf32>
  mlopt.yield %2 : tensor<32x128xf32>
}

mlopt.kernel @al_split_32x64x32_00(%a: tensor<2x32x288xf32>, %b: tensor<2x288x64xf32>, %res: tensor<2x32x64xf32>) -> tensor<2x32x64xf32> attributes {mlopt.tile = {m = 32 : i64, n = 64 : i64, warps_m = 2 : i64, warps_n = 2 : i64, k = 32 : i64, stages = 4 : i64, splits = 3 : i64}, hero = #mlopt.hero<contraction>, dims = [[2, 32, 288], [2, 288, 64], [2, 32, 64], [2, 32, 64]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op} : (tensor<2x32x288xf32>, tensor<2x288x64xf32>) -> tensor<2x32x64xf32>
  %1 = mlopt.add %0, %res : (tensor<2x32x64xf32>, tensor<2x32x64xf32>) -> tensor<2x32x64xf32>
  mlopt.yield %1 : tensor<2x32x64xf32>
}

mlopt.kernel @al_32x32x32_00(%a: tensor<32x160xf32>, %b: tensor<160x64xf32>, %bias: tensor<64xf32>) -> tensor<32x64xf32> attributes {mlopt.tile = {m = 32 : i64, n = 32 : i64, warps_m = 2 : i64, warps_n = 1 : i64, k = 32 : i64, stages = 4 : i64, splits = 1 : i64}, hero = #mlopt.hero<contraction>, dims = [[32, 160], [160, 64], [64], [32, 64]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op} : (tensor<32x160xf32>, tensor<160x64xf32>) -> tensor<32x64xf32>
  %1 = mlopt.add %0, %bias : (tensor<32x64xf32>, tensor<64xf32>) -> tensor<32x64xf32>
  %2 = mlopt.abs %1 : (tensor<32x64xf32>) -> tensor<32x64xf32>
  mlopt.yield %2 : tensor<32x64xf32>
}

mlopt.kernel @al_split_32x32x32_01(%a: tensor<2x32x288xf32>, %b: tensor<2x32x288xf32>, %res: tensor<2x32x32xf32>) -> tensor<2x32x32xf32> attributes {mlopt.tile = {m = 32 : i64, n = 32 : i64, warps_m = 2 : i64, warps_n = 1 : i64, k = 32 : i64, stages = 4 : i64, splits = 3 : i64}, hero = #mlopt.hero<contraction>, dims = [[2, 32, 288], [2, 32, 288], [2, 32, 32], [2, 32, 32]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_b = true} : (tensor<2x32x288xf32>, tensor<2x32x288xf32>) -> tensor<2x32x32xf32>
  %1 = mlopt.add %0, %res : (tensor<2x32x32xf32>, tensor<2x32x32xf32>) -> tensor<2x32x32xf32>
  mlopt.yield %1 : tensor<2x32x32xf32>
}

mlopt.kernel @al_16x128x32_01(%a: tensor<16x160xf32>, %b: tensor<256x160xf32>, %bias: tensor<256xf32>) -> tensor<16x256xf32> attributes {mlopt.tile = {m = 16 : i64, n = 128 : i64, warps_m = 1 : i64, warps_n = 4 : i64, k = 32 : i64, stages = 4 : i64, splits = 1 : i64}, hero = #mlopt.hero<contraction>, dims = [[16, 160], [256, 160], [256], [16, 256]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_b = true} : (tensor<16x160xf32>, tensor<256x160xf32>) -> tensor<16x256xf32>
  %1 = mlopt.add %0, %bias : (tensor<16x256xf32>, tensor<256xf32>) -> tensor<16x256xf32>
  %2 = mlopt.abs %1 : (tensor<16x256xf32>) -> tensor<16x256xf32>
  mlopt.yield %2 : tensor<16x256xf32>
}

mlopt.kernel @al_split_16x128x32_10(%a: tensor<2x288x16xf32>, %b: tensor<2x288x128xf32>, %res: tensor<2x16x128xf32>) -> tensor<2x16x128xf32> attributes {mlopt.tile = {m = 16 : i64, n = 128 : i64, warps_m = 1 : i64, warps_n = 4 : i64, k = 32 : i64, stages = 4 : i64, splits = 3 : i64}, hero = #mlopt.hero<contraction>, dims = [[2, 288, 16], [2, 288, 128], [2, 16, 128], [2, 16, 128]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_a = true} : (tensor<2x288x16xf32>, tensor<2x288x128xf32>) -> tensor<2x16x128xf32>
  %1 = mlopt.add %0, %res : (tensor<2x16x128xf32>, tensor<2x16x128xf32>) -> tensor<2x16x128xf32>
  mlopt.yield %1 : tensor<2x16x128xf32>
}

mlopt.kernel @al_16x64x32_10(%a: tensor<160x16xf32>, %b: tensor<160x128xf32>, %bias: tensor<128xf32>) -> tensor<16x128xf32> attributes {mlopt.tile = {m = 16 : i64, n = 64 : i64, warps_m = 1 : i64, warps_n = 2 : i64, k = 32 : i64, stages = 6 : i64, splits = 1 : i64}, hero = #mlopt.hero<contraction>, dims = [[160, 16], [160, 128], [128], [16, 128]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_a = true} : (tensor<160x16xf32>, tensor<160x128xf32>) -> tensor<16x128xf32>
  %1 = mlopt.add %0, %bias : (tensor<16x128xf32>, tensor<128xf32>) -> tensor<16x128xf32>
  %2 = mlopt.abs %1 : (tensor<16x128xf32>) -> tensor<16x128xf32>
  mlopt.yield %2 : tensor<16x128xf32>
}

mlopt.kernel @al_split_16x64x32_11(%a: tensor<2x288x16xf32>, %b: tensor<2x64x288xf32>, %res: tensor<2x16x64xf32>) -> tensor<2x16x64xf32> attributes {mlopt.tile = {m = 16 : i64, n = 64 : i64, warps_m = 1 : i64, warps_n = 2 : i64, k = 32 : i64, stages = 6 : i64, splits = 3 : i64}, hero = #mlopt.hero<contraction>, dims = [[2, 288, 16], [2, 64, 288], [2, 16, 64], [2, 16, 64]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_a = true, transpose_b = true} : (tensor<2x288x16xf32>, tensor<2x64x288xf32>) -> tensor<2x16x64xf32>
  %1 = mlopt.add %0, %res : (tensor<2x16x64xf32>, tensor<2x16x64xf32>) -> tensor<2x16x64xf32>
  mlopt.yield %1 : tensor<2x16x64xf32>
}

mlopt.kernel @even_256x128x16_10(%a: tensor<42x262xf32>, %b: tensor<42x142xf32>, %res: tensor<262x142xf32>) -> tensor<262x142xf32> attributes {mlopt.tile = {m = 256 : i64, n = 128 : i64, warps_m = 4 : i64, warps_n = 2 : i64, k = 16 : i64, stages = 4 : i64, splits = 1 : i64}, hero = #mlopt.hero<contraction>, dims = [[42, 262], [42, 142], [262, 142], [262, 142]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_a = true} : (tensor<42x262xf32>, tensor<42x142xf32>) -> tensor<262x142xf32>
  %1 = mlopt.add %0, %res : (tensor<262x142xf32>, tensor<262x142xf32>) -> tensor<262x142xf32>
  mlopt.yield %1 : tensor<262x142xf32>
}

mlopt.kernel @odd_256x128x16_11(%a: tensor<37x261xf32>, %b: tensor<135x37xf32>, %bias: tensor<135xf32>) -> tensor<261x135xf32> attributes {mlopt.tile = {m = 256 : i64, n = 128 : i64, warps_m = 4 : i64, warps_n = 2 : i64, k = 16 : i64, stages = 4 : i64, splits = 1 : i64}, hero = #mlopt.hero<contraction>, dims = [[37, 261], [135, 37], [135], [261, 135]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_a = true, transpose_b = true} : (tensor<37x261xf32>, tensor<135x37xf32>) -> tensor<261x135xf32>
  %1 = mlopt.add %0, %bias : (tensor<261x135xf32>, tensor<135xf32>) -> tensor<261x135xf32>
  mlopt.yield %1 : tensor<261x135xf32>
}

mlopt.kernel @even_128x256x16_11(%a: tensor<42x134xf32>, %b: tensor<270x42xf32>, %res: tensor<134x270xf32>) -> tensor<134x270xf32> attributes {mlopt.tile = {m = 128 : i64, n = 256 : i64, warps_m = 2 : i64, warps_n = 4 : i64, k = 16 : i64, stages = 4 : i64, splits = 1 : i64}, hero = #mlopt.hero<contraction>, dims = [[42, 134], [270, 42], [134, 270], [134, 270]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_a = true, transpose_b = true} : (tensor<42x134xf32>, tensor<270x42xf32>) -> tensor<134x270xf32>
  %1 = mlopt.add %0, %res : (tensor<134x270xf32>, tensor<134x270xf32>) -> tensor<134x270xf32>
  mlopt.yield %1 : tensor<134x270xf32>
}

mlopt.kernel @odd_128x256x16_00(%a: tensor<133x37xf32>, %b: tensor<37x263xf32>, %bias: tensor<263xf32>) -> tensor<133x263xf32> attributes {mlopt.tile = {m = 128 : i64, n = 256 : i64, warps_m = 2 : i64, warps_n = 4 : i64, k = 16 : i64, stages = 4 : i64, splits = 1 : i64}, hero = #mlopt.hero<contraction>, dims = [[133, 37], [37, 263], [263], [133, 263]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op} : (tensor<133x37xf32>, tensor<37x263xf32>) -> tensor<133x263xf32>
  %1 = mlopt.add %0, %bias : (tensor<133x263xf32>, tensor<263xf32>) -> tensor<133x263xf32>
  mlopt.yield %1 : tensor<133x263xf32>
}

mlopt.kernel @even_128x128x16_00(%a: tensor<134x42xf32>, %b: tensor<42x142xf32>, %res: tensor<134x142xf32>) -> tensor<134x142xf32> attributes {mlopt.tile = {m = 128 : i64, n = 128 : i64, warps_m = 2 : i64, warps_n = 2 : i64, k = 16 : i64, stages = 4 : i64, splits = 1 : i64}, hero = #mlopt.hero<contraction>, dims = [[134, 42], [42, 142], [134, 142], [134, 142]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op} : (tensor<134x42xf32>, tensor<42x142xf32>) -> tensor<134x142xf32>
  %1 = mlopt.add %0, %res : (tensor<134x142xf32>, tensor<134x142xf32>) -> tensor<134x142xf32>
  mlopt.yield %1 : tensor<134x142xf32>
}

mlopt.kernel @odd_128x128x16_01(%a: tensor<133x37xf32>, %b: tensor<135x37xf32>, %bias: tensor<135xf32>) -> tensor<133x135xf32> attributes {mlopt.tile = {m = 128 : i64, n = 128 : i64, warps_m = 2 : i64, warps_n = 2 : i64, k = 16 : i64, stages = 4 : i64, splits = 1 : i64}, hero = #mlopt.hero<contraction>, dims = [[133, 37], [135, 37], [135], [133, 135]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_b = true} : (tensor<133x37xf32>, tensor<135x37xf32>) -> tensor<133x135xf32>
  %1 = mlopt.add %0, %bias : (tensor<133x135xf32>, tensor<135xf32>) -> tensor<133x135xf32>
  mlopt.yield %1 : tensor<133x135xf32>
}

mlopt.kernel @even_128x64x16_01(%a: tensor<134x42xf32>, %b: tensor<78x42xf32>, %res: tensor<134x78xf32>) -> tensor<134x78xf32> attributes {mlopt.tile = {m = 128 : i64, n = 64 : i64, warps_m = 2 : i64, warps_n = 2 : i64, k = 16 : i64, stages = 4 : i64, splits = 1 : i64}, hero = #mlopt.hero<contraction>, dims = [[134, 42], [78, 42], [134, 78], [134, 78]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_b = true} : (tensor<134x42xf32>, tensor<78x42xf32>) -> tensor<134x78xf32>
  %1 = mlopt.add %0, %res : (tensor<134x78xf32>, tensor<134x78xf32>) -> tensor<134x78xf32>
  mlopt.yield %1 : tensor<134x78xf32>
}

mlopt.kernel @odd_128x64x16_10(%a: tensor<37x133xf32>, %b: tensor<37x71xf32>, %bias: tensor<71xf32>) -> tensor<133x71xf32> attributes {mlopt.tile = {m = 128 : i64, n = 64 : i64, warps_m = 2 : i64, warps_n = 2 : i64, k = 16 : i64, stages = 4 : i64, splits = 1 : i64}, hero = #mlopt.hero<contraction>, dims = [[37, 133], [37, 71], [71], [133, 71]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_a = true} : (tensor<37x133xf32>, tensor<37x71xf32>) -> tensor<133x71xf32>
  %1 = mlopt.add %0, %bias : (tensor<133x71xf32>, tensor<71xf32>) -> tensor<133x71xf32>
  mlopt.yield %1 : tensor<133x71xf32>
}

mlopt.kernel @even_64x128x16_10(%a: tensor<42x70xf32>, %b: tensor<42x142xf32>, %res: tensor<70x142xf32>) -> tensor<70x142xf32> attributes {mlopt.tile = {m = 64 : i64, n = 128 : i64, warps_m = 2 : i64, warps_n = 2 : i64, k = 16 : i64, stages = 4 : i64, splits = 1 : i64}, hero = #mlopt.hero<contraction>, dims = [[42, 70], [42, 142], [70, 142], [70, 142]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_a = true} : (tensor<42x70xf32>, tensor<42x142xf32>) -> tensor<70x142xf32>
  %1 = mlopt.add %0, %res : (tensor<70x142xf32>, tensor<70x142xf32>) -> tensor<70x142xf32>
  mlopt.yield %1 : tensor<70x142xf32>
}

mlopt.kernel @odd_64x128x16_11(%a: tensor<37x69xf32>, %b: tensor<135x37xf32>, %bias: tensor<135xf32>) -> tensor<69x135xf32> attributes {mlopt.tile = {m = 64 : i64, n = 128 : i64, warps_m = 2 : i64, warps_n = 2 : i64, k = 16 : i64, stages = 4 : i64, splits = 1 : i64}, hero = #mlopt.hero<contraction>, dims = [[37, 69], [135, 37], [135], [69, 135]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_a = true, transpose_b = true} : (tensor<37x69xf32>, tensor<135x37xf32>) -> tensor<69x135xf32>
  %1 = mlopt.add %0, %bias : (tensor<69x135xf32>, tensor<135xf32>) -> tensor<69x135xf32>
  mlopt.yield %1 : tensor<69x135xf32>
}

mlopt.kernel @even_64x64x32_11(%a: tensor<90x70xf32>, %b: tensor<78x90xf32>, %res: tensor<70x78xf32>) -> tensor<70x78xf32> attributes {mlopt.tile = {m = 64 : i64, n = 64 : i64, warps_m = 2 : i64, warps_n = 2 : i64, k = 32 : i64, stages = 4 : i64, splits = 1 : i64}, hero = #mlopt.hero<contraction>, dims = [[90, 70], [78, 90], [70, 78], [70, 78]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_a = true, transpose_b = true} : (tensor<90x70xf32>, tensor<78x90xf32>) -> tensor<70x78xf32>
  %1 = mlopt.add %0, %res : (tensor<70x78xf32>, tensor<70x78xf32>) -> tensor<70x78xf32>
  mlopt.yield %1 : tensor<70x78xf32>
}

mlopt.kernel @odd_64x64x32_00(%a: tensor<69x69xf32>, %b: tensor<69x71xf32>, %bias: tensor<71xf32>) -> tensor<69x71xf32> attributes {mlopt.tile = {m = 64 : i64, n = 64 : i64, warps_m = 2 : i64, warps_n = 2 : i64, k = 32 : i64, stages = 4 : i64, splits = 1 : i64}, hero = #mlopt.hero<contraction>, dims = [[69, 69], [69, 71], [71], [69, 71]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op} : (tensor<69x69xf32>, tensor<69x71xf32>) -> tensor<69x71xf32>
  %1 = mlopt.add %0, %bias : (tensor<69x71xf32>, tensor<71xf32>) -> tensor<69x71xf32>
  mlopt.yield %1 : tensor<69x71xf32>
}

mlopt.kernel @even_64x32x32_00(%a: tensor<70x90xf32>, %b: tensor<90x46xf32>, %res: tensor<70x46xf32>) -> tensor<70x46xf32> attributes {mlopt.tile = {m = 64 : i64, n = 32 : i64, warps_m = 4 : i64, warps_n = 1 : i64, k = 32 : i64, stages = 4 : i64, splits = 1 : i64}, hero = #mlopt.hero<contraction>, dims = [[70, 90], [90, 46], [70, 46], [70, 46]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op} : (tensor<70x90xf32>, tensor<90x46xf32>) -> tensor<70x46xf32>
  %1 = mlopt.add %0, %res : (tensor<70x46xf32>, tensor<70x46xf32>) -> tensor<70x46xf32>
  mlopt.yield %1 : tensor<70x46xf32>
}

mlopt.kernel @odd_64x32x32_01(%a: tensor<2x69x69xf32>, %b: tensor<2x39x69xf32>, %bias: tensor<39xf32>) -> tensor<2x69x39xf32> attributes {mlopt.tile = {m = 64 : i64, n = 32 : i64, warps_m = 4 : i64, warps_n = 1 : i64, k = 32 : i64, stages = 4 : i64, splits = 1 : i64}, hero = #mlopt.hero<contraction>, dims = [[2, 69, 69], [2, 39, 69], [39], [2, 69, 39]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_b = true} : (tensor<2x69x69xf32>, tensor<2x39x69xf32>) -> tensor<2x69x39xf32>
  %1 = mlopt.add %0, %bias : (tensor<2x69x39xf32>, tensor<39xf32>) -> tensor<2x69x39xf32>
  mlopt.yield %1 : tensor<2x69x39xf32>
}

mlopt.kernel @even_32x64x32_01(%a: tensor<38x90xf32>, %b: tensor<78x90xf32>, %res: tensor<38x78xf32>) -> tensor<38x78xf32> attributes {mlopt.tile = {m = 32 : i64, n = 64 : i64, warps_m = 2 : i64, warps_n = 2 : i64, k = 32 : i64, stages = 4 : i64, splits = 1 : i64}, hero = #mlopt.hero<contraction>, dims = [[38, 90], [78, 90], [38, 78], [38, 78]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_b = true} : (tensor<38x90xf32>, tensor<78x90xf32>) -> tensor<38x78xf32>
  %1 = mlopt.add %0, %res : (tensor<38x78xf32>, tensor<38x78xf32>) -> tensor<38x78xf32>
  mlopt.yield %1 : tensor<38x78xf32>
}

mlopt.kernel @odd_32x64x32_10(%a: tensor<2x69x37xf32>, %b: tensor<2x69x71xf32>, %bias: tensor<71xf32>) -> tensor<2x37x71xf32> attributes {mlopt.tile = {m = 32 : i64, n = 64 : i64, warps_m = 2 : i64, warps_n = 2 : i64, k = 32 : i64, stages = 4 : i64, splits = 1 : i64}, hero = #mlopt.hero<contraction>, dims = [[2, 69, 37], [2, 69, 71], [71], [2, 37, 71]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_a = true} : (tensor<2x69x37xf32>, tensor<2x69x71xf32>) -> tensor<2x37x71xf32>
  %1 = mlopt.add %0, %bias : (tensor<2x37x71xf32>, tensor<71xf32>) -> tensor<2x37x71xf32>
  mlopt.yield %1 : tensor<2x37x71xf32>
}

mlopt.kernel @even_32x32x32_10(%a: tensor<90x38xf32>, %b: tensor<90x46xf32>, %res: tensor<38x46xf32>) -> tensor<38x46xf32> attributes {mlopt.tile = {m = 32 : i64, n = 32 : i64, warps_m = 2 : i64, warps_n = 1 : i64, k = 32 : i64, stages = 4 : i64, splits = 1 : i64}, hero = #mlopt.hero<contraction>, dims = [[90, 38], [90, 46], [38, 46], [38, 46]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_a = true} : (tensor<90x38xf32>, tensor<90x46xf32>) -> tensor<38x46xf32>
  %1 = mlopt.add %0, %res : (tensor<38x46xf32>, tensor<38x46xf32>) -> tensor<38x46xf32>
  mlopt.yield %1 : tensor<38x46xf32>
}

mlopt.kernel @odd_32x32x32_11(%a: tensor<2x69x37xf32>, %b: tensor<2x39x69xf32>, %bias: tensor<39xf32>) -> tensor<2x37x39xf32> attributes {mlopt.tile = {m = 32 : i64, n = 32 : i64, warps_m = 2 : i64, warps_n = 1 : i64, k = 32 : i64, stages = 4 : i64, splits = 1 : i64}, hero = #mlopt.hero<contraction>, dims = [[2, 69, 37], [2, 39, 69], [39], [2, 37, 39]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_a = true, transpose_b = true} : (tensor<2x69x37xf32>, tensor<2x39x69xf32>) -> tensor<2x37x39xf32>
  %1 = mlopt.add %0, %bias : (tensor<2x37x39xf32>, tensor<39xf32>) -> tensor<2x37x39xf32>
  mlopt.yield %1 : tensor<2x37x39xf32>
}

mlopt.kernel @even_16x128x32_11(%a: tensor<90x22xf32>, %b: tensor<142x90xf32>, %res: tensor<22x142xf32>) -> tensor<22x142xf32> attributes {mlopt.tile = {m = 16 : i64, n = 128 : i64, warps_m = 1 : i64, warps_n = 4 : i64, k = 32 : i64, stages = 4 : i64, splits = 1 : i64}, hero = #mlopt.hero<contraction>, dims = [[90, 22], [142, 90], [22, 142], [22, 142]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_a = true, transpose_b = true} : (tensor<90x22xf32>, tensor<142x90xf32>) -> tensor<22x142xf32>
  %1 = mlopt.add %0, %res : (tensor<22x142xf32>, tensor<22x142xf32>) -> tensor<22x142xf32>
  mlopt.yield %1 : tensor<22x142xf32>
}

mlopt.kernel @odd_16x128x32_00(%a: tensor<2x21x69xf32>, %b: tensor<2x69x135xf32>, %bias: tensor<135xf32>) -> tensor<2x21x135xf32> attributes {mlopt.tile = {m = 16 : i64, n = 128 : i64, warps_m = 1 : i64, warps_n = 4 : i64, k = 32 : i64, stages = 4 : i64, splits = 1 : i64}, hero = #mlopt.hero<contraction>, dims = [[2, 21, 69], [2, 69, 135], [135], [2, 21, 135]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op} : (tensor<2x21x69xf32>, tensor<2x69x135xf32>) -> tensor<2x21x135xf32>
  %1 = mlopt.add %0, %bias : (tensor<2x21x135xf32>, tensor<135xf32>) -> tensor<2x21x135xf32>
  mlopt.yield %1 : tensor<2x21x135xf32>
}

mlopt.kernel @even_16x64x32_00(%a: tensor<22x90xf32>, %b: tensor<90x78xf32>, %res: tensor<22x78xf32>) -> tensor<22x78xf32> attributes {mlopt.tile = {m = 16 : i64, n = 64 : i64, warps_m = 1 : i64, warps_n = 2 : i64, k = 32 : i64, stages = 6 : i64, splits = 1 : i64}, hero = #mlopt.hero<contraction>, dims = [[22, 90], [90, 78], [22, 78], [22, 78]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op} : (tensor<22x90xf32>, tensor<90x78xf32>) -> tensor<22x78xf32>
  %1 = mlopt.add %0, %res : (tensor<22x78xf32>, tensor<22x78xf32>) -> tensor<22x78xf32>
  mlopt.yield %1 : tensor<22x78xf32>
}

mlopt.kernel @odd_16x64x32_01(%a: tensor<2x21x69xf32>, %b: tensor<2x71x69xf32>, %bias: tensor<71xf32>) -> tensor<2x21x71xf32> attributes {mlopt.tile = {m = 16 : i64, n = 64 : i64, warps_m = 1 : i64, warps_n = 2 : i64, k = 32 : i64, stages = 6 : i64, splits = 1 : i64}, hero = #mlopt.hero<contraction>, dims = [[2, 21, 69], [2, 71, 69], [71], [2, 21, 71]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_b = true} : (tensor<2x21x69xf32>, tensor<2x71x69xf32>) -> tensor<2x21x71xf32>
  %1 = mlopt.add %0, %bias : (tensor<2x21x71xf32>, tensor<71xf32>) -> tensor<2x21x71xf32>
  mlopt.yield %1 : tensor<2x21x71xf32>
}

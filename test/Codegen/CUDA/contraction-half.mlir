// RUN: %cuda MLOPT_FAKE_CUDA_STRICT=1 mlopt-cuda-kernel-test %s --ptxas=none --tolerance=1e-3 --atol=3e-3 | FileCheck %s --implicit-check-not=FAILED --implicit-check-not='conflicts={{1.0[1-9]|1.[1-9]|[2-9]}}' --implicit-check-not=cuda-generic
// RUN: %if ptxas %{ mlopt-cuda-kernel-test %s --gpu=sm_80,sm_90,sm_100 --no-run | FileCheck %s --check-prefix=SPILLS --implicit-check-not='spills={{[1-9]}}' %}
//
// Every tile of f16 and bf16 by mma.sync m16n8k16, by name, in the emulator: sizes of whole tiles,
// where no sector is read or written beyond what is asked for; sums of parts of k; sizes
// that are even or odd and end inside tiles.
// CHECK-COUNT-24: {{^}}al_{{.*}}: cuda-contraction excess=0 conflicts=1.00 {{.*}} ok
// CHECK-COUNT-18: {{^(even|odd)_.*}}: cuda-contraction {{.*}} ok
// SPILLS-COUNT-126: cuda-contraction registers={{[0-9]+}} spills=0

mlopt.kernel @al_256x128x32_00(%a: tensor<256x160xf16>, %b: tensor<160x256xf16>, %bias: tensor<256xf16>) -> tensor<256x256xf16> attributes {mlopt.tile = {m = 256 : i64, n = 128 : i64, warps_m = 4 : i64, warps_n = 2 : i64, k = 32 : i64, stages = 4 : i64, splits = 1 : i64}, hero = #mlopt.hero<contraction>, dims = [[256, 160], [160, 256], [256], [256, 256]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op} : (tensor<256x160xf16>, tensor<160x256xf16>) -> tensor<256x256xf16>
  %1 = mlopt.add %0, %bias : (tensor<256x256xf16>, tensor<256xf16>) -> tensor<256x256xf16>
  %2 = mlopt.abs %1 : (tensor<256x256xf16>) -> tensor<256x256xf16>
  mlopt.yield %2 : tensor<256x256xf16>
}

mlopt.kernel @al_split_256x128x32_01(%a: tensor<2x256x288xf16>, %b: tensor<2x128x288xf16>, %res: tensor<2x256x128xf16>) -> tensor<2x256x128xf16> attributes {mlopt.tile = {m = 256 : i64, n = 128 : i64, warps_m = 4 : i64, warps_n = 2 : i64, k = 32 : i64, stages = 4 : i64, splits = 3 : i64}, hero = #mlopt.hero<contraction>, dims = [[2, 256, 288], [2, 128, 288], [2, 256, 128], [2, 256, 128]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_b = true} : (tensor<2x256x288xf16>, tensor<2x128x288xf16>) -> tensor<2x256x128xf16>
  %1 = mlopt.add %0, %res : (tensor<2x256x128xf16>, tensor<2x256x128xf16>) -> tensor<2x256x128xf16>
  mlopt.yield %1 : tensor<2x256x128xf16>
}

mlopt.kernel @al_128x256x32_01(%a: tensor<128x160xbf16>, %b: tensor<512x160xbf16>, %bias: tensor<512xbf16>) -> tensor<128x512xbf16> attributes {mlopt.tile = {m = 128 : i64, n = 256 : i64, warps_m = 2 : i64, warps_n = 4 : i64, k = 32 : i64, stages = 4 : i64, splits = 1 : i64}, hero = #mlopt.hero<contraction>, dims = [[128, 160], [512, 160], [512], [128, 512]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_b = true} : (tensor<128x160xbf16>, tensor<512x160xbf16>) -> tensor<128x512xbf16>
  %1 = mlopt.add %0, %bias : (tensor<128x512xbf16>, tensor<512xbf16>) -> tensor<128x512xbf16>
  %2 = mlopt.abs %1 : (tensor<128x512xbf16>) -> tensor<128x512xbf16>
  mlopt.yield %2 : tensor<128x512xbf16>
}

mlopt.kernel @al_split_128x256x32_10(%a: tensor<2x288x128xbf16>, %b: tensor<2x288x256xbf16>, %res: tensor<2x128x256xbf16>) -> tensor<2x128x256xbf16> attributes {mlopt.tile = {m = 128 : i64, n = 256 : i64, warps_m = 2 : i64, warps_n = 4 : i64, k = 32 : i64, stages = 4 : i64, splits = 3 : i64}, hero = #mlopt.hero<contraction>, dims = [[2, 288, 128], [2, 288, 256], [2, 128, 256], [2, 128, 256]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_a = true} : (tensor<2x288x128xbf16>, tensor<2x288x256xbf16>) -> tensor<2x128x256xbf16>
  %1 = mlopt.add %0, %res : (tensor<2x128x256xbf16>, tensor<2x128x256xbf16>) -> tensor<2x128x256xbf16>
  mlopt.yield %1 : tensor<2x128x256xbf16>
}

mlopt.kernel @al_128x128x32_10(%a: tensor<160x128xf16>, %b: tensor<160x256xf16>, %bias: tensor<256xf16>) -> tensor<128x256xf16> attributes {mlopt.tile = {m = 128 : i64, n = 128 : i64, warps_m = 2 : i64, warps_n = 2 : i64, k = 32 : i64, stages = 4 : i64, splits = 1 : i64}, hero = #mlopt.hero<contraction>, dims = [[160, 128], [160, 256], [256], [128, 256]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_a = true} : (tensor<160x128xf16>, tensor<160x256xf16>) -> tensor<128x256xf16>
  %1 = mlopt.add %0, %bias : (tensor<128x256xf16>, tensor<256xf16>) -> tensor<128x256xf16>
  %2 = mlopt.abs %1 : (tensor<128x256xf16>) -> tensor<128x256xf16>
  mlopt.yield %2 : tensor<128x256xf16>
}

mlopt.kernel @al_split_128x128x32_11(%a: tensor<2x288x128xf16>, %b: tensor<2x128x288xf16>, %res: tensor<2x128x128xf16>) -> tensor<2x128x128xf16> attributes {mlopt.tile = {m = 128 : i64, n = 128 : i64, warps_m = 2 : i64, warps_n = 2 : i64, k = 32 : i64, stages = 4 : i64, splits = 3 : i64}, hero = #mlopt.hero<contraction>, dims = [[2, 288, 128], [2, 128, 288], [2, 128, 128], [2, 128, 128]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_a = true, transpose_b = true} : (tensor<2x288x128xf16>, tensor<2x128x288xf16>) -> tensor<2x128x128xf16>
  %1 = mlopt.add %0, %res : (tensor<2x128x128xf16>, tensor<2x128x128xf16>) -> tensor<2x128x128xf16>
  mlopt.yield %1 : tensor<2x128x128xf16>
}

mlopt.kernel @al_128x128x64_11(%a: tensor<320x128xbf16>, %b: tensor<256x320xbf16>, %bias: tensor<256xbf16>) -> tensor<128x256xbf16> attributes {mlopt.tile = {m = 128 : i64, n = 128 : i64, warps_m = 2 : i64, warps_n = 2 : i64, k = 64 : i64, stages = 3 : i64, splits = 1 : i64}, hero = #mlopt.hero<contraction>, dims = [[320, 128], [256, 320], [256], [128, 256]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_a = true, transpose_b = true} : (tensor<320x128xbf16>, tensor<256x320xbf16>) -> tensor<128x256xbf16>
  %1 = mlopt.add %0, %bias : (tensor<128x256xbf16>, tensor<256xbf16>) -> tensor<128x256xbf16>
  %2 = mlopt.abs %1 : (tensor<128x256xbf16>) -> tensor<128x256xbf16>
  mlopt.yield %2 : tensor<128x256xbf16>
}

mlopt.kernel @al_split_128x128x64_00(%a: tensor<2x128x576xbf16>, %b: tensor<2x576x128xbf16>, %res: tensor<2x128x128xbf16>) -> tensor<2x128x128xbf16> attributes {mlopt.tile = {m = 128 : i64, n = 128 : i64, warps_m = 2 : i64, warps_n = 2 : i64, k = 64 : i64, stages = 3 : i64, splits = 3 : i64}, hero = #mlopt.hero<contraction>, dims = [[2, 128, 576], [2, 576, 128], [2, 128, 128], [2, 128, 128]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op} : (tensor<2x128x576xbf16>, tensor<2x576x128xbf16>) -> tensor<2x128x128xbf16>
  %1 = mlopt.add %0, %res : (tensor<2x128x128xbf16>, tensor<2x128x128xbf16>) -> tensor<2x128x128xbf16>
  mlopt.yield %1 : tensor<2x128x128xbf16>
}

mlopt.kernel @al_128x64x64_00(%a: tensor<128x320xf16>, %b: tensor<320x128xf16>, %bias: tensor<128xf16>) -> tensor<128x128xf16> attributes {mlopt.tile = {m = 128 : i64, n = 64 : i64, warps_m = 2 : i64, warps_n = 2 : i64, k = 64 : i64, stages = 3 : i64, splits = 1 : i64}, hero = #mlopt.hero<contraction>, dims = [[128, 320], [320, 128], [128], [128, 128]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op} : (tensor<128x320xf16>, tensor<320x128xf16>) -> tensor<128x128xf16>
  %1 = mlopt.add %0, %bias : (tensor<128x128xf16>, tensor<128xf16>) -> tensor<128x128xf16>
  %2 = mlopt.abs %1 : (tensor<128x128xf16>) -> tensor<128x128xf16>
  mlopt.yield %2 : tensor<128x128xf16>
}

mlopt.kernel @al_split_128x64x64_01(%a: tensor<2x128x576xf16>, %b: tensor<2x64x576xf16>, %res: tensor<2x128x64xf16>) -> tensor<2x128x64xf16> attributes {mlopt.tile = {m = 128 : i64, n = 64 : i64, warps_m = 2 : i64, warps_n = 2 : i64, k = 64 : i64, stages = 3 : i64, splits = 3 : i64}, hero = #mlopt.hero<contraction>, dims = [[2, 128, 576], [2, 64, 576], [2, 128, 64], [2, 128, 64]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_b = true} : (tensor<2x128x576xf16>, tensor<2x64x576xf16>) -> tensor<2x128x64xf16>
  %1 = mlopt.add %0, %res : (tensor<2x128x64xf16>, tensor<2x128x64xf16>) -> tensor<2x128x64xf16>
  mlopt.yield %1 : tensor<2x128x64xf16>
}

mlopt.kernel @al_64x128x64_01(%a: tensor<64x320xbf16>, %b: tensor<256x320xbf16>, %bias: tensor<256xbf16>) -> tensor<64x256xbf16> attributes {mlopt.tile = {m = 64 : i64, n = 128 : i64, warps_m = 2 : i64, warps_n = 2 : i64, k = 64 : i64, stages = 3 : i64, splits = 1 : i64}, hero = #mlopt.hero<contraction>, dims = [[64, 320], [256, 320], [256], [64, 256]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_b = true} : (tensor<64x320xbf16>, tensor<256x320xbf16>) -> tensor<64x256xbf16>
  %1 = mlopt.add %0, %bias : (tensor<64x256xbf16>, tensor<256xbf16>) -> tensor<64x256xbf16>
  %2 = mlopt.abs %1 : (tensor<64x256xbf16>) -> tensor<64x256xbf16>
  mlopt.yield %2 : tensor<64x256xbf16>
}

mlopt.kernel @al_split_64x128x64_10(%a: tensor<2x576x64xbf16>, %b: tensor<2x576x128xbf16>, %res: tensor<2x64x128xbf16>) -> tensor<2x64x128xbf16> attributes {mlopt.tile = {m = 64 : i64, n = 128 : i64, warps_m = 2 : i64, warps_n = 2 : i64, k = 64 : i64, stages = 3 : i64, splits = 3 : i64}, hero = #mlopt.hero<contraction>, dims = [[2, 576, 64], [2, 576, 128], [2, 64, 128], [2, 64, 128]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_a = true} : (tensor<2x576x64xbf16>, tensor<2x576x128xbf16>) -> tensor<2x64x128xbf16>
  %1 = mlopt.add %0, %res : (tensor<2x64x128xbf16>, tensor<2x64x128xbf16>) -> tensor<2x64x128xbf16>
  mlopt.yield %1 : tensor<2x64x128xbf16>
}

mlopt.kernel @al_64x64x64_10(%a: tensor<320x64xf16>, %b: tensor<320x128xf16>, %bias: tensor<128xf16>) -> tensor<64x128xf16> attributes {mlopt.tile = {m = 64 : i64, n = 64 : i64, warps_m = 2 : i64, warps_n = 2 : i64, k = 64 : i64, stages = 4 : i64, splits = 1 : i64}, hero = #mlopt.hero<contraction>, dims = [[320, 64], [320, 128], [128], [64, 128]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_a = true} : (tensor<320x64xf16>, tensor<320x128xf16>) -> tensor<64x128xf16>
  %1 = mlopt.add %0, %bias : (tensor<64x128xf16>, tensor<128xf16>) -> tensor<64x128xf16>
  %2 = mlopt.abs %1 : (tensor<64x128xf16>) -> tensor<64x128xf16>
  mlopt.yield %2 : tensor<64x128xf16>
}

mlopt.kernel @al_split_64x64x64_11(%a: tensor<2x576x64xf16>, %b: tensor<2x64x576xf16>, %res: tensor<2x64x64xf16>) -> tensor<2x64x64xf16> attributes {mlopt.tile = {m = 64 : i64, n = 64 : i64, warps_m = 2 : i64, warps_n = 2 : i64, k = 64 : i64, stages = 4 : i64, splits = 3 : i64}, hero = #mlopt.hero<contraction>, dims = [[2, 576, 64], [2, 64, 576], [2, 64, 64], [2, 64, 64]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_a = true, transpose_b = true} : (tensor<2x576x64xf16>, tensor<2x64x576xf16>) -> tensor<2x64x64xf16>
  %1 = mlopt.add %0, %res : (tensor<2x64x64xf16>, tensor<2x64x64xf16>) -> tensor<2x64x64xf16>
  mlopt.yield %1 : tensor<2x64x64xf16>
}

mlopt.kernel @al_64x32x64_11(%a: tensor<320x64xbf16>, %b: tensor<64x320xbf16>, %bias: tensor<64xbf16>) -> tensor<64x64xbf16> attributes {mlopt.tile = {m = 64 : i64, n = 32 : i64, warps_m = 4 : i64, warps_n = 1 : i64, k = 64 : i64, stages = 4 : i64, splits = 1 : i64}, hero = #mlopt.hero<contraction>, dims = [[320, 64], [64, 320], [64], [64, 64]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_a = true, transpose_b = true} : (tensor<320x64xbf16>, tensor<64x320xbf16>) -> tensor<64x64xbf16>
  %1 = mlopt.add %0, %bias : (tensor<64x64xbf16>, tensor<64xbf16>) -> tensor<64x64xbf16>
  %2 = mlopt.abs %1 : (tensor<64x64xbf16>) -> tensor<64x64xbf16>
  mlopt.yield %2 : tensor<64x64xbf16>
}

mlopt.kernel @al_split_64x32x64_00(%a: tensor<2x64x576xbf16>, %b: tensor<2x576x32xbf16>, %res: tensor<2x64x32xbf16>) -> tensor<2x64x32xbf16> attributes {mlopt.tile = {m = 64 : i64, n = 32 : i64, warps_m = 4 : i64, warps_n = 1 : i64, k = 64 : i64, stages = 4 : i64, splits = 3 : i64}, hero = #mlopt.hero<contraction>, dims = [[2, 64, 576], [2, 576, 32], [2, 64, 32], [2, 64, 32]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op} : (tensor<2x64x576xbf16>, tensor<2x576x32xbf16>) -> tensor<2x64x32xbf16>
  %1 = mlopt.add %0, %res : (tensor<2x64x32xbf16>, tensor<2x64x32xbf16>) -> tensor<2x64x32xbf16>
  mlopt.yield %1 : tensor<2x64x32xbf16>
}

mlopt.kernel @al_32x64x64_00(%a: tensor<32x320xf16>, %b: tensor<320x128xf16>, %bias: tensor<128xf16>) -> tensor<32x128xf16> attributes {mlopt.tile = {m = 32 : i64, n = 64 : i64, warps_m = 2 : i64, warps_n = 2 : i64, k = 64 : i64, stages = 4 : i64, splits = 1 : i64}, hero = #mlopt.hero<contraction>, dims = [[32, 320], [320, 128], [128], [32, 128]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op} : (tensor<32x320xf16>, tensor<320x128xf16>) -> tensor<32x128xf16>
  %1 = mlopt.add %0, %bias : (tensor<32x128xf16>, tensor<128xf16>) -> tensor<32x128xf16>
  %2 = mlopt.abs %1 : (tensor<32x128xf16>) -> tensor<32x128xf16>
  mlopt.yield %2 : tensor<32x128xf16>
}

mlopt.kernel @al_split_32x64x64_01(%a: tensor<2x32x576xf16>, %b: tensor<2x64x576xf16>, %res: tensor<2x32x64xf16>) -> tensor<2x32x64xf16> attributes {mlopt.tile = {m = 32 : i64, n = 64 : i64, warps_m = 2 : i64, warps_n = 2 : i64, k = 64 : i64, stages = 4 : i64, splits = 3 : i64}, hero = #mlopt.hero<contraction>, dims = [[2, 32, 576], [2, 64, 576], [2, 32, 64], [2, 32, 64]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_b = true} : (tensor<2x32x576xf16>, tensor<2x64x576xf16>) -> tensor<2x32x64xf16>
  %1 = mlopt.add %0, %res : (tensor<2x32x64xf16>, tensor<2x32x64xf16>) -> tensor<2x32x64xf16>
  mlopt.yield %1 : tensor<2x32x64xf16>
}

mlopt.kernel @al_32x32x64_01(%a: tensor<32x320xbf16>, %b: tensor<64x320xbf16>, %bias: tensor<64xbf16>) -> tensor<32x64xbf16> attributes {mlopt.tile = {m = 32 : i64, n = 32 : i64, warps_m = 2 : i64, warps_n = 1 : i64, k = 64 : i64, stages = 4 : i64, splits = 1 : i64}, hero = #mlopt.hero<contraction>, dims = [[32, 320], [64, 320], [64], [32, 64]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_b = true} : (tensor<32x320xbf16>, tensor<64x320xbf16>) -> tensor<32x64xbf16>
  %1 = mlopt.add %0, %bias : (tensor<32x64xbf16>, tensor<64xbf16>) -> tensor<32x64xbf16>
  %2 = mlopt.abs %1 : (tensor<32x64xbf16>) -> tensor<32x64xbf16>
  mlopt.yield %2 : tensor<32x64xbf16>
}

mlopt.kernel @al_split_32x32x64_10(%a: tensor<2x576x32xbf16>, %b: tensor<2x576x32xbf16>, %res: tensor<2x32x32xbf16>) -> tensor<2x32x32xbf16> attributes {mlopt.tile = {m = 32 : i64, n = 32 : i64, warps_m = 2 : i64, warps_n = 1 : i64, k = 64 : i64, stages = 4 : i64, splits = 3 : i64}, hero = #mlopt.hero<contraction>, dims = [[2, 576, 32], [2, 576, 32], [2, 32, 32], [2, 32, 32]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_a = true} : (tensor<2x576x32xbf16>, tensor<2x576x32xbf16>) -> tensor<2x32x32xbf16>
  %1 = mlopt.add %0, %res : (tensor<2x32x32xbf16>, tensor<2x32x32xbf16>) -> tensor<2x32x32xbf16>
  mlopt.yield %1 : tensor<2x32x32xbf16>
}

mlopt.kernel @al_16x128x64_10(%a: tensor<320x16xf16>, %b: tensor<320x256xf16>, %bias: tensor<256xf16>) -> tensor<16x256xf16> attributes {mlopt.tile = {m = 16 : i64, n = 128 : i64, warps_m = 1 : i64, warps_n = 4 : i64, k = 64 : i64, stages = 4 : i64, splits = 1 : i64}, hero = #mlopt.hero<contraction>, dims = [[320, 16], [320, 256], [256], [16, 256]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_a = true} : (tensor<320x16xf16>, tensor<320x256xf16>) -> tensor<16x256xf16>
  %1 = mlopt.add %0, %bias : (tensor<16x256xf16>, tensor<256xf16>) -> tensor<16x256xf16>
  %2 = mlopt.abs %1 : (tensor<16x256xf16>) -> tensor<16x256xf16>
  mlopt.yield %2 : tensor<16x256xf16>
}

mlopt.kernel @al_split_16x128x64_11(%a: tensor<2x576x16xf16>, %b: tensor<2x128x576xf16>, %res: tensor<2x16x128xf16>) -> tensor<2x16x128xf16> attributes {mlopt.tile = {m = 16 : i64, n = 128 : i64, warps_m = 1 : i64, warps_n = 4 : i64, k = 64 : i64, stages = 4 : i64, splits = 3 : i64}, hero = #mlopt.hero<contraction>, dims = [[2, 576, 16], [2, 128, 576], [2, 16, 128], [2, 16, 128]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_a = true, transpose_b = true} : (tensor<2x576x16xf16>, tensor<2x128x576xf16>) -> tensor<2x16x128xf16>
  %1 = mlopt.add %0, %res : (tensor<2x16x128xf16>, tensor<2x16x128xf16>) -> tensor<2x16x128xf16>
  mlopt.yield %1 : tensor<2x16x128xf16>
}

mlopt.kernel @al_16x64x64_11(%a: tensor<320x16xbf16>, %b: tensor<128x320xbf16>, %bias: tensor<128xbf16>) -> tensor<16x128xbf16> attributes {mlopt.tile = {m = 16 : i64, n = 64 : i64, warps_m = 1 : i64, warps_n = 2 : i64, k = 64 : i64, stages = 6 : i64, splits = 1 : i64}, hero = #mlopt.hero<contraction>, dims = [[320, 16], [128, 320], [128], [16, 128]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_a = true, transpose_b = true} : (tensor<320x16xbf16>, tensor<128x320xbf16>) -> tensor<16x128xbf16>
  %1 = mlopt.add %0, %bias : (tensor<16x128xbf16>, tensor<128xbf16>) -> tensor<16x128xbf16>
  %2 = mlopt.abs %1 : (tensor<16x128xbf16>) -> tensor<16x128xbf16>
  mlopt.yield %2 : tensor<16x128xbf16>
}

mlopt.kernel @al_split_16x64x64_00(%a: tensor<2x16x576xbf16>, %b: tensor<2x576x64xbf16>, %res: tensor<2x16x64xbf16>) -> tensor<2x16x64xbf16> attributes {mlopt.tile = {m = 16 : i64, n = 64 : i64, warps_m = 1 : i64, warps_n = 2 : i64, k = 64 : i64, stages = 6 : i64, splits = 3 : i64}, hero = #mlopt.hero<contraction>, dims = [[2, 16, 576], [2, 576, 64], [2, 16, 64], [2, 16, 64]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op} : (tensor<2x16x576xbf16>, tensor<2x576x64xbf16>) -> tensor<2x16x64xbf16>
  %1 = mlopt.add %0, %res : (tensor<2x16x64xbf16>, tensor<2x16x64xbf16>) -> tensor<2x16x64xbf16>
  mlopt.yield %1 : tensor<2x16x64xbf16>
}

mlopt.kernel @even_256x128x32_10(%a: tensor<90x262xf16>, %b: tensor<90x142xf16>, %res: tensor<262x142xf16>) -> tensor<262x142xf16> attributes {mlopt.tile = {m = 256 : i64, n = 128 : i64, warps_m = 4 : i64, warps_n = 2 : i64, k = 32 : i64, stages = 4 : i64, splits = 1 : i64}, hero = #mlopt.hero<contraction>, dims = [[90, 262], [90, 142], [262, 142], [262, 142]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_a = true} : (tensor<90x262xf16>, tensor<90x142xf16>) -> tensor<262x142xf16>
  %1 = mlopt.add %0, %res : (tensor<262x142xf16>, tensor<262x142xf16>) -> tensor<262x142xf16>
  mlopt.yield %1 : tensor<262x142xf16>
}

mlopt.kernel @even_128x256x32_11(%a: tensor<90x134xbf16>, %b: tensor<270x90xbf16>, %res: tensor<134x270xbf16>) -> tensor<134x270xbf16> attributes {mlopt.tile = {m = 128 : i64, n = 256 : i64, warps_m = 2 : i64, warps_n = 4 : i64, k = 32 : i64, stages = 4 : i64, splits = 1 : i64}, hero = #mlopt.hero<contraction>, dims = [[90, 134], [270, 90], [134, 270], [134, 270]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_a = true, transpose_b = true} : (tensor<90x134xbf16>, tensor<270x90xbf16>) -> tensor<134x270xbf16>
  %1 = mlopt.add %0, %res : (tensor<134x270xbf16>, tensor<134x270xbf16>) -> tensor<134x270xbf16>
  mlopt.yield %1 : tensor<134x270xbf16>
}

mlopt.kernel @even_128x128x32_00(%a: tensor<134x90xf16>, %b: tensor<90x142xf16>, %res: tensor<134x142xf16>) -> tensor<134x142xf16> attributes {mlopt.tile = {m = 128 : i64, n = 128 : i64, warps_m = 2 : i64, warps_n = 2 : i64, k = 32 : i64, stages = 4 : i64, splits = 1 : i64}, hero = #mlopt.hero<contraction>, dims = [[134, 90], [90, 142], [134, 142], [134, 142]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op} : (tensor<134x90xf16>, tensor<90x142xf16>) -> tensor<134x142xf16>
  %1 = mlopt.add %0, %res : (tensor<134x142xf16>, tensor<134x142xf16>) -> tensor<134x142xf16>
  mlopt.yield %1 : tensor<134x142xf16>
}

mlopt.kernel @even_128x128x64_01(%a: tensor<134x186xbf16>, %b: tensor<142x186xbf16>, %res: tensor<134x142xbf16>) -> tensor<134x142xbf16> attributes {mlopt.tile = {m = 128 : i64, n = 128 : i64, warps_m = 2 : i64, warps_n = 2 : i64, k = 64 : i64, stages = 3 : i64, splits = 1 : i64}, hero = #mlopt.hero<contraction>, dims = [[134, 186], [142, 186], [134, 142], [134, 142]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_b = true} : (tensor<134x186xbf16>, tensor<142x186xbf16>) -> tensor<134x142xbf16>
  %1 = mlopt.add %0, %res : (tensor<134x142xbf16>, tensor<134x142xbf16>) -> tensor<134x142xbf16>
  mlopt.yield %1 : tensor<134x142xbf16>
}

mlopt.kernel @even_128x64x64_10(%a: tensor<186x134xf16>, %b: tensor<186x78xf16>, %res: tensor<134x78xf16>) -> tensor<134x78xf16> attributes {mlopt.tile = {m = 128 : i64, n = 64 : i64, warps_m = 2 : i64, warps_n = 2 : i64, k = 64 : i64, stages = 3 : i64, splits = 1 : i64}, hero = #mlopt.hero<contraction>, dims = [[186, 134], [186, 78], [134, 78], [134, 78]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_a = true} : (tensor<186x134xf16>, tensor<186x78xf16>) -> tensor<134x78xf16>
  %1 = mlopt.add %0, %res : (tensor<134x78xf16>, tensor<134x78xf16>) -> tensor<134x78xf16>
  mlopt.yield %1 : tensor<134x78xf16>
}

mlopt.kernel @even_64x128x64_11(%a: tensor<186x70xbf16>, %b: tensor<142x186xbf16>, %res: tensor<70x142xbf16>) -> tensor<70x142xbf16> attributes {mlopt.tile = {m = 64 : i64, n = 128 : i64, warps_m = 2 : i64, warps_n = 2 : i64, k = 64 : i64, stages = 3 : i64, splits = 1 : i64}, hero = #mlopt.hero<contraction>, dims = [[186, 70], [142, 186], [70, 142], [70, 142]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_a = true, transpose_b = true} : (tensor<186x70xbf16>, tensor<142x186xbf16>) -> tensor<70x142xbf16>
  %1 = mlopt.add %0, %res : (tensor<70x142xbf16>, tensor<70x142xbf16>) -> tensor<70x142xbf16>
  mlopt.yield %1 : tensor<70x142xbf16>
}

mlopt.kernel @even_64x64x64_00(%a: tensor<70x186xf16>, %b: tensor<186x78xf16>, %res: tensor<70x78xf16>) -> tensor<70x78xf16> attributes {mlopt.tile = {m = 64 : i64, n = 64 : i64, warps_m = 2 : i64, warps_n = 2 : i64, k = 64 : i64, stages = 4 : i64, splits = 1 : i64}, hero = #mlopt.hero<contraction>, dims = [[70, 186], [186, 78], [70, 78], [70, 78]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op} : (tensor<70x186xf16>, tensor<186x78xf16>) -> tensor<70x78xf16>
  %1 = mlopt.add %0, %res : (tensor<70x78xf16>, tensor<70x78xf16>) -> tensor<70x78xf16>
  mlopt.yield %1 : tensor<70x78xf16>
}

mlopt.kernel @odd_64x64x32_01(%a: tensor<69x69xf16>, %b: tensor<71x69xf16>, %bias: tensor<71xf16>) -> tensor<69x71xf16> attributes {mlopt.tile = {m = 64 : i64, n = 64 : i64, warps_m = 2 : i64, warps_n = 2 : i64, k = 32 : i64, stages = 4 : i64, splits = 1 : i64}, hero = #mlopt.hero<contraction>, dims = [[69, 69], [71, 69], [71], [69, 71]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_b = true} : (tensor<69x69xf16>, tensor<71x69xf16>) -> tensor<69x71xf16>
  %1 = mlopt.add %0, %bias : (tensor<69x71xf16>, tensor<71xf16>) -> tensor<69x71xf16>
  mlopt.yield %1 : tensor<69x71xf16>
}

mlopt.kernel @even_64x32x64_01(%a: tensor<70x186xbf16>, %b: tensor<46x186xbf16>, %res: tensor<70x46xbf16>) -> tensor<70x46xbf16> attributes {mlopt.tile = {m = 64 : i64, n = 32 : i64, warps_m = 4 : i64, warps_n = 1 : i64, k = 64 : i64, stages = 4 : i64, splits = 1 : i64}, hero = #mlopt.hero<contraction>, dims = [[70, 186], [46, 186], [70, 46], [70, 46]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_b = true} : (tensor<70x186xbf16>, tensor<46x186xbf16>) -> tensor<70x46xbf16>
  %1 = mlopt.add %0, %res : (tensor<70x46xbf16>, tensor<70x46xbf16>) -> tensor<70x46xbf16>
  mlopt.yield %1 : tensor<70x46xbf16>
}

mlopt.kernel @odd_64x32x32_10(%a: tensor<2x69x69xbf16>, %b: tensor<2x69x39xbf16>, %bias: tensor<39xbf16>) -> tensor<2x69x39xbf16> attributes {mlopt.tile = {m = 64 : i64, n = 32 : i64, warps_m = 4 : i64, warps_n = 1 : i64, k = 32 : i64, stages = 4 : i64, splits = 1 : i64}, hero = #mlopt.hero<contraction>, dims = [[2, 69, 69], [2, 69, 39], [39], [2, 69, 39]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_a = true} : (tensor<2x69x69xbf16>, tensor<2x69x39xbf16>) -> tensor<2x69x39xbf16>
  %1 = mlopt.add %0, %bias : (tensor<2x69x39xbf16>, tensor<39xbf16>) -> tensor<2x69x39xbf16>
  mlopt.yield %1 : tensor<2x69x39xbf16>
}

mlopt.kernel @even_32x64x64_10(%a: tensor<186x38xf16>, %b: tensor<186x78xf16>, %res: tensor<38x78xf16>) -> tensor<38x78xf16> attributes {mlopt.tile = {m = 32 : i64, n = 64 : i64, warps_m = 2 : i64, warps_n = 2 : i64, k = 64 : i64, stages = 4 : i64, splits = 1 : i64}, hero = #mlopt.hero<contraction>, dims = [[186, 38], [186, 78], [38, 78], [38, 78]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_a = true} : (tensor<186x38xf16>, tensor<186x78xf16>) -> tensor<38x78xf16>
  %1 = mlopt.add %0, %res : (tensor<38x78xf16>, tensor<38x78xf16>) -> tensor<38x78xf16>
  mlopt.yield %1 : tensor<38x78xf16>
}

mlopt.kernel @odd_32x64x32_11(%a: tensor<2x69x37xf16>, %b: tensor<2x71x69xf16>, %bias: tensor<71xf16>) -> tensor<2x37x71xf16> attributes {mlopt.tile = {m = 32 : i64, n = 64 : i64, warps_m = 2 : i64, warps_n = 2 : i64, k = 32 : i64, stages = 4 : i64, splits = 1 : i64}, hero = #mlopt.hero<contraction>, dims = [[2, 69, 37], [2, 71, 69], [71], [2, 37, 71]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_a = true, transpose_b = true} : (tensor<2x69x37xf16>, tensor<2x71x69xf16>) -> tensor<2x37x71xf16>
  %1 = mlopt.add %0, %bias : (tensor<2x37x71xf16>, tensor<71xf16>) -> tensor<2x37x71xf16>
  mlopt.yield %1 : tensor<2x37x71xf16>
}

mlopt.kernel @even_32x32x64_11(%a: tensor<186x38xbf16>, %b: tensor<46x186xbf16>, %res: tensor<38x46xbf16>) -> tensor<38x46xbf16> attributes {mlopt.tile = {m = 32 : i64, n = 32 : i64, warps_m = 2 : i64, warps_n = 1 : i64, k = 64 : i64, stages = 4 : i64, splits = 1 : i64}, hero = #mlopt.hero<contraction>, dims = [[186, 38], [46, 186], [38, 46], [38, 46]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_a = true, transpose_b = true} : (tensor<186x38xbf16>, tensor<46x186xbf16>) -> tensor<38x46xbf16>
  %1 = mlopt.add %0, %res : (tensor<38x46xbf16>, tensor<38x46xbf16>) -> tensor<38x46xbf16>
  mlopt.yield %1 : tensor<38x46xbf16>
}

mlopt.kernel @odd_32x32x32_00(%a: tensor<2x37x69xbf16>, %b: tensor<2x69x39xbf16>, %bias: tensor<39xbf16>) -> tensor<2x37x39xbf16> attributes {mlopt.tile = {m = 32 : i64, n = 32 : i64, warps_m = 2 : i64, warps_n = 1 : i64, k = 32 : i64, stages = 4 : i64, splits = 1 : i64}, hero = #mlopt.hero<contraction>, dims = [[2, 37, 69], [2, 69, 39], [39], [2, 37, 39]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op} : (tensor<2x37x69xbf16>, tensor<2x69x39xbf16>) -> tensor<2x37x39xbf16>
  %1 = mlopt.add %0, %bias : (tensor<2x37x39xbf16>, tensor<39xbf16>) -> tensor<2x37x39xbf16>
  mlopt.yield %1 : tensor<2x37x39xbf16>
}

mlopt.kernel @even_16x128x64_00(%a: tensor<22x186xf16>, %b: tensor<186x142xf16>, %res: tensor<22x142xf16>) -> tensor<22x142xf16> attributes {mlopt.tile = {m = 16 : i64, n = 128 : i64, warps_m = 1 : i64, warps_n = 4 : i64, k = 64 : i64, stages = 4 : i64, splits = 1 : i64}, hero = #mlopt.hero<contraction>, dims = [[22, 186], [186, 142], [22, 142], [22, 142]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op} : (tensor<22x186xf16>, tensor<186x142xf16>) -> tensor<22x142xf16>
  %1 = mlopt.add %0, %res : (tensor<22x142xf16>, tensor<22x142xf16>) -> tensor<22x142xf16>
  mlopt.yield %1 : tensor<22x142xf16>
}

mlopt.kernel @odd_16x128x32_01(%a: tensor<2x21x69xf16>, %b: tensor<2x135x69xf16>, %bias: tensor<135xf16>) -> tensor<2x21x135xf16> attributes {mlopt.tile = {m = 16 : i64, n = 128 : i64, warps_m = 1 : i64, warps_n = 4 : i64, k = 32 : i64, stages = 4 : i64, splits = 1 : i64}, hero = #mlopt.hero<contraction>, dims = [[2, 21, 69], [2, 135, 69], [135], [2, 21, 135]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_b = true} : (tensor<2x21x69xf16>, tensor<2x135x69xf16>) -> tensor<2x21x135xf16>
  %1 = mlopt.add %0, %bias : (tensor<2x21x135xf16>, tensor<135xf16>) -> tensor<2x21x135xf16>
  mlopt.yield %1 : tensor<2x21x135xf16>
}

mlopt.kernel @even_16x64x64_01(%a: tensor<22x186xbf16>, %b: tensor<78x186xbf16>, %res: tensor<22x78xbf16>) -> tensor<22x78xbf16> attributes {mlopt.tile = {m = 16 : i64, n = 64 : i64, warps_m = 1 : i64, warps_n = 2 : i64, k = 64 : i64, stages = 6 : i64, splits = 1 : i64}, hero = #mlopt.hero<contraction>, dims = [[22, 186], [78, 186], [22, 78], [22, 78]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_b = true} : (tensor<22x186xbf16>, tensor<78x186xbf16>) -> tensor<22x78xbf16>
  %1 = mlopt.add %0, %res : (tensor<22x78xbf16>, tensor<22x78xbf16>) -> tensor<22x78xbf16>
  mlopt.yield %1 : tensor<22x78xbf16>
}

mlopt.kernel @odd_16x64x32_10(%a: tensor<2x69x21xbf16>, %b: tensor<2x69x71xbf16>, %bias: tensor<71xbf16>) -> tensor<2x21x71xbf16> attributes {mlopt.tile = {m = 16 : i64, n = 64 : i64, warps_m = 1 : i64, warps_n = 2 : i64, k = 32 : i64, stages = 6 : i64, splits = 1 : i64}, hero = #mlopt.hero<contraction>, dims = [[2, 69, 21], [2, 69, 71], [71], [2, 21, 71]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_a = true} : (tensor<2x69x21xbf16>, tensor<2x69x71xbf16>) -> tensor<2x21x71xbf16>
  %1 = mlopt.add %0, %bias : (tensor<2x21x71xbf16>, tensor<71xbf16>) -> tensor<2x21x71xbf16>
  mlopt.yield %1 : tensor<2x21x71xbf16>
}

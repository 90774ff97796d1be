// RUN: %cuda mlopt-cuda-kernel-test %s --gpu=sm_90 --ptxas=none | FileCheck %s --implicit-check-not=FAILED
//
// The first result may take the memory of the residual, which only the second one reads: every
// element is read before it is written. The tool runs each kernel so as well.

// CHECK: product_and_sum sm_90: cuda-contraction
mlopt.kernel @product_and_sum(%x: tensor<32x16xf32>, %w: tensor<16x24xf32>, %r: tensor<32x24xf32>) -> (tensor<32x24xf32>, tensor<32x24xf32>) attributes {hero = #mlopt.hero<contraction>, dims = [[32, 16], [16, 24], [32, 24], [32, 24], [32, 24]]} {
  %0 = mlopt.matmul %x, %w {mlopt.hero_op} : (tensor<32x16xf32>, tensor<16x24xf32>) -> tensor<32x24xf32>
  %1 = mlopt.tanh %0 : (tensor<32x24xf32>) -> tensor<32x24xf32>
  %2 = mlopt.add %1, %r : (tensor<32x24xf32>, tensor<32x24xf32>) -> tensor<32x24xf32>
  mlopt.yield %1, %2 : tensor<32x24xf32>, tensor<32x24xf32>
}

// CHECK: exp_and_sum sm_90: cuda-map
mlopt.kernel @exp_and_sum(%x: tensor<32x25xf32>, %r: tensor<32x25xf32>) -> (tensor<32x25xf32>, tensor<32x25xf32>) attributes {hero = #mlopt.hero<elementwise>, dims = [[32, 25], [32, 25], [32, 25], [32, 25]]} {
  %0 = mlopt.exp %x {mlopt.hero_op} : (tensor<32x25xf32>) -> tensor<32x25xf32>
  %1 = mlopt.add %0, %r : (tensor<32x25xf32>, tensor<32x25xf32>) -> tensor<32x25xf32>
  mlopt.yield %0, %1 : tensor<32x25xf32>, tensor<32x25xf32>
}

// RUN: mlopt-eval %s --compare --mode=exact --rtol=0.1 --atol=0.01 | FileCheck %s

// The comparison that `mlopt verify` uses: result 0 is the actual tensor, result 1 the expected one.

func.func @equal() -> (tensor<3xf32>, tensor<3xf32>) {
  %0 = mlopt.constant dense<[1.0, 0x7FC00000, 0x7F800000]> : tensor<3xf32>
  return %0, %0 : tensor<3xf32>, tensor<3xf32>
}
// CHECK: equal exact: comparable=1 agrees=1 elements=3 mismatches=0 nan=0 first=-1 worst=-1 abs=0 largest=1 relative=0

func.func @within() -> (tensor<2xf32>, tensor<2xf32>) {
  %0 = mlopt.constant dense<[10.5, 0.0078125]> : tensor<2xf32>
  %1 = mlopt.constant dense<[10.0, 0.0]> : tensor<2xf32>
  return %0, %1 : tensor<2xf32>, tensor<2xf32>
}
// CHECK: within exact: comparable=1 agrees=1 elements=2 mismatches=0 nan=0 first=-1 worst=0 abs=0.5 largest=10 relative=0.05

func.func @wrong() -> (tensor<4xf32>, tensor<4xf32>) {
  %0 = mlopt.constant dense<[1.0, 2.0, 0x7FC00000, 0.0]> : tensor<4xf32>
  %1 = mlopt.constant dense<[1.0, 4.0, 1.0, 0x7FC00000]> : tensor<4xf32>
  return %0, %1 : tensor<4xf32>, tensor<4xf32>
}
// CHECK: wrong exact: comparable=1 agrees=0 elements=4 mismatches=3 nan=2 first=1 worst=1 abs=2 largest=4 relative=0.5

func.func @infinite() -> (tensor<2xf32>, tensor<2xf32>) {
  %0 = mlopt.constant dense<[0x7F800000, 1.0]> : tensor<2xf32>
  %1 = mlopt.constant dense<[0xFF800000, 1.0]> : tensor<2xf32>
  return %0, %1 : tensor<2xf32>, tensor<2xf32>
}
// CHECK: infinite exact: comparable=1 agrees=0 elements=2 mismatches=1 nan=0 first=0 worst=0 abs=inf largest=1 relative=inf

func.func @integers() -> (tensor<2xui8>, tensor<2xui8>) {
  %0 = mlopt.constant dense<[255, 7]> : tensor<2xui8>
  %1 = mlopt.constant dense<[254, 7]> : tensor<2xui8>
  return %0, %1 : tensor<2xui8>, tensor<2xui8>
}
// CHECK: integers exact: comparable=1 agrees=0 elements=2 mismatches=1 nan=0 first=0 worst=0 abs=1 largest=254

func.func @shapes() -> (tensor<2xf32>, tensor<1x2xf32>) {
  %0 = mlopt.constant dense<1.0> : tensor<2xf32>
  %1 = mlopt.constant dense<1.0> : tensor<1x2xf32>
  return %0, %1 : tensor<2xf32>, tensor<1x2xf32>
}
// CHECK: shapes exact: comparable=0 agrees=0

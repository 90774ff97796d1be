// RUN: %mlopt-opt --mlopt-plan %s | FileCheck %s
//
// The number of threads that a run has work for: 20 microseconds of it for each
// further thread, and 4 for each barrier.

mlopt.kernel @negate(%x: tensor<?xf32>) -> tensor<?xf32> attributes {hero = #mlopt.hero<elementwise>, dims = [["n"], ["n"]], schedule = #mlopt.schedule<emitter = "generic", phases = 1, scratchShared = <"0">, scratchPerThread = <"0">, units = <"n">, params = {}>} {
  %0 = mlopt.neg %x {mlopt.hero_op} : (tensor<?xf32>) -> tensor<?xf32>
  mlopt.yield %0 : tensor<?xf32>
}
mlopt.kernel @product(%x: tensor<?x64xf32>, %w: tensor<64x128xf32>) -> tensor<?x128xf32> attributes {hero = #mlopt.hero<contraction>, dims = [["n", 64], [64, 128], ["n", 128]], schedule = #mlopt.schedule<emitter = "generic", phases = 1, scratchShared = <"0">, scratchPerThread = <"0">, units = <"n">, params = {}>} {
  %0 = mlopt.matmul %x, %w {mlopt.hero_op} : (tensor<?x64xf32>, tensor<64x128xf32>) -> tensor<?x128xf32>
  mlopt.yield %0 : tensor<?x128xf32>
}

// 20 picoseconds for each of 64 * 128 products a row.
// CHECK-LABEL: mlrt.program @one
// CHECK: mlrt.return arena_bytes(0) lower_bound(0) threads("floordiv(N * 128, 15625) + 1")
func.func @one(%x: tensor<?x64xf32> {mlopt.name = "x", mlopt.dims = ["N", 64]}, %w: tensor<64x128xf32> {mlopt.name = "w", mlopt.dims = [64, 128]}) -> (tensor<?x128xf32> {mlopt.name = "y"}) {
  %0 = mlopt.launch @product(%x, %w) : (tensor<?x64xf32>, tensor<64x128xf32>) -> tensor<?x128xf32>
  return %0 : tensor<?x128xf32>
}

// One barrier between the two.
// CHECK-LABEL: mlrt.program @two
// CHECK: mlrt.return {{.*}} threads("floordiv(N, 60000) + 1")
func.func @two(%x: tensor<?xf32> {mlopt.name = "x", mlopt.dims = ["N"]}) -> (tensor<?xf32> {mlopt.name = "y"}) {
  %0 = mlopt.launch @negate(%x) : (tensor<?xf32>) -> tensor<?xf32>
  %1 = mlopt.launch @negate(%0) : (tensor<?xf32>) -> tensor<?xf32>
  return %1 : tensor<?xf32>
}

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

mlopt.kernel @bytes(%x: tensor<?x64xui8>, %w: tensor<64x128xi8>) -> tensor<?x128xi32> attributes {hero = #mlopt.hero<contraction>, dims = [["n", 64], [64, 128], ["n", 128]], schedule = #mlopt.schedule<emitter = "generic", phases = 1, scratchShared = <"0">, scratchPerThread = <"0">, units = <"n">, params = {}>} {
  %none = mlopt.none : none
  %0 = mlopt.integer_matmul %x, %w, %none, %none {mlopt.hero_op} : (tensor<?x64xui8>, tensor<64x128xi8>, none, none) -> tensor<?x128xi32>
  mlopt.yield %0 : tensor<?x128xi32>
}
mlopt.kernel @byte_filter(%x: tensor<?x16x8x8xui8>, %w: tensor<32x16x1x1xi8>) -> tensor<?x32x8x8xi32> attributes {hero = #mlopt.hero<convolution>, dims = [["n", 16, 8, 8], [32, 16, 1, 1], ["n", 32, 8, 8]], schedule = #mlopt.schedule<emitter = "generic", phases = 1, scratchShared = <"0">, scratchPerThread = <"0">, units = <"n">, params = {}>} {
  %none = mlopt.none : none
  %0 = mlopt.integer_conv %x, %w, %none, %none {mlopt.hero_op, raw, strides = array<i64: 1, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x16x8x8xui8>, tensor<32x16x1x1xi8>, none, none) -> tensor<?x32x8x8xi32>
  mlopt.yield %0 : tensor<?x32x8x8xi32>
}

// Products of bytes take a quarter of that.
// CHECK-LABEL: mlrt.program @three
// CHECK: mlrt.return {{.*}} threads("floordiv(N * 32, 15625) + 1")
func.func @three(%x: tensor<?x64xui8> {mlopt.name = "x", mlopt.dims = ["N", 64]}, %w: tensor<64x128xi8> {mlopt.name = "w", mlopt.dims = [64, 128]}) -> (tensor<?x128xi32> {mlopt.name = "y"}) {
  %0 = mlopt.launch @bytes(%x, %w) : (tensor<?x64xui8>, tensor<64x128xi8>) -> tensor<?x128xi32>
  return %0 : tensor<?x128xi32>
}

// CHECK-LABEL: mlrt.program @four
// CHECK: mlrt.return {{.*}} threads("floordiv(N * 128, 15625) + 1")
func.func @four(%x: tensor<?x16x8x8xui8> {mlopt.name = "x", mlopt.dims = ["N", 16, 8, 8]}, %w: tensor<32x16x1x1xi8> {mlopt.name = "w", mlopt.dims = [32, 16, 1, 1]}) -> (tensor<?x32x8x8xi32> {mlopt.name = "y"}) {
  %0 = mlopt.launch @byte_filter(%x, %w) : (tensor<?x16x8x8xui8>, tensor<32x16x1x1xi8>) -> tensor<?x32x8x8xi32>
  return %0 : tensor<?x32x8x8xi32>
}

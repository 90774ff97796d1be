// RUN: mlopt-kernel-test %s --cpu=x86-64-v2,x86-64-v3,x86-64-v4 --show-schedule 2>&1 | FileCheck %s
// RUN: mlopt-kernel-test %s --cpu=x86-64-v4 --kernel=decode --emit-asm | FileCheck %s --check-prefix=TABLE
// RUN: mlopt-kernel-test %s --cpu=x86-64-v4 --kernel=bytes --emit-asm | FileCheck %s --check-prefix=BYTES
// RUN: mlopt-kernel-test %s --cpu=x86-64-v4 --kernel=prefill --hot-block --max-threads=1 | FileCheck %s --check-prefix=TILE --implicit-check-not=FAILED
//
// Which form a product with quantized weights takes, and what its innermost loops consist of.

// One row: weights become floats in registers, a word of eight steps by one shift and one
// permutation of a table for each, never as a copy in memory.
// CHECK: decode x86-64-v2: {{.*}}"dequantized_contraction"{{.*}}units = <"18">{{.*}}accumulators = 8 {{.*}}form = "stream"
// CHECK: decode x86-64-v4: {{.*}}"dequantized_contraction"{{.*}}accumulators = 16 {{.*}}form = "stream"
// TABLE-LABEL: decode.stream1
// TABLE: vpsrld $28
// TABLE-NEXT: vperm{{ps|d}}
mlopt.kernel @decode(%x: tensor<1x576xf32>, %w: tensor<576x576xui4> {mlopt.range = [0, 16]}, %s: tensor<576x18xf32> {mlopt.range = [0.01, 0.1]}) -> tensor<1x576xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[1, 576], [576, 576], [576, 18], [1, 576]], layouts = [unit, #mlopt.layout<"nibbles_t32", [0, 32, 0, 1, 8, 0, 0, 1, 32, 1, 1, 8], per_byte = 2>, #mlopt.layout<"panel_t32", [0, 32, 0, 1, 1, 0, 0, 1, 32]>, unit]} {
  %z = mlopt.none : none
  %0 = mlopt.dequantized_matmul %x, %w, %s, %z {mlopt.hero_op, block = 32 : i64, transpose_b = true} : (tensor<1x576xf32>, tensor<576x576xui4>, tensor<576x18xf32>, none) -> tensor<1x576xf32>
  mlopt.yield %0 : tensor<1x576xf32>
}

// Bytes are extended where they are loaded.
// CHECK: bytes x86-64-v4: {{.*}}form = "stream"
// BYTES: vpmovsxbd (
// BYTES: vcvtdq2ps
mlopt.kernel @bytes(%x: tensor<2x576xf32>, %w: tensor<576x576xi8> {mlopt.range = [-128, 128]}, %s: tensor<576x1xf32> {mlopt.range = [0.01, 0.1]}) -> tensor<2x576xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[2, 576], [576, 576], [576, 1], [2, 576]], layouts = [unit, #mlopt.layout<"panel_t32", [0, 32, 0, 1, 1, 0, 0, 1, 32]>, #mlopt.layout<"panel_t32", [0, 32, 0, 1, 1, 0, 0, 1, 32]>, unit]} {
  %z = mlopt.none : none
  %0 = mlopt.dequantized_matmul %x, %w, %s, %z {mlopt.hero_op, block = 576 : i64, transpose_b = true} : (tensor<2x576xf32>, tensor<576x576xi8>, tensor<576x1xf32>, none) -> tensor<2x576xf32>
  mlopt.yield %0 : tensor<2x576xf32>
}

// Many rows: a panel of floats in scratch, 64 rows of floats' tiles.
// CHECK: prefill x86-64-v4: {{.*}}scratchPerThread = <"{{[0-9]+}}">{{.*}}form = "panel", kc = 0 : i64, lanes = 16 : i64
// TILE: prefill x86-64-v4: hottest block: {{[0-9]+}} instructions, 26 fma, 0 mul, 13 broadcasts, 0 stack
mlopt.kernel @prefill(%x: tensor<128x576xf32>, %w: tensor<576x576xui4> {mlopt.range = [0, 16]}, %s: tensor<576x18xf32> {mlopt.range = [0.01, 0.1]}, %z: tensor<576x18xui4> {mlopt.range = [4, 12]}) -> tensor<128x576xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[128, 576], [576, 576], [576, 18], [576, 18], [128, 576]], layouts = [unit, #mlopt.layout<"nibbles_t32", [0, 32, 0, 1, 8, 0, 0, 1, 32, 1, 1, 8], per_byte = 2>, #mlopt.layout<"panel_t32", [0, 32, 0, 1, 1, 0, 0, 1, 32]>, #mlopt.layout<"panel_t32", [0, 32, 0, 1, 1, 0, 0, 1, 32]>, unit]} {
  %0 = mlopt.dequantized_matmul %x, %w, %s, %z {mlopt.hero_op, block = 32 : i64, transpose_b = true} : (tensor<128x576xf32>, tensor<576x576xui4>, tensor<576x18xf32>, tensor<576x18xui4>) -> tensor<128x576xf32>
  mlopt.yield %0 : tensor<128x576xf32>
}

// A long panel is written piece by piece: the scratch does not grow with k.
// CHECK: long_k x86-64-v4: {{.*}}form = "panel", kc = 1024 : i64
mlopt.kernel @long_k(%x: tensor<64x8192xf32>, %w: tensor<96x8192xui4> {mlopt.range = [0, 16]}, %s: tensor<96x256xf32> {mlopt.range = [0.01, 0.1]}, %z: tensor<96x256xui4> {mlopt.range = [4, 12]}) -> tensor<64x96xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[64, 8192], [96, 8192], [96, 256], [96, 256], [64, 96]], layouts = [unit, #mlopt.layout<"nibbles_t32", [0, 32, 0, 1, 8, 0, 0, 1, 32, 1, 1, 8], per_byte = 2>, #mlopt.layout<"panel_t32", [0, 32, 0, 1, 1, 0, 0, 1, 32]>, #mlopt.layout<"panel_t32", [0, 32, 0, 1, 1, 0, 0, 1, 32]>, unit]} {
  %0 = mlopt.dequantized_matmul %x, %w, %s, %z {mlopt.hero_op, block = 32 : i64, transpose_b = true} : (tensor<64x8192xf32>, tensor<96x8192xui4>, tensor<96x256xf32>, tensor<96x256xui4>) -> tensor<64x96xf32>
  mlopt.yield %0 : tensor<64x96xf32>
}

// Either, by the number of rows at run time.
// CHECK: open x86-64-v4: {{.*}}form = "either"
mlopt.kernel @open(%x: tensor<?x576xf32>, %w: tensor<576x576xui4> {mlopt.range = [0, 16]}, %s: tensor<576x18xf32> {mlopt.range = [0.01, 0.1]}, %z: tensor<576x18xui4> {mlopt.range = [4, 12]}) -> tensor<?x576xf32> attributes {hero = #mlopt.hero<contraction>, dims = [["m", 576], [576, 576], [576, 18], [576, 18], ["m", 576]], layouts = [unit, #mlopt.layout<"nibbles_t32", [0, 32, 0, 1, 8, 0, 0, 1, 32, 1, 1, 8], per_byte = 2>, #mlopt.layout<"panel_t32", [0, 32, 0, 1, 1, 0, 0, 1, 32]>, #mlopt.layout<"panel_t32", [0, 32, 0, 1, 1, 0, 0, 1, 32]>, unit]} {
  %0 = mlopt.dequantized_matmul %x, %w, %s, %z {mlopt.hero_op, block = 32 : i64, transpose_b = true} : (tensor<?x576xf32>, tensor<576x576xui4>, tensor<576x18xf32>, tensor<576x18xui4>) -> tensor<?x576xf32>
  mlopt.yield %0 : tensor<?x576xf32>
}

// Blocks that are no multiple of 16 go the general way.
// CHECK: odd_block x86-64-v4: {{.*}}emitter = "generic"
mlopt.kernel @odd_block(%x: tensor<2x60xf32>, %w: tensor<40x60xui4> {mlopt.range = [0, 16]}, %s: tensor<40x3xf32> {mlopt.range = [0.01, 0.1]}) -> tensor<2x40xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[2, 60], [40, 60], [40, 3], [2, 40]]} {
  %z = mlopt.none : none
  %0 = mlopt.dequantized_matmul %x, %w, %s, %z {mlopt.hero_op, block = 20 : i64, transpose_b = true} : (tensor<2x60xf32>, tensor<40x60xui4>, tensor<40x3xf32>, none) -> tensor<2x40xf32>
  mlopt.yield %0 : tensor<2x40xf32>
}

// RUN: mlopt-kernel-test %s --cpu=x86-64-v2,x86-64-v3,x86-64-v4 --show-schedule | FileCheck %s
// RUN: mlopt-kernel-test %s --cpu=x86-64-v3,x86-64-v4 --hot-block --max-threads=1 --size m=17,n=40,k=9 \
// RUN:   | FileCheck %s --check-prefix=CODE --implicit-check-not=FAILED
//
// What the blocking model decides, and that the innermost loops keep their
// accumulators in registers.

// Tiles fill the register file: 5x2 vectors of 4, 6x2 of 8, 14x2 of 16; weights
// that stay in L2 are not prefetched.
// CHECK: square x86-64-v2: {{.*}}units = <"16">, params = {form = "weights", kc = 0 : i64, lanes = 4 : i64, prefetch = 0 : i64, row_block = 0 : i64, rows = 5 : i64, unit_rows = 0 : i64, unroll = 4 : i64, vectors = 2 : i64}
// CHECK: square x86-64-v3: {{.*}}lanes = 8 : i64, prefetch = 0 : i64, row_block = 0 : i64, rows = 6 : i64, {{.*}}vectors = 2 : i64
// CHECK: square x86-64-v4: {{.*}}lanes = 16 : i64, prefetch = 0 : i64, row_block = 0 : i64, rows = 14 : i64, {{.*}}unroll = 1 : i64, vectors = 2 : i64
// CODE: square x86-64-v3: hottest block: {{[0-9]+}} instructions, 48 fma, 0 mul, 24 broadcasts, 0 stack
// CODE: square x86-64-v4: hottest block: {{[0-9]+}} instructions, 28 fma, 0 mul, 14 broadcasts, 0 stack
mlopt.kernel @square(%a: tensor<512x512xf32>, %b: tensor<512x512xf32>, %bias: tensor<512xf32>) -> tensor<512x512xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[512, 512], [512, 512], [512], [512, 512]], layouts = [unit, #mlopt.layout<"panel32", [1, 32, 0, 0, 1, 0, 1, 1, 32]>, unit, unit]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op} : (tensor<512x512xf32>, tensor<512x512xf32>) -> tensor<512x512xf32>
  %1 = mlopt.add %0, %bias : (tensor<512x512xf32>, tensor<512xf32>) -> tensor<512x512xf32>
  mlopt.yield %1 : tensor<512x512xf32>
}

// Weights beyond L2 are prefetched. 128 rows are tiles of 13 and 12, never 14 and 2.
// CHECK: bert x86-64-v4: {{.*}}prefetch = 8192 : i64
// CODE: bert x86-64-v4: hottest block: {{[0-9]+}} instructions, 26 fma, 0 mul, 13 broadcasts, 0 stack
mlopt.kernel @bert(%a: tensor<128x768xf32>, %b: tensor<768x768xf32>, %bias: tensor<768xf32>) -> tensor<128x768xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[128, 768], [768, 768], [768], [128, 768]], layouts = [unit, #mlopt.layout<"panel32", [1, 32, 0, 0, 1, 0, 1, 1, 32]>, unit, unit]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op} : (tensor<128x768xf32>, tensor<768x768xf32>) -> tensor<128x768xf32>
  %1 = mlopt.add %0, %bias : (tensor<128x768xf32>, tensor<768xf32>) -> tensor<128x768xf32>
  mlopt.yield %1 : tensor<128x768xf32>
}

// One row: several panels at once hide the latency; streaming needs no prefetch.
// CHECK: gemv x86-64-v4: {{.*}}units = <"6">, {{.*}}prefetch = 0 : i64, {{.*}}rows = 1 : i64, {{.*}}vectors = 8 : i64
// CODE: gemv x86-64-v4: hottest block: {{[0-9]+}} instructions, 32 fma, 0 mul, 4 broadcasts, 0 stack
mlopt.kernel @gemv(%a: tensor<1x768xf32>, %b: tensor<768x768xf32>, %bias: tensor<768xf32>) -> tensor<1x768xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[1, 768], [768, 768], [768], [1, 768]], layouts = [unit, #mlopt.layout<"panel32", [1, 32, 0, 0, 1, 0, 1, 1, 32]>, unit, unit]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op} : (tensor<1x768xf32>, tensor<768x768xf32>) -> tensor<1x768xf32>
  %1 = mlopt.add %0, %bias : (tensor<1x768xf32>, tensor<768xf32>) -> tensor<1x768xf32>
  mlopt.yield %1 : tensor<1x768xf32>
}

// CHECK: four_rows x86-64-v4: {{.*}}rows = 4 : i64, {{.*}}vectors = 4 : i64
// CODE: four_rows x86-64-v4: hottest block: {{[0-9]+}} instructions, 16 fma, 0 mul, 4 broadcasts, 0 stack
mlopt.kernel @four_rows(%a: tensor<4x768xf32>, %b: tensor<768x768xf32>, %bias: tensor<768xf32>) -> tensor<4x768xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[4, 768], [768, 768], [768], [4, 768]], layouts = [unit, #mlopt.layout<"panel32", [1, 32, 0, 0, 1, 0, 1, 1, 32]>, unit, unit]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op} : (tensor<4x768xf32>, tensor<768x768xf32>) -> tensor<4x768xf32>
  %1 = mlopt.add %0, %bias : (tensor<4x768xf32>, tensor<768xf32>) -> tensor<4x768xf32>
  mlopt.yield %1 : tensor<4x768xf32>
}

// A long k is cut once its panel outgrows L2; rows 4 KiB multiples apart and a
// large A take fewer rows at a time.
// CHECK: long_k x86-64-v4: {{.*}}kc = 1024 : i64, {{.*}}row_block = 48 : i64, rows = 6 : i64, {{.*}}vectors = 4 : i64
// CODE: long_k x86-64-v4: hottest block: {{[0-9]+}} instructions, 24 fma, 0 mul, 6 broadcasts, 0 stack
mlopt.kernel @long_k(%a: tensor<128x4096xf32>, %b: tensor<4096x768xf32>, %bias: tensor<768xf32>) -> tensor<128x768xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[128, 4096], [4096, 768], [768], [128, 768]], layouts = [unit, #mlopt.layout<"panel32", [1, 32, 0, 0, 1, 0, 1, 1, 32]>, unit, unit]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op} : (tensor<128x4096xf32>, tensor<4096x768xf32>) -> tensor<128x768xf32>
  %1 = mlopt.add %0, %bias : (tensor<128x768xf32>, tensor<768xf32>) -> tensor<128x768xf32>
  mlopt.yield %1 : tensor<128x768xf32>
}

// Few columns: rows are divided among threads.
// CHECK: few_columns x86-64-v4: {{.*}}units = <"9">, {{.*}}unit_rows = 56 : i64
mlopt.kernel @few_columns(%a: tensor<500x64xf32>, %b: tensor<64x20xf32>, %bias: tensor<20xf32>) -> tensor<500x20xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[500, 64], [64, 20], [20], [500, 20]], layouts = [unit, #mlopt.layout<"panel32", [1, 32, 0, 0, 1, 0, 1, 1, 32]>, unit, unit]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op} : (tensor<500x64xf32>, tensor<64x20xf32>) -> tensor<500x20xf32>
  %1 = mlopt.add %0, %bias : (tensor<500x20xf32>, tensor<20xf32>) -> tensor<500x20xf32>
  mlopt.yield %1 : tensor<500x20xf32>
}

// Unknown rows: heights 1 to 14, the tallest without spills.
// CHECK: rows x86-64-v4: {{.*}}units = <"24">, {{.*}}rows = 14 : i64
// CODE: rows x86-64-v4: hottest block: {{[0-9]+}} instructions, 28 fma, 0 mul, 14 broadcasts, 0 stack
mlopt.kernel @rows(%a: tensor<?x768xf32>, %b: tensor<768x768xf32>, %bias: tensor<768xf32>) -> tensor<?x768xf32> attributes {hero = #mlopt.hero<contraction>, dims = [["m", 768], [768, 768], [768], ["m", 768]], layouts = [unit, #mlopt.layout<"panel32", [1, 32, 0, 0, 1, 0, 1, 1, 32]>, unit, unit]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op} : (tensor<?x768xf32>, tensor<768x768xf32>) -> tensor<?x768xf32>
  %1 = mlopt.add %0, %bias : (tensor<?x768xf32>, tensor<768xf32>) -> tensor<?x768xf32>
  mlopt.yield %1 : tensor<?x768xf32>
}

// CHECK: packed x86-64-v4: {{.*}}scratchPerThread = <"k * 128 + 1792">, units = <"ceildiv(n, 32)">, params = {form = "packed"
// CODE: packed x86-64-v4: hottest block: {{[0-9]+}} instructions, 28 fma, 0 mul, 14 broadcasts, 0 stack
mlopt.kernel @packed(%a: tensor<?x?xf32>, %b: tensor<?x?xf32>) -> tensor<?x?xf32> attributes {hero = #mlopt.hero<contraction>, dims = [["m", "k"], ["n", "k"], ["m", "n"]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_b = true} : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  mlopt.yield %0 : tensor<?x?xf32>
}

// One tile of rows reads a run-time operand where it lies.
// CHECK: in_place x86-64-v4: {{.*}}form = "direct"
mlopt.kernel @in_place(%a: tensor<4x8xf32>, %b: tensor<8x40xf32>) -> tensor<4x40xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[4, 8], [8, 40], [4, 40]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op} : (tensor<4x8xf32>, tensor<8x40xf32>) -> tensor<4x40xf32>
  mlopt.yield %0 : tensor<4x40xf32>
}

// Half the lanes for f64. Narrow weights are summed in f32: extended once for
// all tiles of rows, or where a single one loads them.
// CHECK: doubles x86-64-v2: {{.*}}form = "weights", {{.*}}lanes = 2 : i64
// CHECK: doubles x86-64-v4: {{.*}}form = "weights", {{.*}}lanes = 8 : i64
// CODE: doubles x86-64-v3: hottest block: {{[0-9]+}} instructions, 48 fma, 0 mul, {{.*}} 0 stack
// CHECK: halves x86-64-v2: {{.*}}form = "extended", {{.*}}lanes = 4 : i64
// CHECK: halves x86-64-v4: {{.*}}form = "extended", {{.*}}lanes = 16 : i64
// CODE: halves x86-64-v3: hottest block: {{[0-9]+}} instructions, 48 fma, 0 mul, 24 broadcasts, 0 stack
// CODE: halves x86-64-v4: hottest block: {{[0-9]+}} instructions, 28 fma, 0 mul, 14 broadcasts, 0 stack
// CHECK: half_row x86-64-v4: {{.*}}form = "weights", {{.*}}rows = 1 : i64
// CODE: half_row x86-64-v4: hottest block: {{[0-9]+}} instructions, 32 fma, 0 mul, 4 broadcasts, 0 stack
mlopt.kernel @doubles(%a: tensor<512x512xf64>, %b: tensor<512x512xf64>) -> tensor<512x512xf64> attributes {hero = #mlopt.hero<contraction>, dims = [[512, 512], [512, 512], [512, 512]], layouts = [unit, #mlopt.layout<"panel32", [1, 32, 0, 0, 1, 0, 1, 1, 32]>, unit]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op} : (tensor<512x512xf64>, tensor<512x512xf64>) -> tensor<512x512xf64>
  mlopt.yield %0 : tensor<512x512xf64>
}
mlopt.kernel @halves(%a: tensor<512x512xf16>, %b: tensor<512x512xf16>) -> tensor<512x512xf16> attributes {hero = #mlopt.hero<contraction>, dims = [[512, 512], [512, 512], [512, 512]], layouts = [unit, #mlopt.layout<"panel32", [1, 32, 0, 0, 1, 0, 1, 1, 32]>, unit]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op} : (tensor<512x512xf16>, tensor<512x512xf16>) -> tensor<512x512xf16>
  mlopt.yield %0 : tensor<512x512xf16>
}
mlopt.kernel @half_row(%a: tensor<1x512xf16>, %b: tensor<512x512xf16>) -> tensor<1x512xf16> attributes {hero = #mlopt.hero<contraction>, dims = [[1, 512], [512, 512], [1, 512]], layouts = [unit, #mlopt.layout<"panel32", [1, 32, 0, 0, 1, 0, 1, 1, 32]>, unit]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op} : (tensor<1x512xf16>, tensor<512x512xf16>) -> tensor<1x512xf16>
  mlopt.yield %0 : tensor<1x512xf16>
}

// The result may take an operand's memory where each element is read when it is
// written: not where a slice or a broadcast behind an operation reads others.
// CHECK: residual x86-64-v4: {{.*}}mayOverwrite = [2]
// CHECK: row_of_residual x86-64-v4:
// CHECK-NOT: mayOverwrite
// CHECK: params
mlopt.kernel @residual(%a: tensor<16x8xf32>, %b: tensor<8x40xf32>, %r: tensor<16x40xf32>) -> tensor<16x40xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[16, 8], [8, 40], [16, 40], [16, 40]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op} : (tensor<16x8xf32>, tensor<8x40xf32>) -> tensor<16x40xf32>
  %1 = mlopt.abs %r : (tensor<16x40xf32>) -> tensor<16x40xf32>
  %2 = mlopt.add %0, %1 : (tensor<16x40xf32>, tensor<16x40xf32>) -> tensor<16x40xf32>
  mlopt.yield %2 : tensor<16x40xf32>
}
mlopt.kernel @row_of_residual(%a: tensor<16x8xf32>, %b: tensor<8x40xf32>, %r: tensor<16x40xf32>) -> tensor<16x40xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[16, 8], [8, 40], [16, 40], [16, 40]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op} : (tensor<16x8xf32>, tensor<8x40xf32>) -> tensor<16x40xf32>
  %1 = mlopt.abs %r : (tensor<16x40xf32>) -> tensor<16x40xf32>
  %2 = mlopt.slice %1 {static_starts = array<i64: 0, 0>, static_sizes = array<i64: 1, 40>, strides = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 0, 0>} : (tensor<16x40xf32>) -> tensor<1x40xf32>
  %3 = mlopt.add %0, %2 : (tensor<16x40xf32>, tensor<1x40xf32>) -> tensor<16x40xf32>
  mlopt.yield %3 : tensor<16x40xf32>
}

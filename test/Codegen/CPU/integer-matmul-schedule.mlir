// RUN: mlopt-kernel-test %s --cpu=x86-64-v2,x86-64-v3,x86-64-v4,x86-64-v3+vnni,x86-64-v4+vnni --show-schedule | FileCheck %s --implicit-check-not=generic
// RUN: mlopt-kernel-test %s --cpu=x86-64-v3,x86-64-v4,x86-64-v3+vnni,x86-64-v4+vnni --hot-block --max-threads=1 | FileCheck %s --check-prefix=CODE
// RUN: mlopt-kernel-test %s --cpu=x86-64-v3+vnni,x86-64-v4+vnni --emit-asm | FileCheck %s --check-prefix=VNNI --implicit-check-not=pmadd
// RUN: mlopt-kernel-test %s --cpu=x86-64-v2,x86-64-v3,x86-64-v4 --emit-asm | FileCheck %s --check-prefix=EXACT --implicit-check-not=pmaddubsw
//
// Tiles of products of bytes: those of f32 where an instruction multiplies four bytes, less high ones where
// their halves take registers of their own. Innermost loops keep their accumulators in registers, and
// nothing saturates sums of 16 bits.

// VNNI: vpdpbusd
// EXACT: pmaddwd

// CHECK: bert x86-64-v2: {{.*}}"integer_contraction"{{.*}}form = "weights", kc = 0 : i64, lanes = 4 : i64, {{.*}}rows = 4 : i64
// CHECK: bert x86-64-v3: {{.*}}lanes = 8 : i64, {{.*}}rows = 4 : i64, {{.*}}unroll = 1 : i64, vectors = 2 : i64
// CHECK: bert x86-64-v4: {{.*}}lanes = 16 : i64, {{.*}}rows = 12 : i64, {{.*}}vectors = 2 : i64
// CHECK: bert x86-64-v3+vnni: {{.*}}lanes = 8 : i64, {{.*}}rows = 6 : i64, {{.*}}unroll = 4 : i64, vectors = 2 : i64
// CHECK: bert x86-64-v4+vnni: {{.*}}units = <"96">, params = {form = "weights", kc = 0 : i64, lanes = 16 : i64, prefetch = 8192 : i64, row_block = 0 : i64, rows = 14 : i64, unit_rows = 0 : i64, unroll = 1 : i64, vectors = 2 : i64}
// CODE: bert x86-64-v3: hottest block: {{[0-9]+}} instructions, 0 fma, 0 mul, 4 broadcasts, 0 stack, 16 byte dots
// CODE: bert x86-64-v4: hottest block: {{[0-9]+}} instructions, 0 fma, 0 mul, 12 broadcasts, 0 stack, 48 byte dots
// CODE: bert x86-64-v3+vnni: hottest block: {{[0-9]+}} instructions, 0 fma, 0 mul, 24 broadcasts, 0 stack, 48 byte dots
// CODE: bert x86-64-v4+vnni: hottest block: {{[0-9]+}} instructions, 0 fma, 0 mul, 13 broadcasts, 0 stack, 26 byte dots
mlopt.kernel @bert(%a: tensor<128x768xui8> {mlopt.range = [0, 256]}, %b: tensor<768x3072xi8> {mlopt.range = [-128, 128]}, %corr: tensor<3072xi32>, %scale: tensor<3072xf32>, %qs: tensor<f32> {mlopt.range = [0.5, 2.0]}, %qz: tensor<ui8>) -> tensor<128x3072xui8> attributes {hero = #mlopt.hero<contraction>, dims = [[128, 768], [768, 3072], [3072], [3072], [], [], [128, 3072]], layouts = [unit, #mlopt.layout<"byte_panel32", [1, 32, 0, 0, 4, 0, 1, 1, 32, 0, 1, 4]>, unit, unit, unit, unit, unit]} {
  %none = mlopt.none : none
  %acc = mlopt.integer_matmul %a, %b, %none, %none {mlopt.hero_op} : (tensor<128x768xui8>, tensor<768x3072xi8>, none, none) -> tensor<128x3072xi32>
  %c1 = mlopt.add %acc, %corr : (tensor<128x3072xi32>, tensor<3072xi32>) -> tensor<128x3072xi32>
  %f = mlopt.cast %c1 {to = f32} : (tensor<128x3072xi32>) -> tensor<128x3072xf32>
  %s = mlopt.mul %f, %scale : (tensor<128x3072xf32>, tensor<3072xf32>) -> tensor<128x3072xf32>
  %q = mlopt.quantize %s, %qs, %qz {to = ui8} : (tensor<128x3072xf32>, tensor<f32>, tensor<ui8>) -> tensor<128x3072xui8>
  mlopt.yield %q : tensor<128x3072xui8>
}

// One row: several panels at once hide the latency.
// CHECK: gemv x86-64-v4+vnni: {{.*}}units = <"6">, {{.*}}prefetch = 0 : i64, {{.*}}rows = 1 : i64, {{.*}}vectors = 8 : i64
// CODE: gemv x86-64-v4+vnni: hottest block: {{[0-9]+}} instructions, 0 fma, 0 mul, 4 broadcasts, 0 stack, 32 byte dots
mlopt.kernel @gemv(%a: tensor<1x768xui8> {mlopt.range = [0, 256]}, %b: tensor<768x768xi8> {mlopt.range = [-128, 128]}, %corr: tensor<768xi32>, %scale: tensor<768xf32>) -> tensor<1x768xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[1, 768], [768, 768], [768], [768], [1, 768]], layouts = [unit, #mlopt.layout<"byte_panel_t32", [0, 32, 0, 1, 4, 0, 0, 1, 32, 1, 1, 4]>, unit, unit, unit]} {
  %none = mlopt.none : none
  %acc = mlopt.integer_matmul %a, %b, %none, %none {mlopt.hero_op, transpose_b = true} : (tensor<1x768xui8>, tensor<768x768xi8>, none, none) -> tensor<1x768xi32>
  %c1 = mlopt.add %acc, %corr : (tensor<1x768xi32>, tensor<768xi32>) -> tensor<1x768xi32>
  %f = mlopt.cast %c1 {to = f32} : (tensor<1x768xi32>) -> tensor<1x768xf32>
  %s = mlopt.mul %f, %scale : (tensor<1x768xf32>, tensor<768xf32>) -> tensor<1x768xf32>
  mlopt.yield %s : tensor<1x768xf32>
}

// Few columns: threads share rows too.
// CHECK: narrow x86-64-v4+vnni: {{.*}}units = <"36">, {{.*}}unit_rows = 56 : i64
mlopt.kernel @narrow(%a: tensor<1000x64xui8> {mlopt.range = [0, 256]}, %b: tensor<64x64xi8> {mlopt.range = [-128, 128]}, %corr: tensor<64xi32>) -> tensor<1000x64xi32> attributes {hero = #mlopt.hero<contraction>, dims = [[1000, 64], [64, 64], [64], [1000, 64]], layouts = [unit, #mlopt.layout<"byte_panel32", [1, 32, 0, 0, 4, 0, 1, 1, 32, 0, 1, 4]>, unit, unit]} {
  %none = mlopt.none : none
  %acc = mlopt.integer_matmul %a, %b, %none, %none {mlopt.hero_op} : (tensor<1000x64xui8>, tensor<64x64xi8>, none, none) -> tensor<1000x64xi32>
  %c1 = mlopt.add %acc, %corr : (tensor<1000x64xi32>, tensor<64xi32>) -> tensor<1000x64xi32>
  mlopt.yield %c1 : tensor<1000x64xi32>
}

// k in blocks, the sums going on in the park.
// CHECK: deep x86-64-v4+vnni: {{.*}}form = "weights", kc = 1920 : i64
mlopt.kernel @deep(%a: tensor<64x15360xui8> {mlopt.range = [0, 256]}, %b: tensor<15360x64xi8> {mlopt.range = [-128, 128]}) -> tensor<64x64xi32> attributes {hero = #mlopt.hero<contraction>, dims = [[64, 15360], [15360, 64], [64, 64]], layouts = [unit, #mlopt.layout<"byte_panel32", [1, 32, 0, 0, 4, 0, 1, 1, 32, 0, 1, 4]>, unit]} {
  %none = mlopt.none : none
  %acc = mlopt.integer_matmul %a, %b, %none, %none {mlopt.hero_op} : (tensor<64x15360xui8>, tensor<15360x64xi8>, none, none) -> tensor<64x64xi32>
  mlopt.yield %acc : tensor<64x64xi32>
}

// CHECK: run_time x86-64-v4+vnni: {{.*}}form = "packed"
// CODE: run_time x86-64-v4+vnni: hottest block: {{[0-9]+}} instructions, 0 fma, 0 mul, 13 broadcasts, 0 stack, 26 byte dots
mlopt.kernel @run_time(%a: tensor<128x64xui8> {mlopt.range = [0, 256]}, %b: tensor<128x64xi8> {mlopt.range = [-128, 128]}, %corr: tensor<128xi32>) -> tensor<128x128xi32> attributes {hero = #mlopt.hero<contraction>, dims = [[128, 64], [128, 64], [128], [128, 128]], layouts = [unit, unit, unit, unit]} {
  %none = mlopt.none : none
  %acc = mlopt.integer_matmul %a, %b, %none, %none {mlopt.hero_op, transpose_b = true} : (tensor<128x64xui8>, tensor<128x64xi8>, none, none) -> tensor<128x128xi32>
  %c1 = mlopt.add %acc, %corr : (tensor<128x128xi32>, tensor<128xi32>) -> tensor<128x128xi32>
  mlopt.yield %c1 : tensor<128x128xi32>
}

// RUN: mlopt-kernel-test %s --cpu=sapphirerapids+emulated-tiles --size m=1,b=1,c=1,n=1,k=1 --size m=15,b=2,c=2,n=33,k=130 --size m=16,b=3,c=1,n=64,k=64 --size m=17,b=1,c=1,n=17,k=65 --size m=33,b=2,c=1,n=70,k=63 --size m=70,b=1,c=2,n=96,k=200 --size m=64,b=0,c=1,n=32,k=128 | FileCheck %s --implicit-check-not=FAILED --implicit-check-not=generic
// RUN: mlopt-kernel-test %s --cpu=sapphirerapids+emulated-tiles --show-schedule | FileCheck %s --check-prefix=FORM
//
// Products of bytes in tile registers, whose operations are loops here, against the reference: sizes around those
// of tiles (16 rows, 16 columns, 64 bytes), all byte values, what may follow the product. Buffers are guarded:
// nothing past a matrix is read.
// REQUIRES: znver4

// A tile of rows, two of columns, one step.
// CHECK: {{^}}one sapphirerapids+emulated-tiles: integer_contraction
mlopt.kernel @one(%a: tensor<16x64xui8> {mlopt.range = [0, 256]}, %b: tensor<64x32xi8> {mlopt.range = [-128, 128]}) -> tensor<16x32xi32> attributes {hero = #mlopt.hero<contraction>, dims = [[16, 64], [64, 32], [16, 32]], layouts = [unit, #mlopt.layout<"byte_panel32", [1, 32, 0, 0, 4, 0, 1, 1, 32, 0, 1, 4]>, unit]} {
  %none = mlopt.none : none
  %acc = mlopt.integer_matmul %a, %b, %none, %none {mlopt.hero_op} : (tensor<16x64xui8>, tensor<64x32xi8>, none, none) -> tensor<16x32xi32>
  mlopt.yield %acc : tensor<16x32xi32>
}

// FORM: one {{.*}}form = "weights_tiles"

// CHECK: {{^}}all_sums sapphirerapids+emulated-tiles: integer_contraction
mlopt.kernel @all_sums(%a: tensor<32x128xui8> {mlopt.range = [0, 256]}, %b: tensor<64x128xi8> {mlopt.range = [-128, 128]}) -> tensor<32x64xi32> attributes {hero = #mlopt.hero<contraction>, dims = [[32, 128], [64, 128], [32, 64]], layouts = [unit, #mlopt.layout<"byte_panel_t32", [0, 32, 0, 1, 4, 0, 0, 1, 32, 1, 1, 4]>, unit]} {
  %none = mlopt.none : none
  %acc = mlopt.integer_matmul %a, %b, %none, %none {mlopt.hero_op, transpose_b = true} : (tensor<32x128xui8>, tensor<64x128xi8>, none, none) -> tensor<32x64xi32>
  mlopt.yield %acc : tensor<32x64xi32>
}

// CHECK: {{^}}rows_17 sapphirerapids+emulated-tiles: integer_contraction
mlopt.kernel @rows_17(%a: tensor<17x65xui8> {mlopt.range = [0, 256]}, %b: tensor<65x33xi8> {mlopt.range = [-128, 128]}, %corr: tensor<33xi32>) -> tensor<17x33xi32> attributes {hero = #mlopt.hero<contraction>, dims = [[17, 65], [65, 33], [33], [17, 33]], layouts = [unit, #mlopt.layout<"byte_panel32", [1, 32, 0, 0, 4, 0, 1, 1, 32, 0, 1, 4]>, unit, unit]} {
  %none = mlopt.none : none
  %acc = mlopt.integer_matmul %a, %b, %none, %none {mlopt.hero_op} : (tensor<17x65xui8>, tensor<65x33xi8>, none, none) -> tensor<17x33xi32>
  %c = mlopt.add %acc, %corr : (tensor<17x33xi32>, tensor<33xi32>) -> tensor<17x33xi32>
  mlopt.yield %c : tensor<17x33xi32>
}

// CHECK: {{^}}rows_31 sapphirerapids+emulated-tiles: integer_contraction
mlopt.kernel @rows_31(%a: tensor<31x127xui8> {mlopt.range = [0, 256]}, %b: tensor<50x127xi8> {mlopt.range = [-128, 128]}, %corr: tensor<50xi32>, %scale: tensor<50xf32>, %qs: tensor<f32> {mlopt.range = [0.5, 2.0]}, %qz: tensor<ui8>) -> tensor<31x50xui8> attributes {hero = #mlopt.hero<contraction>, dims = [[31, 127], [50, 127], [50], [50], [], [], [31, 50]], layouts = [unit, #mlopt.layout<"byte_panel_t32", [0, 32, 0, 1, 4, 0, 0, 1, 32, 1, 1, 4]>, unit, unit, unit, unit, unit]} {
  %none = mlopt.none : none
  %acc = mlopt.integer_matmul %a, %b, %none, %none {mlopt.hero_op, transpose_b = true} : (tensor<31x127xui8>, tensor<50x127xi8>, none, none) -> tensor<31x50xi32>
  %c = mlopt.add %acc, %corr : (tensor<31x50xi32>, tensor<50xi32>) -> tensor<31x50xi32>
  %f = mlopt.cast %c {to = f32} : (tensor<31x50xi32>) -> tensor<31x50xf32>
  %s = mlopt.mul %f, %scale : (tensor<31x50xf32>, tensor<50xf32>) -> tensor<31x50xf32>
  %g = mlopt.gelu %s : (tensor<31x50xf32>) -> tensor<31x50xf32>
  %q = mlopt.quantize %g, %qs, %qz {to = ui8} : (tensor<31x50xf32>, tensor<f32>, tensor<ui8>) -> tensor<31x50xui8>
  mlopt.yield %q : tensor<31x50xui8>
}

// 61 bytes along k are enough for a step.
// CHECK: {{^}}rows_47 sapphirerapids+emulated-tiles: integer_contraction
mlopt.kernel @rows_47(%a: tensor<47x63xui8> {mlopt.range = [0, 256]}, %b: tensor<63x17xi8> {mlopt.range = [-128, 128]}, %corr: tensor<17xi32>, %scale: tensor<17xf32>) -> tensor<47x17xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[47, 63], [63, 17], [17], [17], [47, 17]], layouts = [unit, #mlopt.layout<"byte_panel32", [1, 32, 0, 0, 4, 0, 1, 1, 32, 0, 1, 4]>, unit, unit, unit]} {
  %none = mlopt.none : none
  %acc = mlopt.integer_matmul %a, %b, %none, %none {mlopt.hero_op} : (tensor<47x63xui8>, tensor<63x17xi8>, none, none) -> tensor<47x17xi32>
  %c = mlopt.add %acc, %corr : (tensor<47x17xi32>, tensor<17xi32>) -> tensor<47x17xi32>
  %f = mlopt.cast %c {to = f32} : (tensor<47x17xi32>) -> tensor<47x17xf32>
  %s = mlopt.mul %f, %scale : (tensor<47x17xf32>, tensor<17xf32>) -> tensor<47x17xf32>
  mlopt.yield %s : tensor<47x17xf32>
}

// FORM: rows_47 {{.*}}form = "weights_tiles"

// CHECK: {{^}}rows_50 sapphirerapids+emulated-tiles: integer_contraction
mlopt.kernel @rows_50(%a: tensor<50x61xui8> {mlopt.range = [0, 256]}, %b: tensor<64x61xi8> {mlopt.range = [-128, 128]}) -> tensor<50x64xi32> attributes {hero = #mlopt.hero<contraction>, dims = [[50, 61], [64, 61], [50, 64]], layouts = [unit, #mlopt.layout<"byte_panel_t32", [0, 32, 0, 1, 4, 0, 0, 1, 32, 1, 1, 4]>, unit]} {
  %none = mlopt.none : none
  %acc = mlopt.integer_matmul %a, %b, %none, %none {mlopt.hero_op, transpose_b = true} : (tensor<50x61xui8>, tensor<64x61xi8>, none, none) -> tensor<50x64xi32>
  mlopt.yield %acc : tensor<50x64xi32>
}

// Rows that are computed twice are stored once: the result may take the memory of `res`.
// CHECK: {{^}}residual sapphirerapids+emulated-tiles: integer_contraction
mlopt.kernel @residual(%a: tensor<100x142xui8> {mlopt.range = [0, 256]}, %b: tensor<142x70xi8> {mlopt.range = [-128, 128]}, %corr: tensor<70xi32>, %scale: tensor<70xf32>, %res: tensor<100x70xf32>) -> tensor<100x70xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[100, 142], [142, 70], [70], [70], [100, 70], [100, 70]], layouts = [unit, #mlopt.layout<"byte_panel32", [1, 32, 0, 0, 4, 0, 1, 1, 32, 0, 1, 4]>, unit, unit, unit, unit]} {
  %none = mlopt.none : none
  %acc = mlopt.integer_matmul %a, %b, %none, %none {mlopt.hero_op} : (tensor<100x142xui8>, tensor<142x70xi8>, none, none) -> tensor<100x70xi32>
  %c = mlopt.add %acc, %corr : (tensor<100x70xi32>, tensor<70xi32>) -> tensor<100x70xi32>
  %f = mlopt.cast %c {to = f32} : (tensor<100x70xi32>) -> tensor<100x70xf32>
  %s = mlopt.mul %f, %scale : (tensor<100x70xf32>, tensor<70xf32>) -> tensor<100x70xf32>
  %h = mlopt.add %s, %res : (tensor<100x70xf32>, tensor<100x70xf32>) -> tensor<100x70xf32>
  mlopt.yield %h : tensor<100x70xf32>
}

// CHECK: {{^}}bytes_residual sapphirerapids+emulated-tiles: integer_contraction
mlopt.kernel @bytes_residual(%a: tensor<129x192xui8> {mlopt.range = [0, 256]}, %b: tensor<192x48xi8> {mlopt.range = [-128, 128]}, %corr: tensor<48xi32>, %scale: tensor<48xf32>, %res: tensor<129x48xui8>, %rs: tensor<f32>, %rz: tensor<ui8>, %qs: tensor<f32> {mlopt.range = [0.5, 2.0]}, %qz: tensor<ui8>) -> tensor<129x48xui8> attributes {hero = #mlopt.hero<contraction>, dims = [[129, 192], [192, 48], [48], [48], [129, 48], [], [], [], [], [129, 48]], layouts = [unit, #mlopt.layout<"byte_panel32", [1, 32, 0, 0, 4, 0, 1, 1, 32, 0, 1, 4]>, unit, unit, unit, unit, unit, unit, unit, unit]} {
  %none = mlopt.none : none
  %acc = mlopt.integer_matmul %a, %b, %none, %none {mlopt.hero_op} : (tensor<129x192xui8>, tensor<192x48xi8>, none, none) -> tensor<129x48xi32>
  %c = mlopt.add %acc, %corr : (tensor<129x48xi32>, tensor<48xi32>) -> tensor<129x48xi32>
  %f = mlopt.cast %c {to = f32} : (tensor<129x48xi32>) -> tensor<129x48xf32>
  %s = mlopt.mul %f, %scale : (tensor<129x48xf32>, tensor<48xf32>) -> tensor<129x48xf32>
  %d = mlopt.dequantize %res, %rs, %rz : (tensor<129x48xui8>, tensor<f32>, tensor<ui8>) -> tensor<129x48xf32>
  %h = mlopt.add %s, %d : (tensor<129x48xf32>, tensor<129x48xf32>) -> tensor<129x48xf32>
  %q = mlopt.quantize %h, %qs, %qz {to = ui8} : (tensor<129x48xf32>, tensor<f32>, tensor<ui8>) -> tensor<129x48xui8>
  mlopt.yield %q : tensor<129x48xui8>
}

// Few columns: the units are parts of the rows.
// CHECK: {{^}}parts sapphirerapids+emulated-tiles: integer_contraction
mlopt.kernel @parts(%a: tensor<300x100xui8> {mlopt.range = [0, 256]}, %b: tensor<100x40xi8> {mlopt.range = [-128, 128]}, %corr: tensor<40xi32>, %scale: tensor<40xf32>) -> tensor<300x40xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[300, 100], [100, 40], [40], [40], [300, 40]], layouts = [unit, #mlopt.layout<"byte_panel32", [1, 32, 0, 0, 4, 0, 1, 1, 32, 0, 1, 4]>, unit, unit, unit]} {
  %none = mlopt.none : none
  %acc = mlopt.integer_matmul %a, %b, %none, %none {mlopt.hero_op} : (tensor<300x100xui8>, tensor<100x40xi8>, none, none) -> tensor<300x40xi32>
  %c = mlopt.add %acc, %corr : (tensor<300x40xi32>, tensor<40xi32>) -> tensor<300x40xi32>
  %f = mlopt.cast %c {to = f32} : (tensor<300x40xi32>) -> tensor<300x40xf32>
  %s = mlopt.mul %f, %scale : (tensor<300x40xf32>, tensor<40xf32>) -> tensor<300x40xf32>
  mlopt.yield %s : tensor<300x40xf32>
}

// FORM: parts {{.*}}form = "weights_tiles"

// Sums stay in registers over all of k.
// CHECK: {{^}}deep sapphirerapids+emulated-tiles: integer_contraction
mlopt.kernel @deep(%a: tensor<40x9003xui8> {mlopt.range = [0, 256]}, %b: tensor<9003x48xi8> {mlopt.range = [-128, 128]}, %corr: tensor<48xi32>) -> tensor<40x48xi32> attributes {hero = #mlopt.hero<contraction>, dims = [[40, 9003], [9003, 48], [48], [40, 48]], layouts = [unit, #mlopt.layout<"byte_panel32", [1, 32, 0, 0, 4, 0, 1, 1, 32, 0, 1, 4]>, unit, unit]} {
  %none = mlopt.none : none
  %acc = mlopt.integer_matmul %a, %b, %none, %none {mlopt.hero_op} : (tensor<40x9003xui8>, tensor<9003x48xi8>, none, none) -> tensor<40x48xi32>
  %c = mlopt.add %acc, %corr : (tensor<40x48xi32>, tensor<48xi32>) -> tensor<40x48xi32>
  mlopt.yield %c : tensor<40x48xi32>
}

// CHECK: {{^}}lowest sapphirerapids+emulated-tiles: integer_contraction
mlopt.kernel @lowest(%a: tensor<17x67xui8> {mlopt.range = [255, 256]}, %b: tensor<67x33xi8> {mlopt.range = [-128, -127]}) -> tensor<17x33xi32> attributes {hero = #mlopt.hero<contraction>, dims = [[17, 67], [67, 33], [17, 33]], layouts = [unit, #mlopt.layout<"byte_panel32", [1, 32, 0, 0, 4, 0, 1, 1, 32, 0, 1, 4]>, unit]} {
  %none = mlopt.none : none
  %acc = mlopt.integer_matmul %a, %b, %none, %none {mlopt.hero_op} : (tensor<17x67xui8>, tensor<67x33xi8>, none, none) -> tensor<17x33xi32>
  mlopt.yield %acc : tensor<17x33xi32>
}

// CHECK: {{^}}highest sapphirerapids+emulated-tiles: integer_contraction
mlopt.kernel @highest(%a: tensor<33x131xui8> {mlopt.range = [255, 256]}, %b: tensor<33x131xi8> {mlopt.range = [127, 128]}) -> tensor<33x33xi32> attributes {hero = #mlopt.hero<contraction>, dims = [[33, 131], [33, 131], [33, 33]], layouts = [unit, #mlopt.layout<"byte_panel_t32", [0, 32, 0, 1, 4, 0, 0, 1, 32, 1, 1, 4]>, unit]} {
  %none = mlopt.none : none
  %acc = mlopt.integer_matmul %a, %b, %none, %none {mlopt.hero_op, transpose_b = true} : (tensor<33x131xui8>, tensor<33x131xi8>, none, none) -> tensor<33x33xi32>
  mlopt.yield %acc : tensor<33x33xi32>
}

// Whether the rows are enough is decided at run time.
// CHECK: {{^}}rows sapphirerapids+emulated-tiles m=1: integer_contraction
mlopt.kernel @rows(%a: tensor<?x77xui8> {mlopt.range = [0, 256]}, %b: tensor<77x45xi8> {mlopt.range = [-128, 128]}, %scale: tensor<45xf32>) -> tensor<?x45xf32> attributes {hero = #mlopt.hero<contraction>, dims = [["m", 77], [77, 45], [45], ["m", 45]], layouts = [unit, #mlopt.layout<"byte_panel32", [1, 32, 0, 0, 4, 0, 1, 1, 32, 0, 1, 4]>, unit, unit]} {
  %none = mlopt.none : none
  %acc = mlopt.integer_matmul %a, %b, %none, %none {mlopt.hero_op} : (tensor<?x77xui8>, tensor<77x45xi8>, none, none) -> tensor<?x45xi32>
  %f = mlopt.cast %acc {to = f32} : (tensor<?x45xi32>) -> tensor<?x45xf32>
  %s = mlopt.mul %f, %scale : (tensor<?x45xf32>, tensor<45xf32>) -> tensor<?x45xf32>
  mlopt.yield %s : tensor<?x45xf32>
}

// FORM: rows {{.*}}form = "weights_tiles"

// Rows of all batch items are one matrix.
// CHECK: {{^}}sequence sapphirerapids+emulated-tiles b=1,m=1: integer_contraction
mlopt.kernel @sequence(%a: tensor<?x?x96xui8> {mlopt.range = [0, 256]}, %b: tensor<96x64xi8> {mlopt.range = [-128, 128]}) -> (tensor<?x?x64xi32>, tensor<?x?x64xf32>) attributes {hero = #mlopt.hero<contraction>, dims = [["b", "m", 96], [96, 64], ["b", "m", 64], ["b", "m", 64]], layouts = [unit, #mlopt.layout<"byte_panel32", [1, 32, 0, 0, 4, 0, 1, 1, 32, 0, 1, 4]>, unit, unit]} {
  %none = mlopt.none : none
  %acc = mlopt.integer_matmul %a, %b, %none, %none {mlopt.hero_op} : (tensor<?x?x96xui8>, tensor<96x64xi8>, none, none) -> tensor<?x?x64xi32>
  %f = mlopt.cast %acc {to = f32} : (tensor<?x?x64xi32>) -> tensor<?x?x64xf32>
  mlopt.yield %acc, %f : tensor<?x?x64xi32>, tensor<?x?x64xf32>
}

// Each batch item has its own weights.
// CHECK: {{^}}experts sapphirerapids+emulated-tiles m=1: integer_contraction
mlopt.kernel @experts(%a: tensor<3x?x67xui8> {mlopt.range = [0, 256]}, %b: tensor<3x67x40xi8> {mlopt.range = [-128, 128]}) -> tensor<3x?x40xi32> attributes {hero = #mlopt.hero<contraction>, dims = [[3, "m", 67], [3, 67, 40], [3, "m", 40]], layouts = [unit, #mlopt.layout<"byte_panel32", [0, 1, 0, 2, 32, 0, 1, 4, 0, 2, 1, 32, 1, 1, 4]>, unit]} {
  %none = mlopt.none : none
  %acc = mlopt.integer_matmul %a, %b, %none, %none {mlopt.hero_op} : (tensor<3x?x67xui8>, tensor<3x67x40xi8>, none, none) -> tensor<3x?x40xi32>
  mlopt.yield %acc : tensor<3x?x40xi32>
}

// The second factor is packed at run time.
// CHECK: {{^}}packed sapphirerapids+emulated-tiles: integer_contraction
// FORM: packed {{.*}}form = "packed_tiles"
mlopt.kernel @packed(%a: tensor<4x33x70xui8> {mlopt.range = [0, 256]}, %b: tensor<4x70x50xi8> {mlopt.range = [-128, 128]}, %s: tensor<f32>, %res: tensor<4x33x50xf32>) -> tensor<4x33x50xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[4, 33, 70], [4, 70, 50], [], [4, 33, 50], [4, 33, 50]]} {
  %none = mlopt.none : none
  %acc = mlopt.integer_matmul %a, %b, %none, %none {mlopt.hero_op} : (tensor<4x33x70xui8>, tensor<4x70x50xi8>, none, none) -> tensor<4x33x50xi32>
  %f = mlopt.cast %acc {to = f32} : (tensor<4x33x50xi32>) -> tensor<4x33x50xf32>
  %g = mlopt.mul %f, %s : (tensor<4x33x50xf32>, tensor<f32>) -> tensor<4x33x50xf32>
  %h = mlopt.add %g, %res : (tensor<4x33x50xf32>, tensor<4x33x50xf32>) -> tensor<4x33x50xf32>
  mlopt.yield %h : tensor<4x33x50xf32>
}

// CHECK: {{^}}turned sapphirerapids+emulated-tiles: integer_contraction
mlopt.kernel @turned(%a: tensor<2x48x64xui8> {mlopt.range = [0, 256]}, %b: tensor<2x40x64xi8> {mlopt.range = [-128, 128]}) -> tensor<2x48x40xi32> attributes {hero = #mlopt.hero<contraction>, dims = [[2, 48, 64], [2, 40, 64], [2, 48, 40]]} {
  %none = mlopt.none : none
  %acc = mlopt.integer_matmul %a, %b, %none, %none {mlopt.hero_op, transpose_b = true} : (tensor<2x48x64xui8>, tensor<2x40x64xi8>, none, none) -> tensor<2x48x40xi32>
  mlopt.yield %acc : tensor<2x48x40xi32>
}

// CHECK: {{^}}symbolic_0 sapphirerapids+emulated-tiles {{.*}}: integer_contraction
// FORM: symbolic_0 {{.*}}form = "packed_tiles"
mlopt.kernel @symbolic_0(%a: tensor<?x3x?x?xui8> {mlopt.range = [0, 256]}, %b: tensor<?x1x?x?xi8> {mlopt.range = [-128, 128]}) -> tensor<?x3x?x?xi32> attributes {hero = #mlopt.hero<contraction>, dims = [["b", 3, "m", "k"], ["b", 1, "k", "n"], ["b", 3, "m", "n"]]} {
  %none = mlopt.none : none
  %acc = mlopt.integer_matmul %a, %b, %none, %none {mlopt.hero_op} : (tensor<?x3x?x?xui8>, tensor<?x1x?x?xi8>, none, none) -> tensor<?x3x?x?xi32>
  mlopt.yield %acc : tensor<?x3x?x?xi32>
}

// CHECK: {{^}}symbolic_1 sapphirerapids+emulated-tiles {{.*}}: integer_contraction
// FORM: symbolic_1 {{.*}}form = "packed_tiles"
mlopt.kernel @symbolic_1(%a: tensor<?x3x?x?xui8> {mlopt.range = [0, 256]}, %b: tensor<?x1x?x?xi8> {mlopt.range = [-128, 128]}) -> tensor<?x3x?x?xi32> attributes {hero = #mlopt.hero<contraction>, dims = [["b", 3, "m", "k"], ["b", 1, "n", "k"], ["b", 3, "m", "n"]]} {
  %none = mlopt.none : none
  %acc = mlopt.integer_matmul %a, %b, %none, %none {mlopt.hero_op, transpose_b = true} : (tensor<?x3x?x?xui8>, tensor<?x1x?x?xi8>, none, none) -> tensor<?x3x?x?xi32>
  mlopt.yield %acc : tensor<?x3x?x?xi32>
}

// Too few rows, columns or bytes: vectors are as fast.
// FORM: few_rows {{.*}}form = "weights"
// CHECK: {{^}}few_rows sapphirerapids+emulated-tiles: integer_contraction
mlopt.kernel @few_rows(%a: tensor<15x128xui8> {mlopt.range = [0, 256]}, %b: tensor<128x64xi8> {mlopt.range = [-128, 128]}) -> tensor<15x64xi32> attributes {hero = #mlopt.hero<contraction>, dims = [[15, 128], [128, 64], [15, 64]], layouts = [unit, #mlopt.layout<"byte_panel32", [1, 32, 0, 0, 4, 0, 1, 1, 32, 0, 1, 4]>, unit]} {
  %none = mlopt.none : none
  %acc = mlopt.integer_matmul %a, %b, %none, %none {mlopt.hero_op} : (tensor<15x128xui8>, tensor<128x64xi8>, none, none) -> tensor<15x64xi32>
  mlopt.yield %acc : tensor<15x64xi32>
}

// FORM: few_columns {{.*}}form = "weights"
// CHECK: {{^}}few_columns sapphirerapids+emulated-tiles: integer_contraction
mlopt.kernel @few_columns(%a: tensor<64x128xui8> {mlopt.range = [0, 256]}, %b: tensor<128x16xi8> {mlopt.range = [-128, 128]}) -> tensor<64x16xi32> attributes {hero = #mlopt.hero<contraction>, dims = [[64, 128], [128, 16], [64, 16]], layouts = [unit, #mlopt.layout<"byte_panel32", [1, 32, 0, 0, 4, 0, 1, 1, 32, 0, 1, 4]>, unit]} {
  %none = mlopt.none : none
  %acc = mlopt.integer_matmul %a, %b, %none, %none {mlopt.hero_op} : (tensor<64x128xui8>, tensor<128x16xi8>, none, none) -> tensor<64x16xi32>
  mlopt.yield %acc : tensor<64x16xi32>
}

// FORM: few_bytes {{.*}}form = "weights"
// CHECK: {{^}}few_bytes sapphirerapids+emulated-tiles: integer_contraction
mlopt.kernel @few_bytes(%a: tensor<64x60xui8> {mlopt.range = [0, 256]}, %b: tensor<60x64xi8> {mlopt.range = [-128, 128]}) -> tensor<64x64xi32> attributes {hero = #mlopt.hero<contraction>, dims = [[64, 60], [60, 64], [64, 64]], layouts = [unit, #mlopt.layout<"byte_panel32", [1, 32, 0, 0, 4, 0, 1, 1, 32, 0, 1, 4]>, unit]} {
  %none = mlopt.none : none
  %acc = mlopt.integer_matmul %a, %b, %none, %none {mlopt.hero_op} : (tensor<64x60xui8>, tensor<60x64xi8>, none, none) -> tensor<64x64xi32>
  mlopt.yield %acc : tensor<64x64xi32>
}

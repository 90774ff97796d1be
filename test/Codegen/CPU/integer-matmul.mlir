// RUN: mlopt-kernel-test %s --cpu=x86-64-v2,x86-64-v3,x86-64-v4,x86-64-v4+vnni --size m=1,b=1 --size m=14,b=3 --size m=33,b=2 --size m=5,b=0 | FileCheck %s --implicit-check-not=FAILED --implicit-check-not=generic
//
// Products of bytes with weights in panels, against the reference, at every level and 1 to 3 threads: sizes
// around the tiles' and symbolic ones, all byte values, everything that may follow the product. Buffers are guarded.

// CHECK: {{^}}w_1_1_1 x86-64-v2: integer_contraction
mlopt.kernel @w_1_1_1(%a: tensor<1x1xui8> {mlopt.range = [0, 256]}, %b: tensor<1x1xi8> {mlopt.range = [-128, 128]}) -> tensor<1x1xi32> attributes {hero = #mlopt.hero<contraction>, dims = [[1, 1], [1, 1], [1, 1]], layouts = [unit, #mlopt.layout<"byte_panel32", [1, 32, 0, 0, 4, 0, 1, 1, 32, 0, 1, 4]>, unit]} {
  %none = mlopt.none : none
  %acc = mlopt.integer_matmul %a, %b, %none, %none {mlopt.hero_op} : (tensor<1x1xui8>, tensor<1x1xi8>, none, none) -> tensor<1x1xi32>
  mlopt.yield %acc : tensor<1x1xi32>
}

// CHECK: {{^}}w_3_33_5 x86-64-v2: integer_contraction
mlopt.kernel @w_3_33_5(%a: tensor<3x5xui8> {mlopt.range = [0, 256]}, %b: tensor<5x33xi8> {mlopt.range = [-128, 128]}, %corr: tensor<33xi32>) -> tensor<3x33xi32> attributes {hero = #mlopt.hero<contraction>, dims = [[3, 5], [5, 33], [33], [3, 33]], layouts = [unit, #mlopt.layout<"byte_panel32", [1, 32, 0, 0, 4, 0, 1, 1, 32, 0, 1, 4]>, unit, unit]} {
  %none = mlopt.none : none
  %acc = mlopt.integer_matmul %a, %b, %none, %none {mlopt.hero_op} : (tensor<3x5xui8>, tensor<5x33xi8>, none, none) -> tensor<3x33xi32>
  %c1 = mlopt.add %acc, %corr : (tensor<3x33xi32>, tensor<33xi32>) -> tensor<3x33xi32>
  mlopt.yield %c1 : tensor<3x33xi32>
}

// CHECK: {{^}}w_5_17_3 x86-64-v2: integer_contraction
mlopt.kernel @w_5_17_3(%a: tensor<5x3xui8> {mlopt.range = [0, 256]}, %b: tensor<17x3xi8> {mlopt.range = [-128, 128]}, %corr: tensor<17xi32>, %scale: tensor<17xf32>) -> tensor<5x17xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[5, 3], [17, 3], [17], [17], [5, 17]], layouts = [unit, #mlopt.layout<"byte_panel_t32", [0, 32, 0, 1, 4, 0, 0, 1, 32, 1, 1, 4]>, unit, unit, unit]} {
  %none = mlopt.none : none
  %acc = mlopt.integer_matmul %a, %b, %none, %none {mlopt.hero_op, transpose_b = true} : (tensor<5x3xui8>, tensor<17x3xi8>, none, none) -> tensor<5x17xi32>
  %c1 = mlopt.add %acc, %corr : (tensor<5x17xi32>, tensor<17xi32>) -> tensor<5x17xi32>
  %f = mlopt.cast %c1 {to = f32} : (tensor<5x17xi32>) -> tensor<5x17xf32>
  %s = mlopt.mul %f, %scale : (tensor<5x17xf32>, tensor<17xf32>) -> tensor<5x17xf32>
  mlopt.yield %s : tensor<5x17xf32>
}

// CHECK: {{^}}w_13_64_64 x86-64-v2: integer_contraction
mlopt.kernel @w_13_64_64(%a: tensor<13x64xui8> {mlopt.range = [0, 256]}, %b: tensor<64x64xi8> {mlopt.range = [-128, 128]}, %corr: tensor<64xi32>, %scale: tensor<64xf32>, %res: tensor<13x64xui8>, %rscale: tensor<f32>, %rz: tensor<ui8>, %qs: tensor<f32> {mlopt.range = [0.5, 2.0]}, %qz: tensor<ui8>) -> tensor<13x64xui8> attributes {hero = #mlopt.hero<contraction>, dims = [[13, 64], [64, 64], [64], [64], [13, 64], [], [], [], [], [13, 64]], layouts = [unit, #mlopt.layout<"byte_panel32", [1, 32, 0, 0, 4, 0, 1, 1, 32, 0, 1, 4]>, unit, unit, unit, unit, unit, unit, unit, unit]} {
  %none = mlopt.none : none
  %acc = mlopt.integer_matmul %a, %b, %none, %none {mlopt.hero_op} : (tensor<13x64xui8>, tensor<64x64xi8>, none, none) -> tensor<13x64xi32>
  %c1 = mlopt.add %acc, %corr : (tensor<13x64xi32>, tensor<64xi32>) -> tensor<13x64xi32>
  %f = mlopt.cast %c1 {to = f32} : (tensor<13x64xi32>) -> tensor<13x64xf32>
  %s = mlopt.mul %f, %scale : (tensor<13x64xf32>, tensor<64xf32>) -> tensor<13x64xf32>
  %g = mlopt.gelu %s : (tensor<13x64xf32>) -> tensor<13x64xf32>
  %d = mlopt.dequantize %res, %rscale, %rz : (tensor<13x64xui8>, tensor<f32>, tensor<ui8>) -> tensor<13x64xf32>
  %h = mlopt.add %g, %d : (tensor<13x64xf32>, tensor<13x64xf32>) -> tensor<13x64xf32>
  %q = mlopt.quantize %h, %qs, %qz {to = ui8} : (tensor<13x64xf32>, tensor<f32>, tensor<ui8>) -> tensor<13x64xui8>
  mlopt.yield %q : tensor<13x64xui8>
}

// CHECK: {{^}}w_15_33_0 x86-64-v2: integer_contraction
mlopt.kernel @w_15_33_0(%a: tensor<15x0xui8> {mlopt.range = [0, 256]}, %b: tensor<33x0xi8> {mlopt.range = [-128, 128]}, %corr: tensor<33xi32>) -> tensor<15x33xi32> attributes {hero = #mlopt.hero<contraction>, dims = [[15, 0], [33, 0], [33], [15, 33]], layouts = [unit, #mlopt.layout<"byte_panel_t32", [0, 32, 0, 1, 4, 0, 0, 1, 32, 1, 1, 4]>, unit, unit]} {
  %none = mlopt.none : none
  %acc = mlopt.integer_matmul %a, %b, %none, %none {mlopt.hero_op, transpose_b = true} : (tensor<15x0xui8>, tensor<33x0xi8>, none, none) -> tensor<15x33xi32>
  %c1 = mlopt.add %acc, %corr : (tensor<15x33xi32>, tensor<33xi32>) -> tensor<15x33xi32>
  mlopt.yield %c1 : tensor<15x33xi32>
}

// CHECK: {{^}}w_29_1_7 x86-64-v2: integer_contraction
mlopt.kernel @w_29_1_7(%a: tensor<29x7xui8> {mlopt.range = [0, 256]}, %b: tensor<7x1xi8> {mlopt.range = [-128, 128]}, %scale: tensor<1xf32>, %rs: tensor<29x1xf32>) -> tensor<29x1xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[29, 7], [7, 1], [1], [29, 1], [29, 1]], layouts = [unit, #mlopt.layout<"byte_panel32", [1, 32, 0, 0, 4, 0, 1, 1, 32, 0, 1, 4]>, unit, unit, unit]} {
  %none = mlopt.none : none
  %acc = mlopt.integer_matmul %a, %b, %none, %none {mlopt.hero_op} : (tensor<29x7xui8>, tensor<7x1xi8>, none, none) -> tensor<29x1xi32>
  %f = mlopt.cast %acc {to = f32} : (tensor<29x1xi32>) -> tensor<29x1xf32>
  %s = mlopt.mul %f, %scale : (tensor<29x1xf32>, tensor<1xf32>) -> tensor<29x1xf32>
  %r = mlopt.mul %s, %rs : (tensor<29x1xf32>, tensor<29x1xf32>) -> tensor<29x1xf32>
  mlopt.yield %r : tensor<29x1xf32>
}

// CHECK: {{^}}w_100_70_42 x86-64-v2: integer_contraction
mlopt.kernel @w_100_70_42(%a: tensor<100x42xui8> {mlopt.range = [0, 256]}, %b: tensor<42x70xi8> {mlopt.range = [-128, 128]}, %corr: tensor<70xi32>, %scale: tensor<70xf32>, %qs: tensor<f32> {mlopt.range = [0.5, 2.0]}, %qz: tensor<ui8>) -> tensor<100x70xui8> attributes {hero = #mlopt.hero<contraction>, dims = [[100, 42], [42, 70], [70], [70], [], [], [100, 70]], layouts = [unit, #mlopt.layout<"byte_panel32", [1, 32, 0, 0, 4, 0, 1, 1, 32, 0, 1, 4]>, unit, unit, unit, unit, unit]} {
  %none = mlopt.none : none
  %acc = mlopt.integer_matmul %a, %b, %none, %none {mlopt.hero_op} : (tensor<100x42xui8>, tensor<42x70xi8>, none, none) -> tensor<100x70xi32>
  %c1 = mlopt.add %acc, %corr : (tensor<100x70xi32>, tensor<70xi32>) -> tensor<100x70xi32>
  %f = mlopt.cast %c1 {to = f32} : (tensor<100x70xi32>) -> tensor<100x70xf32>
  %s = mlopt.mul %f, %scale : (tensor<100x70xf32>, tensor<70xf32>) -> tensor<100x70xf32>
  %q = mlopt.quantize %s, %qs, %qz {to = ui8} : (tensor<100x70xf32>, tensor<f32>, tensor<ui8>) -> tensor<100x70xui8>
  mlopt.yield %q : tensor<100x70xui8>
}

// CHECK: {{^}}w_1_300_66 x86-64-v2: integer_contraction
mlopt.kernel @w_1_300_66(%a: tensor<1x66xui8> {mlopt.range = [0, 256]}, %b: tensor<300x66xi8> {mlopt.range = [-128, 128]}, %corr: tensor<300xi32>, %scale: tensor<300xf32>, %qs: tensor<f32> {mlopt.range = [0.5, 2.0]}, %qz: tensor<ui8>) -> tensor<1x300xui8> attributes {hero = #mlopt.hero<contraction>, dims = [[1, 66], [300, 66], [300], [300], [], [], [1, 300]], layouts = [unit, #mlopt.layout<"byte_panel_t32", [0, 32, 0, 1, 4, 0, 0, 1, 32, 1, 1, 4]>, unit, unit, unit, unit, unit]} {
  %none = mlopt.none : none
  %acc = mlopt.integer_matmul %a, %b, %none, %none {mlopt.hero_op, transpose_b = true} : (tensor<1x66xui8>, tensor<300x66xi8>, none, none) -> tensor<1x300xi32>
  %c1 = mlopt.add %acc, %corr : (tensor<1x300xi32>, tensor<300xi32>) -> tensor<1x300xi32>
  %f = mlopt.cast %c1 {to = f32} : (tensor<1x300xi32>) -> tensor<1x300xf32>
  %s = mlopt.mul %f, %scale : (tensor<1x300xf32>, tensor<300xf32>) -> tensor<1x300xf32>
  %q = mlopt.quantize %s, %qs, %qz {to = ui8} : (tensor<1x300xf32>, tensor<f32>, tensor<ui8>) -> tensor<1x300xui8>
  mlopt.yield %q : tensor<1x300xui8>
}

// CHECK: {{^}}w_40_48_9000 x86-64-v2: integer_contraction
mlopt.kernel @w_40_48_9000(%a: tensor<40x9000xui8> {mlopt.range = [0, 256]}, %b: tensor<9000x48xi8> {mlopt.range = [-128, 128]}, %corr: tensor<48xi32>) -> tensor<40x48xi32> attributes {hero = #mlopt.hero<contraction>, dims = [[40, 9000], [9000, 48], [48], [40, 48]], layouts = [unit, #mlopt.layout<"byte_panel32", [1, 32, 0, 0, 4, 0, 1, 1, 32, 0, 1, 4]>, unit, unit]} {
  %none = mlopt.none : none
  %acc = mlopt.integer_matmul %a, %b, %none, %none {mlopt.hero_op} : (tensor<40x9000xui8>, tensor<9000x48xi8>, none, none) -> tensor<40x48xi32>
  %c1 = mlopt.add %acc, %corr : (tensor<40x48xi32>, tensor<48xi32>) -> tensor<40x48xi32>
  mlopt.yield %c1 : tensor<40x48xi32>
}

// CHECK: {{^}}w_low_17_33_33 x86-64-v2: integer_contraction
mlopt.kernel @w_low_17_33_33(%a: tensor<17x33xui8> {mlopt.range = [255, 256]}, %b: tensor<33x33xi8> {mlopt.range = [-128, -127]}) -> tensor<17x33xi32> attributes {hero = #mlopt.hero<contraction>, dims = [[17, 33], [33, 33], [17, 33]], layouts = [unit, #mlopt.layout<"byte_panel32", [1, 32, 0, 0, 4, 0, 1, 1, 32, 0, 1, 4]>, unit]} {
  %none = mlopt.none : none
  %acc = mlopt.integer_matmul %a, %b, %none, %none {mlopt.hero_op} : (tensor<17x33xui8>, tensor<33x33xi8>, none, none) -> tensor<17x33xi32>
  mlopt.yield %acc : tensor<17x33xi32>
}

// CHECK: {{^}}w_high_17_33_35 x86-64-v2: integer_contraction
mlopt.kernel @w_high_17_33_35(%a: tensor<17x35xui8> {mlopt.range = [255, 256]}, %b: tensor<33x35xi8> {mlopt.range = [127, 128]}) -> tensor<17x33xi32> attributes {hero = #mlopt.hero<contraction>, dims = [[17, 35], [33, 35], [17, 33]], layouts = [unit, #mlopt.layout<"byte_panel_t32", [0, 32, 0, 1, 4, 0, 0, 1, 32, 1, 1, 4]>, unit]} {
  %none = mlopt.none : none
  %acc = mlopt.integer_matmul %a, %b, %none, %none {mlopt.hero_op, transpose_b = true} : (tensor<17x35xui8>, tensor<33x35xi8>, none, none) -> tensor<17x33xi32>
  mlopt.yield %acc : tensor<17x33xi32>
}

// CHECK: {{^}}rows x86-64-v2 {{.*}}: integer_contraction
mlopt.kernel @rows(%a: tensor<?x37xui8> {mlopt.range = [0, 256]}, %b: tensor<37x45xi8> {mlopt.range = [-128, 128]}, %scale: tensor<45xf32>) -> tensor<?x45xf32> attributes {hero = #mlopt.hero<contraction>, dims = [["m", 37], [37, 45], [45], ["m", 45]], layouts = [unit, #mlopt.layout<"byte_panel32", [1, 32, 0, 0, 4, 0, 1, 1, 32, 0, 1, 4]>, unit, unit]} {
  %none = mlopt.none : none
  %acc = mlopt.integer_matmul %a, %b, %none, %none {mlopt.hero_op} : (tensor<?x37xui8>, tensor<37x45xi8>, none, none) -> tensor<?x45xi32>
  %f = mlopt.cast %acc {to = f32} : (tensor<?x45xi32>) -> tensor<?x45xf32>
  %s = mlopt.mul %f, %scale : (tensor<?x45xf32>, tensor<45xf32>) -> tensor<?x45xf32>
  mlopt.yield %s : tensor<?x45xf32>
}

// A sequence: rows of all batch items are one matrix.
// CHECK: {{^}}sequence x86-64-v2 {{.*}}: integer_contraction
mlopt.kernel @sequence(%a: tensor<?x?x16xui8> {mlopt.range = [0, 256]}, %b: tensor<16x64xi8> {mlopt.range = [-128, 128]}) -> (tensor<?x?x64xi32>, tensor<?x?x64xf32>) attributes {hero = #mlopt.hero<contraction>, dims = [["b", "m", 16], [16, 64], ["b", "m", 64], ["b", "m", 64]], layouts = [unit, #mlopt.layout<"byte_panel32", [1, 32, 0, 0, 4, 0, 1, 1, 32, 0, 1, 4]>, unit, unit]} {
  %none = mlopt.none : none
  %acc = mlopt.integer_matmul %a, %b, %none, %none {mlopt.hero_op} : (tensor<?x?x16xui8>, tensor<16x64xi8>, none, none) -> tensor<?x?x64xi32>
  %f = mlopt.cast %acc {to = f32} : (tensor<?x?x64xi32>) -> tensor<?x?x64xf32>
  mlopt.yield %acc, %f : tensor<?x?x64xi32>, tensor<?x?x64xf32>
}

// Each batch item has its own weights.
// CHECK: {{^}}experts x86-64-v2 {{.*}}: integer_contraction
mlopt.kernel @experts(%a: tensor<3x?x21xui8> {mlopt.range = [0, 256]}, %b: tensor<3x21x40xi8> {mlopt.range = [-128, 128]}) -> tensor<3x?x40xi32> attributes {hero = #mlopt.hero<contraction>, dims = [[3, "m", 21], [3, 21, 40], [3, "m", 40]], layouts = [unit, #mlopt.layout<"byte_panel32", [0, 1, 0, 2, 32, 0, 1, 4, 0, 2, 1, 32, 1, 1, 4]>, unit]} {
  %none = mlopt.none : none
  %acc = mlopt.integer_matmul %a, %b, %none, %none {mlopt.hero_op} : (tensor<3x?x21xui8>, tensor<3x21x40xi8>, none, none) -> tensor<3x?x40xi32>
  mlopt.yield %acc : tensor<3x?x40xi32>
}

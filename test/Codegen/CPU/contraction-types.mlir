// RUN: mlopt-kernel-test %s --cpu=x86-64-v2,x86-64-v3,x86-64-v4 --size m=1 --size m=15 --size m=40 | FileCheck %s --implicit-check-not=FAILED --implicit-check-not=generic
//
// Products of f16 and bf16, summed in f32, and of f64: weights in panels and
// factors known at run time, in every transposition, at sizes around the tiles'.

// CHECK: {{^}}weights_f16 x86-64-v2: contraction
mlopt.kernel @weights_f16(%a: tensor<29x33xf16>, %b: tensor<33x70xf16>, %bias: tensor<70xf16>) -> tensor<29x70xf16> attributes {hero = #mlopt.hero<contraction>, dims = [[29, 33], [33, 70], [70], [29, 70]], layouts = [unit, #mlopt.layout<"panel32", [1, 32, 0, 0, 1, 0, 1, 1, 32]>, unit, unit]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op} : (tensor<29x33xf16>, tensor<33x70xf16>) -> tensor<29x70xf16>
  %1 = mlopt.add %0, %bias : (tensor<29x70xf16>, tensor<70xf16>) -> tensor<29x70xf16>
  mlopt.yield %1 : tensor<29x70xf16>
}

// CHECK: {{^}}weights_turned_f16 x86-64-v2 {{.*}}: contraction
mlopt.kernel @weights_turned_f16(%a: tensor<?x47xf16>, %b: tensor<33x47xf16>, %bias: tensor<33xf16>) -> tensor<?x33xf16> attributes {hero = #mlopt.hero<contraction>, dims = [["m", 47], [33, 47], [33], ["m", 33]], layouts = [unit, #mlopt.layout<"panel_t32", [0, 32, 0, 1, 1, 0, 0, 1, 32]>, unit, unit]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_b = true} : (tensor<?x47xf16>, tensor<33x47xf16>) -> tensor<?x33xf16>
  %1 = mlopt.add %0, %bias : (tensor<?x33xf16>, tensor<33xf16>) -> tensor<?x33xf16>
  %2 = mlopt.abs %1 : (tensor<?x33xf16>) -> tensor<?x33xf16>
  mlopt.yield %2 : tensor<?x33xf16>
}

// CHECK: {{^}}one_row_f16 x86-64-v2: contraction
mlopt.kernel @one_row_f16(%a: tensor<1x65xf16>, %b: tensor<300x65xf16>) -> tensor<1x300xf16> attributes {hero = #mlopt.hero<contraction>, dims = [[1, 65], [300, 65], [1, 300]], layouts = [unit, #mlopt.layout<"panel_t32", [0, 32, 0, 1, 1, 0, 0, 1, 32]>, unit]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_b = true} : (tensor<1x65xf16>, tensor<300x65xf16>) -> tensor<1x300xf16>
  mlopt.yield %0 : tensor<1x300xf16>
}

// CHECK: {{^}}plain_f16 x86-64-v2: contraction
mlopt.kernel @plain_f16(%a: tensor<17x40xf16>, %b: tensor<40x64xf16>) -> tensor<17x64xf16> attributes {hero = #mlopt.hero<contraction>, dims = [[17, 40], [40, 64], [17, 64]], layouts = [unit, #mlopt.layout<"panel32", [1, 32, 0, 0, 1, 0, 1, 1, 32]>, unit]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op} : (tensor<17x40xf16>, tensor<40x64xf16>) -> tensor<17x64xf16>
  mlopt.yield %0 : tensor<17x64xf16>
}

// CHECK: {{^}}left_turned_f16 x86-64-v2: contraction
mlopt.kernel @left_turned_f16(%a: tensor<21x13xf16>, %b: tensor<21x40xf16>, %bias: tensor<40xf16>) -> tensor<13x40xf16> attributes {hero = #mlopt.hero<contraction>, dims = [[21, 13], [21, 40], [40], [13, 40]], layouts = [unit, #mlopt.layout<"panel32", [1, 32, 0, 0, 1, 0, 1, 1, 32]>, unit, unit]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_a = true} : (tensor<21x13xf16>, tensor<21x40xf16>) -> tensor<13x40xf16>
  %1 = mlopt.add %0, %bias : (tensor<13x40xf16>, tensor<40xf16>) -> tensor<13x40xf16>
  mlopt.yield %1 : tensor<13x40xf16>
}

// CHECK: {{^}}long_f16 x86-64-v2: contraction
mlopt.kernel @long_f16(%a: tensor<20x3500xf16>, %b: tensor<40x3500xf16>, %bias: tensor<40xf16>) -> tensor<20x40xf16> attributes {hero = #mlopt.hero<contraction>, dims = [[20, 3500], [40, 3500], [40], [20, 40]], layouts = [unit, #mlopt.layout<"panel_t32", [0, 32, 0, 1, 1, 0, 0, 1, 32]>, unit, unit]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_b = true} : (tensor<20x3500xf16>, tensor<40x3500xf16>) -> tensor<20x40xf16>
  %1 = mlopt.add %0, %bias : (tensor<20x40xf16>, tensor<40xf16>) -> tensor<20x40xf16>
  mlopt.yield %1 : tensor<20x40xf16>
}

// CHECK: {{^}}run_time_00_f16 x86-64-v2 {{.*}}: contraction
mlopt.kernel @run_time_00_f16(%a: tensor<2x?x20xf16>, %b: tensor<2x20x37xf16>) -> tensor<2x?x37xf16> attributes {hero = #mlopt.hero<contraction>, dims = [[2, "m", 20], [2, 20, 37], [2, "m", 37]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op} : (tensor<2x?x20xf16>, tensor<2x20x37xf16>) -> tensor<2x?x37xf16>
  mlopt.yield %0 : tensor<2x?x37xf16>
}

// CHECK: {{^}}run_time_01_f16 x86-64-v2: contraction
mlopt.kernel @run_time_01_f16(%a: tensor<2x33x21xf16>, %b: tensor<2x70x21xf16>, %bias: tensor<70xf16>) -> tensor<2x33x70xf16> attributes {hero = #mlopt.hero<contraction>, dims = [[2, 33, 21], [2, 70, 21], [70], [2, 33, 70]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_b = true} : (tensor<2x33x21xf16>, tensor<2x70x21xf16>) -> tensor<2x33x70xf16>
  %1 = mlopt.add %0, %bias : (tensor<2x33x70xf16>, tensor<70xf16>) -> tensor<2x33x70xf16>
  mlopt.yield %1 : tensor<2x33x70xf16>
}

// CHECK: {{^}}run_time_10_f16 x86-64-v2: contraction
mlopt.kernel @run_time_10_f16(%a: tensor<3x9x19xf16>, %b: tensor<3x9x32xf16>) -> tensor<3x19x32xf16> attributes {hero = #mlopt.hero<contraction>, dims = [[3, 9, 19], [3, 9, 32], [3, 19, 32]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_a = true} : (tensor<3x9x19xf16>, tensor<3x9x32xf16>) -> tensor<3x19x32xf16>
  mlopt.yield %0 : tensor<3x19x32xf16>
}

// CHECK: {{^}}run_time_11_f16 x86-64-v2: contraction
mlopt.kernel @run_time_11_f16(%a: tensor<7x5xf16>, %b: tensor<33x7xf16>) -> tensor<5x33xf16> attributes {hero = #mlopt.hero<contraction>, dims = [[7, 5], [33, 7], [5, 33]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_a = true, transpose_b = true} : (tensor<7x5xf16>, tensor<33x7xf16>) -> tensor<5x33xf16>
  mlopt.yield %0 : tensor<5x33xf16>
}

// CHECK: {{^}}in_place_f16 x86-64-v2: contraction
mlopt.kernel @in_place_f16(%a: tensor<4x3x7xf16>, %b: tensor<4x7x20xf16>, %bias: tensor<20xf16>) -> tensor<4x3x20xf16> attributes {hero = #mlopt.hero<contraction>, dims = [[4, 3, 7], [4, 7, 20], [20], [4, 3, 20]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op} : (tensor<4x3x7xf16>, tensor<4x7x20xf16>) -> tensor<4x3x20xf16>
  %1 = mlopt.add %0, %bias : (tensor<4x3x20xf16>, tensor<20xf16>) -> tensor<4x3x20xf16>
  mlopt.yield %1 : tensor<4x3x20xf16>
}

// CHECK: {{^}}weights_bf16 x86-64-v2: contraction
mlopt.kernel @weights_bf16(%a: tensor<29x33xbf16>, %b: tensor<33x70xbf16>, %bias: tensor<70xbf16>) -> tensor<29x70xbf16> attributes {hero = #mlopt.hero<contraction>, dims = [[29, 33], [33, 70], [70], [29, 70]], layouts = [unit, #mlopt.layout<"panel32", [1, 32, 0, 0, 1, 0, 1, 1, 32]>, unit, unit]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op} : (tensor<29x33xbf16>, tensor<33x70xbf16>) -> tensor<29x70xbf16>
  %1 = mlopt.add %0, %bias : (tensor<29x70xbf16>, tensor<70xbf16>) -> tensor<29x70xbf16>
  mlopt.yield %1 : tensor<29x70xbf16>
}

// CHECK: {{^}}weights_turned_bf16 x86-64-v2 {{.*}}: contraction
mlopt.kernel @weights_turned_bf16(%a: tensor<?x47xbf16>, %b: tensor<33x47xbf16>, %bias: tensor<33xbf16>) -> tensor<?x33xbf16> attributes {hero = #mlopt.hero<contraction>, dims = [["m", 47], [33, 47], [33], ["m", 33]], layouts = [unit, #mlopt.layout<"panel_t32", [0, 32, 0, 1, 1, 0, 0, 1, 32]>, unit, unit]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_b = true} : (tensor<?x47xbf16>, tensor<33x47xbf16>) -> tensor<?x33xbf16>
  %1 = mlopt.add %0, %bias : (tensor<?x33xbf16>, tensor<33xbf16>) -> tensor<?x33xbf16>
  %2 = mlopt.abs %1 : (tensor<?x33xbf16>) -> tensor<?x33xbf16>
  mlopt.yield %2 : tensor<?x33xbf16>
}

// CHECK: {{^}}one_row_bf16 x86-64-v2: contraction
mlopt.kernel @one_row_bf16(%a: tensor<1x65xbf16>, %b: tensor<300x65xbf16>) -> tensor<1x300xbf16> attributes {hero = #mlopt.hero<contraction>, dims = [[1, 65], [300, 65], [1, 300]], layouts = [unit, #mlopt.layout<"panel_t32", [0, 32, 0, 1, 1, 0, 0, 1, 32]>, unit]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_b = true} : (tensor<1x65xbf16>, tensor<300x65xbf16>) -> tensor<1x300xbf16>
  mlopt.yield %0 : tensor<1x300xbf16>
}

// CHECK: {{^}}plain_bf16 x86-64-v2: contraction
mlopt.kernel @plain_bf16(%a: tensor<17x40xbf16>, %b: tensor<40x64xbf16>) -> tensor<17x64xbf16> attributes {hero = #mlopt.hero<contraction>, dims = [[17, 40], [40, 64], [17, 64]], layouts = [unit, #mlopt.layout<"panel32", [1, 32, 0, 0, 1, 0, 1, 1, 32]>, unit]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op} : (tensor<17x40xbf16>, tensor<40x64xbf16>) -> tensor<17x64xbf16>
  mlopt.yield %0 : tensor<17x64xbf16>
}

// CHECK: {{^}}left_turned_bf16 x86-64-v2: contraction
mlopt.kernel @left_turned_bf16(%a: tensor<21x13xbf16>, %b: tensor<21x40xbf16>, %bias: tensor<40xbf16>) -> tensor<13x40xbf16> attributes {hero = #mlopt.hero<contraction>, dims = [[21, 13], [21, 40], [40], [13, 40]], layouts = [unit, #mlopt.layout<"panel32", [1, 32, 0, 0, 1, 0, 1, 1, 32]>, unit, unit]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_a = true} : (tensor<21x13xbf16>, tensor<21x40xbf16>) -> tensor<13x40xbf16>
  %1 = mlopt.add %0, %bias : (tensor<13x40xbf16>, tensor<40xbf16>) -> tensor<13x40xbf16>
  mlopt.yield %1 : tensor<13x40xbf16>
}

// CHECK: {{^}}long_bf16 x86-64-v2: contraction
mlopt.kernel @long_bf16(%a: tensor<20x3500xbf16>, %b: tensor<40x3500xbf16>, %bias: tensor<40xbf16>) -> tensor<20x40xbf16> attributes {hero = #mlopt.hero<contraction>, dims = [[20, 3500], [40, 3500], [40], [20, 40]], layouts = [unit, #mlopt.layout<"panel_t32", [0, 32, 0, 1, 1, 0, 0, 1, 32]>, unit, unit]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_b = true} : (tensor<20x3500xbf16>, tensor<40x3500xbf16>) -> tensor<20x40xbf16>
  %1 = mlopt.add %0, %bias : (tensor<20x40xbf16>, tensor<40xbf16>) -> tensor<20x40xbf16>
  mlopt.yield %1 : tensor<20x40xbf16>
}

// CHECK: {{^}}run_time_00_bf16 x86-64-v2 {{.*}}: contraction
mlopt.kernel @run_time_00_bf16(%a: tensor<2x?x20xbf16>, %b: tensor<2x20x37xbf16>) -> tensor<2x?x37xbf16> attributes {hero = #mlopt.hero<contraction>, dims = [[2, "m", 20], [2, 20, 37], [2, "m", 37]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op} : (tensor<2x?x20xbf16>, tensor<2x20x37xbf16>) -> tensor<2x?x37xbf16>
  mlopt.yield %0 : tensor<2x?x37xbf16>
}

// CHECK: {{^}}run_time_01_bf16 x86-64-v2: contraction
mlopt.kernel @run_time_01_bf16(%a: tensor<2x33x21xbf16>, %b: tensor<2x70x21xbf16>, %bias: tensor<70xbf16>) -> tensor<2x33x70xbf16> attributes {hero = #mlopt.hero<contraction>, dims = [[2, 33, 21], [2, 70, 21], [70], [2, 33, 70]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_b = true} : (tensor<2x33x21xbf16>, tensor<2x70x21xbf16>) -> tensor<2x33x70xbf16>
  %1 = mlopt.add %0, %bias : (tensor<2x33x70xbf16>, tensor<70xbf16>) -> tensor<2x33x70xbf16>
  mlopt.yield %1 : tensor<2x33x70xbf16>
}

// CHECK: {{^}}run_time_10_bf16 x86-64-v2: contraction
mlopt.kernel @run_time_10_bf16(%a: tensor<3x9x19xbf16>, %b: tensor<3x9x32xbf16>) -> tensor<3x19x32xbf16> attributes {hero = #mlopt.hero<contraction>, dims = [[3, 9, 19], [3, 9, 32], [3, 19, 32]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_a = true} : (tensor<3x9x19xbf16>, tensor<3x9x32xbf16>) -> tensor<3x19x32xbf16>
  mlopt.yield %0 : tensor<3x19x32xbf16>
}

// CHECK: {{^}}run_time_11_bf16 x86-64-v2: contraction
mlopt.kernel @run_time_11_bf16(%a: tensor<7x5xbf16>, %b: tensor<33x7xbf16>) -> tensor<5x33xbf16> attributes {hero = #mlopt.hero<contraction>, dims = [[7, 5], [33, 7], [5, 33]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_a = true, transpose_b = true} : (tensor<7x5xbf16>, tensor<33x7xbf16>) -> tensor<5x33xbf16>
  mlopt.yield %0 : tensor<5x33xbf16>
}

// CHECK: {{^}}in_place_bf16 x86-64-v2: contraction
mlopt.kernel @in_place_bf16(%a: tensor<4x3x7xbf16>, %b: tensor<4x7x20xbf16>, %bias: tensor<20xbf16>) -> tensor<4x3x20xbf16> attributes {hero = #mlopt.hero<contraction>, dims = [[4, 3, 7], [4, 7, 20], [20], [4, 3, 20]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op} : (tensor<4x3x7xbf16>, tensor<4x7x20xbf16>) -> tensor<4x3x20xbf16>
  %1 = mlopt.add %0, %bias : (tensor<4x3x20xbf16>, tensor<20xbf16>) -> tensor<4x3x20xbf16>
  mlopt.yield %1 : tensor<4x3x20xbf16>
}

// CHECK: {{^}}weights_f64 x86-64-v2: contraction
mlopt.kernel @weights_f64(%a: tensor<29x33xf64>, %b: tensor<33x70xf64>, %bias: tensor<70xf64>) -> tensor<29x70xf64> attributes {hero = #mlopt.hero<contraction>, dims = [[29, 33], [33, 70], [70], [29, 70]], layouts = [unit, #mlopt.layout<"panel32", [1, 32, 0, 0, 1, 0, 1, 1, 32]>, unit, unit]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op} : (tensor<29x33xf64>, tensor<33x70xf64>) -> tensor<29x70xf64>
  %1 = mlopt.add %0, %bias : (tensor<29x70xf64>, tensor<70xf64>) -> tensor<29x70xf64>
  mlopt.yield %1 : tensor<29x70xf64>
}

// CHECK: {{^}}weights_turned_f64 x86-64-v2 {{.*}}: contraction
mlopt.kernel @weights_turned_f64(%a: tensor<?x47xf64>, %b: tensor<33x47xf64>, %bias: tensor<33xf64>) -> tensor<?x33xf64> attributes {hero = #mlopt.hero<contraction>, dims = [["m", 47], [33, 47], [33], ["m", 33]], layouts = [unit, #mlopt.layout<"panel_t32", [0, 32, 0, 1, 1, 0, 0, 1, 32]>, unit, unit]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_b = true} : (tensor<?x47xf64>, tensor<33x47xf64>) -> tensor<?x33xf64>
  %1 = mlopt.add %0, %bias : (tensor<?x33xf64>, tensor<33xf64>) -> tensor<?x33xf64>
  %2 = mlopt.abs %1 : (tensor<?x33xf64>) -> tensor<?x33xf64>
  mlopt.yield %2 : tensor<?x33xf64>
}

// CHECK: {{^}}one_row_f64 x86-64-v2: contraction
mlopt.kernel @one_row_f64(%a: tensor<1x65xf64>, %b: tensor<300x65xf64>) -> tensor<1x300xf64> attributes {hero = #mlopt.hero<contraction>, dims = [[1, 65], [300, 65], [1, 300]], layouts = [unit, #mlopt.layout<"panel_t32", [0, 32, 0, 1, 1, 0, 0, 1, 32]>, unit]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_b = true} : (tensor<1x65xf64>, tensor<300x65xf64>) -> tensor<1x300xf64>
  mlopt.yield %0 : tensor<1x300xf64>
}

// CHECK: {{^}}plain_f64 x86-64-v2: contraction
mlopt.kernel @plain_f64(%a: tensor<17x40xf64>, %b: tensor<40x64xf64>) -> tensor<17x64xf64> attributes {hero = #mlopt.hero<contraction>, dims = [[17, 40], [40, 64], [17, 64]], layouts = [unit, #mlopt.layout<"panel32", [1, 32, 0, 0, 1, 0, 1, 1, 32]>, unit]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op} : (tensor<17x40xf64>, tensor<40x64xf64>) -> tensor<17x64xf64>
  mlopt.yield %0 : tensor<17x64xf64>
}

// CHECK: {{^}}left_turned_f64 x86-64-v2: contraction
mlopt.kernel @left_turned_f64(%a: tensor<21x13xf64>, %b: tensor<21x40xf64>, %bias: tensor<40xf64>) -> tensor<13x40xf64> attributes {hero = #mlopt.hero<contraction>, dims = [[21, 13], [21, 40], [40], [13, 40]], layouts = [unit, #mlopt.layout<"panel32", [1, 32, 0, 0, 1, 0, 1, 1, 32]>, unit, unit]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_a = true} : (tensor<21x13xf64>, tensor<21x40xf64>) -> tensor<13x40xf64>
  %1 = mlopt.add %0, %bias : (tensor<13x40xf64>, tensor<40xf64>) -> tensor<13x40xf64>
  mlopt.yield %1 : tensor<13x40xf64>
}

// CHECK: {{^}}long_f64 x86-64-v2: contraction
mlopt.kernel @long_f64(%a: tensor<20x3500xf64>, %b: tensor<40x3500xf64>, %bias: tensor<40xf64>) -> tensor<20x40xf64> attributes {hero = #mlopt.hero<contraction>, dims = [[20, 3500], [40, 3500], [40], [20, 40]], layouts = [unit, #mlopt.layout<"panel_t32", [0, 32, 0, 1, 1, 0, 0, 1, 32]>, unit, unit]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_b = true} : (tensor<20x3500xf64>, tensor<40x3500xf64>) -> tensor<20x40xf64>
  %1 = mlopt.add %0, %bias : (tensor<20x40xf64>, tensor<40xf64>) -> tensor<20x40xf64>
  mlopt.yield %1 : tensor<20x40xf64>
}

// CHECK: {{^}}run_time_00_f64 x86-64-v2 {{.*}}: contraction
mlopt.kernel @run_time_00_f64(%a: tensor<2x?x20xf64>, %b: tensor<2x20x37xf64>) -> tensor<2x?x37xf64> attributes {hero = #mlopt.hero<contraction>, dims = [[2, "m", 20], [2, 20, 37], [2, "m", 37]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op} : (tensor<2x?x20xf64>, tensor<2x20x37xf64>) -> tensor<2x?x37xf64>
  mlopt.yield %0 : tensor<2x?x37xf64>
}

// CHECK: {{^}}run_time_01_f64 x86-64-v2: contraction
mlopt.kernel @run_time_01_f64(%a: tensor<2x33x21xf64>, %b: tensor<2x70x21xf64>, %bias: tensor<70xf64>) -> tensor<2x33x70xf64> attributes {hero = #mlopt.hero<contraction>, dims = [[2, 33, 21], [2, 70, 21], [70], [2, 33, 70]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_b = true} : (tensor<2x33x21xf64>, tensor<2x70x21xf64>) -> tensor<2x33x70xf64>
  %1 = mlopt.add %0, %bias : (tensor<2x33x70xf64>, tensor<70xf64>) -> tensor<2x33x70xf64>
  mlopt.yield %1 : tensor<2x33x70xf64>
}

// CHECK: {{^}}run_time_10_f64 x86-64-v2: contraction
mlopt.kernel @run_time_10_f64(%a: tensor<3x9x19xf64>, %b: tensor<3x9x32xf64>) -> tensor<3x19x32xf64> attributes {hero = #mlopt.hero<contraction>, dims = [[3, 9, 19], [3, 9, 32], [3, 19, 32]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_a = true} : (tensor<3x9x19xf64>, tensor<3x9x32xf64>) -> tensor<3x19x32xf64>
  mlopt.yield %0 : tensor<3x19x32xf64>
}

// CHECK: {{^}}run_time_11_f64 x86-64-v2: contraction
mlopt.kernel @run_time_11_f64(%a: tensor<7x5xf64>, %b: tensor<33x7xf64>) -> tensor<5x33xf64> attributes {hero = #mlopt.hero<contraction>, dims = [[7, 5], [33, 7], [5, 33]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_a = true, transpose_b = true} : (tensor<7x5xf64>, tensor<33x7xf64>) -> tensor<5x33xf64>
  mlopt.yield %0 : tensor<5x33xf64>
}

// CHECK: {{^}}in_place_f64 x86-64-v2: contraction
mlopt.kernel @in_place_f64(%a: tensor<4x3x7xf64>, %b: tensor<4x7x20xf64>, %bias: tensor<20xf64>) -> tensor<4x3x20xf64> attributes {hero = #mlopt.hero<contraction>, dims = [[4, 3, 7], [4, 7, 20], [20], [4, 3, 20]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op} : (tensor<4x3x7xf64>, tensor<4x7x20xf64>) -> tensor<4x3x20xf64>
  %1 = mlopt.add %0, %bias : (tensor<4x3x20xf64>, tensor<20xf64>) -> tensor<4x3x20xf64>
  mlopt.yield %1 : tensor<4x3x20xf64>
}

// RUN: mlopt-kernel-test %s --cpu=x86-64-v2,x86-64-v3,x86-64-v4,x86-64-v4+vnni --size b=1,c=1,m=1,n=1,k=1 --size b=1,c=2,m=17,n=33,k=5 --size b=3,c=1,m=6,n=64,k=37 --size b=2,c=2,m=40,n=8,k=0 --size b=2,c=1,m=15,n=50,k=130 | FileCheck %s --implicit-check-not=FAILED --implicit-check-not=generic
//
// Products of bytes whose second factor is known at run time only: packed into scratch, in rounds where k is
// long, both ways round, with batches that broadcast.

// CHECK: {{^}}symbolic_0 x86-64-v2 {{.*}}: integer_contraction
mlopt.kernel @symbolic_0(%a: tensor<?x3x?x?xui8> {mlopt.range = [0, 256]}, %b: tensor<?x1x?x?xi8> {mlopt.range = [-128, 128]}) -> tensor<?x3x?x?xi32> attributes {hero = #mlopt.hero<contraction>, dims = [["b", 3, "m", "k"], ["b", 1, "k", "n"], ["b", 3, "m", "n"]]} {
  %none = mlopt.none : none
  %acc = mlopt.integer_matmul %a, %b, %none, %none {mlopt.hero_op} : (tensor<?x3x?x?xui8>, tensor<?x1x?x?xi8>, none, none) -> tensor<?x3x?x?xi32>
  mlopt.yield %acc : tensor<?x3x?x?xi32>
}

// CHECK: {{^}}static_0_3 x86-64-v2: integer_contraction
mlopt.kernel @static_0_3(%a: tensor<4x3x7xui8> {mlopt.range = [0, 256]}, %b: tensor<4x7x20xi8> {mlopt.range = [-128, 128]}, %s: tensor<f32>, %res: tensor<4x3x20xf32>) -> tensor<4x3x20xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[4, 3, 7], [4, 7, 20], [], [4, 3, 20], [4, 3, 20]]} {
  %none = mlopt.none : none
  %acc = mlopt.integer_matmul %a, %b, %none, %none {mlopt.hero_op} : (tensor<4x3x7xui8>, tensor<4x7x20xi8>, none, none) -> tensor<4x3x20xi32>
  %f = mlopt.cast %acc {to = f32} : (tensor<4x3x20xi32>) -> tensor<4x3x20xf32>
  %g = mlopt.mul %f, %s : (tensor<4x3x20xf32>, tensor<f32>) -> tensor<4x3x20xf32>
  %h = mlopt.add %g, %res : (tensor<4x3x20xf32>, tensor<4x3x20xf32>) -> tensor<4x3x20xf32>
  mlopt.yield %h : tensor<4x3x20xf32>
}

// CHECK: {{^}}static_0_33 x86-64-v2: integer_contraction
mlopt.kernel @static_0_33(%a: tensor<4x33x20xui8> {mlopt.range = [0, 256]}, %b: tensor<4x20x70xi8> {mlopt.range = [-128, 128]}, %s: tensor<f32>, %res: tensor<4x33x70xf32>) -> tensor<4x33x70xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[4, 33, 20], [4, 20, 70], [], [4, 33, 70], [4, 33, 70]]} {
  %none = mlopt.none : none
  %acc = mlopt.integer_matmul %a, %b, %none, %none {mlopt.hero_op} : (tensor<4x33x20xui8>, tensor<4x20x70xi8>, none, none) -> tensor<4x33x70xi32>
  %f = mlopt.cast %acc {to = f32} : (tensor<4x33x70xi32>) -> tensor<4x33x70xf32>
  %g = mlopt.mul %f, %s : (tensor<4x33x70xf32>, tensor<f32>) -> tensor<4x33x70xf32>
  %h = mlopt.add %g, %res : (tensor<4x33x70xf32>, tensor<4x33x70xf32>) -> tensor<4x33x70xf32>
  mlopt.yield %h : tensor<4x33x70xf32>
}

// CHECK: {{^}}static_0_17 x86-64-v2: integer_contraction
mlopt.kernel @static_0_17(%a: tensor<4x17x3xui8> {mlopt.range = [0, 256]}, %b: tensor<4x3x1xi8> {mlopt.range = [-128, 128]}, %s: tensor<f32>, %res: tensor<4x17x1xf32>) -> tensor<4x17x1xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[4, 17, 3], [4, 3, 1], [], [4, 17, 1], [4, 17, 1]]} {
  %none = mlopt.none : none
  %acc = mlopt.integer_matmul %a, %b, %none, %none {mlopt.hero_op} : (tensor<4x17x3xui8>, tensor<4x3x1xi8>, none, none) -> tensor<4x17x1xi32>
  %f = mlopt.cast %acc {to = f32} : (tensor<4x17x1xi32>) -> tensor<4x17x1xf32>
  %g = mlopt.mul %f, %s : (tensor<4x17x1xf32>, tensor<f32>) -> tensor<4x17x1xf32>
  %h = mlopt.add %g, %res : (tensor<4x17x1xf32>, tensor<4x17x1xf32>) -> tensor<4x17x1xf32>
  mlopt.yield %h : tensor<4x17x1xf32>
}

// CHECK: {{^}}static_0_5 x86-64-v2: integer_contraction
mlopt.kernel @static_0_5(%a: tensor<4x5x130xui8> {mlopt.range = [0, 256]}, %b: tensor<4x130x100xi8> {mlopt.range = [-128, 128]}, %s: tensor<f32>, %res: tensor<4x5x100xf32>) -> tensor<4x5x100xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[4, 5, 130], [4, 130, 100], [], [4, 5, 100], [4, 5, 100]]} {
  %none = mlopt.none : none
  %acc = mlopt.integer_matmul %a, %b, %none, %none {mlopt.hero_op} : (tensor<4x5x130xui8>, tensor<4x130x100xi8>, none, none) -> tensor<4x5x100xi32>
  %f = mlopt.cast %acc {to = f32} : (tensor<4x5x100xi32>) -> tensor<4x5x100xf32>
  %g = mlopt.mul %f, %s : (tensor<4x5x100xf32>, tensor<f32>) -> tensor<4x5x100xf32>
  %h = mlopt.add %g, %res : (tensor<4x5x100xf32>, tensor<4x5x100xf32>) -> tensor<4x5x100xf32>
  mlopt.yield %h : tensor<4x5x100xf32>
}

// Packed a block of k at a time.
// CHECK: {{^}}rounds_0 x86-64-v2: integer_contraction
mlopt.kernel @rounds_0(%a: tensor<20x9003xui8> {mlopt.range = [0, 256]}, %b: tensor<9003x40xi8> {mlopt.range = [-128, 128]}) -> tensor<20x40xi32> attributes {hero = #mlopt.hero<contraction>, dims = [[20, 9003], [9003, 40], [20, 40]], layouts = [unit, unit, unit]} {
  %none = mlopt.none : none
  %acc = mlopt.integer_matmul %a, %b, %none, %none {mlopt.hero_op} : (tensor<20x9003xui8>, tensor<9003x40xi8>, none, none) -> tensor<20x40xi32>
  mlopt.yield %acc : tensor<20x40xi32>
}

// CHECK: {{^}}extreme_0 x86-64-v2: integer_contraction
mlopt.kernel @extreme_0(%a: tensor<17x35xui8> {mlopt.range = [255, 256]}, %b: tensor<35x33xi8> {mlopt.range = [-128, -127]}) -> tensor<17x33xi32> attributes {hero = #mlopt.hero<contraction>, dims = [[17, 35], [35, 33], [17, 33]], layouts = [unit, unit, unit]} {
  %none = mlopt.none : none
  %acc = mlopt.integer_matmul %a, %b, %none, %none {mlopt.hero_op} : (tensor<17x35xui8>, tensor<35x33xi8>, none, none) -> tensor<17x33xi32>
  mlopt.yield %acc : tensor<17x33xi32>
}

// CHECK: {{^}}symbolic_1 x86-64-v2 {{.*}}: integer_contraction
mlopt.kernel @symbolic_1(%a: tensor<?x3x?x?xui8> {mlopt.range = [0, 256]}, %b: tensor<?x1x?x?xi8> {mlopt.range = [-128, 128]}) -> tensor<?x3x?x?xi32> attributes {hero = #mlopt.hero<contraction>, dims = [["b", 3, "m", "k"], ["b", 1, "n", "k"], ["b", 3, "m", "n"]]} {
  %none = mlopt.none : none
  %acc = mlopt.integer_matmul %a, %b, %none, %none {mlopt.hero_op, transpose_b = true} : (tensor<?x3x?x?xui8>, tensor<?x1x?x?xi8>, none, none) -> tensor<?x3x?x?xi32>
  mlopt.yield %acc : tensor<?x3x?x?xi32>
}

// CHECK: {{^}}static_1_3 x86-64-v2: integer_contraction
mlopt.kernel @static_1_3(%a: tensor<4x3x7xui8> {mlopt.range = [0, 256]}, %b: tensor<4x20x7xi8> {mlopt.range = [-128, 128]}, %s: tensor<f32>, %res: tensor<4x3x20xf32>) -> tensor<4x3x20xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[4, 3, 7], [4, 20, 7], [], [4, 3, 20], [4, 3, 20]]} {
  %none = mlopt.none : none
  %acc = mlopt.integer_matmul %a, %b, %none, %none {mlopt.hero_op, transpose_b = true} : (tensor<4x3x7xui8>, tensor<4x20x7xi8>, none, none) -> tensor<4x3x20xi32>
  %f = mlopt.cast %acc {to = f32} : (tensor<4x3x20xi32>) -> tensor<4x3x20xf32>
  %g = mlopt.mul %f, %s : (tensor<4x3x20xf32>, tensor<f32>) -> tensor<4x3x20xf32>
  %h = mlopt.add %g, %res : (tensor<4x3x20xf32>, tensor<4x3x20xf32>) -> tensor<4x3x20xf32>
  mlopt.yield %h : tensor<4x3x20xf32>
}

// CHECK: {{^}}static_1_33 x86-64-v2: integer_contraction
mlopt.kernel @static_1_33(%a: tensor<4x33x20xui8> {mlopt.range = [0, 256]}, %b: tensor<4x70x20xi8> {mlopt.range = [-128, 128]}, %s: tensor<f32>, %res: tensor<4x33x70xf32>) -> tensor<4x33x70xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[4, 33, 20], [4, 70, 20], [], [4, 33, 70], [4, 33, 70]]} {
  %none = mlopt.none : none
  %acc = mlopt.integer_matmul %a, %b, %none, %none {mlopt.hero_op, transpose_b = true} : (tensor<4x33x20xui8>, tensor<4x70x20xi8>, none, none) -> tensor<4x33x70xi32>
  %f = mlopt.cast %acc {to = f32} : (tensor<4x33x70xi32>) -> tensor<4x33x70xf32>
  %g = mlopt.mul %f, %s : (tensor<4x33x70xf32>, tensor<f32>) -> tensor<4x33x70xf32>
  %h = mlopt.add %g, %res : (tensor<4x33x70xf32>, tensor<4x33x70xf32>) -> tensor<4x33x70xf32>
  mlopt.yield %h : tensor<4x33x70xf32>
}

// CHECK: {{^}}static_1_17 x86-64-v2: integer_contraction
mlopt.kernel @static_1_17(%a: tensor<4x17x3xui8> {mlopt.range = [0, 256]}, %b: tensor<4x1x3xi8> {mlopt.range = [-128, 128]}, %s: tensor<f32>, %res: tensor<4x17x1xf32>) -> tensor<4x17x1xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[4, 17, 3], [4, 1, 3], [], [4, 17, 1], [4, 17, 1]]} {
  %none = mlopt.none : none
  %acc = mlopt.integer_matmul %a, %b, %none, %none {mlopt.hero_op, transpose_b = true} : (tensor<4x17x3xui8>, tensor<4x1x3xi8>, none, none) -> tensor<4x17x1xi32>
  %f = mlopt.cast %acc {to = f32} : (tensor<4x17x1xi32>) -> tensor<4x17x1xf32>
  %g = mlopt.mul %f, %s : (tensor<4x17x1xf32>, tensor<f32>) -> tensor<4x17x1xf32>
  %h = mlopt.add %g, %res : (tensor<4x17x1xf32>, tensor<4x17x1xf32>) -> tensor<4x17x1xf32>
  mlopt.yield %h : tensor<4x17x1xf32>
}

// CHECK: {{^}}static_1_5 x86-64-v2: integer_contraction
mlopt.kernel @static_1_5(%a: tensor<4x5x130xui8> {mlopt.range = [0, 256]}, %b: tensor<4x100x130xi8> {mlopt.range = [-128, 128]}, %s: tensor<f32>, %res: tensor<4x5x100xf32>) -> tensor<4x5x100xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[4, 5, 130], [4, 100, 130], [], [4, 5, 100], [4, 5, 100]]} {
  %none = mlopt.none : none
  %acc = mlopt.integer_matmul %a, %b, %none, %none {mlopt.hero_op, transpose_b = true} : (tensor<4x5x130xui8>, tensor<4x100x130xi8>, none, none) -> tensor<4x5x100xi32>
  %f = mlopt.cast %acc {to = f32} : (tensor<4x5x100xi32>) -> tensor<4x5x100xf32>
  %g = mlopt.mul %f, %s : (tensor<4x5x100xf32>, tensor<f32>) -> tensor<4x5x100xf32>
  %h = mlopt.add %g, %res : (tensor<4x5x100xf32>, tensor<4x5x100xf32>) -> tensor<4x5x100xf32>
  mlopt.yield %h : tensor<4x5x100xf32>
}

// Packed a block of k at a time.
// CHECK: {{^}}rounds_1 x86-64-v2: integer_contraction
mlopt.kernel @rounds_1(%a: tensor<20x9003xui8> {mlopt.range = [0, 256]}, %b: tensor<40x9003xi8> {mlopt.range = [-128, 128]}) -> tensor<20x40xi32> attributes {hero = #mlopt.hero<contraction>, dims = [[20, 9003], [40, 9003], [20, 40]], layouts = [unit, unit, unit]} {
  %none = mlopt.none : none
  %acc = mlopt.integer_matmul %a, %b, %none, %none {mlopt.hero_op, transpose_b = true} : (tensor<20x9003xui8>, tensor<40x9003xi8>, none, none) -> tensor<20x40xi32>
  mlopt.yield %acc : tensor<20x40xi32>
}

// CHECK: {{^}}extreme_1 x86-64-v2: integer_contraction
mlopt.kernel @extreme_1(%a: tensor<17x35xui8> {mlopt.range = [255, 256]}, %b: tensor<33x35xi8> {mlopt.range = [-128, -127]}) -> tensor<17x33xi32> attributes {hero = #mlopt.hero<contraction>, dims = [[17, 35], [33, 35], [17, 33]], layouts = [unit, unit, unit]} {
  %none = mlopt.none : none
  %acc = mlopt.integer_matmul %a, %b, %none, %none {mlopt.hero_op, transpose_b = true} : (tensor<17x35xui8>, tensor<33x35xi8>, none, none) -> tensor<17x33xi32>
  mlopt.yield %acc : tensor<17x33xi32>
}

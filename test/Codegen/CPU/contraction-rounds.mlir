// RUN: mlopt-kernel-test %s --cpu=x86-64-v2,x86-64-v3,x86-64-v4 --size k=1 --size k=0 --size k=1024 --size k=3077 | FileCheck %s --implicit-check-not=FAILED
// RUN: mlopt-kernel-test %s --cpu=x86-64-v4 --show-schedule | FileCheck %s --check-prefix=PLAN
//
// Products with a long k, or one that is known at run time only, of two run-time operands: the gradient
// by a filter, whose k counts the pixels of a batch. The second operand is packed in rounds of at most
// 1024 steps, the sums of a round are added to those before; with few columns the rows are divided too.

// CHECK: {{^}}fixed_00 x86-64-v4{{.*}}: contraction
// PLAN: {{^}}fixed_00 x86-64-v4: {{.*}}form = "packed", {{.*}}rounds = 1
mlopt.kernel @fixed_00(%a: tensor<37x2531xf32>, %b: tensor<2531x45xf32>, %res: tensor<37x45xf32>) -> tensor<37x45xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[37, 2531], [2531, 45], [37, 45], [37, 45]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op} : (tensor<37x2531xf32>, tensor<2531x45xf32>) -> tensor<37x45xf32>
  %1 = mlopt.add %0, %res : (tensor<37x45xf32>, tensor<37x45xf32>) -> tensor<37x45xf32>
  mlopt.yield %1 : tensor<37x45xf32>
}

// CHECK: {{^}}open_00 x86-64-v4{{.*}}: contraction
// PLAN: {{^}}open_00 x86-64-v4: {{.*}}form = "packed", {{.*}}rounds = 1
mlopt.kernel @open_00(%a: tensor<100x?xf32>, %b: tensor<?x27xf32>) -> tensor<100x27xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[100, "k"], ["k", 27], [100, 27]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op} : (tensor<100x?xf32>, tensor<?x27xf32>) -> tensor<100x27xf32>
  mlopt.yield %0 : tensor<100x27xf32>
}

// CHECK: {{^}}fixed_01 x86-64-v4{{.*}}: contraction
// PLAN: {{^}}fixed_01 x86-64-v4: {{.*}}form = "packed", {{.*}}rounds = 1
mlopt.kernel @fixed_01(%a: tensor<37x2531xf32>, %b: tensor<45x2531xf32>, %res: tensor<37x45xf32>) -> tensor<37x45xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[37, 2531], [45, 2531], [37, 45], [37, 45]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_b = true} : (tensor<37x2531xf32>, tensor<45x2531xf32>) -> tensor<37x45xf32>
  %1 = mlopt.add %0, %res : (tensor<37x45xf32>, tensor<37x45xf32>) -> tensor<37x45xf32>
  mlopt.yield %1 : tensor<37x45xf32>
}

// CHECK: {{^}}open_01 x86-64-v4{{.*}}: contraction
// PLAN: {{^}}open_01 x86-64-v4: {{.*}}form = "packed", {{.*}}rounds = 1
mlopt.kernel @open_01(%a: tensor<100x?xf32>, %b: tensor<27x?xf32>) -> tensor<100x27xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[100, "k"], [27, "k"], [100, 27]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_b = true} : (tensor<100x?xf32>, tensor<27x?xf32>) -> tensor<100x27xf32>
  mlopt.yield %0 : tensor<100x27xf32>
}

// CHECK: {{^}}fixed_10 x86-64-v4{{.*}}: contraction
// PLAN: {{^}}fixed_10 x86-64-v4: {{.*}}form = "packed", {{.*}}rounds = 1
mlopt.kernel @fixed_10(%a: tensor<2531x37xf32>, %b: tensor<2531x45xf32>, %res: tensor<37x45xf32>) -> tensor<37x45xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[2531, 37], [2531, 45], [37, 45], [37, 45]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_a = true} : (tensor<2531x37xf32>, tensor<2531x45xf32>) -> tensor<37x45xf32>
  %1 = mlopt.add %0, %res : (tensor<37x45xf32>, tensor<37x45xf32>) -> tensor<37x45xf32>
  mlopt.yield %1 : tensor<37x45xf32>
}

// CHECK: {{^}}open_10 x86-64-v4{{.*}}: contraction
// PLAN: {{^}}open_10 x86-64-v4: {{.*}}form = "packed", {{.*}}rounds = 1
mlopt.kernel @open_10(%a: tensor<?x100xf32>, %b: tensor<?x27xf32>) -> tensor<100x27xf32> attributes {hero = #mlopt.hero<contraction>, dims = [["k", 100], ["k", 27], [100, 27]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_a = true} : (tensor<?x100xf32>, tensor<?x27xf32>) -> tensor<100x27xf32>
  mlopt.yield %0 : tensor<100x27xf32>
}

// CHECK: {{^}}fixed_11 x86-64-v4{{.*}}: contraction
// PLAN: {{^}}fixed_11 x86-64-v4: {{.*}}form = "packed", {{.*}}rounds = 1
mlopt.kernel @fixed_11(%a: tensor<2531x37xf32>, %b: tensor<45x2531xf32>, %res: tensor<37x45xf32>) -> tensor<37x45xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[2531, 37], [45, 2531], [37, 45], [37, 45]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_a = true, transpose_b = true} : (tensor<2531x37xf32>, tensor<45x2531xf32>) -> tensor<37x45xf32>
  %1 = mlopt.add %0, %res : (tensor<37x45xf32>, tensor<37x45xf32>) -> tensor<37x45xf32>
  mlopt.yield %1 : tensor<37x45xf32>
}

// CHECK: {{^}}open_11 x86-64-v4{{.*}}: contraction
// PLAN: {{^}}open_11 x86-64-v4: {{.*}}form = "packed", {{.*}}rounds = 1
mlopt.kernel @open_11(%a: tensor<?x100xf32>, %b: tensor<27x?xf32>) -> tensor<100x27xf32> attributes {hero = #mlopt.hero<contraction>, dims = [["k", 100], [27, "k"], [100, 27]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_a = true, transpose_b = true} : (tensor<?x100xf32>, tensor<27x?xf32>) -> tensor<100x27xf32>
  mlopt.yield %0 : tensor<100x27xf32>
}

// CHECK: {{^}}wide_01 x86-64-v4{{.*}}: contraction
// PLAN: {{^}}wide_01 x86-64-v4: {{.*}}form = "packed", {{.*}}rounds = 1
mlopt.kernel @wide_01(%a: tensor<70x1030xf32>, %b: tensor<300x1030xf32>, %res: tensor<70x300xf32>) -> tensor<70x300xf32> attributes {hero = #mlopt.hero<contraction>, dims = [[70, 1030], [300, 1030], [70, 300], [70, 300]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_b = true} : (tensor<70x1030xf32>, tensor<300x1030xf32>) -> tensor<70x300xf32>
  %1 = mlopt.add %0, %res : (tensor<70x300xf32>, tensor<70x300xf32>) -> tensor<70x300xf32>
  mlopt.yield %1 : tensor<70x300xf32>
}

// CHECK: {{^}}double_01 x86-64-v4{{.*}}: contraction
// PLAN: {{^}}double_01 x86-64-v4: {{.*}}form = "packed", {{.*}}rounds = 1
mlopt.kernel @double_01(%a: tensor<17x1500xf64>, %b: tensor<21x1500xf64>, %res: tensor<17x21xf64>) -> tensor<17x21xf64> attributes {hero = #mlopt.hero<contraction>, dims = [[17, 1500], [21, 1500], [17, 21], [17, 21]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_b = true} : (tensor<17x1500xf64>, tensor<21x1500xf64>) -> tensor<17x21xf64>
  %1 = mlopt.add %0, %res : (tensor<17x21xf64>, tensor<17x21xf64>) -> tensor<17x21xf64>
  mlopt.yield %1 : tensor<17x21xf64>
}

// CHECK: {{^}}narrow_10 x86-64-v4{{.*}}: contraction
// PLAN: {{^}}narrow_10 x86-64-v4: {{.*}}form = "packed", {{.*}}rounds = 1
mlopt.kernel @narrow_10(%a: tensor<1500x40xf16>, %b: tensor<1500x33xf16>, %res: tensor<40x33xf16>) -> tensor<40x33xf16> attributes {hero = #mlopt.hero<contraction>, dims = [[1500, 40], [1500, 33], [40, 33], [40, 33]]} {
  %0 = mlopt.matmul %a, %b {mlopt.hero_op, transpose_a = true} : (tensor<1500x40xf16>, tensor<1500x33xf16>) -> tensor<40x33xf16>
  %1 = mlopt.add %0, %res : (tensor<40x33xf16>, tensor<40x33xf16>) -> tensor<40x33xf16>
  mlopt.yield %1 : tensor<40x33xf16>
}


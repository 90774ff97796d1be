// RUN: mlopt-kernel-test %s --cpu=x86-64-v3 --show-schedule | FileCheck %s
//
// `part`: operands and results (numbered behind the operands) of which a thread
// touches its own contiguous share only. The planner needs no barrier between two
// launches that touch a tensor so.

// The bias is read by all.
// CHECK: add x86-64-v3: {{.*}}units = <"n">, part = [0, 2], params
mlopt.kernel @add(%x: tensor<?x48xf32>, %bias: tensor<48xf32>) -> tensor<?x48xf32>
    attributes {hero = #mlopt.hero<elementwise>, dims = [["n", 48], [48], ["n", 48]]} {
  %0 = mlopt.add %x, %bias {mlopt.hero_op} : (tensor<?x48xf32>, tensor<48xf32>) -> tensor<?x48xf32>
  mlopt.yield %0 : tensor<?x48xf32>
}

// The table is read anywhere, what is added to its rows is not.
// CHECK: pick x86-64-v3: {{.*}}units = <"n">, part = [2, 3], params
mlopt.kernel @pick(%table: tensor<9x48xf32>, %rows: tensor<?xi64>, %x: tensor<?x48xf32>) -> tensor<?x48xf32>
    attributes {hero = #mlopt.hero<gather>, dims = [[9, 48], ["n"], ["n", 48], ["n", 48]]} {
  %0 = mlopt.gather %table, %rows {axis = 0 : i64, mlopt.hero_op} : (tensor<9x48xf32>, tensor<?xi64>) -> tensor<?x48xf32>
  %1 = mlopt.add %0, %x : (tensor<?x48xf32>, tensor<?x48xf32>) -> tensor<?x48xf32>
  mlopt.yield %1 : tensor<?x48xf32>
}

// Reads what others own: the result alone.
// CHECK: turn x86-64-v3: {{.*}}part = [1], params
mlopt.kernel @turn(%x: tensor<5x5x48xf32>) -> tensor<5x5x48xf32>
    attributes {hero = #mlopt.hero<transpose>, dims = [[5, 5, 48], [5, 5, 48]]} {
  %0 = mlopt.transpose %x {mlopt.hero_op, permutation = array<i64: 1, 0, 2>} : (tensor<5x5x48xf32>) -> tensor<5x5x48xf32>
  mlopt.yield %0 : tensor<5x5x48xf32>
}

// The same tensor read in two ways.
// CHECK: both x86-64-v3: {{.*}}part = [1], params
mlopt.kernel @both(%x: tensor<5x5x48xf32>) -> tensor<5x5x48xf32>
    attributes {hero = #mlopt.hero<transpose>, dims = [[5, 5, 48], [5, 5, 48]]} {
  %0 = mlopt.transpose %x {mlopt.hero_op, permutation = array<i64: 1, 0, 2>} : (tensor<5x5x48xf32>) -> tensor<5x5x48xf32>
  %1 = mlopt.add %0, %x : (tensor<5x5x48xf32>, tensor<5x5x48xf32>) -> tensor<5x5x48xf32>
  mlopt.yield %1 : tensor<5x5x48xf32>
}

// Rows, with elementwise work before and after.
// CHECK: rows x86-64-v3: {{.*}}units = <"n">, part = [0, 1, 2], params
mlopt.kernel @rows(%x: tensor<?x48xf32>, %y: tensor<?x48xf32>) -> tensor<?x48xf32>
    attributes {hero = #mlopt.hero<softmax>, dims = [["n", 48], ["n", 48], ["n", 48]]} {
  %0 = mlopt.exp %x : (tensor<?x48xf32>) -> tensor<?x48xf32>
  %1 = mlopt.softmax %0 {axis = 1 : i64, mlopt.hero_op} : (tensor<?x48xf32>) -> tensor<?x48xf32>
  %2 = mlopt.mul %1, %y : (tensor<?x48xf32>, tensor<?x48xf32>) -> tensor<?x48xf32>
  mlopt.yield %2 : tensor<?x48xf32>
}

// One element for each row.
// CHECK: sums x86-64-v3: {{.*}}units = <"n">, part = [0, 1], params
mlopt.kernel @sums(%x: tensor<?x48xf32>) -> tensor<?xf32>
    attributes {hero = #mlopt.hero<reduction>, dims = [["n", 48], ["n"]]} {
  %0 = mlopt.reduce %x {axes = array<i64: 1>, keepdims = false, kind = #mlopt<reduce_kind sum>, mlopt.hero_op} : (tensor<?x48xf32>) -> tensor<?xf32>
  mlopt.yield %0 : tensor<?xf32>
}

// The units of long rows are no equal pieces.
// CHECK: long x86-64-v3: {{.*}}units = <"6">, params
mlopt.kernel @long(%x: tensor<3x3000xf32>) -> tensor<3x3000xf32>
    attributes {hero = #mlopt.hero<elementwise>, dims = [[3, 3000], [3, 3000]]} {
  %0 = mlopt.exp %x {mlopt.hero_op} : (tensor<3x3000xf32>) -> tensor<3x3000xf32>
  mlopt.yield %0 : tensor<3x3000xf32>
}

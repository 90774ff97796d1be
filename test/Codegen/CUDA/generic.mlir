// RUN: mlopt-cuda-kernel-test %s --emitter=cuda-generic --gpu=sm_80 --show-schedule | FileCheck %s --check-prefix=SCHEDULE
// RUN: mlopt-cuda-kernel-test %s --emitter=cuda-generic --gpu=sm_90 --ptxas=none --emit-ptx | FileCheck %s --check-prefix=PTX --implicit-check-not=".extern .func" --implicit-check-not=.local
// RUN: %cuda mlopt-cuda-kernel-test %s --emitter=cuda-generic --gpu=sm_80,sm_90 --counts --size n=3,m=5 --size n=700,m=40 --size n=0,m=2 | FileCheck %s --check-prefix=COUNTS --implicit-check-not=FAILED
//
// The route that takes every kernel: how each walk is launched, and that grids
// grow with what there is to do.

// An element for each thread; a grid of one block has no more warps than needed.
// SCHEDULE: elements sm_80: {{.*}}block = [256, 1, 1], grid = [{{.*}}n{{.*}}], shared = 0{{.*}}walk = "elements"
// SCHEDULE: few sm_80: {{.*}}block = [64, 1, 1]
// PTX-LABEL: .entry elements(
// PTX-NEXT: .param .u64 .ptr .align 16 elements_param_0
// PTX: .maxntid 256
// PTX: %ctaid.x
// PTX: st.global.b32
// COUNTS: elements sm_80 n=3{{.*}}blocks=1 {{.*}} ok
// COUNTS: elements sm_80 n=700{{.*}}blocks=110 {{.*}} ok
mlopt.kernel @elements(%a: tensor<?x?xf32>, %b: tensor<?xf32>) -> tensor<?x?xf32> attributes {hero = #mlopt.hero<elementwise>, dims = [["n", "m"], ["m"], ["n", "m"]]} {
  %0 = mlopt.add %a, %b {mlopt.hero_op} : (tensor<?x?xf32>, tensor<?xf32>) -> tensor<?x?xf32>
  mlopt.yield %0 : tensor<?x?xf32>
}

mlopt.kernel @few(%a: tensor<5x9xf32>) -> tensor<5x9xf32> attributes {hero = #mlopt.hero<elementwise>, dims = [[5, 9], [5, 9]]} {
  %0 = mlopt.neg %a {mlopt.hero_op} : (tensor<5x9xf32>) -> tensor<5x9xf32>
  mlopt.yield %0 : tensor<5x9xf32>
}

// A warp for each row; its lanes meet in shuffles.
// SCHEDULE: rows sm_80: {{.*}}walk = "rows"
// PTX-LABEL: .entry rows(
// PTX: shfl.sync.bfly
// COUNTS: rows sm_80 n=700{{.*}}blocks=88 {{.*}} ok
mlopt.kernel @rows(%a: tensor<?x?xf32>) -> tensor<?x?xf32> attributes {hero = #mlopt.hero<softmax>, dims = [["n", "m"], ["n", "m"]]} {
  %0 = mlopt.softmax %a {axis = 1 : i64, mlopt.hero_op} : (tensor<?x?xf32>) -> tensor<?x?xf32>
  mlopt.yield %0 : tensor<?x?xf32>
}

// Elements are ranked by as many threads as there are elements, in two phases.
// SCHEDULE: ranked sm_80: {{.*}}phases = 2{{.*}}form = "rank"
// PTX-LABEL: .entry ranked$0(
// PTX-LABEL: .entry ranked$1(
// COUNTS: ranked sm_80 n=700{{.*}}blocks=220 {{.*}} ok
mlopt.kernel @ranked(%a: tensor<?x?xf32>) -> (tensor<?x2xf32>, tensor<?x2xi64>) attributes {hero = #mlopt.hero<sort>, dims = [["n", "m"], ["n", 2], ["n", 2]]} {
  %v, %i = mlopt.top_k %a {axis = 1 : i64, largest = true, sorted = true, static_k = 2 : i64, mlopt.hero_op} : (tensor<?x?xf32>) -> (tensor<?x2xf32>, tensor<?x2xi64>)
  mlopt.yield %v, %i : tensor<?x2xf32>, tensor<?x2xi64>
}

// The last update of an element counts, found by an atomic maximum of their numbers.
// SCHEDULE: last sm_80: {{.*}}phases = 3{{.*}}form = "last"
// PTX-LABEL: .entry last$1(
// PTX: atom.{{.*}}max.u64
mlopt.kernel @last(%a: tensor<8x5xf32>, %i: tensor<?x2xi64> {mlopt.range = [0, 5]}, %u: tensor<?xf32>) -> tensor<8x5xf32> attributes {hero = #mlopt.hero<scatter>, dims = [[8, 5], ["n", 2], ["n"], [8, 5]]} {
  %0 = mlopt.scatter_nd %a, %i, %u {reduction = #mlopt<scatter_reduction none>, mlopt.hero_op} : (tensor<8x5xf32>, tensor<?x2xi64>, tensor<?xf32>) -> tensor<8x5xf32>
  mlopt.yield %0 : tensor<8x5xf32>
}

// Sums in the updates' order: by lines that they stay in, by elements that they may meet at.
// SCHEDULE: lines sm_80: {{.*}}form = "lines"
// SCHEDULE: meeting sm_80: {{.*}}form = "elements"
// PTX-LABEL: .entry lines$1(
// PTX-NOT: atom.{{.*}}add
mlopt.kernel @lines(%a: tensor<8x?xf32>, %i: tensor<?x1xi64> {mlopt.range = [-8, 8]}, %u: tensor<?x?xf32>) -> tensor<8x?xf32> attributes {hero = #mlopt.hero<scatter>, dims = [[8, "m"], ["n", 1], ["n", "m"], [8, "m"]]} {
  %0 = mlopt.scatter_nd %a, %i, %u {reduction = #mlopt<scatter_reduction add>, mlopt.hero_op} : (tensor<8x?xf32>, tensor<?x1xi64>, tensor<?x?xf32>) -> tensor<8x?xf32>
  mlopt.yield %0 : tensor<8x?xf32>
}

mlopt.kernel @meeting(%a: tensor<70xf32>, %i: tensor<?xi64> {mlopt.range = [-70, 70]}, %u: tensor<?xf32>) -> tensor<70xf32> attributes {hero = #mlopt.hero<scatter>, dims = [[70], ["n"], ["n"], [70]]} {
  %0 = mlopt.scatter_elements %a, %i, %u {axis = 0 : i64, reduction = #mlopt<scatter_reduction mul>, mlopt.hero_op} : (tensor<70xf32>, tensor<?xi64>, tensor<?xf32>) -> tensor<70xf32>
  mlopt.yield %0 : tensor<70xf32>
}

mlopt.kernel @meeting_columns(%a: tensor<9x3xi32>, %i: tensor<?x2xi64> {mlopt.range = [-9, 9]}, %u: tensor<?x2xi32>) -> tensor<9x3xi32> attributes {hero = #mlopt.hero<scatter>, dims = [[9, 3], ["n", 2], ["n", 2], [9, 3]]} {
  %0 = mlopt.scatter_elements %a, %i, %u {axis = 0 : i64, reduction = #mlopt<scatter_reduction max>, mlopt.hero_op} : (tensor<9x3xi32>, tensor<?x2xi64>, tensor<?x2xi32>) -> tensor<9x3xi32>
  mlopt.yield %0 : tensor<9x3xi32>
}

// A layer whose candidate needs all reset gates: two phases for each step.
// SCHEDULE: layer sm_80: {{.*}}phases = 4{{.*}}walk = "steps"{{.*}}repeat = {{.*}}, repeatFrom = 2
mlopt.kernel @layer(%x: tensor<?x2x7xf32>, %w: tensor<1x15x7xf32>, %r: tensor<1x15x5xf32>) -> tensor<?x1x2x5xf32> attributes {hero = #mlopt.hero<recurrent>, dims = [["m", 2, 7], [1, 15, 7], [1, 15, 5], ["m", 1, 2, 5]]} {
  %none = mlopt.none : none
  %y, %h = mlopt.gru %x, %w, %r, %none, %none, %none {activations = ["Sigmoid", "Tanh"], activation_alpha = array<f64>, activation_beta = array<f64>, direction = #mlopt<direction forward>, hidden_size = 5 : i64, mlopt.hero_op} : (tensor<?x2x7xf32>, tensor<1x15x7xf32>, tensor<1x15x5xf32>, none, none, none) -> (tensor<?x1x2x5xf32>, tensor<1x2x5xf32>)
  mlopt.yield %y : tensor<?x1x2x5xf32>
}

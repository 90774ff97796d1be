// RUN: %mlopt-opt --mlopt-plan %s | FileCheck %s
// RUN: %mlopt-opt --mlopt-plan %s | %mlopt-opt | FileCheck %s
// REQUIRES: mlopt-opt

// Sizes known at run time: offsets are steps, sizes of kernels are arguments,
// what could not be proved is checked.

#row = #mlopt.schedule<emitter = "generic", phases = 1, scratchShared = <"0">, scratchPerThread = <"0">, units = <"n">, part = [], params = {}>
#add = #mlopt.schedule<emitter = "generic", phases = 1, scratchShared = <"0">, scratchPerThread = <"0">, units = <"1">, part = [], params = {}>
#scratch = #mlopt.schedule<emitter = "generic", phases = 1, scratchShared = <"0">, scratchPerThread = <"n * 4">, units = <"n">, part = [], params = {}>

mlopt.kernel @exp(%x: tensor<?x16xf32>) -> tensor<?x16xf32>
    attributes {hero = #mlopt.hero<elementwise>, dims = [["n", 16], ["n", 16]], schedule = #row} {
  %0 = mlopt.exp %x {mlopt.hero_op} : (tensor<?x16xf32>) -> tensor<?x16xf32>
  mlopt.yield %0 : tensor<?x16xf32>
}
mlopt.kernel @add(%x: tensor<?x16xf32>, %y: tensor<?x16xf32>) -> tensor<?x16xf32>
    attributes {hero = #mlopt.hero<elementwise>, dims = [["a", 16], ["b", 16], [#mlopt.sym<"select(a == 1, b, a)">, 16]], schedule = #add} {
  %0 = mlopt.add %x, %y {mlopt.hero_op} : (tensor<?x16xf32>, tensor<?x16xf32>) -> tensor<?x16xf32>
  mlopt.yield %0 : tensor<?x16xf32>
}
mlopt.kernel @sum(%x: tensor<?x16xf32>) -> tensor<?x16xf32>
    attributes {hero = #mlopt.hero<reduction>, dims = [["n", 16], ["n", 16]], schedule = #scratch} {
  %0 = mlopt.exp %x {mlopt.hero_op} : (tensor<?x16xf32>) -> tensor<?x16xf32>
  mlopt.yield %0 : tensor<?x16xf32>
}

// Equal sizes are one step; the second tensor lies above the first.
// CHECK-LABEL: mlrt.program @stack
// CHECK-SAME: symbols = [#mlrt.symbol<name = "batch", element = false, input = 0, position = 0, minimum = 1, maximum = 32, usual = 4>]
// CHECK: mlrt.step "b0" = "batch * 64"
// CHECK-DAG: mlrt.arena offset(0) bytes("b0")
// CHECK-DAG: mlrt.arena offset("b0") bytes("b0")
// CHECK: mlrt.launch 2 @add ins({{.*}}) outs({{.*}}) sizes("batch", "batch")
// CHECK: mlrt.return arena_bytes("[[ARENA:.*]]") lower_bound("[[ARENA]]")
func.func @stack(%x: tensor<?x16xf32> {mlopt.name = "x", mlopt.dims = ["batch", 16]}) -> tensor<?x16xf32>
    attributes {mlopt.symbols = {batch = array<i64: 1, 32, 4>}} {
  %0 = mlopt.launch @exp(%x) : (tensor<?x16xf32>) -> tensor<?x16xf32>
  %1 = mlopt.launch @exp(%0) : (tensor<?x16xf32>) -> tensor<?x16xf32>
  %2 = mlopt.launch @add(%1, %0) : (tensor<?x16xf32>, tensor<?x16xf32>) -> tensor<?x16xf32>
  return %2 : tensor<?x16xf32>
}

// Unknown sizes that broadcast are checked; the bound is the larger of the launches' sums.
// CHECK-LABEL: mlrt.program @broadcast
// CHECK: mlrt.check "select(m == n, 1, select(n == 1, 1, select(m == 1, 1, 0)))", "node 'Add_3': sizes 'n' and 'm' must be equal or 1"
// CHECK: mlrt.launch 2 @add ins({{.*}}) outs({{.*}}) sizes("n", "m")
func.func @broadcast(%x: tensor<?x16xf32> {mlopt.name = "x", mlopt.dims = ["n", 16]},
                     %y: tensor<?x16xf32> {mlopt.name = "y", mlopt.dims = ["m", 16]}) -> tensor<?x16xf32> {
  %0 = mlopt.launch @exp(%x) : (tensor<?x16xf32>) -> tensor<?x16xf32>
  %1 = mlopt.launch @exp(%y) : (tensor<?x16xf32>) -> tensor<?x16xf32>
  %2 = mlopt.launch @add(%0, %1) : (tensor<?x16xf32>, tensor<?x16xf32>) -> tensor<?x16xf32> loc("Add_3")
  return %2 : tensor<?x16xf32>
}

// Scratch grows with the threads of the run.
// CHECK-LABEL: mlrt.program @scratch
// CHECK: mlrt.step "b1" = ".threads * ceildiv(n, 16) * 64"
// CHECK: mlrt.arena offset({{.*}}) bytes("b1") live [1, 1] {scratch}
// CHECK: mlrt.launch 1 @sum ins({{.*}}) outs({{.*}}) scratch({{.*}}) sizes("n")
func.func @scratch(%x: tensor<?x16xf32> {mlopt.name = "x", mlopt.dims = ["n", 16]}) -> tensor<?x16xf32> {
  %0 = mlopt.launch @exp(%x) : (tensor<?x16xf32>) -> tensor<?x16xf32>
  %1 = mlopt.launch @sum(%0) : (tensor<?x16xf32>) -> tensor<?x16xf32>
  return %1 : tensor<?x16xf32>
}

// A reshape that nothing proves is checked; an element of an integer input is a symbol.
// CHECK-LABEL: mlrt.program @view
// CHECK-SAME: dims = [#mlopt.sym<"shape[0]">, 16]
// CHECK-SAME: name = "shape[0]", element = true, input = 1, position = 0
// CHECK: mlrt.check "select(n == shape[0], 1, 0)", "numbers of elements
func.func @view(%x: tensor<?x16xf32> {mlopt.name = "x", mlopt.dims = ["n", 16]},
                %s: tensor<1xi64> {mlopt.name = "shape"}) -> tensor<?x16xf32> {
  %n = mlopt.element %s {position = 0 : i64} : (tensor<1xi64>) -> index
  %0 = mlopt.reshape %x, %n {static_sizes = array<i64: -9223372036854775808, 16>} : (tensor<?x16xf32>, index) -> tensor<?x16xf32>
  %1 = mlopt.launch @exp(%0) : (tensor<?x16xf32>) -> tensor<?x16xf32>
  return %1 : tensor<?x16xf32>
}

// RUN: %mlopt-opt --mlopt-plan %s | FileCheck %s
// REQUIRES: mlopt-opt

// Barriers: between launches that touch the same bytes, one of them writing, unless each
// thread touches its own share of them.

#scratch = #mlopt.schedule<emitter = "generic", phases = 1, scratchShared = <"0">, scratchPerThread = <"128">, units = <"8">, part = [], params = {}>
#shared = #mlopt.schedule<emitter = "generic", phases = 1, scratchShared = <"64">, scratchPerThread = <"128">, units = <"8">, part = [], params = {}>
#plain = #mlopt.schedule<emitter = "generic", phases = 1, scratchShared = <"0">, scratchPerThread = <"0">, units = <"8">, part = [], params = {}>
#part8 = #mlopt.schedule<emitter = "generic", phases = 1, scratchShared = <"0">, scratchPerThread = <"0">, units = <"8">, part = [0, 1], params = {}>
#part4 = #mlopt.schedule<emitter = "generic", phases = 1, scratchShared = <"0">, scratchPerThread = <"0">, units = <"4">, part = [0, 1], params = {}>

mlopt.kernel @project(%x: tensor<8x16xf32>) -> tensor<8x16xf32>
    attributes {hero = #mlopt.hero<contraction>, dims = [[8, 16], [8, 16]], schedule = #scratch} {
  %0 = mlopt.exp %x {mlopt.hero_op} : (tensor<8x16xf32>) -> tensor<8x16xf32>
  mlopt.yield %0 : tensor<8x16xf32>
}
mlopt.kernel @meet(%x: tensor<8x16xf32>) -> tensor<8x16xf32>
    attributes {hero = #mlopt.hero<contraction>, dims = [[8, 16], [8, 16]], schedule = #shared} {
  %0 = mlopt.exp %x {mlopt.hero_op} : (tensor<8x16xf32>) -> tensor<8x16xf32>
  mlopt.yield %0 : tensor<8x16xf32>
}
mlopt.kernel @add3(%x: tensor<8x16xf32>, %y: tensor<8x16xf32>, %z: tensor<8x16xf32>) -> tensor<8x16xf32>
    attributes {hero = #mlopt.hero<elementwise>, dims = [[8, 16], [8, 16], [8, 16], [8, 16]], schedule = #plain} {
  %0 = mlopt.add %x, %y {mlopt.hero_op} : (tensor<8x16xf32>, tensor<8x16xf32>) -> tensor<8x16xf32>
  %1 = mlopt.add %0, %z : (tensor<8x16xf32>, tensor<8x16xf32>) -> tensor<8x16xf32>
  mlopt.yield %1 : tensor<8x16xf32>
}
mlopt.kernel @exp(%x: tensor<8x16xf32>) -> tensor<8x16xf32>
    attributes {hero = #mlopt.hero<elementwise>, dims = [[8, 16], [8, 16]], schedule = #plain} {
  %0 = mlopt.exp %x {mlopt.hero_op} : (tensor<8x16xf32>) -> tensor<8x16xf32>
  mlopt.yield %0 : tensor<8x16xf32>
}
mlopt.kernel @rows8(%x: tensor<8x16xf32>) -> tensor<8x16xf32>
    attributes {hero = #mlopt.hero<elementwise>, dims = [[8, 16], [8, 16]], schedule = #part8} {
  %0 = mlopt.exp %x {mlopt.hero_op} : (tensor<8x16xf32>) -> tensor<8x16xf32>
  mlopt.yield %0 : tensor<8x16xf32>
}
mlopt.kernel @rows4(%x: tensor<8x16xf32>) -> tensor<8x16xf32>
    attributes {hero = #mlopt.hero<elementwise>, dims = [[8, 16], [8, 16]], schedule = #part4} {
  %0 = mlopt.exp %x {mlopt.hero_op} : (tensor<8x16xf32>) -> tensor<8x16xf32>
  mlopt.yield %0 : tensor<8x16xf32>
}

// Three projections of one tensor: no barrier between them, and one scratch.
// CHECK-LABEL: mlrt.program @projections
// CHECK: mlrt.launch 0 @exp
// CHECK: mlrt.barrier
// CHECK: mlrt.launch 1 @project {{.*}} scratch(%[[S:.*]]) sizes() strides() after(all 0)
// CHECK-NOT: mlrt.barrier
// CHECK: mlrt.launch 2 @project {{.*}} scratch(%[[S]]) sizes() strides() after(own 1)
// CHECK-NOT: mlrt.barrier
// CHECK: mlrt.launch 3 @project {{.*}} scratch(%[[S]]) sizes() strides() after(own 2)
// CHECK: mlrt.barrier
// CHECK: mlrt.launch 4 @add3
func.func @projections(%x: tensor<8x16xf32>) -> tensor<8x16xf32> {
  %0 = mlopt.launch @exp(%x) : (tensor<8x16xf32>) -> tensor<8x16xf32>
  %1 = mlopt.launch @project(%0) : (tensor<8x16xf32>) -> tensor<8x16xf32>
  %2 = mlopt.launch @project(%0) : (tensor<8x16xf32>) -> tensor<8x16xf32>
  %3 = mlopt.launch @project(%0) : (tensor<8x16xf32>) -> tensor<8x16xf32>
  %4 = mlopt.launch @add3(%1, %2, %3) : (tensor<8x16xf32>, tensor<8x16xf32>, tensor<8x16xf32>) -> tensor<8x16xf32>
  return %4 : tensor<8x16xf32>
}

// What all threads share as scratch is a place for each launch. Both alive at once would be
// more than the lower bound: they share memory, with a barrier between them.
// CHECK-LABEL: mlrt.program @meeting
// CHECK: mlrt.launch 0 @meet
// CHECK: mlrt.barrier
// CHECK: mlrt.launch 1 @meet {{.*}} after(all 0)
// CHECK: mlrt.barrier
// CHECK: mlrt.launch 2 @add3
func.func @meeting(%x: tensor<8x16xf32>) -> tensor<8x16xf32> {
  %0 = mlopt.launch @meet(%x) : (tensor<8x16xf32>) -> tensor<8x16xf32>
  %1 = mlopt.launch @meet(%x) : (tensor<8x16xf32>) -> tensor<8x16xf32>
  %2 = mlopt.launch @add3(%0, %1, %x) : (tensor<8x16xf32>, tensor<8x16xf32>, tensor<8x16xf32>) -> tensor<8x16xf32>
  return %2 : tensor<8x16xf32>
}

// Equal shares: no barrier. Unequal ones, or an operand read as a whole: barriers.
// CHECK-LABEL: mlrt.program @shares
// CHECK: mlrt.launch 0 @rows8
// CHECK-NOT: mlrt.barrier
// CHECK: mlrt.launch 1 @rows8 {{.*}} after(own 0)
// CHECK: mlrt.barrier
// CHECK: mlrt.launch 2 @rows4 {{.*}} after(all 1)
// CHECK: mlrt.barrier
// CHECK: mlrt.launch 3 @exp {{.*}} after(all 2)
func.func @shares(%x: tensor<8x16xf32>) -> tensor<8x16xf32> {
  %0 = mlopt.launch @rows8(%x) : (tensor<8x16xf32>) -> tensor<8x16xf32>
  %1 = mlopt.launch @rows8(%0) : (tensor<8x16xf32>) -> tensor<8x16xf32>
  %2 = mlopt.launch @rows4(%1) : (tensor<8x16xf32>) -> tensor<8x16xf32>
  %3 = mlopt.launch @exp(%2) : (tensor<8x16xf32>) -> tensor<8x16xf32>
  return %3 : tensor<8x16xf32>
}

// Two chains side by side: no barrier for the second one, nothing of which is in the first
// one's way.
// CHECK-LABEL: mlrt.program @chains
// CHECK: mlrt.launch 0 @exp
// CHECK: mlrt.barrier
// CHECK: mlrt.launch 1 @exp
// CHECK-NOT: mlrt.barrier
// CHECK: mlrt.launch 2 @exp {{.*}} after()
// CHECK: mlrt.barrier
// CHECK: mlrt.launch 3 @add3
func.func @chains(%x: tensor<8x16xf32>) -> tensor<8x16xf32> {
  %0 = mlopt.launch @exp(%x) : (tensor<8x16xf32>) -> tensor<8x16xf32>
  %1 = mlopt.launch @exp(%0) : (tensor<8x16xf32>) -> tensor<8x16xf32>
  %2 = mlopt.launch @exp(%x) : (tensor<8x16xf32>) -> tensor<8x16xf32>
  %3 = mlopt.launch @add3(%1, %2, %0) : (tensor<8x16xf32>, tensor<8x16xf32>, tensor<8x16xf32>) -> tensor<8x16xf32>
  return %3 : tensor<8x16xf32>
}

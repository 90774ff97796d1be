// RUN: %mlopt-opt --mlopt-plan %s | FileCheck %s
// REQUIRES: mlopt-opt

// Kernels as `fuse` leaves them, with schedules set by hand.

#part = #mlopt.schedule<emitter = "generic", phases = 1, scratchShared = <"0">, scratchPerThread = <"0">, mayOverwrite = [0], units = <"8">, part = [0, 1], params = {}>
#whole = #mlopt.schedule<emitter = "generic", phases = 1, scratchShared = <"0">, scratchPerThread = <"0">, units = <"8">, part = [1], params = {}>
#scratch = #mlopt.schedule<emitter = "generic", phases = 2, scratchShared = <"100">, scratchPerThread = <"60">, units = <"8">, part = [], params = {}>
#add = #mlopt.schedule<emitter = "generic", phases = 1, scratchShared = <"0">, scratchPerThread = <"0">, mayOverwrite = [0], units = <"8">, part = [0, 1, 2], params = {}>

mlopt.kernel @exp(%x: tensor<8x16xf32>) -> tensor<8x16xf32>
    attributes {hero = #mlopt.hero<elementwise>, dims = [[8, 16], [8, 16]], schedule = #part} {
  %0 = mlopt.exp %x {mlopt.hero_op} : (tensor<8x16xf32>) -> tensor<8x16xf32>
  mlopt.yield %0 : tensor<8x16xf32>
}
mlopt.kernel @softmax(%x: tensor<8x16xf32>) -> tensor<8x16xf32>
    attributes {hero = #mlopt.hero<softmax>, dims = [[8, 16], [8, 16]], schedule = #whole} {
  %0 = mlopt.exp %x {mlopt.hero_op} : (tensor<8x16xf32>) -> tensor<8x16xf32>
  mlopt.yield %0 : tensor<8x16xf32>
}
mlopt.kernel @split(%x: tensor<8x16xf32>) -> tensor<8x16xf32>
    attributes {hero = #mlopt.hero<reduction>, dims = [[8, 16], [8, 16]], schedule = #scratch} {
  %0 = mlopt.exp %x {mlopt.hero_op} : (tensor<8x16xf32>) -> tensor<8x16xf32>
  mlopt.yield %0 : tensor<8x16xf32>
}
mlopt.kernel @add(%x: tensor<8x16xf32>, %y: tensor<8x16xf32>) -> tensor<8x16xf32>
    attributes {hero = #mlopt.hero<elementwise>, dims = [[8, 16], [8, 16], [8, 16]], schedule = #add} {
  %0 = mlopt.add %x, %y {mlopt.hero_op} : (tensor<8x16xf32>, tensor<8x16xf32>) -> tensor<8x16xf32>
  mlopt.yield %0 : tensor<8x16xf32>
}
mlopt.parameter @w = dense<1.0> : tensor<8x16xf32>

// In place over the dying operand, own parts need no barrier; the result is
// written to the output directly.
// CHECK-LABEL: mlrt.program @chain
// CHECK: %[[IN:.*]] = mlrt.input 0
// CHECK: %[[OUT:.*]] = mlrt.output 0
// CHECK-NOT: mlrt.arena
// CHECK: mlrt.launch 0 @exp ins(%[[IN]]) outs(%[[OUT]]) sizes() strides() after()
// CHECK-NOT: mlrt.barrier
// CHECK: mlrt.launch 1 @exp ins(%[[OUT]]) outs(%[[OUT]]) sizes() strides() after(own 0)
// CHECK: mlrt.return arena_bytes(0) lower_bound(0)
func.func @chain(%x: tensor<8x16xf32>) -> tensor<8x16xf32> {
  %0 = mlopt.launch @exp(%x) : (tensor<8x16xf32>) -> tensor<8x16xf32>
  %1 = mlopt.launch @exp(%0) : (tensor<8x16xf32>) -> tensor<8x16xf32>
  return %1 : tensor<8x16xf32>
}

// The first result lives on: it is not shared. Reading another thread's part needs a
// barrier. The second result becomes the third in place, in the output's memory.
// CHECK-LABEL: mlrt.program @residual
// CHECK: %[[A:.*]] = mlrt.arena offset(0) bytes(512) live [0, 2]
// CHECK: mlrt.launch 0 @exp ins(%{{.*}}) outs(%[[A]])
// CHECK: %[[B:.*]] = mlrt.output 0
// CHECK: mlrt.barrier
// CHECK: mlrt.launch 1 @softmax ins(%[[A]]) outs(%[[B]]) sizes() strides() after(all 0)
// CHECK-NOT: mlrt.barrier
// CHECK: mlrt.launch 2 @add ins(%[[B]], %[[A]]) outs(%[[B]]) sizes() strides() after(own 1)
// CHECK: mlrt.return arena_bytes(512) lower_bound(512)
func.func @residual(%x: tensor<8x16xf32>) -> tensor<8x16xf32> {
  %0 = mlopt.launch @exp(%x) : (tensor<8x16xf32>) -> tensor<8x16xf32>
  %1 = mlopt.launch @softmax(%0) : (tensor<8x16xf32>) -> tensor<8x16xf32>
  %2 = mlopt.launch @add(%1, %0) : (tensor<8x16xf32>, tensor<8x16xf32>) -> tensor<8x16xf32>
  return %2 : tensor<8x16xf32>
}

// What the function returns twice, and an input or a parameter that it returns, is copied.
// CHECK-LABEL: mlrt.program @copies
// CHECK: mlrt.launch 0 @softmax
// CHECK: mlrt.barrier
// CHECK: mlrt.copy 1 %{{.*}} to %{{.*}} bytes(512) after(all 0)
// CHECK: mlrt.copy 2 %{{.*}} to %{{.*}} bytes(512) after()
// CHECK: mlrt.weight @w bytes(512)
// CHECK: mlrt.copy 3
func.func @copies(%x: tensor<8x16xf32>)
    -> (tensor<8x16xf32>, tensor<8x16xf32>, tensor<8x16xf32>, tensor<8x16xf32>) {
  %0 = mlopt.launch @softmax(%x) : (tensor<8x16xf32>) -> tensor<8x16xf32>
  %w = mlopt.get_parameter @w : tensor<8x16xf32>
  return %0, %0, %x, %w : tensor<8x16xf32>, tensor<8x16xf32>, tensor<8x16xf32>, tensor<8x16xf32>
}

// Scratch of all threads is part of the arena and of the bound.
// CHECK-LABEL: mlrt.program @scratch
// CHECK: mlrt.step "b0" = ".threads * 64 + 128"
// CHECK: mlrt.arena offset({{.*}}) bytes("b0") live [0, 0] {scratch}
// CHECK: mlrt.launch 0 @split ins(%{{.*}}) outs(%{{.*}}) scratch(%{{.*}})
// CHECK: mlrt.return arena_bytes("{{.*}}") lower_bound("{{.*}}")
func.func @scratch(%x: tensor<8x16xf32>) -> tensor<8x16xf32> {
  %0 = mlopt.launch @split(%x) : (tensor<8x16xf32>) -> tensor<8x16xf32>
  %1 = mlopt.launch @softmax(%0) : (tensor<8x16xf32>) -> tensor<8x16xf32>
  return %1 : tensor<8x16xf32>
}

// A tied operand that is read later is copied first; one that dies is overwritten.
#tied = #mlopt.schedule<emitter = "generic", phases = 1, scratchShared = <"0">, scratchPerThread = <"0">, tied = [0, 0], units = <"8">, part = [], params = {}>
mlopt.kernel @accumulate(%x: tensor<8x16xf32>, %y: tensor<8x16xf32>) -> tensor<8x16xf32>
    attributes {hero = #mlopt.hero<scatter>, dims = [[8, 16], [8, 16], [8, 16]], schedule = #tied} {
  %0 = mlopt.add %x, %y {mlopt.hero_op} : (tensor<8x16xf32>, tensor<8x16xf32>) -> tensor<8x16xf32>
  mlopt.yield %0 : tensor<8x16xf32>
}
// CHECK-LABEL: mlrt.program @tied
// CHECK: mlrt.launch 0 @softmax ins(%{{.*}}) outs(%[[A:.*]]) sizes
// CHECK: mlrt.copy 1 %[[A]] to %[[T:.*]] bytes(512) after(all 0)
// CHECK: mlrt.barrier
// CHECK: mlrt.launch 2 @accumulate ins(%[[T]], %{{.*}}) outs(%[[T]]) sizes() strides() after(all 1)
// CHECK: mlrt.launch 3 @accumulate ins(%[[T]], %[[A]]) outs(%[[T]]) sizes() strides() after(all 2)
func.func @tied(%x: tensor<8x16xf32>) -> tensor<8x16xf32> {
  %0 = mlopt.launch @softmax(%x) : (tensor<8x16xf32>) -> tensor<8x16xf32>
  %1 = mlopt.launch @accumulate(%0, %x) : (tensor<8x16xf32>, tensor<8x16xf32>) -> tensor<8x16xf32>
  %2 = mlopt.launch @accumulate(%1, %0) : (tensor<8x16xf32>, tensor<8x16xf32>) -> tensor<8x16xf32>
  return %2 : tensor<8x16xf32>
}

// Both operands are the same tensor and only the first may be overwritten: refused.
// CHECK-LABEL: mlrt.program @twice
// CHECK: mlrt.launch 0 @softmax ins(%{{.*}}) outs(%[[A:.*]]) sizes
// CHECK: %[[B:.*]] = mlrt.output 0
// CHECK: mlrt.launch 1 @add ins(%[[A]], %[[A]]) outs(%[[B]]) sizes() strides() after(own 0)
// CHECK: mlrt.return arena_bytes(512) lower_bound(512)
func.func @twice(%x: tensor<8x16xf32>) -> tensor<8x16xf32> {
  %0 = mlopt.launch @softmax(%x) : (tensor<8x16xf32>) -> tensor<8x16xf32>
  %1 = mlopt.launch @add(%0, %0) : (tensor<8x16xf32>, tensor<8x16xf32>) -> tensor<8x16xf32>
  return %1 : tensor<8x16xf32>
}

// RUN: %mlopt-opt --mlopt-plan %s | FileCheck %s
// RUN: %mlopt-opt --mlopt-plan %s | %mlopt-opt | FileCheck %s
// REQUIRES: mlopt-opt

// Results that take the storage of an argument.

#map = #mlopt.schedule<emitter = "generic", phases = 1, scratchShared = <"0">, scratchPerThread = <"0">, units = <"1">, part = [], params = {}>
#over = #mlopt.schedule<emitter = "generic", phases = 1, scratchShared = <"0">, scratchPerThread = <"0">, mayOverwrite = [0], units = <"4">, part = [0, 1, 2], params = {}>
#all = #mlopt.schedule<emitter = "generic", phases = 1, scratchShared = <"0">, scratchPerThread = <"0">, mayOverwrite = [0, 1, 2], units = <"4">, part = [0, 1, 2, 3, 4], params = {}>
#tied = #mlopt.schedule<emitter = "generic", phases = 1, scratchShared = <"0">, scratchPerThread = <"0">, tied = [0, 0], units = <"1">, part = [], params = {}>

mlopt.kernel @update(%p: tensor<64xf32>, %g: tensor<64xf32>) -> tensor<64xf32>
    attributes {hero = #mlopt.hero<elementwise>, dims = [[64], [64], [64]], schedule = #over} {
  %0 = mlopt.sub %p, %g {mlopt.hero_op} : (tensor<64xf32>, tensor<64xf32>) -> tensor<64xf32>
  mlopt.yield %0 : tensor<64xf32>
}
mlopt.kernel @momentum(%p: tensor<64xf32>, %m: tensor<64xf32>, %g: tensor<64xf32>) -> (tensor<64xf32>, tensor<64xf32>)
    attributes {hero = #mlopt.hero<elementwise>, dims = [[64], [64], [64], [64], [64]], schedule = #all} {
  %0 = mlopt.add %m, %g : (tensor<64xf32>, tensor<64xf32>) -> tensor<64xf32>
  %1 = mlopt.sub %p, %0 {mlopt.hero_op} : (tensor<64xf32>, tensor<64xf32>) -> tensor<64xf32>
  mlopt.yield %0, %1 : tensor<64xf32>, tensor<64xf32>
}
mlopt.kernel @reverse(%x: tensor<64xf32>) -> tensor<64xf32>
    attributes {hero = #mlopt.hero<elementwise>, dims = [[64], [64]], schedule = #map} {
  %0 = mlopt.exp %x {mlopt.hero_op} : (tensor<64xf32>) -> tensor<64xf32>
  mlopt.yield %0 : tensor<64xf32>
}
mlopt.kernel @product(%x: tensor<4x8xf32>, %w: tensor<8x4xf32>) -> tensor<4x4xf32>
    attributes {hero = #mlopt.hero<contraction>, dims = [[4, 8], [8, 4], [4, 4]], schedule = #map} {
  %0 = mlopt.matmul %x, %w {mlopt.hero_op} : (tensor<4x8xf32>, tensor<8x4xf32>) -> tensor<4x4xf32>
  mlopt.yield %0 : tensor<4x4xf32>
}
mlopt.kernel @exp32(%x: tensor<32xf32>) -> tensor<32xf32>
    attributes {hero = #mlopt.hero<elementwise>, dims = [[32], [32]], schedule = #map} {
  %0 = mlopt.exp %x {mlopt.hero_op} : (tensor<32xf32>) -> tensor<32xf32>
  mlopt.yield %0 : tensor<32xf32>
}
mlopt.kernel @decay(%x: tensor<32xf32>, %y: tensor<32xf32>) -> tensor<32xf32>
    attributes {hero = #mlopt.hero<elementwise>, dims = [[32], [32], [32]], schedule = #over} {
  %0 = mlopt.sub %x, %y {mlopt.hero_op} : (tensor<32xf32>, tensor<32xf32>) -> tensor<32xf32>
  mlopt.yield %0 : tensor<32xf32>
}
mlopt.kernel @concat(%x: tensor<32xf32>, %y: tensor<32xf32>) -> tensor<64xf32>
    attributes {hero = #mlopt.hero<copy>, dims = [[32], [32], [64]], schedule = #map} {
  %0 = mlopt.concat %x, %y {axis = 0 : i64, mlopt.hero_op} : (tensor<32xf32>, tensor<32xf32>) -> tensor<64xf32>
  mlopt.yield %0 : tensor<64xf32>
}
mlopt.kernel @scatter(%x: tensor<64xf32>, %y: tensor<32xf32>) -> tensor<64xf32>
    attributes {hero = #mlopt.hero<scatter>, dims = [[64], [32], [64]], schedule = #tied} {
  %0 = mlopt.exp %x {mlopt.hero_op} : (tensor<64xf32>) -> tensor<64xf32>
  mlopt.yield %0 : tensor<64xf32>
}

// In place, nothing of the arena. The gradient is another input.
// CHECK-LABEL: mlrt.program @in_place
// CHECK-SAME: outputs = [#mlrt.tensor<name = "p", {{.*}}donated = 0>]
// CHECK: %[[P:.*]] = mlrt.input 0
// CHECK: %[[G:.*]] = mlrt.input 1
// CHECK-NEXT: mlrt.launch 0 @update ins(%[[P]], %[[G]]) outs(%[[P]])
// CHECK-NEXT: mlrt.return arena_bytes(0)
func.func @in_place(%p: tensor<64xf32> {mlopt.name = "p"}, %g: tensor<64xf32>)
    -> (tensor<64xf32> {mlopt.name = "p", mlopt.donated = 0 : i64}) {
  %0 = mlopt.launch @update(%p, %g) : (tensor<64xf32>, tensor<64xf32>) -> tensor<64xf32>
  return %0 : tensor<64xf32>
}

// The kernel does not read where it writes: made elsewhere, copied at the end.
// CHECK-LABEL: mlrt.program @elsewhere
// CHECK: %[[P:.*]] = mlrt.input 0
// CHECK: %[[A:.*]] = mlrt.arena offset(0) bytes(256)
// CHECK: mlrt.launch 0 @reverse ins(%[[P]]) outs(%[[A]])
// CHECK-NEXT: mlrt.barrier
// CHECK-NEXT: mlrt.copy 1 %[[A]] to %[[P]] bytes(256) after(all 0)
func.func @elsewhere(%p: tensor<64xf32>) -> (tensor<64xf32> {mlopt.donated = 0 : i64}) {
  %0 = mlopt.launch @reverse(%p) : (tensor<64xf32>) -> tensor<64xf32>
  return %0 : tensor<64xf32>
}

// The old value is read before: all threads wait for it, then it is overwritten.
// CHECK-LABEL: mlrt.program @reader_before
// CHECK: %[[P:.*]] = mlrt.input 0
// CHECK: %[[A:.*]] = mlrt.arena
// CHECK: mlrt.launch 0 @reverse ins(%[[P]]) outs(%[[A]])
// CHECK-NEXT: mlrt.barrier
// CHECK-NEXT: mlrt.launch 1 @update ins(%[[P]], %[[A]]) outs(%[[P]]) sizes() strides() after(all 0)
// CHECK-NEXT: mlrt.return
func.func @reader_before(%p: tensor<64xf32>) -> (tensor<64xf32> {mlopt.donated = 0 : i64}) {
  %0 = mlopt.launch @reverse(%p) : (tensor<64xf32>) -> tensor<64xf32>
  %1 = mlopt.launch @update(%p, %0) : (tensor<64xf32>, tensor<64xf32>) -> tensor<64xf32>
  return %1 : tensor<64xf32>
}

// The old value is read after: the new one waits in the arena until then.
// CHECK-LABEL: mlrt.program @reader_after
// CHECK: %[[P:.*]] = mlrt.input 0
// CHECK: %[[N:.*]] = mlrt.arena
// CHECK: mlrt.launch 0 @update ins(%[[P]], %{{.*}}) outs(%[[N]])
// CHECK: %[[OUT:.*]] = mlrt.output 1
// CHECK: mlrt.launch 1 @reverse ins(%[[P]]) outs(%[[OUT]])
// CHECK: mlrt.barrier
// CHECK: mlrt.copy 2 %[[N]] to %[[P]] bytes(256) after(all 0, all 1)
func.func @reader_after(%p: tensor<64xf32>, %g: tensor<64xf32>)
    -> (tensor<64xf32> {mlopt.donated = 0 : i64}, tensor<64xf32>) {
  %0 = mlopt.launch @update(%p, %g) : (tensor<64xf32>, tensor<64xf32>) -> tensor<64xf32>
  %1 = mlopt.launch @reverse(%p) : (tensor<64xf32>) -> tensor<64xf32>
  return %0, %1 : tensor<64xf32>, tensor<64xf32>
}

// Two results of one launch, each over its own operand; the old value of neither is read.
// CHECK-LABEL: mlrt.program @two
// CHECK: %[[P:.*]] = mlrt.input 0
// CHECK: %[[M:.*]] = mlrt.input 1
// CHECK: %[[G:.*]] = mlrt.input 2
// CHECK-NEXT: mlrt.launch 0 @momentum ins(%[[P]], %[[M]], %[[G]]) outs(%[[M]], %[[P]])
// CHECK-NEXT: mlrt.return arena_bytes(0)
func.func @two(%p: tensor<64xf32>, %m: tensor<64xf32>, %g: tensor<64xf32>)
    -> (tensor<64xf32> {mlopt.donated = 0 : i64}, tensor<64xf32> {mlopt.donated = 1 : i64}) {
  %0:2 = mlopt.launch @momentum(%p, %m, %g) : (tensor<64xf32>, tensor<64xf32>, tensor<64xf32>) -> (tensor<64xf32>, tensor<64xf32>)
  return %0#1, %0#0 : tensor<64xf32>, tensor<64xf32>
}

// One of two results takes an operand that dies, the other one has a place of its own.
// CHECK-LABEL: mlrt.program @dying
// CHECK: mlrt.launch 0 @reverse ins({{.*}}) outs(%[[G:.*]]) sizes
// CHECK: %[[P:.*]] = mlrt.input 0
// CHECK: %[[N:.*]] = mlrt.arena
// CHECK: mlrt.launch 1 @momentum ins(%[[P]], %[[P]], %[[G]]) outs(%[[G]], %[[N]])
// CHECK: mlrt.return arena_bytes(512)
func.func @dying(%p: tensor<64xf32>, %g: tensor<64xf32>) -> tensor<64xf32> {
  %0 = mlopt.launch @reverse(%g) : (tensor<64xf32>) -> tensor<64xf32>
  %1:2 = mlopt.launch @momentum(%p, %p, %0) : (tensor<64xf32>, tensor<64xf32>, tensor<64xf32>) -> (tensor<64xf32>, tensor<64xf32>)
  %2 = mlopt.launch @update(%1#0, %1#1) : (tensor<64xf32>, tensor<64xf32>) -> tensor<64xf32>
  %3 = mlopt.launch @reverse(%2) : (tensor<64xf32>) -> tensor<64xf32>
  return %3 : tensor<64xf32>
}

// Unchanged: nothing is left to do.
// CHECK-LABEL: mlrt.program @unchanged
// CHECK-SAME: donated = 0
// CHECK-NEXT: mlrt.return arena_bytes(0)
func.func @unchanged(%p: tensor<64xf32>) -> (tensor<64xf32> {mlopt.donated = 0 : i64}) {
  return %p : tensor<64xf32>
}

// Exchanged: one of the two waits in the arena.
// CHECK-LABEL: mlrt.program @exchanged
// CHECK: %[[B:.*]] = mlrt.input 1
// CHECK: %[[T:.*]] = mlrt.arena
// CHECK: mlrt.copy 0 %[[B]] to %[[T]] bytes(256) after()
// CHECK: %[[A:.*]] = mlrt.input 0
// CHECK: mlrt.barrier
// CHECK: mlrt.copy 1 %[[A]] to %[[B]] bytes(256) after(all 0)
// CHECK: mlrt.barrier
// CHECK: mlrt.copy 2 %[[T]] to %[[A]] bytes(256) after(all 1)
// CHECK-NEXT: mlrt.return
func.func @exchanged(%a: tensor<64xf32>, %b: tensor<64xf32>)
    -> (tensor<64xf32> {mlopt.donated = 0 : i64}, tensor<64xf32> {mlopt.donated = 1 : i64}) {
  return %b, %a : tensor<64xf32>, tensor<64xf32>
}

// The value is an output of its own as well.
// CHECK-LABEL: mlrt.program @also_returned
// CHECK: %[[P:.*]] = mlrt.input 0
// CHECK: %[[OUT:.*]] = mlrt.output 1
// CHECK: mlrt.launch 0 @update ins(%[[P]], %{{.*}}) outs(%[[OUT]])
// CHECK: mlrt.copy 1 %[[OUT]] to %[[P]]
func.func @also_returned(%p: tensor<64xf32>, %g: tensor<64xf32>)
    -> (tensor<64xf32> {mlopt.donated = 0 : i64}, tensor<64xf32>) {
  %0 = mlopt.launch @update(%p, %g) : (tensor<64xf32>, tensor<64xf32>) -> tensor<64xf32>
  return %0, %0 : tensor<64xf32>, tensor<64xf32>
}

// A slice of a flat argument is read where it lies, under any shape, by several
// launches, and the update waits for all of them.
// CHECK-LABEL: mlrt.program @slices
// CHECK: %[[X:.*]] = mlrt.input 1
// CHECK: %[[P:.*]] = mlrt.input 0
// CHECK: %[[W:.*]] = mlrt.piece %[[P]] offset(128)
// CHECK: mlrt.launch 0 @product ins(%[[X]], %[[W]]) outs
// CHECK: mlrt.launch 1 @exp32 ins(%[[W]]) outs
// CHECK: mlrt.barrier
// CHECK: mlrt.launch 2 @update ins(%[[P]], %{{.*}}) outs(%[[P]]) sizes() strides() after(all 0, all 1)
// CHECK-NEXT: mlrt.return arena_bytes(0)
func.func @slices(%p: tensor<64xf32>, %x: tensor<4x8xf32>, %g: tensor<64xf32>)
    -> (tensor<64xf32> {mlopt.donated = 0 : i64}, tensor<4x4xf32>, tensor<32xf32>) {
  %w = mlopt.slice %p {static_starts = array<i64: 32>, static_sizes = array<i64: 32>, strides = array<i64: 1>, operandSegmentSizes = array<i32: 1, 0, 0>} : (tensor<64xf32>) -> tensor<32xf32>
  %m = mlopt.reshape %w {static_sizes = array<i64: 8, 4>} : (tensor<32xf32>) -> tensor<8x4xf32>
  %0 = mlopt.launch @product(%x, %m) : (tensor<4x8xf32>, tensor<8x4xf32>) -> tensor<4x4xf32>
  %1 = mlopt.launch @exp32(%w) : (tensor<32xf32>) -> tensor<32xf32>
  %2 = mlopt.launch @update(%p, %g) : (tensor<64xf32>, tensor<64xf32>) -> tensor<64xf32>
  return %2, %0, %1 : tensor<64xf32>, tensor<4x4xf32>, tensor<32xf32>
}

// In parts: each is written over its own old value, whichever part is read later.
// CHECK-LABEL: mlrt.program @parts
// CHECK: %[[B:.*]] = mlrt.input 0
// CHECK: mlrt.launch 0 @decay ins(%[[B]], %{{.*}}) outs(%[[B]])
// CHECK: %[[H:.*]] = mlrt.piece %[[B]] offset(128)
// CHECK: mlrt.launch 1 @decay ins(%[[H]], %{{.*}}) outs(%[[H]])
// CHECK-NEXT: mlrt.return arena_bytes(0)
func.func @parts(%b: tensor<64xf32>, %x: tensor<32xf32>) -> (tensor<64xf32> {mlopt.donated = 0 : i64}) {
  %l = mlopt.slice %b {static_starts = array<i64: 0>, static_sizes = array<i64: 32>, strides = array<i64: 1>, operandSegmentSizes = array<i32: 1, 0, 0>} : (tensor<64xf32>) -> tensor<32xf32>
  %h = mlopt.slice %b {static_starts = array<i64: 32>, static_sizes = array<i64: 32>, strides = array<i64: 1>, operandSegmentSizes = array<i32: 1, 0, 0>} : (tensor<64xf32>) -> tensor<32xf32>
  %0 = mlopt.launch @decay(%l, %x) : (tensor<32xf32>, tensor<32xf32>) -> tensor<32xf32>
  %1 = mlopt.launch @decay(%h, %x) : (tensor<32xf32>, tensor<32xf32>) -> tensor<32xf32>
  %2 = mlopt.launch @concat(%0, %1) : (tensor<32xf32>, tensor<32xf32>) -> tensor<64xf32>
  return %2 : tensor<64xf32>
}

// A part that stays as it is needs no copy.
// CHECK-LABEL: mlrt.program @part_unchanged
// CHECK: %[[B:.*]] = mlrt.input 0
// CHECK: mlrt.launch 0 @decay ins(%[[B]], %{{.*}}) outs(%[[B]])
// CHECK-NEXT: mlrt.return arena_bytes(0)
func.func @part_unchanged(%b: tensor<64xf32>, %x: tensor<32xf32>) -> (tensor<64xf32> {mlopt.donated = 0 : i64}) {
  %l = mlopt.slice %b {static_starts = array<i64: 0>, static_sizes = array<i64: 32>, strides = array<i64: 1>, operandSegmentSizes = array<i32: 1, 0, 0>} : (tensor<64xf32>) -> tensor<32xf32>
  %h = mlopt.slice %b {static_starts = array<i64: 32>, static_sizes = array<i64: 32>, strides = array<i64: 1>, operandSegmentSizes = array<i32: 1, 0, 0>} : (tensor<64xf32>) -> tensor<32xf32>
  %0 = mlopt.launch @decay(%l, %x) : (tensor<32xf32>, tensor<32xf32>) -> tensor<32xf32>
  %1 = mlopt.launch @concat(%0, %h) : (tensor<32xf32>, tensor<32xf32>) -> tensor<64xf32>
  return %1 : tensor<64xf32>
}

// Parts that change places: the first one must not be overwritten before it is read.
// CHECK-LABEL: mlrt.program @parts_crossed
// CHECK: mlrt.launch 0 @decay ins(%[[H:.*]], %{{.*}}) outs(%[[A:.*]]) sizes
// CHECK: mlrt.launch 1 @decay
// CHECK: mlrt.copy 2 %[[A]] to %{{.*}} bytes(256)
func.func @parts_crossed(%b: tensor<64xf32>, %x: tensor<32xf32>) -> (tensor<64xf32> {mlopt.donated = 0 : i64}) {
  %l = mlopt.slice %b {static_starts = array<i64: 0>, static_sizes = array<i64: 32>, strides = array<i64: 1>, operandSegmentSizes = array<i32: 1, 0, 0>} : (tensor<64xf32>) -> tensor<32xf32>
  %h = mlopt.slice %b {static_starts = array<i64: 32>, static_sizes = array<i64: 32>, strides = array<i64: 1>, operandSegmentSizes = array<i32: 1, 0, 0>} : (tensor<64xf32>) -> tensor<32xf32>
  %0 = mlopt.launch @decay(%h, %x) : (tensor<32xf32>, tensor<32xf32>) -> tensor<32xf32>
  %1 = mlopt.launch @decay(%l, %x) : (tensor<32xf32>, tensor<32xf32>) -> tensor<32xf32>
  %2 = mlopt.launch @concat(%0, %1) : (tensor<32xf32>, tensor<32xf32>) -> tensor<64xf32>
  return %2 : tensor<64xf32>
}

// A kernel that only writes what changes works in the argument itself.
// CHECK-LABEL: mlrt.program @tied
// CHECK: %[[P:.*]] = mlrt.input 0
// CHECK: mlrt.launch 0 @scatter ins(%[[P]], %{{.*}}) outs(%[[P]])
// CHECK-NEXT: mlrt.return arena_bytes(0)
func.func @tied(%p: tensor<64xf32>, %x: tensor<32xf32>) -> (tensor<64xf32> {mlopt.donated = 0 : i64}) {
  %0 = mlopt.launch @scatter(%p, %x) : (tensor<64xf32>, tensor<32xf32>) -> tensor<64xf32>
  return %0 : tensor<64xf32>
}

// A concatenation that is an output: its parts are written there.
// CHECK-LABEL: mlrt.program @output
// CHECK: %[[OUT:.*]] = mlrt.output 0
// CHECK: mlrt.launch 0 @exp32 ins({{.*}}) outs(%[[OUT]])
// CHECK: %[[H:.*]] = mlrt.piece %[[OUT]] offset(128)
// CHECK: mlrt.launch 1 @exp32 ins({{.*}}) outs(%[[H]])
// CHECK-NEXT: mlrt.return arena_bytes(0)
func.func @output(%x: tensor<32xf32>, %y: tensor<32xf32>) -> tensor<64xf32> {
  %0 = mlopt.launch @exp32(%x) : (tensor<32xf32>) -> tensor<32xf32>
  %1 = mlopt.launch @exp32(%y) : (tensor<32xf32>) -> tensor<32xf32>
  %2 = mlopt.launch @concat(%0, %1) : (tensor<32xf32>, tensor<32xf32>) -> tensor<64xf32>
  return %2 : tensor<64xf32>
}

// RUN: %mlopt-opt --mlopt-form-kernels --split-input-file %s | FileCheck %s
// REQUIRES: mlopt-opt

// Elementwise kernels with several results, and what keeps operations apart.

// The update of AdamW: four tensors read, three written, one kernel.
// CHECK-LABEL: func.func @adamw
// CHECK: mlopt.launch @sub_0
// CHECK-SAME: -> (tensor<64xf32>, tensor<64xf32>, tensor<64xf32>)
// CHECK-NOT: mlopt.launch
// CHECK: return
func.func @adamw(%p: tensor<64xf32>, %m: tensor<64xf32>, %v: tensor<64xf32>, %g: tensor<64xf32>, %lr: tensor<f32>)
    -> (tensor<64xf32>, tensor<64xf32>, tensor<64xf32>) {
  %b1 = mlopt.constant dense<0.9> : tensor<f32>
  %b2 = mlopt.constant dense<0.99> : tensor<f32>
  %0 = mlopt.mul %m, %b1 : (tensor<64xf32>, tensor<f32>) -> tensor<64xf32>
  %1 = mlopt.add %0, %g : (tensor<64xf32>, tensor<64xf32>) -> tensor<64xf32>
  %2 = mlopt.mul %g, %g : (tensor<64xf32>, tensor<64xf32>) -> tensor<64xf32>
  %3 = mlopt.mul %v, %b2 : (tensor<64xf32>, tensor<f32>) -> tensor<64xf32>
  %4 = mlopt.add %2, %3 : (tensor<64xf32>, tensor<64xf32>) -> tensor<64xf32>
  %5 = mlopt.sqrt %4 : (tensor<64xf32>) -> tensor<64xf32>
  %6 = mlopt.div %1, %5 : (tensor<64xf32>, tensor<64xf32>) -> tensor<64xf32>
  %7 = mlopt.mul %6, %lr : (tensor<64xf32>, tensor<f32>) -> tensor<64xf32>
  %8 = mlopt.sub %p, %7 : (tensor<64xf32>, tensor<64xf32>) -> tensor<64xf32>
  return %8, %1, %4 : tensor<64xf32>, tensor<64xf32>, tensor<64xf32>
}

// -----

// A product in between needs the first value: its kernel cannot wait for the last.
// CHECK-LABEL: func.func @between
// CHECK: %[[A:.*]] = mlopt.launch @exp_0
// CHECK: %[[M:.*]] = mlopt.launch @matmul_0(%[[A]],
// CHECK: mlopt.launch @add_0(%[[A]], %[[M]])
func.func @between(%x: tensor<8x8xf32>, %w: tensor<8x8xf32>) -> (tensor<8x8xf32>, tensor<8xf32>) {
  %0 = mlopt.exp %x : (tensor<8x8xf32>) -> tensor<8x8xf32>
  %1 = mlopt.matmul %0, %w : (tensor<8x8xf32>, tensor<8x8xf32>) -> tensor<8x8xf32>
  %2 = mlopt.reduce %1 {kind = #mlopt<reduce_kind sum>, axes = array<i64: 1>} : (tensor<8x8xf32>) -> tensor<8xf32>
  %3 = mlopt.add %0, %1 : (tensor<8x8xf32>, tensor<8x8xf32>) -> tensor<8x8xf32>
  return %3, %2 : tensor<8x8xf32>, tensor<8xf32>
}

// -----

// A view of the first value stands before the end of the group.
// CHECK-LABEL: func.func @view
// CHECK: %[[A:.*]] = mlopt.launch @exp_0
// CHECK: %[[V:.*]] = mlopt.reshape %[[A]]
// CHECK: mlopt.launch @neg_0(%[[A]])
// CHECK: return %[[V]]
func.func @view(%x: tensor<8x8xf32>) -> (tensor<64xf32>, tensor<8x8xf32>) {
  %0 = mlopt.exp %x : (tensor<8x8xf32>) -> tensor<8x8xf32>
  %1 = mlopt.reshape %0 {static_sizes = array<i64: 64>} : (tensor<8x8xf32>) -> tensor<64xf32>
  %2 = mlopt.neg %0 : (tensor<8x8xf32>) -> tensor<8x8xf32>
  return %1, %2 : tensor<64xf32>, tensor<8x8xf32>
}

// -----

// Of another size, or read at another place: not written in the same walk.
// CHECK-LABEL: func.func @sizes
// CHECK: mlopt.launch @exp_0
// CHECK: mlopt.launch @add_0
// CHECK-LABEL: func.func @elsewhere
// CHECK: mlopt.launch @exp_
// CHECK: mlopt.launch @slice_
func.func @sizes(%x: tensor<8xf32>, %y: tensor<8x8xf32>) -> (tensor<8xf32>, tensor<8x8xf32>) {
  %0 = mlopt.exp %x : (tensor<8xf32>) -> tensor<8xf32>
  %1 = mlopt.add %0, %y : (tensor<8xf32>, tensor<8x8xf32>) -> tensor<8x8xf32>
  return %0, %1 : tensor<8xf32>, tensor<8x8xf32>
}
func.func @elsewhere(%x: tensor<8x8xf32>) -> (tensor<8x8xf32>, tensor<4x8xf32>) {
  %0 = mlopt.exp %x : (tensor<8x8xf32>) -> tensor<8x8xf32>
  %1 = mlopt.slice %0 {static_starts = array<i64: 4, 0>, static_sizes = array<i64: 4, 8>, strides = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 0, 0>} : (tensor<8x8xf32>) -> tensor<4x8xf32>
  return %0, %1 : tensor<8x8xf32>, tensor<4x8xf32>
}

// -----

// Two that read the same tensor and do not need each other: it is read once.
// CHECK-LABEL: func.func @siblings
// CHECK: mlopt.launch @neg_0
// CHECK-SAME: -> (tensor<64xf32>, tensor<64xf32>)
// CHECK-NOT: mlopt.launch
// CHECK: return
func.func @siblings(%x: tensor<64xf32>, %y: tensor<64xf32>) -> (tensor<64xf32>, tensor<64xf32>) {
  %0 = mlopt.mul %x, %y : (tensor<64xf32>, tensor<64xf32>) -> tensor<64xf32>
  %1 = mlopt.neg %x : (tensor<64xf32>) -> tensor<64xf32>
  return %0, %1 : tensor<64xf32>, tensor<64xf32>
}

// -----

// The second needs the first through a sum; elements of other widths; nothing in
// common; and one that would keep two more tensors alive until the other.
// CHECK-LABEL: func.func @apart
// CHECK-COUNT-3: mlopt.launch
// CHECK: return
// CHECK-LABEL: func.func @widths
// CHECK-COUNT-2: mlopt.launch
// CHECK: return
// CHECK-LABEL: func.func @strangers
// CHECK-COUNT-2: mlopt.launch
// CHECK: return
// CHECK-LABEL: func.func @keeps
// CHECK-COUNT-2: mlopt.launch
// CHECK: return
func.func @apart(%x: tensor<64xf32>) -> (tensor<64xf32>, tensor<64xf32>) {
  %0 = mlopt.exp %x : (tensor<64xf32>) -> tensor<64xf32>
  %1 = mlopt.reduce %0 {kind = #mlopt<reduce_kind sum>, axes = array<i64: 0>, keepdims = true} : (tensor<64xf32>) -> tensor<1xf32>
  %2 = mlopt.sub %x, %1 : (tensor<64xf32>, tensor<1xf32>) -> tensor<64xf32>
  return %0, %2 : tensor<64xf32>, tensor<64xf32>
}
func.func @widths(%x: tensor<64xf32>) -> (tensor<64xf32>, tensor<64xf64>) {
  %0 = mlopt.exp %x : (tensor<64xf32>) -> tensor<64xf32>
  %1 = mlopt.cast %x {to = f64} : (tensor<64xf32>) -> tensor<64xf64>
  return %0, %1 : tensor<64xf32>, tensor<64xf64>
}
func.func @strangers(%x: tensor<64xf32>, %y: tensor<64xf32>) -> (tensor<64xf32>, tensor<64xf32>) {
  %0 = mlopt.exp %x : (tensor<64xf32>) -> tensor<64xf32>
  %1 = mlopt.exp %y : (tensor<64xf32>) -> tensor<64xf32>
  return %0, %1 : tensor<64xf32>, tensor<64xf32>
}
func.func @keeps(%x: tensor<64xf32>, %y: tensor<64xf32>, %z: tensor<64xf32>) -> (tensor<64xf32>, tensor<64xf32>) {
  %0 = mlopt.mul %x, %y : (tensor<64xf32>, tensor<64xf32>) -> tensor<64xf32>
  %1 = mlopt.add %0, %z : (tensor<64xf32>, tensor<64xf32>) -> tensor<64xf32>
  %2 = mlopt.neg %x : (tensor<64xf32>) -> tensor<64xf32>
  return %1, %2 : tensor<64xf32>, tensor<64xf32>
}

// -----

// Scalars are computed once, by one kernel, in their own width, not for each element.
// CHECK-LABEL: func.func @scalars
// CHECK: %[[S:.*]]:2 = mlopt.launch @cast_0(%{{.*}}) : (tensor<i64>) -> (tensor<f32>, tensor<f32>)
// CHECK: mlopt.launch @div_0(
// CHECK-SAME: (tensor<64xf32>, tensor<f32>, tensor<f32>) -> tensor<64xf32>
// CHECK-NOT: mlopt.launch
// CHECK: return
func.func @scalars(%x: tensor<64xf32>, %step: tensor<i64>) -> tensor<64xf32> {
  %one = mlopt.constant dense<1.0> : tensor<f64>
  %b1 = mlopt.constant dense<0.9> : tensor<f64>
  %b2 = mlopt.constant dense<0.99> : tensor<f64>
  %0 = mlopt.cast %step {to = f64} : (tensor<i64>) -> tensor<f64>
  %1 = mlopt.add %0, %one : (tensor<f64>, tensor<f64>) -> tensor<f64>
  %2 = mlopt.pow %b1, %1 : (tensor<f64>, tensor<f64>) -> tensor<f64>
  %3 = mlopt.sub %one, %2 : (tensor<f64>, tensor<f64>) -> tensor<f64>
  %4 = mlopt.cast %3 {to = f32} : (tensor<f64>) -> tensor<f32>
  %5 = mlopt.pow %b2, %1 : (tensor<f64>, tensor<f64>) -> tensor<f64>
  %6 = mlopt.sub %one, %5 : (tensor<f64>, tensor<f64>) -> tensor<f64>
  %7 = mlopt.cast %6 {to = f32} : (tensor<f64>) -> tensor<f32>
  %8 = mlopt.mul %x, %4 : (tensor<64xf32>, tensor<f32>) -> tensor<64xf32>
  %9 = mlopt.div %8, %7 : (tensor<64xf32>, tensor<f32>) -> tensor<64xf32>
  return %9 : tensor<64xf32>
}

// -----

// A part that is padded at its end is two parts; padding at its begin is computed.
// CHECK-LABEL: mlopt.kernel @concat_0(%{{.*}}: tensor<12xf32>, %{{.*}}: tensor<4xf32>, %{{.*}}: tensor<16xf32>)
// CHECK-LABEL: func.func @padded
// CHECK-DAG: %[[Z:.*]] = mlopt.constant dense<1.500000e+00> : tensor<4xf32>
// CHECK-DAG: %[[E:.*]] = mlopt.launch @exp_0
// CHECK-DAG: %[[P:.*]] = mlopt.launch @pad_0
// CHECK: mlopt.launch @concat_0(%[[E]], %[[Z]], %[[P]])
func.func @padded(%x: tensor<12xf32>) -> tensor<32xf32> {
  %c = mlopt.constant dense<1.5> : tensor<f32>
  %0 = mlopt.exp %x : (tensor<12xf32>) -> tensor<12xf32>
  %1 = mlopt.pad %0, %c {mode = #mlopt<pad_mode constant>, operandSegmentSizes = array<i32: 1, 1, 0, 0>, static_low = array<i64: 0>, static_high = array<i64: 4>} : (tensor<12xf32>, tensor<f32>) -> tensor<16xf32>
  %2 = mlopt.pad %0, %c {mode = #mlopt<pad_mode constant>, operandSegmentSizes = array<i32: 1, 1, 0, 0>, static_low = array<i64: 4>, static_high = array<i64: 0>} : (tensor<12xf32>, tensor<f32>) -> tensor<16xf32>
  %3 = mlopt.concat %1, %2 {axis = 0 : i64} : (tensor<16xf32>, tensor<16xf32>) -> tensor<32xf32>
  return %3 : tensor<32xf32>
}

// -----

// A slice of a flat argument is a view; the parts of a flat concatenation stay its
// operands, constants as well, and nothing is computed in its kernel.
// CHECK-LABEL: mlopt.kernel @concat_0(%{{.*}}: tensor<32xf32>, %{{.*}}: tensor<4xf32>) -> tensor<36xf32>
// CHECK-LABEL: func.func @flat
// CHECK: %[[S:.*]] = mlopt.slice
// CHECK: %[[E:.*]] = mlopt.launch @exp_0(%[[S]])
// CHECK: %[[C:.*]] = mlopt.launch @concat_0(%[[E]], %{{.*}})
// CHECK: mlopt.launch @neg_0(%[[C]])
func.func @flat(%x: tensor<64xf32>) -> tensor<36xf32> {
  %0 = mlopt.slice %x {static_starts = array<i64: 16>, static_sizes = array<i64: 32>, strides = array<i64: 1>, operandSegmentSizes = array<i32: 1, 0, 0>} : (tensor<64xf32>) -> tensor<32xf32>
  %1 = mlopt.exp %0 : (tensor<32xf32>) -> tensor<32xf32>
  %zero = mlopt.constant dense<0.0> : tensor<4xf32>
  %2 = mlopt.concat %1, %zero {axis = 0 : i64} : (tensor<32xf32>, tensor<4xf32>) -> tensor<36xf32>
  %3 = mlopt.neg %2 : (tensor<36xf32>) -> tensor<36xf32>
  return %3 : tensor<36xf32>
}

// -----

// One that does not begin at a multiple of 16 bytes is taken by the kernel.
// CHECK-LABEL: func.func @odd
// CHECK-NOT: mlopt.slice
// CHECK: mlopt.launch @exp_0(%{{.*}}) : (tensor<64xf32>) -> tensor<32xf32>
func.func @odd(%x: tensor<64xf32>) -> tensor<32xf32> {
  %0 = mlopt.slice %x {static_starts = array<i64: 17>, static_sizes = array<i64: 32>, strides = array<i64: 1>, operandSegmentSizes = array<i32: 1, 0, 0>} : (tensor<64xf32>) -> tensor<32xf32>
  %1 = mlopt.exp %0 : (tensor<32xf32>) -> tensor<32xf32>
  return %1 : tensor<32xf32>
}

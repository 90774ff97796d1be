// RUN: %mlopt-opt --split-input-file --verify-diagnostics %s
// REQUIRES: mlopt-opt
//
// What the operations on storage integers refuse.

func.func @quantize_to_bool(%x: tensor<2xf32>, %s: tensor<f32>, %n: none) -> tensor<2xi8> {
  // expected-error@+1 {{integer of 2, 4, 8 or 16 bits, got 'si8'}}
  %0 = mlopt.quantize %x, %s, %n {to = si8} : (tensor<2xf32>, tensor<f32>, none) -> tensor<2xi8>
  return %0 : tensor<2xi8>
}

// -----

func.func @quantize_zero(%x: tensor<2xf32>, %s: tensor<f32>, %z: tensor<i8>) -> tensor<2xui8> {
  // expected-error@+1 {{expects a zero point of type 'ui8', got 'i8'}}
  %0 = mlopt.quantize %x, %s, %z {to = ui8} : (tensor<2xf32>, tensor<f32>, tensor<i8>) -> tensor<2xui8>
  return %0 : tensor<2xui8>
}

// -----

func.func @quantize_scale(%x: tensor<2xf32>, %s: tensor<3xf32>, %n: none) -> tensor<2xui8> {
  // expected-error@+2 {{the scale has size 3 along axis 0 of its operand: expected 1 or 2}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = mlopt.quantize %x, %s, %n {to = ui8} : (tensor<2xf32>, tensor<3xf32>, none) -> tensor<2xui8>
  return %0 : tensor<2xui8>
}

// -----

func.func @dequantize_rank(%x: tensor<2xui8>, %s: tensor<1x2xf32>, %n: none) -> tensor<2xf32> {
  // expected-error@+2 {{the scale has rank 2, more than its operand (1)}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = mlopt.dequantize %x, %s, %n : (tensor<2xui8>, tensor<1x2xf32>, none) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// -----

func.func @blocked(%x: tensor<5x2xi4>, %s: tensor<2x2xf32>, %n: none) -> tensor<5x2xf32> {
  // expected-error@+2 {{one element per block of 2 along axis 0}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = mlopt.dequantize_blocked %x, %s, %n {axis = 0 : i64, block = 2 : i64} : (tensor<5x2xi4>, tensor<2x2xf32>, none) -> tensor<5x2xf32>
  return %0 : tensor<5x2xf32>
}

// -----

func.func @integer_matmul(%a: tensor<2x3xui8>, %b: tensor<4x5xi8>, %n: none) -> tensor<2x5xi32> {
  // expected-error@+2 {{contracted sizes differ: 3 of the first operand and 4 of the second}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = mlopt.integer_matmul %a, %b, %n, %n : (tensor<2x3xui8>, tensor<4x5xi8>, none, none) -> tensor<2x5xi32>
  return %0 : tensor<2x5xi32>
}

// -----

func.func @integer_conv(%x: tensor<1x3x8xui8>, %w: tensor<4x3x3xi8>, %zx: tensor<3xui8>, %n: none) -> tensor<1x4x6xi32> {
  // expected-error@+1 {{expects a scalar zero point of the input, got 'tensor<3xui8>'}}
  %0 = mlopt.integer_conv %x, %w, %zx, %n {strides = array<i64: 1>, pads_begin = array<i64: 0>, pads_end = array<i64: 0>, dilations = array<i64: 1>, groups = 1 : i64} : (tensor<1x3x8xui8>, tensor<4x3x3xi8>, tensor<3xui8>, none) -> tensor<1x4x6xi32>
  return %0 : tensor<1x4x6xi32>
}

// -----

func.func @dequantized_matmul(%x: tensor<2x64xf32>, %w: tensor<64x8xui4>, %s: tensor<3x8xf32>, %n: none) -> tensor<2x8xf32> {
  // expected-error@+2 {{expects scale and zero point with 2 blocks of 32 and 8 columns}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = mlopt.dequantized_matmul %x, %w, %s, %n {block = 32 : i64} : (tensor<2x64xf32>, tensor<64x8xui4>, tensor<3x8xf32>, none) -> tensor<2x8xf32>
  return %0 : tensor<2x8xf32>
}

// Forms of structural operations that have no rule, each with its reason.
// RUN: not %mlopt-opt --mlopt-differentiate --split-input-file %s 2>&1 | FileCheck %s

// CHECK: error: MLO2007: cannot differentiate 'mlopt.dropout': the training step replaces it by its random form
func.func @dropout(%x: tensor<3xf32>) -> tensor<3xf32> {
  %y = mlopt.dropout %x {ratio = 0.5 : f64} : (tensor<3xf32>) -> tensor<3xf32>
  %g = mlopt.gradient %y, %x : (tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
  return %g : tensor<3xf32>
}

// -----

// CHECK: error: MLO2007: cannot differentiate 'mlopt.conv': the filter's spatial sizes must be known and not 0
func.func @filter_of_unknown_size(%x: tensor<1x1x8xf32>, %w: tensor<1x1x?xf32> {mlopt.dims = [1, 1, "k"]}) -> tensor<1x1x8xf32> {
  %none = mlopt.none : none
  %y = mlopt.conv %x, %w, %none {strides = array<i64: 1>, pads_begin = array<i64: 0>, pads_end = array<i64: 0>, dilations = array<i64: 1>, groups = 1 : i64} : (tensor<1x1x8xf32>, tensor<1x1x?xf32>, none) -> tensor<1x1x?xf32>
  %g = mlopt.gradient %y, %x : (tensor<1x1x?xf32>, tensor<1x1x8xf32>) -> tensor<1x1x8xf32>
  return %g : tensor<1x1x8xf32>
}

// -----

// CHECK: error: MLO2007: cannot differentiate 'mlopt.attention': the number of key heads must be known where it is not that of the queries
func.func @unknown_key_heads(%q: tensor<1x4x3x2xf32>, %k: tensor<1x?x3x2xf32> {mlopt.dims = [1, "heads", 3, 2]}, %v: tensor<1x?x3x2xf32> {mlopt.dims = [1, "heads", 3, 2]}) -> tensor<1x4x3x2xf32> {
  %none = mlopt.none : none
  %y = mlopt.attention %q, %k, %v, %none {scale = 0.5 : f64, layouts = ["bhsd", "bhsd", "bhsd", "bhsd"]} : (tensor<1x4x3x2xf32>, tensor<1x?x3x2xf32>, tensor<1x?x3x2xf32>, none) -> tensor<1x4x3x2xf32>
  %g = mlopt.gradient %y, %q : (tensor<1x4x3x2xf32>, tensor<1x4x3x2xf32>) -> tensor<1x4x3x2xf32>
  return %g : tensor<1x4x3x2xf32>
}

// -----

// Integers end no derivative unseen.
// CHECK: error: MLO2007: cannot differentiate 'mlopt.dequantize': it and the 'mlopt.quantize' before it have different scales or zero points
func.func @requantized(%x: tensor<3xf32>) -> tensor<3xf32> {
  %s = mlopt.constant dense<0.5> : tensor<f32>
  %t = mlopt.constant dense<0.25> : tensor<f32>
  %none = mlopt.none : none
  %q = mlopt.quantize %x, %s, %none {to = i8} : (tensor<3xf32>, tensor<f32>, none) -> tensor<3xi8>
  %y = mlopt.dequantize %q, %t, %none : (tensor<3xi8>, tensor<f32>, none) -> tensor<3xf32>
  %g = mlopt.gradient %y, %x : (tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
  return %g : tensor<3xf32>
}

// -----

// CHECK: error: MLO2007: cannot differentiate 'mlopt.cast': integers that were computed from quantized ones have no gradient
func.func @integer_product(%x: tensor<2x2xf32>) -> tensor<2x2xf32> {
  %s = mlopt.constant dense<0.5> : tensor<f32>
  %w = mlopt.constant dense<1> : tensor<2x2xi8>
  %none = mlopt.none : none
  %q = mlopt.quantize %x, %s, %none {to = ui8} : (tensor<2x2xf32>, tensor<f32>, none) -> tensor<2x2xui8>
  %p = mlopt.integer_matmul %q, %w, %none, %none : (tensor<2x2xui8>, tensor<2x2xi8>, none, none) -> tensor<2x2xi32>
  %y = mlopt.cast %p {to = f32} : (tensor<2x2xi32>) -> tensor<2x2xf32>
  %g = mlopt.gradient %y, %x : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x2xf32>
  return %g : tensor<2x2xf32>
}

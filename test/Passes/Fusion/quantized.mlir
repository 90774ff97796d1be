// RUN: %mlopt-opt --mlopt-quantize-pipeline --mlopt-form-kernels %s | FileCheck %s

// Layers that differ in their numbers only are one kernel: scales, zero points and multipliers are operands. The
// correction, the multiplier, the residual and the quantization are in the product's kernel, and no
// tensor but the input is floating point.
// CHECK-LABEL: mlopt.kernel @quantize_0
// CHECK-LABEL: mlopt.kernel @integer_matmul_0(%arg0: tensor<?x16xui8>
// CHECK: mlopt.integer_matmul
// CHECK-NEXT: mlopt.add
// CHECK-NEXT: mlopt.cast
// CHECK-NEXT: mlopt.mul
// CHECK: mlopt.quantize
// CHECK: mlopt.dequantize
// CHECK: mlopt.dequantize
// CHECK: mlopt.add
// CHECK: mlopt.quantize
// CHECK-NEXT: mlopt.yield {{.*}} : tensor<?x16xui8>
// CHECK-NOT: mlopt.kernel
// CHECK-LABEL: func.func @layers
// CHECK: mlopt.launch @quantize_0
// CHECK-COUNT-3: mlopt.launch @integer_matmul_0
// CHECK-NOT: mlopt.launch
func.func @layers(%x: tensor<?x16xf32>) -> tensor<?x16xui8> {
  %none = mlopt.none : none
  %s0 = mlopt.constant dense<0.02> : tensor<f32>
  %z0 = mlopt.constant dense<120> : tensor<ui8>
  %q0 = mlopt.quantize %x, %s0, %z0 {to = ui8} : (tensor<?x16xf32>, tensor<f32>, tensor<ui8>) -> tensor<?x16xui8>
  %w1 = mlopt.constant dense<[[-7, -62, 61, 114, -95, -122, 112, 4, -9, -30, 112, 115, 75, -51, -10, -51], [71, -121, -96, -47, -107, 26, -113, 9, 114, 70, 90, 74, 99, -60, 59, -79], [-110, -59, 125, -17, 4, 95, 26, 87, 69, 51, 80, -10, 44, -114, 15, -45], [39, -75, -20, 8, 17, -65, -96, 118, 119, -83, 48, -94, 82, -51, -118, 22], [90, 84, -68, -106, -105, 65, 41, 14, -8, -110, 30, -125, -89, -73, -112, -27], [80, 21, 6, -49, -107, 45, 32, 56, -58, 65, 64, 107, 69, -76, 10, 92], [-7, 26, 95, 4, 27, 45, -123, 84, 33, -118, 64, -60, -98, 42, 110, 52], [52, 14, 122, -117, -97, -118, 61, 0, 105, 24, 35, -38, 58, -34, 32, 61], [7, 25, 65, -75, -115, -61, 30, -15, 9, -6, 39, -33, 94, -79, -76, 36], [42, -14, 96, -42, -88, 44, -17, 102, 10, -13, -67, -111, -31, 33, -35, 14], [46, -85, 48, -62, 87, 21, 10, 109, 49, 85, 20, 86, 81, -110, 83, -49], [-26, -126, 116, 94, -15, -112, 105, 19, 46, -12, -94, 18, -67, -3, -105, -111], [-27, 92, -103, -122, 118, -67, -41, 25, -6, -118, 83, -101, -70, 46, -64, 1], [116, -97, 52, -15, -27, -66, -67, -41, -6, 12, -63, -125, 121, 76, -103, 10], [-1, 9, 88, -102, 114, 37, -128, -100, -64, -105, -65, -103, -93, 119, -112, -84], [122, 33, -48, 33, -92, 51, 69, 71, 27, 56, 7, -31, 40, 91, -65, -63]]> : tensor<16x16xi8>
  %sw1 = mlopt.constant dense<0.01> : tensor<f32>
  %s1 = mlopt.constant dense<0.04> : tensor<f32>
  %z1 = mlopt.constant dense<101> : tensor<ui8>
  %t1 = mlopt.constant dense<0.060000000000000005> : tensor<f32>
  %y1 = mlopt.constant dense<91> : tensor<ui8>
  %d1 = mlopt.dequantize %q0, %s0, %z0 : (tensor<?x16xui8>, tensor<f32>, tensor<ui8>) -> tensor<?x16xf32>
  %dw1 = mlopt.dequantize %w1, %sw1, %none : (tensor<16x16xi8>, tensor<f32>, none) -> tensor<16x16xf32>
  %m1 = mlopt.matmul %d1, %dw1 : (tensor<?x16xf32>, tensor<16x16xf32>) -> tensor<?x16xf32>
  %p1 = mlopt.quantize %m1, %s1, %z1 {to = ui8} : (tensor<?x16xf32>, tensor<f32>, tensor<ui8>) -> tensor<?x16xui8>
  %e1 = mlopt.dequantize %p1, %s1, %z1 : (tensor<?x16xui8>, tensor<f32>, tensor<ui8>) -> tensor<?x16xf32>
  %a1 = mlopt.add %e1, %d1 : (tensor<?x16xf32>, tensor<?x16xf32>) -> tensor<?x16xf32>
  %q1 = mlopt.quantize %a1, %t1, %y1 {to = ui8} : (tensor<?x16xf32>, tensor<f32>, tensor<ui8>) -> tensor<?x16xui8>
  %w2 = mlopt.constant dense<[[-127, 66, -88, -37, -107, 63, 107, 66, -106, 92, -101, 62, 126, 33, 87, 86], [107, -119, -3, -17, 10, -92, 89, -14, 90, -62, -114, 38, 63, 6, -66, 109], [-65, 64, -73, 35, -76, -126, 114, -55, -8, 71, -106, -81, -78, 64, -37, -116], [46, -66, -115, -70, 118, 17, 25, -83, -110, -6, -74, -77, -97, 38, -36, -89], [-5, -36, -1, 104, 73, 1, 60, 75, 51, 86, -86, 64, -8, 83, -46, 84], [119, -49, 77, -52, -45, -79, 126, 119, 98, -33, -59, 8, -27, -53, 33, -10], [23, 83, 8, -17, 29, -117, 9, 117, 67, -26, -40, 56, -6, 36, 119, -55], [86, 117, -23, 111, -114, 118, -91, 76, -105, 111, -11, -8, -93, -17, 2, -5], [-31, 4, -58, -33, -110, 2, -42, -105, 32, -35, 88, -82, -85, -68, -81, 7], [21, -110, 54, 103, 44, -125, -113, 43, 41, 95, 66, 120, -89, -21, 122, 72], [-64, 35, -67, 12, -89, 93, -71, 96, 0, -79, 63, 60, 102, 23, 7, -74], [45, -70, 124, 52, -98, 22, -35, -52, -37, 61, 104, -65, -73, -56, 41, 87], [25, -33, 106, 118, 31, -38, -93, -74, -36, 72, 55, -77, 8, 10, 68, -101], [-59, -107, 117, 10, -2, 53, 42, 78, 101, -93, 52, 126, -71, -51, 10, -77], [-71, -71, -34, -32, 85, 72, -63, -54, 75, -29, -41, -37, -25, 0, 61, 22], [-113, 99, 80, 68, 33, 30, 126, 25, 119, -113, -31, -127, -73, -9, 123, -40]]> : tensor<16x16xi8>
  %sw2 = mlopt.constant dense<0.02> : tensor<f32>
  %s2 = mlopt.constant dense<0.05> : tensor<f32>
  %z2 = mlopt.constant dense<102> : tensor<ui8>
  %t2 = mlopt.constant dense<0.07> : tensor<f32>
  %y2 = mlopt.constant dense<92> : tensor<ui8>
  %d2 = mlopt.dequantize %q1, %t1, %y1 : (tensor<?x16xui8>, tensor<f32>, tensor<ui8>) -> tensor<?x16xf32>
  %dw2 = mlopt.dequantize %w2, %sw2, %none : (tensor<16x16xi8>, tensor<f32>, none) -> tensor<16x16xf32>
  %m2 = mlopt.matmul %d2, %dw2 : (tensor<?x16xf32>, tensor<16x16xf32>) -> tensor<?x16xf32>
  %p2 = mlopt.quantize %m2, %s2, %z2 {to = ui8} : (tensor<?x16xf32>, tensor<f32>, tensor<ui8>) -> tensor<?x16xui8>
  %e2 = mlopt.dequantize %p2, %s2, %z2 : (tensor<?x16xui8>, tensor<f32>, tensor<ui8>) -> tensor<?x16xf32>
  %a2 = mlopt.add %e2, %d2 : (tensor<?x16xf32>, tensor<?x16xf32>) -> tensor<?x16xf32>
  %q2 = mlopt.quantize %a2, %t2, %y2 {to = ui8} : (tensor<?x16xf32>, tensor<f32>, tensor<ui8>) -> tensor<?x16xui8>
  %w3 = mlopt.constant dense<[[107, -27, -29, -20, -110, 99, -71, 17, -50, -59, 111, -83, -103, -115, 56, -9], [-89, 127, -119, 45, 37, 40, 48, -60, -87, -111, -88, 47, -23, -96, -26, 95], [-15, 120, 33, -73, -107, 81, -89, -26, -46, 72, 126, 114, -94, 88, -22, 122], [27, -117, 109, 106, 77, 96, -36, 105, -109, 3, 59, 61, 101, 57, 77, -14], [-127, -21, 4, 61, -55, 107, -29, -47, -21, -117, -41, 78, -42, -114, -57, -72], [-42, 98, 123, -34, -98, -117, 78, 101, 34, 80, -112, -102, -6, 78, -108, 75], [124, -115, -16, -5, -80, 71, 114, -31, -44, 42, -69, 49, -65, -102, 20, 12], [110, 25, 122, -1, 8, -113, 44, 48, 34, -81, -99, 94, -83, -127, -75, -113], [-82, -119, -41, -110, 118, -101, -32, 41, -26, 116, 46, 117, 51, -111, 67, 28], [73, -84, 22, -34, 83, -70, 71, 43, 78, -39, 69, 55, -34, 57, 84, 96], [-11, 99, 118, 48, 9, -42, 70, 121, -107, -50, -41, -117, 111, -81, -79, 35], [-7, -100, -104, 102, 110, 42, 61, -128, -92, -29, 76, -75, 45, 31, -72, 102], [-87, -21, -5, -104, -50, -55, -123, -71, -11, 19, -22, -16, 86, 35, -32, 111], [-38, -88, -107, -71, -116, -77, -26, 2, -85, -73, 110, 76, -14, -73, 120, 49], [78, 100, -72, 21, 99, 66, -23, -69, -125, 109, 25, -89, 46, 49, -30, 120], [-92, 58, 88, -94, -19, -1, 51, -97, 43, -8, 92, 96, -85, 0, -17, 37]]> : tensor<16x16xi8>
  %sw3 = mlopt.constant dense<0.03> : tensor<f32>
  %s3 = mlopt.constant dense<0.06> : tensor<f32>
  %z3 = mlopt.constant dense<103> : tensor<ui8>
  %t3 = mlopt.constant dense<0.08> : tensor<f32>
  %y3 = mlopt.constant dense<93> : tensor<ui8>
  %d3 = mlopt.dequantize %q2, %t2, %y2 : (tensor<?x16xui8>, tensor<f32>, tensor<ui8>) -> tensor<?x16xf32>
  %dw3 = mlopt.dequantize %w3, %sw3, %none : (tensor<16x16xi8>, tensor<f32>, none) -> tensor<16x16xf32>
  %m3 = mlopt.matmul %d3, %dw3 : (tensor<?x16xf32>, tensor<16x16xf32>) -> tensor<?x16xf32>
  %p3 = mlopt.quantize %m3, %s3, %z3 {to = ui8} : (tensor<?x16xf32>, tensor<f32>, tensor<ui8>) -> tensor<?x16xui8>
  %e3 = mlopt.dequantize %p3, %s3, %z3 : (tensor<?x16xui8>, tensor<f32>, tensor<ui8>) -> tensor<?x16xf32>
  %a3 = mlopt.add %e3, %d3 : (tensor<?x16xf32>, tensor<?x16xf32>) -> tensor<?x16xf32>
  %q3 = mlopt.quantize %a3, %t3, %y3 {to = ui8} : (tensor<?x16xf32>, tensor<f32>, tensor<ui8>) -> tensor<?x16xui8>
  return %q3 : tensor<?x16xui8>
}

// A tensor read by a softmax and a sum stays bytes in memory: each has its own `dequantize`. One that is returned
// is written by the kernel that makes it.
// CHECK-LABEL: mlopt.kernel @softmax_0(%arg0: tensor<4x16xui8>
// CHECK: mlopt.dequantize
// CHECK: mlopt.softmax
// CHECK-LABEL: mlopt.kernel @add_0(%arg0: tensor<4x16xui8>
// CHECK: mlopt.dequantize
// CHECK: mlopt.add
// CHECK-LABEL: func.func @readers
func.func @readers(%x: tensor<4x16xui8>, %y: tensor<4x16xf32>) -> (tensor<4x16xf32>, tensor<4x16xf32>) {
  %s = mlopt.constant dense<0.05> : tensor<f32>
  %z = mlopt.constant dense<9> : tensor<ui8>
  %0 = mlopt.dequantize %x, %s, %z : (tensor<4x16xui8>, tensor<f32>, tensor<ui8>) -> tensor<4x16xf32>
  %1 = mlopt.softmax %0 {axis = 1 : i64} : (tensor<4x16xf32>) -> tensor<4x16xf32>
  %2 = mlopt.add %0, %y : (tensor<4x16xf32>, tensor<4x16xf32>) -> tensor<4x16xf32>
  return %1, %2 : tensor<4x16xf32>, tensor<4x16xf32>
}

// One that several readers broadcast is computed once, in a kernel of its own with one result.
// CHECK-LABEL: mlopt.kernel @dequantize_{{[0-9]+}}(%arg0: tensor<1x8xui8>
// CHECK-SAME: -> tensor<1x8xf32>
// CHECK: mlopt.dequantize {{.*}}mlopt.hero_op
// CHECK-LABEL: func.func @broadcast_readers
func.func @broadcast_readers(%x: tensor<1x8xui8>, %a: tensor<2x3x8xf32>, %b: tensor<2x1x8xf32>)
    -> (tensor<2x3x8xf32>, tensor<2x1x8xf32>) {
  %s = mlopt.constant dense<0.05> : tensor<f32>
  %z = mlopt.constant dense<9> : tensor<ui8>
  %0 = mlopt.dequantize %x, %s, %z : (tensor<1x8xui8>, tensor<f32>, tensor<ui8>) -> tensor<1x8xf32>
  %1 = mlopt.mul %a, %0 : (tensor<2x3x8xf32>, tensor<1x8xf32>) -> tensor<2x3x8xf32>
  %2 = mlopt.mul %b, %0 : (tensor<2x1x8xf32>, tensor<1x8xf32>) -> tensor<2x1x8xf32>
  return %1, %2 : tensor<2x3x8xf32>, tensor<2x1x8xf32>
}

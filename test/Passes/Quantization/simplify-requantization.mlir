// RUN: %mlopt-opt --mlopt-simplify-requantization --canonicalize --cse %s | FileCheck %s

// Two biases in i32, 0.5 * 4 behind the sums: one of each.
// CHECK-LABEL: @joined
// CHECK-DAG: %[[B:.*]] = mlopt.constant dense<[11, 22]> : tensor<2xi32>
// CHECK-DAG: %[[M:.*]] = mlopt.constant dense<2.000000e+00> : tensor<f32>
// CHECK-DAG: %[[ONE:.*]] = mlopt.constant dense<1.000000e+00> : tensor<f32>
// CHECK: %[[A:.*]] = mlopt.add %arg0, %[[B]]
// CHECK-NEXT: %[[F:.*]] = mlopt.cast %[[A]]
// CHECK-NEXT: %[[P:.*]] = mlopt.mul %[[F]], %[[M]]
// CHECK-NEXT: mlopt.quantize %[[P]], %[[ONE]]
func.func @joined(%x: tensor<?x2xi32>) -> tensor<?x2xui8> {
  %a = mlopt.constant dense<[10, 20]> : tensor<2xi32>
  %b = mlopt.constant dense<[1, 2]> : tensor<2xi32>
  %m = mlopt.constant dense<0.5> : tensor<f32>
  %s = mlopt.constant dense<0.25> : tensor<f32>
  %z = mlopt.constant dense<3> : tensor<ui8>
  %0 = mlopt.add %x, %a : (tensor<?x2xi32>, tensor<2xi32>) -> tensor<?x2xi32>
  %1 = mlopt.add %0, %b : (tensor<?x2xi32>, tensor<2xi32>) -> tensor<?x2xi32>
  %2 = mlopt.cast %1 {to = f32} : (tensor<?x2xi32>) -> tensor<?x2xf32>
  %3 = mlopt.mul %2, %m : (tensor<?x2xf32>, tensor<f32>) -> tensor<?x2xf32>
  %4 = mlopt.quantize %3, %s, %z {to = ui8} : (tensor<?x2xf32>, tensor<f32>, tensor<ui8>) -> tensor<?x2xui8>
  return %4 : tensor<?x2xui8>
}

// A relu in front of unsigned integers with zero 0 is what saturation does; the float bias is in steps.
// CHECK-LABEL: @relu
// CHECK-DAG: %[[M:.*]] = mlopt.constant dense<[2.000000e+00, 1.000000e+00]> : tensor<2xf32>
// CHECK-DAG: %[[B:.*]] = mlopt.constant dense<[4.000000e+00, -8.000000e+00]> : tensor<2xf32>
// CHECK-NOT: mlopt.max
// CHECK: %[[F:.*]] = mlopt.cast %arg0
// CHECK-NEXT: %[[P:.*]] = mlopt.mul %[[F]], %[[M]]
// CHECK-NEXT: %[[A:.*]] = mlopt.add %[[P]], %[[B]]
// CHECK-NEXT: mlopt.quantize %[[A]]
func.func @relu(%x: tensor<?x2xi32>) -> tensor<?x2xui8> {
  %m = mlopt.constant dense<[0.5, 0.25]> : tensor<2xf32>
  %b = mlopt.constant dense<[1.0, -2.0]> : tensor<2xf32>
  %s = mlopt.constant dense<0.25> : tensor<f32>
  %zero = mlopt.constant dense<0.0> : tensor<f32>
  %z = mlopt.constant dense<0> : tensor<ui8>
  %0 = mlopt.cast %x {to = f32} : (tensor<?x2xi32>) -> tensor<?x2xf32>
  %1 = mlopt.mul %0, %m : (tensor<?x2xf32>, tensor<2xf32>) -> tensor<?x2xf32>
  %2 = mlopt.add %1, %b : (tensor<?x2xf32>, tensor<2xf32>) -> tensor<?x2xf32>
  %3 = mlopt.max %2, %zero : (tensor<?x2xf32>, tensor<f32>) -> tensor<?x2xf32>
  %4 = mlopt.quantize %3, %s, %z {to = ui8} : (tensor<?x2xf32>, tensor<f32>, tensor<ui8>) -> tensor<?x2xui8>
  return %4 : tensor<?x2xui8>
}

// With the zero point 3 the relu is seen: it stays, in steps. A bound of 6 at 0.25 a step is not beyond 255.
// CHECK-LABEL: @bounds
// CHECK-DAG: %[[SIX:.*]] = mlopt.constant dense<2.400000e+01> : tensor<f32>
// CHECK-DAG: %[[ZERO:.*]] = mlopt.constant dense<0.000000e+00> : tensor<f32>
// CHECK: %[[P:.*]] = mlopt.mul
// CHECK-NEXT: %[[R:.*]] = mlopt.max %[[P]], %[[ZERO]]
// CHECK-NEXT: %[[C:.*]] = mlopt.min %[[R]], %[[SIX]]
// CHECK-NEXT: mlopt.quantize %[[C]]
func.func @bounds(%x: tensor<?xi32>) -> tensor<?xui8> {
  %m = mlopt.constant dense<0.5> : tensor<f32>
  %s = mlopt.constant dense<0.25> : tensor<f32>
  %zero = mlopt.constant dense<0.0> : tensor<f32>
  %six = mlopt.constant dense<6.0> : tensor<f32>
  %z = mlopt.constant dense<3> : tensor<ui8>
  %0 = mlopt.cast %x {to = f32} : (tensor<?xi32>) -> tensor<?xf32>
  %1 = mlopt.mul %0, %m : (tensor<?xf32>, tensor<f32>) -> tensor<?xf32>
  %2 = mlopt.max %1, %zero : (tensor<?xf32>, tensor<f32>) -> tensor<?xf32>
  %3 = mlopt.min %2, %six : (tensor<?xf32>, tensor<f32>) -> tensor<?xf32>
  %4 = mlopt.quantize %3, %s, %z {to = ui8} : (tensor<?xf32>, tensor<f32>, tensor<ui8>) -> tensor<?xui8>
  return %4 : tensor<?xui8>
}

// At 6 / 255 a step both bounds are those of ui8.
// CHECK-LABEL: @covered_bounds
// CHECK-NOT: mlopt.max
// CHECK-NOT: mlopt.min
// CHECK: return
func.func @covered_bounds(%x: tensor<?xi32>) -> tensor<?xui8> {
  %m = mlopt.constant dense<0.5> : tensor<f32>
  %s = mlopt.constant dense<0.0235294122> : tensor<f32>
  %zero = mlopt.constant dense<0.0> : tensor<f32>
  %six = mlopt.constant dense<6.0> : tensor<f32>
  %z = mlopt.constant dense<0> : tensor<ui8>
  %0 = mlopt.cast %x {to = f32} : (tensor<?xi32>) -> tensor<?xf32>
  %1 = mlopt.mul %0, %m : (tensor<?xf32>, tensor<f32>) -> tensor<?xf32>
  %2 = mlopt.max %1, %zero : (tensor<?xf32>, tensor<f32>) -> tensor<?xf32>
  %3 = mlopt.min %2, %six : (tensor<?xf32>, tensor<f32>) -> tensor<?xf32>
  %4 = mlopt.quantize %3, %s, %z {to = ui8} : (tensor<?xf32>, tensor<f32>, tensor<ui8>) -> tensor<?xui8>
  return %4 : tensor<?xui8>
}

// A residual: the scale of the result goes into both operands' scales.
// CHECK-LABEL: @residual
// CHECK-DAG: %[[M:.*]] = mlopt.constant dense<2.000000e+00> : tensor<f32>
// CHECK-DAG: %[[R:.*]] = mlopt.constant dense<3.000000e+00> : tensor<f32>
// CHECK-DAG: mlopt.mul %{{.*}}, %[[M]]
// CHECK-DAG: mlopt.dequantize %arg1, %[[R]]
// CHECK: mlopt.add
// CHECK-NEXT: mlopt.quantize
func.func @residual(%x: tensor<?xi32>, %y: tensor<?xui8>) -> tensor<?xui8> {
  %m = mlopt.constant dense<0.5> : tensor<f32>
  %r = mlopt.constant dense<0.75> : tensor<f32>
  %s = mlopt.constant dense<0.25> : tensor<f32>
  %z = mlopt.constant dense<3> : tensor<ui8>
  %0 = mlopt.cast %x {to = f32} : (tensor<?xi32>) -> tensor<?xf32>
  %1 = mlopt.mul %0, %m : (tensor<?xf32>, tensor<f32>) -> tensor<?xf32>
  %2 = mlopt.dequantize %y, %r, %z : (tensor<?xui8>, tensor<f32>, tensor<ui8>) -> tensor<?xf32>
  %3 = mlopt.add %1, %2 : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
  %4 = mlopt.quantize %3, %s, %z {to = ui8} : (tensor<?xf32>, tensor<f32>, tensor<ui8>) -> tensor<?xui8>
  return %4 : tensor<?xui8>
}

// What came from outside is divided, as the model says; a scale of the run too.
// CHECK-LABEL: @divided
// CHECK: mlopt.quantize %arg0, %{{.*}} : (tensor<?xf32>, tensor<f32>, none)
// CHECK: %[[E:.*]] = mlopt.exp
// CHECK-NEXT: mlopt.quantize %[[E]], %arg1
func.func @divided(%x: tensor<?xf32>, %s: tensor<f32>) -> (tensor<?xui8>, tensor<?xui8>) {
  %t = mlopt.constant dense<0.3> : tensor<f32>
  %none = mlopt.none : none
  %0 = mlopt.quantize %x, %t, %none {to = ui8} : (tensor<?xf32>, tensor<f32>, none) -> tensor<?xui8>
  %1 = mlopt.exp %x : (tensor<?xf32>) -> tensor<?xf32>
  %2 = mlopt.quantize %1, %s, %none {to = ui8} : (tensor<?xf32>, tensor<f32>, none) -> tensor<?xui8>
  return %0, %2 : tensor<?xui8>, tensor<?xui8>
}

// Sums with another user keep their multiplier.
// CHECK-LABEL: @other_user
// CHECK: %[[P:.*]] = mlopt.mul
// CHECK: mlopt.mul %[[P]]
// CHECK-NEXT: mlopt.quantize
func.func @other_user(%x: tensor<?xi32>) -> (tensor<?xui8>, tensor<?xf32>) {
  %m = mlopt.constant dense<0.5> : tensor<f32>
  %s = mlopt.constant dense<0.25> : tensor<f32>
  %none = mlopt.none : none
  %0 = mlopt.cast %x {to = f32} : (tensor<?xi32>) -> tensor<?xf32>
  %1 = mlopt.mul %0, %m : (tensor<?xf32>, tensor<f32>) -> tensor<?xf32>
  %2 = mlopt.quantize %1, %s, %none {to = ui8} : (tensor<?xf32>, tensor<f32>, none) -> tensor<?xui8>
  return %2, %1 : tensor<?xui8>, tensor<?xf32>
}

// A number of the run is multiplied in place, without a kernel for it alone.
// CHECK-LABEL: @run_scale
// CHECK: %[[F:.*]] = mlopt.cast %arg0
// CHECK: %[[A:.*]] = mlopt.mul %[[F]], %{{.*}} : (tensor<?x2xf32>, tensor<f32>)
// CHECK: mlopt.mul %[[A]], %arg1 : (tensor<?x2xf32>, tensor<f32>)
func.func @run_scale(%x: tensor<?x2xi32>, %s: tensor<f32>) -> tensor<?x2xf32> {
  %m = mlopt.constant dense<0.5> : tensor<f32>
  %0 = mlopt.cast %x {to = f32} : (tensor<?x2xi32>) -> tensor<?x2xf32>
  %1 = mlopt.mul %s, %m : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %2 = mlopt.mul %0, %1 : (tensor<?x2xf32>, tensor<f32>) -> tensor<?x2xf32>
  return %2 : tensor<?x2xf32>
}

// Equal steps but for rounding: the integers are the same, in the other sign too.
// CHECK-LABEL: @near_scales
// CHECK-NOT: mlopt.dequantize
// CHECK: %[[C:.*]] = mlopt.cast %arg0 {to = i8}
// CHECK: %[[S:.*]] = mlopt.add %[[C]]
// CHECK: return %arg0, %[[S]]
func.func @near_scales(%x: tensor<?xui8>) -> (tensor<?xui8>, tensor<?xi8>) {
  %s = mlopt.constant dense<0.5> : tensor<f32>
  %t = mlopt.constant dense<0.50001> : tensor<f32>
  %z = mlopt.constant dense<130> : tensor<ui8>
  %y = mlopt.constant dense<2> : tensor<i8>
  %0 = mlopt.dequantize %x, %s, %z : (tensor<?xui8>, tensor<f32>, tensor<ui8>) -> tensor<?xf32>
  %1 = mlopt.quantize %0, %t, %z {to = ui8} : (tensor<?xf32>, tensor<f32>, tensor<ui8>) -> tensor<?xui8>
  %2 = mlopt.quantize %0, %t, %y {to = i8} : (tensor<?xf32>, tensor<f32>, tensor<i8>) -> tensor<?xi8>
  return %1, %2 : tensor<?xui8>, tensor<?xi8>
}

// Forms that are cheaper than the general rule, choices, and chains.
// RUN: %mlopt-opt --mlopt-check-gradients %s -o /dev/null | FileCheck %s

// CHECK: gradient ok: square
func.func @square(%x: tensor<?xf32> {mlopt.dims = ["n"]}) -> tensor<?xf32> {
  %0 = mlopt.mul %x, %x : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
  %g = mlopt.gradient %0, %x : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
  return %g : tensor<?xf32>
}

// CHECK: gradient ok: pow2
func.func @pow2(%x: tensor<?xf32> {mlopt.dims = ["n"]}) -> tensor<?xf32> {
  %two = mlopt.constant dense<2.0> : tensor<f32>
  %0 = mlopt.pow %x, %two : (tensor<?xf32>, tensor<f32>) -> tensor<?xf32>
  %g = mlopt.gradient %0, %x : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
  return %g : tensor<?xf32>
}

// An integer exponent, of more elements than the base.
// CHECK: gradient ok: pow3
func.func @pow3(%x: tensor<1x?xf32> {mlopt.dims = [1, "n"]}) -> tensor<1x?xf32> {
  %three = mlopt.constant dense<3> : tensor<2x1xi64>
  %0 = mlopt.pow %x, %three : (tensor<1x?xf32>, tensor<2x1xi64>) -> tensor<2x?xf32>
  %g = mlopt.gradient %0, %x : (tensor<2x?xf32>, tensor<1x?xf32>) -> tensor<1x?xf32>
  return %g : tensor<1x?xf32>
}

// CHECK: gradient ok: pow_half
func.func @pow_half(%x: tensor<?xf32> {mlopt.dims = ["n"], mlopt.range = [0.5, 2.0]}) -> tensor<?xf32> {
  %half = mlopt.constant dense<0.5> : tensor<f32>
  %0 = mlopt.pow %x, %half : (tensor<?xf32>, tensor<f32>) -> tensor<?xf32>
  %g = mlopt.gradient %0, %x : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
  return %g : tensor<?xf32>
}

// CHECK: gradient ok: pow_one
func.func @pow_one(%x: tensor<?xf32> {mlopt.dims = ["n"]}) -> tensor<?xf32> {
  %one = mlopt.constant dense<1> : tensor<i32>
  %0 = mlopt.pow %x, %one : (tensor<?xf32>, tensor<i32>) -> tensor<?xf32>
  %1 = mlopt.mul %0, %0 : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
  %g = mlopt.gradient %1, %x : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
  return %g : tensor<?xf32>
}

// CHECK: gradient ok: pow_zero
func.func @pow_zero(%x: tensor<?xf32> {mlopt.dims = ["n"]}) -> tensor<?xf32> attributes {mlopt.zero_gradient} {
  %zero = mlopt.constant dense<0.0> : tensor<f32>
  %0 = mlopt.pow %x, %zero : (tensor<?xf32>, tensor<f32>) -> tensor<?xf32>
  %g = mlopt.gradient %0, %x : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
  return %g : tensor<?xf32>
}

// Either operand may be the one that is repeated, along either axis: only the run knows.
// CHECK: gradient ok: either n=3 m=4 k=3 l=4: 24 derivatives
// CHECK: gradient ok: either n=1 m=4 k=3 l=1: 7 derivatives
// CHECK: gradient ok: either n=1 m=1 k=3 l=4: 13 derivatives
// CHECK: gradient ok: either n=0 m=2 k=1 l=1: 1 derivatives
func.func @either(%a: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}, %b: tensor<?x?xf32> {mlopt.dims = ["k", "l"]}) -> (tensor<?x?xf32>, tensor<?x?xf32>)
    attributes {mlopt.sizes = [array<i64: 3, 4, 3, 4>, array<i64: 1, 4, 3, 1>, array<i64: 1, 1, 3, 4>, array<i64: 0, 2, 1, 1>]} {
  %0 = mlopt.mul %a, %b : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %1 = mlopt.mul %0, %0 : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g:2 = mlopt.gradient %1, %a, %b : (tensor<?x?xf32>, tensor<?x?xf32>, tensor<?x?xf32>) -> (tensor<?x?xf32>, tensor<?x?xf32>)
  return %g#0, %g#1 : tensor<?x?xf32>, tensor<?x?xf32>
}

// A table cut to the length of a sequence: the same size where the sum is defined.
// CHECK: gradient ok: table n=3
func.func @table(%x: tensor<?x2xf32> {mlopt.dims = ["n", 2]}, %t: tensor<5x2xf32>) -> (tensor<?x2xf32>, tensor<5x2xf32>) {
  %n = mlopt.dim %x {axis = 0 : i64} : (tensor<?x2xf32>) -> index
  %five = arith.constant 5 : index
  %k = arith.minsi %n, %five : index
  %0 = mlopt.slice %t, %k {static_starts = array<i64: 0, 0>, static_sizes = array<i64: -9223372036854775808, 2>, strides = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 0, 1>} : (tensor<5x2xf32>, index) -> tensor<?x2xf32>
  %1 = mlopt.add %x, %0 : (tensor<?x2xf32>, tensor<?x2xf32>) -> tensor<?x2xf32>
  %2 = mlopt.mul %1, %1 : (tensor<?x2xf32>, tensor<?x2xf32>) -> tensor<?x2xf32>
  %g:2 = mlopt.gradient %2, %x, %t : (tensor<?x2xf32>, tensor<?x2xf32>, tensor<5x2xf32>) -> (tensor<?x2xf32>, tensor<5x2xf32>)
  return %g#0, %g#1 : tensor<?x2xf32>, tensor<5x2xf32>
}

// relu, and a clip to [-0.5, 0.5].
// CHECK: gradient ok: clip
func.func @clip(%x: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> tensor<?x?xf32> {
  %low = mlopt.constant dense<-0.5> : tensor<f32>
  %high = mlopt.constant dense<0.5> : tensor<f32>
  %zero = mlopt.constant dense<0.0> : tensor<f32>
  %0 = mlopt.max %x, %low : (tensor<?x?xf32>, tensor<f32>) -> tensor<?x?xf32>
  %1 = mlopt.min %high, %0 : (tensor<f32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %2 = mlopt.max %zero, %x : (tensor<f32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %3 = mlopt.mul %1, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %y = mlopt.add %3, %2 : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g = mlopt.gradient %y, %x : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  return %g : tensor<?x?xf32>
}

// All three broadcast; what the choice leaves out has no derivative.
// CHECK: gradient ok: select
func.func @select(%c: tensor<?x1xi1> {mlopt.dims = ["n", 1]}, %a: tensor<?x?xf32> {mlopt.dims = ["n", "m"]},
                  %b: tensor<?xf32> {mlopt.dims = ["m"]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> (tensor<?x?xf32>, tensor<?xf32>) {
  %0 = mlopt.select %c, %a, %b : (tensor<?x1xi1>, tensor<?x?xf32>, tensor<?xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g:2 = mlopt.gradient %y, %a, %b : (tensor<?x?xf32>, tensor<?x?xf32>, tensor<?xf32>) -> (tensor<?x?xf32>, tensor<?xf32>)
  return %g#0, %g#1 : tensor<?x?xf32>, tensor<?xf32>
}

// The logarithm of the branch not taken is no number; sqrt at 0 has no finite slope.
// CHECK: gradient ok: untaken
func.func @untaken(%x: tensor<?xf32> {mlopt.dims = ["n"]}) -> tensor<?xf32> {
  %zero = mlopt.constant dense<0.0> : tensor<f32>
  %c = mlopt.compare %x, %zero {predicate = #mlopt<predicate gt>} : (tensor<?xf32>, tensor<f32>) -> tensor<?xi1>
  %safe = mlopt.select %c, %x, %zero : (tensor<?xi1>, tensor<?xf32>, tensor<f32>) -> tensor<?xf32>
  %0 = mlopt.exp %safe : (tensor<?xf32>) -> tensor<?xf32>
  %1 = mlopt.tanh %x : (tensor<?xf32>) -> tensor<?xf32>
  %y = mlopt.select %c, %0, %1 : (tensor<?xi1>, tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
  %g = mlopt.gradient %y, %x : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
  return %g : tensor<?xf32>
}

// What is constant almost everywhere passes nothing on; the other path counts.
// CHECK: gradient ok: steps
func.func @steps(%x: tensor<?xf32> {mlopt.dims = ["n"], mlopt.range = [-3.0, 3.0]}) -> tensor<?xf32> {
  %0 = mlopt.sign %x : (tensor<?xf32>) -> tensor<?xf32>
  %1 = mlopt.floor %x : (tensor<?xf32>) -> tensor<?xf32>
  %2 = mlopt.ceil %1 : (tensor<?xf32>) -> tensor<?xf32>
  %3 = mlopt.round %x : (tensor<?xf32>) -> tensor<?xf32>
  %4 = mlopt.trunc %x : (tensor<?xf32>) -> tensor<?xf32>
  %5 = mlopt.add %0, %2 : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
  %6 = mlopt.mul %3, %4 : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
  %7 = mlopt.add %5, %6 : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
  %y = mlopt.mul %7, %x : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
  %g = mlopt.gradient %y, %x : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
  return %g : tensor<?xf32>
}

// To f64 and back; through an integer nothing flows.
// CHECK: gradient ok: widen
func.func @widen(%x: tensor<?xf64> {mlopt.dims = ["n"]}) -> tensor<?xf64> {
  %0 = mlopt.cast %x {to = i32} : (tensor<?xf64>) -> tensor<?xi32>
  %1 = mlopt.cast %0 {to = f64} : (tensor<?xi32>) -> tensor<?xf64>
  %2 = mlopt.add %1, %x : (tensor<?xf64>, tensor<?xf64>) -> tensor<?xf64>
  %g = mlopt.gradient %2, %x : (tensor<?xf64>, tensor<?xf64>) -> tensor<?xf64>
  return %g : tensor<?xf64>
}

// One value used by many.
// CHECK: gradient ok: shared
func.func @shared(%x: tensor<?xf32> {mlopt.dims = ["n"]}, %s: tensor<f32>) -> (tensor<?xf32>, tensor<f32>) {
  %0 = mlopt.exp %x : (tensor<?xf32>) -> tensor<?xf32>
  %1 = mlopt.mul %0, %s : (tensor<?xf32>, tensor<f32>) -> tensor<?xf32>
  %2 = mlopt.sin %0 : (tensor<?xf32>) -> tensor<?xf32>
  %3 = mlopt.sub %1, %2 : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
  %4 = mlopt.div %3, %0 : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
  %y = mlopt.mul %4, %3 : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
  %g:2 = mlopt.gradient %y, %x, %s : (tensor<?xf32>, tensor<?xf32>, tensor<f32>) -> (tensor<?xf32>, tensor<f32>)
  return %g#0, %g#1 : tensor<?xf32>, tensor<f32>
}

// A variable that is computed, and one that depends on it: the second is independent.
// CHECK: gradient ok: intermediate
func.func @intermediate(%x: tensor<?xf32> {mlopt.dims = ["n"]}) -> (tensor<?xf32>, tensor<?xf32>) {
  %a = mlopt.sin %x : (tensor<?xf32>) -> tensor<?xf32>
  %b = mlopt.exp %a : (tensor<?xf32>) -> tensor<?xf32>
  %y = mlopt.mul %a, %b : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
  %g:2 = mlopt.gradient %y, %a, %b : (tensor<?xf32>, tensor<?xf32>, tensor<?xf32>) -> (tensor<?xf32>, tensor<?xf32>)
  return %g#0, %g#1 : tensor<?xf32>, tensor<?xf32>
}

// Second order, and a gradient that enters what is differentiated next (a penalty on its square).
// CHECK: gradient ok: second n=3: 6 derivatives
func.func @second(%x: tensor<?xf32> {mlopt.dims = ["n"]}) -> tensor<?xf32> {
  %0 = mlopt.tanh %x : (tensor<?xf32>) -> tensor<?xf32>
  %1 = mlopt.mul %0, %x : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
  %g = mlopt.gradient %1, %x : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
  %2 = mlopt.mul %g, %g : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
  %h = mlopt.gradient %2, %x : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
  return %h : tensor<?xf32>
}

// CHECK: gradient ok: third n=3: 9 derivatives
func.func @third(%x: tensor<?xf32> {mlopt.dims = ["n"]}) -> tensor<?xf32> {
  %0 = mlopt.sigmoid %x : (tensor<?xf32>) -> tensor<?xf32>
  %g = mlopt.gradient %0, %x : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
  %h = mlopt.gradient %g, %x : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
  %i = mlopt.gradient %h, %x : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
  return %i : tensor<?xf32>
}

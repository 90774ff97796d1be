// Each rule against differences of order four, at 3 x 4, 1 x 1 and 0 x 0 elements. The weights make
// every element's derivative its own.
// RUN: %mlopt-opt --mlopt-check-gradients %s -o /dev/null | FileCheck %s

// CHECK: gradient ok: abs n=3 m=4: 12 derivatives
// CHECK: gradient ok: abs n=1 m=1: 1 derivatives
// CHECK: gradient ok: abs n=0 m=0: 0 derivatives
func.func @abs(%x: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> tensor<?x?xf32> {
  %0 = mlopt.abs %x : (tensor<?x?xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g = mlopt.gradient %y, %x : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  return %g : tensor<?x?xf32>
}

// CHECK: gradient ok: neg n=3 m=4: 12 derivatives
// CHECK: gradient ok: neg n=1 m=1: 1 derivatives
// CHECK: gradient ok: neg n=0 m=0: 0 derivatives
func.func @neg(%x: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> tensor<?x?xf32> {
  %0 = mlopt.neg %x : (tensor<?x?xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g = mlopt.gradient %y, %x : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  return %g : tensor<?x?xf32>
}

// CHECK: gradient ok: sqrt n=3 m=4: 12 derivatives
// CHECK: gradient ok: sqrt n=1 m=1: 1 derivatives
// CHECK: gradient ok: sqrt n=0 m=0: 0 derivatives
func.func @sqrt(%x: tensor<?x?xf32> {mlopt.dims = ["n", "m"], mlopt.range = [0.5, 2.0]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> tensor<?x?xf32> {
  %0 = mlopt.sqrt %x : (tensor<?x?xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g = mlopt.gradient %y, %x : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  return %g : tensor<?x?xf32>
}

// CHECK: gradient ok: exp n=3 m=4: 12 derivatives
// CHECK: gradient ok: exp n=1 m=1: 1 derivatives
// CHECK: gradient ok: exp n=0 m=0: 0 derivatives
func.func @exp(%x: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> tensor<?x?xf32> {
  %0 = mlopt.exp %x : (tensor<?x?xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g = mlopt.gradient %y, %x : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  return %g : tensor<?x?xf32>
}

// CHECK: gradient ok: log n=3 m=4: 12 derivatives
// CHECK: gradient ok: log n=1 m=1: 1 derivatives
// CHECK: gradient ok: log n=0 m=0: 0 derivatives
func.func @log(%x: tensor<?x?xf32> {mlopt.dims = ["n", "m"], mlopt.range = [0.5, 2.0]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> tensor<?x?xf32> {
  %0 = mlopt.log %x : (tensor<?x?xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g = mlopt.gradient %y, %x : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  return %g : tensor<?x?xf32>
}

// CHECK: gradient ok: sin n=3 m=4: 12 derivatives
// CHECK: gradient ok: sin n=1 m=1: 1 derivatives
// CHECK: gradient ok: sin n=0 m=0: 0 derivatives
func.func @sin(%x: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> tensor<?x?xf32> {
  %0 = mlopt.sin %x : (tensor<?x?xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g = mlopt.gradient %y, %x : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  return %g : tensor<?x?xf32>
}

// CHECK: gradient ok: cos n=3 m=4: 12 derivatives
// CHECK: gradient ok: cos n=1 m=1: 1 derivatives
// CHECK: gradient ok: cos n=0 m=0: 0 derivatives
func.func @cos(%x: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> tensor<?x?xf32> {
  %0 = mlopt.cos %x : (tensor<?x?xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g = mlopt.gradient %y, %x : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  return %g : tensor<?x?xf32>
}

// CHECK: gradient ok: tan n=3 m=4: 12 derivatives
// CHECK: gradient ok: tan n=1 m=1: 1 derivatives
// CHECK: gradient ok: tan n=0 m=0: 0 derivatives
func.func @tan(%x: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> tensor<?x?xf32> {
  %0 = mlopt.tan %x : (tensor<?x?xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g = mlopt.gradient %y, %x : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  return %g : tensor<?x?xf32>
}

// CHECK: gradient ok: asin n=3 m=4: 12 derivatives
// CHECK: gradient ok: asin n=1 m=1: 1 derivatives
// CHECK: gradient ok: asin n=0 m=0: 0 derivatives
func.func @asin(%x: tensor<?x?xf32> {mlopt.dims = ["n", "m"], mlopt.range = [-0.9, 0.9]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> tensor<?x?xf32> {
  %0 = mlopt.asin %x : (tensor<?x?xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g = mlopt.gradient %y, %x : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  return %g : tensor<?x?xf32>
}

// CHECK: gradient ok: acos n=3 m=4: 12 derivatives
// CHECK: gradient ok: acos n=1 m=1: 1 derivatives
// CHECK: gradient ok: acos n=0 m=0: 0 derivatives
func.func @acos(%x: tensor<?x?xf32> {mlopt.dims = ["n", "m"], mlopt.range = [-0.9, 0.9]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> tensor<?x?xf32> {
  %0 = mlopt.acos %x : (tensor<?x?xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g = mlopt.gradient %y, %x : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  return %g : tensor<?x?xf32>
}

// CHECK: gradient ok: atan n=3 m=4: 12 derivatives
// CHECK: gradient ok: atan n=1 m=1: 1 derivatives
// CHECK: gradient ok: atan n=0 m=0: 0 derivatives
func.func @atan(%x: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> tensor<?x?xf32> {
  %0 = mlopt.atan %x : (tensor<?x?xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g = mlopt.gradient %y, %x : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  return %g : tensor<?x?xf32>
}

// CHECK: gradient ok: sinh n=3 m=4: 12 derivatives
// CHECK: gradient ok: sinh n=1 m=1: 1 derivatives
// CHECK: gradient ok: sinh n=0 m=0: 0 derivatives
func.func @sinh(%x: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> tensor<?x?xf32> {
  %0 = mlopt.sinh %x : (tensor<?x?xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g = mlopt.gradient %y, %x : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  return %g : tensor<?x?xf32>
}

// CHECK: gradient ok: cosh n=3 m=4: 12 derivatives
// CHECK: gradient ok: cosh n=1 m=1: 1 derivatives
// CHECK: gradient ok: cosh n=0 m=0: 0 derivatives
func.func @cosh(%x: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> tensor<?x?xf32> {
  %0 = mlopt.cosh %x : (tensor<?x?xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g = mlopt.gradient %y, %x : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  return %g : tensor<?x?xf32>
}

// CHECK: gradient ok: tanh n=3 m=4: 12 derivatives
// CHECK: gradient ok: tanh n=1 m=1: 1 derivatives
// CHECK: gradient ok: tanh n=0 m=0: 0 derivatives
func.func @tanh(%x: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> tensor<?x?xf32> {
  %0 = mlopt.tanh %x : (tensor<?x?xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g = mlopt.gradient %y, %x : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  return %g : tensor<?x?xf32>
}

// CHECK: gradient ok: asinh n=3 m=4: 12 derivatives
// CHECK: gradient ok: asinh n=1 m=1: 1 derivatives
// CHECK: gradient ok: asinh n=0 m=0: 0 derivatives
func.func @asinh(%x: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> tensor<?x?xf32> {
  %0 = mlopt.asinh %x : (tensor<?x?xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g = mlopt.gradient %y, %x : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  return %g : tensor<?x?xf32>
}

// CHECK: gradient ok: acosh n=3 m=4: 12 derivatives
// CHECK: gradient ok: acosh n=1 m=1: 1 derivatives
// CHECK: gradient ok: acosh n=0 m=0: 0 derivatives
func.func @acosh(%x: tensor<?x?xf32> {mlopt.dims = ["n", "m"], mlopt.range = [1.5, 3.0]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> tensor<?x?xf32> {
  %0 = mlopt.acosh %x : (tensor<?x?xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g = mlopt.gradient %y, %x : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  return %g : tensor<?x?xf32>
}

// CHECK: gradient ok: atanh n=3 m=4: 12 derivatives
// CHECK: gradient ok: atanh n=1 m=1: 1 derivatives
// CHECK: gradient ok: atanh n=0 m=0: 0 derivatives
func.func @atanh(%x: tensor<?x?xf32> {mlopt.dims = ["n", "m"], mlopt.range = [-0.9, 0.9]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> tensor<?x?xf32> {
  %0 = mlopt.atanh %x : (tensor<?x?xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g = mlopt.gradient %y, %x : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  return %g : tensor<?x?xf32>
}

// CHECK: gradient ok: erf n=3 m=4: 12 derivatives
// CHECK: gradient ok: erf n=1 m=1: 1 derivatives
// CHECK: gradient ok: erf n=0 m=0: 0 derivatives
func.func @erf(%x: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> tensor<?x?xf32> {
  %0 = mlopt.erf %x : (tensor<?x?xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g = mlopt.gradient %y, %x : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  return %g : tensor<?x?xf32>
}

// CHECK: gradient ok: sigmoid n=3 m=4: 12 derivatives
// CHECK: gradient ok: sigmoid n=1 m=1: 1 derivatives
// CHECK: gradient ok: sigmoid n=0 m=0: 0 derivatives
func.func @sigmoid(%x: tensor<?x?xf32> {mlopt.dims = ["n", "m"], mlopt.range = [-3.0, 3.0]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> tensor<?x?xf32> {
  %0 = mlopt.sigmoid %x : (tensor<?x?xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g = mlopt.gradient %y, %x : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  return %g : tensor<?x?xf32>
}

// CHECK: gradient ok: softplus n=3 m=4: 12 derivatives
// CHECK: gradient ok: softplus n=1 m=1: 1 derivatives
// CHECK: gradient ok: softplus n=0 m=0: 0 derivatives
func.func @softplus(%x: tensor<?x?xf32> {mlopt.dims = ["n", "m"], mlopt.range = [-3.0, 3.0]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> tensor<?x?xf32> {
  %0 = mlopt.softplus %x : (tensor<?x?xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g = mlopt.gradient %y, %x : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  return %g : tensor<?x?xf32>
}

// CHECK: gradient ok: gelu n=3 m=4: 12 derivatives
// CHECK: gradient ok: gelu n=1 m=1: 1 derivatives
// CHECK: gradient ok: gelu n=0 m=0: 0 derivatives
func.func @gelu(%x: tensor<?x?xf32> {mlopt.dims = ["n", "m"], mlopt.range = [-3.0, 3.0]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> tensor<?x?xf32> {
  %0 = mlopt.gelu %x : (tensor<?x?xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g = mlopt.gradient %y, %x : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  return %g : tensor<?x?xf32>
}

// CHECK: gradient ok: check_finite n=3 m=4: 12 derivatives
// CHECK: gradient ok: check_finite n=1 m=1: 1 derivatives
// CHECK: gradient ok: check_finite n=0 m=0: 0 derivatives
func.func @check_finite(%x: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> tensor<?x?xf32> {
  %0 = mlopt.check_finite %x : (tensor<?x?xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g = mlopt.gradient %y, %x : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  return %g : tensor<?x?xf32>
}

// CHECK: gradient ok: gelu_tanh n=3 m=4: 12 derivatives
// CHECK: gradient ok: gelu_tanh n=1 m=1: 1 derivatives
// CHECK: gradient ok: gelu_tanh n=0 m=0: 0 derivatives
func.func @gelu_tanh(%x: tensor<?x?xf32> {mlopt.dims = ["n", "m"], mlopt.range = [-3.0, 3.0]}, %w: tensor<?x?xf32> {mlopt.dims = ["n", "m"]}) -> tensor<?x?xf32> {
  %0 = mlopt.gelu %x {tanh_approximation = true} : (tensor<?x?xf32>) -> tensor<?x?xf32>
  %y = mlopt.mul %0, %w : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %g = mlopt.gradient %y, %x : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  return %g : tensor<?x?xf32>
}

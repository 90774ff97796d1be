// Second order: the derivatives of the derivatives' squares, through the operations that the rules
// build.
// RUN: %mlopt-opt --mlopt-check-gradients="sizes=2,1,0" %s -o /dev/null | FileCheck %s

// CHECK: gradient ok: sqrt n=2
// CHECK: gradient ok: sqrt n=1
// CHECK: gradient ok: sqrt n=0
func.func @sqrt(%x: tensor<?x3xf32> {mlopt.dims = ["n", 3], mlopt.range = [0.5, 2.0]}, %w: tensor<3xf32>) -> tensor<?x3xf32> {
  %0 = mlopt.sqrt %x : (tensor<?x3xf32>) -> tensor<?x3xf32>
  %s = mlopt.mul %0, %0 : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  %g = mlopt.gradient %s, %x : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  %e = mlopt.mul %g, %w : (tensor<?x3xf32>, tensor<3xf32>) -> tensor<?x3xf32>
  %f = mlopt.mul %e, %g : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  %h = mlopt.gradient %f, %x : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  return %h : tensor<?x3xf32>
}

// CHECK: gradient ok: exp n=2
// CHECK: gradient ok: exp n=1
// CHECK: gradient ok: exp n=0
func.func @exp(%x: tensor<?x3xf32> {mlopt.dims = ["n", 3]}, %w: tensor<3xf32>) -> tensor<?x3xf32> {
  %0 = mlopt.exp %x : (tensor<?x3xf32>) -> tensor<?x3xf32>
  %s = mlopt.mul %0, %0 : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  %g = mlopt.gradient %s, %x : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  %e = mlopt.mul %g, %w : (tensor<?x3xf32>, tensor<3xf32>) -> tensor<?x3xf32>
  %f = mlopt.mul %e, %g : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  %h = mlopt.gradient %f, %x : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  return %h : tensor<?x3xf32>
}

// CHECK: gradient ok: log n=2
// CHECK: gradient ok: log n=1
// CHECK: gradient ok: log n=0
func.func @log(%x: tensor<?x3xf32> {mlopt.dims = ["n", 3], mlopt.range = [0.5, 2.0]}, %w: tensor<3xf32>) -> tensor<?x3xf32> {
  %0 = mlopt.log %x : (tensor<?x3xf32>) -> tensor<?x3xf32>
  %s = mlopt.mul %0, %0 : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  %g = mlopt.gradient %s, %x : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  %e = mlopt.mul %g, %w : (tensor<?x3xf32>, tensor<3xf32>) -> tensor<?x3xf32>
  %f = mlopt.mul %e, %g : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  %h = mlopt.gradient %f, %x : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  return %h : tensor<?x3xf32>
}

// CHECK: gradient ok: tan n=2
// CHECK: gradient ok: tan n=1
// CHECK: gradient ok: tan n=0
func.func @tan(%x: tensor<?x3xf32> {mlopt.dims = ["n", 3]}, %w: tensor<3xf32>) -> tensor<?x3xf32> {
  %0 = mlopt.tan %x : (tensor<?x3xf32>) -> tensor<?x3xf32>
  %s = mlopt.mul %0, %0 : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  %g = mlopt.gradient %s, %x : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  %e = mlopt.mul %g, %w : (tensor<?x3xf32>, tensor<3xf32>) -> tensor<?x3xf32>
  %f = mlopt.mul %e, %g : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  %h = mlopt.gradient %f, %x : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  return %h : tensor<?x3xf32>
}

// CHECK: gradient ok: asin n=2
// CHECK: gradient ok: asin n=1
// CHECK: gradient ok: asin n=0
func.func @asin(%x: tensor<?x3xf32> {mlopt.dims = ["n", 3], mlopt.range = [-0.9, 0.9]}, %w: tensor<3xf32>) -> tensor<?x3xf32> {
  %0 = mlopt.asin %x : (tensor<?x3xf32>) -> tensor<?x3xf32>
  %s = mlopt.mul %0, %0 : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  %g = mlopt.gradient %s, %x : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  %e = mlopt.mul %g, %w : (tensor<?x3xf32>, tensor<3xf32>) -> tensor<?x3xf32>
  %f = mlopt.mul %e, %g : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  %h = mlopt.gradient %f, %x : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  return %h : tensor<?x3xf32>
}

// CHECK: gradient ok: atan n=2
// CHECK: gradient ok: atan n=1
// CHECK: gradient ok: atan n=0
func.func @atan(%x: tensor<?x3xf32> {mlopt.dims = ["n", 3]}, %w: tensor<3xf32>) -> tensor<?x3xf32> {
  %0 = mlopt.atan %x : (tensor<?x3xf32>) -> tensor<?x3xf32>
  %s = mlopt.mul %0, %0 : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  %g = mlopt.gradient %s, %x : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  %e = mlopt.mul %g, %w : (tensor<?x3xf32>, tensor<3xf32>) -> tensor<?x3xf32>
  %f = mlopt.mul %e, %g : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  %h = mlopt.gradient %f, %x : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  return %h : tensor<?x3xf32>
}

// CHECK: gradient ok: sinh n=2
// CHECK: gradient ok: sinh n=1
// CHECK: gradient ok: sinh n=0
func.func @sinh(%x: tensor<?x3xf32> {mlopt.dims = ["n", 3]}, %w: tensor<3xf32>) -> tensor<?x3xf32> {
  %0 = mlopt.sinh %x : (tensor<?x3xf32>) -> tensor<?x3xf32>
  %s = mlopt.mul %0, %0 : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  %g = mlopt.gradient %s, %x : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  %e = mlopt.mul %g, %w : (tensor<?x3xf32>, tensor<3xf32>) -> tensor<?x3xf32>
  %f = mlopt.mul %e, %g : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  %h = mlopt.gradient %f, %x : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  return %h : tensor<?x3xf32>
}

// CHECK: gradient ok: tanh n=2
// CHECK: gradient ok: tanh n=1
// CHECK: gradient ok: tanh n=0
func.func @tanh(%x: tensor<?x3xf32> {mlopt.dims = ["n", 3]}, %w: tensor<3xf32>) -> tensor<?x3xf32> {
  %0 = mlopt.tanh %x : (tensor<?x3xf32>) -> tensor<?x3xf32>
  %s = mlopt.mul %0, %0 : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  %g = mlopt.gradient %s, %x : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  %e = mlopt.mul %g, %w : (tensor<?x3xf32>, tensor<3xf32>) -> tensor<?x3xf32>
  %f = mlopt.mul %e, %g : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  %h = mlopt.gradient %f, %x : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  return %h : tensor<?x3xf32>
}

// CHECK: gradient ok: acosh n=2
// CHECK: gradient ok: acosh n=1
// CHECK: gradient ok: acosh n=0
func.func @acosh(%x: tensor<?x3xf32> {mlopt.dims = ["n", 3], mlopt.range = [1.5, 3.0]}, %w: tensor<3xf32>) -> tensor<?x3xf32> {
  %0 = mlopt.acosh %x : (tensor<?x3xf32>) -> tensor<?x3xf32>
  %s = mlopt.mul %0, %0 : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  %g = mlopt.gradient %s, %x : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  %e = mlopt.mul %g, %w : (tensor<?x3xf32>, tensor<3xf32>) -> tensor<?x3xf32>
  %f = mlopt.mul %e, %g : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  %h = mlopt.gradient %f, %x : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  return %h : tensor<?x3xf32>
}

// CHECK: gradient ok: erf n=2
// CHECK: gradient ok: erf n=1
// CHECK: gradient ok: erf n=0
func.func @erf(%x: tensor<?x3xf32> {mlopt.dims = ["n", 3]}, %w: tensor<3xf32>) -> tensor<?x3xf32> {
  %0 = mlopt.erf %x : (tensor<?x3xf32>) -> tensor<?x3xf32>
  %s = mlopt.mul %0, %0 : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  %g = mlopt.gradient %s, %x : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  %e = mlopt.mul %g, %w : (tensor<?x3xf32>, tensor<3xf32>) -> tensor<?x3xf32>
  %f = mlopt.mul %e, %g : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  %h = mlopt.gradient %f, %x : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  return %h : tensor<?x3xf32>
}

// CHECK: gradient ok: sigmoid n=2
// CHECK: gradient ok: sigmoid n=1
// CHECK: gradient ok: sigmoid n=0
func.func @sigmoid(%x: tensor<?x3xf32> {mlopt.dims = ["n", 3]}, %w: tensor<3xf32>) -> tensor<?x3xf32> {
  %0 = mlopt.sigmoid %x : (tensor<?x3xf32>) -> tensor<?x3xf32>
  %s = mlopt.mul %0, %0 : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  %g = mlopt.gradient %s, %x : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  %e = mlopt.mul %g, %w : (tensor<?x3xf32>, tensor<3xf32>) -> tensor<?x3xf32>
  %f = mlopt.mul %e, %g : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  %h = mlopt.gradient %f, %x : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  return %h : tensor<?x3xf32>
}

// CHECK: gradient ok: softplus n=2
// CHECK: gradient ok: softplus n=1
// CHECK: gradient ok: softplus n=0
func.func @softplus(%x: tensor<?x3xf32> {mlopt.dims = ["n", 3]}, %w: tensor<3xf32>) -> tensor<?x3xf32> {
  %0 = mlopt.softplus %x : (tensor<?x3xf32>) -> tensor<?x3xf32>
  %s = mlopt.mul %0, %0 : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  %g = mlopt.gradient %s, %x : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  %e = mlopt.mul %g, %w : (tensor<?x3xf32>, tensor<3xf32>) -> tensor<?x3xf32>
  %f = mlopt.mul %e, %g : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  %h = mlopt.gradient %f, %x : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  return %h : tensor<?x3xf32>
}

// CHECK: gradient ok: gelu n=2
// CHECK: gradient ok: gelu n=1
// CHECK: gradient ok: gelu n=0
func.func @gelu(%x: tensor<?x3xf32> {mlopt.dims = ["n", 3]}, %w: tensor<3xf32>) -> tensor<?x3xf32> {
  %0 = mlopt.gelu %x : (tensor<?x3xf32>) -> tensor<?x3xf32>
  %s = mlopt.mul %0, %0 : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  %g = mlopt.gradient %s, %x : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  %e = mlopt.mul %g, %w : (tensor<?x3xf32>, tensor<3xf32>) -> tensor<?x3xf32>
  %f = mlopt.mul %e, %g : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  %h = mlopt.gradient %f, %x : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  return %h : tensor<?x3xf32>
}

// CHECK: gradient ok: gelu_tanh n=2
// CHECK: gradient ok: gelu_tanh n=1
// CHECK: gradient ok: gelu_tanh n=0
func.func @gelu_tanh(%x: tensor<?x3xf32> {mlopt.dims = ["n", 3]}, %w: tensor<3xf32>) -> tensor<?x3xf32> {
  %0 = mlopt.gelu %x {tanh_approximation = true} : (tensor<?x3xf32>) -> tensor<?x3xf32>
  %s = mlopt.mul %0, %0 : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  %g = mlopt.gradient %s, %x : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  %e = mlopt.mul %g, %w : (tensor<?x3xf32>, tensor<3xf32>) -> tensor<?x3xf32>
  %f = mlopt.mul %e, %g : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  %h = mlopt.gradient %f, %x : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  return %h : tensor<?x3xf32>
}

// CHECK: gradient ok: div n=2
// CHECK: gradient ok: div n=1
// CHECK: gradient ok: div n=0
func.func @div(%x: tensor<?x3xf32> {mlopt.dims = ["n", 3], mlopt.range = [0.5, 2.0]}, %w: tensor<3xf32>) -> tensor<?x3xf32> {
  %0 = mlopt.div %w, %x : (tensor<3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  %s = mlopt.mul %0, %0 : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  %g = mlopt.gradient %s, %x : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  %e = mlopt.mul %g, %w : (tensor<?x3xf32>, tensor<3xf32>) -> tensor<?x3xf32>
  %f = mlopt.mul %e, %g : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  %h = mlopt.gradient %f, %x : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  return %h : tensor<?x3xf32>
}

// CHECK: gradient ok: pow n=2
// CHECK: gradient ok: pow n=1
// CHECK: gradient ok: pow n=0
func.func @pow(%x: tensor<?x3xf32> {mlopt.dims = ["n", 3], mlopt.range = [0.5, 2.0]}, %w: tensor<3xf32>) -> tensor<?x3xf32> {
  %0 = mlopt.pow %x, %w : (tensor<?x3xf32>, tensor<3xf32>) -> tensor<?x3xf32>
  %s = mlopt.mul %0, %0 : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  %g = mlopt.gradient %s, %x : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  %e = mlopt.mul %g, %w : (tensor<?x3xf32>, tensor<3xf32>) -> tensor<?x3xf32>
  %f = mlopt.mul %e, %g : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  %h = mlopt.gradient %f, %x : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  return %h : tensor<?x3xf32>
}

// CHECK: gradient ok: max n=2
// CHECK: gradient ok: max n=1
// CHECK: gradient ok: max n=0
func.func @max(%x: tensor<?x3xf32> {mlopt.dims = ["n", 3]}, %w: tensor<3xf32>) -> tensor<?x3xf32> {
  %0 = mlopt.max %x, %w : (tensor<?x3xf32>, tensor<3xf32>) -> tensor<?x3xf32>
  %s = mlopt.mul %0, %0 : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  %g = mlopt.gradient %s, %x : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  %e = mlopt.mul %g, %w : (tensor<?x3xf32>, tensor<3xf32>) -> tensor<?x3xf32>
  %f = mlopt.mul %e, %g : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  %h = mlopt.gradient %f, %x : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  return %h : tensor<?x3xf32>
}

// CHECK: gradient ok: prod n=2
// CHECK: gradient ok: prod n=1
// CHECK: gradient ok: prod n=0
func.func @prod(%x: tensor<?x3xf32> {mlopt.dims = ["n", 3], mlopt.range = [0.5, 2.0]}, %w: tensor<3xf32>) -> tensor<?x3xf32> {
  %0 = mlopt.reduce %x {kind = #mlopt<reduce_kind prod>, axes = array<i64: 1>} : (tensor<?x3xf32>) -> tensor<?xf32>
  %s = mlopt.mul %0, %0 : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
  %g = mlopt.gradient %s, %x : (tensor<?xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  %e = mlopt.mul %g, %w : (tensor<?x3xf32>, tensor<3xf32>) -> tensor<?x3xf32>
  %f = mlopt.mul %e, %g : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  %h = mlopt.gradient %f, %x : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  return %h : tensor<?x3xf32>
}

// CHECK: gradient ok: mean n=2
// CHECK: gradient ok: mean n=1
// CHECK: gradient ok: mean n=0
func.func @mean(%x: tensor<?x3xf32> {mlopt.dims = ["n", 3]}, %w: tensor<3xf32>) -> tensor<?x3xf32> {
  %0 = mlopt.reduce %x {kind = #mlopt<reduce_kind mean>, axes = array<i64: 1>, keepdims = true} : (tensor<?x3xf32>) -> tensor<?x1xf32>
  %1 = mlopt.sub %x, %0 : (tensor<?x3xf32>, tensor<?x1xf32>) -> tensor<?x3xf32>
  %2 = mlopt.mul %1, %1 : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  %s = mlopt.mul %2, %2 : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  %g = mlopt.gradient %s, %x : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  %e = mlopt.mul %g, %w : (tensor<?x3xf32>, tensor<3xf32>) -> tensor<?x3xf32>
  %f = mlopt.mul %e, %g : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  %h = mlopt.gradient %f, %x : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  return %h : tensor<?x3xf32>
}

// CHECK: gradient ok: softmax n=2
// CHECK: gradient ok: softmax n=1
// CHECK: gradient ok: softmax n=0
func.func @softmax(%x: tensor<?x3xf32> {mlopt.dims = ["n", 3]}, %w: tensor<3xf32>) -> tensor<?x3xf32> {
  %0 = mlopt.softmax %x {axis = 1 : i64} : (tensor<?x3xf32>) -> tensor<?x3xf32>
  %s = mlopt.mul %0, %0 : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  %g = mlopt.gradient %s, %x : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  %e = mlopt.mul %g, %w : (tensor<?x3xf32>, tensor<3xf32>) -> tensor<?x3xf32>
  %f = mlopt.mul %e, %g : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  %h = mlopt.gradient %f, %x : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  return %h : tensor<?x3xf32>
}

// CHECK: gradient ok: log_softmax n=2
// CHECK: gradient ok: log_softmax n=1
// CHECK: gradient ok: log_softmax n=0
func.func @log_softmax(%x: tensor<?x3xf32> {mlopt.dims = ["n", 3]}, %w: tensor<3xf32>) -> tensor<?x3xf32> {
  %0 = mlopt.softmax %x {axis = 1 : i64, log = true} : (tensor<?x3xf32>) -> tensor<?x3xf32>
  %s = mlopt.mul %0, %0 : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  %g = mlopt.gradient %s, %x : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  %e = mlopt.mul %g, %w : (tensor<?x3xf32>, tensor<3xf32>) -> tensor<?x3xf32>
  %f = mlopt.mul %e, %g : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  %h = mlopt.gradient %f, %x : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  return %h : tensor<?x3xf32>
}

// CHECK: gradient ok: cumulative n=2
// CHECK: gradient ok: cumulative n=1
// CHECK: gradient ok: cumulative n=0
func.func @cumulative(%x: tensor<?x3xf32> {mlopt.dims = ["n", 3]}, %w: tensor<3xf32>) -> tensor<?x3xf32> {
  %0 = mlopt.cumulative %x {kind = #mlopt<cumulative_kind sum>, axis = 0 : i64} : (tensor<?x3xf32>) -> tensor<?x3xf32>
  %1 = mlopt.mul %0, %x : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  %s = mlopt.mul %1, %1 : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  %g = mlopt.gradient %s, %x : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  %e = mlopt.mul %g, %w : (tensor<?x3xf32>, tensor<3xf32>) -> tensor<?x3xf32>
  %f = mlopt.mul %e, %g : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  %h = mlopt.gradient %f, %x : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  return %h : tensor<?x3xf32>
}

// CHECK: gradient ok: top_k n=2
// CHECK: gradient ok: top_k n=1
// CHECK: gradient ok: top_k n=0
func.func @top_k(%x: tensor<?x3xf32> {mlopt.dims = ["n", 3]}, %w: tensor<3xf32>) -> tensor<?x3xf32> {
  %0, %i = mlopt.top_k %x {axis = 1 : i64, static_k = 2 : i64} : (tensor<?x3xf32>) -> (tensor<?x2xf32>, tensor<?x2xi64>)
  %1 = mlopt.mul %0, %0 : (tensor<?x2xf32>, tensor<?x2xf32>) -> tensor<?x2xf32>
  %s = mlopt.mul %1, %1 : (tensor<?x2xf32>, tensor<?x2xf32>) -> tensor<?x2xf32>
  %g = mlopt.gradient %s, %x : (tensor<?x2xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  %e = mlopt.mul %g, %w : (tensor<?x3xf32>, tensor<3xf32>) -> tensor<?x3xf32>
  %f = mlopt.mul %e, %g : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  %h = mlopt.gradient %f, %x : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  return %h : tensor<?x3xf32>
}

// CHECK: gradient ok: gather n=2
// CHECK: gradient ok: gather n=1
// CHECK: gradient ok: gather n=0
func.func @gather(%x: tensor<?x3xf32> {mlopt.dims = ["n", 3]}, %w: tensor<3xf32>) -> tensor<?x3xf32> {
  %i = mlopt.constant dense<[2, 0, 2, 1]> : tensor<4xi64>
  %0 = mlopt.gather %x, %i {axis = 1 : i64} : (tensor<?x3xf32>, tensor<4xi64>) -> tensor<?x4xf32>
  %1 = mlopt.mul %0, %0 : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
  %s = mlopt.mul %1, %1 : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
  %g = mlopt.gradient %s, %x : (tensor<?x4xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  %e = mlopt.mul %g, %w : (tensor<?x3xf32>, tensor<3xf32>) -> tensor<?x3xf32>
  %f = mlopt.mul %e, %g : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  %h = mlopt.gradient %f, %x : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  return %h : tensor<?x3xf32>
}

// CHECK: gradient ok: slice_concat n=2
// CHECK: gradient ok: slice_concat n=1
// CHECK: gradient ok: slice_concat n=0
func.func @slice_concat(%x: tensor<?x3xf32> {mlopt.dims = ["n", 3]}, %w: tensor<3xf32>) -> tensor<?x3xf32> {
  %n = mlopt.dim %x {axis = 0 : i64} : (tensor<?x3xf32>) -> index
  %0 = mlopt.slice %x, %n {static_starts = array<i64: 0, 2>, static_sizes = array<i64: -9223372036854775808, 2>, strides = array<i64: 1, -2>, operandSegmentSizes = array<i32: 1, 0, 1>} : (tensor<?x3xf32>, index) -> tensor<?x2xf32>
  %1 = mlopt.concat %x, %0 {axis = 1 : i64} : (tensor<?x3xf32>, tensor<?x2xf32>) -> tensor<?x5xf32>
  %2 = mlopt.transpose %1 {permutation = array<i64: 1, 0>} : (tensor<?x5xf32>) -> tensor<5x?xf32>
  %3 = mlopt.sin %2 : (tensor<5x?xf32>) -> tensor<5x?xf32>
  %s = mlopt.mul %3, %3 : (tensor<5x?xf32>, tensor<5x?xf32>) -> tensor<5x?xf32>
  %g = mlopt.gradient %s, %x : (tensor<5x?xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  %e = mlopt.mul %g, %w : (tensor<?x3xf32>, tensor<3xf32>) -> tensor<?x3xf32>
  %f = mlopt.mul %e, %g : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  %h = mlopt.gradient %f, %x : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  return %h : tensor<?x3xf32>
}

// CHECK: gradient ok: pad n=2
// CHECK: gradient ok: pad n=1
// CHECK: gradient ok: pad n=0
func.func @pad(%x: tensor<?x3xf32> {mlopt.dims = ["n", 3]}, %w: tensor<3xf32>) -> tensor<?x3xf32> {
  %zero = mlopt.constant dense<0.0> : tensor<f32>
  %0 = mlopt.pad %x, %zero {mode = #mlopt<pad_mode reflect>, static_low = array<i64: 0, 1>, static_high = array<i64: 0, 2>, operandSegmentSizes = array<i32: 1, 1, 0, 0>} : (tensor<?x3xf32>, tensor<f32>) -> tensor<?x6xf32>
  %1 = mlopt.exp %0 : (tensor<?x6xf32>) -> tensor<?x6xf32>
  %s = mlopt.mul %1, %1 : (tensor<?x6xf32>, tensor<?x6xf32>) -> tensor<?x6xf32>
  %g = mlopt.gradient %s, %x : (tensor<?x6xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  %e = mlopt.mul %g, %w : (tensor<?x3xf32>, tensor<3xf32>) -> tensor<?x3xf32>
  %f = mlopt.mul %e, %g : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  %h = mlopt.gradient %f, %x : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  return %h : tensor<?x3xf32>
}

// A step of training by hand: weights [40, 70] and a bias [70] in one flat region of
// 2880 elements, the last 10 of them padding, and its two moments; a pair of regions that
// change places; a running mean in parts.
func.func @main(%p: tensor<2880xf32> {mlopt.name = "p"}, %m: tensor<2880xf32> {mlopt.name = "m"}, %v: tensor<2880xf32> {mlopt.name = "v"},
                %a: tensor<100xf32> {mlopt.name = "a"}, %b: tensor<100xf32> {mlopt.name = "b"},
                %s: tensor<96xf32> {mlopt.name = "s"},
                %x: tensor<33x40xf32> {mlopt.name = "x"}, %lr: tensor<f32> {mlopt.name = "lr"})
    -> (tensor<2880xf32> {mlopt.name = "p", mlopt.donated = 0 : i64}, tensor<2880xf32> {mlopt.name = "m", mlopt.donated = 1 : i64},
        tensor<2880xf32> {mlopt.name = "v", mlopt.donated = 2 : i64}, tensor<100xf32> {mlopt.name = "a", mlopt.donated = 3 : i64},
        tensor<100xf32> {mlopt.name = "b", mlopt.donated = 4 : i64}, tensor<96xf32> {mlopt.name = "s", mlopt.donated = 5 : i64},
        tensor<33x70xf32> {mlopt.name = "y"}) {
  %flat = mlopt.slice %p {static_starts = array<i64: 0>, static_sizes = array<i64: 2800>, strides = array<i64: 1>, operandSegmentSizes = array<i32: 1, 0, 0>} : (tensor<2880xf32>) -> tensor<2800xf32>
  %w = mlopt.reshape %flat {static_sizes = array<i64: 40, 70>} : (tensor<2800xf32>) -> tensor<40x70xf32>
  %bias = mlopt.slice %p {static_starts = array<i64: 2800>, static_sizes = array<i64: 70>, strides = array<i64: 1>, operandSegmentSizes = array<i32: 1, 0, 0>} : (tensor<2880xf32>) -> tensor<70xf32>
  %xw = mlopt.matmul %x, %w : (tensor<33x40xf32>, tensor<40x70xf32>) -> tensor<33x70xf32>
  %sum = mlopt.add %xw, %bias : (tensor<33x70xf32>, tensor<70xf32>) -> tensor<33x70xf32>
  %y = mlopt.tanh %sum : (tensor<33x70xf32>) -> tensor<33x70xf32>
  %gw = mlopt.matmul %x, %y {transpose_a = true} : (tensor<33x40xf32>, tensor<33x70xf32>) -> tensor<40x70xf32>
  %gwf = mlopt.reshape %gw {static_sizes = array<i64: 2800>} : (tensor<40x70xf32>) -> tensor<2800xf32>
  %gb = mlopt.reduce %y {kind = #mlopt<reduce_kind sum>, axes = array<i64: 0>} : (tensor<33x70xf32>) -> tensor<70xf32>
  %zero = mlopt.constant dense<0.0> : tensor<10xf32>
  %g = mlopt.concat %gwf, %gb, %zero {axis = 0 : i64} : (tensor<2800xf32>, tensor<70xf32>, tensor<10xf32>) -> tensor<2880xf32>
  %c1 = mlopt.constant dense<0.9> : tensor<f32>
  %d1 = mlopt.constant dense<0.1> : tensor<f32>
  %c2 = mlopt.constant dense<0.99> : tensor<f32>
  %d2 = mlopt.constant dense<0.01> : tensor<f32>
  %eps = mlopt.constant dense<1.0e-8> : tensor<f32>
  %m0 = mlopt.mul %m, %c1 : (tensor<2880xf32>, tensor<f32>) -> tensor<2880xf32>
  %m1 = mlopt.mul %g, %d1 : (tensor<2880xf32>, tensor<f32>) -> tensor<2880xf32>
  %m2 = mlopt.add %m0, %m1 : (tensor<2880xf32>, tensor<2880xf32>) -> tensor<2880xf32>
  %v0 = mlopt.mul %v, %c2 : (tensor<2880xf32>, tensor<f32>) -> tensor<2880xf32>
  %gg = mlopt.mul %g, %g : (tensor<2880xf32>, tensor<2880xf32>) -> tensor<2880xf32>
  %v1 = mlopt.mul %gg, %d2 : (tensor<2880xf32>, tensor<f32>) -> tensor<2880xf32>
  %v2 = mlopt.add %v0, %v1 : (tensor<2880xf32>, tensor<2880xf32>) -> tensor<2880xf32>
  %root = mlopt.sqrt %v2 : (tensor<2880xf32>) -> tensor<2880xf32>
  %den = mlopt.add %root, %eps : (tensor<2880xf32>, tensor<f32>) -> tensor<2880xf32>
  %q = mlopt.div %m2, %den : (tensor<2880xf32>, tensor<2880xf32>) -> tensor<2880xf32>
  %u = mlopt.mul %q, %lr : (tensor<2880xf32>, tensor<f32>) -> tensor<2880xf32>
  %p2 = mlopt.sub %p, %u : (tensor<2880xf32>, tensor<2880xf32>) -> tensor<2880xf32>
  %mean = mlopt.reduce %y {kind = #mlopt<reduce_kind mean>, axes = array<i64: 0>} : (tensor<33x70xf32>) -> tensor<70xf32>
  %old = mlopt.slice %s {static_starts = array<i64: 0>, static_sizes = array<i64: 70>, strides = array<i64: 1>, operandSegmentSizes = array<i32: 1, 0, 0>} : (tensor<96xf32>) -> tensor<70xf32>
  %half = mlopt.constant dense<0.5> : tensor<f32>
  %o2 = mlopt.mul %old, %half : (tensor<70xf32>, tensor<f32>) -> tensor<70xf32>
  %n2 = mlopt.mul %mean, %half : (tensor<70xf32>, tensor<f32>) -> tensor<70xf32>
  %new = mlopt.add %o2, %n2 : (tensor<70xf32>, tensor<70xf32>) -> tensor<70xf32>
  %rest = mlopt.slice %s {static_starts = array<i64: 70>, static_sizes = array<i64: 26>, strides = array<i64: 1>, operandSegmentSizes = array<i32: 1, 0, 0>} : (tensor<96xf32>) -> tensor<26xf32>
  %s2 = mlopt.concat %new, %rest {axis = 0 : i64} : (tensor<70xf32>, tensor<26xf32>) -> tensor<96xf32>
  return %p2, %m2, %v2, %b, %a, %s2, %y : tensor<2880xf32>, tensor<2880xf32>, tensor<2880xf32>, tensor<100xf32>, tensor<100xf32>, tensor<96xf32>, tensor<33x70xf32>
}

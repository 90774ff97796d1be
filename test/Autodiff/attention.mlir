// Attention against differences.
// RUN: %mlopt-opt --mlopt-check-gradients %s -o /dev/null | FileCheck %s

func.func @plain(%q: tensor<?x2x3x3xf32> {mlopt.dims = ["n", 2, 3, 3]}, %k: tensor<?x2x4x3xf32> {mlopt.dims = ["n", 2, 4, 3]}, %v: tensor<?x2x4x2xf32> {mlopt.dims = ["n", 2, 4, 2]}, %r: tensor<?x2x3x2xf32> {mlopt.dims = ["n", 2, 3, 2]}) -> (tensor<?x2x3x3xf32>, tensor<?x2x4x3xf32>, tensor<?x2x4x2xf32>) {
  %none = mlopt.none : none
  %y = mlopt.attention %q, %k, %v, %none {scale = 0.5 : f64, layouts = ["bhsd", "bhsd", "bhsd", "bhsd"]} : (tensor<?x2x3x3xf32>, tensor<?x2x4x3xf32>, tensor<?x2x4x2xf32>, none) -> tensor<?x2x3x2xf32>
  %p = mlopt.mul %y, %r : (tensor<?x2x3x2xf32>, tensor<?x2x3x2xf32>) -> tensor<?x2x3x2xf32>
  %g:3 = mlopt.gradient %p, %q, %k, %v : (tensor<?x2x3x2xf32>, tensor<?x2x3x3xf32>, tensor<?x2x4x3xf32>, tensor<?x2x4x2xf32>) -> (tensor<?x2x3x3xf32>, tensor<?x2x4x3xf32>, tensor<?x2x4x2xf32>)
  return %g#0, %g#1, %g#2 : tensor<?x2x3x3xf32>, tensor<?x2x4x3xf32>, tensor<?x2x4x2xf32>
}
// CHECK: gradient ok: plain n=3
// CHECK: gradient ok: plain n=1
// CHECK: gradient ok: plain n=0

func.func @sequence_major(%q: tensor<?x3x2x3xf32> {mlopt.dims = ["n", 3, 2, 3]}, %k: tensor<?x4x2x3xf32> {mlopt.dims = ["n", 4, 2, 3]}, %v: tensor<?x4x2x2xf32> {mlopt.dims = ["n", 4, 2, 2]}, %r: tensor<?x3x2x2xf32> {mlopt.dims = ["n", 3, 2, 2]}) -> (tensor<?x3x2x3xf32>, tensor<?x4x2x3xf32>, tensor<?x4x2x2xf32>) {
  %none = mlopt.none : none
  %y = mlopt.attention %q, %k, %v, %none {scale = 0.5 : f64, layouts = ["bshd", "bshd", "bshd", "bshd"]} : (tensor<?x3x2x3xf32>, tensor<?x4x2x3xf32>, tensor<?x4x2x2xf32>, none) -> tensor<?x3x2x2xf32>
  %p = mlopt.mul %y, %r : (tensor<?x3x2x2xf32>, tensor<?x3x2x2xf32>) -> tensor<?x3x2x2xf32>
  %g:3 = mlopt.gradient %p, %q, %k, %v : (tensor<?x3x2x2xf32>, tensor<?x3x2x3xf32>, tensor<?x4x2x3xf32>, tensor<?x4x2x2xf32>) -> (tensor<?x3x2x3xf32>, tensor<?x4x2x3xf32>, tensor<?x4x2x2xf32>)
  return %g#0, %g#1, %g#2 : tensor<?x3x2x3xf32>, tensor<?x4x2x3xf32>, tensor<?x4x2x2xf32>
}
// CHECK: gradient ok: sequence_major n=3
// CHECK: gradient ok: sequence_major n=1
// CHECK: gradient ok: sequence_major n=0

func.func @mixed_layouts(%q: tensor<2x2x3x2xf32>, %k: tensor<2x3x2x2xf32>, %v: tensor<2x2x3x2xf32>, %r: tensor<2x3x2x2xf32>) -> (tensor<2x2x3x2xf32>, tensor<2x3x2x2xf32>, tensor<2x2x3x2xf32>) {
  %none = mlopt.none : none
  %y = mlopt.attention %q, %k, %v, %none {scale = 0.5 : f64, layouts = ["bhsd", "bshd", "bhsd", "bshd"]} : (tensor<2x2x3x2xf32>, tensor<2x3x2x2xf32>, tensor<2x2x3x2xf32>, none) -> tensor<2x3x2x2xf32>
  %p = mlopt.mul %y, %r : (tensor<2x3x2x2xf32>, tensor<2x3x2x2xf32>) -> tensor<2x3x2x2xf32>
  %g:3 = mlopt.gradient %p, %q, %k, %v : (tensor<2x3x2x2xf32>, tensor<2x2x3x2xf32>, tensor<2x3x2x2xf32>, tensor<2x2x3x2xf32>) -> (tensor<2x2x3x2xf32>, tensor<2x3x2x2xf32>, tensor<2x2x3x2xf32>)
  return %g#0, %g#1, %g#2 : tensor<2x2x3x2xf32>, tensor<2x3x2x2xf32>, tensor<2x2x3x2xf32>
}
// CHECK: gradient ok: mixed_layouts: 

func.func @grouped_queries(%q: tensor<?x4x3x2xf32> {mlopt.dims = ["n", 4, 3, 2]}, %k: tensor<?x2x2x2xf32> {mlopt.dims = ["n", 2, 2, 2]}, %v: tensor<?x2x2x3xf32> {mlopt.dims = ["n", 2, 2, 3]}, %r: tensor<?x4x3x3xf32> {mlopt.dims = ["n", 4, 3, 3]}) -> (tensor<?x4x3x2xf32>, tensor<?x2x2x2xf32>, tensor<?x2x2x3xf32>) {
  %none = mlopt.none : none
  %y = mlopt.attention %q, %k, %v, %none {scale = 0.5 : f64, layouts = ["bhsd", "bhsd", "bhsd", "bhsd"]} : (tensor<?x4x3x2xf32>, tensor<?x2x2x2xf32>, tensor<?x2x2x3xf32>, none) -> tensor<?x4x3x3xf32>
  %p = mlopt.mul %y, %r : (tensor<?x4x3x3xf32>, tensor<?x4x3x3xf32>) -> tensor<?x4x3x3xf32>
  %g:3 = mlopt.gradient %p, %q, %k, %v : (tensor<?x4x3x3xf32>, tensor<?x4x3x2xf32>, tensor<?x2x2x2xf32>, tensor<?x2x2x3xf32>) -> (tensor<?x4x3x2xf32>, tensor<?x2x2x2xf32>, tensor<?x2x2x3xf32>)
  return %g#0, %g#1, %g#2 : tensor<?x4x3x2xf32>, tensor<?x2x2x2xf32>, tensor<?x2x2x3xf32>
}
// CHECK: gradient ok: grouped_queries n=3
// CHECK: gradient ok: grouped_queries n=1
// CHECK: gradient ok: grouped_queries n=0

func.func @grouped_sequence_major(%q: tensor<1x3x4x2xf32>, %k: tensor<1x2x2x2xf32>, %v: tensor<1x2x2x3xf32>, %r: tensor<1x3x4x3xf32>) -> (tensor<1x3x4x2xf32>, tensor<1x2x2x2xf32>, tensor<1x2x2x3xf32>) {
  %none = mlopt.none : none
  %y = mlopt.attention %q, %k, %v, %none {scale = 0.5 : f64, layouts = ["bshd", "bhsd", "bshd", "bshd"]} : (tensor<1x3x4x2xf32>, tensor<1x2x2x2xf32>, tensor<1x2x2x3xf32>, none) -> tensor<1x3x4x3xf32>
  %p = mlopt.mul %y, %r : (tensor<1x3x4x3xf32>, tensor<1x3x4x3xf32>) -> tensor<1x3x4x3xf32>
  %g:3 = mlopt.gradient %p, %q, %k, %v : (tensor<1x3x4x3xf32>, tensor<1x3x4x2xf32>, tensor<1x2x2x2xf32>, tensor<1x2x2x3xf32>) -> (tensor<1x3x4x2xf32>, tensor<1x2x2x2xf32>, tensor<1x2x2x3xf32>)
  return %g#0, %g#1, %g#2 : tensor<1x3x4x2xf32>, tensor<1x2x2x2xf32>, tensor<1x2x2x3xf32>
}
// CHECK: gradient ok: grouped_sequence_major: 

func.func @multi_query(%q: tensor<1x3x2x2xf32>, %k: tensor<1x1x3x2xf32>, %v: tensor<1x1x3x2xf32>, %r: tensor<1x3x2x2xf32>) -> (tensor<1x3x2x2xf32>, tensor<1x1x3x2xf32>, tensor<1x1x3x2xf32>) {
  %none = mlopt.none : none
  %y = mlopt.attention %q, %k, %v, %none {scale = 0.5 : f64, layouts = ["bhsd", "bhsd", "bhsd", "bhsd"]} : (tensor<1x3x2x2xf32>, tensor<1x1x3x2xf32>, tensor<1x1x3x2xf32>, none) -> tensor<1x3x2x2xf32>
  %p = mlopt.mul %y, %r : (tensor<1x3x2x2xf32>, tensor<1x3x2x2xf32>) -> tensor<1x3x2x2xf32>
  %g:3 = mlopt.gradient %p, %q, %k, %v : (tensor<1x3x2x2xf32>, tensor<1x3x2x2xf32>, tensor<1x1x3x2xf32>, tensor<1x1x3x2xf32>) -> (tensor<1x3x2x2xf32>, tensor<1x1x3x2xf32>, tensor<1x1x3x2xf32>)
  return %g#0, %g#1, %g#2 : tensor<1x3x2x2xf32>, tensor<1x1x3x2xf32>, tensor<1x1x3x2xf32>
}
// CHECK: gradient ok: multi_query: 

func.func @float_mask(%q: tensor<2x2x3x2xf32>, %k: tensor<2x2x4x2xf32>, %v: tensor<2x2x4x2xf32>, %m: tensor<2x1x1x4xf32>, %r: tensor<2x2x3x2xf32>) -> (tensor<2x2x3x2xf32>, tensor<2x2x4x2xf32>, tensor<2x2x4x2xf32>, tensor<2x1x1x4xf32>) {
  %y = mlopt.attention %q, %k, %v, %m {scale = 0.5 : f64, layouts = ["bhsd", "bhsd", "bhsd", "bhsd"]} : (tensor<2x2x3x2xf32>, tensor<2x2x4x2xf32>, tensor<2x2x4x2xf32>, tensor<2x1x1x4xf32>) -> tensor<2x2x3x2xf32>
  %p = mlopt.mul %y, %r : (tensor<2x2x3x2xf32>, tensor<2x2x3x2xf32>) -> tensor<2x2x3x2xf32>
  %g:4 = mlopt.gradient %p, %q, %k, %v, %m : (tensor<2x2x3x2xf32>, tensor<2x2x3x2xf32>, tensor<2x2x4x2xf32>, tensor<2x2x4x2xf32>, tensor<2x1x1x4xf32>) -> (tensor<2x2x3x2xf32>, tensor<2x2x4x2xf32>, tensor<2x2x4x2xf32>, tensor<2x1x1x4xf32>)
  return %g#0, %g#1, %g#2, %g#3 : tensor<2x2x3x2xf32>, tensor<2x2x4x2xf32>, tensor<2x2x4x2xf32>, tensor<2x1x1x4xf32>
}
// CHECK: gradient ok: float_mask: 

func.func @float_mask_per_query(%q: tensor<1x2x3x2xf32>, %k: tensor<1x2x4x2xf32>, %v: tensor<1x2x4x2xf32>, %m: tensor<3x4xf32>, %r: tensor<1x2x3x2xf32>) -> (tensor<1x2x3x2xf32>, tensor<1x2x4x2xf32>, tensor<1x2x4x2xf32>, tensor<3x4xf32>) {
  %y = mlopt.attention %q, %k, %v, %m {scale = 0.5 : f64, layouts = ["bhsd", "bhsd", "bhsd", "bhsd"]} : (tensor<1x2x3x2xf32>, tensor<1x2x4x2xf32>, tensor<1x2x4x2xf32>, tensor<3x4xf32>) -> tensor<1x2x3x2xf32>
  %p = mlopt.mul %y, %r : (tensor<1x2x3x2xf32>, tensor<1x2x3x2xf32>) -> tensor<1x2x3x2xf32>
  %g:4 = mlopt.gradient %p, %q, %k, %v, %m : (tensor<1x2x3x2xf32>, tensor<1x2x3x2xf32>, tensor<1x2x4x2xf32>, tensor<1x2x4x2xf32>, tensor<3x4xf32>) -> (tensor<1x2x3x2xf32>, tensor<1x2x4x2xf32>, tensor<1x2x4x2xf32>, tensor<3x4xf32>)
  return %g#0, %g#1, %g#2, %g#3 : tensor<1x2x3x2xf32>, tensor<1x2x4x2xf32>, tensor<1x2x4x2xf32>, tensor<3x4xf32>
}
// CHECK: gradient ok: float_mask_per_query: 

func.func @float_mask_full(%q: tensor<1x2x3x2xf32>, %k: tensor<1x1x4x2xf32>, %v: tensor<1x1x4x2xf32>, %m: tensor<1x2x3x4xf32>, %r: tensor<1x2x3x2xf32>) -> (tensor<1x2x3x2xf32>, tensor<1x1x4x2xf32>, tensor<1x1x4x2xf32>, tensor<1x2x3x4xf32>) {
  %y = mlopt.attention %q, %k, %v, %m {scale = 0.7 : f64, layouts = ["bhsd", "bhsd", "bhsd", "bhsd"]} : (tensor<1x2x3x2xf32>, tensor<1x1x4x2xf32>, tensor<1x1x4x2xf32>, tensor<1x2x3x4xf32>) -> tensor<1x2x3x2xf32>
  %p = mlopt.mul %y, %r : (tensor<1x2x3x2xf32>, tensor<1x2x3x2xf32>) -> tensor<1x2x3x2xf32>
  %g:4 = mlopt.gradient %p, %q, %k, %v, %m : (tensor<1x2x3x2xf32>, tensor<1x2x3x2xf32>, tensor<1x1x4x2xf32>, tensor<1x1x4x2xf32>, tensor<1x2x3x4xf32>) -> (tensor<1x2x3x2xf32>, tensor<1x1x4x2xf32>, tensor<1x1x4x2xf32>, tensor<1x2x3x4xf32>)
  return %g#0, %g#1, %g#2, %g#3 : tensor<1x2x3x2xf32>, tensor<1x1x4x2xf32>, tensor<1x1x4x2xf32>, tensor<1x2x3x4xf32>
}
// CHECK: gradient ok: float_mask_full: 

func.func @bool_mask(%q: tensor<1x2x4x2xf32>, %k: tensor<1x2x4x2xf32>, %v: tensor<1x2x4x2xf32>, %m: tensor<4x4xi1>, %r: tensor<1x2x4x2xf32>) -> (tensor<1x2x4x2xf32>, tensor<1x2x4x2xf32>, tensor<1x2x4x2xf32>) {
  %y = mlopt.attention %q, %k, %v, %m {scale = 0.5 : f64, layouts = ["bhsd", "bhsd", "bhsd", "bhsd"], zero_masked_rows = true} : (tensor<1x2x4x2xf32>, tensor<1x2x4x2xf32>, tensor<1x2x4x2xf32>, tensor<4x4xi1>) -> tensor<1x2x4x2xf32>
  %p = mlopt.mul %y, %r : (tensor<1x2x4x2xf32>, tensor<1x2x4x2xf32>) -> tensor<1x2x4x2xf32>
  %g:3 = mlopt.gradient %p, %q, %k, %v : (tensor<1x2x4x2xf32>, tensor<1x2x4x2xf32>, tensor<1x2x4x2xf32>, tensor<1x2x4x2xf32>) -> (tensor<1x2x4x2xf32>, tensor<1x2x4x2xf32>, tensor<1x2x4x2xf32>)
  return %g#0, %g#1, %g#2 : tensor<1x2x4x2xf32>, tensor<1x2x4x2xf32>, tensor<1x2x4x2xf32>
}
// CHECK: gradient ok: bool_mask: 

func.func @causal(%q: tensor<?x2x4x2xf32> {mlopt.dims = ["n", 2, 4, 2]}, %k: tensor<?x2x4x2xf32> {mlopt.dims = ["n", 2, 4, 2]}, %v: tensor<?x2x4x2xf32> {mlopt.dims = ["n", 2, 4, 2]}, %r: tensor<?x2x4x2xf32> {mlopt.dims = ["n", 2, 4, 2]}) -> (tensor<?x2x4x2xf32>, tensor<?x2x4x2xf32>, tensor<?x2x4x2xf32>) {
  %none = mlopt.none : none
  %y = mlopt.attention %q, %k, %v, %none {scale = 0.5 : f64, layouts = ["bhsd", "bhsd", "bhsd", "bhsd"], causal = true} : (tensor<?x2x4x2xf32>, tensor<?x2x4x2xf32>, tensor<?x2x4x2xf32>, none) -> tensor<?x2x4x2xf32>
  %p = mlopt.mul %y, %r : (tensor<?x2x4x2xf32>, tensor<?x2x4x2xf32>) -> tensor<?x2x4x2xf32>
  %g:3 = mlopt.gradient %p, %q, %k, %v : (tensor<?x2x4x2xf32>, tensor<?x2x4x2xf32>, tensor<?x2x4x2xf32>, tensor<?x2x4x2xf32>) -> (tensor<?x2x4x2xf32>, tensor<?x2x4x2xf32>, tensor<?x2x4x2xf32>)
  return %g#0, %g#1, %g#2 : tensor<?x2x4x2xf32>, tensor<?x2x4x2xf32>, tensor<?x2x4x2xf32>
}
// CHECK: gradient ok: causal n=3
// CHECK: gradient ok: causal n=1
// CHECK: gradient ok: causal n=0

func.func @causal_more_keys(%q: tensor<1x2x2x2xf32>, %k: tensor<1x2x4x2xf32>, %v: tensor<1x2x4x2xf32>, %r: tensor<1x2x2x2xf32>) -> (tensor<1x2x2x2xf32>, tensor<1x2x4x2xf32>, tensor<1x2x4x2xf32>) {
  %none = mlopt.none : none
  %y = mlopt.attention %q, %k, %v, %none {scale = 0.5 : f64, layouts = ["bhsd", "bhsd", "bhsd", "bhsd"], causal = true} : (tensor<1x2x2x2xf32>, tensor<1x2x4x2xf32>, tensor<1x2x4x2xf32>, none) -> tensor<1x2x2x2xf32>
  %p = mlopt.mul %y, %r : (tensor<1x2x2x2xf32>, tensor<1x2x2x2xf32>) -> tensor<1x2x2x2xf32>
  %g:3 = mlopt.gradient %p, %q, %k, %v : (tensor<1x2x2x2xf32>, tensor<1x2x2x2xf32>, tensor<1x2x4x2xf32>, tensor<1x2x4x2xf32>) -> (tensor<1x2x2x2xf32>, tensor<1x2x4x2xf32>, tensor<1x2x4x2xf32>)
  return %g#0, %g#1, %g#2 : tensor<1x2x2x2xf32>, tensor<1x2x4x2xf32>, tensor<1x2x4x2xf32>
}
// CHECK: gradient ok: causal_more_keys: 

func.func @causal_more_queries(%q: tensor<1x1x4x2xf32>, %k: tensor<1x1x2x2xf32>, %v: tensor<1x1x2x2xf32>, %r: tensor<1x1x4x2xf32>) -> (tensor<1x1x4x2xf32>, tensor<1x1x2x2xf32>, tensor<1x1x2x2xf32>) {
  %none = mlopt.none : none
  %y = mlopt.attention %q, %k, %v, %none {scale = 0.5 : f64, layouts = ["bhsd", "bhsd", "bhsd", "bhsd"], causal = true, zero_masked_rows = true} : (tensor<1x1x4x2xf32>, tensor<1x1x2x2xf32>, tensor<1x1x2x2xf32>, none) -> tensor<1x1x4x2xf32>
  %p = mlopt.mul %y, %r : (tensor<1x1x4x2xf32>, tensor<1x1x4x2xf32>) -> tensor<1x1x4x2xf32>
  %g:3 = mlopt.gradient %p, %q, %k, %v : (tensor<1x1x4x2xf32>, tensor<1x1x4x2xf32>, tensor<1x1x2x2xf32>, tensor<1x1x2x2xf32>) -> (tensor<1x1x4x2xf32>, tensor<1x1x2x2xf32>, tensor<1x1x2x2xf32>)
  return %g#0, %g#1, %g#2 : tensor<1x1x4x2xf32>, tensor<1x1x2x2xf32>, tensor<1x1x2x2xf32>
}
// CHECK: gradient ok: causal_more_queries: 

func.func @causal_masked(%q: tensor<1x2x3x2xf32>, %k: tensor<1x2x3x2xf32>, %v: tensor<1x2x3x2xf32>, %m: tensor<1x1x1x3xf32>, %r: tensor<1x2x3x2xf32>) -> (tensor<1x2x3x2xf32>, tensor<1x2x3x2xf32>, tensor<1x2x3x2xf32>, tensor<1x1x1x3xf32>) {
  %y = mlopt.attention %q, %k, %v, %m {scale = 0.5 : f64, layouts = ["bhsd", "bhsd", "bhsd", "bhsd"], causal = true} : (tensor<1x2x3x2xf32>, tensor<1x2x3x2xf32>, tensor<1x2x3x2xf32>, tensor<1x1x1x3xf32>) -> tensor<1x2x3x2xf32>
  %p = mlopt.mul %y, %r : (tensor<1x2x3x2xf32>, tensor<1x2x3x2xf32>) -> tensor<1x2x3x2xf32>
  %g:4 = mlopt.gradient %p, %q, %k, %v, %m : (tensor<1x2x3x2xf32>, tensor<1x2x3x2xf32>, tensor<1x2x3x2xf32>, tensor<1x2x3x2xf32>, tensor<1x1x1x3xf32>) -> (tensor<1x2x3x2xf32>, tensor<1x2x3x2xf32>, tensor<1x2x3x2xf32>, tensor<1x1x1x3xf32>)
  return %g#0, %g#1, %g#2, %g#3 : tensor<1x2x3x2xf32>, tensor<1x2x3x2xf32>, tensor<1x2x3x2xf32>, tensor<1x1x1x3xf32>
}
// CHECK: gradient ok: causal_masked: 

func.func @dynamic_keys(%q: tensor<1x2x3x2xf32>, %k: tensor<1x2x?x2xf32> {mlopt.dims = [1, 2, "n", 2]}, %v: tensor<1x2x?x2xf32> {mlopt.dims = [1, 2, "n", 2]}, %r: tensor<1x2x3x2xf32>) -> (tensor<1x2x3x2xf32>, tensor<1x2x?x2xf32>, tensor<1x2x?x2xf32>) {
  %none = mlopt.none : none
  %y = mlopt.attention %q, %k, %v, %none {scale = 0.5 : f64, layouts = ["bhsd", "bhsd", "bhsd", "bhsd"]} : (tensor<1x2x3x2xf32>, tensor<1x2x?x2xf32>, tensor<1x2x?x2xf32>, none) -> tensor<1x2x3x2xf32>
  %p = mlopt.mul %y, %r : (tensor<1x2x3x2xf32>, tensor<1x2x3x2xf32>) -> tensor<1x2x3x2xf32>
  %g:3 = mlopt.gradient %p, %q, %k, %v : (tensor<1x2x3x2xf32>, tensor<1x2x3x2xf32>, tensor<1x2x?x2xf32>, tensor<1x2x?x2xf32>) -> (tensor<1x2x3x2xf32>, tensor<1x2x?x2xf32>, tensor<1x2x?x2xf32>)
  return %g#0, %g#1, %g#2 : tensor<1x2x3x2xf32>, tensor<1x2x?x2xf32>, tensor<1x2x?x2xf32>
}
// CHECK: gradient ok: dynamic_keys n=3
// CHECK: gradient ok: dynamic_keys n=1
// CHECK: gradient ok: dynamic_keys n=0

func.func @dynamic_queries_causal(%q: tensor<1x?x2x2xf32> {mlopt.dims = [1, "n", 2, 2]}, %k: tensor<1x?x2x2xf32> {mlopt.dims = [1, "n", 2, 2]}, %v: tensor<1x?x2x2xf32> {mlopt.dims = [1, "n", 2, 2]}, %r: tensor<1x?x2x2xf32> {mlopt.dims = [1, "n", 2, 2]}) -> (tensor<1x?x2x2xf32>, tensor<1x?x2x2xf32>, tensor<1x?x2x2xf32>) {
  %none = mlopt.none : none
  %y = mlopt.attention %q, %k, %v, %none {scale = 0.5 : f64, layouts = ["bshd", "bshd", "bshd", "bshd"], causal = true} : (tensor<1x?x2x2xf32>, tensor<1x?x2x2xf32>, tensor<1x?x2x2xf32>, none) -> tensor<1x?x2x2xf32>
  %p = mlopt.mul %y, %r : (tensor<1x?x2x2xf32>, tensor<1x?x2x2xf32>) -> tensor<1x?x2x2xf32>
  %g:3 = mlopt.gradient %p, %q, %k, %v : (tensor<1x?x2x2xf32>, tensor<1x?x2x2xf32>, tensor<1x?x2x2xf32>, tensor<1x?x2x2xf32>) -> (tensor<1x?x2x2xf32>, tensor<1x?x2x2xf32>, tensor<1x?x2x2xf32>)
  return %g#0, %g#1, %g#2 : tensor<1x?x2x2xf32>, tensor<1x?x2x2xf32>, tensor<1x?x2x2xf32>
}
// CHECK: gradient ok: dynamic_queries_causal n=3
// CHECK: gradient ok: dynamic_queries_causal n=1
// CHECK: gradient ok: dynamic_queries_causal n=0

func.func @one_key(%q: tensor<1x2x3x2xf32>, %k: tensor<1x2x1x2xf32>, %v: tensor<1x2x1x2xf32>, %r: tensor<1x2x3x2xf32>) -> tensor<1x2x1x2xf32> {
  %none = mlopt.none : none
  %y = mlopt.attention %q, %k, %v, %none {scale = 0.5 : f64, layouts = ["bhsd", "bhsd", "bhsd", "bhsd"]} : (tensor<1x2x3x2xf32>, tensor<1x2x1x2xf32>, tensor<1x2x1x2xf32>, none) -> tensor<1x2x3x2xf32>
  %p = mlopt.mul %y, %r : (tensor<1x2x3x2xf32>, tensor<1x2x3x2xf32>) -> tensor<1x2x3x2xf32>
  %g = mlopt.gradient %p, %v : (tensor<1x2x3x2xf32>, tensor<1x2x1x2xf32>) -> (tensor<1x2x1x2xf32>)
  return %g : tensor<1x2x1x2xf32>
}
// CHECK: gradient ok: one_key: 

func.func @by_query_only(%q: tensor<1x2x3x2xf32>, %k: tensor<1x2x3x2xf32>, %v: tensor<1x2x3x2xf32>, %r: tensor<1x2x3x2xf32>) -> tensor<1x2x3x2xf32> {
  %none = mlopt.none : none
  %y = mlopt.attention %q, %k, %v, %none {scale = 0.5 : f64, layouts = ["bhsd", "bhsd", "bhsd", "bhsd"]} : (tensor<1x2x3x2xf32>, tensor<1x2x3x2xf32>, tensor<1x2x3x2xf32>, none) -> tensor<1x2x3x2xf32>
  %p = mlopt.mul %y, %r : (tensor<1x2x3x2xf32>, tensor<1x2x3x2xf32>) -> tensor<1x2x3x2xf32>
  %g = mlopt.gradient %p, %q : (tensor<1x2x3x2xf32>, tensor<1x2x3x2xf32>) -> (tensor<1x2x3x2xf32>)
  return %g : tensor<1x2x3x2xf32>
}
// CHECK: gradient ok: by_query_only: 

// RUN: mlopt-kernel-test %s --cpu=x86-64-v2,x86-64-v3,x86-64-v4 --size b=1,s=5,t=5 --size b=2,s=33,t=40 --size b=1,s=60,t=17 --size b=1,s=1,t=1 | FileCheck %s --implicit-check-not=FAILED
//
// Rows that see no key: their probabilities, NaN by definition, count as 0. The
// bool masks hide whole rows, the causal ones (with fewer keys than queries)
// the first queries.

// CHECK: {{^}}rows_f32 x86-64-v2{{.*}}: attention
mlopt.kernel @rows_f32(%q: tensor<?x?x4x20xf32>, %k: tensor<?x?x2x20xf32>, %v: tensor<?x?x2x12xf32>, %a: tensor<?x1x?x1xi1>) -> tensor<?x?x4x12xf32> attributes {hero = #mlopt.hero<attention>, dims = [["b", "s", 4, 20], ["b", "t", 2, 20], ["b", "t", 2, 12], ["b", 1, "s", 1], ["b", "s", 4, 12]]} {
  %0 = mlopt.attention %q, %k, %v, %a {scale = 0.3 : f64, layouts = ["bshd", "bshd", "bshd", "bshd"], zero_masked_rows = true, mlopt.hero_op} : (tensor<?x?x4x20xf32>, tensor<?x?x2x20xf32>, tensor<?x?x2x12xf32>, tensor<?x1x?x1xi1>) -> tensor<?x?x4x12xf32>
  mlopt.yield %0 : tensor<?x?x4x12xf32>
}

// CHECK: {{^}}additive_f32 x86-64-v2{{.*}}: attention
mlopt.kernel @additive_f32(%q: tensor<?x?x4x20xf32>, %k: tensor<?x?x2x20xf32>, %v: tensor<?x?x2x12xf32>, %a: tensor<?x1x?x1xi1>) -> tensor<?x?x4x12xf32> attributes {hero = #mlopt.hero<attention>, dims = [["b", "s", 4, 20], ["b", "t", 2, 20], ["b", "t", 2, 12], ["b", 1, "s", 1], ["b", "s", 4, 12]]} {
  %z = mlopt.constant dense<0.0> : tensor<f32>
  %i = mlopt.constant dense<0xFF800000> : tensor<f32>
  %m = mlopt.select %a, %z, %i : (tensor<?x1x?x1xi1>, tensor<f32>, tensor<f32>) -> tensor<?x1x?x1xf32>
  %0 = mlopt.attention %q, %k, %v, %m {scale = 0.3 : f64, layouts = ["bshd", "bshd", "bshd", "bshd"], zero_masked_rows = true, mlopt.hero_op} : (tensor<?x?x4x20xf32>, tensor<?x?x2x20xf32>, tensor<?x?x2x12xf32>, tensor<?x1x?x1xf32>) -> tensor<?x?x4x12xf32>
  mlopt.yield %0 : tensor<?x?x4x12xf32>
}

// CHECK: {{^}}causal_f32 x86-64-v2{{.*}}: attention
mlopt.kernel @causal_f32(%q: tensor<?x?x4x20xf32>, %k: tensor<?x?x2x20xf32>, %v: tensor<?x?x2x12xf32>) -> tensor<?x?x4x12xf32> attributes {hero = #mlopt.hero<attention>, dims = [["b", "s", 4, 20], ["b", "t", 2, 20], ["b", "t", 2, 12], ["b", "s", 4, 12]]} {
  %m = mlopt.none : none
  %0 = mlopt.attention %q, %k, %v, %m {scale = 0.3 : f64, layouts = ["bshd", "bshd", "bshd", "bshd"], zero_masked_rows = true, causal = true, mlopt.hero_op} : (tensor<?x?x4x20xf32>, tensor<?x?x2x20xf32>, tensor<?x?x2x12xf32>, none) -> tensor<?x?x4x12xf32>
  mlopt.yield %0 : tensor<?x?x4x12xf32>
}

// CHECK: {{^}}rows_f16 x86-64-v2{{.*}}: attention
mlopt.kernel @rows_f16(%q: tensor<?x?x4x20xf16>, %k: tensor<?x?x2x20xf16>, %v: tensor<?x?x2x12xf16>, %a: tensor<?x1x?x1xi1>) -> tensor<?x?x4x12xf16> attributes {hero = #mlopt.hero<attention>, dims = [["b", "s", 4, 20], ["b", "t", 2, 20], ["b", "t", 2, 12], ["b", 1, "s", 1], ["b", "s", 4, 12]]} {
  %0 = mlopt.attention %q, %k, %v, %a {scale = 0.3 : f64, layouts = ["bshd", "bshd", "bshd", "bshd"], zero_masked_rows = true, mlopt.hero_op} : (tensor<?x?x4x20xf16>, tensor<?x?x2x20xf16>, tensor<?x?x2x12xf16>, tensor<?x1x?x1xi1>) -> tensor<?x?x4x12xf16>
  mlopt.yield %0 : tensor<?x?x4x12xf16>
}

// CHECK: {{^}}additive_f16 x86-64-v2{{.*}}: attention
mlopt.kernel @additive_f16(%q: tensor<?x?x4x20xf16>, %k: tensor<?x?x2x20xf16>, %v: tensor<?x?x2x12xf16>, %a: tensor<?x1x?x1xi1>) -> tensor<?x?x4x12xf16> attributes {hero = #mlopt.hero<attention>, dims = [["b", "s", 4, 20], ["b", "t", 2, 20], ["b", "t", 2, 12], ["b", 1, "s", 1], ["b", "s", 4, 12]]} {
  %z = mlopt.constant dense<0.0> : tensor<f16>
  %i = mlopt.constant dense<0xFC00> : tensor<f16>
  %m = mlopt.select %a, %z, %i : (tensor<?x1x?x1xi1>, tensor<f16>, tensor<f16>) -> tensor<?x1x?x1xf16>
  %0 = mlopt.attention %q, %k, %v, %m {scale = 0.3 : f64, layouts = ["bshd", "bshd", "bshd", "bshd"], zero_masked_rows = true, mlopt.hero_op} : (tensor<?x?x4x20xf16>, tensor<?x?x2x20xf16>, tensor<?x?x2x12xf16>, tensor<?x1x?x1xf16>) -> tensor<?x?x4x12xf16>
  mlopt.yield %0 : tensor<?x?x4x12xf16>
}

// CHECK: {{^}}causal_f16 x86-64-v2{{.*}}: attention
mlopt.kernel @causal_f16(%q: tensor<?x?x4x20xf16>, %k: tensor<?x?x2x20xf16>, %v: tensor<?x?x2x12xf16>) -> tensor<?x?x4x12xf16> attributes {hero = #mlopt.hero<attention>, dims = [["b", "s", 4, 20], ["b", "t", 2, 20], ["b", "t", 2, 12], ["b", "s", 4, 12]]} {
  %m = mlopt.none : none
  %0 = mlopt.attention %q, %k, %v, %m {scale = 0.3 : f64, layouts = ["bshd", "bshd", "bshd", "bshd"], zero_masked_rows = true, causal = true, mlopt.hero_op} : (tensor<?x?x4x20xf16>, tensor<?x?x2x20xf16>, tensor<?x?x2x12xf16>, none) -> tensor<?x?x4x12xf16>
  mlopt.yield %0 : tensor<?x?x4x12xf16>
}

// CHECK: {{^}}rows_bf16 x86-64-v2{{.*}}: attention
mlopt.kernel @rows_bf16(%q: tensor<?x?x4x20xbf16>, %k: tensor<?x?x2x20xbf16>, %v: tensor<?x?x2x12xbf16>, %a: tensor<?x1x?x1xi1>) -> tensor<?x?x4x12xbf16> attributes {hero = #mlopt.hero<attention>, dims = [["b", "s", 4, 20], ["b", "t", 2, 20], ["b", "t", 2, 12], ["b", 1, "s", 1], ["b", "s", 4, 12]]} {
  %0 = mlopt.attention %q, %k, %v, %a {scale = 0.3 : f64, layouts = ["bshd", "bshd", "bshd", "bshd"], zero_masked_rows = true, mlopt.hero_op} : (tensor<?x?x4x20xbf16>, tensor<?x?x2x20xbf16>, tensor<?x?x2x12xbf16>, tensor<?x1x?x1xi1>) -> tensor<?x?x4x12xbf16>
  mlopt.yield %0 : tensor<?x?x4x12xbf16>
}

// CHECK: {{^}}additive_bf16 x86-64-v2{{.*}}: attention
mlopt.kernel @additive_bf16(%q: tensor<?x?x4x20xbf16>, %k: tensor<?x?x2x20xbf16>, %v: tensor<?x?x2x12xbf16>, %a: tensor<?x1x?x1xi1>) -> tensor<?x?x4x12xbf16> attributes {hero = #mlopt.hero<attention>, dims = [["b", "s", 4, 20], ["b", "t", 2, 20], ["b", "t", 2, 12], ["b", 1, "s", 1], ["b", "s", 4, 12]]} {
  %z = mlopt.constant dense<0.0> : tensor<bf16>
  %i = mlopt.constant dense<0xFF80> : tensor<bf16>
  %m = mlopt.select %a, %z, %i : (tensor<?x1x?x1xi1>, tensor<bf16>, tensor<bf16>) -> tensor<?x1x?x1xbf16>
  %0 = mlopt.attention %q, %k, %v, %m {scale = 0.3 : f64, layouts = ["bshd", "bshd", "bshd", "bshd"], zero_masked_rows = true, mlopt.hero_op} : (tensor<?x?x4x20xbf16>, tensor<?x?x2x20xbf16>, tensor<?x?x2x12xbf16>, tensor<?x1x?x1xbf16>) -> tensor<?x?x4x12xbf16>
  mlopt.yield %0 : tensor<?x?x4x12xbf16>
}

// CHECK: {{^}}causal_bf16 x86-64-v2{{.*}}: attention
mlopt.kernel @causal_bf16(%q: tensor<?x?x4x20xbf16>, %k: tensor<?x?x2x20xbf16>, %v: tensor<?x?x2x12xbf16>) -> tensor<?x?x4x12xbf16> attributes {hero = #mlopt.hero<attention>, dims = [["b", "s", 4, 20], ["b", "t", 2, 20], ["b", "t", 2, 12], ["b", "s", 4, 12]]} {
  %m = mlopt.none : none
  %0 = mlopt.attention %q, %k, %v, %m {scale = 0.3 : f64, layouts = ["bshd", "bshd", "bshd", "bshd"], zero_masked_rows = true, causal = true, mlopt.hero_op} : (tensor<?x?x4x20xbf16>, tensor<?x?x2x20xbf16>, tensor<?x?x2x12xbf16>, none) -> tensor<?x?x4x12xbf16>
  mlopt.yield %0 : tensor<?x?x4x12xbf16>
}

// CHECK: {{^}}rows_f64 x86-64-v2{{.*}}: generic
mlopt.kernel @rows_f64(%q: tensor<?x?x4x20xf64>, %k: tensor<?x?x2x20xf64>, %v: tensor<?x?x2x12xf64>, %a: tensor<?x1x?x1xi1>) -> tensor<?x?x4x12xf64> attributes {hero = #mlopt.hero<attention>, dims = [["b", "s", 4, 20], ["b", "t", 2, 20], ["b", "t", 2, 12], ["b", 1, "s", 1], ["b", "s", 4, 12]]} {
  %0 = mlopt.attention %q, %k, %v, %a {scale = 0.3 : f64, layouts = ["bshd", "bshd", "bshd", "bshd"], zero_masked_rows = true, mlopt.hero_op} : (tensor<?x?x4x20xf64>, tensor<?x?x2x20xf64>, tensor<?x?x2x12xf64>, tensor<?x1x?x1xi1>) -> tensor<?x?x4x12xf64>
  mlopt.yield %0 : tensor<?x?x4x12xf64>
}

// CHECK: {{^}}additive_f64 x86-64-v2{{.*}}: generic
mlopt.kernel @additive_f64(%q: tensor<?x?x4x20xf64>, %k: tensor<?x?x2x20xf64>, %v: tensor<?x?x2x12xf64>, %a: tensor<?x1x?x1xi1>) -> tensor<?x?x4x12xf64> attributes {hero = #mlopt.hero<attention>, dims = [["b", "s", 4, 20], ["b", "t", 2, 20], ["b", "t", 2, 12], ["b", 1, "s", 1], ["b", "s", 4, 12]]} {
  %z = mlopt.constant dense<0.0> : tensor<f64>
  %i = mlopt.constant dense<0xFFF0000000000000> : tensor<f64>
  %m = mlopt.select %a, %z, %i : (tensor<?x1x?x1xi1>, tensor<f64>, tensor<f64>) -> tensor<?x1x?x1xf64>
  %0 = mlopt.attention %q, %k, %v, %m {scale = 0.3 : f64, layouts = ["bshd", "bshd", "bshd", "bshd"], zero_masked_rows = true, mlopt.hero_op} : (tensor<?x?x4x20xf64>, tensor<?x?x2x20xf64>, tensor<?x?x2x12xf64>, tensor<?x1x?x1xf64>) -> tensor<?x?x4x12xf64>
  mlopt.yield %0 : tensor<?x?x4x12xf64>
}

// CHECK: {{^}}causal_f64 x86-64-v2{{.*}}: generic
mlopt.kernel @causal_f64(%q: tensor<?x?x4x20xf64>, %k: tensor<?x?x2x20xf64>, %v: tensor<?x?x2x12xf64>) -> tensor<?x?x4x12xf64> attributes {hero = #mlopt.hero<attention>, dims = [["b", "s", 4, 20], ["b", "t", 2, 20], ["b", "t", 2, 12], ["b", "s", 4, 12]]} {
  %m = mlopt.none : none
  %0 = mlopt.attention %q, %k, %v, %m {scale = 0.3 : f64, layouts = ["bshd", "bshd", "bshd", "bshd"], zero_masked_rows = true, causal = true, mlopt.hero_op} : (tensor<?x?x4x20xf64>, tensor<?x?x2x20xf64>, tensor<?x?x2x12xf64>, none) -> tensor<?x?x4x12xf64>
  mlopt.yield %0 : tensor<?x?x4x12xf64>
}

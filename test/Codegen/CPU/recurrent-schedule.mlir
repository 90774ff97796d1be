// RUN: mlopt-kernel-test %s --cpu=x86-64-v3,x86-64-v4 --show-schedule | FileCheck %s
//
// How recurrent layers are divided: a step is a phase of its own where its work
// pays for a barrier.

// A tile of one item has eight accumulators, all of the unit's columns at this
// level (at v3 half of them). Weights are read in one stream without prefetching.
// CHECK: lstm_one_item x86-64-v3: {{.*}}phases = 2, {{.*}}units = <"16">, {{.*}}stage0 = {{{.*}}lanes = 8 : i64, prefetch = 0 : i64, {{.*}}rows = 1 : i64, {{.*}}unroll = 4 : i64, vectors = 8 : i64}, walk = "steps"}, repeat = <"t">, repeatFrom = 1>
// CHECK: lstm_one_item x86-64-v4: {{.*}}lanes = 16 : i64, {{.*}}lanes = 16 : i64, prefetch = 0 : i64, {{.*}}rows = 1 : i64, {{.*}}vectors = 8 : i64}, walk = "steps"}
mlopt.kernel @lstm_one_item(%x: tensor<?x1x64xf32>, %w: tensor<1x2048x64xf32> {mlopt.range = [-0.5, 0.5]}, %r: tensor<1x2048x512xf32> {mlopt.range = [-0.2, 0.2]}, %bias: tensor<1x4096xf32>) -> (tensor<?x1x1x512xf32>, tensor<1x1x512xf32>, tensor<1x1x512xf32>) attributes {hero = #mlopt.hero<recurrent>, dims = [["t", 1, 64], [1, 2048, 64], [1, 2048, 512], [1, 4096], ["t", 1, 1, 512], [1, 1, 512], [1, 1, 512]], layouts = [unit, #mlopt.layout<"panel_t32", [0, 1, 0, 1, 32, 0, 2, 1, 0, 1, 1, 32]>, #mlopt.layout<"recurrent512h16", [0, 1, 0, 1, 16, 32, 2, 1, 0, 1, 512, 0, 1, 1, 16]>, unit, unit, unit, unit]} {
  %none = mlopt.none : none
  %y:3 = mlopt.lstm %x, %w, %r, %bias, %none, %none, %none, %none {mlopt.hero_op, direction = #mlopt<direction forward>, hidden_size = 512 : i64, activations = ["Sigmoid", "Tanh", "Tanh"], activation_alpha = array<f64>, activation_beta = array<f64>} : (tensor<?x1x64xf32>, tensor<1x2048x64xf32>, tensor<1x2048x512xf32>, tensor<1x4096xf32>, none, none, none, none) -> (tensor<?x1x1x512xf32>, tensor<1x1x512xf32>, tensor<1x1x512xf32>)
  mlopt.yield %y#0, %y#1, %y#2 : tensor<?x1x1x512xf32>, tensor<1x1x512xf32>, tensor<1x1x512xf32>
}

// Items whose number is not known: parts of 24, tiles of several rows. Two
// stages of a step, since the reset gate acts before the product.
// CHECK: gru_items x86-64-v4: {{.*}}phases = 3, {{.*}}units = <"ceildiv(b, 24) * 4">, {{.*}}stage0 = {{{.*}}rows = 6 : i64, {{.*}}vectors = 4 : i64}, stage1 = {{{.*}}rows = 6 : i64, {{.*}}vectors = 4 : i64}, walk = "steps"}, repeat = <"t">, repeatFrom = 1>
mlopt.kernel @gru_items(%x: tensor<?x?x64xf32>, %w: tensor<1x768x64xf32> {mlopt.range = [-0.5, 0.5]}, %r: tensor<1x768x256xf32> {mlopt.range = [-0.2, 0.2]}, %bias: tensor<1x1536xf32>) -> (tensor<?x1x?x256xf32>, tensor<1x?x256xf32>) attributes {hero = #mlopt.hero<recurrent>, dims = [["t", "b", 64], [1, 768, 64], [1, 768, 256], [1, 1536], ["t", 1, "b", 256], [1, "b", 256]], layouts = [unit, #mlopt.layout<"panel_t32", [0, 1, 0, 1, 32, 0, 2, 1, 0, 1, 1, 32]>, #mlopt.layout<"recurrent256h16", [0, 1, 0, 1, 16, 16, 2, 1, 0, 1, 256, 0, 1, 1, 16]>, unit, unit, unit]} {
  %none = mlopt.none : none
  %y:2 = mlopt.gru %x, %w, %r, %bias, %none, %none {mlopt.hero_op, direction = #mlopt<direction forward>, hidden_size = 256 : i64, activations = ["Sigmoid", "Tanh"], activation_alpha = array<f64>, activation_beta = array<f64>} : (tensor<?x?x64xf32>, tensor<1x768x64xf32>, tensor<1x768x256xf32>, tensor<1x1536xf32>, none, none) -> (tensor<?x1x?x256xf32>, tensor<1x?x256xf32>)
  mlopt.yield %y#0, %y#1 : tensor<?x1x?x256xf32>, tensor<1x?x256xf32>
}

// 16384 multiply-adds per step are divided, fewer are not.
// CHECK: rnn_128 x86-64-v4: {{.*}}walk = "steps"}, repeat = <"t">, repeatFrom = 1>
mlopt.kernel @rnn_128(%x: tensor<?x?x8xf32>, %w: tensor<1x128x8xf32> {mlopt.range = [-0.5, 0.5]}, %r: tensor<1x128x128xf32> {mlopt.range = [-0.2, 0.2]}, %bias: tensor<1x256xf32>) -> (tensor<?x1x?x128xf32>, tensor<1x?x128xf32>) attributes {hero = #mlopt.hero<recurrent>, dims = [["t", "b", 8], [1, 128, 8], [1, 128, 128], [1, 256], ["t", 1, "b", 128], [1, "b", 128]], layouts = [unit, #mlopt.layout<"panel_t32", [0, 1, 0, 1, 32, 0, 2, 1, 0, 1, 1, 32]>, #mlopt.layout<"recurrent128h16", [0, 1, 0, 1, 16, 8, 2, 1, 0, 1, 128, 0, 1, 1, 16]>, unit, unit, unit]} {
  %none = mlopt.none : none
  %y:2 = mlopt.rnn %x, %w, %r, %bias, %none, %none {mlopt.hero_op, direction = #mlopt<direction forward>, hidden_size = 128 : i64, activations = ["Tanh"], activation_alpha = array<f64>, activation_beta = array<f64>} : (tensor<?x?x8xf32>, tensor<1x128x8xf32>, tensor<1x128x128xf32>, tensor<1x256xf32>, none, none) -> (tensor<?x1x?x128xf32>, tensor<1x?x128xf32>)
  mlopt.yield %y#0, %y#1 : tensor<?x1x?x128xf32>, tensor<1x?x128xf32>
}

// CHECK: rnn_127 x86-64-v4: {{.*}}phases = 2, {{.*}}units = <"ceildiv(b, 4) * 2">, {{.*}}walk = "items"}>
mlopt.kernel @rnn_127(%x: tensor<?x?x8xf32>, %w: tensor<2x127x8xf32> {mlopt.range = [-0.5, 0.5]}, %r: tensor<2x127x127xf32> {mlopt.range = [-0.2, 0.2]}, %bias: tensor<2x254xf32>) -> (tensor<?x2x?x127xf32>, tensor<2x?x127xf32>) attributes {hero = #mlopt.hero<recurrent>, dims = [["t", "b", 8], [2, 127, 8], [2, 127, 127], [2, 254], ["t", 2, "b", 127], [2, "b", 127]], layouts = [unit, #mlopt.layout<"panel_t32", [0, 1, 0, 1, 32, 0, 2, 1, 0, 1, 1, 32]>, unit, unit, unit, unit]} {
  %none = mlopt.none : none
  %y:2 = mlopt.rnn %x, %w, %r, %bias, %none, %none {mlopt.hero_op, direction = #mlopt<direction bidirectional>, hidden_size = 127 : i64, activations = ["Tanh", "Tanh"], activation_alpha = array<f64>, activation_beta = array<f64>} : (tensor<?x?x8xf32>, tensor<2x127x8xf32>, tensor<2x127x127xf32>, tensor<2x254xf32>, none, none) -> (tensor<?x2x?x127xf32>, tensor<2x?x127xf32>)
  mlopt.yield %y#0, %y#1 : tensor<?x2x?x127xf32>, tensor<2x?x127xf32>
}

// Weights of the run time are packed into the shared scratch: 5 panels of 16 units, 3 gates, 80 steps of k.
// CHECK: gru_run_time x86-64-v4: {{.*}}scratchShared = <"b * t * 1024 + b * 640 + 76800">
mlopt.kernel @gru_run_time(%x: tensor<?x?x8xf32>, %w: tensor<1x240x8xf32> {mlopt.range = [-0.5, 0.5]}, %r: tensor<1x240x80xf32> {mlopt.range = [-0.2, 0.2]}, %bias: tensor<1x480xf32>) -> (tensor<?x1x?x80xf32>, tensor<1x?x80xf32>) attributes {hero = #mlopt.hero<recurrent>, dims = [["t", "b", 8], [1, 240, 8], [1, 240, 80], [1, 480], ["t", 1, "b", 80], [1, "b", 80]], layouts = [unit, unit, unit, unit, unit, unit]} {
  %none = mlopt.none : none
  %y:2 = mlopt.gru %x, %w, %r, %bias, %none, %none {mlopt.hero_op, direction = #mlopt<direction forward>, hidden_size = 80 : i64, activations = ["Sigmoid", "Tanh"], activation_alpha = array<f64>, activation_beta = array<f64>, linear_before_reset = true} : (tensor<?x?x8xf32>, tensor<1x240x8xf32>, tensor<1x240x80xf32>, tensor<1x480xf32>, none, none) -> (tensor<?x1x?x80xf32>, tensor<1x?x80xf32>)
  mlopt.yield %y#0, %y#1 : tensor<?x1x?x80xf32>, tensor<1x?x80xf32>
}

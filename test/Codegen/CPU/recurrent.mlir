// RUN: mlopt-kernel-test %s --cpu=x86-64-v2,x86-64-v3,x86-64-v4 --size t=1,s=3,b=1 --size t=4,s=5,b=3 --size t=3,s=3,b=7 --size t=2,s=3,b=26 --size t=0,s=4,b=2 | FileCheck %s --implicit-check-not=FAILED
//
// Recurrent layers: weights packed when compiling and at run time, hidden sizes
// that are no multiples of a vector, all options, at every level with 1 to 3
// threads against the reference. Lengths of sequences are below 3, so they use
// the symbol s.

// CHECK: {{^}}lstm_64 x86-64-v2{{.*}}: recurrent
mlopt.kernel @lstm_64(%x: tensor<?x?x24xf32>, %w: tensor<1x256x24xf32> {mlopt.range = [-0.5, 0.5]}, %r: tensor<1x256x64xf32> {mlopt.range = [-0.2, 0.2]}, %bias: tensor<1x512xf32>) -> (tensor<?x1x?x64xf32>, tensor<1x?x64xf32>, tensor<1x?x64xf32>) attributes {hero = #mlopt.hero<recurrent>, dims = [["t", "b", 24], [1, 256, 24], [1, 256, 64], [1, 512], ["t", 1, "b", 64], [1, "b", 64], [1, "b", 64]], layouts = [unit, #mlopt.layout<"panel_t32", [0, 1, 0, 1, 32, 0, 2, 1, 0, 1, 1, 32]>, #mlopt.layout<"recurrent64h16", [0, 1, 0, 1, 16, 4, 2, 1, 0, 1, 64, 0, 1, 1, 16]>, unit, unit, unit, unit]} {
  %none = mlopt.none : none
  %y:3 = mlopt.lstm %x, %w, %r, %bias, %none, %none, %none, %none {mlopt.hero_op, direction = #mlopt<direction forward>, hidden_size = 64 : i64, activations = ["Sigmoid", "Tanh", "Tanh"], activation_alpha = array<f64>, activation_beta = array<f64>} : (tensor<?x?x24xf32>, tensor<1x256x24xf32>, tensor<1x256x64xf32>, tensor<1x512xf32>, none, none, none, none) -> (tensor<?x1x?x64xf32>, tensor<1x?x64xf32>, tensor<1x?x64xf32>)
  mlopt.yield %y#0, %y#1, %y#2 : tensor<?x1x?x64xf32>, tensor<1x?x64xf32>, tensor<1x?x64xf32>
}

// CHECK: {{^}}lstm_100_both x86-64-v2{{.*}}: recurrent
mlopt.kernel @lstm_100_both(%x: tensor<?x?x7xf32>, %w: tensor<2x400x7xf32> {mlopt.range = [-0.5, 0.5]}, %r: tensor<2x400x100xf32> {mlopt.range = [-0.2, 0.2]}, %bias: tensor<2x800xf32>, %lengths: tensor<?xi32> {mlopt.range = [0, 4]}, %h0: tensor<2x?x100xf32>, %c0: tensor<2x?x100xf32>) -> (tensor<?x2x?x100xf32>, tensor<2x?x100xf32>, tensor<2x?x100xf32>) attributes {hero = #mlopt.hero<recurrent>, dims = [["s", "b", 7], [2, 400, 7], [2, 400, 100], [2, 800], ["b"], [2, "b", 100], [2, "b", 100], ["s", 2, "b", 100], [2, "b", 100], [2, "b", 100]], layouts = [unit, #mlopt.layout<"panel_t32", [0, 1, 0, 1, 32, 0, 2, 1, 0, 1, 1, 32]>, #mlopt.layout<"recurrent100h4", [0, 1, 0, 1, 4, 25, 2, 1, 0, 1, 100, 0, 1, 1, 4]>, unit, unit, unit, unit, unit, unit, unit]} {
  %none = mlopt.none : none
  %y:3 = mlopt.lstm %x, %w, %r, %bias, %lengths, %h0, %c0, %none {mlopt.hero_op, direction = #mlopt<direction bidirectional>, hidden_size = 100 : i64, activations = ["Sigmoid", "Tanh", "Tanh", "Sigmoid", "Tanh", "Tanh"], activation_alpha = array<f64>, activation_beta = array<f64>} : (tensor<?x?x7xf32>, tensor<2x400x7xf32>, tensor<2x400x100xf32>, tensor<2x800xf32>, tensor<?xi32>, tensor<2x?x100xf32>, tensor<2x?x100xf32>, none) -> (tensor<?x2x?x100xf32>, tensor<2x?x100xf32>, tensor<2x?x100xf32>)
  mlopt.yield %y#0, %y#1, %y#2 : tensor<?x2x?x100xf32>, tensor<2x?x100xf32>, tensor<2x?x100xf32>
}

// CHECK: {{^}}lstm_67 x86-64-v2{{.*}}: recurrent
mlopt.kernel @lstm_67(%x: tensor<?x?x33xf32>, %w: tensor<1x268x33xf32> {mlopt.range = [-0.5, 0.5]}, %r: tensor<1x268x67xf32> {mlopt.range = [-0.2, 0.2]}, %bias: tensor<1x536xf32>) -> (tensor<?x1x?x67xf32>, tensor<1x?x67xf32>, tensor<1x?x67xf32>) attributes {hero = #mlopt.hero<recurrent>, dims = [["t", "b", 33], [1, 268, 33], [1, 268, 67], [1, 536], ["t", 1, "b", 67], [1, "b", 67], [1, "b", 67]], layouts = [unit, #mlopt.layout<"panel_t32", [0, 1, 0, 1, 32, 0, 2, 1, 0, 1, 1, 32]>, unit, unit, unit, unit, unit]} {
  %none = mlopt.none : none
  %y:3 = mlopt.lstm %x, %w, %r, %bias, %none, %none, %none, %none {mlopt.hero_op, direction = #mlopt<direction forward>, hidden_size = 67 : i64, activations = ["Sigmoid", "Tanh", "Tanh"], activation_alpha = array<f64>, activation_beta = array<f64>} : (tensor<?x?x33xf32>, tensor<1x268x33xf32>, tensor<1x268x67xf32>, tensor<1x536xf32>, none, none, none, none) -> (tensor<?x1x?x67xf32>, tensor<1x?x67xf32>, tensor<1x?x67xf32>)
  mlopt.yield %y#0, %y#1, %y#2 : tensor<?x1x?x67xf32>, tensor<1x?x67xf32>, tensor<1x?x67xf32>
}

// CHECK: {{^}}lstm_72_run_time x86-64-v2{{.*}}: recurrent
mlopt.kernel @lstm_72_run_time(%x: tensor<?x?x19xf32>, %w: tensor<1x288x19xf32> {mlopt.range = [-0.5, 0.5]}, %r: tensor<1x288x72xf32> {mlopt.range = [-0.2, 0.2]}) -> (tensor<?x1x?x72xf32>, tensor<1x?x72xf32>, tensor<1x?x72xf32>) attributes {hero = #mlopt.hero<recurrent>, dims = [["t", "b", 19], [1, 288, 19], [1, 288, 72], ["t", 1, "b", 72], [1, "b", 72], [1, "b", 72]], layouts = [unit, unit, unit, unit, unit, unit]} {
  %none = mlopt.none : none
  %y:3 = mlopt.lstm %x, %w, %r, %none, %none, %none, %none, %none {mlopt.hero_op, direction = #mlopt<direction forward>, hidden_size = 72 : i64, activations = ["Sigmoid", "Tanh", "Tanh"], activation_alpha = array<f64>, activation_beta = array<f64>} : (tensor<?x?x19xf32>, tensor<1x288x19xf32>, tensor<1x288x72xf32>, none, none, none, none, none) -> (tensor<?x1x?x72xf32>, tensor<1x?x72xf32>, tensor<1x?x72xf32>)
  mlopt.yield %y#0, %y#1, %y#2 : tensor<?x1x?x72xf32>, tensor<1x?x72xf32>, tensor<1x?x72xf32>
}

// CHECK: {{^}}lstm_96_peep x86-64-v2{{.*}}: recurrent
mlopt.kernel @lstm_96_peep(%x: tensor<?x?x5xf32>, %w: tensor<1x384x5xf32> {mlopt.range = [-0.5, 0.5]}, %r: tensor<1x384x96xf32> {mlopt.range = [-0.2, 0.2]}, %bias: tensor<1x768xf32>, %c0: tensor<1x?x96xf32>, %p: tensor<1x288xf32>) -> (tensor<?x1x?x96xf32>, tensor<1x?x96xf32>, tensor<1x?x96xf32>) attributes {hero = #mlopt.hero<recurrent>, dims = [["t", "b", 5], [1, 384, 5], [1, 384, 96], [1, 768], [1, "b", 96], [1, 288], ["t", 1, "b", 96], [1, "b", 96], [1, "b", 96]], layouts = [unit, #mlopt.layout<"panel_t32", [0, 1, 0, 1, 32, 0, 2, 1, 0, 1, 1, 32]>, #mlopt.layout<"recurrent96h16", [0, 1, 0, 1, 16, 6, 2, 1, 0, 1, 96, 0, 1, 1, 16]>, unit, unit, unit, unit, unit, unit]} {
  %none = mlopt.none : none
  %y:3 = mlopt.lstm %x, %w, %r, %bias, %none, %none, %c0, %p {mlopt.hero_op, direction = #mlopt<direction reverse>, hidden_size = 96 : i64, activations = ["Sigmoid", "Tanh", "Tanh"], activation_alpha = array<f64>, activation_beta = array<f64>, clip = 0.7 : f64, input_forget = true} : (tensor<?x?x5xf32>, tensor<1x384x5xf32>, tensor<1x384x96xf32>, tensor<1x768xf32>, none, none, tensor<1x?x96xf32>, tensor<1x288xf32>) -> (tensor<?x1x?x96xf32>, tensor<1x?x96xf32>, tensor<1x?x96xf32>)
  mlopt.yield %y#0, %y#1, %y#2 : tensor<?x1x?x96xf32>, tensor<1x?x96xf32>, tensor<1x?x96xf32>
}

// CHECK: {{^}}lstm_68_peep_lengths x86-64-v2{{.*}}: recurrent
mlopt.kernel @lstm_68_peep_lengths(%x: tensor<?x?x5xf32>, %w: tensor<1x272x5xf32> {mlopt.range = [-0.5, 0.5]}, %r: tensor<1x272x68xf32> {mlopt.range = [-0.2, 0.2]}, %bias: tensor<1x544xf32>, %lengths: tensor<?xi32> {mlopt.range = [0, 4]}, %p: tensor<1x204xf32>) -> (tensor<?x1x?x68xf32>, tensor<1x?x68xf32>, tensor<1x?x68xf32>) attributes {hero = #mlopt.hero<recurrent>, dims = [["s", "b", 5], [1, 272, 5], [1, 272, 68], [1, 544], ["b"], [1, 204], ["s", 1, "b", 68], [1, "b", 68], [1, "b", 68]], layouts = [unit, #mlopt.layout<"panel_t32", [0, 1, 0, 1, 32, 0, 2, 1, 0, 1, 1, 32]>, #mlopt.layout<"recurrent68h4", [0, 1, 0, 1, 4, 17, 2, 1, 0, 1, 68, 0, 1, 1, 4]>, unit, unit, unit, unit, unit, unit]} {
  %none = mlopt.none : none
  %y:3 = mlopt.lstm %x, %w, %r, %bias, %lengths, %none, %none, %p {mlopt.hero_op, direction = #mlopt<direction reverse>, hidden_size = 68 : i64, activations = ["Sigmoid", "Tanh", "Tanh"], activation_alpha = array<f64>, activation_beta = array<f64>} : (tensor<?x?x5xf32>, tensor<1x272x5xf32>, tensor<1x272x68xf32>, tensor<1x544xf32>, tensor<?xi32>, none, none, tensor<1x204xf32>) -> (tensor<?x1x?x68xf32>, tensor<1x?x68xf32>, tensor<1x?x68xf32>)
  mlopt.yield %y#0, %y#1, %y#2 : tensor<?x1x?x68xf32>, tensor<1x?x68xf32>, tensor<1x?x68xf32>
}

// CHECK: {{^}}lstm_5 x86-64-v2{{.*}}: recurrent
mlopt.kernel @lstm_5(%x: tensor<?x?x3xf32>, %w: tensor<1x20x3xf32> {mlopt.range = [-0.5, 0.5]}, %r: tensor<1x20x5xf32> {mlopt.range = [-0.2, 0.2]}, %bias: tensor<1x40xf32>, %lengths: tensor<?xi32> {mlopt.range = [0, 4]}, %h0: tensor<1x?x5xf32>) -> (tensor<?x1x?x5xf32>, tensor<1x?x5xf32>, tensor<1x?x5xf32>) attributes {hero = #mlopt.hero<recurrent>, dims = [["s", "b", 3], [1, 20, 3], [1, 20, 5], [1, 40], ["b"], [1, "b", 5], ["s", 1, "b", 5], [1, "b", 5], [1, "b", 5]], layouts = [unit, #mlopt.layout<"panel_t32", [0, 1, 0, 1, 32, 0, 2, 1, 0, 1, 1, 32]>, unit, unit, unit, unit, unit, unit, unit]} {
  %none = mlopt.none : none
  %y:3 = mlopt.lstm %x, %w, %r, %bias, %lengths, %h0, %none, %none {mlopt.hero_op, direction = #mlopt<direction forward>, hidden_size = 5 : i64, activations = ["Sigmoid", "Tanh", "Tanh"], activation_alpha = array<f64>, activation_beta = array<f64>} : (tensor<?x?x3xf32>, tensor<1x20x3xf32>, tensor<1x20x5xf32>, tensor<1x40xf32>, tensor<?xi32>, tensor<1x?x5xf32>, none, none) -> (tensor<?x1x?x5xf32>, tensor<1x?x5xf32>, tensor<1x?x5xf32>)
  mlopt.yield %y#0, %y#1, %y#2 : tensor<?x1x?x5xf32>, tensor<1x?x5xf32>, tensor<1x?x5xf32>
}

// CHECK: {{^}}lstm_16 x86-64-v2{{.*}}: recurrent
mlopt.kernel @lstm_16(%x: tensor<?x?x3xf32>, %w: tensor<2x64x3xf32> {mlopt.range = [-0.5, 0.5]}, %r: tensor<2x64x16xf32> {mlopt.range = [-0.2, 0.2]}, %bias: tensor<2x128xf32>) -> (tensor<?x2x?x16xf32>, tensor<2x?x16xf32>, tensor<2x?x16xf32>) attributes {hero = #mlopt.hero<recurrent>, dims = [["t", "b", 3], [2, 64, 3], [2, 64, 16], [2, 128], ["t", 2, "b", 16], [2, "b", 16], [2, "b", 16]], layouts = [unit, #mlopt.layout<"panel_t32", [0, 1, 0, 1, 32, 0, 2, 1, 0, 1, 1, 32]>, #mlopt.layout<"recurrent16h16", [0, 1, 0, 1, 16, 1, 2, 1, 0, 1, 16, 0, 1, 1, 16]>, unit, unit, unit, unit]} {
  %none = mlopt.none : none
  %y:3 = mlopt.lstm %x, %w, %r, %bias, %none, %none, %none, %none {mlopt.hero_op, direction = #mlopt<direction bidirectional>, hidden_size = 16 : i64, activations = ["Sigmoid", "Tanh", "Tanh", "Sigmoid", "Tanh", "Tanh"], activation_alpha = array<f64>, activation_beta = array<f64>} : (tensor<?x?x3xf32>, tensor<2x64x3xf32>, tensor<2x64x16xf32>, tensor<2x128xf32>, none, none, none, none) -> (tensor<?x2x?x16xf32>, tensor<2x?x16xf32>, tensor<2x?x16xf32>)
  mlopt.yield %y#0, %y#1, %y#2 : tensor<?x2x?x16xf32>, tensor<2x?x16xf32>, tensor<2x?x16xf32>
}

// CHECK: {{^}}gru_80 x86-64-v2{{.*}}: recurrent
mlopt.kernel @gru_80(%x: tensor<?x?x12xf32>, %w: tensor<1x240x12xf32> {mlopt.range = [-0.5, 0.5]}, %r: tensor<1x240x80xf32> {mlopt.range = [-0.2, 0.2]}, %bias: tensor<1x480xf32>, %lengths: tensor<?xi32> {mlopt.range = [0, 4]}) -> (tensor<?x1x?x80xf32>, tensor<1x?x80xf32>) attributes {hero = #mlopt.hero<recurrent>, dims = [["s", "b", 12], [1, 240, 12], [1, 240, 80], [1, 480], ["b"], ["s", 1, "b", 80], [1, "b", 80]], layouts = [unit, #mlopt.layout<"panel_t32", [0, 1, 0, 1, 32, 0, 2, 1, 0, 1, 1, 32]>, #mlopt.layout<"recurrent80h16", [0, 1, 0, 1, 16, 5, 2, 1, 0, 1, 80, 0, 1, 1, 16]>, unit, unit, unit, unit]} {
  %none = mlopt.none : none
  %y:2 = mlopt.gru %x, %w, %r, %bias, %lengths, %none {mlopt.hero_op, direction = #mlopt<direction forward>, hidden_size = 80 : i64, activations = ["Sigmoid", "Tanh"], activation_alpha = array<f64>, activation_beta = array<f64>} : (tensor<?x?x12xf32>, tensor<1x240x12xf32>, tensor<1x240x80xf32>, tensor<1x480xf32>, tensor<?xi32>, none) -> (tensor<?x1x?x80xf32>, tensor<1x?x80xf32>)
  mlopt.yield %y#0, %y#1 : tensor<?x1x?x80xf32>, tensor<1x?x80xf32>
}

// CHECK: {{^}}gru_75_both x86-64-v2{{.*}}: recurrent
mlopt.kernel @gru_75_both(%x: tensor<?x?x12xf32>, %w: tensor<2x225x12xf32> {mlopt.range = [-0.5, 0.5]}, %r: tensor<2x225x75xf32> {mlopt.range = [-0.2, 0.2]}, %bias: tensor<2x450xf32>, %h0: tensor<2x?x75xf32>) -> (tensor<?x2x?x75xf32>, tensor<2x?x75xf32>) attributes {hero = #mlopt.hero<recurrent>, dims = [["t", "b", 12], [2, 225, 12], [2, 225, 75], [2, 450], [2, "b", 75], ["t", 2, "b", 75], [2, "b", 75]], layouts = [unit, #mlopt.layout<"panel_t32", [0, 1, 0, 1, 32, 0, 2, 1, 0, 1, 1, 32]>, unit, unit, unit, unit, unit]} {
  %none = mlopt.none : none
  %y:2 = mlopt.gru %x, %w, %r, %bias, %none, %h0 {mlopt.hero_op, direction = #mlopt<direction bidirectional>, hidden_size = 75 : i64, activations = ["Sigmoid", "Tanh", "Sigmoid", "Tanh"], activation_alpha = array<f64>, activation_beta = array<f64>} : (tensor<?x?x12xf32>, tensor<2x225x12xf32>, tensor<2x225x75xf32>, tensor<2x450xf32>, none, tensor<2x?x75xf32>) -> (tensor<?x2x?x75xf32>, tensor<2x?x75xf32>)
  mlopt.yield %y#0, %y#1 : tensor<?x2x?x75xf32>, tensor<2x?x75xf32>
}

// CHECK: {{^}}gru_112_linear x86-64-v2{{.*}}: recurrent
mlopt.kernel @gru_112_linear(%x: tensor<?x?x40xf32>, %w: tensor<1x336x40xf32> {mlopt.range = [-0.5, 0.5]}, %r: tensor<1x336x112xf32> {mlopt.range = [-0.2, 0.2]}) -> (tensor<?x1x?x112xf32>, tensor<1x?x112xf32>) attributes {hero = #mlopt.hero<recurrent>, dims = [["t", "b", 40], [1, 336, 40], [1, 336, 112], ["t", 1, "b", 112], [1, "b", 112]], layouts = [unit, #mlopt.layout<"panel_t32", [0, 1, 0, 1, 32, 0, 2, 1, 0, 1, 1, 32]>, #mlopt.layout<"recurrent112h16", [0, 1, 0, 1, 16, 7, 2, 1, 0, 1, 112, 0, 1, 1, 16]>, unit, unit]} {
  %none = mlopt.none : none
  %y:2 = mlopt.gru %x, %w, %r, %none, %none, %none {mlopt.hero_op, direction = #mlopt<direction forward>, hidden_size = 112 : i64, activations = ["Sigmoid", "Tanh"], activation_alpha = array<f64>, activation_beta = array<f64>, linear_before_reset = true} : (tensor<?x?x40xf32>, tensor<1x336x40xf32>, tensor<1x336x112xf32>, none, none, none) -> (tensor<?x1x?x112xf32>, tensor<1x?x112xf32>)
  mlopt.yield %y#0, %y#1 : tensor<?x1x?x112xf32>, tensor<1x?x112xf32>
}

// CHECK: {{^}}gru_77_linear x86-64-v2{{.*}}: recurrent
mlopt.kernel @gru_77_linear(%x: tensor<?x?x4xf32>, %w: tensor<1x231x4xf32> {mlopt.range = [-0.5, 0.5]}, %r: tensor<1x231x77xf32> {mlopt.range = [-0.2, 0.2]}, %bias: tensor<1x462xf32>) -> (tensor<?x1x?x77xf32>, tensor<1x?x77xf32>) attributes {hero = #mlopt.hero<recurrent>, dims = [["t", "b", 4], [1, 231, 4], [1, 231, 77], [1, 462], ["t", 1, "b", 77], [1, "b", 77]], layouts = [unit, #mlopt.layout<"panel_t32", [0, 1, 0, 1, 32, 0, 2, 1, 0, 1, 1, 32]>, unit, unit, unit, unit]} {
  %none = mlopt.none : none
  %y:2 = mlopt.gru %x, %w, %r, %bias, %none, %none {mlopt.hero_op, direction = #mlopt<direction forward>, hidden_size = 77 : i64, activations = ["Sigmoid", "Tanh"], activation_alpha = array<f64>, activation_beta = array<f64>, clip = 0.5 : f64, linear_before_reset = true} : (tensor<?x?x4xf32>, tensor<1x231x4xf32>, tensor<1x231x77xf32>, tensor<1x462xf32>, none, none) -> (tensor<?x1x?x77xf32>, tensor<1x?x77xf32>)
  mlopt.yield %y#0, %y#1 : tensor<?x1x?x77xf32>, tensor<1x?x77xf32>
}

// CHECK: {{^}}gru_16 x86-64-v2{{.*}}: recurrent
mlopt.kernel @gru_16(%x: tensor<?x?x9xf32>, %w: tensor<1x48x9xf32> {mlopt.range = [-0.5, 0.5]}, %r: tensor<1x48x16xf32> {mlopt.range = [-0.2, 0.2]}, %bias: tensor<1x96xf32>, %lengths: tensor<?xi32> {mlopt.range = [0, 4]}) -> (tensor<?x1x?x16xf32>, tensor<1x?x16xf32>) attributes {hero = #mlopt.hero<recurrent>, dims = [["s", "b", 9], [1, 48, 9], [1, 48, 16], [1, 96], ["b"], ["s", 1, "b", 16], [1, "b", 16]], layouts = [unit, #mlopt.layout<"panel_t32", [0, 1, 0, 1, 32, 0, 2, 1, 0, 1, 1, 32]>, #mlopt.layout<"recurrent16h16", [0, 1, 0, 1, 16, 1, 2, 1, 0, 1, 16, 0, 1, 1, 16]>, unit, unit, unit, unit]} {
  %none = mlopt.none : none
  %y:2 = mlopt.gru %x, %w, %r, %bias, %lengths, %none {mlopt.hero_op, direction = #mlopt<direction reverse>, hidden_size = 16 : i64, activations = ["Sigmoid", "Tanh"], activation_alpha = array<f64>, activation_beta = array<f64>} : (tensor<?x?x9xf32>, tensor<1x48x9xf32>, tensor<1x48x16xf32>, tensor<1x96xf32>, tensor<?xi32>, none) -> (tensor<?x1x?x16xf32>, tensor<1x?x16xf32>)
  mlopt.yield %y#0, %y#1 : tensor<?x1x?x16xf32>, tensor<1x?x16xf32>
}

// CHECK: {{^}}gru_11_linear x86-64-v2{{.*}}: recurrent
mlopt.kernel @gru_11_linear(%x: tensor<?x?x9xf32>, %w: tensor<1x33x9xf32> {mlopt.range = [-0.5, 0.5]}, %r: tensor<1x33x11xf32> {mlopt.range = [-0.2, 0.2]}, %bias: tensor<1x66xf32>) -> (tensor<?x1x?x11xf32>, tensor<1x?x11xf32>) attributes {hero = #mlopt.hero<recurrent>, dims = [["t", "b", 9], [1, 33, 9], [1, 33, 11], [1, 66], ["t", 1, "b", 11], [1, "b", 11]], layouts = [unit, unit, unit, unit, unit, unit]} {
  %none = mlopt.none : none
  %y:2 = mlopt.gru %x, %w, %r, %bias, %none, %none {mlopt.hero_op, direction = #mlopt<direction forward>, hidden_size = 11 : i64, activations = ["Sigmoid", "Tanh"], activation_alpha = array<f64>, activation_beta = array<f64>, linear_before_reset = true} : (tensor<?x?x9xf32>, tensor<1x33x9xf32>, tensor<1x33x11xf32>, tensor<1x66xf32>, none, none) -> (tensor<?x1x?x11xf32>, tensor<1x?x11xf32>)
  mlopt.yield %y#0, %y#1 : tensor<?x1x?x11xf32>, tensor<1x?x11xf32>
}

// CHECK: {{^}}rnn_160 x86-64-v2{{.*}}: recurrent
mlopt.kernel @rnn_160(%x: tensor<?x?x8xf32>, %w: tensor<1x160x8xf32> {mlopt.range = [-0.5, 0.5]}, %r: tensor<1x160x160xf32> {mlopt.range = [-0.2, 0.2]}, %bias: tensor<1x320xf32>) -> (tensor<?x1x?x160xf32>, tensor<1x?x160xf32>) attributes {hero = #mlopt.hero<recurrent>, dims = [["t", "b", 8], [1, 160, 8], [1, 160, 160], [1, 320], ["t", 1, "b", 160], [1, "b", 160]], layouts = [unit, #mlopt.layout<"panel_t32", [0, 1, 0, 1, 32, 0, 2, 1, 0, 1, 1, 32]>, #mlopt.layout<"recurrent160h16", [0, 1, 0, 1, 16, 10, 2, 1, 0, 1, 160, 0, 1, 1, 16]>, unit, unit, unit]} {
  %none = mlopt.none : none
  %y:2 = mlopt.rnn %x, %w, %r, %bias, %none, %none {mlopt.hero_op, direction = #mlopt<direction forward>, hidden_size = 160 : i64, activations = ["Relu"], activation_alpha = array<f64>, activation_beta = array<f64>} : (tensor<?x?x8xf32>, tensor<1x160x8xf32>, tensor<1x160x160xf32>, tensor<1x320xf32>, none, none) -> (tensor<?x1x?x160xf32>, tensor<1x?x160xf32>)
  mlopt.yield %y#0, %y#1 : tensor<?x1x?x160xf32>, tensor<1x?x160xf32>
}

// CHECK: {{^}}rnn_131_reverse x86-64-v2{{.*}}: recurrent
mlopt.kernel @rnn_131_reverse(%x: tensor<?x?x8xf32>, %w: tensor<1x131x8xf32> {mlopt.range = [-0.5, 0.5]}, %r: tensor<1x131x131xf32> {mlopt.range = [-0.2, 0.2]}, %bias: tensor<1x262xf32>, %h0: tensor<1x?x131xf32>) -> (tensor<?x1x?x131xf32>, tensor<1x?x131xf32>) attributes {hero = #mlopt.hero<recurrent>, dims = [["t", "b", 8], [1, 131, 8], [1, 131, 131], [1, 262], [1, "b", 131], ["t", 1, "b", 131], [1, "b", 131]], layouts = [unit, #mlopt.layout<"panel_t32", [0, 1, 0, 1, 32, 0, 2, 1, 0, 1, 1, 32]>, unit, unit, unit, unit, unit]} {
  %none = mlopt.none : none
  %y:2 = mlopt.rnn %x, %w, %r, %bias, %none, %h0 {mlopt.hero_op, direction = #mlopt<direction reverse>, hidden_size = 131 : i64, activations = ["Tanh"], activation_alpha = array<f64>, activation_beta = array<f64>} : (tensor<?x?x8xf32>, tensor<1x131x8xf32>, tensor<1x131x131xf32>, tensor<1x262xf32>, none, tensor<1x?x131xf32>) -> (tensor<?x1x?x131xf32>, tensor<1x?x131xf32>)
  mlopt.yield %y#0, %y#1 : tensor<?x1x?x131xf32>, tensor<1x?x131xf32>
}

// CHECK: {{^}}rnn_3 x86-64-v2{{.*}}: recurrent
mlopt.kernel @rnn_3(%x: tensor<?x?x2xf32>, %w: tensor<1x3x2xf32> {mlopt.range = [-0.5, 0.5]}, %r: tensor<1x3x3xf32> {mlopt.range = [-0.2, 0.2]}, %bias: tensor<1x6xf32>, %lengths: tensor<?xi32> {mlopt.range = [0, 4]}) -> (tensor<?x1x?x3xf32>, tensor<1x?x3xf32>) attributes {hero = #mlopt.hero<recurrent>, dims = [["s", "b", 2], [1, 3, 2], [1, 3, 3], [1, 6], ["b"], ["s", 1, "b", 3], [1, "b", 3]], layouts = [unit, #mlopt.layout<"panel_t32", [0, 1, 0, 1, 32, 0, 2, 1, 0, 1, 1, 32]>, unit, unit, unit, unit, unit]} {
  %none = mlopt.none : none
  %y:2 = mlopt.rnn %x, %w, %r, %bias, %lengths, %none {mlopt.hero_op, direction = #mlopt<direction forward>, hidden_size = 3 : i64, activations = ["Tanh"], activation_alpha = array<f64>, activation_beta = array<f64>} : (tensor<?x?x2xf32>, tensor<1x3x2xf32>, tensor<1x3x3xf32>, tensor<1x6xf32>, tensor<?xi32>, none) -> (tensor<?x1x?x3xf32>, tensor<1x?x3xf32>)
  mlopt.yield %y#0, %y#1 : tensor<?x1x?x3xf32>, tensor<1x?x3xf32>
}

// CHECK: {{^}}rnn_both_activations x86-64-v2{{.*}}: recurrent
mlopt.kernel @rnn_both_activations(%x: tensor<?x?x2xf32>, %w: tensor<2x9x2xf32> {mlopt.range = [-0.5, 0.5]}, %r: tensor<2x9x9xf32> {mlopt.range = [-0.2, 0.2]}, %bias: tensor<2x18xf32>) -> (tensor<?x2x?x9xf32>, tensor<2x?x9xf32>) attributes {hero = #mlopt.hero<recurrent>, dims = [["t", "b", 2], [2, 9, 2], [2, 9, 9], [2, 18], ["t", 2, "b", 9], [2, "b", 9]], layouts = [unit, #mlopt.layout<"panel_t32", [0, 1, 0, 1, 32, 0, 2, 1, 0, 1, 1, 32]>, unit, unit, unit, unit]} {
  %none = mlopt.none : none
  %y:2 = mlopt.rnn %x, %w, %r, %bias, %none, %none {mlopt.hero_op, direction = #mlopt<direction bidirectional>, hidden_size = 9 : i64, activations = ["LeakyRelu", "ScaledTanh"], activation_alpha = array<f64: 0.3, 0.7>, activation_beta = array<f64: 0.4>} : (tensor<?x?x2xf32>, tensor<2x9x2xf32>, tensor<2x9x9xf32>, tensor<2x18xf32>, none, none) -> (tensor<?x2x?x9xf32>, tensor<2x?x9xf32>)
  mlopt.yield %y#0, %y#1 : tensor<?x2x?x9xf32>, tensor<2x?x9xf32>
}

// CHECK: {{^}}lstm_activations x86-64-v2{{.*}}: recurrent
mlopt.kernel @lstm_activations(%x: tensor<?x?x6xf32>, %w: tensor<2x256x6xf32> {mlopt.range = [-0.5, 0.5]}, %r: tensor<2x256x64xf32> {mlopt.range = [-0.2, 0.2]}, %bias: tensor<2x512xf32>) -> (tensor<?x2x?x64xf32>, tensor<2x?x64xf32>, tensor<2x?x64xf32>) attributes {hero = #mlopt.hero<recurrent>, dims = [["t", "b", 6], [2, 256, 6], [2, 256, 64], [2, 512], ["t", 2, "b", 64], [2, "b", 64], [2, "b", 64]], layouts = [unit, #mlopt.layout<"panel_t32", [0, 1, 0, 1, 32, 0, 2, 1, 0, 1, 1, 32]>, #mlopt.layout<"recurrent64h16", [0, 1, 0, 1, 16, 4, 2, 1, 0, 1, 64, 0, 1, 1, 16]>, unit, unit, unit, unit]} {
  %none = mlopt.none : none
  %y:3 = mlopt.lstm %x, %w, %r, %bias, %none, %none, %none, %none {mlopt.hero_op, direction = #mlopt<direction bidirectional>, hidden_size = 64 : i64, activations = ["HardSigmoid", "Softsign", "Elu", "Sigmoid", "Affine", "Tanh"], activation_alpha = array<f64: 0.3, 0.8, 0.5>, activation_beta = array<f64: 0.4, 0.1>} : (tensor<?x?x6xf32>, tensor<2x256x6xf32>, tensor<2x256x64xf32>, tensor<2x512xf32>, none, none, none, none) -> (tensor<?x2x?x64xf32>, tensor<2x?x64xf32>, tensor<2x?x64xf32>)
  mlopt.yield %y#0, %y#1, %y#2 : tensor<?x2x?x64xf32>, tensor<2x?x64xf32>, tensor<2x?x64xf32>
}

// CHECK: {{^}}gru_activations x86-64-v2{{.*}}: recurrent
mlopt.kernel @gru_activations(%x: tensor<?x?x6xf32>, %w: tensor<2x48x6xf32> {mlopt.range = [-0.5, 0.5]}, %r: tensor<2x48x16xf32> {mlopt.range = [-0.2, 0.2]}, %bias: tensor<2x96xf32>) -> (tensor<?x2x?x16xf32>, tensor<2x?x16xf32>) attributes {hero = #mlopt.hero<recurrent>, dims = [["t", "b", 6], [2, 48, 6], [2, 48, 16], [2, 96], ["t", 2, "b", 16], [2, "b", 16]], layouts = [unit, #mlopt.layout<"panel_t32", [0, 1, 0, 1, 32, 0, 2, 1, 0, 1, 1, 32]>, #mlopt.layout<"recurrent16h16", [0, 1, 0, 1, 16, 1, 2, 1, 0, 1, 16, 0, 1, 1, 16]>, unit, unit, unit]} {
  %none = mlopt.none : none
  %y:2 = mlopt.gru %x, %w, %r, %bias, %none, %none {mlopt.hero_op, direction = #mlopt<direction bidirectional>, hidden_size = 16 : i64, activations = ["HardSigmoid", "Softplus", "Sigmoid", "ThresholdedRelu"], activation_alpha = array<f64: 0.25, 0.2>, activation_beta = array<f64: 0.45>} : (tensor<?x?x6xf32>, tensor<2x48x6xf32>, tensor<2x48x16xf32>, tensor<2x96xf32>, none, none) -> (tensor<?x2x?x16xf32>, tensor<2x?x16xf32>)
  mlopt.yield %y#0, %y#1 : tensor<?x2x?x16xf32>, tensor<2x?x16xf32>
}

// CHECK: {{^}}lstm_f64 x86-64-v2{{.*}}: generic
mlopt.kernel @lstm_f64(%x: tensor<?x?x5xf64>, %w: tensor<1x24x5xf64> {mlopt.range = [-0.5, 0.5]}, %r: tensor<1x24x6xf64> {mlopt.range = [-0.2, 0.2]}, %bias: tensor<1x48xf64>, %lengths: tensor<?xi32> {mlopt.range = [0, 4]}) -> (tensor<?x1x?x6xf64>, tensor<1x?x6xf64>, tensor<1x?x6xf64>) attributes {hero = #mlopt.hero<recurrent>, dims = [["s", "b", 5], [1, 24, 5], [1, 24, 6], [1, 48], ["b"], ["s", 1, "b", 6], [1, "b", 6], [1, "b", 6]], layouts = [unit, unit, unit, unit, unit, unit, unit, unit]} {
  %none = mlopt.none : none
  %y:3 = mlopt.lstm %x, %w, %r, %bias, %lengths, %none, %none, %none {mlopt.hero_op, direction = #mlopt<direction forward>, hidden_size = 6 : i64, activations = ["Sigmoid", "Tanh", "Tanh"], activation_alpha = array<f64>, activation_beta = array<f64>} : (tensor<?x?x5xf64>, tensor<1x24x5xf64>, tensor<1x24x6xf64>, tensor<1x48xf64>, tensor<?xi32>, none, none, none) -> (tensor<?x1x?x6xf64>, tensor<1x?x6xf64>, tensor<1x?x6xf64>)
  mlopt.yield %y#0, %y#1, %y#2 : tensor<?x1x?x6xf64>, tensor<1x?x6xf64>, tensor<1x?x6xf64>
}

// CHECK: {{^}}gru_f16 x86-64-v2{{.*}}: generic
mlopt.kernel @gru_f16(%x: tensor<?x?x5xf16>, %w: tensor<1x18x5xf16> {mlopt.range = [-0.5, 0.5]}, %r: tensor<1x18x6xf16> {mlopt.range = [-0.2, 0.2]}, %bias: tensor<1x36xf16>) -> (tensor<?x1x?x6xf16>, tensor<1x?x6xf16>) attributes {hero = #mlopt.hero<recurrent>, dims = [["t", "b", 5], [1, 18, 5], [1, 18, 6], [1, 36], ["t", 1, "b", 6], [1, "b", 6]], layouts = [unit, unit, unit, unit, unit, unit]} {
  %none = mlopt.none : none
  %y:2 = mlopt.gru %x, %w, %r, %bias, %none, %none {mlopt.hero_op, direction = #mlopt<direction forward>, hidden_size = 6 : i64, activations = ["Sigmoid", "Tanh"], activation_alpha = array<f64>, activation_beta = array<f64>} : (tensor<?x?x5xf16>, tensor<1x18x5xf16>, tensor<1x18x6xf16>, tensor<1x36xf16>, none, none) -> (tensor<?x1x?x6xf16>, tensor<1x?x6xf16>)
  mlopt.yield %y#0, %y#1 : tensor<?x1x?x6xf16>, tensor<1x?x6xf16>
}

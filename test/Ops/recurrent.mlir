// RUN: mlopt-eval %s | FileCheck %s

func.func @lstm() -> (tensor<3x1x2x2xf32>, tensor<1x2x2xf32>, tensor<1x2x2xf32>) {
  %0 = mlopt.constant dense<[[[-0.375, -0.75], [1.0, 0.625]], [[0.0, -0.125], [-0.875, -0.875]], [[-0.875, 0.125], [-0.5, -0.25]]]> : tensor<3x2x2xf32>
  %1 = mlopt.constant dense<[[[-0.875, 0.25], [0.875, -0.625], [-0.25, -1.0], [0.75, -0.625], [-0.375, -0.125], [1.0, 0.375], [0.375, 0.5], [-0.75, -0.375]]]> : tensor<1x8x2xf32>
  %2 = mlopt.constant dense<[[[0.75, -0.375], [0.75, 0.125], [0.75, 0.5], [-0.75, -0.625], [-1.0, 0.5], [0.5, 0.5], [-1.0, -0.75], [-0.5, -0.375]]]> : tensor<1x8x2xf32>
  %3 = mlopt.constant dense<[[-0.25, 0.875, -0.875, 0.875, 0.125, 0.625, 0.5, 0.625, 0.875, -0.75, 0.375, 0.125, 0.0, 0.875, -0.5, 0.25]]> : tensor<1x16xf32>
  %4 = mlopt.none : none
  %5 = mlopt.none : none
  %6 = mlopt.none : none
  %7 = mlopt.none : none
  %r:3 = mlopt.lstm %0, %1, %2, %3, %4, %5, %6, %7 {direction = #mlopt<direction forward>, hidden_size = 2 : i64, activations = ["Sigmoid", "Tanh", "Tanh"], activation_alpha = array<f64>, activation_beta = array<f64>} : (tensor<3x2x2xf32>, tensor<1x8x2xf32>, tensor<1x8x2xf32>, tensor<1x16xf32>, none, none, none, none) -> (tensor<3x1x2x2xf32>, tensor<1x2x2xf32>, tensor<1x2x2xf32>)
  return %r#0, %r#1, %r#2 : tensor<3x1x2x2xf32>, tensor<1x2x2xf32>, tensor<1x2x2xf32>
}
// CHECK: lstm exact 0: tensor<3x1x2x2xf32> = [-0.18307758{{[0-9]*}}, 0.35746194{{[0-9]*}}, 0.055863072{{[0-9]*}}, -0.056057944{{[0-9]*}}, -0.11646357{{[0-9]*}}, 0.47983501{{[0-9]*}}, -0.20614779{{[0-9]*}}, 0.28176266{{[0-9]*}}, -0.22004292{{[0-9]*}}, 0.35073531{{[0-9]*}}, -0.18778777{{[0-9]*}}, 0.40287591{{[0-9]*}}]
// CHECK: lstm exact 1: tensor<1x2x2xf32> = [-0.22004292{{[0-9]*}}, 0.35073531{{[0-9]*}}, -0.18778777{{[0-9]*}}, 0.40287591{{[0-9]*}}]
// CHECK: lstm exact 2: tensor<1x2x2xf32> = [-0.55415168{{[0-9]*}}, 0.83535415{{[0-9]*}}, -0.42784750{{[0-9]*}}, 0.67971308{{[0-9]*}}]

func.func @lstm_bidirectional() -> (tensor<3x2x2x2xf32>, tensor<2x2x2xf32>, tensor<2x2x2xf32>) {
  %0 = mlopt.constant dense<[[[-0.25, 0.5], [0.0, 0.0]], [[0.0, 0.5], [-0.375, -0.75]], [[-0.375, -0.375], [-0.5, 0.25]]]> : tensor<3x2x2xf32>
  %1 = mlopt.constant dense<[[[0.375, 0.0], [-0.625, 1.0], [0.375, 0.875], [-0.625, -0.5], [-0.125, -0.625], [0.375, 0.875], [0.625, 0.875], [-0.875, 0.375]], [[-0.375, -0.5], [-1.0, -0.375], [0.375, 0.625], [-0.125, 0.0], [0.375, -0.875], [0.75, -0.25], [0.375, 0.25], [-1.0, 0.0]]]> : tensor<2x8x2xf32>
  %2 = mlopt.constant dense<[[[-0.25, 0.375], [-0.625, -0.5], [-0.5, 0.875], [0.0, 0.125], [-0.125, -0.625], [0.125, 0.875], [1.0, -0.125], [-0.625, -0.125]], [[0.0, -0.375], [-0.375, -0.875], [0.75, -0.25], [0.0, -0.875], [-0.75, 1.0], [-0.75, 0.375], [0.25, -0.5], [0.75, -0.125]]]> : tensor<2x8x2xf32>
  %3 = mlopt.constant dense<[[-0.375, 0.75, 0.75, 0.875, -1.0, -0.25, 0.125, -0.875, 0.375, -0.25, 0.0, -0.5, 0.5, -0.625, -0.375, 0.5], [-1.0, -0.875, 0.625, 1.0, 0.375, 0.75, 0.625, 0.0, -0.625, 0.125, -0.375, 0.375, 0.625, 0.125, 0.625, 0.625]]> : tensor<2x16xf32>
  %4 = mlopt.constant dense<[3, 2]> : tensor<2xi32>
  %5 = mlopt.constant dense<[[[1.0, 0.625], [-0.125, -0.5]], [[0.375, 0.875], [0.0, -0.25]]]> : tensor<2x2x2xf32>
  %6 = mlopt.constant dense<[[[-0.125, 0.375], [-0.375, 0.125]], [[-1.0, -0.25], [-0.125, -0.25]]]> : tensor<2x2x2xf32>
  %7 = mlopt.none : none
  %r:3 = mlopt.lstm %0, %1, %2, %3, %4, %5, %6, %7 {direction = #mlopt<direction bidirectional>, hidden_size = 2 : i64, activations = ["Sigmoid", "Tanh", "Tanh", "Sigmoid", "Tanh", "Tanh"], activation_alpha = array<f64>, activation_beta = array<f64>} : (tensor<3x2x2xf32>, tensor<2x8x2xf32>, tensor<2x8x2xf32>, tensor<2x16xf32>, tensor<2xi32>, tensor<2x2x2xf32>, tensor<2x2x2xf32>, none) -> (tensor<3x2x2x2xf32>, tensor<2x2x2xf32>, tensor<2x2x2xf32>)
  return %r#0, %r#1, %r#2 : tensor<3x2x2x2xf32>, tensor<2x2x2xf32>, tensor<2x2x2xf32>
}
// CHECK: lstm_bidirectional exact 0: tensor<3x2x2x2xf32> = [0.23694776{{[0-9]*}}, -0.072867898{{[0-9]*}}, -0.17858755{{[0-9]*}}, -0.076929611{{[0-9]*}}, -0.092957860{{[0-9]*}}, 0.22330403{{[0-9]*}}, 0.11596380{{[0-9]*}}, 0.24629266{{[0-9]*}}, 0.21048356{{[0-9]*}}, -0.14004928{{[0-9]*}}, -0.25350214{{[0-9]*}}, -0.092780283{{[0-9]*}}, -0.22702291{{[0-9]*}}, 0.10631230{{[0-9]*}}, 0.046725722{{[0-9]*}}, 0.20122349{{[0-9]*}}, -0.048378172{{[0-9]*}}, -0.14840335{{[0-9]*}}, 0, 0, -0.31035641{{[0-9]*}}, 0.020304139{{[0-9]*}}, 0, 0]
// CHECK: lstm_bidirectional exact 1: tensor<2x2x2xf32> = [-0.048378172{{[0-9]*}}, -0.14840335{{[0-9]*}}, -0.25350214{{[0-9]*}}, -0.092780283{{[0-9]*}}, -0.092957860{{[0-9]*}}, 0.22330403{{[0-9]*}}, 0.11596380{{[0-9]*}}, 0.24629266{{[0-9]*}}]
// CHECK: lstm_bidirectional exact 2: tensor<2x2x2xf32> = [-0.094518194{{[0-9]*}}, -0.21995512{{[0-9]*}}, -0.56732812{{[0-9]*}}, -0.12848716{{[0-9]*}}, -0.16527352{{[0-9]*}}, 0.29133364{{[0-9]*}}, 0.21073027{{[0-9]*}}, 0.33226448{{[0-9]*}}]

func.func @lstm_reverse_peephole() -> (tensor<2x1x1x2xf32>, tensor<1x1x2xf32>, tensor<1x1x2xf32>) {
  %0 = mlopt.constant dense<[[[-0.625]], [[-0.375]]]> : tensor<2x1x1xf32>
  %1 = mlopt.constant dense<[[[0.125], [-0.375], [1.0], [-0.25], [0.375], [-0.125], [0.25], [-0.25]]]> : tensor<1x8x1xf32>
  %2 = mlopt.constant dense<[[[-0.5, -0.125], [0.875, 0.625], [-0.625, -0.25], [0.375, -0.125], [0.375, 1.0], [-0.5, 0.375], [-0.75, 1.0], [0.125, -0.375]]]> : tensor<1x8x2xf32>
  %3 = mlopt.constant dense<[[0.0, 1.0, 0.5, -0.375, 0.5, -0.875, 0.25, -0.625, 1.0, -0.25, -1.0, -0.125, -0.625, -0.5, 0.5, 0.0]]> : tensor<1x16xf32>
  %4 = mlopt.none : none
  %5 = mlopt.none : none
  %6 = mlopt.constant dense<[[[0.875, -0.25]]]> : tensor<1x1x2xf32>
  %7 = mlopt.constant dense<[[0.25, -0.875, -0.5, -0.5, 0.625, 0.625]]> : tensor<1x6xf32>
  %r:3 = mlopt.lstm %0, %1, %2, %3, %4, %5, %6, %7 {direction = #mlopt<direction reverse>, hidden_size = 2 : i64, activations = ["Sigmoid", "Tanh", "Tanh"], activation_alpha = array<f64>, activation_beta = array<f64>} : (tensor<2x1x1xf32>, tensor<1x8x1xf32>, tensor<1x8x2xf32>, tensor<1x16xf32>, none, none, tensor<1x1x2xf32>, tensor<1x6xf32>) -> (tensor<2x1x1x2xf32>, tensor<1x1x2xf32>, tensor<1x1x2xf32>)
  return %r#0, %r#1, %r#2 : tensor<2x1x1x2xf32>, tensor<1x1x2xf32>, tensor<1x1x2xf32>
}
// CHECK: lstm_reverse_peephole exact 0: tensor<2x1x1x2xf32> = [0.10901093{{[0-9]*}}, -0.16326342{{[0-9]*}}, 0.15190250{{[0-9]*}}, -0.17558367{{[0-9]*}}]
// CHECK: lstm_reverse_peephole exact 1: tensor<1x1x2xf32> = [0.10901093{{[0-9]*}}, -0.16326342{{[0-9]*}}]
// CHECK: lstm_reverse_peephole exact 2: tensor<1x1x2xf32> = [0.71615365{{[0-9]*}}, -0.35564246{{[0-9]*}}]

func.func @lstm_no_bias_clip() -> (tensor<2x1x1x2xf32>, tensor<1x1x2xf32>, tensor<1x1x2xf32>) {
  %0 = mlopt.constant dense<[[[0.125, 0.0]], [[-0.25, 0.5]]]> : tensor<2x1x2xf32>
  %1 = mlopt.constant dense<[[[-0.75, -0.625], [0.0, 1.0], [-0.375, 0.0], [-0.375, -0.5], [0.375, -0.75], [-0.25, -0.25], [0.5, 1.0], [-0.375, -1.0]]]> : tensor<1x8x2xf32>
  %2 = mlopt.constant dense<[[[0.25, 0.5], [-0.5, 0.25], [-0.875, 0.125], [1.0, 0.625], [0.125, 0.5], [0.5, 0.375], [1.0, -0.375], [0.75, -0.5]]]> : tensor<1x8x2xf32>
  %3 = mlopt.none : none
  %4 = mlopt.none : none
  %5 = mlopt.none : none
  %6 = mlopt.none : none
  %7 = mlopt.none : none
  %r:3 = mlopt.lstm %0, %1, %2, %3, %4, %5, %6, %7 {direction = #mlopt<direction forward>, hidden_size = 2 : i64, activations = ["Sigmoid", "Tanh", "Tanh"], activation_alpha = array<f64>, activation_beta = array<f64>, clip = 0.3 : f64} : (tensor<2x1x2xf32>, tensor<1x8x2xf32>, tensor<1x8x2xf32>, none, none, none, none, none) -> (tensor<2x1x1x2xf32>, tensor<1x1x2xf32>, tensor<1x1x2xf32>)
  return %r#0, %r#1, %r#2 : tensor<2x1x1x2xf32>, tensor<1x1x2xf32>, tensor<1x1x2xf32>
}
// CHECK: lstm_no_bias_clip exact 0: tensor<2x1x1x2xf32> = [0.014520929{{[0-9]*}}, -0.011433677{{[0-9]*}}, 0.076932762{{[0-9]*}}, -0.081843772{{[0-9]*}}]
// CHECK: lstm_no_bias_clip exact 1: tensor<1x1x2xf32> = [0.076932762{{[0-9]*}}, -0.081843772{{[0-9]*}}]
// CHECK: lstm_no_bias_clip exact 2: tensor<1x1x2xf32> = [0.14907253{{[0-9]*}}, -0.17870409{{[0-9]*}}]

func.func @lstm_activations() -> (tensor<2x1x1x1xf32>, tensor<1x1x1xf32>, tensor<1x1x1xf32>) {
  %0 = mlopt.constant dense<[[[-0.5, 0.875]], [[-1.0, -0.375]]]> : tensor<2x1x2xf32>
  %1 = mlopt.constant dense<[[[0.375, 0.5], [-0.375, 0.0], [0.75, 1.0], [1.0, 0.25]]]> : tensor<1x4x2xf32>
  %2 = mlopt.constant dense<[[[-0.375], [0.875], [-0.625], [-0.25]]]> : tensor<1x4x1xf32>
  %3 = mlopt.constant dense<[[1.0, 1.0, 0.25, 0.875, -0.875, 0.25, 0.5, -0.75]]> : tensor<1x8xf32>
  %4 = mlopt.none : none
  %5 = mlopt.none : none
  %6 = mlopt.none : none
  %7 = mlopt.none : none
  %r:3 = mlopt.lstm %0, %1, %2, %3, %4, %5, %6, %7 {direction = #mlopt<direction forward>, hidden_size = 1 : i64, activations = ["HardSigmoid", "Affine", "LeakyRelu"], activation_alpha = array<f64: 0.3, 1.5, 0.1>, activation_beta = array<f64: 0.4, 0.25>} : (tensor<2x1x2xf32>, tensor<1x4x2xf32>, tensor<1x4x1xf32>, tensor<1x8xf32>, none, none, none, none) -> (tensor<2x1x1x1xf32>, tensor<1x1x1xf32>, tensor<1x1x1xf32>)
  return %r#0, %r#1, %r#2 : tensor<2x1x1x1xf32>, tensor<1x1x1xf32>, tensor<1x1x1xf32>
}
// CHECK: lstm_activations exact 0: tensor<2x1x1x1xf32> = [0.0066564941{{[0-9]*}}, -0.028528442{{[0-9]*}}]
// CHECK: lstm_activations exact 1: tensor<1x1x1xf32> = [-0.028528442{{[0-9]*}}]
// CHECK: lstm_activations exact 2: tensor<1x1x1xf32> = [-0.32081560{{[0-9]*}}]

func.func @lstm_input_forget() -> (tensor<2x1x1x2xf32>, tensor<1x1x2xf32>, tensor<1x1x2xf32>) {
  %0 = mlopt.constant dense<[[[-0.125]], [[-0.125]]]> : tensor<2x1x1xf32>
  %1 = mlopt.constant dense<[[[-0.875], [0.5], [0.5], [-0.125], [0.5], [1.0], [1.0], [-0.25]]]> : tensor<1x8x1xf32>
  %2 = mlopt.constant dense<[[[-0.5, 0.625], [0.5, -0.875], [-0.25, -0.75], [0.75, 0.625], [-0.375, 0.625], [0.375, -0.375], [0.5, -0.25], [0.875, 0.125]]]> : tensor<1x8x2xf32>
  %3 = mlopt.constant dense<[[0.25, 0.0, 1.0, -0.375, -0.25, 1.0, -0.25, 1.0, -0.25, -0.875, 0.875, -0.875, 0.75, -1.0, -0.5, -0.125]]> : tensor<1x16xf32>
  %4 = mlopt.none : none
  %5 = mlopt.none : none
  %6 = mlopt.none : none
  %7 = mlopt.none : none
  %r:3 = mlopt.lstm %0, %1, %2, %3, %4, %5, %6, %7 {direction = #mlopt<direction forward>, hidden_size = 2 : i64, activations = ["Sigmoid", "Tanh", "Tanh"], activation_alpha = array<f64>, activation_beta = array<f64>, input_forget = true} : (tensor<2x1x1xf32>, tensor<1x8x1xf32>, tensor<1x8x2xf32>, tensor<1x16xf32>, none, none, none, none) -> (tensor<2x1x1x2xf32>, tensor<1x1x2xf32>, tensor<1x1x2xf32>)
  return %r#0, %r#1, %r#2 : tensor<2x1x1x2xf32>, tensor<1x1x2xf32>, tensor<1x1x2xf32>
}
// CHECK: lstm_input_forget exact 0: tensor<2x1x1x2xf32> = [-0.30520155{{[0-9]*}}, 0.045016286{{[0-9]*}}, -0.46658744{{[0-9]*}}, 0.054565572{{[0-9]*}}]
// CHECK: lstm_input_forget exact 1: tensor<1x1x2xf32> = [-0.46658744{{[0-9]*}}, 0.054565572{{[0-9]*}}]
// CHECK: lstm_input_forget exact 2: tensor<1x1x2xf32> = [-0.60356803{{[0-9]*}}, 0.29176000{{[0-9]*}}]

func.func @gru() -> (tensor<3x1x2x2xf32>, tensor<1x2x2xf32>) {
  %0 = mlopt.constant dense<[[[-0.75, 0.75], [-0.5, 0.125]], [[0.0, 1.0], [-0.125, 0.375]], [[0.25, 0.625], [0.875, 0.125]]]> : tensor<3x2x2xf32>
  %1 = mlopt.constant dense<[[[-0.375, -0.75], [-0.25, 0.125], [0.625, -0.375], [-0.25, -0.625], [0.375, 0.25], [0.375, 0.75]]]> : tensor<1x6x2xf32>
  %2 = mlopt.constant dense<[[[0.375, 1.0], [-0.625, 1.0], [0.25, 0.125], [-0.625, 0.875], [-0.5, -0.25], [-0.125, 0.5]]]> : tensor<1x6x2xf32>
  %3 = mlopt.constant dense<[[-0.25, 0.375, 0.375, 0.75, 0.375, -0.25, 0.625, 0.625, 0.0, -0.5, 1.0, -0.75]]> : tensor<1x12xf32>
  %4 = mlopt.none : none
  %5 = mlopt.constant dense<[[[0.0, 0.375], [0.875, 0.875]]]> : tensor<1x2x2xf32>
  %r:2 = mlopt.gru %0, %1, %2, %3, %4, %5 {direction = #mlopt<direction forward>, hidden_size = 2 : i64, activations = ["Sigmoid", "Tanh"], activation_alpha = array<f64>, activation_beta = array<f64>} : (tensor<3x2x2xf32>, tensor<1x6x2xf32>, tensor<1x6x2xf32>, tensor<1x12xf32>, none, tensor<1x2x2xf32>) -> (tensor<3x1x2x2xf32>, tensor<1x2x2xf32>)
  return %r#0, %r#1 : tensor<3x1x2x2xf32>, tensor<1x2x2xf32>
}
// CHECK: gru exact 0: tensor<3x1x2x2xf32> = [0.32403568{{[0-9]*}}, 0.22756151{{[0-9]*}}, 0.84387386{{[0-9]*}}, 0.57870797{{[0-9]*}}, 0.61984017{{[0-9]*}}, 0.11959930{{[0-9]*}}, 0.83175361{{[0-9]*}}, 0.29234486{{[0-9]*}}, 0.74394672{{[0-9]*}}, -0.057625123{{[0-9]*}}, 0.85047272{{[0-9]*}}, -0.0060138593{{[0-9]*}}]
// CHECK: gru exact 1: tensor<1x2x2xf32> = [0.74394672{{[0-9]*}}, -0.057625123{{[0-9]*}}, 0.85047272{{[0-9]*}}, -0.0060138593{{[0-9]*}}]

func.func @gru_linear() -> (tensor<3x1x1x2xf32>, tensor<1x1x2xf32>) {
  %0 = mlopt.constant dense<[[[0.625, 0.75]], [[0.75, 0.75]], [[0.625, -0.875]]]> : tensor<3x1x2xf32>
  %1 = mlopt.constant dense<[[[-0.5, 0.25], [-0.5, 0.0], [0.125, 0.75], [0.625, 0.5], [0.75, 0.0], [0.625, 0.125]]]> : tensor<1x6x2xf32>
  %2 = mlopt.constant dense<[[[0.75, 0.5], [-0.375, 0.625], [0.375, 0.5], [0.125, 0.0], [0.875, -1.0], [0.5, 1.0]]]> : tensor<1x6x2xf32>
  %3 = mlopt.constant dense<[[0.5, 0.375, 0.875, 0.5, 0.0, -0.125, 0.375, -0.125, -0.625, 0.125, 0.125, 0.375]]> : tensor<1x12xf32>
  %4 = mlopt.none : none
  %5 = mlopt.none : none
  %r:2 = mlopt.gru %0, %1, %2, %3, %4, %5 {direction = #mlopt<direction forward>, hidden_size = 2 : i64, activations = ["Sigmoid", "Tanh"], activation_alpha = array<f64>, activation_beta = array<f64>, linear_before_reset = true} : (tensor<3x1x2xf32>, tensor<1x6x2xf32>, tensor<1x6x2xf32>, tensor<1x12xf32>, none, none) -> (tensor<3x1x1x2xf32>, tensor<1x1x2xf32>)
  return %r#0, %r#1 : tensor<3x1x1x2xf32>, tensor<1x1x2xf32>
}
// CHECK: gru_linear exact 0: tensor<3x1x1x2xf32> = [0.16234487{{[0-9]*}}, 0.29809024{{[0-9]*}}, 0.25382019{{[0-9]*}}, 0.54046460{{[0-9]*}}, 0.28485354{{[0-9]*}}, 0.60457649{{[0-9]*}}]
// CHECK: gru_linear exact 1: tensor<1x1x2xf32> = [0.28485354{{[0-9]*}}, 0.60457649{{[0-9]*}}]

func.func @gru_bidirectional() -> (tensor<2x2x2x2xf32>, tensor<2x2x2xf32>) {
  %0 = mlopt.constant dense<[[[1.0], [-1.0]], [[-0.125], [0.375]]]> : tensor<2x2x1xf32>
  %1 = mlopt.constant dense<[[[0.5], [0.625], [0.0], [0.0], [0.25], [0.5]], [[-0.75], [0.375], [-0.25], [0.75], [0.75], [0.375]]]> : tensor<2x6x1xf32>
  %2 = mlopt.constant dense<[[[-0.875, 0.75], [-0.375, -0.25], [0.875, 0.5], [0.125, -0.625], [0.125, -0.75], [-0.875, -0.25]], [[0.75, 1.0], [0.625, 0.75], [-0.625, -0.375], [0.625, 0.25], [-0.25, 0.25], [0.375, -0.875]]]> : tensor<2x6x2xf32>
  %3 = mlopt.constant dense<[[0.125, 1.0, 0.875, -0.875, -0.5, -0.625, 0.125, 0.125, 0.625, -0.25, 0.25, 0.375], [-0.375, -0.375, 0.0, 0.875, 0.75, -1.0, -0.625, -0.875, 0.75, -0.25, -0.625, -0.5]]> : tensor<2x12xf32>
  %4 = mlopt.constant dense<[1, 2]> : tensor<2xi32>
  %5 = mlopt.none : none
  %r:2 = mlopt.gru %0, %1, %2, %3, %4, %5 {direction = #mlopt<direction bidirectional>, hidden_size = 2 : i64, activations = ["Sigmoid", "Tanh", "Sigmoid", "Tanh"], activation_alpha = array<f64>, activation_beta = array<f64>} : (tensor<2x2x1xf32>, tensor<2x6x1xf32>, tensor<2x6x2xf32>, tensor<2x12xf32>, tensor<2xi32>, none) -> (tensor<2x2x2x2xf32>, tensor<2x2x2xf32>)
  return %r#0, %r#1 : tensor<2x2x2x2xf32>, tensor<2x2x2xf32>
}
// CHECK: gru_bidirectional exact 0: tensor<2x2x2x2xf32> = [0, 0.036259521{{[0-9]*}}, -0.25979140{{[0-9]*}}, -0.23979456{{[0-9]*}}, 0.59969435{{[0-9]*}}, -0.57119257{{[0-9]*}}, -0.32437081{{[0-9]*}}, -0.87665679{{[0-9]*}}, 0, 0, -0.21111390{{[0-9]*}}, -0.17403931{{[0-9]*}}, 0, 0, 0.30154730{{[0-9]*}}, -0.65894953{{[0-9]*}}]
// CHECK: gru_bidirectional exact 1: tensor<2x2x2xf32> = [0, 0.036259521{{[0-9]*}}, -0.21111390{{[0-9]*}}, -0.17403931{{[0-9]*}}, 0.59969435{{[0-9]*}}, -0.57119257{{[0-9]*}}, -0.32437081{{[0-9]*}}, -0.87665679{{[0-9]*}}]

func.func @rnn() -> (tensor<3x1x2x2xf32>, tensor<1x2x2xf32>) {
  %0 = mlopt.constant dense<[[[-0.375, 0.0], [0.125, -0.625]], [[-0.75, 0.125], [0.625, 0.25]], [[0.0, 0.625], [0.25, -0.25]]]> : tensor<3x2x2xf32>
  %1 = mlopt.constant dense<[[[0.25, -0.625], [0.875, -0.75]]]> : tensor<1x2x2xf32>
  %2 = mlopt.constant dense<[[[-0.5, 0.25], [-0.125, 0.5]]]> : tensor<1x2x2xf32>
  %3 = mlopt.constant dense<[[0.375, 0.5, -0.375, -0.125]]> : tensor<1x4xf32>
  %4 = mlopt.none : none
  %5 = mlopt.none : none
  %r:2 = mlopt.rnn %0, %1, %2, %3, %4, %5 {direction = #mlopt<direction forward>, hidden_size = 2 : i64, activations = ["Tanh"], activation_alpha = array<f64>, activation_beta = array<f64>} : (tensor<3x2x2xf32>, tensor<1x2x2xf32>, tensor<1x2x2xf32>, tensor<1x4xf32>, none, none) -> (tensor<3x1x2x2xf32>, tensor<1x2x2xf32>)
  return %r#0, %r#1 : tensor<3x1x2x2xf32>, tensor<1x2x2xf32>
}
// CHECK: rnn exact 0: tensor<3x1x2x2xf32> = [-0.093476303{{[0-9]*}}, 0.046840697{{[0-9]*}}, 0.39850884{{[0-9]*}}, 0.74119453{{[0-9]*}}, -0.20426253{{[0-9]*}}, -0.32738375{{[0-9]*}}, -0.013954880{{[0-9]*}}, 0.78380386{{[0-9]*}}, -0.35428878{{[0-9]*}}, -0.22783909{{[0-9]*}}, 0.39834345{{[0-9]*}}, 0.82583547{{[0-9]*}}]
// CHECK: rnn exact 1: tensor<1x2x2xf32> = [-0.35428878{{[0-9]*}}, -0.22783909{{[0-9]*}}, 0.39834345{{[0-9]*}}, 0.82583547{{[0-9]*}}]

func.func @rnn_reverse_relu() -> (tensor<3x1x1x2xf32>, tensor<1x1x2xf32>) {
  %0 = mlopt.constant dense<[[[-0.5, 0.25]], [[-1.0, 0.375]], [[0.125, 0.625]]]> : tensor<3x1x2xf32>
  %1 = mlopt.constant dense<[[[0.5, 0.125], [0.0, -0.875]]]> : tensor<1x2x2xf32>
  %2 = mlopt.constant dense<[[[0.875, 1.0], [-0.125, 1.0]]]> : tensor<1x2x2xf32>
  %3 = mlopt.constant dense<[[-0.375, 0.125, 0.75, 0.5]]> : tensor<1x4xf32>
  %4 = mlopt.constant dense<[2]> : tensor<1xi32>
  %5 = mlopt.none : none
  %r:2 = mlopt.rnn %0, %1, %2, %3, %4, %5 {direction = #mlopt<direction reverse>, hidden_size = 2 : i64, activations = ["Relu"], activation_alpha = array<f64>, activation_beta = array<f64>} : (tensor<3x1x2xf32>, tensor<1x2x2xf32>, tensor<1x2x2xf32>, tensor<1x4xf32>, tensor<1xi32>, none) -> (tensor<3x1x1x2xf32>, tensor<1x1x2xf32>)
  return %r#0, %r#1 : tensor<3x1x1x2xf32>, tensor<1x1x2xf32>
}
// CHECK: rnn_reverse_relu exact 0: tensor<3x1x1x2xf32> = [0.453125, 0.703125, -0, 0.296875, 0, 0]
// CHECK: rnn_reverse_relu exact 1: tensor<1x1x2xf32> = [0.453125, 0.703125]

func.func @rnn_bidirectional() -> (tensor<2x2x1x1xf32>, tensor<2x1x1xf32>) {
  %0 = mlopt.constant dense<[[[0.75]], [[0.625]]]> : tensor<2x1x1xf32>
  %1 = mlopt.constant dense<[[[-0.875]], [[-0.5]]]> : tensor<2x1x1xf32>
  %2 = mlopt.constant dense<[[[-0.375]], [[0.5]]]> : tensor<2x1x1xf32>
  %3 = mlopt.constant dense<[[0.125, 0.5], [-1.0, -0.375]]> : tensor<2x2xf32>
  %4 = mlopt.none : none
  %5 = mlopt.constant dense<[[[0.125]], [[-0.875]]]> : tensor<2x1x1xf32>
  %r:2 = mlopt.rnn %0, %1, %2, %3, %4, %5 {direction = #mlopt<direction bidirectional>, hidden_size = 1 : i64, activations = ["Tanh", "Tanh"], activation_alpha = array<f64>, activation_beta = array<f64>} : (tensor<2x1x1xf32>, tensor<2x1x1xf32>, tensor<2x1x1xf32>, tensor<2x2xf32>, none, tensor<2x1x1xf32>) -> (tensor<2x2x1x1xf32>, tensor<2x1x1xf32>)
  return %r#0, %r#1 : tensor<2x2x1x1xf32>, tensor<2x1x1xf32>
}
// CHECK: rnn_bidirectional exact 0: tensor<2x2x1x1xf32> = [-0.077966441{{[0-9]*}}, -0.97740635{{[0-9]*}}, 0.10695179{{[0-9]*}}, -0.97187274{{[0-9]*}}]
// CHECK: rnn_bidirectional exact 1: tensor<2x1x1xf32> = [0.10695179{{[0-9]*}}, -0.97740635{{[0-9]*}}]

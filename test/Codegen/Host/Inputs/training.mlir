// A training module without gradients: each step doubles the parameters.
module @two attributes {mlopt.training = {loss = "none", optimizer = "doubling", slots = [], inputs = [], targets = [], tensors = [{name = "w", region = "parameters", offset = 0 : i64, SHAPE}]}} {
  func.func @init() -> (tensor<16xf32> {mlopt.name = "mlopt.parameters"}) {
    %0 = mlopt.constant dense<1.0> : tensor<16xf32>
    return %0 : tensor<16xf32>
  }
  func.func @train_step(%p: tensor<16xf32> {mlopt.name = "mlopt.parameters"})
      -> (tensor<16xf32> {mlopt.name = "mlopt.parameters", mlopt.donated = 0 : i64}, tensor<f32> {mlopt.name = "mlopt.loss"}) {
    %0 = mlopt.add %p, %p : (tensor<16xf32>, tensor<16xf32>) -> tensor<16xf32>
    %1 = mlopt.reduce %p {kind = #mlopt<reduce_kind sum>, axes = array<i64: 0>} : (tensor<16xf32>) -> tensor<f32>
    return %0, %1 : tensor<16xf32>, tensor<f32>
  }
}

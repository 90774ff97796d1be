// RUN: mlopt-opt --mlopt-choose-layouts --mlopt-form-kernels --mlopt-schedule-kernels %s | FileCheck %s

// A product of bytes with its correction, scales, activation and the quantization after them is one
// kernel, whose weights lie in panels of bytes.
// CHECK: mlopt.kernel {{.*}}@[[K:[a-z_0-9]+]](%{{.*}}: tensor<?x40xui8>, %{{.*}}: tensor<40x48xi8>
// CHECK-SAME: #mlopt.layout<"byte_panel32", [1, 32, 0, 0, 4, 0, 1, 1, 32, 0, 1, 4]>
// CHECK-SAME: emitter = "integer_contraction"{{.*}}form = "weights"
// CHECK: mlopt.integer_matmul
// CHECK: mlopt.gelu
// CHECK: mlopt.quantize
// CHECK: mlopt.yield %{{.*}} : tensor<?x48xui8>
// CHECK-NOT: mlopt.kernel
// CHECK: mlopt.launch @[[K]](
mlopt.parameter @w = dense<3> : tensor<40x48xi8>
func.func @main(%x: tensor<?x40xui8>, %corr: tensor<48xi32>, %scale: tensor<48xf32>) -> tensor<?x48xui8> {
  %w = mlopt.get_parameter @w : tensor<40x48xi8>
  %none = mlopt.none : none
  %one = mlopt.constant dense<1.0> : tensor<f32>
  %zero = mlopt.constant dense<7> : tensor<ui8>
  %acc = mlopt.integer_matmul %x, %w, %none, %none : (tensor<?x40xui8>, tensor<40x48xi8>, none, none) -> tensor<?x48xi32>
  %0 = mlopt.add %acc, %corr : (tensor<?x48xi32>, tensor<48xi32>) -> tensor<?x48xi32>
  %1 = mlopt.cast %0 {to = f32} : (tensor<?x48xi32>) -> tensor<?x48xf32>
  %2 = mlopt.mul %1, %scale : (tensor<?x48xf32>, tensor<48xf32>) -> tensor<?x48xf32>
  %3 = mlopt.gelu %2 : (tensor<?x48xf32>) -> tensor<?x48xf32>
  %4 = mlopt.quantize %3, %one, %zero {to = ui8} : (tensor<?x48xf32>, tensor<f32>, tensor<ui8>) -> tensor<?x48xui8>
  return %4 : tensor<?x48xui8>
}

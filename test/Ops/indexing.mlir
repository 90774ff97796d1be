// RUN: mlopt-eval %s | FileCheck %s

func.func @gather() -> tensor<2x2x4xf32> {
  %0 = mlopt.constant dense<[[0.0, 1.0, 2.0, 3.0], [4.0, 5.0, 6.0, 7.0], [8.0, 9.0, 10.0, 11.0]]> : tensor<3x4xf32>
  %1 = mlopt.constant dense<[[0, -1], [2, 1]]> : tensor<2x2xi64>
  %r = mlopt.gather %0, %1 {axis = 0 : i64} : (tensor<3x4xf32>, tensor<2x2xi64>) -> tensor<2x2x4xf32>
  return %r : tensor<2x2x4xf32>
}
// CHECK: gather exact 0: tensor<2x2x4xf32> = [0, 1, 2, 3, 8, 9, 10, 11, 8, 9, 10, 11, 4, 5, 6, 7]

func.func @gather_axis1() -> tensor<3x2xf32> {
  %0 = mlopt.constant dense<[[0.0, 1.0, 2.0, 3.0], [4.0, 5.0, 6.0, 7.0], [8.0, 9.0, 10.0, 11.0]]> : tensor<3x4xf32>
  %1 = mlopt.constant dense<[3, -4]> : tensor<2xi32>
  %r = mlopt.gather %0, %1 {axis = 1 : i64} : (tensor<3x4xf32>, tensor<2xi32>) -> tensor<3x2xf32>
  return %r : tensor<3x2xf32>
}
// CHECK: gather_axis1 exact 0: tensor<3x2xf32> = [3, 0, 7, 4, 11, 8]

func.func @gather_scalar() -> tensor<3xf32> {
  %0 = mlopt.constant dense<[[0.0, 1.0, 2.0, 3.0], [4.0, 5.0, 6.0, 7.0], [8.0, 9.0, 10.0, 11.0]]> : tensor<3x4xf32>
  %1 = mlopt.constant dense<-1> : tensor<i64>
  %r = mlopt.gather %0, %1 {axis = 1 : i64} : (tensor<3x4xf32>, tensor<i64>) -> tensor<3xf32>
  return %r : tensor<3xf32>
}
// CHECK: gather_scalar exact 0: tensor<3xf32> = [3, 7, 11]

func.func @gather_bool() -> tensor<3xi1> {
  %0 = mlopt.constant dense<[true, false]> : tensor<2xi1>
  %1 = mlopt.constant dense<[1, 0, 0]> : tensor<3xi64>
  %r = mlopt.gather %0, %1 {axis = 0 : i64} : (tensor<2xi1>, tensor<3xi64>) -> tensor<3xi1>
  return %r : tensor<3xi1>
}
// CHECK: gather_bool exact 0: tensor<3xi1> = [0, 1, 1]

func.func @gather_empty() -> tensor<0x4xf32> {
  %0 = mlopt.constant dense<[[0.0, 1.0, 2.0, 3.0], [4.0, 5.0, 6.0, 7.0], [8.0, 9.0, 10.0, 11.0]]> : tensor<3x4xf32>
  %1 = mlopt.constant dense<> : tensor<0xi64>
  %r = mlopt.gather %0, %1 {axis = 0 : i64} : (tensor<3x4xf32>, tensor<0xi64>) -> tensor<0x4xf32>
  return %r : tensor<0x4xf32>
}
// CHECK: gather_empty exact 0: tensor<0x4xf32> = []

func.func @gather_elements() -> tensor<2x4xf32> {
  %0 = mlopt.constant dense<[[0.0, 1.0, 2.0, 3.0], [4.0, 5.0, 6.0, 7.0], [8.0, 9.0, 10.0, 11.0]]> : tensor<3x4xf32>
  %1 = mlopt.constant dense<[[0, -1, 2, 1], [1, 1, 0, 0]]> : tensor<2x4xi64>
  %r = mlopt.gather_elements %0, %1 {axis = 0 : i64} : (tensor<3x4xf32>, tensor<2x4xi64>) -> tensor<2x4xf32>
  return %r : tensor<2x4xf32>
}
// CHECK: gather_elements exact 0: tensor<2x4xf32> = [0, 9, 10, 7, 4, 5, 2, 3]

func.func @gather_elements_axis1() -> tensor<3x1xf32> {
  %0 = mlopt.constant dense<[[0.0, 1.0, 2.0, 3.0], [4.0, 5.0, 6.0, 7.0], [8.0, 9.0, 10.0, 11.0]]> : tensor<3x4xf32>
  %1 = mlopt.constant dense<[[3], [-4], [1]]> : tensor<3x1xi64>
  %r = mlopt.gather_elements %0, %1 {axis = 1 : i64} : (tensor<3x4xf32>, tensor<3x1xi64>) -> tensor<3x1xf32>
  return %r : tensor<3x1xf32>
}
// CHECK: gather_elements_axis1 exact 0: tensor<3x1xf32> = [3, 4, 9]

func.func @gather_nd() -> tensor<2xf32> {
  %0 = mlopt.constant dense<[[0.0, 1.0, 2.0, 3.0], [4.0, 5.0, 6.0, 7.0], [8.0, 9.0, 10.0, 11.0]]> : tensor<3x4xf32>
  %1 = mlopt.constant dense<[[0, 1], [-1, -1]]> : tensor<2x2xi64>
  %r = mlopt.gather_nd %0, %1 {batch_dims = 0 : i64} : (tensor<3x4xf32>, tensor<2x2xi64>) -> tensor<2xf32>
  return %r : tensor<2xf32>
}
// CHECK: gather_nd exact 0: tensor<2xf32> = [1, 11]

func.func @gather_nd_slices() -> tensor<2x1x4xf32> {
  %0 = mlopt.constant dense<[[0.0, 1.0, 2.0, 3.0], [4.0, 5.0, 6.0, 7.0], [8.0, 9.0, 10.0, 11.0]]> : tensor<3x4xf32>
  %1 = mlopt.constant dense<[[[2]], [[0]]]> : tensor<2x1x1xi64>
  %r = mlopt.gather_nd %0, %1 {batch_dims = 0 : i64} : (tensor<3x4xf32>, tensor<2x1x1xi64>) -> tensor<2x1x4xf32>
  return %r : tensor<2x1x4xf32>
}
// CHECK: gather_nd_slices exact 0: tensor<2x1x4xf32> = [8, 9, 10, 11, 0, 1, 2, 3]

func.func @gather_nd_batch() -> tensor<2x2xi32> {
  %0 = mlopt.constant dense<[[[0, 1], [2, 3]], [[4, 5], [6, 7]]]> : tensor<2x2x2xi32>
  %1 = mlopt.constant dense<[[1], [0]]> : tensor<2x1xi64>
  %r = mlopt.gather_nd %0, %1 {batch_dims = 1 : i64} : (tensor<2x2x2xi32>, tensor<2x1xi64>) -> tensor<2x2xi32>
  return %r : tensor<2x2xi32>
}
// CHECK: gather_nd_batch exact 0: tensor<2x2xi32> = [2, 3, 4, 5]

func.func @scatter_elements_none() -> tensor<3x3xf32> {
  %0 = mlopt.constant dense<[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]]> : tensor<3x3xf32>
  %1 = mlopt.constant dense<[[1, 0, 2], [1, 2, -3]]> : tensor<2x3xi64>
  %2 = mlopt.constant dense<[[10.0, 20.0, 30.0], [2.0, 50.0, -60.0]]> : tensor<2x3xf32>
  %r = mlopt.scatter_elements %0, %1, %2 {axis = 0 : i64, reduction = #mlopt<scatter_reduction none>} : (tensor<3x3xf32>, tensor<2x3xi64>, tensor<2x3xf32>) -> tensor<3x3xf32>
  return %r : tensor<3x3xf32>
}
// CHECK: scatter_elements_none exact 0: tensor<3x3xf32> = [1, 20, -60, 2, 5, 6, 7, 50, 30]

func.func @scatter_elements_add() -> tensor<3x3xf32> {
  %0 = mlopt.constant dense<[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]]> : tensor<3x3xf32>
  %1 = mlopt.constant dense<[[1, 0, 2], [1, 2, -3]]> : tensor<2x3xi64>
  %2 = mlopt.constant dense<[[10.0, 20.0, 30.0], [2.0, 50.0, -60.0]]> : tensor<2x3xf32>
  %r = mlopt.scatter_elements %0, %1, %2 {axis = 0 : i64, reduction = #mlopt<scatter_reduction add>} : (tensor<3x3xf32>, tensor<2x3xi64>, tensor<2x3xf32>) -> tensor<3x3xf32>
  return %r : tensor<3x3xf32>
}
// CHECK: scatter_elements_add exact 0: tensor<3x3xf32> = [1, 22, -57, 16, 5, 6, 7, 58, 39]

func.func @scatter_elements_mul() -> tensor<3x3xf32> {
  %0 = mlopt.constant dense<[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]]> : tensor<3x3xf32>
  %1 = mlopt.constant dense<[[1, 0, 2], [1, 2, -3]]> : tensor<2x3xi64>
  %2 = mlopt.constant dense<[[10.0, 20.0, 30.0], [2.0, 50.0, -60.0]]> : tensor<2x3xf32>
  %r = mlopt.scatter_elements %0, %1, %2 {axis = 0 : i64, reduction = #mlopt<scatter_reduction mul>} : (tensor<3x3xf32>, tensor<2x3xi64>, tensor<2x3xf32>) -> tensor<3x3xf32>
  return %r : tensor<3x3xf32>
}
// CHECK: scatter_elements_mul exact 0: tensor<3x3xf32> = [1, 40, -180, 80, 5, 6, 7, 400, 270]

func.func @scatter_elements_max() -> tensor<3x3xf32> {
  %0 = mlopt.constant dense<[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]]> : tensor<3x3xf32>
  %1 = mlopt.constant dense<[[1, 0, 2], [1, 2, -3]]> : tensor<2x3xi64>
  %2 = mlopt.constant dense<[[10.0, 20.0, 30.0], [2.0, 50.0, -60.0]]> : tensor<2x3xf32>
  %r = mlopt.scatter_elements %0, %1, %2 {axis = 0 : i64, reduction = #mlopt<scatter_reduction max>} : (tensor<3x3xf32>, tensor<2x3xi64>, tensor<2x3xf32>) -> tensor<3x3xf32>
  return %r : tensor<3x3xf32>
}
// CHECK: scatter_elements_max exact 0: tensor<3x3xf32> = [1, 20, 3, 10, 5, 6, 7, 50, 30]

func.func @scatter_elements_min() -> tensor<3x3xf32> {
  %0 = mlopt.constant dense<[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]]> : tensor<3x3xf32>
  %1 = mlopt.constant dense<[[1, 0, 2], [1, 2, -3]]> : tensor<2x3xi64>
  %2 = mlopt.constant dense<[[10.0, 20.0, 30.0], [2.0, 50.0, -60.0]]> : tensor<2x3xf32>
  %r = mlopt.scatter_elements %0, %1, %2 {axis = 0 : i64, reduction = #mlopt<scatter_reduction min>} : (tensor<3x3xf32>, tensor<2x3xi64>, tensor<2x3xf32>) -> tensor<3x3xf32>
  return %r : tensor<3x3xf32>
}
// CHECK: scatter_elements_min exact 0: tensor<3x3xf32> = [1, 2, -60, 2, 5, 6, 7, 8, 9]

func.func @scatter_elements_i8() -> tensor<1xi8> {
  %0 = mlopt.constant dense<[100]> : tensor<1xi8>
  %1 = mlopt.constant dense<[0, 0]> : tensor<2xi64>
  %2 = mlopt.constant dense<[100, 1]> : tensor<2xi8>
  %r = mlopt.scatter_elements %0, %1, %2 {axis = 0 : i64, reduction = #mlopt<scatter_reduction add>} : (tensor<1xi8>, tensor<2xi64>, tensor<2xi8>) -> tensor<1xi8>
  return %r : tensor<1xi8>
}
// CHECK: scatter_elements_i8 exact 0: tensor<1xi8> = [-55]

func.func @scatter_elements_empty() -> tensor<3x3xf32> {
  %0 = mlopt.constant dense<[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]]> : tensor<3x3xf32>
  %1 = mlopt.constant dense<> : tensor<0x3xi64>
  %2 = mlopt.constant dense<> : tensor<0x3xf32>
  %r = mlopt.scatter_elements %0, %1, %2 {axis = 0 : i64, reduction = #mlopt<scatter_reduction add>} : (tensor<3x3xf32>, tensor<0x3xi64>, tensor<0x3xf32>) -> tensor<3x3xf32>
  return %r : tensor<3x3xf32>
}
// CHECK: scatter_elements_empty exact 0: tensor<3x3xf32> = [1, 2, 3, 4, 5, 6, 7, 8, 9]

func.func @scatter_nd() -> tensor<8xf32> {
  %0 = mlopt.constant dense<[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]> : tensor<8xf32>
  %1 = mlopt.constant dense<[[4], [3], [1], [-1]]> : tensor<4x1xi64>
  %2 = mlopt.constant dense<[9.0, 10.0, 11.0, 12.0]> : tensor<4xf32>
  %r = mlopt.scatter_nd %0, %1, %2 {reduction = #mlopt<scatter_reduction none>} : (tensor<8xf32>, tensor<4x1xi64>, tensor<4xf32>) -> tensor<8xf32>
  return %r : tensor<8xf32>
}
// CHECK: scatter_nd exact 0: tensor<8xf32> = [1, 11, 3, 10, 9, 6, 7, 12]

func.func @scatter_nd_slices_add() -> tensor<3x3xf32> {
  %0 = mlopt.constant dense<[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]]> : tensor<3x3xf32>
  %1 = mlopt.constant dense<[[0], [0]]> : tensor<2x1xi64>
  %2 = mlopt.constant dense<[[1.0, 1.0, 1.0], [2.0, 2.0, 2.0]]> : tensor<2x3xf32>
  %r = mlopt.scatter_nd %0, %1, %2 {reduction = #mlopt<scatter_reduction add>} : (tensor<3x3xf32>, tensor<2x1xi64>, tensor<2x3xf32>) -> tensor<3x3xf32>
  return %r : tensor<3x3xf32>
}
// CHECK: scatter_nd_slices_add exact 0: tensor<3x3xf32> = [4, 5, 6, 4, 5, 6, 7, 8, 9]

func.func @scatter_nd_max_nan() -> tensor<2xf32> {
  %0 = mlopt.constant dense<[1.0, 2.0]> : tensor<2xf32>
  %1 = mlopt.constant dense<[[0]]> : tensor<1x1xi64>
  %2 = mlopt.constant dense<[0x7FC00000]> : tensor<1xf32>
  %r = mlopt.scatter_nd %0, %1, %2 {reduction = #mlopt<scatter_reduction max>} : (tensor<2xf32>, tensor<1x1xi64>, tensor<1xf32>) -> tensor<2xf32>
  return %r : tensor<2xf32>
}
// CHECK: scatter_nd_max_nan exact 0: tensor<2xf32> = [nan, 2]

func.func @scatter_nd_bool() -> tensor<2xi1> {
  %0 = mlopt.constant dense<[false, true]> : tensor<2xi1>
  %1 = mlopt.constant dense<[[0], [1]]> : tensor<2x1xi64>
  %2 = mlopt.constant dense<[true, false]> : tensor<2xi1>
  %r = mlopt.scatter_nd %0, %1, %2 {reduction = #mlopt<scatter_reduction none>} : (tensor<2xi1>, tensor<2x1xi64>, tensor<2xi1>) -> tensor<2xi1>
  return %r : tensor<2xi1>
}
// CHECK: scatter_nd_bool exact 0: tensor<2xi1> = [1, 0]

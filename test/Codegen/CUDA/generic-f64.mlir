// RUN: %cuda mlopt-cuda-kernel-test %s --gpu=sm_80,sm_90 --emitter=cuda-generic --tolerance=1e-14 --size n=300 | FileCheck %s --implicit-check-not=FAILED
// RUN: mlopt-cuda-kernel-test %s --gpu=sm_90 --ptxas=none --emit-ptx | FileCheck %s --check-prefix=PTX --implicit-check-not=.extern
//
// Functions of f64: there is no libm on a GPU.

// CHECK: exponentials sm_80 n=300: cuda-generic {{.*}} ok
// PTX: .entry exponentials(
// PTX: fma.rn.f64
mlopt.kernel @exponentials(%a: tensor<?xf64> {mlopt.range = [-20.0, 20.0]}) -> (tensor<?xf64>, tensor<?xf64>, tensor<?xf64>, tensor<?xf64>, tensor<?xf64>, tensor<?xf64>, tensor<?xf64>, tensor<?xf64>) attributes {hero = #mlopt.hero<elementwise>, dims = [["n"], ["n"], ["n"], ["n"], ["n"], ["n"], ["n"], ["n"], ["n"]]} {
  %0 = mlopt.exp %a {mlopt.hero_op} : (tensor<?xf64>) -> tensor<?xf64>
  %1 = mlopt.tanh %a : (tensor<?xf64>) -> tensor<?xf64>
  %2 = mlopt.sinh %a : (tensor<?xf64>) -> tensor<?xf64>
  %3 = mlopt.cosh %a : (tensor<?xf64>) -> tensor<?xf64>
  %4 = mlopt.erf %a : (tensor<?xf64>) -> tensor<?xf64>
  %5 = mlopt.sigmoid %a : (tensor<?xf64>) -> tensor<?xf64>
  %6 = mlopt.softplus %a : (tensor<?xf64>) -> tensor<?xf64>
  %7 = mlopt.gelu %a {tanh_approximation = false} : (tensor<?xf64>) -> tensor<?xf64>
  mlopt.yield %0, %1, %2, %3, %4, %5, %6, %7 : tensor<?xf64>, tensor<?xf64>, tensor<?xf64>, tensor<?xf64>, tensor<?xf64>, tensor<?xf64>, tensor<?xf64>, tensor<?xf64>
}

mlopt.kernel @logarithms(%a: tensor<?xf64> {mlopt.range = [1.0, 50.0]}) -> (tensor<?xf64>, tensor<?xf64>, tensor<?xf64>) attributes {hero = #mlopt.hero<elementwise>, dims = [["n"], ["n"], ["n"], ["n"]]} {
  %0 = mlopt.log %a {mlopt.hero_op} : (tensor<?xf64>) -> tensor<?xf64>
  %1 = mlopt.asinh %a : (tensor<?xf64>) -> tensor<?xf64>
  %2 = mlopt.acosh %a : (tensor<?xf64>) -> tensor<?xf64>
  mlopt.yield %0, %1, %2 : tensor<?xf64>, tensor<?xf64>, tensor<?xf64>
}

mlopt.kernel @trigonometry(%a: tensor<?xf64> {mlopt.range = [-1000000000.0, 1000000000.0]}) -> (tensor<?xf64>, tensor<?xf64>, tensor<?xf64>, tensor<?xf64>) attributes {hero = #mlopt.hero<elementwise>, dims = [["n"], ["n"], ["n"], ["n"], ["n"]]} {
  %0 = mlopt.sin %a {mlopt.hero_op} : (tensor<?xf64>) -> tensor<?xf64>
  %1 = mlopt.cos %a : (tensor<?xf64>) -> tensor<?xf64>
  %2 = mlopt.tan %a : (tensor<?xf64>) -> tensor<?xf64>
  %3 = mlopt.atan %a : (tensor<?xf64>) -> tensor<?xf64>
  mlopt.yield %0, %1, %2, %3 : tensor<?xf64>, tensor<?xf64>, tensor<?xf64>, tensor<?xf64>
}

mlopt.kernel @arcs(%a: tensor<?xf64> {mlopt.range = [-0.9, 0.9]}) -> (tensor<?xf64>, tensor<?xf64>, tensor<?xf64>) attributes {hero = #mlopt.hero<elementwise>, dims = [["n"], ["n"], ["n"], ["n"]]} {
  %0 = mlopt.asin %a {mlopt.hero_op} : (tensor<?xf64>) -> tensor<?xf64>
  %1 = mlopt.acos %a : (tensor<?xf64>) -> tensor<?xf64>
  %2 = mlopt.atanh %a : (tensor<?xf64>) -> tensor<?xf64>
  mlopt.yield %0, %1, %2 : tensor<?xf64>, tensor<?xf64>, tensor<?xf64>
}

mlopt.kernel @two_pow(%a: tensor<?xf64> {mlopt.range = [0.0, 30.0]}, %b: tensor<?xf64> {mlopt.range = [-8.0, 8.0]}) -> tensor<?xf64> attributes {hero = #mlopt.hero<elementwise>, dims = [["n"], ["n"], ["n"]]} {
  %0 = mlopt.pow %a, %b {mlopt.hero_op} : (tensor<?xf64>, tensor<?xf64>) -> tensor<?xf64>
  mlopt.yield %0 : tensor<?xf64>
}

mlopt.kernel @two_mod(%a: tensor<?xf64> {mlopt.range = [-1000000.0, 1000000.0]}, %b: tensor<?xf64> {mlopt.range = [-8.0, 8.0]}) -> tensor<?xf64> attributes {hero = #mlopt.hero<elementwise>, dims = [["n"], ["n"], ["n"]]} {
  %0 = mlopt.mod %a, %b {fmod = true, mlopt.hero_op} : (tensor<?xf64>, tensor<?xf64>) -> tensor<?xf64>
  mlopt.yield %0 : tensor<?xf64>
}

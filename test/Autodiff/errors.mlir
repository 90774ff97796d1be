// What cannot be differentiated is reported at once, in the order in which derivatives flow, each
// with its node; the module stays as it was.
// RUN: not %mlopt-opt --mlopt-differentiate %s 2>&1 | FileCheck %s
// RUN: not %mlopt-opt --mlopt-check-gradients %s -o /dev/null 2>&1 | FileCheck %s --check-prefix=PASS
// RUN: not %mlopt-opt --mlopt-differentiate --mlir-print-ir-after-failure %s 2>&1 | FileCheck %s --check-prefix=AFTER
// AFTER: func.func @several
// AFTER-COUNT-4: mlopt.{{cumulative|scatter_elements|mul}}
// AFTER-NEXT: mlopt.gradient
// AFTER-NEXT: return
// AFTER: func.func @fine
// AFTER-NEXT: mlopt.gradient
// AFTER-NEXT: return
// PASS: error: MLO2007
// PASS-NOT: gradient ok: {{several|step|again}}

// The operations behind the first one are looked at too; those on no path from a variable are not.
// CHECK: error: MLO2007: cannot differentiate 'mlopt.cumulative': running products have no gradient rule
// CHECK-NEXT: mlopt.cumulative {{.*}}axis = 1
// CHECK: error: MLO2007: cannot differentiate 'mlopt.scatter_elements': only the reductions none and add have a gradient rule
// CHECK: error: MLO2007: cannot differentiate 'func.call': the operation has no gradient rule
// CHECK-NOT: axis = 0
func.func private @other(tensor<2x3xf32>) -> tensor<2x3xf32>
func.func @several(%x: tensor<2x3xf32>, %c: tensor<2x3xf32>, %i: tensor<2x3xi64>) -> tensor<2x3xf32> {
  %0 = call @other(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = mlopt.scatter_elements %0, %i, %c {axis = 0 : i64, reduction = #mlopt<scatter_reduction mul>} : (tensor<2x3xf32>, tensor<2x3xi64>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %2 = mlopt.cumulative %c {kind = #mlopt<cumulative_kind prod>, axis = 0 : i64} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %3 = mlopt.mul %1, %2 : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %4 = mlopt.cumulative %3 {kind = #mlopt<cumulative_kind prod>, axis = 1 : i64} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %g = mlopt.gradient %4, %x : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %g : tensor<2x3xf32>
}

// The same node in another function, as a training step has them: reported once.
// CHECK: error: loc("node"): MLO2007: cannot differentiate 'func.call'
// CHECK-NOT: error:
func.func @step(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = call @other(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32> loc("node")
  %g = mlopt.gradient %0, %x : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %g : tensor<2x3xf32>
}
func.func @again(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = call @other(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32> loc("node")
  %g = mlopt.gradient %0, %x : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %g : tensor<2x3xf32>
}

func.func @fine(%a: tensor<2xf32>) -> tensor<2xf32> {
  %g = mlopt.gradient %a, %a : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  return %g : tensor<2xf32>
}

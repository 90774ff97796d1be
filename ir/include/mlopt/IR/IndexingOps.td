//===- IndexingOps.td - Gather and scatter ------------------*- tablegen -*-===//
#ifndef MLOPT_IR_INDEXING_TD
#define MLOPT_IR_INDEXING_TD

include "mlopt/IR/MloptBase.td"

// Indices may be negative (counted from the end). An index outside
// [-size, size) is an error of the run (ir.md section 4); its element becomes 0.

def Mlopt_GatherOp : Mlopt_SameElementOp<"gather"> {
  let summary = "slices picked along an axis";
  let description = [{
    Result shape: data[:axis] + indices' shape + data[axis+1:].

    Constraints: (C1) axis lies in [0, rank of data).

    Example: `%1 = mlopt.gather %d, %i {axis = 0 : i64} : (tensor<10x4xf32>, tensor<2x3xi64>) -> tensor<2x3x4xf32>`
  }];
  let arguments = (ins Mlopt_Tensor:$data, Mlopt_IndexTensor:$indices, I64Attr:$axis);
  let results = (outs Mlopt_Tensor:$result);
}

def Mlopt_GatherElementsOp : Mlopt_SameElementOp<"gather_elements"> {
  let summary = "elements picked along an axis";
  let description = [{
    Result[i][j] = data[indices[i][j]][j] for axis 0, and so on. ONNX GatherElements.

    Constraints: (C1) data and indices have the same rank; (C2) axis lies in [0, rank).

    Example: `%1 = mlopt.gather_elements %d, %i {axis = 1 : i64} : (tensor<2x3xf32>, tensor<2x2xi64>) -> tensor<2x2xf32>`
  }];
  let arguments = (ins Mlopt_Tensor:$data, Mlopt_IndexTensor:$indices, I64Attr:$axis);
  let results = (outs Mlopt_Tensor:$result);
}

def Mlopt_GatherNdOp : Mlopt_SameElementOp<"gather_nd"> {
  let summary = "slices picked by index tuples";
  let description = [{
    ONNX GatherND: the last axis of indices (static size) holds tuples into data's axes from `batch_dims` on.

    Constraints: (C1) batch_dims < both ranks; (C2) the tuple's length is static and at most rank(data) - batch_dims.

    Example: `%1 = mlopt.gather_nd %d, %i {batch_dims = 0 : i64} : (tensor<2x3xf32>, tensor<4x2xi64>) -> tensor<4xf32>`
  }];
  let arguments = (ins Mlopt_Tensor:$data, Mlopt_IndexTensor:$indices, I64Attr:$batch_dims);
  let results = (outs Mlopt_Tensor:$result);
}

def Mlopt_ScatterElementsOp : Mlopt_SameElementOp<"scatter_elements"> {
  let summary = "elements written along an axis";
  let description = [{
    A copy of data in which result[indices[i][j]][j] (axis 0) takes or is
    combined with updates[i][j], in row-major order of updates. ONNX ScatterElements.

    Constraints: (C1) all ranks agree; (C2) updates has indices' shape and data's element type.

    Example: `%1 = mlopt.scatter_elements %d, %i, %u {axis = 0 : i64, reduction = #mlopt<scatter_reduction add>} : (tensor<3x3xf32>, tensor<2x3xi64>, tensor<2x3xf32>) -> tensor<3x3xf32>`
  }];
  let arguments = (ins Mlopt_Tensor:$data, Mlopt_IndexTensor:$indices, Mlopt_Tensor:$updates, I64Attr:$axis,
                       Mlopt_ScatterReductionAttr:$reduction);
  let results = (outs Mlopt_Tensor:$result);
}

def Mlopt_ScatterNdOp : Mlopt_SameElementOp<"scatter_nd"> {
  let summary = "slices written at index tuples";
  let description = [{
    ONNX ScatterND, updates applied in row-major order.

    Constraints: (C1) the tuple's length is static; (C2) updates has data's element type.

    Example: `%1 = mlopt.scatter_nd %d, %i, %u {reduction = #mlopt<scatter_reduction none>} : (tensor<8xf32>, tensor<4x1xi64>, tensor<4xf32>) -> tensor<8xf32>`
  }];
  let arguments = (ins Mlopt_Tensor:$data, Mlopt_IndexTensor:$indices, Mlopt_Tensor:$updates,
                       Mlopt_ScatterReductionAttr:$reduction);
  let results = (outs Mlopt_Tensor:$result);
}

#endif // MLOPT_IR_INDEXING_TD

"""finite_data.py FOLDER: a model with a mask of -inf, a running sum and a logarithm, and data for it."""

import os
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

folder = sys.argv[1]
nodes = [
    helper.make_node("MatMul", ["x", "w"], ["product"], name="product"),
    helper.make_node("Where", ["keep", "product", "minus_inf"], ["masked"], name="masked"),
    helper.make_node("CumSum", ["x", "axis"], ["sums"], name="sums"),
    helper.make_node("Log", ["x"], ["logs"], name="logs"),
]
graph = helper.make_graph(
    nodes,
    "finite",
    [
        helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", 20]),
        helper.make_tensor_value_info("keep", TensorProto.BOOL, ["n", 20]),
    ],
    [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", 20])
        for name in ("masked", "sums", "logs")
    ],
    [
        numpy_helper.from_array(np.eye(20, dtype=np.float32), "w"),
        numpy_helper.from_array(np.array(-np.inf, np.float32), "minus_inf"),
        numpy_helper.from_array(np.array(1, np.int64), "axis"),
    ],
)
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
onnx.save(model, os.path.join(folder, "finite.onnx"))
x = np.random.RandomState(0).uniform(0.5, 1, (7, 20)).astype(np.float32)
keep = np.ones((7, 20), bool)
for name, row, value in (("good", 0, 1), ("negative", 6, -1), ("large", 5, 3e38)):
    changed = x.copy()
    changed[row, 3:5] = value
    np.savez(os.path.join(folder, name + ".npz"), x=changed, keep=keep)
keep[2:, ::3] = False
np.savez(os.path.join(folder, "masked.npz"), x=x, keep=keep)

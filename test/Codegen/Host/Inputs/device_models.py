"""Writes DIR/pieces.onnx: two products, a concatenation of two of their results, and an input that is a result."""

import os
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

rng = np.random.default_rng(3)


def weight(name, *shape):
    return numpy_helper.from_array(rng.uniform(-1, 1, shape).astype(np.float32), name)


nodes = [
    helper.make_node("MatMul", ["x", "w"], ["a"]),
    helper.make_node("Tanh", ["a"], ["t"]),
    helper.make_node("MatMul", ["t", "v"], ["b"]),
    helper.make_node("CumSum", ["t", "axis"], ["s"]),
    helper.make_node("Concat", ["b", "s"], ["y"], axis=0),
    helper.make_node("Identity", ["x"], ["z"]),
]
graph = helper.make_graph(
    nodes,
    "pieces",
    [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["N", 6])],
    [
        helper.make_tensor_value_info("y", TensorProto.FLOAT, ["M", 8]),
        helper.make_tensor_value_info("z", TensorProto.FLOAT, ["N", 6]),
    ],
    [weight("w", 6, 8), weight("v", 8, 8), numpy_helper.from_array(np.array(0), "axis")],
)
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
onnx.save(model, os.path.join(sys.argv[1], "pieces.onnx"))

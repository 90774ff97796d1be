"""size_models.py FOLDER: models with sizes known at run time, and inputs that contradict them."""

import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

folder = sys.argv[1]


def save(name, node, inputs, constants=(), **feeds):
    values = [helper.make_tensor_value_info(n, t, s) for n, t, s in inputs]
    output = helper.make_tensor_value_info("y", TensorProto.FLOAT, None)
    weights = [numpy_helper.from_array(value, key) for key, value in constants]
    relu = helper.make_node("Relu", ["r"], ["y"], name="Relu_1")
    graph = helper.make_graph([node, relu], name, values, [output], weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    onnx.save(model, f"{folder}/{name}.onnx")
    for key, value in feeds.items():
        np.save(f"{folder}/{name}_{key}.npy", value)


F, I = TensorProto.FLOAT, TensorProto.INT64
save("conv", helper.make_node("Conv", ["x", "w"], ["r"], name="Conv_1"),
     [("x", F, [1, "c", 8, 8])], [("w", np.ones((4, 16, 1, 1), np.float32))],
     x=np.zeros((1, 3, 8, 8), np.float32))
save("pick", helper.make_node("GatherElements", ["x", "i"], ["r"], axis=1, name="Pick_1"),
     [("x", F, ["n", 5]), ("i", I, ["p", 2])],
     x=np.zeros((2, 5), np.float32), i=np.zeros((9, 2), np.int64))
save("huge", helper.make_node("Reshape", ["x", "s"], ["r"], name="Reshape_1"),
     [("x", F, ["n", 4]), ("s", I, [3])],
     x=np.zeros((6, 4), np.float32), s=np.array([3, 8, 2**61 + 1]))

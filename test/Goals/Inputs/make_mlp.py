"""make_mlp.py OUT.onnx --layers=N --width=W: a model of N dense layers with random weights: N W^2 + N W
numbers of f32. Writes inputs beside it, as bench/models.py does."""

import argparse

import numpy as np
import onnx
from onnx import helper

parser = argparse.ArgumentParser()
parser.add_argument("out")
parser.add_argument("--layers", type=int, required=True)
parser.add_argument("--width", type=int, required=True)
parser.add_argument("--rows", type=int, default=16)
options = parser.parse_args()

random = np.random.default_rng(0)
width, nodes, weights, value = options.width, [], [], "x"
for layer in range(options.layers):
    matrix = random.standard_normal((width, width), np.float32) / np.float32(width**0.5)
    bias = random.standard_normal(width, np.float32)
    weights += [onnx.numpy_helper.from_array(matrix, f"w{layer}")]
    weights += [onnx.numpy_helper.from_array(bias, f"b{layer}")]
    nodes.append(helper.make_node("Gemm", [value, f"w{layer}", f"b{layer}"], [f"h{layer}"]))
    nodes.append(helper.make_node("Relu", [f"h{layer}"], [f"y{layer}"]))
    value = f"y{layer}"


def info(name):
    return helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, [options.rows, width])


graph = helper.make_graph(nodes, "mlp", [info("x")], [info(value)], weights)
opset = [helper.make_opsetid("", 20)]
onnx.save(helper.make_model(graph, opset_imports=opset, ir_version=9), options.out)
np.savez(
    options.out.replace(".onnx", ".npz"),
    **{"in:x": random.standard_normal((options.rows, width), np.float32)},
)

"""Writes a chain of N running sums over an axis of run-time size: N launches, and what keeps them bounded."""

import sys

import onnx
from onnx import TensorProto, helper

path, count = sys.argv[1], int(sys.argv[2])
nodes, value = [], "x"
for i in range(count):
    nodes.append(helper.make_node("CumSum", [value, "axis"], [f"s{i}"]))
    nodes.append(helper.make_node("Tanh", [f"s{i}"], [f"t{i}"]))
    value = f"t{i}"
# The first sum is read again at the end, from another function than the one that makes it.
nodes.append(helper.make_node("Concat", ["s0", value], ["y"], axis=0))
graph = helper.make_graph(
    nodes,
    "chain",
    [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["N", 8])],
    [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["M", 8])],
    [helper.make_tensor("axis", TensorProto.INT64, [], [0])],
)
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
onnx.save(model, path)

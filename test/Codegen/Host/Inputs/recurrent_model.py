"""Writes an LSTM and a bidirectional GRU over it, with symbolic time and batch."""

import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

HIDDEN, INPUTS = 72, 20


def main(path):
    rng = np.random.default_rng(7)

    def weight(name, *shape):
        values = rng.uniform(-0.2, 0.2, shape).astype(np.float32)
        return numpy_helper.from_array(values, name)

    gru = 80
    weights = [
        weight("w0", 1, 4 * HIDDEN, INPUTS),
        weight("r0", 1, 4 * HIDDEN, HIDDEN),
        weight("b0", 1, 8 * HIDDEN),
        weight("w1", 2, 3 * gru, HIDDEN),
        weight("r1", 2, 3 * gru, gru),
        weight("b1", 2, 6 * gru),
    ]
    axes = numpy_helper.from_array(np.array([1]), "axes")
    nodes = [
        helper.make_node("LSTM", ["x", "w0", "r0", "b0"], ["y0", "h0", "c0"], hidden_size=HIDDEN),
        helper.make_node("Squeeze", ["y0", "axes"], ["y0s"]),
        helper.make_node(
            "GRU", ["y0s", "w1", "r1", "b1", "lengths"], ["y1", "h1"], hidden_size=gru, direction="bidirectional"
        ),
    ]
    float32 = TensorProto.FLOAT
    graph = helper.make_graph(
        nodes,
        "recurrent",
        [
            helper.make_tensor_value_info("x", float32, ["t", "b", INPUTS]),
            helper.make_tensor_value_info("lengths", TensorProto.INT32, ["b"]),
        ],
        [
            helper.make_tensor_value_info("y1", float32, ["t", 2, "b", gru]),
            helper.make_tensor_value_info("h1", float32, [2, "b", gru]),
            helper.make_tensor_value_info("c0", float32, [1, "b", HIDDEN]),
        ],
        weights + [axes],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 22)], ir_version=10)
    onnx.checker.check_model(model)
    onnx.save(model, path)


main(sys.argv[1])

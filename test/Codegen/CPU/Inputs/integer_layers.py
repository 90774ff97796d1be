"""integer_layers.py MODEL: two layers of bytes with weights, and a product of two run-time matrices."""

import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper


def main():
    rng = np.random.default_rng(3)
    weights = {
        "w1": rng.integers(-128, 128, (100, 70), np.int8),
        "w2": rng.integers(-128, 128, (70, 96), np.int8),
        "scale1": np.linspace(1e-4, 3e-4, 70, dtype=np.float32),
        "one": np.float32(0.02),
        "zero": np.uint8(120),
        "zero_x": np.uint8(7),
    }
    nodes = [
        helper.make_node("MatMulInteger", ["x", "w1", "zero_x"], ["sum1"]),
        helper.make_node("Cast", ["sum1"], ["float1"], to=TensorProto.FLOAT),
        helper.make_node("Mul", ["float1", "scale1"], ["scaled1"]),
        helper.make_node("Relu", ["scaled1"], ["relu1"]),
        helper.make_node("QuantizeLinear", ["relu1", "one", "zero"], ["q1"]),
        helper.make_node("MatMulInteger", ["q1", "w2", "zero"], ["y"]),
        helper.make_node("MatMulInteger", ["x", "z"], ["product"]),
    ]
    graph = helper.make_graph(
        nodes,
        "layers",
        [
            helper.make_tensor_value_info("x", TensorProto.UINT8, ["rows", 100]),
            helper.make_tensor_value_info("z", TensorProto.INT8, [100, 40]),
        ],
        [
            helper.make_tensor_value_info("y", TensorProto.INT32, ["rows", 96]),
            helper.make_tensor_value_info("product", TensorProto.INT32, ["rows", 40]),
        ],
        [numpy_helper.from_array(np.asarray(value), name) for name, value in weights.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10)
    onnx.checker.check_model(model)
    onnx.save(model, sys.argv[1])


main()

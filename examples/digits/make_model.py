#!/usr/bin/env python3
"""Writes digits.onnx: a small convolutional network with batch normalization, dropout and random
weights.

    make_model.py [FILE] [--seed=N]
"""

import argparse

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper


class Builder:
    """Nodes and initializers of a chain of layers."""

    def __init__(self, seed):
        self.random = np.random.RandomState(seed)
        self.nodes, self.initializers = [], []

    def parameter(self, name, values):
        self.initializers.append(
            numpy_helper.from_array(np.asarray(values, np.float32), name)
        )
        return name

    def weight(self, name, shape):
        fan_in = int(np.prod(shape[1:]))
        return self.parameter(name, self.random.randn(*shape) * np.sqrt(2 / fan_in))

    def node(self, op, inputs, output, **attributes):
        self.nodes.append(helper.make_node(op, inputs, [output], name=output, **attributes))
        return output

    def convolution(self, x, name, channels_in, channels_out):
        """3 x 3, batch normalization, Relu."""
        weight = self.weight(f"{name}.weight", (channels_out, channels_in, 3, 3))
        x = self.node("Conv", [x, weight], f"{name}.conv", pads=[1, 1, 1, 1])
        statistics = [
            self.parameter(f"{name}.bn.{part}", np.full(channels_out, value))
            for part, value in (("scale", 1), ("bias", 0), ("mean", 0), ("var", 1))
        ]
        x = self.node("BatchNormalization", [x, *statistics], f"{name}.bn", momentum=0.9)
        return self.node("Relu", [x], f"{name}.relu")


def build(seed):
    b = Builder(seed)
    x = b.convolution("image", "layer1", 1, 16)
    x = b.convolution(x, "layer2", 16, 32)
    x = b.node("MaxPool", [x], "pool1", kernel_shape=[2, 2], strides=[2, 2])
    x = b.convolution(x, "layer3", 32, 32)
    x = b.node("MaxPool", [x], "pool2", kernel_shape=[2, 2], strides=[2, 2])
    x = b.node("Flatten", [x], "flat")
    ratio = b.parameter("dropout.ratio", 0.3)
    x = b.node("Dropout", [x, ratio], "dropout")
    weight = b.weight("classes.weight", (10, 32 * 2 * 2))
    bias = b.parameter("classes.bias", np.zeros(10))
    b.node("Gemm", [x, weight, bias], "logits", transB=1)
    graph = helper.make_graph(
        b.nodes,
        "digits",
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, ["batch", 1, 8, 8])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", 10])],
        b.initializers,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model, full_check=True)
    return model


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("file", nargs="?", default="digits.onnx")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    onnx.save(build(options.seed), options.file)


if __name__ == "__main__":
    main()

"""skip_models.py FOLDER: writes models whose launches share memory in many ways, seeded weights.

dense: each convolution reads the concatenation of all earlier ones. unet: the first level is kept
for the last one. tokens: two sequences joined along the first axis, then taken apart. branches:
several products of one tensor, and rows normalised one after the other. `_n` in a name: the batch
is a symbol.
"""

import os
import sys

import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper, save

FLOAT, INT64 = TensorProto.FLOAT, TensorProto.INT64


class Model:
    """Nodes and weights of one model."""

    def __init__(self):
        self.random = np.random.default_rng(1)
        self.nodes, self.weights = [], []

    def weight(self, *shape):
        scale = 1 / np.sqrt(np.prod(shape[1:]) if len(shape) == 4 else shape[0])
        values = (self.random.standard_normal(shape) * scale).astype(np.float32)
        return self.constant(values)

    def constant(self, values):
        name = f"w{len(self.weights)}"
        self.weights.append(numpy_helper.from_array(values, name))
        return name

    def node(self, kind, *inputs, **attributes):
        name = f"v{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [name], name=name, **attributes))
        return name

    def conv(self, x, inputs, outputs, size=3):
        y = self.node("Conv", x, self.weight(outputs, inputs, size, size), pads=[size // 2] * 4)
        return self.node("Relu", y)

    def rows(self, *values):
        return self.constant(np.array(values, np.int64))

    def save(self, path, inputs, outputs):
        tensors = [helper.make_tensor_value_info(n, FLOAT, s) for n, s in inputs.items()]
        results = [helper.make_tensor_value_info(n, FLOAT, s) for n, s in outputs.items()]
        graph = helper.make_graph(self.nodes, "graph", tensors, results, self.weights)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10)
        checker.check_model(model)
        save(model, path)


def dense(path, batch):
    m = Model()
    features = [m.conv("x", 16, 32)]
    for _ in range(3):
        joined = features[0]
        if len(features) > 1:
            joined = m.node("Concat", *features, axis=1)
        features.append(m.conv(joined, 32 * len(features), 32))
    out = m.conv(m.node("Concat", *features, axis=1), 32 * len(features), 16, 1)
    m.save(path, {"x": [batch, 16, 9, 21]}, {out: [batch, 16, 9, 21]})


def unet(path, batch):
    m = Model()
    levels, channels, x = [], 16, "x"
    for _ in range(2):
        x = m.conv(x, channels, 2 * channels)
        channels *= 2
        levels.append((x, channels))
        x = m.node("MaxPool", x, kernel_shape=[2, 2], strides=[2, 2])
    x = m.conv(x, channels, channels)
    for skip, wide in reversed(levels):
        sizes = m.constant(np.array([1, 1, 2, 2], np.float32))
        x = m.node(
            "Resize",
            x,
            "",
            sizes,
            mode="nearest",
            coordinate_transformation_mode="asymmetric",
            nearest_mode="floor",
        )
        x = m.node("Concat", m.conv(x, channels, wide), skip, axis=1)
        x = m.conv(x, 2 * wide, wide)
        channels = wide
    m.save(path, {"x": [batch, 16, 16, 24]}, {x: [batch, channels, 16, 24]})


def tokens(path, first, second):
    m = Model()
    parts = []
    for name in "ab":
        parts.append(m.node("Relu", m.node("MatMul", name, m.weight(48, 64))))
    x = m.node("Concat", *parts, axis=0)
    for _ in range(2):
        x = m.node("LayerNormalization", x, m.weight(64), m.weight(64))
        x = m.node("Softmax", m.node("MatMul", x, m.weight(64, 64)))
    last = m.node("Slice", x, m.rows(-3), m.rows(1 << 40), m.rows(0))
    begin = m.node("Slice", x, m.rows(0), m.rows(-3), m.rows(0))
    out = m.node("Tanh", m.node("MatMul", last, m.weight(64, 32)))
    other = m.node("ReduceMean", m.node("Exp", begin), m.rows(0), keepdims=1)
    m.save(path, {"a": [first, 48], "b": [second, 48]}, {out: [3, 32], other: [1, 64]})


def branches(path, batch):
    m = Model()
    x = "x"
    for _ in range(3):
        x = m.node("LayerNormalization", x, m.weight(96), m.weight(96))
        sides = [m.node("MatMul", x, m.weight(96, 96)) for _ in range(3)]
        y = m.node("Softmax", m.node("Mul", sides[0], m.node("Sigmoid", sides[1])))
        x = m.node("Add", m.node("Add", y, sides[2]), x)
    m.save(path, {"x": [batch, 37, 96]}, {x: [batch, 37, 96]})


def scalars(path, size):
    """Tensors of one element, reduced and computed in turn, and spread again."""
    m = Model()
    total = m.node("ReduceSum", "x", keepdims=0)
    y = m.node("Mul", m.node("ReduceMax", "x", keepdims=0), m.node("Tanh", total))
    z = m.node("Sub", total, y)
    q = m.node("Add", z, m.node("ReduceMin", "x", keepdims=0))
    spread = m.node("Mul", m.node("Softmax", "x"), m.node("Mul", q, z))
    m.save(path, {"x": [size]}, {y: [], z: [], q: [], spread: [size]})


folder = sys.argv[1]
for name, build, *sizes in [
    ("dense", dense, 1),
    ("dense_n", dense, "n"),
    ("unet", unet, 1),
    ("unet_n", unet, "n"),
    ("tokens", tokens, 19, 11),
    ("tokens_n", tokens, "n", "m"),
    ("branches", branches, 2),
    ("branches_n", branches, "n"),
    ("scalars", scalars, 5000),
]:
    build(os.path.join(folder, name + ".onnx"), *sizes)

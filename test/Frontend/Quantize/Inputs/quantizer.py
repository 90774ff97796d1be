"""Drives mlopt-quantize-test, and runs models with ONNX Runtime."""

import os
import subprocess

import numpy as np
import onnx
from onnx import TensorProto, helper


def command(*words):
    return "\t".join(str(word) for word in words)


def drive(model, commands, *options, code=0):
    """Rows of the tool's output; fails where its exit code is not `code`."""
    done = subprocess.run(
        ["mlopt-quantize-test", model, *options],
        input="\n".join(commands) + "\n",
        capture_output=True,
        text=True,
    )
    assert done.returncode == code, f"exit {done.returncode}\n{done.stdout}\n{done.stderr}"
    return [line.split("\t") for line in done.stdout.splitlines()]


def rows(output, kind):
    return [row[1:] for row in output if row[0] == kind]


def run(path, feeds, names=None):
    """Outputs by name."""
    onnx.checker.check_model(path, full_check=True)
    import onnxruntime

    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    names = names or [output.name for output in session.get_outputs()]
    return dict(zip(names, session.run(names, feeds)))


def optimized(path):
    """The model after ONNX Runtime's optimization."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    options.optimized_model_filepath = path + ".optimized"
    onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    return onnx.load(path + ".optimized")


def count(model, op):
    return sum(node.op_type == op for node in model.graph.node)


def calibrate(model, folder, feeds, *options):
    """Range commands by minima and maxima over `feeds`, a list of dictionaries."""
    path = os.path.join(folder, "observed.onnx")
    output = drive(model, ["observed", command("write-observed", path)], *options)
    ranges = {}
    for feed in feeds:
        values = {**feed, **run(path, feed)}
        for tensor, key, *_ in rows(output, "observed"):
            low, high = ranges.get(key, (0.0, 0.0))
            ranges[key] = (
                min(low, float(values[tensor].min())),
                max(high, float(values[tensor].max())),
            )
    return [command("range", key, low, high) for key, (low, high) in ranges.items()]


def floats(folder, name, values):
    path = os.path.join(folder, name)
    np.ascontiguousarray(values, np.float32).tofile(path)
    return path


def cosine(a, b):
    a, b = a.ravel().astype(np.float64), b.ravel().astype(np.float64)
    return float(a @ b / np.sqrt((a @ a) * (b @ b)))


class Builder:
    """An ONNX model in the making."""

    def __init__(self, opset=13, seed=0):
        self.nodes, self.constants, self.opset = [], [], opset
        self.random = np.random.default_rng(seed)

    def const(self, name, values, kind=np.float32):
        self.constants.append(onnx.numpy_helper.from_array(np.asarray(values, kind), name))
        return name

    def weight(self, name, *shape):
        fan = int(np.prod(shape[1:])) if len(shape) > 2 else shape[0]
        return self.const(name, self.random.normal(size=shape) / np.sqrt(fan))

    def node(self, op, inputs, output, name="", **attributes):
        self.nodes.append(helper.make_node(op, inputs, [output], name=name, **attributes))
        return output

    def save(self, path, inputs, outputs):
        def value(name, shape, kind=TensorProto.FLOAT):
            return helper.make_tensor_value_info(name, kind, shape)

        graph = helper.make_graph(
            self.nodes,
            "g",
            [value(*item) for item in inputs],
            [value(*item) for item in outputs],
            self.constants,
        )
        model = helper.make_model(
            graph,
            opset_imports=[helper.make_opsetid("", self.opset)],
            ir_version=8 if self.opset < 21 else 10,
        )
        helper.set_model_props(model, {"origin": "test"})
        onnx.checker.check_model(model, full_check=True)
        onnx.save(model, path)
        return path


def make_cnn(path):
    """Convolutions with normalization, a residual, a depthwise layer, pools, a Gemm."""
    b = Builder(opset=11)

    def conv(x, name, cout, cin, kernel, norm=True, **attributes):
        y = b.node("Conv", [x, b.weight(name + ".w", cout, cin, kernel, kernel)], name + ".y", name,
                   **attributes)
        if not norm:
            return y
        parts = [
            b.const(name + ".scale", b.random.uniform(0.5, 1.5, cout)),
            b.const(name + ".offset", b.random.normal(size=cout) * 0.1),
            b.const(name + ".mean", b.random.normal(size=cout) * 0.1),
            b.const(name + ".variance", b.random.uniform(0.5, 1.5, cout)),
        ]
        return b.node("BatchNormalization", [y, *parts], name + ".n")

    x = b.node("Relu", [conv("x", "stem", 16, 3, 3, pads=[1] * 4)], "r0")
    x = b.node("MaxPool", [x], "p0", kernel_shape=[2, 2], strides=[2, 2])
    y = b.node("Relu", [conv(x, "a", 16, 16, 3, pads=[1] * 4)], "r1")
    y = conv(y, "b", 16, 16, 3, pads=[1] * 4)
    x = b.node("Relu", [b.node("Add", [y, x], "sum", "residual")], "r2")
    six = [b.const("zero", 0.0), b.const("six", 6.0)]
    x = b.node("Clip", [conv(x, "depthwise", 16, 1, 3, pads=[1] * 4, group=16), *six], "r3")
    l = conv(x, "left", 8, 16, 1, norm=False)
    r = conv(x, "right", 8, 16, 1, norm=False)
    x = b.node("Concat", [l, r], "cat", "cat", axis=1)
    x = b.node("Relu", [conv(x, "last", 16, 16, 3)], "r4")
    x = b.node("GlobalAveragePool", [x], "gap", "gap")
    x = b.node("Flatten", [x], "flat", "flat")
    bias = b.const("fc.b", b.random.normal(size=10) * 0.1)
    b.node("Gemm", [x, b.weight("fc.w", 16, 10), bias], "y", "fc")
    return b.save(path, [("x", ["n", 3, 16, 16])], [("y", ["n", 10])])


def make_mlp(path):
    """Gemm, MatMul with and without bias, a residual."""
    b = Builder(opset=13)
    x = b.node("Gemm", ["x", b.weight("w0", 48, 32)], "h0", "first")
    x = b.node("Relu", [x], "r0")
    y = b.node("MatMul", [x, b.weight("w1", 32, 32)], "m1", "second")
    y = b.node("Add", [y, b.const("b1", b.random.normal(size=32) * 0.1)], "a1")
    y = b.node("Relu", [y], "r1")
    y = b.node("MatMul", [y, b.weight("w2", 32, 32)], "m2", "third")
    x = b.node("Add", [x, y], "sum", "residual")
    b.node("MatMul", [x, b.weight("w3", 32, 7)], "y", "fourth")
    return b.save(path, [("x", ["n", 48])], [("y", ["n", 7])])


def make_transformer(path, opset=17):
    """A layer with attention, normalization before each half, a gated half; outliers in some channels."""
    b = Builder(opset=opset)
    width, heads = 64, 4

    def norm(x, name):
        scale = b.random.uniform(0.5, 1.5, width)
        scale[[3, 40]] *= 25
        parts = [b.const(name + ".g", scale), b.const(name + ".b", b.random.normal(size=width) * 0.1)]
        return b.node("LayerNormalization", [x, *parts], name + ".y", name, axis=-1)

    def linear(x, name, k, n):
        y = b.node("MatMul", [x, b.weight(name + ".w", k, n)], name + ".m", name)
        return b.node("Add", [y, b.const(name + ".bias", b.random.normal(size=n) * 0.1)], name + ".y")

    def split(x, name, perm):
        shape = b.const(name + ".shape", [0, 0, heads, width // heads], np.int64)
        y = b.node("Reshape", [x, shape], name + ".r")
        return b.node("Transpose", [y], name + ".t", perm=perm)

    n = norm("x", "n1")
    q = split(linear(n, "q", width, width), "sq", [0, 2, 1, 3])
    k = split(linear(n, "k", width, width), "sk", [0, 2, 3, 1])
    v = split(linear(n, "v", width, width), "sv", [0, 2, 1, 3])
    s = b.node("MatMul", [q, k], "scores", "qk")
    s = b.node("Mul", [s, b.const("root", 0.25)], "scaled")
    s = b.node("Softmax", [s], "p", axis=-1)
    o = b.node("Transpose", [b.node("MatMul", [s, v], "o", "pv")], "ot", perm=[0, 2, 1, 3])
    o = b.node("Reshape", [o, b.const("back", [0, 0, width], np.int64)], "or")
    x = b.node("Add", ["x", linear(o, "proj", width, width)], "x1")
    n = norm(x, "n2")
    g = b.node("Sigmoid", [linear(n, "gate", width, 128)], "sig")
    u = b.node("Mul", [g, linear(n, "up", width, 128)], "mixed")
    b.node("Add", [x, linear(u, "down", 128, width)], "y")
    return b.save(path, [("x", ["n", "t", width])], [("y", ["n", "t", width])])

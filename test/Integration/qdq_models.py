#!/usr/bin/env python3
"""Quantized models of other tools, compiled by mlopt and compared with ONNX Runtime.

    qdq_models.py --build-dir build [--nncf] [--only TEXT] [--threads N]

Single layers and small networks are made here with random weights and quantized by ONNX Runtime's
quantizer in its forms (QDQ and integer operators, u8 and s8 activations, u8 and s8 weights per tensor and
per channel, symmetric and not, dynamic); with --nncf also by NNCF, if it is installed. Their outputs must
agree with ONNX Runtime's within one quantization step on at least 99.9 % of the elements. The transformer
layer and the small exported models of models/ are deeper: cosine similarity at least 0.999.

ONNX Runtime reads a file in two ways: with its integer kernels, which round between steps as they
like (some poolings and sums) and saturate where the CPU has no VNNI, and literally, in float, with
optimization switched off. For the cases that LITERAL names, and on CPUs without VNNI for all, the second
decides where the first disagrees, and the line says so.

Prints PASS/FAIL lines and `N passed, N failed, N skipped`. Exit status: 0, 1 when something failed, 2 usage.
"""

import argparse
import pathlib
import sys
import tempfile
import warnings

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
import run_models  # noqa: E402

SHARE, COSINE = 0.999, 0.999
#: Parts of names of cases that may be decided by the literal reading: ONNX Runtime's integer kernels
#: for the softmax and the sums between these products round more often than the file says.
LITERAL = ("model vit",)


class Graph:
    """Nodes of a small model with random weights."""

    def __init__(self, seed, inputs):
        self.random = np.random.default_rng(seed)
        self.inputs = inputs
        self.nodes, self.weights = [], []

    def weight(self, *shape, scale=None):
        fan = max(1, int(np.prod(shape[1:])))
        values = self.random.normal(0, scale or fan**-0.5, shape).astype(np.float32)
        name = f"w{len(self.weights)}"
        self.weights.append(numpy_helper.from_array(values, name))
        return name

    def constant(self, values):
        name = f"w{len(self.weights)}"
        self.weights.append(numpy_helper.from_array(np.asarray(values), name))
        return name

    def add(self, op, *inputs, **attributes):
        output = f"t{len(self.nodes)}"
        self.nodes.append(helper.make_node(op, list(inputs), [output], name=f"{op}_{output}", **attributes))
        return output

    def conv(self, x, outputs, inputs, kernel, relu=False, **attributes):
        groups = attributes.get("group", 1)
        bias = self.weight(outputs, scale=0.1)
        x = self.add("Conv", x, self.weight(outputs, inputs // groups, *kernel), bias, **attributes)
        return self.add("Relu", x) if relu else x

    def model(self, output, rank):
        float_type = TensorProto.FLOAT
        inputs = [helper.make_tensor_value_info(n, float_type, s) for n, s in self.inputs.items()]
        outputs = [helper.make_tensor_value_info(output, float_type, [None] * rank)]
        graph = helper.make_graph(self.nodes, "g", inputs, outputs, self.weights)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
        onnx.checker.check_model(model, full_check=True)
        return model


def conv_case(shape, outputs, kernel, **attributes):
    def build():
        g = Graph(1, {"x": shape})
        return g.model(g.conv("x", outputs, shape[1], kernel, **attributes), len(shape))

    return build


def product_case(shape, outputs):
    def build():
        g = Graph(2, {"x": shape})
        y = g.add("MatMul", "x", g.weight(shape[-1], outputs, scale=shape[-1] ** -0.5))
        return g.model(g.add("Add", y, g.weight(outputs, scale=0.1)), len(shape))

    return build


def gemm_case():
    g = Graph(3, {"x": [7, 19]})
    y = g.add("Gemm", "x", g.weight(23, 19), g.weight(23, scale=0.1), transB=1)
    return g.model(g.add("Relu", y), 2)


def activations_case():
    """A product of two activations, batched."""
    g = Graph(4, {"a": [2, 3, 9, 21], "b": [2, 3, 21, 13]})
    return g.model(g.add("MatMul", "a", "b"), 4)


def residual_case():
    g = Graph(5, {"x": [2, 3, 17, 19]})
    x = g.conv("x", 20, 3, (5, 5), relu=True, strides=[2, 2], pads=[2, 2, 2, 2])
    x = g.add("MaxPool", x, kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1])
    for _ in range(2):
        y = g.conv(x, 20, 20, (3, 3), relu=True, pads=[1, 1, 1, 1])
        y = g.conv(y, 20, 20, (3, 3), pads=[1, 1, 1, 1])
        x = g.add("Relu", g.add("Add", x, y))
    x = g.add("Flatten", g.add("GlobalAveragePool", x))
    y = g.add("Gemm", x, g.weight(11, 20), g.weight(11, scale=0.1), transB=1)
    return g.model(y, 2)


def mobile_case():
    """Depthwise, hard swish, squeeze and excite, linear bottleneck."""
    g = Graph(6, {"x": [1, 16, 13, 11]})
    y = g.conv("x", 48, 16, (1, 1))
    y = g.add("HardSwish", y)
    y = g.conv(y, 48, 48, (5, 5), pads=[2, 2, 2, 2], group=48)
    s = g.add("GlobalAveragePool", y)
    s = g.conv(s, 12, 48, (1, 1), relu=True)
    s = g.add("HardSigmoid", g.conv(s, 48, 12, (1, 1)))
    y = g.conv(g.add("Mul", y, s), 16, 48, (1, 1))
    return g.model(g.add("Add", "x", y), 4)


def branches_case():
    g = Graph(7, {"x": [1, 24, 9, 9]})
    a = g.conv("x", 16, 24, (1, 1), relu=True)
    b = g.conv("x", 8, 24, (3, 3), relu=True, pads=[1, 1, 1, 1])
    # A mean of nine never lies in the middle of two steps; one of four or six does, and then the last
    # bit of a float decides.
    window = dict(kernel_shape=[3, 3], strides=[1, 1], pads=[1, 1, 1, 1], count_include_pad=1)
    c = g.add("AveragePool", "x", **window)
    y = g.add("Concat", a, b, c, axis=1)
    return g.model(g.conv(y, 10, 48, (1, 1)), 4)


def transformer_case():
    g = Graph(8, {"x": [2, 12, 32]})

    def linear(x, n, m):
        return g.add("Add", g.add("MatMul", x, g.weight(n, m, scale=n**-0.5)), g.weight(m, scale=0.1))

    def heads(x):
        x = g.add("Reshape", x, g.constant(np.array([0, 0, 4, 8])))
        return g.add("Transpose", x, perm=[0, 2, 1, 3])

    q, k, v = (heads(linear("x", 32, 32)) for _ in range(3))
    scores = g.add("MatMul", q, g.add("Transpose", k, perm=[0, 1, 3, 2]))
    scores = g.add("Softmax", g.add("Mul", scores, g.constant(np.float32(8**-0.5))), axis=-1)
    y = g.add("Transpose", g.add("MatMul", scores, v), perm=[0, 2, 1, 3])
    y = linear(g.add("Reshape", y, g.constant(np.array([0, 0, 32]))), 32, 32)
    y = g.add("LayerNormalization", g.add("Add", "x", y), g.weight(32, scale=1), g.weight(32, scale=0.1))
    z = linear(y, 32, 64)
    z = g.add("Mul", z, g.add("Sigmoid", z))
    return g.model(g.add("Add", y, linear(z, 64, 32)), 3)


LAYERS = {
    "conv 3x3": conv_case([2, 20, 9, 11], 33, (3, 3), pads=[1, 1, 1, 1]),
    "conv 3x3, uneven pads, stride 2, relu": conv_case(
        [1, 16, 10, 13], 32, (3, 3), relu=True, pads=[0, 1, 2, 1], strides=[2, 2]
    ),
    "conv 3 channels": conv_case([1, 3, 23, 17], 24, (7, 7), pads=[3, 3, 3, 3], strides=[2, 2]),
    "conv 1x1": conv_case([3, 40, 7, 7], 17, (1, 1)),
    "conv dilated": conv_case([1, 18, 12, 12], 16, (3, 3), pads=[2, 2, 2, 2], dilations=[2, 2]),
    "conv groups": conv_case([1, 32, 8, 9], 64, (3, 3), pads=[1, 1, 1, 1], group=2),
    "conv small groups": conv_case([1, 12, 8, 9], 18, (3, 3), pads=[1, 1, 1, 1], group=6),
    "conv depthwise": conv_case([2, 37, 11, 15], 37, (3, 3), pads=[1, 1, 1, 1], group=37),
    "conv depthwise stride 2": conv_case([1, 32, 14, 15], 32, (3, 3), pads=[1, 1, 1, 1], strides=[2, 2], group=32),
    "conv 1-D": conv_case([2, 16, 31], 20, (5,), pads=[2, 2]),
    "conv 3-D": conv_case([1, 8, 5, 6, 7], 16, (3, 3, 3), pads=[1] * 6),
    "product": product_case([5, 33], 47),
    "product of one row": product_case([1, 130], 70),
    "product, batched": product_case([2, 3, 64], 96),
    "gemm": gemm_case,
    "product of activations": activations_case,
    "residual network": residual_case,
    "mobile block": mobile_case,
    "branches": branches_case,
    "transformer layer": transformer_case,
}


def feeds(model, count, seed):
    generator = np.random.default_rng(seed)
    for _ in range(count):
        feed = {}
        for value in model.graph.input:
            shape = [d.dim_value or 4 for d in value.type.tensor_type.shape.dim]
            if value.type.tensor_type.elem_type == TensorProto.FLOAT:
                # Mostly positive: zero points that are not in the middle.
                feed[value.name] = generator.normal(0.4, 1.0, shape).astype(np.float32)
            else:
                feed[value.name] = generator.integers(0, 2, shape).astype(np.int64)
        yield feed


class ToolFailure(Exception):
    """The other tool could not quantize its own input."""


class Reader:
    def __init__(self, items):
        self.items = iter(items)

    def get_next(self):
        return next(self.items, None)


def forms():
    """Name -> function (float file, model, target) of each way ONNX Runtime's quantizer writes."""
    from onnxruntime.quantization import QuantFormat, QuantType, quantize_dynamic, quantize_static

    u8, s8 = QuantType.QUInt8, QuantType.QInt8

    def static(kind, activations, weights, per_channel, **extra):
        def run(source, model, target):
            quantize_static(
                source,
                target,
                Reader(feeds(model, 6, seed=11)),
                quant_format=kind,
                activation_type=activations,
                weight_type=weights,
                per_channel=per_channel,
                extra_options=extra,
            )

        return run

    qdq, operators = QuantFormat.QDQ, QuantFormat.QOperator
    return {
        "u8 s8 per channel": static(qdq, u8, s8, True),
        "u8 s8": static(qdq, u8, s8, False),
        "u8 u8": static(qdq, u8, u8, False, WeightSymmetric=False),
        "s8 s8 per channel": static(qdq, s8, s8, True),
        "s8 s8 symmetric": static(qdq, s8, s8, False, ActivationSymmetric=True),
        "operators u8 s8": static(operators, u8, s8, False),
        "operators u8 u8": static(operators, u8, u8, False),
        "dynamic s8": lambda source, model, target: quantize_dynamic(source, target, weight_type=s8),
        "dynamic u8": lambda source, model, target: quantize_dynamic(source, target, weight_type=u8),
    }


def run_peer(path, feed, literal):
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.log_severity_level = 3
    if literal:
        options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    return session.run(None, feed)


def output_step(model, name):
    """Scale of the DequantizeLinear that makes an output; none where it is not quantized."""
    constants = {i.name: numpy_helper.to_array(i) for i in model.graph.initializer}
    for node in model.graph.node:
        if name in node.output and node.op_type == "DequantizeLinear":
            return float(np.max(constants[node.input[1]]))
    return None


def has_vnni():
    try:
        flags = pathlib.Path("/proc/cpuinfo").read_text()
    except OSError:
        return False
    return "avx512_vnni" in flags or "avx_vnni" in flags


def check(path, feed, threads, exact_steps, literal):
    import mlopt

    model = onnx.load(str(path))
    results = mlopt.InferenceSession(str(path), num_threads=threads).run(None, feed)
    try:
        return agree(model, results, run_peer(path, feed, literal=False), exact_steps)
    except run_models.Failure as failure:
        if not literal and has_vnni():
            raise
        text = agree(model, results, run_peer(path, feed, literal=True), exact_steps)
        return f"{text}, read literally (its integer kernels: {failure})"


def agree(model, results, expected, exact_steps):
    texts = []
    for value, result, peer in zip(model.graph.output, results, expected, strict=True):
        result, peer = np.asarray(result, np.float64), np.asarray(peer, np.float64)
        if result.shape != peer.shape or not np.isfinite(result).all():
            raise run_models.Failure(f"shape {result.shape}, expected {peer.shape}, or not finite")
        if exact_steps:
            # An output in float is held to one step of 8 bits of its own range.
            step = output_step(model, value.name) or np.ptp(peer) / 255
            share = float((np.abs(result - peer) <= step * 1.001).mean())
            if share < SHARE:
                worst = np.abs(result - peer).max() / step
                raise run_models.Failure(f"{share:.3%} within one step, worst {worst:.1f} steps")
            texts.append(f"{share:.2%} within one step, {(result == peer).mean():.1%} equal")
        else:
            norms = np.linalg.norm(result) * np.linalg.norm(peer)
            cosine = float(np.ravel(result) @ np.ravel(peer) / norms) if norms else 1.0
            if not cosine >= COSINE:
                raise run_models.Failure(f"cosine similarity {cosine:.5f} below {COSINE}")
            texts.append(f"cosine {cosine:.6f}")
    return "; ".join(texts)


def quantize_nncf(source, model, target):
    import logging

    import nncf

    nncf.set_log_level(logging.ERROR)
    dataset = nncf.Dataset(list(feeds(model, 6, seed=11)))
    try:
        quantized = nncf.quantize(onnx.load(source), dataset, subset_size=6)
    except Exception as error:
        raise ToolFailure(f"{type(error).__name__}: {str(error)[:200]}") from error
    onnx.save(quantized, target)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--build-dir", type=pathlib.Path, required=True, metavar="DIR")
    parser.add_argument("--nncf", action="store_true", help="also models that NNCF quantizes here")
    parser.add_argument("--only", default="", metavar="TEXT", help="cases whose name contains TEXT")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    sys.path.insert(0, str(options.build_dir.resolve() / "python"))
    warnings.filterwarnings("ignore")
    import logging

    logging.getLogger().setLevel(logging.ERROR)
    suite = run_models.Suite()
    makers = forms()
    if options.nncf:
        makers["NNCF"] = quantize_nncf

    def one(name, make, exact_steps):
        if options.only not in name:
            return
        try:
            path, feed = make()
            suite.add("PASS", f"{name}: {check(path, feed, options.threads, exact_steps, any(t in name for t in LITERAL))}")
        except ToolFailure as failure:
            suite.add("SKIP", f"{name}: the quantizer itself fails: {failure}")
        except Exception as failure:
            suite.add("FAIL", f"{name}: {type(failure).__name__}: {str(failure)[:500]}")

    with tempfile.TemporaryDirectory() as folder:
        source, target = f"{folder}/float.onnx", f"{folder}/quantized.onnx"

        def made(build, form):
            model = build()
            onnx.save(model, source)
            makers[form](source, model, target)
            return target, next(feeds(model, 1, seed=12))

        for layer, build in LAYERS.items():
            for form in makers:
                one(f"{layer}, {form}", lambda b=build, f=form: made(b, f), "transformer" not in layer)
        for path in sorted((HERE / "models").glob("*.onnx")):
            model = onnx.load(str(path))
            if any(not d.dim_value for i in model.graph.input for d in i.type.tensor_type.shape.dim):
                continue
            for form in ("u8 s8 per channel", "s8 s8 per channel", *(["NNCF"] if options.nncf else [])):
                if form == "NNCF" and path.stem.endswith("_qdq"):
                    continue  # quantized already; what NNCF makes of it is not valid ONNX
                one(f"model {path.stem}, {form}", lambda m=model, f=form: made(lambda: m, f), False)
    counts = suite.counts
    if not counts["PASS"]:
        suite.add("FAIL", "nothing was compared")
    print(f"{counts['PASS']} passed, {counts['FAIL']} failed, {counts['SKIP']} skipped")
    return 1 if counts["FAIL"] else 0


if __name__ == "__main__":
    sys.exit(main())

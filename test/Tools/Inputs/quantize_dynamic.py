"""quantize_dynamic.py MLOPT_RUN MLOPT FOLDER: see quantize-dynamic.test"""

import os
import subprocess
import sys

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

runner, mlopt, folder = sys.argv[1:]
random = np.random.default_rng(5)
DEPTH, HIDDEN, WIDTH = 100, 72, 19


def at(name):
    return os.path.join(folder, name)


def quantize(output, *flags):
    subprocess.run([mlopt, "quantize", at("model.onnx"), *flags, "-o", at(output), "-q"], check=True)
    onnx.checker.check_model(at(output), full_check=True)
    subprocess.run([mlopt, at(output), "-o", at(output + ".so"), "--header=none", "-q"], check=True)
    return onnx.load(at(output))


def compiled(name, x):
    np.save(at("x.npy"), x)
    given = [f"--input=x:@{at('x.npy')}", f"--output=@{at('y.npz')}"]
    subprocess.run([runner, "run", at(name + ".so"), "-q", *given], check=True)
    with np.load(at("y.npz")) as file:
        return file["y"]


def reference(name, x):
    session = onnxruntime.InferenceSession(at(name), providers=["CPUExecutionProvider"])
    return session.run(None, {"x": x})[0]


def kinds(model):
    return [node.op_type for node in model.graph.node]


def error(actual, expected):
    """Relative, the worst of all rows."""
    norm = lambda v: np.sqrt((v.astype(np.float64) ** 2).sum(axis=-1))
    return (norm(actual - expected) / norm(expected)).max()


# x [batch, rows, 100] -> MatMul, Relu -> MatMul; without biases zeros give zeros.
weights = {
    "w1": random.standard_normal((DEPTH, HIDDEN)) / 10,
    "w2": random.standard_normal((HIDDEN, WIDTH)) * np.exp(random.uniform(-3, 3, WIDTH)),
}
value = lambda name, *dims: helper.make_tensor_value_info(name, TensorProto.FLOAT, dims)
graph = helper.make_graph(
    [
        helper.make_node("MatMul", ["x", "w1"], ["h"], name="first"),
        helper.make_node("Relu", ["h"], ["r"], name="relu"),
        helper.make_node("MatMul", ["r", "w2"], ["y"], name="second"),
    ],
    "g",
    [value("x", "batch", "rows", DEPTH)],
    [value("y", "batch", "rows", WIDTH)],
    [numpy_helper.from_array(np.asarray(v, np.float32), n) for n, v in weights.items()],
)
onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), at("model.onnx"))

by_row, by_tensor = quantize("row.onnx", "--dynamic"), quantize("tensor.onnx", "--dynamic=tensor")
assert kinds(by_row).count("ReduceMax") == 2 and "DynamicQuantizeLinear" not in kinds(by_row)
assert kinds(by_tensor).count("DynamicQuantizeLinear") == 2 and "ReduceMax" not in kinds(by_tensor)
assert onnx.load(at("row.onnx")) == quantize("again.onnx", "--dynamic=row")

worst = {"row.onnx": 0.0, "tensor.onnx": 0.0}
for batch, rows in ((1, 1), (1, 5), (3, 33)):
    # Rows of sizes from 1e-3 to 1e3.
    size = 10.0 ** random.uniform(-3, 3, (batch, rows, 1))
    size.flat[:2] = (1e-3, 1e3)[: size.size]
    x = (random.standard_normal((batch, rows, DEPTH)) * size).astype(np.float32)
    expected = reference("model.onnx", x)
    for name in worst:
        worst[name] = max(worst[name], error(compiled(name, x), expected))
    # Between the layers a number may lie on the border of two integers: one step of a row's 127.
    actual, other = compiled("row.onnx", x), reference("row.onnx", x)
    scale = np.abs(other).max(axis=-1, keepdims=True)
    far = np.abs(actual - other) / scale
    assert far.max() < 0.02 and np.median(far) < 1e-6, (far.max(), np.median(far))
print("row: ONNX Runtime's results")
assert 0 < worst["row.onnx"] < 0.1 < 0.5 < worst["tensor.onnx"], worst
print("row: less error than tensor")

x = random.standard_normal((2, 4, DEPTH)).astype(np.float32)
plain = compiled("row.onnx", x)
x[0, 1], x[1, 2, 7] = 0, np.nan
y = compiled("row.onnx", x)
assert (y[0, 1] == 0).all() and np.isnan(y[1, 2]).all()
clean = np.ones((2, 4), bool)
clean[0, 1] = clean[1, 2] = False
# A row does not see the others: the same bits whatever they hold, and alone.
np.testing.assert_array_equal(y[clean], plain[clean])
np.testing.assert_array_equal(compiled("row.onnx", x[:1, :1]), plain[:1, :1])
tiny = np.full((1, 2, DEPTH), 1e-42, np.float32)
assert np.isfinite(compiled("row.onnx", tiny)).all()
print("row: zeros, NaN, one row")

x = random.standard_normal((1, 8, DEPTH)).astype(np.float32)
for flags, kind, scales in (
    ([], TensorProto.INT8, HIDDEN),
    (["--weights=uint8"], TensorProto.UINT8, HIDDEN),
    (["--per-tensor"], TensorProto.INT8, 1),
):
    model = quantize("scheme.onnx", "--dynamic", *flags)
    tensors = {t.name: t for t in model.graph.initializer}
    assert tensors["first.weight.quantized"].data_type == kind, flags
    assert numpy_helper.to_array(tensors["first.weight.scale"]).size == scales, flags
    assert error(compiled("scheme.onnx", x), reference("model.onnx", x)) < 0.2, flags
    assert np.median(np.abs(compiled("scheme.onnx", x) - reference("scheme.onnx", x))) < 1e-4, flags
print("schemes of weights")

"""QDQ models: the form, ONNX Runtime's fusions, results close to float. Usage: static.py FOLDER"""

import filecmp
import os
import sys

import numpy as np
import onnx

from quantizer import *

folder = sys.argv[1]
random = np.random.default_rng(1)


def path(name):
    return os.path.join(folder, name)


def quantize(model, feeds, name, *commands, options=()):
    ranges = calibrate(model, folder, feeds, *options)
    output = drive(model, [*ranges, *commands, "joined", command("write", path(name))], *options)
    return ranges, output


def nodes(model):
    return {node.name: node for node in model.graph.node}


# A small CNN of opset 11: raised, normalizations folded, one pair per tensor.
cnn = make_cnn(path("cnn.onnx"))
feeds = [{"x": random.normal(size=(4, 3, 16, 16)).astype(np.float32)} for _ in range(4)]
ranges, output = quantize(cnn, feeds, "cnn.q.onnx")
assert set(rows(output, "joined")[0][0].split(",")) >= {"residual", "gap", "flat", "cat"}, output
model = onnx.load(path("cnn.q.onnx"))
assert model.opset_import[0].version >= 13 and model.metadata_props[0].value == "test"
assert count(model, "BatchNormalization") == 0
q = [node for node in model.graph.node if node.op_type == "QuantizeLinear"]
assert len({node.input[0] for node in q}) == len(q)
names = nodes(model)
assert names["stem.input.quantize"].input[0] == "x"
assert names["stem.output.quantize"].input[0] == "r0", "the pair stands behind the activation"
assert names["residual.output.quantize"].input[0] == "r2"
# Moving data does not change the range: pool, concatenation and flattening.
assert names["cat.output.quantize"].input[1:] == names["left.output.quantize"].input[1:]
assert names["cat.output.quantize"].input[1:] == names["right.output.quantize"].input[1:]
assert names["flat.output.quantize"].input[1:] == names["gap.output.quantize"].input[1:]
assert "fc.output.quantize" not in names, "only the model's output reads the last layer"
constants = {t.name: t for t in model.graph.initializer}
bias = names[names["stem"].input[2] + ".dequantize"]
weight = names[names["stem"].input[1] + ".dequantize"]
assert constants[bias.input[0]].data_type == onnx.TensorProto.INT32
np.testing.assert_allclose(
    onnx.numpy_helper.to_array(constants[bias.input[1]]),
    onnx.numpy_helper.to_array(constants[weight.input[1]])
    * onnx.numpy_helper.to_array(constants[names["stem.input.quantize"].input[1]]),
)
assert weight.attribute[0].i == 0 and constants[weight.input[1]].dims[:] == [16]
check = {"x": random.normal(size=(8, 3, 16, 16)).astype(np.float32)}
want = run(cnn, check)["y"]
drive(cnn, [command("write-float", path("cnn.f.onnx"))])
np.testing.assert_allclose(run(path("cnn.f.onnx"), check)["y"], want, rtol=1e-4, atol=1e-5)
got = run(path("cnn.q.onnx"), check)["y"]
assert cosine(want, got) > 0.995, cosine(want, got)
fused = optimized(path("cnn.q.onnx"))
assert count(fused, "QLinearConv") == 7 and count(fused, "Conv") == 0, fused.graph.node
assert count(fused, "QLinearAdd") == 1 and count(fused, "Relu") == 0
assert count(fused, "QLinearConcat") + count(fused, "Concat") == 1
assert count(fused, "QLinearGlobalAveragePool") == 1 and count(fused, "QGemm") == 1
assert count(fused, "DequantizeLinear") == 0 and count(fused, "QuantizeLinear") == 1
# Equal calls write equal bytes.
quantize(cnn, feeds, "cnn.q2.onnx")
assert filecmp.cmp(path("cnn.q.onnx"), path("cnn.q2.onnx"), shallow=False)

# Weight schemes, signed activations, outputs added for measuring, part of the layers.
for scheme in (["tensor"], ["u8"], ["tensor", "u8"], ["search"]):
    layers = ("stem", "a", "b", "depthwise", "left", "right", "last", "fc")
    commands = [command("scheme", layer, *scheme) for layer in layers]
    errors = [command("weight-error", layer) for layer in layers]
    output = drive(cnn, [*ranges, *commands, *errors, command("write", path("s.onnx"), "a.n")])
    assert all(0 < float(row[1]) < 1e-3 for row in rows(output, "weight-error")), output
    results = run(path("s.onnx"), check)
    assert cosine(want, results["y"]) > 0.99 and results["a.n"].shape == (8, 16, 8, 8)
drive(cnn, [*[r + "\ts8" for r in ranges], command("write", path("signed.onnx"))])
assert cosine(want, run(path("signed.onnx"), check)["y"]) > 0.99
drive(cnn, [*ranges, "disable-all", command("enable", "b"), command("write", path("one.onnx"))])
one = onnx.load(path("one.onnx"))
assert count(one, "QuantizeLinear") == 1 and count(one, "DequantizeLinear") == 3, one.graph.node
drive(cnn, [*ranges, command("disable", "b"), command("write", path("most.onnx"))])
assert cosine(want, run(path("most.onnx"), check)["y"]) > 0.995

# The correction of biases: what is given is added, in every kind of layer.
mlp = make_mlp(path("mlp.onnx"))
feeds = [{"x": random.normal(size=(64, 48)).astype(np.float32)} for _ in range(4)]
check = {"x": random.normal(size=(64, 48)).astype(np.float32)}
ranges, output = quantize(mlp, feeds, "mlp.q.onnx")
want = run(mlp, check)["y"]
assert cosine(want, run(path("mlp.q.onnx"), check)["y"]) > 0.998
assert rows(output, "joined")[0][0] == "residual"
for layer, result, channels in (("first", "h0", 32), ("second", "a1", 32), ("third", "m2", 32),
                                ("fourth", "y", 7)):
    delta = floats(folder, "delta", random.normal(size=channels) * 0.5)
    others = [command("write", path("plain.onnx"), result), command("correct", layer, delta)]
    drive(mlp, [*ranges, *others, command("write", path("corrected.onnx"), result)])
    a, b = (run(path(p), check)[result] for p in ("plain.onnx", "corrected.onnx"))
    np.testing.assert_allclose(b - a, np.broadcast_to(np.fromfile(delta, np.float32), a.shape),
                               atol=2e-3)

# A transformer layer: products of activations are left out, then taken in.
net = make_transformer(path("net.onnx"))
feeds = [{"x": random.normal(size=(2, 12, 64)).astype(np.float32)} for _ in range(4)]
check = {"x": random.normal(size=(2, 12, 64)).astype(np.float32)}
want = run(net, check)["y"]
ranges, _ = quantize(net, feeds, "net.q.onnx")
model = onnx.load(path("net.q.onnx"))
assert count(model, "QuantizeLinear") == 4, "inputs of the linears only"
assert nodes(model)["q"].input[0] == nodes(model)["k"].input[0]
results = [cosine(want, run(path("net.q.onnx"), check)["y"])]
quantize(net, feeds, "net.p.onnx", options=["--products"])
model = onnx.load(path("net.p.onnx"))
# q, k and v are integers from their linears on, through two moves each; so is the result.
assert count(model, "QuantizeLinear") == 4 + 3 * 3 + 1 + 2, count(model, "QuantizeLinear")
results.append(cosine(want, run(path("net.p.onnx"), check)["y"]))
assert min(results) > 0.99, results
print("static quantization is right")

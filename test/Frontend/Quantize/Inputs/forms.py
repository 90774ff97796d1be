"""Dynamic and weight-only forms, GPTQ, smoothing, old and odd models. Usage: forms.py FOLDER"""

import os
import sys

import numpy as np
import onnx

from quantizer import *

folder = sys.argv[1]
random = np.random.default_rng(2)


def path(name):
    return os.path.join(folder, name)


# Dynamic, per row and per tensor: made once for a tensor's readers.
cnn, mlp = make_cnn(path("cnn.onnx")), make_mlp(path("mlp.onnx"))
net = make_transformer(path("net.onnx"))
image = {"x": random.normal(size=(2, 3, 16, 16)).astype(np.float32)}
table = {"x": random.normal(size=(32, 48)).astype(np.float32)}
text = {"x": random.normal(size=(2, 12, 64)).astype(np.float32)}
for model, feed, layers in ((cnn, image, ("stem", "depthwise", "fc")), (mlp, table, ("first", "second")),
                            (net, text, ("q", "up"))):
    want = run(model, feed)["y"]
    for scheme in ([], ["u8"], ["tensor"]):
        if scheme == ["u8"] and model == cnn:
            continue  # ONNX Runtime takes no zero points in ConvInteger's weights of several channels
        commands = [command("scheme", layer, *scheme) for layer in layers] if scheme else []
        for ranges in ("row", "tensor"):
            drive(model, [*commands, command("dynamic", path("d.onnx"), ranges)])
            got = run(path("d.onnx"), feed)["y"]
            assert cosine(want, got) > 0.98, (model, scheme, ranges, cosine(want, got))
drive(net, [command("dynamic", path("d.onnx"), "tensor")])
model = onnx.load(path("d.onnx"))
assert count(model, "DynamicQuantizeLinear") == 4 and count(model, "MatMulInteger") == 7
# A convolution has no rows.
drive(cnn, [command("dynamic", path("d.onnx"))])
model = onnx.load(path("d.onnx"))
convolutions = {i for node in model.graph.node if node.op_type == "ConvInteger" for i in node.input}
assert count(model, "DynamicQuantizeLinear") == len(
    [n for n in model.graph.node if n.op_type == "DynamicQuantizeLinear" and n.output[0] in convolutions])
# ReduceMax takes its axes as an attribute up to operator set 17, as an input from 18 on; both say the same.
got = []
for opset in (17, 18):
    b = Builder(opset=opset)
    b.node("MatMul", ["x", b.weight("w", 48, 20)], "y", "m")
    b.save(path("m.onnx"), [("x", ["n", 48])], [("y", ["n", 20])])
    drive(path("m.onnx"), [command("dynamic", path("d.onnx"))])
    model = onnx.load(path("d.onnx"))
    (maximum,) = [node for node in model.graph.node if node.op_type == "ReduceMax"]
    assert len(maximum.input) == (1 if opset == 17 else 2)
    assert [o.version for o in model.opset_import if not o.domain] == [opset]
    got.append(run(path("d.onnx"), table)["y"])
    # The definition, in NumPy: whole rows by max|x| / 127, to nearest, halves to even.
    values = {t.name: onnx.numpy_helper.to_array(t) for t in model.graph.initializer}
    x = table["x"]
    bound = np.abs(x).max(axis=1, keepdims=True)
    q = np.rint(x * (np.float32(127) / bound)).astype(np.int64)
    assert np.abs(q).max() == 127
    scale = bound * np.float32(1 / 127)
    y = (q @ values["m.weight.quantized"].astype(np.int64)).astype(np.float32) * scale
    np.testing.assert_allclose(got[-1], y * values["m.weight.scale"], rtol=1e-6)
drive(net, [command("dynamic", path("d.onnx"))])
model = onnx.load(path("d.onnx"))
assert count(model, "ReduceMax") == 4 and count(model, "MatMulInteger") == 7
assert count(model, "DynamicQuantizeLinear") == 0
delta = floats(folder, "delta", np.ones(64))
drive(net, [command("correct", "down", delta), command("dynamic", path("c.onnx"))])
np.testing.assert_allclose(run(path("c.onnx"), text)["y"] - run(path("d.onnx"), text)["y"], 1, atol=1e-4)

# Weight-only: what is dequantized is the coded weight, in all forms; the last block may be short.
b = Builder(opset=13)
x = b.node("Gemm", ["x", b.weight("w0", 40, 72), b.const("b0", random.normal(size=40))], "h", "g",
           transB=1, alpha=0.5)
b.node("MatMul", [b.node("Relu", [x], "r"), b.weight("w1", 40, 9)], "y", "m")
odd = b.save(path("odd.onnx"), [("x", ["n", 72])], [("y", ["n", 9])])
feed = {"x": random.normal(size=(16, 72)).astype(np.float32)}
want = run(odd, feed)["y"]
for bits, least in ((4, 0.98), (8, 0.9998)):
    for group in (16, 32, 64, 0):
        for extra in ([], ["u"]):
            output = drive(odd, [command("weight-only", path("w.onnx"), bits, group, *extra)], "--opset=21")
            got = run(path("w.onnx"), feed)["y"]
            assert cosine(want, got) > least, (bits, group, extra, cosine(want, got))
            form = rows(output, "result")[0][1]
            kind = ("uint" if extra else "int") + str(bits)
            assert form == kind + (f" group {group}" if group else " per column"), form
            model = onnx.load(path("w.onnx"))
            assert [o.version for o in model.opset_import if not o.domain] == [21]
            fused = optimized(path("w.onnx"))
            # ONNX Runtime recognizes it, a short last block too. (It has no such form of a Gemm, which it
            # makes of a product of two matrices and an Add.)
            if bits == 4 and group in (16, 32):
                assert count(fused, "MatMulNBits") == 1, [n.op_type for n in fused.graph.node]

# GPTQ on correlated inputs: less error of the output than to nearest.
mix = random.normal(size=(8, 72)) + 0.1
samples = (random.normal(size=(512, 8)) @ mix + 0.1 * random.normal(size=(512, 72))).astype(np.float32)
held = {"x": (random.normal(size=(256, 8)) @ mix + 0.1 * random.normal(size=(256, 72))).astype(np.float32)}
hidden = run(drive(odd, [command("write-outputs", path("o.onnx"), "r")]) or path("o.onnx"), {"x": samples})["r"]
activations = [
    command("activations", "g", floats(folder, "x.bin", samples), 72),
    command("activations", "m", floats(folder, "r.bin", hidden), 40),
]
want = run(odd, held)["y"]
for extra in ([], ["u"]):
    errors = {}
    for method in ("nearest", "gptq"):
        words = [*extra, "gptq"] if method == "gptq" else extra
        output = drive(odd, [*activations, command("weight-only", path("w.onnx"), 4, 32, *words)],
                       "--opset=21")
        assert all(row[3] == method for row in rows(output, "result")), output
        errors[method] = np.square(run(path("w.onnx"), held)["y"] - want).mean()
    assert errors["gptq"] < 0.5 * errors["nearest"], errors
# Against the algorithm in its plain form: the inverse of the Hessian, element after element.
k, n = 40, 9
w = next(onnx.numpy_helper.to_array(t) for t in onnx.load(odd).graph.initializer if t.name == "w1")
h = 2.0 * hidden.T.astype(np.float64) @ hidden
h += 0.01 * np.mean(np.diag(h)) * np.eye(k)
u = np.linalg.cholesky(np.linalg.inv(h)).T
work, coded = w.astype(np.float64).copy(), np.zeros((k, n))
for i in range(k):
    if i % 16 == 0:
        block = work[i : i + 16]
        scale = np.maximum(block.max(0, initial=0) / 7, -block.min(0, initial=0) / 8)
    coded[i] = np.clip(np.rint(work[i] / scale), -8, 7)
    work[i + 1 :] -= np.outer(u[i, i + 1 :], (work[i] - coded[i] * scale) / u[i, i])
drive(odd, [*activations, command("weight-only", path("w.onnx"), 4, 16, "gptq")], "--opset=21")
tensor = next(t for t in onnx.load(path("w.onnx")).graph.initializer if t.name == "m.weight.quantized")
assert (onnx.numpy_helper.to_array(tensor).astype(np.float64) == coded).mean() > 0.99
# Layer after layer, with room for one Hessian at a time: the same integers.
whole = open(path("w.onnx"), "rb").read()
one, other = activations
room = command("hessian-limit", 72 * 72 * 8)
output = drive(odd, [room, one, "!" + other], "--opset=21")
assert "leave the layer out, or round it to nearest" in rows(output, "error")[0][0], output
drive(odd, [room, one, command("round", 4, 16), other, command("round", 4, 16),
            command("weight-only", path("w.onnx"), 4, 16, "gptq")], "--opset=21")
assert open(path("w.onnx"), "rb").read() == whole

# A file has a largest size; beyond it elements lie beside it, where that is allowed, or it is an error.
output = drive(odd, [command("file-limit", 4096), "!" + command("write-float", path("large.onnx"))])
assert "one ONNX file holds at most 4096" in rows(output, "error")[0][0], output
assert not os.path.exists(path("large.onnx"))
drive(odd, [command("file-limit", 4096, "external"), command("write-float", path("large.onnx"))])
assert os.path.getsize(path("large.onnx")) <= 4096 < os.path.getsize(path("large.onnx.data"))
assert (run(path("large.onnx"), held)["y"] == want).all()

# Side by side: at the layer's own result, or to the end of what ships, behind the activation, whose
# integers are coarse here on purpose.
ranges = calibrate(odd, folder, [held])
top = float(hidden.max())
coarse = [line for line in ranges if line.split("\t")[1] != "r"] + [command("range", "r", 0, 40 * top)]
hidden = run(drive(odd, [command("write-outputs", path("o.onnx"), "h", "r")]) or path("o.onnx"), held)
for commands, words in ((ranges, []), (coarse, []), (coarse, ["outputs"])):
    drive(odd, [*commands, command("beside", path("b.onnx"), *words)])
    error, signal, mean, *down = run(path("b.onnx"), held).values()
    compared = hidden["r" if words else "h"].astype(np.float64)
    assert abs(signal - (compared**2).sum()) < 1e-4 * signal, (words, signal)
    assert mean.shape == (40,) and len(down) == 3
    step = 40 * top / 255
    rounding = (np.rint(compared / step) * step - compared) ** 2
    if words:
        assert 0.8 < error / rounding.sum() < 1.25, (error, rounding.sum())
    else:
        assert 0 < error < 0.01 * rounding.sum(), (error, rounding.sum())

# Smoothing leaves the function, flattens the outliers, and makes the quantized model better.
feeds = [{"x": random.normal(size=(2, 12, 64)).astype(np.float32)} for _ in range(4)]
want = run(net, text)["y"]
output = drive(net, ["groups"])
groups = rows(output, "group")
assert {row[0]: row[4] for row in groups} == {"n1.y": "exact", "n2.y": "exact", "or": "node",
                                             "mixed": "exact"}, groups
drive(net, [command("write-outputs", path("o.onnx"), *[row[0] for row in groups])])
maxima = run(path("o.onnx"), feeds[0])
commands = []
for name, *_ in groups:
    m = np.abs(maxima[name]).reshape(-1, maxima[name].shape[-1]).max(0)
    commands.append(command("smooth", name, floats(folder, name + ".max", m), 0.5))
drive(net, [*commands, command("write-float", path("smooth.onnx"))])
np.testing.assert_allclose(run(path("smooth.onnx"), text)["y"], want, atol=1e-5 * np.abs(want).max())
assert count(onnx.load(path("smooth.onnx")), "Mul") == count(onnx.load(net), "Mul") + 1
errors = []
for model in (net, path("smooth.onnx")):
    drive(model, [*calibrate(model, folder, feeds), command("write", path("q.onnx"))])
    errors.append(np.square(run(path("q.onnx"), text)["y"] - want).mean())
assert errors[1] < errors[0], errors
# Between convolutions, and where another node reads the tensor too.
output = drive(cnn, ["groups"])
assert ["left.y" in row[1] for row in rows(output, "group")].count(True) == 0
commands = []
for name, layers, channels, axis, _ in rows(output, "group"):
    commands.append(command("smooth", name, floats(folder, "m", random.uniform(0.1, 9, int(channels))), 0.5))
    want = run(cnn, image)["y"]
    drive(cnn, [commands[-1], command("write-float", path("smooth.onnx"))])
    np.testing.assert_allclose(run(path("smooth.onnx"), image)["y"], want, atol=1e-5 * np.abs(want).max())

# External data are found beside the model; the result holds them.
os.makedirs(path("far"), exist_ok=True)
onnx.save_model(onnx.load(mlp), path("far/mlp.onnx"), save_as_external_data=True, location="w.bin",
                size_threshold=0)
drive(path("far/mlp.onnx"), [command("dynamic", path("near.onnx"))])
drive(mlp, [command("dynamic", path("near2.onnx"))])
a, b = (run(path(p), table)["y"] for p in ("near.onnx", "near2.onnx"))
np.testing.assert_array_equal(a, b)
print("other forms are right")

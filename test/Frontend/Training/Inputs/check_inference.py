"""A model exported in training mode, compiled for inference, against the formulas.

    check_inference.py MLOPT FOLDER
"""

import json
import os
import struct
import subprocess
import sys

import numpy as np

MLOPT, FOLDER = sys.argv[1:3]
EPSILON = 1e-3

# DROP is the training_mode of Dropout: a constant, or an input.
MODEL = """<ir_version: 8, opset_import: ["" : 17]>
g (float[n, 3, 4] x, float[3, 2] z) => (float[n, 3, 4] y, float[3, 2] w%(outputs)s)
<float[3] scale = {1, 2, -1}, float[3] bias = {0.5, 0, 1}, float[3] mean = {0.25, -1, 2},
 float[3] variance = {4, 1, 0.5}, float ratio = {0.5}, bool on = {1}, float[2] s2 = {1, 3}, float[2] b2 = {0, 1},
 float[2] m2 = {1, 0}, float[2] v2 = {2, 1}>
{
  [norm] b, running_mean, running_var = BatchNormalization<epsilon = 0.001, training_mode = 1>(x, scale, bias, mean, variance)
  [drop] d = Dropout(b, ratio, on)
  y = Relu(d)
  [norm2] w, o1, o2 = BatchNormalization<epsilon = 0.001, training_mode = 1>(z, s2, b2, m2, v2)
}
"""
OWN = {"scale": [1, 2, -1], "bias": [0.5, 0, 1], "mean": [0.25, -1, 2], "variance": [4, 1, 0.5],
       "s2": [1, 3], "b2": [0, 1], "m2": [1, 0], "v2": [2, 1]}
OTHER = {"scale": [-1, 0.5, 2], "bias": [1, 2, 3], "mean": [-0.5, 1, 0], "variance": [1, 2, 3],
         "s2": [2, 2], "b2": [1, 0], "m2": [0, 3], "v2": [1, 4]}


def path(name):
    return os.path.join(FOLDER, name)


def write(name, text):
    with open(path(name), "w", encoding="utf-8") as file:
        file.write(text)
    return path(name)


def save(name, tensors):
    header, data = {}, b""
    for key, values in tensors.items():
        part = np.array(values, np.float32).tobytes()
        header[key] = {"dtype": "F32", "shape": [len(values)], "data_offsets": [len(data), len(data) + len(part)]}
        data += part
    text = json.dumps(header).encode()
    with open(path(name), "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)
    return path(name)


def norm(x, scale, bias, mean, variance):
    shape = (1, -1) + (1,) * (x.ndim - 2)
    scale, bias, mean, variance = (np.array(v, float).reshape(shape) for v in (scale, bias, mean, variance))
    return scale * (x - mean) / np.sqrt(variance + EPSILON) + bias


def expected(x, z, t):
    return (np.maximum(norm(x, *(t[k] for k in ("scale", "bias", "mean", "variance"))), 0),
            norm(z, *(t[k] for k in ("s2", "b2", "m2", "v2"))))


def run(model, x, z, *flags, verb="run"):
    np.savez(path("in.npz"), x=x, z=z)
    command = [MLOPT, verb, model, f"--input=@{path('in.npz')}", f"--output=@{path('out.npz')}", *flags]
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == 0, (command, result.stderr)
    with np.load(path("out.npz")) as out:
        return (out["y"], out["w"]), result.stderr


def near(got, wanted):
    for g, w in zip(got, wanted):
        assert np.abs(g - w).max() < 1e-5 * max(1, np.abs(w).max()), (g, w)


def compile_(model, *flags):
    return subprocess.run([MLOPT, "compile", model, "-o", path("out.so"), *flags], capture_output=True, text=True)


rng = np.random.default_rng(1)
x = (rng.standard_normal((5, 3, 4)) * 3 + 1).astype(np.float32)
z = rng.standard_normal((3, 2)).astype(np.float32)
model = write("m.onnxtxt", MODEL % {"outputs": ""})
plain = write("plain.onnxtxt", (MODEL % {"outputs": ""}).replace("bool on = {1}", "bool on = {0}"))
checkpoint = save("c.safetensors", OTHER)

got, text = run(model, x, z, f"--load-weights={checkpoint}")
near(got, expected(x, z, OTHER))
assert "batch" not in text, text
result = compile_(model, f"--load-weights={checkpoint}")
assert result.returncode == 0 and not result.stderr, result.stderr
print("checkpoint: ok")

for verb in ("run", "eval"):
    got, text = run(model, x, z, "--inference", verb=verb)
    near(got, expected(x, z, OWN))
    assert "batch" not in text, text
print("switch: ok")

# Without either the nodes mean what ONNX says, and the compiler says so.
got, text = run(plain, x, z)
flat = x.transpose(1, 0, 2).reshape(3, -1).astype(float)
near(got, expected(x, z, dict(OWN, mean=flat.mean(1), variance=flat.var(1), m2=z.astype(float).mean(0), v2=z.astype(float).var(0))))
result = compile_(plain)
assert result.returncode == 0, result.stderr
assert "warning: 2 batch normalizations use the statistics of the batch" in result.stderr, result.stderr
assert "--inference" in result.stderr, result.stderr
result = compile_(plain, "-q")
assert result.returncode == 0 and not result.stderr, result.stderr
print("training mode: ok")

result = compile_(model)
assert result.returncode == 4 and "training_mode (random numbers); --inference" in result.stderr, result.stderr
returned = write("returned.onnxtxt", MODEL % {"outputs": ", float[3] running_mean"})
for flags in (["--inference"], [f"--load-weights={checkpoint}"]):
    result = compile_(returned, *flags)
    assert result.returncode == 4 and "norm (BatchNormalization)" in result.stderr, result.stderr
    assert "running statistics that the model uses itself, in its inference form" in result.stderr, result.stderr
print("refusals: ok")

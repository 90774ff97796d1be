"""quantize_check.py MLOPT_RUN MLOPT FOLDER FLOAT QUANTIZED DECIBEL

Compiles both models (an artefact is taken as it is) and runs them on fresh values: the ratio of the
signal to the error must be at least so many dB. An ONNX model must pass ONNX's checker, hold
quantized operators, and differ from float.
"""

import os
import subprocess
import sys

import numpy as np
import onnx

runner, mlopt, folder, reference, quantized, least = sys.argv[1:]
KINDS = {"QuantizeLinear", "DequantizeLinear", "DynamicQuantizeLinear", "MatMulInteger"}


def outputs(name):
    path = os.path.join(folder, name)
    artefact = path
    if name.endswith(".onnx"):
        artefact = path[:-5] + ".check.so"
        subprocess.run([mlopt, path, "-o", artefact, "--header=none"], check=True)
    out = os.path.join(folder, "check.npz")
    given = [f"--input={n}:@{os.path.join(folder, f'check_{n}.npy')}" for n in inputs]
    subprocess.run([runner, "run", artefact, "-q", *given, f"--output=@{out}"], check=True)
    with np.load(out) as file:
        return file[file.files[0]].astype(np.float64)


model = onnx.load(os.path.join(folder, reference))
random = np.random.default_rng(11)
inputs = []
for info in model.graph.input:
    dims = [d.dim_value or 12 for d in info.type.tensor_type.shape.dim]
    inputs.append(info.name)
    x = random.standard_normal(dims).astype(np.float32)
    if reference.startswith("mlp"):
        x[:, 5] *= 25
    np.save(os.path.join(folder, f"check_{info.name}.npy"), x)
if quantized.endswith(".onnx"):
    found = onnx.load(os.path.join(folder, quantized))
    onnx.checker.check_model(found, full_check=True)
    kinds = {node.op_type for node in found.graph.node}
    if not kinds & KINDS:
        sys.exit(f"no quantized operator among {sorted(kinds)}")
expected, actual = outputs(reference), outputs(quantized)
error = ((expected - actual) ** 2).sum()
ratio = 10 * np.log10((expected**2).sum() / error) if error else np.inf
print(f"{quantized}: {ratio:.1f} dB")
if ratio < float(least) or (error == 0 and quantized.endswith(".onnx")):
    sys.exit(f"{quantized}: {ratio:.1f} dB, expected at least {least} and some error")

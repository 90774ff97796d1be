"""Adagrad, Adam and Momentum against their formulas (onnx/defs/training/defs.cc) in NumPy: first and
later steps, f32 and f64, two tensors, one of unknown size.

    check_optimizers.py MLOPT FOLDER
"""

import os
import subprocess
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper

MLOPT, FOLDER = sys.argv[1:3]
rng = np.random.default_rng(5)


def adagrad(r, t, x, g, h, *, norm_coefficient=0.0, epsilon=1e-6, decay_factor=0.0):
    rate = r / (1 + t * decay_factor)
    g = norm_coefficient * x + g
    h = h + g * g
    return x - rate * g / (np.sqrt(h) + epsilon), h


def adam(
    r, t, x, g, v, h, *, alpha=0.9, beta=0.999, epsilon=1e-6, norm_coefficient=0.0, norm_coefficient_post=0.0
):
    g = norm_coefficient * x + g
    v = alpha * v + (1 - alpha) * g
    h = beta * h + (1 - beta) * g * g
    rate = r * np.sqrt(1 - beta**t) / (1 - alpha**t) if t > 0 else r
    return (1 - norm_coefficient_post) * (x - rate * v / (np.sqrt(h) + epsilon)), v, h


def momentum(r, t, x, g, v, *, alpha, beta, norm_coefficient, mode):
    g = norm_coefficient * x + g
    v = alpha * v + (beta if t > 0 else 1) * g
    return (x - r * (g + alpha * v) if mode == "nesterov" else x - r * v), v


def check(operator: str, formula, roles: int, type_name: str, step: int, **attributes) -> None:
    kind, element = {"f32": (TensorProto.FLOAT, "f4"), "f64": (TensorProto.DOUBLE, "f8")}[type_name]
    shapes = [(3, 4), (5,)]
    declared = [["n", 4], [5]]
    tensors = [[np.abs(rng.standard_normal(s)).astype(element) for s in shapes] for _ in range(roles)]
    inputs = {"R": np.array(0.1, element), "T": np.array(step, "i8")}
    inputs |= {f"i{role}{i}": tensors[role][i] for role in range(roles) for i in range(2)}
    outputs = [f"o{role}{i}" for role in range(roles - 1) for i in range(2)]
    node = helper.make_node(operator, list(inputs), outputs, domain="ai.onnx.preview.training", **attributes)
    infos = [
        helper.make_tensor_value_info(n, TensorProto.INT64 if n == "T" else kind, declared[int(n[2])] if n[0] == "i" else [])
        for n in inputs
    ]
    results = [helper.make_tensor_value_info(n, kind, declared[int(n[2])]) for n in outputs]
    opsets = [helper.make_opsetid("ai.onnx.preview.training", 1), helper.make_opsetid("", 18)]
    file = os.path.join(FOLDER, "model.onnx")
    onnx.save(helper.make_model(helper.make_graph([node], "g", infos, results), opset_imports=opsets, ir_version=10), file)
    np.savez(os.path.join(FOLDER, "in.npz"), **inputs)
    for verb in ("eval", "run") if step and type_name == "f32" else ("eval",):
        command = [MLOPT, verb, file, "--input=@" + os.path.join(FOLDER, "in.npz"), "--output=@" + os.path.join(FOLDER, "out.npz")]
        result = subprocess.run(command, capture_output=True, text=True)
        assert result.returncode == 0, result.stderr
        got = np.load(os.path.join(FOLDER, "out.npz"))
        for i in range(2):
            # Attributes are f32.
            exact = {k: float(np.float32(v)) if isinstance(v, float) else v for k, v in attributes.items()}
            operands = [tensors[role][i].astype("f8") for role in range(roles)]
            expected = formula(float(inputs["R"]), step, *operands, **exact)
            for role, value in enumerate(expected):
                tolerance = 2e-5 if type_name == "f32" else 1e-12
                np.testing.assert_allclose(got[f"o{role}{i}"], value, rtol=tolerance, atol=tolerance, err_msg=f"{operator} {verb} {type_name} {step}")


for type_name in ("f32", "f64"):
    for step in (0, 7):
        check("Adagrad", adagrad, 3, type_name, step, norm_coefficient=0.1, epsilon=1e-3, decay_factor=0.2)
        check("Adagrad", adagrad, 3, type_name, step, epsilon=0.5)
        check("Adam", adam, 4, type_name, step, alpha=0.75, beta=0.875, epsilon=1e-2, norm_coefficient=0.1, norm_coefficient_post=0.25)
        check("Adam", adam, 4, type_name, step, alpha=0.5, beta=0.75, epsilon=0.25)
        for mode in ("standard", "nesterov"):
            check("Momentum", momentum, 3, type_name, step, alpha=0.9, beta=0.3, norm_coefficient=0.2, mode=mode)
print("optimizers: ok")

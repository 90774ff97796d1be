"""old_opsets.py MLOPT FOLDER [--record]: operators of old operator sets against committed numbers.

The numbers in old_opsets.json are ONNX Runtime's: `--record` runs it (package onnxruntime) and
writes them anew. It has no kernels for most operators below operator set 7: those are computed by
NumPy (`by_hand`) as the standard defines them.
Each model is evaluated by the reference evaluator and, on x86-64, compiled.
A model that stands in `unsupported` must be refused with exit code 4.
"""

import json
import os
import platform
import subprocess
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

TABLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "old_opsets.json")


def ramp(*shape):
    """Values without a pattern that a wrong index could hit by accident."""
    count = int(np.prod(shape))
    return ((np.arange(count) * 37 % 101).astype(np.float32) / 8 - 5).reshape(shape)


def model(name, opset, op, inputs, weights=(), outputs=1, ir=3, **attributes):
    names = list(inputs) + [key for key, _ in weights]
    results = [f"y{i}" for i in range(outputs)]
    node = helper.make_node(op, names, results, name=name, **attributes)
    values = [
        helper.make_tensor_value_info(key, helper.np_dtype_to_tensor_dtype(v.dtype), v.shape)
        for key, v in inputs.items()
    ]
    # Before IR version 4 an initializer is an input as well.
    values += [
        helper.make_tensor_value_info(key, helper.np_dtype_to_tensor_dtype(v.dtype), v.shape)
        for key, v in weights
    ]
    graph = helper.make_graph(
        [node],
        name,
        values,
        [helper.make_tensor_value_info(r, TensorProto.FLOAT, None) for r in results],
        [numpy_helper.from_array(v, key) for key, v in weights],
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)])
    made.ir_version = ir
    return made, inputs


def scales(*values):
    return [("scales", np.array(values, np.float32))]


def cases():
    image, odd = {"x": ramp(1, 2, 4, 6)}, {"x": ramp(1, 1, 5, 7)}
    for mode in ("nearest", "linear"):
        yield f"upsample7_{mode}", model(
            f"upsample7_{mode}", 7, "Upsample", image, scales=[1.0, 1.0, 2.0, 3.0], mode=mode
        )
        yield f"upsample7_fraction_{mode}", model(
            f"upsample7_fraction_{mode}", 7, "Upsample", image, scales=[1.0, 1.0, 1.5, 1.4],
            mode=mode
        )
        yield f"upsample9_{mode}", model(
            f"upsample9_{mode}", 9, "Upsample", odd, scales(1, 1, 2, 1.7), mode=mode
        )
        yield f"resize10_{mode}_up", model(
            f"resize10_{mode}_up", 10, "Resize", odd, scales(1, 1, 1.3, 2.6), mode=mode
        )
        yield f"resize10_{mode}_down", model(
            f"resize10_{mode}_down", 10, "Resize", odd, scales(1, 1, 0.6, 0.7), mode=mode
        )
        yield f"resize10_{mode}_half", model(
            f"resize10_{mode}_half", 10, "Resize", image, scales(1, 1, 0.5, 0.5), mode=mode
        )
    a, b = ramp(2, 3, 4), ramp(3, 4)[::-1].copy()
    yield "add6", model("add6", 6, "Add", {"a": a, "b": b}, broadcast=1)
    yield "add6_axis", model(
        "add6_axis", 6, "Add", {"a": a, "b": ramp(2, 3)}, broadcast=1, axis=0
    )
    yield "mul6_same", model("mul6_same", 6, "Mul", {"a": a, "b": ramp(2, 3, 4)[::-1].copy()})
    yield "gemm6", model(
        "gemm6", 6, "Gemm", {"a": ramp(2, 3), "b": ramp(3, 4), "c": ramp(4)}, broadcast=1, alpha=0.5
    )
    channels = [(k, np.abs(ramp(3) + i) + 0.5) for i, k in enumerate(("s", "bias", "m", "v"))]
    yield "batchnorm6", model(
        "batchnorm6", 6, "BatchNormalization", {"x": ramp(2, 3, 4, 4)}, channels, is_test=1
    )
    yield "reshape1", model("reshape1", 4, "Reshape", {"x": a}, shape=[6, -1])
    yield "softmax1", model("softmax1", 6, "Softmax", {"x": a}, axis=1)
    yield "clip6", model("clip6", 6, "Clip", {"x": a}, min=-1.0, max=2.0)
    yield "pad2", model(
        "pad2", 6, "Pad", {"x": ramp(3, 4)}, mode="reflect", pads=[1, 0, 1, 2]
    )
    yield "concat4", model("concat4", 4, "Concat", {"a": b, "b": ramp(3, 2)}, axis=1)
    yield "reducemean1", model("reducemean1", 6, "ReduceMean", {"x": a}, axes=[1], keepdims=0)
    yield "prelu6", model("prelu6", 6, "PRelu", {"x": ramp(2, 3, 2, 2), "s": ramp(3)})
    yield "selu1", model("selu1", 1, "Selu", {"x": a}, alpha=1.6732, gamma=1.0507)
    yield "dropout6", model("dropout6", 6, "Dropout", {"x": a}, is_test=1)
    yield "averagepool1", model(
        "averagepool1", 6, "AveragePool", {"x": ramp(1, 2, 5, 5)}, kernel_shape=[3, 3],
        pads=[1, 1, 1, 1], strides=[2, 2]
    )
    yield "maxpool1", model(
        "maxpool1", 6, "MaxPool", {"x": ramp(1, 2, 5, 5)}, kernel_shape=[2, 2], strides=[2, 2]
    )
    yield "upsample1", model(
        "upsample1", 6, "Upsample", image, width_scale=2.0, height_scale=2.0, mode="nearest"
    )


def by_hand(name, f):
    """The result of an operator that ONNX Runtime lacks, from its inputs and initializers."""
    if name == "add6":
        return f["a"] + f["b"]
    if name == "add6_axis":
        return f["a"] + f["b"][:, :, None]
    if name == "mul6_same":
        return f["a"] * f["b"]
    if name == "gemm6":
        return np.float32(0.5) * (f["a"] @ f["b"]) + f["c"]
    if name == "batchnorm6":
        scale, bias, mean, variance = (f[k].reshape(3, 1, 1) for k in ("s", "bias", "m", "v"))
        return scale * (f["x"] - mean) / np.sqrt(variance + 1e-5) + bias
    if name == "prelu6":
        return np.where(f["x"] < 0, f["s"].reshape(3, 1, 1) * f["x"], f["x"])
    if name == "selu1":
        return 1.0507 * np.where(f["x"] > 0, f["x"], 1.6732 * (np.exp(f["x"]) - 1))
    if name == "dropout6":
        return f["x"]
    if name == "averagepool1":  # what is padded does not count
        y = np.zeros((1, 2, 3, 3))
        for i in range(3):
            for j in range(3):
                window = f["x"][:, :, max(2 * i - 1, 0) : 2 * i + 2, max(2 * j - 1, 0) : 2 * j + 2]
                y[:, :, i, j] = window.mean(axis=(2, 3))
        return y
    return None


def record():
    import onnxruntime

    table = {"numbers": {}, "unsupported": {}}
    for name, (made, inputs) in cases():
        try:
            session = onnxruntime.InferenceSession(
                made.SerializeToString(), providers=["CPUExecutionProvider"]
            )
            y = session.run(None, inputs)[0]
        except Exception as error:
            constants = {t.name: numpy_helper.to_array(t) for t in made.graph.initializer}
            y = by_hand(name, {**inputs, **constants})
            if y is None:
                print(f"{name}: not recorded: {str(error).splitlines()[0][:200]}")
                continue
        table["numbers"][name] = {
            "shape": list(y.shape),
            "values": [float(f"{v:.8g}") for v in y.ravel()],
        }
    return table


def run(mlopt, folder, name, made, inputs):
    path = os.path.join(folder, f"{name}.onnx")
    onnx.save(made, path)
    feeds = []
    for key, value in inputs.items():
        np.save(os.path.join(folder, f"{name}_{key}.npy"), value)
        feeds.append(f"--input={key}:@{folder}/{name}_{key}.npy")
    verbs = ["eval"] + (["run"] if platform.machine() == "x86_64" else [])
    for verb in verbs:
        out = os.path.join(folder, f"{name}_{verb}")
        done = subprocess.run(
            [mlopt, verb, path, *feeds, f"--output=@{out}"], capture_output=True, text=True
        )
        yield verb, done, os.path.join(out, "y0.npy")


def main():
    mlopt, folder = sys.argv[1:3]
    os.makedirs(folder, exist_ok=True)
    if "--record" in sys.argv:
        table = record()
    else:
        with open(TABLE, encoding="utf-8") as stream:
            table = json.load(stream)
    failures = 0
    for name, (made, inputs) in cases():
        expected = table["numbers"].get(name)
        for verb, done, path in run(mlopt, folder, name, made, inputs):
            problem = ""
            if name in table["unsupported"] or done.returncode == 4:
                if done.returncode != 4 or table["unsupported"].get(name, "?") not in done.stderr:
                    problem = f"exit code {done.returncode}, expected 4: {done.stderr}"
            elif done.returncode:
                problem = f"exit code {done.returncode}: {done.stderr}"
            elif expected is None:
                problem = "no numbers are recorded"
            else:
                y = np.load(path)
                want = np.array(expected["values"], np.float32).reshape(expected["shape"])
                if y.shape != want.shape:
                    problem = f"shape {y.shape}, expected {want.shape}"
                elif not np.allclose(y, want, rtol=1e-5, atol=1e-5):
                    problem = f"largest difference {np.abs(y - want).max()}"
            print(f"{name} {verb}: {problem or 'ok'}")
            failures += bool(problem)
            if "--record" in sys.argv and done.returncode == 4:
                reason = done.stderr.split("error: ", 1)[1].splitlines()[0]
                table["unsupported"][name] = reason
    if "--record" in sys.argv:
        # A model that mlopt refuses has no numbers to compare.
        for name in table["unsupported"]:
            table["numbers"].pop(name, None)
        with open(TABLE, "w", encoding="utf-8") as stream:
            rows = [
                f"    {json.dumps(k)}: {json.dumps(v)}" for k, v in table["numbers"].items()
            ]
            refused = [
                f"    {json.dumps(k)}: {json.dumps(v)}" for k, v in table["unsupported"].items()
            ]
            stream.write('{\n  "numbers": {\n' + ",\n".join(rows) + '\n  },\n')
            stream.write('  "unsupported": {\n' + ",\n".join(refused) + "\n  }\n}\n")
        return 0
    return failures != 0


if __name__ == "__main__":
    sys.exit(main())

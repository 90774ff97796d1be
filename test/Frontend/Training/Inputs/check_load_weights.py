"""--load-weights: the model with other weights gives what a model gives that holds them.

    check_load_weights.py MLOPT FOLDER
"""

import json
import os
import struct
import subprocess
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

MLOPT, FOLDER = sys.argv[1:3]
NAMES = {"<f4": "F32", "<f8": "F64", "<i8": "I64", "<f2": "F16", "|b1": "BOOL"}
rng = np.random.default_rng(3)


def path(name: str) -> str:
    return os.path.join(FOLDER, name)


def save(name: str, tensors: dict[str, np.ndarray]) -> str:
    header: dict = {"__metadata__": {"format": "mlopt-checkpoint-1", "step": "7"}}
    data = b""
    for key, array in tensors.items():
        part = array.tobytes()
        offsets = [len(data), len(data) + len(part)]
        header[key] = {"dtype": NAMES[array.dtype.str], "shape": list(array.shape), "data_offsets": offsets}
        data += part
    text = json.dumps(header).encode()
    with open(path(name), "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)
    return path(name)


def make(name: str, weights: dict[str, np.ndarray], external: bool) -> str:
    """A batch normalization that folds into a large matrix, a small table behind a branch, integers
    that decide a shape, a scalar, an initializer that nothing reads."""
    inner = helper.make_graph(
        [helper.make_node("Add", ["f", "inner"], ["t"])],
        "then",
        [],
        [helper.make_tensor_value_info("t", TensorProto.FLOAT, [2, 40])],
        [numpy_helper.from_array(weights["inner"], "inner")],
    )
    other = helper.make_graph(
        [helper.make_node("Identity", ["f"], ["e"])],
        "else",
        [],
        [helper.make_tensor_value_info("e", TensorProto.FLOAT, [2, 40])],
    )
    nodes = [
        helper.make_node("MatMul", ["x", "large"], ["a"]),
        helper.make_node("BatchNormalization", ["a", "scale", "bias", "mean", "variance"], ["b"]),
        helper.make_node("Mul", ["b", "factor"], ["c"]),
        helper.make_node("Add", ["sum", "c"], ["d"]),
        helper.make_node("Add", ["small", "small"], ["sum"]),
        helper.make_node("Reshape", ["d", "shape"], ["f"]),
        helper.make_node("If", ["yes"], ["y"], then_branch=inner, else_branch=other),
    ]
    nodes[3], nodes[4] = nodes[4], nodes[3]
    graph = helper.make_graph(
        nodes,
        "g",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [2, 40])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [2, 40])],
        [numpy_helper.from_array(array, key) for key, array in weights.items() if key != "inner"]
        + [numpy_helper.from_array(np.array(True), "yes")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)
    folder = path(name)
    os.makedirs(folder)
    file = os.path.join(folder, "model.onnx")
    onnx.save_model(model, file, save_as_external_data=external, size_threshold=0, location="model.data")
    return file


def weights(seed: int) -> dict[str, np.ndarray]:
    r = np.random.default_rng(seed)
    some = lambda *shape: r.standard_normal(shape).astype("<f4")  # noqa: E731
    return {
        "large": some(40, 40),
        "scale": some(40),
        "bias": some(40),
        "mean": some(40),
        "variance": np.abs(some(40)) + 1,
        "small": some(40),
        "inner": some(40),
        "factor": np.array(seed + 0.5, "<f4"),
        "shape": np.array([2, 40], "<i8"),
        "unused": some(3),
    }


def run(*arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run([MLOPT, *arguments], capture_output=True, text=True)


def output(*arguments: str) -> np.ndarray:
    result = run(*arguments, "--input=x:@" + path("x.npy"), "--output=@" + path("y.npy"))
    assert result.returncode == 0, result.stderr
    return np.load(path("y.npy"))


def expect(code: int, text: str, *arguments: str) -> None:
    result = run("compile", *arguments, "-o", path("bad.so"))
    assert result.returncode == code and text in result.stderr, (result.returncode, result.stderr)
    assert not os.path.exists(path("bad.so"))


np.save(path("x.npy"), rng.standard_normal((2, 40)).astype("<f4"))
old, new = weights(1), weights(2)
checkpoint = {key: new[key] for key in new if key not in ("factor", "shape", "unused")}
# A checkpoint of training holds float tensors of rank >= 1 that are used, and what else there is.
optimizer = {"optimizer.exp_avg.large": new["large"], "optimizer.exp_avg_sq.gone": new["small"]}
file = save("checkpoint.safetensors", checkpoint | optimizer)
whole = save("whole.safetensors", new)
partly = save("partly.safetensors", {"large": new["large"]})
internal, external = make("internal", old, False), make("external", old, True)
wanted = output("eval", make("wanted", checkpoint | {k: old[k] for k in old if k not in checkpoint}, False))
wanted_whole = output("eval", make("wanted_whole", new, False))
assert np.abs(wanted - output("eval", internal)).max() > 0.1
for model in (internal, external):
    for source, expected in ((file, wanted), (whole, wanted_whole)):
        assert (output("eval", model, "--load-weights=" + source) == expected).all()
        got = output("run", model, "--load-weights=" + source)
        assert np.abs(got - expected).max() <= 1e-5 * np.abs(expected).max(), model
    result = run("verify", model, "--load-weights=" + file)
    assert result.returncode == 0, result.stdout + result.stderr
# Compiling takes it, and the output depends on it.
for name, arguments in (("a.so", [internal, "--load-weights=" + whole]), ("b.so", [path("wanted_whole/model.onnx")])):
    result = run("compile", *arguments, "-o", path(name), "--prefix=m", "--header=none", "-MF", path("d"))
    assert result.returncode == 0, result.stderr
    with open(path("d")) as depfile:
        assert (whole in depfile.read()) == (name == "a.so")
print("replaced: ok")

expect(3, "MLO1063: " + partly + " lacks 'bias', 'inner', 'mean', 'scale', 'small', 'variance'", internal, "--load-weights=" + partly)
mixed = output("eval", internal, "--load-weights=" + partly, "--allow-missing-weights")
os.remove(path("wanted/model.onnx"))
os.rmdir(path("wanted"))
assert (mixed == output("eval", make("wanted", old | {"large": new["large"]}, False))).all()
for key, array, text in (
    ("large", new["large"].reshape(20, 80), "as float [20, 80], the model has it as float [40, 40]"),
    ("small", new["small"].astype("<f8"), "as double [40], the model has it as float [40]"),
    ("shape", np.array([2.0, 40.0], "<f4"), "as float [2], the model has it as int64 [2]"),
    ("factor", np.zeros(1, "<f4"), "as float [1], the model has it as float []"),
):
    bad = save("bad.safetensors", checkpoint | {key: array})
    expect(3, f"MLO1062: {bad} holds '{key}' {text}", internal, "--load-weights=" + bad)
bad = save("bad.safetensors", checkpoint | {"nosuch": old["small"], "optimizer": old["small"]})
expect(3, f"MLO1061: {bad} holds 'nosuch', 'optimizer', which the model does not have", internal, "--load-weights=" + bad)
expect(3, "MLO1061: ", internal, "--allow-missing-weights", "--load-weights=" + bad)
with open(file, "rb") as source, open(path("cut.safetensors"), "wb") as cut:
    cut.write(source.read()[:-100])
expect(3, "cut.safetensors: error: MLO1060: is cut off", internal, "--load-weights=" + path("cut.safetensors"))
expect(3, "MLO1060: cannot open: No such file", internal, "--load-weights=" + path("nothing"))
expect(3, "MLO1060: is no .safetensors file", internal, "--load-weights=" + internal)
expect(3, "MLO1060: holds no tensors", internal, "--load-weights=" + save("empty.safetensors", {}))
expect(2, "--allow-missing-weights: needs --load-weights", internal, "--allow-missing-weights")
print("errors: ok")

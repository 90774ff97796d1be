"""verify_types.py MLOPT FOLDER: see verify-types.test"""

import os
import subprocess
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

mlopt, folder = sys.argv[1:]


def save(name, nodes, kind, result, values, width):
    value = helper.make_tensor_value_info
    tensors = [numpy_helper.from_array(v, n) for n, v in values.items()]
    graph = helper.make_graph(nodes, "g", [value("x", kind, [1, width])], [value("y", result, [1, width])], tensors)
    opset = [helper.make_opsetid("", 21)]
    onnx.save(helper.make_model(graph, opset_imports=opset, ir_version=10), os.path.join(folder, name))


def verify(model, x, *more, code=0):
    np.save(os.path.join(folder, "x.npy"), x)
    given = f"--input=x:@{folder}/x.npy"
    done = subprocess.run([mlopt, "verify", *model, given, *more], cwd=folder, capture_output=True, text=True)
    assert done.returncode == code, (model, done.returncode, done.stdout, done.stderr)
    return done.stdout


# Numbers whose quotient by the scale and whose product with 1 / scale round to different integers.
scale = np.float32(0.07)
x = np.nextafter(((np.arange(200) + 0.5) * scale).astype(np.float32), np.float32(0))
x = np.concatenate([x, np.nextafter(x, np.float32(100)), np.nextafter(x, np.float32(0))])
inverse = np.float32(1) / scale
differ = np.rint(x.astype(np.float64) / scale) != np.rint(x * inverse)
x = x[differ][None]
assert x.size > 3
for name, zero in (("u8.onnx", 0), ("other.onnx", 2)):
    nodes = [
        helper.make_node("Relu", ["x"], ["r"]),
        helper.make_node("QuantizeLinear", ["r", "s", "z"], ["q"]),
        helper.make_node("Identity", ["q"], ["y"]),
    ]
    save(name, nodes, TensorProto.FLOAT, TensorProto.UINT8, {"s": scale, "z": np.uint8(zero)}, x.size)
out = verify(["u8.onnx"], x)
assert "one step of a quantize allowed, ok" in out, out
assert '"integer_steps_allowed":1' in verify(["u8.onnx"], x, "--format=json")
# Two steps are an error.
subprocess.run([mlopt, "u8.onnx", "-o", "u8.so", "--header=none", "-q"], cwd=folder, check=True)
verify(["u8.so", "--reference=other.onnx"], x, code=5)
print("integers of a quantize: ok")

# Integers that no quantize made are exact.
for name, one in (("i8.onnx", 1), ("i8b.onnx", 2)):
    nodes = [helper.make_node("Add", ["x", "c"], ["y"])]
    save(name, nodes, TensorProto.INT8, TensorProto.INT8, {"c": np.full((1, 8), one, np.int8)}, 8)
subprocess.run([mlopt, "i8.onnx", "-o", "i8.so", "--header=none", "-q"], cwd=folder, check=True)
x = np.arange(8, dtype=np.int8)[None]
assert "step" not in verify(["i8.so", "--reference=i8.onnx"], x)
verify(["i8.so", "--reference=i8b.onnx"], x, code=5)
print("other integers: ok")

# What f16 cannot hold is no error; a value two steps off is.
random = np.random.default_rng(2)
x = random.standard_normal((1, 64)).astype(np.float16)
for name, factor in (("f16.onnx", 1.37), ("f16b.onnx", 1.375)):
    nodes = [helper.make_node("Mul", ["x", "c"], ["y"])]
    save(name, nodes, TensorProto.FLOAT16, TensorProto.FLOAT16, {"c": np.array([factor], np.float16)}, 64)
verify(["f16.onnx"], x)
verify(["f16.onnx"], x, "--rtol=0", "--atol=0")
subprocess.run([mlopt, "f16.onnx", "-o", "f16.so", "--header=none", "-q"], cwd=folder, check=True)
verify(["f16.so", "--reference=f16b.onnx"], x, code=5)
print("halves: ok")

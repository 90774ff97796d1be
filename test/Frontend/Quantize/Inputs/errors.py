"""What is wrong is said. Usage: errors.py FOLDER"""

import os
import sys

import numpy as np
import onnx

from quantizer import *

folder = sys.argv[1]


def path(name):
    return os.path.join(folder, name)


def message(model, line, *before, options=()):
    return rows(drive(model, [*before, "!" + line], *options), "error")[0][0]


b = Builder()
b.node("Relu", ["x"], "y")
plain = b.save(path("plain.onnx"), [("x", [2])], [("y", [2])])
print("plain:", rows(drive(plain, [], code=1), "error")[0][0])
b = Builder()
b.node("MatMul", ["x", "x"], "y", "square")
square = b.save(path("square.onnx"), [("x", [2, 2])], [("y", [2, 2])])
print("square:", rows(drive(square, [], code=1), "error")[0][0])

mlp = make_mlp(path("mlp.onnx"))
print("layer:", message(mlp, command("disable", "fifth")))
print("range:", message(mlp, command("write", path("q.onnx"))))
print("none:", message(mlp, command("write", path("q.onnx")), "disable-all"))
print("dynamic:", message(mlp, command("dynamic", path("q.onnx")), "disable-all"))
print("tensor:", message(mlp, command("range", "nothing", 0, 1)))
print("scale:", message(mlp, command("range", "x", "nan", 1)))
print("bias:", message(mlp, command("correct", "first", floats(folder, "d", [1, 2]))))
print("bits:", message(mlp, command("weight-only", path("q.onnx"), 3, 32), options=["--opset=21"]))
print("group:", message(mlp, command("weight-only", path("q.onnx"), 4, 24), options=["--opset=21"]))
print("opset:", message(mlp, command("weight-only", path("q.onnx"), 4, 32)))
print("rows:", message(mlp, command("activations", "first", floats(folder, "a", [0] * 32), 16)))
print("memory:", message(mlp, command("activations", "first", floats(folder, "a", [0] * 48), 48),
                         command("hessian-limit", 1000)))
print("alpha:", message(mlp, command("smooth", "r1", floats(folder, "m", [1] * 32), 2)))
print("channels:", message(mlp, command("smooth", "r1", floats(folder, "m", [1] * 31), 0.5)))
print("group input:", message(mlp, command("smooth", "sum2", floats(folder, "m", [1] * 31), 0.5)))
print("output:", message(mlp, command("write-outputs", path("o.onnx"), "nowhere")))
print("file:", message(mlp, command("write-float", path("no/such/folder.onnx"))).split("'")[0])
assert not os.path.exists(path("q.onnx")), "an error leaves no file"

model = onnx.load(mlp)
for tensor in model.graph.initializer:
    if tensor.name == "w1":
        values = onnx.numpy_helper.to_array(tensor).copy()
        values[3, 3] = np.inf
        tensor.CopyFrom(onnx.numpy_helper.from_array(values, "w1"))
onnx.save(model, path("inf.onnx"))
print("infinite:", message(path("inf.onnx"), command("dynamic", path("q.onnx"))))

"""What is not quantized stays as it was. Usage: kept.py FOLDER"""

import os
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper

from quantizer import *

folder = sys.argv[1]
random = np.random.default_rng(3)


def path(name):
    return os.path.join(folder, name)


def branch(name, op):
    """A branch that reads a tensor of the main graph."""
    node = helper.make_node(op, ["h", "h"], [name])
    return helper.make_graph([node], name, [], [helper.make_tensor_value_info(name, TensorProto.FLOAT, None)])


# Subgraphs, constants as nodes, weights behind Identity and Transpose, equal names, a Split of before
# opset 18, outputs that are also read.
b = Builder(opset=13)
b.nodes.append(helper.make_node("Constant", [], ["w"], value=onnx.numpy_helper.from_array(
    random.normal(size=(12, 8)).astype(np.float32))))
b.node("Transpose", ["w"], "wt", perm=[1, 0])
b.node("MatMul", ["x", "wt"], "h", "same")
b.node("If", ["condition"], "i", "if", then_branch=branch("t", "Add"), else_branch=branch("e", "Mul"))
b.nodes.append(helper.make_node("Split", ["i"], ["s0", "s1"], axis=1))
b.node("Concat", ["s1", "s0"], "c", axis=1)
b.weight("v", 12, 5)
b.node("Identity", ["v"], "vi")
b.node("MatMul", ["c", "vi"], "y", "same")
model = onnx.load(b.save(path("m.onnx"), [("x", ["n", 8]), ("condition", [], TensorProto.BOOL)], [("y", ["n", 5]), ("h", ["n", 12])]))
model.graph.value_info.append(helper.make_tensor_value_info("c", TensorProto.FLOAT, ["n", 12]))
model.doc_string, model.producer_name = "words", "maker"
onnx.save(model, path("m.onnx"))
model.graph.node[-1].name = "other"  # ONNX Runtime wants different names
onnx.save(model, path("named.onnx"))
feeds = [{"x": random.normal(size=(6, 8)).astype(np.float32), "condition": np.array(c)} for c in (True, False)]

for options in ((), ("--opset=21",)):
    ranges = calibrate(path("m.onnx"), folder, feeds, *options)
    output = drive(path("m.onnx"), ["layers", *ranges, command("write", path("q.onnx"))], *options)
    assert [row[0] for row in rows(output, "layer")] == ["same", "same_2"], output
    written = onnx.load(path("q.onnx"))
    assert (written.doc_string, written.producer_name) == ("words", "maker")
    assert [p.key for p in written.metadata_props] == ["origin"]
    assert [i.name for i in written.graph.input] == ["x", "condition"]
    assert [o.name for o in written.graph.output] == ["y", "h"]
    assert [v.name for v in written.graph.value_info] == ["c"]
    names = [node.name for node in written.graph.node]
    assert len(set(names)) == len(names) and all(names)
    for feed in feeds:
        want, got = run(path("named.onnx"), feed), run(path("q.onnx"), feed)
        assert min(cosine(want[k], got[k]) for k in ("y", "h")) > 0.999
        assert not np.array_equal(want["y"], got["y"])

# Operators of other domains pass through; initializers that are inputs too are constants.
b = Builder(opset=13)
b.weight("w", 8, 4)
b.node("MatMul", ["x", "w"], "h", "m")
b.nodes.append(helper.make_node("Strange", ["h"], ["y"], name="strange", domain="org.example", level=3))
b.nodes.append(helper.make_node("FusedThing", ["y"], ["z"], name="fused", domain="com.microsoft"))
graph = helper.make_graph(b.nodes, "g", [helper.make_tensor_value_info(*v) for v in
                                         (("x", TensorProto.FLOAT, [2, 8]), ("w", TensorProto.FLOAT, [8, 4]))],
                          [helper.make_tensor_value_info("z", TensorProto.FLOAT, None)], b.constants)
model = helper.make_model(graph, ir_version=8, opset_imports=[
    helper.make_opsetid("", 13), helper.make_opsetid("org.example", 2), helper.make_opsetid("com.microsoft", 1)])
onnx.save(model, path("strange.onnx"))
drive(path("strange.onnx"), [command("range", "x", -1, 1), command("write", path("q.onnx"))])
written = onnx.load(path("q.onnx"))
assert {o.domain: o.version for o in written.opset_import} == {"": 13, "org.example": 2, "com.microsoft": 1}
assert written.graph.node[-2:] == model.graph.node[-2:], written.graph.node[-2:]
assert [i.name for i in written.graph.input] == ["x"]

# What is quantized already is left alone.
mlp = make_mlp(path("mlp.onnx"))
feeds = [{"x": random.normal(size=(16, 48)).astype(np.float32)}]
ranges = calibrate(mlp, folder, feeds)
drive(mlp, [*ranges, command("disable", "fourth"), command("write", path("half.onnx"))])
output = drive(path("half.onnx"), ["layers"])
assert [row[0] for row in rows(output, "layer")] == ["fourth"], output
assert {row[2] for row in rows(output, "skipped")} == {"it is quantized already"}, output
print("the rest is kept")

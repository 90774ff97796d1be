"""usage: bad_files.py FOLDER: writes the models of bad-files.test, each wrong in one way."""
import os
import random
import sys

import onnx
from onnx import TensorProto, helper

folder = sys.argv[1]


def path(name):
    return os.path.join(folder, name)


def write(name, data):
    with open(path(name), "wb") as stream:
        stream.write(data)


def model(nodes, initializers=(), functions=(), outputs=None, sparse=()):
    graph = helper.make_graph(
        nodes,
        "g",
        [helper.make_tensor_value_info("X", TensorProto.FLOAT, [2])],
        outputs or [helper.make_tensor_value_info("Y", TensorProto.FLOAT, [2])],
        initializer=list(initializers),
        sparse_initializer=list(sparse),
    )
    imports = [helper.make_opsetid("", 18), helper.make_opsetid("local", 1)]
    return helper.make_model(graph, opset_imports=imports, functions=list(functions), ir_version=9)


write("empty.onnx", b"")
with open(path("large.onnx"), "wb") as stream:
    stream.truncate(3 << 30)  # a hole: takes no disk
random.seed(1)
write("random.onnx", bytes(random.randrange(256) for _ in range(1000)))
write("nested.onnxtxt", b"<ir_version: 8>\ng (" + b"seq(" * 100000 + b") => () {}")
write("zero.onnxtxt", b"<ir_version: 8>\0")

# f0 calls f1 twice, f1 calls f2 twice, ...: 2^30 nodes once expanded.
imports = [helper.make_opsetid("", 18), helper.make_opsetid("local", 1)]
functions = []
for i in range(30):
    op, domain = ("Relu", "") if i == 29 else (f"f{i + 1}", "local")
    body = [helper.make_node(op, ["a"], ["b"], domain=domain), helper.make_node(op, ["b"], ["c"], domain=domain)]
    functions.append(helper.make_function("local", f"f{i}", ["a"], ["c"], body, imports))
write("bomb.onnx", model([helper.make_node("f0", ["X"], ["Y"], domain="local")], functions=functions).SerializeToString())

# Protobuf itself ends at 100 levels, three of which make one subgraph.
inner = helper.make_graph([helper.make_node("Relu", ["X"], ["y"])], "s", [], [helper.make_tensor_value_info("y", 1, [2])])
for i in range(30):
    node = helper.make_node("If", ["c"], [f"y{i}"], then_branch=inner, else_branch=inner if i == 0 else None)
    inner = helper.make_graph([node], "s", [], [helper.make_tensor_value_info(f"y{i}", 1, [2])])
write("deep.onnx", model([helper.make_node("If", ["c"], ["Y"], then_branch=inner)]).SerializeToString())

add = [helper.make_node("Add", ["X", "W"], ["Y"])]
tensor = TensorProto(name="W", data_type=TensorProto.FLOAT, dims=[2], raw_data=b"12345")
write("payload.onnx", model(add, [tensor]).SerializeToString())
tensor = TensorProto(name="W", data_type=TensorProto.FLOAT, dims=[-2, -1], raw_data=b"12345678")
write("negative.onnx", model(add, [tensor]).SerializeToString())

values = helper.make_tensor("W", TensorProto.FLOAT, [1], [1.0])
indices = helper.make_tensor("I", TensorProto.INT64, [1], [99])
write("sparse_range.onnx", model(add, sparse=[helper.make_sparse_tensor(values, indices, [2])]).SerializeToString())
write("sparse_huge.onnx", model(add, sparse=[helper.make_sparse_tensor(values, indices, [1 << 38])]).SerializeToString())

# A model cut at every length.
os.makedirs(path("truncated"), exist_ok=True)
good = model(add, [helper.make_tensor("W", TensorProto.FLOAT, [2], [1.0, 2.0])]).SerializeToString()
for length in range(len(good)):
    write(f"truncated/{length:04}.onnx", good[:length])

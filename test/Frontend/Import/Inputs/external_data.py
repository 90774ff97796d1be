"""usage: external_data.py FOLDER MLOPT_TRANSLATE: every way to point at a file x every place that a tensor can be.

Each model must be refused with the expected code, or import and yield the right bytes; nothing may crash or hang.
"""
import os
import subprocess
import sys

import numpy
import onnx
from onnx import TensorProto, helper

folder, tool = os.path.abspath(sys.argv[1]), sys.argv[2]
base = os.path.join(folder, "model")
os.makedirs(os.path.join(base, "sub"), exist_ok=True)
os.makedirs(os.path.join(folder, "outside"), exist_ok=True)
COUNT = 512  # 2 KiB: large enough to stay mapped
data = numpy.arange(COUNT, dtype=numpy.float32).tobytes()


def put(name, content=data):
    with open(os.path.join(folder, name), "wb") as stream:
        stream.write(content)


put("model/good.bin")
put("model/sub/good.bin")
put("model/offset.bin", b"x" * 3 + data)
put("model/short.bin", data[:-1])
put("outside/secret.bin")
put("model/linked.bin")
os.link(os.path.join(base, "linked.bin"), os.path.join(base, "second_name.bin"))
os.symlink("good.bin", os.path.join(base, "symlink.bin"))
os.symlink("../outside/secret.bin", os.path.join(base, "escape.bin"))
os.symlink("../outside", os.path.join(base, "parent"))
os.symlink("sub", os.path.join(base, "inner"))
os.mkfifo(os.path.join(base, "fifo.bin"))


def entry(location, **more):
    return [("location", location), *((key, str(value)) for key, value in more.items())]


# name -> (external_data entries, expected code or None)
CASES = {
    "good": (entry("good.bin", offset=0, length=len(data)), None),
    "below": (entry("sub/good.bin"), None),
    "odd-offset": (entry("offset.bin", offset=3), None),
    "dot-dot": (entry("../outside/secret.bin"), "MLO1030"),
    "dot-dot-inside": (entry("sub/../good.bin"), "MLO1030"),
    "absolute": (entry(os.path.join(folder, "outside", "secret.bin")), "MLO1030"),
    "symlink": (entry("symlink.bin"), "MLO1030"),
    "symlink-out": (entry("escape.bin"), "MLO1030"),
    "parent-symlink-out": (entry("parent/secret.bin"), "MLO1030"),
    "parent-symlink-in": (entry("inner/good.bin"), "MLO1030"),
    "hard-link": (entry("linked.bin"), "MLO1032"),
    "fifo": (entry("fifo.bin"), "MLO1032"),
    "folder": (entry("sub"), "MLO1032"),
    "device": (entry("/dev/zero"), "MLO1030"),
    "missing": (entry("nothing.bin"), "MLO1031"),
    "memory-address": (entry("*/_ORT_MEM_ADDR_/*", offset=4096, length=len(data)), "MLO1031"),
    "short": (entry("short.bin"), "MLO1033"),
    "offset-over": (entry("good.bin", offset=4), "MLO1033"),
    "offset-huge": (entry("good.bin", offset=2**63 - 1), "MLO1033"),
    "offset-negative": (entry("good.bin", offset=-4), "MLO1034"),
    "offset-overflow": (entry("good.bin", offset=2**64 + 4), "MLO1034"),
    "length-wrong": (entry("good.bin", length=4), "MLO1033"),
    "length-negative": (entry("good.bin", length=-1), "MLO1034"),
    "key-twice": (entry("good.bin") + [("location", "../outside/secret.bin")], "MLO1034"),
    "key-unknown": (entry("good.bin", basepath="/"), "MLO1034"),
    "no-location": ([("offset", "0")], "MLO1034"),
    "empty-location": (entry(""), "MLO1034"),
    "zero-byte": (entry("good.bin\0x"), "MLO1030"),
}


def external(name, entries, data_type=TensorProto.FLOAT, count=COUNT):
    tensor = TensorProto(name=name, data_type=data_type, dims=[count], data_location=TensorProto.EXTERNAL)
    for key, value in entries:
        tensor.external_data.add(key=key, value=value)
    return tensor


def make(nodes, **more):
    functions = more.pop("functions", ())
    graph = helper.make_graph(
        nodes,
        "g",
        [helper.make_tensor_value_info("X", TensorProto.FLOAT, [COUNT]), helper.make_tensor_value_info("c", TensorProto.BOOL, [])],
        [helper.make_tensor_value_info("Y", TensorProto.FLOAT, [COUNT])],
        **more,
    )
    imports = [helper.make_opsetid("", 18), helper.make_opsetid("local", 1)]
    return helper.make_model(graph, opset_imports=imports, ir_version=9, functions=functions)


def attribute_node(node, name, tensor):
    attribute = node.attribute.add(name=name, type=onnx.AttributeProto.TENSOR)
    attribute.t.CopyFrom(tensor)
    return node


ADD = helper.make_node("Add", ["X", "W"], ["Y"])
VALUES = helper.make_tensor("W", TensorProto.FLOAT, [COUNT], [0.0] * COUNT)
INDICES = helper.make_tensor("I", TensorProto.INT64, [COUNT], list(range(COUNT)))


def in_initializer(entries):
    return make([ADD], initializer=[external("W", entries)])


def in_attribute(entries):
    return make([attribute_node(helper.make_node("Constant", [], ["W"]), "value", external("W", entries)), ADD])


def in_custom_attribute(entries):
    return make([attribute_node(helper.make_node("Foo", ["X"], ["Y"], domain="local"), "table", external("W", entries))])


def in_sparse_values(entries):
    sparse = onnx.SparseTensorProto(values=external("W", entries), indices=INDICES, dims=[COUNT])
    return make([ADD], sparse_initializer=[sparse])


def in_sparse_constant(entries):
    node = helper.make_node("Constant", [], ["W"])
    attribute = node.attribute.add(name="sparse_value", type=onnx.AttributeProto.SPARSE_TENSOR)
    attribute.sparse_tensor.CopyFrom(onnx.SparseTensorProto(values=external("W", entries), indices=INDICES, dims=[COUNT]))
    return make([node, ADD])


def in_subgraph(entries):
    def branch(name):
        graph = helper.make_graph(
            [helper.make_node("Add", ["X", "W"], [name])],
            name,
            [],
            [helper.make_tensor_value_info(name, TensorProto.FLOAT, [COUNT])],
            initializer=[external("W", entries)],
        )
        return graph

    return make([helper.make_node("If", ["c"], ["Y"], then_branch=branch("a"), else_branch=branch("b"))])


def in_function(entries):
    constant = attribute_node(helper.make_node("Constant", [], ["w"]), "value", external("w", entries))
    body = [constant, helper.make_node("Add", ["x", "w"], ["y"])]
    function = helper.make_function("local", "f", ["x"], ["y"], body, [helper.make_opsetid("", 18)])
    return make([helper.make_node("f", ["X"], ["Y"], domain="local")], functions=[function])


def in_training_info(entries):
    model = make([helper.make_node("Relu", ["X"], ["Y"])])
    model.training_info.add().algorithm.initializer.append(external("W", entries))
    return model


CARRIERS = [in_initializer, in_attribute, in_custom_attribute, in_sparse_values, in_sparse_constant, in_subgraph, in_function]

failures = 0
for name, (entries, expected) in CASES.items():
    for carrier in CARRIERS:
        path = os.path.join(base, f"{name}-{carrier.__name__}.onnx")
        with open(path, "wb") as stream:
            stream.write(carrier(entries).SerializeToString())
        command = [tool, "--import-onnx", path]
        try:
            result = subprocess.run(command, capture_output=True, text=True, timeout=20)
            said, code = result.stderr, result.returncode
        except subprocess.TimeoutExpired:
            said, code = "timeout", -1
        ok = code == 0 and not said if expected is None else code == 3 and f"error: {expected}: " in said
        if not ok:
            failures += 1
            print(f"{name} in {carrier.__name__}: expected {expected}, got exit code {code}: {said}")

# Training information is not used: its files are not even looked at.
path = os.path.join(base, "training.onnx")
with open(path, "wb") as stream:
    stream.write(in_training_info(entry("../outside/secret.bin")).SerializeToString())
if subprocess.call([tool, "--import-onnx", "--quiet", path], stdout=subprocess.DEVNULL) != 0:
    failures += 1
    print("a model with training information does not import")

# The bytes are right, the files are listed, and a model without a folder is refused.
path = os.path.join(base, "odd-offset-in_initializer.onnx")
text = subprocess.run([tool, "--import-onnx", "--print-resources", path], capture_output=True, text=True, check=True).stdout
if data.hex().upper() not in text.upper():
    failures += 1
    print("the bytes of a tensor at an odd offset are wrong")
listed = subprocess.run([tool, "--import-onnx", "--list-external-files", path], capture_output=True, text=True, check=True).stdout
if listed.split() != [os.path.join(base, "offset.bin")]:
    failures += 1
    print("listed external files:", listed)
with open(path, "rb") as stream:
    said = subprocess.run([tool, "--import-onnx", "-"], stdin=stream, capture_output=True, text=True).stderr
if "MLO1035" not in said:
    failures += 1
    print("standard input with external data:", said)
sys.exit(1 if failures else 0)

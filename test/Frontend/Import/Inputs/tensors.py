"""usage: tensors.py FOLDER: the models of tensors.test."""
import os
import sys

import numpy
from onnx import TensorProto, helper

folder = sys.argv[1]


def raw(name, data_type, values, dtype):
    array = numpy.array(values, dtype=dtype)
    return TensorProto(name=name, data_type=data_type, dims=array.shape, raw_data=array.tobytes())


tensors = [
    helper.make_tensor("f16", TensorProto.FLOAT16, [2], [1.0, -2.0]),
    helper.make_tensor("bf16", TensorProto.BFLOAT16, [2], [1.0, -2.0]),
    helper.make_tensor("f64", TensorProto.DOUBLE, [2], [1.0, -2.0]),
    helper.make_tensor("i4", TensorProto.INT4, [3], [-8, 7, 3]),
    TensorProto(name="u4", data_type=TensorProto.UINT4, dims=[3], raw_data=bytes([0x0F, 0x09])),
    raw("u8", TensorProto.UINT8, [200, 1], numpy.uint8),
    helper.make_tensor("i8", TensorProto.INT8, [2], [-100, 1]),
    helper.make_tensor("u16", TensorProto.UINT16, [2], [60000, 1]),
    helper.make_tensor("u32", TensorProto.UINT32, [2], [4000000000, 1]),
    raw("u64", TensorProto.UINT64, [2**64 - 1, 1], numpy.uint64),
    helper.make_tensor("empty", TensorProto.FLOAT, [0, 3], []),
    helper.make_tensor("large", TensorProto.FLOAT, [300], [float(i) for i in range(300)]),
    # Any byte but 0 is true.
    TensorProto(name="mask", data_type=TensorProto.BOOL, dims=[2000], raw_data=bytes([1, 0, 0, 0, 0, 7, 0, 255] * 250)),
]
sparse = helper.make_sparse_tensor(
    helper.make_tensor("sparse", TensorProto.FLOAT, [1], [5.0]), helper.make_tensor("", TensorProto.INT64, [1, 2], [0, 1][:2]), [2, 2]
)
nodes, outputs = [], []
for tensor in tensors:
    nodes.append(helper.make_node("Identity", [tensor.name], [tensor.name + "_out"]))
    outputs.append(helper.make_tensor_value_info(tensor.name + "_out", tensor.data_type, list(tensor.dims)))
nodes.append(helper.make_node("Identity", ["sparse"], ["sparse_out"]))
outputs.append(helper.make_tensor_value_info("sparse_out", TensorProto.FLOAT, [2, 2]))
graph = helper.make_graph(nodes, "types", [], outputs, initializer=tensors, sparse_initializer=[sparse])
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10)
with open(os.path.join(folder, "types.onnx"), "wb") as stream:
    stream.write(model.SerializeToString())


def branch(name, start):
    weight = helper.make_tensor("W", TensorProto.FLOAT, [300], [float(start + i) for i in range(300)])
    return helper.make_graph(
        [helper.make_node("Add", ["X", "W"], [name])], name, [], [helper.make_tensor_value_info(name, 1, [300])], initializer=[weight]
    )


graph = helper.make_graph(
    [helper.make_node("If", ["c"], ["Y"], then_branch=branch("a", 0), else_branch=branch("b", 1000))],
    "subgraph",
    [helper.make_tensor_value_info("X", 1, [300]), helper.make_tensor_value_info("c", TensorProto.BOOL, [])],
    [helper.make_tensor_value_info("Y", 1, [300])],
)
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
with open(os.path.join(folder, "subgraph.onnx"), "wb") as stream:
    stream.write(model.SerializeToString())

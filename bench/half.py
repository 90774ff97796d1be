#!/usr/bin/env python3
"""Rewrites an ONNX model of f32 to one of f16 or bf16: weights, inputs, outputs and all between.

    half.py MODEL.onnx OUT.onnx --type f16

Weights are rounded to nearest; a value beyond the range of f16 becomes its largest one. Casts to
f32 in the model become casts to the new type. Integer and bool tensors stay. Local functions and
subgraphs are rewritten as the graph is. What the numbers lose is the caller's business.
"""

import argparse
import sys

import ml_dtypes
import numpy as np
import onnx
from onnx import TensorProto, numpy_helper

TYPES = {
    "f16": (TensorProto.FLOAT16, np.float16),
    "bf16": (TensorProto.BFLOAT16, ml_dtypes.bfloat16),
}


def narrow_tensor(tensor, kind, dtype):
    """The tensor in the new type; other types than f32 as they are."""
    if tensor.data_type != TensorProto.FLOAT:
        return
    values = numpy_helper.to_array(tensor).astype(np.float32)
    if dtype is np.float16:
        largest = float(np.finfo(np.float16).max)
        finite = np.isfinite(values)
        values = np.where(finite, np.clip(values, -largest, largest), values)
    raw = np.ascontiguousarray(values.astype(dtype)).tobytes()
    dims = list(tensor.dims)
    name = tensor.name
    tensor.Clear()
    tensor.name = name
    tensor.dims.extend(dims)
    tensor.data_type = kind
    tensor.raw_data = raw


def narrow_type(type_proto, kind):
    if type_proto.HasField("tensor_type"):
        if type_proto.tensor_type.elem_type == TensorProto.FLOAT:
            type_proto.tensor_type.elem_type = kind


def narrow_nodes(nodes, kind, dtype):
    for node in nodes:
        for attribute in node.attribute:
            if attribute.HasField("t"):
                narrow_tensor(attribute.t, kind, dtype)
            if attribute.HasField("g"):
                narrow_graph(attribute.g, kind, dtype)
            # Of Cast, CastLike's relatives, EyeLike and the random ones: a type by number.
            if attribute.name in ("to", "dtype") and attribute.i == TensorProto.FLOAT:
                attribute.i = kind
        if node.op_type == "Constant":
            narrow_constant(node, kind, dtype)


def narrow_constant(node, kind, dtype):
    """`value_float` and `value_floats` have no narrow form: they become tensors."""
    for attribute in list(node.attribute):
        if attribute.name not in ("value_float", "value_floats"):
            continue
        single = attribute.name == "value_float"
        values = np.float32(attribute.f) if single else np.array(attribute.floats, np.float32)
        tensor = numpy_helper.from_array(np.asarray(values))
        narrow_tensor(tensor, kind, dtype)
        node.attribute.remove(attribute)
        node.attribute.append(onnx.helper.make_attribute("value", tensor))


def narrow_graph(graph, kind, dtype):
    for tensor in graph.initializer:
        narrow_tensor(tensor, kind, dtype)
    for value in list(graph.input) + list(graph.output) + list(graph.value_info):
        narrow_type(value.type, kind)
    narrow_nodes(graph.node, kind, dtype)


def narrow_model(model, name):
    """The model (changed in place) in type `name`, "f16" or "bf16"."""
    kind, dtype = TYPES[name]
    narrow_graph(model.graph, kind, dtype)
    for function in model.functions:
        narrow_nodes(function.node, kind, dtype)
        for value in function.value_info:
            narrow_type(value.type, kind)
    return model


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("model")
    parser.add_argument("out")
    parser.add_argument("--type", choices=sorted(TYPES), default="f16")
    options = parser.parse_args()
    try:
        model = onnx.load(options.model)
    except (OSError, ValueError) as error:
        print(f"half.py: cannot read '{options.model}': {error}", file=sys.stderr)
        return 2
    onnx.save(narrow_model(model, options.type), options.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())

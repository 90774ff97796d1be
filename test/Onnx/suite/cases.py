"""The 1,914 test cases of onnx.backend.test and their data.

1,905 cases have their model beside their data. The nine of kind `real` name one of the `light`
models (the same network with weights made by ConstantOfShape): as in the official runner their
input is a ramp from 0 to 1 and their expected output lies beside the light model.
"""

from __future__ import annotations

import dataclasses
import glob
import json
import os
import re

import numpy as np
import onnx
from onnx import numpy_helper

KINDS = ("node", "simple", "pytorch-converted", "pytorch-operator", "real")
EXPECTED_COUNT = 1914


@dataclasses.dataclass(frozen=True)
class Case:
    """One test: `name` is unique over all kinds, `model` is a path, `data` a folder or None for a
    light model.
    """

    name: str
    kind: str
    model: str
    data: str | None
    rtol: float = 1e-3
    atol: float = 1e-7


@dataclasses.dataclass
class DataSet:
    """Inputs by graph input name, and the expected outputs in graph order."""

    inputs: dict
    input_files: dict
    outputs: list


def default_data_dir() -> str:
    from onnx.backend.test import loader

    return os.path.normpath(loader.DATA_DIR)


def load_cases(data_dir: str) -> list[Case]:
    """All cases, sorted by kind and name."""
    cases = []
    for kind in KINDS:
        folder = os.path.join(data_dir, kind)
        for name in sorted(os.listdir(folder)):
            case_dir = os.path.join(folder, name)
            if not os.path.isdir(case_dir):
                continue
            tolerances = {}
            described = os.path.join(case_dir, "data.json")
            description = {}
            if os.path.exists(described):
                with open(described) as stream:
                    description = json.load(stream)
                tolerances = {k: description[k] for k in ("rtol", "atol") if k in description}
            model = os.path.join(case_dir, "model.onnx")
            if os.path.exists(model):
                cases.append(Case(name, kind, model, case_dir, **tolerances))
            else:
                light = os.path.join(data_dir, "light", os.path.basename(description["url"]))
                cases.append(Case(name, kind, light, None, **tolerances))
    return cases


def _numbered(folder: str, stem: str) -> list[str]:
    paths = glob.glob(os.path.join(folder, stem + "_*.pb"))
    return sorted(paths, key=lambda p: int(re.search(r"_(\d+)\.pb$", p).group(1)))


def read_value(path: str, value_type: onnx.TypeProto):
    """The value of a .pb file: array, list (sequence) or None (empty optional)."""
    with open(path, "rb") as stream:
        data = stream.read()
    if value_type.HasField("sequence_type"):
        sequence = onnx.SequenceProto()
        sequence.ParseFromString(data)
        return numpy_helper.to_list(sequence)
    if value_type.HasField("optional_type"):
        optional = onnx.OptionalProto()
        optional.ParseFromString(data)
        return numpy_helper.to_optional(optional)
    tensor = onnx.TensorProto()
    tensor.ParseFromString(data)
    return numpy_helper.to_array(tensor)


def _light_data(case: Case, model: onnx.ModelProto, scratch: str) -> list[DataSet]:
    initialisers = {i.name for i in model.graph.initializer}
    inputs, files = {}, {}
    for index, value in enumerate(v for v in model.graph.input if v.name not in initialisers):
        shape = [
            d.dim_value if d.HasField("dim_value") else 1 for d in value.type.tensor_type.shape.dim
        ]
        count = int(np.prod(shape))
        inputs[value.name] = (np.arange(count).reshape(shape) / count).astype(np.float32)
        files[value.name] = os.path.join(scratch, f"input_{index}.pb")
        with open(files[value.name], "wb") as stream:
            stream.write(numpy_helper.from_array(inputs[value.name]).SerializeToString())
    prefix = os.path.splitext(case.model)[0] + "_output"
    paths = _numbered(os.path.dirname(prefix), os.path.basename(prefix))
    outputs = [read_value(p, o.type) for p, o in zip(paths, model.graph.output)]
    return [DataSet(inputs, files, outputs)]


def load_data(case: Case, model: onnx.ModelProto, scratch: str) -> list[DataSet]:
    """The data sets of a case; `scratch` is a folder for input files that have to be made."""
    if case.data is None:
        return _light_data(case, model, scratch)
    initialisers = {i.name for i in model.graph.initializer}
    everything = list(model.graph.input)
    free = [v for v in everything if v.name not in initialisers]
    sets = []
    for folder in sorted(glob.glob(os.path.join(case.data, "test_data_set*"))):
        paths = _numbered(folder, "input")
        # Old models list their initialisers as inputs too; the files count only the others.
        values = free if len(paths) <= len(free) else everything
        files = {v.name: p for v, p in zip(values, paths)}
        inputs = {v.name: read_value(p, v.type) for v, p in zip(values, paths)}
        outputs = [
            read_value(p, v.type) for p, v in zip(_numbered(folder, "output"), model.graph.output)
        ]
        sets.append(DataSet(inputs, files, outputs))
    return sets


def operators(model: onnx.ModelProto) -> list[tuple[str, str]]:
    """(domain, operator) of the main graph's nodes, without repeats; Constant only if nothing else
    is there.
    """
    found = sorted({(n.domain or "ai.onnx", n.op_type) for n in model.graph.node})
    return [f for f in found if f != ("ai.onnx", "Constant")] or found


def read_tensor_file(path: str, declared: onnx.TypeProto | None):
    """A tensor that mlopt wrote: TensorProto (.pb) or .npy; `declared` says the type that .npy
    cannot name.
    """
    if path.endswith(".pb"):
        tensor = onnx.TensorProto()
        with open(path, "rb") as stream:
            tensor.ParseFromString(stream.read())
        return numpy_helper.to_array(tensor)
    array = np.load(path, allow_pickle=False)
    if declared is not None and declared.HasField("tensor_type"):
        wanted = onnx.helper.tensor_dtype_to_np_dtype(declared.tensor_type.elem_type)
        if (
            array.dtype != wanted
            and array.dtype.itemsize == wanted.itemsize
            and (array.dtype.kind in "uV" or wanted.name in ("int2", "int4"))
        ):
            array = array.view(wanted)
    return array


def read_outputs(folder: str, model: onnx.ModelProto) -> list:
    """The outputs in graph order from a folder that `--output=@folder` filled, by index or by
    name.
    """
    outputs = []
    for index, value in enumerate(model.graph.output):
        plain = re.sub(r"[^A-Za-z0-9_.-]", "_", value.name)
        for stem in (value.name, plain, f"output_{index}"):
            found = [
                p
                for p in (os.path.join(folder, stem + s) for s in (".pb", ".npy"))
                if os.path.exists(p)
            ]
            if found:
                outputs.append(read_tensor_file(found[0], value.type))
                break
        else:
            raise FileNotFoundError(
                f"no file for output {index} ({value.name}); found {sorted(os.listdir(folder))}"
            )
    return outputs

"""onnx.backend.base.Backend over mlopt: `import mlopt.backend as backend;
backend.prepare(model).run(inputs)`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import onnx
from onnx import helper, shape_inference
from onnx.backend.base import Backend, BackendRep, namedtupledict

from .errors import UnsupportedError
from .session import InferenceSession


class MloptRep(BackendRep):
    """A compiled model."""

    def __init__(self, session: InferenceSession):
        self.session = session

    def run(self, inputs: Any, **kwargs: Any) -> tuple[Any, ...]:
        """`inputs`: values in the model's order, one array, or a dict by name."""
        names = [a.name for a in self.session.get_inputs()]
        if isinstance(inputs, dict):
            feed = inputs
        elif isinstance(inputs, (list, tuple)):
            feed = dict(zip(names, inputs))
        else:
            feed = {names[0]: inputs}
        return tuple(self.session.run(None, feed))


class MloptBackend(Backend):
    @classmethod
    def supports_device(cls, device: str) -> bool:
        return device.split(":")[0].upper() == "CPU"

    @classmethod
    def is_compatible(cls, model: onnx.ModelProto, device: str = "CPU", **kwargs: Any) -> bool:
        """Whether the model compiles; only "unsupported" means no, other errors are raised."""
        try:
            cls.prepare(model, device, **kwargs)
            return True
        except UnsupportedError:
            return False

    @classmethod
    def prepare(cls, model: onnx.ModelProto, device: str = "CPU", **kwargs: Any) -> MloptRep:
        """Compiles `model`; keyword arguments are those of InferenceSession."""
        if not cls.supports_device(device):
            raise ValueError(f"device '{device}' is not supported; expected CPU")
        return MloptRep(InferenceSession(model.SerializeToString(), **kwargs))

    @classmethod
    def run_node(
        cls,
        node: onnx.NodeProto,
        inputs: Sequence[Any],
        device: str = "CPU",
        outputs_info: Sequence[tuple[np.dtype, tuple[int, ...]]] | None = None,
        **kwargs: Any,
    ) -> tuple[Any, ...]:
        """Runs one node; types of its outputs come from `outputs_info` or from ONNX's shape
        inference.
        """
        super().run_node(node, inputs, device, outputs_info, **kwargs)
        opset = helper.make_opsetid(
            node.domain, kwargs.pop("opset_version", onnx.defs.onnx_opset_version())
        )
        names = [n for n in node.input if n]
        arrays = [np.asarray(v) for v in inputs]
        types = [helper.np_dtype_to_tensor_dtype(a.dtype) for a in arrays]
        described = [
            helper.make_tensor_value_info(n, t, a.shape) for n, t, a in zip(names, types, arrays)
        ]
        if outputs_info:
            results = [
                helper.make_tensor_value_info(n, helper.np_dtype_to_tensor_dtype(np.dtype(t)), s)
                for n, (t, s) in zip(node.output, outputs_info)
            ]
        else:
            results = [helper.make_empty_tensor_value_info(n) for n in node.output if n]
        graph = helper.make_graph([node], "node", described, results)
        model = shape_inference.infer_shapes(helper.make_model(graph, opset_imports=[opset]))
        outputs = cls.prepare(model, device, **kwargs).run(arrays)
        return namedtupledict("Outputs", [n for n in node.output if n])(*outputs)


prepare = MloptBackend.prepare
run = MloptBackend.run_model
run_node = MloptBackend.run_node
is_compatible = MloptBackend.is_compatible
supports_device = MloptBackend.supports_device

"""Types of backend.py; test/Python/test_stubs.py holds the two together."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import onnx
from onnx.backend.base import Backend, BackendRep

from .session import InferenceSession

class MloptRep(BackendRep):
    session: InferenceSession
    def __init__(self, session: InferenceSession) -> None: ...
    def run(self, inputs: Any, **kwargs: Any) -> tuple[Any, ...]: ...

class MloptBackend(Backend):
    @classmethod
    def supports_device(cls, device: str) -> bool: ...
    @classmethod
    def is_compatible(cls, model: onnx.ModelProto, device: str = "CPU", **kwargs: Any) -> bool: ...
    @classmethod
    def prepare(cls, model: onnx.ModelProto, device: str = "CPU", **kwargs: Any) -> MloptRep: ...
    @classmethod
    def run_node(
        cls,
        node: onnx.NodeProto,
        inputs: Sequence[Any],
        device: str = "CPU",
        outputs_info: Sequence[tuple[np.dtype, tuple[int, ...]]] | None = None,
        **kwargs: Any,
    ) -> tuple[Any, ...]: ...

prepare = MloptBackend.prepare
run = MloptBackend.run_model
run_node = MloptBackend.run_node
is_compatible = MloptBackend.is_compatible
supports_device = MloptBackend.supports_device

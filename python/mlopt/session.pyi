"""Types of session.py; test/Python/test_stubs.py holds the two together."""

import ctypes
import dataclasses
import os
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from . import _dtypes
from .compiler import ModelSource

@dataclasses.dataclass(frozen=True)
class NodeArg:
    name: str
    shape: list[int | str | None]
    type: str
    @property
    def dtype(self) -> np.dtype: ...

def open_module(
    artefact: ModelSource,
    cpu_level: str | None,
    weights: str | os.PathLike[str] | None,
    verify_weights: bool,
) -> ctypes.c_void_p: ...
def describe_tensors(
    library: Any, module: ctypes.c_void_p, entry: int, kind: str
) -> tuple[list[NodeArg], list[_dtypes.DType]]: ...

class InferenceSession:
    def __init__(
        self,
        model: ModelSource,
        num_threads: int | None = None,
        *,
        entry: str | None = None,
        cpu_level: str | None = None,
        weights: str | os.PathLike[str] | None = None,
        verify_weights: bool = False,
        device: str = "cpu",
        stream: Any = None,
        **flags: Any,
    ) -> None: ...
    def get_inputs(self) -> list[NodeArg]: ...
    def get_outputs(self) -> list[NodeArg]: ...
    @property
    def metadata(self) -> dict[str, Any]: ...
    @property
    def device(self) -> str: ...
    @property
    def cpu_level(self) -> str: ...
    def run(
        self,
        output_names: Sequence[str] | None,
        input_feed: Mapping[str, Any],
        *,
        out: Mapping[str, Any] | None = None,
        device_outputs: bool = False,
    ) -> list[Any]: ...
    def close(self) -> None: ...
    def __enter__(self) -> InferenceSession: ...
    def __exit__(self, *_: object) -> None: ...
    def __del__(self) -> None: ...

"""Types of the package; test/Python/test_stubs.py holds the two together."""

from ._device import DeviceTensor
from .compiler import cache_dir, compile
from .errors import (
    AccuracyError,
    ArtefactError,
    CompileError,
    DeviceError,
    Diagnostic,
    Error,
    InternalError,
    InvalidInputError,
    InvalidModelError,
    MemoryBudgetError,
    RunError,
    TargetError,
    UnsupportedError,
    UsageError,
)
from .session import InferenceSession, NodeArg
from .training import TrainingSession

__version__: str

__all__ = [
    "AccuracyError",
    "ArtefactError",
    "CompileError",
    "DeviceError",
    "DeviceTensor",
    "Diagnostic",
    "Error",
    "InferenceSession",
    "InternalError",
    "InvalidInputError",
    "InvalidModelError",
    "MemoryBudgetError",
    "NodeArg",
    "RunError",
    "TargetError",
    "TrainingSession",
    "UnsupportedError",
    "UsageError",
    "cache_dir",
    "compile",
]

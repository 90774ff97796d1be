"""mlopt: compiles ONNX models to native code and runs them.

    import mlopt
    session = mlopt.InferenceSession("model.onnx")     # compiled once, then taken from the cache
    outputs = session.run(None, {"x": array})

    mlopt.compile("model.onnx", "model.so")            # ahead of time
    session = mlopt.InferenceSession("model.so", num_threads=4)

    session = mlopt.TrainingSession("step.so")         # made by `mlopt train`
    session.init(seed=1)
    loss = session.step(x=batch, labels=labels)

The compiler runs as a process of its own; artefacts run through the C API of libmlopt_rt
(docs/RuntimeApi.md).
"""

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

__version__ = "0.1.0"

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

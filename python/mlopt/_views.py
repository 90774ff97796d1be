"""Views of tensors that somebody else owns: NumPy arrays, and anything that speaks DLPack."""

from __future__ import annotations

import ctypes
import dataclasses
from typing import Any

import numpy as np

from . import _dtypes
from .errors import from_runtime

_CPU = (1, 3)  # kDLCPU, kDLCUDAHost
_GPU = (2, 13)  # kDLCUDA, kDLCUDAManaged


@dataclasses.dataclass
class View:
    """Dense row-major memory at `pointer`, which `owner` keeps alive."""

    pointer: int
    dtype: _dtypes.DType
    shape: tuple[int, ...]
    owner: Any
    on_gpu: bool = False


@dataclasses.dataclass(frozen=True)
class Gpu:
    """The GPU of a run: its number, and the stream that tensors must be ready for."""

    number: int
    stream: int


class DLTensor(ctypes.Structure):
    _fields_ = [
        ("data", ctypes.c_void_p),
        ("device_type", ctypes.c_int32),
        ("device_id", ctypes.c_int32),
        ("ndim", ctypes.c_int32),
        ("code", ctypes.c_uint8),
        ("bits", ctypes.c_uint8),
        ("lanes", ctypes.c_uint16),
        ("shape", ctypes.POINTER(ctypes.c_int64)),
        ("strides", ctypes.POINTER(ctypes.c_int64)),
        ("byte_offset", ctypes.c_uint64),
    ]


_get_pointer = ctypes.pythonapi.PyCapsule_GetPointer
_get_pointer.restype = ctypes.c_void_p
_get_pointer.argtypes = [ctypes.py_object, ctypes.c_char_p]


def _is_dense(shape: tuple[int, ...], strides: tuple[int, ...]) -> bool:
    expected = 1
    for size, stride in zip(reversed(shape), reversed(strides)):
        if size == 0:
            return True
        if size != 1 and stride != expected:
            return False
        expected *= size
    return True


def _export(name: str, value: Any, gpu: Gpu | None) -> Any:
    """The capsule of a tensor; one on a GPU is ready for the stream of the run."""
    kind, number = value.__dlpack_device__()
    if kind not in _GPU:
        return value.__dlpack__()
    if gpu is None:
        raise from_runtime(
            5001,
            f"'{name}': the tensor is on a GPU, the session runs on the CPU; copy it, or make the "
            "session with device='cuda'",
        )
    if kind == _GPU[0] and number != gpu.number:
        raise from_runtime(
            5001,
            f"'{name}': the tensor is on GPU {number}, the session on GPU {gpu.number}; copy it "
            "there",
        )
    return value.__dlpack__(stream=gpu.stream)


def from_dlpack(name: str, value: Any, gpu: Gpu | None = None) -> View:
    """A view of an object with `__dlpack__`; the capsule stays unconsumed and its owner keeps the
    memory alive.
    """
    capsule = _export(name, value, gpu)
    # The managed tensor starts with the tensor; the capsule frees it when it is dropped unconsumed.
    tensor = DLTensor.from_address(_get_pointer(capsule, b"dltensor"))
    on_gpu = gpu is not None and tensor.device_type in _GPU
    if tensor.device_type not in _CPU and not on_gpu:
        raise from_runtime(
            5001,
            f"'{name}': the tensor is on DLPack's device type {tensor.device_type}, "
            f"expected the CPU{'' if gpu is None else ' or a GPU of CUDA'}",
        )
    dtype = _dtypes.BY_DLPACK.get((tensor.code, tensor.bits)) if tensor.lanes == 1 else None
    if dtype is None:
        raise from_runtime(
            5103,
            f"'{name}': DLPack's element type with code {tensor.code} and {tensor.bits} bits "
            "is not supported",
        )
    shape = tuple(tensor.shape[i] for i in range(tensor.ndim))
    if tensor.strides and not _is_dense(
        shape, tuple(tensor.strides[i] for i in range(tensor.ndim))
    ):
        raise from_runtime(
            5109, f"'{name}': the tensor is not dense row-major; make it contiguous first"
        )
    return View((tensor.data or 0) + tensor.byte_offset, dtype, shape, (capsule, value), on_gpu)


def of_array(name: str, array: np.ndarray, expected: _dtypes.DType | None = None) -> View:
    """A view of a dense array. Bits of a type that NumPy lacks may come as unsigned integers of
    that width.
    """
    dtype = _dtypes.BY_NUMPY.get(array.dtype)
    if expected is not None and array.dtype == expected.bare:
        dtype = expected
    if dtype is None:
        raise from_runtime(5103, f"'{name}': element type {array.dtype} is not supported")
    return View(array.ctypes.data, dtype, array.shape, array)


def _extended(array: np.ndarray, expected: _dtypes.DType) -> np.ndarray:
    """Signed integers of 2 and 4 bits as bytes that hold their values: ml_dtypes leaves the upper
    bits clear.
    """
    small = array.dtype == expected.numpy and expected.onnx in ("int2", "int4")
    return array.astype(np.int8) if small else array


def of_input(name: str, value: Any, expected: _dtypes.DType, gpu: Gpu | None = None) -> View:
    """A view of an input: an array is used in place where it is dense, else copied; numbers and
    lists are converted.
    """
    if isinstance(value, np.ndarray):
        value = _extended(value, expected)
        usable = value.flags.c_contiguous and value.flags.aligned and value.dtype.isnative
        return of_array(
            name,
            value if usable else np.array(value, value.dtype.newbyteorder("="), order="C"),
            expected,
        )
    if hasattr(value, "__dlpack__") and not isinstance(value, np.generic):
        return from_dlpack(name, value, gpu)
    try:
        typed = isinstance(value, np.generic)
        array = np.array(value) if typed else np.array(value, dtype=expected.numpy)
    except (TypeError, ValueError, OverflowError) as error:
        raise from_runtime(
            5103, f"'{name}': {type(value).__name__} is not a tensor of {expected.onnx}: {error}"
        ) from None
    return of_array(name, _extended(array, expected), expected)


def of_output(name: str, value: Any, expected: _dtypes.DType, gpu: Gpu | None = None) -> View:
    """A view of memory that an output is written to."""
    if isinstance(value, np.ndarray):
        if not (value.flags.c_contiguous and value.flags.writeable):
            raise from_runtime(
                5109, f"'{name}': the array for this output is not dense and writable"
            )
        return of_array(name, value, expected)
    if hasattr(value, "__dlpack__"):
        return from_dlpack(name, value, gpu)
    raise from_runtime(
        5103, f"'{name}': {type(value).__name__} is neither a NumPy array nor a DLPack tensor"
    )

"""Tensors on a GPU that belong to a session, and the streams of other libraries."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any

from . import _dtypes
from ._views import DLTensor
from .errors import from_runtime

CUDA = 2  # kDLCUDA


class _DLManagedTensor(ctypes.Structure):
    pass


_Deleter = ctypes.CFUNCTYPE(None, ctypes.POINTER(_DLManagedTensor))
_Destructor = ctypes.CFUNCTYPE(None, ctypes.c_void_p)
_DLManagedTensor._fields_ = [
    ("tensor", DLTensor),
    ("context", ctypes.c_void_p),
    ("deleter", _Deleter),
]

_new_capsule = ctypes.PYFUNCTYPE(ctypes.py_object, ctypes.c_void_p, ctypes.c_char_p, _Destructor)(
    ("PyCapsule_New", ctypes.pythonapi)
)
# The destructor gets a capsule that is going away: no new reference to it may be made.
_is_valid = ctypes.PYFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_char_p)(
    ("PyCapsule_IsValid", ctypes.pythonapi)
)
_get_pointer = ctypes.PYFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_char_p)(
    ("PyCapsule_GetPointer", ctypes.pythonapi)
)
# What exported tensors need, by address, until their consumer gives them up.
_exported: dict[int, tuple[Any, ...]] = {}


@_Deleter
def _delete(managed: Any) -> None:
    _exported.pop(ctypes.addressof(managed.contents), None)


@_Destructor
def _destroy(capsule: int) -> None:
    if _is_valid(capsule, b"dltensor"):  # nobody has taken it: then it has another name
        _exported.pop(_get_pointer(capsule, b"dltensor"), None)


class DeviceTensor:
    """A dense tensor on a GPU, in memory of the session that made it, for as long as it exists. Its
    contents are ready. Other libraries take it by DLPack, as in `torch.from_dlpack(tensor)`, or by
    `__cuda_array_interface__`.
    """

    def __init__(
        self,
        pointer: int,
        dtype: _dtypes.DType,
        shape: tuple[int, ...],
        gpu: int,
        give_up: Callable[[], None],
        owner: Any = None,
    ):
        self._dtype = dtype
        self._gpu = gpu
        self._give_up = give_up
        self._owner = owner
        self.pointer = pointer
        self.shape = shape

    @property
    def dtype(self) -> Any:
        """NumPy's type of the elements."""
        return self._dtype.numpy

    @property
    def device(self) -> str:
        return f"cuda:{self._gpu}"

    def __repr__(self) -> str:
        return f"DeviceTensor(shape={self.shape}, dtype={self.dtype}, device={self.device!r})"

    def __dlpack_device__(self) -> tuple[int, int]:
        return CUDA, self._gpu

    def __dlpack__(
        self,
        *,
        stream: int | None = None,
        max_version: tuple[int, int] | None = None,
        dl_device: tuple[int, int] | None = None,
        copy: bool | None = None,
    ) -> Any:
        """A capsule for the consumer. Runs wait for their results, so no stream has to wait."""
        if dl_device not in (None, self.__dlpack_device__()) or copy:
            raise BufferError("the tensor can only be had where it is, without a copy")
        if self._dtype.dlpack is None:
            raise BufferError(f"DLPack has no element type {self._dtype.onnx}")
        code, bits = self._dtype.dlpack
        rank = len(self.shape)
        shape = (ctypes.c_int64 * max(rank, 1))(*self.shape)
        strides = (ctypes.c_int64 * max(rank, 1))()
        count = 1
        for axis in reversed(range(rank)):
            strides[axis] = count
            count *= self.shape[axis]
        managed = _DLManagedTensor(
            DLTensor(self.pointer, CUDA, self._gpu, rank, code, bits, 1, shape, strides, 0),
            None,
            _delete,
        )
        address = ctypes.addressof(managed)
        _exported[address] = (self, managed, shape, strides)
        return _new_capsule(address, b"dltensor", _destroy)

    @property
    def __cuda_array_interface__(self) -> dict[str, Any]:
        if self._dtype.extension:
            raise AttributeError(f"NumPy has no element type {self._dtype.onnx}")
        return {
            "shape": self.shape,
            "typestr": self._dtype.numpy.str,
            "data": (self.pointer, False),
            "version": 3,
        }

    def __del__(self) -> None:
        give_up = getattr(self, "_give_up", None)
        if give_up:
            give_up()


def gpu_of(device: str) -> int | None:
    """Number of the GPU of a device's name, None for the CPU."""
    if device == "cpu":
        return None
    head, colon, number = device.partition(":")
    if head != "cuda" or (colon and not number.isdecimal()):
        raise from_runtime(
            5001, f"there is no device '{device}'; expected 'cpu', 'cuda' or 'cuda:N'"
        )
    return int(number or 0)


def stream_of(stream: Any) -> int | None:
    """The CUstream of an integer, of a torch.cuda.Stream or of a cupy.cuda.Stream. 0, the default
    stream of the device, has the number 1 where it must not mean "none".
    """
    if stream is None:
        return None
    for name in ("cuda_stream", "ptr"):
        stream = getattr(stream, name, stream)
    if not isinstance(stream, int) or stream < 0:
        raise from_runtime(
            5001, f"stream is {stream!r}, expected a CUDA stream or its address as an integer"
        )
    return stream or 1

"""ctypes declarations of the C API (runtime/include/mlopt/runtime/*.h)."""

from __future__ import annotations

import ctypes
import functools
from ctypes import (
    CFUNCTYPE,
    POINTER,
    Structure,
    c_char_p,
    c_float,
    c_int,
    c_int32,
    c_int64,
    c_uint32,
    c_uint64,
    c_void_p,
)

from . import _paths, errors

MAX_RANK = 32


class Tensor(Structure):
    """mlopt_rt_tensor"""

    _fields_ = [
        ("struct_size", c_uint32),
        ("dtype", c_uint32),
        ("name", c_char_p),
        ("data", c_void_p),
        ("bytes", c_uint64),
        ("strides", POINTER(c_int64)),
        ("rank", c_uint32),
        ("device", c_uint32),
        ("dims", c_int64 * MAX_RANK),
    ]


class DimInfo(Structure):
    """mlopt_rt_dim_info"""

    _fields_ = [
        ("size", c_int64),
        ("symbol", c_char_p),
        ("symbol_index", c_uint32),
        ("reserved", c_uint32),
    ]


class TensorInfo(Structure):
    """mlopt_rt_tensor_info"""

    _fields_ = [
        ("struct_size", c_uint32),
        ("dtype", c_uint32),
        ("name", c_char_p),
        ("rank", c_uint32),
        ("donated", c_int32),
        ("dims", DimInfo * MAX_RANK),
    ]


class Size(Structure):
    """mlopt_rt_size"""

    _fields_ = [("name", c_char_p), ("value", c_int64)]


class ModuleOptions(Structure):
    """mlopt_rt_module_options"""

    _fields_ = [
        ("struct_size", c_uint32),
        ("flags", c_uint32),
        ("cpu_level", c_char_p),
        ("weights_path", c_char_p),
        ("weights_data", c_void_p),
        ("weights_bytes", c_uint64),
    ]


class ContextOptions(Structure):
    """mlopt_rt_context_options"""

    _fields_ = [
        ("struct_size", c_uint32),
        ("debug", c_uint32),
        ("entry", c_char_p),
        ("threads", c_int64),
        ("pool", c_void_p),
        ("arena", c_void_p),
        ("arena_bytes", c_uint64),
        ("device", c_char_p),
        ("stream", c_void_p),
        ("flags", c_uint32),
        ("reserved", c_uint32),
    ]


class TrainOptions(Structure):
    """mlopt_rt_train_options"""

    _fields_ = [
        ("struct_size", c_uint32),
        ("debug", c_uint32),
        ("threads", c_int64),
        ("pool", c_void_p),
        ("memory", c_void_p),
        ("memory_bytes", c_uint64),
    ]


class TrainResult(Structure):
    """mlopt_rt_train_result"""

    _fields_ = [
        ("struct_size", c_uint32),
        ("loss", c_float),
        ("correct", c_int64),
        ("count", c_int64),
    ]


class TrainInfo(Structure):
    """mlopt_rt_train_info"""

    _fields_ = [
        ("struct_size", c_uint32),
        ("flags", c_uint32),
        ("parameters", c_uint64),
        ("parameter_bytes", c_uint64),
        ("buffer_bytes", c_uint64),
        ("state_bytes", c_uint64),
        ("gradient_bytes", c_uint64),
        ("arena_bytes", c_uint64),
        ("threads", c_int64),
        ("slots", c_uint32),
        ("reserved", c_uint32),
    ]


class TrainTensor(Structure):
    """mlopt_rt_train_tensor"""

    _fields_ = [
        ("struct_size", c_uint32),
        ("kind", c_uint32),
        ("name", c_char_p),
        ("slot", c_char_p),
        ("dtype", c_uint32),
        ("rank", c_uint32),
        ("data", c_void_p),
        ("bytes", c_uint64),
        ("offset", c_uint64),
        ("dims", c_int64 * MAX_RANK),
    ]


TRAIN_WRITE = CFUNCTYPE(c_int, c_void_p, POINTER(TrainTensor))
TRAIN_READ = CFUNCTYPE(c_int, c_void_p, POINTER(TrainTensor))
TRAIN_KEEP = 1
TRAIN_PARAMETER, TRAIN_BUFFER, TRAIN_SLOT = 0, 1, 2
TRAIN_GRAD_NORM = 1 << 2
#: Offset of mlopt_module.source_sha256.
SOURCE_SHA256 = 440

VERIFY_WEIGHTS = 1
PREPARE_OUTPUTS = 1

_status = c_void_p
_handle = c_void_p
_float = POINTER(c_float)
_PROTOTYPES = {
    "mlopt_rt_status_code": (c_int32, [_status]),
    "mlopt_rt_status_message": (c_char_p, [_status]),
    "mlopt_rt_status_release": (None, [_status]),
    "mlopt_rt_cpu_features": (c_uint64, []),
    "mlopt_rt_abi_version": (c_uint32, []),
    "mlopt_rt_module_open": (_status, [c_char_p, POINTER(ModuleOptions), POINTER(_handle)]),
    "mlopt_rt_module_release": (None, [_handle]),
    "mlopt_rt_module_header": (c_void_p, [_handle]),
    "mlopt_rt_module_name": (c_char_p, [_handle]),
    "mlopt_rt_module_producer": (c_char_p, [_handle]),
    "mlopt_rt_module_metadata": (c_char_p, [_handle]),
    "mlopt_rt_module_level": (c_char_p, [_handle]),
    "mlopt_rt_module_find_entry": (c_int32, [_handle, c_char_p]),
    "mlopt_rt_module_input_count": (c_uint32, [_handle, c_uint32]),
    "mlopt_rt_module_output_count": (c_uint32, [_handle, c_uint32]),
    "mlopt_rt_module_input": (_status, [_handle, c_uint32, c_uint32, POINTER(TensorInfo)]),
    "mlopt_rt_module_output": (_status, [_handle, c_uint32, c_uint32, POINTER(TensorInfo)]),
    "mlopt_rt_context_create": (_status, [_handle, POINTER(ContextOptions), POINTER(_handle)]),
    "mlopt_rt_context_release": (None, [_handle]),
    "mlopt_rt_context_prepare": (_status, [_handle, POINTER(Size), c_uint32, c_uint32]),
    "mlopt_rt_context_infer": (_status, [_handle, POINTER(Tensor), c_uint32, POINTER(Tensor)]),
    "mlopt_rt_context_run": (
        _status,
        [_handle, POINTER(Tensor), c_uint32, POINTER(Tensor), c_uint32],
    ),
    "mlopt_rt_context_arena_bytes": (c_uint64, [_handle]),
    "mlopt_rt_context_stream": (c_void_p, [_handle]),
    "mlopt_rt_context_target": (c_char_p, [_handle]),
    "mlopt_rt_context_threads": (c_int64, [_handle]),
    "mlopt_rt_train_create": (_status, [_handle, POINTER(TrainOptions), POINTER(_handle)]),
    "mlopt_rt_train_release": (None, [_handle]),
    "mlopt_rt_train_init": (_status, [_handle, c_int64]),
    "mlopt_rt_train_step": (_status, [_handle, POINTER(Tensor), c_uint32, _float, _float]),
    "mlopt_rt_train_grad": (_status, [_handle, POINTER(Tensor), c_uint32, _float]),
    "mlopt_rt_train_gradients": (_status, [_handle, POINTER(c_void_p), POINTER(c_uint64)]),
    "mlopt_rt_train_update": (_status, [_handle, _float]),
    "mlopt_rt_train_eval": (
        _status,
        [_handle, POINTER(Tensor), c_uint32, POINTER(Tensor), c_uint32, POINTER(TrainResult)],
    ),
    "mlopt_rt_train_step_number": (c_int64, [_handle]),
    "mlopt_rt_train_set_step_number": (_status, [_handle, c_int64]),
    "mlopt_rt_train_seed": (c_int64, [_handle]),
    "mlopt_rt_train_set_seed": (_status, [_handle, c_int64]),
    "mlopt_rt_train_set_learning_rate": (_status, [_handle, c_float]),
    "mlopt_rt_train_set_clip_norm": (_status, [_handle, c_float]),
    "mlopt_rt_train_info": (_status, [_handle, POINTER(TrainInfo)]),
    "mlopt_rt_train_tensor_count": (c_uint32, [_handle]),
    "mlopt_rt_train_tensor": (_status, [_handle, c_uint32, POINTER(TrainTensor)]),
    "mlopt_rt_train_save": (_status, [_handle, TRAIN_WRITE, c_void_p]),
    "mlopt_rt_train_load": (_status, [_handle, TRAIN_READ, c_void_p]),
}


@functools.cache
def load() -> ctypes.CDLL:
    """The runtime library, found and declared once."""
    path = _paths.runtime_library()
    try:
        library = ctypes.CDLL(path)
    except OSError as error:
        raise errors.TargetError(f"{path} cannot be loaded: {error}") from None
    for name, (result, arguments) in _PROTOTYPES.items():
        function = getattr(library, name)
        function.restype = result
        function.argtypes = arguments
    return library


def check(status: int | None) -> None:
    """Raises for a status that is not success, and gives it up."""
    if not status:
        return
    library = load()
    code = library.mlopt_rt_status_code(status)
    message = library.mlopt_rt_status_message(status).decode(errors="replace")
    library.mlopt_rt_status_release(status)
    raise errors.from_runtime(code, message)

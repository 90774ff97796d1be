"""The safetensors format: 8 bytes of length, a JSON header, the data. Reading checks every size."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from typing import Any

import numpy as np

from . import _dtypes
from .errors import InvalidInputError

_BY_NAME = {
    "F64": "f64",
    "F32": "f32",
    "F16": "f16",
    "BF16": "bf16",
    "BOOL": "i1",
    "I8": "i8",
    "I16": "i16",
    "I32": "i32",
    "I64": "i64",
    "U8": "ui8",
    "U16": "ui16",
    "U32": "ui32",
    "U64": "ui64",
    "F8_E4M3": "f8E4M3FN",
    "F8_E5M2": "f8E5M2",
}
_BY_MLIR = {t.mlir: t for t in _dtypes.TABLE}
_NAMES = {mlir: name for name, mlir in _BY_NAME.items()}
#: As the format's own library has it.
_MAX_HEADER = 100_000_000


def _bad(path: str, reason: str) -> InvalidInputError:
    return InvalidInputError(
        f"MLO1072: '{path}' {reason}; expected a safetensors file", "MLO1072"
    )


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) != len(pairs):
        raise ValueError("a name given twice")
    return table


def _header(path: str, data: np.ndarray) -> tuple[dict[str, Any], int]:
    """The header's table, and where the elements begin."""
    if data.size < 8:
        raise _bad(path, f"has {data.size} bytes")
    length = int.from_bytes(data[:8].tobytes(), "little")
    if length > min(_MAX_HEADER, data.size - 8):
        raise _bad(path, "is cut off, or is something else: its header would be longer than it")
    try:
        header = json.loads(data[8 : 8 + length].tobytes().decode(), object_pairs_hook=_unique)
    except (UnicodeDecodeError, ValueError, RecursionError):
        raise _bad(path, "has a header that is no JSON, or has a name twice") from None
    if not isinstance(header, dict):
        raise _bad(path, "has a header that is no table")
    return header, 8 + length


def _tensor(
    path: str, name: str, entry: Any, data: np.ndarray
) -> tuple[np.ndarray, tuple[int, int]]:
    """One tensor, its first byte and the byte after it."""
    try:
        dtype = _BY_MLIR[_BY_NAME[entry["dtype"]]]
        shape = entry["shape"]
        begin, end = entry["data_offsets"]
        count = 1
        for size in [*shape, begin, end]:
            if type(size) is not int or size < 0:
                raise ValueError
        for size in shape:
            count *= size
    except (KeyError, TypeError, ValueError):
        raise _bad(path, f"describes tensor '{name}' in a way that makes no sense") from None
    if end - begin != count * dtype.bare.itemsize or end > data.size:
        raise _bad(path, f"is cut off or damaged: tensor '{name}' lies outside of it")
    # A tensor need not lie at a multiple of its element: then it is copied.
    raw = data[begin:end]
    if (raw.ctypes.data if raw.size else 0) % dtype.bare.itemsize:
        raw = raw.copy()
    return raw.view(dtype.numpy).reshape(shape), (begin, end)


def read(path: str | os.PathLike[str]) -> tuple[dict[str, np.ndarray], dict[str, str]]:
    """All tensors of a file, read-only and as they are used, and its metadata."""
    where = os.fspath(path)
    if not os.path.getsize(where):
        raise _bad(where, "is empty")
    whole = np.memmap(where, np.uint8, "r")
    header, start = _header(where, whole)
    data = whole[start:]
    metadata = header.pop("__metadata__", {})
    if not isinstance(metadata, dict) or not all(isinstance(v, str) for v in metadata.values()):
        raise _bad(where, "has metadata that are no texts")
    tensors, places = {}, []
    for name, entry in header.items():
        tensors[name], place = _tensor(where, name, entry, data)
        places.append(place)
    last = 0
    for begin, end in sorted(places):
        if begin != last:
            raise _bad(where, "has tensors that overlap, or gaps between them")
        last = end
    if last != data.size:
        raise _bad(where, f"has {data.size} bytes of data, its tensors {last}")
    return tensors, metadata


def write(
    path: str | os.PathLike[str],
    tensors: Mapping[str, np.ndarray],
    metadata: Mapping[str, str],
    keep_previous: bool = False,
) -> None:
    """Writes a file in one piece: another with its name stays until all of this one is on the disk,
    and with `keep_previous` after that as PATH.previous.
    """
    where = os.fspath(path)
    header: dict[str, Any] = {"__metadata__": dict(metadata)}
    at = 0
    for name, array in tensors.items():
        header[name] = {
            "dtype": _NAMES[_dtypes.BY_NUMPY[array.dtype].mlir],
            "shape": list(array.shape),
            "data_offsets": [at, at + array.nbytes],
        }
        at += array.nbytes
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    folder, name = os.path.split(os.path.abspath(where))
    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{name}.", dir=folder)
    except OSError as error:  # it names the temporary file, which nobody has asked for
        raise OSError(error.errno, error.strerror, where) from None
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(len(text).to_bytes(8, "little"))
            stream.write(text)
            for array in tensors.values():
                stream.write(memoryview(np.ascontiguousarray(array).reshape(-1).view(np.uint8)))
            stream.flush()
            os.fsync(stream.fileno())
        # mkstemp lets nobody else read it; give it the mode of any other file.
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(temporary, 0o666 & ~mask)
        if keep_previous and os.path.exists(where):
            _keep(where)
        os.replace(temporary, where)
    except BaseException:
        os.unlink(temporary)
        raise
    directory = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def _keep(where: str) -> None:
    """A second name for the file, so that there is one under its own name at any moment."""
    second = f"{where}.previous"
    link = f"{second}.{os.getpid()}"
    try:
        os.link(where, link)
        os.replace(link, second)
    except OSError:  # a file system without links
        os.replace(where, second)

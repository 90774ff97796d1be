"""Element types: the runtime's number, NumPy's type, the name that ONNX Runtime's users know,
DLPack's code.

NumPy has no bfloat16, no float8 and no integers below 8 bits: with the package ml_dtypes its types
are used, without it integers of the same width in memory stand for them.
"""

from __future__ import annotations

import dataclasses

import numpy as np

try:
    import ml_dtypes
except ImportError:
    ml_dtypes = None  # type: ignore[assignment]


@dataclasses.dataclass(frozen=True)
class DType:
    number: int  # mlopt_dtype of runtime/abi/module_abi.h
    mlir: str
    onnx: str  # as in 'tensor(float)'
    numpy: np.dtype
    bare: np.dtype  # what NumPy knows without ml_dtypes: the same bits
    dlpack: tuple[int, int] | None  # (type code, bits)
    extension: bool  # NumPy has no such type


_INT, _UINT, _FLOAT, _BFLOAT, _BOOL = 0, 1, 2, 4, 6


def _row(
    number: int, mlir: str, onnx: str, numpy: str, dlpack: tuple[int, int] | None, bare: str = ""
) -> DType:
    standard = np.dtype(bare or numpy)
    # Older versions of ml_dtypes have no integers of 2 bits.
    exact = np.dtype(getattr(ml_dtypes, numpy)) if bare and hasattr(ml_dtypes, numpy) else standard
    return DType(number, mlir, onnx, exact, standard, dlpack, bool(bare))


TABLE = (
    _row(1, "f64", "double", "float64", (_FLOAT, 64)),
    _row(2, "f32", "float", "float32", (_FLOAT, 32)),
    _row(3, "f16", "float16", "float16", (_FLOAT, 16)),
    _row(4, "bf16", "bfloat16", "bfloat16", (_BFLOAT, 16), bare="uint16"),
    _row(5, "i1", "bool", "bool", (_BOOL, 8)),
    _row(6, "i8", "int8", "int8", (_INT, 8)),
    _row(7, "i16", "int16", "int16", (_INT, 16)),
    _row(8, "i32", "int32", "int32", (_INT, 32)),
    _row(9, "i64", "int64", "int64", (_INT, 64)),
    _row(10, "ui8", "uint8", "uint8", (_UINT, 8)),
    _row(11, "ui16", "uint16", "uint16", (_UINT, 16)),
    _row(12, "ui32", "uint32", "uint32", (_UINT, 32)),
    _row(13, "ui64", "uint64", "uint64", (_UINT, 64)),
    _row(14, "f8E4M3FN", "float8e4m3fn", "float8_e4m3fn", None, bare="uint8"),
    _row(15, "f8E5M2", "float8e5m2", "float8_e5m2", None, bare="uint8"),
    _row(16, "f8E4M3FNUZ", "float8e4m3fnuz", "float8_e4m3fnuz", None, bare="uint8"),
    _row(17, "f8E5M2FNUZ", "float8e5m2fnuz", "float8_e5m2fnuz", None, bare="uint8"),
    _row(18, "i4", "int4", "int4", None, bare="int8"),
    _row(19, "ui4", "uint4", "uint4", None, bare="uint8"),
    _row(20, "i2", "int2", "int2", None, bare="int8"),
    _row(21, "ui2", "uint2", "uint2", None, bare="uint8"),
)
BY_NUMBER = {t.number: t for t in TABLE}
BY_DLPACK = {t.dlpack: t for t in TABLE if t.dlpack}
# Extensions first, so that without ml_dtypes uint16 means uint16 and not bfloat16.
BY_NUMPY = {t.numpy: t for t in sorted(TABLE, key=lambda t: not t.extension)}

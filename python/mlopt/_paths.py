"""Where the compiler and the runtime library are.

In this order: the folder that MLOPT_BUILD_DIR names; the folder that `pip install` recorded; the
tree that this package lies in (an installed tree, a build folder, or the sources beside a build
folder); for the compiler also PATH.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

from .errors import TargetError

LIBRARY = os.path.join("lib", "libmlopt_rt.so")
COMPILER = os.path.join("bin", "mlopt")


def _roots() -> Iterator[str]:
    if os.environ.get("MLOPT_BUILD_DIR"):
        yield os.environ["MLOPT_BUILD_DIR"]
        return
    try:
        from ._recorded import BUILD_DIR  # type: ignore[import-not-found]

        yield BUILD_DIR
    except ImportError:
        pass
    folder = os.path.dirname(os.path.abspath(__file__))
    for _ in range(4):
        folder = os.path.dirname(folder)
        yield folder
        yield os.path.join(folder, "build")


def _find(relative: str) -> str | None:
    for root in _roots():
        path = os.path.join(root, relative)
        if os.path.exists(path):
            return os.path.abspath(path)
    return None


def runtime_library() -> str:
    found = _find(LIBRARY)
    if not found:
        raise TargetError(
            f"{os.path.basename(LIBRARY)} was not found; set MLOPT_BUILD_DIR to the build folder "
            "or to the folder that mlopt is installed in"
        )
    return found


def compiler() -> str:
    found = _find(COMPILER) or (
        None if os.environ.get("MLOPT_BUILD_DIR") else shutil.which("mlopt")
    )
    if not found:
        raise TargetError(
            "the compiler mlopt was not found; set MLOPT_BUILD_DIR to the build folder "
            "or to the folder that mlopt is installed in"
        )
    return found

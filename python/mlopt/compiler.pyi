"""Types of compiler.py; test/Python/test_stubs.py holds the two together."""

import os
from collections.abc import Mapping
from typing import Any, Union

ModelSource = Union[str, os.PathLike[str], bytes, bytearray, memoryview]

def cache_dir() -> str: ...
def command_flags(flags: Mapping[str, Any]) -> list[str]: ...
def run_compiler(arguments: list[str], data: bytes | None = None) -> str: ...
def compile(
    model: ModelSource, output: str | os.PathLike[str] | None = None, **flags: Any
) -> str: ...

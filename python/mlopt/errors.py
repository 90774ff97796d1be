"""The exceptions: one class for each exit code of the compiler, and those of a run."""

from __future__ import annotations

import dataclasses
import re


@dataclasses.dataclass(frozen=True)
class Diagnostic:
    """One error of the compiler: `code` as "MLO2001", `location` as "model.onnx:/encoder/MatMul
    (MatMul)".
    """

    code: str
    location: str
    message: str


class Error(Exception):
    """Base of all. `code` is the stable code ("MLO5103") or "", `diagnostics` what the compiler
    said.
    """

    exit_code = 70

    def __init__(self, message: str, code: str = "", diagnostics: tuple[Diagnostic, ...] = ()):
        super().__init__(message)
        self.code = code
        self.diagnostics = diagnostics


class CompileError(Error):
    """The model could not be compiled."""

    exit_code = 1


class UsageError(Error):
    """A flag that the compiler does not know, or a value that it does not accept."""

    exit_code = 2


class InvalidModelError(Error):
    """The model is missing, damaged, or not a model."""

    exit_code = 3


class UnsupportedError(Error):
    """The model is right, and uses an operator or a type that mlopt does not support. Nothing else
    raises this.
    """

    exit_code = 4


class AccuracyError(Error):
    """The artefact is not as accurate as asked for."""

    exit_code = 5


class MemoryBudgetError(Error):
    """The memory budget cannot be met."""

    exit_code = 6


class TargetError(Error):
    """The target is unknown or its tools are missing; or the compiler or runtime itself was not
    found.
    """

    exit_code = 7


class RunError(Error):
    """An artefact could not be loaded or run."""

    exit_code = 8


class ArtefactError(RunError):
    """The artefact or its weights are missing, damaged, or made for another machine."""


class InvalidInputError(RunError, ValueError):
    """An input or output of a run does not fit: its name, type, rank, size or memory."""


class DeviceError(RunError):
    """A GPU cannot be used: none is there, its driver is missing or too old, the artefact has no code
    for it, its memory is used up, or a call of the driver failed.
    """


class InternalError(Error):
    """A fault of mlopt itself."""


_BY_EXIT_CODE = {
    c.exit_code: c
    for c in (
        CompileError,
        UsageError,
        InvalidModelError,
        UnsupportedError,
        AccuracyError,
        MemoryBudgetError,
        TargetError,
        RunError,
        InternalError,
    )
}
_LINE = re.compile(r"^(?:(?P<location>.*?): )?error: (?:(?P<code>MLO\d{4}): )?(?P<message>.*)$")


def from_compiler(exit_code: int, messages: str) -> Error:
    """The exception for a failed run of the compiler; its text is what the compiler printed."""
    found = [m for m in map(_LINE.match, messages.splitlines()) if m]
    diagnostics = tuple(
        Diagnostic(m["code"] or "", m["location"] or "", m["message"]) for m in found
    )
    kind = _BY_EXIT_CODE.get(exit_code, InternalError)
    text = messages.strip() or "no message"
    if kind is InternalError:
        ended = f"signal {-exit_code}" if exit_code < 0 else f"exit code {exit_code}"
        text = f"the compiler ended with {ended}: {text}"
    return kind(text, diagnostics[0].code if diagnostics else "", diagnostics)


def from_runtime(code: int, message: str) -> RunError:
    """The exception for a status of the runtime."""
    kind = RunError
    if 5003 <= code <= 5008:
        kind = ArtefactError
    elif code == 5001 or 5101 <= code <= 5199:
        kind = InvalidInputError
    elif 5301 <= code <= 5399:
        kind = DeviceError
    name = f"MLO{code:04d}"
    return kind(message if message.startswith(name) else f"{name}: {message}", name)

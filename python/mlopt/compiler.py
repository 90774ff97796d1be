"""The compiler as a subprocess, and the cache of what it made."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from typing import Any, Union

from . import _library, _paths, errors

ModelSource = Union[str, "os.PathLike[str]", bytes, bytearray, memoryview]

_log = logging.getLogger("mlopt")


def cache_dir() -> str:
    """The folder of compiled models: MLOPT_CACHE_DIR, else mlopt in the user's cache folder."""
    if os.environ.get("MLOPT_CACHE_DIR"):
        return os.environ["MLOPT_CACHE_DIR"]
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return os.path.join(base, "mlopt")


def command_flags(flags: Mapping[str, Any]) -> list[str]:
    """Keyword arguments as flags: precision="bf16" is --precision=bf16, dim={"batch": 4} is
    --dim=batch=4.

    True is the bare flag, False and None leave it out, a sequence repeats it, `opt_level` is -O,
    `extra` is taken as it stands. The separator of `shape` is a colon: shape={"x": "1x3x224x224"}.
    """
    result: list[str] = []
    for name, value in flags.items():
        flag = "--" + name.replace("_", "-")
        if value is None or value is False:
            continue
        if name == "extra":
            result += [str(v) for v in value]
        elif name == "opt_level":
            result.append(f"-O{value}")
        elif value is True:
            result.append(flag)
        elif isinstance(value, Mapping):
            separator = ":" if name == "shape" else "="
            for key, item in value.items():
                shown = (
                    "x".join(map(str, item))
                    if name == "shape" and not isinstance(item, str)
                    else item
                )
                result.append(f"{flag}={key}{separator}{shown}")
        elif isinstance(value, Iterable) and not isinstance(value, (str, bytes)):
            result += [f"{flag}={item}" for item in value]
        else:
            result.append(f"{flag}={os.fspath(value) if isinstance(value, os.PathLike) else value}")
    return result


def run_compiler(arguments: list[str], data: bytes | None = None) -> str:
    """Runs mlopt; its messages, or the exception that its exit code stands for."""
    done = subprocess.run(
        [_paths.compiler(), *arguments],
        input=data,
        stdin=subprocess.DEVNULL if data is None else None,
        capture_output=True,
        check=False,
    )
    messages = done.stderr.decode(errors="replace")
    if done.returncode:
        raise errors.from_compiler(done.returncode, messages)
    if messages.strip():
        _log.info("%s", messages.strip())
    return messages


def compile(model: ModelSource, output: str | os.PathLike[str] | None = None, **flags: Any) -> str:
    """Compiles a model, a path or its bytes, and returns the artefact's path.

    Without `output` the artefact lies in the cache, keyed by the model's content, the flags, the
    compiler and the CPU, and is made only if it is not there. `flags` are those of the command line
    (docs/CommandLine.md), see command_flags.

    Raises UnsupportedError for an operator or a type that is not supported, and other subclasses of
    Error.
    """
    path, data = (
        (os.fspath(model), None) if isinstance(model, (str, os.PathLike)) else ("-", bytes(model))
    )
    arguments = command_flags(flags)
    if output is None:
        return _compile_cached(path, data, arguments)
    target = os.fspath(output)
    run_compiler(["compile", path, "-o", target, *arguments], data)
    return target


def _compiler_identity() -> str:
    path = os.path.realpath(_paths.compiler())
    found = os.stat(path)
    return f"{path} {found.st_size} {found.st_mtime_ns}"


def _hash_model(path: str, data: bytes | None) -> str:
    digest = hashlib.sha256()
    if data is not None:
        digest.update(data)
        return digest.hexdigest()
    try:
        with open(path, "rb") as stream:
            while chunk := stream.read(1 << 20):
                digest.update(chunk)
    except OSError as error:
        raise errors.InvalidModelError(f"{path}: cannot be read: {error.strerror}") from None
    # Files that the model names are found beside it, so equal models in two folders may differ.
    return digest.hexdigest() + " " + os.path.dirname(os.path.abspath(path))


def _dependencies(depfile: str, model: str) -> list[tuple[str, int, int]]:
    """(path, size, time) of the files beside the model that a depfile lists."""
    try:
        with open(depfile) as stream:
            text = stream.read().replace("\\\n", " ")
    except OSError:
        return []
    listed = text.split(":", 1)[-1].replace("\\ ", "\0").split()
    paths = [p.replace("\0", " ") for p in listed]
    result = []
    for path in paths:
        if os.path.abspath(path) != os.path.abspath(model) and os.path.exists(path):
            found = os.stat(path)
            result.append((path, found.st_size, found.st_mtime_ns))
    return result


def _is_current(artefact: str) -> bool:
    try:
        with open(artefact + ".json") as stream:
            recorded = json.load(stream)
        for path, size, time in recorded["dependencies"]:
            found = os.stat(path)
            if (found.st_size, found.st_mtime_ns) != (size, time):
                return False
        return os.path.exists(artefact)
    except (OSError, ValueError, KeyError):
        return False


def _compile_cached(model: str, data: bytes | None, arguments: list[str]) -> str:
    features = _library.load().mlopt_rt_cpu_features()
    key = json.dumps([_hash_model(model, data), arguments, _compiler_identity(), f"{features:x}"])
    name = "model_" + hashlib.sha256(key.encode()).hexdigest()[:32]
    folder = cache_dir()
    artefact = os.path.join(folder, name + ".so")
    if _is_current(artefact):
        return artefact
    os.makedirs(folder, mode=0o700, exist_ok=True)  # artefacts are code: nobody else may put any
    # Made in a folder of its own and moved: another process may be compiling the same model.
    with tempfile.TemporaryDirectory(prefix=name + ".", dir=folder) as scratch:
        made = os.path.join(scratch, name + ".so")
        depfile = os.path.join(scratch, "depfile")
        listing = ["-MD", "-MF", depfile] if data is None else []
        # Beside the cached models: what an internal error leaves must outlive the scratch folder.
        given = any(a.startswith("--reproducer-dir") for a in arguments)
        reports = [] if given else [f"--reproducer-dir={folder}"]
        run_compiler(["compile", model, "-o", made, *listing, *reports, *arguments], data)
        dependencies = _dependencies(depfile, model) if data is None else []
        with open(made + ".json", "w") as stream:
            json.dump({"dependencies": dependencies}, stream)
        for suffix in (".weights", "", ".json"):
            if os.path.exists(made + suffix):
                os.replace(made + suffix, artefact + suffix)
    return artefact

"""InferenceSession: loads an artefact and runs it, in the shape that users of ONNX Runtime know."""

from __future__ import annotations

import ctypes
import dataclasses
import json
import os
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from . import _device, _dtypes, _library, _views
from .compiler import ModelSource, compile
from .errors import ArtefactError, from_runtime

_ELF = b"\x7fELF"


@dataclasses.dataclass(frozen=True)
class NodeArg:
    """An input or output: `shape` holds sizes, names of symbols, or None; `type` reads as
    'tensor(float)'.
    """

    name: str
    shape: list[int | str | None]
    type: str

    @property
    def dtype(self) -> np.dtype:
        """NumPy's type of the elements."""
        return _BY_ONNX[self.type].numpy


_BY_ONNX = {f"tensor({t.onnx})": t for t in _dtypes.TABLE}


def _is_artefact(model: ModelSource) -> bool:
    if not isinstance(model, (str, os.PathLike)):
        return bytes(memoryview(model)[:4]) == _ELF
    try:
        with open(os.fspath(model), "rb") as stream:
            return stream.read(4) == _ELF
    except OSError:
        return False  # the compiler says what is wrong with it


def open_module(
    artefact: ModelSource,
    cpu_level: str | None,
    weights: str | os.PathLike[str] | None,
    verify_weights: bool,
) -> ctypes.c_void_p:
    """Loads an artefact, a path or bytes; the handle belongs to the caller."""
    library = _library.load()
    temporary = None
    if isinstance(artefact, (str, os.PathLike)):
        path = os.fspath(artefact)
    else:
        handle, path = tempfile.mkstemp(prefix="mlopt-", suffix=".so")
        temporary = path
        with os.fdopen(handle, "wb") as stream:
            stream.write(artefact)
    options = _library.ModuleOptions(struct_size=ctypes.sizeof(_library.ModuleOptions))
    options.flags = _library.VERIFY_WEIGHTS if verify_weights else 0
    options.cpu_level = cpu_level.encode() if cpu_level else None
    options.weights_path = os.fsencode(weights) if weights is not None else None
    module = ctypes.c_void_p()
    try:
        # A path without a slash would be looked for on the library path.
        where = os.fsencode(os.path.abspath(path))
        _library.check(
            library.mlopt_rt_module_open(where, ctypes.byref(options), ctypes.byref(module))
        )
    finally:
        if temporary:
            os.unlink(temporary)  # the loaded pages stay
    return module


def describe_tensors(
    library: Any, module: ctypes.c_void_p, entry: int, kind: str
) -> tuple[list[NodeArg], list[_dtypes.DType]]:
    """The inputs or outputs of an entry point; `kind` is "input" or "output"."""
    count = getattr(library, f"mlopt_rt_module_{kind}_count")(module, entry)
    query = getattr(library, f"mlopt_rt_module_{kind}")
    arguments, types = [], []
    for index in range(count):
        info = _library.TensorInfo(struct_size=ctypes.sizeof(_library.TensorInfo))
        _library.check(query(module, entry, index, ctypes.byref(info)))
        if info.dtype not in _dtypes.BY_NUMBER:
            raise ArtefactError(f"{kind} {index} has the unknown element type {info.dtype}")
        dtype = _dtypes.BY_NUMBER[info.dtype]
        shape: list[int | str | None] = []
        for dim in info.dims[: info.rank]:
            symbol = dim.symbol.decode() if dim.symbol else None
            shape.append(dim.size if dim.size >= 0 else symbol)
        arguments.append(NodeArg(info.name.decode(), shape, f"tensor({dtype.onnx})"))
        types.append(dtype)
    return arguments, types


class InferenceSession:
    """A model ready to run. May be used by several threads at once: each run in progress has a
    context of its own.

    `model` is an artefact (.so) or a model (.onnx, .onnxtxt), as a path or as bytes; a model is
    compiled into the cache (`mlopt.compile`, which takes the `flags`). `num_threads` is the number
    of threads of a run, by default all CPUs that the process may use. `entry` names an entry point,
    `cpu_level` forces one of the artefact's CPU levels, `weights` is the path of a weights file,
    `verify_weights` checks the weights against their hash.

    `device` is "cpu", "cuda" or "cuda:N"; the artefact must have code for that GPU (flag `gpu`).
    `stream` is a CUDA stream that runs use, as an integer or as an object of PyTorch or CuPy; by
    default each context has its own. A run waits for its results.
    """

    def __init__(
        self,
        model: ModelSource,
        num_threads: int | None = None,
        *,
        entry: str | None = None,
        cpu_level: str | None = None,
        weights: str | os.PathLike[str] | None = None,
        verify_weights: bool = False,
        device: str = "cpu",
        stream: Any = None,
        **flags: Any,
    ):
        self._module = ctypes.c_void_p()
        self._device = device
        self._gpu = _device.gpu_of(device)
        self._stream = _device.stream_of(stream)
        self._free: list[ctypes.c_void_p] = []
        self._lock = threading.Lock()
        self._library = _library.load()
        self._entry_name = entry
        self._threads = num_threads or 0
        if num_threads is not None and num_threads < 1:
            raise from_runtime(
                5001, f"num_threads is {num_threads}, expected at least 1 (or None: all CPUs)"
            )
        self._open(model, cpu_level, weights, verify_weights, flags)
        if entry is None and "training" in self.metadata:
            raise from_runtime(
                5001,
                "the artefact is one of 'mlopt train': use TrainingSession, or name one of its "
                "entry points",
            )
        index = self._library.mlopt_rt_module_find_entry(
            self._module, entry.encode() if entry else None
        )
        if index < 0:
            raise from_runtime(5101, f"the artefact has no entry point '{entry}'")
        self._inputs, self._input_types = describe_tensors(
            self._library, self._module, index, "input"
        )
        self._outputs, self._output_types = describe_tensors(
            self._library, self._module, index, "output"
        )
        if self._gpu is not None:
            self._give_back(self._take())  # what keeps a GPU from running it is told now

    def _open(
        self,
        model: ModelSource,
        cpu_level: str | None,
        weights: Any,
        verify: bool,
        flags: Mapping[str, Any],
    ) -> None:
        if not _is_artefact(model):
            model = compile(model, **flags)
        elif flags:
            raise from_runtime(
                5001,
                f"an artefact is compiled already; these flags have no effect: {', '.join(flags)}",
            )
        self._module = open_module(model, cpu_level, weights, verify)

    def get_inputs(self) -> list[NodeArg]:
        return list(self._inputs)

    def get_outputs(self) -> list[NodeArg]:
        return list(self._outputs)

    @property
    def metadata(self) -> dict[str, Any]:
        """What the artefact says of itself."""
        text = self._library.mlopt_rt_module_metadata(self._module)
        return json.loads(text) if text else {}

    @property
    def device(self) -> str:
        """Where runs are: "cpu", "cuda" or "cuda:N"."""
        return self._device

    @property
    def cpu_level(self) -> str:
        """The CPU level in use, such as "x86-64-v3"."""
        return self._library.mlopt_rt_module_level(self._module).decode()

    def run(
        self,
        output_names: Sequence[str] | None,
        input_feed: Mapping[str, Any],
        *,
        out: Mapping[str, Any] | None = None,
        device_outputs: bool = False,
    ) -> list[Any]:
        """Runs once and returns the outputs named, in that order; None means all.

        Inputs are NumPy arrays, DLPack tensors on the CPU or on the session's GPU (used in place
        where they are dense), numbers or lists. Outputs are new NumPy arrays; `out` gives memory for
        some of them, arrays or DLPack tensors, which are then returned. With `device_outputs` the
        others stay on the GPU, as DeviceTensor: they keep the memory of the run as long as they
        exist, so where that counts give `out`.
        """
        if device_outputs and self._gpu is None:
            raise from_runtime(
                5001, "device_outputs needs a session on a GPU; make it with device='cuda'"
            )
        by_name = {a.name: i for i, a in enumerate(self._outputs)}
        names = [a.name for a in self._outputs] if output_names is None else list(output_names)
        for name in [*names, *(out or {})]:
            if name not in by_name:
                raise from_runtime(
                    5101, f"there is no output '{name}'; there are: {', '.join(by_name)}"
                )
        context = self._take()
        lease = _Lease(lambda: self._give_back(context))
        try:
            gpu = None
            if self._gpu is not None:
                stream = self._library.mlopt_rt_context_stream(context)
                gpu = _views.Gpu(self._gpu, stream or 1)
            views = self._input_views(input_feed, gpu)
            inputs = _tensors([a.name for a in self._inputs], views)
            # Only outputs whose memory is ours to make need their sizes before the run.
            inferred = (_library.Tensor * max(len(self._outputs), 1))(
                *([_blank()] * len(self._outputs))
            )
            _library.check(
                self._library.mlopt_rt_context_infer(context, inputs, len(views), inferred)
            )
            values, output_views = {}, []
            for index, argument in enumerate(self._outputs):
                dtype = self._output_types[index]
                if out and argument.name in out:
                    values[argument.name] = out[argument.name]
                    output_views.append(
                        _views.of_output(argument.name, out[argument.name], dtype, gpu)
                    )
                    continue
                shape = tuple(inferred[index].dims[: inferred[index].rank])
                if device_outputs:
                    values[argument.name] = None  # the context's
                    output_views.append(_views.View(0, dtype, shape, None, True))
                else:
                    array = np.empty(shape, dtype.numpy)
                    values[argument.name] = array
                    output_views.append(_views.of_array(argument.name, array, dtype))
            outputs = _tensors([a.name for a in self._outputs], output_views)
            _library.check(
                self._library.mlopt_rt_context_run(
                    context, inputs, len(views), outputs, len(output_views)
                )
            )
            for index, argument in enumerate(self._outputs):
                if values[argument.name] is None:
                    lease.take()
                    # The new value of an input lies in its memory.
                    owners = [v for v in views if v.pointer and v.pointer == outputs[index].data]
                    values[argument.name] = _device.DeviceTensor(
                        outputs[index].data or 0,
                        self._output_types[index],
                        output_views[index].shape,
                        self._gpu,
                        lease.give_up,
                        owners,
                    )
        finally:
            lease.give_up()
        return [values[name] for name in names]

    def _input_views(
        self, feed: Mapping[str, Any], gpu: _views.Gpu | None = None
    ) -> list[_views.View]:
        known = {a.name for a in self._inputs}
        extra = [n for n in feed if n not in known]
        missing = [a.name for a in self._inputs if a.name not in feed]
        if extra or missing:
            parts = [f"there is no input '{n}'" for n in extra] + [
                f"input '{n}' is missing" for n in missing
            ]
            expected = ", ".join(f"'{a.name}'" for a in self._inputs)
            raise from_runtime(
                5101 if extra else 5102, f"{'; '.join(parts)}; the inputs are: {expected}"
            )
        return [
            _views.of_input(a.name, feed[a.name], t, gpu)
            for a, t in zip(self._inputs, self._input_types)
        ]

    def _take(self) -> ctypes.c_void_p:
        if not self._module:
            raise from_runtime(5001, "the session is closed; make another one")
        with self._lock:
            if self._free:
                return self._free.pop()
        options = _library.ContextOptions(struct_size=ctypes.sizeof(_library.ContextOptions))
        options.entry = self._entry_name.encode() if self._entry_name else None
        options.threads = self._threads
        options.device = self._device.encode()
        options.stream = self._stream
        context = ctypes.c_void_p()
        _library.check(
            self._library.mlopt_rt_context_create(
                self._module, ctypes.byref(options), ctypes.byref(context)
            )
        )
        return context

    def _give_back(self, context: ctypes.c_void_p) -> None:
        with self._lock:
            if self._module:
                self._free.append(context)
                return
        # The session was closed while an output on the GPU kept its memory.
        self._library.mlopt_rt_context_release(context)

    def close(self) -> None:
        """Gives up the module and its memory. No run may be in progress; the session cannot be used
        after it. Outputs on a GPU stay valid.
        """
        for context in self._free:
            self._library.mlopt_rt_context_release(context)
        self._free = []
        self._library.mlopt_rt_module_release(self._module)
        self._module = ctypes.c_void_p()

    def __enter__(self) -> InferenceSession:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __del__(self) -> None:
        if getattr(self, "_module", None):
            self.close()


class _Lease:
    """A context that a run and its outputs on the GPU use; the last one gives it back."""

    def __init__(self, give_back: Callable[[], None]):
        self._give_back = give_back
        self._lock = threading.Lock()
        self._users = 1

    def take(self) -> None:
        with self._lock:
            self._users += 1

    def give_up(self) -> None:
        with self._lock:
            self._users -= 1
            last = self._users == 0
        if last:
            self._give_back()


def _blank() -> _library.Tensor:
    return _library.Tensor(struct_size=ctypes.sizeof(_library.Tensor))


def _tensors(names: Sequence[str], views: Sequence[_views.View]) -> Any:
    """The C views of `views`, which must outlive them."""
    result = (_library.Tensor * max(len(views), 1))()
    for tensor, name, view in zip(result, names, views):
        tensor.struct_size = ctypes.sizeof(_library.Tensor)
        tensor.dtype = view.dtype.number
        tensor.name = name.encode()
        tensor.data = view.pointer
        tensor.device = int(view.on_gpu)
        count = 1
        if len(view.shape) > _library.MAX_RANK:
            raise from_runtime(
                5104, f"'{name}': rank {len(view.shape)} is above {_library.MAX_RANK}"
            )
        for axis, size in enumerate(view.shape):
            tensor.dims[axis] = size
            count *= size
        tensor.bytes = count * view.dtype.bare.itemsize
        tensor.rank = len(view.shape)
    return result

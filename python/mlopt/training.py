"""TrainingSession: trains with an artefact of `mlopt train`; NumPy arrays in, losses out."""

from __future__ import annotations

import ctypes
import json
import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from . import _dtypes, _library, _safetensors, _views
from .errors import InvalidInputError, from_runtime
from .session import NodeArg, _blank, _tensors, describe_tensors, open_module

_FORMAT = "mlopt-checkpoint-1"
_PREFIX = "mlopt."
_STEP, _SEED = "mlopt.step", "mlopt.seed"


class _Memory:
    """Memory of a session as NumPy sees it; keeps the session alive."""

    def __init__(self, session: TrainingSession, pointer: int, shape: tuple[int, ...]):
        self.session = session
        self.__array_interface__ = {
            "data": (pointer, False),
            "shape": shape,
            "typestr": "<f4",
            "version": 3,
        }


class TrainingSession:
    """A model in training: its parameters, running statistics and optimizer, and the steps on them.

        session = mlopt.TrainingSession("step.so")
        session.init(seed=1)
        for x, labels in batches:
            loss = session.step(x=x, labels=labels)
        session.save("model.safetensors")

    `artefact` is what `mlopt train` has made, as a path or as bytes. `num_threads` is the number of
    threads of a step, by default all CPUs that the process may use; results are the same to the bit
    with any number. `cpu_level` forces one of the artefact's CPU levels, `weights` is the path of a
    weights file, `verify_weights` checks the weights against their hash. One thread at a time may
    use a session.
    """

    def __init__(
        self,
        artefact: str | os.PathLike[str] | bytes,
        num_threads: int | None = None,
        *,
        cpu_level: str | None = None,
        weights: str | os.PathLike[str] | None = None,
        verify_weights: bool = False,
    ):
        self._module = ctypes.c_void_p()
        self._handle = ctypes.c_void_p()
        self._library = _library.load()
        if num_threads is not None and num_threads < 1:
            raise from_runtime(
                5001, f"num_threads is {num_threads}, expected at least 1 (or None: all CPUs)"
            )
        self._module = open_module(artefact, cpu_level, weights, verify_weights)
        options = _library.TrainOptions(struct_size=ctypes.sizeof(_library.TrainOptions))
        options.threads = num_threads or 0
        _library.check(
            self._library.mlopt_rt_train_create(
                self._module, ctypes.byref(options), ctypes.byref(self._handle)
            )
        )
        self._inputs, self._input_types = self._describe("input", b"train_step")
        self._outputs, self._output_types = self._describe("output", b"eval")
        self._grad_norm: float | None = None
        self._rate: float | None = None
        self._clip_norm: float | None = None

    @property
    def _trainer(self) -> ctypes.c_void_p:
        if not self._handle:
            raise from_runtime(5001, "the session is closed; make another one")
        return self._handle

    def _describe(self, kind: str, entry: bytes) -> tuple[list[NodeArg], list[_dtypes.DType]]:
        """What of an entry point is the caller's."""
        index = self._library.mlopt_rt_module_find_entry(self._module, entry)
        if index < 0:
            return [], []
        arguments, types = describe_tensors(self._library, self._module, index, kind)
        own = [i for i, a in enumerate(arguments) if not a.name.startswith(_PREFIX)]
        return [arguments[i] for i in own], [types[i] for i in own]

    def _info(self) -> Any:
        info = _library.TrainInfo(struct_size=ctypes.sizeof(_library.TrainInfo))
        _library.check(self._library.mlopt_rt_train_info(self._trainer, ctypes.byref(info)))
        return info

    def get_inputs(self) -> list[NodeArg]:
        """The model's inputs, then the targets."""
        return list(self._inputs)

    def get_outputs(self) -> list[NodeArg]:
        """The model's outputs, which `evaluate` gives."""
        return list(self._outputs)

    @property
    def metadata(self) -> dict[str, Any]:
        """What the artefact says of itself; "training" has loss, optimizer and sizes."""
        text = self._library.mlopt_rt_module_metadata(self._module)
        return json.loads(text) if text else {}

    @property
    def memory(self) -> dict[str, int]:
        """Bytes in use: parameters, buffers, state, gradients (0 until they are asked for), and the
        arena of the runs so far.
        """
        info = self._info()
        names = ("parameter", "buffer", "state", "gradient", "arena")
        return {name: getattr(info, f"{name}_bytes") for name in names}

    # Training

    def init(self, seed: int = 0) -> None:
        """First values: those of the model, or, where `mlopt train --init=random` has said so,
        random ones by `seed`.
        """
        _library.check(self._library.mlopt_rt_train_init(self._trainer, seed))

    def step(self, inputs: Mapping[str, Any] | None = None, /, **named: Any) -> float:
        """One step on a batch, given by names; its loss."""
        loss, norm = ctypes.c_float(), ctypes.c_float()
        self._call(
            self._library.mlopt_rt_train_step,
            {**(inputs or {}), **named},
            ctypes.byref(loss),
            ctypes.byref(norm),
        )
        self._note_norm(norm)
        return loss.value

    def grad(self, inputs: Mapping[str, Any] | None = None, /, **named: Any) -> float:
        """The first half of a step: the gradients of a batch; its loss."""
        loss = ctypes.c_float()
        self._call(
            self._library.mlopt_rt_train_grad, {**(inputs or {}), **named}, ctypes.byref(loss)
        )
        return loss.value

    @property
    def flat_gradients(self) -> np.ndarray:
        """All gradients as one flat array, in place: what an all-reduce adds up. Between tensors
        lie a few zeros.
        """
        data, count = ctypes.c_void_p(), ctypes.c_uint64()
        _library.check(
            self._library.mlopt_rt_train_gradients(
                self._trainer, ctypes.byref(data), ctypes.byref(count)
            )
        )
        return np.asarray(_Memory(self, data.value or 0, (count.value,)))

    def gradients(self) -> dict[str, np.ndarray]:
        """The gradients by the names of their parameters, in place: what is written to them is what
        `update` takes.
        """
        flat, views = self.flat_gradients, {}
        for tensor in self._tensors():
            if tensor.kind == _library.TRAIN_PARAMETER:
                shape = tuple(tensor.dims[: tensor.rank])
                part = flat[tensor.offset : tensor.offset + tensor.bytes // 4]
                views[tensor.name.decode()] = part.reshape(shape)
        return views

    def update(self) -> None:
        """The second half of a step."""
        norm = ctypes.c_float()
        _library.check(
            self._library.mlopt_rt_train_update(self._trainer, ctypes.byref(norm))
        )
        self._note_norm(norm)

    def _note_norm(self, norm: ctypes.c_float) -> None:
        has = self._info().flags & _library.TRAIN_GRAD_NORM
        self._grad_norm = norm.value if has else None

    @property
    def grad_norm(self) -> float | None:
        """Norm of the gradient in the last step, before clipping; None where nothing clips."""
        return self._grad_norm

    def evaluate(
        self,
        inputs: Mapping[str, Any] | None = None,
        /,
        output_names: Sequence[str] = (),
        **named: Any,
    ) -> dict[str, Any]:
        """The model as in inference on a batch: {"loss"}, where the loss has classes "correct" and
        "count", and "outputs" by name, those of `output_names`.
        """
        result = _library.TrainResult(struct_size=ctypes.sizeof(_library.TrainResult))
        outputs = (_library.Tensor * max(len(output_names), 1))(*([_blank()] * len(output_names)))
        types = dict(zip((a.name for a in self._outputs), self._output_types))
        for output, name in zip(outputs, output_names):
            if name not in types:
                raise from_runtime(
                    5101, f"there is no output '{name}'; there are: {', '.join(types)}"
                )
            output.name = name.encode()
        self._call(
            self._library.mlopt_rt_train_eval,
            {**(inputs or {}), **named},
            outputs,
            len(output_names),
            ctypes.byref(result),
        )
        answer: dict[str, Any] = {"loss": result.loss}
        if result.count >= 0:
            answer |= {"correct": result.correct, "count": result.count}
        if output_names:
            answer["outputs"] = {
                name: _copy(output, types[name]) for output, name in zip(outputs, output_names)
            }
        return answer

    def _call(self, function: Any, feed: Mapping[str, Any], *rest: Any) -> None:
        known = {a.name: t for a, t in zip(self._inputs, self._input_types)}
        for name in feed:
            if name not in known:
                expected = ", ".join(f"'{n}'" for n in known)
                raise from_runtime(5101, f"there is no input '{name}'; the inputs are: {expected}")
        views = [_views.of_input(name, value, known[name]) for name, value in feed.items()]
        tensors = _tensors(list(feed), views)
        _library.check(function(self._trainer, tensors, len(views), *rest))

    # Numbers

    @property
    def step_number(self) -> int:
        """How many steps there have been; schedules follow it."""
        return self._library.mlopt_rt_train_step_number(self._trainer)

    @step_number.setter
    def step_number(self, step: int) -> None:
        _library.check(self._library.mlopt_rt_train_set_step_number(self._trainer, step))

    @property
    def seed(self) -> int:
        """Seed of what is random in a step."""
        return self._library.mlopt_rt_train_seed(self._trainer)

    @seed.setter
    def seed(self, seed: int) -> None:
        _library.check(self._library.mlopt_rt_train_set_seed(self._trainer, seed))

    @property
    def learning_rate(self) -> float | None:
        """The rate of the steps to come, where `mlopt train --lr=input` leaves it open; None before
        it is set.
        """
        return self._rate

    @learning_rate.setter
    def learning_rate(self, rate: float) -> None:
        _library.check(self._library.mlopt_rt_train_set_learning_rate(self._trainer, rate))
        self._rate = rate

    @property
    def clip_norm(self) -> float | None:
        """Largest norm of the gradient, where `mlopt train --clip-norm=input` leaves it open."""
        return self._clip_norm

    @clip_norm.setter
    def clip_norm(self, norm: float) -> None:
        _library.check(self._library.mlopt_rt_train_set_clip_norm(self._trainer, norm))
        self._clip_norm = norm

    # Tensors

    def _tensors(self) -> list[Any]:
        found = []
        for index in range(self._library.mlopt_rt_train_tensor_count(self._trainer)):
            tensor = _library.TrainTensor(struct_size=ctypes.sizeof(_library.TrainTensor))
            _library.check(
                self._library.mlopt_rt_train_tensor(self._trainer, index, ctypes.byref(tensor))
            )
            found.append(tensor)
        return found

    def _of_kind(self, kind: int, copy: bool) -> dict[str, np.ndarray]:
        return {
            t.name.decode(): np.array(view) if copy else view
            for t in self._tensors()
            if t.kind == kind
            for view in [np.asarray(_Memory(self, t.data, tuple(t.dims[: t.rank])))]
        }

    def parameters(self, copy: bool = True) -> dict[str, np.ndarray]:
        """The parameters by their names in the model: copies, or with `copy=False` the memory that
        steps change, until the session is closed.
        """
        return self._of_kind(_library.TRAIN_PARAMETER, copy)

    def buffers(self, copy: bool = True) -> dict[str, np.ndarray]:
        """The running statistics, as `parameters` gives those."""
        return self._of_kind(_library.TRAIN_BUFFER, copy)

    def state_dict(self) -> dict[str, np.ndarray]:
        """Copies of all that training goes on from: parameters and buffers by name, optimizer state
        as "optimizer.SLOT.PARAMETER", "mlopt.step" and "mlopt.seed".
        """
        state = {}
        write = _library.TRAIN_WRITE(self._writer(state))
        _library.check(self._library.mlopt_rt_train_save(self._trainer, write, None))
        state[_STEP] = np.array(self.step_number, np.int64)
        state[_SEED] = np.array(self.seed, np.int64)
        return state

    def _writer(self, state: dict[str, np.ndarray]) -> Callable[[Any, Any], int]:
        def write(_: Any, pointer: Any) -> int:
            tensor = pointer.contents
            memory = _Memory(self, tensor.data, tuple(tensor.dims[: tensor.rank]))
            state[_key(tensor)] = np.array(np.asarray(memory))
            return 0

        return write

    def load_state_dict(self, state: Mapping[str, Any], strict: bool = True) -> None:
        """Takes what `state_dict` gave, all of it or, after an error, none. `strict=False` leaves
        alone what `state` lacks: to begin with a model's weights, say.
        """
        arrays = {name: np.asarray(value) for name, value in state.items()}
        numbers = {key: _number(key, arrays[key]) for key in (_STEP, _SEED) if key in arrays}
        tensors = self._tensors()
        names = {_key(t) for t in tensors}
        if strict:
            missing = [n for n in sorted(names) if n not in arrays]
            extra = [n for n in arrays if n not in names and n not in (_STEP, _SEED)]
            if missing or extra:
                parts = [f"there is no '{n}'" for n in missing[:3]]
                parts += [f"'{n}' is not in the model" for n in extra[:3]]
                raise _foreign("; ".join(parts))
        for tensor in tensors:
            name, shape = _key(tensor), tuple(tensor.dims[: tensor.rank])
            array = arrays.get(name)
            if array is not None and (array.shape != shape or array.dtype != np.float32):
                raise _foreign(
                    f"'{name}' is {array.dtype} {list(array.shape)}, expected float32 {list(shape)}"
                )
        read = _library.TRAIN_READ(self._reader(arrays))
        _library.check(self._library.mlopt_rt_train_load(self._trainer, read, None))
        if _STEP in numbers:
            self.step_number = numbers[_STEP]
        if _SEED in numbers:
            self.seed = numbers[_SEED]

    def _reader(self, arrays: Mapping[str, np.ndarray]) -> Callable[[Any, Any], int]:
        def read(_: Any, pointer: Any) -> int:
            tensor = pointer.contents
            array = arrays.get(_key(tensor))
            if array is None:
                return _library.TRAIN_KEEP
            memory = _Memory(self, tensor.data, tuple(tensor.dims[: tensor.rank]))
            np.copyto(np.asarray(memory), array)
            return 0

        return read

    # Checkpoints

    def _optimizer(self) -> str:
        return str(self.metadata.get("training", {}).get("optimizer", ""))

    def _sha256(self) -> str:
        """Hash of the model's file: `mlopt_module.source_sha256`."""
        self._info()  # an error where the session is closed
        header = self._library.mlopt_rt_module_header(self._module)
        return ctypes.string_at(header + _library.SOURCE_SHA256, 32).hex()

    def save(
        self,
        path: str | os.PathLike[str],
        metadata: Mapping[str, str] | None = None,
        *,
        keep_previous: bool = True,
    ) -> None:
        """Writes a checkpoint as safetensors, with the names that `mlopt compile --load-weights`
        and `load` know. A checkpoint of that name is replaced when all of the new one is on the
        disk, and stays as PATH.previous. `mlopt-run fit --resume` goes on from it where `metadata`
        says where its run stands: "samples", "batch", "epoch", "position" (samples of the epoch that
        are done) and "shuffle" ("0" or "1").
        """
        state = self.state_dict()
        stated = {
            "format": _FORMAT,
            "step": str(int(state.pop(_STEP))),
            "seed": str(int(state.pop(_SEED))),
            "model_sha256": self._sha256(),
            "options": self._optimizer(),
        }
        _safetensors.write(path, state, {**(metadata or {}), **stated}, keep_previous)

    def load(self, path: str | os.PathLike[str], strict: bool = True) -> dict[str, str]:
        """Takes a checkpoint of `save` or of `mlopt-run fit`, all of it or, after an error, none;
        its metadata. `strict=False` also takes a file of another model or program, for what it has.
        """
        self._info()  # an error where the session is closed
        state: dict[str, Any]
        state, metadata = _safetensors.read(path)
        if strict:
            if metadata.get("format") != _FORMAT:
                raise _damaged(
                    f"'{os.fspath(path)}' is no checkpoint of mlopt: its metadata lack the format "
                    f"'{_FORMAT}' (strict=False takes its tensors)"
                )
            if metadata.get("model_sha256") != self._sha256():
                raise _foreign(f"'{os.fspath(path)}' was made for another model")
            made, own = metadata.get("options", ""), self._optimizer()
            if made.split(" ")[0] != own.split(" ")[0]:
                raise _foreign(
                    f"'{os.fspath(path)}' was made with another optimizer: '{made}', the "
                    f"artefact's is '{own}' (strict=False takes what fits)"
                )
        for key, name in ((_STEP, "step"), (_SEED, "seed")):
            if metadata.get("format") == _FORMAT and name in metadata:
                try:
                    state[key] = np.int64(metadata[name])
                except (ValueError, OverflowError):
                    raise _damaged(f"'{os.fspath(path)}' has no number as '{name}'") from None
        self.load_state_dict(state, strict)
        return metadata

    # Life

    def close(self) -> None:
        """Gives up the memory; the session, and views of its memory, cannot be used after it."""
        self._library.mlopt_rt_train_release(self._handle)
        self._handle = ctypes.c_void_p()
        self._library.mlopt_rt_module_release(self._module)
        self._module = ctypes.c_void_p()

    def __enter__(self) -> TrainingSession:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __del__(self) -> None:
        if getattr(self, "_module", None):
            self.close()


def _key(tensor: Any) -> str:
    name = tensor.name.decode()
    return f"optimizer.{tensor.slot.decode()}.{name}" if tensor.slot else name


def _copy(tensor: _library.Tensor, dtype: _dtypes.DType) -> np.ndarray:
    """The output that the runtime keeps until its next run."""
    shape = tuple(tensor.dims[: tensor.rank])
    data = ctypes.string_at(tensor.data, tensor.bytes) if tensor.bytes else b""
    return np.frombuffer(bytearray(data), dtype.numpy).reshape(shape)


def _number(key: str, value: np.ndarray) -> int:
    """What a checkpoint says as the number of the step or as the seed."""
    least, most = (0, 2**53 - 1) if key == _STEP else (-(2**63), 2**63 - 1)
    whole = value.size == 1 and np.issubdtype(value.dtype, np.integer)
    if not whole or not least <= value.item() <= most:
        raise _damaged(f"'{key}' is {value}, expected a whole number from {least} to {most}")
    return value.item()


def _damaged(message: str) -> InvalidInputError:
    return InvalidInputError(f"MLO1072: {message}", "MLO1072")


def _foreign(message: str) -> InvalidInputError:
    return InvalidInputError(f"MLO1073: {message}", "MLO1073")

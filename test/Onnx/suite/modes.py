"""The two ways to run a case: by the reference evaluator, and compiled to native code."""

from __future__ import annotations

import json
import os
import re
import selectors
import shutil
import signal
import sys
import tempfile

import onnx

from .batch import BatchTool, SingleTool
from .cases import Case, load_data, operators, read_outputs
from .compare import compare_outputs

EXIT_UNSUPPORTED = 4
PASS, FAIL, UNSUPPORTED, CRASH = "pass", "fail", "unsupported", "crash"


class Settings:
    """What a worker needs: plain data, so that it travels to another process."""

    def __init__(
        self,
        mode: str,
        mlopt: str,
        python_dir: str,
        seconds: float,
        flags: list[str],
        batch: bool,
        threads: int = 1,
        run: bool = True,
    ):
        self.mode = mode
        self.mlopt = mlopt
        self.python_dir = python_dir
        self.seconds = seconds
        self.flags = flags
        self.batch = batch
        self.threads = threads
        self.run = run


def short_reason(errors: str) -> str:
    """The diagnostics of an unsupported model without paths and node names: `MLO2001: unsupported
    operator 'X'`.
    """
    found = re.findall(r"error: (MLO\d{4}: [^\n]*)", errors)
    if not found:
        lines = [line for line in errors.strip().splitlines() if line.strip()]
        return lines[0].strip() if lines else "no message"
    return "; ".join(list(dict.fromkeys(found))[:3])


def _failed_command(code: int, errors: str) -> tuple[str, str]:
    if code == EXIT_UNSUPPORTED:
        return UNSUPPORTED, short_reason(errors)
    return CRASH, f"exit code {code}: {short_reason(errors)}"


class Worker:
    """Runs cases one after the other; owns one batch process of the compiler."""

    def __init__(self, settings: Settings):
        self.settings = settings
        verb = "eval" if settings.mode == "reference" else "compile"
        command = [settings.mlopt, verb]
        self.tool = BatchTool(command + ["--batch=-"]) if settings.batch else SingleTool(command)
        if settings.mode != "reference":
            sys.path.insert(0, settings.python_dir)
            import mlopt  # noqa: F401  loaded before the fork of the first case

    def run(self, case: Case) -> dict:
        scratch = tempfile.mkdtemp(prefix="mlopt-suite-")
        seconds = self.settings.seconds * (20 if case.kind == "real" else 1)
        found = []
        try:
            model = onnx.load(case.model, load_external_data=False)
            found = operators(model)
            run = self._reference if self.settings.mode == "reference" else self._compiled
            status, reason = run(case, model, scratch, seconds)
        except Exception as error:  # the suite goes on; the case is counted as a crash
            status, reason = CRASH, f"suite: {type(error).__name__}: {error}"
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
        return {
            "name": case.name,
            "kind": case.kind,
            "status": status,
            "reason": reason,
            "operators": found,
        }

    def _reference(
        self, case: Case, model: onnx.ModelProto, scratch: str, seconds: float
    ) -> tuple[str, str]:
        for number, data in enumerate(load_data(case, model, scratch)):
            outputs = os.path.join(scratch, f"outputs_{number}")
            os.mkdir(outputs)
            arguments = [case.model] + [f"--input={n}:@{p}" for n, p in data.input_files.items()]
            arguments += [f"--output=@{outputs}"] + self.settings.flags
            code, errors = self.tool.run(arguments, seconds)
            if code:
                return _failed_command(code, errors)
            problem = compare_outputs(
                data.outputs, read_outputs(outputs, model), case.rtol, case.atol
            )
            if problem:
                return FAIL, problem
        return PASS, ""

    def _compiled(
        self, case: Case, model: onnx.ModelProto, scratch: str, seconds: float
    ) -> tuple[str, str]:
        artefact = os.path.join(scratch, "model.so")
        code, errors = self.tool.run([case.model, "-o", artefact] + self.settings.flags, seconds)
        if code:
            return _failed_command(code, errors)
        if not self.settings.run:
            return PASS, ""
        return run_forked(lambda: self._execute(case, model, artefact, scratch), seconds)

    def _execute(
        self, case: Case, model: onnx.ModelProto, artefact: str, scratch: str
    ) -> tuple[str, str]:
        import mlopt

        device = "cuda" if self.settings.mode == "cuda" else "cpu"
        session = mlopt.InferenceSession(
            artefact, num_threads=self.settings.threads, device=device
        )
        names = [o.name for o in model.graph.output]
        for data in load_data(case, model, scratch):
            outputs = session.run(names, data.inputs)
            problem = compare_outputs(data.outputs, outputs, case.rtol, case.atol)
            if problem:
                return FAIL, problem
        return PASS, ""


def run_forked(function, seconds: float) -> tuple[str, str]:
    """`function()` in a child of its own: a crash or a hang is the result of this case only."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        try:
            result = function()
        except BaseException as error:
            result = (CRASH, f"{type(error).__name__}: {error}")
        data = json.dumps(result).encode()
        while data:
            data = data[os.write(writer, data) :]
        os._exit(0)
    os.close(writer)
    data = b""
    timed_out = False
    with selectors.DefaultSelector() as selector:
        selector.register(reader, selectors.EVENT_READ)
        while True:
            if not selector.select(seconds):
                timed_out = True
                os.kill(child, signal.SIGKILL)
                break
            chunk = os.read(reader, 1 << 16)
            if not chunk:
                break
            data += chunk
    os.close(reader)
    _, status = os.waitpid(child, 0)
    if timed_out:
        return CRASH, f"the run did not end within {seconds:g} s"
    if os.WIFSIGNALED(status):
        return CRASH, f"the run was ended by {signal.Signals(os.WTERMSIG(status)).name}"
    if not data:
        return CRASH, f"the run ended with status {status} and no result"
    status, reason = json.loads(data)
    return status, reason


_worker = None


def start_worker(settings: Settings) -> None:
    """Initialiser of a pool's process."""
    global _worker
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _worker = Worker(settings)


def run_case(case: Case) -> dict:
    return _worker.run(case)

"""A tool in batch mode: one command line in, one JSON object out, start-up paid once."""

from __future__ import annotations

import json
import os
import selectors
import shlex
import signal
import subprocess
import tempfile


class BatchTool:
    """`command` (with `--batch=-`) is started at the first line and again after a line that ran out
    of time.
    """

    def __init__(self, command: list[str]):
        self.command = command
        self.process = None
        self.buffer = b""
        self.errors = None

    def run(self, arguments: list[str], seconds: float) -> tuple[int, str]:
        """(exit code, standard error) of one line; 124 where it ran out of time, 70 where the tool
        went away.
        """
        if self.process is None:
            self.errors = tempfile.TemporaryFile()
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self.errors,
                start_new_session=True,
            )
            self.buffer = b""
        line = " ".join(shlex.quote(a) for a in arguments) + "\n"
        try:
            self.process.stdin.write(line.encode())
            self.process.stdin.flush()
        except BrokenPipeError:
            return 70, self._gone()
        while True:
            answer = self._read_line(seconds)
            if answer is None:
                self.close()
                return 124, f"no answer within {seconds:g} s"
            if answer == b"":
                return 70, self._gone()
            try:
                reply = json.loads(answer)
                return int(reply["exit"]), reply.get("stderr", "")
            except (ValueError, KeyError, TypeError):
                continue  # not an answer: the line's own output

    def _gone(self) -> str:
        status = self.process.wait()
        self.errors.seek(0)
        said = self.errors.read().decode(errors="replace").strip().splitlines()
        self.close()
        return f"{os.path.basename(self.command[0])} ended with status {status}: " + " | ".join(
            said[:3]
        )

    def _read_line(self, seconds: float) -> bytes | None:
        with selectors.DefaultSelector() as selector:
            selector.register(self.process.stdout, selectors.EVENT_READ)
            while b"\n" not in self.buffer:
                if not selector.select(seconds):
                    return None
                chunk = os.read(self.process.stdout.fileno(), 1 << 16)
                if not chunk:
                    return b""
                self.buffer += chunk
        line, self.buffer = self.buffer.split(b"\n", 1)
        return line

    def close(self) -> None:
        """Ends the tool and whatever it forked."""
        if self.process is None:
            return
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()
        self.errors.close()
        self.process = None


class SingleTool:
    """The same interface with one process a line, for a tool without batch mode."""

    def __init__(self, command: list[str]):
        self.command = command

    def run(self, arguments: list[str], seconds: float) -> tuple[int, str]:
        try:
            done = subprocess.run(
                self.command + arguments,
                capture_output=True,
                timeout=seconds,
                stdin=subprocess.DEVNULL,
            )
        except subprocess.TimeoutExpired:
            return 124, f"no answer within {seconds:g} s"
        return done.returncode, done.stderr.decode(errors="replace")

    def close(self) -> None:
        pass

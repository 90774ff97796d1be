"""What the scripts of test/Structure share: tools of the build, small models, stored cases."""

import os
import pathlib
import subprocess
import sys

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "Integration"))
from run_models import stored_cases  # noqa: E402

MODELS = pathlib.Path(__file__).resolve().parents[2] / "Integration" / "models"
BIN = pathlib.Path(os.environ["MLOPT_BUILD_DIR"]).resolve() / "bin"
MLOPT, MLOPT_RUN = str(BIN / "mlopt"), str(BIN / "mlopt-run")
LEVELS = ["x86-64-v2", "x86-64-v3", "x86-64-v4"]
TOLERANCE = 2e-5


def compile_model(model, out, *flags, **options):
    """Compiles; ends the test with the compiler's words if that fails."""
    command = [MLOPT, str(model), "-o", str(out), *flags]
    done = subprocess.run(command, capture_output=True, text=True, **options)
    if done.returncode:
        sys.exit(f"{' '.join(command)}: exit code {done.returncode}\n{done.stderr}")
    return str(out)


def cases_of(name):
    """[(inputs, outputs)] of a small model, as the framework computed them."""
    return stored_cases(np.load(MODELS / f"{name}.npz"))


def relative_error(result, expected):
    """Largest difference relative to the largest expected value; infinite where shapes differ."""
    result, expected = np.asarray(result), np.asarray(expected)
    if result.shape != expected.shape or result.dtype != expected.dtype:
        return float("inf")
    if not np.isfinite(result).all():
        return float("inf")
    if expected.dtype.kind in "biu":
        return 0.0 if np.array_equal(result, expected) else float("inf")
    largest = np.abs(expected.astype(np.float64)).max(initial=0.0)
    worst = np.abs(result.astype(np.float64) - expected).max(initial=0.0)
    return worst / largest if largest else worst


class Report:
    """Collects problems; `end` prints them and sets the exit status."""

    def __init__(self):
        self.checks, self.problems = 0, []

    def expect(self, good, text):
        self.checks += 1
        if not good:
            self.problems.append(text)

    def end(self, label):
        for problem in self.problems:
            print(f"problem: {problem}")
        print(f"{label}: {self.checks} checks, {len(self.problems)} problems")
        sys.exit(1 if self.problems else 0)

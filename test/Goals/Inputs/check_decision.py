"""check_decision.py FOLDER: bench/compare.py and bench/goals.py fail when a figure misses its bound,
and only then. Engines, compiler, runner and Python package are fakes whose cost is known."""

import contextlib
import io
import os
import pathlib
import re
import sys
import time

import numpy as np
import onnx

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "bench"))
sys.path.insert(0, str(ROOT / "test" / "Structure" / "Inputs"))
import bounds  # noqa: E402
import compare  # noqa: E402
import goals  # noqa: E402
from common import Report  # noqa: E402

FAKE = """#!{python}
import os, sys, time
cost = dict(pair.split("=") for pair in os.environ.get("COST", "").split(",") if pair)
verb = "compile" if "-o" in sys.argv else sys.argv[1]
if cost.get("fails") == verb:
    sys.exit("fake: refused")
if verb == "inspect":
    print('{{"entries": [{{"symbols": [], "arena_bytes": 5000000, "arena_lower_bound": 5000000}}]}}')
    sys.exit()
held = b"x" * int(float(cost.get(verb + "-mb", 0)) * 1e6)
time.sleep(float(cost.get(verb + "-s", 0)))
if verb == "compile":
    open(sys.argv[sys.argv.index("-o") + 1], "w").close()
"""
PACKAGE = """import os, time
cost = dict(pair.split("=") for pair in os.environ.get("COST", "").split(",") if pair)
def InferenceSession(path, num_threads):
    time.sleep(float(cost.get("load-s", 0)))
"""


def output_of(function):
    """(exit status, text) of a main function."""
    text = io.StringIO()
    with contextlib.redirect_stdout(text):
        status = function()
    return status, text.getvalue()


def check_table(report):
    figure = bounds.Figure
    met = [figure("a", 1.7, 1.7), figure("b", 9.0), figure("c", 0.1, 1.0)]
    report.expect(output_of(lambda: bounds.judge(met))[0] == 0, "figures at their bounds miss them")
    for name, value in {"too much": 1.7001, "nothing": None, "not a number": float("nan")}.items():
        figures = [*met, figure(name, value, 1.7)]
        status, text = output_of(lambda figures=figures: bounds.judge(figures))
        again = text[text.index(bounds.MISSES) :]
        report.expect(
            status == 1 and f"{bounds.MISSES} (1 of 3" in again and name in again,
            f"{name}: status {status}, no word of it in {text!r}",
        )
    status, _ = output_of(lambda: bounds.judge([figure("shown only", 1.0)]))
    report.expect(status == 1, "figures without any bound pass")


class Engine:
    """One engine of compare.py that needs `cost[model]` seconds for a run."""

    version = "1"

    def __init__(self, title, cost):
        self.title, self.cost = title, cost

    def open(self, path, threads):
        if path.stem not in self.cost:
            raise ValueError("refused")
        seconds = self.cost[path.stem]
        return None, lambda feed: time.sleep(seconds) or [feed["x"]], ["x"]


def check_compare(folder, report):
    compare.PAUSE, compare.BLOCK = 0.001, 0.01
    paths = []
    for name in ("one", "two"):
        paths.append(str(folder / f"{name}.onnx"))
        pathlib.Path(paths[-1]).touch()
        np.savez(folder / f"{name}.npz", **{"in:x": np.ones(1), "out:x": np.ones(1)})

    def run(ours, theirs, *flags):
        compare.ENGINES = {
            "mlopt": lambda: Engine("mlopt", ours),
            "onnxruntime": lambda: Engine("ONNX Runtime", theirs),
        }
        for key, engine in compare.ENGINES.items():
            engine.title = key
        arguments = [*paths, "--engines=mlopt,onnxruntime", "--seconds=0", *flags]
        return output_of(lambda: compare.main(arguments))

    # Far from the bounds: the fakes sleep, and a busy machine sleeps longer.
    equal = {"one": 0.004, "two": 0.004}
    slow = {"one": 0.004, "two": 0.016}
    both = ("--max-ratio=1.7", "--max-geomean=1.25")
    status, text = run(equal, slow, *both)
    report.expect(status == 0 and bounds.HOLDS in text, f"faster than the bounds: {status} {text}")
    status, text = run(slow, equal, "--max-ratio=1.7")
    missed = text[text.find(bounds.MISSES) :]
    report.expect(
        status == 1 and re.search(r"two, 1 thread", missed) and "one, 1 thread" not in missed,
        f"one model too slow: {status} {text}",
    )
    status, text = run(slow, equal, "--max-geomean=1.25")
    report.expect(
        status == 1 and "geometric mean, 1 thread" in text[text.find(bounds.MISSES) :],
        f"mean too large: {status} {text}",
    )
    status, text = run(slow, equal)
    report.expect(status == 0, f"no bound asked for: {status} {text}")
    status, text = run({"one": 0.004}, slow, *both)
    report.expect(
        status == 1 and "not run by mlopt" in text and f"{bounds.MISSES} (2 of 3" in text,
        f"a model that mlopt refuses: {status} {text}",
    )
    status, text = run(equal, {"two": 0.016}, *both)
    report.expect(status == 1 and "not run by onnxruntime" in text, f"no peer: {status} {text}")
    arguments = [*paths, "--engines=mlopt", "--max-ratio=1.7"]
    status, text = output_of(lambda: compare.main(arguments))
    report.expect(status == 1 and "no bound can hold" in text, f"no peer at all: {status} {text}")
    # The mean of 4 and 1 is 2.
    report.expect(abs(bounds.geometric_mean([4.0, 1.0]) - 2) < 1e-12, "geometric mean")


def fake_build(folder):
    build = folder / "build"
    for name in ("bin", "python/mlopt"):
        (build / name).mkdir(parents=True, exist_ok=True)
    for name in ("mlopt", "mlopt-run"):
        path = build / "bin" / name
        path.write_text(FAKE.format(python=sys.executable))
        path.chmod(0o755)
    (build / "python/mlopt/__init__.py").write_text(PACKAGE)
    return build


def model_of(folder):
    """A model of 40 MB of initialisers: one of its own, one of a subgraph, one of a small type."""
    weight = onnx.helper.make_tensor("w", 1, [2_000_000], bytes(8_000_000), raw=True)
    half = onnx.helper.make_tensor("h", 10, [1000, 1000], bytes(2_000_000), raw=True)
    inner = onnx.helper.make_tensor("i", 7, [3_750_000], bytes(30_000_000), raw=True)
    body = onnx.helper.make_graph([], "body", [], [], [inner])
    node = onnx.helper.make_node("If", ["c"], ["y"], then_branch=body, else_branch=body)
    # Both branches hold it: 8 + 2 + 30 + 30.
    graph = onnx.helper.make_graph([node], "g", [], [], [weight, half])
    path = folder / "model.onnx"
    path.write_bytes(onnx.helper.make_model(graph).SerializeToString())
    return path


def check_goals(folder, report):
    build, path = fake_build(folder), model_of(folder)
    report.expect(goals.initialiser_bytes(path) == 70_000_000, "bytes of the initialisers")
    report.expect(goals.compile_memory_bound(70_000_000) == 475_000_000, "bound of the compiler")
    bound = goals.process_memory_bound(70_000_000, 5_000_000)
    report.expect(bound == 108_500_000, f"bound of the process: {bound}")

    def run(cost, *flags):
        os.environ["COST"] = cost
        arguments = [str(path), f"--build-dir={build}", "--threads=1", *flags]
        return output_of(lambda: goals.main(arguments))

    status, text = run("compile-mb=300,run-mb=60", "--compile-seconds=model=10")
    report.expect(status == 0 and f"{bounds.HOLDS} (4)" in text, f"all within: {status} {text}")
    for cost, what, flags in (
        ("compile-mb=480", "compile memory", ()),
        ("run-mb=115", "process memory", ()),
        ("load-s=0.06", "load time", ()),
        ("compile-s=0.4", "compile time", ("--compile-seconds=model=0.3",)),
        ("fails=compile", "compile time", ()),
        ("fails=run", "process memory", ()),
        ("fails=inspect", "process memory", ()),
    ):
        status, text = run(cost, *flags)
        missed = text[text.find(bounds.MISSES) :]
        report.expect(status == 1 and what in missed, f"{cost}: {status} {text}")


report = Report()
folder = pathlib.Path(sys.argv[1])
check_table(report)
check_compare(folder, report)
check_goals(folder, report)
report.end("decisions")

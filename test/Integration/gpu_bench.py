#!/usr/bin/env python3
"""Tests bench/gpu.py on the emulator: a small bundle is made, run, gone on with, and spoilt.

    gpu_bench.py --build-dir build

Without PyTorch the models stay out: the bundle has the small cases alone. The last line is
`N passed, N failed, N skipped`. Exit status 0 if nothing failed, 1 if something did.
"""

import argparse
import importlib.util
import io
import json
import lzma
import os
import pathlib
import subprocess
import sys
import tarfile
import tempfile

import numpy as np

BENCH = pathlib.Path(__file__).resolve().parent.parent.parent / "bench"


class Test:
    def __init__(self, build_dir, folder):
        self.build = pathlib.Path(build_dir).resolve()
        self.bundle = folder / "bundle"
        self.folder = folder
        self.counts = {"passed": 0, "failed": 0, "skipped": 0}

    def expect(self, what, condition, said=""):
        self.counts["passed" if condition else "failed"] += 1
        print(f"{'passed' if condition else 'failed'}: {what}", flush=True)
        if not condition and said:
            print(said[-2000:])

    def run(self, *arguments, **environment):
        found = subprocess.run(
            [sys.executable, str(BENCH / "gpu.py"), *map(str, arguments)],
            capture_output=True,
            text=True,
            timeout=600,
            env={**os.environ, **environment},
        )
        return found.returncode, found.stdout + found.stderr

    def on_emulator(self, results, *arguments, **environment):
        return self.run(
            "--bundle", self.bundle, "--emulator", self.build / "test/Cuda/lib",
            "--json", self.folder / results, *arguments, **environment,
        )  # fmt: skip

    def results(self, name):
        return json.loads((self.folder / name).read_text())

    def command_line(self):
        for arguments, word in (
            (["--models", "alexnet"], "alexnet"),
            (["--prepare", "x", "--bundle", "y"], "exclude"),
            (
                ["--bundle", self.folder / "nothing", "--emulator", self.build / "test/Cuda/lib"],
                "no bundle",
            ),
        ):
            json_file = ["--json", self.folder / "none.json"]
            status, said = self.run(*arguments, *json_file)
            self.expect(
                f"status 2 and '{word}' for {arguments[0]}", status == 2 and word in said, said
            )

    def prepare(self, models):
        status, said = self.run(
            "--build-dir", self.build, "--prepare", self.bundle, "--tiny", "--jobs", "2",
            "--models", models, "--precisions", "f16",
        )  # fmt: skip
        self.expect("a small bundle is made", status == 0 and "MiB" in said, said)
        return status == 0

    def measure(self, models):
        sections = "launch,conformance" + (",judged,micro" if models != "none" else "")
        status, said = self.on_emulator(
            "a.json", "--models", models, "--precisions", "f16", "--only", sections
        )
        self.expect(
            "the bundle runs on the emulator", status == 0 and "every bound holds" in said, said
        )
        data = self.results("a.json")
        cases = data["conformance"]
        self.expect(
            "its results are said to be the emulator's", data["emulated"] and "EMULATOR" in said
        )
        self.expect(
            "all small models are right", len(cases) > 15 and all(c["ok"] for c in cases.values())
        )
        # Exact arithmetic was the reference: f16 cannot be without an error.
        errors = [
            c["error"] for k, c in cases.items() if k.startswith("gemm") and k.endswith("f16")
        ]
        self.expect("errors were measured", errors and all(e > 0 for e in errors))
        if models != "none":
            row = data["rows"]["bert-f16-b1"]
            self.expect("a model is right against PyTorch", row["ok"] and row["flops"] > 0)
            found = data["micro"]["gemm-64x64x64-f16"]
            self.expect("a kernel is right against PyTorch", found["ok"] and found["error"] > 0)

    def go_on(self):
        before = self.results("a.json")["steps"]
        status, said = self.on_emulator("a.json", "--only", "launch,conformance")
        same = self.results("a.json")["steps"] == before
        self.expect("a second call does no step twice", status == 0 and same, said)
        data = self.results("a.json")
        data["emulated"] = False
        (self.folder / "a.json").write_text(json.dumps(data))
        status, said = self.on_emulator("a.json", "--only", "launch")
        self.expect(
            "figures of a card are not mixed with these",
            status == 2 and "another --json" in said,
            said,
        )

    def broken_driver(self):
        """The second launch of a graph leaves the device in error: noted, and the rest goes on."""
        status, said = self.on_emulator(
            "b.json", "--only", "launch", MLOPT_FAKE_CUDA_FAIL="cuGraphLaunch:2:700"
        )
        step = self.results("b.json")["steps"]["launch"]
        noted = step["state"] == "failed" and "cuGraphLaunch" in step["error"]
        self.expect("a step that fails is noted and judged", status == 1 and noted, said)

    def spoil(self):
        """With one expected number altered the verdict must be another."""
        path = self.bundle / "cases.tar.xz"
        archive = tarfile.open(fileobj=io.BytesIO(lzma.decompress(path.read_bytes())))
        with lzma.open(path, "wb", preset=0) as out, tarfile.open(fileobj=out, mode="w|") as target:
            for member in archive:
                data = archive.extractfile(member).read()
                if member.name == "cases/softmax-5-f32.npz":
                    arrays = dict(np.load(io.BytesIO(data)))
                    arrays["0"].flat[3] += 0.01
                    changed = io.BytesIO()
                    np.savez(changed, **arrays)
                    data = changed.getvalue()
                    member.size = len(data)
                target.addfile(member, io.BytesIO(data))
        status, said = self.on_emulator("c.json", "--only", "conformance")
        wrong = [k for k, c in self.results("c.json")["conformance"].items() if not c["ok"]]
        self.expect("an altered number is found", status == 1 and wrong == ["softmax-5-f32"], said)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--build-dir", default="build")
    options = parser.parse_args()
    known = all(importlib.util.find_spec(name) for name in ("torch", "onnxscript"))
    models = "bert" if known else "none"
    with tempfile.TemporaryDirectory(prefix="mlopt-gpu-bench-") as folder:
        test = Test(options.build_dir, pathlib.Path(folder))
        if not known:
            test.counts["skipped"] += 1
            print("skipped: models against PyTorch: torch and onnxscript are not installed")
        test.command_line()
        if test.prepare(models):
            test.measure(models)
            test.go_on()
            test.broken_driver()
            test.spoil()
    counts = test.counts
    print(f"{counts['passed']} passed, {counts['failed']} failed, {counts['skipped']} skipped")
    return 1 if counts["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())

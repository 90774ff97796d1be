#!/usr/bin/env python3
"""Runs small models on a GPU, compiled as they ship, and compares them with the reference.

    cuda_models.py --build-dir build [--real-gpu] [--filter REGEX]

Without --real-gpu the driver is the emulator of BUILD/test/Cuda/lib: the artefact's own PTX is
interpreted. Cases: a network of dense layers, convolutional networks, transformers of two layers
and recurrent ones in f32, some in tf32, f16 and bf16 as well; one artefact for three
architectures; symbolic sizes; and artefacts of which one instruction of the PTX is altered, which
must not pass. The last line is `N passed, N failed, N skipped`. Exit status 0 if nothing failed, 1
if something did, 2 for a wrong command line.
"""

import argparse
import hashlib
import os
import pathlib
import re
import struct
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent / "bench"))

#: Largest error that passes, of the largest value: f32 sums in another order; operands of tf32, f16
#: and bf16 have 11, 11 and 8 bits, and results of the latter are rounded after every operation.
BOUNDS = {"f32": 2e-5, "tf32": 1e-2, "f16": 1e-2, "bf16": 6e-2}
MODELS = {
    "mlp": ("f32", "tf32", "f16", "bf16"),
    "resnet50": ("f32", "tf32", "f16", "bf16"),
    "mobilenetv2": ("f32", "f16"),
    "bert": ("f32", "tf32", "f16", "bf16"),
    "gpt2": ("f32", "f16"),
    "vit": ("f32", "bf16"),
    "convnext": ("f32",),
    "lstm": ("f32",),
    "minilm": ("f32",),
    "bert_dynamic": ("f32",),
    "llama_decode": ("f32",),
}
#: Offsets in the header of an image (module_abi.h).
MAGIC, LINK_OFFSET, IMAGE_HASH = b"MLOPTMOD", 24, 472


class Suite:
    def __init__(self, options, folder):
        self.options = options
        self.folder = pathlib.Path(folder)
        self.mlopt = str(pathlib.Path(options.build_dir) / "bin" / "mlopt")
        self.counts = {"passed": 0, "failed": 0, "skipped": 0}
        # The emulator reads PTX and has no use for machine code.
        self.flags = [] if options.real_gpu else ["--ptxas=none"]

    def add(self, verdict, text):
        self.counts[verdict] += 1
        print(f"{verdict}: {text}", flush=True)

    def run(self, *arguments):
        return subprocess.run(
            [self.mlopt, *map(str, arguments)], capture_output=True, text=True, timeout=600
        )

    def verify(self, model, *flags):
        """The largest error of the largest value over all outputs, and what was said."""
        found = self.run("verify", model, "--device=cuda", "--rtol=1", *flags)
        errors = [float(e) for e in re.findall(r"\(([0-9.e+-]+|inf|nan) of the largest", found.stdout)]
        said = (found.stderr.strip().splitlines() or ["nothing was said"])[-1]
        return (max(errors) if errors and found.returncode in (0, 5) else None), said

    def model(self, name, precision):
        path = HERE / "models" / f"{name}.onnx"
        flags = ["--gpu=sm_90", *self.flags]
        if precision == "f32":
            return self.stored(name, flags)
        if precision == "tf32":
            flags.append("--f32-matmul=tf32")
        else:
            import half
            import onnx

            narrow = self.folder / f"{name}-{precision}.onnx"
            onnx.save(half.narrow_model(onnx.load(path), precision), narrow)
            path = narrow
        error, said = self.verify(path, *flags)
        text = f"{name} in {precision}: largest error {error} of the largest value"
        if error is None:
            self.add("failed", f"{name} in {precision}: {said}")
        elif error > BOUNDS[precision]:
            self.add("failed", f"{text}, more than {BOUNDS[precision]:g}")
        elif error == 0:
            self.add("failed", f"{text}: nothing was computed in {precision}")
        else:
            self.add("passed", text)

    def stored(self, name, flags):
        """Against the framework's outputs: all stored cases in one session, each of other sizes."""
        artefact = self.folder / f"{name}.so"
        found = self.run(HERE / "models" / f"{name}.onnx", *flags, "-o", artefact)
        error = self.compare(artefact, name) if found.returncode == 0 else None
        ok = error is not None and error <= BOUNDS["f32"]
        self.add("passed" if ok else "failed", f"{name} in f32: largest error {error} of the largest value")

    def architectures(self):
        """One artefact for three architectures and the CPU: same bytes twice, all run."""
        import mlopt
        import numpy as np

        outputs = [self.folder / name for name in ("first.so", "second.so")]
        for output in outputs:
            found = self.run(
                HERE / "models" / "mlp.onnx", "--gpu=sm_80,sm_90,sm_100", *self.flags, "-o", output
            )
            if found.returncode:
                return self.add("failed", f"three architectures: {found.stderr.strip()}")
        if outputs[0].read_bytes() != outputs[1].read_bytes():
            # The name is in the prefix of functions: the same model under one name must agree.
            again = self.folder / "again"
            again.mkdir()
            for folder in ("a", "b"):
                (again / folder).mkdir()
                self.run(
                    HERE / "models" / "mlp.onnx", "--gpu=sm_80,sm_90,sm_100", *self.flags,
                    "-o", again / folder / "m.so",
                )
            same = (again / "a/m.so").read_bytes() == (again / "b/m.so").read_bytes()
            self.add("passed" if same else "failed", "two compilations give the same bytes")
        feed = {"x": np.random.default_rng(0).standard_normal((13, 37), np.float32)}
        results = [
            mlopt.InferenceSession(str(outputs[0]), device=device).run(None, feed)[0]
            for device in ("cpu", "cuda")
        ]
        error = float(np.abs(results[0] - results[1]).max())
        self.add("passed" if error < 1e-6 else "failed", f"CPU and GPU of one artefact: {error:g} apart")

    def damaged(self, name, before, after):
        """With one instruction altered the comparison must fail."""
        artefact = self.folder / f"damaged-{name}.so"
        found = self.run(
            HERE / "models" / f"{name}.onnx", "--gpu=sm_90", "--ptxas=none", "-o", artefact
        )
        if found.returncode:
            return self.add("failed", f"damaged {name}: {found.stderr.strip()}")
        code = bytearray(artefact.read_bytes())
        image = self.find_image(code)
        size = struct.unpack_from("<Q", code, image + LINK_OFFSET)[0]
        # The last such instruction of the last kernel, so that nothing evens it out.
        place = code.rfind(before.encode(), image, image + size)
        if place < 0 or len(before) != len(after):
            return self.add("failed", f"damaged {name}: there is no '{before}' to alter")
        intact = self.compare(artefact, name)
        code[place : place + len(before)] = after.encode()
        code[image + IMAGE_HASH : image + IMAGE_HASH + 32] = bytes(32)
        digest = hashlib.sha256(code[image : image + size]).digest()
        code[image + IMAGE_HASH : image + IMAGE_HASH + 32] = digest
        artefact.write_bytes(code)
        broken = self.compare(artefact, name)
        found = intact is not None and intact <= BOUNDS["f32"] and not (broken or 0) <= BOUNDS["f32"]
        self.add(
            "passed" if found else "failed",
            f"{name} with one {before.strip()} made {after.strip()}: error {intact} before, {broken} after",
        )

    @staticmethod
    def find_image(code):
        """Where the header lies: the magic word stands in the runtime's code, too."""
        place = -1
        while (place := code.find(MAGIC, place + 1)) >= 0:
            size, whole, tables = struct.unpack_from("<I4xQQ", code, place + len(MAGIC))
            if IMAGE_HASH < size < tables < whole < len(code) - place:
                return place
        raise ValueError("the artefact has no image")

    def compare(self, artefact, name):
        """Largest error against the framework's stored outputs, of the largest value; None: it did not run."""
        script = (
            "import sys, numpy as np, mlopt\n"
            "archive = np.load(sys.argv[2])\n"
            "session = mlopt.InferenceSession(sys.argv[1], device='cuda')\n"
            "cases = sorted({k.split('in:')[0] for k in archive.files if 'in:' in k})\n"
            "worst = 0.0\n"
            "for case in cases:\n"
            "    start = case + 'in:'\n"
            "    feed = {k[len(start):]: archive[k] for k in archive.files if k.startswith(start)}\n"
            "    for out, y in zip(session.get_outputs(), session.run(None, feed)):\n"
            "        want = archive[case + 'out:' + out.name]\n"
            "        worst = max(worst, float(np.abs(y - want).max() / np.abs(want).max()))\n"
            "print(worst)\n"
        )
        found = subprocess.run(
            [sys.executable, "-c", script, str(artefact), str(HERE / "models" / f"{name}.npz")],
            capture_output=True,
            text=True,
            timeout=600,
            env={**os.environ, "PYTHONPATH": os.path.join(self.options.build_dir, "python")},
        )
        if found.returncode:
            print(found.stderr.strip()[-400:])
            return None
        return float(found.stdout)


def use_emulator(build_dir):
    """Starts this program again where the loader finds the emulator as the driver."""
    folder = os.path.join(os.path.abspath(build_dir), "test", "Cuda", "lib")
    paths = [p for p in os.environ.get("LD_LIBRARY_PATH", "").split(os.pathsep) if p]
    if paths[:1] == [folder]:
        return
    if not os.path.exists(os.path.join(folder, "libcuda.so.1")):
        sys.exit(f"cuda_models.py: {folder} has no libcuda.so.1; build mlopt-fake-cuda first")
    os.environ["LD_LIBRARY_PATH"] = os.pathsep.join([folder] + paths)
    os.execv(sys.executable, [sys.executable] + sys.argv)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--build-dir", default="build")
    parser.add_argument("--real-gpu", action="store_true", help="the machine's driver and GPU")
    parser.add_argument("--filter", default="", help="only cases whose name it finds")
    options = parser.parse_args()
    options.build_dir = os.path.abspath(options.build_dir)
    if not options.real_gpu:
        use_emulator(options.build_dir)
    sys.path.insert(0, os.path.join(options.build_dir, "python"))
    wanted = re.compile(options.filter).search
    with tempfile.TemporaryDirectory(prefix="mlopt-cuda-") as folder:
        suite = Suite(options, folder)
        for name, precisions in MODELS.items():
            for precision in precisions:
                if wanted(f"{name} in {precision}"):
                    suite.model(name, precision)
        if wanted("architectures"):
            suite.architectures()
        if wanted("damaged"):
            suite.damaged("mlp", "add.rn.f32 ", "sub.rn.f32 ")
            suite.damaged("bert", "mul.rn.f32 ", "add.rn.f32 ")
    counts = suite.counts
    print(f"{counts['passed']} passed, {counts['failed']} failed, {counts['skipped']} skipped")
    return 1 if counts["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())

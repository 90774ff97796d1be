"""What bench/gpu.py runs, and the folder in which it travels to a machine with nothing but PyTorch.

`Maker` exports and compiles, on a machine with the build; it needs PyTorch (the CPU's will do) and
the exporter, no GPU. `write` puts everything into a folder, compressed; `Bundle` reads that. Both
answer `model`, `cases` and `micro` alike.

    manifest.json      what there is, and how large each part is
    lib/, python/      the runtime and the Python package
    cases.tar.xz       small artefacts, their inputs and what the reference evaluator makes of them
    blobs/SHA.xz       artefacts and weights of the models; equal files are stored once
"""

import concurrent.futures
import hashlib
import io
import itertools
import json
import lzma
import os
import pathlib
import shutil
import subprocess
import sys
import tarfile
import types

import gpu_cases
import numpy as np
from gpu_driver import widen

FORMAT = 1
PRECISIONS = ("f16", "bf16", "tf32", "f32")
BATCHES = (1, 32)
TINY_BATCHES = (1, 2)
#: Weights repeat at distances of some rows; what is near is enough.
FILTERS = [{"id": lzma.FILTER_LZMA2, "preset": 1, "dict_size": 1 << 20}]
#: The runtime's code is in each of the cases.
CASE_FILTERS = [{"id": lzma.FILTER_LZMA2, "preset": 6, "dict_size": 64 << 20}]
ARCHITECTURES = {8: "sm_80", 9: "sm_90", 10: "sm_100", 12: "sm_100"}


class MakeError(RuntimeError):
    pass


def batches(tiny):
    return TINY_BATCHES if tiny else BATCHES


class Maker:
    """Makes artefacts in `work`, once each: what is there already is taken."""

    def __init__(self, build_dir, work, gpus, tiny, cpu="host", ptxas=None, jobs=1):
        self.mlopt = pathlib.Path(build_dir) / "bin" / "mlopt"
        if not self.mlopt.exists():
            raise MakeError(f"{self.mlopt} is not there; build mlopt or give --build-dir")
        self.work = pathlib.Path(work)
        self.work.mkdir(parents=True, exist_ok=True)
        self.tiny, self.jobs = tiny, jobs
        self.flags = [f"--gpu={gpus}", f"--cpu={cpu}", *([f"--ptxas={ptxas}"] if ptxas else [])]
        stamp = json.dumps([FORMAT, tiny, self.flags, digest(self.mlopt)])
        noted = self.work / "made-by.json"
        if not noted.exists() or noted.read_text() != stamp:
            for old in [*self.work.glob("*.so*"), *self.work.glob("*.npz")]:
                old.unlink()
            noted.write_text(stamp)

    def run(self, *arguments):
        found = subprocess.run(
            [str(self.mlopt), *map(str, arguments)], capture_output=True, text=True, check=False
        )
        if found.returncode:
            said = found.stderr.strip().splitlines()
            raise MakeError(f"mlopt {arguments[0]}: {said[0] if said else found.returncode}")

    def compile(self, source, target, *flags):
        if not target.exists():
            # Its name is in the artefact; by renaming only whole files have the right one.
            folder = target.with_suffix(".part")
            folder.mkdir(exist_ok=True)
            part = folder / target.name
            self.run(source, *self.flags, *flags, "-o", part)
            weights = part.with_name(f"{part.name}.weights")
            if weights.exists():
                weights.replace(target.with_name(weights.name))
            part.replace(target)
            shutil.rmtree(folder)
        return target

    def onnx(self, name, precision):
        """The exported model with a symbolic batch, in f32 or narrowed."""
        suffix = precision if precision in ("f16", "bf16") else "f32"
        path = self.work / f"{name}-{suffix}.onnx"
        if path.exists():
            return path
        part = path.with_suffix(".part")
        if suffix == "f32":
            export(name, part, self.tiny)
        else:
            import half
            import onnx

            onnx.save(half.narrow_model(onnx.load(self.onnx(name, "f32")), precision), part)
        part.replace(path)
        return path

    def model(self, name, precision, batch):
        """(artefact, weights)"""
        target = self.work / f"{name}-{precision}-b{batch}.so"
        flags = [f"--dim=batch={batch}", "--weights=file"]
        flags += ["--f32-matmul=tf32"] if precision == "tf32" else []
        if not target.exists():
            self.compile(self.onnx(name, precision), target, *flags)
        return target, target.with_name(f"{target.name}.weights")

    def case(self, case):
        """The artefact of a small model."""
        source = self.work / f"{case.key}.onnx"
        import onnx

        onnx.save(gpu_cases.onnx_model(case), source)
        flags = ["--f32-matmul=tf32"] if case.dtype == "tf32" else []
        return self.compile(source, self.work / f"case-{case.key}.so", *flags)

    def expected(self, case):
        """What exact arithmetic gives for each set of inputs, as f64 or integers: one .npz."""
        target = self.work / f"case-{case.key}.npz"
        if target.exists():
            return target
        found = {}
        for index in range(len(case.shapes)):
            folder = self.work / f"{case.key}.data"
            folder.mkdir(exist_ok=True)
            arguments = []
            for name, array in case.feed(index).items():
                bits = array.view("V2") if array.dtype == np.uint16 else array
                np.save(folder / f"{name}.npy", bits)
                arguments.append(f"--input={name}:@{folder / name}.npy")
            self.run(
                "eval",
                self.work / f"{case.key}.onnx",
                "--mode=exact",
                *arguments,
                f"--output=@{folder}/out.npz",
            )
            ((_, array),) = np.load(folder / "out.npz").items()
            found[str(index)] = widen(array.view(np.uint16)) if array.dtype.kind == "V" else array
            shutil.rmtree(folder)
        np.savez(target, **found)
        return target

    def cases(self):
        """[(case, artefact, expected)]"""

        def make(case):
            return case, self.case(case), self.expected(case)

        return self._parallel(make, gpu_cases.conformance(self.tiny))

    def micro(self):
        """{key: artefact}, the chains among them."""
        wanted = [m.case for m in gpu_cases.micro(self.tiny)]
        wanted += [gpu_cases.chain(n) for n in gpu_cases.CHAINS]
        return dict(self._parallel(lambda c: (c.key, self.case(c)), wanted))

    @property
    def made_by(self):
        return digest(self.mlopt)

    def prefetch(self, name, precision, batch):
        """Nothing: what is not made yet is made when it is asked for."""

    def forget(self, name, precision, batch):
        """Nothing: what is made stays for the next call."""

    def _parallel(self, make, wanted):
        with concurrent.futures.ThreadPoolExecutor(self.jobs) as pool:
            return list(pool.map(make, wanted))


def export(name, path, tiny):
    """Writes one of gpu_models.MODELS with a symbolic batch."""
    import logging
    import warnings

    import gpu_models
    import models
    import torch

    warnings.filterwarnings("ignore")
    for noisy in ("torch.onnx._internal.exporter._registration", "onnxscript", "onnx_ir"):
        logging.getLogger(noisy).setLevel(logging.ERROR)
    feed = {k: torch.from_numpy(v) for k, v in gpu_models.example(name, 2, tiny).items()}
    example = types.SimpleNamespace(
        module=gpu_models.build(name, tiny),
        cases=[feed],
        outputs=list(gpu_models.MODELS[name].outputs),
        dynamic={key: {0: "batch"} for key in feed},
        optimize=True,
    )
    said = sys.stdout
    sys.stdout = io.StringIO()  # the exporter's progress
    try:
        models.export(f"gpu-{name}", example, path)
    finally:
        sys.stdout = said


def digest(path):
    value = hashlib.sha256()
    with open(path, "rb") as stream:
        while block := stream.read(1 << 22):
            value.update(block)
    return value.hexdigest()


# -- the folder --


def write(maker, folder, build_dir, names, precisions, limit, with_onnx=False, say=print):
    """Puts everything into `folder`; models that an earlier call has put there stay.
    `limit`: bytes at which no further model is added."""
    folder = pathlib.Path(folder)
    (folder / "blobs").mkdir(parents=True, exist_ok=True)
    path = folder / "manifest.json"
    made_by = maker.made_by
    manifest = json.loads(path.read_text()) if path.exists() else {}
    if (manifest.get("made_by"), manifest.get("tiny"), manifest.get("flags")) != (
        made_by,
        maker.tiny,
        maker.flags,
    ):
        manifest = {"models": {}}
    manifest.update(format=FORMAT, made_by=made_by, tiny=maker.tiny, flags=maker.flags)
    copy_runtime(build_dir, folder)

    def save():
        path.write_text(json.dumps(manifest, indent=1))

    def blob(source):
        name = digest(source)
        target = folder / "blobs" / f"{name}.xz"
        if not target.exists():
            compress(source, target)
        return {"blob": name, "bytes": os.path.getsize(source), "packed": target.stat().st_size}

    def make(name, precision, batch):
        artefact, weights = maker.model(name, precision, batch)
        parts = {"artefact": blob(artefact), "weights": blob(weights)}
        if with_onnx and precision != "bf16":
            parts["onnx"] = blob(maker.onnx(name, precision))
        for part in (artefact, weights):
            part.unlink()  # 50 of them are more than a disk has to spare
        return parts

    write_cases(maker, folder / "cases.tar.xz")
    room = limit - (folder / "cases.tar.xz").stat().st_size - total(folder / "lib")
    failed = manifest["failed"] = {}
    # What is judged is first, and what a limit leaves out is last.
    for precision, name, batch in itertools.product(precisions, names, batches(maker.tiny)):
        key = f"{name}-{precision}-b{batch}"
        if key in manifest["models"]:
            continue
        if total(folder / "blobs") > room:
            failed[key] = "left out: the bundle has reached its size"
            continue
        try:
            parts = manifest["models"][key] = make(name, precision, batch)
        except MakeError as error:
            failed[key] = str(error)
            say(f"{key}: {error}")
            continue
        sizes = (f"{p['bytes'] / 1e6:.1f} MB as {p['packed'] / 1e6:.2f}" for p in parts.values())
        say(f"{key}: {', '.join(sizes)}")
        save()
    used = {part["blob"] for model in manifest["models"].values() for part in model.values()}
    for old in (folder / "blobs").glob("*.xz"):
        if old.name[: -len(".xz")] not in used:
            old.unlink()
    manifest["sizes"] = {
        "artefacts and weights": total(folder / "blobs"),
        "cases": (folder / "cases.tar.xz").stat().st_size,
        "runtime and package": total(folder / "lib") + total(folder / "python"),
    }
    save()
    return manifest


def write_cases(maker, target):
    part = target.with_suffix(".part")
    options = {"format": lzma.FORMAT_XZ, "filters": CASE_FILTERS}
    with lzma.open(part, "wb", **options) as out, tarfile.open(fileobj=out, mode="w|") as archive:
        for case, artefact, expected in maker.cases():
            archive.add(expected, f"cases/{case.key}.npz")
            archive.add(artefact, f"cases/{case.key}.so")
        for key, artefact in maker.micro().items():
            archive.add(artefact, f"micro/{key}.so")
    part.replace(target)


def copy_runtime(build_dir, folder):
    build_dir = pathlib.Path(build_dir)
    (folder / "lib").mkdir(exist_ok=True)
    shutil.copyfile(build_dir / "lib" / "libmlopt_rt.so", folder / "lib" / "libmlopt_rt.so")
    package = folder / "python" / "mlopt"
    package.mkdir(parents=True, exist_ok=True)
    for source in (build_dir / "python" / "mlopt").glob("*.py"):
        shutil.copyfile(source, package / source.name)


def compress(source, target):
    part = target.with_suffix(".part")
    with open(source, "rb") as stream, lzma.open(
        part, "wb", format=lzma.FORMAT_XZ, filters=FILTERS
    ) as out:
        shutil.copyfileobj(stream, out, 1 << 22)
    part.replace(target)


def total(folder):
    return sum(p.stat().st_size for p in pathlib.Path(folder).rglob("*") if p.is_file())


class Bundle:
    """Reads what `write` made; files come to life in `work`."""

    def __init__(self, folder, work):
        self.folder, self.work = pathlib.Path(folder), pathlib.Path(work)
        try:
            self.manifest = json.loads((self.folder / "manifest.json").read_text())
        except (OSError, ValueError) as error:
            raise MakeError(f"{folder} is no bundle: {error}; make one with --prepare") from None
        if self.manifest.get("format") != FORMAT or "sizes" not in self.manifest:
            raise MakeError(
                f"{folder} is unfinished or of another version; make it again with --prepare"
            )
        self.tiny, self.made_by = self.manifest["tiny"], self.manifest["made_by"]
        self._pool = concurrent.futures.ThreadPoolExecutor(4)
        self._open = {}
        self._cases = self._pool.submit(self._unpack)

    def names(self):
        return list(dict.fromkeys(key.split("-")[0] for key in self.manifest["models"]))

    def _unpack(self):
        folder = self.work / "small"
        if not folder.exists():
            part = folder.with_suffix(".part")
            with tarfile.open(self.folder / "cases.tar.xz") as archive:
                archive.extractall(part, filter="data")
            part.replace(folder)

    def prefetch(self, name, precision, batch):
        """Starts to unpack a model in the background."""
        parts = self.manifest["models"].get(f"{name}-{precision}-b{batch}", {})
        for part in parts.values():
            if part["blob"] not in self._open:
                self._open[part["blob"]] = self._pool.submit(self._expand, part["blob"])

    def _expand(self, name):
        target = self.work / name
        if not target.exists():
            part = target.with_suffix(".part")
            source = self.folder / "blobs" / f"{name}.xz"
            with lzma.open(source) as stream, open(part, "wb") as out:
                shutil.copyfileobj(stream, out, 1 << 22)
            part.replace(target)
        return target

    def model(self, name, precision, batch):
        key = f"{name}-{precision}-b{batch}"
        if key not in self.manifest["models"]:
            raise MakeError(self.manifest.get("failed", {}).get(key, f"the bundle has no {key}"))
        self.prefetch(name, precision, batch)
        parts = self.manifest["models"][key]
        return tuple(self._open[parts[p]["blob"]].result() for p in ("artefact", "weights"))

    def onnx(self, name, precision):
        """The model's file, None where the bundle has none."""
        key = f"{name}-{precision}-b{batches(self.tiny)[0]}"
        part = self.manifest["models"].get(key, {}).get("onnx")
        return self._expand(part["blob"]) if part else None

    def forget(self, name, precision, batch):
        """Deletes the artefact of a model; weights stay for those that share them."""
        artefact = self.manifest["models"][f"{name}-{precision}-b{batch}"]["artefact"]["blob"]
        if artefact in self._open:
            self._open.pop(artefact).result().unlink()

    def cases(self):
        self._cases.result()
        folder = self.work / "small" / "cases"
        known = gpu_cases.conformance(self.tiny)
        return [(c, folder / f"{c.key}.so", folder / f"{c.key}.npz") for c in known]

    def micro(self):
        self._cases.result()
        return {p.stem: p for p in sorted((self.work / "small" / "micro").glob("*.so"))}

"""The steps of bench/gpu.py, done one after the other in a process of their own.

A step that leaves the GPU in error ends the process with status RESTART; the parent starts another
one, which goes on with the next.
"""

import copy
import datetime
import json
import os
import pathlib
import platform
import subprocess
import time
import traceback

from gpu_results import JUDGED, Refusal, row_key

#: Largest error of a model that passes, of the largest value, against PyTorch in f32.
MODEL_ERRORS = {"f32": 1e-4, "tf32": 1e-2, "f16": 1e-2, "bf16": 6e-2}
NAMES = ("bert", "resnet50", "gpt2", "vit", "mobilenetv2", "convnext", "lstm")
SECTIONS = ("launch", "conformance", "judged", "micro", "eager", "compile")
#: Seconds without which a step of a section is not begun.
NEEDED = {"launch": 5, "conformance": 2, "judged": 60, "micro": 5, "eager": 12, "compile": 60}
RESTART = 9
#: As an error; JSON has no infinity.
NOT_COMPARABLE = 1e30


def steps(options, tiny):
    """[(section, key, arguments)] in the order of what matters most."""
    import gpu_bundle
    import gpu_cases

    torch_modes = ("eager", "compile", "reduce-overhead")
    sizes = gpu_bundle.batches(tiny)
    found = [("launch", "launch", ())]
    found += [("conformance", f"case/{c.key}", (c,)) for c in gpu_cases.conformance(tiny)]
    for name in JUDGED:
        for batch in sizes:
            found.append(
                ("judged", f"row/{row_key(name, 'f16', batch)}", (name, "f16", batch, torch_modes))
            )
    found += [("micro", f"micro/{m.case.key}", (m,)) for m in gpu_cases.micro(tiny)]
    found += [("micro", "micro/chain", ())]
    rest = [
        (name, precision, batch)
        for name in NAMES
        for precision in gpu_bundle.PRECISIONS
        for batch in sizes
        if not (name in JUDGED and precision == "f16")
    ]
    found += [("eager", f"row/{row_key(*row)}", (*row, ("eager",))) for row in rest]
    found += [("compile", f"row/{row_key(*row)}+compile", (*row, torch_modes)) for row in rest]
    picked = []
    for section, key, arguments in found:
        if options.only and section not in options.only:
            continue
        if key.startswith("row/") and (
            arguments[0] not in options.models or arguments[1] not in options.precisions
        ):
            continue
        picked.append((section, key, arguments))
    return picked


class Worker:
    """Does steps until something breaks the GPU's context; the parent starts another one then."""

    def __init__(self, options, results):
        self.options, self.results = options, results
        import gpu_driver

        self.driver = gpu_driver.Driver()
        self.store = open_store(options, self.driver)
        self._modules, self._cases = {}, {}

    def run(self):
        deadline = float(os.environ["MLOPT_BENCH_DEADLINE"])
        self.results.begin(self.identity())
        self.results.save()
        todo = steps(self.options, self.store.tiny)
        todo = [s for s in todo if self.results.state(s[1]) is None]
        # What is made or unpacked for all steps of a kind is none of the first one's time.
        if any(section == "conformance" for section, _, _ in todo):
            self.store.cases()
        if any(section == "micro" for section, _, _ in todo):
            self.store.micro()
        for at, (section, key, arguments) in enumerate(todo):
            if self.driver.emulated:
                if section == "compile":
                    continue  # PyTorch is on the CPU here
            elif time.time() + NEEDED[section] > deadline:
                continue
            for _, _, later in todo[at : at + 2]:
                if len(later) == 4:
                    self.store.prefetch(*later[:3])
            start = time.time()
            self.results.mark(key, "running", since=start)
            try:
                getattr(self, f"do_{section}")(*arguments)
            except Exception as error:
                said = f"{type(error).__name__}: {error}"
                self.results.mark(key, "failed", error=said[:400])
                print(f"failed: {key}: {said[:400]}", flush=True)
                if self.options.verbose:
                    traceback.print_exc()
                if self.is_broken():
                    return RESTART
                continue
            self.results.mark(key, "done", seconds=round(time.time() - start, 1))
        return 0

    def is_broken(self):
        try:
            self.driver.wait_all()
        except RuntimeError:
            return True
        return False

    def identity(self):
        try:
            import gpu_peers

            versions = gpu_peers.versions()
        except ImportError:  # conformance needs no PyTorch
            versions = {"torch": None}
        driver = self.driver
        return {
            "emulated": driver.emulated,
            "card": driver.name,
            "tiny": self.store.tiny,
            "made_by": self.store.made_by,
            "date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC"),
            "driver": nvidia_smi("driver_version"),
            "driver_cuda": f"{driver.version // 1000}.{driver.version % 1000 // 10}",
            "architecture": driver.arch,
            "memory_bytes": driver.memory,
            "attributes": driver.attributes,
            "versions": {"python": platform.python_version(), **versions},
        }

    # launch

    def do_launch(self):
        import gpu_measure

        found = gpu_measure.node_costs(self.driver)
        size = 1 << 20 if self.driver.emulated else 1 << 30
        found["copy_gb_s"] = gpu_measure.copy_bandwidth(self.driver, size)
        found["datasheet"] = gpu_measure.datasheet(self.driver.name)
        self.results.data["launch"] = found
        print(f"launch: {json.dumps(found)}", flush=True)

    # conformance

    def do_conformance(self, case):
        import gpu_driver
        import numpy as np

        artefact, expected = self.small(case)
        expected = np.load(expected)
        worst = 0.0
        # Several sets of sizes are several sessions of one artefact.
        for index in range(len(case.shapes)):
            model = gpu_driver.Artefact(self.driver, artefact, case.feed(index))
            try:
                for _ in range(2):  # as launches, then as a graph
                    model.enqueue()
                (got,) = model.results().values()
            finally:
                model.close()
            worst = max(worst, error_of(got, expected[str(index)]))
        ok = worst <= case.bound
        self.results.data["conformance"][case.key] = {"error": worst, "bound": case.bound, "ok": ok}
        if not ok:
            print(f"wrong: {case.key}: error {worst:.3g}, at most {case.bound:.3g}", flush=True)

    def small(self, case):
        if not self._cases:
            self._cases = {
                c.key: (artefact, expected) for c, artefact, expected in self.store.cases()
            }
        return self._cases[case.key]

    # models

    def do_judged(self, *row):
        self.do_row(*row)

    def do_eager(self, *row):
        self.do_row(*row)

    def do_compile(self, *row):
        self.do_row(*row)

    def do_row(self, name, precision, batch, modes):
        import gpu_driver
        import gpu_measure
        import gpu_models
        import gpu_peers
        import numpy as np

        tiny, driver = self.store.tiny, self.driver
        module = self.module(name)
        artefact, weights = self.store.model(name, precision, batch)
        feed = gpu_models.example(name, batch, tiny)
        wanted = gpu_peers.Torch(name, module(), feed, "f32", None)
        expected = wanted.results(name)
        work = gpu_peers.flops(module(), feed)
        del wanted
        row = {"model": name, "precision": precision, "batch": batch, "engines": {}}
        engines, held = {}, []
        narrow = {"f16": lambda a: a.astype(np.float16), "bf16": gpu_driver.narrow}
        convert = narrow.get(precision, lambda a: a)
        ours = {k: convert(v) if v.dtype == np.float32 else v for k, v in feed.items()}
        model = gpu_driver.Artefact(driver, artefact, ours, weights=str(weights))
        try:
            for _ in range(1 if driver.emulated else 3):
                model.enqueue()
            errors = worst_error(model.results(), expected)
            compulsory = gpu_peers.weight_bytes(module(), precision)
            compulsory += model.io_bytes()
            row.update(flops=work, compulsory_bytes=compulsory)
            row["engines"]["mlopt"] = {
                "error": errors,
                "launches": model.launches,
                "arena_bytes": model.arena_bytes,
                "target": model.target,
            }
            engines["mlopt"] = model.enqueue, model.stream
            for mode in modes if not driver.emulated else ("eager",):
                start = time.time()
                try:
                    peer = gpu_peers.Torch(name, module(), feed, precision, gpu_peers.TORCH[mode])
                except Exception as error:  # one engine's refusal must not hide the others
                    row["engines"][mode] = {"failed": f"{type(error).__name__}: {error}"[:300]}
                    continue
                found = {"error": worst_error(peer.results(name), expected)}
                found["ready_s"] = round(time.time() - start, 1)
                if not driver.emulated:
                    found["kernels"] = attempt(peer.kernels)
                    engines[mode] = peer.enqueue, peer.stream
                row["engines"][mode] = found
                held.append(peer)
            if "compile" in modes and not driver.emulated:
                self.add_onnxruntime(row, engines, held, feed)
            seconds = self.options.seconds
            for engine, times in gpu_measure.measure(driver, engines, seconds).items():
                row["engines"][engine].update(times)
                row["engines"][engine].update(achieved(times, work, compulsory))
            if not driver.emulated and "compile" in modes:
                slowest = sorted(model.profile(), key=lambda k: -k[1])[:20]
                row["engines"]["mlopt"]["slowest_launches_us"] = slowest
        finally:
            model.close()
            self.store.forget(name, precision, batch)
        own = row["engines"].get("eager", {}).get("error") or 0.0
        row["error_bound"] = max(MODEL_ERRORS[precision], 2 * own)
        row["ok"] = errors <= row["error_bound"]
        self.results.data["rows"][row_key(name, precision, batch)] = row
        show_row(row)

    def module(self, name):
        """A function that copies the PyTorch module of a model: making its weights takes longer."""
        import gpu_models

        if name not in self._modules:
            self._modules = {name: gpu_models.build(name, self.store.tiny)}
        return lambda: copy.deepcopy(self._modules[name])

    def add_onnxruntime(self, row, engines, held, feed):
        import gpu_peers

        path = self.store.onnx(row["model"], row["precision"])
        if path is None or row["precision"] == "bf16":  # NumPy's inputs know no bf16
            return
        for name, provider in gpu_peers.ORT.items():
            try:
                peer = gpu_peers.OnnxRuntime(path, feed, row["precision"], provider)
            except Exception as error:
                row["engines"][name] = {"absent": f"{type(error).__name__}: {error}"[:300]}
                continue
            row["engines"][name] = {}
            engines[name] = peer.enqueue, peer.stream
            held.append(peer)

    # kernels one by one

    def do_micro(self, micro=None):
        import gpu_driver
        import gpu_measure
        import gpu_peers

        if micro is None:
            return self.do_chain()
        case, driver = micro.case, self.driver
        model = gpu_driver.Artefact(driver, self.store.micro()[case.key], case.feed(0))
        try:
            model.enqueue()
            enqueue, stream, result = gpu_peers.micro(micro)
            (got,) = model.results().values()
            engines = {"mlopt": (model.enqueue, model.stream)}
            found = {"error": error_of(got, result()), "launches": model.launches, "engines": {}}
            if not driver.emulated:
                engines["torch"] = enqueue, stream
            for name, times in gpu_measure.measure(driver, engines, 0.2, 0.1).items():
                found["engines"][name] = {**times, **achieved(times, micro.flops, micro.moved)}
        finally:
            model.close()
        found["error_bound"] = 2 * case.bound  # both have rounded
        found["ok"] = found["error"] <= found["error_bound"]
        self.results.data["micro"][case.key] = found
        show_micro(case.key, micro, found, self.results.data.get("launch"))

    def do_chain(self):
        """What a node of a graph costs, and one of a stream, by chains of two lengths."""
        import gpu_cases
        import gpu_driver
        import gpu_measure

        found = {}
        for graph in (True, False):
            times = []
            for length in gpu_cases.CHAINS:
                case = gpu_cases.chain(length)
                path = self.store.micro()[case.key]
                model = gpu_driver.Artefact(self.driver, path, case.feed(0), graph=graph)
                model.enqueue()
                engine = {"mlopt": (model.enqueue, model.stream)}
                figure = gpu_measure.measure(self.driver, engine, 0.2)["mlopt"]
                times.append((model.launches, figure["gpu"]["median_us"]))
                model.close()
            (few, short), (many, long) = times
            key = "graph" if graph else "stream"
            found[f"{key}_node_us"] = (long - short) / max(many - few, 1)
            found["launches"] = [few, many]
        self.results.data["micro"]["chain"] = found
        print(f"chain: {json.dumps(found)}", flush=True)


def attempt(function):
    try:
        return function()
    except Exception as error:
        return f"{type(error).__name__}: {error}"[:200]


def error_of(got, wanted):
    """Largest difference, of the largest value; integers must be equal. NOT_COMPARABLE where a
    number is none or the shape another."""
    import numpy as np

    got, wanted = np.asarray(got), np.asarray(wanted)
    if got.shape != wanted.shape:
        return NOT_COMPARABLE
    if not got.size:
        return 0.0
    if got.dtype.kind in "iub":
        return 0.0 if np.array_equal(got, wanted) else NOT_COMPARABLE
    difference = np.abs(got.astype(np.float64) - wanted.astype(np.float64)).max()
    error = float(difference / max(np.abs(wanted.astype(np.float64)).max(), 1e-30))
    return min(error, NOT_COMPARABLE) if error == error else NOT_COMPARABLE


def worst_error(got, expected):
    return max(error_of(got[name], value) for name, value in expected.items())


def achieved(times, flops, moved):
    span = times["gpu"]["median_us"]
    return {"tflop_s": flops / span / 1e6, "gb_s": moved / span / 1e3}


def show_row(row):
    cells = []
    for engine, found in row["engines"].items():
        if "latency" in found:
            cells.append(
                f"{engine} {found['latency']['median_us']:.0f}/{found['gpu']['median_us']:.0f}"
            )
        elif "failed" in found:
            cells.append(f"{engine} failed")
    ours = row["engines"]["mlopt"]
    key = row_key(row["model"], row["precision"], row["batch"])
    wrong = "" if row["ok"] else " WRONG"
    print(
        f"{key}: us (wall/GPU) {', '.join(cells)}; {ours['launches']} launches, "
        f"error {ours['error']:.1e}{wrong}",
        flush=True,
    )


def show_micro(key, micro, found, launch):
    text = []
    for engine, times in found["engines"].items():
        span = f"{engine} {times['gpu']['median_us']:.1f} us"
        if micro.flops:
            span += f" {times['tflop_s']:.1f} TFLOP/s"
        else:
            share = times["gb_s"] / launch["copy_gb_s"] if launch else 0
            span += f" {times['gb_s']:.0f} GB/s ({share:.2f} of copy)"
        text.append(span)
    print(f"{key}: {', '.join(text)}; error {found['error']:.1e}", flush=True)


def nvidia_smi(field):
    try:
        found = subprocess.run(
            ["nvidia-smi", f"--query-gpu={field}", "--format=csv,noheader"],
            capture_output=True, text=True, timeout=20, check=True,
        )  # fmt: skip
        return found.stdout.splitlines()[0].strip()
    except (OSError, subprocess.SubprocessError, IndexError):
        return None


def open_store(options, driver=None):
    import gpu_bundle

    if options.bundle:
        return gpu_bundle.Bundle(options.bundle, options.work)
    gpus = gpu_bundle.ARCHITECTURES.get(driver.attributes["major"])
    if gpus is None:
        raise Refusal(f"mlopt has no code for {driver.arch}; expected sm_80 or newer")
    kind = "gpu-tiny" if options.tiny else "gpu"
    work = pathlib.Path(options.build_dir) / kind
    ptxas = "none" if driver.emulated else None
    jobs = os.cpu_count() or 1
    return gpu_bundle.Maker(options.build_dir, work, gpus, options.tiny, ptxas=ptxas, jobs=jobs)

#!/usr/bin/env python3
"""Measures training steps of mlopt, PyTorch eager and torch.compile: time and memory, interleaved.

    train.py [--threads 1,2] [--seconds 3] [--no-compile] [--json FILE] [--check] [MODEL...]

Models: mlp, cnn, encoder, bert (BERT-base for classification, batch 8, sequence 64). All f32, all
with AdamW at PyTorch's defaults (bert and encoder: the issue's own optimizer), the same initial
weights, data and order. Each engine runs in a process of its own, pinned to the same CPUs; the
parent lets one of them at a time take a block of steps, round after round, so that drift of the
machine meets all alike. Reported per step: the median and the 10th and 90th percentile, and the
growth of the process from after its imports, before the model is there, to its peak (VmHWM).
PyTorch gets a batch that is a tensor already; nothing is read, shuffled or copied for it.

mlopt: `mlopt train` compiles the model that PyTorch exported in training mode (time and memory of
compiling stand beside, not in, the step's); the step runs through mlopt.TrainingSession.
The losses of the first steps must agree to 1e-3 (relative), else the row is marked.

--check: exit status 1 where mlopt takes longer or more memory than PyTorch eager.
Needs torch; bert also transformers; onnxscript to export.
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

ROUNDS, AGREE = 7, 5


# ---------------------------------------------------------------------------------------------
# Models
# ---------------------------------------------------------------------------------------------


def build(name):
    """The module, its inputs by name, and the targets."""
    import numpy as np
    import torch
    from torch import nn

    torch.manual_seed(3)
    random = np.random.default_rng(5)
    if name == "mlp":
        module = nn.Sequential(nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 512), nn.ReLU(), nn.Linear(512, 10))
        return module, {"x": random.standard_normal((64, 784)).astype("f")}, random.integers(0, 10, 64)
    if name == "cnn":

        class Cnn(nn.Module):
            def __init__(self):
                super().__init__()
                self.conv1, self.norm1 = nn.Conv2d(1, 32, 3, padding=1), nn.BatchNorm2d(32)
                self.conv2, self.norm2 = nn.Conv2d(32, 64, 3, padding=1), nn.BatchNorm2d(64)
                self.conv3, self.norm3 = nn.Conv2d(64, 64, 3, stride=2, padding=1), nn.BatchNorm2d(64)
                self.head = nn.Linear(64, 10)

            def forward(self, x):
                x = torch.max_pool2d(torch.relu(self.norm1(self.conv1(x))), 2)
                x = torch.relu(self.norm2(self.conv2(x)))
                x = torch.relu(self.norm3(self.conv3(x)))
                return self.head(x.mean((2, 3)))

        return Cnn(), {"x": random.standard_normal((32, 1, 28, 28)).astype("f")}, random.integers(0, 10, 32)
    if name == "encoder":

        class Encoder(nn.Module):
            def __init__(self):
                super().__init__()
                self.embedding = nn.Embedding(1000, 256)
                self.position = nn.Parameter(torch.randn(64, 256) * 0.1)
                layer = nn.TransformerEncoderLayer(256, 4, 1024, dropout=0.0, batch_first=True, activation="gelu")
                self.encoder = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
                self.head = nn.Linear(256, 10)

            def forward(self, x):
                return self.head(self.encoder(self.embedding(x) + self.position).mean(1))

        return Encoder(), {"x": random.integers(0, 1000, (8, 64))}, random.integers(0, 10, 8)
    from transformers import BertConfig, BertForSequenceClassification

    class Bert(nn.Module):
        def __init__(self):
            super().__init__()
            config = BertConfig(hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0, num_labels=4)
            self.bert = BertForSequenceClassification(config)

        def forward(self, input_ids, attention_mask):
            return self.bert(input_ids=input_ids, attention_mask=attention_mask).logits

    mask = np.ones((8, 64), np.int64)
    mask[::2, 50:] = 0
    return Bert(), {"input_ids": random.integers(0, 30522, (8, 64)), "attention_mask": mask}, random.integers(0, 4, 8)


NAMES = ["mlp", "cnn", "encoder", "bert"]
RATE = {"mlp": 1e-3, "cnn": 1e-3, "encoder": 5e-4, "bert": 2e-5}


def export(name, path):
    """In a process of its own: writes the model and its data."""
    import numpy as np
    import torch

    module, inputs, target = build(name)
    with torch.no_grad():
        program = torch.onnx.export(
            module.train(), tuple(torch.from_numpy(v) for v in inputs.values()), dynamo=True, verbose=False,
            optimize=False, input_names=list(inputs), output_names=["logits"])
    program.save(path + ".onnx", external_data=False)
    np.savez(path + ".npz", target=target, **inputs)


# ---------------------------------------------------------------------------------------------
# One engine, in a process of its own: commands on standard input, JSON on standard output
# ---------------------------------------------------------------------------------------------


def memory(field):
    """Bytes of a field of /proc/self/status."""
    for line in pathlib.Path("/proc/self/status").read_text().splitlines():
        if line.startswith(field + ":"):
            return int(line.split()[1]) * 1024
    raise RuntimeError(f"no {field}")


def forget_peak():
    """From now on VmHWM is the peak since now."""
    pathlib.Path("/proc/self/clear_refs").write_text("5")


def eager(name, threads, compiled):
    import numpy  # noqa: F401
    import torch
    import torch.onnx  # noqa: F401

    if name == "bert":
        import transformers  # noqa: F401
    torch.set_num_threads(threads)
    yield
    module, inputs, target = build(name)
    inputs = [torch.from_numpy(v) for v in inputs.values()]
    target = torch.from_numpy(target)
    module.train()
    optimizer = torch.optim.AdamW(module.parameters(), lr=RATE[name])
    forward = torch.compile(module) if compiled else module

    def step():
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(forward(*inputs), target)
        loss.backward()
        optimizer.step()
        return loss.item()

    yield step


def compiled_step(path, threads):
    import numpy as np

    import mlopt

    yield
    data = dict(np.load(path + ".npz"))
    session = mlopt.TrainingSession(path + ".so", num_threads=threads)
    session.init()
    yield lambda: session.step(data)


def child(engine, name, path, threads):
    answer = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    if engine == "mlopt":
        run = compiled_step(path, threads)
    else:
        run = eager(name, threads, engine == "torch.compile")
    next(run)
    forget_peak()
    before = memory("VmRSS")
    start = time.perf_counter()
    step = next(run)
    losses = [step() for _ in range(AGREE)]
    print(json.dumps({"load": time.perf_counter() - start, "losses": losses}), file=answer, flush=True)
    for line in sys.stdin:
        seconds, times = float(line), []
        end = time.perf_counter() + seconds
        while not times or time.perf_counter() < end:
            start = time.perf_counter()
            step()
            times.append(time.perf_counter() - start)
        print(json.dumps({"times": times, "growth": memory("VmHWM") - before}), file=answer, flush=True)


# ---------------------------------------------------------------------------------------------
# The parent
# ---------------------------------------------------------------------------------------------


class Engine:
    def __init__(self, engine, name, path, threads):
        self.engine, self.times, self.growth = engine, [], 0
        cpus = ",".join(str(c) for c in sorted(os.sched_getaffinity(0))[:threads])
        environment = dict(os.environ, OMP_NUM_THREADS=str(threads), MKL_NUM_THREADS=str(threads))
        self.process = subprocess.Popen(
            ["taskset", "-c", cpus, sys.executable, __file__, "--child", engine, name, path, str(threads)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
        first = self.process.stdout.readline()
        if not first:
            self.process.kill()
            raise RuntimeError(self.process.stderr.read().strip().splitlines()[-1:])
        self.first = json.loads(first)

    def block(self, seconds):
        self.process.stdin.write(f"{seconds}\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        # The first steps of a block wake threads and caches.
        times = answer["times"]
        self.times += times[min(2, len(times) - 1):]
        self.growth = answer["growth"]

    def stop(self):
        self.process.stdin.close()
        self.process.wait()


def quantile(values, q):
    return sorted(values)[min(len(values) - 1, int(q * len(values)))]


def measure(name, threads, arguments, folder):
    path = os.path.join(folder, name)
    rows, engines = [], {}
    peers = ["torch eager"] + ([] if arguments.no_compile else ["torch.compile"])
    for engine in ["mlopt", *peers]:
        try:
            engines[engine] = Engine(engine, name, path, threads)
        except RuntimeError as error:
            rows.append({"model": name, "threads": threads, "engine": engine, "error": str(error)})
    for _ in range(ROUNDS):
        for engine in engines.values():
            engine.block(arguments.seconds / ROUNDS)
    for engine in engines.values():
        engine.stop()
    base = engines.get("torch eager")
    for key, engine in engines.items():
        row = {"model": name, "threads": threads, "engine": key, "median": statistics.median(engine.times),
               "p10": quantile(engine.times, 0.1), "p90": quantile(engine.times, 0.9), "growth": engine.growth,
               "steps": len(engine.times), "load": engine.first["load"]}
        if base is not None:
            row["time_ratio"] = row["median"] / statistics.median(base.times)
            row["memory_ratio"] = engine.growth / base.growth
            row["loss_difference"] = max(
                abs(a - b) / abs(b) for a, b in zip(engine.first["losses"], base.first["losses"]))
        rows.append(row)
    return rows


def show(row):
    head = f"{row['model']:8s} {row['threads']:2d}  {row['engine']:14s}"
    if "error" in row:
        print(f"{head} not measured: {row['error']}", flush=True)
        return
    text = (f"{head} {row['median'] * 1e3:9.3f} ms [{row['p10'] * 1e3:.3f}, {row['p90'] * 1e3:.3f}]"
            f"  +{row['growth'] / 1e6:7.1f} MB")
    if "time_ratio" in row:
        text += f"  time x{row['time_ratio']:.2f}  memory x{row['memory_ratio']:.2f}"
        if row["loss_difference"] > 1e-3:
            text += f"  LOSSES DIFFER by {row['loss_difference']:.1e}"
    print(text, flush=True)


def main():
    if sys.argv[1:2] == ["--child"]:
        engine, name, path, threads = sys.argv[2:]
        return child(engine, name, path, int(threads))
    if sys.argv[1:2] == ["--export"]:
        return export(*sys.argv[2:])
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", nargs="*", metavar="MODEL", help=", ".join(NAMES))
    parser.add_argument("--threads", default="1,2", help="numbers of threads (default 1,2)")
    parser.add_argument("--seconds", type=float, default=3, help="of measuring per engine (default 3)")
    parser.add_argument("--no-compile", action="store_true", help="leave torch.compile out")
    parser.add_argument("--check", action="store_true", help="exit status 1 where PyTorch eager is better")
    parser.add_argument("--mlopt", default="mlopt", help="the compiler (default: mlopt of the path)")
    parser.add_argument("--flag", action="append", default=[], help="another option of mlopt train")
    parser.add_argument("--json", type=pathlib.Path)
    arguments = parser.parse_args()
    if unknown := [name for name in arguments.models if name not in NAMES]:
        parser.error(f"no model is called {unknown[0]!r}; there are {', '.join(NAMES)}")
    rows, missed = [], []
    with tempfile.TemporaryDirectory() as folder:
        for name in arguments.models or NAMES:
            path = os.path.join(folder, name)
            exported = subprocess.run([sys.executable, __file__, "--export", name, path],
                                      stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
            if exported.returncode:
                sys.exit(f"train.py: cannot export {name}: {exported.stderr.strip().splitlines()[-1]}")
            start = time.perf_counter()
            subprocess.run([arguments.mlopt, "train", path + ".onnx", "--loss=cross_entropy", "--optimizer=adamw",
                            f"--lr={RATE[name]}", *arguments.flag, "-o", path + ".so"], check=True)
            print(f"{name}: compiled in {time.perf_counter() - start:.1f} s", flush=True)
            for threads in map(int, arguments.threads.split(",")):
                for row in measure(name, threads, arguments, folder):
                    show(row)
                    rows.append(row)
                    if row["engine"] == "mlopt" and not (
                            row.get("time_ratio", 9) <= 1 and row.get("memory_ratio", 9) < 1
                            and row.get("loss_difference", 9) <= 1e-3):
                        missed.append(f"{name} at {threads} threads")
            for suffix in (".onnx", ".so", ".npz"):
                os.remove(path + suffix)
    if arguments.json:
        arguments.json.write_text(json.dumps(rows, indent=1) + "\n")
    if arguments.check:
        print("missed: " + ", ".join(missed) if missed else "at most PyTorch eager's time and less memory everywhere")
        sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()

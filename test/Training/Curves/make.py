#!/usr/bin/env python3
"""Makes the models, data and PyTorch's loss curves that curves.py compares with.

    make.py [--out DIR] [MODEL...]       needs torch, onnx and onnxscript

For each model MODEL.onnx (initial weights, symbolic batch, exported in training mode) and MODEL.npz:
`x`, `target` (64 samples, taken in order, 16 at a time, from the start again after the last), and
for each optimizer `OPTIMIZER/f32` and `OPTIMIZER/f64` (the loss of steps 0 to 99 as PyTorch computes
it in that type), `OPTIMIZER/lr`, and for SGD the weights after step 99 in f64, `sgd/after/NAME`. (Not for
AdamW: a key's bias, or one in front of a batch norm, has no influence. Its gradient is rounding
noise, and AdamW makes of it steps as large as any.)
Fails where PyTorch's own two curves differ by more than 5e-5 (relative), or the loss does not fall
by half: such a curve would test the learning rate and not the compiler.
"""

import argparse
import copy
import pathlib
import sys
import warnings

import numpy as np
import torch
from torch import nn

STEPS, BATCH, SAMPLES = 100, 16, 64

#: Learning rates by model and optimizer.
RATES = {
    "mlp": {"sgd": 0.01, "adamw": 0.002},
    "cnn": {"sgd": 0.01, "adamw": 0.001},
    "encoder": {"sgd": 0.01, "adamw": 0.0005},
}


class Mlp(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(20, 33), nn.ReLU(), nn.Linear(33, 17), nn.Tanh(), nn.Linear(17, 5))

    def forward(self, x):
        return self.layers(x)


class Cnn(nn.Module):
    """Batch norms, a stride, groups, padding that is not symmetric in effect, both poolings."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(2, 12, 3, padding=1)
        self.norm1 = nn.BatchNorm2d(12)
        self.middle = nn.Conv2d(12, 20, 3, stride=2, padding=1, groups=4, bias=False)
        self.norm2 = nn.BatchNorm2d(20)
        self.last = nn.Conv2d(20, 24, 3, padding=1)
        self.head = nn.Linear(24, 5)

    def forward(self, x):
        x = torch.max_pool2d(torch.relu(self.norm1(self.stem(x))), 2)
        x = torch.relu(self.norm2(self.middle(x)))
        x = nn.functional.avg_pool2d(nn.functional.silu(self.last(x)), 2, stride=1)
        return self.head(x.mean((2, 3)))


class Encoder(nn.Module):
    """Two layers with layer norm; embeddings and learnt positions."""

    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(30, 24)
        self.position = nn.Parameter(torch.randn(9, 24) * 0.1)
        layer = nn.TransformerEncoderLayer(24, 3, 40, dropout=0.0, batch_first=True, activation="gelu")
        self.encoder = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.head = nn.Linear(24, 5)

    def forward(self, x):
        return self.head(self.encoder(self.embedding(x) + self.position).mean(1))


def data(name, generator):
    """Samples whose class can be learnt, and is not the same as what a linear map finds."""
    target = generator.integers(0, 5, SAMPLES)
    if name == "mlp":
        x = generator.standard_normal((SAMPLES, 20)) + np.eye(5)[target] @ generator.standard_normal((5, 20))
    elif name == "cnn":
        pattern = generator.standard_normal((5, 2, 10, 9))
        x = 0.7 * generator.standard_normal((SAMPLES, 2, 10, 9)) + pattern[target]
    else:
        x = generator.integers(0, 30, (SAMPLES, 9))
        x[:, :4] = target[:, None] * 6 + generator.integers(0, 6, (SAMPLES, 4))
        return x.astype(np.int64), target.astype(np.int64)
    return x.astype(np.float32), target.astype(np.int64)


def optimizer(kind, module, rate):
    if kind == "sgd":
        return torch.optim.SGD(module.parameters(), lr=rate, momentum=0.9, weight_decay=1e-4)
    return torch.optim.AdamW(module.parameters(), lr=rate)


def train(module, kind, rate, x, target, dtype):
    module = copy.deepcopy(module).to(dtype).train()
    x = torch.from_numpy(x)
    if x.is_floating_point():
        x = x.to(dtype)
    target = torch.from_numpy(target)
    step = optimizer(kind, module, rate)
    losses = []
    for i in range(STEPS):
        part = slice(i * BATCH % SAMPLES, i * BATCH % SAMPLES + BATCH)
        loss = nn.functional.cross_entropy(module(x[part]), target[part])
        step.zero_grad()
        loss.backward()
        step.step()
        losses.append(loss.item())
    state = {key: value.double().numpy() for key, value in module.state_dict().items() if value.is_floating_point()}
    return np.array(losses), state


def export(module, x, path):
    batch = torch.export.Dim("batch", min=1, max=512)
    program = torch.onnx.export(
        module.train(), (torch.from_numpy(x[:4]),), dynamo=True, verbose=False, optimize=False,
        input_names=["x"], output_names=["logits"], dynamic_shapes=[{0: batch}])
    model = program.model_proto
    graph = model.graph
    # Stack traces with absolute paths.
    for part in (model, graph, *graph.node, *graph.value_info, *graph.input, *graph.output, *graph.initializer):
        del part.metadata_props[:]
    for node in graph.node:
        node.doc_string = ""
    path.write_bytes(model.SerializeToString())


def make(name, out):
    torch.manual_seed(7)
    generator = np.random.default_rng(11)
    module = {"mlp": Mlp, "cnn": Cnn, "encoder": Encoder}[name]()
    x, target = data(name, generator)
    export(copy.deepcopy(module), x, out / f"{name}.onnx")
    arrays = {"x": x, "target": target}
    good = True
    for kind, rate in RATES[name].items():
        single, _ = train(module, kind, rate, x, target, torch.float32)
        double, after = train(module, kind, rate, x, target, torch.float64)
        apart = np.max(np.abs(single - double) / np.abs(double))
        fall = double[-4:].mean() / double[:4].mean()
        print(f"{name} {kind} lr {rate}: f32 and f64 differ by {apart:.1e}, loss falls to {fall:.2f}")
        good &= apart <= 5e-5 and fall <= 0.5
        arrays[f"{kind}/f32"], arrays[f"{kind}/f64"], arrays[f"{kind}/lr"] = single, double, np.array(rate)
        if kind == "sgd":
            arrays.update({f"sgd/after/{key}": value for key, value in after.items()})
    np.savez_compressed(out / f"{name}.npz", **arrays)
    return good


def main():
    warnings.filterwarnings("ignore")
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path(__file__).parent)
    parser.add_argument("models", nargs="*", default=[])
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    good = [make(name, arguments.out) for name in arguments.models or RATES]
    if not all(good):
        sys.exit("a curve is no test of the compiler: choose another learning rate")


if __name__ == "__main__":
    main()

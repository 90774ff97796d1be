"""The models of bench/gpu.py: plain PyTorch modules, and weights that need no file.

The machine with the GPU has PyTorch and NumPy, and nothing can be fetched there. So the seven
models are written out here, without transformers and torchvision, with weights of gpu_pattern.py.
They have the usual scale: a layer keeps the scale of its input, norms are near 1, the last norm of
a residual branch is small, so that depth makes nothing grow in f16.
"""

import dataclasses

import numpy as np
import torch
from gpu_pattern import pattern
from torch import nn
from torch.nn import functional as F


def steps(values):
    """Scales of channels: 0.75, 1 or 1.25, alike for 32 channels in a row. A compiler multiplies
    filters by them; were all of them different, no row of weights would be like another."""
    return (0.75 + 0.25 * (np.arange(len(values)) // 32 % 3)).astype(np.float32)


def fill(module):
    """Gives all parameters and statistics of a module their values; see the head of this file."""
    owners = dict(module.named_modules())
    with torch.no_grad():
        for name, tensor in [*module.named_parameters(), *module.named_buffers()]:
            if not tensor.is_floating_point():
                continue
            owner = owners[name.rpartition(".")[0]]
            leaf = name.rpartition(".")[2]
            values = pattern(name, tuple(tensor.shape))
            norm = isinstance(owner, (nn.BatchNorm2d, nn.LayerNorm))
            if leaf == "running_var":
                values = np.float32(1 + 0.1 * np.clip(values[0], -2, 2)) * np.ones_like(values)
            elif leaf == "weight" and norm:
                values = steps(values) * (0.3 if getattr(owner, "closes_branch", False) else 1)
            elif leaf == "layer_scale":
                values = 0.3 * steps(values)
            elif tensor.dim() < 2:
                values = 0.05 * values
            elif isinstance(owner, nn.Embedding) or "position" in leaf or leaf == "class_token":
                values = 0.5 * values
            else:
                gain = 2.0 if isinstance(owner, nn.Conv2d) else 1.0
                fan_in = tensor[0].numel()
                values = np.float32((gain / fan_in) ** 0.5) * values
            tensor.copy_(torch.from_numpy(np.ascontiguousarray(values, np.float32)))
    return module.eval()


# -- networks of convolutions --


class ConvNorm(nn.Sequential):
    """Convolution, batch norm and, unless `act` is None, an activation."""

    def __init__(self, c, k, size, stride=1, groups=1, act=nn.ReLU, closes_branch=False):
        norm = nn.BatchNorm2d(k)
        norm.closes_branch = closes_branch
        conv = nn.Conv2d(c, k, size, stride, size // 2, groups=groups, bias=False)
        super().__init__(conv, norm, *([act()] if act else []))


class Bottleneck(nn.Module):
    def __init__(self, c, width, stride):
        super().__init__()
        self.body = nn.Sequential(
            ConvNorm(c, width, 1),
            ConvNorm(width, width, 3, stride),
            ConvNorm(width, 4 * width, 1, act=None, closes_branch=True),
        )
        straight = c == 4 * width and stride == 1
        self.shortcut = nn.Identity() if straight else ConvNorm(c, 4 * width, 1, stride, act=None)

    def forward(self, x):
        return F.relu(self.body(x) + self.shortcut(x))


class ResNet(nn.Module):
    def __init__(self, stem=64, depths=(3, 4, 6, 3), classes=1000):
        super().__init__()
        self.stem = nn.Sequential(ConvNorm(3, stem, 7, 2), nn.MaxPool2d(3, 2, 1))
        blocks, c = [], stem
        for stage, depth in enumerate(depths):
            width = stem << stage
            for i in range(depth):
                blocks.append(Bottleneck(c, width, 2 if stage and not i else 1))
                c = 4 * width
        self.blocks = nn.Sequential(*blocks)
        self.head = nn.Linear(c, classes)

    def forward(self, x):
        return self.head(self.blocks(self.stem(x)).mean((2, 3)))


class InvertedResidual(nn.Module):
    def __init__(self, c, k, stride, expand):
        super().__init__()
        inner = c * expand
        widen = [ConvNorm(c, inner, 1, act=nn.ReLU6)] if expand > 1 else []
        self.body = nn.Sequential(
            *widen,
            ConvNorm(inner, inner, 3, stride, groups=inner, act=nn.ReLU6),
            ConvNorm(inner, k, 1, act=None, closes_branch=c == k and stride == 1),
        )
        self.residual = c == k and stride == 1

    def forward(self, x):
        return x + self.body(x) if self.residual else self.body(x)


class MobileNetV2(nn.Module):
    ROWS = ((1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1))
    LAST_ROWS = ((6, 160, 3, 2), (6, 320, 1, 1))

    def __init__(self, rows=ROWS + LAST_ROWS, last=1280, classes=1000):
        super().__init__()
        blocks, c = [ConvNorm(3, 32, 3, 2, act=nn.ReLU6)], 32
        for expand, k, count, stride in rows:
            for i in range(count):
                blocks.append(InvertedResidual(c, k, 1 if i else stride, expand))
                c = k
        self.blocks = nn.Sequential(*blocks, ConvNorm(c, last, 1, act=nn.ReLU6))
        self.head = nn.Linear(last, classes)

    def forward(self, x):
        return self.head(self.blocks(x).mean((2, 3)))


class ChannelNorm(nn.LayerNorm):
    """Layer norm over the channels of [N, C, H, W]."""

    def forward(self, x):
        return super().forward(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)


class ConvNextBlock(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.depthwise = nn.Conv2d(c, c, 7, padding=3, groups=c)
        self.norm = nn.LayerNorm(c, eps=1e-6)
        self.up, self.down = nn.Linear(c, 4 * c), nn.Linear(4 * c, c)
        self.layer_scale = nn.Parameter(torch.empty(c))

    def forward(self, x):
        y = self.norm(self.depthwise(x).permute(0, 2, 3, 1))
        y = self.layer_scale * self.down(F.gelu(self.up(y)))
        return x + y.permute(0, 3, 1, 2)


class ConvNext(nn.Module):
    def __init__(self, depths=(3, 3, 9, 3), widths=(96, 192, 384, 768), classes=1000):
        super().__init__()
        parts = [nn.Conv2d(3, widths[0], 4, 4), ChannelNorm(widths[0], eps=1e-6)]
        for stage, (depth, c) in enumerate(zip(depths, widths)):
            if stage:
                before = widths[stage - 1]
                parts += [ChannelNorm(before, eps=1e-6), nn.Conv2d(before, c, 2, 2)]
            parts += [ConvNextBlock(c) for _ in range(depth)]
        self.body = nn.Sequential(*parts)
        self.norm = nn.LayerNorm(widths[-1], eps=1e-6)
        self.head = nn.Linear(widths[-1], classes)

    def forward(self, x):
        return self.head(self.norm(self.body(x).mean((2, 3))))


# -- transformers --


class Attention(nn.Module):
    """Heads over [N, S, hidden]; `packed` has one product for queries, keys and values."""

    def __init__(self, hidden, heads, packed):
        super().__init__()
        self.heads = heads
        if packed:
            self.qkv = nn.Linear(hidden, 3 * hidden)
        else:
            self.query, self.key, self.value = (nn.Linear(hidden, hidden) for _ in range(3))
        self.packed = packed
        self.output = nn.Linear(hidden, hidden)

    def forward(self, x, mask=None, causal=False):
        n, s, hidden = x.shape
        if self.packed:
            parts = self.qkv(x).split(hidden, -1)
        else:
            parts = self.query(x), self.key(x), self.value(x)
        q, k, v = (t.view(n, s, self.heads, hidden // self.heads).transpose(1, 2) for t in parts)
        y = F.scaled_dot_product_attention(q, k, v, attn_mask=mask, is_causal=causal)
        return self.output(y.transpose(1, 2).reshape(n, s, hidden))


class PostNormBlock(nn.Module):
    """BERT's."""

    def __init__(self, hidden, heads, inner):
        super().__init__()
        self.attention = Attention(hidden, heads, packed=False)
        self.norm1, self.norm2 = (nn.LayerNorm(hidden, eps=1e-12) for _ in range(2))
        self.up, self.down = nn.Linear(hidden, inner), nn.Linear(inner, hidden)

    def forward(self, x, mask):
        x = self.norm1(x + self.attention(x, mask))
        return self.norm2(x + self.down(F.gelu(self.up(x))))


class PreNormBlock(nn.Module):
    """GPT-2's (causal, GELU by tanh) and ViT's."""

    def __init__(self, hidden, heads, inner, causal):
        super().__init__()
        self.attention = Attention(hidden, heads, packed=causal)
        self.norm1, self.norm2 = (nn.LayerNorm(hidden, eps=1e-5) for _ in range(2))
        self.up, self.down = nn.Linear(hidden, inner), nn.Linear(inner, hidden)
        self.causal = causal

    def forward(self, x):
        x = x + self.attention(self.norm1(x), causal=self.causal)
        y = F.gelu(self.up(self.norm2(x)), approximate="tanh" if self.causal else "none")
        return x + self.down(y)


class Bert(nn.Module):
    def __init__(self, hidden=768, heads=12, inner=3072, layers=12, vocab=30522, positions=512):
        super().__init__()
        self.words = nn.Embedding(vocab, hidden)
        self.positions = nn.Embedding(positions, hidden)
        self.types = nn.Embedding(2, hidden)
        self.norm = nn.LayerNorm(hidden, eps=1e-12)
        self.blocks = nn.ModuleList(PostNormBlock(hidden, heads, inner) for _ in range(layers))
        self.pooler = nn.Linear(hidden, hidden)

    def forward(self, input_ids, attention_mask, token_type_ids):
        places = torch.arange(input_ids.shape[1], device=input_ids.device)
        x = self.words(input_ids) + self.types(token_type_ids) + self.positions(places)
        x = self.norm(x)
        mask = (attention_mask > 0)[:, None, None, :]
        for block in self.blocks:
            x = block(x, mask)
        return x, torch.tanh(self.pooler(x[:, 0]))


class Gpt2(nn.Module):
    def __init__(self, hidden=768, heads=12, layers=12, vocab=50257, positions=1024):
        super().__init__()
        self.words = nn.Embedding(vocab, hidden)
        self.positions = nn.Embedding(positions, hidden)
        self.blocks = nn.ModuleList(
            PreNormBlock(hidden, heads, 4 * hidden, causal=True) for _ in range(layers)
        )
        self.norm = nn.LayerNorm(hidden, eps=1e-5)

    def forward(self, input_ids):
        places = torch.arange(input_ids.shape[1], device=input_ids.device)
        x = self.words(input_ids) + self.positions(places)
        for block in self.blocks:
            x = block(x)
        return F.linear(self.norm(x), self.words.weight)


class Vit(nn.Module):
    def __init__(self, hidden=768, heads=12, layers=12, patch=16, tokens=197, classes=1000):
        super().__init__()
        self.patches = nn.Conv2d(3, hidden, patch, patch)
        self.class_token = nn.Parameter(torch.empty(1, 1, hidden))
        self.position_table = nn.Parameter(torch.empty(1, tokens, hidden))
        self.blocks = nn.Sequential(
            *(PreNormBlock(hidden, heads, 4 * hidden, causal=False) for _ in range(layers))
        )
        self.norm = nn.LayerNorm(hidden, eps=1e-6)
        self.head = nn.Linear(hidden, classes)

    def forward(self, x):
        x = self.patches(x).flatten(2).transpose(1, 2)
        x = torch.cat((self.class_token.expand(x.shape[0], -1, -1), x), 1) + self.position_table
        return self.head(self.norm(self.blocks(x))[:, 0])


class Lstm(nn.Module):
    def __init__(self, hidden=512):
        super().__init__()
        self.lstm = nn.LSTM(hidden, hidden, num_layers=2, batch_first=True)

    def forward(self, x):
        return self.lstm(x)[0]


# -- what gpu.py asks for --


@dataclasses.dataclass(frozen=True)
class Model:
    """How to make one model. `inputs` gives name: (kind, shape without the batch), kind being
    "values" (floating point), "mask", or a number: indices below it."""

    full: object
    tiny: object
    inputs: dict
    tiny_inputs: dict
    outputs: tuple
    image: bool = False


def _image(height, width):
    return {"pixel_values": ("values", (3, height, width))}


def _tokens(vocab, length):
    return {
        "input_ids": (vocab, (length,)),
        "attention_mask": ("mask", (length,)),
        "token_type_ids": (2, (length,)),
    }


_TINY_ROWS = ((1, 16, 1, 1), (6, 24, 2, 2))
MODELS = {
    "bert": Model(
        Bert, lambda: Bert(48, 3, 104, 2, 99, 40), _tokens(30522, 128), _tokens(99, 13),
        ("last_hidden_state", "pooler_output"),
    ),
    "resnet50": Model(
        ResNet, lambda: ResNet(8, (1, 2), 11), _image(224, 224), _image(37, 45), ("logits",), True,
    ),
    "gpt2": Model(
        Gpt2, lambda: Gpt2(48, 3, 2, 101, 40), {"input_ids": (50257, (128,))},
        {"input_ids": (101, (13,))}, ("logits",),
    ),
    "vit": Model(
        Vit, lambda: Vit(48, 3, 2, 8, 21, 11), _image(224, 224), _image(37, 45), ("logits",), True,
    ),
    "mobilenetv2": Model(
        MobileNetV2, lambda: MobileNetV2(_TINY_ROWS, 88, 11), _image(224, 224), _image(37, 45),
        ("logits",), True,
    ),
    "convnext": Model(
        ConvNext, lambda: ConvNext((1, 1), (24, 40), 11), _image(224, 224), _image(37, 45),
        ("logits",), True,
    ),
    "lstm": Model(
        Lstm, lambda: Lstm(40), {"x": ("values", (64, 512))}, {"x": ("values", (13, 40))}, ("y",),
    ),
}  # fmt: skip


def build(name, tiny=False):
    """The module in f32 on the CPU, with its weights."""
    model = MODELS[name]
    return fill((model.tiny if tiny else model.full)())


def example(name, batch, tiny=False):
    """The inputs of a model as NumPy arrays, f32 and i64; the same on every machine."""
    model = MODELS[name]
    feed = {}
    for key, (kind, shape) in (model.tiny_inputs if tiny else model.inputs).items():
        values = pattern(f"{name}/{key}", (batch, *shape))
        if kind == "values":
            feed[key] = np.ascontiguousarray(values)
        elif kind == "mask":
            lengths = shape[0] - np.arange(batch) * 3 % max(shape[0] // 2, 1) - shape[0] // 8
            feed[key] = (np.arange(shape[0]) < lengths[:, None]).astype(np.int64)
        else:
            feed[key] = (np.abs(values) * 4096).astype(np.int64) * 7919 % kind
    return feed

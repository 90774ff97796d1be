"""The engines that bench/gpu.py compares mlopt with: PyTorch in three modes, ONNX Runtime."""

import contextlib
import importlib

import gpu_models
import numpy as np
import torch
from torch.nn import functional as F

TYPES = {"f32": torch.float32, "tf32": torch.float32, "f16": torch.float16, "bf16": torch.bfloat16}
#: name: mode of torch.compile, None for eager
TORCH = {"eager": None, "compile": "default", "reduce-overhead": "reduce-overhead"}
ORT = {"ort-cuda": "CUDAExecutionProvider", "ort-tensorrt": "TensorrtExecutionProvider"}


def device():
    return "cuda" if torch.cuda.is_available() else "cpu"


def set_precision(precision):
    """Products of f32 in tf32, or as they are."""
    torch.set_float32_matmul_precision("high" if precision == "tf32" else "highest")
    torch.backends.cudnn.allow_tf32 = precision == "tf32"


def tensors(feed, precision):
    """A model's inputs in PyTorch, on the GPU; floating-point ones in the precision's type."""
    found = []
    for array in feed.values():
        tensor = torch.from_numpy(array).to(device())
        found.append(tensor.to(TYPES[precision]) if tensor.is_floating_point() else tensor)
    return found


class Torch:
    """A model in PyTorch: eager, or compiled in a mode of torch.compile. Networks of convolutions
    have channels last, which is faster."""

    def __init__(self, name, module, feed, precision, mode):
        set_precision(precision)
        image = gpu_models.MODELS[name].image
        # Compiled code is made for this row's module: none of an earlier row is reused.
        torch._dynamo.reset()
        module = module.to(device(), TYPES[precision])
        self._inputs = tensors(feed, precision)
        if image and precision in ("f16", "bf16"):
            module = module.to(memory_format=torch.channels_last)
            self._inputs = [t.to(memory_format=torch.channels_last) for t in self._inputs]
        self._call = torch.compile(module, mode=mode, dynamic=False) if mode else module
        self._step = mode == "reduce-overhead"
        self.stream = torch.cuda.current_stream().cuda_stream if device() == "cuda" else 0
        for _ in range(4 if mode else 1):
            self.enqueue()
        if device() == "cuda":
            torch.cuda.synchronize()

    def enqueue(self):
        with torch.inference_mode():
            if self._step:
                torch.compiler.cudagraph_mark_step_begin()
            self.result = self._call(*self._inputs)

    def results(self, name):
        values = self.result if isinstance(self.result, tuple) else (self.result,)
        return {
            key: value.detach().float().cpu().numpy()
            for key, value in zip(gpu_models.MODELS[name].outputs, values, strict=True)
        }

    def kernels(self):
        """Kernels of one run, counted by PyTorch's profiler."""
        from torch.profiler import ProfilerActivity, profile

        with profile(activities=[ProfilerActivity.CUDA]) as found:
            self.enqueue()
            torch.cuda.synchronize()
        kinds = ("Memcpy", "Memset")
        return sum(
            e.device_type == torch.autograd.DeviceType.CUDA and not e.name.startswith(kinds)
            for e in found.events()
        )


class OnnxRuntime:
    """A model in ONNX Runtime, with inputs and outputs on the GPU."""

    def __init__(self, path, feed, precision, provider):
        ort = importlib.import_module("onnxruntime")
        if provider not in ort.get_available_providers():
            raise ImportError(f"onnxruntime has no {provider}")
        stream = torch.cuda.Stream()
        self.stream = stream.cuda_stream
        rest = {"user_compute_stream": str(self.stream)}
        if provider == ORT["ort-tensorrt"]:
            rest["trt_fp16_enable"] = "1" if precision == "f16" else "0"
        else:
            rest["use_tf32"] = "1" if precision == "tf32" else "0"
        self._session = ort.InferenceSession(str(path), providers=[(provider, rest)])
        self._binding = self._session.io_binding()
        for value in self._session.get_inputs():
            array = feed[value.name]
            array = array.astype(np.float16) if value.type == "tensor(float16)" else array
            self._binding.bind_ortvalue_input(
                value.name, ort.OrtValue.ortvalue_from_numpy(array, "cuda", 0)
            )
        for value in self._session.get_outputs():
            self._binding.bind_output(value.name, "cuda")
        self.enqueue()

    def enqueue(self):
        self._session.run_with_iobinding(self._binding)


def flops(module, feed):
    """Floating-point operations of one run in products, as PyTorch counts them."""
    from torch.utils.flop_counter import FlopCounterMode

    module = module.to(device())
    with FlopCounterMode(display=False) as counter, torch.inference_mode():
        module(*tensors(feed, "f32"))
    return counter.get_total_flops()


def weight_bytes(module, precision):
    size = TYPES[precision].itemsize
    return sum(p.numel() * size for p in module.parameters())


def _attention(q, k, v):
    return F.scaled_dot_product_attention(q, k, v)


#: What PyTorch does for a gpu_cases.Micro.
MICRO = {
    "matmul": torch.matmul,
    "softmax": lambda a: torch.softmax(a, -1),
    "norm": lambda a, b, c: F.layer_norm(a, a.shape[-1:], b, c),
    "turn": lambda a: a.t().contiguous(),
    "add": torch.add,
    "bias_gelu": lambda a, b: F.gelu(a + b),
    "attention": _attention,
}


def micro(micro_case):
    """(enqueue, stream, result) of PyTorch's kernel for the inputs of the case, eager."""
    case = micro_case.case
    set_precision(case.dtype)
    arguments = []
    for array in case.feed(0).values():
        tensor = torch.from_numpy(array)
        if case.dtype == "bf16":
            tensor = tensor.view(torch.bfloat16)
        arguments.append(tensor.to(device()))
    function = MICRO[micro_case.peer]

    def enqueue():
        with torch.inference_mode():
            return function(*arguments)

    stream = torch.cuda.current_stream().cuda_stream if device() == "cuda" else 0
    return enqueue, stream, lambda: enqueue().float().cpu().numpy()


def versions():
    found = {"torch": torch.__version__, "torch_cuda": torch.version.cuda, "numpy": np.__version__}
    for name in ("triton", "onnxruntime", "tensorrt"):
        with contextlib.suppress(Exception):
            found[name] = importlib.import_module(name).__version__
    if torch.cuda.is_available():
        found["cudnn"] = torch.backends.cudnn.version()
    return found

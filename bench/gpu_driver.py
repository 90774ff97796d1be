"""The CUDA driver and mlopt's C API by ctypes, as bench/gpu.py measures with them.

Everything timed goes through the same few calls, whoever's kernels they are: events and waits of
the driver on the stream of the engine. PyTorch is not needed for any of it, so that all of this
runs on the emulator, too. Errors are `DriverError` with the call and the driver's words.
"""

import ctypes
from ctypes import byref, c_char_p, c_float, c_int, c_size_t, c_uint, c_uint64, c_void_p

import numpy as np

#: CU_DEVICE_ATTRIBUTE_*
ATTRIBUTES = {
    "multiprocessors": 16,
    "l2_bytes": 38,
    "memory_clock_khz": 36,
    "memory_bus_bits": 37,
    "clock_khz": 13,
    "major": 75,
    "minor": 76,
}
NON_BLOCKING = 1

EMPTY_PTX = b""".version 7.0
.target sm_80
.address_size 64
.visible .entry empty() { ret; }
"""


class DriverError(RuntimeError):
    pass


class KernelNode(ctypes.Structure):
    """CUDA_KERNEL_NODE_PARAMS_v2"""

    _fields_ = [
        ("function", c_void_p),
        ("grid", c_uint * 3),
        ("block", c_uint * 3),
        ("shared", c_uint),
        ("params", c_void_p),
        ("extra", c_void_p),
        ("kernel", c_void_p),
        ("context", c_void_p),
    ]


class Driver:
    """The first GPU, in its primary context, which PyTorch and mlopt use too."""

    def __init__(self):
        try:
            self._library = ctypes.CDLL("libcuda.so.1")
        except OSError as error:
            raise DriverError(f"there is no CUDA driver: {error}") from None
        self.call("cuInit", c_uint(0))
        device, context = c_int(), c_void_p()
        self.call("cuDeviceGet", byref(device), c_int(0))
        self.call("cuDevicePrimaryCtxRetain", byref(context), device)
        self._context = context
        self.enter()
        name = ctypes.create_string_buffer(256)
        self.call("cuDeviceGetName", name, c_int(256), device)
        self.name = name.value.decode()
        version, memory = c_int(), c_size_t()
        self.call("cuDriverGetVersion", byref(version))
        self.call("cuDeviceTotalMem_v2", byref(memory), device)
        self.version, self.memory = version.value, memory.value
        self.attributes = {}
        for key, number in ATTRIBUTES.items():
            value = c_int()
            try:
                self.call("cuDeviceGetAttribute", byref(value), c_int(number), device)
            except DriverError:
                continue  # the emulator does not know all of them
            self.attributes[key] = value.value
        self.arch = f"sm_{self.attributes['major']}{self.attributes['minor']}"
        self.emulated = "emulator" in self.name

    def call(self, name, *arguments):
        code = getattr(self._library, name)(*arguments)
        if code:
            text = c_char_p()
            self._library.cuGetErrorString(c_int(code), byref(text))
            said = text.value.decode() if text.value else "an unknown error"
            raise DriverError(f"{name}: {said} ({code})")

    def enter(self):
        """Makes the context current in this thread."""
        self.call("cuCtxSetCurrent", self._context)

    def allocate(self, size):
        address = c_uint64()
        self.call("cuMemAlloc_v2", byref(address), c_size_t(max(size, 16)))
        return address.value

    def free(self, address):
        self.call("cuMemFree_v2", c_uint64(address))

    def upload(self, array):
        """A copy of a dense array on the GPU: its address."""
        array = np.ascontiguousarray(array)
        address = self.allocate(array.nbytes)
        if array.nbytes:
            source = c_void_p(array.ctypes.data)
            self.call("cuMemcpyHtoD_v2", c_uint64(address), source, c_size_t(array.nbytes))
        return address

    def download(self, address, array):
        if array.nbytes:
            target = c_void_p(array.ctypes.data)
            self.call("cuMemcpyDtoH_v2", target, c_uint64(address), c_size_t(array.nbytes))
        return array

    def copy(self, target, source, size, stream):
        """Device to device, on a stream."""
        arguments = c_uint64(target), c_uint64(source), c_size_t(size), c_void_p(stream)
        self.call("cuMemcpyDtoDAsync_v2", *arguments)

    def stream(self):
        handle = c_void_p()
        self.call("cuStreamCreate", byref(handle), c_uint(NON_BLOCKING))
        return handle.value

    def event(self):
        handle = c_void_p()
        self.call("cuEventCreate", byref(handle), c_uint(0))
        return handle

    def record(self, event, stream):
        self.call("cuEventRecord", event, c_void_p(stream))

    def elapsed_ms(self, first, second):
        """Between two events; waits for the second."""
        self.call("cuEventSynchronize", second)
        value = c_float()
        self.call("cuEventElapsedTime", byref(value), first, second)
        return value.value

    def wait(self, stream):
        self.call("cuStreamSynchronize", c_void_p(stream))

    def wait_all(self):
        self.call("cuCtxSynchronize")

    def empty_kernel(self):
        """(enqueue one on a stream, make a graph of N of them that depend on each other)."""
        module, function = c_void_p(), c_void_p()
        self.call("cuModuleLoadData", byref(module), c_char_p(EMPTY_PTX))
        self.call("cuModuleGetFunction", byref(function), module, c_char_p(b"empty"))

        def launch(stream):
            one, none = c_uint(1), c_void_p()
            grid_and_block = (one,) * 6
            rest = c_uint(0), c_void_p(stream), none, none
            self.call("cuLaunchKernel", function, *grid_and_block, *rest)

        def graph(count):
            handle, executable, before = c_void_p(), c_void_p(), None
            self.call("cuGraphCreate", byref(handle), c_uint(0))
            for _ in range(count):
                node = KernelNode(function=function.value)
                node.grid, node.block = (c_uint * 3)(1, 1, 1), (c_uint * 3)(1, 1, 1)
                added, number = c_void_p(), c_size_t(0 if before is None else 1)
                after = None if before is None else byref(before)
                self.call(
                    "cuGraphAddKernelNode_v2", byref(added), handle, after, number, byref(node)
                )
                before = added
            self.call("cuGraphInstantiateWithFlags", byref(executable), handle, c_uint64(0))
            return lambda stream: self.call("cuGraphLaunch", executable, c_void_p(stream))

        return launch, graph


class Artefact:
    """A compiled model in a context on the GPU, with inputs and outputs in its memory.

    `feed` gives all inputs by name. Runs are asynchronous on `stream`; after the first ones they
    are replays of a CUDA graph, unless `graph` is false."""

    def __init__(self, driver, path, feed, weights=None, graph=True):
        from mlopt import _library, session

        self.driver, self._api = driver, _library
        library = self._library = _library.load()
        declare(library)
        self.stream = driver.stream()
        self._module = session.open_module(str(path), None, weights, False)
        self._context = c_void_p()
        entry = library.mlopt_rt_module_find_entry(self._module, None)
        options = _library.ContextOptions(struct_size=ctypes.sizeof(_library.ContextOptions))
        options.device, options.stream = b"cuda:0", self.stream
        options.flags = ASYNC | EAGER | (0 if graph else NO_GRAPH)
        self._memory = []
        try:
            _library.check(
                library.mlopt_rt_context_create(self._module, byref(options), byref(self._context))
            )
            names, types = session.describe_tensors(library, self._module, entry, "input")
            self._inputs = (_library.Tensor * len(names))()
            for tensor, argument, dtype in zip(self._inputs, names, types, strict=True):
                array = feed[argument.name]
                if array.dtype not in (dtype.numpy, dtype.bare):
                    raise ValueError(f"{argument.name} is {array.dtype}, expected {dtype.mlir}")
                self._view(tensor, argument.name, dtype, array.shape, driver.upload(array))
            names, types = session.describe_tensors(library, self._module, entry, "output")
            self._outputs = (_library.Tensor * len(names))()
            blank = _library.Tensor(struct_size=ctypes.sizeof(_library.Tensor))
            inferred = (_library.Tensor * len(names))(*[blank] * len(names))
            _library.check(
                library.mlopt_rt_context_infer(
                    self._context, self._inputs, len(self._inputs), inferred
                )
            )
            self.outputs = []
            for i, (argument, dtype) in enumerate(zip(names, types, strict=True)):
                shape = tuple(inferred[i].dims[: inferred[i].rank])
                size = int(np.prod(shape)) * dtype.bare.itemsize
                address = driver.allocate(size)
                self._view(self._outputs[i], argument.name, dtype, shape, address)
                self.outputs.append((argument.name, dtype, shape, address))
        except BaseException:
            self.close()
            raise

    def _view(self, tensor, name, dtype, shape, address):
        self._memory.append(address)
        tensor.struct_size = ctypes.sizeof(self._api.Tensor)
        tensor.name, tensor.dtype, tensor.data = name.encode(), dtype.number, address
        tensor.rank, tensor.device = len(shape), 1
        tensor.bytes = int(np.prod(shape)) * dtype.bare.itemsize
        for axis, size in enumerate(shape):
            tensor.dims[axis] = size

    def enqueue(self):
        self._api.check(
            self._library.mlopt_rt_context_run(
                self._context, self._inputs, len(self._inputs), self._outputs, len(self._outputs)
            )
        )

    def results(self):
        """The outputs of the last run by name; bf16 as f32."""
        self._api.check(self._library.mlopt_rt_context_synchronize(self._context))
        found = {}
        for name, dtype, shape, address in self.outputs:
            array = self.driver.download(address, np.empty(shape, dtype.bare))
            found[name] = widen(array) if dtype.mlir == "bf16" else array
        return found

    @property
    def launches(self):
        return int(self._library.mlopt_rt_context_launch_count(self._context))

    @property
    def arena_bytes(self):
        return int(self._library.mlopt_rt_context_arena_bytes(self._context))

    @property
    def target(self):
        return self._library.mlopt_rt_context_target(self._context).decode()

    def io_bytes(self):
        return sum(int(t.bytes) for t in [*self._inputs, *self._outputs])

    def profile(self):
        """[(kernel, microseconds)] of the launches of one run, launched kernel by kernel."""
        library, count = self._library, self.launches
        stamps = (c_uint64 * (2 * count))()
        check = self._api.check
        check(library.mlopt_rt_context_set_profile(self._context, stamps, len(stamps)))
        for _ in range(2):
            self.enqueue()
        check(library.mlopt_rt_context_synchronize(self._context))
        check(library.mlopt_rt_context_set_profile(self._context, None, 0))
        found = []
        for i in range(count):
            kernel, nodes = c_char_p(), c_char_p()
            check(library.mlopt_rt_context_launch(self._context, i, byref(kernel), byref(nodes)))
            found.append((kernel.value.decode(), (stamps[2 * i + 1] - stamps[2 * i]) / 1e3))
        return found

    def close(self):
        if self._context:
            self._library.mlopt_rt_context_release(self._context)
        self._context = c_void_p()
        self._library.mlopt_rt_module_release(self._module)
        self._module = c_void_p()
        while self._memory:
            self.driver.free(self._memory.pop())


ASYNC, EAGER, NO_GRAPH = 1, 2, 4


def declare(library):
    """What the Python package does not call itself."""
    handle, names = c_void_p, ctypes.POINTER(c_char_p)
    for name, result, arguments in (
        ("mlopt_rt_context_launch_count", c_uint, [handle]),
        ("mlopt_rt_context_launch", handle, [handle, c_uint, names, names]),
        ("mlopt_rt_context_synchronize", handle, [handle]),
        ("mlopt_rt_context_set_profile", handle, [handle, c_void_p, c_uint64]),
    ):
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments


def narrow(array):
    """f32 to the bits of bf16, to nearest, ties to even; what is no number is not expected."""
    bits = np.ascontiguousarray(array, np.float32).view(np.uint32)
    return ((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16).astype(np.uint16)


def widen(array):
    """The bits of bf16 to f32."""
    bits = np.ascontiguousarray(array).view(np.uint16).astype(np.uint32) << 16
    return bits.view(np.float32).reshape(array.shape)

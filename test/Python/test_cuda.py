"""Sessions on a GPU, with the driver of the emulator: tensors of the CPU and of the GPU in and out."""

import ctypes
import gc
import os
import pathlib
import subprocess
import sys
import threading

import numpy as np
import pytest
from conftest import BUILD_DIR

ROOT = pathlib.Path(__file__).parents[2]
DRIVER = pathlib.Path(BUILD_DIR, "test", "Cuda", "lib", "libcuda.so.1")
INPUTS = ROOT / "test" / "Runtime" / "Cuda" / "Inputs"
FLOAT, INT = 2, 0


class _Tensor(ctypes.Structure):
    _fields_ = [
        ("data", ctypes.c_void_p),
        ("device", ctypes.c_int32 * 2),
        ("rank", ctypes.c_int32),
        ("code", ctypes.c_uint8),
        ("bits", ctypes.c_uint8),
        ("lanes", ctypes.c_uint16),
        ("shape", ctypes.POINTER(ctypes.c_int64)),
        ("strides", ctypes.c_void_p),
        ("offset", ctypes.c_uint64),
        ("context", ctypes.c_void_p),
        ("deleter", ctypes.c_void_p),
    ]


class CudaArray:
    """A tensor on a GPU that speaks DLPack and nothing else."""

    def __init__(self, driver, array, gpu=0, offset=0):
        self.driver, self.array, self.gpu, self.offset = driver, array, gpu, offset
        self.streams = []
        self.pointer = driver.allocate(array.nbytes + offset, gpu) + offset
        driver.write(self.pointer, array, gpu)

    def __dlpack_device__(self):
        return 2, self.gpu

    def __dlpack__(self, *, stream=None):
        self.streams.append(stream)
        code = FLOAT if self.array.dtype.kind == "f" else INT
        shape = (ctypes.c_int64 * self.array.ndim)(*self.array.shape)
        self.kept = _Tensor(
            self.pointer - self.offset, (2, self.gpu), self.array.ndim, code,
            8 * self.array.itemsize, 1, shape, None, self.offset, None, None,
        )  # fmt: skip
        new = ctypes.pythonapi.PyCapsule_New
        new.restype, new.argtypes = ctypes.py_object, [ctypes.c_void_p] * 3
        return new(ctypes.addressof(self.kept), NAME, None)

    def numpy(self):
        return self.driver.read(self.pointer, self.array.shape, self.array.dtype, self.gpu)


NAME = ctypes.cast(ctypes.c_char_p(b"dltensor"), ctypes.c_void_p)


class Driver:
    """What the tests do with the driver themselves."""

    def __init__(self):
        self.library = ctypes.CDLL(str(DRIVER))
        self.call("cuInit", 0)

    def call(self, name, *arguments):
        assert getattr(self.library, name)(*arguments) == 0, name

    def use(self, gpu):
        context = ctypes.c_void_p()
        self.call("cuDevicePrimaryCtxRetain", ctypes.byref(context), gpu)
        self.call("cuCtxSetCurrent", context)

    def allocate(self, size, gpu):
        self.use(gpu)
        pointer = ctypes.c_uint64()
        self.call("cuMemAlloc_v2", ctypes.byref(pointer), ctypes.c_size_t(size))
        return pointer.value

    def write(self, pointer, array, gpu=0):
        self.use(gpu)
        array = np.ascontiguousarray(array)
        self.call(
            "cuMemcpyHtoD_v2", ctypes.c_uint64(pointer), ctypes.c_void_p(array.ctypes.data),
            ctypes.c_size_t(array.nbytes),
        )  # fmt: skip

    def read(self, pointer, shape, dtype, gpu=0):
        self.use(gpu)
        array = np.empty(shape, dtype)
        self.call(
            "cuMemcpyDtoH_v2", ctypes.c_void_p(array.ctypes.data), ctypes.c_uint64(pointer),
            ctypes.c_size_t(array.nbytes),
        )  # fmt: skip
        return array

    def stream(self):
        self.use(0)
        stream = ctypes.c_void_p()
        self.call("cuStreamCreate", ctypes.byref(stream), 1)
        return stream.value


@pytest.fixture(scope="module")
def driver():
    if not DRIVER.exists():
        pytest.skip("the driver of the emulator is not built")
    os.environ["MLOPT_FAKE_CUDA_ARCH"] = "90,80"
    # Loaded under its own name: the runtime, which asks for that, gets this one.
    return Driver()


def build(folder, *flags):
    cc = os.environ.get("CC", "cc")
    include = f"-I{ROOT / 'runtime' / 'include'}"
    image, text, artefact = folder / "image", folder / "image.s", folder / "demo.so"
    subprocess.run(
        [cc, "-w", "-std=gnu11", include, INPUTS / "gpu_image.c", "-o", image, "-lpthread", "-ldl"],
        check=True,
    )
    with open(text, "wb") as stream:
        subprocess.run([image, INPUTS / "demo.ptx", *flags], check=True, stdout=stream)
    command = [cc, "-w", "-std=gnu11", "-O1", include, "-shared", "-fPIC", "-DSHARED"]
    subprocess.run([*command, INPUTS / "gpu_code.c", text, "-o", artefact], check=True)
    return artefact


@pytest.fixture(scope="module")
def demo(mlopt, driver, tmp_path_factory):
    """The hand-made module of the runtime's tests: y = 2 x + bias with the rows reversed, their sums."""
    return build(tmp_path_factory.mktemp("demo"))


def expected(x):
    y = (2 * x + np.array([0.5, -1, 0.25, 3], np.float32))[::-1]
    return y, ((y[:, 0] + y[:, 1]) + y[:, 2]) + y[:, 3]


def values(rows, first=0):
    return (np.arange(rows * 4, dtype=np.float32) + first).reshape(rows, 4) * np.float32(0.5)


def check(results, x):
    for got, want in zip(results, expected(x)):
        np.testing.assert_array_equal(got, want)


@pytest.mark.parametrize("device", ["cuda", "cuda:0", "cuda:1"])
def test_memory_of_the_cpu(mlopt, demo, device):
    with mlopt.InferenceSession(demo, device=device) as session:
        assert session.device == device
        for rows in (5, 17, 5, 5):
            x = values(rows, rows)
            check(session.run(None, {"x": x}), x)
        y = np.zeros((5, 4), np.float32)
        assert session.run(["y"], {"x": values(5)}, out={"y": y})[0] is y
        np.testing.assert_array_equal(y, expected(values(5))[0])


def test_memory_of_the_gpu(mlopt, demo, driver):
    session = mlopt.InferenceSession(demo, device="cuda")
    for offset in (0, 4):  # in place; not aligned to 16 bytes
        for first in (0, 7, 9):
            x = values(9, first)
            given = CudaArray(driver, x, offset=offset)
            y = CudaArray(driver, np.zeros((9, 4), np.float32), offset=offset)
            results = session.run(None, {"x": given}, out={"y": y})
            assert results[0] is y
            check([y.numpy(), results[1]], x)
            # Both were asked to be ready for one stream, a real one.
            assert given.streams == y.streams and given.streams[0] >= 1


def test_outputs_on_the_gpu(mlopt, demo, driver):
    session = mlopt.InferenceSession(demo, device="cuda")
    first = session.run(None, {"x": values(6)}, device_outputs=True)
    # A tensor keeps its memory while other runs make theirs.
    second = session.run(["sum"], {"x": values(8, 3)}, device_outputs=True)
    y, total = first
    assert y.shape == (6, 4) and y.dtype == np.float32 and y.device == "cuda:0"
    assert y.__dlpack_device__() == (2, 0)
    check([driver.read(t.pointer, t.shape, t.dtype) for t in first], values(6))
    np.testing.assert_array_equal(
        driver.read(second[0].pointer, (8,), np.float32), expected(values(8, 3))[1]
    )
    # A result is an input without a copy.
    again = session.run(["y"], {"x": y})[0]
    np.testing.assert_array_equal(again, expected(expected(values(6))[0])[0])
    interface = total.__cuda_array_interface__
    assert interface["data"] == (total.pointer, False) and interface["typestr"] == "<f4"
    assert interface["shape"] == (6,)
    # It outlives the session.
    session.close()
    check([driver.read(t.pointer, t.shape, t.dtype) for t in first], values(6))


def test_capsules(mlopt, demo):
    """Capsules keep their tensor alive, taken or not, and no longer."""
    from mlopt import _device

    session = mlopt.InferenceSession(demo, device="cuda")
    y = session.run(["y"], {"x": values(3)}, device_outputs=True)[0]
    capsule = y.__dlpack__(stream=1, max_version=(1, 0))
    assert len(_device._exported) == 1
    del capsule
    gc.collect()
    assert not _device._exported
    # A consumer takes the tensor: it renames the capsule, and calls the deleter in the end.
    capsule = y.__dlpack__()
    (address,) = _device._exported
    rename = ctypes.pythonapi.PyCapsule_SetName
    rename.argtypes = [ctypes.py_object, ctypes.c_void_p]
    used = ctypes.c_char_p(b"used_dltensor")
    rename(capsule, ctypes.cast(used, ctypes.c_void_p))
    del capsule
    gc.collect()
    assert list(_device._exported) == [address]
    managed = _device._DLManagedTensor.from_address(address)
    assert managed.tensor.device_type == 2 and managed.tensor.shape[0] == 3
    assert managed.tensor.strides[0] == 4 and managed.tensor.data == y.pointer
    managed.deleter(ctypes.byref(managed))
    assert not _device._exported
    for wrong in ({"dl_device": (1, 0)}, {"copy": True}):
        with pytest.raises(BufferError):
            y.__dlpack__(**wrong)


@pytest.mark.parametrize("kind", ["number", "torch", "cupy", "default"])
def test_stream(mlopt, demo, driver, kind):
    number = 0 if kind == "default" else driver.stream()

    class Stream:
        pass

    stream = Stream()
    setattr(stream, "ptr" if kind == "cupy" else "cuda_stream", number)
    given = number if kind in ("number", "default") else stream
    session = mlopt.InferenceSession(demo, device="cuda", stream=given)
    x = CudaArray(driver, values(4))
    check(session.run(None, {"x": x}), values(4))
    assert x.streams == [number or 1]


def test_refused(mlopt, demo, driver):
    on_gpu = CudaArray(driver, values(4))
    with pytest.raises(mlopt.InvalidInputError, match="the session runs on the CPU"):
        mlopt.InferenceSession(demo).run(None, {"x": on_gpu})
    with pytest.raises(mlopt.InvalidInputError, match="device='cuda'"):
        mlopt.InferenceSession(demo).run(None, {"x": values(4)}, device_outputs=True)
    session = mlopt.InferenceSession(demo, device="cuda:1")
    with pytest.raises(mlopt.InvalidInputError, match="on GPU 0, the session on GPU 1"):
        session.run(None, {"x": on_gpu})
    for device in ("gpu", "cuda:", "cuda:x", "cudaX"):
        with pytest.raises(mlopt.InvalidInputError, match="there is no device"):
            mlopt.InferenceSession(demo, device=device)
    with pytest.raises(mlopt.InvalidInputError, match="stream is 'x'"):
        mlopt.InferenceSession(demo, device="cuda", stream="x")
    with pytest.raises(mlopt.DeviceError, match="there is no GPU 2") as error:
        mlopt.InferenceSession(demo, device="cuda:2")
    assert error.value.code == "MLO5301"
    # After an error the session goes on.
    check(session.run(None, {"x": values(4)}), values(4))


def test_no_code(mlopt, driver, tmp_path):
    artefact = build(tmp_path, "--no-gpu")
    with pytest.raises(mlopt.DeviceError, match="has no code for GPUs") as error:
        mlopt.InferenceSession(artefact, device="cuda")
    assert error.value.code == "MLO5303"


def test_bad_data(mlopt, demo):
    session = mlopt.InferenceSession(demo, device="cuda", entry="gather")
    table, index = values(4), np.array([3, 0], np.int64)
    np.testing.assert_array_equal(
        session.run(None, {"table": table, "index": index})[0], table[[3, 0]]
    )
    with pytest.raises(mlopt.RunError, match="index out of range at node Gather_4"):
        session.run(None, {"table": table, "index": np.array([3, 4], np.int64)})


def test_threads(mlopt, demo):
    session = mlopt.InferenceSession(demo, device="cuda")
    failures = []

    def work(first):
        try:
            for turn in range(10):
                x = values(3 + turn % 4, first)
                check(session.run(None, {"x": x}), x)
        except Exception as error:  # told by the test's thread
            failures.append(error)

    threads = [threading.Thread(target=work, args=(i,)) for i in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures


TORCH = """
import sys
import numpy as np
import torch
import mlopt
if not torch.cuda.is_available():
    sys.exit(77)
session = mlopt.InferenceSession(sys.argv[1], device="cuda", stream=torch.cuda.current_stream())
x = torch.arange(20, dtype=torch.float32, device="cuda").reshape(5, 4)
y = torch.empty(5, 4, device="cuda")
want = (2 * x + torch.tensor([0.5, -1, 0.25, 3], device="cuda")).flip(0)
session.run(None, {"x": x}, out={"y": y})
assert torch.equal(y, want)
result = session.run(["y"], {"x": x}, device_outputs=True)[0]
assert torch.equal(torch.from_dlpack(result), want)
"""


def test_torch(mlopt, tmp_path):
    """On a machine with a GPU: PyTorch's tensors, in place. In a process of its own, which has the
    driver of the machine.
    """
    pytest.importorskip("torch")
    folder = str(pathlib.Path(mlopt.__file__).parents[1])
    done = subprocess.run(
        [sys.executable, "-c", TORCH, build(tmp_path)],
        env={**os.environ, "PYTHONPATH": folder},
        check=False,
    )
    if done.returncode == 77:
        pytest.skip("PyTorch finds no GPU")
    assert done.returncode == 0

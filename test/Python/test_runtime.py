"""The runtime half of the package on a module written by hand (test/Runtime/Inputs): no compiler is
involved.
"""

import concurrent.futures
import os
import shutil
import subprocess

import numpy as np
import pytest

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
INPUTS = os.path.join(ROOT, "test", "Runtime", "Inputs")
BIAS = np.array([0.5, -1, 0.25, 3], np.float32)


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """The path of the module "demo": demo_image.c says what its entry points compute."""
    cc = shutil.which("clang-22") or shutil.which("cc")
    folder = tmp_path_factory.mktemp("demo")
    include = "-I" + os.path.join(ROOT, "runtime", "include")

    def run(*command):
        return subprocess.run(command, cwd=folder, check=True, stdout=subprocess.PIPE).stdout

    for tool in ("demo_image", "stamp"):
        run(cc, include, os.path.join(INPUTS, tool + ".c"), "-o", tool, "-lpthread", "-w")
    (folder / "demo.s").write_bytes(run("./demo_image"))
    alias = "-Wl,--defsym=mlopt_module_query=demo_module_query"
    code = os.path.join(INPUTS, "demo_code.c")
    run(cc, "-O1", "-fPIC", "-shared", "-nostdlib", alias, include, "demo.s", code, "-o", "demo.so")
    run("./stamp", "demo.so")
    return str(folder / "demo.so")


def expected(x):
    y = (2 * x + BIAS)[::-1]
    return y, y.sum(axis=1)


def test_description(mlopt, demo):
    session = mlopt.InferenceSession(demo)
    assert [(a.name, a.shape, a.type) for a in session.get_inputs()] == [
        ("x", ["n", 4], "tensor(float)")
    ]
    assert [(a.name, a.shape) for a in session.get_outputs()] == [("y", ["n", 4]), ("sum", ["n"])]
    assert session.metadata["launches"] == 3


@pytest.mark.parametrize("threads", [1, 2, 3])
@pytest.mark.parametrize("rows", [0, 1, 7, 1000])
def test_run(mlopt, demo, threads, rows):
    x = np.arange(rows * 4, dtype=np.float32).reshape(rows, 4)
    y, total = mlopt.InferenceSession(demo, num_threads=threads).run(None, {"x": x})
    np.testing.assert_array_equal(y, expected(x)[0])
    np.testing.assert_array_equal(total, expected(x)[1])


def test_concurrent_runs(mlopt, demo):
    session = mlopt.InferenceSession(demo, num_threads=2)
    inputs = [np.full((i + 1, 4), i, np.float32) for i in range(20)]
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda x: session.run(["y"], {"x": x})[0], inputs * 20))
    for x, y in zip(inputs * 20, results):
        np.testing.assert_array_equal(y, expected(x)[0])


def test_errors_of_inputs(mlopt, demo):
    session = mlopt.InferenceSession(demo)
    x = np.zeros((2, 4), np.float32)
    for code, feed in {
        "MLO5101": {"z": x},
        "MLO5102": {},
        "MLO5103": {"x": x.astype(np.float64)},
        "MLO5104": {"x": x[0]},
        "MLO5105": {"x": np.zeros((1001, 4), np.float32)},
    }.items():
        with pytest.raises(mlopt.InvalidInputError, match=code) as raised:
            session.run(None, feed)
        assert raised.value.code == code


def test_bad_data_is_an_error_of_the_run(mlopt, demo):
    session = mlopt.InferenceSession(demo, entry="gather")
    table = np.arange(8, dtype=np.float32).reshape(2, 4)
    (rows,) = session.run(None, {"table": table, "index": np.array([1, 0, 1])})
    np.testing.assert_array_equal(rows, table[[1, 0, 1]])
    with pytest.raises(mlopt.RunError, match="Gather_4") as raised:
        session.run(None, {"table": table, "index": np.array([0, 2])})
    assert raised.value.code == "MLO5201"
    assert not isinstance(raised.value, mlopt.InvalidInputError)


def test_damage_is_found(mlopt, demo, tmp_path):
    with open(demo, "rb") as stream:
        data = bytearray(stream.read())
    data[data.find(b"MLOPTMOD") + 300] ^= 1
    with pytest.raises(mlopt.ArtefactError, match="MLO5006"):
        mlopt.InferenceSession(bytes(data))
    (tmp_path / "cut.so").write_bytes(bytes(data[:1500]))
    with pytest.raises(mlopt.ArtefactError, match="MLO5004"):
        mlopt.InferenceSession(tmp_path / "cut.so")


def test_from_bytes_after_the_file_is_gone(mlopt, demo):
    with open(demo, "rb") as stream:
        session = mlopt.InferenceSession(stream.read())
    x = np.ones((3, 4), np.float32)
    np.testing.assert_array_equal(session.run(["y"], {"x": x})[0], expected(x)[0])


def test_a_closed_session_reports_an_error(mlopt, demo):
    with mlopt.InferenceSession(demo) as session:
        pass
    with pytest.raises(mlopt.Error):
        session.run(None, {"x": np.ones((1, 4), np.float32)})

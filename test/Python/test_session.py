"""InferenceSession: description, inputs and outputs, errors, threads."""

import concurrent.futures

import numpy as np
import pytest
from conftest import SMALL_INTEGERS, TYPES, expected_linear, model_bytes


def test_description(mlopt, artefact):
    session = mlopt.InferenceSession(artefact)
    (x,) = session.get_inputs()
    (y,) = session.get_outputs()
    assert (x.name, x.shape, x.type, x.dtype) == ("x", ["batch", 3], "tensor(float)", np.float32)
    assert (y.name, y.shape, y.type) == ("y", ["batch", 2], "tensor(float)")
    assert session.cpu_level
    assert isinstance(session.metadata, dict)


@pytest.mark.parametrize("batch", [1, 4, 7, 0])
def test_run_any_batch(mlopt, artefact, batch):
    x = np.arange(batch * 3, dtype=np.float32).reshape(batch, 3)
    (y,) = mlopt.InferenceSession(artefact).run(None, {"x": x})
    assert y.dtype == np.float32
    np.testing.assert_array_equal(y, expected_linear(x))


def test_output_names(mlopt, artefact, x):
    session = mlopt.InferenceSession(artefact)
    assert len(session.run(["y"], {"x": x})) == 1
    assert session.run([], {"x": x}) == []
    with pytest.raises(mlopt.InvalidInputError, match="no output 'z'; there are: y"):
        session.run(["z"], {"x": x})


def test_strided_and_converted_inputs(mlopt, artefact, x):
    session = mlopt.InferenceSession(artefact)
    wide = np.zeros((4, 6), np.float32)
    wide[:, ::2] = x
    np.testing.assert_array_equal(session.run(None, {"x": wide[:, ::2]})[0], expected_linear(x))
    np.testing.assert_array_equal(session.run(None, {"x": x.tolist()})[0], expected_linear(x))
    np.testing.assert_array_equal(session.run(None, {"x": x.astype(">f4")})[0], expected_linear(x))


def test_results_are_independent(mlopt, artefact, x):
    session = mlopt.InferenceSession(artefact)
    first = session.run(None, {"x": x})[0]
    session.run(None, {"x": x + 1})
    np.testing.assert_array_equal(first, expected_linear(x))


@pytest.mark.parametrize(
    "feed, code, text",
    [
        ({}, "MLO5102", "input 'x' is missing"),
        ({"z": np.zeros((1, 3), np.float32)}, "MLO5101", "no input 'z'"),
        ({"x": np.zeros((1, 3), np.float64)}, "MLO5103", "x"),
        ({"x": np.zeros(3, np.float32)}, "MLO5104", "x"),
        ({"x": np.zeros((1, 4), np.float32)}, "MLO5105", "x"),
        ({"x": np.array(["a"])}, "MLO5103", "x"),
        ({"x": [["a", "b", "c"]]}, "MLO5103", "x"),
    ],
)
def test_wrong_inputs(mlopt, artefact, feed, code, text):
    with pytest.raises(mlopt.InvalidInputError, match=text) as raised:
        mlopt.InferenceSession(artefact).run(None, feed)
    assert raised.value.code == code
    assert isinstance(raised.value, ValueError)


def test_caller_output(mlopt, artefact, x):
    session = mlopt.InferenceSession(artefact)
    y = np.empty((4, 2), np.float32)
    assert session.run(None, {"x": x}, out={"y": y})[0] is y
    np.testing.assert_array_equal(y, expected_linear(x))
    with pytest.raises(mlopt.InvalidInputError):
        session.run(None, {"x": x}, out={"y": np.empty((3, 2), np.float32)})
    with pytest.raises(mlopt.InvalidInputError):
        session.run(None, {"x": x}, out={"y": np.empty((2, 4), np.float32).T})


def test_types(mlopt):
    session = mlopt.InferenceSession(model_bytes(TYPES))
    assert [a.type for a in session.get_inputs()] == [
        "tensor(bfloat16)",
        "tensor(bool)",
        "tensor(uint8)",
        "tensor(int64)",
    ]
    bits = np.array([0x3F80, 0x4000, 0x7F80], np.uint16)  # 1, 2, infinity
    feed = {
        "a": bits,
        "b": np.array([True, False, True]),
        "c": np.array([1, 2, 200], np.uint8),
        "d": np.arange(6, dtype=np.int64).reshape(2, 3),
    }
    p, q, r, s = session.run(None, feed)
    np.testing.assert_array_equal(p.view(np.uint16), bits)
    np.testing.assert_array_equal(q, ~feed["b"])
    np.testing.assert_array_equal(r, feed["c"] + feed["c"])
    np.testing.assert_array_equal(s, feed["d"] ** 2)
    assert (q.dtype, r.dtype, s.dtype) == (np.bool_, np.uint8, np.int64)


def test_small_integers(mlopt):
    """A byte per element, whatever the upper bits of ml_dtypes' types are."""
    ml_dtypes = pytest.importorskip("ml_dtypes")
    session = mlopt.InferenceSession(model_bytes(SMALL_INTEGERS))
    assert [a.type for a in session.get_inputs()] == ["tensor(int4)", "tensor(uint4)"]
    values = np.arange(-8, 8)
    feed = {"a": values.astype(ml_dtypes.int4), "b": (values + 8).astype(ml_dtypes.uint4)}
    p, q, r = session.run(None, feed)
    np.testing.assert_array_equal(p, values)
    np.testing.assert_array_equal(q, values + 8)
    np.testing.assert_array_equal(r.astype(np.int8), values)
    p, q, r = session.run(None, {"a": values.astype(np.int8), "b": values.tolist()[8:] * 2})
    np.testing.assert_array_equal(p, values)
    np.testing.assert_array_equal(q, np.tile(np.arange(8), 2))


def test_threads_and_concurrent_runs(mlopt, artefact):
    session = mlopt.InferenceSession(artefact, num_threads=2)
    inputs = [np.random.default_rng(i).random((i + 1, 3), np.float32) for i in range(16)]
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        outputs = list(pool.map(lambda x: session.run(None, {"x": x})[0], inputs * 10))
    for x, y in zip(inputs * 10, outputs):
        np.testing.assert_array_equal(y, expected_linear(x))
    with pytest.raises(mlopt.InvalidInputError, match="num_threads"):
        mlopt.InferenceSession(artefact, num_threads=0)


def test_artefact_from_bytes_and_close(mlopt, artefact, x):
    with open(artefact, "rb") as stream:
        data = stream.read()
    with mlopt.InferenceSession(data) as session:
        np.testing.assert_array_equal(session.run(None, {"x": x})[0], expected_linear(x))
    with pytest.raises(mlopt.InvalidInputError, match="MLO5001: the session is closed"):
        session.run(None, {"x": x})


def test_bad_artefacts(mlopt, tmp_path, artefact):
    with open(artefact, "rb") as stream:
        data = bytearray(stream.read())
    for name, content in {"truncated": data[:1000], "not_ours": b"\x7fELF" + bytes(200)}.items():
        path = tmp_path / f"{name}.so"
        path.write_bytes(bytes(content))
        with pytest.raises(mlopt.ArtefactError):
            mlopt.InferenceSession(path)
    with pytest.raises(mlopt.InvalidInputError, match="no effect"):
        mlopt.InferenceSession(artefact, opt_level=3)
    with pytest.raises(mlopt.InvalidInputError, match="entry point 'nothing'"):
        mlopt.InferenceSession(artefact, entry="nothing")


def test_cpu_level(mlopt, artefact):
    with pytest.raises(mlopt.ArtefactError) as raised:
        mlopt.InferenceSession(artefact, cpu_level="no-such-level")
    assert raised.value.code == "MLO5007"

"""mlopt.compile: outputs, the cache, errors."""

import os

import numpy as np
import pytest
from conftest import LINEAR, UNSUPPORTED, expected_linear, model_bytes


def entries(folder):
    return sorted(n for n in os.listdir(folder) if n.endswith(".so"))


def test_to_a_path(mlopt, linear, tmp_path, x):
    model = tmp_path / "linear.onnx"
    model.write_bytes(linear)
    made = mlopt.compile(model, tmp_path / "out.so")
    assert made == str(tmp_path / "out.so")
    np.testing.assert_array_equal(
        mlopt.InferenceSession(made).run(None, {"x": x})[0], expected_linear(x)
    )


def test_text_model(mlopt, tmp_path, x):
    model = tmp_path / "linear.onnxtxt"
    model.write_text(LINEAR)
    np.testing.assert_array_equal(
        mlopt.InferenceSession(model).run(None, {"x": x})[0], expected_linear(x)
    )


def test_cache_is_keyed_by_content_and_flags(mlopt, linear, cache, tmp_path):
    first = mlopt.compile(linear)
    assert os.path.dirname(first) == str(cache)
    before = os.stat(first).st_mtime_ns
    assert mlopt.compile(linear) == first
    assert os.stat(first).st_mtime_ns == before
    assert mlopt.compile(linear, opt_level=1) != first
    assert mlopt.compile(model_bytes(LINEAR.replace("0.5", "0.25"))) != first
    model = tmp_path / "linear.onnx"
    model.write_bytes(linear)
    mlopt.compile(model)
    assert len(entries(cache)) == 4
    assert not [n for n in os.listdir(cache) if os.path.isdir(os.path.join(cache, n))]


def test_unsupported(mlopt, cache):
    with pytest.raises(mlopt.UnsupportedError, match="StringNormalizer") as raised:
        mlopt.InferenceSession(model_bytes(UNSUPPORTED))
    assert raised.value.exit_code == 4
    assert raised.value.code.startswith("MLO2")
    assert entries(cache) == []


@pytest.mark.parametrize("data", [b"", b"\x08", b"not a model at all", bytes(1000)])
def test_invalid_model(mlopt, data):
    with pytest.raises(mlopt.InvalidModelError) as raised:
        mlopt.InferenceSession(data)
    assert raised.value.code.startswith("MLO1")


def test_missing_file(mlopt, tmp_path):
    for call in (
        mlopt.InferenceSession,
        mlopt.compile,
        lambda m: mlopt.compile(m, tmp_path / "out.so"),
    ):
        with pytest.raises(mlopt.InvalidModelError, match="no-such-model"):
            call(tmp_path / "no-such-model.onnx")
    assert not os.listdir(tmp_path)


def test_usage(mlopt, linear):
    with pytest.raises(mlopt.UsageError):
        mlopt.compile(linear, no_such_flag=3)


def test_command_flags(mlopt):
    from mlopt.compiler import command_flags

    flags = {
        "precision": "f32",
        "opt_level": 3,
        "verify": True,
        "strip": False,
        "dim": {"batch": "1..8"},
        "shape": {"x": (1, 3)},
        "report": ["memory", "fusion"],
        "extra": ["-v"],
        "f32_matmul": "ieee",
    }
    assert command_flags(flags) == [
        "--precision=f32",
        "-O3",
        "--verify",
        "--dim=batch=1..8",
        "--shape=x:1x3",
        "--report=memory",
        "--report=fusion",
        "-v",
        "--f32-matmul=ieee",
    ]


def test_errors_are_parsed(mlopt):
    from mlopt import errors

    found = errors.from_compiler(
        4,
        "m.onnx:/a/B (Foo): error: MLO2001: no Foo\nm.onnx: note: x\n"
        "m.onnx:/c (Bar): error: MLO2002: no Bar\n",
    )
    assert isinstance(found, mlopt.UnsupportedError)
    assert [(d.code, d.location, d.message) for d in found.diagnostics] == [
        ("MLO2001", "m.onnx:/a/B (Foo)", "no Foo"),
        ("MLO2002", "m.onnx:/c (Bar)", "no Bar"),
    ]
    assert isinstance(errors.from_compiler(-11, ""), mlopt.InternalError)

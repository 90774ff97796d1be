"""The ONNX backend interface."""

import numpy as np
import onnx
import pytest
from conftest import LINEAR, UNSUPPORTED, expected_linear


@pytest.fixture
def backend(mlopt):
    return pytest.importorskip("mlopt.backend")


def test_prepare(backend, x):
    model = onnx.parser.parse_model(LINEAR)
    assert backend.supports_device("CPU") and not backend.supports_device("CUDA")
    (y,) = backend.prepare(model).run([x])
    np.testing.assert_array_equal(y, expected_linear(x))
    np.testing.assert_array_equal(backend.run(model, [x])[0], expected_linear(x))


def test_is_compatible(backend):
    assert backend.is_compatible(onnx.parser.parse_model(LINEAR))
    assert not backend.is_compatible(onnx.parser.parse_model(UNSUPPORTED))


def test_run_node(backend, x):
    node = onnx.helper.make_node("Add", ["a", "b"], ["c"])
    np.testing.assert_array_equal(backend.run_node(node, [x, x]).c, x + x)

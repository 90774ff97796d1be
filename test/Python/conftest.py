"""Fixtures: small models as ONNX text, the built compiler, a cache of the test's own."""

import os

import numpy as np
import pytest

BUILD_DIR = os.environ.get(
    "MLOPT_BUILD_DIR", os.path.join(os.path.dirname(__file__), "..", "..", "build")
)
os.environ["MLOPT_BUILD_DIR"] = os.path.abspath(BUILD_DIR)

LINEAR = """
<ir_version: 10, opset_import: ["" : 20]>
linear (float[batch, 3] x) => (float[batch, 2] y)
<float[3, 2] w = {1, 2, 3, 4, 5, 6}, float[2] b = {0.5, -0.5}>
{
  product = MatMul(x, w)
  y = Add(product, b)
}
"""

# An operator that the schema knows and no compiler of tensors will ever run.
UNSUPPORTED = """
<ir_version: 10, opset_import: ["" : 20]>
text (string[n] x) => (string[m] y)
{
  y = StringNormalizer <case_change_action = "UPPER"> (x)
}
"""

TYPES = """
<ir_version: 10, opset_import: ["" : 20]>
types (bfloat16[n] a, bool[n] b, uint8[n] c, int64[2, n] d)
=> (bfloat16[n] p, bool[n] q, uint8[n] r, int64[2, n] s)
{
  p = Identity(a)
  q = Not(b)
  r = Add(c, c)
  s = Mul(d, d)
}
"""


SMALL_INTEGERS = """
<ir_version: 10, opset_import: ["" : 25]>
small (int4[n] a, uint4[n] b) => (int8[n] p, uint8[n] q, int4[n] r)
{
  p = Cast<to = 3>(a)
  q = Cast<to = 2>(b)
  r = Identity(a)
}
"""


def model_bytes(text):
    import onnx

    return onnx.parser.parse_model(text).SerializeToString()


@pytest.fixture(scope="session")
def mlopt():
    return pytest.importorskip("mlopt")


@pytest.fixture(autouse=True)
def cache(tmp_path_factory, monkeypatch):
    folder = tmp_path_factory.mktemp("cache")
    monkeypatch.setenv("MLOPT_CACHE_DIR", str(folder))
    return folder


@pytest.fixture(scope="session")
def linear():
    return model_bytes(LINEAR)


@pytest.fixture(scope="session")
def artefact(mlopt, linear, tmp_path_factory):
    """The compiled model of LINEAR."""
    path = tmp_path_factory.mktemp("artefact") / "linear.so"
    return mlopt.compile(linear, path)


@pytest.fixture
def x():
    return np.arange(12, dtype=np.float32).reshape(4, 3)


def expected_linear(x):
    return x @ np.array([[1, 2], [3, 4], [5, 6]], np.float32) + np.array([0.5, -0.5], np.float32)

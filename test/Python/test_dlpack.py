"""DLPack tensors in and out, without copies."""

import numpy as np
import pytest
from conftest import expected_linear


class Exporter:
    """Speaks DLPack and nothing else."""

    def __init__(self, array):
        self.array = array

    def __dlpack__(self, **arguments):
        return self.array.__dlpack__(**arguments)

    def __dlpack_device__(self):
        return self.array.__dlpack_device__()


def test_input(mlopt, artefact, x):
    session = mlopt.InferenceSession(artefact)
    np.testing.assert_array_equal(session.run(None, {"x": Exporter(x)})[0], expected_linear(x))


def test_output(mlopt, artefact, x):
    session = mlopt.InferenceSession(artefact)
    y = np.zeros((4, 2), np.float32)
    holder = Exporter(y)
    assert session.run(None, {"x": x}, out={"y": holder})[0] is holder
    np.testing.assert_array_equal(y, expected_linear(x))
    np.testing.assert_array_equal(
        np.from_dlpack(session.run(None, {"x": x})[0]), expected_linear(x)
    )


def test_refused(mlopt, artefact, x):
    session = mlopt.InferenceSession(artefact)
    with pytest.raises(mlopt.InvalidInputError, match="dense"):
        session.run(None, {"x": Exporter(np.asfortranarray(x))})
    with pytest.raises(mlopt.InvalidInputError, match="code 5"):
        session.run(None, {"x": Exporter(x.astype(np.complex64))})


def test_torch(mlopt, artefact, x):
    torch = pytest.importorskip("torch")
    session = mlopt.InferenceSession(artefact)
    y = torch.empty(4, 2)
    session.run(None, {"x": torch.from_numpy(x)}, out={"y": y})
    np.testing.assert_array_equal(y.numpy(), expected_linear(x))

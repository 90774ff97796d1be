"""TrainingSession: steps, gradients, evaluation, checkpoints, errors."""

import json
import math
import os
import subprocess

import numpy as np
import pytest

#: Two layers; a batch norm between them for buffers.
MODEL = """
<ir_version: 10, opset_import: ["" : 20]>
net (float[batch, 4] x) => (float[batch, 3] y)
<float[4, 8] w1, float[8] b1, float[8] scale, float[8] bias, float[8] mean, float[8] var,
 float[8, 3] w2, float[3] b2>
{
  a = MatMul(x, w1)
  c = Add(a, b1)
  n = BatchNormalization(c, scale, bias, mean, var)
  r = Relu(n)
  d = MatMul(r, w2)
  y = Add(d, b2)
}
"""


def make_model():
    import onnx

    model = onnx.parser.parse_model(MODEL)
    del model.graph.initializer[:]
    random = np.random.default_rng(0)
    shapes = {"w1": (4, 8), "b1": (8,), "scale": (8,), "bias": (8,), "mean": (8,), "var": (8,)}
    for name, shape in {**shapes, "w2": (8, 3), "b2": (3,)}.items():
        value = random.standard_normal(shape).astype(np.float32)
        if name in ("var", "scale"):
            value = np.abs(value) + 0.5
        model.graph.initializer.append(onnx.numpy_helper.from_array(value, name))
    return model.SerializeToString()


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    pytest.importorskip("onnx")
    path = tmp_path_factory.mktemp("model") / "net.onnx"
    path.write_bytes(make_model())
    return path


def train(mlopt, model, *flags):
    from mlopt import _paths

    out = model.with_name("".join(c for c in "".join(flags) if c.isalnum()) + ".so")
    if not out.exists():
        command = [_paths.compiler(), "train", str(model), "--loss=cross_entropy", *flags]
        subprocess.run([*command, "-o", str(out)], check=True)
    return out


@pytest.fixture(scope="module")
def adamw(mlopt, model):
    return train(mlopt, model, "--optimizer=adamw", "--lr=0.01")


@pytest.fixture(scope="module")
def open_rate(mlopt, model):
    return train(
        mlopt, model, "--optimizer=sgd", "--momentum=0.9", "--lr=input", "--clip-norm=input"
    )


def batch(count=32, seed=1):
    random = np.random.default_rng(seed)
    x = random.standard_normal((count, 4)).astype(np.float32)
    return {"x": x, "target": (x[:, 0] > 0).astype(np.int64) + (x[:, 1] > 0)}


def same(a, b):
    assert a.keys() == b.keys()
    for name, value in a.items():
        np.testing.assert_array_equal(value, b[name], err_msg=name)


def test_description(mlopt, adamw):
    session = mlopt.TrainingSession(adamw)
    assert [(a.name, a.shape) for a in session.get_inputs()] == [
        ("x", ["batch", 4]),
        ("target", ["batch"]),
    ]
    assert [(a.name, a.shape) for a in session.get_outputs()] == [("y", ["batch", 3])]
    training = session.metadata["training"]
    assert training["loss"].startswith("cross_entropy")
    assert training["optimizer"].startswith("adamw")
    assert training["slots"] == ["exp_avg", "exp_avg_sq"]
    assert training["parameters"]["tensors"] == 6
    assert training["parameters"]["elements"] == 32 + 8 + 8 + 8 + 24 + 3
    assert training["buffers"]["elements"] == 16
    memory = session.memory
    assert memory["parameter"] == training["parameters"]["bytes"]
    assert memory["state"] == 2 * memory["parameter"] == training["state_bytes"]
    assert memory["gradient"] == 0


def test_a_module_for_inference_is_refused(mlopt, artefact):
    with pytest.raises(mlopt.InvalidInputError, match="mlopt train"):
        mlopt.TrainingSession(artefact)


@pytest.mark.parametrize("threads", [1, 2])
def test_training_and_evaluation(mlopt, adamw, threads):
    with mlopt.TrainingSession(adamw, num_threads=threads) as session:
        session.init(7)
        first = session.evaluate(batch())
        losses = [session.step(batch()) for _ in range(150)]
        assert session.step_number == 150
        assert losses[-1] < losses[0] / 2
        assert session.grad_norm is None
        last = session.evaluate(**batch(), output_names=["y"])
        assert last["loss"] < first["loss"]
        assert last["count"] == 32 and last["correct"] > 25
        y = last["outputs"]["y"]
        assert last["correct"] == (y.argmax(axis=1) == batch()["target"]).sum()
        shifted = y - y.max(axis=1, keepdims=True)
        picked = shifted[np.arange(32), batch()["target"]]
        loss = (np.log(np.exp(shifted).sum(axis=1)) - picked).mean()
        assert abs(loss - last["loss"]) < 1e-5


def test_halves_give_the_bits_of_a_step(mlopt, adamw):
    whole, halves = mlopt.TrainingSession(adamw), mlopt.TrainingSession(adamw)
    for session in (whole, halves):
        session.init()
    for seed in range(5):
        loss = whole.step(batch(20 + seed, seed))
        assert halves.grad(**batch(20 + seed, seed)) == loss
        halves.update()
    assert whole.step_number == halves.step_number == 5
    same(whole.state_dict(), halves.state_dict())


def test_gradients(mlopt, open_rate):
    """Seen by what SGD makes of them."""
    session = mlopt.TrainingSession(open_rate)
    session.init()
    session.learning_rate, session.clip_norm = 0.5, 1e9
    before = session.parameters()
    session.grad(batch())
    gradients = {name: g.copy() for name, g in session.gradients().items()}
    assert gradients.keys() == before.keys()
    norm = math.sqrt(sum(float((g.astype(np.float64) ** 2).sum()) for g in gradients.values()))
    assert norm > 0.01
    session.update()
    assert abs(session.grad_norm - norm) < 1e-5 * norm
    for name, value in session.parameters().items():
        np.testing.assert_allclose(value, before[name] - 0.5 * gradients[name], atol=1e-6)
    # They may be written: with zeros and without momentum nothing moves.
    other = mlopt.TrainingSession(open_rate)
    other.init()
    other.learning_rate, other.clip_norm = 0.5, 1
    for gradient in other.gradients().values():
        gradient[...] = 0
    other.update()
    same(other.parameters(), before)
    flat = other.flat_gradients
    assert flat.dtype == np.float32 and flat.nbytes == other.memory["gradient"]
    flat[:3] = 1
    assert next(iter(other.gradients().values())).reshape(-1)[:3].tolist() == [1, 1, 1]


def test_views_and_copies(mlopt, adamw):
    session = mlopt.TrainingSession(adamw)
    session.init()
    copies, views = session.parameters(), session.parameters(copy=False)
    session.step(batch())
    assert not np.array_equal(copies["w1"], views["w1"])
    same(session.parameters(), views)
    assert set(session.buffers()) == {"mean", "var"}
    views["b2"][...] = 5
    assert session.parameters()["b2"].tolist() == [5, 5, 5]
    del session
    views["b2"][...] = 6  # the memory lives as long as its views


def test_state_dict(mlopt, adamw):
    session, other = mlopt.TrainingSession(adamw), mlopt.TrainingSession(adamw)
    session.init(3)
    for _ in range(4):
        session.step(batch())
    state = session.state_dict()
    assert state["optimizer.exp_avg_sq.w1"].shape == (4, 8)
    assert state["mlopt.step"] == 4 and state["mlopt.seed"] == 3
    other.load_state_dict(state)
    assert session.step(batch()) == other.step(batch())
    same(session.state_dict(), other.state_dict())
    # What does not fit changes nothing.
    kept = other.state_dict()
    for wrong, text in [
        ({k: v for k, v in state.items() if k != "w2"}, "no 'w2'"),
        ({**state, "w9": state["w2"]}, "'w9' is not in the model"),
        ({**state, "w2": state["w2"].T}, r"'w2' is float32 \[3, 8\], expected float32 \[8, 3\]"),
        ({**state, "w2": state["w2"].astype(np.float64)}, "'w2' is float64"),
    ]:
        with pytest.raises(mlopt.InvalidInputError, match=text) as raised:
            other.load_state_dict(wrong)
        assert raised.value.code == "MLO1073"
        same(other.state_dict(), kept)
    for step in (-1, 2**53, 1.5, [1, 2]):
        with pytest.raises(mlopt.InvalidInputError, match="'mlopt.step' is") as raised:
            other.load_state_dict({**state, "mlopt.step": np.array(step)})
        assert raised.value.code == "MLO1072"
        same(other.state_dict(), kept)
    other.load_state_dict({"w2": np.zeros((8, 3), np.float32)}, strict=False)
    same(other.state_dict(), {**kept, "w2": np.zeros((8, 3), np.float32)})


def test_checkpoints(mlopt, adamw, tmp_path):
    path = tmp_path / "model.safetensors"
    session, other = mlopt.TrainingSession(adamw), mlopt.TrainingSession(adamw)
    session.init(5)
    session.step(batch())
    session.save(path, {"note": "first"})
    first = path.read_bytes()
    session.step(batch())
    session.save(path)
    assert (tmp_path / "model.safetensors.previous").read_bytes() == first
    assert sorted(os.listdir(tmp_path)) == ["model.safetensors", "model.safetensors.previous"]
    metadata = other.load(path)
    assert metadata["format"] == "mlopt-checkpoint-1" and metadata["step"] == "2"
    assert other.step_number == 2 and other.seed == 5
    assert session.step(batch()) == other.step(batch())
    same(session.state_dict(), other.state_dict())
    assert other.load(f"{path}.previous")["note"] == "first"
    # The format itself: what other programs read.
    data = path.read_bytes()
    length = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + length])
    begin, end = header["w2"]["data_offsets"]
    assert header["w2"]["dtype"] == "F32" and header["w2"]["shape"] == [8, 3]
    w2 = np.frombuffer(data[8 + length :][begin:end], np.float32).reshape(8, 3)
    assert w2.shape == session.parameters()["w2"].shape


def test_the_checkpoint_is_one_of_the_command_line(mlopt, model, adamw, tmp_path):
    """The trained weights in an artefact for inference."""
    from mlopt import _paths

    session = mlopt.TrainingSession(adamw)
    session.init()
    for _ in range(20):
        session.step(batch())
    session.save(tmp_path / "w.safetensors")
    flag = f"--load-weights={tmp_path / 'w.safetensors'}"
    command = [_paths.compiler(), str(model), flag, "-o", str(tmp_path / "net.so")]
    subprocess.run(command, check=True)
    (y,) = mlopt.InferenceSession(tmp_path / "net.so").run(None, {"x": batch()["x"]})
    expected = session.evaluate(batch(), ["y"])["outputs"]["y"]
    np.testing.assert_allclose(y, expected, rtol=1e-5, atol=1e-5)


def test_damaged_checkpoints(mlopt, adamw, tmp_path):
    session = mlopt.TrainingSession(adamw)
    session.init()
    session.save(tmp_path / "good")
    data = (tmp_path / "good").read_bytes()
    kept = session.state_dict()
    length = int.from_bytes(data[:8], "little")
    for name, content in {
        "empty": b"",
        "short": data[:5],
        "cut header": data[: length // 2],
        "cut data": data[:-100],
        "longer": data + b"x",
        "huge header": b"\xff" * 8 + data[8:],
        "no json": data[:8] + b"[" * length + data[8 + length :],
        "list": (2).to_bytes(8, "little") + b"[]",
        "offsets": data.replace(b'"data_offsets":[0,', b'"data_offsets":[9,', 1),
        "shape": data.replace(b'"shape":[4,8]', b'"shape":[8,4e]', 1),
        "twice": data.replace(b'"w2":', b'"w1":', 1),
    }.items():
        (tmp_path / "bad").write_bytes(content)
        with pytest.raises(mlopt.InvalidInputError) as raised:
            session.load(tmp_path / "bad")
        assert raised.value.code == "MLO1072", name
        same(session.state_dict(), kept)
    # A whole file of something else.
    _, metadata = mlopt.training._safetensors.read(tmp_path / "good")
    tensors = {"other": np.arange(4, dtype=np.int8)}
    for code, stated, text in [
        ("MLO1072", {}, "no checkpoint of mlopt"),
        ("MLO1073", {**metadata, "model_sha256": "00"}, "made for another model"),
        ("MLO1073", {**metadata, "options": "adam lr=1"}, "with another optimizer: 'adam lr=1'"),
        ("MLO1073", metadata, "no 'b1'"),
        ("MLO1072", {**metadata, "step": "many"}, "no number as 'step'"),
        ("MLO1072", {**metadata, "step": "-1"}, "'mlopt.step' is -1, expected a whole number"),
        ("MLO1072", {**metadata, "step": str(2**63 - 1)}, "expected a whole number from 0 to"),
        ("MLO1072", {**metadata, "step": str(2**63)}, "no number as 'step'"),
    ]:
        mlopt.training._safetensors.write(tmp_path / "bad", tensors, stated)
        with pytest.raises(mlopt.InvalidInputError, match=text) as raised:
            session.load(tmp_path / "bad")
        assert raised.value.code == code
    same(session.state_dict(), kept)
    # Two tensors in the same place.
    header = json.loads(data[8 : 8 + length])
    header["b1"]["data_offsets"] = header["scale"]["data_offsets"]
    text = json.dumps(header).encode()
    (tmp_path / "bad").write_bytes(len(text).to_bytes(8, "little") + text + data[8 + length :])
    with pytest.raises(mlopt.InvalidInputError, match="MLO1072: .* overlap"):
        session.load(tmp_path / "bad")
    same(session.state_dict(), kept)
    with pytest.raises(FileNotFoundError):
        session.load(tmp_path / "none")


def test_a_failed_save_keeps_the_file(mlopt, adamw, tmp_path, monkeypatch):
    session = mlopt.TrainingSession(adamw)
    session.init()
    session.save(tmp_path / "w")
    before = (tmp_path / "w").read_bytes()

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    session.step(batch())
    with pytest.raises(OSError, match="No space"):
        session.save(tmp_path / "w")
    assert os.listdir(tmp_path) == ["w"] and (tmp_path / "w").read_bytes() == before


def test_a_missing_folder_is_named(mlopt, adamw, tmp_path):
    session = mlopt.TrainingSession(adamw)
    session.init()
    with pytest.raises(FileNotFoundError) as raised:
        session.save(tmp_path / "nowhere" / "w.safetensors")
    assert raised.value.filename == str(tmp_path / "nowhere" / "w.safetensors")


def test_safetensors_types(mlopt, tmp_path):
    types = ["f4", "f8", "f2", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "?"]
    tensors = {t: np.array([[0, 1, 1]]).astype(t) for t in types}
    tensors |= {"none": np.zeros((0, 3), np.float32), "scalar": np.float32(2).reshape(())}
    # u2 is bfloat16's stand-in where there is no ml_dtypes.
    if not mlopt.training._dtypes.ml_dtypes:
        del tensors["u2"], tensors["u1"]
    mlopt.training._safetensors.write(tmp_path / "t", tensors, {"a": "ä"})
    read, metadata = mlopt.training._safetensors.read(tmp_path / "t")
    assert metadata == {"a": "ä"}
    same(read, tensors)
    assert all(read[n].dtype == tensors[n].dtype for n in tensors)


def test_errors(mlopt, adamw, open_rate):
    session = mlopt.TrainingSession(adamw)
    with pytest.raises(mlopt.InvalidInputError, match="no parameters"):
        session.step(batch())
    session.init()
    for code, feed in {
        "MLO5101": {**batch(), "z": 1},
        "MLO5102": {"x": batch()["x"]},
        "MLO5103": {**batch(), "x": batch()["x"].astype(np.float64)},
        "MLO5104": {**batch(), "x": batch()["x"][0]},
        "MLO5105": {**batch(), "x": batch()["x"][:3]},
    }.items():
        with pytest.raises(mlopt.InvalidInputError, match=code):
            session.step(feed)
    with pytest.raises(mlopt.InvalidInputError, match="no output 'z'; there are: y"):
        session.evaluate(batch(), ["z"])
    with pytest.raises(mlopt.InvalidInputError, match="compiled in; .*'mlopt train' --lr=input"):
        session.learning_rate = 0.1
    with pytest.raises(mlopt.InvalidInputError, match="compiled in; .* --clip-norm=input"):
        session.clip_norm = 0.1
    for step in (-1, 2**53):
        with pytest.raises(mlopt.InvalidInputError, match="expected one from 0 to 2\\^53 - 1"):
            session.step_number = step
    with pytest.raises(mlopt.InvalidInputError, match="'mlopt train': use TrainingSession"):
        mlopt.InferenceSession(adamw)
    assert mlopt.InferenceSession(adamw, entry="init").get_outputs()
    with pytest.raises(mlopt.InvalidInputError, match="num_threads"):
        mlopt.TrainingSession(adamw, num_threads=0)
    session = mlopt.TrainingSession(open_rate)
    session.init()
    assert session.learning_rate is None
    with pytest.raises(mlopt.InvalidInputError, match="learning rate"):
        session.step(batch())
    session.learning_rate, session.clip_norm = 0.1, 1.0
    session.step(batch())
    assert session.step_number == 1 and session.grad_norm > 0
    session.step_number = 10
    assert session.step_number == 10


def test_bytes_and_close(mlopt, adamw):
    with mlopt.TrainingSession(adamw.read_bytes()) as session:
        session.init()
        assert session.step(batch()) > 0
    for use in (
        session.init,
        lambda: session.step(batch()),
        session.update,
        session.parameters,
        session.state_dict,
        lambda: session.save("never"),
        lambda: session.load("never"),
        lambda: session.step_number,
        lambda: session.memory,
    ):
        with pytest.raises(mlopt.InvalidInputError, match="MLO5001: the session is closed"):
            use()
    session.close()  # once more


def resident(path):
    """Bytes of a file that are in the memory of this process."""
    total, inside = 0, False
    with open("/proc/self/smaps") as stream:
        for line in stream:
            if "-" in line.split(" ", 1)[0]:
                inside = line.rstrip().endswith(os.path.realpath(path))
            elif inside and line.startswith("Rss:"):
                total += int(line.split()[1]) * 1024
    return total


def test_weights_do_not_stay_in_memory(mlopt, tmp_path):
    """After `init` the parameters are in memory once: the model's weights are those of the file."""
    onnx = pytest.importorskip("onnx")
    text = """
    <ir_version: 10, opset_import: ["" : 20]>
    large (float[batch, 2048] x) => (float[batch, 2048] y) <float[2048, 2048] w> {
      y = MatMul(x, w)
    }
    """
    large = onnx.parser.parse_model(text)
    del large.graph.initializer[:]
    w = np.random.default_rng(0).random((2048, 2048), np.float32)
    large.graph.initializer.append(onnx.numpy_helper.from_array(w, "w"))
    (tmp_path / "large.onnx").write_bytes(large.SerializeToString())
    flags = ["--loss=mse", "--optimizer=sgd", "--lr=0"]
    from mlopt import _paths

    command = [_paths.compiler(), "train", str(tmp_path / "large.onnx"), *flags]
    subprocess.run([*command, "-o", str(tmp_path / "large.so")], check=True)
    with mlopt.TrainingSession(tmp_path / "large.so", verify_weights=True) as session:
        assert resident(tmp_path / "large.so") > w.nbytes  # the check has read them
        for _ in range(2):  # the second time the weights are read from the file again
            session.init()
            assert resident(tmp_path / "large.so") < w.nbytes / 4
            np.testing.assert_array_equal(session.parameters()["w"], w)
            session.parameters(copy=False)["w"][...] = 0


def test_two_halves_of_a_batch(mlopt, tmp_path):
    """Gradients of two halves, averaged between `grad` and `update`, make the step of the whole:
    what two machines with an all-reduce do.
    """
    from mlopt import _paths

    folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Training", "Curves")
    data = np.load(os.path.join(folder, "mlp.npz"))
    data = {"x": data["x"], "target": data["target"]}
    half = len(data["x"]) // 2
    flags = ["--loss=cross_entropy", "--optimizer=sgd", "--momentum=0.9", "--lr=0.1"]
    command = [_paths.compiler(), "train", os.path.join(folder, "mlp.onnx"), *flags]
    subprocess.run([*command, "-o", str(tmp_path / "step.so")], check=True)
    whole, first, second = (mlopt.TrainingSession(tmp_path / "step.so") for _ in range(3))
    for session in (whole, first, second):
        session.init()
    for _ in range(20):
        whole.step(data)
        first.grad({n: v[:half] for n, v in data.items()})
        second.grad({n: v[half:] for n, v in data.items()})
        assert not np.array_equal(first.flat_gradients, second.flat_gradients)
        average = (first.flat_gradients + second.flat_gradients) / 2
        for session in (first, second):
            session.flat_gradients[...] = average
            session.update()
    same(first.state_dict(), second.state_dict())
    for name, value in whole.parameters().items():
        np.testing.assert_allclose(first.parameters()[name], value, rtol=1e-4, atol=1e-6)

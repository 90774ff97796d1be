"""mlopt train --train-scalar: a temperature on logits, its derivative and updates against formulas.

    check_scalars.py MLOPT FOLDER
"""

import os
import subprocess
import sys

import mlopt
import numpy as np

MLOPT, FOLDER = sys.argv[1:3]
MODEL = """<ir_version: 8, opset_import: ["" : 17]>
g (float[n, 2] x) => (float[n, 3] y)
<float[2, 3] w = {0.5, -1, 0.25, 1, 0.75, -0.5}, float temperature = {1.5}, float shift = {0.25}, int64 one = {1},
 float unused = {3}>
{
  a = MatMul(x, w)
  b = Mul(a, temperature)
  t = Mul(shift, shift)
  y = Sub(b, t)
}
"""
RATE = 0.5


def path(name):
    return os.path.join(FOLDER, name)


def train(model, *flags):
    return subprocess.run([MLOPT, "train", model, "--loss=cross_entropy", "--optimizer=sgd", f"--lr={RATE}",
                           "-o", path("m.so"), *flags], capture_output=True, text=True)


def reference(x, target, w, temperature):
    """The loss and its derivatives by w and the temperature."""
    a = x @ w
    y = a * temperature
    p = np.exp(y - y.max(1, keepdims=True))
    p /= p.sum(1, keepdims=True)
    loss = -np.log(p[np.arange(len(x)), target]).mean()
    d = p.copy()
    d[np.arange(len(x)), target] -= 1
    d /= len(x)
    return loss, x.T @ (d * temperature), (d * a).sum()


model = path("m.onnxtxt")
with open(model, "w", encoding="utf-8") as file:
    file.write(MODEL)
rng = np.random.default_rng(4)
feed = {"x": rng.standard_normal((7, 2)).astype(np.float32), "target": rng.integers(0, 3, 7)}
x = feed["x"].astype(float)

result = train(model)
assert result.returncode == 0, result.stderr
assert "warning: not trained: the scalars 'shift', 'temperature'; --train-scalar=NAME" in result.stderr, result.stderr
assert sorted(mlopt.TrainingSession(path("m.so")).parameters()) == ["w"]
result = train(model, "-q")
assert result.returncode == 0 and not result.stderr, result.stderr
print("constant: ok")

result = train(model, "--train-scalar=temp*")
assert result.returncode == 0, result.stderr
assert "not trained: the scalar 'shift'; --train-scalar=shift makes" in result.stderr, result.stderr
w, temperature = np.array([[0.5, -1, 0.25], [1, 0.75, -0.5]]), 1.5
session = mlopt.TrainingSession(path("m.so"))
session.init()
assert session.parameters()["temperature"].shape == ()
for step in range(5):
    loss, dw, dt = reference(x, feed["target"], w, temperature)
    got = session.grad(feed)
    gradients = session.gradients()
    assert abs(got - loss) < 1e-5, (step, got, loss)
    assert abs(gradients["temperature"] - dt) < 1e-5 and abs(dt) > 1e-3, (step, gradients, dt)
    assert np.abs(gradients["w"] - dw).max() < 1e-5, (step, gradients, dw)
    session.update()
    w, temperature = w - RATE * dw, temperature - RATE * dt
    assert abs(session.parameters()["temperature"] - temperature) < 1e-5
print("trained: ok")

session.save(path("c.safetensors"))
result = subprocess.run([MLOPT, "compile", model, f"--load-weights={path('c.safetensors')}", "-o", path("i.so")],
                        capture_output=True, text=True)
assert result.returncode == 0, result.stderr
y = mlopt.InferenceSession(path("i.so")).run(None, {"x": feed["x"]})[0]
assert np.abs(y - (x @ w * temperature - 0.25**2)).max() < 1e-5
print("checkpoint: ok")

result = train(model, "--train-scalar=w")
assert result.returncode == 4, result.stderr
assert "MLO2406: --train-scalar=w matches no scalar initializer; the model has 'shift', 'temperature'" in result.stderr
result = train(model, "--train-scalar=temperature", "--train-scalar=[")
assert result.returncode == 4 and "MLO2406: --train-scalar=[ is no pattern" in result.stderr, result.stderr
many = path("many.onnxtxt")
with open(many, "w", encoding="utf-8") as file:
    names = [f"s{i}" for i in range(10)]
    text = MODEL.replace("float unused = {3}", ", ".join(f"float {n} = {{1}}" for n in names))
    chain = "\n".join(f"  c{i} = Mul({f'c{i - 1}' if i else 'b'}, s{i})" for i in range(10))
    file.write(text.replace("y = Sub(b, t)", chain.strip() + "\n  y = Sub(c9, t)"))
result = train(many)
assert result.returncode == 0 and "'s7' and 4 more; --train-scalar=NAME" in result.stderr, result.stderr
print("errors: ok")

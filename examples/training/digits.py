# %% [markdown]
# # Training from Python
#
# The handwritten digits of scikit-learn, a small convolutional network, `mlopt.TrainingSession`:
# NumPy arrays in, losses out. The loop is plain Python, the step is one compiled program; no other
# framework is involved. Cells begin with `# %%`: editors with notebooks run them one by one, and
# `python digits.py` runs them all. Needs scikit-learn, onnx and the mlopt package; matplotlib, if
# it is there, for the plot.

# %%
import os
import pathlib
import subprocess
import sys
import tempfile

import mlopt
import numpy as np
import onnx
from sklearn.datasets import load_digits

# In a notebook that was opened elsewhere, say here where the examples are.
HERE = pathlib.Path(globals().get("__file__", "digits.py")).resolve().parent
sys.path.insert(0, str(HERE.parent / "digits"))
from make_model import build  # noqa: E402  the network: 4 layers with batch norm and dropout

FOLDER = pathlib.Path(os.environ.get("DIGITS_FOLDER") or tempfile.mkdtemp())
EPOCHS, BATCH, SEED = 12, 32, 1

# %% [markdown]
# ## Data
# A third of the images is held out: training never sees it.

# %%
digits = load_digits()
images = (digits.images / 16).astype(np.float32)[:, None]
labels = digits.target.astype(np.int64)
order = np.random.RandomState(0).permutation(len(labels))
held_out, rest = np.split(order, [len(order) // 3])
print(f"{len(rest)} images to train on, {len(held_out)} held out")

# %% [markdown]
# ## The compiled step
# Loss, gradients and the update by AdamW in one program. The learning rate is an input, so that the
# loop below decides it.

# %%
onnx.save(build(seed=0), FOLDER / "digits.onnx")
subprocess.run(
    [
        os.environ.get("MLOPT", "mlopt"),
        "train",
        FOLDER / "digits.onnx",
        "--loss=cross_entropy",
        "--target=label",
        "--optimizer=adamw",
        "--lr=input",
        "-o",
        FOLDER / "step.so",
    ],
    check=True,
)
session = mlopt.TrainingSession(FOLDER / "step.so")
training = session.metadata["training"]
print(training["optimizer"])
print(training["parameters"]["elements"], "parameters;", session.memory)

# %% [markdown]
# ## Training

# %%
session.init(SEED)
shuffle = np.random.default_rng(SEED)
losses, accuracies = [], []
steps = EPOCHS * -(-len(rest) // BATCH)
for epoch in range(EPOCHS):
    for part in np.array_split(shuffle.permutation(rest), steps // EPOCHS):
        session.learning_rate = 0.0025 * (1 + np.cos(np.pi * session.step_number / steps))
        losses.append(session.step(image=images[part], label=labels[part]))
    result = session.evaluate(image=images[held_out], label=labels[held_out])
    accuracies.append(result["correct"] / result["count"])
    mean = np.mean(losses[-(steps // EPOCHS) :])
    print(f"epoch {epoch + 1}: loss {mean:.4f}, {accuracies[-1]:.2%} of the held-out digits")

# %% [markdown]
# ## What happened
# With matplotlib a picture; without it the same in letters.

# %%
try:
    import matplotlib.pyplot as plt
except ImportError:
    for first in range(0, steps, steps // EPOCHS):
        mean = float(np.mean(losses[first : first + steps // EPOCHS]))
        print(f"step {first:4} {mean:8.4f} {'#' * max(1, round(30 * mean / losses[0]))}")
else:
    figure, left = plt.subplots()
    left.semilogy(losses)
    left.set(xlabel="step", ylabel="loss")
    right = left.twinx()
    right.plot(np.arange(1, EPOCHS + 1) * steps / EPOCHS, accuracies, "o-", color="tab:orange")
    right.set(ylabel="held-out digits read")
    figure.savefig(FOLDER / "loss.png")
    print(f"the plot is {FOLDER / 'loss.png'}")

# %% [markdown]
# ## The result in use
# The checkpoint is a safetensors file. With its weights the same model becomes an artefact for
# inference.

# %%
session.save(FOLDER / "digits.safetensors")
subprocess.run(
    [
        os.environ.get("MLOPT", "mlopt"),
        FOLDER / "digits.onnx",
        f"--load-weights={FOLDER / 'digits.safetensors'}",
        "-o",
        FOLDER / "digits.so",
    ],
    check=True,
)
(logits,) = mlopt.InferenceSession(FOLDER / "digits.so").run(None, {"image": images[held_out]})
accuracy = float((logits.argmax(axis=1) == labels[held_out]).mean())
print(f"the artefact for inference reads {accuracy:.2%} of the held-out digits")
if accuracy < 0.98:
    sys.exit("expected 98 % at least")

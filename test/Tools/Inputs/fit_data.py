"""fit_data.py FOLDER: data for the model classes.onnxtxt, right and wrong."""

import os
import sys

import numpy as np

folder = sys.argv[1]
os.makedirs(folder, exist_ok=True)
random = np.random.RandomState(0)


def save(name, **arrays):
    np.savez(os.path.join(folder, name), **arrays)


def samples(count):
    label = random.randint(0, 3, count)
    x = random.randn(count, 4).astype(np.float32)
    x[:, 0] += 2 * (label == 1)
    x[:, 1] += 2 * (label == 2)
    return x, label.astype(np.int64)


x, target = samples(50)
save("train.npz", x=x, target=target)
save("test.npz", **dict(zip(("x", "target"), samples(21))))
save("wide.npz", x=x.astype(np.float64), target=target.astype(np.int32))
save("other_names.npz", picture=x, target=target)
save("missing.npz", x=x, labels=target)
save("type.npz", x=x.astype(np.int16), target=target)
save("shape.npz", x=np.concatenate([x, x], axis=1), target=target)
save("rank.npz", x=x, target=target[:, None])
save("count.npz", x=x, target=target[:-1])
save("none.npz", x=x[:0], target=target[:0])
save("few.npz", x=x[:7], target=target[:7])
save("large.npz", x=x * np.float32(1e30), target=target)
bad = target.copy()
bad[17] = 3
save("label.npz", x=x, target=bad)
ignored = target.copy()
ignored[20:30] = -100
save("ignored.npz", x=x, target=ignored)
poisoned = x.copy()
poisoned[40:] = np.inf
save("poisoned.npz", x=poisoned, target=target)
with open(os.path.join(folder, "train.npz"), "rb") as stream:
    content = stream.read()
with open(os.path.join(folder, "cut.npz"), "wb") as stream:
    stream.write(content[: len(content) // 2])

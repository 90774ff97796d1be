"""quantize_bad_data.py FOLDER: data for models of quantize_model.py, most of it wrong."""

import os
import sys

import numpy as np

folder = sys.argv[1]
at = lambda name: os.path.join(folder, name)
random = np.random.default_rng(5)


def images(count, kind=np.float32):
    return random.standard_normal((count, 1, 8, 8)).astype(kind)


x = images(5)
x[1, 0, 0, 6] = np.nan
np.savez(at("nan.npz"), x=x)
os.mkdir(at("inf"))
np.savez(at("inf/a.npz"), x=images(5))
x = images(5)
x[0, 0, 0, 0] = -np.inf
np.savez(at("inf/b.npz"), x=x)
np.savez(at("name.npz"), image=images(5))
np.savez(at("shape.npz"), x=images(5)[:, :, :7])
np.savez(at("rank.npz"), x=images(1)[0, 0])
np.savez(at("type.npz"), x=images(5).astype(np.uint8))
np.savez(at("empty.npz"), x=images(0))
np.savez(at("nothing.npz"))
np.savez(at("three.npz"), x=images(3))
np.savez(at("six.npz"), x=images(6))
np.savez(at("one.npz"), x=images(1))
np.savez(at("zeros.npz"), x=np.zeros((8, 1, 8, 8), np.float32))
np.savez(at("constant.npz"), x=np.full((8, 1, 8, 8), 2.5, np.float32))
np.savez(at("double.npz"), x=images(8, np.float64))
np.savez(at("whole.npz"), x=images(12).reshape(3, 4, 1, 8, 8))
x = images(8)
x[3] = 3e38
np.savez(at("huge.npz"), x=x)
with np.load(at("eval.npz")) as data:
    np.savez(at("labels.npz"), x=data["x"], labels=data["labels"][:7])
    few, labels = data["x"][:16], data["labels"][:16].astype(np.float32)
    for name, wrong in (("nanlabels", np.nan), ("class99", 99), ("half", 1.5), ("negative", -1)):
        labels[3] = wrong
        np.savez(at(f"{name}_labels.npz"), x=few, labels=labels)
    np.savez(at("column_labels.npz"), x=few, labels=data["labels"][:16, None])
    np.savez(at("turned.npz"), x=few[:5], labels=np.zeros((5, 5, 1)).reshape(5, 5)[:, :4])
    np.savez(at("onehot.npz"), x=data["x"], labels=np.eye(5)[data["labels"]])
with np.load(at("two.npz")) as data:
    np.savez(at("half.npz"), a=data["a"])
    np.savez(at("uneven.npz"), a=data["a"], b=data["b"][:9])
    os.mkdir(at("arrays"))
    for name in data.files:
        np.save(at(f"arrays/{name}.npy"), data[name])

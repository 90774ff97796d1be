#!/usr/bin/env python3
"""Makes functions.npz, what functions.py compares with: needs torch."""

import pathlib

import numpy as np
import torch

from functions import BN, BN_TARGET, BN_X, GRADIENTS, LOSSES, OPTIMIZERS, P0, class_axis


def wide(array):
    tensor = torch.from_numpy(np.ascontiguousarray(array))
    return tensor.double() if tensor.is_floating_point() else tensor


def main():
    arrays = {}
    for name, (x, target, options, function, arguments) in LOSSES.items():
        x = wide(x).requires_grad_()
        given = x.movedim(class_axis(options), 1) if x.ndim > 2 else x
        loss = getattr(torch.nn.functional, function)(given, wide(target), **arguments)
        loss.backward()
        arrays[f"loss/{name}"], arrays[f"gradient/{name}"] = loss.detach().numpy(), x.grad.numpy()

    for name, (_, kind, arguments, _, extra) in OPTIMIZERS.items():
        parameter = torch.nn.Parameter(wide(P0))
        optimizer = getattr(torch.optim, kind)([parameter], **arguments)
        size, gamma = extra.get("step", (1, 1.0))
        scheduler = torch.optim.lr_scheduler.StepLR(optimizer, size, gamma)
        for gradient in GRADIENTS:
            parameter.grad = wide(gradient)
            if "clip" in extra:
                torch.nn.utils.clip_grad_norm_([parameter], extra["clip"])
            optimizer.step()
            scheduler.step()
        arrays[f"optimizer/{name}"] = parameter.detach().numpy()

    norm = torch.nn.BatchNorm1d(3, eps=1e-3, momentum=0.25).double()
    for key, value in (("weight", "scale"), ("bias", "bias"), ("running_mean", "mean"), ("running_var", "variance")):
        getattr(norm, key).data.copy_(wide(BN[value]))
    loss = torch.nn.functional.mse_loss(norm(wide(BN_X)), wide(BN_TARGET))
    loss.backward()
    arrays |= {"batch_norm/loss": loss.detach().numpy(), "batch_norm/scale": norm.weight.grad.numpy(),
               "batch_norm/bias": norm.bias.grad.numpy(), "batch_norm/mean": norm.running_mean.numpy(),
               "batch_norm/variance": norm.running_var.numpy()}
    norm.eval()
    arrays["batch_norm/eval"] = torch.nn.functional.mse_loss(norm(wide(BN_X)), wide(BN_TARGET)).detach().numpy()
    np.savez_compressed(pathlib.Path(__file__).parent / "functions.npz", **arrays)


if __name__ == "__main__":
    main()

"""Writes golden_formulas.npz: formulas in keras.ops with PyTorch's gradients, for comparison with ours.

Run with a Python that has Keras and PyTorch: ``KERAS_BACKEND=torch python tests/parity/make_golden_formulas.py``.
Made with Keras 3.15.1 on PyTorch 2.13.0 (CPU), float64.
"""

from __future__ import annotations

import numpy as np
import torch
from formula_cases import CASES, SHAPE
from golden import target
from keras import config, ops
from keras.src.backend.common import dtypes

# Plain numbers among the tensors must not bring them down to float32.
config.set_floatx("float64")
dtypes.BIT64_TO_BIT32_DTYPE["float64"] = "float64"

NAMES = ("x", "y", "a", "b")


def main() -> None:
    """Values, and the gradients of a random projection of them."""
    random = np.random.default_rng(11)
    shapes = (SHAPE, SHAPE, SHAPE[-1:], SHAPE[1:])
    given = {name: random.normal(0, 1.5, shape) for name, shape in zip(NAMES, shapes, strict=True)}
    given["b"] = np.abs(given["b"]) + 0.3
    found = {"direction": random.normal(size=SHAPE), **given}
    for place, theirs in enumerate(CASES.values()):
        tensors = {name: torch.from_numpy(array).requires_grad_(True) for name, array in given.items()}
        value = eval(theirs, {"ops": ops}, tensors)
        (value * torch.from_numpy(found["direction"])).sum().backward()
        found[f"{place}/value"] = value.detach().numpy()
        for name, tensor in tensors.items():
            if tensor.grad is not None:
                found[f"{place}/{name}"] = tensor.grad.numpy()
    np.savez_compressed(target("golden_formulas.npz"), **found)


if __name__ == "__main__":
    main()

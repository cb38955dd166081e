"""Makes ``layers.npz``: what Keras 3.15.1 (PyTorch 2.13.0, float64) makes of small layers and their gradients.

Run with that Keras installed: ``KERAS_BACKEND=torch python tests/parity/make_layer_golden.py``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
import torch
from golden import in_double, target
from layer_cases import CASES, ROWS, Case


def golden(place: int, case: Case) -> dict[str, Any]:
    """Inputs, weights, output, the gradient by the output that was chosen, and the gradients that follow."""
    kind, values, shapes = case
    random = np.random.default_rng(place)
    x = [torch.tensor(random.standard_normal((ROWS, *shape)), requires_grad=True) for shape in shapes]
    layer = getattr(keras.layers, kind)(**values, dtype="float64")
    given = x[0] if len(x) == 1 else x
    layer(given)
    weights = [random.uniform(0.5, 1.5, tuple(weight.shape)) for weight in layer.trainable_weights]
    layer.set_weights(weights)
    y = layer(given)
    slope = torch.tensor(random.standard_normal(tuple(y.shape)))
    (y * slope).sum().backward()
    found = {f"{place} y": y.detach().numpy(), f"{place} dy": slope.numpy()}
    found |= {f"{place} x{n}": one.detach().numpy() for n, one in enumerate(x)}
    found |= {f"{place} dx{n}": one.grad.numpy() for n, one in enumerate(x)}
    for weight, array in zip(layer.trainable_weights, weights, strict=True):
        found[f"{place} w {weight.name}"] = array
        found[f"{place} dw {weight.name}"] = weight.value.grad.numpy()
    return found


def write(name: str, cases: Sequence[Case]) -> None:
    """What Keras makes of all cases, in one file."""
    torch.set_num_threads(1)
    in_double(keras)
    arrays = {key: value for place, case in enumerate(cases) for key, value in golden(place, case).items()}
    np.savez_compressed(target(name), **arrays)
    print(f"{len(cases)} layers of Keras {keras.__version__}, PyTorch {torch.__version__}")


if __name__ == "__main__":
    write("layers.npz", CASES)

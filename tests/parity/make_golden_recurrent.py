"""Makes ``recurrent.npz``: what Keras 3.15.1 (PyTorch 2.13.0, float64) makes of recurrent layers, with gradients.

Run with that Keras installed: ``KERAS_BACKEND=torch python tests/parity/make_golden_recurrent.py``.
"""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import torch
from golden import in_double, target
from recurrent_cases import CASES, ROWS, Case, states


def made(declared: dict[str, Any]) -> Any:
    """A Keras layer from a declaration of ours."""
    values = {
        name: made(value) if isinstance(value, dict) else value for name, value in declared.items() if name != "type"
    }
    return getattr(keras.layers, declared["type"])(**values, dtype="float64")


def asked(place: int, case: Case) -> dict[str, Any]:
    """Inputs, mask (zeros in x), weights, all outputs in one row, their chosen gradient and what follows from it."""
    declared, (steps, features), masked, length = case
    random = np.random.default_rng(place)
    x = random.standard_normal((ROWS, steps, features))
    mask = random.random((ROWS, steps)) < 0.6 if masked else np.ones((ROWS, steps), bool)
    if masked:
        mask[0], mask[1] = True, False
    x[~mask] = 0
    x = torch.tensor(x, requires_grad=True)
    given = [torch.tensor(random.standard_normal((ROWS, length)), requires_grad=True) for _ in range(states(case))]
    layer = made(declared)
    layer(x)
    weights = [random.uniform(-0.8, 0.8, tuple(weight.shape)) for weight in layer.trainable_weights]
    layer.set_weights(weights)
    more = {"initial_state": given if len(given) > 1 else given[0]} if given else {}
    answer = layer(x, **({"mask": torch.tensor(mask)} if masked else {}), **more)
    parts = answer if isinstance(answer, (list, tuple)) else [answer]
    y = torch.cat([part.reshape(ROWS, -1) for part in parts], dim=1)
    slope = torch.tensor(random.standard_normal(tuple(y.shape)))
    (y * slope).sum().backward()
    found = {f"{place} y": y, f"{place} dy": slope, f"{place} x0": x, f"{place} dx0": x.grad}
    found |= {f"{place} x{n + 1}": state for n, state in enumerate(given)}
    found |= {f"{place} dx{n + 1}": state.grad for n, state in enumerate(given)}
    found |= {f"{place} w{n}": torch.tensor(array) for n, array in enumerate(weights)}
    found |= {f"{place} dw{n}": weight.value.grad for n, weight in enumerate(layer.trainable_weights)}
    return {key: value.detach().numpy() for key, value in found.items()}


if __name__ == "__main__":
    torch.set_num_threads(1)
    in_double(keras)
    arrays = {key: value for place, case in enumerate(CASES) for key, value in asked(place, case).items()}
    np.savez_compressed(target("recurrent.npz"), **arrays)
    print(f"{len(CASES)} layers of Keras {keras.__version__}, PyTorch {torch.__version__}")

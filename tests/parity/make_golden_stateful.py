"""Makes ``stateful.npz``: recurrent layers of Keras 3.15.1 (PyTorch 2.13.0, float64) that keep states over batches.

The answers are those of a layer with ``stateful=True``. On PyTorch Keras cannot go back through such a layer, since it
overwrites the states in place; the gradients are those of a twin without it that begins with the same states, and whose
answers are found to be the same.

Run with that Keras installed: ``KERAS_BACKEND=torch python tests/parity/make_golden_stateful.py``.
"""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import torch
from golden import in_double, target
from make_golden_recurrent import made
from recurrent_cases import BATCHES, ROWS, STATEFUL, Case


def without(declared: dict[str, Any]) -> dict[str, Any]:
    """The declaration of the twin: it keeps nothing, and puts its last states out."""
    if "layer" in declared:
        return {**declared, "layer": without(declared["layer"])}
    return {**declared, "stateful": False}


def kept(layer: Any) -> list[torch.Tensor]:
    """Copies of the states that a layer keeps."""
    halves = [layer.forward_layer, layer.backward_layer] if hasattr(layer, "forward_layer") else [layer]
    return [torch.tensor(state.numpy()) for half in halves for state in half.states]


def in_a_row(answer: Any) -> torch.Tensor:
    """All outputs of a layer, sample by sample."""
    parts = answer if isinstance(answer, (list, tuple)) else [answer]
    return torch.cat([part.reshape(ROWS, -1) for part in parts], dim=1)


def asked(place: int, case: Case) -> dict[str, Any]:
    """For every batch: inputs (zeros where masked), all outputs in one row, their chosen gradient, what follows."""
    declared, (steps, features), masked, _ = case
    random = np.random.default_rng(100 + place)
    layer, twin = made(declared), made(without(declared))
    layer.build((ROWS, steps, features))
    twin.build((ROWS, steps, features))
    weights = [random.uniform(-0.8, 0.8, tuple(weight.shape)) for weight in layer.trainable_weights]
    layer.set_weights(weights)
    twin.set_weights(weights)
    found = {f"{place} w{n}": torch.tensor(array) for n, array in enumerate(weights)}
    for batch in range(BATCHES):
        mask = random.random((ROWS, steps)) < 0.6 if masked else np.ones((ROWS, steps), bool)
        drawn = random.standard_normal((ROWS, steps, features))
        drawn[~mask] = 0
        x = torch.tensor(drawn, requires_grad=True)
        more = {"mask": torch.tensor(mask)} if masked else {}
        begin = kept(layer)
        y = in_a_row(twin(x, initial_state=begin if len(begin) > 1 else begin[0], **more))
        with torch.no_grad():
            whole = in_a_row(layer(x, **more))
        torch.testing.assert_close(whole, y.detach(), rtol=1e-12, atol=1e-12)
        slope = torch.tensor(random.standard_normal(tuple(y.shape)))
        for weight in twin.trainable_weights:
            weight.value.grad = None
        (y * slope).sum().backward()
        key = f"{place} {batch}"
        found |= {f"{key} y": whole, f"{key} dy": slope, f"{key} x": x, f"{key} dx": x.grad}
        found |= {f"{key} dw{n}": weight.value.grad.clone() for n, weight in enumerate(twin.trainable_weights)}
    return {key: value.detach().numpy() for key, value in found.items()}


if __name__ == "__main__":
    torch.set_num_threads(1)
    in_double(keras)
    arrays = {key: value for place, case in enumerate(STATEFUL) for key, value in asked(place, case).items()}
    np.savez_compressed(target("stateful.npz"), **arrays)
    print(f"{len(STATEFUL)} layers of Keras {keras.__version__}, PyTorch {torch.__version__}")

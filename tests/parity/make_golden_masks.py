"""Writes ``masks.npz``: answers, losses and gradients of networks with padding and attention.

Run with Keras 3.15.1 on PyTorch: ``KERAS_BACKEND=torch python -m tests.parity.make_golden_masks``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras
import numpy as np

from tests.parity.mask_cases import CASES, ROWS


def padded(random: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Sequences whose last steps are empty, the first of them whole."""
    x = random.standard_normal((ROWS, *shape))
    for row in range(1, ROWS):
        x[row, shape[0] - row :] = 0
    return x


def made(number: int) -> dict[str, np.ndarray]:
    """One case: inputs, target, weights, answer, loss and the weights' gradients."""
    kind, parameters, shapes, masked = CASES[number]
    random = np.random.default_rng(number)
    told = {key: value for key, value in parameters.items() if key != "use_causal_mask"}
    called: dict[str, Any] = {"use_causal_mask": True} if "use_causal_mask" in parameters else {}
    inputs = [keras.Input(shape, dtype="float64") for shape in shapes]
    fronts = [keras.layers.Dense(shape[-1], name=f"front{n}", dtype="float64") for n, shape in enumerate(shapes)]
    values = [
        front(keras.layers.Masking(dtype="float64")(x) if masked else x)
        for front, x in zip(fronts, inputs, strict=True)
    ]
    layer = getattr(keras.layers, kind)(**told, dtype="float64")
    if kind == "MultiHeadAttention":
        y = layer(values[0], values[1], key=values[2] if len(values) > 2 else None, **called)
    else:
        y = layer(values if len(values) > 1 else values[0], **called)
    model = keras.Model(inputs, y)
    x = [padded(random, shape) for shape in shapes]
    model.build([(ROWS, *shape) for shape in shapes])
    owners = [*fronts, layer]
    for weight in (w for owner in owners for w in owner.weights):
        weight.assign(random.standard_normal(weight.shape) * 0.5)
    tensors = [keras.ops.convert_to_tensor(value, "float64") for value in x]
    answer = model(tensors if len(x) > 1 else tensors[0])
    target = random.standard_normal(tuple(answer.shape))
    loss = keras.losses.MeanSquaredError(dtype="float64")(target, answer)
    loss.backward()
    found = {"y": answer, "loss": loss, "t": target}
    found |= {f"x{n}": value for n, value in enumerate(x)}
    for owner_number, owner in enumerate(owners):
        for n, weight in enumerate(owner.trainable_variables):
            found |= {f"w{owner_number}-{n}": weight.value, f"g{owner_number}-{n}": weight.value.grad}
    return {key: np.asarray(v.detach() if hasattr(v, "detach") else v) for key, v in found.items()}


def main() -> None:
    """Write the file."""
    arrays = {f"{n}/{key}": value for n in range(len(CASES)) for key, value in made(n).items()}
    np.savez_compressed(
        Path(__file__).with_name("masks.npz"), versions=np.array(f"keras {keras.__version__}"), **arrays
    )


if __name__ == "__main__":
    main()

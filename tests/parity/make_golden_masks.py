"""Makes ``masks.npz``: answers, masks, losses and gradients of Keras's layers where steps are padding.

Run with Keras 3.15.1 on PyTorch 2.13.0: ``KERAS_BACKEND=torch python tests/parity/make_golden_masks.py``.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence
from typing import Any

import keras
import numpy as np
import torch
from golden import in_double, target
from mask_cases import CASES, ROWS, Case


def padded(random: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Sequences whose last steps are empty, the first of them whole."""
    x = random.standard_normal((ROWS, *shape))
    for row in range(1, ROWS):
        x[row, ..., max(1, shape[-2] - row) :, :] = 0
    return x


def answered(layer: Any, values: list[Any], called: dict[str, Any]) -> Any:
    """What a layer makes of its inputs, in the form that its kind is called in."""
    if isinstance(layer, keras.layers.MultiHeadAttention):
        return layer(values[0], values[1], key=values[2] if len(values) > 2 else None, **called)
    return layer(values if len(values) > 1 else values[0], **called)


def made(number: int, case: Case) -> dict[str, Any]:
    """One case: inputs, target, weights, answer, loss and what follows from it."""
    kind, parameters, shapes, masked = case
    random = np.random.default_rng(number)
    told = {
        key: value for key, value in parameters.items() if key not in ("use_causal_mask", "return_attention_scores")
    }
    called = {key: value for key, value in parameters.items() if key not in told}
    fronts = [keras.layers.Dense(shape[-1], dtype="float64") for shape in shapes]
    x = [torch.tensor(padded(random, shape)) for shape in shapes]
    for front, value in zip(fronts, x, strict=True):
        front.build(value.shape)
    layer = getattr(keras.layers, kind)(**told, dtype="float64")
    entering = [keras.layers.Masking(dtype="float64")(one) if n in masked else one for n, one in enumerate(x)]
    answered(layer, [front(one) for front, one in zip(fronts, entering, strict=True)], called)
    owners = [*fronts, layer]
    for weight in (w for owner in owners for w in owner.trainable_weights):
        weight.assign(random.standard_normal(tuple(weight.shape)) * 0.5)
    weights = flat(weight.numpy().copy() for owner in owners for weight in owner.trainable_weights)
    rest = [w for w in layer.non_trainable_weights if w.path.endswith(("moving_mean", "moving_variance"))]
    if rest:
        called["training"] = True
        rest[0].assign(np.zeros(rest[0].shape))
        rest[1].assign(np.ones(rest[1].shape))
    answer = answered(layer, [front(one) for front, one in zip(fronts, entering, strict=True)], called)
    found: dict[str, Any] = {"x": flat(x), "w": weights}
    loss = torch.zeros((), dtype=torch.float64)
    first, *more = answer if isinstance(answer, tuple) else [answer]
    # Keras hangs the values' mask on attention scores, where it does not fit; a new tensor has none.
    for n, part in enumerate([first, *(scores + 0 for scores in more)]):
        wanted = random.standard_normal(tuple(part.shape))
        loss = loss + keras.losses.MeanSquaredError(dtype="float64")(wanted, part)
        found |= {f"y{n}": part.detach().numpy(), f"t{n}": wanted}
        mask = getattr(part, "_keras_mask", None)
        found |= {} if mask is None else {f"mask{n}": mask.numpy()}
    loss.backward()
    slopes = flat(weight.value.grad for owner in owners for weight in owner.trainable_weights)
    found |= {"loss": loss.detach().numpy(), "g": slopes}
    return found | ({"moved": flat(weight.value for weight in rest)} if rest else {})


def flat(arrays: Iterable[Any]) -> np.ndarray:
    """All numbers one after the other."""
    return np.concatenate(
        [np.asarray(array.detach() if hasattr(array, "detach") else array).ravel() for array in arrays]
    )


def write(name: str, cases: Sequence[Case]) -> None:
    """What Keras makes of all cases, in one file."""
    torch.set_num_threads(1)
    in_double(keras)
    warnings.filterwarnings("ignore", message="(?s).*destroy the mask")  # that they do so is what is asked
    arrays = {f"{n}/{key}": value for n, case in enumerate(cases) for key, value in made(n, case).items()}
    np.savez_compressed(target(name), **arrays)
    print(f"{len(cases)} layers of Keras {keras.__version__}, PyTorch {torch.__version__}")


if __name__ == "__main__":
    write("masks.npz", CASES)

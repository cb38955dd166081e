"""Writes golden_elements.npz: Keras's activations, penalties and fixed starts, for comparison with ours.

Run with a Python that has Keras and PyTorch: ``KERAS_BACKEND=torch python tests/parity/make_golden_elements.py``.
Made with Keras 3.15.1 on PyTorch 2.13.0 (CPU), float64.
"""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import torch
from golden import target
from keras.src.backend.common import dtypes

# On PyTorch, Keras rounds means to float32; with its table for TensorFlow they keep their precision.
dtypes.BIT64_TO_BIT32_DTYPE["float64"] = "float64"

SHAPES = ((1, 1), (5, 7), (2, 19))
#: Keras's name and settings to try.
ACTIVATIONS: dict[str, tuple[dict[str, Any], ...]] = {
    "elu": ({}, {"alpha": 0.4}),
    "exponential": ({},),
    "gelu": ({}, {"approximate": True}),
    "hard_sigmoid": ({},),
    "hard_silu": ({},),
    "leaky_relu": ({}, {"negative_slope": 0.05}),
    "linear": ({},),
    "log_softmax": ({},),
    "mish": ({},),
    "relu": ({},),
    "relu6": ({},),
    "selu": ({},),
    "sigmoid": ({},),
    "silu": ({},),
    "softmax": ({},),
    "softplus": ({},),
    "softsign": ({},),
    "tanh": ({},),
}
REGULARIZERS: dict[str, tuple[dict[str, Any], ...]] = {
    "L1": ({}, {"l1": 0.3}),
    "L2": ({}, {"l2": 0.3}),
    "L1L2": ({"l1": 0.2, "l2": 0.1}, {"l2": 0.4}),
}
INITIALIZERS: dict[str, tuple[dict[str, Any], ...]] = {
    "Zeros": ({},),
    "Ones": ({},),
    "Constant": ({}, {"value": -1.5}),
    "Identity": ({}, {"gain": 0.7}),
}


def text(name: str, settings: dict[str, Any]) -> str:
    return f"{name}({','.join(f'{key}={value}' for key, value in settings.items())})"


def main() -> None:
    """Ask for everything and write it."""
    keras.config.set_floatx("float64")
    random = np.random.default_rng(21)
    arrays: dict[str, Any] = {}
    for name, several in ACTIVATIONS.items():
        for settings in several:
            for shape in SHAPES:
                case = f"activation/{text(name, settings)}/{'x'.join(map(str, shape))}"
                x = torch.tensor(random.normal(0, 3, shape), requires_grad=True)
                slope = torch.tensor(random.normal(size=shape))
                y = getattr(keras.activations, name)(x, **settings)
                (y * slope).sum().backward()
                found = {"x": x.detach(), "y": y.detach(), "dy": slope, "dx": x.grad}
                arrays |= {f"{case}/{key}": value.numpy() for key, value in found.items()}
    for name, several in REGULARIZERS.items():
        for settings in several:
            case = f"regularizer/{text(name, settings)}/4x3"
            weight = torch.tensor(random.normal(size=(4, 3)), requires_grad=True)
            penalty = getattr(keras.regularizers, name)(**settings)(weight)
            penalty.backward()
            found = {"weight": weight.detach(), "penalty": penalty.detach(), "gradient": weight.grad}
            arrays |= {f"{case}/{key}": value.numpy() for key, value in found.items()}
    for name, several in INITIALIZERS.items():
        for settings in several:
            made = getattr(keras.initializers, name)(**settings)((5, 3), dtype="float64")
            arrays[f"initializer/{text(name, settings)}/5x3/values"] = made.detach().numpy()
    np.savez_compressed(target("golden_elements.npz"), **arrays)


if __name__ == "__main__":
    main()

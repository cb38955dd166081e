"""Writes golden_losses.npz: values and gradients of Keras's losses, for comparison with ours.

Run with a Python that has Keras and PyTorch: ``KERAS_BACKEND=torch python tests/parity/make_golden_losses.py``.
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

SHAPES = ((6, 1), (7, 5), (4, 3, 5))
#: Our key: what the data are, and settings to try. Keras's class has the name of our class.
CASES: dict[str, tuple[str, tuple[dict[str, Any], ...]]] = {
    "MeanSquaredError": ("numbers", ({},)),
    "MeanAbsoluteError": ("numbers", ({},)),
    "MeanAbsolutePercentageError": ("numbers", ({},)),
    "MeanSquaredLogarithmicError": ("numbers", ({},)),
    "Hinge": ("sides", ({},)),
    "SquaredHinge": ("sides", ({},)),
    "CategoricalHinge": ("scores", ({},)),
    "KLDivergence": ("shares", ({},)),
    "Poisson": ("counts", ({},)),
    "CosineSimilarity": ("directions", ({},)),
    "Huber": ("numbers", ({}, {"delta": 0.3})),
    "LogCosh": ("numbers", ({},)),
    "BinaryCrossentropy": ("answers", ({}, {"label_smoothing": 0.2})),
    "BinaryCrossentropy ": ("logits", ({"from_logits": True}, {"from_logits": True, "label_smoothing": 0.2})),
    "CategoricalCrossentropy": ("classes", ({}, {"label_smoothing": 0.2})),
    "CategoricalCrossentropy ": ("scores", ({"from_logits": True}, {"from_logits": True, "label_smoothing": 0.2})),
    "SparseCategoricalCrossentropy": ("labels", ({}, {"from_logits": True})),
    "BinaryFocalCrossentropy": (
        "answers", ({}, {"apply_class_balancing": True, "alpha": 0.3, "gamma": 1.5, "label_smoothing": 0.1}),
    ),
    "BinaryFocalCrossentropy ": (
        "logits", ({"from_logits": True}, {"from_logits": True, "apply_class_balancing": True, "gamma": 0.5}),
    ),
    "CategoricalFocalCrossentropy": ("classes", ({}, {"alpha": 0.7, "gamma": 1.5, "label_smoothing": 0.1})),
    "CategoricalFocalCrossentropy ": ("scores", ({"from_logits": True}, {"from_logits": True, "gamma": 0.5})),
}  # fmt: skip


def data(what: str, shape: tuple[int, ...], random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Targets and predictions of a kind, with rows that a clip or a kink changes."""
    scores = random.normal(0, 2, shape)
    shares = np.exp(scores) / np.exp(scores).sum(-1, keepdims=True)
    labels = random.integers(0, shape[-1], shape[:-1])
    hot = np.eye(shape[-1])[labels]
    match what:
        case "numbers" | "directions":
            return random.normal(0, 2, shape), scores
        case "sides":
            return random.integers(0, 2, shape) * 1.0, scores
        case "counts":
            return random.poisson(3, shape) * 1.0, np.exp(scores)
        case "answers":
            return random.integers(0, 2, shape) * 1.0, random.uniform(0.02, 0.98, shape)
        case "logits":
            return random.integers(0, 2, shape) * 1.0, scores
        case "shares":
            return random.dirichlet(np.ones(shape[-1]), shape[:-1]), shares
        case "classes":
            return hot, random.uniform(0.05, 1, shape)
        case "labels":
            return labels[..., None] * 1.0, random.uniform(0.05, 1, shape)
    return hot, scores


def run(name: str, what: str, settings: dict[str, Any], shape: tuple[int, ...]) -> dict[str, np.ndarray]:
    """One case: targets, predictions, the loss of every row, and the gradient of its mean."""
    target, prediction = data(what, shape, np.random.default_rng(len(name) + sum(shape)))
    given = torch.from_numpy(prediction).requires_grad_(True)
    loss = getattr(keras.losses, name.strip())(reduction="none", dtype="float64", **settings)
    value = loss(torch.from_numpy(target), given)
    value.mean().backward()
    rows = {"target": target, "prediction": prediction}
    return rows | {"value": value.detach().numpy(), "gradient": given.grad.numpy()}


if __name__ == "__main__":
    keras.config.set_floatx("float64")
    torch.set_default_dtype(torch.float64)
    arrays = {}
    for name, (what, several) in CASES.items():
        for settings in several:
            for shape in SHAPES:
                if what in ("classes", "labels", "scores", "directions") and shape[-1] == 1:
                    continue
                text = ",".join(f"{key}={value}" for key, value in settings.items())
                case = f"{name.strip()}({text})/{'x'.join(map(str, shape))}"
                arrays |= {f"{case}/{key}": value for key, value in run(name, what, settings, shape).items()}
    versions = np.array(f"keras {keras.__version__}, torch {torch.__version__}")
    np.savez_compressed(target("golden_losses.npz"), version=versions, **arrays)

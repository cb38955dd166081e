"""Writes golden_metrics.npz: figures of Keras's metrics after two batches, for comparison with ours.

Run with a Python that has Keras and PyTorch: ``KERAS_BACKEND=torch python tests/parity/make_golden_metrics.py``.
Made with Keras 3.15.1 on PyTorch 2.13.0 (CPU), float64, but for AUC.
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

ROWS, HALF = 24, 10
#: What Keras on PyTorch cannot add up in float64.
SINGLE = ("AUC",)
#: Class: kinds of data, and settings to try.
CASES: dict[str, tuple[tuple[str, ...], tuple[dict[str, Any], ...]]] = {
    "BinaryAccuracy": (("answer", "labels"), ({}, {"threshold": 0.3})),
    "CategoricalAccuracy": (("classes",), ({},)),
    "SparseCategoricalAccuracy": (("numbers of classes",), ({},)),
    "TopKCategoricalAccuracy": (("classes",), ({}, {"k": 2})),
    "SparseTopKCategoricalAccuracy": (("numbers of classes",), ({}, {"k": 2})),
    "Precision": (("answer", "labels", "classes"), ({}, {"thresholds": 0.3}, {"top_k": 2}, {"class_id": 0})),
    "Recall": (("answer", "labels", "classes"), ({}, {"thresholds": 0.3}, {"top_k": 2}, {"class_id": 0})),
    "F1Score": (
        ("labels", "classes"),
        ({}, {"average": "micro"}, {"average": "macro"}, {"average": "weighted", "threshold": 0.4}),
    ),
    "FBetaScore": (("labels", "classes"), ({"beta": 2.0}, {"beta": 0.5, "average": "macro", "threshold": 0.5})),
    "AUC": (
        ("answer", "labels"),
        (
            {}, {"num_thresholds": 7}, {"curve": "PR"}, {"curve": "PRGAIN"}, {"curve": "PR", "num_thresholds": 5},
            {"summation_method": "minoring"}, {"curve": "PR", "summation_method": "majoring"},
            {"multi_label": True, "num_thresholds": 20}, {"from_logits": True},
        ),
    ),
    "MeanAbsoluteError": (("values",), ({},)),
    "MeanSquaredError": (("values",), ({},)),
    "RootMeanSquaredError": (("values", "value"), ({},)),
    "MeanAbsolutePercentageError": (("values",), ({},)),
    "MeanSquaredLogarithmicError": (("values",), ({},)),
    "LogCoshError": (("values",), ({},)),
    "R2Score": (
        ("values", "value"),
        ({}, {"class_aggregation": None}, {"class_aggregation": "variance_weighted_average"}, {"num_regressors": 3}),
    ),
    "CosineSimilarity": (("values",), ({},)),
    "Hinge": (("labels",), ({},)),
    "SquaredHinge": (("labels",), ({},)),
    "CategoricalHinge": (("classes",), ({},)),
    "Poisson": (("labels",), ({},)),
    "KLDivergence": (("classes",), ({},)),
    "BinaryCrossentropy": (("answer", "labels"), ({}, {"from_logits": True, "label_smoothing": 0.2})),
    "CategoricalCrossentropy": (("classes",), ({}, {"label_smoothing": 0.2}, {"from_logits": True})),
    "SparseCategoricalCrossentropy": (
        ("numbers of classes",), ({}, {"from_logits": True}, {"ignore_class": 1, "from_logits": True}),
    ),
}  # fmt: skip


def data(what: str) -> tuple[np.ndarray, np.ndarray]:
    """Targets and predictions of a kind."""
    random = np.random.default_rng(len(what))
    columns = 1 if what in ("answer", "value") else 6
    scores = random.uniform(0.01, 0.99, (ROWS, columns))
    labels = random.integers(0, columns, ROWS)
    match what:
        case "answer" | "labels":
            return random.integers(0, 2, scores.shape) * 1.0, scores
        case "classes":
            return np.eye(columns)[labels], scores / scores.sum(1, keepdims=True)
        case "numbers of classes":
            return labels[:, None] * 1.0, scores / scores.sum(1, keepdims=True)
    return random.normal(0, 2, scores.shape), random.normal(0, 2, scores.shape)


def figure(name: str, settings: dict[str, Any], what: str, weights: np.ndarray | None) -> np.ndarray:
    """Keras's figure after a batch of ten rows and one of the others."""
    target, prediction = (torch.from_numpy(array) for array in data(what))
    metric = getattr(keras.metrics, name)(dtype="float32" if name in SINGLE else "float64", **settings)
    for part in (slice(0, HALF), slice(HALF, None)):
        metric.update_state(target[part], prediction[part], None if weights is None else weights[part])
    return np.asarray(metric.result().detach())


if __name__ == "__main__":
    keras.config.set_floatx("float64")
    weights = np.random.default_rng(5).uniform(0, 2, ROWS)
    kinds = sorted({what for several, _ in CASES.values() for what in several})
    arrays = {"weights": weights}
    for kind in kinds:
        arrays |= dict(zip((f"data/{kind}/target", f"data/{kind}/prediction"), data(kind), strict=True))
    for name, (several, choices) in CASES.items():
        for settings in choices:
            for kind in several:
                if kind == "answer" and ("top_k" in settings or "multi_label" in settings):
                    continue
                text = ",".join(f"{key}={value!r}" for key, value in settings.items())
                # Without weights Keras counts ignored rows in the mean; with weights of 1 it leaves them out.
                plain = np.ones(ROWS) if "ignore_class" in settings else None
                arrays[f"plain/{name}({text})/{kind}"] = figure(name, settings, kind, plain)
                arrays[f"weighted/{name}({text})/{kind}"] = figure(name, settings, kind, weights)
    versions = np.array(f"keras {keras.__version__}, torch {torch.__version__}")
    np.savez_compressed(target("golden_metrics.npz"), version=versions, **arrays)

"""Runs that callbacks are asked about: figures of every epoch, and the callbacks' parameters. Needs no engine."""

from __future__ import annotations

from typing import Any

import numpy as np

EPOCHS = 30


def figures() -> list[list[float]]:
    """The watched figure over the epochs: falling, rising, rugged, flat."""
    random = np.random.default_rng(7)
    time = np.arange(EPOCHS)
    courses = [
        1 / (1 + time) + 0.05 * random.standard_normal(EPOCHS),
        0.5 + 0.02 * time + 0.05 * random.standard_normal(EPOCHS),
        random.random(EPOCHS),
        np.full(EPOCHS, 0.5),
        np.maximum(0.2, 1 - 0.1 * time),
    ]
    return [[float(value) for value in course] for course in courses]


STOPS: list[dict[str, Any]] = [
    {"patience": 0},
    {"patience": 3},
    {"patience": 2, "min_delta": 0.05},
    {"patience": 4, "baseline": 0.3},
    {"patience": 2, "start_from_epoch": 5},
    {"patience": 3, "mode": "max"},
    {"patience": 3, "monitor": "val_accuracy"},
    {"patience": 1, "mode": "max", "min_delta": 0.1, "baseline": 0.9},
]

FALLS: list[dict[str, Any]] = [
    {"patience": 1},
    {"patience": 2, "factor": 0.5},
    {"patience": 1, "factor": 0.5, "cooldown": 2},
    {"patience": 2, "factor": 0.2, "min_lr": 0.01},
    {"patience": 1, "min_delta": 0.05, "mode": "max"},
    {"patience": 0, "factor": 0.9, "cooldown": 1, "min_delta": 0.0},
]

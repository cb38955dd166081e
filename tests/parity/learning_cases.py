"""What is compared with Keras: optimizers with all their settings, schedules and weight constraints, as plain data.

The script that asks Keras imports this file too, so it must not need the engine.
"""

from __future__ import annotations

from typing import Any

import numpy as np

STEPS = 5
#: Shapes of the weights that an optimizer changes together.
SHAPES: dict[str, tuple[int, ...]] = {"kernel": (5, 3), "bias": (3,)}

OPTIMIZERS: dict[str, tuple[str, dict[str, Any]]] = {
    "sgd": ("SGD", {"learning_rate": 0.1}),
    "sgd-decay": ("SGD", {"learning_rate": 0.1, "momentum": 0.9, "weight_decay": 0.05}),
    "sgd-nesterov-value": ("SGD", {"learning_rate": 0.1, "momentum": 0.9, "nesterov": True, "clipvalue": 0.4}),
    "rmsprop-centered": ("RMSprop", {"learning_rate": 0.01, "momentum": 0.5, "centered": True, "clipnorm": 0.7}),
    "adam": ("Adam", {"learning_rate": 0.05}),
    "adam-amsgrad-global": ("Adam", {"learning_rate": 0.05, "amsgrad": True, "global_clipnorm": 0.8}),
    "adamw": ("AdamW", {"learning_rate": 0.05}),
    "adamw-strong": ("AdamW", {"learning_rate": 0.05, "weight_decay": 0.3, "amsgrad": True, "clipnorm": 0.5}),
    "adagrad": ("Adagrad", {"learning_rate": 0.1}),
    "adagrad-start": ("Adagrad", {"learning_rate": 0.1, "initial_accumulator_value": 0.7, "weight_decay": 0.1}),
    "adadelta": ("Adadelta", {"learning_rate": 1.0}),
    "adadelta-rho": ("Adadelta", {"learning_rate": 0.5, "rho": 0.8, "epsilon": 1e-3}),
    "adamax": ("Adamax", {"learning_rate": 0.05}),
    "adamax-betas": ("Adamax", {"learning_rate": 0.05, "beta_1": 0.7, "beta_2": 0.6, "global_clipnorm": 0.8}),
    "nadam": ("Nadam", {"learning_rate": 0.05}),
    "nadam-betas": ("Nadam", {"learning_rate": 0.05, "beta_1": 0.7, "beta_2": 0.8, "weight_decay": 0.1}),
    "lion": ("Lion", {"learning_rate": 0.03}),
    "lion-betas": ("Lion", {"learning_rate": 0.03, "beta_1": 0.5, "beta_2": 0.8, "weight_decay": 0.1}),
    "ftrl": ("Ftrl", {"learning_rate": 0.1}),
    "ftrl-all": (
        "Ftrl",
        {
            "learning_rate": 0.1,
            "learning_rate_power": -0.7,
            "initial_accumulator_value": 0.3,
            "l1_regularization_strength": 0.2,
            "l2_regularization_strength": 0.1,
            "l2_shrinkage_regularization_strength": 0.05,
            "beta": 0.3,
        },
    ),
}

SCHEDULES: dict[str, tuple[str, tuple[Any, ...], dict[str, Any]]] = {
    "exponential": ("ExponentialDecay", (0.1, 20, 0.5), {}),
    "exponential-stairs": ("ExponentialDecay", (0.1, 20, 0.5), {"staircase": True}),
    "inverse": ("InverseTimeDecay", (0.1, 10, 0.5), {}),
    "inverse-stairs": ("InverseTimeDecay", (0.1, 10, 0.5), {"staircase": True}),
    "polynomial": ("PolynomialDecay", (0.1, 50), {}),
    "polynomial-square": ("PolynomialDecay", (0.1, 50, 0.01, 2.0), {}),
    "polynomial-cycle": ("PolynomialDecay", (0.1, 16, 0.01, 0.5), {"cycle": True}),
    "cosine": ("CosineDecay", (0.1, 60), {}),
    "cosine-warm": ("CosineDecay", (0.01, 40, 0.1), {"warmup_target": 0.2, "warmup_steps": 12}),
    "restarts": ("CosineDecayRestarts", (0.1, 7), {}),
    "restarts-even": ("CosineDecayRestarts", (0.1, 16), {"t_mul": 1.0, "m_mul": 0.8, "alpha": 0.1}),
    "piecewise": ("PiecewiseConstantDecay", ([10, 30, 31], [0.1, 0.05, 0.01, 0.001]), {}),
}
#: The steps at which schedules are asked.
ASKED = tuple(range(101))

CONSTRAINTS: dict[str, tuple[str, dict[str, Any], tuple[int, ...]]] = {
    "max": ("MaxNorm", {}, (5, 3)),
    "max-low": ("MaxNorm", {"max_value": 0.8}, (5, 3)),
    "max-axis": ("MaxNorm", {"max_value": 0.8, "axis": 1}, (5, 3)),
    "max-filters": ("MaxNorm", {"max_value": 0.8, "axis": [0, 1, 2]}, (3, 2, 4, 5)),
    "max-odd-axes": ("MaxNorm", {"max_value": 0.8, "axis": [0, 2]}, (3, 2, 4, 5)),
    "max-bias": ("MaxNorm", {"max_value": 0.8}, (7,)),
    "min-max": ("MinMaxNorm", {}, (5, 3)),
    "min-max-rate": ("MinMaxNorm", {"min_value": 1.5, "max_value": 2.0, "rate": 0.4, "axis": -1}, (5, 3)),
    "min-max-filters": ("MinMaxNorm", {"min_value": 2.0, "max_value": 3.0, "axis": [0, 1, 2]}, (3, 2, 4, 5)),
    "non-negative": ("NonNeg", {}, (5, 3)),
    "unit": ("UnitNorm", {}, (5, 3)),
    "unit-axis": ("UnitNorm", {"axis": [1, 2]}, (3, 2, 4, 5)),
}

ORTHOGONAL: dict[str, tuple[dict[str, Any], tuple[int, int]]] = {
    "rows": ({}, (4, 6)),
    "columns": ({"factor": 0.3, "mode": "columns"}, (7, 3)),
    "few": ({"factor": 1.0}, (2, 2)),
}


def problem(dtype: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Weights to begin with, and the gradients of every step."""
    random = np.random.default_rng(11)
    weights = {name: random.standard_normal(shape).astype(dtype) for name, shape in SHAPES.items()}
    steps = [
        {name: random.standard_normal(shape).astype(dtype) for name, shape in SHAPES.items()} for _ in range(STEPS)
    ]
    return weights, steps


def weight(shape: tuple[int, ...], dtype: str) -> Any:
    """An array to be constrained or penalized."""
    return np.random.default_rng(sum(shape)).standard_normal(shape).astype(dtype)

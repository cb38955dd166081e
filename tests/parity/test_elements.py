"""Activations, penalties and fixed starts are Keras's; ``make_golden_elements.py`` asked it."""

from __future__ import annotations

import ast
from typing import Any

import numpy as np
import pytest

from engine import registry
from tests.measured import NOT_COMPARED, assert_agree
from tests.parity.golden import KERAS, golden

GOLDEN = golden("make_golden_elements.py", "golden_elements.npz")
CASES = sorted({key.rpartition("/")[0] for key in GOLDEN})
#: What Keras computes with factors of single precision, whatever it is given.
SINGLE = {"hard_sigmoid"}
PRECISIONS = [("float64", 1e-9), ("float32", 1e-5)]


def cases(kind: str) -> list[str]:
    return [case for case in CASES if case.startswith(f"{kind}/")]


def made(case: str) -> Any:
    kind, call, _ = case.split("/")
    name, _, text = call.rstrip(")").partition("(")
    pairs = (part.split("=") for part in text.split(",") if part)
    return registry.registry(kind).get(name)(**{key: ast.literal_eval(value) for key, value in pairs})


@pytest.mark.parametrize(("dtype", "tolerance"), PRECISIONS)
@pytest.mark.parametrize("case", cases("activation"))
def test_activations_and_their_slopes(case: str, dtype: str, tolerance: float) -> None:
    activation = made(case)
    tolerance = max(tolerance, 1e-6) if activation.key in SINGLE else tolerance
    x, dy = (GOLDEN[f"{case}/{key}"].astype(dtype) for key in ("x", "dy"))
    y, dx = np.full_like(x, np.nan), np.full_like(x, np.nan)
    scalars = [x.dtype.type(value) for value in activation.constants()]

    activation.forward()(x, y, *scalars)
    activation.backward()(x if activation.keeps == "x" else y, dy, dx, *scalars)

    for found, key in ((y, "y"), (dx, "dx")):
        assert_agree(
            "activation", activation.key, found, GOLDEN[f"{case}/{key}"], rtol=tolerance, atol=tolerance, peer=KERAS
        )


@pytest.mark.parametrize(("dtype", "tolerance"), PRECISIONS)
@pytest.mark.parametrize("case", cases("regularizer"))
def test_penalties_and_their_slopes(case: str, dtype: str, tolerance: float) -> None:
    regularizer = made(case)
    weight = GOLDEN[f"{case}/weight"].astype(dtype)
    gradient, penalty = np.zeros_like(weight), np.zeros(1)

    arguments = regularizer.arguments(weight, gradient, penalty)
    regularizer.kernel()(*arguments, *(weight.dtype.type(value) for value in regularizer.constants()))

    wanted = GOLDEN[f"{case}/penalty"]
    assert_agree("regularizer", regularizer.key, penalty[0], wanted, rtol=tolerance, peer=KERAS, like=dtype)
    assert_agree("regularizer", regularizer.key, gradient, GOLDEN[f"{case}/gradient"], rtol=tolerance, peer=KERAS)


@pytest.mark.parametrize("case", cases("initializer"))
def test_starts_without_chance(case: str) -> None:
    initializer = made(case)
    values = GOLDEN[f"{case}/values"]

    found = initializer.fill(values.shape, np.random.default_rng(1), 0, 0)

    assert_agree("initializer", initializer.key, found, values, rtol=1e-9, peer=KERAS)


def test_every_activation_regularizer_and_fixed_start_is_compared() -> None:
    compared = {(case.partition("/")[0], made(case).key) for case in CASES} | set(NOT_COMPARED)
    compared.add(("regularizer", "OrthogonalRegularizer"))  # with the optimizers

    fixed = [
        cls for cls in registry.initializers if not np.ptp(cls().fill((6, 6), np.random.default_rng(1), 0, 0)[0, 1:])
    ]
    for cls in (*registry.activations, *registry.regularizers, *fixed):
        assert (cls.kind, cls.key) in compared

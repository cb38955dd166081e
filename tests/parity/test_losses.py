"""Values and gradients of losses are Keras's."""

from __future__ import annotations

import ast
from typing import Any

import numpy as np
import pytest

from engine import losses
from tests.measured import NOT_COMPARED, assert_agree
from tests.parity.golden import KERAS, golden

GOLDEN = golden("make_golden_losses.py", "golden_losses.npz")
CASES = sorted({key.rpartition("/")[0] for key in GOLDEN if "/" in key})


def made(case: str) -> Any:
    name, _, text = case.partition("/")[0].rstrip(")").partition("(")
    pairs = (part.split("=") for part in text.split(",") if part)
    return getattr(losses, name)(**{key: ast.literal_eval(value) for key, value in pairs})


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float64, 1e-9), (np.float32, 1e-5)])
def test_value_and_gradient_are_keras_s(case: str, dtype: Any, tolerance: float) -> None:
    loss: Any = made(case)
    prediction = GOLDEN[f"{case}/prediction"].astype(dtype)
    rows = prediction.reshape(-1, prediction.shape[-1])
    target = GOLDEN[f"{case}/target"].astype(dtype).reshape(len(rows), -1)
    value, gradient = np.full(len(rows), np.nan, dtype), np.full_like(rows, np.nan)
    weight, scale = np.ones(len(rows), dtype), np.array([1 / len(rows)], dtype)

    loss.kernel()(target, rows, weight, scale, value, gradient, *(dtype(c) for c in loss.constants()))

    for found, wanted in ((value, GOLDEN[f"{case}/value"]), (gradient, GOLDEN[f"{case}/gradient"])):
        near = tolerance * float(np.abs(wanted).max())
        assert_agree("loss", loss.key, found, wanted.reshape(found.shape), rtol=tolerance, atol=near, peer=KERAS)


def test_every_loss_that_keras_has_is_compared() -> None:
    compared = {case.partition("(")[0] for case in CASES}

    others = [cls for cls in losses.registry.losses if cls.__name__ not in compared]
    assert [cls.key for cls in others if ("loss", cls.key) not in NOT_COMPARED] == []

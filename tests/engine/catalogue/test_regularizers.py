"""Kernels of every registered regularizer against its numpy reference and its own slope."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine import registry
from engine.catalogue.regularizers.base import Regularizer
from tests.engine.catalogue.variants import variants
from tests.measured import assert_slope

CASES = [
    pytest.param(made, id=f"{cls.key}-{n}") for cls in registry.regularizers for n, made in enumerate(variants(cls))
]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("regularizer", CASES)
def test_penalty_matches_reference_and_gradient_its_slope(regularizer: Regularizer, dtype: Any) -> None:
    random = np.random.default_rng(1)
    weight, direction, given = random.normal(size=(3, 5, 7))
    gradient, penalty = given.astype(dtype), np.zeros(1)
    step = 1e-6

    arguments = regularizer.arguments(weight.astype(dtype), gradient, penalty)
    regularizer.kernel()(*arguments, *(dtype(c) for c in regularizer.constants()))

    tolerance = 1e-12 if dtype is np.float64 else 1e-6
    assert penalty[0] == pytest.approx(regularizer.value(weight), rel=tolerance)
    rise = regularizer.value(weight + step * direction) - regularizer.value(weight - step * direction)
    added = np.sum((gradient - given.astype(dtype)) * direction)
    assert added == pytest.approx(rise / (2 * step), rel=1e-6, abs=1e-5 if dtype is np.float32 else 1e-8)
    if dtype is np.float64:
        assert_slope("regularizer", regularizer.key, float(added), rise / (2 * step))

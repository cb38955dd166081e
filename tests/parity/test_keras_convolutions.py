"""Convolutions and pooling against Keras, forward and backward; ``make_convolution_golden.py`` says which Keras."""

from __future__ import annotations

import pytest

from tests.parity.comparison import assert_as_keras
from tests.parity.convolution_cases import CASES
from tests.parity.golden import golden

GOLDEN = golden("make_convolution_golden.py", "convolutions.npz")


@pytest.mark.parametrize(("dtype", "tolerance"), [("float64", 1e-9), ("float32", 1e-5)])
@pytest.mark.parametrize("place", range(len(CASES)), ids=[f"{n}-{case[0]}" for n, case in enumerate(CASES)])
def test_answers_and_gradients_are_those_of_keras(place: int, dtype: str, tolerance: float) -> None:
    assert_as_keras(GOLDEN, place, CASES[place], dtype, tolerance)

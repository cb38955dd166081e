"""Small layers against Keras, forward and backward; ``make_layer_golden.py`` says which Keras."""

from __future__ import annotations

import pytest

from tests.parity.comparison import assert_as_keras
from tests.parity.golden import golden
from tests.parity.layer_cases import CASES

GOLDEN = golden("make_layer_golden.py", "layers.npz")


@pytest.mark.parametrize(("dtype", "tolerance"), [("float64", 1e-9), ("float32", 1e-5)])
@pytest.mark.parametrize("place", range(len(CASES)), ids=[f"{n}-{case[0]}" for n, case in enumerate(CASES)])
def test_answers_and_gradients_are_those_of_keras(place: int, dtype: str, tolerance: float) -> None:
    assert_as_keras(GOLDEN, place, CASES[place], dtype, tolerance)

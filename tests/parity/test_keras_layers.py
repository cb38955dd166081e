"""Small layers against Keras, forward and backward; ``make_layer_golden.py`` says which Keras."""

from __future__ import annotations

import pytest

from tests.parity.comparison import assert_as_keras
from tests.parity.golden import golden
from tests.parity.layer_cases import CASES

GOLDEN = golden("make_layer_golden.py", "layers.npz")

#: What Keras computes in single precision with PyTorch, whatever it is given.
SINGLE = frozenset({
    "Dot", "GlobalAveragePooling1D", "GlobalAveragePooling2D", "GroupNormalization", "LayerNormalization", "Maximum",
    "Minimum", "UnitNormalization",
})  # fmt: skip


@pytest.mark.parametrize(("dtype", "tolerance"), [("float64", 1e-9), ("float32", 1e-5)])
@pytest.mark.parametrize("place", range(len(CASES)), ids=[f"{n}-{case[0]}" for n, case in enumerate(CASES)])
def test_answers_and_gradients_are_those_of_keras(place: int, dtype: str, tolerance: float) -> None:
    kind = CASES[place][0]
    tolerance = max(tolerance, 1e-6) if kind in SINGLE else tolerance
    assert_as_keras(GOLDEN, place, CASES[place], dtype, tolerance)

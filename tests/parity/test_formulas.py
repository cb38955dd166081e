"""Compiled formulas and their gradients are those of keras.ops with PyTorch's autograd."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine.expression.formula import formula
from tests.measured import assert_agree
from tests.parity.formula_cases import CASES, SHAPE
from tests.parity.golden import KERAS, golden

GOLDEN = golden("make_golden_formulas.py", "golden_formulas.npz")
TRAINED = (("a", "channel"), ("b", "input"))


@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float64, 1e-11), (np.float32, 2e-5)])
@pytest.mark.parametrize("place", range(len(CASES)), ids=list(CASES))
def test_value_and_gradients(place: int, dtype: Any, tolerance: float) -> None:
    found = formula(list(CASES)[place], ("x", "y"), (), TRAINED)
    x, y, direction = (np.ascontiguousarray(GOLDEN[name], dtype) for name in ("x", "y", "direction"))
    a, b = GOLDEN["a"].astype(dtype)[None], GOLDEN["b"].astype(dtype)
    value, slopes = np.empty_like(x), [np.empty_like(array) for array in (x, y, a, b)]

    found.layer(x, y, a, b, value)
    found.layer_back(x, y, a, b, direction, *slopes)

    wanted = GOLDEN[f"{place}/value"]
    near = tolerance * float(np.abs(wanted).max())
    assert_agree("layer", "Expression", value, wanted, rtol=tolerance, atol=near, peer=KERAS)
    for name, slope in zip("xyab", slopes, strict=True):
        theirs = GOLDEN.get(f"{place}/{name}", np.zeros(slope.shape))
        near = tolerance * max(1.0, float(np.abs(theirs).max()))
        assert_agree("layer", "Expression", slope.reshape(theirs.shape), theirs, rtol=tolerance, atol=near, peer=KERAS)
    assert value.shape == SHAPE

"""Small layers against Keras, forward and backward; ``make_layer_golden.py`` says which Keras."""

from __future__ import annotations

from typing import Any

import pytest

from engine import registry
from engine.catalogue.layers.base import Example
from tests.engine.workbench import Bench
from tests.measured import agree
from tests.parity.golden import KERAS, golden
from tests.parity.layer_cases import CASES, ROWS

GOLDEN = golden("make_layer_golden.py", "layers.npz")

#: What Keras computes in single precision with PyTorch, whatever it is given.
SINGLE = frozenset({
    "Dot", "GlobalAveragePooling1D", "GlobalAveragePooling2D", "GroupNormalization", "LayerNormalization", "Maximum",
    "Minimum", "UnitNormalization",
})  # fmt: skip


@pytest.mark.parametrize(("dtype", "tolerance"), [("float64", 1e-9), ("float32", 1e-5)])
@pytest.mark.parametrize("place", range(len(CASES)), ids=[f"{n}-{case[0]}" for n, case in enumerate(CASES)])
def test_answers_and_gradients_are_those_of_keras(place: int, dtype: str, tolerance: float) -> None:
    kind, values, shapes = CASES[place]
    tolerance = max(tolerance, 1e-6) if kind in SINGLE else tolerance
    layer: Any = registry.layers.get(kind)(**values)
    bench = Bench(layer, Example(values, shapes), rows=ROWS, dtype=dtype)
    parameters = bench.parameters
    for entry in parameters.entries:
        array = 0.0 if entry.node != "subject" else GOLDEN[f"{place} w {entry.spec.name}"]
        parameters.view(parameters.flat, entry)[...] = array
    for n in range(len(shapes)):
        bench.feed.inputs[f"in{n}"][...] = GOLDEN[f"{place} x{n}"].reshape(ROWS, -1)
    y, slope = GOLDEN[f"{place} y"], GOLDEN[f"{place} dy"]
    # With these targets the mean of squares has the gradient that Keras was given.
    bench.feed.targets["subject"][...] = (y - slope * y.size / 2).reshape(ROWS, -1)

    agree("layer", kind, bench.predict(), y, rtol=tolerance, atol=tolerance, peer=KERAS)
    bench.loss()

    for n in range(len(shapes)):
        found = bench.plan.backward.slopes[f"offset{n}"][0]
        agree("layer", kind, found, GOLDEN[f"{place} dx{n}"], rtol=tolerance, atol=20 * tolerance, peer=KERAS)
    for entry in parameters.entries:
        if entry.node == "subject":
            gradient = parameters.view(parameters.gradient, entry)
            expected = GOLDEN[f"{place} dw {entry.spec.name}"]
            agree("layer", kind, gradient, expected, rtol=tolerance, atol=20 * tolerance, peer=KERAS)

"""A layer of the engine beside what Keras made of the same numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine import registry
from engine.catalogue.layers.base import Example
from tests.engine.workbench import Bench
from tests.measured import assert_agree
from tests.parity.golden import KERAS
from tests.parity.layer_cases import ROWS, Case


def assert_as_keras(golden: Mapping[str, Any], place: int, case: Case, dtype: str, tolerance: float) -> None:
    """Answers and gradients of a case within a tolerance, relative and absolute (gradients: 20 times absolute)."""
    kind, values, shapes = case
    layer: Any = registry.layers.get(kind)(**values)
    bench = Bench(layer, Example(values, shapes), rows=ROWS, dtype=dtype)
    parameters = bench.parameters
    for entry in parameters.entries:
        array = 0.0 if entry.node != "subject" else golden[f"{place} w {entry.spec.name}"]
        parameters.view(parameters.flat, entry)[...] = array
    for n in range(len(shapes)):
        bench.feed.inputs[f"in{n}"][...] = golden[f"{place} x{n}"].reshape(ROWS, -1)
    y, slope = golden[f"{place} y"], golden[f"{place} dy"]
    # With these targets the mean of squares has the gradient that Keras was given.
    bench.feed.targets["subject"][...] = (y - slope * y.size / 2).reshape(ROWS, -1)

    assert_agree("layer", kind, bench.predict(), y, rtol=tolerance, atol=tolerance, peer=KERAS)
    bench.loss()

    for n in range(len(shapes)):
        found = bench.plan.backward.slopes[f"offset{n}"][0]
        assert_agree("layer", kind, found, golden[f"{place} dx{n}"], rtol=tolerance, atol=20 * tolerance, peer=KERAS)
    for entry in parameters.entries:
        if entry.node == "subject":
            gradient = parameters.view(parameters.gradient, entry)
            expected = golden[f"{place} dw {entry.spec.name}"]
            assert_agree("layer", kind, gradient, expected, rtol=tolerance, atol=20 * tolerance, peer=KERAS)

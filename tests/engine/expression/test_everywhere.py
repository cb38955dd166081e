"""A formula serves wherever an activation, a penalty, a loss or a metric is chosen."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine import registry
from engine.component import Slot, parameters
from tests.engine.workbench import Bench

CASES = [
    pytest.param(cls, parameter.name, id=f"{cls.key}-{parameter.name}")
    for cls in registry.layers
    if cls.inputs and cls.examples and not getattr(cls, "hidden", False)
    for parameter in parameters(cls)
    if isinstance(parameter.constraint, Slot) and parameter.constraint.kind == "activation"
]


@pytest.mark.parametrize(("cls", "name"), CASES)
def test_a_formula_is_as_good_as_the_activation_it_says(cls: Any, name: str) -> None:
    example = cls.examples[0]
    found = []
    for activation in ("tanh", {"type": "Expression", "expression": "tanh(x)"}):
        bench = Bench(cls(**(dict(example.parameters) | {name: activation})), example, rows=4)
        found.append((bench.loss(), bench.parameters.gradient.copy(), bench.predict()))

    (loss, gradient, answer), (ours, slope, said) = found
    assert ours == pytest.approx(loss, rel=1e-12)
    np.testing.assert_allclose(slope, gradient, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(said, answer, rtol=1e-12, atol=1e-13)


def test_a_formula_as_penalty_is_l2() -> None:
    dense: Any = registry.layers.get("Dense")
    example = dense.examples[0]
    found = []
    for penalty in ({"type": "L2", "l2": 0.03}, {"type": "Expression", "expression": "k*w*w", "numbers": {"k": 0.03}}):
        bench = Bench(dense(**(dict(example.parameters) | {"kernel_regularizer": penalty})), example)
        found.append((bench.loss(), bench.parameters.gradient.copy()))

    assert found[1][0] == pytest.approx(found[0][0], rel=1e-12)
    np.testing.assert_allclose(found[1][1], found[0][1], rtol=1e-10, atol=1e-13)

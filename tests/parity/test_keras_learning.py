"""Weights after five steps, learning rates, constrained weights and penalties are those of Keras 3.15.1.

``make_golden_learning.py`` asked it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine import registry
from engine.infer import infer
from engine.kernels.limits import clip_values, shorten, shrink, square_sum
from engine.plan.parameters import Parameters
from engine.plan.plan import Feed, Head, Plan
from tests.engine.train.networks import chain
from tests.measured import assert_agree
from tests.parity.golden import KERAS, golden
from tests.parity.learning_cases import ASKED, CONSTRAINTS, OPTIMIZERS, ORTHOGONAL, SCHEDULES, SHAPES, problem
from tests.parity.learning_cases import weight as weight_of

GOLDEN = golden("make_golden_learning.py", "golden_learning.npz")
TOLERANCE = {"float32": 5e-5, "float64": 1e-10}


def tolerance(case: str, dtype: str) -> float:
    """In double precision Keras still measures the norms of gradients in single precision."""
    normed = {"clipnorm", "global_clipnorm"} & set(OPTIMIZERS[case][1])
    return 1e-6 if normed and dtype == "float64" else TOLERANCE[dtype]


def stepped(optimizer: Any, dtype: str) -> dict[str, Any]:
    """The weights of a Dense layer after steps along given gradients."""
    rows, columns = SHAPES["kernel"]
    graph = chain(("Input", {"shape": (rows,)}), ("Dense", {"units": columns}))
    inference = infer(graph)
    parameters = Parameters(graph, inference, np.dtype(dtype))
    node = graph.outputs[0]
    head = Head(node, registry.losses.get("mean_squared_error")())  # type: ignore[arg-type]
    plan = Plan(graph, inference, parameters, 4, (head,), optimizer)
    feed = Feed({graph.order[0]: np.zeros((4, rows), dtype)}, {node: np.zeros((4, columns), dtype)})
    # All that follows the network's own gradients: limits, decay, step.
    wanted = (clip_values, shorten, shrink, square_sum, optimizer.kernel())
    calls = [c for phase in plan.training(4, feed).update for task in phase for c in task if c[0] in wanted]
    weights, steps = problem(dtype)
    parameters.load({node: weights})
    for count, gradients in enumerate(steps, 1):
        for name, gradient in gradients.items():
            parameters.gradients_of(node)[name][...] = gradient
        plan.tune(count, optimizer.rate(count))
        for function, args in calls:
            function(*args)
    return parameters.of(node)


@pytest.mark.parametrize("dtype", TOLERANCE)
@pytest.mark.parametrize("case", OPTIMIZERS)
def test_five_steps(case: str, dtype: str) -> None:
    name, settings = OPTIMIZERS[case]
    before, _ = problem(dtype)

    for weight, found in stepped(registry.optimizers.get(name)(**settings), dtype).items():
        expected = GOLDEN[f"optimizer/{case}/{dtype}/{weight}"]
        assert expected.dtype == found.dtype
        near = tolerance(case, dtype)
        assert_agree("optimizer", name, found, expected, rtol=near, atol=near / 10, peer=KERAS)
        assert not np.allclose(found, before[weight], rtol=1e-4)


@pytest.mark.parametrize("case", SCHEDULES)
def test_learning_rates(case: str) -> None:
    name, given, settings = SCHEDULES[case]
    schedule: Any = registry.schedules.get(name)(*given, **settings)

    rates = [schedule(step) for step in ASKED]
    assert_agree("schedule", name, rates, GOLDEN[f"schedule/{case}"], rtol=1e-6, atol=1e-12, peer=KERAS)


@pytest.mark.parametrize("dtype", TOLERANCE)
@pytest.mark.parametrize("case", CONSTRAINTS)
def test_constrained_weights(case: str, dtype: str) -> None:
    name, settings, shape = CONSTRAINTS[case]
    weight = weight_of(shape, dtype)

    for function, args in registry.constraints.get(name)(**settings).calls(weight):  # type: ignore[attr-defined]
        function(*args)

    expected = GOLDEN[f"constraint/{case}/{dtype}"]
    exact = 1e-6 if expected.dtype == np.float32 else 1e-12  # Keras answers some questions in single precision
    assert_agree("constraint", name, weight, expected, rtol=exact, atol=exact / 10, peer=KERAS)


@pytest.mark.parametrize("case", ORTHOGONAL)
def test_orthogonal_penalty_and_gradient(case: str) -> None:
    settings, shape = ORTHOGONAL[case]
    regularizer: Any = registry.regularizers.get("OrthogonalRegularizer")(**settings)
    weight, gradient, penalty = weight_of(shape, "float64"), np.zeros(shape), np.zeros(1)

    arguments = regularizer.arguments(weight, gradient, penalty)
    regularizer.kernel()(*arguments, *(np.float64(c) for c in regularizer.constants()))

    # Keras computes parts of it in single precision.
    assert_agree(
        "regularizer", regularizer.key, penalty[0], GOLDEN[f"orthogonal/{case}/penalty"], rtol=1e-6, peer=KERAS
    )
    wanted = GOLDEN[f"orthogonal/{case}/gradient"]
    assert_agree("regularizer", regularizer.key, gradient, wanted, rtol=2e-6, atol=1e-8, peer=KERAS)

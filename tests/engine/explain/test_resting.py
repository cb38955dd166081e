"""A BatchNormalization that rests uses its moving averages in training too, as in Keras."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from engine import registry
from engine.infer import infer
from engine.plan.crew import Crew
from engine.plan.lane import Span
from engine.plan.parameters import Parameters
from engine.plan.plan import Feed, Head, Plan
from tests.engine.explain.nets import weights_of, wired

ROWS, STEP = 6, 1e-6
RESTING = ("norm", "norm2")


class Sharded(Plan):
    """A plan with three shards."""

    def spans(self, rows: int) -> list[Span]:
        return [Span(a, b, place, 3) for place, (a, b) in enumerate(pairwise((0, 1, 3, rows)))]


@pytest.mark.parametrize("kind", [Plan, Sharded])
def test_gradients_and_updates_go_around_it(kind: type[Plan]) -> None:
    graph = wired(
        ("in", "Input", {"shape": (5, 4, 2)}, ""),
        ("first", "Conv2D", {"filters": 3, "kernel_size": 2}, "in"),
        ("norm", "BatchNormalization", {}, "first"),
        ("rest", "Activation", {"activation": "tanh"}, "norm"),
        ("flat", "Flatten", {}, "rest"),
        ("norm2", "BatchNormalization", {"center": False, "scale": False}, "flat"),
        ("out", "Dense", {"units": 2}, "norm2"),
    )
    inference = infer(graph)
    parameters = Parameters(graph, inference, np.dtype("float64"), frozenset(RESTING))
    parameters.load(weights_of(graph))
    random = np.random.default_rng(2)
    rate = 0.1
    optimizer: Any = registry.optimizers.get("SGD")(learning_rate=rate)
    loss: Any = registry.losses.get("mean_squared_error")()
    plan = kind(graph, inference, parameters, ROWS, (Head("out", loss),), optimizer)
    feed = Feed({"in": random.standard_normal((ROWS, 40))}, {"out": random.standard_normal((ROWS, 2))})
    plan.index[:], plan.scale["out"][0] = np.arange(ROWS), 1 / ROWS
    judging, training = plan.evaluating(ROWS, feed), plan.training(ROWS, feed)
    for program in (judging, training):
        program.bind()

    def judged(program: Any) -> float:
        program.run_compute(crew)
        return float(plan.sums[: program.shards, 0].sum() / ROWS)

    with Crew(2) as crew:
        assert judged(training) == judged(judging)
        before, kept = parameters.flat.copy(), parameters.copy()
        direction = random.standard_normal(before.shape)
        sides = []
        for sign in (1, -1):
            parameters.flat[:] = before + sign * STEP * direction
            sides.append(judged(judging))
        parameters.flat[:] = before
        judged(training)
        plan.hyper[:] = optimizer.hyper(1, rate)
        training.run_update(crew)

    slope = float(((before - parameters.flat) / rate * direction).sum())
    assert slope == pytest.approx((sides[0] - sides[1]) / (2 * STEP), rel=1e-6)
    after = parameters.copy()
    for node in RESTING:
        for name, value in kept[node].items():
            np.testing.assert_array_equal(after[node][name], value)
    assert not np.array_equal(after["first"]["kernel"], kept["first"]["kernel"])

"""Learning-rate schedules: what holds for all, and the curves of those that Keras does not have."""

from __future__ import annotations

from math import isfinite
from typing import Any

import numpy as np
import pytest

from engine import optimizers, registry
from engine.catalogue.schedules.base import Schedule
from engine.errors import ParameterError
from engine.train.events import BatchEnd, Finished
from engine.train.trainer import Trainer
from tests.engine.catalogue.variants import variants
from tests.engine.train.networks import parts, project, run

CASES = [pytest.param(made, id=f"{cls.key}-{n}") for cls in registry.schedules for n, made in enumerate(variants(cls))]


@pytest.mark.parametrize("schedule", CASES)
def test_every_step_has_a_rate(schedule: Schedule) -> None:
    rates = [schedule.at(step, step // 10) for step in (0, 1, 2, 999, 1000, 1001, 10**6, 10**9)]

    assert all(isinstance(rate, float) and isfinite(rate) and rate >= 0 for rate in rates)


def made(name: str, *given: Any, **settings: Any) -> Any:
    return registry.schedules.get(name)(*given, **settings)


def test_one_cycle_rises_and_falls_along_half_waves() -> None:
    schedule = made("OneCycle", 0.5, 20, warmup_share=0.25, division=10.0, final_division=100.0)

    rates = [schedule(step) for step in range(25)]

    up = [0.5 + (0.05 - 0.5) * (1 + np.cos(np.pi * t / 4)) / 2 for t in range(5)]
    down = [0.0005 + (0.5 - 0.0005) * (1 + np.cos(np.pi * t / 15)) / 2 for t in range(16)]
    np.testing.assert_allclose(rates, [*up, *down[1:], *[0.0005] * 5], rtol=1e-12)


@pytest.mark.parametrize("share", [0.0, 0.05, 1.0])
def test_one_cycle_without_a_rise_or_a_fall(share: float) -> None:
    schedule = made("OneCycle", 0.5, 20, warmup_share=share)
    assert max(schedule(step) for step in range(20)) == pytest.approx(0.5)


def test_warm_up_rises_to_the_target_and_stays() -> None:
    schedule = made("LinearWarmup", 0.4, 4, 0.2)
    np.testing.assert_allclose([schedule(step) for step in range(7)], [0.2, 0.25, 0.3, 0.35, 0.4, 0.4, 0.4])


def test_decay_by_epochs_looks_at_the_epoch_only() -> None:
    schedule = made("EpochDecay", 0.8, 0.5, 2)
    assert [schedule(step=99, epoch=n) for n in range(5)] == [0.8, 0.8, 0.4, 0.4, 0.2]


@pytest.mark.parametrize(
    ("boundaries", "values", "text"),
    [((1, 2), (0.1, 0.2), "one more than boundaries"), ((2, 2), (0.1, 0.2, 0.3), "boundaries must rise")],
)
def test_pieces_that_do_not_fit(boundaries: Any, values: Any, text: str) -> None:
    with pytest.raises(ParameterError, match=text):
        made("PiecewiseConstantDecay", boundaries, values)


def test_an_optimizer_takes_a_number_or_a_schedule() -> None:
    schedule = optimizers.schedules.ExponentialDecay(0.1, 10, 0.5)
    adam: Any = registry.optimizers.get("Adam")

    assert adam(schedule).rate(11) == pytest.approx(0.05)
    assert adam(schedule).to_json()["learning_rate"]["type"] == "ExponentialDecay"
    assert adam(**{k: v for k, v in adam(schedule).to_json().items() if k != "type"}) == adam(schedule)
    assert adam(0.25).rate(11) == 0.25
    with pytest.raises(ParameterError, match="or a schedule"):
        adam("Adam")


def test_training_follows_the_schedule() -> None:
    """Piece by piece the same bits as with plain numbers where the schedule is level."""
    stair = {"type": "PiecewiseConstantDecay", "boundaries": [6], "values": [0.05, 0.0]}
    weights = []
    for rate in (0.05, stair):
        events = run(Trainer(project(optimizer={"type": "SGD", "learning_rate": rate}, epochs=2), parts()))
        assert sum(isinstance(event, BatchEnd) for event in events) == 14
        assert isinstance(events[-1], Finished)
        weights.append(events[-1].state.weights)
    one = run(Trainer(project(optimizer={"type": "SGD", "learning_rate": 0.05}, epochs=1), parts()))[-1]
    assert isinstance(one, Finished)
    kernel = {name: state["dense"]["kernel"] for name, state in zip("ab", weights, strict=True)}
    assert np.array_equal(kernel["b"], one.state.weights["dense"]["kernel"])
    assert not np.array_equal(kernel["a"], kernel["b"])

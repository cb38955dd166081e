"""Limits on gradients and weight decay, against the same step written in plain numpy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine import registry
from engine.errors import ParameterError
from engine.infer import infer
from engine.plan.crew import Crew
from engine.plan.parameters import Parameters
from engine.plan.plan import Feed, Head
from tests.engine.train.networks import chain
from tests.engine.workbench import ShardedPlan

ROWS = 12
#: One update as a single task, and one whose first kernel makes several pieces.
SIZES = {"small": 7, "large": 11000}


def plan_of(optimizer: Any, units: int, shards: int, dtype: str) -> tuple[ShardedPlan, Feed, Parameters]:
    graph = chain(
        ("Input", {"shape": (6,)}),
        ("Dense", {"units": units, "activation": "tanh", "kernel_regularizer": "L2"}),
        ("BatchNormalization", {}),
        ("Dense", {"units": 2}),
    )
    inference = infer(graph)
    parameters = Parameters(graph, inference, np.dtype(dtype))
    parameters.initialize(3)
    head = Head(graph.outputs[0], registry.losses.get("mean_squared_error")())  # type: ignore[arg-type]
    made: Any = type("Chosen", (ShardedPlan,), {"wanted": shards})
    plan: ShardedPlan = made(graph, inference, parameters, ROWS, (head,), optimizer)
    plan.scale[head.node][0] = 10.0 / ROWS
    plan.index[:] = np.arange(ROWS)
    random = np.random.default_rng(5)
    x, y = random.standard_normal((ROWS, 6)).astype(dtype), random.standard_normal((ROWS, 2)).astype(dtype)
    return plan, Feed({graph.order[0]: x}, {head.node: y}), parameters


def updated(optimizer: Any, units: int, shards: int = 1, dtype: str = "float64", threads: int = 1) -> Parameters:
    """The weights after one update of learning rate 0.5; gradients lie beside them."""
    plan, feed, parameters = plan_of(optimizer, units, shards, dtype)
    program = plan.training(ROWS, feed)
    program.bind()
    with Crew(threads) as crew:
        program.run_compute(crew)
        plan.tune(1, optimizer.rate(1))
        program.run_update(crew)
    return parameters


def sgd(**settings: Any) -> Any:
    return registry.optimizers.get("SGD")(**({"learning_rate": 0.5} | settings))


def start(units: int) -> Parameters:
    """The weights before, and the gradient as it is without any limit."""
    return updated(sgd(learning_rate=0.0), units)


def limited(optimizer: Any, gradient: dict[str, Any]) -> dict[str, Any]:
    """The gradients by weight as the limits leave them."""
    if optimizer.clipvalue is not None:
        return {name: np.clip(g, -optimizer.clipvalue, optimizer.clipvalue) for name, g in gradient.items()}
    whole = np.sqrt(sum(np.sum(g**2) for g in gradient.values()))
    found = {}
    for name, g in gradient.items():
        found[name] = g
        if optimizer.clipnorm is not None:
            found[name] = g * optimizer.clipnorm / max(np.linalg.norm(g), optimizer.clipnorm)
        if optimizer.global_clipnorm is not None:
            found[name] = g * min(1.0, optimizer.global_clipnorm / whole)
    return found


def by_weight(parameters: Parameters, flat: Any) -> dict[str, Any]:
    return {f"{e.node}/{e.spec.name}": parameters.view(flat, e).copy() for e in parameters.trainable()}


SETTINGS: tuple[dict[str, Any], ...] = (
    {"clipnorm": 0.3},
    {"clipnorm": 1e9},
    {"clipvalue": 0.05},
    {"global_clipnorm": 0.7},
    {"global_clipnorm": 1e9},
    {"weight_decay": 0.1},
    {"weight_decay": 0.02, "clipnorm": 0.3},
    {"weight_decay": 0.02, "clipvalue": 0.05},
)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("settings", SETTINGS, ids=str)
def test_steps_keep_the_limits(settings: dict[str, Any], size: str) -> None:
    optimizer, before = sgd(**settings), start(SIZES[size])

    for shards in (1, 3):
        after = updated(optimizer, SIZES[size], shards)

        gradients = limited(optimizer, by_weight(before, before.gradient))
        weights = by_weight(before, before.flat)
        for name, found in by_weight(after, after.flat).items():
            kept = weights[name] * (1 - 0.5 * (optimizer.weight_decay or 0))
            np.testing.assert_allclose(found, kept - 0.5 * gradients[name], rtol=1e-9, atol=1e-12, err_msg=name)


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
def test_threads_change_no_bit(settings: dict[str, Any]) -> None:
    alone = updated(sgd(momentum=0.9, **settings), SIZES["large"], 3, "float32", threads=1)
    many = updated(sgd(momentum=0.9, **settings), SIZES["large"], 3, "float32", threads=4)

    assert alone.flat.tobytes() == many.flat.tobytes()
    assert not np.array_equal(alone.flat, start(SIZES["large"]).flat.astype("float32"))


def test_only_one_limit_may_be_set() -> None:
    with pytest.raises(ParameterError, match="only one of clipnorm, clipvalue and global_clipnorm"):
        sgd(clipnorm=1.0, clipvalue=0.5)


def test_accumulators_begin_where_they_are_told() -> None:
    optimizer: Any = registry.optimizers.get("Adagrad")(initial_accumulator_value=0.7)
    _, _, parameters = plan_of(optimizer, 7, 1, "float64")
    assert (parameters.slots["square"] == 0.7).all()
    parameters.slots["square"][:] = 3
    parameters.forget_slots()
    assert (parameters.slots["square"] == 0.7).all()

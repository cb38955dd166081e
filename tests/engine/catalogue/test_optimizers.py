"""Every registered optimizer against its formula, written once more in plain numpy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from engine import registry
from engine.catalogue.optimizers.base import Optimizer
from tests.engine.catalogue.variants import variants

CASES = [pytest.param(made, id=f"{cls.key}-{n}") for cls in registry.optimizers for n, made in enumerate(variants(cls))]
STEPS, SIZE = 5, 41


def sgd(o: Any, w: Any, gradients: Any) -> Any:
    velocity = np.zeros_like(w)
    for g in gradients:
        velocity = o.momentum * velocity - o.learning_rate * g
        w = w + (o.momentum * velocity - o.learning_rate * g if o.nesterov else velocity)
    return w


def rmsprop(o: Any, w: Any, gradients: Any) -> Any:
    square, average, velocity = np.zeros_like(w), np.zeros_like(w), np.zeros_like(w)
    for g in gradients:
        square = o.rho * square + (1 - o.rho) * g**2
        average = o.rho * average + (1 - o.rho) * g
        spread = square - average**2 if o.centered else square
        velocity = o.momentum * velocity + o.learning_rate * g / np.sqrt(spread + o.epsilon)
        w = w - velocity
    return w


def adam(o: Any, w: Any, gradients: Any) -> Any:
    m, v, largest = np.zeros_like(w), np.zeros_like(w), np.zeros_like(w)
    for t, g in enumerate(gradients, 1):
        m = o.beta_1 * m + (1 - o.beta_1) * g
        v = o.beta_2 * v + (1 - o.beta_2) * g**2
        largest = np.maximum(largest, v)
        rate = o.learning_rate * np.sqrt(1 - o.beta_2**t) / (1 - o.beta_1**t)
        w = w - rate * m / (np.sqrt(largest if o.amsgrad else v) + o.epsilon)
    return w


REFERENCE: dict[str, Callable[..., Any]] = {"SGD": sgd, "RMSprop": rmsprop, "Adam": adam}


def problem(steps: int = STEPS) -> tuple[Any, Any]:
    random = np.random.default_rng(1)
    return random.normal(size=SIZE), random.normal(size=(steps, SIZE)) * np.linspace(2, 0.1, steps)[:, None]


def run(optimizer: Optimizer, w: Any, gradients: Any, dtype: Any) -> Any:
    w = w.astype(dtype)
    slots = [np.zeros_like(w) for _ in optimizer.slots()]
    rate: float = optimizer.learning_rate  # type: ignore[attr-defined]
    for step, gradient in enumerate(gradients, 1):
        optimizer.kernel()(w, gradient.astype(dtype), *slots, np.array(optimizer.hyper(step, rate), dtype))
    return w


@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float64, 1e-13), (np.float32, 2e-6)])
@pytest.mark.parametrize("optimizer", CASES)
def test_steps_follow_the_formula(optimizer: Optimizer, dtype: Any, tolerance: float) -> None:
    w, gradients = problem()

    found = run(optimizer, w, gradients, dtype)

    expected = REFERENCE[optimizer.key](optimizer, w, gradients)
    np.testing.assert_allclose(found, expected, rtol=tolerance, atol=tolerance)
    assert not np.allclose(found, w)


@pytest.mark.parametrize("optimizer", CASES)
def test_pieces_give_the_bits_of_the_whole(optimizer: Optimizer) -> None:
    w, gradients = problem()
    whole = run(optimizer, w, gradients, np.float64)

    pieces = [run(optimizer, w[part], gradients[:, part], np.float64) for part in (slice(0, 16), slice(16, None))]

    np.testing.assert_allclose(np.concatenate(pieces), whole, rtol=1e-15, atol=1e-16)


@pytest.mark.parametrize("optimizer", CASES)
def test_number_of_scalars_is_constant_and_steps_matter_only_through_them(optimizer: Optimizer) -> None:
    lengths = {len(optimizer.hyper(step, 0.01)) for step in (1, 2, 1000, 10**7)}

    assert len(lengths) == 1
    assert all(np.isfinite(optimizer.hyper(step, 0.01)).all() for step in (1, 10**9))


@pytest.mark.parametrize("optimizer", CASES)
def test_learning_rate_comes_from_the_step(optimizer: Optimizer) -> None:
    w, gradients = problem(1)
    slots = [np.zeros_like(w) for _ in optimizer.slots()]
    still = w.copy()

    optimizer.kernel()(still, gradients[0], *slots, np.array(optimizer.hyper(1, 0.0)))

    assert np.array_equal(still, w)

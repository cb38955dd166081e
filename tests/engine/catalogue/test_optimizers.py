"""Every registered optimizer against its formula, written once more in plain numpy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from engine import registry
from engine.catalogue.optimizers.base import Optimizer
from engine.component import parameters
from tests.engine.catalogue.variants import variants

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


def adagrad(o: Any, w: Any, gradients: Any) -> Any:
    square = np.full_like(w, o.initial_accumulator_value)
    for g in gradients:
        square = square + g**2
        w = w - o.learning_rate * g / np.sqrt(square + o.epsilon)
    return w


def adadelta(o: Any, w: Any, gradients: Any) -> Any:
    square, steps = np.zeros_like(w), np.zeros_like(w)
    for g in gradients:
        square = o.rho * square + (1 - o.rho) * g**2
        delta = -np.sqrt(steps + o.epsilon) / np.sqrt(square + o.epsilon) * g
        steps = o.rho * steps + (1 - o.rho) * delta**2
        w = w + o.learning_rate * delta
    return w


def adamax(o: Any, w: Any, gradients: Any) -> Any:
    m, u = np.zeros_like(w), np.zeros_like(w)
    for t, g in enumerate(gradients, 1):
        m = o.beta_1 * m + (1 - o.beta_1) * g
        u = np.maximum(o.beta_2 * u, np.abs(g))
        w = w - o.learning_rate / (1 - o.beta_1**t) * m / (u + o.epsilon)
    return w


def nadam(o: Any, w: Any, gradients: Any) -> Any:
    m, v, product = np.zeros_like(w), np.zeros_like(w), 1.0
    for t, g in enumerate(gradients, 1):
        now, after = (o.beta_1 * (1 - 0.5 * 0.96**n) for n in (t, t + 1))
        product *= now
        m = o.beta_1 * m + (1 - o.beta_1) * g
        v = o.beta_2 * v + (1 - o.beta_2) * g**2
        ahead = after * m / (1 - product * after) + (1 - now) * g / (1 - product)
        w = w - o.learning_rate * ahead / (np.sqrt(v / (1 - o.beta_2**t)) + o.epsilon)
    return w


def lion(o: Any, w: Any, gradients: Any) -> Any:
    m = np.zeros_like(w)
    for g in gradients:
        w = w - o.learning_rate * np.sign(o.beta_1 * m + (1 - o.beta_1) * g)
        m = o.beta_2 * m + (1 - o.beta_2) * g
    return w


def ftrl(o: Any, w: Any, gradients: Any) -> Any:
    square, linear, p = np.full_like(w, o.initial_accumulator_value), np.zeros_like(w), -o.learning_rate_power
    for g in gradients:
        after = square + g**2
        linear = linear + g + 2 * o.l2_shrinkage_regularization_strength * w
        linear = linear - (after**p - square**p) / o.learning_rate * w
        steep = (after**p + o.beta) / o.learning_rate + 2 * o.l2_regularization_strength
        w = (np.clip(linear, -o.l1_regularization_strength, o.l1_regularization_strength) - linear) / steep
        square = after
    return w


REFERENCE: dict[str, Callable[..., Any]] = {
    "SGD": sgd, "RMSprop": rmsprop, "Adam": adam, "AdamW": adam, "Adagrad": adagrad, "Adadelta": adadelta,
    "Adamax": adamax, "Nadam": nadam, "Lion": lion, "Ftrl": ftrl,
}  # fmt: skip
#: Limits and decay are the plan's business, so the kernels' tests need no variants of them.
SHARED = ("weight_decay", "clipnorm", "clipvalue", "global_clipnorm")


def cases() -> Iterator[Any]:
    for cls in registry.optimizers:
        plain: list[Any] = []
        for made in variants(cls):
            bare = made.changed(**{p.name: p.default for p in parameters(cls) if p.name in SHARED})
            if bare not in plain:
                plain.append(bare)
        yield from (pytest.param(made, id=f"{cls.key}-{n}") for n, made in enumerate(plain))


CASES = list(cases())


def problem(steps: int = STEPS) -> tuple[Any, Any]:
    random = np.random.default_rng(1)
    return random.normal(size=SIZE), random.normal(size=(steps, SIZE)) * np.linspace(2, 0.1, steps)[:, None]


def run(optimizer: Optimizer, w: Any, gradients: Any, dtype: Any) -> Any:
    w = w.astype(dtype)
    slots = [np.full_like(w, optimizer.start(name)) for name in optimizer.slots()]
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
    slots = [np.full_like(w, optimizer.start(name)) for name in optimizer.slots()]
    still = w.copy()

    optimizer.kernel()(still, gradients[0], *slots, np.array(optimizer.hyper(1, 0.0)))

    assert np.array_equal(still, w)

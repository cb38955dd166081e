"""Statistics of what every registered initializer fills in."""

from __future__ import annotations

from math import sqrt
from typing import Any

import numpy as np
import pytest

from engine import registry
from engine.catalogue.initializers.base import Initializer, fans
from engine.component import parameters
from engine.errors import ParameterError
from engine.infer import infer
from engine.plan.parameters import Parameters
from engine.templates import chain
from tests.engine.catalogue.variants import variants

CASES = [
    pytest.param(made, id=f"{cls.key}-{n}") for cls in registry.initializers for n, made in enumerate(variants(cls))
]


def fill(initializer: Initializer, shape: tuple[int, ...], seed: int = 1, fan_in: int = 0, fan_out: int = 0) -> Any:
    return initializer.fill(shape, np.random.default_rng(seed), fan_in, fan_out)


@pytest.mark.parametrize("initializer", CASES)
def test_same_seed_gives_the_same_start(initializer: Initializer) -> None:
    first, again, other = (fill(initializer, (30, 20), seed) for seed in (3, 3, 4))

    assert first.shape == (30, 20)
    assert np.array_equal(first, again)
    assert np.isfinite(first).all()
    assert initializer.key in ("identity", "unit_forget_bias") or np.ptp(first) == 0 or not np.array_equal(first, other)


#: Mean, standard deviation and largest distance from the mean that the definitions promise, for fans (300, 200).
PROMISED: dict[str, tuple[float, float, float]] = {
    "zeros": (0, 0, 0),
    "ones": (1, 0, 0),
    "constant": (0, 0, 0),
    "random_normal": (0, 0.05, np.inf),
    "random_uniform": (0, 0.05 / sqrt(3), 0.05),
    "truncated_normal": (0, 0.05 * 0.8796, 0.1),
    "glorot_uniform": (0, sqrt(2 / 500), sqrt(6 / 500)),
    "glorot_normal": (0, sqrt(2 / 500), 2 * sqrt(2 / 500) / 0.8796),
    "he_uniform": (0, sqrt(2 / 300), sqrt(6 / 300)),
    "he_normal": (0, sqrt(2 / 300), 2 * sqrt(2 / 300) / 0.8796),
    "lecun_uniform": (0, sqrt(1 / 300), sqrt(3 / 300)),
    "lecun_normal": (0, sqrt(1 / 300), 2 * sqrt(1 / 300) / 0.8796),
    "orthogonal": (0, sqrt(1 / 300), np.inf),
    "unit_forget_bias": (1 / 4, sqrt(1 / 4 * 3 / 4), 3 / 4),
    "identity": (1 / 300, sqrt(1 / 300 * (1 - 1 / 300)), 1),
    "variance_scaling": (0, sqrt(1 / 300), 2 * sqrt(1 / 300) / 0.8796),
}


@pytest.mark.parametrize("key", [cls.key for cls in registry.initializers])
def test_statistics_are_those_of_the_definition(key: str) -> None:
    mean, deviation, reach = PROMISED[key]
    values = fill(registry.initializers.get(key)(), (300, 200))  # type: ignore[arg-type]
    count = values.size

    assert values.mean() == pytest.approx(mean, abs=5 * deviation / sqrt(count) + 1e-12)
    assert values.std() == pytest.approx(deviation, rel=5 / sqrt(count))
    assert np.abs(values - mean).max() <= reach * 1.0001


def test_parameters_move_and_stretch() -> None:
    for key in ("random_normal", "truncated_normal"):
        values = fill(registry.initializers.get(key)(mean=3.0, stddev=2.0), (400, 100))  # type: ignore[call-arg,arg-type]
        assert values.mean() == pytest.approx(3, abs=0.05)
        assert values.std() == pytest.approx(2 if key == "random_normal" else 2 * 0.8796, rel=0.02)
    spread = fill(registry.initializers.get("random_uniform")(minval=2.0, maxval=5.0), (400, 100))  # type: ignore[call-arg,arg-type]
    assert 2 <= spread.min() < 2.001
    assert 4.999 < spread.max() < 5
    assert (fill(registry.initializers.get("constant")(value=0.25), (3, 2)) == 0.25).all()  # type: ignore[call-arg,arg-type]


@pytest.mark.parametrize(
    ("key", "arguments"),
    [
        ("glorot_uniform", {"mode": "fan_avg", "distribution": "uniform"}),
        ("glorot_normal", {"mode": "fan_avg"}),
        ("he_uniform", {"scale": 2, "distribution": "uniform"}),
        ("he_normal", {"scale": 2}),
        ("lecun_uniform", {"distribution": "uniform"}),
        ("lecun_normal", {}),
    ],
)
def test_variance_scaling_is_the_others(key: str, arguments: dict[str, Any]) -> None:
    scaled = registry.initializers.get("variance_scaling")(**arguments)

    named: Any = registry.initializers.get(key)()
    assert fill(scaled, (30, 20)) == pytest.approx(fill(named, (30, 20)))  # type: ignore[arg-type]
    assert fill(scaled, (3, 3, 5, 7)) == pytest.approx(fill(named, (3, 3, 5, 7)))  # type: ignore[arg-type]


def test_identity_is_a_matrix() -> None:
    made: Any = registry.initializers.get("identity")(gain=2.0)  # type: ignore[call-arg]

    assert (fill(made, (3, 4)) == 2 * np.eye(3, 4)).all()
    with pytest.raises(ParameterError, match="exactly two axes"):
        fill(made, (3,))


@pytest.mark.parametrize("shape", [(40, 9), (9, 40), (3, 3, 4, 10), (2, 2, 2, 50)])
def test_orthogonal_keeps_lengths(shape: tuple[int, ...]) -> None:
    made: Any = registry.initializers.get("orthogonal")(gain=2.0)  # type: ignore[call-arg]
    matrix = fill(made, shape).reshape(-1, shape[-1])
    product = matrix @ matrix.T if matrix.shape[0] < matrix.shape[1] else matrix.T @ matrix

    np.testing.assert_allclose(product, 4 * np.eye(len(product)), atol=1e-12)


def test_orthogonal_refuses_vectors_with_a_sentence() -> None:
    with pytest.raises(ParameterError, match="two axes or more"):
        fill(registry.initializers.get("orthogonal")(), (5,))  # type: ignore[arg-type]


def test_fans_come_from_the_shape_unless_given() -> None:
    assert fans((3, 3, 16, 32), 0, 0) == (144, 288)
    assert fans((20, 30), 0, 0) == (20, 30)
    assert fans((7,), 0, 0) == (7, 7)
    assert fans((), 0, 0) == (1, 1)
    assert fans((20, 30), 5, 6) == (5, 6)


SEEDED = [cls.key for cls in registry.initializers if any(p.name == "seed" for p in parameters(cls))]


@pytest.mark.parametrize("key", SEEDED)
def test_a_seed_of_its_own_decides_alone(key: str) -> None:
    def kernels(run: int, **told: Any) -> list[np.ndarray]:
        dense = ("Dense", {"units": 4, "kernel_initializer": {"type": key} | told})
        graph = chain(("Input", {"shape": (4,)}), dense, dense)
        arrays = Parameters(graph, infer(graph), np.dtype("float64"))
        arrays.initialize(run)
        return [arrays.view(arrays.flat, e).copy() for e in arrays.entries if e.spec.name == "kernel"]

    first, second = kernels(1, seed=5), kernels(2, seed=5)
    assert np.array_equal(first, second)
    assert np.array_equal(first[0], first[1])
    assert not np.array_equal(first, kernels(1, seed=6))
    assert not np.array_equal(kernels(1)[0], kernels(1)[1])

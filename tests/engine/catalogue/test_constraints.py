"""Constraints of weights: kernels against plain numpy, their place in the update, and what they refuse."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import engine.constraints
from engine import registry, weight_constraints
from engine.api.sequential import Sequential
from engine.catalogue.constraints.base import WeightConstraint
from engine.errors import ParameterError
from engine.infer import infer
from engine.layers import BatchNormalization, Conv2D, Dense, Flatten, Input
from engine.optimizers import SGD
from tests.engine.catalogue.variants import variants
from tests.engine.train.networks import chain

CASES = [
    pytest.param(made, id=f"{cls.key}-{n}") for cls in registry.constraints for n, made in enumerate(variants(cls))
]


def constrained(constraint: WeightConstraint, weight: Any) -> Any:
    found = weight.copy()
    for function, args in constraint.calls(found):
        function(*args)
    return found


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("shape", [(7,), (5, 3), (3, 2, 4, 5)], ids=str)
@pytest.mark.parametrize("constraint", CASES)
def test_kernel_is_the_reference(constraint: WeightConstraint, shape: tuple[int, ...], dtype: Any) -> None:
    weight = 2 * np.random.default_rng(4).standard_normal(shape)

    found = constrained(constraint, weight.astype(dtype))

    exact = 1e-6 if dtype is np.float32 else 1e-13
    np.testing.assert_allclose(found, constraint.value(weight), rtol=exact, atol=exact)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(1, 5), min_size=1, max_size=5), st.data())
def test_any_axes_of_any_shape(shape: list[int], data: st.DataObject) -> None:
    axes = data.draw(st.lists(st.integers(-len(shape), len(shape) - 1), min_size=1, unique_by=lambda n: n % len(shape)))
    constraint: Any = registry.constraints.get("MinMaxNorm")(0.5, 0.9, 0.7, axes)
    weight = np.random.default_rng(len(axes)).standard_normal(shape)

    np.testing.assert_allclose(constrained(constraint, weight), constraint.value(weight), rtol=1e-13)


def test_zeros_stay_zeros() -> None:
    for case in CASES:
        assert not constrained(case.values[0], np.zeros((4, 3), np.float32)).any()  # type: ignore[attr-defined]


def trained(optimizer: Any = None, **rules: Any) -> Sequential:
    model = Sequential(
        [Input((6, 6, 1)), Conv2D(3, 3, **rules), BatchNormalization(), Flatten(), Dense(4, **rules), Dense(2)]
    )
    model.compile(loss="mse", optimizer=optimizer or SGD(2.0))
    random = np.random.default_rng(2)
    x, y = random.standard_normal((40, 6, 6, 1)), random.standard_normal((40, 2))
    model.fit(x.astype("float32"), y.astype("float32"), batch_size=8, epochs=2, verbose=0)
    return model


@pytest.mark.parametrize("optimizer", [SGD(0.3), SGD(0.3, clipnorm=0.5), SGD(0.3, global_clipnorm=0.5)], ids=str)
def test_rules_hold_after_every_update(optimizer: Any) -> None:
    model = trained(optimizer, kernel_constraint="unit_norm", bias_constraint="non_neg")

    for layer in (model.layers[0], model.layers[-2]):
        if not layer.get_weights():
            continue
        kernel, bias = layer.get_weights()
        np.testing.assert_allclose(np.linalg.norm(kernel, axis=0), 1, rtol=1e-5)
        assert (bias >= 0).all()


def test_a_rule_changes_nothing_where_it_holds_anyway() -> None:
    free, ruled = trained(SGD(0.01)), trained(SGD(0.01), kernel_constraint={"type": "MaxNorm", "max_value": 1e6})
    for one, other in zip(free.get_weights(), ruled.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-6)


def test_axes_that_a_weight_lacks_are_a_problem_of_the_layer() -> None:
    rule = {"type": "MaxNorm", "axis": [0, 2]}
    problems = infer(chain(("Input", {"shape": (3,)}), ("Dense", {"units": 2, "kernel_constraint": rule}))).problems
    assert len(problems) == 1
    assert "takes norms along the axes 0, 2, but the weight 'kernel' has 2 axes" in problems[0].text


def test_the_orthogonal_penalty_needs_a_matrix() -> None:
    given_to = ("Conv2D", {"filters": 2, "kernel_size": 2, "kernel_regularizer": "OrthogonalRegularizer"})
    problems = infer(chain(("Input", {"shape": (5, 5, 1)}), given_to)).problems
    assert "made for a matrix, but the weight 'kernel' has 4 axes" in problems[0].text


def test_bounds_that_cross_are_refused() -> None:
    with pytest.raises(ParameterError, match="min_value must not be above max_value; received 2 and 1"):
        registry.constraints.get("MinMaxNorm")(min_value=2.0)


def test_keras_finds_them_under_its_name() -> None:
    # Whoever wrote keras.constraints changes the first word only.
    assert engine.constraints.max_norm is engine.constraints.MaxNorm is weight_constraints.MaxNorm
    with pytest.raises(AttributeError, match="has no 'Nothing'; it has MaxNorm"):
        _ = engine.constraints.Nothing

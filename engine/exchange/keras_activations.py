"""Activations that Keras 3 has no name for, composed exactly from layers that it has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.catalogue.activations.base import Activation
from engine.catalogue.activations.gelu import INNER, OUTER
from engine.exchange.keras_terms import values_of
from engine.registry import activations


@dataclass(frozen=True)
class Step:
    """One layer of a composition.

    Attributes:
        kind: Keras's class.
        settings: what its constructor is told.
        name: what its name ends in, unless it is the last.
        sources: the steps it is called on, counted from 1; 0 is what enters.
        remark: what the composition computes, on its first step.
    """

    kind: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    name: str = ""
    sources: tuple[int, ...] = (0,)
    remark: str = ""


def _leaky_relu(activation: Activation) -> tuple[Step, ...]:
    return (Step("LeakyReLU", values_of(activation)),)


def _elu(activation: Activation) -> tuple[Step, ...]:
    return (Step("ELU", values_of(activation)),)


def _hard_sigmoid_keras2(activation: Activation) -> tuple[Step, ...]:
    return (
        Step("Rescaling", {"scale": 0.2, "offset": 0.5}, "line", remark="x/5 + 1/2, kept between 0 and 1"),
        Step("ReLU", {"max_value": 1.0}, sources=(1,)),
    )


def _approximate_gelu(activation: Activation) -> tuple[Step, ...]:
    """x/2 · (1 + tanh(a(x + b·x³))) = x · sigmoid(2a·x + 2ab·x³)."""
    linear, cubic = 2 * OUTER, 2 * OUTER * INNER
    remark = f"x · sigmoid({linear:.5g}·x + {cubic:.5g}·x³), which is the formula with tanh"
    return (
        Step("Identity", name="same", remark=remark),
        Step("Multiply", name="square", sources=(0, 1)),
        Step("Rescaling", {"scale": cubic, "offset": linear}, "factor", (2,)),
        Step("Multiply", name="product", sources=(0, 3)),
        Step("Activation", {"activation": activations.get("sigmoid")()}, "gate", (4,)),
        Step("Multiply", sources=(0, 5)),
    )


#: How activations are written that are no mere name in Keras, by key.
TAILS: Mapping[str, Callable[[Activation], tuple[Step, ...]]] = {
    "elu": _elu,
    "gelu": _approximate_gelu,
    "hard_sigmoid_keras2": _hard_sigmoid_keras2,
    "leaky_relu": _leaky_relu,
}

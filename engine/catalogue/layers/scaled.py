"""The trained factors and offsets that normalizing layers share."""

from __future__ import annotations

from typing import Annotated

from engine.catalogue.layers.base import Array, Lane, Layer
from engine.component import Component, Slot
from engine.constraints import Flag, Number
from engine.tensor_spec import WeightSpec

Epsilon = Annotated[float, Number(0, 1)]
EPSILON_HELP = "Added to the variance, so that equal numbers do not divide by 0."
Initializer = Annotated[Component, Slot("initializer")]
Regularizer = Annotated[Component | None, Slot("regularizer", none="no penalty")]
Rule = Annotated[Component | None, Slot("constraint", none="no rule")]
Switch = Annotated[bool, Flag()]


class Scaled(Layer):
    """A layer that ends in y = gamma · x̂ + beta."""

    center: bool
    scale: bool
    beta_initializer: Component
    gamma_initializer: Component
    beta_regularizer: Component | None
    gamma_regularizer: Component | None
    beta_constraint: Component | None
    gamma_constraint: Component | None

    def factors(self, shape: tuple[int, ...]) -> tuple[WeightSpec, ...]:
        """gamma and beta of that shape, as far as the layer has them."""
        gamma = WeightSpec(
            "gamma", shape, self.gamma_initializer, regularizer=self.gamma_regularizer, constraint=self.gamma_constraint
        )
        beta = WeightSpec(
            "beta", shape, self.beta_initializer, regularizer=self.beta_regularizer, constraint=self.beta_constraint
        )
        return (gamma,) * self.scale + (beta,) * self.center

    def factor(self, lane: Lane, name: str, size: int) -> Array:
        """gamma or beta as one row, or constants in its place."""
        if name in lane.weights:
            return lane.weights[name].reshape(1, -1)
        constant = lane.shared(f"no {name}", (1, size))
        constant.fill(name == "gamma")
        return constant

    @property
    def named(self) -> tuple[str | None, str | None]:
        """The names of gamma and beta for emitters."""
        return "gamma" if self.scale else None, "beta" if self.center else None

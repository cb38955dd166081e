"""The optimizer of a compiled model: a declaration whose learning rate may be set while training goes on."""

from __future__ import annotations

from math import isfinite
from numbers import Real
from typing import TYPE_CHECKING, Any

from engine.catalogue.optimizers.base import Optimizer
from engine.errors import UsageError

if TYPE_CHECKING:
    from engine.api.model import Model


class LiveOptimizer:
    """What ``model.optimizer`` is; its parameters are those of the declaration.

    Args:
        model: whose optimizer it is.
    """

    def __init__(self, model: Model) -> None:
        self.__dict__["_model"] = model

    @property
    def declaration(self) -> Optimizer:
        """The declaration, which ``compile`` takes too."""
        rule: Optimizer | None = self._model.rule
        assert rule is not None, "a model has an optimizer only when it is compiled"
        return rule

    @property
    def iterations(self) -> int:
        """Updates that it has made."""
        loop = self._model.loop
        return int(loop.iterations if loop is not None else self._model.iterations)

    @property
    def learning_rate(self) -> float:
        """The learning rate of the next update."""
        loop = self._model.loop
        return float(loop.rate_now() if loop is not None else self.declaration.rate(self._model.iterations + 1))

    def set_rate(self, value: Any) -> None:
        """Choose the learning rate of the updates to come.

        Raises:
            UsageError: it follows a schedule, or the value is no number from 0 upwards.
        """
        if not self.declaration.has_plain_rate:
            raise UsageError(
                "The learning rate follows a schedule, so it cannot be set. Compile the model with a number instead."
            )
        value = value.item() if hasattr(value, "item") and getattr(value, "ndim", 1) == 0 else value
        if isinstance(value, bool) or not isinstance(value, Real) or not isfinite(value) or value < 0:
            raise UsageError(f"learning_rate must be a finite number from 0 upwards; received {value!r}.")
        model = self._model
        model.rule = self.declaration.changed(learning_rate=float(value))
        for loop in (model.loop, *model.steppers.values()):
            if loop is not None:
                loop.rate = float(value)

    def get_config(self) -> dict[str, Any]:
        """All parameters by name."""
        return {key: value for key, value in self.declaration.to_json().items() if key != "type"}

    def __getattr__(self, name: str) -> Any:
        if name == "lr":  # Keras 1's and 2's name
            return self.learning_rate
        return getattr(self.declaration, name)

    def __setattr__(self, name: str, value: Any) -> None:
        if name not in ("learning_rate", "lr"):
            raise UsageError(
                f"Of a compiled optimizer only learning_rate can be set; received {name}. Compile the model again."
            )
        self.set_rate(value)

    def __repr__(self) -> str:
        return repr(self.declaration)

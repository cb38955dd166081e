"""OrthogonalRegularizer: pushes the rows (or columns) of a matrix at right angles to each other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, ClassVar

import numpy as np

from engine.catalogue.regularizers.base import Array, Regularizer
from engine.component import component, setting
from engine.constraints import Choice, Number
from engine.errors import ShapeError
from engine.kernels.orthogonal import penalize

MODES = (
    ("rows", "The rows are pushed apart: for Dense, what each input says to all neurons."),
    ("columns", "The columns are pushed apart: for Dense, what each neuron looks at."),
)


@component
class OrthogonalRegularizer(Regularizer):
    """penalty = factor · mean of abs(u_i · u_j) over all pairs i < j of rows (or columns) of length 1.

    A vector shorter than 1e-12 counts as 0; at right angles (u_i · u_j = 0) the slope is 0. The work grows with the
    square of the number of rows.

    Shapes:
        weight: (rows, columns), as the kernel of Dense.
    Source: Keras 3, ``keras.regularizers.OrthogonalRegularizer``.
    """

    title: ClassVar[str] = "Orthogonal"
    whole: ClassVar[bool] = True
    aliases: ClassVar[tuple[str, ...]] = ("orthogonal_regularizer", "orthogonal")

    factor: Annotated[float, Number(0)] = setting(0.01, "Strength of the push towards right angles.")
    mode: Annotated[str, Choice(MODES)] = setting("rows", "Which vectors are pushed apart.")

    def check(self, name: str, shape: tuple[int, ...], what: str = "weight") -> None:
        if len(shape) != 2:
            raise ShapeError(
                f"The Orthogonal regularizer is made for a matrix, but the {what} '{name}' has {len(shape)} axes. "
                "Choose L1 or L2 for it."
            )

    def arguments(self, weight: Array, gradient: Array, penalty: Array) -> tuple[Array, ...]:
        if self.mode == "columns":
            weight, gradient = weight.T, gradient.T
        return (weight, gradient, penalty, np.zeros(len(weight), weight.dtype))

    def constants(self) -> tuple[float, ...]:
        return (self.factor,)

    def kernel(self) -> Callable[..., None]:
        return penalize

    def value(self, weight: Any) -> float:
        rows = np.asarray(weight if self.mode == "rows" else weight.T, np.float64)
        if len(rows) < 2:
            return 0.0
        unit = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
        pairs = np.abs(unit @ unit.T)[np.triu_indices(len(rows), 1)]
        return float(self.factor * pairs.mean())

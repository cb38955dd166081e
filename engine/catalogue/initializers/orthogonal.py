"""orthogonal: turns signals without stretching them; suits recurrent layers."""

from __future__ import annotations

from math import prod
from typing import Annotated, Any, ClassVar

import numpy as np
import numpy.typing as npt

from engine.catalogue.initializers.base import SEED_HELP, Initializer, Seed
from engine.component import component, setting
from engine.constraints import Number
from engine.errors import ParameterError


@component
class Orthogonal(Initializer):
    """w with orthonormal rows or columns (whichever are fewer), times gain.

    Source: Saxe et al. 2014, "Exact solutions to the nonlinear dynamics of learning in deep linear neural networks".
    """

    key: ClassVar[str] = "orthogonal"
    title: ClassVar[str] = "Orthogonal"
    aliases: ClassVar[tuple[str, ...]] = ("Orthogonal", "OrthogonalInitializer")

    gain: Annotated[float, Number()] = setting(1.0, "Factor on the whole matrix.")
    seed: Seed = setting(None, SEED_HELP, advanced=True)

    def fill(self, shape: tuple[int, ...], random: np.random.Generator, fan_in: int, fan_out: int) -> npt.NDArray[Any]:
        if len(shape) < 2:
            raise ParameterError(self.key, None, f"needs a weight with two axes or more; received shape {shape}")
        rows, columns = prod(shape[:-1]), shape[-1]
        bell = random.normal(size=(max(rows, columns), min(rows, columns)))
        q, r = np.linalg.qr(bell)
        # The signs of r's diagonal make the draw uniform over all rotations.
        q = q * np.sign(np.diag(r))
        return self.gain * (q if rows >= columns else q.T).reshape(shape)

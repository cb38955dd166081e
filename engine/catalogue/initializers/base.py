"""What every initializer declares."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from engine.component import Component


class Initializer(Component):
    """Fills a weight from a seeded generator, so the same seed gives the same start."""

    kind: ClassVar[str] = "initializer"
    category: ClassVar[str] = "Initializers"

    def fill(
        self, shape: tuple[int, ...], random: np.random.Generator, fan_in: int, fan_out: int
    ) -> npt.NDArray[Any]:
        """Values in float64.

        Args:
            shape: shape of the weight.
            random: the weight's own generator (counter-based, from seed, node and weight name).
            fan_in: inputs per output unit.
            fan_out: outputs per input unit.
        """
        raise TypeError(f"{type(self).__name__} fills nothing")

"""What is known of a tensor before it exists."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.component import Component

Shape = tuple[int | None, ...]


@dataclass(frozen=True)
class TensorSpec:
    """Shape without the batch axis, element type, and whether a mask travels along.

    Attributes:
        shape: sizes of the axes after the batch axis; ``None`` is a size not known yet.
        dtype: ``float32``, ``float64`` or an integer type.
        masked: whether a Boolean mask over the first axes accompanies the tensor.
    """

    shape: Shape
    dtype: str = "float32"
    masked: bool = False

    @property
    def rank(self) -> int:
        """Number of axes, the batch axis included (as Keras counts)."""
        return len(self.shape) + 1

    @property
    def known(self) -> bool:
        """Whether every size is known."""
        return None not in self.shape

    @property
    def sizes(self) -> tuple[int, ...]:
        """The shape when every size is known.

        Raises:
            ValueError: when a size is unknown.
        """
        sizes = tuple(n for n in self.shape if n is not None)
        if len(sizes) != len(self.shape):
            raise ValueError(f"the size of {self} is not known")
        return sizes

    @property
    def size(self) -> int:
        """Number of elements of one sample.

        Raises:
            ValueError: when a size is unknown.
        """
        return prod(self.sizes)

    def with_shape(self, shape: Shape) -> TensorSpec:
        """The same tensor in another shape."""
        return TensorSpec(shape, self.dtype, self.masked)

    def __str__(self) -> str:
        return shape_text(self.shape)


def shape_text(shape: Shape) -> str:
    """A shape as people write it: ``28 × 28 × 1``, ``10``, or ``single number``."""
    if not shape:
        return "single number"
    return " × ".join("?" if n is None else str(n) for n in shape)


@dataclass(frozen=True)
class WeightSpec:
    """One array that a layer owns.

    Attributes:
        name: Keras's name, for example ``kernel``.
        shape: its full shape.
        initializer: the component that fills it.
        trainable: whether the optimizer changes it.
        regularizer: the component that adds its penalty to the loss, or ``None``.
        constraint: the component that brings it back to a rule after every update, or ``None``.
        fan_in: inputs per output unit, for initializers that scale by it (0: from the shape).
        fan_out: outputs per input unit, likewise.
    """

    name: str
    shape: tuple[int, ...]
    initializer: Component
    trainable: bool = True
    regularizer: Component | None = None
    fan_in: int = 0
    fan_out: int = 0
    constraint: Component | None = None

    def __post_init__(self) -> None:
        """Let penalty and rule look at the shape.

        Raises:
            ShapeError: they do not fit it.
        """
        parts: tuple[Any, ...] = (self.regularizer, self.constraint)
        for part in parts:
            if part is not None:
                part.check(self.name, self.shape)

    @property
    def size(self) -> int:
        """Number of elements."""
        return prod(self.shape)

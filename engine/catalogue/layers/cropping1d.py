"""Cropping1D: takes steps off both ends of sequences."""

from __future__ import annotations

from typing import Annotated, ClassVar

from engine.catalogue.layers.base import Example
from engine.catalogue.layers.emitter import Emitter, Value
from engine.catalogue.layers.moving import Moving, Places
from engine.catalogue.layers.sequences import check_sequence
from engine.component import component, setting
from engine.constraints import Wholes
from engine.errors import ShapeError
from engine.tensor_spec import TensorSpec


@component
class Cropping1D(Moving):
    """y[i] = x[i + before].

    Shapes:
        x: (batch, steps, features); output: (batch, steps - before - after, features).
    Source: Keras 3, ``keras.layers.Cropping1D``.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.layers.Cropping1D", "torch.narrow", "onnx.Slice")
    category: ClassVar[str] = "Reshape"
    icon: ClassVar[str] = "mdi6.content-cut"
    examples: ClassVar[tuple[Example, ...]] = (Example({}, ((4, 2),)), Example({"cropping": (2, 0)}, ((5, 3),)))

    cropping: Annotated[tuple[int, ...], Wholes(0, 100_000, length=2)] = setting(
        (1, 1), "Steps taken off at the beginning and at the end; one number for both."
    )

    @property
    def badge(self) -> str:
        return f"{self.cropping[0]}+{self.cropping[1]}"

    def infer(self, inputs: tuple[TensorSpec, ...]) -> tuple[TensorSpec, ...]:
        (x,) = inputs
        check_sequence("Cropping1D", x)
        steps = x.sizes[0] - sum(self.cropping)
        if steps < 1:
            raise ShapeError(
                f"Cropping1D takes {sum(self.cropping)} steps off a sequence of {x.sizes[0]}, so nothing is left. "
                "Crop less."
            )
        return (x.with_shape((steps, x.sizes[1])),)

    def moved(self, places: Places) -> Places:
        return places[self.cropping[0] : places.shape[0] - self.cropping[1]]

    def export(self, out: Emitter, x: tuple[Value, ...]) -> tuple[Value, ...]:
        return (out.crop(x[0], ((self.cropping[0], self.cropping[1]), (0, 0))),)

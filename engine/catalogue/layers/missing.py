"""Missing: keeps the place of a layer that is not known here."""

from __future__ import annotations

import json
from typing import Annotated, Any, ClassVar

from engine.catalogue.layers.base import Layer, Port
from engine.catalogue.raw import RawJson
from engine.component import component, setting
from engine.constraints import Text
from engine.errors import ShapeError
from engine.tensor_spec import TensorSpec


@component
class Missing(Layer):
    """A layer of a plug-in that is not installed, or with parameters that are not understood.

    It computes nothing, stops training with a sentence, and is saved back exactly as it was
    read. Its ports are those that the file's wires use.
    """

    hidden: ClassVar[bool] = True
    category: ClassVar[str] = "Missing"
    icon: ClassVar[str] = "mdi6.help-box-outline"

    raw: Annotated[str, RawJson()] = setting(help="The layer as it stands in the file.")
    reason: Annotated[str, Text(1000)] = setting("", "Why it could not be used.")
    takes: Annotated[str, Text(1000)] = setting("", "Names of the inputs that wires use, separated by spaces.")
    gives: Annotated[str, Text(1000)] = setting("", "Names of the outputs that wires use, separated by spaces.")

    # Ports come from the file here, so they belong to the value and not to the class.
    @property
    def inputs(self) -> tuple[Port, ...]:  # type: ignore[override]
        """The input ports; each takes any number of wires."""
        return tuple(Port(name, many=True) for name in self.takes.split())

    @property
    def outputs(self) -> tuple[Port, ...]:  # type: ignore[override]
        """The output ports."""
        return tuple(Port(name) for name in self.gives.split() or ["y"])

    @property
    def badge(self) -> str:
        return str(self.to_json()["type"])

    def to_json(self) -> dict[str, Any]:
        """The layer's JSON as it was read."""
        found: dict[str, Any] = json.loads(self.raw)
        return found

    def infer(self, inputs: tuple[TensorSpec, ...]) -> tuple[TensorSpec, ...]:
        kind = self.to_json()["type"]
        if self.reason:
            raise ShapeError(f"The layer '{kind}' could not be read: {self.reason} Put another layer in its place.")
        raise ShapeError(
            f"The layer type '{kind}' is not known here. Install the plug-in it comes from, "
            "or put another layer in its place."
        )

"""How recurrent layers write themselves in other languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.catalogue.layers.cell import Cell
from engine.catalogue.layers.emitter import Emitter, Value
from engine.errors import UsageError

if TYPE_CHECKING:
    from engine.catalogue.layers.recurrent import Recurrent


def answer_out(layer: Recurrent, out: Emitter, x: Value, prefix: str) -> Value:
    """Write a layer, whose weights have names with a prefix."""
    cell = Cell(
        layer.cell,
        f"{prefix}kernel",
        f"{prefix}recurrent_kernel",
        f"{prefix}bias" if layer.use_bias else None,
        layer.units,
        layer.activation,
        getattr(layer, "recurrent_activation", None),
        getattr(layer, "reset_after", False),
        layer.return_sequences,
    )
    return out.recurrent(out.reverse(x) if layer.go_backwards else x, cell)


def refuse(layer: Recurrent, what: str, given: bool) -> None:
    """Refuse what no emitter says of states.

    Args:
        layer: the layer, or one of those in a wrapper.
        what: how it is called.
        given: whether states enter it.

    Raises:
        UsageError: states enter the layer, leave it, or live on from batch to batch.
    """
    if layer.stateful:
        raise UsageError(
            f"{what} hands its states on from batch to batch (stateful=True), which only exports to Keras can say. "
            "Export to Keras, or set stateful to False."
        )
    if given or layer.return_state:
        how = "begins with states that a wire brings" if given else "puts its last states out (return_state=True)"
        instead = "take the wire to initial_state away" if given else "set return_state to False"
        raise UsageError(f"{what} {how}, which only exports to Keras can say. Export to Keras, or {instead}.")

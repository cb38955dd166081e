"""How recurrent layers write themselves in other languages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from engine.catalogue.layers.cell import Cell
from engine.catalogue.layers.emitter import Emitter, Value
from engine.errors import UsageError

if TYPE_CHECKING:
    from engine.catalogue.layers.recurrent import Recurrent


def answers_out(layer: Recurrent, out: Emitter, x: Value, states: Sequence[Value], prefix: str) -> tuple[Value, ...]:
    """Write a layer, whose weights have names with a prefix: its answer, and the last states where it gives them."""
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
        layer.return_state,
    )
    return out.recurrent(out.reverse(x) if layer.go_backwards else x, states, cell)


def refuse_kept_states(layer: Recurrent, what: str) -> None:
    """Refuse what no emitter says of states.

    Args:
        layer: the layer, or one of those in a wrapper.
        what: how it is called.

    Raises:
        UsageError: its states live on from batch to batch.
    """
    if layer.stateful:
        raise UsageError(
            f"{what} hands its states on from batch to batch (stateful=True), which only exports to Keras can say. "
            "Export to Keras, or set stateful to False."
        )

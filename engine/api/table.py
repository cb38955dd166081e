"""The summary table of a model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from engine.api.model import Model


def print_summary(model: Model) -> None:
    """Layers, output shapes, parameters, as Keras prints them."""
    inference = model.shapes()
    table = Table(title=f'Model: "{model.name}"', title_justify="left")
    table.add_column("Layer (type)")
    table.add_column("Output shape")
    table.add_column("Parameters", justify="right")
    for handle in model.layers:
        shape = (None, *inference.outputs[handle.node][0].shape)
        count = sum(inference.parameter_count(handle.node))
        table.add_row(f"{handle.node} ({handle.declaration.key})", str(shape), f"{count:,}")
    trainable, other = inference.parameter_count()
    console = Console()
    console.print(table)
    console.print(f" Total parameters: {trainable + other:,}", highlight=False)
    console.print(f" Trainable parameters: {trainable:,}", highlight=False)
    console.print(f" Non-trainable parameters: {other:,}", highlight=False)

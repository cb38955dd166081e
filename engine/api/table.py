"""The summary table of a model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from engine.api.network import Network


def print_summary(model: Network) -> None:
    """Layers, output shapes, parameters, as Keras prints them."""
    inference = model.shapes()
    table = Table(title=f'Model: "{model.name}"', title_justify="left")
    table.add_column("Layer (type)")
    table.add_column("Output shape")
    table.add_column("Parameters", justify="right")
    for node in model.graph.order:
        shape = (None, *inference.outputs[node][0].shape)
        shared = model.graph.nodes[node].shares
        count = f"as {shared}" if shared else f"{sum(inference.parameter_count(node)):,}"
        table.add_row(f"{node} ({model.graph.nodes[node].layer.key})", str(shape), count)
    trainable, other = inference.parameter_count()
    console = Console()
    console.print(table)
    console.print(f" Total parameters: {trainable + other:,}", highlight=False)
    console.print(f" Trainable parameters: {trainable:,}", highlight=False)
    console.print(f" Non-trainable parameters: {other:,}", highlight=False)

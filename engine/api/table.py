"""The summary table of a model."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

from engine.api.arguments import whole_number

if TYPE_CHECKING:
    from engine.api.network import Network


def print_summary(model: Network, line_length: int | None = None, print_fn: Callable[[str], Any] | None = None) -> None:
    """Layers, output shapes, parameters, as Keras prints them.

    Args:
        model: what is shown.
        line_length: characters of a line; as many as the screen has if left out.
        print_fn: is called with the text, in place of printing it.
    """
    if line_length is not None:
        whole_number("line_length", line_length, 20)
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
    console = Console(width=line_length, file=io.StringIO() if print_fn is not None else None)
    console.print(table)
    console.print(f" Total parameters: {trainable + other:,}", highlight=False)
    console.print(f" Trainable parameters: {trainable:,}", highlight=False)
    console.print(f" Non-trainable parameters: {other:,}", highlight=False)
    if print_fn is not None:
        print_fn(console.file.getvalue())  # type: ignore[attr-defined]

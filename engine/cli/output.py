"""What commands write: tables for people, one line of JSON for programs, one sentence for mistakes."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text


def console(stderr: bool = False) -> Console:
    """A console that shows names from files as they are, never as markup."""
    return Console(stderr=stderr, markup=False, highlight=False, emoji=False)


def plain(text: str) -> str:
    """A text without control characters, which could move the cursor or change colours."""
    return "".join(c if c.isprintable() or c == "\n" else "?" for c in text)


def say(text: str) -> None:
    """A remark beside the results."""
    console(stderr=True).print(Text(plain(text)), soft_wrap=True)


def tell(text: str) -> None:
    """A sentence of the result."""
    console().print(Text(plain(text)), soft_wrap=True)


def count(number: int, word: str) -> str:
    """A number with its word: ``1 epoch``, ``20 epochs``, ``2 batches``."""
    ending = "" if number == 1 else "es" if word.endswith("ch") and word != "epoch" else "s"
    return f"{number:,} {word}{ending}"


def complain(text: str) -> None:
    """The one sentence about a mistake."""
    print(plain(text).replace("\n", " "), file=sys.stderr)


def show_json(value: Mapping[str, Any]) -> None:
    """One line that machines read; what is no number becomes null."""
    print(json.dumps(_finite(value), allow_nan=False), flush=True)


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): _finite(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(item) for item in value]
    return value


def show_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]], numbers: Sequence[int] = ()) -> None:
    """A table; the columns in ``numbers`` are set to the right."""
    tell(title)
    table = Table(header_style="bold")
    for place, name in enumerate(columns):
        table.add_column(name, justify="right" if place in numbers else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(plain(cell)) for cell in row))
    console().print(table)


def figure(value: float) -> str:
    """A loss or a metric."""
    return f"{value:.4f}" if abs(value) >= 1e-3 or value == 0 else f"{value:.3e}"


def figures(values: Mapping[str, float]) -> str:
    """Several of them in a row: ``loss 0.1234  accuracy 0.9456``."""
    return "  ".join(f"{name} {figure(value)}" for name, value in values.items())

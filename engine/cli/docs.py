"""``docs``: the reference page, written anew from the declarations."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import engine
from engine.cli.output import tell
from engine.errors import FileError, UsageError
from engine.reference.markdown import COMMAND, document

EXAMPLES = (
    "python3 main.py docs",
    "python3 main.py docs --check",
    "python3 main.py docs --out reference.md",
)
#: Where the page lies in a checkout.
PAGE = Path(engine.__file__).parents[1] / "docs" / "layers.md"


def docs(
    out: Annotated[Path | None, typer.Option("--out", help="Write here instead of docs/layers.md.")] = None,
    check: Annotated[bool, typer.Option("--check", help="Write nothing; exit 1 when the page is stale.")] = False,
) -> None:
    """Write docs/layers.md: every component with formula, shapes, parameters and counterparts."""
    place = out or PAGE
    text = document()
    if check:
        if is_stale(place, text):
            tell(f"{place} is not what the declarations say: run {COMMAND}")
            raise typer.Exit(1)
        tell(f"{place} is up to date.")
        return
    if out is None and not place.parent.is_dir():
        raise UsageError("An installed Layerloom has no folder docs: name a file with --out.")
    try:
        place.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise FileError(f"{place} cannot be written: {error.strerror or error}. Choose another place.") from error
    tell(f"{place} was written: {text.count(chr(10) + '### '):,} components.")


def is_stale(place: Path, text: str) -> bool:
    """Whether a file is missing or holds anything but this text."""
    return not place.is_file() or place.read_text(encoding="utf-8") != text

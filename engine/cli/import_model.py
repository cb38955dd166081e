"""``import``: takes a model of another program in as a project."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from engine.cli.opening import AsJson
from engine.cli.output import say, show_json, tell
from engine.errors import UsageError
from engine.exchange.importing import importer
from engine.exchange.snippets.script import import_script, is_script
from engine.infer import infer
from engine.io import save_project

EXAMPLES = (
    "python3 main.py import digits.keras",
    "python3 main.py import old-model.h5 digits.loom",
    "python3 main.py import network.py",
)


def import_model(
    model: Annotated[
        Path, typer.Argument(metavar="MODEL", help="A .keras file, a whole model in HDF5 (.h5), or Python code (.py).")
    ],
    folder: Annotated[
        Path | None, typer.Argument(metavar="DIR", help="Where to put the project; beside MODEL if left out.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Take in a model that Keras saved, with its weights, or Keras and PyTorch code; nothing of the file is run."""
    chosen = folder or model.with_suffix(".loom")
    if chosen.suffix != ".loom":
        chosen = chosen.with_name(chosen.name + ".loom")
    found = import_script(model) if is_script(model) else importer.import_model(model)
    if chosen.exists() and (not chosen.is_dir() or any(chosen.iterdir())):
        raise UsageError(f"'{chosen}' exists already. Choose another name.")
    save_project(chosen, found.project, found.state)
    graph = found.project.graph
    if as_json:
        count = sum(infer(graph).parameter_count())
        told = {"project": str(chosen), "layers": len(graph.nodes), "parameters": count}
        show_json(told | {"trained": found.state is not None, "notes": found.notes, "lost": found.lost})
        return
    for sentence in (*found.notes, *found.lost):
        say(f"Note: {sentence}")
    tell(f"{chosen} holds the model. See it with: python3 main.py summary {chosen}")

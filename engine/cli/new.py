"""``new``: begin a project from a template."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from engine.cli.opening import AsJson
from engine.cli.output import say, show_json, show_table, tell
from engine.errors import UsageError
from engine.infer import infer
from engine.io import save_project
from engine.templates import TEMPLATES, Template

_OFFERED = ", ".join(TEMPLATES)


EXAMPLES = (
    "python3 main.py new --list",
    "python3 main.py new digits-dense digits.loom",
    "python3 main.py new digits-convolution convolution.loom",
)


def new(
    template: Annotated[
        str, typer.Argument(metavar="TEMPLATE", help=f"What to begin with: {_OFFERED}. --list tells more.")
    ] = "",
    folder: Annotated[
        Path | None, typer.Argument(metavar="DIR", help="Where to put it; .loom is added where it is missing.")
    ] = None,
    listed: Annotated[bool, typer.Option("--list", help="Only say what templates there are.")] = False,
    as_json: AsJson = False,
) -> None:
    """Begin a project from a template."""
    if listed:
        _show_templates(as_json)
        return
    if not template or folder is None:
        raise UsageError("Name a template and a place, such as: new digits-dense digits.loom. --list shows templates.")
    chosen = known_template(template)
    if folder.suffix != ".loom":
        folder = folder.with_name(folder.name + ".loom")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"'{folder}' exists already. Choose another name.")
    project = chosen.make()
    save_project(folder, project, None)
    trainable, fixed = infer(project.graph).parameter_count()
    if as_json:
        show_json(
            {
                "project": str(folder),
                "layers": len(project.graph.nodes),
                "parameters": trainable + fixed,
                "needs": chosen.needs,
            }
        )
        return
    made = f"{folder} holds '{chosen.title}': {len(project.graph.nodes)} layers, {trainable + fixed:,} parameters."
    if chosen.needs:
        tell(made)
        say(f"Note: {chosen.needs}")
    else:
        tell(f"{made} Train it with: python3 main.py train {folder}")


def known_template(name: str) -> Template:
    """The template of this name.

    Raises:
        UsageError: there is none.
    """
    if name not in TEMPLATES:
        raise UsageError(f"There is no template '{name}'; there are {_OFFERED}.")
    return TEMPLATES[name]


def _show_templates(as_json: bool) -> None:
    """All templates, with what must be brought along for them."""
    if as_json:
        rows = [
            {
                "template": t.key,
                "title": t.title,
                "category": t.category,
                "description": t.description,
                "needs": t.needs,
            }
            for t in TEMPLATES.values()
        ]
        show_json({"templates": rows})
        return
    cells = [[t.key, t.category, " ".join((t.description, t.needs)).strip()] for t in TEMPLATES.values()]
    show_table("Templates", ("Name", "Kind", "What it is"), cells)

"""``new``: begin a project from a template."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from engine.cli.opening import AsJson
from engine.cli.output import show_json, tell
from engine.errors import UsageError
from engine.infer import infer
from engine.io import save_project
from engine.templates import TEMPLATES

_OFFERED = "; ".join(f"{name}: {template.description}" for name, template in TEMPLATES.items())


EXAMPLES = (
    "python3 main.py new digits-dense digits.loom",
    "python3 main.py new digits-convolution convolution.loom",
)


def new(
    template: Annotated[str, typer.Argument(metavar="TEMPLATE", help=f"What to begin with. {_OFFERED}")],
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where to put it; .loom is added where it is missing.")],
    as_json: AsJson = False,
) -> None:
    """Begin a project from a template."""
    if template not in TEMPLATES:
        raise UsageError(f"There is no template '{template}'; there are {', '.join(TEMPLATES)}.")
    if folder.suffix != ".loom":
        folder = folder.with_name(folder.name + ".loom")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"'{folder}' exists already. Choose another name.")
    project = TEMPLATES[template].make()
    save_project(folder, project, None)
    trainable, fixed = infer(project.graph).parameter_count()
    if as_json:
        show_json({"project": str(folder), "layers": len(project.graph.nodes), "parameters": trainable + fixed})
    else:
        tell(
            f"{folder} holds '{TEMPLATES[template].title}': {len(project.graph.nodes)} layers, "
            f"{trainable + fixed:,} parameters. Train it with: python3 main.py train {folder}"
        )

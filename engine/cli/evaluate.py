"""``evaluate``: how good a trained project is."""

from __future__ import annotations

from typing import Annotated

import typer

from engine.cli.opening import AsJson, OutsideData, ProjectPath, load_data, open_project, predictor, trained
from engine.cli.output import figure, show_json, show_table
from engine.data.split import Parts
from engine.explain.confusion import Confusion, confusions
from engine.project import Project
from engine.train.feeds import bound
from engine.train.predictor import Predictor

EXAMPLES = (
    "python3 main.py evaluate digits.loom",
    "python3 main.py evaluate digits.loom --confusion",
    "python3 main.py evaluate digits.loom --json",
)


def evaluate(
    folder: ProjectPath,
    confusion: Annotated[bool, typer.Option("--confusion", help="Show which class is taken for which.")] = False,
    outside_data: OutsideData = False,
    as_json: AsJson = False,
) -> None:
    """Judge a trained project on the samples that were held back (on all, if none were)."""
    opened = open_project(folder, outside_data)
    state = trained(opened, folder)
    _, parts = load_data(opened.project, folder)
    held = parts.validation_samples > 0
    inputs, targets = (parts.val_inputs, parts.val_targets) if held else (parts.inputs, parts.targets)
    project = opened.project.with_graph(state.graph)
    network = predictor(project, state)
    logs = network.evaluate(project, inputs, targets)
    count = parts.validation_samples if held else parts.samples
    table = _confusion(project, network, parts, held) if confusion else None
    if as_json:
        told = {"project": str(folder), "samples": count, "held_back": held, "epochs": state.epoch, "figures": logs}
        show_json(told if table is None else told | {"confusion": table.counts.tolist()})
        return
    what = "held-back samples" if held else "samples it was trained on"
    rows = [[name, figure(value)] for name, value in logs.items()]
    show_table(f"{folder.name} on {count:,} {what}", ("Figure", "Value"), rows, numbers=(1,))
    if table is not None:
        _show_confusion(table, next(iter(parts.classes.values()), ()))


def _confusion(project: Project, network: Predictor, parts: Parts, held: bool) -> Confusion:
    """Which class of the first output is taken for which.

    Raises:
        UsageError: that output tells no classes.
    """
    inputs, targets = (parts.val_inputs, parts.val_targets) if held else (parts.inputs, parts.targets)
    key = network.graph.outputs[0]
    fields = {target.node: target.field for target in project.targets if target.field}
    labels = bound([key], fields, targets, "target")[key]
    rows = bound(network.graph.inputs, dict(project.inputs), inputs, "input")
    found = [item for item in confusions(network, rows, labels, key) if isinstance(item, Confusion)]
    return found[0]


def _show_confusion(table: Confusion, classes: tuple[str, ...]) -> None:
    size = len(table.counts)
    names = classes if len(classes) == size else tuple(str(n) for n in range(size))
    rows = [
        [name, *(str(n) if n else "" for n in row), "" if recall != recall else f"{recall:.1%}"]  # noqa: PLR0124
        for name, row, recall in zip(names, table.counts.tolist(), table.recall.tolist(), strict=True)
    ]
    show_table("Rows: what it is; columns: taken for", ("", *names, "recall"), rows, numbers=tuple(range(1, size + 2)))

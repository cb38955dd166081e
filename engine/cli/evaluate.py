"""``evaluate``: how good a trained project is."""

from __future__ import annotations

from engine.cli.opening import AsJson, OutsideData, ProjectPath, load_data, open_project, predictor, trained
from engine.cli.output import figure, show_json, show_table

EXAMPLES = (
    "python3 main.py evaluate digits.loom",
    "python3 main.py evaluate digits.loom --json",
)


def evaluate(folder: ProjectPath, outside_data: OutsideData = False, as_json: AsJson = False) -> None:
    """Judge a trained project on the samples that were held back (on all, if none were)."""
    opened = open_project(folder, outside_data)
    state = trained(opened, folder)
    _, parts = load_data(opened.project, folder)
    held = parts.validation_samples > 0
    inputs, targets = (parts.val_inputs, parts.val_targets) if held else (parts.inputs, parts.targets)
    project = opened.project.with_graph(state.graph)
    logs = predictor(project, state).evaluate(project, inputs, targets)
    count = parts.validation_samples if held else parts.samples
    if as_json:
        show_json({"project": str(folder), "samples": count, "held_back": held, "epochs": state.epoch, "figures": logs})
        return
    what = "held-back samples" if held else "samples it was trained on"
    rows = [[name, figure(value)] for name, value in logs.items()]
    show_table(f"{folder.name} on {count:,} {what}", ("Figure", "Value"), rows, numbers=(1,))

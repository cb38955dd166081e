"""``summary``: what a project holds."""

from __future__ import annotations

from typing import Any

from engine.check import check
from engine.cli.opening import AsJson, OutsideData, ProjectPath, open_project
from engine.cli.output import count, figures, show_json, show_table, tell
from engine.estimate.cost import estimate
from engine.estimate.rates import kept_rates
from engine.infer import Inference, infer
from engine.io import Opened
from engine.project import Project

EXAMPLES = (
    "python3 main.py summary digits.loom",
    "python3 main.py summary digits.loom --json",
)


def summary(folder: ProjectPath, outside_data: OutsideData = False, as_json: AsJson = False) -> None:
    """Show a project's layers, shapes, parameters, settings, training so far, and faults."""
    opened = open_project(folder, outside_data)
    inference = infer(opened.project.graph)
    layers = [_layer(opened.project, inference, key) for key in opened.project.graph.order]
    trainable, fixed = inference.parameter_count()
    problems = [problem.text for problem in check(opened.project, None, inference)]
    if as_json:
        training = opened.project.training.to_json()
        told: dict[str, Any] = {"project": str(folder), "layers": layers, "trainable": trainable, "fixed": fixed}
        source = opened.project.source
        told |= {"data": source.to_json() if source is not None else None, "training": training}
        show_json(told | {"trained": _progress(opened), "problems": problems})
        return
    rows = [[e["name"], e["type"], e["output"], f"{e['parameters']:,}", ", ".join(e["from"])] for e in layers]
    show_table(folder.name, ("Layer", "Type", "Output", "Parameters", "From"), rows, numbers=(3,))
    _remarks(opened, inference, problems)


def _layer(project: Project, inference: Inference, key: str) -> dict[str, Any]:
    node = project.graph.nodes[key]
    outputs = inference.outputs.get(key)
    kind = node.layer.key if not getattr(node.layer, "hidden", False) else node.layer.badge
    return {
        "name": node.name,
        "type": kind,
        "output": " and ".join(str(spec) for spec in outputs) if outputs else "?",
        "parameters": sum(inference.parameter_count(key)),
        "from": [project.graph.nodes[edge.source].name for edge in project.graph.into(key)],
    }


def _progress(opened: Opened) -> dict[str, Any] | None:
    state = opened.state
    if state is None:
        return None
    last = dict(state.history.epochs[-1]) if state.history.epochs else {}
    return {"epochs": state.epoch, "batches": state.batch, "updates": state.step, "last": last}


def _cost(project: Project, inference: Inference) -> str:
    found = estimate(project.graph, inference, project.training, kept_rates())
    memory = f"Memory while training: about {found.bytes / 1e6:,.1f} MB"
    if found.update is None:
        return f"{memory}. How long it takes is known after `python3 main.py bench --estimate`."
    return f"{memory}; an update: about {found.update * 1e3:,.2f} ms on this machine."


def _remarks(opened: Opened, inference: Inference, problems: list[str]) -> None:
    project = opened.project
    trainable, fixed = inference.parameter_count()
    tell(f"Parameters: {trainable:,} trained" + (f" and {fixed:,} others" if fixed else ""))
    tell(f"Data: {project.source.summary() if project.source is not None else 'none chosen'}")
    config = project.training
    tell(
        f"Training: {count(config.epochs, 'epoch')}, batches of {config.batch_size}, {config.optimizer.title}, "
        f"{config.loss.title}, seed {config.seed}"
    )
    state = _progress(opened)
    if state is None:
        tell("Not trained yet.")
    else:
        part = f" and {count(state['batches'], 'batch')}" if state["batches"] else ""
        done = f"{count(state['epochs'], 'epoch')}{part}, {count(state['updates'], 'update')}"
        tell(f"Trained: {done}. {figures(state['last'])}")
    if inference.outputs and not inference.errors:
        tell(_cost(project, inference))
    for text in problems:
        tell(f"Fault: {text}")

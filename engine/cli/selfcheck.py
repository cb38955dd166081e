"""``selfcheck``: every template, from new to evaluated, on this machine."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import Annotated, Any

import numpy as np
import typer

from engine.cli.new import known_template
from engine.cli.opening import AsJson, load_data, predictor
from engine.cli.output import figure, say, show_json, show_table, tell
from engine.data.split import Parts
from engine.exchange.export import Exported, export
from engine.exchange.importing.importer import import_model
from engine.exchange.packing import pack_project
from engine.exchange.targets import TARGETS
from engine.io import Opened, load_project, save_project
from engine.project import Project
from engine.templates import TEMPLATES
from engine.train.control import Control
from engine.train.events import Failed, Finished
from engine.train.predictor import Predictor
from engine.train.state import RunState
from engine.train.trainer import Trainer

EXAMPLES = (
    "python3 main.py selfcheck",
    "python3 main.py selfcheck --samples 200 --json",
    "python3 main.py selfcheck --template digits-dense --template topics-gru",
)


def selfcheck(
    samples: Annotated[int, typer.Option(min=10, help="Samples to train on.")] = 2000,
    template: Annotated[
        list[str] | None, typer.Option(metavar="TEMPLATE", help="Only this template; may be given several times.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make, train, save, open, judge and export a project from every template; exit 0 when all is well."""
    chosen = template or list(TEMPLATES)
    for name in chosen:
        known_template(name)
    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory(prefix="layerloom-check-") as place:
        for name in chosen:
            if not as_json:
                say(f"Checking {name} …")
            rows.append(_checked(name, Path(place) / f"{name}.loom", samples))
    good = all(row["fault"] is None for row in rows)
    if as_json:
        show_json({"ok": good, "templates": rows})
    else:
        _show(rows, good)
    if not good:
        raise typer.Exit(1)


def _show(rows: list[dict[str, Any]], good: bool) -> None:
    cells = []
    for row in rows:
        figures = [figure(row[name]) if row[name] is not None else "" for name in ("loss", "accuracy")]
        cells.append([row["template"], *figures, f"{row['seconds']:.1f} s", row["fault"] or "as it should be"])
    show_table("Self-check", ("Template", "Loss", "Accuracy", "Time", "Result"), cells, numbers=(1, 2, 3))
    tell("Everything works." if good else "Something does not work here: see the table.")


def _checked(name: str, folder: Path, samples: int) -> dict[str, Any]:
    began = perf_counter()
    found: dict[str, Any] = {"template": name, "loss": None, "accuracy": None, "fault": None}
    try:
        found |= _check(TEMPLATES[name].make, folder, samples)
    except Exception as error:
        # Whatever goes wrong is the result of this check, and the other templates are still tried.
        found["fault"] = f"{type(error).__name__}: {error}"
    return found | {"seconds": round(perf_counter() - began, 3)}


def _check(make: Callable[[], Project], folder: Path, samples: int) -> dict[str, Any]:
    project = make()
    save_project(folder, project, None)
    opened = load_project(folder)
    _expect(opened.project == project and not opened.problems, "the project changed by saving and opening")
    if project.source is None:
        return {}
    _, parts = load_data(opened.project, folder)
    parts = _first(parts, samples)
    state = _trained(project, parts)
    before = _judged(project, state, parts)
    save_project(folder, project, state)
    opened = load_project(folder)
    _expect(opened.state is not None and not opened.problems, "the weights did not come back")
    assert opened.state is not None
    after = _judged(opened.project, opened.state, parts)
    _expect(before == after, f"it judges differently after opening: {before} and {after}")
    _expect(bool(np.isfinite(list(after.values())).all()), "a figure is not finite")
    _give_and_take(opened, folder)
    return {"loss": after["loss"], "accuracy": after.get("accuracy")}


def _give_and_take(opened: Opened, folder: Path) -> None:
    """Every export is written and proved, and a Keras file is taken in again."""
    assert opened.state is not None
    dataset, _ = load_data(opened.project, folder)
    parcel = pack_project(folder.stem, opened.project, opened.state.graph, opened.state.weights, dataset)
    for target in TARGETS:
        if target.obstacles(parcel):
            continue  # a template may hold what a format cannot say; exporting it is refused with that sentence
        place = folder.with_name(f"{folder.stem}-{target.key}{target.suffix}")
        proofs = [event.proof for event in export(target, parcel, place) if isinstance(event, Exported)]
        _expect(len(proofs) == 1, f"the export to {target.title} did not end")
        if target.suffix == ".keras":
            taken = import_model(place)
            graph, weights = taken.project.graph, taken.state.weights if taken.state else {}
            answers = Predictor(graph, weights).predict(dict(zip(graph.inputs, parcel.samples.values(), strict=True)))
            for ours, theirs in zip(parcel.answers.values(), answers.values(), strict=True):
                _expect(np.allclose(ours, theirs, atol=1e-5), "a Keras file that was taken in answers differently")


def _first(parts: Parts, samples: int) -> Parts:
    return replace(
        parts,
        inputs={name: values[:samples] for name, values in parts.inputs.items()},
        targets={name: values[:samples] for name, values in parts.targets.items()},
    )


def _trained(project: Project, parts: Parts) -> RunState:
    for event in Trainer(project, parts, epochs=1).run(Control()):
        if isinstance(event, Failed):
            raise RuntimeError(event.problem.text)
        if isinstance(event, Finished):
            return event.state
    raise RuntimeError("training did not end")


def _judged(project: Project, state: RunState, parts: Parts) -> dict[str, float]:
    return predictor(project, state).evaluate(project, parts.val_inputs, parts.val_targets)


def _expect(fact: bool, otherwise: str) -> None:
    if not fact:
        raise RuntimeError(otherwise)

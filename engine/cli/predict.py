"""``predict``: what a trained project answers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import numpy as np
import numpy.typing as npt
import typer

from engine.cli.opening import AsJson, OutsideData, ProjectPath, load_data, open_project, predictor, trained
from engine.cli.output import count, say, show_json, show_table, tell
from engine.data.inputs import read_many
from engine.errors import LayerloomError
from engine.explain.answers import answers as answering
from engine.explain.answers import write_csv
from engine.io import Opened

MOST_BARS = 10


EXAMPLES = (
    "python3 main.py predict digits.loom seven.png --invert",
    "python3 main.py predict digits.loom samples.npy --json",
    "python3 main.py predict digits.loom pictures/ --csv answers.csv",
)


def predict(
    folder: ProjectPath,
    given: Annotated[
        Path,
        typer.Argument(metavar="INPUT", help="A .npy, .npz, IDX or picture file (png, jpg, bmp, gif), or a folder."),
    ],
    limit: Annotated[int, typer.Option(min=1, help="Rows of the table.")] = 20,
    invert: Annotated[bool, typer.Option("--invert", help="Swap dark and light: digits are white on black.")] = False,
    csv: Annotated[Path | None, typer.Option("--csv", help="Write all answers to this CSV file instead.")] = None,
    outside_data: OutsideData = False,
    as_json: AsJson = False,
) -> None:
    """Let a trained project answer for samples of your own."""
    opened = open_project(folder, outside_data)
    state = trained(opened, folder)
    network = predictor(opened.project, state)
    shapes = {key: network.inference.outputs[key][0].shape for key in state.graph.inputs}
    samples = read_many((given,), shapes, dict(opened.project.inputs), invert)
    names = _class_names(opened, folder)
    for note in samples.notes:
        if not as_json:
            say(f"Note: {note}")
    if csv is not None:
        done = 0
        for progress in write_csv(csv, answering(network, samples.inputs, names, names=samples.names)):
            done = progress.done
        written = {"project": str(folder), "input": str(given), "csv": str(csv), "samples": done}
        show_json(written) if as_json else tell(f"{count(done, 'sample')} answered; written to {csv}.")
        return
    answers = network.predict(samples.inputs)
    if as_json:
        show_json({"project": str(folder), "input": str(given), "outputs": _told(answers, names)})
        return
    for key, values in answers.items():
        _show(key, values, names, limit)


def _class_names(opened: Opened, folder: Path) -> tuple[str, ...]:
    """Names of the classes, where the data are at hand to tell them."""
    try:
        dataset, _ = load_data(opened.project, folder)
    except LayerloomError:
        return ()
    return next((field.classes for field in dataset.targets.values() if field.classes), ())


def _is_classes(values: npt.NDArray[Any]) -> bool:
    """Whether each row holds probabilities of classes: they add up to one."""
    if values.ndim != 2 or values.shape[1] < 2:
        return False
    return bool((values >= 0).all() and np.allclose(values.sum(axis=1), 1.0, atol=1e-3))


def _name(names: tuple[str, ...], place: int, width: int) -> str:
    return names[place] if len(names) == width else str(place)


def _told(answers: dict[str, npt.NDArray[Any]], names: tuple[str, ...]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, values in answers.items():
        found[key] = {"values": values.tolist()}
        if _is_classes(values):
            best = values.argmax(axis=1)
            found[key]["classes"] = [_name(names, int(n), values.shape[1]) for n in best]
            found[key]["probabilities"] = [float(values[row, n]) for row, n in enumerate(best)]
    return found


def _show(key: str, values: npt.NDArray[Any], names: tuple[str, ...], limit: int) -> None:
    title = key + (f" (the first {limit} of {len(values):,} samples)" if len(values) > limit else "")
    if not _is_classes(values):
        rows = [[str(n + 1), _row(row)] for n, row in enumerate(values[:limit])]
        show_table(title, ("Sample", "Answer"), rows, numbers=(0,))
        return
    rows = []
    for number, row in enumerate(values[:limit]):
        order = np.argsort(-row, kind="stable")[:3]
        told = [f"{_name(names, int(n), len(row))} ({row[n]:.1%})" for n in order]
        rows.append(
            [str(number + 1), _name(names, int(order[0]), len(row)), f"{row[order[0]]:.1%}", ", ".join(told[1:])]
        )
    show_table(title, ("Sample", "Class", "Probability", "Then"), rows, numbers=(0, 2))


def _row(row: npt.NDArray[Any]) -> str:
    flat = row.reshape(-1)
    shown = ", ".join(f"{n:.4g}" for n in flat[:MOST_BARS])
    return shown + (f", … ({flat.size} values)" if flat.size > MOST_BARS else "")

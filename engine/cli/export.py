"""``export``: gives a trained network away to other programs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from engine.cli.opening import AsJson, OutsideData, ProjectPath, load_data, open_project, trained
from engine.cli.output import say, show_json, tell
from engine.errors import LayerloomError, UsageError
from engine.exchange.export import Exported, Step
from engine.exchange.export import export as exporting
from engine.exchange.packing import pack_project
from engine.exchange.parcel import Parcel
from engine.exchange.target import Proof, Target
from engine.exchange.targets import TARGETS
from engine.io import Opened
from engine.train.state import RunState

EXAMPLES = (
    "python3 main.py export digits.loom digits.onnx",
    "python3 main.py export digits.loom digits-torch --to torch",
)
KEYS = ", ".join(f"{target.key} ({target.title})" for target in TARGETS)


def export(
    folder: ProjectPath,
    place: Annotated[Path, typer.Argument(metavar="OUT", help="The file or folder to write.")],
    to: Annotated[str, typer.Option("--to", help=f"One of {KEYS}; usually seen from the ending of OUT.")] = "",
    force: Annotated[bool, typer.Option("--force", help="Replace what is there.")] = False,
    outside_data: OutsideData = False,
    as_json: AsJson = False,
) -> None:
    """Write a trained network for another program, and show that it computes the same."""
    target = _target(to, place)
    if place.exists() and not force:
        raise UsageError(f"'{place}' exists already. Choose another name, or add --force to replace it.")
    if not place.absolute().parent.is_dir():
        raise UsageError(f"There is no folder '{place.parent}' to write in. Make it first, or choose another place.")
    opened = open_project(folder, outside_data)
    parcel = _parcel(opened, trained(opened, folder), folder)
    done: Exported | None = None
    for event in exporting(target, parcel, place):
        if isinstance(event, Step):
            say(f"{event.text} ...")
        else:
            done = event
    assert done is not None
    if as_json:
        show_json(_told(target, done))
        return
    for note in done.notes:
        say(f"Note: {note}")
    tell(f"{target.title} written to {done.place}. {done.proof.text}")


def _target(key: str, place: Path) -> Target:
    """The target that was named, or the one that the ending of a file belongs to."""
    if key:
        found = next((target for target in TARGETS if target.key == key), None)
    else:
        found = next((target for target in TARGETS if target.suffix and target.suffix == place.suffix), None)
    if found is None:
        said = f"'{key}' is no export" if key else f"The ending of '{place.name}' belongs to no export"
        raise UsageError(f"{said}. Choose one with --to: {KEYS}.")
    if found.suffix and place.suffix != found.suffix:
        raise UsageError(f"{found.title} is a file that ends in {found.suffix}; received '{place.name}'.")
    return found


def _parcel(opened: Opened, state: RunState, folder: Path) -> Parcel:
    """The trained network with real samples, where the data are at hand."""
    dataset = None
    try:
        dataset, _ = load_data(opened.project, folder)
    except LayerloomError as error:
        say(f"Note: The export is compared on made-up samples, because the data are not at hand. {error}")
    return pack_project(folder.stem, opened.project, state.graph, state.weights, dataset)


def _told(target: Target, done: Exported) -> dict[str, Any]:
    proved = isinstance(done.proof, Proof)
    return {
        "target": target.key,
        "place": str(done.place),
        "compared_by": done.proof.by if isinstance(done.proof, Proof) else None,
        "samples": done.proof.samples if isinstance(done.proof, Proof) else 0,
        "difference": done.proof.difference if isinstance(done.proof, Proof) else None,
        "reason": None if proved else done.proof.text,
        "notes": list(done.notes),
    }

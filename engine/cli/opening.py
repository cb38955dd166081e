"""Opening a project and its data for a command."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from engine.catalogue.sources.base import Dataset
from engine.check import check
from engine.cli.output import say
from engine.data.split import Parts, split
from engine.errors import DataError, UsageError
from engine.graph import Graph
from engine.io import Opened, load_project
from engine.project import Project
from engine.train.predictor import Predictor
from engine.train.state import RunState


def _project_folder(text: str) -> Path:
    """The folder meant by an argument; the ending .loom may be left out."""
    folder = Path(text)
    with_ending = folder.with_name(folder.name + ".loom") if folder.name else folder
    return with_ending if not folder.exists() and with_ending.is_dir() else folder


ProjectPath = Annotated[
    Path, typer.Argument(metavar="PROJECT", parser=_project_folder, help="The project's folder, NAME.loom.")
]
OutsideData = Annotated[
    bool, typer.Option("--outside-data", help="Read data files that lie outside the project's folder.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Write one line of JSON instead.")]


def open_project(folder: Path, outside_data: bool = False) -> Opened:
    """Read a project; remarks about it go to the error output.

    Raises:
        FileError: it cannot be read.
    """
    opened = load_project(folder)
    for problem in opened.problems:
        say(f"Note: {problem.text}")
    source = opened.project.source
    if source is not None and outside_data:
        return replace(opened, project=opened.project.with_source(source.confirmed()))
    return opened


def load_data(project: Project, folder: Path) -> tuple[Dataset, Parts]:
    """A project's data, whole and divided.

    Raises:
        DataError: there are none, or they lie outside the folder.
        FileError: they cannot be read.
    """
    source = project.source
    if source is None:
        raise DataError("The project has no data yet. Choose some in the window's Data panel.")
    if source.unconfirmed:
        raise DataError(
            f"The project's data '{source.unconfirmed[0]}' lie outside its folder. "
            "Add --outside-data if they may be read."
        )
    dataset = source.load(folder)
    return dataset, split(dataset, project.split)


def refuse_faults(project: Project, dataset: Dataset) -> None:
    """Stop at the first thing that prevents training.

    Raises:
        UsageError: with its sentence.
    """
    for problem in check(project, dataset):
        if problem.severity == "error":
            raise UsageError(problem.text)


def trained(opened: Opened, folder: Path) -> RunState:
    """The saved run.

    Raises:
        UsageError: there is none.
    """
    if opened.state is None:
        raise UsageError(f"'{folder.name}' is not trained yet. Train it first: python3 main.py train {folder}")
    if logic(opened.project.graph) != logic(opened.state.graph):
        say("Note: The network was edited after it was trained; this is about the trained one. Train it to catch up.")
    return opened.state


def logic(graph: Graph) -> tuple[object, ...]:
    """What a network computes, without places and labels."""
    return {key: node.layer for key, node in graph.nodes.items()}, graph.edges


def predictor(project: Project, state: RunState) -> Predictor:
    """The trained network as it was trained, whatever was edited since."""
    return Predictor(state.graph, state.weights, project.training.dtype)

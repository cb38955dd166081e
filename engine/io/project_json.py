"""``project.json``: what a project is, without its weights."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from engine.catalogue.losses.base import Loss
from engine.catalogue.metrics.base import Metric
from engine.catalogue.raw import RAW_LIMIT, raw_text
from engine.catalogue.sources.base import Source
from engine.catalogue.sources.missing import MissingSource
from engine.component import Component, parameters, resolved
from engine.errors import FileError, LayerloomError
from engine.io.graph_json import MOST_NODES, MOST_WIRES, graph_from_json, graph_to_json
from engine.io.section import Section
from engine.io.sketch_json import sketch_from_json, sketch_to_json
from engine.io.strict_json import dump, parse
from engine.project import OutputTarget, Project, Split, TrainConfig
from engine.registry import sources

FORMAT = "layerloom project"
VERSION = 1
T = TypeVar("T", bound=Component)
#: The lists of metrics that an output can have of its own, and how long they may be.
_FIGURES = ("metrics", "weighted_metrics")
MOST_METRICS = 32
WEIGHTS_NAME = re.compile(r"weights-[0-9a-f]{32}\.h5")


@dataclass(frozen=True)
class Manifest:
    """Which weights belong to the project.

    Attributes:
        file: name of the weights file in the same folder.
        sha256: digest of its bytes; the name holds the first half.
        size: number of its bytes.
    """

    file: str
    sha256: str
    size: int


@dataclass(frozen=True)
class ProjectFile:
    """What ``project.json`` says.

    Attributes:
        project: the project; paths of its data as they were written.
        weights: its weights, if it was trained.
        unknown: entries that this version does not know.
    """

    project: Project
    weights: Manifest | None = None
    unknown: tuple[str, ...] = ()


def project_to_json(project: Project, weights: Manifest | None, folder: Path) -> bytes:
    """The text of ``project.json``: what counts first, places on the canvas last."""
    logic, layout = graph_to_json(project.graph)
    source = project.source.written(folder) if project.source is not None else None
    found: dict[str, Any] = {"format": FORMAT, "version": VERSION} | logic
    if project.inputs:
        found["inputs"] = dict(project.inputs)
    if project.targets:
        found["targets"] = [_target_to_json(target) for target in project.targets]
    found["data"] = source.to_json() if source is not None else None
    found["split"] = _untyped(project.split)
    found["training"] = _untyped(project.training)
    found["weights"] = {"file": weights.file, "sha256": weights.sha256, "bytes": weights.size} if weights else None
    if sketch := sketch_to_json(project.sketch):
        found["sketch"] = sketch
    found["layout"] = layout
    return dump(found)


def _untyped(component: Component) -> dict[str, Any]:
    return {key: value for key, value in component.to_json().items() if key != "type"}


def _target_to_json(target: OutputTarget) -> dict[str, Any]:
    loss = target.loss.to_json() if target.loss is not None else None
    found: dict[str, Any] = {"node": target.node, "field": target.field, "loss": loss, "weight": target.weight}
    for name in _FIGURES:
        if (metrics := getattr(target, name)) is not None:
            found[name] = [metric.to_json() for metric in metrics]
    return found


def project_from_json(data: bytes, name: str = "project.json") -> ProjectFile:
    """What a ``project.json`` says.

    Raises:
        FileError: the text is damaged, breaks a rule, or comes from a newer version.
    """
    top = Section(parse(data, name), f"'{name}'")
    if top.text("format", "") != FORMAT:
        raise FileError(f"'{name}' is not a Layerloom project. Choose a folder whose name ends in .loom.")
    version = top.whole("version", low=1)
    if version > VERSION:
        raise FileError(
            f"This project was written by a newer Layerloom (version {version} of the format; "
            f"this one knows up to {VERSION}). Install the newest Layerloom to open it."
        )
    unknown: list[str] = []
    nodes, wires = top.items("nodes", MOST_NODES), top.items("wires", MOST_WIRES)
    graph = graph_from_json(nodes, wires, top.object("layout", {}), unknown)
    project = Project(
        graph=graph,
        training=_known(TrainConfig, top.object("training", {}), "training", unknown),
        source=_source(top.optional_object("data")),
        split=_known(Split, top.object("split", {}), "split", unknown),
        inputs=_inputs(top.object("inputs", {})),
        targets=tuple(_target(value, n, unknown) for n, value in enumerate(top.items("targets", MOST_NODES, []))),
        sketch=sketch_from_json(top.object("sketch", {}), unknown),
    )
    weights = _manifest(top.optional_object("weights"), unknown)
    return ProjectFile(project, weights, tuple(unknown + top.unknown()))


def _known(cls: type[T], values: dict[str, Any], where: str, unknown: list[str]) -> T:
    names = {parameter.name for parameter in parameters(cls)}
    unknown += [f"'{key[:60]}' in {where}" for key in values if key not in names]
    try:
        return cls(**{key: value for key, value in values.items() if key in names})
    except LayerloomError as error:
        raise FileError(f"{where}: {error}. Install the plug-in it comes from, or correct the file.") from None


def _source(value: dict[str, Any] | None) -> Source | None:
    if value is None:
        return None
    kind = value.get("type")
    if not isinstance(kind, str) or len(kind) > 200 or not kind.isprintable():
        raise FileError("data: the source names no type.")
    reason = ""
    if kind in sources and not getattr(sources.get(kind), "hidden", False):
        try:
            found = sources.get(kind)(**{key: item for key, item in value.items() if key != "type"})
            assert isinstance(found, Source)
            return found
        except (LayerloomError, TypeError) as error:
            reason = "".join(c for c in str(error) if c.isprintable())[:990]
            reason = reason if reason.endswith(".") else reason + "."
    raw = raw_text(value)
    if len(raw) > RAW_LIMIT:
        raise FileError(f"data: the source '{kind}' is not known here and too long to be kept.")
    return MissingSource(raw=raw, reason=reason)


def _inputs(values: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    for key, value in values.items():
        if not isinstance(value, str):
            raise FileError(f"inputs: the field for '{key}' must be a name.")
    return tuple(values.items())


def _target(value: Any, place: int, unknown: list[str]) -> OutputTarget:
    section = Section(value, f"targets[{place}]")
    loss = _loss(section.optional_object("loss"), section.where)
    weight = section.number("weight", 1.0)
    figures = [_metrics(section, name) for name in _FIGURES]
    target = OutputTarget(section.text("node"), section.text("field", ""), loss, weight, *figures)
    unknown += section.unknown()
    return target


def _metrics(section: Section, name: str) -> tuple[Metric, ...] | None:
    """The metrics of an output; ``None`` where the file lists none."""
    values = section.optional_items(name, MOST_METRICS)
    if values is None:
        return None
    try:
        found = tuple(resolved("metric", value) for value in values)
    except LayerloomError as error:
        raise FileError(f"{section.where}: {error}.") from None
    assert all(isinstance(metric, Metric) for metric in found)
    return found  # type: ignore[return-value]


def _loss(value: dict[str, Any] | None, where: str) -> Loss | None:
    if value is None:
        return None
    try:
        loss = resolved("loss", value)
    except LayerloomError as error:
        raise FileError(f"{where}: {error}.") from None
    assert isinstance(loss, Loss)
    return loss


def _manifest(value: dict[str, Any] | None, unknown: list[str]) -> Manifest | None:
    if value is None:
        return None
    section = Section(value, "weights")
    found = Manifest(section.text("file"), section.text("sha256"), section.whole("bytes"))
    if not WEIGHTS_NAME.fullmatch(found.file) or not found.sha256.startswith(found.file[8:40]):
        raise FileError(f"weights: {found.file[:60]!r} is not the name of a weights file in this folder.")
    if not re.fullmatch(r"[0-9a-f]{64}", found.sha256):
        raise FileError("weights: 'sha256' must be 64 hexadecimal digits.")
    unknown += section.unknown()
    return found

"""Copies of layers on the same canvas, as one undo step."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from PySide6.QtCore import QPointF

from designer.canvas.placing import pasted
from designer.model.document import Document
from designer.model.grouping import apart, with_folds_of
from designer.model.selection import Selection
from designer.text import tr
from engine.graph import Edge, Graph
from engine.project import Project
from engine.sketch import MOST_NOTES, Note, Sketch


def put(
    document: Document,
    selection: Selection,
    part: Graph,
    shift: QPointF,
    text: str,
    notes: Iterable[Note] = (),
    source: tuple[str, str] | None = None,
    fresh: bool = False,
) -> None:
    """Add layers with the wires among them and notes, and select them.

    Args:
        document: what is edited.
        selection: gets the copies.
        part: the layers, at the places of the originals.
        shift: how far from there the copies go.
        text: what the undo step is called.
        notes: likewise at the places of the originals; those beyond what a project holds are left out.
        source: the layer and output from which a wire goes to the only free entry of the copies, if they have one.
        fresh: whether their groups are groups of their own in any case.
    """
    project = document.project
    copied, part = part, apart(part, project.graph, always=fresh)
    graph, names = pasted(project.graph, part, shift, document.learnt)
    entry = entry_of(part) if source is not None else None
    if source is not None and entry is not None:
        graph = graph.connect(Edge(source[0], names[entry[0]], source[1], entry[1]))
    sketch, keys = _with_copies(project.sketch, notes, (shift.x(), shift.y()))
    document.edit(text, with_folds_of(copied, names, project.with_graph(graph).with_sketch(sketch)))
    edges = [Edge(names[e.source], names[e.target], e.source_port, e.target_port) for e in part.edges]
    selection.set(names.values(), edges, keys)


def _with_copies(sketch: Sketch, notes: Iterable[Note], delta: tuple[float, float]) -> tuple[Sketch, list[str]]:
    """With copies of notes, shifted, and their keys."""
    keys: list[str] = []
    for note in notes:
        if len(sketch.notes) < MOST_NOTES:
            keys.append(sketch.fresh_key())
            sketch = sketch.with_note(replace(note, key=keys[-1]))
    return sketch.moved(keys, delta), keys


def entry_of(part: Graph) -> tuple[str, str] | None:
    """The only layer and input of some layers that no wire leads to; ``None`` where there are none or several."""
    taken = {(edge.target, edge.target_port) for edge in part.edges}
    free = [
        (key, port.name)
        for key, node in part.nodes.items()
        for port in node.layer.inputs
        if not port.optional and (key, port.name) not in taken
    ]
    return free[0] if len(free) == 1 else None


def counted(part: Graph, notes: Sequence[Note] = ()) -> str:
    """What layers and notes are called together: the name of a single layer, else how many there are."""
    return _called([node.name for node in part.nodes.values()], len(notes))


def called(project: Project, nodes: Collection[str], notes: Collection[str]) -> str:
    """What layers and notes of a project are called together."""
    return _called([project.graph.nodes[key].name for key in nodes], len(notes))


def _called(names: Sequence[str], notes: int) -> str:
    layers = names[0] if len(names) == 1 else tr("{count} layers", count=len(names))
    sheets = tr("a note") if notes == 1 else tr("{count} notes", count=notes)
    if names and notes:
        return tr("{layers} and {notes}", layers=layers, notes=sheets)
    return sheets if notes else layers

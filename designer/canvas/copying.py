"""Copies of layers on the same canvas, as one undo step."""

from __future__ import annotations

from PySide6.QtCore import QPointF

from designer.canvas.placing import pasted
from designer.model.document import Document
from designer.model.grouping import apart
from designer.model.selection import Selection
from designer.text import tr
from engine.graph import Edge, Graph


def put(document: Document, selection: Selection, part: Graph, shift: QPointF, text: str) -> None:
    """Add layers with the wires among them, and select them.

    Args:
        document: what is edited.
        selection: gets the copies.
        part: the layers, at the places of the originals.
        shift: how far from there the copies go.
        text: what the undo step is called.
    """
    part = apart(part, document.project.graph)
    graph, names = pasted(document.project.graph, part, shift, document.learnt)
    document.edit(text, document.project.with_graph(graph))
    edges = [Edge(names[e.source], names[e.target], e.source_port, e.target_port) for e in part.edges]
    selection.set(names.values(), edges)


def counted(part: Graph) -> str:
    """What layers are called together: the name of a single one, else how many."""
    names = [node.name for node in part.nodes.values()]
    return names[0] if len(names) == 1 else tr("{count} layers", count=len(names))

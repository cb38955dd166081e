"""What stands in a frame and goes where it goes: pure questions about places."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QPointF, QRectF, QSizeF

from designer.canvas.geometry import NODE_HEIGHT, NODE_WIDTH
from engine.project import Project
from engine.sketch import Note

_HALF = QPointF(NODE_WIDTH / 2, NODE_HEIGHT / 2)


def place_of(note: Note) -> QRectF:
    """Where a note or a frame stands."""
    return QRectF(QPointF(*note.position), QSizeF(*note.size))


def carried(project: Project, nodes: Iterable[str], notes: Iterable[str]) -> tuple[frozenset[str], frozenset[str]]:
    """What moves when some layers and notes are moved: frames take along what stands in them.

    A layer and a note stand in a frame by their middle, another frame only whole: of two about the same middle the
    larger holds the smaller.

    Returns:
        Ids of nodes and keys of notes.
    """
    moved, taken = set(nodes), set(notes)
    left = [note for note in project.sketch.notes if note.frame and note.key in taken]
    while left:
        frame = left.pop()
        area = place_of(frame)
        moved.update(key for key, node in project.graph.nodes.items() if area.contains(QPointF(*node.position) + _HALF))
        inner = [note for note in project.sketch.notes if note.key not in taken and _stands_in(note, area)]
        taken.update(note.key for note in inner)
        left += [note for note in inner if note.frame]
    return frozenset(moved), frozenset(taken)


def _stands_in(note: Note, area: QRectF) -> bool:
    place = place_of(note)
    return area.contains(place) if note.frame else area.contains(place.center())

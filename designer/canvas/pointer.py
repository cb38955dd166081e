"""What a press begins and how the pointer looks, by what lies under it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, Qt

from designer.canvas.fix_gesture import FixGesture
from designer.canvas.folding import fold
from designer.canvas.gesture import Gesture, Stage
from designer.canvas.group_gesture import GroupGesture
from designer.canvas.move_gesture import MoveGesture
from designer.canvas.note_size_gesture import NoteSizeGesture
from designer.canvas.reconnect_gesture import ReconnectGesture
from designer.canvas.rubber_band_gesture import ADDING, RubberBandGesture
from designer.canvas.scene import Spot
from designer.canvas.wire_gesture import WireGesture
from designer.canvas.wiring import Anchor

Modifiers = Qt.KeyboardModifier


def gesture_for(stage: Stage, spot: Spot, at: QPointF, modifiers: Modifiers) -> Gesture | None:
    """The gesture that a press of the left button begins."""
    return _GESTURES[spot.kind](stage, spot, at, modifiers)


def cursor_for(spot: Spot) -> Qt.CursorShape:
    """The pointer's picture over something, while nothing is pressed."""
    if spot.kind == "wire" and spot.hit.end:
        return Qt.CursorShape.OpenHandCursor
    if spot.note and spot.hit.end:
        return Qt.CursorShape.SizeFDiagCursor
    return _CURSORS.get(spot.kind, Qt.CursorShape.ArrowCursor)


def _nothing(stage: Stage, spot: Spot, at: QPointF, modifiers: Modifiers) -> Gesture:
    return RubberBandGesture(stage, at)


def _node(stage: Stage, spot: Spot, at: QPointF, modifiers: Modifiers) -> Gesture:
    return MoveGesture(stage, at, spot.hit.node, modifiers)


def _output(stage: Stage, spot: Spot, at: QPointF, modifiers: Modifiers) -> Gesture:
    return WireGesture(stage, at, Anchor(spot.hit.node, spot.hit.port))


def _input(stage: Stage, spot: Spot, at: QPointF, modifiers: Modifiers) -> Gesture:
    """Take the wire that ends here, the nearest one of several; without one, start a wire backwards."""
    node, port = spot.hit.node, spot.hit.port
    entering = [e for e in stage.document.project.graph.into(node) if e.target_port == port]
    if not entering:
        return WireGesture(stage, at, Anchor(node, port, forward=False))
    nearest = min(entering, key=lambda edge: abs(stage.canvas.wires[edge].shape_value.end.x() - at.x()))
    return ReconnectGesture(stage, at, nearest, "target")


def _wire(stage: Stage, spot: Spot, at: QPointF, modifiers: Modifiers) -> Gesture | None:
    edge = spot.edge
    if edge is None:
        return None
    if spot.hit.end and not modifiers & ADDING:
        return ReconnectGesture(stage, at, edge, spot.hit.end)
    if modifiers & ADDING:
        stage.selection.toggle((), [edge])
    else:
        stage.selection.set((), [edge])
    return None


def _group(stage: Stage, spot: Spot, at: QPointF, modifiers: Modifiers) -> Gesture | None:
    return GroupGesture(stage, at, spot.group.nodes, modifiers) if spot.group is not None else None


def _note(stage: Stage, spot: Spot, at: QPointF, modifiers: Modifiers) -> Gesture:
    if spot.hit.end and not modifiers & ADDING:
        return NoteSizeGesture(stage, at, spot.note)
    return MoveGesture(stage, at, "", modifiers, spot.note)


def _fold(stage: Stage, spot: Spot, at: QPointF, modifiers: Modifiers) -> Gesture | None:
    if spot.group is not None:
        fold(stage.document, spot.group, folded=not spot.folded)
    return None


def _fix(stage: Stage, spot: Spot, at: QPointF, modifiers: Modifiers) -> Gesture:
    return FixGesture(stage, at, spot.hit.node)


_GESTURES: dict[str, Callable[[Stage, Spot, QPointF, Modifiers], Gesture | None]] = {
    "nothing": _nothing,
    "node": _node,
    "output": _output,
    "input": _input,
    "wire": _wire,
    "fix": _fix,
    "group": _group,
    "note": _note,
    "frame": _note,
    "fold": _fold,
}
_CURSORS = {
    "output": Qt.CursorShape.CrossCursor,
    "input": Qt.CursorShape.CrossCursor,
    "wire": Qt.CursorShape.PointingHandCursor,
    "fix": Qt.CursorShape.PointingHandCursor,
    "group": Qt.CursorShape.SizeAllCursor,
    "frame": Qt.CursorShape.SizeAllCursor,
    "fold": Qt.CursorShape.PointingHandCursor,
}

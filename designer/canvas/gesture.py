"""What a gesture is: one mouse or key interaction from press to release."""

from __future__ import annotations

from typing import ClassVar, Protocol

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QKeyEvent

from designer.canvas.scene import CanvasScene
from designer.canvas.wiring import Anchor
from designer.model.document import Document
from designer.model.selection import Selection

#: Pointer movements below this many pixels are still a click.
CLICK_REACH = 4.0


class Stage(Protocol):
    """What gestures need of the view."""

    document: Document
    selection: Selection
    canvas: CanvasScene

    @property
    def zoom(self) -> float:
        """Pixels for each canvas unit."""

    def say(self, text: str, at: QPointF | None = None) -> None:
        """Show a sentence near a point of the scene; an empty one takes it away."""

    def scroll(self, pixels: QPointF) -> None:
        """Move the picture under the window."""

    def finish(self) -> None:
        """End the current gesture (for those that end by a key)."""

    def offer_layers(self, at: QPointF, anchor: Anchor | None = None) -> None:
        """Let a layer be chosen that will stand at a point, at the end of a wire when one is given."""


class Gesture:
    """Base of the gestures; previews while it lasts, edits the document only at its end.

    The view calls ``move`` with scene coordinates, then exactly one of ``release`` and ``cancel``.

    Attributes:
        cursor: the pointer's picture while it lasts, or ``None`` for the usual one.
        held: whether letting go of a button of the canvas ends it.
    """

    cursor: ClassVar[Qt.CursorShape | None] = None
    held: ClassVar[bool] = True

    def __init__(self, stage: Stage, start: QPointF) -> None:
        self.stage = stage
        self.canvas = stage.canvas
        self.start = start

    def move(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """The pointer moved."""

    def release(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """The button was released: do it."""

    def cancel(self) -> None:
        """Leave everything as it was before."""

    def key(self, event: QKeyEvent) -> bool:
        """A key was pressed meanwhile; whether it was used."""
        return False

    def is_click(self, at: QPointF) -> bool:
        """Whether the pointer has hardly moved."""
        offset = (at - self.start) * self.stage.zoom
        return abs(offset.x()) + abs(offset.y()) < CLICK_REACH

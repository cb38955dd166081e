"""How far and where people looked in their projects, remembered beside the recent ones."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QObject, QPointF, QRectF

from designer.canvas.navigation import LARGEST, SMALLEST
from designer.canvas.scene import EXTENT
from designer.canvas.view import CanvasView
from designer.window.files import Files
from designer.window.settings import forget, list_setting, remember

#: Of so many projects the view is remembered, those left last.
PROJECTS = 40
_KEY = "views"


class Outlook(NamedTuple):
    """A view of a network.

    Attributes:
        zoom: pixels for each unit of the canvas.
        x, y: the point in the middle.
    """

    zoom: float
    x: float
    y: float


class Views(QObject):
    """Opens each project as it was left, and remembers how it is left.

    Args:
        files: tells which project is shown.
        canvas: where it is shown.
    """

    def __init__(self, files: Files, canvas: CanvasView) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._folder = files.folder
        files.folder_changed.connect(self._go_on)

    def show(self) -> None:
        """Show the project that was just opened as it was left, or from its top when that is not known."""
        found = outlook_of(self._folder) if self._folder is not None else None
        if found is None or not self._sees_something(found):
            self._canvas.show_network()
            return
        self._canvas.stand_at(found.zoom, QPointF(found.x, found.y))

    def keep(self) -> None:
        """Remember how the project is seen now, where it has a folder."""
        if self._folder is not None:
            middle = self._canvas.middle
            keep_outlook(self._folder, Outlook(self._canvas.zoom, middle.x(), middle.y()))

    def reset(self) -> None:
        """Forget all views, and show the network from its top."""
        forget_outlooks()
        self._canvas.show_network()

    def _go_on(self, folder: Path | None) -> None:
        """Another folder is the project's; what is seen is still the one before."""
        self.keep()
        self._folder = folder

    def _sees_something(self, found: Outlook) -> bool:
        area = self._canvas.viewport().size()
        seen = QRectF(0, 0, area.width() / found.zoom, area.height() / found.zoom)
        seen.moveCenter(QPointF(found.x, found.y))
        return seen.intersects(self._canvas.canvas.cards_rect)


def outlook_of(folder: Path) -> Outlook | None:
    """How a project was left; ``None`` where that is not known, or not to be believed."""
    return next((outlook for path, outlook in _kept() if path == str(folder)), None)


def keep_outlook(folder: Path, outlook: Outlook) -> None:
    """Remember how a project is left; the one left longest ago may be forgotten for it."""
    others = [(path, other) for path, other in _kept() if path != str(folder)]
    lines = [json.dumps([path, *kept]) for path, kept in [(str(folder), outlook), *others][:PROJECTS]]
    remember(_KEY, lines)


def forget_outlooks() -> None:
    """Forget how projects were left."""
    forget(_KEY)


def _kept() -> list[tuple[str, Outlook]]:
    """All that is remembered, newest first; damaged entries are passed over."""
    return [found for found in map(_read, list_setting(_KEY)) if found is not None]


def _read(line: str) -> tuple[str, Outlook] | None:
    try:
        path, *figures = json.loads(line)
        zoom, x, y = map(float, figures)
    except (ValueError, TypeError, OverflowError, RecursionError):
        return None
    sound = SMALLEST <= zoom <= LARGEST and math.hypot(x, y) <= EXTENT  # false for what is no number
    return (path, Outlook(zoom, x, y)) if sound and isinstance(path, str) else None

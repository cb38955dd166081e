"""The drawing area of a plot: axes, box, marks, and who decides what range is shown."""

from __future__ import annotations

from collections.abc import Sequence

import pyqtgraph as pg
from PySide6.QtCore import QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QKeyEvent
from PySide6.QtWidgets import QGraphicsGridLayout, QWidget

from designer.plots.axis import ScaleAxis
from designer.plots.mark import Mark
from designer.plots.strokes import Stroke
from designer.plots.view import Line, calm_range, heights
from designer.plots.view_box import CurveBox
from designer.theme import current_theme

#: Kind of marks by axis of the run.
KINDS = {"updates": "whole", "epochs": "number", "time": "time"}
_STEP = 0.15


class PlotCanvas(pg.GraphicsView):
    """Axes and curves. The range follows the run until somebody zooms or moves it.

    Attributes:
        following_changed: emitted with a bool when the range begins or ceases to follow.
        moved: emitted when the range was changed by hand.
        pointed: emitted with the pointer's place in the box (or ``None`` when it leaves).
        menu_wanted: emitted with a global position.
    """

    following_changed = Signal(bool)
    moved = Signal()
    pointed = Signal(object)
    menu_wanted = Signal(QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, useOpenGL=False)
        self.follows_across = self.follows_upwards = True
        self.box = CurveBox()
        self.left = ScaleAxis("left")
        self.bottom = ScaleAxis("bottom")
        self._frame = pg.GraphicsWidget()
        layout = QGraphicsGridLayout()
        layout.setContentsMargins(0, 4, 10, 0)
        layout.setSpacing(0)
        layout.addItem(self.left, 0, 0)
        layout.addItem(self.box, 0, 1)
        layout.addItem(self.bottom, 1, 1)
        self._frame.setLayout(layout)
        self.setCentralItem(self._frame)
        for axis in (self.left, self.bottom):
            axis.linkToView(self.box)
            # Marks lie under the curves.
            axis.setZValue(-1000)
        self.left.setGrid(255)
        self.best = Mark(self.box, 20)
        self.pointer = Mark(self.box, 50)
        self.box.touched.connect(self._touched)
        self.box.released.connect(self.follow)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.viewport().setMouseTracking(True)
        self.dress()

    def dress(self) -> None:
        """Take the colours of the current theme."""
        theme = current_theme()
        self.setBackground(QColor(theme.surface))
        self.left.dress()
        self.bottom.dress()
        self.best.dress(theme.success, Qt.PenStyle.DashLine)
        self.pointer.dress(theme.muted, Qt.PenStyle.SolidLine)

    def stroke(self, level: float) -> Stroke:
        """A new curve."""
        return Stroke(self.box, level)

    # -- the range ------------------------------------------------------------------------------------

    @property
    def is_following(self) -> bool:
        """Whether the whole run is shown, as it grows."""
        return self.follows_across and self.follows_upwards

    def follow(self) -> None:
        """Show the whole run again."""
        changed = not self.is_following
        self.follows_across = self.follows_upwards = True
        if changed:
            self.following_changed.emit(True)
        self.moved.emit()

    def _touched(self, upwards: bool) -> None:
        changed = self.is_following
        self.follows_across = False
        self.follows_upwards = self.follows_upwards and not upwards
        if changed:
            self.following_changed.emit(False)
        self.moved.emit()

    def across(self) -> tuple[float, float]:
        """First and last position shown."""
        (low, high), _ = self.box.viewRange()
        return low, high

    def fit_across(self, ends: tuple[float, float] | None) -> None:
        """Show the run's whole extent, if the range follows."""
        if self.follows_across and ends is not None:
            low, high = ends
            now = self.across()
            span = max(high - low, 1e-6)
            # Room is made in steps, so that the marks stand still most of the time.
            if not (low == now[0] and high <= now[1] <= low + span * 1.12):
                self.box.setXRange(low, low + span * 1.06, padding=0)

    def fit_upwards(self, lines: Sequence[Line], rough: Sequence[Line]) -> None:
        """Show the height of curves, if the range follows."""
        ends = heights(lines, rough) if self.follows_upwards else None
        if ends is not None:
            _, now = self.box.viewRange()
            low, high = calm_range(*ends, (now[0], now[1]), 0.06)
            if (low, high) != (now[0], now[1]):
                self.box.setYRange(low, high, padding=0)

    def height_shown(self) -> float:
        """Height of the box, in values."""
        _, (low, high) = self.box.viewRange()
        return float(high - low)

    def pixels(self) -> int:
        """Width of the box (px)."""
        return max(int(self.box.width()), 1)

    # -- mouse and keys ---------------------------------------------------------------------------------

    def mouseMoveEvent(self, event: object) -> None:
        """Tell where the pointer is, and let pyqtgraph drag."""
        super().mouseMoveEvent(event)
        place = self.mapToScene(event.position().toPoint())  # type: ignore[attr-defined]
        self.pointed.emit(place if self.box.sceneBoundingRect().contains(place) else None)

    def leaveEvent(self, event: object) -> None:
        """The pointer went away."""
        super().leaveEvent(event)
        self.pointed.emit(None)

    def position(self, place: QPointF) -> float:
        """Position on the lower axis under a place of the scene."""
        return float(self.box.mapSceneToView(place).x())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the menu."""
        self.menu_wanted.emit(event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move and zoom; Home shows everything."""
        key, keys = event.key(), Qt.Key
        low, high = self.across()
        step = _STEP * (high - low)
        moves = {
            keys.Key_Left: (-step, -step),
            keys.Key_Right: (step, step),
            keys.Key_Up: (step, -step),
            keys.Key_Down: (-step, step),
        }
        if key == keys.Key_Home:
            self.follow()
        elif key in moves:
            self.box.setXRange(low + moves[key][0], high + moves[key][1], padding=0)
            self._touched(upwards=False)
        else:
            super().keyPressEvent(event)

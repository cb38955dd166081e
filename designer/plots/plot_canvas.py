"""The drawing area of a plot: what range is shown, and who decides it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent, QMouseEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from designer.plots.drawing import Drawing
from designer.plots.mark import Mark
from designer.plots.scales import BELOW, LEFT
from designer.plots.strokes import Frame, Stroke
from designer.plots.view import Line, calm_range, heights

#: Share of the range that an arrow key moves, and what one notch of the wheel leaves of it.
_STEP, _NOTCH = 0.15, 0.8


class PlotCanvas(QWidget):
    """Scales and curves. The range follows the run until somebody zooms or moves it.

    The wheel zooms across, with Ctrl or over the left scale upwards; dragging moves; a double click follows again.

    Attributes:
        following_changed: emitted with a bool when the range begins or ceases to follow.
        moved: emitted when the range was changed by hand.
        pointed: emitted with the pointer's place, or ``None`` when it leaves the plot.
        menu_wanted: emitted with a global position.
        strokes: the curves, those above last.
        best, pointer: marks, or ``None``.
        kinds: kinds of the lower and the left scale.
        has_scales: whether scales, curves and marks are shown.

    What was changed among the latter four shows with the next ``refresh``.
    """

    following_changed = Signal(bool)
    moved = Signal()
    pointed = Signal(object)
    menu_wanted = Signal(QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.follows_across = self.follows_upwards = True
        self._drawing = Drawing(self)
        self.strokes: list[Stroke] = []
        self.best: Mark | None = None
        self.pointer: Mark | None = None
        self.kinds = ("whole", "number")
        self.has_scales = False
        self._across = (0.0, 1.0)
        self._upwards = (0.0, 1.0)
        self._grip: QPointF | None = None
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)

    # -- the range ------------------------------------------------------------------------------------

    @property
    def is_following(self) -> bool:
        """Whether the whole run is shown, as it grows."""
        return self.follows_across and self.follows_upwards

    @property
    def across(self) -> tuple[float, float]:
        """First and last position shown."""
        return self._across

    @property
    def upwards(self) -> tuple[float, float]:
        """Lowest and highest value shown."""
        return self._upwards

    def frame(self) -> Frame:
        """Where values lie on the screen."""
        area = QRectF(LEFT, 5, max(self.width() - LEFT - 10, 1), max(self.height() - BELOW - 5, 1))
        return Frame(area, self._across, self._upwards)

    def follow(self) -> None:
        """Show the whole run again."""
        changed = not self.is_following
        self.follows_across = self.follows_upwards = True
        if changed:
            self.following_changed.emit(True)
        self.moved.emit()

    def show_range(self, across: tuple[float, float], upwards: tuple[float, float] | None = None) -> None:
        """Show a range chosen by hand; without ``upwards``, the height goes on fitting what is seen."""
        changed = self.is_following
        self.follows_across = False
        if _is_range(across):
            self._across = across
        if upwards is not None and _is_range(upwards):
            self._upwards = upwards
            self.follows_upwards = False
        if changed:
            self.following_changed.emit(False)
        self.refresh()
        self.moved.emit()

    def fit_across(self, ends: tuple[float, float] | None) -> None:
        """Show the run's whole extent, if the range follows."""
        if not self.follows_across or ends is None:
            return
        low, high = ends
        span = max(high - low, 1e-6)
        # Room is made in steps, so that the marks stand still most of the time.
        if not (low == self._across[0] and high <= self._across[1] <= low + span * 1.12):
            self._across = (low, low + span * 1.06)

    def fit_upwards(self, lines: Sequence[Line], rough: Sequence[Line]) -> None:
        """Show the height of curves, if the range follows."""
        ends = heights(lines, rough) if self.follows_upwards else None
        if ends is not None:
            self._upwards = calm_range(*ends, self._upwards, 0.06)

    def pixels(self) -> int:
        """Width of the plot (px)."""
        return max(int(self.width() - LEFT - 10), 1)

    # -- what is shown ----------------------------------------------------------------------------------

    def stroke(self) -> Stroke:
        """A new curve above those before."""
        made = Stroke(self._drawing.box, len(self.strokes))
        self.strokes.append(made)
        return made

    def dress(self) -> None:
        """Take the colours of the current theme."""
        self._drawing.dress()

    def take_spent(self) -> float:
        """Processor time that painting took since this was asked last (s)."""
        return self._drawing.take_spent()

    def refresh(self) -> None:
        """Bring what is on the screen up to date."""
        frame = self.frame()
        self._drawing.show_scales(self.has_scales)
        self._drawing.show_range(frame, self.kinds, self.strokes)
        if self.has_scales:
            for stroke in self.strokes:
                stroke.draw(frame)
        self.refresh_marks()

    def refresh_marks(self) -> None:
        """Bring the marks alone up to date."""
        best, pointer = (self.best, self.pointer) if self.has_scales else (None, None)
        self._drawing.overlay.show_marks(QRectF(self.rect()), self.frame(), best, pointer)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Use the new room."""
        super().resizeEvent(event)
        self._drawing.setGeometry(self.rect())
        self.refresh()

    # -- mouse and keys ---------------------------------------------------------------------------------

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom around the pointer."""
        frame, place = self.frame(), event.position()
        left = _NOTCH ** (event.angleDelta().y() / 120)
        upwards = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier) or place.x() < frame.area.left()
        if upwards:
            share = (frame.area.bottom() - place.y()) / frame.area.height()
            self.show_range(self._across, _zoomed(self._upwards, share, left))
        else:
            self.show_range(_zoomed(self._across, (place.x() - frame.area.left()) / frame.area.width(), left))
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the plot."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._grip = event.position()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move what is held, or tell where the pointer is."""
        place, frame = event.position(), self.frame()
        if self._grip is not None and event.buttons() & Qt.MouseButton.LeftButton:
            moved = place - self._grip
            self._grip = place
            right = -moved.x() / frame.area.width() * (self._across[1] - self._across[0])
            up = moved.y() / frame.area.height() * (self._upwards[1] - self._upwards[0])
            self.show_range(_shifted(self._across, right), _shifted(self._upwards, up) if up else None)
        self.pointed.emit(place if frame.area.contains(place) else None)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        self._grip = None
        self.unsetCursor()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Show everything again."""
        self.follow()

    def leaveEvent(self, event: QEvent) -> None:
        """The pointer went away."""
        super().leaveEvent(event)
        self.pointed.emit(None)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the menu."""
        self.menu_wanted.emit(event.globalPos())

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show that keys work here."""
        super().focusInEvent(event)
        self._drawing.overlay.set_focused(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Keys work elsewhere now."""
        super().focusOutEvent(event)
        self._drawing.overlay.set_focused(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move and zoom; Home shows everything."""
        key, keys = event.key(), Qt.Key
        step = _STEP * (self._across[1] - self._across[0])
        moves = {
            keys.Key_Left: (-step, -step),
            keys.Key_Right: (step, step),
            keys.Key_Up: (step, -step),
            keys.Key_Down: (-step, step),
        }
        if key == keys.Key_Home:
            self.follow()
        elif key in moves:
            left, right = moves[keys(key)]
            self.show_range((self._across[0] + left, self._across[1] + right))
        else:
            super().keyPressEvent(event)


def _zoomed(ends: tuple[float, float], share: float, left: float) -> tuple[float, float]:
    """A range of which so much is left, around a point at a share of it."""
    centre = ends[0] + share * (ends[1] - ends[0])
    return centre + (ends[0] - centre) * left, centre + (ends[1] - centre) * left


def _shifted(ends: tuple[float, float], by: float) -> tuple[float, float]:
    return ends[0] + by, ends[1] + by


def _is_range(ends: tuple[float, float]) -> bool:
    """Whether numbers between two ends can still be told apart, so that zooming has a limit."""
    low, high = ends
    return 1e-9 * max(abs(low), abs(high), 1e-3) < high - low < 1e15

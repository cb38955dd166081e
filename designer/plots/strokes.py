"""How curves are drawn: one pyqtgraph item for each, fed with points thinned to the pixels there are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from designer.plots.view import EMPTY, Line
from designer.training.decimate import Numbers

#: Beyond so many points a wide or antialiased line would cost more than a frame has,
FEW = 800
#: and so would one that goes up and down more than so many heights of the plot.
CALM = 8.0
#: Up to so many points are dots as well.
DOTTED = 40
_DOT = 5.0


@dataclass(frozen=True)
class Look:
    """How a curve is drawn.

    Attributes:
        color: ``#rrggbb``.
        alpha: 0 to 1.
        width: in pixels, for curves of few points; long ones are one pixel wide.
        dots: whether single points show.
    """

    color: str
    alpha: float = 1.0
    width: float = 1.8
    dots: bool = False

    def pen(self, width: float) -> QPen:
        """A pen whose width does not change with the range."""
        ink = QColor(self.color)
        ink.setAlphaF(self.alpha)
        pen = QPen(ink, width)
        pen.setCosmetic(True)
        # Round joins look the same at this width and cost twice as much.
        pen.setJoinStyle(Qt.PenJoinStyle.BevelJoin)
        return pen


@dataclass(frozen=True)
class Frame:
    """Where values lie on the screen.

    Attributes:
        area: the rectangle of the plot, in pixels.
        across: first and last position.
        upwards: lowest and highest value.
    """

    area: QRectF
    across: tuple[float, float]
    upwards: tuple[float, float]

    @property
    def step(self) -> tuple[float, float]:
        """How much a pixel is, across and upwards."""
        across, upwards = self.across[1] - self.across[0], self.upwards[1] - self.upwards[0]
        return across / max(self.area.width(), 1.0), upwards / max(self.area.height(), 1.0)

    def x(self, positions: Numbers) -> Numbers:
        """Pixels of positions."""
        return self.area.left() + (positions - self.across[0]) / self.step[0]

    def position(self, pixel: float) -> float:
        """The position at a pixel."""
        return self.across[0] + (pixel - self.area.left()) * self.step[0]

    def widened(self, left: float, top: float, right: float, bottom: float) -> Frame:
        """The same with so many pixels more at each side."""
        across, upwards = self.step
        return Frame(
            self.area.adjusted(-left, -top, right, bottom),
            (self.across[0] - left * across, self.across[1] + right * across),
            (self.upwards[0] - bottom * upwards, self.upwards[1] + top * upwards),
        )


class Curve(pg.PlotCurveItem):  # type: ignore[misc]
    """A curve whose bounds are what is shown, so that none are sought among its points."""

    def __init__(self) -> None:
        self._reach = QRectF()
        self._dots: tuple[QPolygonF, QPen] | None = None
        super().__init__(pen=None)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)

    def set_reach(self, frame: Frame) -> None:
        """Tell what is shown."""
        (left, right), (low, high) = frame.across, frame.upwards
        self.prepareGeometryChange()
        self._reach = QRectF(left, low, right - left, high - low)

    def set_dots(self, x: Numbers, y: Numbers, pen: QPen | None) -> None:
        """Show points; without a pen, none."""
        self._dots = None
        if pen is not None:
            points = pg.functions.create_qpolygonf(len(x))
            pg.functions.ndarray_from_qpolygonf(points)[:] = np.column_stack([x, y])
            self._dots = points, pen

    def boundingRect(self) -> QRectF:
        """What is shown; asked for by Qt."""
        return self._reach

    def paint(self, painter: QPainter, option: Any, widget: Any) -> None:
        """Draw the line, and dots on it."""
        super().paint(painter, option, widget)
        if self._dots is not None:
            points, pen = self._dots
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
            painter.setPen(pen)
            painter.drawPoints(points)


class Stroke:
    """One curve of a plot: its points and its look.

    Args:
        box: where it is shown.
        level: those of higher levels lie above.
    """

    def __init__(self, box: pg.ViewBox, level: float) -> None:
        self.look = Look("#000000")
        self.line = EMPTY
        self.item = Curve()
        self.item.setZValue(level)
        self._drawn: tuple[Line, Look, Frame] | None = None
        self._dress: tuple[Look, bool] | None = None
        self.item.hide()
        box.addItem(self.item, ignoreBounds=True)

    def draw(self, frame: Frame) -> None:
        """Bring what is on the screen up to date; values that cannot be drawn are gaps."""
        line, look = self.line, self.look
        drawn, self._drawn = self._drawn, (line, look, frame)
        if drawn is not None and drawn[0] is line and drawn[1:] == (look, frame):
            return
        if bool(len(line)) != self.item.isVisible():
            self.item.setVisible(bool(len(line)))
        if not len(line):
            return
        x, y = trimmed(line, frame)
        travelled = np.nansum(np.abs(np.diff(y)))
        is_fine = len(x) <= FEW and bool(travelled <= CALM * (frame.upwards[1] - frame.upwards[0]))
        dotted = len(x) <= DOTTED and (look.dots or len(x) == 1)
        self.item.set_dots(x, y, self._dot_pen() if dotted else None)
        # A pen that stays is not set again, for that is half the price of new points.
        dress = (look, is_fine)
        pen = {} if dress == self._dress else {"pen": look.pen(look.width if is_fine else 1.0)}
        self._dress = dress
        connect, trusted = ("finite", False) if line.has_gaps else ("all", True)
        self.item.setData(x, y, antialias=is_fine, connect=connect, skipFiniteCheck=trusted, **pen)

    def _dot_pen(self) -> QPen:
        pen = self.look.pen(_DOT)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        return pen


def trimmed(line: Line, frame: Frame) -> tuple[Numbers, Numbers]:
    """The same curve with its ends at the edges, for Qt draws nothing of lines to points millions of pixels away."""
    x, y = line.x.copy(), line.y.copy()
    across, upwards = frame.step
    if len(x) > 1:
        for end, inner, edge in ((0, 1, frame.across[0] - across), (-1, -2, frame.across[1] + across)):
            beyond = x[end] < edge if end == 0 else x[end] > edge
            if beyond and x[inner] != x[end]:
                y[end] += (y[inner] - y[end]) * (edge - x[end]) / (x[inner] - x[end])
                x[end] = edge
    if line.has_gaps:
        y[~np.isfinite(y)] = np.nan
    return x, np.clip(y, frame.upwards[0] - 1e4 * upwards, frame.upwards[1] + 1e4 * upwards)

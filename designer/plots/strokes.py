"""How curves are painted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import shiboken6
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from designer.plots.view import EMPTY, Line
from designer.training.decimate import Numbers

#: Beyond so many points a wide or antialiased line would cost more than a frame has,
FEW = 800
#: and so would one that goes up and down more than so many heights of the plot.
CALM = 8.0
#: Up to so many points are dots as well.
DOTTED = 40
_DOT = 2.5


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

    def ink(self) -> QColor:
        """The colour with its transparency."""
        ink = QColor(self.color)
        ink.setAlphaF(self.alpha)
        return ink


@dataclass
class Stroke:
    """One curve of a plot: its points and its look."""

    look: Look = field(default_factory=lambda: Look("#000000"))
    line: Line = EMPTY


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

    def x(self, positions: Numbers) -> Numbers:
        """Pixels of positions."""
        low, high = self.across
        return self.area.left() + (positions - low) * (self.area.width() / (high - low))

    def y(self, values: Numbers) -> Numbers:
        """Pixels of values."""
        low, high = self.upwards
        return self.area.bottom() - (values - low) * (self.area.height() / (high - low))

    def position(self, pixel: float) -> float:
        """The position at a pixel."""
        low, high = self.across
        return low + (pixel - self.area.left()) * (high - low) / max(self.area.width(), 1.0)


def paint(painter: QPainter, stroke: Stroke, frame: Frame) -> None:
    """Paint a curve; values that cannot be drawn are gaps."""
    line = stroke.line
    if not len(line):
        return
    x, y = _trimmed(frame.x(line.x), frame.y(line.y), frame.area)
    is_fine = len(x) <= FEW and bool(np.nansum(np.abs(np.diff(y))) <= CALM * frame.area.height())
    pen = QPen(stroke.look.ink(), stroke.look.width if is_fine else 1.0)
    # Round joins look the same at this width and cost twice as much.
    pen.setJoinStyle(Qt.PenJoinStyle.BevelJoin)
    painter.setPen(pen)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, is_fine)
    for start, stop in pieces(y) if line.has_gaps else ((0, len(y)),):
        if stop - start > 1:
            painter.drawPolyline(polygon(x[start:stop], y[start:stop]))
    if len(x) <= DOTTED and (stroke.look.dots or len(x) == 1):
        _paint_dots(painter, stroke.look, x, y)


def _paint_dots(painter: QPainter, look: Look, x: Numbers, y: Numbers) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.ink())
    for across, down in zip(x.tolist(), y.tolist(), strict=True):
        if np.isfinite(down):
            painter.drawEllipse(QPointF(across, down), _DOT, _DOT)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _trimmed(x: Numbers, y: Numbers, area: QRectF) -> tuple[Numbers, Numbers]:
    """The same curve with its ends at the edges, for Qt draws nothing of lines to points millions of pixels away."""
    x, y = x.copy(), y.copy()
    if len(x) > 1:
        for end, inner, edge in ((0, 1, area.left() - 1), (-1, -2, area.right() + 1)):
            beyond = x[end] < edge if end == 0 else x[end] > edge
            if beyond and x[inner] != x[end]:
                y[end] += (y[inner] - y[end]) * (edge - x[end]) / (x[inner] - x[end])
                x[end] = edge
    return x, np.clip(y, area.top() - 1e4, area.bottom() + 1e4)


def pieces(values: Numbers) -> Iterator[tuple[int, int]]:
    """Start and stop of every run of drawable values."""
    finite = np.concatenate([[False], np.isfinite(values), [False]])
    edges = np.flatnonzero(finite[1:] != finite[:-1])
    yield from zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)


def polygon(x: Numbers, y: Numbers) -> QPolygonF:
    """Points as Qt wants them, without a Python object for each."""
    made = QPolygonF()
    made.resize(len(x))
    memory = shiboken6.VoidPtr(made.data(), 16 * len(x), True)
    points = np.frombuffer(memory, np.float64).reshape(-1, 2)
    points[:, 0] = x
    points[:, 1] = y
    return made

"""The curves of a plot as graphics: one path each, with dots where points are few."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPen

from designer.plots.view import EMPTY, Line

#: Beyond so many points a wide or antialiased line would cost more than a frame has,
FEW = 800
#: and so would one that goes up and down more than so many heights of the plot.
CALM = 8.0
#: Up to so many points are dots as well.
DOTTED = 40


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


class Stroke:
    """One curve on a plot.

    Args:
        box: where it is shown.
        level: strokes of higher levels lie above.
    """

    def __init__(self, box: pg.ViewBox, level: float) -> None:
        self.line: Line = EMPTY
        self._look = Look("#000000")
        self._path = pg.PlotCurveItem()
        self._dots = pg.ScatterPlotItem(size=5, pen=None, pxMode=True)
        for item in (self._path, self._dots):
            item.setZValue(level)
            box.addItem(item, ignoreBounds=True)
            item.hide()

    def set_look(self, look: Look) -> None:
        """Change colour and width; shows with the next ``show``."""
        self._look = look

    def show(self, line: Line, height: float) -> None:
        """Draw points instead of those before; an empty line hides the curve.

        Args:
            line: the points.
            height: of the plot, in values.
        """
        self.line = line
        self._path.setVisible(len(line) > 1)
        if len(line) > 1:
            is_fine = self._is_fine(height)
            self._path.setData(
                line.x,
                line.y,
                pen=self._pen(is_fine),
                antialias=is_fine,
                connect="finite" if line.has_gaps else "all",
                skipFiniteCheck=not line.has_gaps,
            )
        dotted = 0 < len(line) <= DOTTED and (self._look.dots or len(line) == 1)
        self._dots.setVisible(dotted)
        if dotted:
            self._dots.setData(x=line.x, y=line.y, brush=self._look.ink())

    def _is_fine(self, height: float) -> bool:
        """Whether the curve is short enough to be drawn wide and smooth."""
        if len(self.line) > FEW:
            return False
        return bool(np.nansum(np.abs(np.diff(self.line.y))) <= CALM * height)

    def _pen(self, is_fine: bool) -> QPen:
        pen = QPen(self._look.ink(), self._look.width if is_fine else 1.0)
        pen.setCosmetic(True)
        # Round joins look the same at this width and cost twice as much.
        pen.setJoinStyle(Qt.PenJoinStyle.BevelJoin)
        return pen

"""A drawing as its strokes: each can be taken back, and all are drawn anew."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

#: Longer side of the drawing (pixels); it is made smaller for the network.
SIDE = 224
MOST_STROKES = 500


@dataclass
class Stroke:
    """One line from press to release.

    Attributes:
        width: of the brush, in pixels of the drawing.
        erases: whether it takes away.
        points: in pixels of the drawing.
    """

    width: float
    erases: bool
    points: list[QPointF] = field(default_factory=list)


class Drawing:
    """White strokes with soft edges on black.

    Args:
        height: of the network's picture.
        width: of the network's picture.
    """

    def __init__(self, height: int = 28, width: int = 28) -> None:
        scale = SIDE / max(height, width)
        self.image = QImage(
            max(8, round(width * scale)), max(8, round(height * scale)), QImage.Format.Format_Grayscale8
        )
        self.image.fill(0)
        self.strokes: list[Stroke] = []

    @property
    def is_empty(self) -> bool:
        """Whether nothing can be seen of what was drawn."""
        return not self.strokes or not self.pixels().any()

    def begin(self, point: QPointF, width: float, erases: bool) -> None:
        """Put the brush down."""
        if len(self.strokes) < MOST_STROKES:
            self.strokes.append(Stroke(width, erases, [point]))
            self._draw(self.strokes[-1], 0)

    def go_on(self, point: QPointF) -> None:
        """Move the brush."""
        if self.strokes:
            stroke = self.strokes[-1]
            stroke.points.append(point)
            self._draw(stroke, len(stroke.points) - 1)

    def undo(self) -> None:
        """Take the last stroke back."""
        if self.strokes:
            self.strokes.pop()
            self.image.fill(0)
            # Piece by piece, as it was drawn, so that the picture before comes back exactly.
            for stroke in self.strokes:
                for place in range(len(stroke.points)):
                    self._draw(stroke, place)

    def clear(self) -> None:
        """Begin with an empty picture."""
        self.strokes = []
        self.image.fill(0)

    def pixels(self) -> npt.NDArray[np.uint8]:
        """The drawing, (height, width), 0 black to 255 white."""
        image = self.image
        rows: Any = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
        return rows[:, : image.width()].copy()

    def _draw(self, stroke: Stroke, place: int) -> None:
        """Draw a stroke's piece that ends at one of its points: a firm line with a soft border around it."""
        painter = QPainter(self.image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        start, end = stroke.points[max(0, place - 1)], stroke.points[place]
        # Lighten and darken keep what is there where it is stronger: overlaps of soft borders do not add up.
        modes = QPainter.CompositionMode
        painter.setCompositionMode(modes.CompositionMode_Darken if stroke.erases else modes.CompositionMode_Lighten)
        for share, level in ((1.25, 70), (1.1, 140), (0.9, 215), (0.7, 255)):
            shade = 255 - level if stroke.erases else level
            colour, width = QColor(shade, shade, shade), share * stroke.width
            if place == 0:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(colour)
                painter.drawEllipse(end, width / 2, width / 2)
            else:
                painter.setPen(QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
                painter.drawLine(start, end)
        painter.end()

"""What a plate shows: images, what lies over them, and words for every place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from designer.panels.inside.colors import table
from designer.training.tiles import Tiles

Array = npt.NDArray[Any]
#: Shortest longer side of a saved picture (pixels): single numbers stay visible as squares.
SAVED = 640
#: What Qt enlarges several times faster than grey images and those with a table of colours.
PAINTED = QImage.Format.Format_ARGB32_Premultiplied


@dataclass(frozen=True, eq=False)
class Picture:
    """An image as it is shown, enlarged and saved.

    Attributes:
        image: the pixels; one per number.
        name: what it is called when it is saved, without an ending.
        words: a sentence for a place in the image; empty where there is nothing to say.
        veil: an image laid over it and stretched smoothly, or ``None``.
        strength: how opaque that is, from 0 to 1.
        crossed: tiles that are crossed out, in the image's pixels.
        tile: the tile at a place, in the image's pixels, or ``None``; it is framed when pointed at.
    """

    image: QImage
    name: str
    words: Callable[[float, float], str]
    veil: QImage | None = None
    strength: float = 0.5
    crossed: tuple[QRectF, ...] = ()
    tile: Callable[[float, float], QRectF | None] = lambda _x, _y: None

    def paint(self, painter: QPainter, area: QRectF, cross: QColor) -> None:
        """Draw it into an area of the same proportions."""
        shrunk = area.width() < self.image.width()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, shrunk)
        painter.drawImage(area, self.image)
        if self.veil is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, True)
            painter.setOpacity(self.strength)
            painter.drawImage(area, self.veil)
            painter.setOpacity(1.0)
        if self.crossed:
            scale = area.width() / self.image.width()
            painter.setPen(cross)
            for box in self.crossed:
                place = QRectF(
                    area.left() + box.left() * scale, area.top() + box.top() * scale,
                    box.width() * scale, box.height() * scale,
                )  # fmt: skip
                painter.drawLine(place.topLeft(), place.bottomRight())
                painter.drawLine(place.topRight(), place.bottomLeft())

    def saved(self, cross: QColor) -> QImage:
        """The picture large enough to be used elsewhere; between tiles it is transparent."""
        longer = max(self.image.width(), self.image.height(), 1)
        scale = max(1, -(-SAVED // longer))
        made = QImage(self.image.size() * scale, QImage.Format.Format_ARGB32_Premultiplied)
        made.fill(Qt.GlobalColor.transparent)
        painter = QPainter(made)
        self.paint(painter, QRectF(made.rect()), cross)
        painter.end()
        return made

    @property
    def size(self) -> QSize:
        """Pixels across and down."""
        return self.image.size()


def nothing(_x: float, _y: float) -> str:
    """No words for any place."""
    return ""


def image_of(pixels: Array) -> QImage:
    """A QImage of (h, w), (h, w, 3) or premultiplied (h, w, 4) uint8 pixels."""
    pixels = np.ascontiguousarray(pixels)
    height, width = pixels.shape[:2]
    kinds = {
        2: QImage.Format.Format_Grayscale8,
        3: QImage.Format.Format_RGB888,
        4: QImage.Format.Format_RGBA8888_Premultiplied,
    }
    kind = kinds[2 if pixels.ndim == 2 else pixels.shape[2]]
    # QImage only borrows the memory; converting copies it while the array is alive.
    return QImage(pixels.data, width, height, pixels.strides[0], kind).convertToFormat(PAINTED)


def image_of_codes(codes: Array, signed: bool) -> QImage:
    """A QImage of colour codes; see :mod:`designer.training.tiles`."""
    height, width = codes.shape
    pixels = table(signed)[codes]
    return QImage(pixels.data, width, height, pixels.strides[0], PAINTED).copy()


def picture_of_tiles(tiles: Tiles, name: str, words: Callable[[Tiles, int, int, int], str]) -> Picture:
    """Tiles as a picture.

    Args:
        tiles: the numbers.
        name: what it is called when saved.
        words: a sentence for channel, row and column.
    """

    def told(x: float, y: float) -> str:
        place = tiles.at(x, y)
        return words(tiles, *place) if place is not None else ""

    def tile(x: float, y: float) -> QRectF | None:
        place = tiles.at(x, y)
        return QRectF(*tiles.box(place[0])) if place is not None else None

    image = image_of_codes(tiles.codes, tiles.signed) if tiles.codes.ndim == 2 else image_of(tiles.codes)
    single = tiles.values.shape[0] * tiles.values.shape[1] == 1
    crossed: tuple[QRectF, ...] = ()
    if not single and tiles.shown > 1:
        crossed = tuple(QRectF(*tiles.box(int(k))) for k in np.flatnonzero(tiles.silent[: tiles.shown]))
    return Picture(image, name, told, crossed=crossed, tile=tile)

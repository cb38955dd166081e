"""Pictures of what looks alike in many places, drawn once for each zoom."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from PySide6.QtCore import QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QPainter, QPixmap

#: Pixels that are kept, about 32 MB: enough for every kind of node on a large screen.
_KEPT = 8_000_000


class Stamps:
    """A store of pictures by what makes them look as they do."""

    def __init__(self) -> None:
        self._pictures: dict[Hashable, QPixmap] = {}
        self._pixels = 0

    def clear(self) -> None:
        """Forget all pictures (other colours)."""
        self._pictures.clear()
        self._pixels = 0

    def draw(
        self, painter: QPainter, key: Hashable, place: QRectF, zoom: float, make: Callable[[QPainter], None]
    ) -> None:
        """Draw a picture, sharp on whole pixels; make it when it is not there yet.

        Args:
            painter: draws onto the scene, scaled by ``zoom``.
            key: what makes the picture look as it does; zoom and resolution are added.
            place: where it goes.
            zoom: pixels for each unit.
            make: draws the picture in the coordinates of ``place``.
        """
        ratio = painter.device().devicePixelRatioF()
        full = (key, zoom, ratio)
        picture = self._pictures.get(full)
        if picture is None:
            if self._pixels >= _KEPT:
                self.clear()
            picture = self._pictures[full] = _made(painter, place, zoom, ratio, make)
            self._pixels += picture.width() * picture.height()
        corner = painter.worldTransform().map(place.topLeft())
        painter.save()
        painter.resetTransform()
        painter.drawPixmap(round(corner.x()), round(corner.y()), picture)
        painter.restore()


def _made(painter: QPainter, place: QRectF, zoom: float, ratio: float, make: Callable[[QPainter], None]) -> QPixmap:
    size = QSizeF(place.width() * zoom * ratio, place.height() * zoom * ratio).toSize() + QSize(1, 1)
    picture = QPixmap(size)
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    onto = QPainter(picture)
    onto.setRenderHints(painter.renderHints())
    onto.scale(zoom, zoom)
    onto.translate(-place.topLeft())
    make(onto)
    onto.end()
    return picture

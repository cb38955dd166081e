"""The cards of all nodes, sorted by place."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable

from PySide6.QtCore import QRectF


class Cards:
    """Rectangles of which those near a place are found without a look at every one.

    Args:
        rects: the cards at first.
    """

    def __init__(self, rects: Iterable[QRectF] = ()) -> None:
        self._rects = sorted(rects, key=QRectF.top)
        self._tops = list(map(QRectF.top, self._rects))
        self._tallest = max(map(QRectF.height, self._rects), default=0.0)
        self._around: QRectF | None = None

    @property
    def around(self) -> QRectF:
        """The rectangle around all cards."""
        if self._around is None:
            self._around = QRectF()
            if self._rects:
                self._around.setCoords(
                    min(map(QRectF.left, self._rects)),
                    self._tops[0],
                    max(map(QRectF.right, self._rects)),
                    max(map(QRectF.bottom, self._rects)),
                )
        return QRectF(self._around)

    def near(self, place: QRectF) -> list[QRectF]:
        """The cards that touch a rectangle."""
        first = bisect_left(self._tops, place.top() - self._tallest)
        last = bisect_right(self._tops, place.bottom())
        return [rect for rect in self._rects[first:last] if rect.intersects(place)]

    def add(self, rect: QRectF) -> None:
        """One more card."""
        place = bisect_right(self._tops, rect.top())
        self._rects.insert(place, rect)
        self._tops.insert(place, rect.top())
        self._tallest = max(self._tallest, rect.height())
        self._around = None

    def remove(self, rect: QRectF) -> None:
        """One card less, of those that are there."""
        place = self._rects.index(rect, bisect_left(self._tops, rect.top()))
        del self._rects[place], self._tops[place]
        self._around = None

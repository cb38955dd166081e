"""Showing the network in a view, and going on showing it when the view gets another size."""

from __future__ import annotations

from PySide6.QtCore import QRectF

from designer.canvas import navigation
from designer.canvas.stage import CanvasStage
from designer.text import tr

#: A network that is fitted is shown at least this large.
READABLE = 0.7
#: What is said while some of it is out of sight.
HINT = "This is what fits at a size that can be read. Fit once more (F) to see all of it."


class Fitting:
    """Fits the network to a view, large enough to be read or whole.

    Args:
        view: where it is shown.
    """

    def __init__(self, view: CanvasStage) -> None:
        self._view = view
        self._whole = False
        self._left: tuple[float, int, int] | None = None
        view.zoom_changed.connect(self._unsay)

    @property
    def is_kept(self) -> bool:
        """Whether nobody zoomed or scrolled since the network was fitted."""
        return self._left == self._standing()

    @property
    def shows_all(self) -> bool:
        """Whether all of the network is in sight."""
        seen = self._view.mapToScene(self._view.viewport().rect()).boundingRect()
        return seen.contains(self._view.canvas.content_rect())

    def fit(self) -> None:
        """Show the network large enough to be read, from its top."""
        self._show(whole=False)

    def turn(self) -> None:
        """Show the network large enough to be read; when it stands like that already, all of it."""
        before = self._standing()
        self._show(whole=False)
        if before == self._standing():
            self._show(whole=True)
        if not self.shows_all:
            self._view.say(tr(HINT))

    def _unsay(self, _zoom: object = None) -> None:
        """All is in sight now: there is nothing to hint at."""
        if self._view.said == tr(HINT) and self.shows_all:
            self._view.say("")

    def again(self) -> None:
        """Show in another size of the view what was shown before."""
        self._show(self._whole)

    def _show(self, whole: bool) -> None:
        content = self._view.canvas.content_rect()
        if whole:
            navigation.fit(self._view, content)
        else:
            boxes = (item.box.rect for item in self._view.canvas.shown())
            navigation.fit(self._view, content, READABLE, min(boxes, key=QRectF.top, default=None))
        self._whole, self._left = whole, self._standing()
        self._view.zoom_changed.emit(self._view.zoom)

    def _standing(self) -> tuple[float, int, int]:
        view = self._view
        return view.zoom, view.horizontalScrollBar().value(), view.verticalScrollBar().value()

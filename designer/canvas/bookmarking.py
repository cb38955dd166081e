"""Bookmarks: places of the canvas with names, to which one comes back."""

from __future__ import annotations

from itertools import count

from PySide6.QtCore import QPoint, QPointF, QRect

from designer.canvas.flight import Flight
from designer.canvas.rename_field import RenameField
from designer.canvas.stage import CanvasStage
from designer.text import tr
from engine.sketch import LONGEST_NAME, MOST_BOOKMARKS, ZOOMS, Bookmark, Sketch

#: Size of the field for the name and its distance from the upper edge (px).
_WIDTH, _HEIGHT, _TOP = 240, 30, 14


class Bookmarking:
    """What one can do with bookmarks.

    Args:
        stage: the canvas.

    Attributes:
        flight: takes the view there.
    """

    def __init__(self, stage: CanvasStage) -> None:
        self._stage = stage
        self._document = stage.document
        self.flight = Flight(stage)

    @property
    def bookmarks(self) -> tuple[Bookmark, ...]:
        """In the order in which they were made."""
        return self._sketch.bookmarks

    def add(self) -> None:
        """Let a name be written for what is in sight now."""
        if len(self.bookmarks) >= MOST_BOOKMARKS:
            text = tr("A project holds at most {most} bookmarks, and this one has them. Remove one first.",
                      most=MOST_BOOKMARKS)  # fmt: skip
            self._stage.say(text)
            return
        self._stage.finish()
        viewport, (centre, zoom), name = self._stage.viewport(), self.flight.here, self.suggested()
        place = QRect((viewport.width() - _WIDTH) // 2, _TOP, _WIDTH, _HEIGHT)
        field = RenameField(viewport, place, name, lambda text: self._keep(text.strip() or name, centre, zoom))
        field.setAccessibleName(tr("Name of the bookmark"))
        field.setToolTip(tr("The bookmark's name. Enter keeps it, Escape does not."))
        below = self._stage.mapToScene(QPoint(place.left(), place.bottom()))
        self._stage.say(tr("Name this view. Enter keeps the bookmark, Escape does not."), below)

    def go(self, name: str) -> None:
        """Show a bookmark's place."""
        for bookmark in self.bookmarks:
            if bookmark.name == name:
                self.flight.go(QPointF(*bookmark.centre), bookmark.zoom)

    def remove(self, name: str) -> None:
        """Take a bookmark away."""
        self._edit(tr("Remove the bookmark {name}", name=name), self._sketch.without_bookmark(name))

    def suggested(self) -> str:
        """The name of the layer in sight that is nearest to the middle, or else View 1, View 2; none is taken."""
        taken = {bookmark.name for bookmark in self.bookmarks}
        (centre, _), stage = self.flight.here, self._stage
        seen = stage.mapToScene(stage.viewport().rect()).boundingRect()
        nodes, items = self._document.project.graph.nodes, stage.canvas.nodes
        far = {
            nodes[key].name: (item.box.rect.center() - centre).manhattanLength()
            for key, item in items.items()
            if key in nodes and seen.intersects(item.box.rect)
        }
        nearest = min(far, key=lambda name: far[name], default="")
        if nearest and nearest not in taken:
            return nearest
        base = nearest or tr("View")
        numbered = (f"{base} {number}" for number in count(2 if nearest else 1))
        return next(name for name in numbered if name not in taken)

    @property
    def _sketch(self) -> Sketch:
        return self._document.project.sketch

    def _edit(self, text: str, sketch: Sketch) -> None:
        self._document.edit(text, self._document.project.with_sketch(sketch))

    def _keep(self, written: str, centre: QPointF, zoom: float) -> None:
        self._stage.say("")
        name = "".join(c for c in written if c.isprintable()).strip()[:LONGEST_NAME].strip()
        if name:
            low, high = ZOOMS
            made = Bookmark(name, (centre.x(), centre.y()), max(low, min(high, zoom)))
            self._edit(tr("Bookmark {name}", name=name), self._sketch.with_bookmark(made))

"""Where the tour is: the window, the hand that works it, and what was noted on the way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, QSize
from PySide6.QtWidgets import QApplication, QTabBar

from designer.model.document import Document
from designer.tour.hand import Hand, TourError
from designer.window.main_window import MainWindow
from engine.catalogue.layers.base import Layer
from engine.project import Project


@dataclass
class Journey:
    """One walk through the main job.

    Attributes:
        folder: where the tour's project is saved.
        size: of the window (px).
        window, hand: the window that is open now and what works it.
        notes: what later steps compare with.
    """

    folder: Path
    size: QSize
    window: MainWindow = field(init=False, repr=False)
    hand: Hand = field(init=False, repr=False)
    notes: dict[str, Any] = field(default_factory=dict)

    def open_window(self) -> None:
        """Start with a fresh window, as a fresh start of the program does."""
        self.discard()
        self.window = MainWindow()
        self.window.resize(self.size)
        self.hand = Hand(self.window)
        self.window.show()
        self.hand.wait(self.window.isVisible, "the window's appearance")
        self.hand.rest(100)
        self.window.resize(self.size)  # before it is shown it takes itself for wider than it is
        self.hand.rest(20)

    def discard(self) -> None:
        """Let go of the window there was, without questions."""
        if not hasattr(self, "window"):
            return
        if self.window.isVisible() or self.window.runner.is_active:
            self.window.close_now()
        self.window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)

    @property
    def document(self) -> Document:
        """The document of the window that is open now."""
        return self.window.document

    @property
    def project(self) -> Project:
        """The project as it is now."""
        return self.document.project

    def layer(self, key: str) -> Layer:
        """The declaration in a node."""
        return self.project.graph.nodes[key].layer

    # -- places on the screen ------------------------------------------------------------------

    def on_screen(self, place: QPointF) -> QPoint:
        """Where a point of the canvas is on the screen."""
        view = self.window.canvas
        return view.viewport().mapToGlobal(view.mapFromScene(place))

    def canvas_point(self, across: float, down: float) -> QPoint:
        """A place of the canvas' visible part, as shares of its width and height."""
        area = self.window.canvas.viewport().rect()
        point = QPoint(round(area.width() * across), round(area.height() * down))
        return self.window.canvas.viewport().mapToGlobal(point)

    def node_point(self, key: str) -> QPoint:
        """The middle of a node."""
        return self.on_screen(self.window.canvas.canvas.nodes[key].box.rect.center())

    def output_point(self, key: str) -> QPoint:
        """A node's first output."""
        box = self.window.canvas.canvas.nodes[key].box
        return self.on_screen(box.output_point(box.outputs[0]))

    def input_point(self, key: str) -> QPoint:
        """A node's first input."""
        box = self.window.canvas.canvas.nodes[key].box
        return self.on_screen(box.input_centre(box.inputs[0][0]))

    def fix_point(self, key: str) -> QPoint:
        """The button that mends a node's fault."""
        button = self.window.canvas.canvas.faults[key].button
        expect(not button.isEmpty(), f"the fault of '{key}' offers no button")
        return self.on_screen(button.center())

    def tab_point(self, title: str) -> QPoint:
        """The tab of a panel."""
        for bar, place in self._tabs(title):
            return bar.mapToGlobal(bar.tabRect(place).center())
        raise TourError(f"there is no tab '{title}'")

    def is_in_front(self, title: str) -> bool:
        """Whether a panel is the one that is seen of those that share its place."""
        return any(bar.currentIndex() == place for bar, place in self._tabs(title))

    def _tabs(self, title: str) -> Iterator[tuple[QTabBar, int]]:
        for bar in self.window.findChildren(QTabBar):
            for place in range(bar.count()):
                if bar.isVisible() and bar.tabText(place).replace("&", "") == title:
                    yield bar, place

    def picture(self, path: Path) -> None:
        """Save what the window shows, with any dialog or pop-up over it beside."""
        path.parent.mkdir(parents=True, exist_ok=True)
        over = QApplication.activeModalWidget() or QApplication.activePopupWidget()
        shown = over if over is not None else self.window
        expect(shown.grab().save(str(path)), f"the picture {path} could not be written")


def expect(holds: object, otherwise: str) -> None:
    """Go on when something holds.

    Raises:
        TourError: it does not.
    """
    if not holds:
        raise TourError(otherwise)

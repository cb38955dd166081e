"""What is seen of the network besides the canvas: its table and its problems."""

from __future__ import annotations

from PySide6.QtCore import QObject

from designer.canvas.view import CanvasView
from designer.model.document import Document
from designer.model.selection import Selection
from designer.panels.inspector import Inspector
from designer.panels.overview import OverviewPanel
from designer.panels.problems import ProblemsPanel
from designer.text import tr
from designer.window.docks import Docks


class Survey(QObject):
    """Makes the two panels and leads from them to the canvas.

    Attributes:
        overview: all layers as a table.
        problems: all that is wrong, and advice.
    """

    def __init__(self, document: Document, selection: Selection, canvas: CanvasView) -> None:
        super().__init__(canvas)
        self._selection, self._canvas = selection, canvas
        self.overview = OverviewPanel(document, selection)
        self.problems = ProblemsPanel(document)
        self.problems.revealed.connect(self._reveal)

    def attach(self, docks: Docks, inspector: Inspector) -> None:
        """Take the docks the panels stand in; the inspector's links lead to them."""
        self._docks = docks
        inspector.network.asked.connect(docks.show)
        self.problems.counted.connect(self._tell_count)
        self._tell_count(self.problems.count_now)

    def show_overview(self) -> None:
        """Bring the table to the front."""
        self._docks.show("overview")
        self.overview.table.setFocus()

    def show_problems(self) -> None:
        """Bring the problems to the front."""
        self._docks.show("problems")

    def _reveal(self, node: str) -> None:
        self._selection.set({node})
        self._canvas.reveal(node)
        self._canvas.setFocus()

    def _tell_count(self, count: int) -> None:
        """The tab says how many there are, also while another one is in front."""
        title = tr("Problems ({n})", n=count) if count else tr("Problems")
        self._docks["problems"].setWindowTitle(title)

"""Decides what F1 is asked about, and opens its page."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QWidget

from designer.model.document import Document
from designer.model.selection import Selection
from designer.panels.form.slot import Chooser
from designer.panels.palette import Palette
from designer.window.explaining.book import Book
from engine.component import Component


class Explaining(QObject):
    """Explains what has the keyboard: a chosen component, the palette's layer, else the selected layer.

    Args:
        document: where selected layers are found.
        selection: what is selected.
        palette: whose current layer may be meant.
        window: the book's parent.
    """

    def __init__(self, document: Document, selection: Selection, palette: Palette, window: QWidget) -> None:
        super().__init__(window)
        self._document = document
        self._selection = selection
        self._palette = palette
        self._window = window
        self._book: Book | None = None

    @property
    def book(self) -> Book:
        """The window that explains, made when first asked for."""
        if self._book is None:
            self._book = Book(self._window)
        return self._book

    def ask(self) -> None:
        """What is this? For what has the keyboard or is selected."""
        self.explain(self._meant())

    def explain(self, cls: type[Component] | None) -> None:
        """Open the page of a component; without one, let the user search."""
        self.book.explain(cls)

    def _meant(self) -> type[Component] | None:
        focus = QApplication.focusWidget()
        if focus is not None:
            chooser = focus if isinstance(focus, Chooser) else focus.parentWidget()
            if isinstance(chooser, Chooser) and chooser.chosen is not None:
                return chooser.chosen
            if self._palette.isAncestorOf(focus) and self._palette.current is not None:
                return self._palette.current
        nodes = self._document.project.graph.nodes
        selected = [nodes[key] for key in nodes if key in self._selection.nodes]
        return type(selected[0].layer) if selected else None

"""What helps to find one's way: the prompt, the search in the network, the small map, the history."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QWidget

from designer.canvas.bookmarking import Bookmarking
from designer.canvas.focus_line import FocusLine
from designer.canvas.minimap import Minimap
from designer.canvas.search_bar import SearchBar
from designer.canvas.view import CanvasView
from designer.model.document import Document
from designer.model.selection import Selection
from designer.panels.data import DataPanel
from designer.panels.training import TrainingPanel
from designer.window.actions import Actions
from designer.window.docks import Docks
from designer.window.prompt.beginnings import data, settings, templates
from designer.window.prompt.offer import Offer
from designer.window.prompt.offers import bookmarks, canvas_entries, commands, new_layers, nodes, notes, panels
from designer.window.prompt.prompt import Prompt
from designer.window.settings import remember, text_setting
from designer.window.undoing import UndoKeys
from engine.catalogue.sources.base import Source

#: Where it is remembered whether the small map is wanted.
_MAP = "minimap"


class Aids(QObject):
    """Makes them and leads where they point.

    Args:
        window: over which they stand.
        document, selection, canvas, docks, actions: what they lead to.
        begin: shows a template, after asking about unsaved work.

    Attributes:
        prompt: everything that can be done, by a few letters.
        search: layers of the network by name, type or parameter.
        map: the network in small.
        bookmarks: places of the canvas to come back to.
    """

    def __init__(
        self,
        window: QWidget,
        document: Document,
        selection: Selection,
        canvas: CanvasView,
        docks: Docks,
        actions: Actions,
        begin: Callable[[str], object],
    ) -> None:
        super().__init__(window)
        self._document, self._selection, self._canvas = document, selection, canvas
        self._docks, self._actions, self._begin = docks, actions, begin
        self.prompt = Prompt(window, self._offers)
        self.search = SearchBar(canvas)
        self.map = Minimap(canvas)
        self.bookmarks = Bookmarking(canvas)
        FocusLine(canvas)
        UndoKeys(window)
        self.map.want(text_setting(_MAP, "on") == "on")

    def _offers(self) -> Iterator[Offer]:
        yield from commands(self._actions)
        yield from canvas_entries(self._canvas)
        yield from panels(self.enter)
        yield from data(self._choose_data)
        yield from settings(self._enter_setting)
        yield from nodes(self._document, self.go_to)
        yield from notes(self._document, self.go_to_note)
        yield from bookmarks(self._document, self.bookmarks.go)
        yield from new_layers(self._canvas)
        yield from templates(self._begin)

    @property
    def map_is_wanted(self) -> bool:
        """Whether the small map is shown when the network does not fit."""
        return self.map.is_wanted

    def toggle_map(self) -> None:
        """Switch the small map on or off."""
        self.map.want(not self.map.is_wanted)
        remember(_MAP, "on" if self.map.is_wanted else "off")

    def show_history(self) -> None:
        """Bring the steps to the front."""
        self.enter("history")

    def enter(self, dock: str) -> None:
        """Bring a panel to the front and give it the keyboard."""
        panel = self._docks.show(dock)
        place = panel.nextInFocusChain()
        while place is not None and place is not panel:
            takes = bool(place.focusPolicy() & Qt.FocusPolicy.TabFocus) and place.isEnabled() and place.isVisible()
            if takes and panel.isAncestorOf(place):
                place.setFocus(Qt.FocusReason.ShortcutFocusReason)
                return
            place = place.nextInFocusChain()

    def _choose_data(self, cls: type[Source]) -> None:
        panel = self._docks.show("data")
        assert isinstance(panel, DataPanel)
        panel.choose_kind(cls)
        panel.combo.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _enter_setting(self, name: str) -> None:
        panel = self._docks.show("training")
        assert isinstance(panel, TrainingPanel)
        panel.enter(name)

    def go_to(self, node: str) -> None:
        """Select a layer, bring it into sight and give the canvas the keyboard."""
        self._selection.set({node})
        self._canvas.reveal(node)
        self._canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    def go_to_note(self, key: str) -> None:
        """Select a note or a frame, bring it into sight and give the canvas the keyboard."""
        self._selection.set(notes=[key])
        self._canvas.notes.reveal(key)
        self._canvas.setFocus(Qt.FocusReason.OtherFocusReason)

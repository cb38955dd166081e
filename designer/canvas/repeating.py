"""Repeating a block on the canvas: how often it stands in a row is typed right there."""

from __future__ import annotations

from PySide6.QtCore import QRect

from designer.canvas.grouping import FIELD_HEIGHT, FIELD_WIDTH, GroupPlace
from designer.canvas.rename_field import RenameField
from designer.model.groups import groups_of
from designer.model.repeating import MOST, block_of, repeated, series_of
from designer.text import tr
from engine.errors import GraphError, LayerloomError


class RepeatCommands:
    """Puts copies of the selected block behind it, or takes them away.

    Args:
        view: whose selection is meant.
    """

    def __init__(self, view: GroupPlace) -> None:
        self._view = view
        self._document, self._selection = view.document, view.selection

    @property
    def count(self) -> int:
        """How often the selected block stands in a row now."""
        graph, ids = self._document.project.graph, self._selection.nodes
        group = next((group for group in groups_of(graph) if set(group.nodes) == ids), None)
        return len(series_of(graph, group)) if group is not None else 1

    def ask(self) -> None:
        """Ask how often the selected block shall stand in a row."""
        ids = self._selection.nodes
        try:
            block_of(self._document.project.graph, ids)
        except GraphError as error:
            self._view.say(str(error))
            return
        place = self._view.on_screen(self._view.canvas.rect_of(ids))
        field = QRect(place.left(), place.top() - FIELD_HEIGHT - 4, FIELD_WIDTH, FIELD_HEIGHT)
        edit = RenameField(self._view.viewport(), field, str(self.count), lambda text: self._repeat(ids, text))
        edit.setObjectName("repeat-count")
        edit.setAccessibleName(tr("How often the block stands in a row"))
        edit.setToolTip(tr("A number from 1 to {most}. Enter makes that many, Escape changes nothing.", most=MOST))
        self._view.say(tr("How often shall this block stand in a row? Type a number and press Enter."))

    def _repeat(self, ids: frozenset[str], text: str) -> None:
        self._view.say("")
        try:
            count = _number(text)
            made = repeated(self._document.project, ids, count, self._document.learnt)
        except LayerloomError as error:
            self._view.say(str(error))
            return
        self._document.edit(tr("Repeat the block {count} times", count=count), made)
        self._selection.set(ids)


def _number(text: str) -> int:
    """The whole number somebody typed.

    Raises:
        GraphError: it is none.
    """
    kept = text.strip()
    if kept.isascii() and kept.isdigit() and len(kept) < 10:
        return int(kept)
    raise GraphError(tr("How often must be a whole number from 1 to {most}, not '{text}'.", most=MOST, text=kept[:20]))

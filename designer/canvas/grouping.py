"""Groups on the canvas: making, naming and dissolving them, each time one undo step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QPointF, QRect, QRectF
from PySide6.QtWidgets import QWidget

from designer.canvas.folding import fold, unfold_around
from designer.canvas.rename_field import RenameField
from designer.canvas.scene import CanvasScene, Spot
from designer.model.document import Document
from designer.model.grouping import chosen_groups, fresh_group, grouped, regrouped, ungrouped
from designer.model.groups import FEWEST, Group, groups_of
from designer.model.selection import Selection
from designer.text import tr
from engine.errors import LayerloomError
from engine.project import Project

#: Size of the field in which a name is typed (px).
FIELD_WIDTH, FIELD_HEIGHT = 180, 30


class GroupPlace(Protocol):
    """What the commands need of the view."""

    document: Document
    selection: Selection
    canvas: CanvasScene

    def say(self, text: str, at: QPointF | None = None) -> None:
        """Show a sentence near a point of the scene."""

    def viewport(self) -> QWidget:
        """Where the field stands."""

    def on_screen(self, rect: QRectF) -> QRect:
        """A rectangle of the scene in the viewport, after it was brought into sight."""


class GroupCommands:
    """Edits of the document that concern groups of layers.

    Args:
        view: whose selection is meant.
    """

    def __init__(self, view: GroupPlace) -> None:
        self._view = view
        self._document, self._selection = view.document, view.selection

    @property
    def chosen(self) -> tuple[Group, ...]:
        """The groups that the selection means."""
        return chosen_groups(groups_of(self._document.project.graph), self._selection.nodes)

    @property
    def can_group(self) -> bool:
        """Whether enough layers are selected for a group."""
        return len(self._selection.nodes) >= FEWEST

    @property
    def can_ungroup(self) -> bool:
        """Whether the selection is, or lies in, a group."""
        return bool(self.chosen)

    def group(self) -> None:
        """Ask for a name, then make the selected layers a group."""
        if not self.can_group:
            self._view.say(tr("Select two layers or more; then they can be grouped."))
            return
        ids, project = self._selection.nodes, self._document.project
        rect = self._view.canvas.rect_of(ids)
        above = QRectF(rect.left(), rect.top() - FIELD_HEIGHT, rect.width(), FIELD_HEIGHT)
        self._ask(above, fresh_group(project.graph), lambda name: self._group(ids, name))

    def _group(self, ids: frozenset[str], name: str) -> None:
        here = ids & self._document.project.graph.nodes.keys()
        text = tr("Group {count} layers", count=len(here))
        self._edit(text, lambda: grouped(self._document.project, here, name))
        self._selection.set(here)

    def ungroup(self) -> None:
        """Dissolve the selected groups, or the one that holds the selected layers; the layers stay."""
        chosen = self.chosen
        if not chosen:
            self._view.say(tr("Select a group, or a layer in one, to dissolve it. Ctrl+G makes a group."))
            return
        project = self._document.project
        for group in chosen:
            project = ungrouped(project, group)
        text = tr("Ungroup {name}", name=chosen[0].name) if len(chosen) == 1 else tr("Ungroup {count} groups",
                                                                                     count=len(chosen))  # fmt: skip
        self._document.edit(text, project)

    def rename(self, group: Group | None = None) -> bool:
        """Ask for another name of a group, the one that is selected unless given; whether there is one."""
        if group is None:
            chosen = self.chosen
            whole = len(chosen) == 1 and self._selection.nodes == set(chosen[0].nodes)
            if not whole:
                return False
            group = chosen[0]
        found, canvas = group, self._view.canvas
        card = next((item for item in canvas.standing(found.nodes) if item.box.id == found.name), None)
        if card is None and found.name not in canvas.frames:
            return False
        place = canvas.frames[found.name].strip if card is None else canvas.painter.name_rect(card.box)
        self._ask(place, found.title, lambda name: self._rename(found, name))
        return True

    def entered(self, spot: Spot, at: QPointF) -> bool:
        """A double-click on a group: on its name it renames, elsewhere on a card it unfolds; whether it did."""
        if spot.group is None:
            return False
        card = next(self._view.canvas.standing(spot.group.nodes[:1]), None)
        if spot.folded and card is not None and not self._view.canvas.painter.name_rect(card.box).contains(at):
            fold(self._document, spot.group, folded=False)
            return True
        return self.rename(spot.group)

    # -- folding -------------------------------------------------------------------------------

    @property
    def can_unfold(self) -> bool:
        """Whether something is folded."""
        return bool(self._view.canvas.folding.cards)

    def fold(self) -> None:
        """Fold the selected groups, or the one around the selected layers; folded ones are unfolded."""
        chosen, cards = self.chosen, self._view.canvas.folding.cards
        if not chosen:
            self._view.say(tr("Select a group, or a layer in one, to fold it. Ctrl+G makes a group."))
            return
        open_ones = [group for group in chosen if group.name not in cards]
        for group in open_ones or chosen:
            fold(self._document, group, folded=bool(open_ones))
        self._selection.set(key for group in chosen for key in group.nodes)

    def unfold_all(self) -> None:
        """Show the layers of every group."""
        unfold_around(self._document, list(self._document.project.graph.nodes))

    def _rename(self, group: Group, name: str) -> None:
        if group in groups_of(self._document.project.graph):
            text = tr("Rename {name}", name=group.name)
            self._edit(text, lambda: regrouped(self._document.project, group, name))

    def _ask(self, rect: QRectF, name: str, done: Callable[[str], None]) -> None:
        place = self._view.on_screen(rect)
        field = QRect(place.left(), place.center().y() - FIELD_HEIGHT // 2, FIELD_WIDTH, FIELD_HEIGHT)
        tip = tr("The group's name. A slash in it makes a group within a group. Enter keeps it, Escape does not.")
        RenameField(self._view.viewport(), field, name, done).setToolTip(tip)

    def _edit(self, text: str, change: Callable[[], Project]) -> None:
        try:
            project = change()
        except LayerloomError as error:
            self._view.say(str(error))
            return
        self._document.edit(text, project)

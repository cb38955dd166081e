"""Putting layers in order: the whole network or the selection, each time one undo step."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QPointF

from designer.canvas.aligning import evenly, in_line
from designer.canvas.cards import Cards
from designer.canvas.geometry import COLUMN
from designer.canvas.glide import Glide
from designer.canvas.placing import card, cards
from designer.model.document import Document
from designer.model.folding import OPEN, Folding, contracted, folding, spread_out
from designer.model.selection import Selection
from designer.text import tr
from engine.graph import Graph, Position
from engine.layout import positions


class ArrangeCommands:
    """Edits of where layers stand; they glide to their new places.

    Args:
        document, selection: what is edited.
        say: shows a sentence when there is nothing to do.
        glide: shows the way.
        show: brings the whole network into sight.
    """

    def __init__(
        self,
        document: Document,
        selection: Selection,
        say: Callable[[str], None],
        glide: Glide,
        show: Callable[[], None],
    ) -> None:
        self._document = document
        self._selection = selection
        self._say = say
        self._glide = glide
        self._show = show

    @property
    def _graph(self) -> Graph:
        return self._document.project.graph

    @property
    def can_arrange(self) -> bool:
        """Whether there is more than one layer."""
        return len(self._graph.nodes) > 1

    @property
    def can_align(self) -> bool:
        """Whether several layers are selected."""
        return len(self._selection.nodes) > 1

    @property
    def can_distribute(self) -> bool:
        """Whether there is a layer between two others among the selected ones."""
        return len(self._selection.nodes) > 2

    # -- drawing anew --------------------------------------------------------------------------------

    def arrange(self) -> None:
        """Draw the selected layers anew, or the whole network while fewer than two are selected."""
        graph = self._graph
        chosen = self._selection.nodes if self.can_align else frozenset(graph.nodes)
        if not chosen:
            self._say(tr("There is no layer to arrange."))
            return
        whole = len(chosen) == len(graph.nodes)
        graph, folded = self._shown
        if len(graph.order) < len(graph.nodes):  # data leave a folded group and come back
            graph, folded = self._graph, OPEN
        chosen = chosen & graph.nodes.keys()
        text = tr("Arrange the network") if whole else tr("Arrange {count} layers", count=len(chosen))
        if not self._place(text, spread_out(self._graph, folded, arranged(graph, chosen))):
            self._say(tr("This is in good order already."))
        elif whole:
            self._show()

    # -- lines and distances -------------------------------------------------------------------------

    def align_left(self) -> None:
        """Put the selected layers below each other, at the leftmost."""
        self._align("left")

    def align_centre(self) -> None:
        """Put the selected layers below each other, midway between the outermost."""
        self._align("centre")

    def align_right(self) -> None:
        """Put the selected layers below each other, at the rightmost."""
        self._align("right")

    def align_top(self) -> None:
        """Put the selected layers beside each other, at the uppermost."""
        self._align("top")

    def align_middle(self) -> None:
        """Put the selected layers beside each other, midway between the outermost."""
        self._align("middle")

    def align_bottom(self) -> None:
        """Put the selected layers beside each other, at the lowest."""
        self._align("bottom")

    def distribute_across(self) -> None:
        """Give the selected layers equal distances from left to right."""
        self._distribute("across")

    def distribute_down(self) -> None:
        """Give the selected layers equal distances from top to bottom."""
        self._distribute("down")

    def _align(self, line: str) -> None:
        if self.can_align:
            text = tr("Align {count} layers", count=len(self._selection.nodes))
            self._place(text, self._members(in_line(self._chosen_places(), line)))
        else:
            self._say(tr("Select several layers to align them."))

    def _distribute(self, way: str) -> None:
        if self.can_distribute:
            text = tr("Distribute {count} layers", count=len(self._selection.nodes))
            self._place(text, self._members(evenly(self._chosen_places(), way)))
        else:
            self._say(tr("Select three layers or more: the outermost stay, the others are distributed between them."))

    def _chosen_places(self) -> dict[str, Position]:
        nodes, chosen = self._shown[0].nodes, self._selection.nodes
        return {key: node.position for key, node in nodes.items() if key in chosen}

    @property
    def _shown(self) -> tuple[Graph, Folding]:
        """The network with a layer for each folded group, and what is folded."""
        folded = folding(self._document.project)
        return contracted(self._graph, folded), folded

    def _members(self, places: Mapping[str, Position]) -> dict[str, Position]:
        return spread_out(self._graph, self._shown[1], places)

    def _place(self, text: str, places: Mapping[str, Position]) -> bool:
        """Move layers; whether any stood elsewhere."""
        before = {key: self._graph.nodes[key].position for key in places}
        if before == places:
            return False
        self._document.edit(text, self._document.project.with_graph(self._graph.placed(places)))
        self._glide.begin(before)
        return True


def arranged(graph: Graph, ids: frozenset[str]) -> dict[str, Position]:
    """Places for some layers in rows; the first stays where it is, unless they would cover others there."""
    part = graph.part(ids)
    found = positions(part)
    first = part.order[0]
    shift = QPointF(*graph.nodes[first].position) - QPointF(*found[first])
    others = Cards(cards(graph, ids))
    shift = aside(found, shift, others, len(graph.nodes))
    return {key: (x + shift.x(), y + shift.y()) for key, (x, y) in found.items()}


def aside(places: Mapping[str, Position], shift: QPointF, others: Cards, count: int) -> QPointF:
    """The nearest way, in steps of a column, at whose end layers cover no others.

    Args:
        places: of the layers, before they go.
        shift: the way that is wanted.
        others: the cards that stand there.
        count: how many those are.
    """
    ways = (shift + QPointF(dx, 0) for dx in _steps(count))
    return next((way for way in ways if not _covers(places, way, others)), shift)


def _steps(count: int) -> list[float]:
    """Ways aside by columns, the shortest first; enough to pass every layer."""
    return [0.0, *(COLUMN * number * side for number in range(1, 2 * count + 2) for side in (1, -1))]


def _covers(places: Mapping[str, Position], shift: QPointF, others: Cards) -> bool:
    return any(others.near(card(QPointF(*place) + shift)) for place in places.values())
